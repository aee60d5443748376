/* Tables of a test program written row by row into shards of `folder`, with a fault planted on the way, and a
 * manifest that agrees with what was written. The functions that fill rows know the faults. */
#ifndef TESTS_PLANTED_H
#define TESTS_PLANTED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "io/manifest.h"
#include "io/shard.h"
#include "model/batch.h"

/* Fills a row; false leaves it out. `fault` is the program's own number, 0 = none. */
typedef bool put_fn(struct sg_emitter *e, uint64_t row, int fault);

struct planted {
    const struct sg_table *table;
    put_fn *put;
    uint64_t rows;
    size_t shards;
    uint64_t together; /* rows of one parent, which stay in one shard as plans do it; 0 = each alone */
};

static inline void put_rows(struct sg_shard_writer *writer, const struct planted *planted, uint64_t first,
                            uint64_t end, int fault) {
    struct sg_error err = {0};
    struct sg_emitter emitter;
    size_t room;
    assert_int_equal(sg_emitter_open(&emitter, planted->table, sg_shard_write, writer, &err), SG_OK);
    sg_emitter_seek(&emitter, first);
    for (uint64_t row = first; row < end; row++) {
        assert_int_equal(sg_emitter_room(&emitter, &room, &err), SG_OK);
        if (planted->put(&emitter, row, fault)) sg_emitter_advance(&emitter, 1);
    }
    assert_int_equal(sg_emitter_flush(&emitter, &err), SG_OK);
    sg_emitter_close(&emitter);
}

static inline void write_planted(struct sg_manifest_table *into, const struct planted *planted, int fault) {
    const uint64_t step = planted->together ? planted->together : 1, groups = planted->rows / step;
    const struct sg_compression compression = {SG_COMPRESS_GUIDED, 1};
    struct sg_error err = {0};
    into->table = planted->table;
    into->shards = calloc(planted->shards, sizeof *into->shards);
    into->shard_count = planted->shards;
    for (size_t s = 0; s < planted->shards; s++) {
        uint64_t first = groups * s / planted->shards * step, end = groups * (s + 1) / planted->shards * step;
        char path[64];
        struct sg_shard_writer *writer;
        snprintf(path, sizeof path, "%s/%s-%05zu.copy.zst", into->table->name, into->table->name, s);
        assert_int_equal(sg_shard_create(&writer, folder, path, into->table, sg_format_find("copy"),
                                         compression, first, &err),
                         SG_OK);
        put_rows(writer, planted, first, end, fault);
        assert_int_equal(sg_shard_finish(writer, &into->shards[s], &err), SG_OK);
    }
}

/* The caller has set dataset and run, and seals the manifest. */
static inline void write_all_planted(struct sg_manifest *manifest, const struct planted *planted,
                                     uint16_t count, int fault) {
    strcpy(manifest->format, "copy");
    manifest->table_count = count;
    manifest->tables = calloc(count, sizeof *manifest->tables);
    for (uint16_t t = 0; t < count; t++)
        write_planted(&manifest->tables[t], &planted[t], fault);
}

static inline void free_planted(struct sg_manifest *manifest) {
    free(manifest->totals);
    for (size_t t = 0; t < manifest->table_count; t++)
        free(manifest->tables[t].shards);
    free(manifest->tables);
}

#endif
