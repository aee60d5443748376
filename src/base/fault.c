/* Armed fault points. Owns the only mutable global state of the program, which exists in test builds alone.
 */
#include "base/fault.h"

#ifdef SG_FAULTS

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { POINTS_MAX = 8, NAME_BYTES = 48, KILL = -1, SLOW = -2, HOLD = -3, SLOW_MS = 50 };

struct point {
    char name[NAME_BYTES];
    unsigned long nth;
    int what; /* errno, KILL, SLOW or HOLD */
    atomic_ulong calls;
};

static struct point points[POINTS_MAX];
static atomic_int point_count;
static pthread_once_t from_environment = PTHREAD_ONCE_INIT;

static const struct {
    const char *name;
    int what;
} outcomes[] = {
    {"EIO", EIO},       {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT}, {"EROFS", EROFS},
    {"EACCES", EACCES}, {"ENOMEM", ENOMEM}, {"EINTR", EINTR},   {"ENOENT", ENOENT},
    {"kill", KILL},     {"slow", SLOW},     {"hold", HOLD},
};

static bool parse_outcome(const char *text, int *what) {
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        if (strcmp(text, outcomes[i].name) == 0) {
            *what = outcomes[i].what;
            return true;
        }
    }
    char *end;
    long number = strtol(text, &end, 10);
    *what = (int)number;
    return *text && *end == '\0' && number > 0 && number < 4096;
}

/* Is this the process of the MPI rank written in `text`? */
static bool is_rank(const char *text) {
    static const char *const variables[] = {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *rank = getenv(variables[i]);
        if (rank) return strcmp(rank, text) == 0;
    }
    return strcmp(text, "0") == 0;
}

/* Reads one "name:nth[:what][@rank]"; *count grows when it concerns this process. */
static bool parse_point(char *text, int *count) {
    char *rank = strchr(text, '@');
    if (rank) *rank++ = '\0';
    char *nth = strchr(text, ':');
    if (!nth || nth == text || nth - text >= NAME_BYTES || *count == POINTS_MAX) return false;
    *nth++ = '\0';
    char *what = strchr(nth, ':');
    if (what) *what++ = '\0';
    char *end;
    unsigned long number = strtoul(nth, &end, 10);
    if (*nth == '\0' || *end || number == 0) return false;
    struct point *point = &points[*count];
    point->what = EIO;
    if (what && !parse_outcome(what, &point->what)) return false;
    if (rank && !is_rank(rank)) return true;
    snprintf(point->name, sizeof point->name, "%s", text);
    point->nth = number;
    atomic_store(&point->calls, 0);
    ++*count;
    return true;
}

static bool arm(const char *specification) {
    atomic_store(&point_count, 0);
    if (!specification || !*specification) return true;
    char *copy = strdup(specification);
    if (!copy) return false;
    int count = 0;
    bool good = true;
    char *rest = copy;
    for (char *one = strsep(&rest, ","); one && good; one = strsep(&rest, ","))
        good = parse_point(one, &count);
    free(copy);
    if (good) atomic_store(&point_count, count);
    return good;
}

static void arm_environment(void) {
    const char *specification = getenv("SYNTHGEN_FAULT");
    if (!arm(specification))
        fprintf(stderr, "synthgen-hpc: SYNTHGEN_FAULT=%s does not read; no fault is armed\n", specification);
}

bool sg_fault_arm(const char *specification) {
    pthread_once(&from_environment, arm_environment);
    return arm(specification);
}

/* Waits until the file of SYNTHGEN_HOLD is gone or this thread gets a signal. */
static void hold(void) {
    enum { HOLD_NS = 20 * 1000 * 1000 };
    const char *gate = getenv("SYNTHGEN_HOLD");
    bool signalled = false;
    while (gate && !signalled && access(gate, F_OK) == 0)
        signalled = nanosleep(&(struct timespec){0, HOLD_NS}, NULL) != 0;
}

static bool is_named(const char *name, const char *subject, const char *step) {
    size_t size = strlen(subject);
    return strncmp(name, subject, size) == 0 && name[size] == '.' && strcmp(name + size + 1, step) == 0;
}

int sg_fault(const char *subject, const char *step) {
    pthread_once(&from_environment, arm_environment);
    int count = atomic_load_explicit(&point_count, memory_order_relaxed);
    for (int i = 0; i < count; i++) {
        struct point *point = &points[i];
        if (!is_named(point->name, subject, step)) continue;
        unsigned long call = atomic_fetch_add(&point->calls, 1) + 1;
        if (point->what == SLOW && call >= point->nth) {
            nanosleep(&(struct timespec){0, SLOW_MS * 1000000L}, NULL);
            continue;
        }
        if (call != point->nth) continue;
        if (point->what == KILL) raise(SIGKILL);
        if (point->what == HOLD) {
            hold();
            continue;
        }
        return point->what;
    }
    return 0;
}

#else

typedef int sg_fault_is_off; /* ISO C wants a declaration in every file */

#endif
