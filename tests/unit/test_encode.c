/* Golden text of every type in COPY and CSV: extremes, escapes, quotes, NULLs, empty strings.
 * labels: quick */
#include "io_fixture.h"

#include "base/calendar.h"

static enum sg_code keep(void *context, const struct sg_batch *batch, struct sg_error *err) {
    const struct sg_format_info *format = ((void **)context)[0];
    return format->encode(batch, ((void **)context)[1], err);
}

struct one {
    struct sg_emitter emitter;
    struct sg_buffer out;
    void *context[2];
    struct sg_error err;
    struct sg_table table;
};

static struct sg_emitter *begin(struct one *one, const char *format, const struct sg_column *columns,
                                int count) {
    memset(one, 0, sizeof *one);
    one->table = (struct sg_table){
        .name = "one", .columns = columns, .column_count = (uint16_t)count, .text_bytes_max = 1000};
    one->context[0] = (void *)sg_format_find(format);
    one->context[1] = &one->out;
    assert_non_null(one->context[0]);
    assert_int_equal(sg_emitter_open(&one->emitter, &one->table, keep, one->context, &one->err), SG_OK);
    return &one->emitter;
}

static void expect(struct one *one, const char *text) {
    if (sg_emitter_flush(&one->emitter, &one->err) != SG_OK) fail_msg("%s", one->err.text);
    assert_int_equal(sg_buffer_reserve(&one->out, 1, &one->err), SG_OK);
    one->out.bytes[one->out.used] = '\0';
    assert_string_equal(one->out.bytes, text);
    assert_int_equal(one->out.used, strlen(text));
    sg_emitter_close(&one->emitter);
    sg_buffer_free(&one->out);
}

static void integers(void **state) {
    (void)state;
    static const struct sg_column columns[] = {
        {.name = "a", .type = SG_I16}, {.name = "b", .type = SG_I32}, {.name = "c", .type = SG_I64}};
    static const int64_t values[] = {0,
                                     9,
                                     10,
                                     99,
                                     100,
                                     999,
                                     1000,
                                     9999,
                                     10000,
                                     12345678,
                                     99999999,
                                     100000000,
                                     1234567890123456,
                                     9999999999999999,
                                     10000000000000000,
                                     INT64_MAX,
                                     -1,
                                     INT64_MIN};
    struct one one;
    struct sg_emitter *e = begin(&one, "copy", columns, 3);
    char expected[4096] = "";
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        sg_set_i16(e, 0, (int16_t)values[i]);
        sg_set_i32(e, 1, (int32_t)values[i]);
        sg_set_i64(e, 2, values[i]);
        sg_emitter_advance(e, 1);
        sprintf(expected + strlen(expected), "%d\t%d\t%lld\n", (int16_t)values[i], (int32_t)values[i],
                (long long)values[i]);
    }
    sg_set_i16(e, 0, INT16_MIN), sg_set_i32(e, 1, INT32_MIN), sg_set_i64(e, 2, INT64_MIN);
    sg_emitter_advance(e, 1);
    strcat(expected, "-32768\t-2147483648\t-9223372036854775808\n");
    expect(&one, expected);
}

static void decimals(void **state) {
    (void)state;
    static const struct sg_column columns[] = {
        {.name = "a", .type = SG_DECIMAL, .precision = 18, .scale = 0},
        {.name = "b", .type = SG_DECIMAL, .precision = 18, .scale = 2},
        {.name = "c", .type = SG_DECIMAL, .precision = 18, .scale = 3},
        {.name = "d", .type = SG_DECIMAL, .precision = 18, .scale = 18}};
    static const int64_t values[] = {0, 5, -5, 100, -12345, INT64_MAX, INT64_MIN};
    struct one one;
    struct sg_emitter *e = begin(&one, "csv", columns, 4);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        for (int c = 0; c < 4; c++)
            sg_set_i64(e, c, values[i]);
        sg_emitter_advance(e, 1);
    }
    expect(&one,
           "0,0.00,0.000,0.000000000000000000\r\n"
           "5,0.05,0.005,0.000000000000000005\r\n"
           "-5,-0.05,-0.005,-0.000000000000000005\r\n"
           "100,1.00,0.100,0.000000000000000100\r\n"
           "-12345,-123.45,-12.345,-0.000000000000012345\r\n"
           "9223372036854775807,92233720368547758.07,9223372036854775.807,9.223372036854775807\r\n"
           "-9223372036854775808,-92233720368547758.08,-9223372036854775.808,-9.223372036854775808\r\n");
}

