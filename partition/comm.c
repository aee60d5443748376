/* MPI: start, agreement points, gathering. Every collective is started nonblocking and waited for with short
 * sleeps, so that ranks that wait leave their core to ranks that work, also when there are more ranks than
 * cores. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "partition/comm_mpi.h"

enum { STOP_TAG = 1, SPINS = 64, SLEEP_FIRST_NS = 20000, SLEEP_LAST_NS = 5000000, SLEEP_IDLE_NS = 50000000 };
/* Data that all wait for moves on only while they look. */
enum { SLEEP_SHARE_NS = 30000 };

/* MPI is process-wide; so is what is known of it. Set by open, read by the main thread. */
static struct {
    bool started;
    MPI_Comm working; /* the ranks that do not stand by */
    MPI_Comm local;   /* those of this host */
    MPI_Win window;
    uint64_t *counters; /* without MPI */
    bool stop_told, stop_heard;
    int stop_received;
    char stop_token;
    pthread_mutex_t lock;
    struct sg_comm_traffic traffic;
} mpi = {.working = MPI_COMM_NULL,
         .local = MPI_COMM_NULL,
         .window = MPI_WIN_NULL,
         .lock = PTHREAD_MUTEX_INITIALIZER};

/* The variables that a launcher with a process-management interface sets for each rank. */
static const char *const launcher_variables[] = {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "PMI_FD"};

static bool launched(void) {
    for (size_t i = 0; i < sizeof launcher_variables / sizeof *launcher_variables; i++)
        if (getenv(launcher_variables[i])) return true;
    return false;
}

/* Several tasks without a process-management interface would each believe to be alone. */
static enum sg_code refuse_blind_tasks(struct sg_error *err) {
    const char *tasks = getenv("SLURM_STEP_NUM_TASKS");
    if (!tasks || !getenv("SLURM_PROCID") || atoi(tasks) < 2) return SG_OK;
    return sg_fail(err, SG_CONFIG,
                   "srun started %s tasks without an MPI interface: use srun --mpi=pmix (or pmi2), or mpirun",
                   tasks);
}

/* From here the ranks are those of `working`. */
static void work_over(struct sg_comm *comm, MPI_Comm working) {
    if (mpi.working != MPI_COMM_NULL) {
        MPI_Comm_free(&mpi.local);
        MPI_Comm_free(&mpi.working);
    }
    mpi.working = working;
    MPI_Comm_rank(working, &comm->rank);
    MPI_Comm_size(working, &comm->ranks);
    MPI_Comm_split_type(working, MPI_COMM_TYPE_SHARED, comm->rank, MPI_INFO_NULL, &mpi.local);
    MPI_Comm_rank(mpi.local, &comm->local_rank);
    MPI_Comm_size(mpi.local, &comm->local_ranks);
}

static enum sg_code start(struct sg_comm *comm, int *argc, char ***argv, struct sg_error *err) {
    int provided;
    setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0);
    /* Debian's configuration leaves Open MPI without one-sided communication between hosts on plain TCP. */
    setenv("OMPI_MCA_osc", "^ucx", 0);
    if (MPI_Init_thread(argc, argv, MPI_THREAD_SERIALIZED, &provided) != MPI_SUCCESS)
        return sg_fail(err, SG_SYSTEM, "MPI does not start: check the launcher");
    mpi.started = true;
    comm->started_us = sg_clock_us();
    if (provided < MPI_THREAD_SERIALIZED)
        return sg_fail(err, SG_SYSTEM, "this MPI library does not support threads (MPI_THREAD_SERIALIZED)");
    MPI_Comm working;
    MPI_Comm_dup(MPI_COMM_WORLD, &working);
    work_over(comm, working);
    return SG_OK;
}

enum sg_code sg_comm_open(struct sg_comm *comm, int *argc, char ***argv, struct sg_error *err) {
    *comm = (struct sg_comm){.rank = 0, .ranks = 1, .local_ranks = 1, .started_us = sg_clock_us()};
    if (!launched()) return refuse_blind_tasks(err);
    return start(comm, argc, argv, err);
}

void sg_comm_close(struct sg_comm *comm) {
    free(mpi.counters);
    mpi.counters = NULL;
    if (!mpi.started) return;
    sg_comm_barrier(comm);
    if (mpi.window != MPI_WIN_NULL) MPI_Win_free(&mpi.window);
    MPI_Comm_free(&mpi.local);
    MPI_Comm_free(&mpi.working);
    MPI_Finalize();
    mpi.started = false;
}

