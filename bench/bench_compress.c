/* Compression by table: zstd's own search against the guide, and what is left when the matches are known: the
 * entropy stage. Frames as shards have them; CPU time of one thread, medians over rounds.
 *
 *   bench_compress [--dataset barsaas] [--table all] [--accounts 300] [--format copy] [--rounds 5]
 *                  [--stages 1]    a line of all stages by table instead, for a profile of the whole set
 *
 * Three results a table: zstd's search, the guided way (finding the repeats and the entropy stage), and the
 * entropy stage alone. Tables with less text than half a frame are passed over: their ratios say nothing.
 */
#include "bench.h"
#include "datasets/registry.h"
#include "io/fingerprint.h"
#include "io/frame.h"

enum { ROWS, FINGERPRINT, TEXT, GUIDE, ENTROPY, PLAIN, STAGES };

struct measure {
    const struct sg_format_info *format;
    struct sg_compressor *compressor;
    struct sg_buffer text, scratch, frame;
    struct sg_guide guide;
    double ns[STAGES], last; /* CPU time by stage, and when the last stage ended */
    uint64_t rows, text_bytes, guided_bytes, plain_bytes;
    __int128 fingerprint;
    bool stages; /* report all of them */
};

/* Books the time since the last call. */
static void book(struct measure *m, int stage) {
    double now = bench_cpu_ns();
    m->ns[stage] += now - m->last;
    m->last = now;
}

static enum sg_code end_frame(struct measure *m, struct sg_error *err) {
    if (m->text.used == 0) return SG_OK;
    SG_TRY(sg_guide_end(&m->guide, m->text.used, err));
    book(m, GUIDE);
    m->frame.used = 0;
    SG_TRY(sg_compress_guided(m->compressor, SG_COMPRESS_GUIDED, &m->guide, m->text.bytes, m->text.used,
                              &m->frame, err));
    m->guided_bytes += m->frame.used;
    book(m, ENTROPY);
    m->frame.used = 0;
    SG_TRY(sg_compress_frame(m->compressor, 1, m->text.bytes, m->text.used, &m->frame, err));
    m->plain_bytes += m->frame.used;
    book(m, PLAIN);
    m->text_bytes += m->text.used;
    m->text.used = 0;
    sg_guide_restart(&m->guide);
    return SG_OK;
}

/* A batch is written twice, without and with the guide, whose cost is the difference. */
static enum sg_code take(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct measure *m = context;
    book(m, ROWS);
    sg_fingerprint_batch(batch, &m->fingerprint);
    book(m, FINGERPRINT);
    m->scratch.used = 0;
    SG_TRY(m->format->encode(batch, &m->scratch, err));
    book(m, TEXT);
    if (m->text.used + m->scratch.used > SG_FRAME_TEXT_BYTES) SG_TRY(end_frame(m, err));
    SG_TRY(m->format->encode_guided(batch, &m->text, &m->guide, err));
    book(m, GUIDE);
    m->rows += batch->rows;
    return SG_OK;
}

static enum sg_code run(struct measure *m, const struct sg_dataset *dataset, struct sg_world *world,
                        uint16_t table, struct sg_error *err) {
    struct sg_emitter emitter;
    uint64_t units = dataset->unit_count(world, dataset->tables[table]->domain);
    enum sg_code code = sg_emitter_open(&emitter, dataset->tables[table], take, m, err);
    m->last = bench_cpu_ns();
    if (code == SG_OK) {
        sg_emitter_seek(&emitter, 0);
        code = dataset->generate(world, table, 0, units, &emitter, err);
    }
    if (code == SG_OK) code = sg_emitter_flush(&emitter, err);
    if (code == SG_OK) code = end_frame(m, err);
    sg_emitter_close(&emitter);
    return code;
}

/* Starts a round with the memory of the one before. */
static void restart(struct measure *m) {
    memset(m->ns, 0, sizeof m->ns);
    m->rows = m->text_bytes = m->guided_bytes = m->plain_bytes = 0;
}

/* Nanoseconds of a way to compress, round by round. */
static void show(const char *table, const char *way, const struct measure *m, struct bench_case *c,
                 int rounds, uint64_t size) {
    double median = bench_median(c, rounds), rows = (double)m->rows, bytes = (double)m->text_bytes;
    printf("{\"bench\": \"compress\", \"case\": \"%s, %s\", \"ns_per_row\": %.2f, \"least\": %.2f, \"most\": "
           "%.2f, "
           "\"mb_per_s\": %.0f, \"rounds\": %d, \"ratio\": %.3f, \"note\": \"%.0f MB/s, ratio %.2f\"}\n",
           table, way, median / rows, c->ns[0] / rows, c->ns[rounds - 1] / rows, bytes / median * 1e3, rounds,
           bytes / (double)size, bytes / median * 1e3, bytes / (double)size);
}

