/* Counting and showing progress. The counters live in memory that all ranks of a host share: per rank and
 * stage one cell for rows done and one for rows expected, so nothing is ever reset while others read. */
#include "app/progress.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/numbers.h"

enum { DONE, EXPECTED, CELLS };
enum { TERMINAL_MS = 200, LOG_MS = 5000 };

struct sg_progress {
    const struct sg_comm *comm;
    uint64_t *counters; /* local_ranks x SG_STAGES_MAX x CELLS */
    int mine;
    bool shows, terminal;
    struct sg_stage stages[SG_STAGES_MAX];
    size_t stage_count;
    bool active;
    double started_s, started_cpu_s;
    const char *doing;
    pthread_t printer;
    bool printing;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stop;
};

static double clock_s(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double now_s(void) {
    return clock_s(CLOCK_MONOTONIC);
}

static uint64_t *cell(const struct sg_progress *progress, int rank, size_t stage, int kind) {
    return &progress->counters[((size_t)rank * SG_STAGES_MAX + stage) * CELLS + (size_t)kind];
}

enum sg_code sg_progress_open(struct sg_progress **out, const struct sg_comm *comm, bool quiet,
                              struct sg_error *err) {
    struct sg_progress *progress = calloc(1, sizeof *progress);
    enum sg_code code = progress ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for progress");
    *out = progress;
    SG_TRY(sg_comm_agree(comm, code, err));
    progress->comm = comm;
    progress->shows = comm->rank == 0 && !quiet;
    progress->terminal = isatty(STDERR_FILENO);
    pthread_mutex_init(&progress->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&progress->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    code = sg_comm_counters(comm, SG_STAGES_MAX * CELLS, &progress->counters, &progress->mine, err);
    return sg_comm_agree(comm, code, err);
}

void sg_progress_close(struct sg_progress *progress) {
    if (!progress) return;
    sg_progress_end(progress);
    pthread_cond_destroy(&progress->wake);
    pthread_mutex_destroy(&progress->lock);
    free(progress);
}

/* Rows done by all ranks, other hosts taken to be as far as this one. */
static uint64_t rows_done(const struct sg_progress *progress, size_t stage) {
    uint64_t done = 0, expected = 0, all = progress->stages[stage].rows;
    for (int rank = 0; rank < progress->comm->local_ranks; rank++) {
        done += __atomic_load_n(cell(progress, rank, stage, DONE), __ATOMIC_RELAXED);
        expected += __atomic_load_n(cell(progress, rank, stage, EXPECTED), __ATOMIC_RELAXED);
    }
    if (progress->comm->local_ranks == progress->comm->ranks || expected == 0) return done;
    return (uint64_t)((double)done / (double)expected * (double)all);
}

/* Counts and rates of a stage that counts rows. */
static void print_rows(const struct sg_stage *stage, uint64_t done, double seconds, bool last) {
    char done_text[16], all_text[16], rate_text[16];
    double rate = seconds > 0 ? (double)done / seconds : 0;
    int percent = (int)(100.0 * (double)done / (double)stage->rows);
    sg_short_number((double)done, done_text);
    sg_short_number((double)stage->rows, all_text);
    sg_short_number(rate, rate_text);
    fprintf(stderr, " %3d %%  %s of %s rows,", percent > 100 ? 100 : percent, done_text, all_text);
    if (percent < 1) return; /* a statement proves a table at once: nothing says yet how long it will take */
    fprintf(stderr, " %s rows/s,", rate_text);
    if (last || done >= stage->rows) return;
    double left = (double)(stage->rows - done) / rate;
    fprintf(stderr, left < 120 ? " %.0f s left," : " %.0f min left,", left < 120 ? left : left / 60);
}

static void print_line(const struct sg_progress *progress, bool last) {
    size_t index = progress->stage_count - 1;
    const struct sg_stage *stage = &progress->stages[index];
    double seconds = last ? stage->seconds : now_s() - progress->started_s;
    const char *doing = last ? NULL : __atomic_load_n(&progress->doing, __ATOMIC_RELAXED);
    fprintf(stderr, "%s%-18s", progress->terminal ? "\r\033[K" : "", stage->name);
    if (stage->rows) print_rows(stage, rows_done(progress, index), seconds, last);
    fprintf(stderr, " %.1f s%s%s%s", seconds, doing ? ", " : "", doing ? doing : "",
            progress->terminal && !last ? "" : "\n");
    fflush(stderr);
}

static void *printer(void *argument) {
    struct sg_progress *progress = argument;
    long interval_ms = progress->terminal ? TERMINAL_MS : LOG_MS;
    pthread_mutex_lock(&progress->lock);
    while (!progress->stop) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += interval_ms % 1000 * 1000000;
        until.tv_sec += interval_ms / 1000 + until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        int waited = 0;
        while (!progress->stop && waited == 0)
            waited = pthread_cond_timedwait(&progress->wake, &progress->lock, &until);
        if (!progress->stop) print_line(progress, false);
    }
    pthread_mutex_unlock(&progress->lock);
    return NULL;
}

void sg_progress_begin(struct sg_progress *progress, const char *name, uint64_t rows_here, uint64_t rows_all,
                       uint64_t text_bytes_all) {
    sg_progress_end(progress);
    if (progress->stage_count == SG_STAGES_MAX) return;
    size_t index = progress->stage_count++;
    progress->stages[index] = (struct sg_stage){.name = name, .rows = rows_all, .text_bytes = text_bytes_all};
    __atomic_store_n(cell(progress, progress->mine, index, EXPECTED), rows_here, __ATOMIC_RELAXED);
    progress->doing = NULL;
    progress->started_s = now_s();
    progress->started_cpu_s = clock_s(CLOCK_PROCESS_CPUTIME_ID);
    progress->active = true;
    progress->stop = false;
    /* Without a printer the stage is merely not shown. */
    progress->printing = progress->shows && pthread_create(&progress->printer, NULL, printer, progress) == 0;
}

void sg_progress_add(struct sg_progress *progress, uint64_t rows) {
    if (!progress->active) return;
    __atomic_fetch_add(cell(progress, progress->mine, progress->stage_count - 1, DONE), rows,
                       __ATOMIC_RELAXED);
}

void sg_progress_doing(struct sg_progress *progress, const char *what) {
    __atomic_store_n(&progress->doing, what, __ATOMIC_RELAXED);
}

void sg_progress_end(struct sg_progress *progress) {
    if (!progress->active) return;
    struct sg_stage *stage = &progress->stages[progress->stage_count - 1];
    stage->seconds = now_s() - progress->started_s;
    stage->cpu_seconds = clock_s(CLOCK_PROCESS_CPUTIME_ID) - progress->started_cpu_s;
    progress->active = false;
    if (!progress->printing) return;
    pthread_mutex_lock(&progress->lock);
    progress->stop = true;
    pthread_cond_signal(&progress->wake);
    pthread_mutex_unlock(&progress->lock);
    pthread_join(progress->printer, NULL);
    progress->printing = false;
    print_line(progress, true);
}

void sg_progress_text_bytes(struct sg_progress *progress, uint64_t text_bytes) {
    if (progress->stage_count) progress->stages[progress->stage_count - 1].text_bytes = text_bytes;
}

const struct sg_stage *sg_progress_stages(const struct sg_progress *progress, size_t *count) {
    *count = progress->stage_count;
    return progress->stages;
}
