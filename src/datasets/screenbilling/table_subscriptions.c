/* subscriptions: one for each customer, as it stands at the end. */
#include "datasets/screenbilling/screenbilling.h"

enum {
    ID,
    CUSTOMER_ID,
    PRICE_ID,
    PLAN,
    SCREENS,
    STATUS,
    INITIAL_PLAN,
    INITIAL_SCREENS,
    MRR_CENTS,
    CREATED,
    CURRENT_PERIOD_START,
    CURRENT_PERIOD_END,
    CANCELED_AT,
    PAST_DUE_SINCE,
    COLUMNS
};

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_TOKEN, .token = &sb_token_subscription, .origin = {0, 0, "key"}, .note = "Stripe subscription id"},
    [CUSTOMER_ID] = {.name = "customer_id", .type = SG_TOKEN, .token = &sb_token_customer, .origin = {0, 0, "one each"}, .note = "The customer"},
    [PRICE_ID] = {.name = "price_id", .type = SG_TOKEN, .token = &sb_token_price, .origin = {0, 0, "current or last plan's"}, .note = "Price of its one item"},
    [PLAN] = {.name = "plan", .type = SG_ENUM, .labels = &sb_enum_plan, .origin = {0, 0, "after all events"}, .note = "Plan now, or at the cancellation"},
    [SCREENS] = {.name = "screens", .type = SG_I32, .origin = {0, 0, "after all events"}, .note = "Quantity of its one item"},
    [STATUS] = {.name = "status", .type = SG_ENUM, .labels = &sb_enum_status, .origin = {0, 0, "after all events"}, .note = "active, past_due or canceled"},
    [INITIAL_PLAN] = {.name = "initial_plan", .type = SG_ENUM, .labels = &sb_enum_plan, .origin = {0, 0, "customer's"}, .note = "metadata.initial_plan"},
    [INITIAL_SCREENS] = {.name = "initial_screens", .type = SG_I32, .origin = {0, 0, "customer's"}, .note = "metadata.initial_screens"},
    [MRR_CENTS] = {.name = "mrr_cents", .type = SG_I64, .origin = {0, 0, "price x screens, 0 when canceled"}, .note = "Monthly revenue at the end"},
    [CREATED] = {.name = "created", .type = SG_TIMESTAMP, .origin = {0, 0, "start of month 0"}, .note = "When it began"},
    [CURRENT_PERIOD_START] = {.name = "current_period_start", .type = SG_TIMESTAMP, .origin = {0, 0, "start of the last month begun"}, .note = "Start of the running or last period"},
    [CURRENT_PERIOD_END] = {.name = "current_period_end", .type = SG_TIMESTAMP, .origin = {0, 0, "a month later"}, .note = "End of that period, a plan while it runs"},
    [CANCELED_AT] = {.name = "canceled_at", .type = SG_TIMESTAMP, .nullable = true, .origin = {0, 0, "start of the month of the cancellation"}, .note = "When it was cancelled"},
    [PAST_DUE_SINCE] = {.name = "past_due_since", .type = SG_TIMESTAMP, .nullable = true, .origin = {0, 0, "start of the month in which the card was replaced"}, .note = "Since when charges fail"},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"customer_id", "customers", "id", SG_CASCADE},
    {"price_id", "prices", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_UNIQUE, .name = "subscription_customer_unique", .a = "customer_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "subscription_plan_is_prices",
     .a = "plan",
     .b = "plan",
     .via = "price_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "subscription_initial_plan_is_customers",
     .a = "initial_plan",
     .b = "plan",
     .via = "customer_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "subscription_initial_screens_is_customers",
     .a = "initial_screens",
     .b = "screens",
     .via = "customer_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "subscription_created_with_customer",
     .a = "created",
     .b = "created",
     .via = "customer_id"},
    {.kind = SG_RULE_NOT_NULL,
     .name = "subscription_cancelled_has_time",
     .a = "canceled_at",
     .when = "status",
     .is = "canceled"},
    {.kind = SG_RULE_NULL,
     .name = "subscription_others_go_on",
     .a = "canceled_at",
     .when = "status",
     .is = "active|past_due"},
    {.kind = SG_RULE_NOT_NULL,
     .name = "subscription_past_due_has_time",
     .a = "past_due_since",
     .when = "status",
     .is = "past_due"},
    {.kind = SG_RULE_NULL,
     .name = "subscription_active_is_not_due",
     .a = "past_due_since",
     .when = "status",
     .is = "active"},
    {.kind = SG_RULE_RANGE,
     .name = "subscription_cancelled_earns_nothing",
     .a = "mrr_cents",
     .when = "status",
     .is = "canceled"},
    {.kind = SG_RULE_RANGE, .name = "subscription_screens_positive", .a = "screens", .low = 1, .high = 120},
    {.kind = SG_RULE_LT, .name = "subscription_cancelled_after_creation", .a = "created", .b = "canceled_at"},
    {.kind = SG_RULE_LT,
     .name = "subscription_past_due_after_creation",
     .a = "created",
     .b = "past_due_since"},
    {.kind = SG_RULE_LT,
     .name = "subscription_cancelled_after_past_due",
     .a = "past_due_since",
     .b = "canceled_at"},
    {.kind = SG_RULE_LT,
     .name = "subscription_period_ordered",
     .a = "current_period_start",
     .b = "current_period_end"},
    {.kind = SG_RULE_PAST, .name = "subscription_cancelled_in_the_past", .a = "canceled_at"},
    {.kind = SG_RULE_PAST, .name = "subscription_created_in_the_past", .a = "created"},
};

