/* A small streaming JSON writer for machine-readable results. It collects in memory, so that a result that
 * fails half-way still ends as one valid document.
 *
 * Every function accepts NULL and then does nothing: callers need not ask whether --json was given. key is
 * NULL inside arrays. Main thread only.
 */
#ifndef SG_APP_RESULT_H
#define SG_APP_RESULT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"

struct sg_result;

/* A new document, already inside its outer object. NULL when out of memory. */
struct sg_result *sg_result_open(void);
/* Ends whatever is still open and writes the document as it is into a file of this name, complete or not at
 * all. No member may follow. Fault points result.*. */
enum sg_code sg_result_save(struct sg_result *result, const char *path, struct sg_error *err);
/* Closes whatever is still open, writes the document and a newline to `file` (NULL: nowhere), frees it. */
void sg_result_close(struct sg_result *result, FILE *file);

/* Open an object or array as a member of what is open; sg_result_end closes the innermost. */
void sg_result_object(struct sg_result *result, const char *key);
void sg_result_array(struct sg_result *result, const char *key);
void sg_result_end(struct sg_result *result);
/* Ends everything but the outer object. */
void sg_result_unwind(struct sg_result *result);

/* Members of what is open. text NULL writes null. */
void sg_result_text(struct sg_result *result, const char *key, const char *text);
void sg_result_u64(struct sg_result *result, const char *key, uint64_t value);
/* value / 10^scale with `scale` digits; scale 0 is a signed integer. */
void sg_result_decimal(struct sg_result *result, const char *key, int64_t value, unsigned scale);
void sg_result_bool(struct sg_result *result, const char *key, bool value);
/* A number with three decimals (seconds, rates, ratios). */
void sg_result_number(struct sg_result *result, const char *key, double value);

/* A number with all its digits. */
void sg_result_double(struct sg_result *result, const char *key, double value);

#endif
