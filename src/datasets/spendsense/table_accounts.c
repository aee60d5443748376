/* accounts: three a user, checking, savings, credit card. */
#include "datasets/spendsense/spendsense.h"

enum column { ID, USER_ID, ACCOUNT_TYPE, ACCOUNT_NUMBER_LAST4, BALANCE, LIMIT, CREATED_AT, COLUMN_COUNT };

static const struct sg_column columns[COLUMN_COUNT] = {
    [ID] = {.name = "id",
            .type = SG_UUID,
            .origin = {SS_STREAM_ID, 0, "ascending key with noise"},
            .note = "By user, then checking, savings, card."},
    [USER_ID] = {.name = "user_id", .type = SG_UUID, .origin = {0, 0, "the user's key"}, .note = "Owner."},
    [ACCOUNT_TYPE] = {.name = "account_type",
                      .type = SG_ENUM,
                      .length_max = 30,
                      .labels = &ss_account_type_labels,
                      .origin = {0, 0, "one of each a user; high yield by persona"},
                      .note = "Kind of account."},
    [ACCOUNT_NUMBER_LAST4] = {.name = "account_number_last4",
                              .type = SG_TEXT,
                              .nullable = true,
                              .length_max = 4,
                              .origin = {SS_STREAM_NUMBER, 0, "uniform"},
                              .note = "Last four digits of the number."},
    [BALANCE] = {.name = "balance",
                 .type = SG_DECIMAL,
                 .nullable = true,
                 .precision = 10,
                 .scale = 2,
                 .origin = {0, 0, "the seed's, else from the persona's range"},
                 .note = "At the end of the window, USD; of a card the amount owed."},
    [LIMIT] = {.name = "limit",
               .type = SG_DECIMAL,
               .nullable = true,
               .precision = 10,
               .scale = 2,
               .origin = {0, 0, "the seed's, else from the persona's range in steps of 500"},
               .note = "Credit limit of a card, USD."},
    [CREATED_AT] = {.name = "created_at",
                    .type = SG_TIMESTAMP,
                    .default_sql = "now()",
                    .origin = {0, 0, "within 20 days of sign-up"},
                    .note = "Linked to the application."},
};

static const struct sg_foreign_key foreign_keys[] = {{"user_id", "profiles", "user_id", SG_CASCADE}};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_RANGE, .name = "balance_not_negative", .a = "balance", .low = 0, .high = 9999999999},
    {.kind = SG_RULE_LE, .name = "card_within_limit", .a = "balance", .b = "limit"},
    {.kind = SG_RULE_RANGE, .name = "limit_in_range", .a = "limit", .low = 200000, .high = 1500000},
    {.kind = SG_RULE_MULTIPLE, .name = "limit_in_steps", .a = "limit", .low = SS_LIMIT_STEP},
    {.kind = SG_RULE_LINEAR,
     .name = "card_used_to_94_percent",
     .a = "balance",
     .b = "94 limit - 100 balance",
     .low = 0,
     .high = 94 * 1500000,
     .when = "account_type",
     .is = "credit_card"},
    {.kind = SG_RULE_NOT_NULL,
     .name = "card_has_limit",
     .a = "limit",
     .when = "account_type",
     .is = "credit_card"},
    {.kind = SG_RULE_NULL,
     .name = "only_cards_have_limits",
     .a = "limit",
     .when = "account_type",
     .is = "checking|savings|high_yield_savings"},
    {.kind = SG_RULE_NOT_NULL, .name = "account_has_balance", .a = "balance"},
    {.kind = SG_RULE_NOT_NULL, .name = "account_has_number", .a = "account_number_last4"},
    {.kind = SG_RULE_SHAPE, .name = "account_number_is_digits", .a = "account_number_last4", .b = "[0-9]{4}"},
    {.kind = SG_RULE_PAST, .name = "account_created_in_past", .a = "created_at"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "account_not_before_profile",
     .a = "created_at",
     .b = "created_at",
     .via = "user_id"},
};

static const struct sg_index indexes[] = {{"accounts_user_id", "user_id", false, false}};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    (void)world;
    return unit * SS_ACCOUNTS_OF_USER;
}

static void fill(const struct sg_world *world, const struct ss_user *user, int k, struct sg_emitter *e) {
    const enum ss_account_type types[SS_ACCOUNTS_OF_USER] = {SS_TYPE_CHECKING, user->savings_type,
                                                             SS_TYPE_CARD};
    uint64_t row = user->number * SS_ACCOUNTS_OF_USER + (uint64_t)k;
    struct sg_key128 id = ss_uuid_of(world, SS_ACCOUNTS, row), owner = ss_user_id(world, user->number);
    char last4[5];
    ss_last4(world, row, last4);
    sg_set_uuid(e, ID, id.high, id.low);
    sg_set_uuid(e, USER_ID, owner.high, owner.low);
    sg_set_enum(e, ACCOUNT_TYPE, (uint16_t)types[k]);
    sg_set_text(e, ACCOUNT_NUMBER_LAST4, last4, 4);
    sg_set_i64(e, BALANCE, user->balance[k]);
    if (k == SS_CARD)
        sg_set_i64(e, LIMIT, user->card_limit);
    else
        sg_set_null(e, LIMIT);
    sg_set_i64(e, CREATED_AT, user->opened[k]);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct ss_user user;
    size_t room;
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        ss_user_get(world, unit, &user);
        for (int k = 0; k < SS_ACCOUNTS_OF_USER; k++) {
            SG_TRY(sg_emitter_room(e, &room, err));
            fill(world, &user, k, e);
            sg_emitter_advance(e, 1);
        }
    }
    return SG_OK;
}

const struct ss_table_logic ss_table_accounts = {
    .declaration = {.name = "accounts",
                    .domain = 0,
                    .columns = columns,
                    .column_count = COLUMN_COUNT,
                    .key = {"id"},
                    .foreign_keys = foreign_keys,
                    .foreign_key_count = 1,
                    SG_ARRAY(rules, rule_count, rules),
                    .indexes = indexes,
                    .index_count = 1,
                    .row_text_bytes = 129,
                    .text_bytes_max = 4,
                    .note = "Bank accounts and cards that users linked."},
    .rows_before = rows_before,
    .generate = generate,
};
