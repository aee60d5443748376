/* What a live run makes and changes in Stripe: products, prices, clocks, customers, subscriptions, events. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "datasets/screenbilling/live.h"

enum { GENERATIONS_MAX = 1000 };

static const char good_card[] = "pm_card_visa";
/* Attaches to a customer, then declines when charged: 4000 0000 0000 0341. */
static const char failing_card[] = "pm_card_chargeCustomerFail";

/* Products have fixed ids and prices fixed lookup keys: they are made once and found from then on. */
static enum sg_code make_product(struct sb_play *play, int plan, struct sg_error *err) {
    const struct sb_plan_info *info = &sb_plans[plan];
    struct sb_call call;
    char id[SB_ID_BYTES];
    sb_call_begin(&call, "POST", "/v1/products");
    snprintf(id, sizeof id, "synthgen_screenbilling_%s", info->key);
    sb_form_add(&call.form, "id", id);
    sb_form_add(&call.form, "name", info->name);
    sb_form_add(&call.form, "description", info->description);
    sb_form_add(&call.form, "metadata[tier]", info->key);
    struct sg_json_view *view;
    long status;
    call.allowed[0] = SB_STATUS_BAD;
    SG_TRY(sb_stripe_call(play->stripe, 0, &call, &view, &status, err));
    const char *code = sg_json_view_text(view, "error.code");
    bool there = code && strcmp(code, "resource_already_exists") == 0;
    sg_json_view_close(view);
    if (status != SB_STATUS_BAD || there) return SG_OK;
    return sg_fail(err, SG_PROTOCOL, "Stripe refuses to make product %s", id);
}

static enum sg_code find_price(struct sb_play *play, int plan, struct sg_error *err) {
    struct sb_call call;
    struct sg_json_view *view;
    int64_t amount = -1;
    sb_call_begin(&call, "GET", "/v1/prices?active=true&limit=1&lookup_keys[]=synthgen_screenbilling_%s",
                  sb_plans[plan].key);
    SG_TRY(sb_stripe_call(play->stripe, 0, &call, &view, NULL, err));
    if (sg_json_view_i64(view, "data.0.unit_amount", &amount) && amount == sb_plans[plan].cents)
        sb_stripe_id(sg_json_view_text(view, "data.0.id"), play->prices[plan]);
    sg_json_view_close(view);
    return SG_OK;
}

static enum sg_code make_price(struct sb_play *play, int plan, struct sg_error *err) {
    struct sb_call call;
    char name[SB_ID_BYTES];
    snprintf(name, sizeof name, "synthgen_screenbilling_%s", sb_plans[plan].key);
    sb_call_begin(&call, "POST", "/v1/prices");
    sb_form_add(&call.form, "product", name);
    sb_form_add(&call.form, "currency", "usd");
    sb_form_add_i64(&call.form, "unit_amount", sb_plans[plan].cents);
    sb_form_add(&call.form, "recurring[interval]", "month");
    sb_form_add(&call.form, "lookup_key", name);
    sb_form_add(&call.form, "transfer_lookup_key", "true");
    sb_play_key(play, &call, "price", (uint64_t)plan);
    return sb_play_create(play, 0, &call, play->prices[plan], err);
}

enum sg_code sb_live_prices(struct sb_play *play, struct sg_error *err) {
    for (int plan = 0; plan < SB_PLAN_COUNT; plan++) {
        SG_TRY(find_price(play, plan, err));
        if (play->prices[plan][0]) continue;
        SG_TRY(make_product(play, plan, err));
        SG_TRY(make_price(play, plan, err));
    }
    return SG_OK;
}

