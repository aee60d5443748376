/* What the rows of a table say, against manifest and rules.
 *
 * One scan counts, fingerprints and proves every rule that needs no other row. A foreign key into a parent
 * whose integer keys were found dense is a range predicate in that scan; other foreign keys, and rules on the
 * parent, share one join per key. Sums and counts per parent share one grouping per key.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/check_sql.h"
#include "app/verify_probe.h"
#include "io/fingerprint.h"
#include "io/pg_ddl.h"

/* Aggregates that the scan selects after the probes' counts. */
enum { LEAD_ROWS, LEAD_FINGERPRINT, LEAD_KEY_MIN, LEAD_KEY_MAX, LEAD_RULES };

static const char *schema_of(const struct sg_db_table *table) {
    return table->manifest->dataset->schema;
}

static bool integer_column(const struct sg_table *table, const char *name) {
    int i = sg_column_index(table, name);
    if (i < 0) return false;
    enum sg_type type = table->columns[i].type;
    return type == SG_I16 || type == SG_I32 || type == SG_I64;
}

static bool integer_key(const struct sg_table *table) {
    return sg_key_count(table) == 1 && integer_column(table, table->key[0]);
}

static bool has_parent_rules(const struct sg_table *table, const char *via) {
    for (int i = 0; i < table->rule_count; i++) {
        const struct sg_rule *rule = &table->rules[i];
        if (sg_rule_place(rule) == SG_PLACE_PARENT && rule->via && strcmp(rule->via, via) == 0) return true;
    }
    return false;
}

/* The parent of a foreign key when its dense key makes the scan enough. */
static const struct sg_db_table *range_parent(const struct sg_db_table *table,
                                              const struct sg_foreign_key *key) {
    const struct sg_db_table *parent = sg_db_table_find(table, key->parent);
    if (!parent || parent == table || !parent->dense) return NULL;
    if (strcmp(parent->item->table->key[0], key->parent_column) != 0) return NULL;
    if (has_parent_rules(table->item->table, key->column)) return NULL;
    return integer_column(table->item->table, key->column) ? parent : NULL;
}

static enum sg_code skip(struct sg_db_table *table, const char *check, const char *reason,
                         struct sg_error *err) {
    struct sg_check_result *result = sg_check_new(&table->list, table->item->table->name, check, err);
    if (!result) return SG_SYSTEM;
    sg_check_skip(result, "%s", reason);
    return SG_OK;
}

static enum sg_code add_column_probes(struct sg_probes *probes, const struct sg_db_table *table,
                                      struct sg_error *err) {
    const struct sg_table *declared = table->item->table;
    for (int i = 0; i < declared->column_count; i++) {
        const struct sg_column *column = &declared->columns[i];
        if (!column->nullable && !table->not_null[i]) {
            struct sg_probe *probe = sg_probe_new(probes, err, "not_null:%s", column->name);
            if (!probe) return SG_SYSTEM;
            snprintf(probe->phrase, sizeof probe->phrase, "%s must not be NULL", column->name);
            sg_sql_add_column(&probe->condition, "c", column->name);
            sg_sql_add(&probe->condition, " IS NULL");
        }
        if (column->type != SG_ENUM || !column->labels || table->labels_checked[i]) continue;
        struct sg_probe *probe = sg_probe_new(probes, err, "labels:%s", column->name);
        if (!probe) return SG_SYSTEM;
        snprintf(probe->phrase, sizeof probe->phrase, "%s holds a label that is not declared", column->name);
        sg_sql_add_column(&probe->condition, "c", column->name);
        for (int k = 0; k < column->labels->count; k++) {
            sg_sql_add(&probe->condition, k ? ", " : " NOT IN (");
            sg_sql_add_literal(&probe->condition, column->labels->labels[k]);
        }
        sg_sql_add(&probe->condition, ")");
    }
    return SG_OK;
}

