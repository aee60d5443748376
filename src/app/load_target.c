/* Rank 0 resolves the target; the others learn it. */
#include "app/load_target.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/files.h"
#include "io/pg_cluster.h"

enum { CONNECTIONS_LOCAL_MAX = 32, CONNECTIONS_REMOTE = 4, HOST_BYTES = 256 };

bool sg_load_stop(void *context) {
    (void)context;
    return sg_stop_requested();
}

static enum sg_code start_private(const struct sg_job *job, struct sg_load_target *target,
                                  struct sg_error *err) {
    char below[SG_PATH_BYTES];
    const char *database = job->manifest.dataset->database;
    struct sg_pg_cluster *cluster = calloc(1, sizeof *cluster);
    if (!cluster) return sg_fail(err, SG_SYSTEM, "no memory for the private cluster");
    enum sg_code code = sg_path_join(below, job->out, "postgresql", err);
    if (code == SG_OK) code = sg_make_parents(below, err);
    if (code == SG_OK) code = sg_pg_cluster_start(cluster, job->out, database, sg_load_stop, NULL, err);
    if (code == SG_OK) {
        memcpy(target->url, cluster->url, sizeof target->url);
        sg_pg_cluster_help(cluster, database, target->help, sizeof target->help);
        target->private_cluster = true;
    }
    free(cluster);
    return code;
}

static enum sg_code resolve(const struct sg_job *job, struct sg_load_target *target, struct sg_error *err) {
    const struct sg_options *options = job->options;
    if (options->target == SG_TARGET_PRIVATE) {
        SG_TRY(start_private(job, target, err));
    } else if (options->target == SG_TARGET_URL) {
        SG_TRY(sg_pg_check_url(options->database_url, err));
        snprintf(target->url, sizeof target->url, "%s", options->database_url);
    } else
        return sg_fail(err, SG_USAGE, "no database to load into: give --database URL or set DATABASE_URL");
    sg_pg_label(target->url, target->label);
    return SG_OK;
}

/* Connections do the server's work, so the server's cores decide; a remote server's are not known. */
static int connections_wanted(const struct sg_job *job, const struct sg_load_target *target) {
    if (job->options->connections) return job->options->connections;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (!sg_pg_is_local(target->url)) return CONNECTIONS_REMOTE;
    return cores < 1 ? 1 : cores > CONNECTIONS_LOCAL_MAX ? CONNECTIONS_LOCAL_MAX : (int)cores;
}

/* Shares out the connections, first to last, among the ranks that can reach the server. */
static enum sg_code share_out(const struct sg_job *job, struct sg_load_target *target, struct sg_error *err) {
    const struct sg_comm *comm = job->comm;
    uint64_t *reach = calloc((size_t)comm->ranks, sizeof *reach);
    SG_TRY(sg_comm_agree(comm, reach ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for the ranks"), err));
    reach[comm->rank] = target->reachable;
    sg_comm_sum(comm, reach, (size_t)comm->ranks);
    int able = 0, before = 0;
    for (int rank = 0; rank < comm->ranks; rank++) {
        if (rank < comm->rank) before += reach[rank] != 0;
        able += reach[rank] != 0;
    }
    free(reach);
    int wanted = connections_wanted(job, target);
    target->connections_all = wanted;
    target->connections = target->reachable ? wanted / able + (before < wanted % able) : 0;
    return SG_OK;
}

enum sg_code sg_load_target_find(const struct sg_job *job, struct sg_load_target *target,
                                 struct sg_error *err) {
    char host[HOST_BYTES] = "", first[HOST_BYTES];
    memset(target, 0, sizeof *target);
    enum sg_code code = job->comm->rank == 0 ? resolve(job, target, err) : SG_OK;
    SG_TRY(sg_comm_agree(job->comm, code, err));
    sg_comm_broadcast(job->comm, target, sizeof *target, 0);
    gethostname(host, sizeof host - 1);
    memcpy(first, host, sizeof first);
    sg_comm_broadcast(job->comm, first, sizeof first, 0);
    target->reachable = !sg_pg_is_local(target->url) || strcmp(host, first) == 0;
    return share_out(job, target, err);
}
