/* Columns and conditions as SQL. */
#include "verify/ask.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "io/pg_ddl.h"

void sg_ask_column(struct sg_sql *sql, const struct sg_slot *slot) {
    if (slot->via < 0)
        sg_sql_add(sql, "c.%s", SG_SQL_NAME(slot->declared->name));
    else if (slot->beyond >= 0)
        sg_sql_add(sql, "p%d_%d.%s", slot->via, slot->beyond, SG_SQL_NAME(slot->declared->name));
    else
        sg_sql_add(sql, "p%d.%s", slot->via, SG_SQL_NAME(slot->declared->name));
}

static void add_code(struct sg_sql *sql, const struct sg_slot *slot) {
    const struct sg_enum *labels = slot->declared->labels;
    sg_sql_add(sql, "(CASE ");
    sg_ask_column(sql, slot);
    for (uint16_t i = 0; i < labels->count; i++) {
        sg_sql_add(sql, " WHEN ");
        sg_sql_add_literal(sql, labels->labels[i]);
        sg_sql_add(sql, " THEN %u", i);
    }
    sg_sql_add(sql, " END)");
}

static void add_value(struct sg_sql *sql, const struct sg_slot *slot) {
    switch (slot->declared->type) {
    case SG_DECIMAL:
        sg_sql_add(sql, "(");
        sg_ask_column(sql, slot);
        sg_sql_add(sql, " * 1e%u::numeric)::bigint", slot->declared->scale);
        return;
    case SG_DATE:
        sg_sql_add(sql, "(");
        sg_ask_column(sql, slot);
        sg_sql_add(sql, " - date '1970-01-01')::bigint");
        return;
    case SG_TIMESTAMP:
        sg_sql_add(sql, "date_part('epoch', ");
        sg_ask_column(sql, slot);
        sg_sql_add(sql, ")::bigint");
        return;
    case SG_ENUM:
        add_code(sql, slot);
        return;
    case SG_BOOL:
        sg_ask_column(sql, slot);
        sg_sql_add(sql, "::integer::bigint");
        return;
    default:
        sg_ask_column(sql, slot);
        sg_sql_add(sql, "::bigint");
    }
}

/* A label that names no zone must not end the statement; only the declared ones are put to it. */
static void add_zone(struct sg_sql *sql, const struct sg_slot *zone) {
    const struct sg_enum *labels = zone->declared->labels;
    sg_sql_add(sql, "CASE WHEN ");
    sg_ask_column(sql, zone);
    for (uint16_t i = 0; i < labels->count; i++) {
        sg_sql_add(sql, i ? ", " : " IN (");
        sg_sql_add_literal(sql, labels->labels[i]);
    }
    sg_sql_add(sql, ") THEN ");
    sg_ask_column(sql, zone);
    sg_sql_add(sql, " END");
}

static struct sg_slot less_of(const struct sg_slot *slot) {
    return (struct sg_slot){.column = slot->less,
                            .via = slot->less_via,
                            .parent = -1,
                            .beyond = -1,
                            .less = -1,
                            .declared = slot->less_declared};
}

void sg_ask_value(struct sg_sql *sql, const struct sg_slot *slot) {
    if (slot->less < 0) {
        add_value(sql, slot);
        return;
    }
    struct sg_slot less = less_of(slot);
    sg_sql_add(sql, "(");
    add_value(sql, slot);
    sg_sql_add(sql, " - ");
    add_value(sql, &less);
    sg_sql_add(sql, ")");
}

void sg_ask_local(struct sg_sql *sql, const struct sg_resolved *entry) {
    sg_sql_add(sql, "(");
    sg_ask_column(sql, &entry->of.slot);
    if (entry->of.slot.declared->type == SG_DATE) {
        sg_sql_add(sql, "::timestamp)");
        return;
    }
    sg_sql_add(sql, " AT TIME ZONE ");
    if (entry->zone.column < 0)
        sg_sql_add(sql, "'UTC'");
    else
        add_zone(sql, &entry->zone);
    sg_sql_add(sql, ")");
}

/* A bound of a comparison with the slot's column, as the column shows it, so that no cell needs converting.
 */
