/* What the benches share: CPU time of the calling thread, medians, and one line per result as text and JSON.
 *
 * Every round measures all cases once, in turn, so that a machine whose speed drifts slows all of them alike;
 * the median over rounds is shown with the least and the most.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BENCH_ROUNDS_MAX = 101 };

struct bench_case {
    const char *name;
    double ns[BENCH_ROUNDS_MAX]; /* CPU nanoseconds of each round */
};

static inline double bench_cpu_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static inline int bench_compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts the rounds and gives the median. */
static inline double bench_median(struct bench_case *c, int rounds) {
    qsort(c->ns, (size_t)rounds, sizeof *c->ns, bench_compare);
    return c->ns[rounds / 2];
}

/* One line of JSON on stdout: a result per row of data and in bytes a second. */
static inline void bench_report(const char *bench, struct bench_case *c, int rounds, double rows,
                                double bytes) {
    double median = bench_median(c, rounds);
    printf("{\"bench\": \"%s\", \"case\": \"%s\", \"ns_per_row\": %.2f, \"least\": %.2f, \"most\": %.2f, "
           "\"mb_per_s\": %.0f, \"rounds\": %d}\n",
           bench, c->name, median / rows, c->ns[0] / rows, c->ns[rounds - 1] / rows, bytes / median * 1e3,
           rounds);
}

/* One line of JSON on stdout: a rate that a target of suite/targets.py asks for (NULL: none). `amount` is
 * what one round gives for a nanosecond, in `unit`. Behind bench_report or bench_median, which sort the
 * rounds. */
static inline void bench_rate(const char *name, const char *unit, const struct bench_case *c, int rounds,
                              double amount, const char *target) {
    printf("{\"name\": \"%s\", \"unit\": \"%s\", \"median\": %.3f, \"least\": %.3f, \"most\": %.3f, "
           "\"rounds\": %d",
           name, unit, amount / c->ns[rounds / 2], amount / c->ns[rounds - 1], amount / c->ns[0], rounds);
    if (target) printf(", \"target\": \"%s\"", target);
    printf("}\n");
}

/* Option `--name value` of the command line, else fallback. */
static inline const char *bench_option(int argc, char **argv, const char *name, const char *fallback) {
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], name) == 0) return argv[i + 1];
    return fallback;
}

#endif
