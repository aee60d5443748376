/* Calls and workers of the Stripe client. */
#include "datasets/screenbilling/stripe.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "io/http.h"

enum { SECRET_BYTES = 256, BASE_BYTES = 512, STATUS_CONFLICT = 409, TRIES_FIRST = 3 };

#define CONTINUES "run the same command again: it continues"

struct sb_stripe {
    char base[BASE_BYTES];
    char authorization[SECRET_BYTES + 32]; /* whole header line */
    const char *secret;                    /* the key in it */
    bool (*stopped)(void);
    struct sg_http *clients[SB_WORKERS];
    uint64_t next_ms[SB_WORKERS]; /* when each worker may send again */
};

static uint64_t now_ms(void) {
    return sg_clock_us() / 1000;
}

static enum sg_code read_secret(struct sb_stripe *stripe, struct sg_error *err) {
    static const char prefix[] = "sk_test_", header[] = "Authorization: Bearer ";
    const char *secret = getenv("STRIPE_SECRET_KEY");
    if (!secret || !secret[0])
        return sg_fail(err, SG_USAGE, "STRIPE_SECRET_KEY is not set: export a test-mode key (sk_test_...)");
    if (strncmp(secret, prefix, sizeof prefix - 1) != 0 || !secret[sizeof prefix - 1])
        return sg_fail(err, SG_USAGE,
                       "STRIPE_SECRET_KEY is not a test-mode key: only sk_test_... is accepted, nothing was "
                       "sent");
    size_t length = strlen(secret);
    if (length >= SECRET_BYTES || strspn(secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                                 "0123456789_") != length)
        return sg_fail(err, SG_USAGE,
                       "STRIPE_SECRET_KEY does not look like a key: letters, digits and _ only");
    memcpy(stripe->authorization, header, sizeof header - 1);
    memcpy(stripe->authorization + sizeof header - 1, secret, length + 1);
    stripe->secret = stripe->authorization + sizeof header - 1;
    return SG_OK;
}

static enum sg_code read_base(struct sb_stripe *stripe, struct sg_error *err) {
    const char *base = getenv("STRIPE_API_BASE");
    if (!base || !base[0]) base = "https://api.stripe.com";
    size_t length = strlen(base);
    while (length && base[length - 1] == '/')
        length--;
    bool web = strncmp(base, "http://", 7) == 0 || strncmp(base, "https://", 8) == 0;
    if (!web || length >= BASE_BYTES)
        return sg_fail(err, SG_USAGE, "STRIPE_API_BASE is not an http:// or https:// address");
    memcpy(stripe->base, base, length);
    return SG_OK;
}

enum sg_code sb_stripe_open(struct sb_stripe **out, bool (*stopped)(void), struct sg_error *err) {
    struct sb_stripe *stripe = *out = calloc(1, sizeof *stripe);
    if (!stripe) return sg_fail(err, SG_SYSTEM, "no memory for the Stripe client");
    SG_TRY(read_secret(stripe, err));
    SG_TRY(read_base(stripe, err));
    stripe->stopped = stopped;
    struct sg_http_limits limits = {.tries = 8,
                                    .wait_ms = 500,
                                    .wait_max_ms = 60000,
                                    .connect_ms = 10000,
                                    .answer_ms = 30000,
                                    .stopped = stopped};
    for (int i = 0; i < SB_WORKERS; i++) {
        limits.tries_first = i == 0 ? TRIES_FIRST : 0; /* worker 0 makes the first call of a run */
        SG_TRY(sg_http_open(&stripe->clients[i], &limits, err));
    }
    return SG_OK;
}

void sb_stripe_close(struct sb_stripe *stripe) {
    if (!stripe) return;
    for (int i = 0; i < SB_WORKERS; i++)
        sg_http_close(stripe->clients[i]);
    explicit_bzero(stripe, sizeof *stripe);
    free(stripe);
}

static void put(struct sb_form *form, char c) {
    if (form->length + 1 >= sizeof form->text)
        form->full = true;
    else
        form->text[form->length++] = c;
}

static void put_encoded(struct sb_form *form, const char *text) {
    static const char hex[] = "0123456789ABCDEF";
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (isalnum(c) || strchr("-._~[]", c)) {
            put(form, (char)c);
        } else {
            put(form, '%');
            put(form, hex[c >> 4]);
            put(form, hex[c & 15]);
        }
    }
}

