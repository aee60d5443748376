/* stripe_customers: one per account, with billing contact, address and what it pays with. */
#include "datasets/barsaas/billing.h"
#include "reference/reference.h"

enum {
    C_ID,
    C_ACCOUNT,
    C_EMAIL,
    C_NAME,
    C_PHONE,
    C_LINE1,
    C_CITY,
    C_STATE,
    C_POSTAL_CODE,
    C_COUNTRY,
    C_CREATED,
    C_CURRENCY,
    C_DEFAULT_SOURCE,
    C_DELINQUENT,
    C_BALANCE,
    C_INVOICE_PREFIX,
    C_METADATA,
    C_COUNT
};

enum { BILLING_ADDRESS_PER_MILLION = 350000 };

static const struct sg_enum countries = {"country", (const char *const[]){"US"}, 1};

/* clang-format off */
static const struct sg_column columns[C_COUNT] = {
    [C_ID] = {.name = "id", .type = SG_TOKEN, .token = &bs_token_customer, .origin = {0, 0, "key"}, .note = "Stripe customer id"},
    [C_ACCOUNT] = {.name = "account_id", .type = SG_I32, .origin = {0, 0, "row + 1"}, .note = "The account it bills, one to one"},
    [C_EMAIL] = {.name = "email", .type = SG_TEXT, .length_max = 255, .origin = {BS_STREAM_CUSTOMER_CONTACT, 0, "35 % billing@domain, else the first user's"}, .note = "Billing contact at the account's domain"},
    [C_NAME] = {.name = "name", .type = SG_TEXT, .length_max = 255, .origin = {0, 0, "account's"}, .note = "Name of the account"},
    [C_PHONE] = {.name = "phone", .type = SG_TEXT, .length_max = 20, .origin = {BS_STREAM_CUSTOMER_CONTACT, 1, "uniform area code, fictional 555-01xx"}, .note = "Telephone, E.164"},
    [C_LINE1] = {.name = "address_line1", .type = SG_TEXT, .length_max = 120, .origin = {BS_STREAM_CUSTOMER_CONTACT, 2, "house number 1..9899 and a street"}, .note = "Billing address"},
    [C_CITY] = {.name = "address_city", .type = SG_TEXT, .length_max = 100, .origin = {0, 0, "first location's"}, .note = "City of the billing address"},
    [C_STATE] = {.name = "address_state", .type = SG_TEXT, .length_max = 2, .origin = {0, 0, "first location's"}, .note = "State of the billing address, USPS code"},
    [C_POSTAL_CODE] = {.name = "address_postal_code", .type = SG_TEXT, .length_max = 10, .origin = {0, 0, "of the first location's city"}, .note = "ZIP code of the billing address"},
    [C_COUNTRY] = {.name = "address_country", .type = SG_ENUM, .labels = &countries, .origin = {0, 0, "constant"}, .note = "Country of the billing address"},
    [C_CREATED] = {.name = "created", .type = SG_TIMESTAMP, .origin = {0, 0, "account's"}, .note = "Together with the account"},
    [C_CURRENCY] = {.name = "currency", .type = SG_ENUM, .labels = &bs_enum_currency, .origin = {0, 0, "constant"}, .note = "ISO currency, lower case"},
    [C_DEFAULT_SOURCE] = {.name = "default_source", .type = SG_TOKEN, .token = &bs_token_method, .origin = {0, 0, "key of the latest card or bank account: stream 3, one draw per card"}, .note = "Payment method charged now (or last)"},
    [C_DELINQUENT] = {.name = "delinquent", .type = SG_BOOL, .origin = {0, 0, "a subscription is past due or unpaid"}, .note = "Whether the latest charge failed for good"},
    [C_BALANCE] = {.name = "balance", .type = SG_I32, .origin = {0, 0, "0"}, .note = "Credit (negative) or debt in cents"},
    [C_INVOICE_PREFIX] = {.name = "invoice_prefix", .type = SG_TEXT, .length_max = 8, .origin = {0, 0, "permutation of 32 bits"}, .note = "First part of its invoice numbers"},
    [C_METADATA] = {.name = "metadata", .type = SG_TEXT, .json = true, .origin = {0, 0, "account's"}, .note = "JSON with account_id"},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"account_id", "accounts", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "customer_per_account", .a = "account_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "customer_not_before_account",
     .a = "created",
     .b = "created_at",
     .via = "account_id"},
    {.kind = SG_RULE_PAST, .name = "customer_created_in_the_past", .a = "created"},
    {.kind = SG_RULE_UNIQUE, .name = "customer_invoice_prefix_unique", .a = "invoice_prefix"},
};

