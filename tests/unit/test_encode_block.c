/* The fast writers of a block give the text of the slow ones: counters over every carry, timestamps over day
 * ends, small numbers in every order, columns that stand still for any number of rows. labels: quick */
#include "io_fixture.h"

enum {
    ID,
    MOMENT,
    DEVICE,
    PLACE,
    SMALL,
    SMALL_WIDE,
    FLAG,
    STATUS,
    DAY,
    LARGE,
    PRICE,
    SHARE,
    MAYBE_SMALL,
    MAYBE_MOMENT,
    MAYBE_DAY,
    MAYBE_PRICE,
    MAYBE_FLAG,
    LAST_COUNT,
    COLUMNS
};

static const struct sg_column columns[COLUMNS] = {
    {.name = "id", .type = SG_I64},
    {.name = "moment", .type = SG_TIMESTAMP},
    {.name = "device", .type = SG_I32},
    {.name = "place", .type = SG_DECIMAL, .precision = 12, .scale = 2, .nullable = true},
    {.name = "small", .type = SG_I16},
    {.name = "small_wide", .type = SG_I32},
    {.name = "flag", .type = SG_BOOL},
    {.name = "status", .type = SG_ENUM, .labels = &fix_enum},
    {.name = "day", .type = SG_DATE},
    {.name = "large", .type = SG_I64},
    {.name = "price", .type = SG_DECIMAL, .precision = 12, .scale = 2},
    {.name = "share", .type = SG_DECIMAL, .precision = 12, .scale = 4},
    {.name = "maybe_small", .type = SG_I16, .nullable = true},
    {.name = "maybe_moment", .type = SG_TIMESTAMP, .nullable = true},
    {.name = "maybe_day", .type = SG_DATE, .nullable = true},
    {.name = "maybe_price", .type = SG_DECIMAL, .precision = 12, .scale = 2, .nullable = true},
    {.name = "maybe_flag", .type = SG_BOOL, .nullable = true},
    {.name = "last_count", .type = SG_I64},
};

static const struct sg_table table = {
    .name = "blocks", .columns = columns, .column_count = COLUMNS, .key = {"id"}, .row_text_bytes = 80};

struct sink {
    const struct sg_format_info *format;
    struct sg_buffer expected, plain, guided;
    struct sg_guide guide;
};

static void append(struct sg_buffer *out, const char *text) {
    struct sg_error err = {0};
    assert_int_equal(sg_buffer_reserve(out, strlen(text), &err), SG_OK);
    memcpy(out->bytes + out->used, text, strlen(text));
    out->used += strlen(text);
}

/* Cell by cell; only labels need quotes in CSV. */
static void expect_row(struct sink *sink, const struct sg_batch *batch, size_t row) {
    struct sg_error err = {0};
    bool csv = sink->format->header;
    for (int i = 0; i < COLUMNS; i++) {
        if (i) append(&sink->expected, csv ? "," : "\t");
        if (csv && batch->vectors[i].null[row]) continue;
        if (csv && i == STATUS) {
            static const char *const quoted[] = {"online", "offline", "\"in, maintenance\"", "tab\there",
                                                 "\"a \"\"quoted\"\" label\""};
            append(&sink->expected, quoted[((const uint16_t *)batch->vectors[i].data)[row]]);
        } else {
            assert_int_equal(sg_encode_cell(batch, row, i, &sink->expected, &err), SG_OK);
        }
    }
    append(&sink->expected, csv ? "\r\n" : "\n");
}

static enum sg_code encode(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct sink *sink = context;
    for (size_t row = 0; row < batch->rows; row++)
        expect_row(sink, batch, row);
    SG_TRY(sink->format->encode(batch, &sink->plain, err));
    return sink->format->encode_guided(batch, &sink->guided, &sink->guide, err);
}

/* Numbers whose text has every length, often unchanged. */
static int64_t any_small(uint64_t *state, int64_t before, int64_t limit) {
    static const int64_t limits[] = {1, 2, 10, 11, 100, 101, 1000, 1001, 10000};
    uint64_t r = fix_random(state);
    if (r % 4 == 0) return before;
    int64_t below = limits[(r >> 8) % (sizeof limits / sizeof *limits)];
    return (int64_t)((r >> 16) % (uint64_t)(below < limit ? below : limit));
}

/* Columns of which any cell may be NULL. */
static void fill_maybe(struct sg_emitter *e, uint64_t *state, int64_t moment, uint64_t null_of) {
    sg_set_i16(e, MAYBE_SMALL, (int16_t)any_small(state, 12, 10000));
    sg_set_i64(e, MAYBE_MOMENT, moment + (int64_t)(fix_random(state) % 100000));
    sg_set_date(e, MAYBE_DAY, (int32_t)(moment / 86400 + (int64_t)(fix_random(state) % 40)));
    sg_set_i64(e, MAYBE_PRICE, any_small(state, 1999, 10000) * (int64_t)(fix_random(state) % 3000));
    sg_set_bool(e, MAYBE_FLAG, fix_random(state) & 1);
    for (int column = MAYBE_SMALL; column <= MAYBE_FLAG; column++)
        if (fix_random(state) % null_of == 0) {
            /* must not be looked at */
            if (column == MAYBE_MOMENT) sg_set_i64(e, column, INT64_MIN);
            if (column == MAYBE_DAY) sg_set_date(e, column, INT32_MIN);
            sg_set_null(e, column);
        }
}

