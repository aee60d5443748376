/* Binary COPY: numerics by known bytes, and every tuple PostgreSQL would not write is refused and named.
 * labels: quick */
#include "io/encode_binary.h"
#include "io/parse.h"
#include "io/transcode.h"
#include "io_fixture.h"

static const char *const labels[] = {"on", "off", "maintenance mode that is long"};
static const struct sg_enum status = {"status", labels, 3};
static const struct sg_column columns[] = {
    {.name = "id", .type = SG_I32},
    {.name = "flag", .type = SG_BOOL, .nullable = true},
    {.name = "money", .type = SG_DECIMAL, .precision = 7, .scale = 2, .nullable = true},
    {.name = "day", .type = SG_DATE, .nullable = true},
    {.name = "moment", .type = SG_TIMESTAMP, .nullable = true},
    {.name = "status", .type = SG_ENUM, .labels = &status, .nullable = true},
    {.name = "name", .type = SG_TEXT, .length_max = 5, .nullable = true},
};
enum { COLUMNS = sizeof columns / sizeof *columns };
static const struct sg_table table = {
    .name = "checked", .columns = columns, .column_count = COLUMNS, .key = {"id"}, .text_bytes_max = 20};

#define CELL(bytes)                                                                                          \
    { (bytes), sizeof(bytes) - 1 }
struct bytes {
    const char *bytes;
    size_t size;
};

static const struct bytes good[COLUMNS] = {
    CELL("\0\0\0\x07"),
    CELL("\x01"),
    CELL("\0\x02\0\0\0\0\0\x02\x04\xD2\x15\x7C"), /* 1234.55 */
    CELL("\0\0\0\0"),
    CELL("\0\0\0\0\0\0\0\0"),
    CELL("off"),
    CELL("\xc3\xa9"),
};

static size_t put_cell(char *out, struct bytes cell) {
    memcpy(sg_put_be32(out, (uint32_t)cell.size), cell.bytes, cell.size);
    return 4 + cell.size;
}

/* Header, a good tuple, one with a cell replaced, trailer. */
static size_t make(char *out, const char *column, struct bytes cell) {
    char *at = out;
    memcpy(at, sg_binary_header, SG_BINARY_HEADER_BYTES);
    at += SG_BINARY_HEADER_BYTES;
    for (int row = 0; row < 2; row++) {
        at = sg_put_be16(at, COLUMNS);
        for (int i = 0; i < COLUMNS; i++)
            at += put_cell(at, row && column && strcmp(column, columns[i].name) == 0 ? cell : good[i]);
    }
    memcpy(at, sg_binary_trailer, SG_BINARY_TRAILER_BYTES);
    return (size_t)(at - out) + SG_BINARY_TRAILER_BYTES;
}

/* Parses from an exact copy; gives the fault. */
static struct sg_parse_fault parse(const char *bytes, size_t size, struct sg_error *err) {
    struct sg_parser *parser;
    const struct sg_batch *batch;
    *err = (struct sg_error){0};
    assert_int_equal(sg_parser_open(&parser, &table, sg_format_find("binary"), err), SG_OK);
    sg_parser_start(parser, "some/file", 70, true);
    char *exact = malloc(size ? size : 1);
    memcpy(exact, bytes, size);
    sg_parser_feed(parser, exact, size);
    do
        if (sg_parser_next(parser, &batch, err) != SG_OK) break;
    while (batch);
    struct sg_parse_fault fault = *sg_parser_fault(parser);
    sg_parser_close(parser);
    free(exact);
    return fault;
}

