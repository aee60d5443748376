/* Threads, memory and signals, asked from Linux. */
#include "app/machine.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/stages.h"

enum { CPUS_MAX = 4096 };

static int positive_variable(const char *name) {
    const char *text = getenv(name);
    int value = text ? atoi(text) : 0;
    return value > 0 ? value : 0;
}

static int usable_cores(void) {
    int cores = 0;
    cpu_set_t *set = CPU_ALLOC(CPUS_MAX);
    size_t size = CPU_ALLOC_SIZE(CPUS_MAX);
    if (set && sched_getaffinity(0, size, set) == 0) cores = CPU_COUNT_S(size, set);
    if (set) CPU_FREE(set);
    return cores > 0 ? cores : 1;
}

int sg_threads(const struct sg_comm *comm, int asked) {
    if (asked > 0) return asked;
    int told = positive_variable("OMP_NUM_THREADS");
    if (!told) told = positive_variable("SLURM_CPUS_PER_TASK");
    if (told) return told;
    int usable = usable_cores(), online = (int)sysconf(_SC_NPROCESSORS_ONLN);
    /* Bound by a launcher: the cores of the mask are this rank's own. */
    if (comm->local_ranks > 1 && usable < online) return usable;
    int share = usable / comm->local_ranks;
    return share > 0 ? share : 1;
}

bool sg_rank_stands_by(const struct sg_comm *comm, int threads) {
    int usable = usable_cores(), online = (int)sysconf(_SC_NPROCESSORS_ONLN);
    if (usable < online || (int64_t)comm->local_ranks * threads <= (int64_t)SG_CROWD * usable) return false;
    int working = usable / threads;
    return comm->local_rank >= (working > 1 ? working : 1);
}

uint64_t sg_resident_bytes(void) {
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) return 0;
    unsigned long long total, resident;
    int fields = fscanf(file, "%llu %llu", &total, &resident);
    fclose(file);
    return fields == 2 ? resident * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

uint64_t sg_program_hash(void) {
    FILE *file = fopen("/proc/self/exe", "rb");
    if (!file) return 0;
    static const uint64_t prime = 0x100000001b3u; /* FNV-1a, a word at a time */
    uint64_t hash = 0xcbf29ce484222325u, words[512];
    size_t count;
    while ((count = fread(words, sizeof *words, sizeof words / sizeof *words, file)) > 0)
        for (size_t i = 0; i < count; i++)
            hash = (hash ^ words[i]) * prime;
    fclose(file);
    return hash;
}

/* A signal handler can reach nothing but a global. */
static volatile sig_atomic_t stop_signal;

static void on_signal(int number) {
    if (stop_signal && number == SIGINT) _exit(128 + number);
    stop_signal = number;
}

void sg_signals_catch(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
}

bool sg_stop_requested(void) {
    return stop_signal != 0;
}

enum sg_code sg_stopped(const struct sg_job *job, struct sg_error *err) {
    bool needs_resume = job->options->command == SG_COMMAND_RUN && !job->options->parts;
    const char *option = needs_resume ? " with --resume" : "";
    return sg_fail(err, SG_STOPPED, "stopped on request: run the same command again%s to continue in %s",
                   option, job->out);
}
