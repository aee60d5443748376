/* The stage that asks PostgreSQL to prove what it holds.
 *
 * Rank 0 drives it over several connections: tables are verified level by level, parents before children,
 * those of a level at the same time. The work is the server's; nothing here grows with rows.
 */
#include <omp.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/certify.h"
#include "app/check_report.h"
#include "app/load_target.h"
#include "app/verify_model.h"
#include "app/verify_tables.h"
#include "base/checked.h"
#include "io/pg_ledger.h"

struct database {
    struct sg_job *job;
    struct sg_load_target target;
    struct sg_db_table *tables;
    size_t table_count;
    int levels;
    struct sg_pg **connections; /* connections_all of them */
    struct sg_db_model model;
    struct sg_check_list list; /* results of all */
    atomic_bool failed;
};

static bool halted(void *context) {
    struct database *database = context;
    return atomic_load_explicit(&database->failed, memory_order_relaxed) || sg_stop_requested();
}

/* Longest chain of parents; the dataset lists parents before children. */
static int level_of(const struct sg_db_table *table) {
    const struct sg_table *declared = table->item->table;
    int level = 0;
    for (int i = 0; i < declared->foreign_key_count; i++) {
        const struct sg_db_table *parent = sg_db_table_find(table, declared->foreign_keys[i].parent);
        if (parent && parent != table && parent->level >= level) level = parent->level + 1;
    }
    return level;
}

static enum sg_code open_tables(struct database *database, struct sg_error *err) {
    const struct sg_manifest *manifest = &database->job->manifest;
    database->tables = sg_alloc_array(manifest->table_count, sizeof *database->tables);
    if (!database->tables) return sg_fail(err, SG_SYSTEM, "no memory for %zu tables", manifest->table_count);
    database->table_count = manifest->table_count;
    for (size_t i = 0; i < manifest->table_count; i++) {
        struct sg_db_table *table = &database->tables[i];
        size_t columns = manifest->tables[i].table->column_count;
        *table = (struct sg_db_table){.manifest = manifest,
                                      .item = &manifest->tables[i],
                                      .tables = database->tables,
                                      .table_count = manifest->table_count,
                                      .not_null = sg_alloc_array(columns, sizeof(bool)),
                                      .labels_checked = sg_alloc_array(columns, sizeof(bool)),
                                      .unique = sg_alloc_array(columns, sizeof(bool))};
        if (!table->not_null || !table->labels_checked || !table->unique)
            return sg_fail(err, SG_SYSTEM, "no memory for the columns of %s", table->item->table->name);
        table->level = level_of(table);
        if (table->level >= database->levels) database->levels = table->level + 1;
    }
    return SG_OK;
}

static enum sg_code open_connections(struct database *database, struct sg_error *err) {
    int wanted = database->target.connections_all;
    database->connections = sg_alloc_array((size_t)wanted, sizeof(struct sg_pg *));
    if (!database->connections) return sg_fail(err, SG_SYSTEM, "no memory for %d connections", wanted);
    for (int i = 0; i < wanted; i++)
        SG_TRY(sg_pg_open(&database->connections[i], database->target.url, halted, database, err));
    return SG_OK;
}

static void close_all(struct database *database) {
    for (int i = 0; database->connections && i < database->target.connections_all; i++)
        sg_pg_close(database->connections[i]);
    free(database->connections);
    for (size_t i = 0; i < database->table_count; i++) {
        struct sg_db_table *table = &database->tables[i];
        sg_check_free(&table->list);
        free(table->not_null);
        free(table->labels_checked);
        free(table->unique);
    }
    free(database->tables);
    sg_db_model_close(&database->model);
    sg_check_free(&database->list);
    free(database);
}

/* Does the ledger speak of this run, and say that it is complete? */
static enum sg_code check_ledger(struct database *database, struct sg_error *err) {
    struct sg_ledger_found found;
    SG_TRY(sg_ledger_look(database->connections[0], &database->job->manifest, true, &found, err));
    struct sg_check_result *result = sg_check_new(&database->list, "", "load_complete", err);
    if (!result) return SG_SYSTEM;
    if (found.state == SG_LEDGER_LOADING)
        sg_check_fail(result, 0, "the load was interrupted; repeat it to continue");
    else if (found.state == SG_LEDGER_OTHER_RUN)
        sg_check_fail(result, 0, "the database holds another run: %.150s", found.identity);
    else if (found.state != SG_LEDGER_COMPLETE)
        sg_check_fail(result, 0, "the database holds no load of this dataset");
    return SG_OK;
}

/* Are the relations that the load's scripts made still there, and say what they did? */
static enum sg_code check_views(struct database *database, struct sg_error *err) {
    char names[SG_CHECK_DETAIL_BYTES];
    const struct sg_manifest *manifest = &database->job->manifest;
    if (manifest->table_count < sg_tables_of_run(manifest->dataset, &manifest->run)) return SG_OK;
    struct sg_check_result *result = sg_check_new(&database->list, "", "views", err);
    if (!result) return SG_SYSTEM;
    SG_TRY(sg_ledger_lost_views(database->connections[0], database->job->manifest.dataset->schema, names,
                                sizeof names, err));
    if (names[0]) sg_check_fail(result, 0, "made by the load: %.200s", names);
    return SG_OK;
}

