/* stripe_invoices: the latest consecutive billing periods of each subscription and what became of them. */
#include "datasets/barsaas/billing.h"

enum {
    C_ID,
    C_NUMBER,
    C_ACCOUNT,
    C_CUSTOMER,
    C_SUBSCRIPTION,
    C_STATUS,
    C_REASON,
    C_AMOUNT_DUE,
    C_AMOUNT_PAID,
    C_CURRENCY,
    C_ATTEMPT_COUNT,
    C_CREATED,
    C_FINALIZED_AT,
    C_DUE_DATE,
    C_PAID_AT,
    C_CLOSED_AT,
    C_NEXT_ATTEMPT,
    C_PERIOD_START,
    C_PERIOD_END,
    C_COUNT
};

static const struct sg_enum statuses = {
    "invoice_status", (const char *const[]){"draft", "open", "paid", "void", "uncollectible"},
    BS_INVOICE_STATUS_COUNT};
static const struct sg_enum reasons = {"billing_reason",
                                       (const char *const[]){"subscription_create", "subscription_cycle"}, 2};

/* clang-format off */
static const struct sg_column columns[C_COUNT] = {
    [C_ID] = {.name = "id", .type = SG_TOKEN, .token = &bs_token_invoice, .origin = {0, 0, "key"}, .note = "Stripe invoice id"},
    [C_NUMBER] = {.name = "number", .type = SG_TEXT, .length_max = 24, .origin = {0, 0, "customer's prefix and the number of the billed period"}, .note = "Invoice number; archived invoices are counted too"},
    [C_ACCOUNT] = {.name = "account_id", .type = SG_I32, .origin = {0, 0, "parent's"}, .note = "The account"},
    [C_CUSTOMER] = {.name = "customer", .type = SG_TOKEN, .token = &bs_token_customer, .origin = {0, 0, "parent's"}, .note = "Stripe customer"},
    [C_SUBSCRIPTION] = {.name = "subscription", .type = SG_TOKEN, .token = &bs_token_subscription, .origin = {0, 0, "parent's"}, .note = "Stripe subscription"},
    [C_STATUS] = {.name = "status", .type = SG_ENUM, .labels = &statuses, .origin = {0, 0, "quota of 95 % paid over a permutation of rows; the rest by age and dunning"}, .note = "draft, open, paid, void or uncollectible"},
    [C_REASON] = {.name = "billing_reason", .type = SG_ENUM, .labels = &reasons, .origin = {0, 0, "first period or a later one"}, .note = "Why it was made"},
    [C_AMOUNT_DUE] = {.name = "amount_due", .type = SG_I32, .origin = {0, 0, "sum of the subscription's items"}, .note = "Total in cents"},
    [C_AMOUNT_PAID] = {.name = "amount_paid", .type = SG_I32, .origin = {0, 0, "amount due when paid, else 0"}, .note = "Paid in cents"},
    [C_CURRENCY] = {.name = "currency", .type = SG_ENUM, .labels = &bs_enum_currency, .origin = {0, 0, "constant"}, .note = "ISO currency, lower case"},
    [C_ATTEMPT_COUNT] = {.name = "attempt_count", .type = SG_I16, .origin = {BS_STREAM_INVOICE_PAYMENT, 0, "5.5 % of paid ones fail first, 1/2/3 times 62/25/13; unpaid ones are tried four times"}, .note = "Payment attempts so far"},
    [C_CREATED] = {.name = "created", .type = SG_TIMESTAMP, .origin = {0, 0, "start of the period"}, .note = "When it was made"},
    [C_FINALIZED_AT] = {.name = "finalized_at", .type = SG_TIMESTAMP, .nullable = true, .origin = {BS_STREAM_INVOICE_PAYMENT, 2, "at once for the first period, else uniform 50 to 60 minutes later"}, .note = "When it was finalized"},
    [C_DUE_DATE] = {.name = "due_date", .type = SG_TIMESTAMP, .origin = {0, 0, "7 days (monthly) or 30 days (annual) after creation"}, .note = "When payment is due, a plan"},
    [C_PAID_AT] = {.name = "paid_at", .type = SG_TIMESTAMP, .nullable = true, .origin = {BS_STREAM_INVOICE_PAYMENT, 3, "within half a minute of an attempt; bank debits settle after 3 to 5 days"}, .note = "When it was paid"},
    [C_CLOSED_AT] = {.name = "closed_at", .type = SG_TIMESTAMP, .nullable = true, .origin = {BS_STREAM_INVOICE_FATE, 1, "uniform 1 hour to 4 (void: 9) days after the last attempt"}, .note = "When it was voided or marked uncollectible"},
    [C_NEXT_ATTEMPT] = {.name = "next_payment_attempt", .type = SG_TIMESTAMP, .nullable = true, .origin = {BS_STREAM_INVOICE_PAYMENT, 3, "3, 5 and 7 days after the attempt before"}, .note = "Planned attempt of an open invoice"},
    [C_PERIOD_START] = {.name = "period_start", .type = SG_TIMESTAMP, .origin = {0, 0, "subscription's start plus whole months or years"}, .note = "Start of the billed period"},
    [C_PERIOD_END] = {.name = "period_end", .type = SG_TIMESTAMP, .origin = {0, 0, "start of the next period"}, .note = "End of the billed period, a plan while it runs"},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"account_id", "accounts", "id", SG_CASCADE},
    {"customer", "stripe_customers", "id", SG_CASCADE},
    {"subscription", "stripe_subscriptions", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_PARENT_EQ,
     .name = "invoice_total_is_items_total",
     .a = "amount_due",
     .b = "period_amount",
     .via = "subscription"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "invoice_account_is_subscriptions",
     .a = "account_id",
     .b = "account_id",
     .via = "subscription"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "invoice_account_is_customers",
     .a = "account_id",
     .b = "account_id",
     .via = "customer"},
    {.kind = SG_RULE_COUNT_EQ,
     .name = "invoices_per_subscription",
     .b = "invoice_count",
     .via = "subscription"},
    {.kind = SG_RULE_NEXT_EQ,
     .name = "invoice_periods_without_gap",
     .a = "period_start",
     .b = "period_end",
     .via = "subscription"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "invoice_not_before_subscription",
     .a = "created",
     .b = "created",
     .via = "subscription"},
    {.kind = SG_RULE_LE, .name = "invoice_paid_at_most_due", .a = "amount_paid", .b = "amount_due"},
    {.kind = SG_RULE_LINEAR,
     .name = "invoice_paid_in_full",
     .a = "amount_due",
     .b = "amount_due - amount_paid",
     .when = "status",
     .is = "paid"},
    {.kind = SG_RULE_RANGE,
     .name = "invoice_unpaid_takes_nothing",
     .a = "amount_paid",
     .when = "status",
     .is = "open|void|uncollectible"},
    {.kind = SG_RULE_NOT_NULL,
     .name = "invoice_paid_has_time",
     .a = "paid_at",
     .when = "status",
     .is = "paid"},
    {.kind = SG_RULE_NULL,
     .name = "invoice_unpaid_has_no_time",
     .a = "paid_at",
     .when = "status",
     .is = "open|void|uncollectible"},
    {.kind = SG_RULE_LE, .name = "invoice_finalized_after_creation", .a = "created", .b = "finalized_at"},
    {.kind = SG_RULE_LE, .name = "invoice_paid_after_finalization", .a = "finalized_at", .b = "paid_at"},
    {.kind = SG_RULE_LE, .name = "invoice_closed_after_finalization", .a = "finalized_at", .b = "closed_at"},
    {.kind = SG_RULE_LT, .name = "invoice_period_ordered", .a = "period_start", .b = "period_end"},
    {.kind = SG_RULE_LE, .name = "invoice_due_after_creation", .a = "created", .b = "due_date"},
    {.kind = SG_RULE_PAST, .name = "invoice_created_in_the_past", .a = "created"},
    {.kind = SG_RULE_PAST, .name = "invoice_finalized_in_the_past", .a = "finalized_at"},
    {.kind = SG_RULE_PAST, .name = "invoice_paid_in_the_past", .a = "paid_at"},
    {.kind = SG_RULE_PAST, .name = "invoice_closed_in_the_past", .a = "closed_at"},
    {.kind = SG_RULE_UNIQUE, .name = "invoice_number_unique", .a = "number"},
    {.kind = SG_RULE_RANGE, .name = "invoice_positive", .a = "amount_due", .low = 1, .high = INT32_MAX},
    {.kind = SG_RULE_RANGE,
     .name = "invoice_attempts",
     .a = "attempt_count",
     .low = 0,
     .high = BS_ATTEMPTS_MAX},
};

