/* What the encoders write parses back to the same batches; every malformed cell is refused and named.
 * labels: quick */
#include "io/cell_parse.h"
#include "io/fingerprint.h"
#include "io/parse.h"
#include "io/parse_rows.h"
#include "io/separators.h"
#include "io_fixture.h"

static enum sg_code collect(void *context, const struct sg_batch *batch, struct sg_error *err) {
    void **both = context;
    return ((const struct sg_format_info *)both[0])->encode(batch, both[1], err);
}

/* Text of pseudo-random rows 0.., with the header if the format has one. */
static void make_text(const struct sg_format_info *format, uint64_t seed, size_t rows,
                      struct sg_buffer *text) {
    struct sg_error err = {0};
    void *context[2] = {(void *)format, text};
    struct sg_emitter e;
    if (format->header) assert_int_equal(format->encode_header(&fix_table, text, &err), SG_OK);
    assert_int_equal(sg_emitter_open(&e, &fix_table, collect, context, &err), SG_OK);
    fix_fill(&e, seed, 0, rows);
    sg_emitter_close(&e);
    if (format->encode_trailer) assert_int_equal(format->encode_trailer(&fix_table, text, &err), SG_OK);
}

/* Row `row` of the batch holds the same cells as the row in hand of the emitter. */
static void compare_row(const struct sg_batch *batch, size_t row, const struct sg_batch *expected,
                        size_t other) {
    for (int i = 0; i < FIX_COLUMNS; i++) {
        size_t element = sg_type_bytes(fix_columns[i].type);
        const char *a = (const char *)batch->vectors[i].data + row * element;
        const char *b = (const char *)expected->vectors[i].data + other * element;
        assert_int_equal(batch->vectors[i].null[row], expected->vectors[i].null[other]);
        if (batch->vectors[i].null[row]) continue;
        if (fix_columns[i].type != SG_TEXT) {
            assert_memory_equal(a, b, element);
            continue;
        }
        const struct sg_text *s = (const void *)a, *t = (const void *)b;
        assert_int_equal(s->length, t->length);
        assert_memory_equal(batch->pool + s->offset, expected->pool + t->offset, s->length);
    }
}

static enum sg_code no_flush(void *context, const struct sg_batch *batch, struct sg_error *err) {
    (void)context, (void)batch;
    return sg_fail(err, SG_INTERNAL, "flushed");
}

/* Draws the row again and compares it with what was parsed. */
static void check_batch(const struct sg_batch *batch, uint64_t *random) {
    struct sg_error err = {0};
    struct sg_emitter e;
    assert_int_equal(sg_emitter_open(&e, &fix_table, no_flush, NULL, &err), SG_OK);
    for (size_t row = 0; row < batch->rows; row++) {
        fix_row(&e, random, batch->row_first + row + 1);
        compare_row(batch, row, &e.batch, 0);
        for (int i = 0; i < FIX_COLUMNS; i++)
            e.batch.vectors[i].null[0] = 0;
        e.batch.pool_used = 0;
    }
    sg_emitter_close(&e);
}

static void round_trip(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 3, 4095, 4096, 4097, 9000};
    for (size_t i = 0; i < 3 * sizeof sizes / sizeof *sizes; i++) {
        const struct sg_format_info *format = &sg_formats()[i % 3];
        size_t rows = sizes[i / 3];
        uint64_t seed = 100 + i, random = seed, seen = 0;
        struct sg_buffer text = {0};
        make_text(format, seed, rows, &text);
        struct sg_parser *parser;
        struct sg_error err = {0};
        assert_int_equal(sg_parser_open(&parser, &fix_table, format, &err), SG_OK);
        sg_parser_start(parser, "text", 0, true);
        /* an exact copy, so that reading past the end shows under a sanitizer */
        char *exact = malloc(text.used ? text.used : 1);
        memcpy(exact, text.bytes ? text.bytes : "", text.used);
        sg_parser_feed(parser, exact, text.used);
        for (;;) {
            const struct sg_batch *batch;
            if (sg_parser_next(parser, &batch, &err)) fail_msg("%s", err.text);
            if (!batch) break;
            assert_int_equal(batch->row_first, seen);
            check_batch(batch, &random);
            seen += batch->rows;
        }
        assert_int_equal(seen, rows);
        sg_parser_close(parser);
        sg_buffer_free(&text);
        free(exact);
    }
}

