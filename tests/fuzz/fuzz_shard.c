/* Shard files of every format: a damaged one is refused with a message, never read as other rows.
 *
 * The first byte of an input chooses the format; the file is the rest. Facts are those the file carries
 * itself. */
#include "fuzz_folder.h"
#include "io/batches.h"
#include "io/fingerprint.h"
#include "unit/io_fixture.h"

static const struct sg_format_info *formats[4];

static enum sg_code into_shard(void *writer, const struct sg_batch *batch, struct sg_error *err) {
    return sg_shard_write(writer, batch, err);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    static const char *const names[] = {"copy", "csv", "binary", "parquet"};
    for (int i = 0; i < 4; i++)
        formats[i] = sg_format_find(names[i]);
    fuzz_folder_make();
    return 0;
}

static size_t fuzz_example(unsigned seed, uint8_t *out, size_t max) {
    struct sg_error err = {0};
    struct sg_shard_writer *writer;
    struct sg_shard_facts facts;
    struct sg_emitter e;
    struct sg_compression how = {(enum sg_compress)(seed / 4 % SG_COMPRESS_COUNT), 1};
    FUZZ_DEMAND(sg_shard_create(&writer, fuzz_folder, "good", &fix_table, formats[seed % 4], how, 0, &err) ==
                    SG_OK,
                "%s", err.text);
    FUZZ_DEMAND(sg_emitter_open(&e, &fix_table, into_shard, writer, &err) == SG_OK, "%s", err.text);
    fix_fill(&e, seed, 0, seed / 16 % 40);
    sg_emitter_close(&e);
    FUZZ_DEMAND(sg_shard_finish(writer, &facts, &err) == SG_OK, "%s", err.text);
    out[0] = (uint8_t)(seed % 4);
    return 1 + fuzz_file_read("good", out + 1, max - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    const struct sg_format_info *format = formats[data[0] % 4];
    struct sg_shard_facts facts;
    struct sg_error err = {0};
    fuzz_file_write("hostile", data + 1, size - 1);
    enum sg_code code = sg_batches_facts(&facts, format, fuzz_folder, "hostile", &err);
    FUZZ_DEMAND(code == SG_OK || err.text[0], "code %d without a message", code);
    if (code != SG_OK) return 0;
    snprintf(facts.path, sizeof facts.path, "hostile");
    struct sg_batches *batches;
    const struct sg_batch *batch = NULL;
    __int128 fingerprint = 0;
    uint64_t rows = 0;
    code = sg_batches_open(&batches, format, &fix_table, fuzz_folder, &facts, &err);
    while (code == SG_OK && (code = sg_batches_next(batches, &batch, &err)) == SG_OK && batch) {
        rows += batch->rows;
        sg_fingerprint_batch(batch, &fingerprint);
    }
    sg_batches_close(batches);
    FUZZ_DEMAND(code == SG_OK || err.text[0], "code %d without a message", code);
    if (code == SG_OK)
        FUZZ_DEMAND(rows == facts.rows, "%lu rows of %lu", (unsigned long)rows, (unsigned long)facts.rows);
    return 0;
}