static void malformed_cells_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *column;
        struct bytes cell;
        enum sg_parse_fault_kind kind;
    } malformed[] = {
        {"id", CELL("\0\0\x07"), SG_PARSE_VALUE},
        {"flag", CELL("\x02"), SG_PARSE_VALUE},
        {"flag", CELL(""), SG_PARSE_VALUE},
        {"money", CELL("\0\x02\0\0\0\0\0"), SG_PARSE_VALUE},                       /* cut */
        {"money", CELL("\0\x02\0\0\0\0\0\x03\x04\xD2\x15\x7C"), SG_PARSE_VALUE},   /* scale 3 */
        {"money", CELL("\0\x02\0\0\0\0\0\x02\x04\xD2\x15\x7D"), SG_PARSE_VALUE},   /* .5501 */
        {"money", CELL("\0\x02\0\0\0\0\0\x02\x04\xD2\0\0"), SG_PARSE_VALUE},       /* zero group behind */
        {"money", CELL("\0\x02\0\0\0\0\0\x02\0\0\x15\x7C"), SG_PARSE_VALUE},       /* zero group before */
        {"money", CELL("\0\x02\0\0\0\0\0\x02\x27\x10\x15\x7C"), SG_PARSE_VALUE},   /* group of 10000 */
        {"money", CELL("\0\x02\0\0\xC0\0\0\x02\x04\xD2\x15\x7C"), SG_PARSE_VALUE}, /* NaN */
        {"money", CELL("\0\0\0\0\x40\0\0\x02"), SG_PARSE_VALUE},                   /* -0 */
        {"money", CELL("\0\x01\0\x01\0\0\0\x02\0\x0A"), SG_PARSE_VALUE},           /* 100000.00 */
        {"money", CELL("\0\x01\0\x05\0\0\0\x02\0\x0A"), SG_PARSE_VALUE},           /* beyond 64 bits */
        {"day", CELL("\x7F\xFF\xFF\xFF"), SG_PARSE_VALUE},                         /* infinity */
        {"moment", CELL("\0\0\0\0\0\0\0\x01"), SG_PARSE_VALUE},                    /* a microsecond */
        {"moment", CELL("\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), SG_PARSE_VALUE},      /* infinity */
        {"status", CELL("of"), SG_PARSE_VALUE},
        {"name", CELL("\xff"), SG_PARSE_VALUE},
        {"name", CELL("abcdef"), SG_PARSE_LENGTH},
    };
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        char bytes[512];
        struct sg_error err;
        size_t size = make(bytes, malformed[i].column, malformed[i].cell);
        struct sg_parse_fault fault = parse(bytes, size, &err);
        if (fault.kind != malformed[i].kind) fail_msg("%zu: %s: %s", i, malformed[i].column, err.text);
        assert_int_equal(fault.row, 71);
        assert_string_equal(columns[fault.column].name, malformed[i].column);
    }
}

static void malformed_streams_are_refused(void **state) {
    (void)state;
    char bytes[512];
    struct sg_error err;
    size_t size = make(bytes, NULL, good[0]), tuple = (size - 21) / 2;
    assert_int_equal(parse(bytes, size, &err).kind, SG_PARSE_FINE);
    for (size_t cut = 0; cut < size; cut++) { /* a text may well end after a row or the header */
        bool whole = cut == 0 || (cut >= 19 && (cut - 19) % tuple == 0);
        struct sg_parse_fault fault = parse(bytes, cut, &err);
        if ((fault.kind == SG_PARSE_FINE) != whole) fail_msg("cut at %zu: kind %d", cut, fault.kind);
    }
    bytes[size] = 0;
    assert_int_equal(parse(bytes, size + 1, &err).kind, SG_PARSE_COLUMNS);
    assert_non_null(strstr(err.text, "stands behind the trailer"));
    bytes[19 + tuple + 1] = COLUMNS - 1;
    assert_int_equal(parse(bytes, size, &err).kind, SG_PARSE_COLUMNS);
    assert_non_null(strstr(err.text, "row 71 has too few columns"));
    size = make(bytes, NULL, good[0]);
    memset(bytes + 19 + 2, 0xff, 4);
    assert_int_equal(parse(bytes, size, &err).kind, SG_PARSE_NULL);
    bytes[3] = 'x';
    assert_int_equal(parse(bytes, size, &err).kind, SG_PARSE_HEADER);
}

static void hostile_bytes_do_no_harm(void **state) {
    (void)state;
    uint64_t random = 5;
    for (int i = 0; i < 20000; i++) {
        char bytes[512];
        struct sg_error err;
        size_t size = make(bytes, NULL, good[0]);
        for (uint64_t n = fix_random(&random) % 4 + 1; n; n--)
            bytes[19 + fix_random(&random) % (size - 19)] = (char)fix_random(&random);
        parse(bytes, size - fix_random(&random) % 3, &err);
    }
}

static enum sg_code keep(void *context, const struct sg_batch *batch, struct sg_error *err) {
    return sg_encode_binary(batch, context, err);
}

/* Numerics as PostgreSQL 15 stores them: digits in groups of four from the point, no zero groups at the ends.
 */
