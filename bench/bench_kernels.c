/* Column kernels by instruction set: rows a second and bytes moved a second, beside memcpy of the same bytes.
 * CPU time of one thread.
 *
 *   bench_kernels [--rounds 9] [--isa all] [--case all]
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
    uint32_t packed[64 * BS_CURVE_KNOTS + 1];
    struct sg_alias alias;
    struct sg_choice choice;
    struct sg_eight eight;
    struct sg_shape shape;
    struct sg_stretch stretch;
    uint32_t length[ROWS];
    struct sg_row_run run[ROWS];
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
static void call_alias(struct arena *a) {
    a->kernels->alias(&a->alias, a->words[0], ROWS, a->out[0]);
}
static void call_lookup(struct arena *a) {
    a->kernels->lookup(a->table, a->codes, ROWS, (int32_t *)a->out[0]);
}
static void call_choice(struct arena *a) {
    a->kernels->choice(&a->choice, &a->eight, a->words[0], ROWS, a->out[0], a->narrow);
}
static void call_shaped(struct arena *a) {
    a->kernels->shaped(&a->shape, a->codes, a->words[0], ROWS, (int32_t *)a->out[0]);
}
static void call_shaped16(struct arena *a) {
    a->kernels->shaped16(&a->shape, a->codes, a->words[0], ROWS, a->narrow);
}
static void call_stretched16(struct arena *a) {
    a->kernels->stretched16(&a->stretch, a->codes, a->small, a->words[0], ROWS, a->narrow);
}
static void call_strata(struct arena *a) {
    struct sg_strata strata = {a->run,     a->length, 0,      {a->knots, BS_CURVE_BITS, a->packed, 0},
                               1700000000, 0,         1 << 20};
    a->length[0] = 3;
    a->kernels->strata(&strata, a->words[0], ROWS, a->out[0], a->wide);
    a->length[strata.next] = a->words[0][strata.next] % 7;
}
static void call_find(struct arena *a) {
    a->kernels->find_low16(a->words[0], 2000, ROWS, a->out[0]);
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
    {"memcpy", call_memcpy, 8},
    {"philox, 4 words", call_philox, 16},
    {"below", call_below, 8},
    {"alias", call_alias, 8},
    {"lookup", call_lookup, 8},
    {"choice of 8", call_choice, 10},
    {"shaped", call_shaped, 12},
    {"shaped, 16 bits", call_shaped16, 10},
    {"stretched, 16 bits", call_stretched16, 14},
    {"strata", call_strata, 12},
    {"find_low16", call_find, 4},
    {"tap rows", call_taps, 8 + 8 + 3 * 4 + 4 + 4 * 2},
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
        a->codes[i] = a->words[3][i] % 8;
        a->small[i] = (int32_t)(a->words[2][i] >> 16);
    }
    for (int i = 0; i < 64; i++)
        a->table[i] = i * 1000;
    for (size_t i = 0; i < sizeof a->knots / sizeof *a->knots; i++)
        a->knots[i] = (int32_t)i * 3;
    sg_curves_pack(a->knots, sizeof a->knots / sizeof *a->knots, 0, a->packed);
    for (unsigned i = 0; i < SG_CHOICE_SLOTS; i++)
        sg_choice_set(&a->choice, i, i / 8);
    for (int i = 0; i < 8; i++)
        a->eight.of[i] = i;
    a->shape =
        (struct sg_shape){{a->knots, BS_CURVE_BITS, a->packed, 0}, a->eight, a->eight, a->eight, 0, 400};
    a->stretch = (struct sg_stretch){{a->knots, BS_CURVE_BITS, a->packed, 0}, a->eight, 4, 0, 4000};
    for (uint32_t i = 0; i < ROWS; i++) { /* runs as short as a device's days */
        a->length[i] = a->words[0][i] % 7;
        a->run[i] = (struct sg_row_run){a->words[1][i], a->words[2][i] >> 8, 0, (int32_t)i * 86400};
    }
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

static int measure(struct arena *a, const char *isa, const char *only, int rounds) {
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
            if (only && strcmp(only, cases[c].name) != 0) continue;
            double start = bench_cpu_ns();
            for (int i = 0; i < CALLS; i++)
                cases[c].call(a);
            results[c].ns[round < 0 ? 0 : round] = bench_cpu_ns() - start;
        }
    for (int c = 0; c < CASES; c++) {
        char name[64];
        if (only && strcmp(only, cases[c].name) != 0) continue;
        snprintf(name, sizeof name, "%s (%s)", cases[c].name, isa);
        results[c].name = name;
        bench_report("kernels", &results[c], rounds, (double)ROWS * CALLS,
                     (double)ROWS * CALLS * cases[c].bytes);
    }
    if (!only || strcmp(only, cases[TAP_CASE].name) == 0) claim(a, isa, &results[TAP_CASE], rounds);
    sg_alias_free(&a->alias);
    dataset->world_close(a->world);
    return 1;
}

int main(int argc, char **argv) {
    static struct arena arena;
    const char *isa = bench_option(argc, argv, "--isa", "all");
    const char *only = bench_option(argc, argv, "--case", NULL);
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
        if (!measure(&arena, name, only, rounds)) return 1;
    }
    if (!found) fprintf(stderr, "bench_kernels: this processor has no %s\n", isa);
    return !found;
}
