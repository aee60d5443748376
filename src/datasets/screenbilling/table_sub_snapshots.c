/* sub_snapshots: every subscription that is not cancelled, after the events of each month. */
#include "datasets/screenbilling/screenbilling.h"

enum {
    MONTH,
    CUSTOMER_ID,
    SUBSCRIPTION_ID,
    PLAN,
    PRICE_ID,
    PRICE_AMOUNT,
    SCREENS,
    MRR_CENTS,
    STATUS,
    COLUMNS
};

static const struct sg_enum statuses = {"snapshot_status", (const char *const[]){"active", "past_due"}, 2};

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [MONTH] = {.name = "month", .type = SG_TEXT, .length_max = 7, .origin = {0, 0, "months 0 to 6"}, .note = "YYYY-MM"},
    [CUSTOMER_ID] = {.name = "customer_id", .type = SG_TOKEN, .token = &sb_token_customer, .origin = {0, 0, "parent's"}, .note = "The customer"},
    [SUBSCRIPTION_ID] = {.name = "subscription_id", .type = SG_TOKEN, .token = &sb_token_subscription, .origin = {0, 0, "parent's"}, .note = "The subscription"},
    [PLAN] = {.name = "plan", .type = SG_ENUM, .labels = &sb_enum_plan, .origin = {0, 0, "after the month's events"}, .note = "Key of the plan"},
    [PRICE_ID] = {.name = "price_id", .type = SG_TOKEN, .token = &sb_token_price, .origin = {0, 0, "plan's"}, .note = "The price"},
    [PRICE_AMOUNT] = {.name = "price_amount", .type = SG_I32, .origin = {0, 0, "price's"}, .note = "Cents per screen"},
    [SCREENS] = {.name = "screens", .type = SG_I32, .origin = {0, 0, "after the month's events"}, .note = "Screens"},
    [MRR_CENTS] = {.name = "mrr_cents", .type = SG_I64, .origin = {0, 0, "price_amount x screens"}, .note = "Monthly revenue"},
    [STATUS] = {.name = "status", .type = SG_ENUM, .labels = &statuses, .origin = {0, 0, "past_due from the month of the event on"}, .note = "active or past_due"},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"customer_id", "customers", "id", SG_CASCADE},
    {"subscription_id", "subscriptions", "id", SG_CASCADE},
    {"price_id", "prices", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_PARENT_EQ,
     .name = "snapshot_customer_is_subscriptions",
     .a = "customer_id",
     .b = "customer_id",
     .via = "subscription_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "snapshot_plan_is_prices",
     .a = "plan",
     .b = "plan",
     .via = "price_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "snapshot_price_amount_is_prices",
     .a = "price_amount",
     .b = "unit_amount",
     .via = "price_id"},
    {.kind = SG_RULE_COUNT_EQ, .name = "snapshots_per_customer", .b = "snapshot_count", .via = "customer_id"},
    {.kind = SG_RULE_LAST_EQ,
     .name = "snapshot_last_plan",
     .a = "plan",
     .b = "plan",
     .via = "subscription_id"},
    {.kind = SG_RULE_LAST_EQ,
     .name = "snapshot_last_screens",
     .a = "screens",
     .b = "screens",
     .via = "subscription_id"},
    {.kind = SG_RULE_LE, .name = "snapshot_price_at_most_mrr", .a = "price_amount", .b = "mrr_cents"},
    {.kind = SG_RULE_PRODUCT,
     .name = "snapshot_mrr_is_product",
     .a = "mrr_cents",
     .b = "price_amount * screens"},
    {.kind = SG_RULE_RANGE, .name = "snapshot_screens_positive", .a = "screens", .low = 1, .high = 120},
};

static void fill(const struct sg_world *world, const struct sb_life *life, int month, struct sg_emitter *e) {
    const struct sb_state *state = &life->months[month];
    sg_set_text(e, MONTH, world->month_text[month], 7);
    sg_set_token(e, CUSTOMER_ID, sb_token_key(world, SB_CUSTOMERS, life->number));
    sg_set_token(e, SUBSCRIPTION_ID, sb_token_key(world, SB_SUBSCRIPTIONS, life->number));
    sg_set_enum(e, PLAN, state->plan);
    sg_set_token(e, PRICE_ID, sb_token_key(world, SB_PRICES, state->plan));
    sg_set_i32(e, PRICE_AMOUNT, sb_plans[state->plan].cents);
    sg_set_i32(e, SCREENS, state->screens);
    sg_set_i64(e, MRR_CENTS, sb_mrr(state));
    sg_set_enum(e, STATUS, state->status);
}

static enum sg_code rows(const struct sg_world *world, const struct sb_life *life, uint64_t invoice_first,
                         struct sg_emitter *e, struct sg_error *err) {
    (void)invoice_first;
    for (int month = 0; month < life->end; month++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        fill(world, life, month, e);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return sb_each_life(world, unit_first, unit_end, rows, e, err);
}

const struct sb_table_logic sb_table_sub_snapshots = {
    .declaration = {.name = "sub_snapshots",
                    .domain = SB_CUSTOMER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"customer_id", "month"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    .row_text_bytes = 135,
                    .text_bytes_max = 8,
                    .note = "Every subscription not cancelled, after the events of each month: what revenue "
                            "is computed from"},
    .rows_before = sb_months_before,
    .generate = generate,
};
