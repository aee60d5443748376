/* Reading answers of other programs: a parsed JSON text, asked by paths such as "data.0.id".
 *
 * Unlike json_fields.h nothing is demanded: what is missing or of another type is simply not there. */
#ifndef SG_IO_JSON_VIEW_H
#define SG_IO_JSON_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct sg_json_view;

/* SG_PROTOCOL when the text is not JSON; `name` says whose it is in the message. *view is NULL on failure. */
enum sg_code sg_json_view_open(struct sg_json_view **view, const char *text, size_t size, const char *name,
                               struct sg_error *err);
/* Accepts NULL. */
void sg_json_view_close(struct sg_json_view *view);

/* Pure. Text at a path, valid as long as the view; NULL when there is none. */
const char *sg_json_view_text(const struct sg_json_view *view, const char *path);
/* Pure. Integer (or Boolean) at a path; false when there is none. */
bool sg_json_view_i64(const struct sg_json_view *view, const char *path, int64_t *value);
/* Pure. Elements of the array at a path, 0 when there is none. */
size_t sg_json_view_count(const struct sg_json_view *view, const char *path);

#endif