static void add_bound(struct sg_sql *sql, const struct sg_column *column, int64_t bound) {
    struct sg_civil day;
    switch (column->type) {
    case SG_DECIMAL:
        sg_sql_add(sql, "%lld * 1e-%u::numeric", (long long)bound, column->scale);
        return;
    case SG_DATE:
        day = sg_civil_from_day((int32_t)bound);
        sg_sql_add(sql, "date '%04d-%02d-%02d'", day.year, day.month, day.day);
        return;
    case SG_TIMESTAMP:
        sg_sql_add(sql, "to_timestamp(%lld)", (long long)bound);
        return;
    default:
        sg_sql_add(sql, "%lld", (long long)bound);
    }
}

void sg_ask_labels(struct sg_sql *sql, const struct sg_column *column, uint64_t labels) {
    const char *joint = " IN (";
    for (unsigned code = 0; code < 64 && labels >> code; code++) {
        if (!(labels >> code & 1)) continue;
        sg_sql_add(sql, "%s", joint);
        if (column->type == SG_BOOL)
            sg_sql_add(sql, "%s", code ? "true" : "false");
        else
            sg_sql_add_literal(sql, column->labels->labels[code]);
        joint = ", ";
    }
    sg_sql_add(sql, ")");
}

static void add_comparison(struct sg_sql *sql, const struct sg_resolved_where *where, const char *operator_) {
    if (where->slot.less >= 0) {
        sg_ask_value(sql, &where->slot);
        sg_sql_add(sql, " %s %lld", operator_, (long long)where->bound);
        return;
    }
    bool as_it_is = where->slot.declared->type != SG_ENUM && where->slot.declared->type != SG_BOOL;
    if (as_it_is)
        sg_ask_column(sql, &where->slot);
    else
        sg_ask_value(sql, &where->slot);
    sg_sql_add(sql, " %s ", operator_);
    add_bound(sql, where->slot.declared, where->bound);
}

void sg_ask_shape(struct sg_sql *sql, const char *shape) {
    struct sg_sql anchored = {0};
    sg_sql_add(&anchored, "^(%s)$", shape);
    sg_sql_add_literal(sql, anchored.text ? anchored.text : "");
    sg_sql_free(&anchored);
}

/* A cell and another of the same row. */
static void add_pair(struct sg_sql *sql, const struct sg_where *declared,
                     const struct sg_resolved_where *where) {
    struct sg_slot other = less_of(&where->slot);
    sg_ask_column(sql, &where->slot);
    if (declared->test == SG_TEST_DIFFERS || declared->test == SG_TEST_SAME)
        sg_sql_add(sql, declared->test == SG_TEST_SAME ? " = " : " <> ");
    else
        sg_sql_add(sql, " * 100 %s %lld * ",
                   declared->test == SG_TEST_PERCENT_BELOW ? "<" : ">=", (long long)declared->value);
    sg_ask_column(sql, &other);
}

static void add_test(struct sg_sql *sql, const struct sg_where *declared,
                     const struct sg_resolved_where *where) {
    enum sg_test test = declared->test;
    switch (test) {
    case SG_TEST_LABEL:
        sg_ask_column(sql, &where->slot);
        sg_ask_labels(sql, where->slot.declared, where->labels);
        return;
    case SG_TEST_NULL:
    case SG_TEST_NOT_NULL:
        sg_ask_column(sql, &where->slot);
        sg_sql_add(sql, test == SG_TEST_NULL ? " IS NULL" : " IS NOT NULL");
        return;
    case SG_TEST_TEXT:
    case SG_TEST_OTHER_TEXT:
        sg_ask_column(sql, &where->slot);
        sg_sql_add(sql, test == SG_TEST_TEXT ? " IN (" : " NOT IN (");
        sg_sql_add_literals(sql, declared->labels);
        sg_sql_add(sql, ")");
        return;
    case SG_TEST_SHAPE:
        sg_ask_column(sql, &where->slot);
        sg_sql_add(sql, "::text ~ ");
        sg_ask_shape(sql, declared->labels);
        return;
    case SG_TEST_MONTH:
        sg_ask_column(sql, &where->slot);
        sg_sql_add(sql, " = '%s'", where->month);
        return;
    case SG_TEST_DIFFERS:
    case SG_TEST_SAME:
    case SG_TEST_PERCENT_FROM:
    case SG_TEST_PERCENT_BELOW:
        add_pair(sql, declared, where);
        return;
    case SG_TEST_OPEN_OR_SINCE:
        sg_sql_add(sql, "(");
        sg_ask_column(sql, &where->slot);
        sg_sql_add(sql, " IS NULL OR ");
        add_comparison(sql, where, ">=");
        sg_sql_add(sql, ")");
        return;
    case SG_TEST_FROM:
    case SG_TEST_SINCE:
        add_comparison(sql, where, ">=");
        return;
    default:
        add_comparison(sql, where, "<");
    }
}

