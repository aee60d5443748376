/* payments: every attempt to collect an invoice. */
#include "datasets/screenbilling/screenbilling.h"

enum {
    ID,
    INVOICE_ID,
    CUSTOMER_ID,
    ATTEMPT,
    AMOUNT,
    AMOUNT_RECEIVED,
    STATUS,
    FAILURE_CODE,
    CREATED,
    COLUMNS
};

static const struct sg_enum statuses = {"payment_status", (const char *const[]){"succeeded", "failed"}, 2};
static const struct sg_enum failures = {"failure_code", (const char *const[]){"card_declined"}, 1};

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_TOKEN, .token = &sb_token_payment, .origin = {0, 0, "key"}, .note = "Stripe payment id"},
    [INVOICE_ID] = {.name = "invoice_id", .type = SG_TOKEN, .token = &sb_token_invoice, .origin = {0, 0, "parent's"}, .note = "The invoice"},
    [CUSTOMER_ID] = {.name = "customer_id", .type = SG_TOKEN, .token = &sb_token_customer, .origin = {0, 0, "parent's"}, .note = "The customer"},
    [ATTEMPT] = {.name = "attempt", .type = SG_I16, .origin = {0, 0, "count"}, .note = "Which attempt at the invoice, from 1"},
    [AMOUNT] = {.name = "amount", .type = SG_I64, .origin = {0, 0, "invoice's amount due"}, .note = "Cents asked for"},
    [AMOUNT_RECEIVED] = {.name = "amount_received", .type = SG_I64, .origin = {0, 0, "amount when it succeeded, else 0"}, .note = "Cents received"},
    [STATUS] = {.name = "status", .type = SG_ENUM, .labels = &statuses, .origin = {0, 0, "by the card"}, .note = "succeeded or failed"},
    [FAILURE_CODE] = {.name = "failure_code", .type = SG_ENUM, .nullable = true, .labels = &failures, .origin = {0, 0, "of a failed one"}, .note = "Why it failed"},
    [CREATED] = {.name = "created", .type = SG_TIMESTAMP, .origin = {0, 0, "0, 3, 8 and 15 days after the invoice was finalized"}, .note = "When it was tried"},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"invoice_id", "invoices", "id", SG_CASCADE},
    {"customer_id", "customers", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_PARENT_EQ,
     .name = "payment_customer_is_invoices",
     .a = "customer_id",
     .b = "customer_id",
     .via = "invoice_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "payment_amount_is_due",
     .a = "amount",
     .b = "amount_due",
     .via = "invoice_id"},
    {.kind = SG_RULE_COUNT_EQ, .name = "payments_per_invoice", .b = "attempt_count", .via = "invoice_id"},
    {.kind = SG_RULE_SUM_EQ,
     .name = "payments_sum_to_paid",
     .a = "amount_received",
     .b = "amount_paid",
     .via = "invoice_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "payment_not_before_finalization",
     .a = "created",
     .b = "finalized_at",
     .via = "invoice_id"},
    {.kind = SG_RULE_LINEAR,
     .name = "payment_received_in_full",
     .a = "amount",
     .b = "amount - amount_received",
     .when = "status",
     .is = "succeeded"},
    {.kind = SG_RULE_RANGE,
     .name = "payment_failed_brings_nothing",
     .a = "amount_received",
     .when = "status",
     .is = "failed"},
    {.kind = SG_RULE_NOT_NULL,
     .name = "payment_failed_says_why",
     .a = "failure_code",
     .when = "status",
     .is = "failed"},
    {.kind = SG_RULE_NULL,
     .name = "payment_succeeded_has_no_fault",
     .a = "failure_code",
     .when = "status",
     .is = "succeeded"},
    {.kind = SG_RULE_LE, .name = "payment_received_at_most_amount", .a = "amount_received", .b = "amount"},
    {.kind = SG_RULE_RANGE, .name = "payment_positive", .a = "amount", .low = 1, .high = INT32_MAX},
    {.kind = SG_RULE_RANGE, .name = "payment_attempt", .a = "attempt", .low = 1, .high = SB_ATTEMPTS_MAX},
    {.kind = SG_RULE_PAST, .name = "payment_in_the_past", .a = "created"},
};

static const struct sg_index indexes[] = {
    {.name = "payments_invoice_id", .columns = "invoice_id"},
};

static void fill(const struct sg_world *world, const struct sb_life *life, uint64_t invoice,
                 const struct sb_bill *bill, int attempt, struct sg_emitter *e) {
    bool paid = bill->status == SB_INVOICE_PAID;
    sg_set_token(e, ID, sb_token_key(world, SB_PAYMENTS, sb_next_row(e)));
    sg_set_token(e, INVOICE_ID, sb_token_key(world, SB_INVOICES, invoice));
    sg_set_token(e, CUSTOMER_ID, sb_token_key(world, SB_CUSTOMERS, life->number));
    sg_set_i16(e, ATTEMPT, (int16_t)(attempt + 1));
    sg_set_i64(e, AMOUNT, bill->cents);
    sg_set_i64(e, AMOUNT_RECEIVED, paid ? bill->cents : 0);
    sg_set_enum(e, STATUS, !paid);
    if (paid)
        sg_set_null(e, FAILURE_CODE);
    else
        sg_set_enum(e, FAILURE_CODE, 0);
    sg_set_i64(e, CREATED, bill->attempted_at[attempt]);
}

static enum sg_code rows(const struct sg_world *world, const struct sb_life *life, uint64_t invoice_first,
                         struct sg_emitter *e, struct sg_error *err) {
    for (int month = 0; month < life->end; month++) {
        struct sb_bill bill;
        sb_bill_get(world, life, month, &bill);
        for (int attempt = 0; attempt < bill.attempts; attempt++) {
            size_t room;
            SG_TRY(sg_emitter_room(e, &room, err));
            fill(world, life, invoice_first + (uint64_t)month, &bill, attempt, e);
            sg_emitter_advance(e, 1);
        }
    }
    return SG_OK;
}

static uint64_t payments_before(const struct sg_world *world, uint64_t unit) {
    return sb_counted_before(world, SB_FIELD_PAYMENTS, unit);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return sb_each_life(world, unit_first, unit_end, rows, e, err);
}

const struct sb_table_logic sb_table_payments = {
    .declaration = {.name = "payments",
                    .domain = SB_CUSTOMER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 140,
                    .text_bytes_max = 0,
                    .note = "Attempts to collect the invoices"},
    .rows_before = payments_before,
    .generate = generate,
};
