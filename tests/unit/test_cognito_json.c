/* Cognito's JSON: bodies are what the API wants, replies are read or refused, addresses lose their secrets.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/cognito_json.h"

static void expect_body(char *body, const char *wanted) {
    assert_non_null(body);
    assert_string_equal(body, wanted);
    free(body);
}

static void bodies_are_the_apis(void **state) {
    (void)state;
    expect_body(sg_cognito_user_body("p_1", "a@b", NULL, NULL),
                "{\"UserPoolId\":\"p_1\",\"Username\":\"a@b\"}");
    expect_body(
        sg_cognito_user_body("p_1", "a@b", "A \"B\"", NULL),
        "{\"UserPoolId\":\"p_1\",\"Username\":\"a@b\",\"UserAttributes\":[{\"Name\":\"email\",\"Value\":"
        "\"a@b\"},{\"Name\":\"email_verified\",\"Value\":\"true\"},{\"Name\":\"name\",\"Value\":\"A "
        "\\\"B\\\"\"}],\"MessageAction\":\"SUPPRESS\"}");
    expect_body(sg_cognito_user_body("p_1", "a@b", NULL, "s\\x"),
                "{\"UserPoolId\":\"p_1\",\"Username\":\"a@b\",\"Password\":\"s\\\\x\",\"Permanent\":true}");
}

#define SUB "{\"Name\":\"sub\",\"Value\":\"01234567-89ab-4def-8123-456789abcdef\"}"

static void users_are_read_or_refused(void **state) {
    (void)state;
    struct sg_cognito_user user = {0};
    char email[SG_COGNITO_EMAIL_BYTES];
    assert_true(sg_cognito_read_user(
        "{\"UserStatus\":\"CONFIRMED\",\"UserAttributes\":[{\"Name\":\"email\"}," SUB "]}", &user, email));
    assert_int_equal(user.state, SG_COGNITO_READY);
    assert_true(user.sub.high == 0x0123456789ab4def && user.sub.low == 0x8123456789abcdef);
    assert_true(sg_cognito_read_user(
        "{\"User\":{\"UserStatus\":\"FORCE_CHANGE_PASSWORD\",\"Attributes\":[" SUB "]}}", &user, email));
    assert_int_equal(user.state, SG_COGNITO_UNFINISHED);
    static const char *const bad[] = {
        "",
        "<html>",
        "[]",
        "{}",
        "{\"UserStatus\":\"CONFIRMED\"}",
        "{\"UserStatus\":7,\"UserAttributes\":[" SUB "]}",
        "{\"UserAttributes\":[" SUB "]}",
        "{\"UserStatus\":\"CONFIRMED\",\"UserAttributes\":[{\"Name\":\"sub\",\"Value\":\"x\"}]}",
        "{\"UserStatus\":\"CONFIRMED\",\"UserAttributes\":{\"Name\":\"sub\"}}",
        "{\"User\":[],\"UserStatus\":\"CONFIRMED\",\"UserAttributes\":[" SUB "]}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(sg_cognito_read_user(bad[i], &user, email));
}

static void expect_error(const char *body, const char *wanted_type, const char *wanted_message) {
    char type[SG_COGNITO_TYPE_BYTES], message[SG_COGNITO_MESSAGE_BYTES];
    sg_cognito_read_error(body, type, message);
    assert_string_equal(type, wanted_type);
    assert_string_equal(message, wanted_message);
}

static void errors_lose_their_name_space(void **state) {
    (void)state;
    expect_error("{\"__type\":\"ThrottlingException\",\"message\":\"Rate\"}", "ThrottlingException", "Rate");
    expect_error("{\"__type\":\"com.amazon#Expired\",\"Message\":\"m\"}", "Expired", "m");
    expect_error("{\"__type\":5}", "", "");
    expect_error("no json", "", "");
    char body[1024];
    strcpy(body, "{\"__type\":\"");
    memset(body + strlen(body), 'x', 600);
    strcpy(body + 611, "\"}");
    char type[SG_COGNITO_TYPE_BYTES], message[SG_COGNITO_MESSAGE_BYTES];
    sg_cognito_read_error(body, type, message);
    assert_int_equal(strlen(type), SG_COGNITO_TYPE_BYTES - 1);
}

static void addresses_lose_their_secrets(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"https://host/", "https://host/"},   {"http://user:pass@host:80/p?token=1#x", "http://host:80/p"},
        {"http://a@b:c@host", "http://host"}, {"http://host/a@b", "http://host/a@b"},
        {"user:pass@host/x", "host/x"},       {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[64];
        sg_http_address(cases[i][0], out, sizeof out);
        assert_string_equal(out, cases[i][1]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_are_the_apis),
        cmocka_unit_test(users_are_read_or_refused),
        cmocka_unit_test(errors_lose_their_name_space),
        cmocka_unit_test(addresses_lose_their_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
