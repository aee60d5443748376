/* stripe_subscriptions: the app's subscription rows as Stripe bills them. */
#include "base/calendar.h"
#include "datasets/barsaas/billing.h"

enum {
    C_ID,
    C_SUBSCRIPTION,
    C_ACCOUNT,
    C_CUSTOMER,
    C_STATUS,
    C_INTERVAL,
    C_PERIOD_AMOUNT,
    C_ITEM_COUNT,
    C_INVOICE_COUNT,
    C_PERIOD_START,
    C_PERIOD_END,
    C_CREATED,
    C_STARTED_AT,
    C_ENDED_AT,
    C_CANCEL_AT,
    C_CANCEL_AT_PERIOD_END,
    C_CANCELED_AT,
    C_TRIAL_START,
    C_TRIAL_END,
    C_COUNT
};

static const struct sg_enum statuses = {
    "stripe_subscription_status",
    (const char *const[]){"active", "trialing", "past_due", "canceled", "unpaid"}, BS_STRIPE_STATUS_COUNT};
static const struct sg_enum intervals = {"billing_interval", (const char *const[]){"month", "year"}, 2};

/* clang-format off */
static const struct sg_column columns[C_COUNT] = {
    [C_ID] = {.name = "id", .type = SG_TOKEN, .token = &bs_token_subscription, .origin = {0, 0, "key"}, .note = "Stripe subscription id"},
    [C_SUBSCRIPTION] = {.name = "subscription_id", .type = SG_I32, .origin = {0, 0, "row + 1"}, .note = "The app's subscription, one to one"},
    [C_ACCOUNT] = {.name = "account_id", .type = SG_I32, .origin = {0, 0, "parent's"}, .note = "The account"},
    [C_CUSTOMER] = {.name = "customer", .type = SG_TOKEN, .token = &bs_token_customer, .origin = {0, 0, "parent's"}, .note = "Stripe customer"},
    [C_STATUS] = {.name = "status", .type = SG_ENUM, .labels = &statuses, .origin = {0, 0, "from the app's status and the latest invoice"}, .note = "active, trialing, past_due, canceled or unpaid"},
    [C_INTERVAL] = {.name = "billing_interval", .type = SG_ENUM, .labels = &intervals, .origin = {0, 0, "subscription's"}, .note = "Billing interval of all its items"},
    [C_PERIOD_AMOUNT] = {.name = "period_amount", .type = SG_I32, .origin = {0, 0, "sum of items"}, .note = "What one billing period costs, in cents"},
    [C_ITEM_COUNT] = {.name = "item_count", .type = SG_I16, .origin = {0, 0, "count of items"}, .note = "Number of its items"},
    [C_INVOICE_COUNT] = {.name = "invoice_count", .type = SG_I16, .origin = {0, 0, "count of invoices"}, .note = "Number of its invoices kept; earlier ones are archived"},
    [C_PERIOD_START] = {.name = "current_period_start", .type = SG_TIMESTAMP, .origin = {0, 0, "start plus whole months or years"}, .note = "Start of the current (or last) billing period"},
    [C_PERIOD_END] = {.name = "current_period_end", .type = SG_TIMESTAMP, .origin = {0, 0, "the next period's start"}, .note = "Its end, a plan while it runs"},
    [C_CREATED] = {.name = "created", .type = SG_TIMESTAMP, .origin = {0, 0, "subscription's start"}, .note = "When it was created"},
    [C_STARTED_AT] = {.name = "started_at", .type = SG_TIMESTAMP, .origin = {0, 0, "subscription's start"}, .note = "First instant covered"},
    [C_ENDED_AT] = {.name = "ended_at", .type = SG_TIMESTAMP, .nullable = true, .origin = {0, 0, "subscription's end"}, .note = "First instant no longer covered"},
    [C_CANCEL_AT] = {.name = "cancel_at", .type = SG_TIMESTAMP, .nullable = true, .origin = {0, 0, "end, when cancelled in advance"}, .note = "Instant a cancellation was set for"},
    [C_CANCEL_AT_PERIOD_END] = {.name = "cancel_at_period_end", .type = SG_BOOL, .origin = {0, 0, "cancelled in advance"}, .note = "Whether it was cancelled ahead of its end"},
    [C_CANCELED_AT] = {.name = "canceled_at", .type = SG_TIMESTAMP, .nullable = true, .origin = {BS_STREAM_SUBSCRIPTION_END, 0, "uniform over the last 21 days when cancelled in advance, else the end"}, .note = "When the cancellation was asked for"},
    [C_TRIAL_START] = {.name = "trial_start", .type = SG_TIMESTAMP, .nullable = true, .origin = {0, 0, "start of a trial"}, .note = "Start of the trial"},
    [C_TRIAL_END] = {.name = "trial_end", .type = SG_TIMESTAMP, .nullable = true, .origin = {0, 0, "end of a trial"}, .note = "End of the trial, a plan while it runs"},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"subscription_id", "subscriptions", "id", SG_CASCADE},
    {"account_id", "accounts", "id", SG_CASCADE},
    {"customer", "stripe_customers", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "stripe_subscription_per_subscription", .a = "subscription_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "stripe_subscription_account",
     .a = "account_id",
     .b = "account_id",
     .via = "subscription_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "stripe_subscription_customer_account",
     .a = "account_id",
     .b = "account_id",
     .via = "customer"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "stripe_subscription_not_before_customer",
     .a = "created",
     .b = "created",
     .via = "customer"},
    {.kind = SG_RULE_LT,
     .name = "stripe_subscription_period_ordered",
     .a = "current_period_start",
     .b = "current_period_end"},
    {.kind = SG_RULE_LE, .name = "stripe_subscription_start_ordered", .a = "created", .b = "started_at"},
    {.kind = SG_RULE_LE, .name = "stripe_subscription_cancel_ordered", .a = "canceled_at", .b = "ended_at"},
    {.kind = SG_RULE_LE,
     .name = "stripe_subscription_cancel_not_before_start",
     .a = "started_at",
     .b = "canceled_at"},
    {.kind = SG_RULE_LT, .name = "stripe_subscription_trial_ordered", .a = "trial_start", .b = "trial_end"},
    {.kind = SG_RULE_PAST, .name = "stripe_subscription_created_in_the_past", .a = "created"},
    {.kind = SG_RULE_PAST, .name = "stripe_subscription_ended_in_the_past", .a = "ended_at"},
    {.kind = SG_RULE_RANGE,
     .name = "stripe_subscription_amount_positive",
     .a = "period_amount",
     .low = 1,
     .high = INT32_MAX},
};