void sg_mpi_lock(void) {
    pthread_mutex_lock(&mpi.lock);
}

void sg_mpi_unlock(void) {
    pthread_mutex_unlock(&mpi.lock);
}

/* Pauses grow to sleep_last_ns. */
static void wait_for(MPI_Request *request, long sleep_last_ns) {
    int done = 0;
    long sleep_ns = SLEEP_FIRST_NS;
    for (int spin = 0; !done; spin++) {
        MPI_Test(request, &done, MPI_STATUS_IGNORE);
        if (done) return;
        if (spin < SPINS) {
            sched_yield();
            continue;
        }
        nanosleep(&(struct timespec){0, sleep_ns}, NULL);
        if (sleep_ns < sleep_last_ns) sleep_ns += sleep_ns / 4;
    }
}

void sg_mpi_wait(MPI_Request *request) {
    wait_for(request, SLEEP_LAST_NS);
}

MPI_Comm sg_mpi_working(void) {
    return mpi.working;
}

bool sg_mpi_alone(const struct sg_comm *comm) {
    return comm->ranks == 1 || !mpi.started;
}

const void *sg_comm_handle(const struct sg_comm *comm) {
    return sg_mpi_alone(comm) ? NULL : &mpi.working;
}

/* Every collective passes here before it starts. */
static void count(size_t bytes) {
    mpi.traffic.collectives++;
    mpi.traffic.bytes += bytes;
}

struct sg_comm_traffic sg_comm_traffic(void) {
    return mpi.traffic;
}

static void reduce(const struct sg_comm *comm, uint64_t *values, size_t value_count, MPI_Op operation) {
    if (sg_mpi_alone(comm)) return;
    count(value_count * sizeof *values);
    MPI_Request request;
    MPI_Iallreduce(MPI_IN_PLACE, values, (int)value_count, MPI_UINT64_T, operation, mpi.working, &request);
    sg_mpi_wait(&request);
}

void sg_comm_sum(const struct sg_comm *comm, uint64_t *values, size_t count) {
    reduce(comm, values, count, MPI_SUM);
}

void sg_comm_min(const struct sg_comm *comm, uint64_t *values, size_t count) {
    reduce(comm, values, count, MPI_MIN);
}

void sg_comm_barrier(const struct sg_comm *comm) {
    if (sg_mpi_alone(comm)) return;
    count(0);
    MPI_Request request;
    MPI_Ibarrier(mpi.working, &request);
    sg_mpi_wait(&request);
}

void sg_comm_broadcast(const struct sg_comm *comm, void *bytes, size_t size, int root) {
    enum { PIECE_BYTES = 64 << 20 };
    if (sg_mpi_alone(comm)) return;
    char *at = bytes;
    while (size) {
        size_t piece = size < PIECE_BYTES ? size : PIECE_BYTES;
        count(piece);
        MPI_Request request;
        MPI_Ibcast(at, (int)piece, MPI_BYTE, root, mpi.working, &request);
        sg_mpi_wait(&request);
        at += piece;
        size -= piece;
    }
}

/* FNV-1a: enough to see whether ranks hold equal bytes. */
static uint64_t hash_bytes(const void *bytes, size_t size) {
    const unsigned char *at = bytes;
    uint64_t hash = 0xcbf29ce484222325u ^ size;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ at[i]) * 0x100000001b3u;
    return hash;
}

static bool same_everywhere(const struct sg_comm *comm, uint64_t hash) {
    uint64_t range[2] = {hash, ~hash};
    sg_comm_min(comm, range, 2);
    return range[0] == ~range[1];
}

enum sg_code sg_comm_agree(const struct sg_comm *comm, enum sg_code code, struct sg_error *err) {
    if (sg_mpi_alone(comm)) return code;
    struct sg_error mine = {0};
    if (code != SG_OK) {
        if (err && err->code == code) mine = *err;
        mine.code = code;
    }
    uint64_t first = code == SG_OK ? (uint64_t)comm->ranks : (uint64_t)comm->rank;
    sg_comm_min(comm, &first, 1);
    if (first == (uint64_t)comm->ranks) return SG_OK;
    bool alike = same_everywhere(comm, hash_bytes(mine.text, strlen(mine.text)) ^ (uint64_t)code);
    sg_comm_broadcast(comm, &mine, sizeof mine, (int)first);
    if (err) {
        *err = mine;
        if (!alike) {
            snprintf(err->text, sizeof err->text, "rank %d: ", (int)first);
            sg_append(err->text, sizeof err->text, "%s", mine.text);
        }
    }
    return mine.code;
}