/* Adds a ROW or PARENT rule, or skips it with the reason. */
static enum sg_code add_rule_probe(struct sg_probes *probes, struct sg_db_table *table,
                                   const struct sg_rule *rule, struct sg_error *err) {
    struct sg_probe *probe = sg_probe_new(probes, err, "%s", rule->name);
    if (!probe) return SG_SYSTEM;
    sg_rule_phrase(rule, probe->phrase, sizeof probe->phrase);
    if (sg_rule_condition(&probe->condition, table->item->table, rule, &table->manifest->run)) return SG_OK;
    sg_sql_free(&probe->condition);
    probes->count--;
    return skip(table, rule->name, "the rule does not fit its column", err);
}

static enum sg_code add_scan_probes(struct sg_probes *probes, struct sg_db_table *table,
                                    struct sg_error *err) {
    const struct sg_table *declared = table->item->table;
    SG_TRY(add_column_probes(probes, table, err));
    for (int i = 0; i < declared->rule_count; i++)
        if (sg_rule_place(&declared->rules[i]) == SG_PLACE_ROW)
            SG_TRY(add_rule_probe(probes, table, &declared->rules[i], err));
    for (int i = 0; i < declared->foreign_key_count; i++) {
        const struct sg_foreign_key *key = &declared->foreign_keys[i];
        const struct sg_db_table *parent = range_parent(table, key);
        if (!parent) continue;
        struct sg_probe *probe = sg_probe_new(probes, err, "foreign_key:%s", key->column);
        if (!probe) return SG_SYSTEM;
        snprintf(probe->phrase, sizeof probe->phrase, "%s has no row in %s", key->column, key->parent);
        sg_sql_add_column(&probe->condition, "c", key->column);
        sg_sql_add(&probe->condition, " NOT BETWEEN %" PRId64 " AND %" PRId64, parent->key_min,
                   parent->key_max);
    }
    return SG_OK;
}

/* The row as the fingerprint sees it: c.*, or column by column when some are json, which PostgreSQL cannot
 * hash. */
static void add_row(struct sg_sql *sql, const struct sg_table *declared) {
    bool json = false;
    for (int i = 0; i < declared->column_count; i++)
        json |= declared->columns[i].sql_json;
    if (!json) {
        sg_sql_add(sql, "c.*");
        return;
    }
    for (int i = 0; i < declared->column_count; i++) {
        sg_sql_add(sql, i ? ", " : "ROW(");
        sg_sql_add_column(sql, "c", declared->columns[i].name);
        if (declared->columns[i].sql_json) sg_sql_add(sql, "::text");
    }
    sg_sql_add(sql, ")");
}

static void add_lead(struct sg_probes *probes, const struct sg_db_table *table) {
    const struct sg_table *declared = table->item->table;
    bool dense_possible = integer_key(declared);
    sg_sql_add(&probes->lead, "count(*), coalesce(sum(hashint8extended(hash_record_extended(");
    add_row(&probes->lead, declared);
    sg_sql_add(&probes->lead, ", 0), 0)), 0)");
    for (int i = 0; i < 2; i++) {
        const char *function = i ? "max" : "min";
        if (dense_possible)
            sg_sql_add(&probes->lead, ", %s(c.%s)", function, SG_SQL_NAME(declared->key[0]));
        else
            sg_sql_add(&probes->lead, ", NULL");
    }
    for (int i = 0; i < declared->rule_count; i++) {
        if (declared->rules[i].kind != SG_RULE_CONSECUTIVE) continue;
        static const char *const functions[] = {", min(", "), max(", "), count("};
        for (int k = 0; k < 3; k++) {
            sg_sql_add(&probes->lead, "%s", functions[k]);
            sg_sql_add_number(&probes->lead, "c", declared, declared->rules[i].a);
        }
        sg_sql_add(&probes->lead, ")");
    }
}

static enum sg_code judge_counts(struct sg_db_table *table, const char *fingerprint, struct sg_error *err) {
    char expected[48];
    const char *name = table->item->table->name;
    struct sg_check_result *result = sg_check_new(&table->list, name, "rows", err);
    if (!result) return SG_SYSTEM;
    uint64_t want = table->item->rows, have = table->rows;
    if (have != want)
        sg_check_fail(result, have > want ? have - want : want - have,
                      "expected %" PRIu64 " rows, found %" PRIu64, want, have);
    result = sg_check_new(&table->list, name, "fingerprint", err);
    if (!result) return SG_SYSTEM;
    sg_fingerprint_text(table->item->fingerprint, expected);
    if (strcmp(expected, fingerprint) != 0)
        sg_check_fail(result, 0, "expected %s, found %s: cells differ from what was generated", expected,
                      fingerprint);
    return SG_OK;
}

