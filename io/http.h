/* Requests to the HTTP APIs of services: time limits, repeated tries with growing jittered waits, and
 * Signature Version 4. http.c is the one file that knows libcurl.
 *
 * A request is tried again when the connection fails or no answer comes in time, on status 429 and 5xx, and
 * when the request's own `again` says so; Retry-After is honoured. So every request must be one that may
 * arrive twice. Redirects are not followed, and certificates are always checked. Neither header values, nor
 * bodies, nor what comes before an @ in an address ever get into a message.
 *
 * Threads: a client belongs to one thread. The first sg_http_open must happen while there is only one.
 */
#ifndef SG_IO_HTTP_H
#define SG_IO_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct sg_http_limits {
    uint32_t tries;        /* of one request, the first included; 0 counts as 1 */
    uint32_t tries_first;  /* without any answer, as long as the client has never got one; 0 = tries */
    uint32_t wait_ms;      /* before the second try; each further wait is twice as long */
    uint32_t wait_max_ms;  /* a single wait, also one that the server asks for by Retry-After */
    uint32_t connect_ms;   /* until connected */
    uint32_t answer_ms;    /* a whole try */
    bool (*stopped)(void); /* asked while waiting: give up? NULL = never */
};

/* Five tries within about ten seconds of waiting, 5 s to connect, 30 s to answer. */
extern const struct sg_http_limits sg_http_limits_default;

struct sg_http_reply {
    long status;
    char *body; /* ends with NUL; "" when there is none */
    size_t body_bytes;
    uint32_t tries; /* that it took */
};

/* AWS credentials; session_token may be NULL. */
struct sg_http_signing {
    const char *access_key, *secret_key, *session_token, *region, *service;
};

struct sg_http_request {
    const char *method;         /* "POST" */
    const char *url;            /* http or https */
    const char *const *headers; /* "Name: value", NULL-terminated; NULL = none */
    const char *body;           /* NULL = none */
    size_t body_bytes;
    const struct sg_http_signing *signing; /* NULL = none */
    bool (*again)(const struct sg_http_reply *reply);
};

struct sg_http;

/* Free with sg_http_close even after failure. The limits are copied. */
enum sg_code sg_http_open(struct sg_http **http, const struct sg_http_limits *limits, struct sg_error *err);
void sg_http_close(struct sg_http *http);

/* Sends a request and waits for the answer. SG_OK with the last answer, whatever its status: also one that
 * all tries met. SG_UNAVAILABLE when none came, SG_STOPPED when asked to stop, SG_PROTOCOL when the answer is
 * larger than 4 MiB. Free the reply with sg_http_reply_free even after failure. */
enum sg_code sg_http_send(struct sg_http *http, const struct sg_http_request *request,
                          struct sg_http_reply *reply, struct sg_error *err);
void sg_http_reply_free(struct sg_http_reply *reply);

/* Pure. Copies an address without user, password, query and fragment: fit for messages. */
void sg_http_address(const char *url, char *out, size_t size);

#endif