static const char *const labels[] = {"on", "off", "maintenance mode"};
static const struct sg_enum status = {"status", labels, 3};
static const struct sg_token token = {"in_", "1", "ABC", 4, 18, 0};
static const struct sg_token decimal_token = {"CU", "", "-", 2, 8, 5};
static const struct sg_column columns[] = {
    {.name = "id", .type = SG_I64},
    {.name = "flag", .type = SG_BOOL, .nullable = true},
    {.name = "small", .type = SG_I16, .nullable = true},
    {.name = "middle", .type = SG_I32, .nullable = true},
    {.name = "money", .type = SG_DECIMAL, .precision = 6, .scale = 2, .nullable = true},
    {.name = "whole", .type = SG_DECIMAL, .precision = 4, .scale = 0, .nullable = true},
    {.name = "day", .type = SG_DATE, .nullable = true},
    {.name = "moment", .type = SG_TIMESTAMP, .nullable = true},
    {.name = "status", .type = SG_ENUM, .labels = &status, .nullable = true},
    {.name = "invoice", .type = SG_TOKEN, .token = &token, .nullable = true},
    {.name = "number", .type = SG_TOKEN, .token = &decimal_token, .nullable = true},
    {.name = "name", .type = SG_TEXT, .length_max = 5, .nullable = true},
    {.name = "code", .type = SG_UUID, .nullable = true},
};
enum { COLUMNS = sizeof columns / sizeof *columns };
static const struct sg_table table = {
    .name = "checked", .columns = columns, .column_count = COLUMNS, .key = {"id"}, .text_bytes_max = 20};

static const char *const good_cells[COLUMNS] = {"-9223372036854775808",
                                                "f",
                                                "-32768",
                                                "2147483647",
                                                "-9999.99",
                                                "9999",
                                                "2024-02-29",
                                                "9999-12-31 23:59:59+00",
                                                "maintenance mode",
                                                "in_1LygHABCa16AHYF",
                                                "CU12-045",
                                                "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9",
                                                "01234567-89ab-cdef-fedc-ba9876543210"};

/* A good row before, then the good cells with one replaced. */
static size_t row_text(char *out, bool csv, const char *column, const char *cell, size_t cell_size) {
    char *at = out;
    if (csv)
        at += sprintf(at, "id,flag,small,middle,money,whole,day,moment,status,invoice,number,name,code\r\n");
    for (int row = 0; row < 2; row++) {
        for (int i = 0; i < COLUMNS; i++) {
            bool replaced = row == 1 && column && strcmp(columns[i].name, column) == 0;
            size_t size = replaced ? cell_size : strlen(good_cells[i]);
            memcpy(at, replaced ? cell : good_cells[i], size);
            at += size;
            *at++ = csv ? ',' : '\t';
        }
        at--;
        if (csv) *at++ = '\r';
        *at++ = '\n';
    }
    return (size_t)(at - out);
}

/* Parses the text; the fault's kind, with the message in err. */
static enum sg_parse_fault_kind parse(const char *format, const char *text, size_t size, struct sg_error *err,
                                      struct sg_parse_fault *fault) {
    struct sg_parser *parser;
    const struct sg_batch *batch;
    memset(err, 0, sizeof *err);
    assert_int_equal(sg_parser_open(&parser, &table, sg_format_find(format), err), SG_OK);
    char *exact = malloc(size ? size : 1);
    memcpy(exact, text, size);
    sg_parser_start(parser, "some/file", 70, true);
    sg_parser_feed(parser, exact, size);
    enum sg_code code;
    do
        code = sg_parser_next(parser, &batch, err);
    while (code == SG_OK && batch);
    *fault = *sg_parser_fault(parser);
    assert_int_equal(code, fault->kind == SG_PARSE_FINE ? SG_OK : SG_INVALID);
    sg_parser_close(parser);
    free(exact);
    return fault->kind;
}