static void numerics_have_postgresql_bytes(void **state) {
    (void)state;
    static const struct {
        uint8_t scale;
        int64_t value;
        struct bytes cell;
    } known[] = {
        {2, 0, CELL("\0\0\0\0\0\0\0\x02")},
        {2, 1, CELL("\0\x01\xFF\xFF\0\0\0\x02\0\x64")},
        {2, -123455, CELL("\0\x02\0\0\x40\0\0\x02\x04\xD2\x15\x7C")},
        {2, 100000000, CELL("\0\x01\0\x01\0\0\0\x02\0\x64")},
        {0, 10000, CELL("\0\x01\0\x01\0\0\0\0\0\x01")},
        {0, -7, CELL("\0\x01\0\0\x40\0\0\0\0\x07")},
        {5, 1, CELL("\0\x01\xFF\xFE\0\0\0\x05\x03\xE8")},
        {18, 1, CELL("\0\x01\xFF\xFB\0\0\0\x12\0\x64")},
        {17, INT64_MIN, CELL("\0\x06\0\0\x40\0\0\x11\0\x5C\x09\x21\x07\xF4\x21\x63\x1D\x9C\x1F\x40")},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const struct sg_column column = {
            .name = "n", .type = SG_DECIMAL, .precision = 19, .scale = known[i].scale};
        const struct sg_table one = {.name = "numbers", .columns = &column, .column_count = 1};
        struct sg_buffer out = {0};
        struct sg_error err = {0};
        struct sg_emitter e;
        size_t room;
        assert_int_equal(sg_emitter_open(&e, &one, keep, &out, &err), SG_OK);
        assert_int_equal(sg_emitter_room(&e, &room, &err), SG_OK);
        sg_set_i64(&e, 0, known[i].value);
        sg_emitter_advance(&e, 1);
        assert_int_equal(sg_emitter_flush(&e, &err), SG_OK);
        assert_int_equal(out.used, 6 + known[i].cell.size);
        if (memcmp(out.bytes + 6, known[i].cell.bytes, known[i].cell.size) != 0) fail_msg("case %zu", i);
        sg_emitter_close(&e);
        sg_buffer_free(&out);
    }
}

/* Both ways of a batch to binary COPY: encoded, and by its COPY text. */
struct ways {
    struct sg_buffer binary, text;
};

static enum sg_code both_ways(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct ways *ways = context;
    SG_TRY(sg_encode_binary(batch, &ways->binary, err));
    return sg_format_find("copy")->encode(batch, &ways->text, err);
}

/* Every third to fifth row is new, so that cells repeat; then all are. */
static void make_both_ways(struct ways *ways, size_t rows, uint64_t seed) {
    struct sg_error err = {0};
    struct sg_emitter e;
    uint64_t state = seed, kept = seed;
    *ways = (struct ways){0};
    assert_int_equal(sg_emitter_open(&e, &fix_table, both_ways, ways, &err), SG_OK);
    for (size_t i = 0, room; i < rows; i++) {
        assert_int_equal(sg_emitter_room(&e, &room, &err), SG_OK);
        if (i > rows / 2 || i % 5 < 2) kept = fix_random(&state);
        uint64_t row_state = kept;
        fix_row(&e, &row_state, i + 1);
        sg_emitter_advance(&e, 1);
    }
    assert_int_equal(sg_emitter_flush(&e, &err), SG_OK);
    sg_emitter_close(&e);
}

static void transcoded_text_is_what_the_encoder_makes(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 7, 300, 4097, 20000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct ways ways;
        struct sg_transcoder *transcoder;
        struct sg_error err = {0};
        struct sg_buffer out = {0};
        make_both_ways(&ways, sizes[i], i + 3);
        assert_int_equal(sg_transcoder_open(&transcoder, &fix_table, &err), SG_OK);
        char *exact = malloc(ways.text.used + 1); /* so that reading past the end shows under a sanitizer */
        if (ways.text.used) memcpy(exact, ways.text.bytes, ways.text.used);
        char *text = realloc(exact, ways.text.used ? ways.text.used : 1);
        const char *at = text, *end = text + ways.text.used;
        while (at < end)
            if (sg_transcode(transcoder, "text", &at, end, &out, &err)) fail_msg("%s", err.text);
        assert_int_equal(out.used, ways.binary.used);
        if (out.used) assert_memory_equal(out.bytes, ways.binary.bytes, out.used);
        sg_transcoder_close(transcoder);
        sg_buffer_free(&out);
        sg_buffer_free(&ways.binary);
        sg_buffer_free(&ways.text);
        free(text);
    }
}