static void report(const char *table, const struct measure *m, struct bench_case cases[STAGES], int rounds) {
    struct bench_case guided = cases[ENTROPY];
    if (m->text_bytes < SG_FRAME_TEXT_BYTES / 2) return;
    for (int i = 0; i < rounds; i++)
        guided.ns[i] += cases[GUIDE].ns[i] - cases[TEXT].ns[i];
    show(table, "zstd -1", m, &cases[PLAIN], rounds, m->plain_bytes);
    show(table, "guided", m, &guided, rounds, m->guided_bytes);
    show(table, "entropy stage alone", m, &cases[ENTROPY], rounds, m->guided_bytes);
}

static void report_stages(const char *table, const struct measure *m, struct bench_case cases[STAGES],
                          int rounds) {
    double ns[STAGES], rows = (double)m->rows, bytes = (double)m->text_bytes;
    for (int i = 0; i < STAGES; i++)
        ns[i] = bench_median(&cases[i], rounds);
    double guide = ns[GUIDE] > ns[TEXT] ? ns[GUIDE] - ns[TEXT] : 0;
    printf("{\"table\": \"%s\", \"rows\": %.0f, \"text_bytes\": %.0f, ", table, rows, bytes);
    printf("\"rows_ns\": %.1f, \"fingerprint_ns\": %.1f, \"text_ns\": %.1f, \"guide_ns\": %.1f, ",
           ns[ROWS] / rows, ns[FINGERPRINT] / rows, ns[TEXT] / rows, guide / rows);
    printf("\"entropy_ns\": %.1f, \"plain_ns\": %.1f, ", ns[ENTROPY] / rows, ns[PLAIN] / rows);
    printf("\"plain_mb_per_s\": %.0f, \"guided_mb_per_s\": %.0f, \"entropy_mb_per_s\": %.0f, ",
           bytes / ns[PLAIN] * 1e3, bytes / (ns[ENTROPY] + guide) * 1e3, bytes / ns[ENTROPY] * 1e3);
    printf("\"plain_ratio\": %.3f, \"guided_ratio\": %.3f}\n", bytes / (double)m->plain_bytes,
           bytes / (double)m->guided_bytes);
}

static enum sg_code measure_table(struct measure *m, const struct sg_dataset *dataset, struct sg_world *world,
                                  uint16_t table, int rounds, struct sg_error *err) {
    struct bench_case cases[STAGES];
    for (int round = -1; round < rounds; round++) { /* the first warms up and is overwritten */
        restart(m);
        SG_TRY(run(m, dataset, world, table, err));
        for (int i = 0; i < STAGES; i++)
            cases[i].ns[round < 0 ? 0 : round] = m->ns[i];
    }
    if (m->rows) (m->stages ? report_stages : report)(dataset->tables[table]->name, m, cases, rounds);
    return SG_OK;
}

int main(int argc, char **argv) {
    struct sg_error err = {0};
    struct sg_world *world = NULL;
    const struct sg_dataset *dataset = sg_dataset_find(bench_option(argc, argv, "--dataset", "barsaas"));
    const char *name = bench_option(argc, argv, "--table", "all");
    int rounds = atoi(bench_option(argc, argv, "--rounds", "5"));
    struct sg_run run = {.seed = 42, .as_of_day = 20454};
    run.units = strtoull(bench_option(argc, argv, "--accounts", "300"), NULL, 10);
    struct measure m = {.format = sg_format_find(bench_option(argc, argv, "--format", "copy")),
                        .compressor = sg_compressor_open(),
                        .stages = atoi(bench_option(argc, argv, "--stages", "0")) != 0};
    bool all = strcmp(name, "all") == 0;
    if (!dataset || !m.format || !m.compressor || rounds < 1 || rounds > BENCH_ROUNDS_MAX || !run.units ||
        (!all && sg_table_index(dataset, name) < 0)) {
        fprintf(stderr, "bench_compress: see the comment at the head of bench/bench_compress.c\n");
        return 64;
    }
    enum sg_code code = dataset->world_open(&run, &world, &err);
    for (uint16_t i = 0; code == SG_OK && i < dataset->table_count; i++)
        if (all || strcmp(dataset->tables[i]->name, name) == 0)
            code = measure_table(&m, dataset, world, i, rounds, &err);
    if (code != SG_OK) fprintf(stderr, "bench_compress: %s\n", err.text);
    dataset->world_close(world);
    sg_guide_free(&m.guide);
    sg_buffer_free(&m.text);
    sg_buffer_free(&m.scratch);
    sg_buffer_free(&m.frame);
    sg_compressor_close(m.compressor);
    return code != SG_OK;
}
