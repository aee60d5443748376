/* JSON of the Cognito API (application/x-amz-json-1.1). */
#include "io/cognito_json.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "io/cell_parse.h"

/* Takes over the element. */
static void append_attribute(json_t *array, const char *name, const char *value) {
    json_array_append_new(array, json_pack("{s:s, s:s}", "Name", name, "Value", value));
}

static void add_new_user(json_t *object, const char *email, const char *name) {
    json_t *attributes = json_array();
    append_attribute(attributes, "email", email);
    append_attribute(attributes, "email_verified", "true");
    append_attribute(attributes, "name", name);
    json_object_set_new(object, "UserAttributes", attributes);
    json_object_set_new(object, "MessageAction", json_string("SUPPRESS"));
}

char *sg_cognito_user_body(const char *pool, const char *email, const char *name, const char *password) {
    json_t *object = json_pack("{s:s, s:s}", "UserPoolId", pool, "Username", email);
    if (!object) return NULL;
    if (name) add_new_user(object, email, name);
    if (password) {
        json_object_set_new(object, "Password", json_string(password));
        json_object_set_new(object, "Permanent", json_true());
    }
    bool whole = !password || json_object_get(object, "Password");
    char *text = whole ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    return text;
}

/* The string in an attribute, NULL when there is no such string. */
static const json_t *find_attribute(const json_t *attributes, const char *wanted) {
    for (size_t i = 0; i < json_array_size(attributes); i++) {
        const json_t *attribute = json_array_get(attributes, i);
        const char *name = json_string_value(json_object_get(attribute, "Name"));
        const json_t *value = json_object_get(attribute, "Value");
        if (name && strcmp(name, wanted) == 0 && json_is_string(value)) return value;
    }
    return NULL;
}

static bool read_sub(const json_t *attributes, struct sg_key128 *sub) {
    uint64_t halves[2];
    const json_t *value = find_attribute(attributes, "sub");
    if (!value || !sg_parse_uuid(json_string_value(value), json_string_length(value), halves)) return false;
    *sub = (struct sg_key128){halves[0], halves[1]};
    return true;
}

static bool cannot_sign_in(const char *status) {
    static const char *const locked[] = {"UNCONFIRMED", "RESET_REQUIRED", "ARCHIVED", "COMPROMISED",
                                         "UNKNOWN"};
    for (size_t i = 0; i < sizeof locked / sizeof *locked; i++)
        if (strcmp(status, locked[i]) == 0) return true;
    return false;
}

bool sg_cognito_read_user(const char *body, struct sg_cognito_user *user,
                          char email[SG_COGNITO_EMAIL_BYTES]) {
    json_t *root = json_loads(body, 0, NULL);
    const json_t *created = json_object_get(root, "User");
    const json_t *from = created ? created : root;
    const json_t *attributes = json_object_get(from, created ? "Attributes" : "UserAttributes");
    const char *status = json_string_value(json_object_get(from, "UserStatus"));
    const char *address = json_string_value(find_attribute(attributes, "email"));
    bool fine = status && read_sub(attributes, &user->sub);
    snprintf(email, SG_COGNITO_EMAIL_BYTES, "%s", address ? address : "");
    if (fine) {
        user->state = strcmp(status, "FORCE_CHANGE_PASSWORD") == 0 ? SG_COGNITO_UNFINISHED : SG_COGNITO_READY;
        user->locked = cannot_sign_in(status) || json_is_false(json_object_get(from, "Enabled"));
    }
    json_decref(root);
    return fine;
}

void sg_cognito_read_error(const char *body, char type[SG_COGNITO_TYPE_BYTES],
                           char message[SG_COGNITO_MESSAGE_BYTES]) {
    json_t *root = json_loads(body, 0, NULL);
    const char *name = json_string_value(json_object_get(root, "__type"));
    const char *text = json_string_value(json_object_get(root, "message"));
    if (!text) text = json_string_value(json_object_get(root, "Message"));
    const char *bare = name ? strrchr(name, '#') : NULL;
    snprintf(type, SG_COGNITO_TYPE_BYTES, "%s", bare ? bare + 1 : name ? name : "");
    snprintf(message, SG_COGNITO_MESSAGE_BYTES, "%s", text ? text : "");
    json_decref(root);
}
