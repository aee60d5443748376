/* The queue over ranks: one counter per rank in a window of one-sided MPI, the next piece nobody has taken.
 *
 * Invariant: a piece is taken by the one atomic increment that returned its number; counters only grow, and
 * a counter at or beyond its rank's count means that rank has nothing left, for ever. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "partition/comm_mpi.h"
#include "partition/queue.h"

struct sg_queue {
    const struct sg_comm *comm;
    uint64_t *counts;
    atomic_ullong next; /* alone: the counter itself */
    atomic_uint victim; /* index of the neighbour to try next; SG_QUEUE_NEIGHBOURS + 1 = nobody */
    atomic_bool own_done;
    int neighbours[SG_QUEUE_NEIGHBOURS];
    unsigned neighbour_count;
    uint64_t requests;
    MPI_Win window;
    uint64_t *counter; /* in the window */
};

/* Distances double, so that takers of any slow rank are few and every rank is in reach of several. */
static void list_neighbours(struct sg_queue *queue) {
    int ranks = queue->comm->ranks, rank = queue->comm->rank;
    for (int distance = 1; distance < ranks && queue->neighbour_count < SG_QUEUE_NEIGHBOURS; distance *= 2)
        for (int sign = 1; sign >= -1; sign -= 2) {
            int other = (rank + sign * distance % ranks + ranks) % ranks;
            bool known = other == rank;
            for (unsigned i = 0; i < queue->neighbour_count; i++)
                known |= queue->neighbours[i] == other;
            if (!known && queue->neighbour_count < SG_QUEUE_NEIGHBOURS)
                queue->neighbours[queue->neighbour_count++] = other;
        }
}

/* Where MPI has no one-sided communication between these hosts, every rank makes its own pieces alone. */
static enum sg_code open_window(struct sg_queue *queue) {
    MPI_Comm_set_errhandler(sg_mpi_working(), MPI_ERRORS_RETURN);
    uint64_t failed =
        MPI_SUCCESS != MPI_Win_allocate(sizeof *queue->counter, sizeof *queue->counter, MPI_INFO_NULL,
                                        sg_mpi_working(), &queue->counter, &queue->window);
    MPI_Comm_set_errhandler(sg_mpi_working(), MPI_ERRORS_ARE_FATAL);
    sg_comm_sum(queue->comm, &failed, 1);
    if (failed) {
        queue->window = MPI_WIN_NULL;
        queue->neighbour_count = 0;
        return SG_OK;
    }
    *queue->counter = 0;
    MPI_Win_lock_all(MPI_MODE_NOCHECK, queue->window);
    MPI_Win_sync(queue->window);
    sg_comm_barrier(queue->comm);
    return SG_OK;
}

enum sg_code sg_queue_open(struct sg_queue **out, const struct sg_comm *comm, const uint64_t *counts,
                           struct sg_error *err) {
    struct sg_queue *queue = calloc(1, sizeof *queue);
    *out = queue;
    if (queue) queue->counts = calloc((size_t)comm->ranks, sizeof *queue->counts);
    bool ready = queue && queue->counts;
    enum sg_code code = ready ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for the queue of a stage");
    if (ready) {
        queue->comm = comm;
        queue->window = MPI_WIN_NULL;
        memcpy(queue->counts, counts, (size_t)comm->ranks * sizeof *counts);
        list_neighbours(queue);
    }
    code = sg_comm_agree(comm, code, err);
    if (code == SG_OK && !sg_mpi_alone(comm)) code = open_window(queue);
    if (code == SG_OK) return SG_OK;
    if (queue) free(queue->counts);
    free(queue);
    *out = NULL;
    return code;
}

void sg_queue_close(struct sg_queue *queue) {
    if (!queue) return;
    if (queue->window != MPI_WIN_NULL) {
        sg_comm_barrier(queue->comm); /* sleeps until the last taker is done; unlocking would spin */
        MPI_Win_unlock_all(queue->window);
        MPI_Win_free(&queue->window);
    }
    free(queue->counts);
    free(queue);
}

/* Increments the counter of a rank and returns what it was. */
static uint64_t increment(struct sg_queue *queue, int rank) {
    if (queue->window == MPI_WIN_NULL) return atomic_fetch_add(&queue->next, 1);
    uint64_t one = 1, before = 0;
    MPI_Request request;
    MPI_Rget_accumulate(&one, 1, MPI_UINT64_T, &before, 1, MPI_UINT64_T, rank, 0, 1, MPI_UINT64_T, MPI_SUM,
                        queue->window, &request);
    sg_mpi_wait(&request);
    queue->requests += rank != queue->comm->rank;
    return before;
}

static bool take_from(struct sg_queue *queue, int rank, int *owner, uint64_t *piece) {
    *owner = rank;
    sg_mpi_lock();
    *piece = increment(queue, rank);
    sg_mpi_unlock();
    return *piece < queue->counts[rank];
}

bool sg_queue_take(struct sg_queue *queue, int *owner, uint64_t *piece) {
    if (!atomic_load(&queue->own_done)) {
        if (take_from(queue, queue->comm->rank, owner, piece)) return true;
        atomic_store(&queue->own_done, true);
    }
    for (unsigned victim; (victim = atomic_load(&queue->victim)) < queue->neighbour_count;) {
        if (take_from(queue, queue->neighbours[victim], owner, piece)) return true;
        atomic_compare_exchange_strong(&queue->victim, &victim, victim + 1);
    }
    return false;
}

uint64_t sg_queue_requests(const struct sg_queue *queue) {
    return queue->requests;
}
