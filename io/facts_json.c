/* Shard facts to JSON and back. */
#include "io/facts_json.h"

#include <string.h>

#include "io/json_fields.h"

enum { FACTS_VERSION = 1, CHECK_BYTES = 34 /* newline, 32 digits, newline */ };

/* Members that file and manifest share. False when there is no memory. */
static bool set_members(json_t *object, const struct sg_shard_facts *facts) {
    return json_object_set_new(object, "row_first", sg_json_of_u64(facts->row_first)) == 0 &&
           json_object_set_new(object, "rows", sg_json_of_u64(facts->rows)) == 0 &&
           json_object_set_new(object, "text_bytes", sg_json_of_u64(facts->text_bytes)) == 0 &&
           json_object_set_new(object, "digest", sg_json_of_digest(facts->digest)) == 0 &&
           json_object_set_new(object, "fingerprint", sg_json_of_fingerprint(facts->fingerprint)) == 0 &&
           json_object_set_new(object, "key_first", json_string(facts->key_first)) == 0 &&
           json_object_set_new(object, "key_last", json_string(facts->key_last)) == 0;
}

static enum sg_code get_members(struct sg_shard_facts *facts, const struct sg_json *from,
                                struct sg_error *err) {
    SG_TRY(sg_json_u64(from, "row_first", &facts->row_first, err));
    SG_TRY(sg_json_u64(from, "rows", &facts->rows, err));
    SG_TRY(sg_json_u64(from, "text_bytes", &facts->text_bytes, err));
    SG_TRY(sg_json_digest(from, "digest", &facts->digest, err));
    SG_TRY(sg_json_fingerprint(from, "fingerprint", &facts->fingerprint, err));
    SG_TRY(sg_json_text(from, "key_first", facts->key_first, sizeof facts->key_first, err));
    SG_TRY(sg_json_text(from, "key_last", facts->key_last, sizeof facts->key_last, err));
    return SG_OK;
}

json_t *sg_facts_to_json(const struct sg_shard_facts *facts) {
    json_t *object = json_object();
    if (object && json_object_set_new(object, "path", json_string(facts->path)) == 0 &&
        json_object_set_new(object, "file_bytes", sg_json_of_u64(facts->file_bytes)) == 0 &&
        set_members(object, facts))
        return object;
    json_decref(object);
    return NULL;
}

/* A relative path that stays inside the output folder. */
static bool is_inside(const char *path) {
    if (*path == '/' || *path == '\0') return false;
    for (const char *at = path; at; at = strchr(at, '/') ? strchr(at, '/') + 1 : NULL)
        if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || at[2] == '\0')) return false;
    return true;
}

enum sg_code sg_facts_from_json(struct sg_shard_facts *facts, const struct sg_json *from,
                                struct sg_error *err) {
    SG_TRY(sg_json_text(from, "path", facts->path, sizeof facts->path, err));
    if (!is_inside(facts->path))
        return sg_fail(err, SG_CORRUPT, "%s: field path leaves the output folder", from->where);
    SG_TRY(sg_json_u64(from, "file_bytes", &facts->file_bytes, err));
    return get_members(facts, from, err);
}

static json_t *frame_rows(const struct sg_seek_table *frames) {
    json_t *array = json_array();
    for (size_t i = 0; array && i < frames->count; i++) {
        if (json_array_append_new(array, sg_json_of_u64(frames->entries[i].rows)) == 0) continue;
        json_decref(array);
        return NULL;
    }
    return array;
}

static char *facts_text(const struct sg_shard_facts *facts, const struct sg_seek_table *frames) {
    json_t *object = json_object();
    char *text = NULL;
    if (object && json_object_set_new(object, "version", json_integer(FACTS_VERSION)) == 0 &&
        set_members(object, facts) &&
        (!frames || json_object_set_new(object, "frame_rows", frame_rows(frames)) == 0))
        text = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    return text;
}

enum sg_code sg_facts_write(const struct sg_shard_facts *facts, const struct sg_seek_table *frames,
                            struct sg_buffer *out, struct sg_error *err) {
    char *text = facts_text(facts, frames);
    if (!text) return sg_fail(err, SG_INTERNAL, "%s: its facts do not fit JSON", facts->path);
    size_t size = strlen(text);
    enum sg_code code = sg_buffer_reserve(out, size + CHECK_BYTES, err);
    if (code == SG_OK) {
        char *at = out->bytes + out->used;
        memcpy(at, text, size);
        char check[33];
        sg_digest_text(sg_digest_of(text, size), check);
        at[size] = '\n';
        memcpy(at + size + 1, check, 32);
        at[size + 33] = '\n';
        out->used += size + CHECK_BYTES;
    }
    free(text);
    return code;
}

static bool check_holds(const char *text, size_t size) {
    if (size < CHECK_BYTES) return false;
    size_t body = size - CHECK_BYTES;
    char check[33];
    sg_digest_text(sg_digest_of(text, body), check);
    return text[body] == '\n' && memcmp(text + body + 1, check, 32) == 0 && text[size - 1] == '\n';
}

/* Takes over the frames' rows; their sum and that of their text must be the facts'. */
static enum sg_code get_frames(const struct sg_shard_facts *facts, struct sg_seek_table *frames,
                               const struct sg_json *from, struct sg_error *err) {
    const json_t *array;
    size_t count;
    SG_TRY(sg_json_array(from, "frame_rows", &array, &count, err));
    uint64_t rows = 0, text_bytes = 0;
    for (size_t i = 0; count == frames->count && i < count; i++) {
        json_int_t value = json_integer_value(json_array_get(array, i));
        frames->entries[i].rows = value > 0 ? (uint64_t)value : 0;
        rows += frames->entries[i].rows;
        text_bytes += frames->entries[i].text_bytes;
    }
    if (count != frames->count || rows != facts->rows || text_bytes != facts->text_bytes)
        return sg_fail(err, SG_CORRUPT, "%s: frames and facts disagree; generate it again", from->where);
    return SG_OK;
}

enum sg_code sg_facts_read(struct sg_shard_facts *facts, struct sg_seek_table *frames, const char *text,
                           size_t size, const char *name, struct sg_error *err) {
    if (!check_holds(text, size))
        return sg_fail(err, SG_CORRUPT, "%s: its facts were altered; generate it again", name);
    struct sg_json root;
    SG_TRY(sg_json_parse(&root, text, size - CHECK_BYTES, name, err));
    uint64_t version = 0;
    enum sg_code code = sg_json_u64(&root, "version", &version, err);
    if (code == SG_OK && version != FACTS_VERSION)
        code = sg_fail(err, SG_CORRUPT, "%s: field version is %llu, known is %d", name,
                       (unsigned long long)version, FACTS_VERSION);
    if (code == SG_OK) code = get_members(facts, &root, err);
    if (code == SG_OK && frames) code = get_frames(facts, frames, &root, err);
    json_decref((json_t *)root.object);
    return code;
}
