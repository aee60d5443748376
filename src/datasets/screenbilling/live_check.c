/* Does Stripe hold what the plan says? */
#include <inttypes.h>
#include <string.h>

#include "datasets/screenbilling/live.h"

static enum sg_code get_subscription(const struct sb_play *play, int worker, uint64_t number,
                                     struct sg_json_view **view, const char **status, struct sg_error *err) {
    struct sb_call call;
    sb_call_begin(&call, "GET", "/v1/subscriptions/%s", play->subscribers[number].subscription);
    SG_TRY(sb_stripe_call(play->stripe, worker, &call, view, NULL, err));
    *status = sg_json_view_text(*view, "status");
    if (!*status) *status = "unknown";
    return SG_OK;
}

static bool is_late(const char *status) {
    return strcmp(status, "past_due") == 0 || strcmp(status, "unpaid") == 0;
}

/* A repeated run may find a later cancellation done already. */
static enum sg_code check_past_due(void *context, int worker, uint64_t number, struct sg_error *err) {
    struct sb_play *play = context;
    struct sb_life life;
    struct sg_json_view *view;
    const char *status;
    sb_life_get(play->world, number, &life);
    if (life.past_due + 1 != play->month) return SG_OK;
    SG_TRY(get_subscription(play, worker, number, &view, &status, err));
    bool fine = is_late(status) || (life.end != SB_NEVER && strcmp(status, "canceled") == 0);
    enum sg_code code =
        fine ? SG_OK
             : sg_fail(err, SG_INVALID,
                       "subscription %s is %s in Stripe in %s, where its card should have failed",
                       play->subscribers[number].subscription, status, play->world->month_text[play->month]);
    sg_json_view_close(view);
    return code;
}

enum sg_code sb_live_check_past_due(struct sb_play *play, struct sg_error *err) {
    return sb_stripe_parallel(play->stripe, play->world->customers, check_past_due, play, err);
}

/* Those whose card was replaced in the last month still look active: no charge has failed yet. */
static bool status_fits(const struct sb_life *life, const char *status) {
    if (life->end != SB_NEVER) return strcmp(status, "canceled") == 0;
    if (life->past_due < SB_MONTHS - 1) return is_late(status);
    return strcmp(status, "active") == 0 || life->past_due == SB_MONTHS - 1;
}

static enum sg_code check_end(void *context, int worker, uint64_t number, struct sg_error *err) {
    struct sb_play *play = context;
    struct sb_life life;
    struct sg_json_view *view;
    const char *status;
    int64_t screens = 0;
    sb_life_get(play->world, number, &life);
    const struct sb_state *last = &life.months[SB_MONTHS - 1];
    SG_TRY(get_subscription(play, worker, number, &view, &status, err));
    const char *price = sg_json_view_text(view, "items.data.0.price.id");
    sg_json_view_i64(view, "items.data.0.quantity", &screens);
    bool fine = status_fits(&life, status) && price && strcmp(price, play->prices[last->plan]) == 0 &&
                screens == last->screens;
    enum sg_code code =
        fine ? SG_OK
             : sg_fail(err, SG_INVALID,
                       "subscription %s is %s in Stripe with price %s and %" PRId64 " screens; the plan ends "
                       "with %s, price %s, %" PRId32 " screens",
                       play->subscribers[number].subscription, status, price ? price : "none", screens,
                       sb_enum_status.labels[last->status], play->prices[last->plan], last->screens);
    sg_json_view_close(view);
    return code;
}

enum sg_code sb_live_check_end(struct sb_play *play, struct sg_error *err) {
    return sb_stripe_parallel(play->stripe, play->world->customers, check_end, play, err);
}
