/* A ladder of sinks for the rows of a table: each rung does more than the one before, so that the cost of a
 * stage is a difference. CPU time of one thread.
 *
 *   bench_pipeline [--table tap_events] [--accounts 300] [--format copy] [--rounds 5] [--out /tmp]
 *                  [--only K]    one rung alone (counted from 0), for a profiler; nothing is reported
 */
#include "bench.h"
#include "datasets/registry.h"
#include "io/fingerprint.h"
#include "io/shard.h"

struct pipe {
    const struct sg_dataset *dataset;
    struct sg_world *world;
    uint16_t table;
    const struct sg_format_info *format;
    const char *out;
    struct sg_shard_workspace *workspace;
    struct sg_buffer text;
    struct sg_guide guide;
    uint64_t rows, text_bytes;
    __int128 fingerprint;
    int only; /* rung, -1 = all */
    struct sg_error err;
};

static void fail(const struct pipe *pipe) {
    fprintf(stderr, "bench_pipeline: %s\n", pipe->err.text);
    exit(1);
}

static enum sg_code count(void *context, const struct sg_batch *batch, struct sg_error *err) {
    (void)err;
    ((struct pipe *)context)->rows += batch->rows;
    return SG_OK;
}

static enum sg_code fingerprint(void *context, const struct sg_batch *batch, struct sg_error *err) {
    (void)err;
    sg_fingerprint_batch(batch, &((struct pipe *)context)->fingerprint);
    return SG_OK;
}

static enum sg_code encode(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct pipe *pipe = context;
    pipe->text.used = 0;
    SG_TRY(pipe->format->encode(batch, &pipe->text, err));
    pipe->text_bytes += pipe->text.used;
    return SG_OK;
}

static enum sg_code encode_guided(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct pipe *pipe = context;
    pipe->text.used = 0;
    sg_guide_restart(&pipe->guide);
    return pipe->format->encode_guided(batch, &pipe->text, &pipe->guide, err);
}

static void send_rows(struct pipe *pipe, sg_sink *sink, void *context) {
    struct sg_emitter emitter;
    enum sg_code code =
        sg_emitter_open(&emitter, pipe->dataset->tables[pipe->table], sink, context, &pipe->err);
    uint64_t units = pipe->dataset->unit_count(pipe->world, pipe->dataset->tables[pipe->table]->domain);
    if (code == SG_OK) {
        sg_emitter_seek(&emitter, 0);
        code = pipe->dataset->generate(pipe->world, pipe->table, 0, units, &emitter, &pipe->err);
    }
    if (code == SG_OK) code = sg_emitter_flush(&emitter, &pipe->err);
    sg_emitter_close(&emitter);
    if (code != SG_OK) fail(pipe);
}

/* Writes one shard; gives the size of its file. */
static uint64_t write_shard(struct pipe *pipe, enum sg_compress how) {
    struct sg_shard_writer *writer;
    struct sg_shard_facts facts;
    if (sg_shard_create_with(pipe->workspace, &writer, pipe->out, "bench-pipeline.zst",
                             pipe->dataset->tables[pipe->table], pipe->format,
                             (struct sg_compression){how, 1}, 0, &pipe->err))
        fail(pipe);
    send_rows(pipe, sg_shard_write, writer);
    if (sg_shard_finish(writer, &facts, &pipe->err)) fail(pipe);
    return facts.file_bytes;
}

enum { NONE, FINGERPRINT, ENCODE, GUIDE, STORE, GUIDED, PLAIN, CASES };

static void measure(struct pipe *pipe, struct bench_case cases[CASES], int round, uint64_t sizes[CASES]) {
    static sg_sink *const sinks[] = {count, fingerprint, encode, encode_guided};
    static const enum sg_compress ways[] = {
        [STORE] = SG_COMPRESS_NONE, [GUIDED] = SG_COMPRESS_GUIDED, [PLAIN] = SG_COMPRESS_PLAIN};
    pipe->rows = pipe->text_bytes = 0;
    for (int i = 0; i < CASES; i++) {
        if (pipe->only >= 0 && i != pipe->only) continue;
        double start = bench_cpu_ns();
        if (i < STORE)
            send_rows(pipe, sinks[i], pipe);
        else
            sizes[i] = write_shard(pipe, ways[i]);
        cases[i].ns[round] = bench_cpu_ns() - start;
    }
}

int main(int argc, char **argv) {
    struct pipe pipe = {.dataset = sg_datasets()[0]};
    struct bench_case cases[CASES] = {{.name = "rows alone"},          {.name = "rows, fingerprint"},
                                      {.name = "rows, text"},          {.name = "rows, text and guide"},
                                      {.name = "shard, stored"},       {.name = "shard, guided"},
                                      {.name = "shard, plain zstd -1"}};
    const char *name = bench_option(argc, argv, "--table", "tap_events");
    int rounds = atoi(bench_option(argc, argv, "--rounds", "5"));
    struct sg_run run = {.seed = 42, .as_of_day = 20454};
    run.units = strtoull(bench_option(argc, argv, "--accounts", "300"), NULL, 10);
    pipe.format = sg_format_find(bench_option(argc, argv, "--format", "copy"));
    pipe.out = bench_option(argc, argv, "--out", "/tmp");
    pipe.only = atoi(bench_option(argc, argv, "--only", "-1"));
    int table = sg_table_index(pipe.dataset, name);
    if (table < 0 || !pipe.format || rounds < 1 || rounds > BENCH_ROUNDS_MAX || run.units < 1) {
        fprintf(stderr, "bench_pipeline: see the comment at the head of bench/bench_pipeline.c\n");
        return 64;
    }
    pipe.table = (uint16_t)table;
    if (pipe.dataset->world_open(&run, &pipe.world, &pipe.err)) fail(&pipe);
    if (sg_shard_workspace_open(&pipe.workspace, &pipe.err)) fail(&pipe);
    uint64_t sizes[CASES] = {0};
    for (int round = -1; round < rounds; round++) /* the first warms up and is overwritten */
        measure(&pipe, cases, round < 0 ? 0 : round, sizes);
    for (int i = 0; i < CASES && pipe.only < 0; i++)
        bench_report(name, &cases[i], rounds, (double)pipe.rows, (double)pipe.text_bytes);
    printf("{\"bench\": \"%s\", \"rows\": %llu, \"text_bytes\": %llu, \"guided_bytes\": %llu, "
           "\"plain_bytes\": %llu}\n",
           name, (unsigned long long)pipe.rows, (unsigned long long)pipe.text_bytes,
           (unsigned long long)sizes[GUIDED], (unsigned long long)sizes[PLAIN]);
    sg_guide_free(&pipe.guide);
    sg_buffer_free(&pipe.text);
    sg_shard_workspace_close(pipe.workspace);
    pipe.dataset->world_close(pipe.world);
    return 0;
}