/* Agrees on a code; then all leave with everybody's sizes and their offsets. */
static enum sg_code gather_sizes(const struct sg_comm *comm, enum sg_code code, size_t size, int **counts,
                                 int **offsets, size_t *total, struct sg_error *err) {
    uint64_t mine = size;
    uint64_t *all = calloc((size_t)comm->ranks, sizeof *all);
    *counts = calloc((size_t)comm->ranks, sizeof **counts);
    *offsets = calloc((size_t)comm->ranks, sizeof **offsets);
    bool ready = all && *counts && *offsets;
    if (code == SG_OK && !ready) code = sg_fail(err, SG_SYSTEM, "no memory to gather from ranks");
    code = sg_comm_agree(comm, code, err);
    if (code == SG_OK) {
        count(sizeof mine);
        MPI_Request request;
        MPI_Iallgather(&mine, 1, MPI_UINT64_T, all, 1, MPI_UINT64_T, mpi.working, &request);
        sg_mpi_wait(&request);
        *total = 0;
        for (int i = 0; i < comm->ranks; i++) {
            (*counts)[i] = (int)all[i];
            (*offsets)[i] = (int)*total;
            *total += all[i];
        }
        if (*total > INT32_MAX)
            code = sg_fail(err, SG_SYSTEM, "too much to gather from ranks: %zu bytes", *total);
    }
    free(all);
    return code;
}

static enum sg_code gather_bytes(const struct sg_comm *comm, const void *bytes, const int *counts,
                                 const int *offsets, size_t total, void **all, struct sg_error *err) {
    enum sg_code code = SG_OK;
    if (comm->rank == 0) {
        *all = malloc(total ? total : 1);
        if (!*all) code = sg_fail(err, SG_SYSTEM, "no memory to gather %zu bytes from ranks", total);
    }
    SG_TRY(sg_comm_agree(comm, code, err));
    count(comm->rank == 0 ? total : (size_t)counts[comm->rank]);
    MPI_Request request;
    MPI_Igatherv(bytes, counts[comm->rank], MPI_BYTE, *all, counts, offsets, MPI_BYTE, 0, mpi.working,
                 &request);
    sg_mpi_wait(&request);
    return SG_OK;
}

static enum sg_code gather_alone(const void *bytes, size_t size, void **all, size_t *sizes,
                                 struct sg_error *err) {
    *all = malloc(size ? size : 1);
    if (!*all) return sg_fail(err, SG_SYSTEM, "no memory to gather %zu bytes", size);
    if (size) memcpy(*all, bytes, size);
    if (sizes) sizes[0] = size;
    return SG_OK;
}

enum sg_code sg_comm_gather(const struct sg_comm *comm, const void *bytes, size_t size, void **all,
                            size_t *sizes, struct sg_error *err) {
    *all = NULL;
    if (sg_mpi_alone(comm)) return gather_alone(bytes, size, all, sizes, err);
    int *counts = NULL, *offsets = NULL;
    size_t total = 0;
    enum sg_code code = gather_sizes(comm, SG_OK, size, &counts, &offsets, &total, err);
    if (code == SG_OK) code = gather_bytes(comm, bytes, counts, offsets, total, all, err);
    if (code == SG_OK && sizes && comm->rank == 0)
        for (int i = 0; i < comm->ranks; i++)
            sizes[i] = (size_t)counts[i];
    free(counts);
    free(offsets);
    return code;
}

enum sg_code sg_comm_share(const struct sg_comm *comm, enum sg_code code, const void *bytes, size_t size,
                           void **all, size_t *starts, struct sg_error *err) {
    int *counts = NULL, *offsets = NULL;
    size_t total = 0;
    *all = NULL;
    if (sg_mpi_alone(comm)) {
        starts[0] = 0;
        return code == SG_OK ? gather_alone(bytes, size, all, &starts[1], err) : code;
    }
    code = gather_sizes(comm, code, size, &counts, &offsets, &total, err);
    if (code == SG_OK) {
        *all = malloc(total ? total : 1);
        if (!*all) code = sg_fail(err, SG_SYSTEM, "no memory to share %zu bytes among ranks", total);
        code = sg_comm_agree(comm, code, err);
    }
    if (code == SG_OK) {
        count(total);
        MPI_Request request;
        MPI_Iallgatherv(bytes, counts[comm->rank], MPI_BYTE, *all, counts, offsets, MPI_BYTE, mpi.working,
                        &request);
        wait_for(&request, SLEEP_SHARE_NS);
        for (int rank = 0; rank < comm->ranks; rank++)
            starts[rank] = (size_t)offsets[rank];
        starts[comm->ranks] = total;
    } else {
        free(*all);
        *all = NULL;
    }
    free(counts);
    free(offsets);
    return code;
}

