/* Stripe's HTTP API in test mode: ten workers, each with its own connection and at most four requests a
 * second.
 *
 * The key comes from STRIPE_SECRET_KEY and must be a test-mode key; it goes into the Authorization header and
 * nowhere else: not into messages, files or arguments. STRIPE_API_BASE overrides the endpoint.
 */
#ifndef SB_STRIPE_H
#define SB_STRIPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "io/json_view.h"

/* Answers that callers may allow. */
enum { SB_STATUS_BAD = 400, SB_STATUS_NOT_FOUND = 404 };

enum { SB_WORKERS = 10, SB_REQUEST_GAP_MS = 250, SB_PATH_BYTES = 256, SB_KEY_BYTES = 128 };

struct sb_stripe;

/* Reads the environment and opens the connections. SG_USAGE without a test-mode key, before any call.
 * `stopped` is asked while waiting. Main thread, while there is only one. Free with sb_stripe_close even
 * after failure. */
enum sg_code sb_stripe_open(struct sb_stripe **stripe, bool (*stopped)(void), struct sg_error *err);
void sb_stripe_close(struct sb_stripe *stripe);

/* A form body under construction: application/x-www-form-urlencoded. */
struct sb_form {
    char text[1536];
    size_t length;
    bool full;
};
void sb_form_add(struct sb_form *form, const char *name, const char *value);
void sb_form_add_i64(struct sb_form *form, const char *name, int64_t value);

struct sb_call {
    const char *method; /* "POST", "GET", "DELETE" */
    char path[SB_PATH_BYTES];
    struct sb_form form;            /* POST */
    char idempotency[SB_KEY_BYTES]; /* POST; "" = none */
    long allowed[2];                /* statuses beyond 2xx that are answers, not failures; 0 = none */
};

/* Copies an id of Stripe's when it is there, short and of letters, digits, _ and - alone: ids go into
 * addresses and JSON as they are. */
enum { SB_STRIPE_ID_BYTES = 80 };
bool sb_stripe_id(const char *text, char out[SB_STRIPE_ID_BYTES]);

/* A call with a path of printf. */
void sb_call_begin(struct sb_call *call, const char *method, const char *path, ...)
    __attribute__((format(printf, 3, 4)));

/* Makes a call on worker `worker` (0..SB_WORKERS - 1, one thread each): waits for its turn, tries again on
 * 429, 5xx and missing answers. *reply (may be NULL when unwanted) is to be closed by the caller; *status may
 * be NULL. Failures carry Stripe's own message. */
enum sg_code sb_stripe_call(struct sb_stripe *stripe, int worker, const struct sb_call *call,
                            struct sg_json_view **reply, long *status, struct sg_error *err);

/* Runs `work` for items 0..count - 1 on the workers and waits for all. Returns the first failure; the others
 * stop at their next item. */
typedef enum sg_code sb_work_fn(void *context, int worker, uint64_t item, struct sg_error *err);
enum sg_code sb_stripe_parallel(struct sb_stripe *stripe, uint64_t count, sb_work_fn *work, void *context,
                                struct sg_error *err);

#endif
