/* Shards of any format for tests: a folder for them, rows read back as COPY text, single damaged bits. */
#ifndef TESTS_SHARD_FIXTURE_H
#define TESTS_SHARD_FIXTURE_H

#include <fcntl.h>
#include <unistd.h>

#include "folder.h"
#include "io/batches.h"
#include "io/fingerprint.h"
#include "io_fixture.h"

static const struct sg_format_info *format;

/* Keeps rows as COPY text beside what is written or read. */
struct beside {
    struct sg_shard_writer *writer;
    struct sg_buffer text;
};

static inline enum sg_code keep(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct beside *beside = context;
    SG_TRY(sg_format_find("copy")->encode(batch, &beside->text, err));
    return beside->writer ? sg_shard_write(beside->writer, batch, err) : SG_OK;
}

static inline enum sg_code read_rows(const struct sg_shard_facts *facts, const struct sg_table *table,
                                     struct beside *got, __int128 *fingerprint, struct sg_error *err) {
    struct sg_batches *batches;
    const struct sg_batch *batch;
    uint64_t next = facts->row_first;
    SG_TRY(sg_batches_open(&batches, format, table, folder, facts, err));
    enum sg_code code;
    while ((code = sg_batches_next(batches, &batch, err)) == SG_OK && batch) {
        assert_int_equal(batch->row_first, next);
        assert_in_range(batch->rows, 1, SG_BATCH_ROWS);
        next += batch->rows;
        sg_fingerprint_batch(batch, fingerprint);
        code = keep(got, batch, err);
        if (code != SG_OK) break;
    }
    sg_batches_close(batches);
    return code;
}

static inline void flip(const char *path, uint64_t at, unsigned char bits) {
    char full[256];
    unsigned char byte;
    snprintf(full, sizeof full, "%s/%s", folder, path);
    int fd = open(full, O_RDWR);
    assert_int_equal(pread(fd, &byte, 1, (off_t)at), 1);
    byte ^= bits;
    assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
    close(fd);
}

#endif