static const struct sg_index indexes[] = {
    {.name = "stripe_customers_account_id", .columns = "account_id", .unique = true},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    (void)world;
    return unit;
}

static void set_email(const struct sg_world *world, struct sg_emitter *e, const struct bs_account *account,
                      uint32_t word) {
    char text[BS_EMAIL_BYTES + 8], *end = text;
    if (account->user_count && !sg_chance(word, BILLING_ADDRESS_PER_MILLION)) {
        end += bs_user_email(world, account, account->user_first, text);
    } else {
        char domain[BS_DOMAIN_BYTES];
        bs_company_domain(world, account->number, domain);
        end = bs_put(bs_put(text, "billing@"), domain);
    }
    sg_set_text(e, C_EMAIL, text, (size_t)(end - text));
}

static void set_phone(struct sg_emitter *e, uint32_t word) {
    char text[16], *end = bs_put(text, "+1");
    end = bs_put_number(end, 201 + sg_below(word, 780), 3);
    end = bs_put_number(bs_put(end, "55501"), word % 100, 2);
    sg_set_text(e, C_PHONE, text, (size_t)(end - text));
}

static void set_address(struct sg_emitter *e, const struct bs_account *account, const struct sg_block *draw) {
    const struct sg_city *city = &sg_cities[account->locations[0].city];
    const char *street = sg_street_name(draw->w[3]);
    char text[160], *end = bs_put_number(text, 1 + sg_below(draw->w[2], 9899), 1);
    end = bs_put(bs_put(end, " "), street);
    sg_set_text(e, C_LINE1, text, (size_t)(end - text));
    sg_set_text(e, C_CITY, city->name, strlen(city->name));
    sg_set_text(e, C_STATE, city->state, 2);
    sg_set_text(e, C_POSTAL_CODE, city->zip, 5);
    sg_set_enum(e, C_COUNTRY, 0);
}

static void fill(const struct sg_world *world, const struct bs_ledger *ledger, struct sg_emitter *e) {
    const struct bs_account *account = &ledger->account;
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_STRIPE_CUSTOMERS);
    struct sg_block contact = sg_draw(&source, account->number, BS_STREAM_CUSTOMER_CONTACT, 0);
    char name[BS_NAME_BYTES], prefix[8];
    bool delinquent = false;
    for (int s = 0; s < account->sub_count; s++)
        delinquent |= ledger->status[s] == BS_STRIPE_PAST_DUE || ledger->status[s] == BS_STRIPE_UNPAID;
    sg_set_token(e, C_ID, bs_token_key(world, BS_STRIPE_CUSTOMERS, account->number));
    sg_set_i32(e, C_ACCOUNT, (int32_t)(account->number + 1));
    set_email(world, e, account, contact.w[0]);
    sg_set_text(e, C_NAME, name, bs_company_name(world, account->number, name));
    set_phone(e, contact.w[1]);
    set_address(e, account, &contact);
    sg_set_i64(e, C_CREATED, account->created);
    sg_set_enum(e, C_CURRENCY, 0);
    sg_set_token(e, C_DEFAULT_SOURCE, bs_instrument_get(world, account, ledger->horizon).key);
    sg_set_bool(e, C_DELINQUENT, delinquent);
    sg_set_i32(e, C_BALANCE, 0);
    bs_invoice_prefix(world, account->number, prefix);
    sg_set_text(e, C_INVOICE_PREFIX, prefix, sizeof prefix);
    bs_set_metadata(e, C_METADATA, account->number);
}

static enum sg_code account_rows(const struct sg_world *world, const struct bs_ledger *ledger,
                                 struct sg_emitter *e, struct sg_error *err) {
    size_t room;
    SG_TRY(sg_emitter_room(e, &room, err));
    fill(world, ledger, e);
    sg_emitter_advance(e, 1);
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return bs_each_ledger(world, unit_first, unit_end, account_rows, e, err);
}

const struct bs_table_logic bs_table_stripe_customers = {
    .declaration = {.name = "stripe_customers",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = C_COUNT,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 223,
                    .text_bytes_max = 800,
                    .note = "Stripe customers: one per account"},
    .rows_before = rows_before,
    .generate = generate,
};
