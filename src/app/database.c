/* The command `database`: the private cluster of an output folder by hand. */
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/load_target.h"
#include "datasets/registry.h"
#include "io/pg_cluster.h"

enum action { STATUS, START, STOP, ACTION_COUNT };
static const char *const actions[ACTION_COUNT] = {"status", "start", "stop"};

static enum sg_code find_action(const char *word, enum action *action, struct sg_error *err) {
    for (*action = STATUS; *action < ACTION_COUNT; ++*action)
        if (strcmp(word, actions[*action]) == 0) return SG_OK;
    return sg_fail(err, SG_USAGE, "database cannot '%s': say start, stop or status", word);
}

/* The folder's own dataset decides the database's name. */
static const char *database_name(const struct sg_job *job) {
    struct sg_manifest manifest = {0};
    struct sg_error unread = {0};
    const struct sg_dataset *dataset = job->options->dataset;
    if (sg_manifest_read(&manifest, job->out, sg_dataset_find, &unread) == SG_OK) dataset = manifest.dataset;
    sg_manifest_free(&manifest);
    return dataset->database;
}

static void report(const struct sg_job *job, const struct sg_pg_cluster *cluster, bool running) {
    char help[2 * SG_PG_URL_BYTES];
    const char *database = database_name(job);
    sg_pg_cluster_help(cluster, database, help, sizeof help);
    sg_say(job, "the private PostgreSQL server in %s %s\n", cluster->folder, running ? "runs" : "is stopped");
    if (running)
        sg_say(job, "%s", help);
    else
        sg_say(job, "start:   synthgen-hpc database %s start\n", job->out);
    sg_result_object(job->result, "database");
    sg_result_text(job->result, "folder", cluster->folder);
    sg_result_bool(job->result, "running", running);
    sg_result_text(job->result, "socket", cluster->socket);
    sg_result_text(job->result, "role", cluster->role);
    sg_result_text(job->result, "name", database);
    sg_result_end(job->result);
}

static enum sg_code act(const struct sg_job *job, enum action action, struct sg_error *err) {
    struct sg_pg_cluster *cluster = calloc(1, sizeof *cluster);
    if (!cluster) return sg_fail(err, SG_SYSTEM, "no memory for the private cluster");
    bool running = false;
    enum sg_code code = SG_OK;
    if (action == START)
        code = sg_pg_cluster_start(cluster, job->out, database_name(job), sg_load_stop, NULL, err);
    if (action == STOP) code = sg_pg_cluster_stop(cluster, job->out, err);
    if (code == SG_OK) code = sg_pg_cluster_status(cluster, job->out, &running, err);
    if (code == SG_OK) report(job, cluster, running);
    free(cluster);
    return code;
}

enum sg_code sg_command_database(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    enum action action = STATUS;
    if (options->table[0]) SG_TRY(find_action(options->table, &action, err));
    return sg_comm_agree(job->comm, job->comm->rank == 0 ? act(job, action, err) : SG_OK, err);
}