static enum sg_code verify_one(struct database *database, struct sg_db_table *table, struct sg_pg *pg,
                               struct sg_error *err) {
    sg_progress_doing(database->job->progress, table->item->table->name);
    SG_TRY(sg_verify_catalog(table, pg, err));
    SG_TRY(sg_verify_rows(table, pg, err));
    SG_TRY(sg_db_model_ask(&database->model, table, pg, err));
    sg_progress_add(database->job->progress, table->item->rows);
    return SG_OK;
}

/* Tables of a level, biggest first, into order; returns how many. */
static size_t tables_of(const struct database *database, int level, struct sg_db_table **order) {
    size_t count = 0;
    for (size_t i = 0; i < database->table_count; i++) {
        struct sg_db_table *table = &database->tables[i];
        if (table->level != level) continue;
        size_t at = count++;
        for (; at > 0 && order[at - 1]->item->rows < table->item->rows; at--)
            order[at] = order[at - 1];
        order[at] = table;
    }
    return count;
}

static enum sg_code verify_level(struct database *database, int level, struct sg_db_table **order,
                                 struct sg_error *err) {
    enum sg_code code = SG_OK;
    size_t count = tables_of(database, level, order);
#pragma omp parallel for schedule(dynamic, 1) num_threads(database->target.connections_all)
    for (size_t i = 0; i < count; i++) {
        struct sg_error own = {0};
        if (halted(database)) continue;
        enum sg_code own_code =
            verify_one(database, order[i], database->connections[omp_get_thread_num()], &own);
#pragma omp critical
        if (own_code != SG_OK && code == SG_OK) {
            code = own_code;
            *err = own;
            atomic_store(&database->failed, true);
        }
    }
    return code == SG_OK && sg_stop_requested() ? sg_stopped(database->job, err) : code;
}

static enum sg_code verify_levels(struct database *database, struct sg_error *err) {
    struct sg_db_table **order = sg_alloc_array(database->table_count, sizeof(struct sg_db_table *));
    if (!order) return sg_fail(err, SG_SYSTEM, "no memory for %zu tables", database->table_count);
    enum sg_code code = SG_OK;
    for (int level = 0; code == SG_OK && level < database->levels; level++)
        code = verify_level(database, level, order, err);
    free(order);
    for (size_t i = 0; code == SG_OK && i < database->table_count; i++)
        code = sg_check_append(&database->list, database->tables[i].list.results,
                               database->tables[i].list.count, err);
    return code;
}

static enum sg_code certify(struct database *database, struct sg_error *err) {
    struct sg_db_model *model = &database->model;
    struct sg_fit *fits = sg_alloc_array(model->certificate.count, sizeof *fits);
    if (!fits) return sg_fail(err, SG_SYSTEM, "no memory for the certificate");
    sg_db_model_finish(model);
    enum sg_code code = sg_certify(database->job, SG_CERTIFIED_DATABASE, &model->certificate, model->cells,
                                   fits, &database->list, err);
    free(fits);
    return code;
}

/* Rank 0. */
static enum sg_code verify_all(struct database *database, struct sg_error *err) {
    SG_TRY(open_tables(database, err));
    SG_TRY(sg_db_model_open(&database->model, &database->job->manifest, err));
    SG_TRY(open_connections(database, err));
    SG_TRY(check_ledger(database, err));
    SG_TRY(check_views(database, err));
    SG_TRY(verify_levels(database, err));
    SG_TRY(certify(database, err));
    SG_TRY(sg_asked_keep(database->job, database->target.label, &database->list, err));
    return sg_check_report(database->job, "verify_database", database->target.label, &database->list, err);
}

static uint64_t rows_of(const struct sg_manifest *manifest) {
    uint64_t rows = 0;
    for (size_t i = 0; i < manifest->table_count; i++)
        rows += manifest->tables[i].rows;
    return rows;
}

enum sg_code sg_stage_verify_database(struct sg_job *job, struct sg_error *err) {
    struct database *database = calloc(1, sizeof *database);
    enum sg_code code = database ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for the verification");
    code = sg_comm_agree(job->comm, code, err);
    if (code == SG_OK) {
        database->job = job;
        code = sg_load_target_find(job, &database->target, err);
    }
    if (code == SG_OK) {
        bool first = job->comm->rank == 0;
        uint64_t rows = rows_of(&job->manifest);
        sg_progress_begin(job->progress, "verify in database", first ? rows : 0, rows, 0);
        code = sg_comm_agree(job->comm, first ? verify_all(database, err) : SG_OK, err);
        sg_progress_end(job->progress);
    }
    if (database) close_all(database);
    return code;
}
