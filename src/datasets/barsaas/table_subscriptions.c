/* subscriptions: the history of each account's plan; rows of an account follow each other without a gap. */
#include "base/calendar.h"
#include "datasets/barsaas/billing.h"
#include "datasets/barsaas/core.h"
#include "datasets/barsaas/labels.h"
#include "datasets/barsaas/tables.h"

enum column {
    ID,
    ACCOUNT_ID,
    PLAN,
    STATUS,
    CYCLE,
    START_DATE,
    END_DATE,
    MRR,
    CYCLE_PRICE,
    STARTED_AT,
    ENDED_AT,
    CREATED_AT,
    UPDATED_AT,
    COLUMN_COUNT
};

static const struct sg_column columns[COLUMN_COUNT] = {
    [ID] = {.name = "id",
            .type = SG_I32,
            .origin = {0, 0, "key"},
            .note = "Dense from 1, by account and time."},
    [ACCOUNT_ID] = {.name = "account_id",
                    .type = SG_I32,
                    .origin = {0, 0, "the account's number"},
                    .note = "The account."},
    [PLAN] = {.name = "plan_name",
              .type = SG_ENUM,
              .labels = &bs_tier_labels,
              .origin = {0, 0, "the account's tier; one tier apart before a plan change"},
              .note = "Plan."},
    [STATUS] = {.name = "status",
                .type = SG_ENUM,
                .labels = &bs_subscription_status_labels,
                .origin = {0, 0, "quotas of trials, plan changes and losses"},
                .note = "active, trial, pending: current; converted, superseded: the next row continues; "
                        "expired, churned: the account is lost."},
    [CYCLE] = {.name = "billing_cycle",
               .type = SG_ENUM,
               .labels = &bs_cycle_labels,
               .origin = {0, 0, "15 % annual where the plan never changed"},
               .note = "Length of a billing period."},
    [START_DATE] = {.name = "start_date",
                    .type = SG_DATE,
                    .origin = {0, 0, "day of started_at"},
                    .note = "First day."},
    [END_DATE] = {.name = "end_date",
                  .type = SG_DATE,
                  .nullable = true,
                  .origin = {0, 0, "day of ended_at"},
                  .note = "Day on which it ended; NULL while current."},
    [MRR] = {.name = "mrr",
             .type = SG_DECIMAL,
             .precision = 10,
             .scale = 2,
             .origin = {0, 0, "sum of its items; annual prices / 12"},
             .note = "Monthly recurring revenue in dollars; of a trial, what it would bring."},
    [CYCLE_PRICE] = {.name = "cycle_price",
                     .type = SG_DECIMAL,
                     .precision = 10,
                     .scale = 2,
                     .origin = {0, 0, "sum of its items' unit amounts x quantities"},
                     .note = "Price of one billing period in dollars."},
    [STARTED_AT] = {.name = "started_at",
                    .type = SG_TIMESTAMP,
                    .origin = {0, 0, "the account's creation, or the end of the row before"},
                    .note = "Start."},
    [ENDED_AT] = {.name = "ended_at",
                  .type = SG_TIMESTAMP,
                  .nullable = true,
                  .origin = {0, 0, "trial end, plan change at a billing date, or loss"},
                  .note = "First instant not covered; NULL while current."},
    [CREATED_AT] = {.name = "created_at",
                    .type = SG_TIMESTAMP,
                    .origin = {0, 0, "started_at"},
                    .note = "Creation of the record."},
    [UPDATED_AT] = {.name = "updated_at",
                    .type = SG_TIMESTAMP,
                    .origin = {0, 0, "start of the latest billing period, or ended_at"},
                    .note = "Last change of the record."},
};

