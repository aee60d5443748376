/* One scan, many counts; offenders are asked for only when a count is not zero. */
#include "app/verify_probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sg_probe *sg_probe_new(struct sg_probes *probes, struct sg_error *err, const char *format, ...) {
    if (probes->count == probes->capacity) {
        size_t want = probes->capacity * 2 + 16;
        struct sg_probe *grown = realloc(probes->items, want * sizeof *grown);
        if (!grown) {
            sg_fail(err, SG_SYSTEM, "no memory for %zu probes", want);
            return NULL;
        }
        probes->items = grown;
        probes->capacity = want;
    }
    struct sg_probe *probe = &probes->items[probes->count++];
    memset(probe, 0, sizeof *probe);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(probe->check, sizeof probe->check, format, arguments);
    va_end(arguments);
    return probe;
}

void sg_probes_free(struct sg_probes *probes) {
    for (size_t i = 0; i < probes->count; i++)
        sg_sql_free(&probes->items[i].condition);
    free(probes->items);
    sg_sql_free(&probes->from);
    sg_sql_free(&probes->key);
    sg_sql_free(&probes->lead);
    *probes = (struct sg_probes){0};
}

enum sg_code sg_probe_keys(struct sg_db_table *table, struct sg_pg *pg, const struct sg_sql *query,
                           struct sg_error *err) {
    struct sg_pg_rows *rows;
    SG_TRY(sg_sql_check(query, err));
    SG_TRY(sg_pg_ask(pg, &rows, query->text, 0, NULL, err));
    struct sg_check_result *result = &table->list.results[table->list.count - 1];
    for (int i = 0; i < sg_pg_row_count(rows); i++) {
        const char *key = sg_pg_cell(rows, i, 0);
        sg_check_key(result, key && key[0] ? key : "NULL");
    }
    sg_pg_rows_free(rows);
    return SG_OK;
}

static enum sg_code conclude(const struct sg_probes *probes, const struct sg_probe *probe, uint64_t count,
                             struct sg_db_table *table, struct sg_pg *pg, struct sg_error *err) {
    struct sg_check_result *result = sg_check_new(&table->list, table->item->table->name, probe->check, err);
    if (!result) return SG_SYSTEM;
    if (count == 0) return SG_OK;
    sg_check_fail(result, count, "%s", probe->phrase);
    struct sg_sql query = {0};
    sg_sql_add(&query, "SELECT %s FROM %s WHERE %s LIMIT %d", probes->key.text, probes->from.text,
               probe->condition.text, SG_CHECK_KEYS);
    enum sg_code code = sg_probe_keys(table, pg, &query, err);
    sg_sql_free(&query);
    return code;
}

static enum sg_code compose(const struct sg_probes *probes, struct sg_sql *query, struct sg_error *err) {
    sg_sql_add(query, "SELECT ");
    for (size_t i = 0; i < probes->count; i++) {
        SG_TRY(sg_sql_check(&probes->items[i].condition, err));
        sg_sql_add(query, "%scount(*) FILTER (WHERE %s)", i ? ", " : "", probes->items[i].condition.text);
    }
    if (probes->lead.used) sg_sql_add(query, "%s%s", probes->count ? ", " : "", probes->lead.text);
    SG_TRY(sg_sql_check(&probes->from, err));
    SG_TRY(sg_sql_check(&probes->key, err));
    SG_TRY(sg_sql_check(&probes->lead, err));
    sg_sql_add(query, " FROM %s", probes->from.text);
    return sg_sql_check(query, err);
}

enum sg_code sg_probes_run(struct sg_probes *probes, struct sg_db_table *table, struct sg_pg *pg,
                           struct sg_pg_rows **lead, struct sg_error *err) {
    struct sg_sql query = {0};
    struct sg_pg_rows *rows = NULL;
    if (lead) *lead = NULL;
    if (!probes->count && !probes->lead.used) return SG_OK;
    enum sg_code code = compose(probes, &query, err);
    if (code == SG_OK) code = sg_pg_ask(pg, &rows, query.text, 0, NULL, err);
    for (size_t i = 0; code == SG_OK && i < probes->count; i++)
        code = conclude(probes, &probes->items[i], sg_pg_cell_u64(rows, 0, (int)i), table, pg, err);
    sg_sql_free(&query);
    if (lead && code == SG_OK)
        *lead = rows;
    else
        sg_pg_rows_free(rows);
    return code;
}
