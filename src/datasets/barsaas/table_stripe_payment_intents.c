/* stripe_payment_intents: one per invoice, with the last failure and the charge that paid it. */
#include "datasets/barsaas/billing.h"

enum {
    C_ID,
    C_ACCOUNT,
    C_CUSTOMER,
    C_INVOICE,
    C_CHARGE,
    C_AMOUNT,
    C_AMOUNT_RECEIVED,
    C_CURRENCY,
    C_STATUS,
    C_CREATED,
    C_CANCELED_AT,
    C_METHOD,
    C_METHOD_TYPE,
    C_CONFIRMATION,
    C_ERROR_CODE,
    C_ERROR_MESSAGE,
    C_ERROR_AT,
    C_METADATA,
    C_COUNT
};

enum { INTENT_SUCCEEDED, INTENT_NEEDS_METHOD, INTENT_PROCESSING, INTENT_CANCELED, INTENT_STATUS_COUNT };

static const struct sg_enum statuses = {
    "payment_intent_status",
    (const char *const[]){"succeeded", "requires_payment_method", "processing", "canceled"},
    INTENT_STATUS_COUNT};
static const struct sg_enum confirmations = {"confirmation_method", (const char *const[]){"automatic"}, 1};
static const struct sg_enum method_types = {"payment_method_type",
                                            (const char *const[]){"card", "us_bank_account"}, 2};

/* clang-format off */
static const struct sg_column columns[C_COUNT] = {
    [C_ID] = {.name = "id", .type = SG_TOKEN, .token = &bs_token_intent, .origin = {0, 0, "key"}, .note = "Stripe payment intent id"},
    [C_ACCOUNT] = {.name = "account_id", .type = SG_I32, .origin = {0, 0, "parent's"}, .note = "The account"},
    [C_CUSTOMER] = {.name = "customer", .type = SG_TOKEN, .token = &bs_token_customer, .origin = {0, 0, "parent's"}, .note = "Stripe customer"},
    [C_INVOICE] = {.name = "invoice", .type = SG_TOKEN, .token = &bs_token_invoice, .origin = {0, 0, "same row"}, .note = "The invoice to pay, one to one"},
    [C_CHARGE] = {.name = "charge", .type = SG_TOKEN, .token = &bs_token_charge, .nullable = true, .origin = {0, 0, "invoice's charge"}, .note = "The succeeded charge"},
    [C_AMOUNT] = {.name = "amount", .type = SG_I32, .origin = {0, 0, "invoice's"}, .note = "Amount asked for in cents"},
    [C_AMOUNT_RECEIVED] = {.name = "amount_received", .type = SG_I32, .origin = {0, 0, "amount when succeeded, else 0"}, .note = "Amount received in cents"},
    [C_CURRENCY] = {.name = "currency", .type = SG_ENUM, .labels = &bs_enum_currency, .origin = {0, 0, "constant"}, .note = "ISO currency, lower case"},
    [C_STATUS] = {.name = "status", .type = SG_ENUM, .labels = &statuses, .origin = {0, 0, "from the invoice"}, .note = "succeeded, requires_payment_method, processing or canceled"},
    [C_CREATED] = {.name = "created", .type = SG_TIMESTAMP, .origin = {0, 0, "invoice's finalization"}, .note = "When it was made"},
    [C_CANCELED_AT] = {.name = "canceled_at", .type = SG_TIMESTAMP, .nullable = true, .origin = {0, 0, "when the invoice was voided"}, .note = "When it was cancelled"},
    [C_METHOD] = {.name = "payment_method", .type = SG_TOKEN, .token = &bs_token_method, .origin = {0, 0, "customer's at the last attempt"}, .note = "Payment method"},
    [C_METHOD_TYPE] = {.name = "payment_method_type", .type = SG_ENUM, .labels = &method_types, .origin = {0, 0, "customer's"}, .note = "card or us_bank_account"},
    [C_CONFIRMATION] = {.name = "confirmation_method", .type = SG_ENUM, .labels = &confirmations, .origin = {0, 0, "constant"}, .note = "Always automatic"},
    [C_ERROR_CODE] = {.name = "last_payment_error_code", .type = SG_ENUM, .nullable = true, .labels = &bs_enum_decline_code, .origin = {0, 0, "stripe_invoices stream 2 word 2: cards 40/34/12/8/6, bank debits 70/18/12"}, .note = "Why the last failed attempt failed"},
    [C_ERROR_MESSAGE] = {.name = "last_payment_error_message", .type = SG_ENUM, .nullable = true, .labels = &bs_enum_decline_message, .origin = {0, 0, "of the code"}, .note = "The same in words"},
    [C_ERROR_AT] = {.name = "last_payment_error_at", .type = SG_TIMESTAMP, .nullable = true, .origin = {0, 0, "invoice's last failed attempt"}, .note = "When the last failed attempt was made"},
    [C_METADATA] = {.name = "metadata", .type = SG_TEXT, .json = true, .origin = {0, 0, "account's"}, .note = "JSON with account_id"},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"account_id", "accounts", "id", SG_CASCADE},
    {"customer", "stripe_customers", "id", SG_CASCADE},
    {"invoice", "stripe_invoices", "id", SG_CASCADE},
    {"charge", "stripe_charges", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_UNIQUE, .name = "one_intent_per_invoice", .a = "invoice"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "intent_amount_is_invoices",
     .a = "amount",
     .b = "amount_due",
     .via = "invoice"},
    {.kind = SG_RULE_SUM_EQ,
     .name = "intents_receive_what_was_paid",
     .a = "amount_received",
     .b = "amount_paid",
     .via = "invoice"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "intent_received_by_its_charge",
     .a = "amount_received",
     .b = "amount",
     .via = "charge"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "intent_account_is_invoices",
     .a = "account_id",
     .b = "account_id",
     .via = "invoice"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "intent_account_is_customers",
     .a = "account_id",
     .b = "account_id",
     .via = "customer"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "intent_not_before_invoice",
     .a = "created",
     .b = "created",
     .via = "invoice"},
    {.kind = SG_RULE_PARENT_LE,
     .name = "intent_not_after_its_charge",
     .a = "created",
     .b = "created",
     .via = "charge"},
    {.kind = SG_RULE_LE, .name = "intent_error_after_creation", .a = "created", .b = "last_payment_error_at"},
    {.kind = SG_RULE_LE, .name = "intent_canceled_after_creation", .a = "created", .b = "canceled_at"},
    {.kind = SG_RULE_PAST, .name = "intent_created_in_the_past", .a = "created"},
    {.kind = SG_RULE_PAST, .name = "intent_error_in_the_past", .a = "last_payment_error_at"},
    {.kind = SG_RULE_PAST, .name = "intent_canceled_in_the_past", .a = "canceled_at"},
};

