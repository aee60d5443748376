/* Planned totals in the database: one statement per table, rows and sum of each total. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/totals.h"
#include "base/checked.h"
#include "verify/ask.h"
#include "verify/certificate.h"

/* count(*) and sum(column) of the rows that a total takes. */
static void add_total(struct sg_sql *sql, const struct sg_resolved *entry) {
    sg_sql_add(sql, "%scount(*) FILTER (WHERE ", sql->used ? ", " : "SELECT ");
    sg_ask_condition(sql, &entry->statistic->of, &entry->of);
    sg_sql_add(sql, "), coalesce(sum(");
    if (entry->of.slot.column < 0)
        sg_sql_add(sql, "0");
    else
        sg_ask_value(sql, &entry->of.slot);
    sg_sql_add(sql, ") FILTER (WHERE ");
    sg_ask_condition(sql, &entry->statistic->of, &entry->of);
    sg_sql_add(sql, "), 0)::bigint");
}

/* False when no total is about the table. */
static bool compose(const struct sg_certificate *totals, size_t table, struct sg_sql *sql) {
    const struct sg_manifest *manifest = totals->manifest;
    struct sg_ask_parents parents = {0};
    for (size_t i = 0; i < totals->count; i++) {
        const struct sg_resolved *entry = &totals->entries[i];
        if (entry->absent || entry->of.table != (int)table) continue;
        add_total(sql, entry);
        sg_ask_parents_add(&parents, &entry->statistic->of, &entry->of, NULL);
    }
    if (!sql->used) return false;
    sg_sql_add(sql, " FROM %s.%s c", SG_SQL_NAME(manifest->dataset->schema),
               SG_SQL_NAME(manifest->tables[table].table->name));
    sg_ask_joins(sql, manifest, table, &parents);
    return true;
}

static enum sg_code ask(const struct sg_certificate *totals, size_t table, const struct sg_sql *sql,
                        struct sg_pg *pg, uint64_t *cells, struct sg_error *err) {
    struct sg_pg_rows *rows;
    SG_TRY(sg_sql_check(sql, err));
    SG_TRY(sg_pg_ask(pg, &rows, sql->text, 0, NULL, err));
    int column = 0;
    for (size_t i = 0; i < totals->count; i++) {
        const struct sg_resolved *entry = &totals->entries[i];
        if (entry->absent || entry->of.table != (int)table) continue;
        for (size_t k = 0; k < 2; k++) {
            const char *text = sg_pg_cell(rows, 0, column++);
            cells[entry->cell + k] = (uint64_t)strtoll(text ? text : "0", NULL, 10);
        }
    }
    sg_pg_rows_free(rows);
    return SG_OK;
}

static enum sg_code add_result(const struct sg_statistic *total, const struct sg_fit *fit,
                               struct sg_check_list *list, struct sg_error *err) {
    char name[SG_CHECK_NAME_BYTES];
    snprintf(name, sizeof name, "total %s", total->name);
    struct sg_check_result *result = sg_check_new(list, total->of.table, name, err);
    if (!result) return SG_SYSTEM;
    if (fit->status == SG_FIT_FAIL) sg_check_fail(result, 0, "%s", fit->detail);
    if (fit->status == SG_FIT_SKIP) sg_check_skip(result, "%s", fit->detail);
    return SG_OK;
}

static enum sg_code verify(const struct sg_certificate *totals, size_t table, struct sg_pg *pg,
                           struct sg_check_list *list, struct sg_error *err) {
    struct sg_sql sql = {0};
    uint64_t *cells = sg_alloc_array(totals->cells, sizeof *cells);
    struct sg_fit *fits = sg_alloc_array(totals->count, sizeof *fits);
    enum sg_code code = cells && fits ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for totals");
    if (code == SG_OK && compose(totals, table, &sql)) {
        code = ask(totals, table, &sql, pg, cells, err);
        sg_certificate_judge(totals, cells, fits);
        for (size_t i = 0; i < totals->count && code == SG_OK; i++)
            if (totals->entries[i].of.table == (int)table)
                code = add_result(totals->entries[i].statistic, &fits[i], list, err);
    }
    sg_sql_free(&sql);
    free(cells);
    free(fits);
    return code;
}

enum sg_code sg_totals_verify(const struct sg_manifest *manifest, const struct sg_table *table,
                              struct sg_pg *pg, struct sg_check_list *list, struct sg_error *err) {
    struct sg_certificate totals;
    enum sg_code code = sg_certificate_open(&totals, manifest, NULL, 0, err);
    for (size_t i = 0; i < manifest->table_count && code == SG_OK; i++)
        if (manifest->tables[i].table == table) code = verify(&totals, i, pg, list, err);
    sg_certificate_close(&totals);
    return code;
}
