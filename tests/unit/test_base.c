/* The ground floor: codes and hints of failed system calls, the table of exit codes, texts, exact
 * proportions, and the calendar against the C library's.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/calendar.h"
#include "base/checked.h"
#include "base/status.h"
#include "base/text.h"

static void a_failed_call_is_named_by_its_number(void **state) {
    (void)state;
    static const struct {
        int number;
        enum sg_code code;
        const char *hint;
    } expected[] = {
        {EIO, SG_IO, NULL},
        {ENOSPC, SG_IO, "free space"},
        {EDQUOT, SG_IO, "free space"},
        {EACCES, SG_DENIED, "permissions"},
        {EPERM, SG_DENIED, "permissions"},
        {EROFS, SG_DENIED, "written to"},
        {EMFILE, SG_SYSTEM, "ulimit -n"},
        {ENOMEM, SG_SYSTEM, NULL},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        struct sg_error err = {0};
        enum sg_code code = sg_fail_errno(&err, SG_IO, expected[i].number, "cannot write %s", "/a/b");
        assert_int_equal(code, expected[i].code);
        assert_int_equal(err.code, expected[i].code);
        assert_int_equal(sg_fail_errno(NULL, SG_IO, expected[i].number, "nowhere"), expected[i].code);
        assert_ptr_equal(strstr(err.text, "cannot write /a/b: "), err.text);
        assert_non_null(strstr(err.text, strerror(expected[i].number)));
        assert_int_equal(strchr(err.text, '(') != NULL, expected[i].hint != NULL);
        if (expected[i].hint) assert_non_null(strstr(err.text, expected[i].hint));
    }
}

static void the_first_failure_stays(void **state) {
    (void)state;
    struct sg_error err = {0};
    assert_int_equal(sg_fail(&err, SG_CORRUPT, "first %d", 1), SG_CORRUPT);
    assert_int_equal(sg_fail(&err, SG_IO, "second"), SG_IO);
    assert_int_equal(sg_fail_errno(&err, SG_IO, EACCES, "third"), SG_DENIED);
    assert_int_equal(err.code, SG_CORRUPT);
    assert_string_equal(err.text, "first 1");
}

static void long_messages_are_cut(void **state) {
    (void)state;
    char name[2 * SG_ERROR_BYTES];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    struct sg_error err = {0};
    sg_fail_errno(&err, SG_IO, EIO, "cannot write %s", name);
    assert_int_equal(strlen(err.text), SG_ERROR_BYTES - 1);
}

static void texts_are_appended_and_cut(void **state) {
    (void)state;
    struct {
        char out[12];
        char guard;
    } text = {"", 'g'};
    sg_append_name(text.out, sizeof text.out, "one");
    sg_append_name(text.out, sizeof text.out, "two");
    assert_string_equal(text.out, "one, two");
    sg_append(text.out, sizeof text.out, "-%d", 12345);
    assert_string_equal(text.out, "one, two-12");
    sg_append(text.out, sizeof text.out, "more");
    assert_string_equal(text.out, "one, two-12");
    assert_int_equal(text.guard, 'g');
}

static void exit_codes_ascend_and_have_names(void **state) {
    (void)state;
    size_t count;
    const struct sg_code_info *table = sg_code_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (i) assert_true(table[i - 1].code < table[i].code);
        assert_string_equal(sg_code_name(table[i].code), table[i].name);
    }
    assert_string_equal(sg_code_name((enum sg_code)2), "unknown");
}

static void proportions_are_exact(void **state) {
    (void)state;
    assert_int_equal(sg_muldiv(UINT64_MAX, UINT64_MAX, UINT64_MAX), UINT64_MAX);
    assert_int_equal(sg_muldiv(7, 3, 2), 10);
    assert_int_equal(sg_muldiv_round(7, 3, 2), 11);
    assert_int_equal(sg_muldiv_round(5, 1, 3), 2);
    assert_int_equal(sg_muldiv_round(4, 1, 3), 1);
    assert_int_equal(sg_muldiv_round((uint64_t)1 << 62, 3, 3), (uint64_t)1 << 62);
}

/* From before the year 0 to the next century without a leap day, in steps that meet every day of a month. */
static void the_calendar_is_the_c_librarys(void **state) {
    (void)state;
    for (int32_t day = -760000; day < 160000; day += 1 + (day & 1)) {
        time_t instant = (time_t)day * SG_DAY_S;
        struct tm there;
        assert_non_null(gmtime_r(&instant, &there));
        struct sg_civil here = sg_civil_from_day(day);
        assert_int_equal(here.year, there.tm_year + 1900);
        assert_int_equal(here.month, there.tm_mon + 1);
        assert_int_equal(here.day, there.tm_mday);
        assert_int_equal(sg_day_from_civil(here.year, here.month, here.day), day);
        assert_int_equal(sg_weekday(day), (there.tm_wday + 6) % 7);
        assert_int_equal(sg_day_of(instant), day);
        assert_int_equal(sg_day_of(instant + SG_DAY_S - 1), day);
        assert_int_equal(sg_day_of(instant - 1), day - 1);
    }
}

static void months_end_where_the_shorter_one_does(void **state) {
    (void)state;
    static const struct {
        int32_t from[3], months, to[3];
    } cases[] = {
        {{2024, 1, 31}, 1, {2024, 2, 29}},  {{2023, 1, 31}, 1, {2023, 2, 28}},
        {{2024, 2, 29}, 12, {2025, 2, 28}}, {{2024, 3, 31}, -1, {2024, 2, 29}},
        {{2024, 12, 31}, 2, {2025, 2, 28}}, {{2024, 1, 15}, -1, {2023, 12, 15}},
        {{2100, 1, 30}, 1, {2100, 2, 28}},  {{2000, 1, 30}, 1, {2000, 2, 29}},
        {{1, 1, 31}, -25, {-2, 12, 31}},    {{2024, 10, 31}, 13, {2025, 11, 30}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int32_t *from = cases[i].from, *to = cases[i].to;
        int32_t day = sg_add_months(sg_day_from_civil(from[0], from[1], from[2]), cases[i].months);
        assert_int_equal(day, sg_day_from_civil(to[0], to[1], to[2]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_call_is_named_by_its_number),
        cmocka_unit_test(the_first_failure_stays),
        cmocka_unit_test(long_messages_are_cut),
        cmocka_unit_test(texts_are_appended_and_cut),
        cmocka_unit_test(exit_codes_ascend_and_have_names),
        cmocka_unit_test(proportions_are_exact),
        cmocka_unit_test(the_calendar_is_the_c_librarys),
        cmocka_unit_test(months_end_where_the_shorter_one_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