static const struct sg_index indexes[] = {
    {.name = "stripe_payment_intents_invoice", .columns = "invoice", .unique = true},
    {.name = "stripe_payment_intents_account_id", .columns = "account_id"},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return bs_billing_before(world, unit).invoices;
}

static uint16_t intent_status(const struct bs_bill *bill) {
    switch ((enum bs_invoice_status)bill->status) {
    case BS_INVOICE_PAID:
        return INTENT_SUCCEEDED;
    case BS_INVOICE_VOID:
        return INTENT_CANCELED;
    case BS_INVOICE_OPEN:
        return bill->failures ? INTENT_NEEDS_METHOD : INTENT_PROCESSING;
    default:
        return INTENT_NEEDS_METHOD;
    }
}

static void set_error(const struct bs_bill *bill, struct sg_emitter *e) {
    if (!bill->failures) {
        sg_set_null(e, C_ERROR_CODE);
        sg_set_null(e, C_ERROR_MESSAGE);
        sg_set_null(e, C_ERROR_AT);
        return;
    }
    sg_set_enum(e, C_ERROR_CODE, bs_declines[bill->decline].code);
    sg_set_enum(e, C_ERROR_MESSAGE, bs_declines[bill->decline].message);
    sg_set_i64(e, C_ERROR_AT, bill->attempt_at[bill->failures - 1]);
}

static void set_outcome(const struct sg_world *world, const struct bs_bill *bill, struct sg_emitter *e) {
    if (bill->status == BS_INVOICE_PAID)
        sg_set_token(e, C_CHARGE, bs_token_key(world, BS_STRIPE_CHARGES, bill->charge_row));
    else
        sg_set_null(e, C_CHARGE);
    sg_set_i32(e, C_AMOUNT_RECEIVED, bill->status == BS_INVOICE_PAID ? (int32_t)bill->cents : 0);
    sg_set_enum(e, C_STATUS, intent_status(bill));
    if (bill->status == BS_INVOICE_VOID)
        sg_set_i64(e, C_CANCELED_AT, bill->closed_at);
    else
        sg_set_null(e, C_CANCELED_AT);
    set_error(bill, e);
}

static void fill(const struct sg_world *world, const struct bs_ledger *ledger, const struct bs_bill *bill,
                 struct sg_emitter *e) {
    uint64_t account = ledger->account.number;
    int64_t created = bill->finalized ? bill->finalized : bill->created;
    int64_t last = bill->paid_at    ? bill->paid_at
                   : bill->failures ? bill->attempt_at[bill->failures - 1]
                                    : created;
    struct bs_instrument pays_with = bs_instrument_get(world, &ledger->account, last);
    sg_set_token(e, C_ID, bs_token_key(world, BS_STRIPE_PAYMENT_INTENTS, bill->row));
    sg_set_i32(e, C_ACCOUNT, (int32_t)(account + 1));
    sg_set_token(e, C_CUSTOMER, bs_token_key(world, BS_STRIPE_CUSTOMERS, account));
    sg_set_token(e, C_INVOICE, bs_token_key(world, BS_STRIPE_INVOICES, bill->row));
    sg_set_i32(e, C_AMOUNT, (int32_t)bill->cents);
    sg_set_enum(e, C_CURRENCY, 0);
    sg_set_i64(e, C_CREATED, created);
    sg_set_token(e, C_METHOD, pays_with.key);
    sg_set_enum(e, C_METHOD_TYPE, pays_with.bank);
    sg_set_enum(e, C_CONFIRMATION, 0);
    set_outcome(world, bill, e);
    bs_set_metadata(e, C_METADATA, account);
}

static enum sg_code account_rows(const struct sg_world *world, const struct bs_ledger *ledger,
                                 struct sg_emitter *e, struct sg_error *err) {
    for (uint32_t i = 0; i < ledger->bill_count; i++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        fill(world, ledger, &ledger->bills[i], e);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return bs_each_ledger(world, unit_first, unit_end, account_rows, e, err);
}

const struct bs_table_logic bs_table_stripe_payment_intents = {
    .declaration = {.name = "stripe_payment_intents",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = C_COUNT,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 242,
                    .text_bytes_max = 48,
                    .note = "Stripe payment intents: one per invoice"},
    .rows_before = rows_before,
    .generate = generate,
};
