/* HTTP through libcurl. One easy handle is kept per client, so connections are used again. */
#include "io/http.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "io/encode.h"

enum { BODY_BYTES_MAX = 4 << 20, ADDRESS_BYTES = 256, STATUS_BUSY = 429, STATUS_FAULT = 500 };
enum { LOOK_MS = 50 /* between looks for a stop while waiting */ };

const struct sg_http_limits sg_http_limits_default = {
    .tries = 5, .wait_ms = 400, .wait_max_ms = 20000, .connect_ms = 5000, .answer_ms = 30000};

struct sg_http {
    CURL *curl;
    struct sg_http_limits limits;
    bool global, answered; /* answered: some time */
    /* of the try under way */
    struct sg_buffer body;
    bool too_large;
};

static enum sg_code set_up(struct sg_http *http, struct sg_error *err) {
    http->global = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    http->curl = http->global ? curl_easy_init() : NULL;
    return http->curl ? SG_OK : sg_fail(err, SG_SYSTEM, "libcurl does not start");
}

enum sg_code sg_http_open(struct sg_http **out, const struct sg_http_limits *limits, struct sg_error *err) {
    struct sg_http *http = *out = calloc(1, sizeof *http);
    if (!http) return sg_fail(err, SG_SYSTEM, "no memory for an HTTP client");
    http->limits = *limits;
    if (http->limits.tries == 0) http->limits.tries = 1;
    return set_up(http, err);
}

void sg_http_close(struct sg_http *http) {
    if (!http) return;
    if (http->curl) curl_easy_cleanup(http->curl);
    if (http->global) curl_global_cleanup();
    sg_buffer_free(&http->body);
    free(http);
}

void sg_http_reply_free(struct sg_http_reply *reply) {
    free(reply->body);
    *reply = (struct sg_http_reply){0};
}

void sg_http_address(const char *url, char *out, size_t size) {
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    size_t authority = strcspn(host, "/?#");
    const char *from = host;
    for (const char *c = host; c < host + authority; c++)
        if (*c == '@') from = c + 1;
    snprintf(out, size, "%.*s%.*s", (int)(host - url), url, (int)strcspn(from, "?#"), from);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
    struct sg_http *http = context;
    size_t total = size * count;
    http->too_large |= http->body.used + total > BODY_BYTES_MAX;
    if (http->too_large || sg_buffer_reserve(&http->body, total + 1, NULL) != SG_OK) return 0;
    memcpy(http->body.bytes + http->body.used, bytes, total);
    http->body.used += total;
    return total;
}

static bool add_header(struct curl_slist **list, const char *text) {
    struct curl_slist *longer = curl_slist_append(*list, text);
    if (longer) *list = longer;
    return longer != NULL;
}

/* Headers of the request. libcurl signs every one, so none may be there that it would not send. */
static bool make_headers(const struct sg_http_request *request, struct curl_slist **list) {
    bool fine = true;
    for (size_t i = 0; fine && request->headers && request->headers[i]; i++)
        fine = add_header(list, request->headers[i]);
    const char *token = request->signing ? request->signing->session_token : NULL;
    if (!fine || !token || !token[0]) return fine;
    static const char name[] = "X-Amz-Security-Token: ";
    char *text = malloc(sizeof name + strlen(token));
    if (!text) return false;
    strcpy(text, name);
    strcat(text, token);
    fine = add_header(list, text);
    free(text);
    return fine;
}

/* Asked by libcurl while a try is under way, about once a second. */
static int give_up(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    const struct sg_http *http = context;
    (void)a, (void)b, (void)c, (void)d;
    return http->limits.stopped();
}

static void set_signing(CURL *curl, const struct sg_http_signing *signing) {
    char scope[160];
    if (!signing) return;
    snprintf(scope, sizeof scope, "aws:amz:%s:%s", signing->region, signing->service);
    curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, scope);
    curl_easy_setopt(curl, CURLOPT_USERNAME, signing->access_key);
    curl_easy_setopt(curl, CURLOPT_PASSWORD, signing->secret_key);
}

static void set_options(struct sg_http *http, const struct sg_http_request *request,
                        struct curl_slist *headers) {
    CURL *curl = http->curl;
    curl_easy_reset(curl); /* keeps connections */
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)http->limits.connect_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)http->limits.answer_ms);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, http->limits.stopped ? 0L : 1L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, give_up);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, http);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "synthgen-hpc/" SG_VERSION);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, http);
    if (request->body) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_bytes);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    set_signing(curl, request->signing);
}

