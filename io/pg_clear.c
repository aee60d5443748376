/* Clearing: one TRUNCATE of all tables, written children first, and the ledger in the same transaction. */
#include "io/pg_clear.h"

#include <stdio.h>
#include <string.h>

#include "io/pg_sql.h"

/* Tables of a run that are there, as the ledger lists them. */
#define RUN_TABLES                                                                                           \
    "SELECT table_name FROM synthgen.table_ledger WHERE schema_name = $1 AND "                               \
    "to_regclass(format('%I.%I', schema_name, table_name)) IS NOT NULL"

enum sg_code sg_pg_holding_look(struct sg_pg *pg, const char *schema, struct sg_pg_holding *holding,
                                struct sg_error *err) {
    char exists[64];
    struct sg_pg_rows *rows;
    *holding = (struct sg_pg_holding){0};
    SG_TRY(
        sg_pg_ask_text(pg, exists, sizeof exists, "SELECT to_regclass('synthgen.run')::text", 0, NULL, err));
    if (!exists[0]) return SG_OK;
    SG_TRY(sg_pg_ask(pg, &rows,
                     "SELECT identity, state, (SELECT coalesce(sum(rows), 0)::bigint FROM "
                     "synthgen.shard_ledger WHERE schema_name = $1 AND loaded_at IS NOT NULL AND table_name "
                     "IN (" RUN_TABLES ")), (SELECT count(*) FROM (" RUN_TABLES ") t), "
                     "(SELECT coalesce(string_agg(table_name, ', '), '') FROM synthgen.table_ledger WHERE "
                     "schema_name = $1 AND table_name NOT IN (" RUN_TABLES ")) "
                     "FROM synthgen.run WHERE schema_name = $1",
                     1, &schema, err));
    if (sg_pg_row_count(rows)) {
        holding->known = true;
        snprintf(holding->identity, sizeof holding->identity, "%s", sg_pg_cell(rows, 0, 0));
        holding->cleared = strcmp(sg_pg_cell(rows, 0, 1), "cleared") == 0;
        holding->rows = sg_pg_cell_u64(rows, 0, 2);
        holding->tables = (int)sg_pg_cell_u64(rows, 0, 3);
        snprintf(holding->missing, sizeof holding->missing, "%s", sg_pg_cell(rows, 0, 4));
    }
    sg_pg_rows_free(rows);
    return SG_OK;
}

static bool listed(const struct sg_pg_rows *names, const char *name) {
    for (int i = 0; i < sg_pg_row_count(names); i++)
        if (strcmp(sg_pg_cell(names, i, 0), name) == 0) return true;
    return false;
}

/* The dataset lists parents before children, so its reverse is the order of dependency. */
static void add_truncate(struct sg_sql *sql, const struct sg_dataset *dataset,
                         const struct sg_pg_rows *names) {
    const char *joint = "TRUNCATE ";
    for (int t = dataset->table_count; t-- > 0;) {
        const char *name = dataset->tables[t]->name;
        if (!listed(names, name)) continue;
        sg_sql_add(sql, "%s%s.%s", joint, SG_SQL_NAME(dataset->schema), SG_SQL_NAME(name));
        joint = ", ";
    }
    if (joint[0] == ',') sg_sql_add(sql, ";\n");
}

/* Foreign keys of others forbid TRUNCATE, even those of empty tables. Partitions inherit theirs. */
static enum sg_code refuse_foreign_keys(struct sg_pg *pg, const char *schema, struct sg_error *err) {
    char names[256];
    SG_TRY(sg_pg_ask_text(pg, names, sizeof names,
                          "WITH ours AS (SELECT to_regclass(format('%I.%I', schema_name, table_name)) AS t "
                          "FROM synthgen.table_ledger WHERE schema_name = $1) "
                          "SELECT coalesce(string_agg(format('%s of %s', conname, conrelid::regclass), ', ' "
                          "ORDER BY conname), '') FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 "
                          "AND confrelid IN (SELECT t FROM ours WHERE t IS NOT NULL) AND conrelid NOT IN "
                          "(SELECT t FROM ours WHERE t IS NOT NULL)",
                          1, &schema, err));
    if (!names[0]) return SG_OK;
    return sg_fail(err, SG_EXISTS, "other tables refer to schema %s by foreign keys: %s; drop these first",
                   schema, names);
}

enum sg_code sg_pg_clear(struct sg_pg *pg, const struct sg_dataset *dataset, struct sg_error *err) {
    struct sg_pg_rows *names;
    struct sg_sql sql = {0};
    SG_TRY(refuse_foreign_keys(pg, dataset->schema, err));
    SG_TRY(sg_pg_ask(pg, &names, RUN_TABLES, 1, &dataset->schema, err));
    sg_sql_add(&sql, "BEGIN;\n");
    add_truncate(&sql, dataset, names);
    sg_sql_add(&sql, "UPDATE synthgen.shard_ledger SET loaded_at = NULL WHERE schema_name = ");
    sg_sql_add_literal(&sql, dataset->schema);
    sg_sql_add(&sql, ";\nUPDATE synthgen.run SET state = 'cleared' WHERE schema_name = ");
    sg_sql_add_literal(&sql, dataset->schema);
    sg_sql_add(&sql, ";\nCOMMIT");
    sg_pg_rows_free(names);
    enum sg_code code = sg_sql_check(&sql, err);
    if (code == SG_OK) code = sg_pg_run_text(pg, sql.text, err);
    if (code != SG_OK) sg_pg_rollback(pg);
    sg_sql_free(&sql);
    return code;
}

/* Does any of the tables hold a row? */
static enum sg_code any_row(struct sg_pg *pg, const char *schema, const struct sg_pg_rows *names, bool *any,
                            struct sg_error *err) {
    char answer[8] = "";
    struct sg_sql sql = {0};
    sg_sql_add(&sql, "SELECT false");
    for (int i = 0; i < sg_pg_row_count(names); i++)
        sg_sql_add(&sql, " OR EXISTS (SELECT FROM %s.%s)", SG_SQL_NAME(schema),
                   SG_SQL_NAME(sg_pg_cell(names, i, 0)));
    enum sg_code code = sg_sql_check(&sql, err);
    if (code == SG_OK) code = sg_pg_ask_text(pg, answer, sizeof answer, sql.text, 0, NULL, err);
    sg_sql_free(&sql);
    *any = answer[0] == 't';
    return code;
}

enum sg_code sg_pg_holds_rows(struct sg_pg *pg, const char *schema, bool *holds, struct sg_error *err) {
    struct sg_pg_rows *names;
    SG_TRY(sg_pg_ask(pg, &names, RUN_TABLES, 1, &schema, err));
    enum sg_code code = any_row(pg, schema, names, holds, err);
    sg_pg_rows_free(names);
    return code;
}

enum sg_code sg_pg_is_cleared(struct sg_pg *pg, const char *schema, bool *cleared, struct sg_error *err) {
    struct sg_pg_holding holding;
    char others[32];
    bool any;
    *cleared = false;
    SG_TRY(sg_pg_holding_look(pg, schema, &holding, err));
    if (!holding.cleared) return SG_OK;
    SG_TRY(sg_pg_ask_text(pg, others, sizeof others,
                          "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                          "WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition "
                          "AND c.relname NOT IN (" RUN_TABLES ")",
                          1, &schema, err));
    if (strcmp(others, "0") != 0) return SG_OK;
    SG_TRY(sg_pg_holds_rows(pg, schema, &any, err));
    *cleared = !any;
    return SG_OK;
}
