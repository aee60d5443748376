/* Text encoders by kind of column, and rows of tap_events: nanoseconds a cell (a row) and bytes of text a
 * second, CPU time of one thread.
 *
 *   bench_encode [--rounds 9]
 */
#include "bench.h"
#include "datasets/registry.h"
#include "io/encode.h"

enum { REPEATS = 200, TAP_REPEATS = 20, TAP_ACCOUNTS = 20 };

/* Values of a column over the rows of a batch. */
struct column_case {
    const char *name;
    struct sg_column column;
    int64_t first, step, range; /* first + row * step + pseudo-random below range */
};

static const char *const labels[] = {"pour", "clean", "error", "maintenance", "calibration"};
static const struct sg_enum kinds = {"kind", labels, 5};
static const struct sg_token token = {
    .prefix = "in_", .lead = "1", .infix = "LkdIwHu7ix", .infix_after = 4, .length = 25};

static const struct column_case column_cases[] = {
    {"integer, counting up", {.name = "id", .type = SG_I64}, 123456789, 1, 1},
    {"integer below 1000", {.name = "n", .type = SG_I16}, 0, 0, 1000},
    {"integer of 8 digits", {.name = "n", .type = SG_I32}, 10000000, 0, 80000000},
    {"integer that stands still", {.name = "n", .type = SG_I32}, 31415926, 0, 1},
    {"decimal, two places", {.name = "n", .type = SG_DECIMAL, .precision = 12, .scale = 2}, 0, 0, 10000000},
    {"timestamp, rising", {.name = "t", .type = SG_TIMESTAMP}, 1700000000, 29000, 20000},
    {"date", {.name = "d", .type = SG_DATE}, 19000, 0, 700},
    {"label", {.name = "l", .type = SG_ENUM, .labels = &kinds}, 0, 0, 5},
    {"token of another system", {.name = "k", .type = SG_TOKEN, .token = &token}, 1 << 20, 999983, 1},
};

static void set_cell(struct sg_batch *batch, size_t row, int64_t value) {
    void *data = batch->vectors[0].data;
    switch (sg_type_bytes(batch->table->columns[0].type)) {
    case 2:
        ((int16_t *)data)[row] = (int16_t)value;
        break;
    case 4:
        ((int32_t *)data)[row] = (int32_t)value;
        break;
    default:
        ((int64_t *)data)[row] = value;
    }
}

static void fill(struct sg_batch *batch, const struct column_case *c) {
    uint64_t state = 88172645463325252u;
    for (size_t row = 0; row < batch->capacity; row++) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        set_cell(batch, row, c->first + (int64_t)row * c->step + (int64_t)(state % (uint64_t)c->range));
    }
    batch->rows = batch->capacity;
}

static enum sg_code ignore(void *context, const struct sg_batch *batch, struct sg_error *err) {
    (void)context, (void)batch, (void)err;
    return SG_OK;
}

static int measure(const struct column_case *c, int rounds) {
    struct sg_error err = {0};
    struct bench_case result = {.name = c->name};
    struct sg_table table = {.name = "bench", .columns = &c->column, .column_count = 1};
    struct sg_buffer text = {0};
    struct sg_emitter emitter;
    enum sg_code code = sg_emitter_open(&emitter, &table, ignore, NULL, &err);
    if (code == SG_OK) fill(&emitter.batch, c);
    for (int round = 0; code == SG_OK && round < rounds; round++) {
        double start = bench_cpu_ns();
        for (int i = 0; code == SG_OK && i < REPEATS; i++) {
            text.used = 0;
            code = sg_format_find("copy")->encode(&emitter.batch, &text, &err);
        }
        result.ns[round] = bench_cpu_ns() - start;
    }
    double cells = (double)emitter.batch.rows * REPEATS;
    if (code == SG_OK)
        bench_report("encode", &result, rounds, cells, (double)text.used * REPEATS);
    else
        fprintf(stderr, "bench_encode: %s\n", err.text);
    sg_buffer_free(&text);
    sg_emitter_close(&emitter);
    return code == SG_OK;
}

/* Tap rows as they are generated, each batch written TAP_REPEATS times in every round. */
struct taps {
    struct bench_case result;
    struct sg_buffer text;
    int round;
    double rows, bytes;
};

static enum sg_code write_taps(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct taps *taps = context;
    double start = bench_cpu_ns();
    for (int i = 0; i < TAP_REPEATS; i++) {
        taps->text.used = 0;
        SG_TRY(sg_format_find("copy")->encode(batch, &taps->text, err));
    }
    taps->result.ns[taps->round] += bench_cpu_ns() - start;
    taps->rows += (double)batch->rows * TAP_REPEATS;
    taps->bytes += (double)taps->text.used * TAP_REPEATS;
    return SG_OK;
}

static enum sg_code round_of_taps(struct taps *taps, const struct sg_dataset *dataset, struct sg_world *world,
                                  struct sg_error *err) {
    int table = sg_table_index(dataset, "tap_events");
    struct sg_emitter emitter;
    taps->rows = taps->bytes = taps->result.ns[taps->round] = 0;
    enum sg_code code = sg_emitter_open(&emitter, dataset->tables[table], write_taps, taps, err);
    if (code == SG_OK) {
        sg_emitter_seek(&emitter, 0);
        code = dataset->generate(world, (uint16_t)table, 0, TAP_ACCOUNTS, &emitter, err);
    }
    if (code == SG_OK) code = sg_emitter_flush(&emitter, err);
    sg_emitter_close(&emitter);
    return code;
}

static int measure_taps(int rounds) {
    static struct taps taps = {.result = {.name = "tap rows"}};
    const struct sg_dataset *dataset = sg_dataset_find("barsaas");
    struct sg_run run = {.seed = 42, .as_of_day = 20454, .units = TAP_ACCOUNTS};
    struct sg_world *world;
    struct sg_error err = {0};
    enum sg_code code = dataset->world_open(&run, &world, &err);
    for (taps.round = 0; code == SG_OK && taps.round < rounds; taps.round++)
        code = round_of_taps(&taps, dataset, world, &err);
    if (code == SG_OK) {
        bench_report("encode", &taps.result, rounds, taps.rows, taps.bytes);
        bench_rate("encode: text of tap rows", "GB/s", &taps.result, rounds, taps.bytes, "6");
    } else {
        fprintf(stderr, "bench_encode: %s\n", err.text);
    }
    sg_buffer_free(&taps.text);
    dataset->world_close(world);
    return code == SG_OK;
}

int main(int argc, char **argv) {
    int rounds = atoi(bench_option(argc, argv, "--rounds", "9"));
    if (rounds < 1 || rounds > BENCH_ROUNDS_MAX) {
        fprintf(stderr, "bench_encode: --rounds is a number from 1 to %d\n", BENCH_ROUNDS_MAX);
        return 64;
    }
    for (size_t i = 0; i < sizeof column_cases / sizeof *column_cases; i++)
        if (!measure(&column_cases[i], rounds)) return 1;
    return !measure_taps(rounds);
}
