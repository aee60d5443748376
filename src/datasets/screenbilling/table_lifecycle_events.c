/* lifecycle_events: what happened to subscriptions after each renewal, at most one a month and customer. */
#include "datasets/screenbilling/screenbilling.h"

enum {
    CUSTOMER_ID,
    MONTH,
    SUBSCRIPTION_ID,
    EVENT,
    PLAN_BEFORE,
    PLAN_AFTER,
    SCREENS_BEFORE,
    SCREENS_AFTER,
    MRR_BEFORE_CENTS,
    MRR_AFTER_CENTS,
    OCCURRED_AT,
    COLUMNS
};

static const struct sg_enum kinds = {
    "lifecycle_event", (const char *const[]){"upgrade", "downgrade", "cancellation", "past_due"},
    SB_EVENT_COUNT};

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [CUSTOMER_ID] = {.name = "customer_id", .type = SG_TOKEN, .token = &sb_token_customer, .origin = {0, 0, "parent's"}, .note = "The customer"},
    [MONTH] = {.name = "month", .type = SG_TEXT, .length_max = 7, .origin = {0, 0, "quotas by kind and month over permutations"}, .note = "YYYY-MM"},
    [SUBSCRIPTION_ID] = {.name = "subscription_id", .type = SG_TOKEN, .token = &sb_token_subscription, .origin = {0, 0, "parent's"}, .note = "The subscription"},
    [EVENT] = {.name = "event", .type = SG_ENUM, .labels = &kinds, .origin = {0, 0, "quotas by kind and month over permutations"}, .note = "upgrade, downgrade, cancellation or past_due"},
    [PLAN_BEFORE] = {.name = "plan_before", .type = SG_ENUM, .labels = &sb_enum_plan, .origin = {0, 0, "state before"}, .note = "Plan before"},
    [PLAN_AFTER] = {.name = "plan_after", .type = SG_ENUM, .labels = &sb_enum_plan, .nullable = true, .origin = {SB_STREAM_EVENT, 0, "weights 60/25/10/5 by distance"}, .note = "Plan after; none when cancelled"},
    [SCREENS_BEFORE] = {.name = "screens_before", .type = SG_I32, .origin = {0, 0, "state before"}, .note = "Screens before"},
    [SCREENS_AFTER] = {.name = "screens_after", .type = SG_I32, .origin = {SB_STREAM_EVENT, 1, "2 to 10 more, or within the new plan; 0 when cancelled"}, .note = "Screens after"},
    [MRR_BEFORE_CENTS] = {.name = "mrr_before_cents", .type = SG_I64, .origin = {0, 0, "price x screens"}, .note = "Monthly revenue before"},
    [MRR_AFTER_CENTS] = {.name = "mrr_after_cents", .type = SG_I64, .origin = {0, 0, "price x screens"}, .note = "Monthly revenue after"},
    [OCCURRED_AT] = {.name = "occurred_at", .type = SG_TIMESTAMP, .origin = {0, 0, "start of the month"}, .note = "When it happened"},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"customer_id", "customers", "id", SG_CASCADE},
    {"subscription_id", "subscriptions", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_PARENT_EQ,
     .name = "event_customer_is_subscriptions",
     .a = "customer_id",
     .b = "customer_id",
     .via = "subscription_id"},
    {.kind = SG_RULE_COUNT_EQ, .name = "events_per_customer", .b = "event_count", .via = "customer_id"},
    {.kind = SG_RULE_RANGE, .name = "event_screens_before", .a = "screens_before", .low = 1, .high = 120},
    {.kind = SG_RULE_RANGE, .name = "event_screens_after", .a = "screens_after", .low = 0, .high = 120},
    {.kind = SG_RULE_IN,
     .name = "upgrade_not_from_the_top",
     .a = "plan_before",
     .b = "free|standard|pro_plus|engage",
     .when = "event",
     .is = "upgrade"},
    {.kind = SG_RULE_IN,
     .name = "downgrade_of_a_paying_plan",
     .a = "plan_before",
     .b = "standard|pro_plus|engage|enterprise",
     .when = "event",
     .is = "downgrade|past_due"},
    {.kind = SG_RULE_LE,
     .name = "upgrade_never_to_a_lower_plan",
     .a = "plan_before",
     .b = "plan_after",
     .when = "event",
     .is = "upgrade"},
    {.kind = SG_RULE_LT,
     .name = "downgrade_to_a_lower_plan",
     .a = "plan_after",
     .b = "plan_before",
     .when = "event",
     .is = "downgrade"},
    {.kind = SG_RULE_LE,
     .name = "upgrade_keeps_screens",
     .a = "screens_before",
     .b = "screens_after",
     .when = "event",
     .is = "upgrade"},
    {.kind = SG_RULE_LE,
     .name = "upgrade_not_cheaper",
     .a = "mrr_before_cents",
     .b = "mrr_after_cents",
     .when = "event",
     .is = "upgrade"},
    {.kind = SG_RULE_LT,
     .name = "downgrade_cheaper",
     .a = "mrr_after_cents",
     .b = "mrr_before_cents",
     .when = "event",
     .is = "downgrade"},
    {.kind = SG_RULE_LE,
     .name = "downgrade_adds_no_screens",
     .a = "screens_after",
     .b = "screens_before",
     .when = "event",
     .is = "downgrade"},
    {.kind = SG_RULE_NULL,
     .name = "cancellation_leaves_no_plan",
     .a = "plan_after",
     .when = "event",
     .is = "cancellation"},
    {.kind = SG_RULE_RANGE,
     .name = "cancellation_leaves_no_revenue",
     .a = "mrr_after_cents",
     .when = "event",
     .is = "cancellation"},
    {.kind = SG_RULE_NOT_NULL,
     .name = "others_keep_a_plan",
     .a = "plan_after",
     .when = "event",
     .is = "upgrade|downgrade|past_due"},
    {.kind = SG_RULE_LINEAR,
     .name = "past_due_changes_no_revenue",
     .a = "mrr_after_cents",
     .b = "mrr_after_cents - mrr_before_cents",
     .when = "event",
     .is = "past_due"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "event_after_creation",
     .a = "occurred_at",
     .b = "created",
     .via = "customer_id"},
    {.kind = SG_RULE_PAST, .name = "event_in_the_past", .a = "occurred_at"},
};