static const struct sg_foreign_key foreign_keys[] = {{"account_id", "accounts", "id", SG_CASCADE}};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "subscription_ids_dense", .a = "id"},
    {.kind = SG_RULE_NEXT_EQ,
     .name = "subscription_without_gap_or_overlap",
     .a = "started_at",
     .b = "ended_at",
     .via = "account_id"},
    {.kind = SG_RULE_LAST_EQ,
     .name = "subscription_last_mrr_is_accounts",
     .a = "mrr",
     .b = "mrr",
     .via = "account_id"},
    {.kind = SG_RULE_LAST_EQ,
     .name = "subscription_last_ends_with_account",
     .a = "ended_at",
     .b = "ended_at",
     .via = "account_id"},
    {.kind = SG_RULE_RANGE,
     .name = "subscription_mrr_of_basic",
     .a = "mrr",
     .low = 29900,
     .high = 99900,
     .when = "plan_name",
     .is = "Basic"},
    {.kind = SG_RULE_RANGE,
     .name = "subscription_mrr_of_pro",
     .a = "mrr",
     .low = 99900,
     .high = 299900,
     .when = "plan_name",
     .is = "Pro"},
    {.kind = SG_RULE_RANGE,
     .name = "subscription_mrr_of_enterprise",
     .a = "mrr",
     .low = 299900,
     .high = 999900,
     .when = "plan_name",
     .is = "Enterprise"},
    {.kind = SG_RULE_NULL,
     .name = "subscription_current_has_no_end",
     .a = "ended_at",
     .when = "status",
     .is = "active|trial|pending"},
    {.kind = SG_RULE_NOT_NULL,
     .name = "subscription_past_has_end",
     .a = "ended_at",
     .when = "status",
     .is = "converted|expired|superseded|churned"},
    {.kind = SG_RULE_LE, .name = "subscription_mrr_within_cycle_price", .a = "mrr", .b = "cycle_price"},
    {.kind = SG_RULE_LE, .name = "subscription_dates_ordered", .a = "start_date", .b = "end_date"},
    {.kind = SG_RULE_LT, .name = "subscription_times_ordered", .a = "started_at", .b = "ended_at"},
    {.kind = SG_RULE_LE, .name = "subscription_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "subscription_started_in_past", .a = "started_at"},
    {.kind = SG_RULE_PAST, .name = "subscription_ended_in_past", .a = "ended_at"},
    {.kind = SG_RULE_PAST, .name = "subscription_updated_in_past", .a = "updated_at"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "subscription_not_before_account",
     .a = "started_at",
     .b = "created_at",
     .via = "account_id"},
    {.kind = SG_RULE_PARENT_LE,
     .name = "subscription_not_after_account",
     .a = "ended_at",
     .b = "ended_at",
     .via = "account_id"},
};

static const struct sg_index indexes[] = {{"subscriptions_account", "account_id", false, false}};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return bs_children_before(world, unit, BS_AT_SUBS);
}

static void fill(const struct bs_account *a, unsigned s, struct sg_emitter *e) {
    const struct bs_subscription *sub = &a->subs[s];
    int64_t updated = sub->end;
    bool current = sub->status <= BS_SUB_PENDING;
    if (current) updated = bs_period_start(sub, sub->periods_paid ? sub->periods_paid - 1 : 0);
    sg_set_i32(e, ID, (int32_t)(a->sub_first + s + 1));
    sg_set_i32(e, ACCOUNT_ID, (int32_t)(a->number + 1));
    sg_set_enum(e, PLAN, sub->tier);
    sg_set_enum(e, STATUS, sub->status);
    sg_set_enum(e, CYCLE, sub->annual);
    sg_set_date(e, START_DATE, sg_day_of(sub->start));
    sg_set_date(e, END_DATE, sg_day_of(sub->end));
    sg_set_i64(e, MRR, sub->mrr_cents);
    sg_set_i64(e, CYCLE_PRICE, sub->period_cents);
    sg_set_i64(e, STARTED_AT, sub->start);
    sg_set_i64(e, ENDED_AT, sub->end);
    sg_set_i64(e, CREATED_AT, sub->start);
    sg_set_i64(e, UPDATED_AT, updated);
    if (!current) return;
    sg_set_null(e, END_DATE);
    sg_set_null(e, ENDED_AT);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct bs_account account;
    size_t room;
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        bs_account_get(world, unit, &account);
        for (unsigned s = 0; s < account.sub_count; s++) {
            SG_TRY(sg_emitter_room(e, &room, err));
            fill(&account, s, e);
            sg_emitter_advance(e, 1);
        }
    }
    return SG_OK;
}

const struct bs_table_logic bs_table_subscriptions = {
    .declaration = {.name = "subscriptions",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = COLUMN_COUNT,
                    .key = {"id"},
                    .foreign_keys = foreign_keys,
                    .foreign_key_count = 1,
                    SG_ARRAY(rules, rule_count, rules),
                    .indexes = indexes,
                    .index_count = 1,
                    .row_text_bytes = 160,
                    .note = "Subscription history: trial, plan changes, the current or last plan."},
    .rows_before = rows_before,
    .generate = generate,
};