/* Values without a successor, and the gap below the first. */
static enum sg_code name_gaps(struct sg_db_table *table, struct sg_pg *pg, const char *column,
                              struct sg_error *err) {
    struct sg_sql query = {0};
    sg_sql_add(&query, "WITH t AS (SELECT ");
    sg_sql_add_number(&query, "c", table->item->table, column);
    sg_sql_add(&query,
               " AS v FROM %s c) SELECT 'after ' || q.v FROM (SELECT t.v, lead(t.v) OVER (ORDER BY t.v) AS n "
               "FROM t UNION ALL SELECT 0, min(t.v) FROM t) q WHERE q.n <> q.v + 1 ORDER BY q.v LIMIT %d",
               SG_DDL_TABLE(schema_of(table), table->item->table->name), SG_CHECK_KEYS);
    enum sg_code code = sg_probe_keys(table, pg, &query, err);
    sg_sql_free(&query);
    return code;
}

static enum sg_code check_consecutive(struct sg_db_table *table, struct sg_pg *pg, const struct sg_rule *rule,
                                      const struct sg_pg_rows *rows, int at, struct sg_error *err) {
    uint64_t low = sg_pg_cell_u64(rows, 0, at), high = sg_pg_cell_u64(rows, 0, at + 1);
    uint64_t distinct = sg_pg_cell_u64(rows, 0, at + 2);
    int column = sg_column_index(table->item->table, rule->a);
    struct sg_sql query = {0};
    char text[32] = "";
    const struct sg_dataset *dataset = table->manifest->dataset;
    if (table->manifest->run.only_unit && dataset->domains[table->item->table->domain].only == SG_ONLY_UNIT)
        return skip(table, rule->name, "the run holds one unit alone", err);
    if (column >= 0 && !table->unique[column]) {
        sg_sql_add(&query, "SELECT count(DISTINCT t.%s) FROM %s t", SG_SQL_NAME(rule->a),
                   SG_DDL_TABLE(schema_of(table), table->item->table->name));
        enum sg_code code = sg_sql_check(&query, err);
        if (code == SG_OK) code = sg_pg_ask_text(pg, text, sizeof text, query.text, 0, NULL, err);
        sg_sql_free(&query);
        SG_TRY(code);
        distinct = strtoull(text, NULL, 10);
    }
    struct sg_check_result *result = sg_check_new(&table->list, table->item->table->name, rule->name, err);
    if (!result) return SG_SYSTEM;
    if (distinct == table->rows && (table->rows == 0 || (low == 1 && high == table->rows))) return SG_OK;
    sg_check_fail(result, high > distinct ? high - distinct : table->rows - distinct,
                  "%s must run from 1 without gap: %" PRIu64 " rows, %" PRIu64
                  " different values from %" PRIu64 " to %" PRIu64,
                  rule->a, table->rows, distinct, low, high);
    return name_gaps(table, pg, rule->a, err);
}

static void note_density(struct sg_db_table *table, const struct sg_pg_rows *rows, int at) {
    const struct sg_table *declared = table->item->table;
    const char *low = sg_pg_cell(rows, 0, at + LEAD_KEY_MIN), *high = sg_pg_cell(rows, 0, at + LEAD_KEY_MAX);
    if (!low || !high || !integer_key(declared)) return;
    table->key_min = strtoll(low, NULL, 10);
    table->key_max = strtoll(high, NULL, 10);
    table->dense = table->unique[sg_column_index(declared, declared->key[0])] &&
                   (uint64_t)(table->key_max - table->key_min) + 1 == table->rows;
}