static const struct {
    const char *column, *cell;
    enum sg_parse_fault_kind kind;
    const char *formats; /* "copy csv" */
} malformed[] = {
    {"id", "9223372036854775808", SG_PARSE_VALUE, "copy csv"},
    {"id", "-9223372036854775809", SG_PARSE_VALUE, "copy csv"},
    {"id", "99999999999999999999", SG_PARSE_VALUE, "copy csv"},
    {"id", "12345678x", SG_PARSE_VALUE, "copy csv"},
    {"id", "1234567:9", SG_PARSE_VALUE, "copy csv"},
    {"id", "/2345678", SG_PARSE_VALUE, "copy csv"},
    {"id", "01", SG_PARSE_VALUE, "copy csv"},
    {"id", "+1", SG_PARSE_VALUE, "copy csv"},
    {"id", "-0", SG_PARSE_VALUE, "copy csv"},
    {"id", "-", SG_PARSE_VALUE, "copy csv"},
    {"id", " 1", SG_PARSE_VALUE, "copy csv"},
    {"id", "1.0", SG_PARSE_VALUE, "copy csv"},
    {"id", "\"1\"", SG_PARSE_VALUE, "copy csv"},
    {"id", "", SG_PARSE_VALUE, "copy"},
    {"id", "", SG_PARSE_NULL, "csv"},
    {"id", "\\N", SG_PARSE_NULL, "copy"},
    {"id", "\\N", SG_PARSE_VALUE, "csv"},
    {"name", "\"ab\"", SG_PARSE_VALUE, "csv"}, /* quotes where none are needed */
    {"name", "a\"b", SG_PARSE_VALUE, "csv"},
    {"flag", "true", SG_PARSE_VALUE, "copy csv"},
    {"flag", "1", SG_PARSE_VALUE, "copy csv"},
    {"small", "32768", SG_PARSE_VALUE, "copy csv"},
    {"small", "-32769", SG_PARSE_VALUE, "copy csv"},
    {"middle", "2147483648", SG_PARSE_VALUE, "copy csv"},
    {"middle", "-2147483649", SG_PARSE_VALUE, "copy csv"},
    {"money", "10000.00", SG_PARSE_VALUE, "copy csv"},
    {"money", "1.0", SG_PARSE_VALUE, "copy csv"},
    {"money", "1.000", SG_PARSE_VALUE, "copy csv"},
    {"money", "1", SG_PARSE_VALUE, "copy csv"},
    {"money", ".05", SG_PARSE_VALUE, "copy csv"},
    {"money", "-0.00", SG_PARSE_VALUE, "copy csv"},
    {"money", "00.05", SG_PARSE_VALUE, "copy csv"},
    {"money", "1.-5", SG_PARSE_VALUE, "copy csv"},
    {"money", "99999999999999999999.00", SG_PARSE_VALUE, "copy csv"},
    {"money", "9223372036854775808.00", SG_PARSE_VALUE, "copy csv"},
    {"whole", "10000", SG_PARSE_VALUE, "copy csv"},
    {"whole", "1.", SG_PARSE_VALUE, "copy csv"},
    {"day", "2023-02-29", SG_PARSE_VALUE, "copy csv"},
    {"day", "2024-13-01", SG_PARSE_VALUE, "copy csv"},
    {"day", "2024-00-01", SG_PARSE_VALUE, "copy csv"},
    {"day", "2024-04-31", SG_PARSE_VALUE, "copy csv"},
    {"day", "0000-01-01", SG_PARSE_VALUE, "copy csv"},
    {"day", "2024-1-01", SG_PARSE_VALUE, "copy csv"},
    {"day", "2024/01/01", SG_PARSE_VALUE, "copy csv"},
    {"day", "20240101", SG_PARSE_VALUE, "copy csv"},
    {"moment", "2024-01-01", SG_PARSE_VALUE, "copy csv"},
    {"moment", "2024-01-01 24:00:00+00", SG_PARSE_VALUE, "copy csv"},
    {"moment", "2024-01-01 23:60:00+00", SG_PARSE_VALUE, "copy csv"},
    {"moment", "2024-01-01 23:59:60+00", SG_PARSE_VALUE, "copy csv"},
    {"moment", "2024-01-01 23:59:59+01", SG_PARSE_VALUE, "copy csv"},
    {"moment", "2024-01-01T23:59:59+00", SG_PARSE_VALUE, "copy csv"},
    {"moment", "2024-02-30 23:59:59+00", SG_PARSE_VALUE, "copy csv"},
    {"moment", "2024-01-01 23:59:59.5+00", SG_PARSE_VALUE, "copy csv"},
    {"status", "ON", SG_PARSE_VALUE, "copy csv"},
    {"status", "o", SG_PARSE_VALUE, "copy csv"},
    {"status", "maintenance modf", SG_PARSE_VALUE, "copy csv"},
    {"status", "maintena", SG_PARSE_VALUE, "copy csv"},
    {"status", "", SG_PARSE_VALUE, "copy"},
    {"invoice", "in_1LygHABCa16AHYG", SG_PARSE_VALUE, "copy csv"}, /* 2^64 */
    {"invoice", "in_1zzzzABCzzzzzzz", SG_PARSE_VALUE, "copy csv"},
    {"invoice", "in_2LygHABCa16AHYF", SG_PARSE_VALUE, "copy csv"},
    {"invoice", "im_1LygHABCa16AHYF", SG_PARSE_VALUE, "copy csv"},
    {"invoice", "in_1LygHABDa16AHYF", SG_PARSE_VALUE, "copy csv"},
    {"invoice", "in_1Lyg-ABCa16AHYF", SG_PARSE_VALUE, "copy csv"},
    {"invoice", "in_1LygHABCa16AHYFx", SG_PARSE_VALUE, "copy csv"},
    {"invoice", "in_1LygHABCa16AHY", SG_PARSE_VALUE, "copy csv"},
    {"number", "CU12-04A", SG_PARSE_VALUE, "copy csv"},
    {"number", "CU12+045", SG_PARSE_VALUE, "copy csv"},
    {"number", "CU12-0456", SG_PARSE_VALUE, "copy csv"},
    {"name", "sixsix", SG_PARSE_LENGTH, "copy csv"},
    {"name", "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", SG_PARSE_LENGTH, "copy csv"},
    {"name", "\xc3", SG_PARSE_VALUE, "copy csv"},
    {"name", "\xc0\xaf", SG_PARSE_VALUE, "copy csv"},
    {"name", "\xed\xa0\x80", SG_PARSE_VALUE, "copy csv"},
    {"name", "\xe0\x80\xaf", SG_PARSE_VALUE, "copy csv"},
    {"name", "\xf4\x90\x80\x80", SG_PARSE_VALUE, "copy csv"},
    {"name", "\xf5\x80\x80\x80", SG_PARSE_VALUE, "copy csv"},
    {"name", "\xff", SG_PARSE_VALUE, "copy csv"},
    {"name", "\x80", SG_PARSE_VALUE, "copy csv"},
    {"name", "a\xe2\x82", SG_PARSE_VALUE, "copy csv"},
    {"name", "a\\x", SG_PARSE_VALUE, "copy"},
    {"name", "a\\", SG_PARSE_VALUE, "copy"},
    {"name", "a\rb", SG_PARSE_VALUE, "copy"},
    {"name", "a\"b", SG_PARSE_VALUE, "csv"},
    {"name", "\"a\"b", SG_PARSE_VALUE, "csv"},
    {"name", "\"a", SG_PARSE_CUT, "csv"},
    {"code", "01234567-89ab-cdef-fedc-ba987654321", SG_PARSE_VALUE, "copy csv"},
    {"code", "01234567-89ab-cdef-fedc-bA9876543210", SG_PARSE_VALUE, "copy csv"},
    {"code", "01234567089ab-cdef-fedc-ba9876543210", SG_PARSE_VALUE, "copy csv"},
    {"code", "01234567-89ab-cdef-fedc-ba98765g3210", SG_PARSE_VALUE, "copy csv"},
};