/* Damaged text is refused or taken, but never read or written beyond its end. */
static void transcoding_hostile_text_does_no_harm(void **state) {
    (void)state;
    struct ways ways;
    uint64_t random = 17;
    size_t refused = 0;
    make_both_ways(&ways, 40, 5);
    for (int i = 0; i < 4000; i++) {
        size_t size = ways.text.used - fix_random(&random) % 9;
        char *text = malloc(size);
        memcpy(text, ways.text.bytes, size);
        for (uint64_t n = fix_random(&random) % 4; n; n--)
            text[fix_random(&random) % size] = "\t\n\r,\"\\N0-9z\x80\xff\x00"[fix_random(&random) % 14];
        struct sg_transcoder *transcoder;
        struct sg_error err = {0};
        struct sg_buffer out = {0};
        assert_int_equal(sg_transcoder_open(&transcoder, &fix_table, &err), SG_OK);
        const char *at = text;
        enum sg_code code = sg_transcode(transcoder, "some/file", &at, text + size, &out, &err);
        assert_true(code == SG_OK || code == SG_INVALID);
        if (code) assert_non_null(strstr(err.text, "some/file: a row of everything is malformed at column "));
        refused += code != SG_OK;
        sg_transcoder_close(transcoder);
        sg_buffer_free(&out);
        free(text);
    }
    assert_true(refused > 2000 && refused < 4000);
    sg_buffer_free(&ways.binary);
    sg_buffer_free(&ways.text);
}

/* Columns whose cells are all of one size, and the same where they may be NULL. */
enum { SIZED = 7 };
#define SIZED_COLUMNS(may)                                                                                   \
    {                                                                                                        \
        {.name = "id", .type = SG_I64}, {.name = "small", .type = SG_I16, .nullable = may},                  \
            {.name = "middle", .type = SG_I32, .nullable = may},                                             \
            {.name = "big", .type = SG_I64, .nullable = may},                                                \
            {.name = "moment", .type = SG_TIMESTAMP, .nullable = may},                                       \
            {.name = "day", .type = SG_DATE, .nullable = may},                                               \
            {.name = "flag", .type = SG_BOOL, .nullable = may},                                              \
    }
static const struct sg_column sized_columns[2][SIZED] = {SIZED_COLUMNS(false), SIZED_COLUMNS(true)};

/* Numbers of at most `bits` bits, negative ones only beyond 26. */
static void put_sized_row(struct sg_emitter *e, uint64_t *state, size_t id, unsigned bits, bool nulls) {
    bool below = bits > 26;
    int64_t numbers[3];
    for (int i = 0; i < 3; i++) {
        numbers[i] = fix_number(state, bits);
        if (!below && numbers[i] < 0) numbers[i] = -numbers[i];
    }
    sg_set_i64(e, 0, (int64_t)id * (below ? 99999 : 1));
    sg_set_i16(e, 1, (int16_t)(below ? numbers[0] : numbers[0] & INT16_MAX));
    sg_set_i32(e, 2, (int32_t)numbers[1]);
    sg_set_i64(e, 3, numbers[2]);
    int64_t day = (int64_t)(fix_random(state) % 3652059) - 719162;
    sg_set_i64(e, 4, day * 86400 + (int64_t)(fix_random(state) % 86400));
    sg_set_date(e, 5, (int32_t)day);
    sg_set_bool(e, 6, fix_random(state) & 1);
    for (int i = 1; nulls && i < SIZED; i++)
        if (fix_random(state) % 5 == 0) sg_set_null(e, i);
}

static void make_sized(struct ways *ways, const struct sg_table *sized, size_t rows, unsigned bits) {
    struct sg_error err = {0};
    struct sg_emitter e;
    uint64_t state = rows + bits;
    *ways = (struct ways){0};
    assert_int_equal(sg_emitter_open(&e, sized, both_ways, ways, &err), SG_OK);
    for (size_t i = 0, room; i < rows; i++) {
        assert_int_equal(sg_emitter_room(&e, &room, &err), SG_OK);
        put_sized_row(&e, &state, i + 1, bits, sized->columns[1].nullable);
        sg_emitter_advance(&e, 1);
    }
    assert_int_equal(sg_emitter_flush(&e, &err), SG_OK);
    sg_emitter_close(&e);
}