static enum sg_code scan(struct sg_db_table *table, struct sg_pg *pg, struct sg_error *err) {
    const struct sg_table *declared = table->item->table;
    struct sg_probes probes = {0};
    struct sg_pg_rows *rows = NULL;
    sg_sql_add(&probes.from, "%s c", SG_DDL_TABLE(schema_of(table), declared->name));
    sg_sql_add_key_text(&probes.key, "c", declared);
    add_lead(&probes, table);
    enum sg_code code = add_scan_probes(&probes, table, err);
    int at = (int)probes.count;
    if (code == SG_OK) code = sg_probes_run(&probes, table, pg, &rows, err);
    sg_probes_free(&probes);
    SG_TRY(code);
    table->rows = sg_pg_cell_u64(rows, 0, at + LEAD_ROWS);
    note_density(table, rows, at);
    code = judge_counts(table, sg_pg_cell(rows, 0, at + LEAD_FINGERPRINT), err);
    at += LEAD_RULES;
    for (int i = 0; code == SG_OK && i < declared->rule_count; i++) {
        if (declared->rules[i].kind != SG_RULE_CONSECUTIVE) continue;
        code = check_consecutive(table, pg, &declared->rules[i], rows, at, err);
        at += 3;
    }
    sg_pg_rows_free(rows);
    return code;
}

/* One join proves a foreign key and all rules on the parent through it. */
static enum sg_code check_join(struct sg_db_table *table, struct sg_pg *pg, const struct sg_foreign_key *key,
                               struct sg_error *err) {
    const struct sg_table *declared = table->item->table;
    struct sg_probes probes = {0};
    sg_sql_add(&probes.from, "%s c LEFT JOIN %s p ON p.%s = c.%s",
               SG_DDL_TABLE(schema_of(table), declared->name), SG_DDL_TABLE(schema_of(table), key->parent),
               SG_SQL_NAME(key->parent_column), SG_SQL_NAME(key->column));
    sg_sql_add_key_text(&probes.key, "c", declared);
    struct sg_probe *probe = sg_probe_new(&probes, err, "foreign_key:%s", key->column);
    if (!probe) return SG_SYSTEM;
    snprintf(probe->phrase, sizeof probe->phrase, "%s has no row in %s", key->column, key->parent);
    sg_sql_add(&probe->condition, "c.%s IS NOT NULL AND p.%s IS NULL", SG_SQL_NAME(key->column),
               SG_SQL_NAME(key->parent_column));
    enum sg_code code = SG_OK;
    for (int i = 0; code == SG_OK && i < declared->rule_count; i++) {
        const struct sg_rule *rule = &declared->rules[i];
        if (sg_rule_place(rule) == SG_PLACE_PARENT && rule->via && strcmp(rule->via, key->column) == 0)
            code = add_rule_probe(&probes, table, rule, err);
    }
    if (code == SG_OK) code = sg_probes_run(&probes, table, pg, NULL, err);
    sg_probes_free(&probes);
    return code;
}

static bool group_rule_via(const struct sg_rule *rule, const char *via) {
    return sg_rule_place(rule) == SG_PLACE_GROUP && rule->via && strcmp(rule->via, via) == 0;
}

/* FROM parent p LEFT JOIN (SELECT via AS k, aggregate AS v<i>, ... GROUP BY via) g. */
static void add_grouping(struct sg_probes *probes, const struct sg_db_table *table,
                         const struct sg_foreign_key *key) {
    const struct sg_table *declared = table->item->table;
    sg_sql_add(&probes->from, "%s p LEFT JOIN (SELECT %s AS k", SG_DDL_TABLE(schema_of(table), key->parent),
               SG_SQL_NAME(key->column));
    for (int i = 0; i < declared->rule_count; i++) {
        if (!group_rule_via(&declared->rules[i], key->column)) continue;
        sg_sql_add(&probes->from, ", ");
        sg_rule_aggregate(&probes->from, &declared->rules[i]);
        sg_sql_add(&probes->from, " AS v%d", i);
    }
    sg_sql_add(&probes->from, " FROM %s GROUP BY 1) g ON g.k = p.%s",
               SG_DDL_TABLE(schema_of(table), declared->name), SG_SQL_NAME(key->parent_column));
}

