/* The command `clear`: empties a dataset in a database, after asking. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/load_target.h"
#include "datasets/registry.h"
#include "io/pg_clear.h"
#include "io/pg_cluster.h"

/* The dataset of the folder's run, or that of --dataset; nothing is emptied on a guess. */
static enum sg_code find_dataset(struct sg_job *job, struct sg_error *err) {
    const struct sg_options *options = job->options;
    struct sg_error unread = {0};
    enum sg_code code = sg_manifest_read(&job->manifest, job->out, sg_dataset_find, &unread);
    if (code == SG_OK && options->dataset_given && job->manifest.dataset != options->dataset)
        return sg_fail(err, SG_USAGE,
                       "%s holds a run of %s, --dataset says %s: leave out one of them; nothing was cleared",
                       job->out, job->manifest.dataset->name, options->dataset->name);
    if (code == SG_OK) return SG_OK;
    sg_manifest_free(&job->manifest);
    if (!options->dataset_given)
        return sg_fail(err, code, "no run says which dataset to clear (%s): name it with --dataset",
                       unread.text);
    job->manifest.dataset = options->dataset;
    return SG_OK;
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
    if (holding->missing[0])
        sg_say(job, "tables of the run that are not there any more: %s\n", holding->missing);
    sg_result_object(job->result, "clear");
    sg_result_text(job->result, "target", label);
    sg_result_text(job->result, "schema", schema);
    sg_result_bool(job->result, "was_empty", holding->cleared);
    sg_result_u64(job->result, "rows", holding->rows);
    sg_result_u64(job->result, "tables", (uint64_t)holding->tables);
    sg_result_end(job->result);
}

/* With the lock: what was asked about may have been cleared, or another run loaded, in the meantime. */
static enum sg_code look_again(struct sg_pg *pg, const char *schema, struct sg_pg_holding *holding,
                               struct sg_error *err) {
    struct sg_pg_holding asked = *holding;
    SG_TRY(sg_pg_holding_look(pg, schema, holding, err));
    if (holding->known && strcmp(holding->identity, asked.identity) == 0) return SG_OK;
    return sg_fail(err, SG_EXISTS, "schema %s holds another run by now (%s); nothing was cleared", schema,
                   holding->known ? holding->identity : "none");
}

/* Rows that came after the clearing are not ours to delete. */
static enum sg_code demand_empty(struct sg_pg *pg, const char *schema, const char *label,
                                 struct sg_error *err) {
    bool holds;
    SG_TRY(sg_pg_holds_rows(pg, schema, &holds, err));
    if (!holds) return SG_OK;
    return sg_fail(err, SG_EXISTS,
                   "schema %s in %s was cleared, but holds rows again that this program did not load; "
                   "nothing was cleared: delete them yourself, or load with --overwrite",
                   schema, label);
}

static enum sg_code empty(struct sg_pg *pg, const struct sg_dataset *dataset, struct sg_error *err) {
    struct sg_error inner = {0};
    enum sg_code code = sg_pg_clear(pg, dataset, &inner);
    if (code == SG_OK) return SG_OK;
    return sg_fail(err, code,
                   code == SG_UNAVAILABLE ? "%s; clear again to be sure that all is gone"
                                          : "%s; nothing was cleared",
                   inner.text);
}

static enum sg_code clear(const struct sg_job *job, struct sg_pg *pg, const char *label,
                          struct sg_error *err) {
    const struct sg_dataset *dataset = job->manifest.dataset;
    struct sg_pg_holding holding;
    SG_TRY(sg_pg_holding_look(pg, dataset->schema, &holding, err));
    if (!holding.known)
        return sg_fail(err, SG_NO_INPUT, "%s holds no %s that this program loaded", label, dataset->name);
    if (holding.cleared)
        SG_TRY(demand_empty(pg, dataset->schema, label, err));
    else {
        SG_TRY(ask(job, &holding, label, err));
        SG_TRY(sg_ledger_lock(pg, dataset->schema, err));
        SG_TRY(look_again(pg, dataset->schema, &holding, err));
        if (!holding.cleared) SG_TRY(empty(pg, dataset, err));
    }
    report(job, &holding, label);
    return SG_OK;
}

enum sg_code sg_command_clear(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    struct sg_load_target target;
    struct sg_pg *pg = NULL;
    (void)options;
    SG_TRY(sg_comm_agree(job->comm, find_dataset(job, err), err));
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
