/* A small streaming JSON writer for machine-readable results. It collects in memory, so that a result that
 * fails half-way still ends as one valid document.
 *
 * Every function accepts NULL and then does nothing: callers need not ask whether --json was given. key is
 * NULL inside arrays. Main thread only.
 */
#ifndef SG_APP_JSON_H
#define SG_APP_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct sg_json;

/* A new document, already inside its outer object. NULL when out of memory. */
struct sg_json *sg_json_open(void);
/* Closes whatever is still open, writes the document and a newline to `file` (NULL: nowhere), frees it. */
void sg_json_close(struct sg_json *json, FILE *file);

void sg_json_object(struct sg_json *json, const char *key);
void sg_json_array(struct sg_json *json, const char *key);
void sg_json_end(struct sg_json *json);
/* Ends everything but the outer object. */
void sg_json_unwind(struct sg_json *json);

/* text NULL writes null. */
void sg_json_text(struct sg_json *json, const char *key, const char *text);
void sg_json_u64(struct sg_json *json, const char *key, uint64_t value);
void sg_json_bool(struct sg_json *json, const char *key, bool value);
/* A number with three decimals (seconds, rates, ratios). */
void sg_json_number(struct sg_json *json, const char *key, double value);

#endif
