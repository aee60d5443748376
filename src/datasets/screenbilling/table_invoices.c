/* invoices: one for each month of a subscription that was not cancelled in it. */
#include "datasets/screenbilling/screenbilling.h"

enum {
    ID,
    CUSTOMER_ID,
    SUBSCRIPTION_ID,
    PRICE_ID,
    UNIT_AMOUNT,
    QUANTITY,
    BILLING_REASON,
    STATUS,
    AMOUNT_DUE,
    AMOUNT_PAID,
    ATTEMPT_COUNT,
    CREATED,
    FINALIZED_AT,
    PAID_AT,
    GIVEN_UP_AT,
    PERIOD_START,
    PERIOD_END,
    COLUMNS
};

static const struct sg_enum reasons = {"billing_reason",
                                       (const char *const[]){"subscription_create", "subscription_cycle"}, 2};
static const struct sg_enum statuses = {"invoice_status",
                                        (const char *const[]){"draft", "open", "paid", "uncollectible"}, 4};

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_TOKEN, .token = &sb_token_invoice, .origin = {0, 0, "key"}, .note = "Stripe invoice id"},
    [CUSTOMER_ID] = {.name = "customer_id", .type = SG_TOKEN, .token = &sb_token_customer, .origin = {0, 0, "parent's"}, .note = "The customer"},
    [SUBSCRIPTION_ID] = {.name = "subscription_id", .type = SG_TOKEN, .token = &sb_token_subscription, .origin = {0, 0, "parent's"}, .note = "The subscription"},
    [PRICE_ID] = {.name = "price_id", .type = SG_TOKEN, .token = &sb_token_price, .origin = {0, 0, "the plan's before the month's events"}, .note = "Price of its one line"},
    [UNIT_AMOUNT] = {.name = "unit_amount", .type = SG_I32, .origin = {0, 0, "price's"}, .note = "Cents per screen"},
    [QUANTITY] = {.name = "quantity", .type = SG_I32, .origin = {0, 0, "screens before the month's events"}, .note = "Screens billed"},
    [BILLING_REASON] = {.name = "billing_reason", .type = SG_ENUM, .labels = &reasons, .origin = {0, 0, "first month or a later one"}, .note = "Why it was made"},
    [STATUS] = {.name = "status", .type = SG_ENUM, .labels = &statuses, .origin = {0, 0, "by the card, the time passed and the cancellation"}, .note = "draft, open, paid or uncollectible"},
    [AMOUNT_DUE] = {.name = "amount_due", .type = SG_I64, .origin = {0, 0, "unit amount x quantity"}, .note = "Total in cents"},
    [AMOUNT_PAID] = {.name = "amount_paid", .type = SG_I64, .origin = {0, 0, "amount due when paid, else 0"}, .note = "Paid in cents"},
    [ATTEMPT_COUNT] = {.name = "attempt_count", .type = SG_I16, .origin = {0, 0, "one when paid; failed ones after 0, 3, 8 and 15 days"}, .note = "Rows in payments"},
    [CREATED] = {.name = "created", .type = SG_TIMESTAMP, .origin = {0, 0, "start of the month"}, .note = "When it was made"},
    [FINALIZED_AT] = {.name = "finalized_at", .type = SG_TIMESTAMP, .nullable = true, .origin = {0, 0, "at once, renewals an hour later"}, .note = "When it was finalized; a draft until then"},
    [PAID_AT] = {.name = "paid_at", .type = SG_TIMESTAMP, .nullable = true, .origin = {0, 0, "when finalized"}, .note = "When it was paid"},
    [GIVEN_UP_AT] = {.name = "given_up_at", .type = SG_TIMESTAMP, .nullable = true, .origin = {0, 0, "the cancellation"}, .note = "When it was marked uncollectible"},
    [PERIOD_START] = {.name = "period_start", .type = SG_TIMESTAMP, .origin = {0, 0, "start of the month"}, .note = "Start of the billed month"},
    [PERIOD_END] = {.name = "period_end", .type = SG_TIMESTAMP, .origin = {0, 0, "start of the next month"}, .note = "End of the billed month, a plan while it runs"},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"customer_id", "customers", "id", SG_CASCADE},
    {"subscription_id", "subscriptions", "id", SG_CASCADE},
    {"price_id", "prices", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_PARENT_EQ,
     .name = "invoice_customer_is_subscriptions",
     .a = "customer_id",
     .b = "customer_id",
     .via = "subscription_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "invoice_unit_amount_is_prices",
     .a = "unit_amount",
     .b = "unit_amount",
     .via = "price_id"},
    {.kind = SG_RULE_COUNT_EQ, .name = "invoices_per_customer", .b = "snapshot_count", .via = "customer_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "invoice_not_before_subscription",
     .a = "created",
     .b = "created",
     .via = "subscription_id"},
    {.kind = SG_RULE_LE, .name = "invoice_unit_amount_at_most_due", .a = "unit_amount", .b = "amount_due"},
    {.kind = SG_RULE_PRODUCT,
     .name = "invoice_due_is_product",
     .a = "amount_due",
     .b = "unit_amount * quantity"},
    {.kind = SG_RULE_LINEAR,
     .name = "invoice_paid_in_full",
     .a = "amount_paid",
     .b = "amount_due - amount_paid",
     .when = "status",
     .is = "paid"},
    {.kind = SG_RULE_RANGE,
     .name = "invoice_unpaid_took_nothing",
     .a = "amount_paid",
     .when = "status",
     .is = "draft|open|uncollectible"},
    {.kind = SG_RULE_NOT_NULL,
     .name = "invoice_paid_has_time",
     .a = "paid_at",
     .when = "status",
     .is = "paid"},
    {.kind = SG_RULE_LE, .name = "invoice_paid_at_most_due", .a = "amount_paid", .b = "amount_due"},
    {.kind = SG_RULE_LE, .name = "invoice_finalized_after_creation", .a = "created", .b = "finalized_at"},
    {.kind = SG_RULE_LE, .name = "invoice_paid_after_finalization", .a = "finalized_at", .b = "paid_at"},
    {.kind = SG_RULE_LT,
     .name = "invoice_given_up_after_finalization",
     .a = "finalized_at",
     .b = "given_up_at"},
    {.kind = SG_RULE_LT, .name = "invoice_period_ordered", .a = "period_start", .b = "period_end"},
    {.kind = SG_RULE_RANGE, .name = "invoice_quantity_positive", .a = "quantity", .low = 1, .high = 120},
    {.kind = SG_RULE_RANGE,
     .name = "invoice_attempts",
     .a = "attempt_count",
     .low = 0,
     .high = SB_ATTEMPTS_MAX},
    {.kind = SG_RULE_PAST, .name = "invoice_created_in_the_past", .a = "created"},
    {.kind = SG_RULE_PAST, .name = "invoice_finalized_in_the_past", .a = "finalized_at"},
    {.kind = SG_RULE_PAST, .name = "invoice_given_up_in_the_past", .a = "given_up_at"},
};