static const struct sg_index indexes[] = {
    {.name = "stripe_subscriptions_subscription_id", .columns = "subscription_id", .unique = true},
    {.name = "stripe_subscriptions_account_id", .columns = "account_id"},
    {.name = "stripe_subscriptions_customer", .columns = "customer"},
};

enum { NOTICE_DAYS_MAX = 21 };

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    if (unit >= world->accounts) return world->sizes.rows[BS_STRIPE_SUBSCRIPTIONS];
    struct bs_account account;
    bs_account_get(world, unit, &account);
    return account.sub_first;
}

static void set_instant(struct sg_emitter *e, int column, int64_t at) {
    if (at)
        sg_set_i64(e, column, at);
    else
        sg_set_null(e, column);
}

/* How it ended: in advance at the customer's wish, or at once (plan change, failed payment, expired trial).
 */
static void set_end(const struct sg_world *world, const struct bs_ledger *ledger, int s, uint64_t row,
                    struct sg_emitter *e) {
    const struct bs_subscription *sub = &ledger->account.subs[s];
    bool ended = ledger->status[s] == BS_STRIPE_CANCELED;
    uint32_t end = ledger->bills_end[s], first = s ? ledger->bills_end[s - 1] : 0;
    bool failed = end > first && ledger->bills[end - 1].status != BS_INVOICE_PAID;
    bool in_advance = ended && sub->status == BS_SUB_CHURNED && !failed;
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_STRIPE_SUBSCRIPTIONS);
    int64_t ahead =
        sg_below(sg_draw(&source, row, BS_STREAM_SUBSCRIPTION_END, 0).w[0], NOTICE_DAYS_MAX * SG_DAY_S);
    if (ahead > sub->end - sub->start) ahead = sub->end - sub->start;
    set_instant(e, C_ENDED_AT, ended ? sub->end : 0);
    set_instant(e, C_CANCEL_AT, in_advance ? sub->end : 0);
    sg_set_bool(e, C_CANCEL_AT_PERIOD_END, in_advance);
    set_instant(e, C_CANCELED_AT, in_advance ? sub->end - ahead : ended ? sub->end : 0);
}

static void set_periods(const struct bs_subscription *sub, struct sg_emitter *e) {
    int64_t trial_end = bs_trial_end(sub);
    uint32_t k = sub->periods_paid ? sub->periods_paid - 1 : 0;
    sg_set_i64(e, C_PERIOD_START, bs_period_start(sub, k));
    sg_set_i64(e, C_PERIOD_END, trial_end ? trial_end : bs_period_start(sub, k + 1));
    set_instant(e, C_TRIAL_START, trial_end ? sub->start : 0);
    set_instant(e, C_TRIAL_END, trial_end);
}

static void fill(const struct sg_world *world, const struct bs_ledger *ledger, int s, struct sg_emitter *e) {
    const struct bs_account *account = &ledger->account;
    const struct bs_subscription *sub = &account->subs[s];
    uint64_t row = account->sub_first + (uint64_t)s;
    sg_set_token(e, C_ID, bs_token_key(world, BS_STRIPE_SUBSCRIPTIONS, row));
    sg_set_i32(e, C_SUBSCRIPTION, (int32_t)(row + 1));
    sg_set_i32(e, C_ACCOUNT, (int32_t)(account->number + 1));
    sg_set_token(e, C_CUSTOMER, bs_token_key(world, BS_STRIPE_CUSTOMERS, account->number));
    sg_set_enum(e, C_STATUS, ledger->status[s]);
    sg_set_enum(e, C_INTERVAL, sub->annual);
    sg_set_i32(e, C_PERIOD_AMOUNT, (int32_t)bs_items_cents(sub));
    sg_set_i16(e, C_ITEM_COUNT, sub->item_count);
    sg_set_i16(e, C_INVOICE_COUNT, (int16_t)(ledger->bills_end[s] - (s ? ledger->bills_end[s - 1] : 0)));
    set_periods(sub, e);
    sg_set_i64(e, C_CREATED, sub->start);
    sg_set_i64(e, C_STARTED_AT, sub->start);
    set_end(world, ledger, s, row, e);
}

static enum sg_code account_rows(const struct sg_world *world, const struct bs_ledger *ledger,
                                 struct sg_emitter *e, struct sg_error *err) {
    for (int s = 0; s < ledger->account.sub_count; s++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        fill(world, ledger, s, e);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return bs_each_ledger(world, unit_first, unit_end, account_rows, e, err);
}

const struct bs_table_logic bs_table_stripe_subscriptions = {
    .declaration = {.name = "stripe_subscriptions",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = C_COUNT,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 213,
                    .note = "Stripe subscriptions: the app's subscription rows as they are billed"},
    .rows_before = rows_before,
    .generate = generate,
};