static void malformed_cells_are_refused(void **state) {
    (void)state;
    static const char *const formats[] = {"copy", "csv"};
    for (size_t i = 0; i < 2 * sizeof malformed / sizeof *malformed; i++) {
        const char *format = formats[i & 1], *column = malformed[i / 2].column, *cell = malformed[i / 2].cell;
        if (!strstr(malformed[i / 2].formats, format)) continue;
        char text[2048];
        struct sg_error err;
        struct sg_parse_fault fault;
        size_t size = row_text(text, i & 1, column, cell, strlen(cell));
        enum sg_parse_fault_kind kind = parse(format, text, size, &err, &fault);
        if (kind != malformed[i / 2].kind) fail_msg("%s %s '%s': kind %d", format, column, cell, kind);
        assert_int_equal(fault.row, 71);
        assert_int_equal(fault.column, sg_column_index(&table, column));
        assert_non_null(strstr(err.text, "some/file: checked row 71 column "));
        assert_non_null(strstr(err.text, column));
    }
}

static void good_cells_are_taken(void **state) {
    (void)state;
    static const struct {
        const char *column, *cell;
        const char *formats;
    } good[] = {
        {NULL, "", "copy csv"},
        {"id", "0", "copy csv"},
        {"money", "0.00", "copy csv"},
        {"money", "-0.01", "copy csv"},
        {"whole", "-9999", "copy csv"},
        {"day", "0001-01-01", "copy csv"},
        {"name", "", "copy csv"},
        {"name", "\"\"", "csv"},
        {"name", "\\N", "copy csv"},
        {"name", "\"a,b\"\"\"", "csv"},
        {"name", "\"a\r\nb\"", "csv"},
        {"name", "\\\\\\t\\n\\b", "copy"},
        {"name", "\xf4\x8f\xbf\xbf", "copy csv"},
        {"name", "\x01", "copy csv"},
        {"code", "\\N", "copy"},
    };
    static const char *const formats[] = {"copy", "csv"};
    for (size_t i = 0; i < 2 * sizeof good / sizeof *good; i++) {
        if (!strstr(good[i / 2].formats, formats[i & 1])) continue;
        char text[2048];
        struct sg_error err;
        struct sg_parse_fault fault;
        size_t size = row_text(text, i & 1, good[i / 2].column, good[i / 2].cell, strlen(good[i / 2].cell));
        if (parse(formats[i & 1], text, size, &err, &fault)) fail_msg("%s", err.text);
    }
}