static const struct sg_index indexes[] = {
    {.name = "invoices_subscription_id", .columns = "subscription_id"},
};

static void fill(const struct sg_world *world, const struct sb_life *life, int month, struct sg_emitter *e) {
    struct sb_bill bill;
    sb_bill_get(world, life, month, &bill);
    bool paid = bill.status == SB_INVOICE_PAID;
    sg_set_token(e, ID, sb_token_key(world, SB_INVOICES, sb_next_row(e)));
    sg_set_token(e, CUSTOMER_ID, sb_token_key(world, SB_CUSTOMERS, life->number));
    sg_set_token(e, SUBSCRIPTION_ID, sb_token_key(world, SB_SUBSCRIPTIONS, life->number));
    sg_set_token(e, PRICE_ID, sb_token_key(world, SB_PRICES, bill.state.plan));
    sg_set_i32(e, UNIT_AMOUNT, sb_plans[bill.state.plan].cents);
    sg_set_i32(e, QUANTITY, bill.state.screens);
    sg_set_enum(e, BILLING_REASON, month > 0);
    sg_set_enum(e, STATUS, bill.status);
    sg_set_i64(e, AMOUNT_DUE, bill.cents);
    sg_set_i64(e, AMOUNT_PAID, paid ? bill.cents : 0);
    sg_set_i16(e, ATTEMPT_COUNT, bill.attempts);
    sg_set_i64(e, CREATED, bill.created);
    sb_set_instant(e, FINALIZED_AT, bill.finalized);
    sb_set_instant(e, PAID_AT, paid ? bill.closed : 0);
    sb_set_instant(e, GIVEN_UP_AT, paid ? 0 : bill.closed);
    sg_set_i64(e, PERIOD_START, sb_month_start(world, month));
    sg_set_i64(e, PERIOD_END, sb_month_start(world, month + 1));
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

const struct sb_table_logic sb_table_invoices = {
    .declaration = {.name = "invoices",
                    .domain = SB_CUSTOMER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 320,
                    .text_bytes_max = 0,
                    .note = "Stripe invoices: one for each month of a subscription not cancelled in it"},
    .rows_before = sb_months_before,
    .generate = generate,
};