static enum sg_code make_clock(struct sb_play *play, int worker, uint64_t clock, struct sg_error *err) {
    struct sb_call call;
    char name[96];
    snprintf(name, sizeof name, SB_CLOCK_NAME " %016" PRIx64 " %" PRIu32 " clock %" PRIu64, play->run,
             play->generation, clock + 1);
    sb_call_begin(&call, "POST", "/v1/test_helpers/test_clocks");
    sb_form_add_i64(&call.form, "frozen_time", sb_month_start(play->world, 0));
    sb_form_add(&call.form, "name", name);
    sb_play_key(play, &call, "clock", clock);
    return sb_play_create(play, worker, &call, play->clocks[clock], err);
}

static enum sg_code make_customer(struct sb_play *play, int worker, const struct sb_life *life,
                                  struct sg_error *err) {
    char name[SB_NAME_BYTES], email[SB_EMAIL_BYTES];
    const struct sb_state *begin = &life->months[0];
    struct sb_call call;
    sb_customer_name(play->world, life->number, name);
    sb_customer_email(play->world, life->number, email);
    sb_call_begin(&call, "POST", "/v1/customers");
    sb_form_add(&call.form, "name", name);
    sb_form_add(&call.form, "email", email);
    sb_form_add(&call.form, "test_clock", play->clocks[life->number / SB_CLOCK_CUSTOMERS]);
    sb_form_add(&call.form, "payment_method", good_card);
    sb_form_add(&call.form, "invoice_settings[default_payment_method]", good_card);
    sb_form_add(&call.form, "metadata[plan]", sb_plans[begin->plan].key);
    sb_form_add_i64(&call.form, "metadata[screens]", begin->screens);
    sb_play_key(play, &call, "customer", life->number);
    return sb_play_create(play, worker, &call, play->subscribers[life->number].customer, err);
}

static enum sg_code make_subscription(struct sb_play *play, int worker, const struct sb_life *life,
                                      struct sg_error *err) {
    struct sb_subscriber *subscriber = &play->subscribers[life->number];
    const struct sb_state *begin = &life->months[0];
    struct sb_call call;
    struct sg_json_view *view;
    sb_call_begin(&call, "POST", "/v1/subscriptions");
    sb_form_add(&call.form, "customer", subscriber->customer);
    sb_form_add(&call.form, "items[0][price]", play->prices[begin->plan]);
    sb_form_add_i64(&call.form, "items[0][quantity]", begin->screens);
    sb_form_add(&call.form, "proration_behavior", "none");
    sb_form_add(&call.form, "metadata[initial_plan]", sb_plans[begin->plan].key);
    sb_form_add_i64(&call.form, "metadata[initial_screens]", begin->screens);
    sb_play_key(play, &call, "subscription", life->number);
    SG_TRY(sb_stripe_call(play->stripe, worker, &call, &view, NULL, err));
    bool fine = sb_stripe_id(sg_json_view_text(view, "id"), subscriber->subscription) &&
                sb_stripe_id(sg_json_view_text(view, "items.data.0.id"), subscriber->item);
    sg_json_view_close(view);
    return fine ? SG_OK : sg_fail(err, SG_PROTOCOL, "Stripe made a subscription without id or item");
}

/* A clock with its customers, one after the other. */
static enum sg_code subscribe(void *context, int worker, uint64_t clock, struct sg_error *err) {
    struct sb_play *play = context;
    if (!play->clocks[clock][0]) SG_TRY(make_clock(play, worker, clock, err));
    for (uint64_t k = 0; k < SB_CLOCK_CUSTOMERS; k++) {
        uint64_t number = clock * SB_CLOCK_CUSTOMERS + k;
        if (number >= play->world->customers) break;
        struct sb_life life;
        sb_life_get(play->world, number, &life);
        SG_TRY(make_customer(play, worker, &life, err));
        SG_TRY(make_subscription(play, worker, &life, err));
    }
    return SG_OK;
}

/* Stripe repeats the answer of a key even when the clock has been deleted since: then the generation is used
 * up. */
