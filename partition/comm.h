/* Message passing: control only, never data. Only comm*.c include mpi.h.
 *
 * "Collective." functions must be called by all ranks in the same order; "Local." and "Pure." ones need not.
 * Without an MPI launcher the program is one rank and never initialises MPI's network (singleton).
 */
#ifndef SG_PARTITION_COMM_H
#define SG_PARTITION_COMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct sg_comm {
    int rank;
    int ranks;
    int local_rank, local_ranks; /* on this host */
    int standing_by;             /* ranks beside these that do nothing, see sg_comm_stand_by */
    /* When message passing was up (MPI_Init had returned), on the clock of sg_clock_us. */
    uint64_t started_us;
};

/* Collective. Starts MPI (serialized threads: see queue.h for who may call in parallel). */
enum sg_code sg_comm_open(struct sg_comm *comm, int *argc, char ***argv, struct sg_error *err);
/* Collective. */
void sg_comm_close(struct sg_comm *comm);

/* Local. What a library that passes messages itself needs to know the ranks by: a pointer to MPI's
 * communicator of all of them; NULL when there is one rank. HDF5 is the only user. */
const void *sg_comm_handle(const struct sg_comm *comm);

/* Collective. The agreement point: every rank passes its own code and error and leaves with the same: the
 * first failing rank's code and text (prefixed "rank K: " unless all ranks failed alike), SG_OK when none
 * failed. */
enum sg_code sg_comm_agree(const struct sg_comm *comm, enum sg_code code, struct sg_error *err);

/* Collective. Sums, minima of count values in place, on all ranks. */
void sg_comm_sum(const struct sg_comm *comm, uint64_t *values, size_t count);
void sg_comm_min(const struct sg_comm *comm, uint64_t *values, size_t count);

/* Collective. Ranks with `stands_by` leave; the others go on as if they alone had been started, renumbered in
 * order. Those that left must call nothing but sg_comm_outcome and sg_comm_close. The lowest rank of every
 * host has to stay. */
void sg_comm_stand_by(struct sg_comm *comm, bool stands_by);

/* Collective, also for ranks that stand by, which sleep in it: all leave with rank 0's code. */
int sg_comm_outcome(const struct sg_comm *comm, int code);

/* Collective. Bytes of root's buffer to everyone (same size everywhere). */
void sg_comm_broadcast(const struct sg_comm *comm, void *bytes, size_t size, int root);

/* Collective. Gathers each rank's bytes on rank 0, in rank order. *all (rank 0: malloc'd, caller frees;
 * others NULL) and sizes (ranks values on rank 0, may be NULL). */
enum sg_code sg_comm_gather(const struct sg_comm *comm, const void *bytes, size_t size, void **all,
                            size_t *sizes, struct sg_error *err);

/* Collective. Everybody's bytes to everybody, in rank order: *all is malloc'd (caller frees; NULL on
 * failure), those of rank r begin at starts[r] and end at starts[r + 1]. A rank with a code other than SG_OK
 * takes part without bytes, and all leave with the first such code, as from sg_comm_agree. */
enum sg_code sg_comm_share(const struct sg_comm *comm, enum sg_code code, const void *bytes, size_t size,
                           void **all, size_t *starts, struct sg_error *err);

/* Collective. SG_CONFIG when ranks hold different bytes (options, binary version). */
enum sg_code sg_comm_same(const struct sg_comm *comm, const void *bytes, size_t size, const char *what,
                          struct sg_error *err);

/* Collective. */
void sg_comm_barrier(const struct sg_comm *comm);

/* What this rank has passed through collectives so far; requests of queues are counted there. */
struct sg_comm_traffic {
    uint64_t collectives, bytes;
};
/* Local, main thread only. */
struct sg_comm_traffic sg_comm_traffic(void);

/* Local, main thread only. Early stop: the first call with failed_here tells all other ranks; the result is
 * true when this or any other rank failed. Call it between pieces of work (it costs a probe), and
 * sg_comm_stop_clear after the agreement that ends the work. */
bool sg_comm_stop(const struct sg_comm *comm, bool failed_here);
/* Collective. Forgets a stop, so that the next stage starts clean. */
void sg_comm_stop_clear(const struct sg_comm *comm);

/* Collective. Zeroed counters that all ranks of one host see: local_ranks rows of `count` values; *mine is
 * the index of this rank's row. Any thread may add to its own row atomically and read all. Valid until
 * sg_comm_close; one call per program run. */
enum sg_code sg_comm_counters(const struct sg_comm *comm, size_t count, uint64_t **counters, int *mine,
                              struct sg_error *err);

#endif
