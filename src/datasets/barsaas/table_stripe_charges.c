/* stripe_charges: the one succeeded charge of each paid invoice. */
#include "datasets/barsaas/billing.h"

enum {
    C_ID,
    C_ACCOUNT,
    C_CUSTOMER,
    C_INVOICE,
    C_AMOUNT,
    C_CURRENCY,
    C_STATUS,
    C_CREATED,
    C_PAID,
    C_METHOD,
    C_DETAILS,
    C_RISK_LEVEL,
    C_RISK_SCORE,
    C_FAILURE_CODE,
    C_FAILURE_MESSAGE,
    C_COUNT
};

enum { RISK_BASE = 3, RISK_MEAN = 14, RISK_MAX = 74, RISK_ELEVATED = 65 };

static const struct sg_enum statuses = {"charge_status", (const char *const[]){"succeeded", "failed"}, 2};
static const struct sg_enum risk_levels = {"risk_level", (const char *const[]){"normal", "elevated"}, 2};

/* clang-format off */
static const struct sg_column columns[C_COUNT] = {
    [C_ID] = {.name = "id", .type = SG_TOKEN, .token = &bs_token_charge, .origin = {0, 0, "key"}, .note = "Stripe charge id"},
    [C_ACCOUNT] = {.name = "account_id", .type = SG_I32, .origin = {0, 0, "parent's"}, .note = "The account"},
    [C_CUSTOMER] = {.name = "customer", .type = SG_TOKEN, .token = &bs_token_customer, .origin = {0, 0, "parent's"}, .note = "Stripe customer"},
    [C_INVOICE] = {.name = "invoice", .type = SG_TOKEN, .token = &bs_token_invoice, .origin = {0, 0, "the next paid invoice"}, .note = "The invoice it pays"},
    [C_AMOUNT] = {.name = "amount", .type = SG_I32, .origin = {0, 0, "parent's"}, .note = "Amount in cents"},
    [C_CURRENCY] = {.name = "currency", .type = SG_ENUM, .labels = &bs_enum_currency, .origin = {0, 0, "constant"}, .note = "ISO currency, lower case"},
    [C_STATUS] = {.name = "status", .type = SG_ENUM, .labels = &statuses, .origin = {0, 0, "succeeded"}, .note = "Always succeeded: failed attempts are told by events and intents"},
    [C_CREATED] = {.name = "created", .type = SG_TIMESTAMP, .origin = {0, 0, "invoice's payment"}, .note = "When it was paid"},
    [C_PAID] = {.name = "paid", .type = SG_BOOL, .origin = {0, 0, "true"}, .note = "Whether it was paid"},
    [C_METHOD] = {.name = "payment_method", .type = SG_TOKEN, .token = &bs_token_method, .origin = {0, 0, "customer's at that time"}, .note = "Payment method charged"},
    [C_DETAILS] = {.name = "payment_method_details", .type = SG_TEXT, .json = true, .origin = {0, 0, "customer's: bank debit 5/12/35 % by tier; else a card, visa/mastercard/amex/discover 52/29/13/6, a new card every 36 months"}, .note = "JSON with type and brand, last4, expiry of the card or the bank account"},
    [C_RISK_LEVEL] = {.name = "risk_level", .type = SG_ENUM, .labels = &risk_levels, .origin = {0, 0, "elevated from a score of 65"}, .note = "Outcome: level of risk"},
    [C_RISK_SCORE] = {.name = "risk_score", .type = SG_I16, .origin = {BS_STREAM_CHARGE_RISK, 0, "3 + exponential of mean 14, at most 74"}, .note = "Outcome: score of risk, 0 to 100"},
    [C_FAILURE_CODE] = {.name = "failure_code", .type = SG_TEXT, .nullable = true, .length_max = 50, .origin = {0, 0, "NULL"}, .note = "Always NULL"},
    [C_FAILURE_MESSAGE] = {.name = "failure_message", .type = SG_TEXT, .nullable = true, .length_max = 255, .origin = {0, 0, "NULL"}, .note = "Always NULL"},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"account_id", "accounts", "id", SG_CASCADE},
    {"customer", "stripe_customers", "id", SG_CASCADE},
    {"invoice", "stripe_invoices", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_SUM_EQ,
     .name = "charges_pay_their_invoice",
     .a = "amount",
     .b = "amount_paid",
     .via = "invoice"},
    {.kind = SG_RULE_UNIQUE, .name = "one_charge_per_invoice", .a = "invoice"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "charge_at_payment",
     .a = "created",
     .b = "paid_at",
     .via = "invoice"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "charge_account_is_invoices",
     .a = "account_id",
     .b = "account_id",
     .via = "invoice"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "charge_account_is_customers",
     .a = "account_id",
     .b = "account_id",
     .via = "customer"},
    {.kind = SG_RULE_PAST, .name = "charge_created_in_the_past", .a = "created"},
    {.kind = SG_RULE_RANGE, .name = "charge_positive", .a = "amount", .low = 1, .high = INT32_MAX},
    {.kind = SG_RULE_RANGE, .name = "charge_risk_score", .a = "risk_score", .low = 0, .high = 100},
};