/* Every byte at every place of a UUID: taken exactly where it belongs. */
static void uuids_are_taken_exactly(void **state) {
    (void)state;
    static const char good[] = "0123f567-89ab-cdef-0000-f9a1b2c3d4e5";
    uint64_t halves[2] = {0};
    assert_true(sg_parse_uuid(good, 36, halves));
    assert_true(halves[0] == 0x0123f56789abcdef && halves[1] == 0x0000f9a1b2c3d4e5);
    assert_false(sg_parse_uuid(good, 35, halves));
    for (int at = 0; at < 36; at++)
        for (int byte = 0; byte < 256; byte++) {
            char text[37], again[37] = "";
            strcpy(text, good);
            text[at] = (char)byte;
            bool dash = at == 8 || at == 13 || at == 18 || at == 23;
            bool digit = byte && strchr("0123456789abcdef", byte);
            bool wanted = dash ? byte == '-' : digit;
            assert_int_equal(sg_parse_uuid(text, 36, halves), wanted);
            if (!wanted) continue;
            sg_put_uuid(again, halves);
            assert_string_equal(again, text);
        }
}

static void malformed_rows_are_refused(void **state) {
    (void)state;
    char text[2048];
    struct sg_error err;
    struct sg_parse_fault fault;
    for (int csv = 0; csv < 2; csv++) {
        const char *format = csv ? "csv" : "copy";
        size_t size = row_text(text, csv, NULL, "", 0);
        for (size_t cut = 1; cut < size; cut++) {
            enum sg_parse_fault_kind kind = parse(format, text, size - cut, &err, &fault);
            /* a text may well end after a row */
            bool whole = text[size - cut - 1] == '\n';
            if ((kind == SG_PARSE_FINE) != whole) fail_msg("%s cut by %zu: kind %d", format, cut, kind);
        }
        size = row_text(text, csv, "name", csv ? "a,b" : "a\tb", 3);
        assert_int_equal(parse(format, text, size, &err, &fault), SG_PARSE_VALUE); /* b is no uuid */
        size = row_text(text, csv, "code", "\\N\t\\N", csv ? 0 : 5);
        if (!csv) assert_int_equal(parse(format, text, size, &err, &fault), SG_PARSE_COLUMNS);
        if (!csv) assert_non_null(strstr(err.text, "row 71 has too many columns"));
        size = row_text(text, csv, "flag", csv ? "t\r\n" : "t\n", csv ? 3 : 2);
        assert_int_equal(parse(format, text, size, &err, &fault), SG_PARSE_COLUMNS);
        assert_int_equal(fault.column, -1);
        assert_non_null(strstr(err.text, "row 71 has too few columns"));
        size = row_text(text, csv, "name", "a\0b", 3);
        assert_int_equal(parse(format, text, size, &err, &fault), SG_PARSE_VALUE);
    }
    size_t size = row_text(text, true, NULL, "", 0);
    text[0] = 'I';
    assert_int_equal(parse("csv", text, size, &err, &fault), SG_PARSE_HEADER);
    text[0] = 'i';
    char *crlf = strstr(text + size - 10, "\r\n");
    memcpy(crlf, "\rx", 2);
    assert_int_equal(parse("csv", text, size, &err, &fault), SG_PARSE_CUT);
    memcpy(crlf, "\n\n", 2);
    assert_int_equal(parse("csv", text, size, &err, &fault), SG_PARSE_COLUMNS);
}

