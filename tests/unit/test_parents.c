/* Parent look-ups in any order: right values whatever their range, and a cache that grows when shards keep
 * coming back instead of reading them for every child. labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "verify/packed.h"
#include "verify/parents.h"

enum { SHARDS = 128, SHARD_ROWS = 8192, ROWS = SHARDS * SHARD_ROWS, WIDE = 6, LOOKUPS = 4000 };
enum { ID, FLAG, DAY, WIDE_FIRST, COLUMNS = WIDE_FIRST + WIDE };

static const struct sg_column columns[COLUMNS] = {
    {.name = "id", .type = SG_I64},
    {.name = "flag", .type = SG_BOOL},
    {.name = "day", .type = SG_DATE, .nullable = true},
    {.name = "a", .type = SG_I64},
    {.name = "b", .type = SG_I64},
    {.name = "c", .type = SG_I64},
    {.name = "d", .type = SG_I64},
    {.name = "e", .type = SG_I64},
    {.name = "f", .type = SG_I64},
};
static const struct sg_table people = {
    .name = "people", .columns = columns, .column_count = COLUMNS, .key = {"id"}, .row_text_bytes = 100};

static uint64_t noise(uint64_t x) {
    x *= 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    return x ^ x >> 27;
}

static void put(struct sg_emitter *e, uint64_t row) {
    sg_set_i64(e, ID, (int64_t)row + 1);
    sg_set_bool(e, FLAG, row % 3 == 0);
    sg_set_date(e, DAY, (int32_t)(row % 700) - 300);
    if (row % 11 == 5) sg_set_null(e, DAY);
    for (int w = 0; w < WIDE; w++)
        sg_set_i64(e, WIDE_FIRST + w, (int64_t)noise(row * WIDE + (uint64_t)w));
}

static void write_shard(struct sg_manifest_table *into, uint64_t shard) {
    struct sg_error err = {0};
    struct sg_shard_writer *writer;
    struct sg_emitter emitter;
    size_t room;
    char path[64];
    snprintf(path, sizeof path, "people/people-%05d.copy.zst", (int)shard);
    uint64_t first = shard * SHARD_ROWS;
    assert_int_equal(sg_shard_create(&writer, folder, path, &people, sg_format_find("copy"),
                                     (struct sg_compression){SG_COMPRESS_PLAIN, -5}, first, &err),
                     SG_OK);
    assert_int_equal(sg_emitter_open(&emitter, &people, sg_shard_write, writer, &err), SG_OK);
    sg_emitter_seek(&emitter, first);
    for (uint64_t row = first; row < first + SHARD_ROWS; row++) {
        assert_int_equal(sg_emitter_room(&emitter, &room, &err), SG_OK);
        put(&emitter, row);
        sg_emitter_advance(&emitter, 1);
    }
    assert_int_equal(sg_emitter_flush(&emitter, &err), SG_OK);
    sg_emitter_close(&emitter);
    assert_int_equal(sg_shard_finish(writer, &into->shards[shard], &err), SG_OK);
}

static void check_row(const struct sg_parent_row *found, uint64_t row) {
    bool null;
    assert_true(found->found);
    assert_int_equal(sg_parent_value(found, FLAG, &null), row % 3 == 0);
    assert_false(null);
    int64_t day = sg_parent_value(found, DAY, &null);
    assert_int_equal(null, row % 11 == 5);
    if (!null) assert_int_equal(day, (int64_t)(row % 700) - 300);
    for (int w = 0; w < WIDE; w++) {
        assert_int_equal(sg_parent_value(found, WIDE_FIRST + w, &null),
                         (int64_t)noise(row * WIDE + (uint64_t)w));
        assert_false(null);
    }
}

static void rows_anywhere_are_found(void **state) {
    (void)state;
    struct sg_error err = {0};
    struct sg_manifest_table table = {.table = &people, .shard_count = SHARDS};
    struct sg_manifest manifest = {.tables = &table, .table_count = 1, .format = "copy"};
    struct sg_parents *parents;
    struct sg_parent_row found;
    table.shards = calloc(SHARDS, sizeof *table.shards);
    for (uint64_t s = 0; s < SHARDS; s++)
        write_shard(&table, s);
    assert_int_equal(sg_parents_open(&parents, &manifest, folder, &err), SG_OK);
    for (int c = FLAG; c < COLUMNS; c++)
        sg_parents_want(parents, 0, ID, c);
    for (uint64_t i = 0; i < LOOKUPS; i++) {
        uint64_t row = noise(i + 77) % ROWS;
        struct sg_key_image image = {(int64_t)row + 1, row + 1};
        assert_int_equal(sg_parents_find(parents, 0, ID, image, &found, &err), SG_OK);
        check_row(&found, row);
    }
    /* The columns take about 52 MB, twice what the cache begins with. */
    assert_in_range(sg_parents_loads(parents), SHARDS, 2 * SHARDS);
    struct sg_key_image beyond = {ROWS + 1, ROWS + 1}, before = {0, 0};
    assert_int_equal(sg_parents_find(parents, 0, ID, beyond, &found, &err), SG_OK);
    assert_false(found.found);
    assert_int_equal(sg_parents_find(parents, 0, ID, before, &found, &err), SG_OK);
    assert_false(found.found);
    sg_parents_close(parents);
    free(table.shards);
}

static void any_range_is_packed(void **state) {
    (void)state;
    static const struct {
        int64_t values[3];
        uint8_t null[3], width;
    } cases[] = {
        {{5, 5, 5}, {0, 0, 0}, 0},
        {{-1, 0, 254}, {0, 0, 0}, 1},
        {{-1, 0, 255}, {0, 0, 0}, 2},
        {{INT32_MIN, 0, INT32_MAX}, {0, 0, 0}, 4},
        {{INT64_MIN, 0, INT64_MAX}, {0, 0, 0}, 8},
        {{INT64_MIN, 7, 8}, {1, 0, 0}, 1},
        {{3, 9, 1}, {1, 1, 1}, 0},
        {{INT64_MIN, INT64_MIN, INT64_MIN + 65535}, {0, 0, 0}, 2},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct sg_packed packed;
        assert_true(sg_pack(&packed, cases[c].values, cases[c].null, 3));
        assert_int_equal(packed.width, cases[c].width);
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(sg_packed_null(&packed, i), cases[c].null[i]);
            assert_int_equal(sg_packed_value(&packed, i), cases[c].null[i] ? 0 : cases[c].values[i]);
        }
        sg_packed_free(&packed);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_anywhere_are_found),
                                       cmocka_unit_test(any_range_is_packed)};
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
