/* Small parts of the application: redaction of URLs, numbers for people, the JSON result, option defaults.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/balance.h"
#include "app/numbers.h"
#include "app/options.h"
#include "app/result.h"

static void passwords_are_hidden(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"postgresql://me:secret@host/db", "postgresql://me:***@host/db"},
        {"postgresql://me:sec@ret@host:5432/db", "postgresql://me:***@host:5432/db"},
        {"postgresql://me:sec/ret?@host/db", "postgresql://me:***@host/db"},
        {"of a://b and c://me:secret@d", "of a://b and c://me:***@d"},
        {"no 'password=a' in postgresql://me:secret@host/db",
         "no 'password=*** in postgresql://me:***@host/db"},
        {"postgresql://me@host/db", "postgresql://me@host/db"},
        {"postgresql://host/db?user=me&password=secret&sslmode=off",
         "postgresql://host/db?user=me&password=***&sslmode=off"},
        {"host=h password=secret dbname=d", "host=h password=*** dbname=d"},
        {"host=h PASSWORD='se cr\\'et' dbname=d", "host=h PASSWORD=*** dbname=d"},
        {"password='unfinished", "password=***"},
        {"postgresql:///db?host=/tmp:x@y", "postgresql:///db?host=/tmp:x@y"},
        {"", ""},
    };
    char out[256];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sg_url_redact(cases[i][0], out, sizeof out);
        assert_string_equal(out, cases[i][1]);
    }
    char small[8];
    sg_url_redact("postgresql://me:secret@host/db", small, sizeof small);
    assert_string_equal(small, "postgre");
}

static void numbers_have_three_digits(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},         {7, "7"},           {999, "999"},       {999.6, "1.00 K"},
                 {1234, "1.23 K"}, {12345, "12.3 K"},  {123456, "123 K"},  {999600, "1.00 M"},
                 {5e9, "5.00 G"},  {22.6e9, "22.6 G"}, {7.1e12, "7.10 T"}, {1e15, "1.00 P"}};
    char out[16];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sg_short_number(cases[i].value, out);
        assert_string_equal(out, cases[i].text);
    }
}

/* The document as text, without the line breaks and indentation between members. */
static void document(struct sg_result *result, char *out, size_t size) {
    char *bytes;
    size_t length, used = 0;
    FILE *memory = open_memstream(&bytes, &length);
    sg_result_close(result, memory);
    fclose(memory);
    for (size_t i = 0; i < length && used + 1 < size; i++) {
        if (bytes[i] == '\n') {
            while (bytes[i + 1] == ' ')
                i++;
            continue;
        }
        out[used++] = bytes[i];
    }
    out[used] = '\0';
    free(bytes);
}

static void results_are_valid_json(void **state) {
    (void)state;
    char out[512];
    struct sg_result *result = sg_result_open();
    sg_result_text(result, "text", "a\"b\\c\n\x01\xc3\xbc");
    sg_result_text(result, "nothing", NULL);
    sg_result_u64(result, "most", UINT64_MAX);
    sg_result_number(result, "half", 0.5);
    sg_result_number(result, "infinite", 1e308 * 10);
    sg_result_array(result, "list");
    sg_result_bool(result, NULL, true);
    sg_result_object(result, NULL);
    sg_result_end(result);
    sg_result_end(result);
    sg_result_end(result); /* one too many: the outer object stays open */
    sg_result_u64(result, "last", 1);
    document(result, out, sizeof out);
    assert_string_equal(out, "{\"text\": \"a\\\"b\\\\c\\u000a\\u0001\xc3\xbc\",\"nothing\": null,"
                             "\"most\": 18446744073709551615,\"half\": 0.500,\"infinite\": 0.000,"
                             "\"list\": [true,{}],\"last\": 1}");
}

static void a_result_that_stops_half_way_is_closed(void **state) {
    (void)state;
    char out[128];
    struct sg_result *result = sg_result_open();
    sg_result_array(result, "list");
    sg_result_object(result, NULL);
    sg_result_u64(result, "a", 1);
    sg_result_unwind(result);
    sg_result_text(result, "status", "io");
    document(result, out, sizeof out);
    assert_string_equal(out, "{\"list\": [{\"a\": 1}],\"status\": \"io\"}");
    sg_result_text(NULL, "nobody", "listens");
    sg_result_close(NULL, stdout);
}

