/* Paths into jansson values. */
#include "io/json_view.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct sg_json_view {
    json_t *root;
};

enum sg_code sg_json_view_open(struct sg_json_view **out, const char *text, size_t size, const char *name,
                               struct sg_error *err) {
    struct sg_json_view *view = *out = malloc(sizeof *view);
    if (!view) return sg_fail(err, SG_SYSTEM, "no memory for the answer of %s", name);
    json_error_t error;
    view->root = json_loadb(text, size, JSON_DECODE_ANY, &error);
    if (view->root) return SG_OK;
    free(view);
    *out = NULL;
    return sg_fail(err, SG_PROTOCOL, "%s is not JSON: line %d: %s", name, error.line, error.text);
}

void sg_json_view_close(struct sg_json_view *view) {
    if (!view) return;
    json_decref(view->root);
    free(view);
}

static const json_t *step(const json_t *value, const char *name, size_t length) {
    char key[64];
    if (length >= sizeof key) return NULL;
    memcpy(key, name, length);
    key[length] = '\0';
    if (json_is_array(value) && isdigit((unsigned char)key[0]))
        return json_array_get(value, strtoul(key, NULL, 10));
    return json_object_get(value, key);
}

static const json_t *find(const struct sg_json_view *view, const char *path) {
    const json_t *value = view->root;
    while (value && *path) {
        size_t length = strcspn(path, ".");
        value = step(value, path, length);
        path += length + (path[length] == '.');
    }
    return value;
}

const char *sg_json_view_text(const struct sg_json_view *view, const char *path) {
    return json_string_value(find(view, path));
}

bool sg_json_view_i64(const struct sg_json_view *view, const char *path, int64_t *value) {
    const json_t *found = find(view, path);
    if (json_is_boolean(found)) *value = json_is_true(found);
    if (json_is_integer(found)) *value = json_integer_value(found);
    return json_is_boolean(found) || json_is_integer(found);
}

size_t sg_json_view_count(const struct sg_json_view *view, const char *path) {
    return json_array_size(find(view, path));
}