static enum sg_code check_groups(struct sg_db_table *table, struct sg_pg *pg,
                                 const struct sg_foreign_key *key, struct sg_error *err) {
    const struct sg_table *declared = table->item->table;
    struct sg_probes probes = {0};
    enum sg_code code = SG_OK;
    for (int i = 0; code == SG_OK && i < declared->rule_count; i++) {
        const struct sg_rule *rule = &declared->rules[i];
        if (!group_rule_via(rule, key->column)) continue;
        struct sg_probe *probe = sg_probe_new(&probes, err, "%s", rule->name);
        code = probe ? SG_OK : SG_SYSTEM;
        if (!probe) break;
        sg_rule_phrase(rule, probe->phrase, sizeof probe->phrase);
        size_t used = strlen(probe->phrase);
        snprintf(probe->phrase + used, sizeof probe->phrase - used, " (keys of %s)", key->parent);
        sg_sql_add(&probe->condition, "coalesce(g.v%d, 0) <> p.%s", i, SG_SQL_NAME(rule->b));
    }
    if (code == SG_OK && probes.count) {
        add_grouping(&probes, table, key);
        sg_sql_add_key_text(&probes.key, "p", sg_db_table_find(table, key->parent)->item->table);
        code = sg_probes_run(&probes, table, pg, NULL, err);
    }
    sg_probes_free(&probes);
    return code;
}

/* With --only, children and parents of different reach do not add up. */
static bool same_reach(const struct sg_db_table *table, const struct sg_db_table *parent) {
    const struct sg_dataset *dataset = table->manifest->dataset;
    return !table->manifest->run.only_unit || dataset->domains[table->item->table->domain].only ==
                                                  dataset->domains[parent->item->table->domain].only;
}

static enum sg_code check_foreign_key(struct sg_db_table *table, struct sg_pg *pg,
                                      const struct sg_foreign_key *key, struct sg_error *err) {
    const struct sg_db_table *parent = sg_db_table_find(table, key->parent);
    if (parent && parent->present) {
        if (!range_parent(table, key)) SG_TRY(check_join(table, pg, key, err));
        if (same_reach(table, parent)) return check_groups(table, pg, key, err);
    }
    const char *reason = !parent           ? "the run does not hold the parent"
                         : parent->present ? "the run holds one unit alone"
                                           : "the parent's table is not as declared";
    const struct sg_table *declared = table->item->table;
    for (int i = 0; i < declared->rule_count; i++) {
        const struct sg_rule *rule = &declared->rules[i];
        bool parent_rule = sg_rule_place(rule) == SG_PLACE_PARENT && !(parent && parent->present);
        if (!rule->via || strcmp(rule->via, key->column) != 0) continue;
        if (parent_rule || sg_rule_place(rule) == SG_PLACE_GROUP)
            SG_TRY(skip(table, rule->name, reason, err));
    }
    return SG_OK;
}

/* No value twice in a list of columns; `check` is the result's name. */
static enum sg_code check_unique(struct sg_db_table *table, struct sg_pg *pg, const char *check,
                                 const struct sg_sql *columns, struct sg_error *err) {
    char count[32];
    struct sg_sql query = {0}, doubles = {0};
    sg_sql_add(&doubles,
               "FROM (SELECT concat_ws(', ', %s) AS k FROM %s c WHERE (%s) IS NOT NULL GROUP BY %s HAVING "
               "count(*) > 1) d",
               columns->text, SG_DDL_TABLE(schema_of(table), table->item->table->name), columns->text,
               columns->text);
    sg_sql_add(&query, "SELECT count(*) %s", doubles.text);
    enum sg_code code = sg_sql_check(&query, err);
    if (code == SG_OK) code = sg_pg_ask_text(pg, count, sizeof count, query.text, 0, NULL, err);
    struct sg_check_result *result =
        code == SG_OK ? sg_check_new(&table->list, table->item->table->name, check, err) : NULL;
    if (code == SG_OK && !result) code = SG_SYSTEM;
    if (code == SG_OK && strcmp(count, "0") != 0) {
        sg_check_fail(result, strtoull(count, NULL, 10), "%s holds values twice (keys are the values)",
                      columns->text);
        sg_sql_clear(&query);
        sg_sql_add(&query, "SELECT d.k %s LIMIT %d", doubles.text, SG_CHECK_KEYS);
        code = sg_probe_keys(table, pg, &query, err);
    }
    sg_sql_free(&query);
    sg_sql_free(&doubles);
    return code;
}