static void hostile_text_does_no_harm(void **state) {
    (void)state;
    uint64_t random = 9;
    for (int i = 0; i < 6000; i++) {
        char text[2048];
        struct sg_error err;
        struct sg_parse_fault fault;
        size_t size = row_text(text, i & 1, NULL, "", 0);
        for (uint64_t n = fix_random(&random) % 4 + 1; n; n--)
            text[fix_random(&random) % size] = "\t\n\r,\"\\N0-9z\x80\xff\x00"[fix_random(&random) % 14];
        parse(i & 1 ? "csv" : "copy", text, size - fix_random(&random) % 3, &err, &fault);
    }
}

static void long_offending_text_is_shortened(void **state) {
    (void)state;
    char text[2048], cell[400];
    struct sg_error err;
    struct sg_parse_fault fault;
    memset(cell, '7', sizeof cell);
    memcpy(cell, "12\x01", 3);
    memcpy(cell + 39, "\xc3\xa9", 2);
    size_t size = row_text(text, false, "status", cell, sizeof cell);
    assert_int_equal(parse("copy", text, size, &err, &fault), SG_PARSE_VALUE);
    assert_string_equal(fault.text, "12.777777777777777777777777777777777777...");
}

/* Rows of text with a hostile one among them, long enough for blocks; the place of the hostile row wanders.
 */
static size_t many_rows(char *out, const char *column, const char *cell, size_t cell_size, size_t rows,
                        size_t hostile) {
    char one[2048], *at = out;
    size_t plain = row_text(one, false, NULL, "", 0) / 2;
    char row[2048];
    size_t size = row_text(row, false, column, cell, cell_size);
    for (size_t r = 0; r < rows; r++) {
        if (r == hostile) {
            memcpy(at, row + plain, size - plain);
            at += size - plain;
        } else {
            memcpy(at, one, plain);
            at += plain;
        }
    }
    return (size_t)(at - out);
}

/* Everything a parser gives for a text: a digest of all batches, and the fault. */
struct outcome {
    uint64_t rows, sum;
    enum sg_parse_fault_kind kind;
    struct sg_parse_fault fault;
    char error[512];
};

static void add_batch(struct outcome *outcome, const struct sg_batch *batch) {
    assert_int_equal(batch->row_first, outcome->rows + 70);
    for (int c = 0; c < batch->table->column_count; c++) {
        size_t element = sg_type_bytes(batch->table->columns[c].type);
        const char *data = batch->vectors[c].data;
        for (size_t i = 0; i < batch->rows; i++) {
            const struct sg_text *text = (const void *)(data + i * element);
            bool is_text = batch->table->columns[c].type == SG_TEXT;
            const char *bytes = is_text ? batch->pool + text->offset : data + i * element;
            outcome->sum = outcome->sum * 31 + batch->vectors[c].null[i];
            for (size_t b = 0; b < (is_text ? text->length : element); b++)
                outcome->sum = outcome->sum * 31 + (unsigned char)bytes[b];
        }
    }
    outcome->rows += batch->rows;
}