static void fill(const struct sg_world *world, const struct sb_life *life, const struct sb_change *change,
                 struct sg_emitter *e) {
    const struct sb_state *before = &life->months[change->month - 1], *after = &life->months[change->month];
    bool ended = change->event == SB_CANCELLATION;
    sg_set_token(e, CUSTOMER_ID, sb_token_key(world, SB_CUSTOMERS, life->number));
    sg_set_text(e, MONTH, world->month_text[change->month], 7);
    sg_set_token(e, SUBSCRIPTION_ID, sb_token_key(world, SB_SUBSCRIPTIONS, life->number));
    sg_set_enum(e, EVENT, change->event);
    sg_set_enum(e, PLAN_BEFORE, before->plan);
    if (ended)
        sg_set_null(e, PLAN_AFTER);
    else
        sg_set_enum(e, PLAN_AFTER, after->plan);
    sg_set_i32(e, SCREENS_BEFORE, before->screens);
    sg_set_i32(e, SCREENS_AFTER, ended ? 0 : after->screens);
    sg_set_i64(e, MRR_BEFORE_CENTS, sb_mrr(before));
    sg_set_i64(e, MRR_AFTER_CENTS, ended ? 0 : sb_mrr(after));
    sg_set_i64(e, OCCURRED_AT, sb_month_start(world, change->month));
}

static enum sg_code rows(const struct sg_world *world, const struct sb_life *life, uint64_t invoice_first,
                         struct sg_emitter *e, struct sg_error *err) {
    (void)invoice_first;
    for (int k = 0; k < life->change_count; k++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        fill(world, life, &life->changes[k], e);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

static uint64_t events_before(const struct sg_world *world, uint64_t unit) {
    return sb_counted_before(world, SB_FIELD_EVENTS, unit);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return sb_each_life(world, unit_first, unit_end, rows, e, err);
}

const struct sb_table_logic sb_table_lifecycle_events = {
    .declaration = {.name = "lifecycle_events",
                    .domain = SB_CUSTOMER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"customer_id", "month"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    .row_text_bytes = 140,
                    .text_bytes_max = 8,
                    .note = "What happened to subscriptions, at most one event a month and customer"},
    .rows_before = events_before,
    .generate = generate,
};