static void times(void **state) {
    (void)state;
    static const struct sg_column columns[] = {{.name = "a", .type = SG_DATE},
                                               {.name = "b", .type = SG_TIMESTAMP}};
    static const int64_t seconds[] = {0, -1, 951782399, 951782400, 1767225599, -62135596800, 253402300799};
    struct one one;
    struct sg_emitter *e = begin(&one, "copy", columns, 2);
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        sg_set_date(e, 0, sg_day_of(seconds[i]));
        sg_set_i64(e, 1, seconds[i]);
        sg_emitter_advance(e, 1);
    }
    expect(&one, "1970-01-01\t1970-01-01 00:00:00+00\n"
                 "1969-12-31\t1969-12-31 23:59:59+00\n"
                 "2000-02-28\t2000-02-28 23:59:59+00\n"
                 "2000-02-29\t2000-02-29 00:00:00+00\n"
                 "2025-12-31\t2025-12-31 23:59:59+00\n"
                 "0001-01-01\t0001-01-01 00:00:00+00\n"
                 "9999-12-31\t9999-12-31 23:59:59+00\n");
}

static void dates_beyond_four_digits_are_refused(void **state) {
    (void)state;
    static const struct sg_column columns[] = {{.name = "when", .type = SG_TIMESTAMP}};
    static const int64_t seconds[] = {253402300800, -62135596801, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        struct one one;
        struct sg_emitter *e = begin(&one, "copy", columns, 1);
        sg_set_i64(e, 0, seconds[i]);
        sg_emitter_advance(e, 1);
        assert_int_equal(sg_emitter_flush(e, &one.err), SG_INTERNAL);
        assert_non_null(strstr(one.err.text, "when"));
        sg_emitter_close(e);
        sg_buffer_free(&one.out);
    }
}

static void codes_beyond_the_labels_are_refused(void **state) {
    (void)state;
    static const struct sg_column columns[] = {
        {.name = "status", .type = SG_ENUM, .labels = &fix_enum, .nullable = true}};
    struct one one;
    struct sg_emitter *e = begin(&one, "copy", columns, 1);
    sg_set_enum(e, 0, 5);
    sg_set_null(e, 0);
    sg_emitter_advance(e, 1);
    sg_set_enum(e, 0, 5);
    sg_emitter_advance(e, 1);
    assert_int_equal(sg_emitter_flush(e, &one.err), SG_INTERNAL);
    assert_non_null(strstr(one.err.text, "row 1: column status has code 5"));
    sg_emitter_close(e);
    sg_buffer_free(&one.out);
}

static void put_words(struct sg_emitter *e) {
    sg_set_bool(e, 0, true);
    sg_set_enum(e, 1, 2);
    sg_set_token(e, 2, 0);
    sg_set_token(e, 3, UINT64_MAX);
    sg_set_uuid(e, 4, 0x0123456789abcdefu, 0xfedcba9876543210u);
    sg_emitter_advance(e, 1);
    sg_set_bool(e, 0, false);
    sg_set_enum(e, 1, 3);
    sg_set_token(e, 2, 61);
    sg_set_token(e, 3, 62);
    sg_set_uuid(e, 4, 0, 1);
    sg_emitter_advance(e, 1);
    sg_set_enum(e, 1, 4);
    for (int i = 0; i < 5; i++)
        if (i != 1) sg_set_null(e, i);
    sg_emitter_advance(e, 1);
}

static void words(void **state) {
    (void)state;
    static const struct sg_column columns[] = {
        {.name = "a", .type = SG_BOOL, .nullable = true},
        {.name = "b", .type = SG_ENUM, .labels = &fix_enum, .nullable = true},
        {.name = "c", .type = SG_TOKEN, .token = &fix_plain_token, .nullable = true},
        {.name = "d", .type = SG_TOKEN, .token = &fix_infix_token, .nullable = true},
        {.name = "e", .type = SG_UUID, .nullable = true}};
    struct one one;
    put_words(begin(&one, "copy", columns, 5));
    expect(&one,
           "t\tin, "
           "maintenance\tcus_00000000000\tin_1LygHLkdIwHu7ixa16AHYF\t01234567-89ab-cdef-fedc-ba9876543210\n"
           "f\ttab\\there\tcus_0000000000z\tin_10000LkdIwHu7ix0000010\t00000000-0000-0000-0000-000000000001\n"
           "\\N\ta \"quoted\" label\t\\N\t\\N\t\\N\n");
    put_words(begin(&one, "csv", columns, 5));
    expect(&one,
           "t,\"in, "
           "maintenance\",cus_00000000000,in_1LygHLkdIwHu7ixa16AHYF,01234567-89ab-cdef-fedc-ba9876543210\r\n"
           "f,tab\there,cus_0000000000z,in_10000LkdIwHu7ix0000010,00000000-0000-0000-0000-000000000001\r\n"
           ",\"a \"\"quoted\"\" label\",,,\r\n");
}

