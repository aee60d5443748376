/* The command `clear`: empties a dataset in a database, after asking. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/load_target.h"
#include "datasets/registry.h"
#include "io/pg_clear.h"
#include "io/pg_cluster.h"

/* The dataset of the folder when it holds a run, else that of --dataset. */
static void find_dataset(struct sg_job *job) {
    struct sg_error unread = {0};
    if (sg_manifest_read(&job->manifest, job->out, sg_dataset_find, &unread) == SG_OK) return;
    sg_manifest_free(&job->manifest);
    job->manifest.dataset = job->options->dataset;
}

/* A private cluster is cleared, never made. */
static enum sg_code need_cluster(const struct sg_job *job, struct sg_error *err) {
    struct sg_pg_cluster cluster;
    bool running;
    if (job->options->target != SG_TARGET_PRIVATE) return SG_OK;
    return sg_pg_cluster_status(&cluster, job->out, &running, err);
}

static enum sg_code ask(const struct sg_job *job, const struct sg_pg_holding *holding, const char *label,
                        struct sg_error *err) {
    char answer[16] = "";
    if (job->options->yes) return SG_OK;
    if (!isatty(STDIN_FILENO))
        return sg_fail(err, SG_USAGE,
                       "clear asks before it empties schema %s, but stdin is no terminal: add --yes",
                       job->manifest.dataset->schema);
    fprintf(stderr, "Empty schema %s in %s of %llu rows (%s)? [y/N] ", job->manifest.dataset->schema, label,
            (unsigned long long)holding->rows, holding->identity);
    fflush(stderr);
    if (fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y')) return SG_OK;
    return sg_fail(err, SG_STOPPED, "nothing was cleared");
}

static void report(const struct sg_job *job, const struct sg_pg_holding *holding, const char *label) {
    const char *schema = job->manifest.dataset->schema;
    if (holding->cleared)
        sg_say(job, "schema %s in %s is empty already\n", schema, label);
    else
        sg_say(job, "emptied schema %s in %s: %llu rows of %d tables are gone\n", schema, label,
               (unsigned long long)holding->rows, holding->tables);
    sg_result_object(job->result, "clear");
    sg_result_text(job->result, "target", label);
    sg_result_text(job->result, "schema", schema);
    sg_result_bool(job->result, "was_empty", holding->cleared);
    sg_result_u64(job->result, "rows", holding->rows);
    sg_result_u64(job->result, "tables", (uint64_t)holding->tables);
    sg_result_end(job->result);
}

static enum sg_code clear(const struct sg_job *job, struct sg_pg *pg, const char *label,
                          struct sg_error *err) {
    const struct sg_dataset *dataset = job->manifest.dataset;
    struct sg_pg_holding holding;
    SG_TRY(sg_pg_holding_look(pg, dataset->schema, &holding, err));
    if (!holding.known)
        return sg_fail(err, SG_NO_INPUT, "%s holds no %s that this program loaded", label, dataset->name);
    if (!holding.cleared) {
        SG_TRY(ask(job, &holding, label, err));
        SG_TRY(sg_ledger_lock(pg, dataset->schema, err));
        SG_TRY(sg_pg_clear(pg, dataset, err));
    }
    report(job, &holding, label);
    return SG_OK;
}

enum sg_code sg_command_clear(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    struct sg_load_target target;
    struct sg_pg *pg = NULL;
    (void)options;
    find_dataset(job);
    SG_TRY(sg_comm_agree(job->comm, job->comm->rank == 0 ? need_cluster(job, err) : SG_OK, err));
    SG_TRY(sg_load_target_find(job, &target, err));
    enum sg_code code = SG_OK;
    if (job->comm->rank == 0) {
        code = sg_pg_open(&pg, target.url, sg_load_stop, NULL, err);
        if (code == SG_OK) code = clear(job, pg, target.label, err);
        sg_pg_close(pg);
    }
    return sg_comm_agree(job->comm, code, err);
}