static enum sg_code settle_generation(struct sb_play *play, struct sg_error *err) {
    for (; play->generation < GENERATIONS_MAX; play->generation++) {
        struct sb_call call;
        long status;
        SG_TRY(make_clock(play, 0, 0, err));
        sb_call_begin(&call, "GET", "/v1/test_helpers/test_clocks/%s", play->clocks[0]);
        call.allowed[0] = SB_STATUS_NOT_FOUND;
        struct sg_json_view *view;
        int64_t deleted = 0;
        SG_TRY(sb_stripe_call(play->stripe, 0, &call, &view, &status, err));
        sg_json_view_i64(view, "deleted", &deleted);
        sg_json_view_close(view);
        if (status != SB_STATUS_NOT_FOUND && !deleted) return SG_OK;
    }
    return sg_fail(err, SG_PROTOCOL, "Stripe forgets every clock that it makes");
}

enum sg_code sb_live_subscribe(struct sb_play *play, struct sg_error *err) {
    SG_TRY(settle_generation(play, err));
    return sb_stripe_parallel(play->stripe, play->world->clocks, subscribe, play, err);
}

static enum sg_code change_plan(struct sb_play *play, int worker, const struct sb_life *life,
                                struct sg_error *err) {
    const struct sb_subscriber *subscriber = &play->subscribers[life->number];
    const struct sb_state *state = &life->months[play->month];
    struct sb_call call;
    sb_call_begin(&call, "POST", "/v1/subscriptions/%s", subscriber->subscription);
    sb_form_add(&call.form, "items[0][id]", subscriber->item);
    sb_form_add(&call.form, "items[0][price]", play->prices[state->plan]);
    sb_form_add_i64(&call.form, "items[0][quantity]", state->screens);
    sb_form_add(&call.form, "proration_behavior", "none");
    sb_play_key(play, &call, "change", life->number * SB_MONTHS + (uint64_t)play->month);
    return sb_stripe_call(play->stripe, worker, &call, NULL, NULL, err);
}

/* A repeated run finds it cancelled already: Stripe then knows no such subscription. */
static enum sg_code cancel(struct sb_play *play, int worker, const struct sb_life *life,
                           struct sg_error *err) {
    struct sb_call call;
    sb_call_begin(&call, "DELETE", "/v1/subscriptions/%s", play->subscribers[life->number].subscription);
    call.allowed[0] = SB_STATUS_NOT_FOUND;
    return sb_stripe_call(play->stripe, worker, &call, NULL, NULL, err);
}

static enum sg_code replace_card(struct sb_play *play, int worker, const struct sb_life *life,
                                 struct sg_error *err) {
    const struct sb_subscriber *subscriber = &play->subscribers[life->number];
    struct sb_call call;
    char card[SB_ID_BYTES];
    sb_call_begin(&call, "POST", "/v1/payment_methods/%s/attach", failing_card);
    sb_form_add(&call.form, "customer", subscriber->customer);
    sb_play_key(play, &call, "card", life->number);
    SG_TRY(sb_play_create(play, worker, &call, card, err));
    sb_call_begin(&call, "POST", "/v1/customers/%s", subscriber->customer);
    sb_form_add(&call.form, "invoice_settings[default_payment_method]", card);
    sb_play_key(play, &call, "default-card", life->number);
    return sb_stripe_call(play->stripe, worker, &call, NULL, NULL, err);
}

static enum sg_code play_month(void *context, int worker, uint64_t number, struct sg_error *err) {
    struct sb_play *play = context;
    struct sb_life life;
    sb_life_get(play->world, number, &life);
    for (int k = 0; k < life.change_count; k++) {
        if (life.changes[k].month != play->month) continue;
        switch ((enum sb_event)life.changes[k].event) {
        case SB_CANCELLATION:
            return cancel(play, worker, &life, err);
        case SB_PAST_DUE:
            return replace_card(play, worker, &life, err);
        default:
            return change_plan(play, worker, &life, err);
        }
    }
    return SG_OK;
}

enum sg_code sb_live_events(struct sb_play *play, struct sg_error *err) {
    return sb_stripe_parallel(play->stripe, play->world->customers, play_month, play, err);
}