/* Only where no valid unique index already says so. */
static enum sg_code check_uniqueness(struct sg_db_table *table, struct sg_pg *pg, struct sg_error *err) {
    const struct sg_table *declared = table->item->table;
    enum sg_code code = SG_OK;
    for (int i = 0; code == SG_OK && i < declared->rule_count; i++) {
        const struct sg_rule *rule = &declared->rules[i];
        if (rule->kind != SG_RULE_UNIQUE) continue;
        int column = sg_column_index(declared, rule->a);
        if (column >= 0 && table->unique[column]) {
            code = sg_check_new(&table->list, declared->name, rule->name, err) ? SG_OK : SG_SYSTEM;
            continue;
        }
        struct sg_sql columns = {0};
        sg_sql_add_column(&columns, "c", rule->a);
        code = check_unique(table, pg, rule->name, &columns, err);
        sg_sql_free(&columns);
    }
    if (code != SG_OK || table->key_unique || sg_key_count(declared) == 0) return code;
    struct sg_sql columns = {0};
    for (int i = 0; i < sg_key_count(declared); i++) {
        if (i) sg_sql_add(&columns, ", ");
        sg_sql_add_column(&columns, "c", declared->key[i]);
    }
    code = check_unique(table, pg, "key_unique", &columns, err);
    sg_sql_free(&columns);
    return code;
}

/* Does the database sort text by its bytes, as keys ascend, whatever a statement says? */
static enum sg_code ask_sorting(struct sg_pg *pg, bool *by_bytes, struct sg_error *err) {
    struct sg_pg_rows *rows;
    SG_TRY(
        sg_pg_ask(pg, &rows,
                  "SELECT count(*) FROM pg_database d WHERE datname = current_database() AND datcollate IN "
                  "('C', 'POSIX') AND coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') = 'c'",
                  0, NULL, err));
    *by_bytes = sg_pg_cell_u64(rows, 0, 0) == 1;
    sg_pg_rows_free(rows);
    return SG_OK;
}

/* Each rule on the order of rows is a scan of its own. */
static enum sg_code check_order(struct sg_db_table *table, struct sg_pg *pg, const struct sg_rule *rule,
                                struct sg_error *err) {
    const struct sg_table *declared = table->item->table;
    const struct sg_foreign_key *key = NULL;
    if (rule->kind == SG_RULE_LAST_EQ) {
        key = sg_foreign_key_of(declared, rule->via);
        const struct sg_db_table *parent = sg_db_table_find(table, key->parent);
        if (!parent) return skip(table, rule->name, "the run does not hold the parent", err);
        if (!parent->present) return skip(table, rule->name, "the parent's table is not as declared", err);
    }
    struct sg_probes probes = {0};
    bool by_bytes;
    SG_TRY(ask_sorting(pg, &by_bytes, err));
    struct sg_probe *probe = sg_probe_new(&probes, err, "%s", rule->name);
    if (!probe) return SG_SYSTEM;
    sg_rule_phrase(rule, probe->phrase, sizeof probe->phrase);
    sg_rule_order_condition(&probe->condition, rule);
    sg_rule_order_from(&probes.from, schema_of(table), declared, rule, key, by_bytes);
    sg_sql_add_key_text(&probes.key, "c", declared);
    enum sg_code code = sg_probes_run(&probes, table, pg, NULL, err);
    sg_probes_free(&probes);
    return code;
}

enum sg_code sg_verify_rows(struct sg_db_table *table, struct sg_pg *pg, struct sg_error *err) {
    const struct sg_table *declared = table->item->table;
    if (!table->present) return skip(table, "rows", "the table is not as declared", err);
    SG_TRY(scan(table, pg, err));
    for (int i = 0; i < declared->foreign_key_count; i++)
        SG_TRY(check_foreign_key(table, pg, &declared->foreign_keys[i], err));
    for (int i = 0; i < declared->rule_count; i++)
        if (sg_rule_place(&declared->rules[i]) == SG_PLACE_ORDER)
            SG_TRY(check_order(table, pg, &declared->rules[i], err));
    return check_uniqueness(table, pg, err);
}
