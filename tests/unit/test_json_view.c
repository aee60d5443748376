/* Paths into answers of other programs: what is there is found, everything else is absent, never a crash.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "io/json_view.h"

static struct sg_json_view *open_view(const char *text) {
    struct sg_json_view *view = NULL;
    struct sg_error err = {0};
    if (sg_json_view_open(&view, text, strlen(text), "the answer", &err) != SG_OK) fail_msg("%s", err.text);
    return view;
}

static void paths_reach_members_and_elements(void **state) {
    (void)state;
    struct sg_json_view *view = open_view(
        "{\"id\": \"sub_1\", \"items\": {\"data\": [{\"quantity\": 7, \"price\": {\"id\": \"p\"}}, 5]}, "
        "\"has_more\": true}");
    int64_t value = 0;
    assert_string_equal(sg_json_view_text(view, "id"), "sub_1");
    assert_string_equal(sg_json_view_text(view, "items.data.0.price.id"), "p");
    assert_true(sg_json_view_i64(view, "items.data.0.quantity", &value));
    assert_int_equal(value, 7);
    assert_true(sg_json_view_i64(view, "items.data.1", &value));
    assert_int_equal(value, 5);
    assert_true(sg_json_view_i64(view, "has_more", &value));
    assert_int_equal(value, 1);
    assert_int_equal(sg_json_view_count(view, "items.data"), 2);
    sg_json_view_close(view);
}

static void what_is_missing_is_absent(void **state) {
    (void)state;
    static const char *const texts[] = {"{}", "[]", "null", "3", "\"text\"", "{\"a\": {\"b\": [1.5, null]}}"};
    static const char *const paths[] = {
        "id",    "a.b.0.c", "a.b.9",
        "a.b.x", "a..b",    ".",
        "a.b.1", "9",       "a_very_long_name_of_a_member_that_no_answer_has_and_no_buffer_holds_whole"};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        struct sg_json_view *view = open_view(texts[t]);
        for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
            int64_t value = 42;
            assert_null(sg_json_view_text(view, paths[p]));
            assert_false(sg_json_view_i64(view, paths[p], &value));
            assert_int_equal(value, 42);
            assert_int_equal(sg_json_view_count(view, paths[p]), 0);
        }
        sg_json_view_close(view);
    }
}

static void other_text_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"", "<html>", "{\"a\": 1", "{} {}", "{\"a\": \"\xff\"}"};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        struct sg_json_view *view;
        struct sg_error err = {0};
        assert_int_equal(sg_json_view_open(&view, texts[t], strlen(texts[t]), "the answer", &err),
                         SG_PROTOCOL);
        assert_null(view);
        assert_non_null(strstr(err.text, "the answer is not JSON"));
    }
    sg_json_view_close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_reach_members_and_elements),
        cmocka_unit_test(what_is_missing_is_absent),
        cmocka_unit_test(other_text_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