static struct outcome outcome_of(const char *text, size_t size, bool by_rows) {
    struct outcome outcome = {0};
    struct sg_parser *parser;
    struct sg_error err = {0};
    const struct sg_batch *batch;
    assert_int_equal(sg_parser_open(&parser, &table, sg_format_find("copy"), &err), SG_OK);
    parser->by_rows = by_rows;
    char *exact = malloc(size ? size : 1);
    memcpy(exact, text, size);
    sg_parser_start(parser, "some/file", 70, true);
    sg_parser_feed(parser, exact, size);
    while (sg_parser_next(parser, &batch, &err) == SG_OK && batch)
        add_batch(&outcome, batch);
    outcome.fault = *sg_parser_fault(parser);
    memcpy(outcome.error, err.text, sizeof outcome.error);
    sg_parser_close(parser);
    free(exact);
    return outcome;
}

static struct outcome same_both_ways(const char *text, size_t size, const char *what) {
    struct outcome rows = outcome_of(text, size, true), blocks = outcome_of(text, size, false);
    bool same = rows.rows == blocks.rows && rows.sum == blocks.sum && rows.fault.kind == blocks.fault.kind &&
                rows.fault.row == blocks.fault.row && rows.fault.column == blocks.fault.column &&
                strcmp(rows.fault.text, blocks.fault.text) == 0 && strcmp(rows.error, blocks.error) == 0;
    if (!same) fail_msg("%s: by rows '%s', by columns '%s'", what, rows.error, blocks.error);
    return blocks;
}

enum { MANY_ROWS = 1300 }; /* blocks of 512, and some */

static void columns_read_what_rows_read(void **state) {
    (void)state;
    char *text = malloc((MANY_ROWS + 1) * 512);
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        if (!strstr(malformed[i].formats, "copy")) continue;
        size_t hostile = (i * 37 + 5) % MANY_ROWS, cell = strlen(malformed[i].cell);
        size_t size = many_rows(text, malformed[i].column, malformed[i].cell, cell, MANY_ROWS, hostile);
        struct outcome outcome = same_both_ways(text, size, malformed[i].cell);
        assert_int_equal(outcome.fault.kind, malformed[i].kind);
        assert_int_equal(outcome.fault.row, 70 + hostile);
    }
    static const char *const good[][2] = {{"id", "0"},
                                          {"id", "7"},
                                          {"id", "12345678"},
                                          {"id", "-12345678"},
                                          {"id", "123456789"},
                                          {"id", "-1"},
                                          {"id", "1234567890123456"},
                                          {"id", "12345678901234567"},
                                          {"small", "32767"},
                                          {"small", "\\N"},
                                          {"middle", "-5"},
                                          {"money", "0.05"},
                                          {"money", "-0.05"},
                                          {"money", "1234.56"},
                                          {"whole", "-9999"},
                                          {"day", "2000-02-29"},
                                          {"day", "0001-01-01"},
                                          {"day", "\\N"},
                                          {"moment", "1969-12-31 23:59:59+00"},
                                          {"status", "on"},
                                          {"status", "off"},
                                          {"invoice", "\\N"},
                                          {"name", ""},
                                          {"name", "\\\\\\t"},
                                          {"name", "\xc3\xa9"},
                                          {"code", "00000000-0000-0000-0000-000000000000"}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        size_t size = many_rows(text, good[i][0], good[i][1], strlen(good[i][1]), MANY_ROWS, i * 41);
        struct outcome outcome = same_both_ways(text, size, good[i][1]);
        assert_int_equal(outcome.fault.kind, SG_PARSE_FINE);
        assert_int_equal(outcome.rows, MANY_ROWS);
    }
    free(text);
}

