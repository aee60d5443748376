/* Column kernels by instruction set: rows a second and bytes moved a second, beside memcpy of the same bytes.
 * CPU time of one thread.
 *
 *   bench_kernels [--rounds 9] [--isa all]
 *
 * Every kernel works on BS_TAP_CHUNK rows again and again, as the datasets do; the case "tap rows" is all
 * columns of tap_events of one device with many events. "bytes" are those read and written by a kernel's
 * definition, whatever stays in registers.
 */
#include "bench.h"
#include "datasets/barsaas/iot.h"
#include "datasets/registry.h"
#include "kernels/kernels.h"

enum { ROWS = BS_TAP_CHUNK, CALLS = 4000, PAD = 16 };

/* Inputs and outputs of all cases; contents are random words where nothing else is said. */
struct arena {
    const struct sg_kernels *kernels;
    struct sg_source source;
    uint32_t words[4][ROWS + PAD], codes[ROWS + PAD], out[4][ROWS + PAD];
    int32_t small[ROWS + PAD]; /* 0..65535 */
    int64_t wide[ROWS + PAD];
    int16_t narrow[ROWS + PAD];
    int32_t table[64];
    int32_t knots[64 * BS_CURVE_KNOTS + 1];
    struct sg_alias alias;
    struct sg_runs runs;
    uint32_t length[ROWS], low[ROWS], step[ROWS], code[ROWS];
    int32_t base[ROWS];
    struct sg_world *world;
    struct bs_tap_schedule schedule, fresh;
    double portable_ns; /* tap rows */
};

typedef void call_fn(struct arena *a);

static void call_memcpy(struct arena *a) {
    memcpy(a->out[0], a->words[0], ROWS * sizeof *a->words[0]);
}
static void call_philox(struct arena *a) {
    a->kernels->philox(&a->source, 12345, 1, 0, ROWS, a->out[0], a->out[1], a->out[2], a->out[3]);
}
static void call_below(struct arena *a) {
    a->kernels->below(a->words[0], 1000, ROWS, a->out[0]);
}
static void call_within(struct arena *a) {
    a->kernels->within(a->words[0], a->words[1], a->words[2], ROWS, a->out[0]);
}
static void call_alias(struct arena *a) {
    a->kernels->alias(&a->alias, a->words[0], ROWS, a->out[0]);
}
static void call_slots(struct arena *a) {
    a->kernels->slots(a->table, 6, a->words[0], ROWS, a->out[0]);
}
static void call_lookup(struct arena *a) {
    a->kernels->lookup(a->table, a->codes, ROWS, (int32_t *)a->out[0]);
}
static void call_quantile(struct arena *a) {
    const struct sg_curves curves = {a->knots, BS_CURVE_BITS};
    a->kernels->quantile(&curves, a->codes, a->words[0], ROWS, (int32_t *)a->out[0]);
}
static void call_scaled(struct arena *a) {
    a->kernels->scaled(a->table, a->table, a->codes, a->small, -50, 400, ROWS, (int32_t *)a->out[0]);
}
static void call_proportional(struct arena *a) {
    a->kernels->proportional(a->table, a->codes, a->small, 4, 1, 4000, ROWS, (int32_t *)a->out[0]);
}
static void call_stretched(struct arena *a) {
    a->kernels->stretched(a->small, a->small, ROWS, (int32_t *)a->out[0]);
}
static void call_narrow16(struct arena *a) {
    a->kernels->narrow16(a->small, 0, 400, ROWS, a->narrow);
}
static void call_instants(struct arena *a) {
    a->kernels->instants(1700000000, a->small, a->small, 0, 1 << 20, ROWS, a->wide);
}
static void call_find(struct arena *a) {
    a->kernels->find_low16(a->words[0], 2000, ROWS, a->out[0]);
}
static void call_runs(struct arena *a) {
    struct sg_runs_cursor cursor = {0};
    a->kernels->runs(&a->runs, &cursor, ROWS, a->out[0], a->out[1], a->out[2], (int32_t *)a->out[3]);
}

/* What table_tap_events.c makes of a device: keys, and all that is drawn. */
static void call_taps(struct arena *a) {
    static _Thread_local int16_t columns[4][ROWS + PAD];
    const struct bs_tap_columns out = {.timestamp = a->wide,
                                       .volume_ml = a->small,
                                       .type = columns[0],
                                       .product = columns[1],
                                       .temperature_deci_c = columns[2],
                                       .duration_deci_s = columns[3]};
    if (a->schedule.row_end - a->schedule.row < ROWS) a->schedule = a->fresh;
    a->kernels->iota64((int64_t)a->schedule.row, ROWS, (int64_t *)(void *)a->out[0]);
    a->kernels->fill32(1, ROWS, (int32_t *)a->out[2]);
    a->kernels->fill32(2, ROWS, (int32_t *)a->out[2]);
    a->kernels->fill32(3, ROWS, (int32_t *)a->out[2]);
    bs_tap_fill(a->world, &a->schedule, ROWS, &out);
}

static const struct {
    const char *name;
    call_fn *call;
    unsigned bytes; /* a row */
} cases[] = {
    {"memcpy", call_memcpy, 8},        {"philox, 4 words", call_philox, 16},
    {"below", call_below, 8},          {"within", call_within, 16},
    {"alias", call_alias, 8},          {"slots", call_slots, 8},
    {"lookup", call_lookup, 8},        {"quantile", call_quantile, 12},
    {"scaled", call_scaled, 12},       {"proportional", call_proportional, 12},
    {"stretched", call_stretched, 12}, {"narrow16", call_narrow16, 6},
    {"instants", call_instants, 16},   {"find_low16", call_find, 4},
    {"runs", call_runs, 16},           {"tap rows", call_taps, 8 + 8 + 3 * 4 + 4 + 4 * 2},
};
enum { CASES = sizeof cases / sizeof *cases, TAP_CASE = CASES - 1 };