void sb_form_add(struct sb_form *form, const char *name, const char *value) {
    if (form->length) put(form, '&');
    put_encoded(form, name);
    put(form, '=');
    put_encoded(form, value);
}

void sb_form_add_i64(struct sb_form *form, const char *name, int64_t value) {
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    sb_form_add(form, name, text);
}

void sb_call_begin(struct sb_call *call, const char *method, const char *path, ...) {
    *call = (struct sb_call){.method = method};
    va_list arguments;
    va_start(arguments, path);
    vsnprintf(call->path, sizeof call->path, path, arguments);
    va_end(arguments);
}

static enum sg_code wait_turn(struct sb_stripe *stripe, int worker, struct sg_error *err) {
    for (uint64_t now = now_ms(); now < stripe->next_ms[worker]; now = now_ms()) {
        if (stripe->stopped && stripe->stopped())
            return sg_fail(err, SG_STOPPED, "stopped on request; " CONTINUES);
        uint64_t left = stripe->next_ms[worker] - now, nap = left < 50 ? left : 50;
        nanosleep(&(struct timespec){.tv_nsec = (long)nap * 1000000}, NULL);
    }
    stripe->next_ms[worker] = now_ms() + SB_REQUEST_GAP_MS;
    return SG_OK;
}

bool sb_stripe_id(const char *text, char out[SB_STRIPE_ID_BYTES]) {
    static const char fine[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    size_t length = text ? strlen(text) : 0;
    if (!length || length >= SB_STRIPE_ID_BYTES || strspn(text, fine) != length) return false;
    memcpy(out, text, length + 1);
    return true;
}

/* A request with the same idempotency key is still being worked on. */
static bool in_use(const struct sg_http_reply *reply) {
    return reply->status == STATUS_CONFLICT;
}

/* What a refusal means; the first row that covers a status counts. */
static const struct meaning {
    long from, to;
    enum sg_code code;
    const char *advice;
} meanings[] = {
    {300, 399, SG_PROTOCOL,
     "; redirects are not followed: STRIPE_API_BASE must be the address of the API itself"},
    {401, 401, SG_DENIED, "; is STRIPE_SECRET_KEY still valid?"},
    {403, 403, SG_DENIED, "; may this STRIPE_SECRET_KEY do that?"},
    {STATUS_CONFLICT, STATUS_CONFLICT, SG_UNAVAILABLE,
     "; another run is perhaps at work on the same; when it has ended " CONTINUES},
    {429, 429, SG_UNAVAILABLE, "; Stripe wants fewer requests for now; later " CONTINUES},
    {500, 599, SG_UNAVAILABLE, "; " CONTINUES},
    {LONG_MIN, LONG_MAX, SG_PROTOCOL, ""},
};

static const struct meaning *meaning_of(long status) {
    const struct meaning *meaning = meanings;
    while (status < meaning->from || status > meaning->to)
        meaning++;
    return meaning;
}

/* Stripe's message without what must not be shown. */
static enum sg_code fail_call(const struct sb_stripe *stripe, const struct sb_call *call,
                              const struct sg_http_reply *reply, const struct sg_json_view *view,
                              struct sg_error *err) {
    const char *message = view ? sg_json_view_text(view, "error.message") : NULL;
    if (!view) message = "no JSON, so perhaps not Stripe's API (STRIPE_API_BASE)";
    if (!message || strstr(message, stripe->secret)) message = "no message";
    const struct meaning *meaning = meaning_of(reply->status);
    return sg_fail(err, meaning->code, "Stripe answers %ld to %s %s: %.300s%s", reply->status, call->method,
                   call->path, message, meaning->advice);
}

static enum sg_code judge(const struct sb_stripe *stripe, const struct sb_call *call,
                          const struct sg_http_reply *reply, struct sg_json_view **view,
                          struct sg_error *err) {
    bool fine = (reply->status >= 200 && reply->status < 300) ||
                (reply->status && (reply->status == call->allowed[0] || reply->status == call->allowed[1]));
    struct sg_error unread = {0};
    enum sg_code code = sg_json_view_open(view, reply->body, reply->body_bytes, "Stripe's answer", &unread);
    if (!fine) return fail_call(stripe, call, reply, *view, err);
    if (code == SG_OK) return SG_OK;
    return sg_fail(err, code, "%s %s: %.300s; is STRIPE_API_BASE Stripe's API?", call->method, call->path,
                   unread.text);
}

static enum sg_code advise(struct sg_error *err) {
    struct sg_error told = *err;
    *err = (struct sg_error){0};
    return sg_fail(err, told.code, "%s; check the network and STRIPE_API_BASE, then " CONTINUES, told.text);
}

enum sg_code sb_stripe_call(struct sb_stripe *stripe, int worker, const struct sb_call *call,
                            struct sg_json_view **out, long *status, struct sg_error *err) {
    char url[BASE_BYTES + SB_PATH_BYTES], idempotency[SB_KEY_BYTES + 32];
    const char *headers[5] = {stripe->authorization, "Stripe-Version: 2024-06-20"};
    if (out) *out = NULL;
    if (call->form.full) return sg_fail(err, SG_INTERNAL, "%s: the form is too long", call->path);
    SG_TRY(wait_turn(stripe, worker, err));
    snprintf(url, sizeof url, "%s%s", stripe->base, call->path);
    bool post = strcmp(call->method, "POST") == 0;
    if (post) headers[2] = "Content-Type: application/x-www-form-urlencoded";
    snprintf(idempotency, sizeof idempotency, "Idempotency-Key: %s", call->idempotency);
    if (post && call->idempotency[0]) headers[3] = idempotency;
    struct sg_http_request request = {.method = call->method,
                                      .url = url,
                                      .headers = headers,
                                      .body = post ? call->form.text : NULL,
                                      .body_bytes = call->form.length,
                                      .again = in_use};
    struct sg_http_reply reply;
    struct sg_json_view *view = NULL;
    enum sg_code code = sg_http_send(stripe->clients[worker], &request, &reply, err);
    if (code == SG_UNAVAILABLE) code = advise(err);
    if (code == SG_OK) code = judge(stripe, call, &reply, &view, err);
    if (status) *status = reply.status;
    sg_http_reply_free(&reply);
    if (code == SG_OK && out)
        *out = view;
    else
        sg_json_view_close(view);
    return code;
}

struct pool {
    struct sb_stripe *stripe;
    uint64_t count;
    sb_work_fn *work;
    void *context;
    atomic_uint_fast64_t next;
    atomic_bool failed;
    pthread_mutex_t lock;
    struct sg_error first;
};

struct hand {
    struct pool *pool;
    pthread_t thread;
    int worker;
};

static void note_failure(struct pool *pool, enum sg_code code, const struct sg_error *err) {
    pthread_mutex_lock(&pool->lock);
    if (!atomic_exchange(&pool->failed, true)) {
        pool->first = *err;
        pool->first.code = code;
    }
    pthread_mutex_unlock(&pool->lock);
}

static void *work_on(void *context) {
    struct hand *hand = context;
    struct pool *pool = hand->pool;
    while (!atomic_load(&pool->failed)) {
        uint64_t item = atomic_fetch_add(&pool->next, 1);
        if (item >= pool->count) break;
        struct sg_error err = {0};
        enum sg_code code = pool->stripe->stopped && pool->stripe->stopped()
                                ? sg_fail(&err, SG_STOPPED, "stopped on request; " CONTINUES)
                                : pool->work(pool->context, hand->worker, item, &err);
        if (code != SG_OK) note_failure(pool, code, &err);
    }
    return NULL;
}

enum sg_code sb_stripe_parallel(struct sb_stripe *stripe, uint64_t count, sb_work_fn *work, void *context,
                                struct sg_error *err) {
    struct pool pool = {.stripe = stripe, .count = count, .work = work, .context = context};
    struct hand hands[SB_WORKERS];
    int started = 0;
    pthread_mutex_init(&pool.lock, NULL);
    for (; started < SB_WORKERS && (uint64_t)started < count; started++) {
        hands[started] = (struct hand){.pool = &pool, .worker = started};
        if (pthread_create(&hands[started].thread, NULL, work_on, &hands[started]) != 0) break;
    }
    if (count && !started)
        note_failure(&pool, SG_SYSTEM, &(struct sg_error){.text = "cannot start a thread"});
    for (int i = 0; i < started; i++)
        pthread_join(hands[i].thread, NULL);
    pthread_mutex_destroy(&pool.lock);
    if (!atomic_load(&pool.failed)) return SG_OK;
    return sg_fail(err, pool.first.code, "%s", pool.first.text);
}
