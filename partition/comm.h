/* Message passing: control only, never data. The one place that includes mpi.h is comm.c.
 *
 * "Collective." functions must be called by all ranks in the same order; "Local." and "Pure." ones need not.
 * Without an MPI launcher the program is one rank and never initialises MPI's network (singleton).
 */
#ifndef SG_PARTITION_COMM_H
#define SG_PARTITION_COMM_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct sg_comm {
    int rank;
    int ranks;
    int local_ranks; /* ranks on this host, for thread defaults */
};

/* Collective. Starts MPI (funneled threads). */
enum sg_code sg_comm_open(struct sg_comm *comm, int *argc, char ***argv, struct sg_error *err);
/* Collective. */
void sg_comm_close(struct sg_comm *comm);

/* Collective. The agreement point: every rank passes its own code and error and leaves with the same: the
 * first failing rank's code and text (prefixed "rank K: " when there are several ranks), SG_OK when none
 * failed. */
enum sg_code sg_comm_agree(const struct sg_comm *comm, enum sg_code code, struct sg_error *err);

/* Collective. Sums, maxima, minima of count values in place, on all ranks. */
void sg_comm_sum(const struct sg_comm *comm, uint64_t *values, size_t count);
void sg_comm_max(const struct sg_comm *comm, uint64_t *values, size_t count);
void sg_comm_min(const struct sg_comm *comm, uint64_t *values, size_t count);

/* Collective. Bytes of root's buffer to everyone (same size everywhere). */
void sg_comm_broadcast(const struct sg_comm *comm, void *bytes, size_t size, int root);

/* Collective. Gathers each rank's bytes on rank 0, in rank order. *all (rank 0: malloc'd, caller frees;
 * others NULL) and sizes (ranks values on rank 0, may be NULL). */
enum sg_code sg_comm_gather(const struct sg_comm *comm, const void *bytes, size_t size, void **all,
                            size_t *sizes, struct sg_error *err);

/* Collective. SG_CONFIG when ranks hold different bytes (options, binary version). */
enum sg_code sg_comm_same(const struct sg_comm *comm, const void *bytes, size_t size, const char *what,
                          struct sg_error *err);

/* Collective. */
void sg_comm_barrier(const struct sg_comm *comm);

#endif