/* Any numbers: those of a fixed generator. */
static void fill(struct arena *a) {
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < ROWS + PAD; i++) {
        for (int w = 0; w < 4; w++) {
            state ^= state << 13, state ^= state >> 7, state ^= state << 17;
            a->words[w][i] = (uint32_t)(state >> 16);
        }
        a->codes[i] = a->words[3][i] % 40;
        a->small[i] = (int32_t)(a->words[2][i] >> 16);
    }
    for (int i = 0; i < 64; i++)
        a->table[i] = i * 1000;
    for (size_t i = 0; i < sizeof a->knots / sizeof *a->knots; i++)
        a->knots[i] = (int32_t)i * 331;
    for (int i = 0; i < ROWS; i++) { /* runs as short as a device's days */
        a->length[i] = a->words[0][i] % 7;
        a->low[i] = a->words[1][i];
        a->step[i] = a->words[2][i] >> 8;
        a->code[i] = (uint32_t)i;
        a->base[i] = i * 86400;
    }
    a->length[ROWS - 1] = ROWS;
    a->runs = (struct sg_runs){a->length, a->low, a->step, a->code, a->base};
}

/* The days of the first device that has two chunks of events. */
static int find_device(struct arena *a) {
    for (uint64_t unit = 0; unit < a->world->accounts; unit++) {
        struct bs_account account;
        struct bs_device device;
        bs_account_get(a->world, unit, &account);
        uint64_t weight = bs_tap_weight_before(a->world, unit);
        for (unsigned k = 0; k < account.device_count; k++) {
            bs_device_get(a->world, &account, k, &device);
            uint64_t row = bs_tap_rows(a->world, weight);
            weight += bs_tap_weight(a->world, &device);
            uint64_t row_end = bs_tap_rows(a->world, weight);
            if (row_end - row < 2 * ROWS) continue;
            bs_tap_schedule(a->world, &account, &device, row, row_end, &a->fresh);
            a->schedule = a->fresh;
            return 1;
        }
    }
    return 0;
}

/* What is promised of the tap rows. */
static void claim(struct arena *a, const char *isa, const struct bench_case *taps, int rounds) {
    double ns = taps->ns[rounds / 2];
    char name[64];
    snprintf(name, sizeof name, "kernels: tap rows a second (%s)", isa);
    bench_rate(name, "M rows/s", taps, rounds, (double)ROWS * CALLS * 1e3,
               strcmp(isa, "avx2") == 0 ? "5" : NULL);
    if (strcmp(isa, "portable") == 0) a->portable_ns = ns;
    if (strcmp(isa, "avx2") != 0 || a->portable_ns == 0) return;
    double share = ns / a->portable_ns;
    printf(
        "{\"name\": \"kernels: tap rows, portable over avx2\", \"unit\": \"x\", \"median\": %.3f, \"least\": "
        "%.3f, \"most\": %.3f, \"rounds\": %d, \"target\": \"5p\"}\n",
        share, share, share, rounds);
}

static int measure(struct arena *a, const char *isa, int rounds) {
    struct sg_error err = {0};
    const struct sg_dataset *dataset = sg_dataset_find("barsaas");
    struct bench_case results[CASES];
    uint32_t weights[40];
    struct sg_run run = {.seed = 42, .as_of_day = 20454, .units = 20};
    setenv("SYNTHGEN_ISA", isa, 1);
    if (dataset->world_open(&run, &a->world, &err)) {
        fprintf(stderr, "bench_kernels: %s\n", err.text);
        return 0;
    }
    a->kernels = a->world->kernels;
    for (uint32_t i = 0; i < 40; i++)
        weights[i] = 1 + i;
    if (!find_device(a) || !sg_alias_build(&a->alias, weights, 40)) return 0;
    for (int round = -1; round < rounds; round++) /* the first warms up and is overwritten */
        for (int c = 0; c < CASES; c++) {
            double start = bench_cpu_ns();
            for (int i = 0; i < CALLS; i++)
                cases[c].call(a);
            results[c].ns[round < 0 ? 0 : round] = bench_cpu_ns() - start;
        }
    for (int c = 0; c < CASES; c++) {
        char name[64];
        snprintf(name, sizeof name, "%s (%s)", cases[c].name, isa);
        results[c].name = name;
        bench_report("kernels", &results[c], rounds, (double)ROWS * CALLS,
                     (double)ROWS * CALLS * cases[c].bytes);
    }
    claim(a, isa, &results[TAP_CASE], rounds);
    sg_alias_free(&a->alias);
    dataset->world_close(a->world);
    return 1;
}

int main(int argc, char **argv) {
    static struct arena arena;
    const char *isa = bench_option(argc, argv, "--isa", "all");
    int rounds = atoi(bench_option(argc, argv, "--rounds", "9")), found = 0;
    if (rounds < 1 || rounds > BENCH_ROUNDS_MAX) {
        fprintf(stderr, "bench_kernels: --rounds is a number from 1 to %d\n", BENCH_ROUNDS_MAX);
        return 64;
    }
    fill(&arena);
    for (unsigned k = 0; sg_kernels_at(k); k++) {
        const char *name = sg_kernels_at(k)->name;
        if (strcmp(isa, "all") != 0 && strcmp(isa, name) != 0) continue;
        found = 1;
        if (!measure(&arena, name, rounds)) return 1;
    }
    if (!found) fprintf(stderr, "bench_kernels: this processor has no %s\n", isa);
    return !found;
}
