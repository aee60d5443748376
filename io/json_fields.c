/* Member access with named failures. */
#include "io/json_fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "io/fingerprint.h"

#define EXACT_MAX ((uint64_t)1 << 53)

enum sg_code sg_json_parse(struct sg_json *root, const char *text, size_t size, const char *name,
                           struct sg_error *err) {
    json_error_t problem;
    json_t *value = json_loadb(text, size, JSON_REJECT_DUPLICATES, &problem);
    root->object = value;
    snprintf(root->where, sizeof root->where, "%.400s", name);
    if (!value)
        return sg_fail(err, SG_CORRUPT, "%s is not JSON (line %d: %s); generate it again", name, problem.line,
                       problem.text);
    if (json_is_object(value)) return SG_OK;
    json_decref(value);
    root->object = NULL;
    return sg_fail(err, SG_CORRUPT, "%s is not a JSON object; generate it again", name);
}

static enum sg_code bad(const struct sg_json *from, const char *field, const char *what,
                        struct sg_error *err) {
    return sg_fail(err, SG_CORRUPT, "%s: field %s %s; generate it again", from->where, field, what);
}

/* The member, or SG_CORRUPT when it is missing. */
static enum sg_code member(const struct sg_json *from, const char *field, const json_t **value,
                           struct sg_error *err) {
    *value = json_object_get(from->object, field);
    return *value ? SG_OK : bad(from, field, "is missing", err);
}

/* Canonical decimal text of a number above 2^53. */
static bool parse_large(const char *text, uint64_t *value) {
    *value = 0;
    if (*text < '1' || *text > '9') return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9') return false;
        if (__builtin_mul_overflow(*value, 10, value)) return false;
        if (__builtin_add_overflow(*value, (uint64_t)(*text - '0'), value)) return false;
    }
    return *value > EXACT_MAX;
}

enum sg_code sg_json_u64(const struct sg_json *from, const char *field, uint64_t *value,
                         struct sg_error *err) {
    const json_t *found;
    SG_TRY(member(from, field, &found, err));
    if (json_is_string(found) && parse_large(json_string_value(found), value)) return SG_OK;
    if (!json_is_integer(found) || json_integer_value(found) < 0 ||
        (uint64_t)json_integer_value(found) > EXACT_MAX)
        return bad(from, field, "is not a non-negative integer", err);
    *value = (uint64_t)json_integer_value(found);
    return SG_OK;
}

enum sg_code sg_json_int(const struct sg_json *from, const char *field, int least, int most, int *value,
                         struct sg_error *err) {
    const json_t *found;
    SG_TRY(member(from, field, &found, err));
    if (!json_is_integer(found)) return bad(from, field, "is not an integer", err);
    json_int_t got = json_integer_value(found);
    if (got < least || got > most) return bad(from, field, "is out of range", err);
    *value = (int)got;
    return SG_OK;
}

enum sg_code sg_json_bool(const struct sg_json *from, const char *field, bool *value, struct sg_error *err) {
    const json_t *found;
    SG_TRY(member(from, field, &found, err));
    if (!json_is_boolean(found)) return bad(from, field, "is not true or false", err);
    *value = json_is_true(found);
    return SG_OK;
}

static enum sg_code text_of(const struct sg_json *from, const char *field, const char **text,
                            struct sg_error *err) {
    const json_t *found;
    SG_TRY(member(from, field, &found, err));
    if (!json_is_string(found)) return bad(from, field, "is not text", err);
    *text = json_string_value(found);
    return SG_OK;
}

enum sg_code sg_json_text(const struct sg_json *from, const char *field, char *out, size_t size,
                          struct sg_error *err) {
    const char *text;
    SG_TRY(text_of(from, field, &text, err));
    size_t length = strlen(text);
    if (length >= size) return bad(from, field, "is too long", err);
    memcpy(out, text, length + 1);
    return SG_OK;
}

enum sg_code sg_json_digest(const struct sg_json *from, const char *field, struct sg_digest *digest,
                            struct sg_error *err) {
    const char *text;
    SG_TRY(text_of(from, field, &text, err));
    return sg_digest_parse(text, digest) ? SG_OK : bad(from, field, "is not a digest", err);
}

enum sg_code sg_json_fingerprint(const struct sg_json *from, const char *field, __int128 *sum,
                                 struct sg_error *err) {
    const char *text;
    SG_TRY(text_of(from, field, &text, err));
    return sg_fingerprint_parse(text, sum) ? SG_OK : bad(from, field, "is not a fingerprint", err);
}

enum sg_code sg_json_array(const struct sg_json *from, const char *field, const json_t **array, size_t *count,
                           struct sg_error *err) {
    SG_TRY(member(from, field, array, err));
    if (!json_is_array(*array)) return bad(from, field, "is not an array", err);
    *count = json_array_size(*array);
    return SG_OK;
}

enum sg_code sg_json_element(const struct sg_json *from, const char *field, const json_t *array, size_t index,
                             struct sg_json *element, struct sg_error *err) {
    element->object = json_array_get(array, index);
    int length = snprintf(element->where, sizeof element->where, "%s: %s[%zu]", from->where, field, index);
    if (length < 0 || (size_t)length >= sizeof element->where) return bad(from, field, "lies too deep", err);
    if (!json_is_object(element->object)) return bad(element, field, "is not an object", err);
    return SG_OK;
}

json_t *sg_json_of_u64(uint64_t value) {
    if (value <= EXACT_MAX) return json_integer((json_int_t)value);
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, value);
    return json_string(text);
}

json_t *sg_json_of_digest(struct sg_digest digest) {
    char text[33];
    sg_digest_text(digest, text);
    return json_string(text);
}

json_t *sg_json_of_fingerprint(__int128 sum) {
    char text[48];
    sg_fingerprint_text(sum, text);
    return json_string(text);
}