/* All of a text, or (`singly`) one row after the other, which leaves them to the row loop. */
static enum sg_code transcode_all(const struct sg_table *of, const char *text, size_t size, bool singly,
                                  struct sg_buffer *out) {
    struct sg_transcoder *transcoder;
    struct sg_error err = {0};
    enum sg_code code = SG_OK;
    assert_int_equal(sg_transcoder_open(&transcoder, of, &err), SG_OK);
    for (const char *at = text, *end = text + size; code == SG_OK && at < end;) {
        const char *line = singly ? memchr(at, '\n', (size_t)(end - at)) : NULL;
        code = sg_transcode(transcoder, "text", &at, line ? line + 1 : end, out, &err);
    }
    sg_transcoder_close(transcoder);
    return code;
}

static void blocks_give_what_rows_give(void **state) {
    (void)state;
    static const unsigned bits[] = {8, 26, 31};
    for (int i = 0; i < 2 * 3 * 4; i++) {
        struct sg_table sized = {
            .name = "sized", .columns = sized_columns[i % 2], .column_count = SIZED, .key = {"id"}};
        struct ways ways;
        struct sg_buffer out = {0}, by_rows = {0};
        static const size_t rows[] = {1, 128, 300, 5000};
        make_sized(&ways, &sized, rows[i / 6], bits[i / 2 % 3]);
        assert_int_equal(transcode_all(&sized, ways.text.bytes, ways.text.used, false, &out), SG_OK);
        assert_int_equal(transcode_all(&sized, ways.text.bytes, ways.text.used, true, &by_rows), SG_OK);
        assert_int_equal(out.used, ways.binary.used);
        assert_memory_equal(out.bytes, ways.binary.bytes, out.used);
        assert_int_equal(by_rows.used, ways.binary.used);
        assert_memory_equal(by_rows.bytes, ways.binary.bytes, out.used);
        sg_buffer_free(&out);
        sg_buffer_free(&by_rows);
        sg_buffer_free(&ways.binary);
        sg_buffer_free(&ways.text);
    }
}

/* One byte of a block damaged: both loops take it, with the same bytes, or both refuse. */
static void blocks_refuse_what_rows_refuse(void **state) {
    (void)state;
    struct sg_table sized = {
        .name = "sized", .columns = sized_columns[1], .column_count = SIZED, .key = {"id"}};
    struct ways ways;
    uint64_t random = 29;
    size_t refused = 0;
    make_sized(&ways, &sized, 150, 26);
    for (int i = 0; i < 4000; i++) {
        struct sg_buffer out = {0}, by_rows = {0};
        size_t at = fix_random(&random) % ways.text.used;
        char kept = ways.text.bytes[at];
        ways.text.bytes[at] = "\t\n\r-.,:; \\N0199az\x80\xff+"[fix_random(&random) % 20];
        enum sg_code code = transcode_all(&sized, ways.text.bytes, ways.text.used, false, &out);
        if (transcode_all(&sized, ways.text.bytes, ways.text.used, true, &by_rows) != code)
            fail_msg("byte %zu as %d", at, ways.text.bytes[at]);
        if (code == SG_OK) {
            assert_int_equal(out.used, by_rows.used);
            assert_memory_equal(out.bytes, by_rows.bytes, out.used);
        }
        refused += code != SG_OK;
        ways.text.bytes[at] = kept;
        sg_buffer_free(&out);
        sg_buffer_free(&by_rows);
    }
    assert_true(refused > 1000 && refused < 4000);
    sg_buffer_free(&ways.binary);
    sg_buffer_free(&ways.text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_cells_are_refused),
        cmocka_unit_test(malformed_streams_are_refused),
        cmocka_unit_test(hostile_bytes_do_no_harm),
        cmocka_unit_test(numerics_have_postgresql_bytes),
        cmocka_unit_test(transcoded_text_is_what_the_encoder_makes),
        cmocka_unit_test(transcoding_hostile_text_does_no_harm),
        cmocka_unit_test(blocks_give_what_rows_give),
        cmocka_unit_test(blocks_refuse_what_rows_refuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
