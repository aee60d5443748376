/* The queue of a stage: pieces of work that any thread of any rank may take, each piece once.
 *
 * Every rank starts with pieces of its own and takes them in order; a rank that has no more takes over pieces
 * that others have not begun, so that a slow node holds nobody up. Who makes a piece never shows in its
 * bytes. Between ranks one-sided MPI moves a counter, never data: a taker asks at most SG_QUEUE_NEIGHBOURS
 * other ranks, so a stage costs O(ranks + pieces) requests. Where MPI offers no one-sided
 * communication between the hosts, every rank makes its own pieces alone.
 */
#ifndef SG_PARTITION_QUEUE_H
#define SG_PARTITION_QUEUE_H

#include "partition/comm.h"

/* Ranks at distances 1, 2, 4, ... in both directions: with up to 2^8 ranks all are reached over a few
 * hands, with fewer than 6 directly. */
enum { SG_QUEUE_NEIGHBOURS = 16 };

struct sg_queue;

/* Collective. Rank r owns counts[r] pieces, numbered from 0 (comm->ranks values, equal on all ranks; copied).
 */
enum sg_code sg_queue_open(struct sg_queue **queue, const struct sg_comm *comm, const uint64_t *counts,
                           struct sg_error *err);
/* Collective. NULL is fine on all ranks alike. */
void sg_queue_close(struct sg_queue *queue);

/* Local, any thread of a stage whose other threads speak to MPI only through queue and sg_comm_stop. Takes
 * piece *piece of rank *owner; false when nothing is left within reach. */
bool sg_queue_take(struct sg_queue *queue, int *owner, uint64_t *piece);

/* Pure. Requests this rank has sent to other ranks so far. */
uint64_t sg_queue_requests(const struct sg_queue *queue);

#endif