static const struct sg_index indexes[] = {
    {.name = "stripe_invoices_subscription", .columns = "subscription"},
    {.name = "stripe_invoices_account_id", .columns = "account_id"},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return bs_billing_before(world, unit).invoices;
}

static void set_instant(struct sg_emitter *e, int column, int64_t at) {
    if (at)
        sg_set_i64(e, column, at);
    else
        sg_set_null(e, column);
}

static void set_steps(const struct bs_bill *bill, struct sg_emitter *e) {
    bool retrying = bill->status == BS_INVOICE_OPEN && bill->failures < bill->tries;
    sg_set_i64(e, C_CREATED, bill->created);
    set_instant(e, C_FINALIZED_AT, bill->finalized);
    sg_set_i64(e, C_DUE_DATE, bill->due);
    set_instant(e, C_PAID_AT, bill->paid_at);
    set_instant(e, C_CLOSED_AT, bill->closed_at);
    set_instant(e, C_NEXT_ATTEMPT, retrying ? bill->attempt_at[bill->failures] : 0);
    sg_set_i64(e, C_PERIOD_START, bill->period_start);
    sg_set_i64(e, C_PERIOD_END, bill->period_end);
}

static void fill(const struct sg_world *world, const struct bs_ledger *ledger, const struct bs_bill *bill,
                 const char prefix[8], struct sg_emitter *e) {
    const struct bs_account *account = &ledger->account;
    bool paid = bill->status == BS_INVOICE_PAID;
    char number[32];
    memcpy(number, prefix, 8);
    number[8] = '-';
    char *end = bs_put_number(number + 9, bill->ordinal, 4);
    sg_set_token(e, C_ID, bs_token_key(world, BS_STRIPE_INVOICES, bill->row));
    sg_set_text(e, C_NUMBER, number, (size_t)(end - number));
    sg_set_i32(e, C_ACCOUNT, (int32_t)(account->number + 1));
    sg_set_token(e, C_CUSTOMER, bs_token_key(world, BS_STRIPE_CUSTOMERS, account->number));
    sg_set_token(e, C_SUBSCRIPTION,
                 bs_token_key(world, BS_STRIPE_SUBSCRIPTIONS, account->sub_first + bill->subscription));
    sg_set_enum(e, C_STATUS, bill->status);
    sg_set_enum(e, C_REASON, !bill->first);
    sg_set_i32(e, C_AMOUNT_DUE, (int32_t)bill->cents);
    sg_set_i32(e, C_AMOUNT_PAID, paid ? (int32_t)bill->cents : 0);
    sg_set_enum(e, C_CURRENCY, 0);
    sg_set_i16(e, C_ATTEMPT_COUNT, (int16_t)(bill->failures + paid));
    set_steps(bill, e);
}

static enum sg_code account_rows(const struct sg_world *world, const struct bs_ledger *ledger,
                                 struct sg_emitter *e, struct sg_error *err) {
    char prefix[8];
    bs_invoice_prefix(world, ledger->account.number, prefix);
    for (uint32_t i = 0; i < ledger->bill_count; i++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        fill(world, ledger, &ledger->bills[i], prefix, e);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return bs_each_ledger(world, unit_first, unit_end, account_rows, e, err);
}

const struct bs_table_logic bs_table_stripe_invoices = {
    .declaration = {.name = "stripe_invoices",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = C_COUNT,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 281,
                    .text_bytes_max = 32,
                    .note = "Stripe invoices: the latest consecutive billing periods of each subscription"},
    .rows_before = rows_before,
    .generate = generate,
};
