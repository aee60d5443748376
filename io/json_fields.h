/* Strict access to the members of JSON objects: every failure is SG_CORRUPT and names the field.
 *
 * Numbers up to 2^53 are JSON integers, larger ones decimal strings, so that every JSON reader agrees.
 * Private to the JSON files of this floor: with json_fields.c, facts_json.c and manifest_json.c the users of
 * jansson.
 */
#ifndef SG_IO_JSON_FIELDS_H
#define SG_IO_JSON_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "io/digest.h"

/* An object and how messages call it: "out/manifest.json: tables[3]". */
struct sg_json {
    const json_t *object;
    char where[512];
};

/* Parses a whole text as one object; free with json_decref(root->object). */
enum sg_code sg_json_parse(struct sg_json *root, const char *text, size_t size, const char *name,
                           struct sg_error *err);

/* The value of a member of this type, for all of these. */
enum sg_code sg_json_u64(const struct sg_json *from, const char *field, uint64_t *value,
                         struct sg_error *err);
/* An integer between least and most. */
enum sg_code sg_json_int(const struct sg_json *from, const char *field, int least, int most, int *value,
                         struct sg_error *err);
enum sg_code sg_json_bool(const struct sg_json *from, const char *field, bool *value, struct sg_error *err);
/* Copies into out of size bytes; SG_CORRUPT when it does not fit. */
enum sg_code sg_json_text(const struct sg_json *from, const char *field, char *out, size_t size,
                          struct sg_error *err);
enum sg_code sg_json_digest(const struct sg_json *from, const char *field, struct sg_digest *digest,
                            struct sg_error *err);
enum sg_code sg_json_fingerprint(const struct sg_json *from, const char *field, __int128 *sum,
                                 struct sg_error *err);
/* The array and its length. */
enum sg_code sg_json_array(const struct sg_json *from, const char *field, const json_t **array, size_t *count,
                           struct sg_error *err);
/* Element `index` of an array member, which must be an object. */
enum sg_code sg_json_element(const struct sg_json *from, const char *field, const json_t *array, size_t index,
                             struct sg_json *element, struct sg_error *err);

/* Values for writing; NULL when there is no memory, which json_object_set_new reports. */
json_t *sg_json_of_u64(uint64_t value);
json_t *sg_json_of_digest(struct sg_digest digest);
json_t *sg_json_of_fingerprint(__int128 sum);

#endif