/* Bytes changed, dropped and doubled anywhere. */
static void columns_stumble_where_rows_do(void **state) {
    (void)state;
    uint64_t random = 11;
    char *text = malloc((MANY_ROWS + 1) * 512), what[32];
    for (int i = 0; i < 400; i++) {
        size_t rows = fix_random(&random) % MANY_ROWS + 1;
        size_t size = many_rows(text, NULL, "", 0, rows, rows);
        for (uint64_t n = fix_random(&random) % 3; n; n--) {
            size_t at = fix_random(&random) % size;
            text[at] = "\t\n\r,\"\\N0-9z:. \x80\xff\x00"[fix_random(&random) % 18];
        }
        if (fix_random(&random) % 4 == 0) {
            size_t at = fix_random(&random) % size;
            memmove(text + at, text + at + 1, --size - at);
        }
        snprintf(what, sizeof what, "text %d", i);
        same_both_ways(text, size - fix_random(&random) % 3, what);
    }
    free(text);
}

/* A tab and a line end exchanged for one another, at every separator of a row among many. */
static void separators_are_told_apart(void **state) {
    (void)state;
    char *text = malloc((MANY_ROWS + 1) * 512);
    size_t size = many_rows(text, NULL, "", 0, MANY_ROWS, MANY_ROWS), row = size / MANY_ROWS;
    for (size_t at = 600 * row; at < 601 * row; at++) {
        if (text[at] != '\t' && text[at] != '\n') continue;
        text[at] ^= '\t' ^ '\n';
        struct outcome outcome = same_both_ways(text, size, "exchanged");
        assert_true(outcome.fault.kind != SG_PARSE_FINE);
        text[at] ^= '\t' ^ '\n';
    }
    free(text);
}

/* Pseudo-random rows of every type, by columns and by rows. */
static void random_rows_are_alike(void **state) {
    (void)state;
    struct sg_buffer text = {0};
    struct sg_error err = {0};
    make_text(sg_format_find("copy"), 77, 6000, &text);
    uint64_t fingerprints[2] = {0};
    for (int by_rows = 0; by_rows < 2; by_rows++) {
        struct sg_parser *parser;
        const struct sg_batch *batch;
        __int128 sum = 0;
        assert_int_equal(sg_parser_open(&parser, &fix_table, sg_format_find("copy"), &err), SG_OK);
        parser->by_rows = by_rows;
        sg_parser_start(parser, "text", 0, true);
        sg_parser_feed(parser, text.bytes, text.used);
        while (sg_parser_next(parser, &batch, &err) == SG_OK && batch)
            sg_fingerprint_batch(batch, &sum);
        fingerprints[by_rows] = (uint64_t)sum;
        sg_parser_close(parser);
    }
    assert_true(fingerprints[0] && fingerprints[0] == fingerprints[1]);
    sg_buffer_free(&text);
}

/* Every byte at every place of 64. */
static void separators_are_found(void **state) {
    (void)state;
    char text[64];
    for (int place = 0; place < 64; place++)
        for (int byte = 0; byte < 256; byte++) {
            uint64_t tabs[2], lines[2];
            memset(text, byte % 2 ? '\t' - 1 : '\n' + 1, sizeof text);
            text[place] = (char)byte;
            text[(place + 1) % 64] = byte % 3 ? '\t' : '\n';
            sg_separators(text, &tabs[0], &lines[0]);
            sg_separators_portable(text, &tabs[1], &lines[1]);
            assert_true(tabs[0] == tabs[1] && lines[0] == lines[1]);
            for (int i = 0; i < 64; i++) {
                assert_int_equal(tabs[0] >> i & 1, text[i] == '\t');
                assert_int_equal(lines[0] >> i & 1, text[i] == '\n');
            }
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(malformed_cells_are_refused),
        cmocka_unit_test(good_cells_are_taken),
        cmocka_unit_test(uuids_are_taken_exactly),
        cmocka_unit_test(malformed_rows_are_refused),
        cmocka_unit_test(hostile_text_does_no_harm),
        cmocka_unit_test(long_offending_text_is_shortened),
        cmocka_unit_test(columns_read_what_rows_read),
        cmocka_unit_test(columns_stumble_where_rows_do),
        cmocka_unit_test(separators_are_told_apart),
        cmocka_unit_test(random_rows_are_alike),
        cmocka_unit_test(separators_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
