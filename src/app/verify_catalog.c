/* What the catalog says of a table, against its declaration. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/check_sql.h"
#include "app/verify_tables.h"
#include "base/text.h"
#include "io/pg_ddl.h"

struct sg_db_table *sg_db_table_find(const struct sg_db_table *table, const char *name) {
    for (size_t i = 0; i < table->table_count; i++)
        if (strcmp(table->tables[i].item->table->name, name) == 0) return &table->tables[i];
    return NULL;
}

static struct sg_check_result *begin(struct sg_db_table *table, const char *check, struct sg_error *err) {
    return sg_check_new(&table->list, table->item->table->name, check, err);
}

/* One declared column against the catalog's row of that place. */
static bool column_agrees(struct sg_db_table *table, int i, const struct sg_pg_rows *rows,
                          struct sg_check_result *result) {
    const struct sg_column *column = &table->item->table->columns[i];
    char type[64];
    sg_column_catalog_type(column, type);
    if (i >= sg_pg_row_count(rows)) {
        sg_check_fail(result, 0, "column %s is missing", column->name);
        return false;
    }
    table->not_null[i] = sg_pg_cell(rows, i, 2)[0] == 't';
    if (strcmp(sg_pg_cell(rows, i, 0), column->name) != 0 || strcmp(sg_pg_cell(rows, i, 1), type) != 0) {
        sg_check_fail(result, 0, "column %d is %s %s, declared is %s %s", i + 1, sg_pg_cell(rows, i, 0),
                      sg_pg_cell(rows, i, 1), column->name, type);
        return false;
    }
    return true;
}

static enum sg_code check_columns(struct sg_db_table *table, struct sg_pg *pg, struct sg_error *err) {
    const struct sg_table *declared = table->item->table;
    struct sg_pg_rows *rows;
    SG_TRY(sg_pg_ask(pg, &rows,
                     "SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull FROM pg_attribute "
                     "a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
                     "WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p') AND a.attnum > 0 "
                     "AND NOT a.attisdropped ORDER BY a.attnum",
                     2, (const char *const[]){table->manifest->dataset->schema, declared->name}, err));
    struct sg_check_result *result = begin(table, "columns", err);
    if (result && sg_pg_row_count(rows) == 0)
        sg_check_fail(result, 0, "the table does not exist");
    else if (result) {
        table->present = true;
        for (int i = 0; i < declared->column_count; i++)
            table->present = column_agrees(table, i, rows, result) && table->present;
        if (table->present && sg_pg_row_count(rows) > declared->column_count) {
            sg_check_fail(result, 0, "column %s is not declared",
                          sg_pg_cell(rows, declared->column_count, 0));
            table->present = false;
        }
    }
    sg_pg_rows_free(rows);
    return result ? SG_OK : SG_SYSTEM;
}

static enum sg_code check_not_null(struct sg_db_table *table, struct sg_error *err) {
    const struct sg_table *declared = table->item->table;
    for (int i = 0; i < declared->column_count; i++) {
        char name[SG_CHECK_NAME_BYTES];
        if (declared->columns[i].nullable || table->not_null[i]) continue;
        snprintf(name, sizeof name, "not_null_constraint:%s", declared->columns[i].name);
        struct sg_check_result *result = begin(table, name, err);
        if (!result) return SG_SYSTEM;
        sg_check_fail(result, 0, "the column lacks its NOT NULL constraint");
    }
    return SG_OK;
}

/* Constraints of the table: kind, columns (comma-separated), valid, name, parent. */
static const char constraints_query[] =
    "SELECT o.contype, (SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(o.conkey) WITH "
    "ORDINALITY k(number, place) JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.number), "
    "o.convalidated, o.conname, f.relname FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_class f ON f.oid = o.confrelid "
    "WHERE n.nspname = $1 AND c.relname = $2";

/* Row of the constraint of a kind on given columns (or, for checks, of a given name); -1 when absent. */
static int constraint_find(const struct sg_pg_rows *rows, char kind, const char *columns, const char *name,
                           const char *parent) {
    for (int i = 0; i < sg_pg_row_count(rows); i++) {
        const char *there = sg_pg_cell(rows, i, 1), *referred = sg_pg_cell(rows, i, 4);
        if (sg_pg_cell(rows, i, 0)[0] != kind) continue;
        if (columns && (!there || strcmp(there, columns) != 0)) continue;
        if (name && strcmp(sg_pg_cell(rows, i, 3), name) != 0) continue;
        if (parent && (!referred || strcmp(referred, parent) != 0)) continue;
        return i;
    }
    return -1;
}

static enum sg_code judge_constraint(struct sg_db_table *table, const struct sg_pg_rows *rows, int at,
                                     const char *check, const char *what, bool *valid, struct sg_error *err) {
    struct sg_check_result *result = begin(table, check, err);
    if (!result) return SG_SYSTEM;
    *valid = at >= 0 && sg_pg_cell(rows, at, 2)[0] == 't';
    if (at < 0)
        sg_check_fail(result, 0, "%s is missing", what);
    else if (!*valid)
        sg_check_fail(result, 0, "%s is not validated", what);
    return SG_OK;
}