enum sg_code sg_comm_same(const struct sg_comm *comm, const void *bytes, size_t size, const char *what,
                          struct sg_error *err) {
    if (sg_mpi_alone(comm) || same_everywhere(comm, hash_bytes(bytes, size))) return SG_OK;
    return sg_fail(err, SG_CONFIG,
                   "ranks disagree about %s: start all with the same program, options and environment", what);
}

/* Tells all other ranks, once. */
static void tell_stop(const struct sg_comm *comm) {
    if (mpi.stop_told) return;
    mpi.stop_told = true;
    for (int rank = 0; rank < comm->ranks; rank++) {
        if (rank == comm->rank) continue;
        MPI_Request request;
        MPI_Isend(&mpi.stop_token, 1, MPI_CHAR, rank, STOP_TAG, mpi.working, &request);
        MPI_Request_free(&request);
    }
}

bool sg_comm_stop(const struct sg_comm *comm, bool failed_here) {
    if (sg_mpi_alone(comm)) return failed_here;
    int waiting = 0;
    sg_mpi_lock();
    if (failed_here) tell_stop(comm);
    MPI_Iprobe(MPI_ANY_SOURCE, STOP_TAG, mpi.working, &waiting, MPI_STATUS_IGNORE);
    if (waiting) mpi.stop_heard = true;
    bool heard = mpi.stop_heard;
    sg_mpi_unlock();
    return failed_here || heard;
}

void sg_comm_stop_clear(const struct sg_comm *comm) {
    if (sg_mpi_alone(comm)) return;
    uint64_t tellers = mpi.stop_told;
    sg_comm_sum(comm, &tellers, 1);
    for (uint64_t left = tellers - mpi.stop_told; left > 0; left--) {
        char token;
        MPI_Request request;
        MPI_Irecv(&token, 1, MPI_CHAR, MPI_ANY_SOURCE, STOP_TAG, mpi.working, &request);
        sg_mpi_wait(&request);
    }
    mpi.stop_told = mpi.stop_heard = false;
    sg_comm_barrier(comm);
}

void sg_comm_stand_by(struct sg_comm *comm, bool stands_by) {
    if (sg_mpi_alone(comm)) return;
    uint64_t standing_by = stands_by;
    sg_comm_sum(comm, &standing_by, 1);
    if (!standing_by) return;
    MPI_Comm working;
    MPI_Comm_split(mpi.working, stands_by, comm->rank, &working);
    work_over(comm, working);
    comm->standing_by = (int)standing_by;
}

int sg_comm_outcome(const struct sg_comm *comm, int code) {
    if (!mpi.started || !comm->standing_by) return code;
    MPI_Request request;
    MPI_Ibcast(&code, 1, MPI_INT, 0, MPI_COMM_WORLD, &request);
    wait_for(&request, SLEEP_IDLE_NS);
    return code;
}

static enum sg_code counters_alone(size_t count, uint64_t **counters, struct sg_error *err) {
    free(mpi.counters);
    *counters = mpi.counters = calloc(count, sizeof *mpi.counters);
    if (!mpi.counters) return sg_fail(err, SG_SYSTEM, "no memory for counters");
    return SG_OK;
}

enum sg_code sg_comm_counters(const struct sg_comm *comm, size_t count, uint64_t **counters, int *mine,
                              struct sg_error *err) {
    *mine = 0;
    if (sg_mpi_alone(comm)) return counters_alone(count, counters, err);
    MPI_Comm_rank(mpi.local, mine);
    uint64_t *own;
    MPI_Aint bytes = (MPI_Aint)(count * sizeof *own);
    MPI_Win_allocate_shared(bytes, sizeof *own, MPI_INFO_NULL, mpi.local, &own, &mpi.window);
    memset(own, 0, (size_t)bytes);
    int unit;
    MPI_Win_shared_query(mpi.window, 0, &bytes, &unit, counters);
    sg_comm_barrier(comm);
    return SG_OK;
}