/* Columns whose cells are words when they are not too large, which some seeds make them. */
static void fill_words(struct sg_emitter *e, uint64_t *state, uint64_t seed, int64_t moment) {
    static const int64_t limits[] = {10, 10000, 1000000, 99999999, 100000000, 100000001, 30000000000};
    int64_t limit = limits[seed % (sizeof limits / sizeof *limits)];
    int64_t large = (int64_t)(fix_random(state) % (uint64_t)limit);
    sg_set_date(e, DAY, (int32_t)(moment / 86400));
    sg_set_i64(e, LARGE, fix_random(state) % 3 ? large : limit - 1);
    sg_set_i64(e, PRICE, (int64_t)(fix_random(state) % (uint64_t)limit));
    sg_set_i64(e, SHARE, (int64_t)(fix_random(state) % 10001));
    if (seed % 7 == 3 && fix_random(state) % 700 == 0) sg_set_i64(e, SHARE, -1);
}

static void fill(struct sg_emitter *e, uint64_t seed, int64_t id_first, size_t rows) {
    struct sg_error err = {0};
    uint64_t state = seed;
    int64_t device = 1, moment = -3 * 86400, small = 0, wide = 0, limit = seed % 3 ? 10000 : 10001 + 90000;
    size_t room, until_device = 1;
    for (size_t i = 0; i < rows; i++) {
        assert_int_equal(sg_emitter_room(e, &room, &err), SG_OK);
        if (--until_device == 0) {
            device = fix_number(&state, 31);
            until_device = 1 + fix_random(&state) % (i % 2 ? 700 : 40);
        }
        moment += (int64_t)(fix_random(&state) % (seed % 2 ? 7 : 40000));
        small = any_small(&state, small, 10000);
        wide = any_small(&state, wide, limit);
        if (seed % 5 == 0 && fix_random(&state) % 500 == 0) small = -1;
        sg_set_i64(e, ID, id_first + (int64_t)i);
        sg_set_i64(e, MOMENT, moment);
        sg_set_i32(e, DEVICE, (int32_t)device);
        sg_set_i64(e, PLACE, device * 3);
        if (device % 3 == 0) sg_set_null(e, PLACE);
        sg_set_i16(e, SMALL, (int16_t)small);
        sg_set_i32(e, SMALL_WIDE, (int32_t)wide);
        sg_set_bool(e, FLAG, fix_random(&state) & 1);
        sg_set_enum(e, STATUS, (uint16_t)(seed % 4 ? fix_random(&state) % 5 : 1));
        fill_words(e, &state, seed, moment);
        fill_maybe(e, &state, moment, seed % 2 ? 2 : 50);
        /* counts up for a while only */
        sg_set_i64(e, LAST_COUNT, id_first + (int64_t)(seed % 3 ? i : i / 3 * 2));
        sg_emitter_advance(e, 1);
    }
    if (sg_emitter_flush(e, &err) != SG_OK) fail_msg("%s", err.text);
}

static void check(const char *format, uint64_t seed, int64_t id_first, size_t rows) {
    struct sg_error err = {0};
    struct sink sink = {.format = sg_format_find(format)};
    struct sg_emitter e;
    assert_int_equal(sg_emitter_open(&e, &table, encode, &sink, &err), SG_OK);
    fill(&e, seed, id_first, rows);
    sg_emitter_close(&e);
    assert_int_equal(sink.plain.used, sink.expected.used);
    assert_memory_equal(sink.plain.bytes, sink.expected.bytes, sink.expected.used);
    assert_int_equal(sink.guided.used, sink.expected.used);
    assert_memory_equal(sink.guided.bytes, sink.expected.bytes, sink.expected.used);
    /* Every match the guide tells of is one. */
    size_t at = 0, matched = 0;
    for (size_t i = 0; i < sink.guide.count; i++) {
        const struct sg_sequence *sequence = &sink.guide.sequences[i];
        at += sequence->literals;
        for (uint32_t k = 0; k < sequence->match; k++, at++)
            assert_int_equal(sink.guided.bytes[at], sink.guided.bytes[at - sequence->offset]);
        matched += sequence->match;
    }
    if (rows > 1000) assert_true(matched > sink.guided.used / 8);
    sg_buffer_free(&sink.expected);
    sg_buffer_free(&sink.plain);
    sg_buffer_free(&sink.guided);
    sg_guide_free(&sink.guide);
}

static void blocks_equal_cells(void **state) {
    (void)state;
    static const int64_t ids[] = {1,       95,       9990,       999000,       9998000,
                                  9999990, 19999000, 9999999000, 123456789000, 999999999998000};
    for (uint64_t seed = 1; seed <= 20; seed++)
        for (int csv = 0; csv < 2; csv++)
            check(csv ? "csv" : "copy", seed, ids[seed % (sizeof ids / sizeof *ids)], 5000);
    for (size_t rows = 1; rows < 130; rows += 1 + rows / 8)
        check(rows % 2 ? "csv" : "copy", rows, 9999999 - 40, rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(blocks_equal_cells)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