/* One try. *answered tells whether a whole answer came; *asked_ms is what Retry-After wants. */
static enum sg_code try_once(struct sg_http *http, const struct sg_http_request *request,
                             struct sg_http_reply *reply, CURLcode *result, uint64_t *asked_ms,
                             struct sg_error *err) {
    struct curl_slist *headers = NULL;
    http->body.used = 0;
    http->too_large = false;
    *asked_ms = 0;
    if (!make_headers(request, &headers) || sg_buffer_reserve(&http->body, 1, err) != SG_OK) {
        curl_slist_free_all(headers);
        return sg_fail(err, SG_SYSTEM, "no memory for an HTTP request");
    }
    set_options(http, request, headers);
    *result = curl_easy_perform(http->curl);
    curl_slist_free_all(headers);
    if (*result != CURLE_OK) return SG_OK;
    curl_off_t wait_s = 0;
    curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &reply->status);
    curl_easy_getinfo(http->curl, CURLINFO_RETRY_AFTER, &wait_s);
    *asked_ms = wait_s > 0 ? (uint64_t)wait_s * 1000 : 0;
    free(reply->body);
    reply->body_bytes = http->body.used;
    reply->body = malloc(http->body.used + 1);
    if (!reply->body) return sg_fail(err, SG_SYSTEM, "no memory for an HTTP reply");
    memcpy(reply->body, http->body.bytes, http->body.used);
    reply->body[http->body.used] = '\0';
    return SG_OK;
}

/* Half of the wait is fixed, half is random, so that clients that failed together do not return together. */
static uint64_t wait_of(const struct sg_http_limits *limits, uint32_t tries, uint64_t asked_ms) {
    uint64_t wait = limits->wait_ms;
    uint32_t random = 0;
    for (uint32_t i = 1; i < tries && wait < limits->wait_max_ms; i++)
        wait *= 2;
    if (wait > limits->wait_max_ms) wait = limits->wait_max_ms;
    if (getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random) random = 0;
    wait = wait / 2 + (wait - wait / 2) * (uint64_t)random / UINT32_MAX;
    return asked_ms > wait ? asked_ms : wait;
}

static enum sg_code pause_for(const struct sg_http *http, uint64_t wait_ms, struct sg_error *err) {
    while (true) {
        if (http->limits.stopped && http->limits.stopped())
            return sg_fail(err, SG_STOPPED, "stopped on request while waiting for a server");
        if (wait_ms == 0) return SG_OK;
        uint64_t now = wait_ms < LOOK_MS ? wait_ms : LOOK_MS;
        nanosleep(&(struct timespec){.tv_nsec = (long)now * 1000000}, NULL);
        wait_ms -= now;
    }
}

/* Failures that another try cannot mend: the address or this machine's set-up is wrong. */
static bool hopeless(CURLcode result) {
    return result == CURLE_URL_MALFORMAT || result == CURLE_UNSUPPORTED_PROTOCOL ||
           result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE;
}

static enum sg_code fail_unanswered(const struct sg_http *http, const struct sg_http_request *request,
                                    CURLcode result, uint32_t tries, struct sg_error *err) {
    char address[ADDRESS_BYTES], times[32] = "";
    if (tries > 1) snprintf(times, sizeof times, " in %" PRIu32 " tries", tries);
    sg_http_address(request->url, address, sizeof address);
    if (http->too_large)
        return sg_fail(err, SG_PROTOCOL, "%s answers with more than %d bytes", address, BODY_BYTES_MAX);
    return sg_fail(err, SG_UNAVAILABLE, "%s gave no answer%s: %s", address, times,
                   curl_easy_strerror(result));
}

/* A server that never answered is perhaps none: whoever waits hears of it sooner. */
static uint32_t tries_of(const struct sg_http *http) {
    const struct sg_http_limits *limits = &http->limits;
    return !http->answered && limits->tries_first ? limits->tries_first : limits->tries;
}

enum sg_code sg_http_send(struct sg_http *http, const struct sg_http_request *request,
                          struct sg_http_reply *reply, struct sg_error *err) {
    *reply = (struct sg_http_reply){0};
    for (uint32_t tries = 1;; tries++) {
        CURLcode result = CURLE_OK;
        uint64_t asked_ms = 0;
        SG_TRY(try_once(http, request, reply, &result, &asked_ms, err));
        reply->tries = tries;
        bool answered = result == CURLE_OK;
        http->answered |= answered;
        bool last = tries >= tries_of(http);
        bool busy = answered && (reply->status == STATUS_BUSY || reply->status >= STATUS_FAULT ||
                                 (request->again && request->again(reply)));
        if (answered && (!busy || last || asked_ms > http->limits.wait_max_ms)) return SG_OK;
        bool stopped = result == CURLE_ABORTED_BY_CALLBACK; /* which pause_for tells */
        if (!answered && !stopped && (last || http->too_large || hopeless(result)))
            return fail_unanswered(http, request, result, tries, err);
        SG_TRY(pause_for(http, wait_of(&http->limits, tries, asked_ms), err));
    }
}