static const struct sg_index indexes[] = {
    {.name = "stripe_charges_invoice", .columns = "invoice", .unique = true},
    {.name = "stripe_charges_account_id", .columns = "account_id"},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return bs_billing_before(world, unit).charges;
}

static void set_details(struct sg_emitter *e, const struct bs_instrument *paid_with) {
    char text[192], *end;
    if (paid_with->bank) {
        end = bs_put(text, "{\"type\":\"us_bank_account\",\"us_bank_account\":{\"last4\":\"");
        end = bs_put(bs_put_number(end, paid_with->last4, 4), "\"}}");
    } else {
        end = bs_put(text, "{\"type\":\"card\",\"card\":{\"brand\":\"");
        end = bs_put(bs_put(end, bs_card_brands[paid_with->brand]), "\",\"last4\":\"");
        end = bs_put(bs_put_number(end, paid_with->last4, 4), "\",\"exp_month\":");
        end = bs_put(bs_put_number(end, paid_with->exp_month, 1), ",\"exp_year\":");
        end = bs_put(bs_put_number(end, paid_with->exp_year, 4), "}}");
    }
    sg_set_text(e, C_DETAILS, text, (size_t)(end - text));
}

static void set_risk(const struct sg_world *world, struct sg_emitter *e, uint64_t row) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_STRIPE_CHARGES);
    uint32_t word = sg_draw(&source, row, BS_STREAM_CHARGE_RISK, 0).w[0];
    int16_t score = (int16_t)sg_scaled(RISK_BASE, RISK_MEAN, sg_exponential(word), 0, RISK_MAX);
    sg_set_enum(e, C_RISK_LEVEL, score >= RISK_ELEVATED);
    sg_set_i16(e, C_RISK_SCORE, score);
}

static void fill(const struct sg_world *world, const struct bs_ledger *ledger, const struct bs_bill *bill,
                 struct sg_emitter *e) {
    uint64_t account = ledger->account.number;
    struct bs_instrument paid_with = bs_instrument_get(world, &ledger->account, bill->paid_at);
    sg_set_token(e, C_ID, bs_token_key(world, BS_STRIPE_CHARGES, bill->charge_row));
    sg_set_i32(e, C_ACCOUNT, (int32_t)(account + 1));
    sg_set_token(e, C_CUSTOMER, bs_token_key(world, BS_STRIPE_CUSTOMERS, account));
    sg_set_token(e, C_INVOICE, bs_token_key(world, BS_STRIPE_INVOICES, bill->row));
    sg_set_i32(e, C_AMOUNT, (int32_t)bill->cents);
    sg_set_enum(e, C_CURRENCY, 0);
    sg_set_enum(e, C_STATUS, 0);
    sg_set_i64(e, C_CREATED, bill->paid_at);
    sg_set_bool(e, C_PAID, true);
    sg_set_token(e, C_METHOD, paid_with.key);
    set_details(e, &paid_with);
    set_risk(world, e, bill->charge_row);
    sg_set_null(e, C_FAILURE_CODE);
    sg_set_null(e, C_FAILURE_MESSAGE);
}

static enum sg_code account_rows(const struct sg_world *world, const struct bs_ledger *ledger,
                                 struct sg_emitter *e, struct sg_error *err) {
    for (uint32_t i = 0; i < ledger->bill_count; i++) {
        if (ledger->bills[i].status != BS_INVOICE_PAID) continue;
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

const struct bs_table_logic bs_table_stripe_charges = {
    .declaration = {.name = "stripe_charges",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = C_COUNT,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 254,
                    .text_bytes_max = 192,
                    .note = "Stripe charges: the one succeeded charge of each paid invoice"},
    .rows_before = rows_before,
    .generate = generate,
};
