/* transactions: every user's 90 days, in order of time. */
#include "datasets/spendsense/spendsense.h"

#include "base/calendar.h"

enum column { ID, USER_ID, ACCOUNT_ID, DATE, MERCHANT, AMOUNT, CATEGORY, CREATED_AT, COLUMN_COUNT };

static const struct sg_column columns[COLUMN_COUNT] = {
    [ID] = {.name = "id",
            .type = SG_UUID,
            .origin = {SS_STREAM_ID, 0, "ascending key with noise"},
            .note = "By user, then time."},
    [USER_ID] = {.name = "user_id",
                 .type = SG_UUID,
                 .origin = {0, 0, "the user's key"},
                 .note = "Owner of the account."},
    [ACCOUNT_ID] = {.name = "account_id",
                    .type = SG_UUID,
                    .origin = {0, 0, "by category: checking, or the card for its share"},
                    .note = "Account debited or credited."},
    [DATE] = {.name = "date",
              .type = SG_DATE,
              .origin = {0, 0, "monthly, or by the category's rhythm over weekdays and weekends"},
              .note = "Day of the transaction, within the 90 days before the run's date."},
    [MERCHANT] = {.name = "merchant",
                  .type = SG_TEXT,
                  .length_max = 255,
                  .origin = {0, 0, "the service, or a favourite or another shop of the user"},
                  .note = "Other side of the transaction; shops are invented."},
    [AMOUNT] = {.name = "amount",
                .type = SG_DECIMAL,
                .precision = 10,
                .scale = 2,
                .origin = {0, 0, "the service's price, or humped with a long tail in the category's range"},
                .note = "USD; debit negative, credit positive."},
    [CATEGORY] = {.name = "category",
                  .type = SG_ENUM,
                  .nullable = true,
                  .length_max = 100,
                  .labels = &ss_category_labels,
                  .origin = {0, 0, "monthly rows, then quota 25/20/25/15/10/5 of the user's purchases"},
                  .note = "What it was spent on."},
    [CREATED_AT] = {.name = "created_at",
                    .type = SG_TIMESTAMP,
                    .default_sql = "now()",
                    .origin = {0, 0, "on its day, in the category's hours"},
                    .note = "Posted."},
};

static const struct sg_foreign_key foreign_keys[] = {
    {"user_id", "profiles", "user_id", SG_CASCADE},
    {"account_id", "accounts", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_PARENT_EQ,
     .name = "transaction_of_accounts_owner",
     .a = "user_id",
     .b = "user_id",
     .via = "account_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "transaction_not_before_account",
     .a = "created_at",
     .b = "created_at",
     .via = "account_id"},
    {.kind = SG_RULE_LINEAR,
     .name = "transaction_posted_on_its_day",
     .a = "created_at",
     .b = "created_at - 86400 date",
     .low = 0,
     .high = SG_DAY_S - 1},
    {.kind = SG_RULE_WINDOW,
     .name = "transaction_within_90_days",
     .a = "date",
     .b = "days",
     .high = SS_HISTORY_DAYS},
    {.kind = SG_RULE_PAST, .name = "transaction_date_in_past", .a = "date"},
    {.kind = SG_RULE_PAST, .name = "transaction_in_past", .a = "created_at"},
    {.kind = SG_RULE_NOT_NULL, .name = "transaction_has_category", .a = "category"},
    {.kind = SG_RULE_RANGE,
     .name = "spending_is_debit",
     .a = "amount",
     .low = -100000,
     .high = -1,
     .when = "category",
     .is = "Food & Drink|Shopping|Bills|Subscriptions|Transportation|Entertainment|Interest Charge"},
    {.kind = SG_RULE_MULTIPLE,
     .name = "transfer_in_steps",
     .a = "amount",
     .low = SS_TRANSFER_STEP,
     .when = "category",
     .is = "Transfer"},
    {.kind = SG_RULE_RANGE, .name = "amount_plausible", .a = "amount", .low = -100000, .high = 100000},
};

static const struct sg_index indexes[] = {
    {"transactions_user_id_date", "user_id, date DESC", false, false},
    {"transactions_account_id", "account_id", false, false},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    uint64_t rows;
    sg_prefix_before(&world->transactions, unit, &rows);
    return rows;
}

static void fill(const struct sg_world *world, const struct ss_user *user, uint64_t row,
                 const struct ss_entry *entry, const struct sg_key128 *keys, struct sg_emitter *e) {
    char merchant[SS_MERCHANT_BYTES];
    struct sg_key128 id = ss_uuid_of(world, SS_TRANSACTIONS, row);
    int32_t day = world->day_first + entry->day;
    sg_set_uuid(e, ID, id.high, id.low);
    sg_set_uuid(e, USER_ID, keys[SS_ACCOUNTS_OF_USER].high, keys[SS_ACCOUNTS_OF_USER].low);
    sg_set_uuid(e, ACCOUNT_ID, keys[entry->account].high, keys[entry->account].low);
    sg_set_date(e, DATE, day);
    sg_set_text(e, MERCHANT, merchant, ss_merchant(world, user, entry, merchant));
    sg_set_i64(e, AMOUNT, entry->amount);
    sg_set_enum(e, CATEGORY, entry->category);
    sg_set_i64(e, CREATED_AT, (int64_t)day * SG_DAY_S + entry->second);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct ss_user user;
    struct ss_entry entries[SS_ENTRIES_MAX];
    struct sg_key128 keys[SS_ACCOUNTS_OF_USER + 1]; /* of the accounts and of the user */
    uint64_t row = rows_before(world, unit_first);
    size_t room;
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        ss_user_get(world, unit, &user);
        ss_plan(world, &user, entries);
        for (uint64_t k = 0; k < SS_ACCOUNTS_OF_USER; k++)
            keys[k] = ss_uuid_of(world, SS_ACCOUNTS, unit * SS_ACCOUNTS_OF_USER + k);
        keys[SS_ACCOUNTS_OF_USER] = ss_user_id(world, unit);
        for (uint32_t i = 0; i < user.transactions; i++) {
            SG_TRY(sg_emitter_room(e, &room, err));
            fill(world, &user, row++, &entries[i], keys, e);
            sg_emitter_advance(e, 1);
        }
    }
    return SG_OK;
}

const struct ss_table_logic ss_table_transactions = {
    .declaration = {.name = "transactions",
                    .domain = 0,
                    .columns = columns,
                    .column_count = COLUMN_COUNT,
                    .key = {"id"},
                    .foreign_keys = foreign_keys,
                    .foreign_key_count = 2,
                    SG_ARRAY(rules, rule_count, rules),
                    .indexes = indexes,
                    .index_count = 2,
                    .row_text_bytes = 188,
                    .text_bytes_max = SS_MERCHANT_BYTES,
                    .note = "Everyday and monthly transactions of the last 90 days."},
    .rows_before = rows_before,
    .generate = generate,
};