static void decimal_tokens(void **state) {
    (void)state;
    static const struct sg_token plain = {"CUST", "", "", 0, 12, 8}, odd = {"T", "", "-", 2, 7, 5};
    static const struct sg_column columns[] = {{.name = "a", .type = SG_TOKEN, .token = &plain},
                                               {.name = "b", .type = SG_TOKEN, .token = &odd}};
    struct one one;
    struct sg_emitter *e = begin(&one, "copy", columns, 2);
    sg_set_token(e, 0, 0);
    sg_set_token(e, 1, 98765);
    sg_emitter_advance(e, 1);
    sg_set_token(e, 0, 99999999);
    sg_set_token(e, 1, 7);
    sg_emitter_advance(e, 1);
    expect(&one, "CUST00000000\tT98-765\nCUST99999999\tT00-007\n");
    char text[12];
    sg_token_format(&plain, 120, text);
    assert_memory_equal(text, "CUST00000120", 12);
}

static const char *const hard_texts[] = {"",
                                         "plain",
                                         "back\\slash",
                                         "\\N",
                                         "\\.",
                                         "\b\f\n\r\t\v\\",
                                         "exactly8",
                                         "\texactly9",
                                         "sixteen bytes...\n",
                                         "say \"hi\"",
                                         "a,b",
                                         "cr\rlf\n",
                                         "\xc3\xa9\xe2\x82\xac\xf0\x9f\x8d\xba \x01\x7f",
                                         "tail of nine\\"};

static void put_texts(struct sg_emitter *e) {
    for (size_t i = 0; i < sizeof hard_texts / sizeof *hard_texts; i++) {
        sg_set_text(e, 0, hard_texts[i], strlen(hard_texts[i]));
        sg_emitter_advance(e, 1);
    }
    sg_set_null(e, 0);
    sg_emitter_advance(e, 1);
}

static void texts(void **state) {
    (void)state;
    static const struct sg_column columns[] = {{.name = "a", .type = SG_TEXT, .nullable = true}};
    struct one one;
    put_texts(begin(&one, "copy", columns, 1));
    expect(&one, "\nplain\nback\\\\slash\n\\\\N\n\\\\."
                 "\n\\b\\f\\n\\r\\t\\v\\\\\nexactly8\n\\texactly9\nsixteen bytes...\\n\n"
                 "say \"hi\"\na,b\ncr\\rlf\\n\n\xc3\xa9\xe2\x82\xac\xf0\x9f\x8d\xba \x01\x7f\ntail of "
                 "nine\\\\\n\\N\n");
    put_texts(begin(&one, "csv", columns, 1));
    expect(
        &one,
        "\"\"\r\nplain\r\nback\\slash\r\n\\N\r\n\"\\.\"\r\n\"\b\f\n\r\t\v\\\"\r\nexactly8\r\n\texactly9\r\n"
        "\"sixteen bytes...\n\"\r\n\"say \"\"hi\"\"\"\r\n\"a,b\"\r\n\"cr\rlf\n\"\r\n"
        "\xc3\xa9\xe2\x82\xac\xf0\x9f\x8d\xba \x01\x7f\r\ntail of nine\\\r\n\r\n");
}

static void header_and_cells(void **state) {
    (void)state;
    struct sg_buffer out = {0};
    struct sg_error err = {0};
    assert_int_equal(sg_format_find("csv")->encode_header(&fix_table, &out, &err), SG_OK);
    const char *line =
        "id,flag,small,middle,big,whole,money,fine,day,moment,status,customer,invoice,name,document,code\r\n";
    assert_int_equal(out.used, strlen(line));
    assert_memory_equal(out.bytes, line, out.used);
    sg_buffer_free(&out);
    assert_false(sg_format_find("copy")->header);
    assert_null(sg_format_find("tsv"));

    struct one one;
    struct sg_emitter *e = begin(&one, "copy", fix_columns, FIX_COLUMNS);
    uint64_t random = 7;
    for (uint64_t i = 0; i < 3; i++) {
        fix_row(e, &random, i);
        sg_emitter_advance(e, 1);
    }
    e->batch.vectors[FIX_TEXT].null[1] = 1;
    assert_int_equal(sg_encode_cell(&e->batch, 2, FIX_ID, &out, &err), SG_OK);
    assert_int_equal(sg_encode_cell(&e->batch, 1, FIX_TEXT, &out, &err), SG_OK);
    assert_int_equal(out.used, 3);
    assert_memory_equal(out.bytes, "2\\N", 3);
    sg_buffer_free(&out);
    sg_emitter_close(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers),
        cmocka_unit_test(decimals),
        cmocka_unit_test(times),
        cmocka_unit_test(dates_beyond_four_digits_are_refused),
        cmocka_unit_test(codes_beyond_the_labels_are_refused),
        cmocka_unit_test(words),
        cmocka_unit_test(decimal_tokens),
        cmocka_unit_test(texts),
        cmocka_unit_test(header_and_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