void sg_ask_condition(struct sg_sql *sql, const struct sg_selection *term,
                      const struct sg_resolved_selection *resolved) {
    const char *joint = "";
    for (int w = 0; w < SG_WHERES_MAX && term->where[w].test != SG_TEST_END; w++) {
        sg_sql_add(sql, "%s", joint);
        add_test(sql, &term->where[w], &resolved->where[w]);
        joint = " AND ";
    }
    if (resolved->slot.column >= 0) {
        sg_sql_add(sql, "%s", joint);
        sg_ask_column(sql, &resolved->slot);
        sg_sql_add(sql, " IS NOT NULL");
        if (resolved->slot.less >= 0) {
            struct sg_slot less = less_of(&resolved->slot);
            sg_sql_add(sql, " AND ");
            sg_ask_column(sql, &less);
            sg_sql_add(sql, " IS NOT NULL");
        }
    } else if (!*joint)
        sg_sql_add(sql, "true");
}

static void want(struct sg_ask_parents *parents, const struct sg_slot *slot) {
    if (slot->column < 0) return;
    if (slot->less >= 0 && slot->less_via >= 0) parents->wanted[slot->less_via] = true;
    if (slot->via < 0) return;
    parents->wanted[slot->via] = true;
    if (slot->beyond >= 0) parents->beyond[slot->via] |= (uint64_t)1 << slot->beyond;
}

void sg_ask_parents_add(struct sg_ask_parents *parents, const struct sg_selection *term,
                        const struct sg_resolved_selection *resolved, const struct sg_slot *zone) {
    want(parents, &resolved->slot);
    for (int w = 0; w < SG_WHERES_MAX && term->where[w].test != SG_TEST_END; w++)
        want(parents, &resolved->where[w].slot);
    if (zone) want(parents, zone);
}

static const struct sg_table *find_table(const struct sg_manifest *manifest, const char *name) {
    for (size_t t = 0; t < manifest->table_count; t++)
        if (strcmp(manifest->tables[t].table->name, name) == 0) return manifest->tables[t].table;
    return NULL;
}

/* The parents of parent p<via> through those of its columns that are set in `beyond`. */
static void join_beyond(struct sg_sql *sql, const struct sg_manifest *manifest, const struct sg_table *parent,
                        int via, uint64_t beyond) {
    for (int i = 0; parent && i < parent->foreign_key_count; i++) {
        const struct sg_foreign_key *key = &parent->foreign_keys[i];
        int column = sg_column_index(parent, key->column);
        if (column < 0 || column >= SG_BEYOND_MAX || !(beyond >> column & 1)) continue;
        sg_sql_add(sql, " LEFT JOIN %s p%d_%d ON p%d_%d.%s = p%d.%s",
                   SG_DDL_TABLE(manifest->dataset->schema, key->parent), via, column, via, column,
                   SG_SQL_NAME(key->parent_column), via, SG_SQL_NAME(key->column));
    }
}

void sg_ask_joins(struct sg_sql *sql, const struct sg_manifest *manifest, size_t table,
                  const struct sg_ask_parents *parents) {
    const struct sg_table *declared = manifest->tables[table].table;
    for (int i = 0; i < declared->foreign_key_count; i++) {
        const struct sg_foreign_key *key = &declared->foreign_keys[i];
        int column = sg_column_index(declared, key->column);
        if (column < 0 || column >= SG_ASK_COLUMNS_MAX || !parents->wanted[column]) continue;
        sg_sql_add(sql, " LEFT JOIN %s p%d ON p%d.%s = c.%s",
                   SG_DDL_TABLE(manifest->dataset->schema, key->parent), column, column,
                   SG_SQL_NAME(key->parent_column), SG_SQL_NAME(key->column));
        join_beyond(sql, manifest, find_table(manifest, key->parent), column, parents->beyond[column]);
    }
}