static void fill(const struct sg_world *world, const struct sb_life *life, struct sg_emitter *e) {
    const struct sb_state *last = &life->months[SB_MONTHS - 1];
    bool ended = life->end != SB_NEVER;
    int period = (ended ? life->end : SB_MONTHS) - 1;
    sg_set_token(e, ID, sb_token_key(world, SB_SUBSCRIPTIONS, life->number));
    sg_set_token(e, CUSTOMER_ID, sb_token_key(world, SB_CUSTOMERS, life->number));
    sg_set_token(e, PRICE_ID, sb_token_key(world, SB_PRICES, last->plan));
    sg_set_enum(e, PLAN, last->plan);
    sg_set_i32(e, SCREENS, last->screens);
    sg_set_enum(e, STATUS, last->status);
    sg_set_enum(e, INITIAL_PLAN, life->months[0].plan);
    sg_set_i32(e, INITIAL_SCREENS, life->months[0].screens);
    sg_set_i64(e, MRR_CENTS, ended ? 0 : sb_mrr(last));
    sg_set_i64(e, CREATED, sb_month_start(world, 0));
    sg_set_i64(e, CURRENT_PERIOD_START, sb_month_start(world, period));
    sg_set_i64(e, CURRENT_PERIOD_END, sb_month_start(world, period + 1));
    sb_set_instant(e, CANCELED_AT, ended ? sb_month_start(world, life->end) : 0);
    sb_set_instant(e, PAST_DUE_SINCE, life->past_due != SB_NEVER ? sb_month_start(world, life->past_due) : 0);
}

static enum sg_code rows(const struct sg_world *world, const struct sb_life *life, uint64_t invoice_first,
                         struct sg_emitter *e, struct sg_error *err) {
    (void)invoice_first;
    size_t room;
    SG_TRY(sg_emitter_room(e, &room, err));
    fill(world, life, e);
    sg_emitter_advance(e, 1);
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return sb_each_life(world, unit_first, unit_end, rows, e, err);
}

const struct sb_table_logic sb_table_subscriptions = {
    .declaration = {.name = "subscriptions",
                    .domain = SB_CUSTOMER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    .row_text_bytes = 250,
                    .text_bytes_max = 0,
                    .note = "Stripe subscriptions: one for each customer, as it stands at the end"},
    .rows_before = sb_one_row_each,
    .generate = generate,
};