static enum sg_code check_key(struct sg_db_table *table, const struct sg_pg_rows *rows,
                              struct sg_error *err) {
    const struct sg_table *declared = table->item->table;
    char columns[256] = "";
    int count = sg_key_count(declared);
    if (!count) return SG_OK;
    for (int i = 0; i < count; i++)
        sg_append(columns, sizeof columns, "%s%s", i ? "," : "", declared->key[i]);
    SG_TRY(judge_constraint(table, rows, constraint_find(rows, 'p', columns, NULL, NULL), "primary_key",
                            "the primary key", &table->key_unique, err));
    if (table->key_unique && count == 1) table->unique[sg_column_index(declared, declared->key[0])] = true;
    return SG_OK;
}

static enum sg_code check_references(struct sg_db_table *table, const struct sg_pg_rows *rows,
                                     struct sg_error *err) {
    const struct sg_table *declared = table->item->table;
    for (int i = 0; i < declared->foreign_key_count; i++) {
        const struct sg_foreign_key *key = &declared->foreign_keys[i];
        char name[SG_CHECK_NAME_BYTES];
        bool valid;
        if (!sg_db_table_find(table, key->parent)) continue;
        snprintf(name, sizeof name, "foreign_key_constraint:%s", key->column);
        SG_TRY(judge_constraint(table, rows, constraint_find(rows, 'f', key->column, NULL, key->parent), name,
                                "the foreign key", &valid, err));
    }
    return SG_OK;
}

static enum sg_code check_labels(struct sg_db_table *table, const struct sg_pg_rows *rows,
                                 struct sg_error *err) {
    const struct sg_table *declared = table->item->table;
    for (int i = 0; i < declared->column_count; i++) {
        char name[SG_CHECK_NAME_BYTES], object[SG_SQL_IDENTIFIER_MAX + 1];
        if (!sg_ddl_checks_labels(&declared->columns[i])) continue;
        sg_sql_object_name(declared->name, declared->columns[i].name, "labels", object);
        snprintf(name, sizeof name, "labels_constraint:%s", declared->columns[i].name);
        SG_TRY(judge_constraint(table, rows, constraint_find(rows, 'c', NULL, object, NULL), name,
                                "the CHECK of the labels", &table->labels_checked[i], err));
    }
    return SG_OK;
}

static enum sg_code check_index(struct sg_db_table *table, struct sg_pg *pg, const struct sg_index *index,
                                struct sg_error *err) {
    char name[SG_CHECK_NAME_BYTES], state[128];
    snprintf(name, sizeof name, "index:%s", index->name);
    struct sg_check_result *result = begin(table, name, err);
    if (!result) return SG_SYSTEM;
    SG_TRY(sg_pg_ask_text(pg, state, sizeof state,
                          "SELECT format('%s %s', x.indisvalid, (SELECT a.attname FROM pg_attribute a WHERE "
                          "a.attrelid = x.indrelid AND a.attnum = x.indkey[0] AND x.indisunique AND "
                          "x.indnatts = 1 AND x.indpred IS NULL)) FROM pg_index x JOIN pg_class c ON c.oid = "
                          "x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
                          "WHERE n.nspname = $1 AND c.relname = $2",
                          2, (const char *const[]){table->manifest->dataset->schema, index->name}, err));
    if (!state[0])
        sg_check_fail(result, 0, "the index is missing");
    else if (state[0] != 't')
        sg_check_fail(result, 0, "the index is not valid");
    else {
        int column = sg_column_index(table->item->table, state + 2);
        if (column >= 0) table->unique[column] = true;
    }
    return SG_OK;
}

static enum sg_code check_constraints(struct sg_db_table *table, struct sg_pg *pg, struct sg_error *err) {
    const struct sg_table *declared = table->item->table;
    struct sg_pg_rows *rows;
    SG_TRY(sg_pg_ask(pg, &rows, constraints_query, 2,
                     (const char *const[]){table->manifest->dataset->schema, declared->name}, err));
    enum sg_code code = check_key(table, rows, err);
    if (code == SG_OK) code = check_references(table, rows, err);
    if (code == SG_OK) code = check_labels(table, rows, err);
    sg_pg_rows_free(rows);
    return code;
}

enum sg_code sg_verify_catalog(struct sg_db_table *table, struct sg_pg *pg, struct sg_error *err) {
    SG_TRY(check_columns(table, pg, err));
    if (!table->present) return SG_OK;
    SG_TRY(check_not_null(table, err));
    SG_TRY(check_constraints(table, pg, err));
    for (int i = 0; i < table->item->table->index_count; i++)
        SG_TRY(check_index(table, pg, &table->item->table->indexes[i], err));
    return SG_OK;
}
