/* Replies of other programs: Stripe's and Cognito's JSON, good or not, is asked without harm. */
#include "fuzz.h"
#include "io/cognito.h"
#include "io/cognito_json.h"
#include "io/json_view.h"

static size_t fuzz_example(unsigned seed, uint8_t *out, size_t max) {
    static const char *const replies[] = {
        "{\"Username\":\"a\",\"UserStatus\":\"CONFIRMED\",\"UserAttributes\":[{\"Name\":\"sub\",\"Value\":"
        "\"01234567-89ab-cdef-fedc-ba9876543210\"}]}",
        "{\"User\":{\"UserStatus\":\"FORCE_CHANGE_PASSWORD\",\"Attributes\":[{\"Name\":\"sub\",\"Value\":"
        "\"01234567-89ab-cdef-fedc-ba9876543210\"}]}}",
        "{\"__type\":\"com.amazonaws.x#UserNotFoundException\",\"message\":\"User does not exist.\"}",
        "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"resource_missing\",\"message\":\"No such "
        "customer\"}}",
        "{\"object\":\"list\",\"has_more\":true,\"data\":[{\"id\":\"in_1\",\"amount_due\":4900,\"paid\":"
        "false}]}",
    };
    const char *reply = replies[seed % (sizeof replies / sizeof *replies)];
    return fuzz_copy(reply, strlen(reply), out, max);
}

static void ask_view(const char *text, size_t size) {
    static const char *const paths[] = {
        "data",    "data.0.id", "error.message", "has_more",
        "",        ".",         "data..id",      "data.99999999999999999999.id",
        "object.0"};
    struct sg_json_view *view;
    struct sg_error err = {0};
    enum sg_code code = sg_json_view_open(&view, text, size, "reply", &err);
    FUZZ_DEMAND(code == SG_OK || (code == SG_PROTOCOL && err.text[0]), "code %d: %s", code, err.text);
    for (size_t i = 0; view && i < sizeof paths / sizeof *paths; i++) {
        int64_t number;
        const char *found = sg_json_view_text(view, paths[i]);
        FUZZ_DEMAND(!found || strlen(found) <= 4 * size, "text longer than the reply");
        sg_json_view_i64(view, paths[i], &number);
        sg_json_view_count(view, paths[i]);
    }
    sg_json_view_close(view);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    struct sg_cognito_user user;
    char email[SG_COGNITO_EMAIL_BYTES], type[SG_COGNITO_TYPE_BYTES], message[SG_COGNITO_MESSAGE_BYTES];
    ask_view(text, size);
    if (sg_cognito_read_user(text, &user, email))
        FUZZ_DEMAND(strlen(email) < sizeof email, "%s", "an address that does not end");
    sg_cognito_read_error(text, type, message);
    FUZZ_DEMAND(strlen(type) < sizeof type && strlen(message) < sizeof message, "%s",
                "texts that do not end");
    free(text);
    return 0;
}
