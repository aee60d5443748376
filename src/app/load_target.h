/* Where a load goes: the URL of the options, or the private cluster under the output folder. */
#ifndef SG_APP_LOAD_TARGET_H
#define SG_APP_LOAD_TARGET_H

#include "app/stages.h"
#include "io/pg.h"

struct sg_load_target {
    char url[SG_PG_URL_BYTES];     /* may hold a password */
    char label[SG_PG_LABEL_BYTES]; /* without it, for messages */
    char help[2 * SG_URL_BYTES];   /* private cluster, rank 0: how to connect and to stop it; else "" */
    bool private_cluster;
    bool reachable;      /* may this rank connect? false on other hosts than rank 0's for unix sockets */
    int connections;     /* of this rank, >= 1 on rank 0 */
    int connections_all; /* of all ranks */
};

/* Collective. Finds the target, starting the private cluster when that is it, and shares the connections out
 * among the ranks that can reach it. All ranks leave with the same url. */
enum sg_code sg_load_target_find(const struct sg_job *job, struct sg_load_target *target,
                                 struct sg_error *err);

/* sg_pg_stop: the process was asked to stop. */
bool sg_load_stop(void *context);

#endif