enum { ARGUMENTS_MAX = 8 };

static enum sg_code parse(struct sg_options *options, const char *first, ...) {
    char *argv[ARGUMENTS_MAX + 2] = {"synthgen-hpc"};
    int argc = 1;
    va_list more;
    va_start(more, first);
    for (const char *word = first; word && argc <= ARGUMENTS_MAX; word = va_arg(more, const char *))
        argv[argc++] = (char *)word;
    va_end(more);
    struct sg_error err = {0};
    return sg_options_parse(options, argc, argv, &err);
}

static void where_a_run_loads(void **state) {
    (void)state;
    struct sg_options options;
    unsetenv("DATABASE_URL");
    assert_int_equal(parse(&options, NULL), SG_OK);
    assert_int_equal(options.target, SG_TARGET_NONE);
    assert_int_equal(parse(&options, "--load", NULL), SG_OK);
    assert_int_equal(options.target, SG_TARGET_PRIVATE);
    assert_int_equal(parse(&options, "load", "folder", NULL), SG_OK);
    assert_int_equal(options.target, SG_TARGET_PRIVATE);
    setenv("DATABASE_URL", "postgresql:///there", 1);
    assert_int_equal(parse(&options, NULL), SG_OK);
    assert_int_equal(options.target, SG_TARGET_URL);
    assert_string_equal(options.database_url, "postgresql:///there");
    assert_int_equal(parse(&options, "--load=postgresql:///here", NULL), SG_OK);
    assert_string_equal(options.database_url, "postgresql:///here");
    assert_int_equal(parse(&options, "--no-load", NULL), SG_OK);
    assert_int_equal(options.target, SG_TARGET_NONE);
    assert_int_equal(parse(&options, "verify", "folder", NULL), SG_OK);
    assert_int_equal(options.target, SG_TARGET_NONE);
    unsetenv("DATABASE_URL");
}

static void table_lists_are_canonical(void **state) {
    (void)state;
    struct sg_options options;
    assert_int_equal(parse(&options, "--tables", "tap_events,accounts,accounts", NULL), SG_OK);
    assert_string_equal(options.tables, "accounts,tap_events");
    struct sg_options all;
    assert_int_equal(parse(&all, NULL), SG_OK);
    assert_string_equal(all.tables, "");
}

static void options_differ_in_their_text(void **state) {
    (void)state;
    struct sg_options one, two;
    char first[8192], second[8192];
    static const char *const changes[] = {"--seed=1",     "--level=2",         "--threads=3",
                                          "--out=x",      "--tables=accounts", "--only=account=2",
                                          "--format=csv", "--resume",          "--as-of=2020-02-02"};
    assert_int_equal(parse(&one, "--as-of=2020-02-01", NULL), SG_OK);
    sg_options_text(&one, first, sizeof first);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        assert_int_equal(parse(&two, "--as-of=2020-02-01", changes[i], NULL), SG_OK);
        sg_options_text(&two, second, sizeof second);
        assert_string_not_equal(first, second);
    }
}

static void a_rank_is_slow_beside_the_others(void **state) {
    (void)state;
    assert_true(sg_share_is_slow(&(struct sg_share){.compared_us = 1600000, .expected_us = 1000000}));
    assert_false(sg_share_is_slow(&(struct sg_share){.compared_us = 1400000, .expected_us = 1000000}));
    assert_false(sg_share_is_slow(&(struct sg_share){.compared_us = 90000, .expected_us = 1000}));
    assert_false(sg_share_is_slow(&(struct sg_share){.busy_us = 90000000}));
}

int main(void) {
    unsetenv("DATAGEN_ENV");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rank_is_slow_beside_the_others),
        cmocka_unit_test(passwords_are_hidden),
        cmocka_unit_test(numbers_have_three_digits),
        cmocka_unit_test(results_are_valid_json),
        cmocka_unit_test(a_result_that_stops_half_way_is_closed),
        cmocka_unit_test(where_a_run_loads),
        cmocka_unit_test(table_lists_are_canonical),
        cmocka_unit_test(options_differ_in_their_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
