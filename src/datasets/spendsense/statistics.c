/* The declared model of spendsense: the contract's shares, ranges and rhythms as the rows must show them.
 * Data only; verification measures it, the catalog lists it. */
#include "base/calendar.h"
#include "datasets/spendsense/spendsense.h"
#include "model/statistic_terms.h"

#define EXACT          "exact"
#define WHOLE_ROWS     "each user's purchases are rounded to whole rows"
#define WHOLE_PERSONAS "the demo users' own numbers, and personas rounded to whole users"
#define BY_CHANCE      "chance"
#define FROM_SEED      "contract, rules"
#define FROM_PERSONAS  "declaration: personas"

/* Conditions on a transaction; amounts in cents, the size of a debit. */
#define CATEGORY(labels_)    LABEL("category", labels_)
#define AMOUNT_FROM(value_)  FROM("amount", value_)
#define AMOUNT_BELOW(value_) BELOW("amount", value_)
#define DEBIT(low_, high_)   AMOUNT_FROM(-(high_)), AMOUNT_BELOW(1 - (low_))
#define IS_DEBIT             AMOUNT_BELOW(0)
#define ON_ACCOUNT(types_)   OF_PARENT("account_id", "account_type", types_)
#define ON_CARD              ON_ACCOUNT("credit_card")
#define IS_MONTHLY           TEXT("merchant", SS_MONTHLY_NAMES)
#define IS_SERVICE           TEXT("merchant", SS_SERVICE_NAMES)
#define PURCHASE(labels_)    CATEGORY(labels_), OTHER_TEXT("merchant", SS_SERVICE_NAMES)
#define ANY_PURCHASE         PURCHASE("Food & Drink|Shopping|Bills|Subscriptions|Transportation|Entertainment")
#define IS_TRANSFER          CATEGORY("Transfer")
#define TRANSFER(side_)      IS_TRANSFER, side_
#define HISTORY              SINCE_DAYS("date", SS_HISTORY_DAYS), BEFORE_DAYS("date", 0)
#define LINKED(test_, s_)    test_("created_at", "user_id", "created_at", s_)
#define IS_LINKED_IN_TIME    LINKED(AGE_FROM, 60), LINKED(AGE_BELOW, 60 + SS_LINKED_WITHIN_DAYS * SG_DAY_S)
#define IS_CARD              LABEL("account_type", "credit_card")

/* Accounts that meet some conditions, as a share of those that meet others. */
#define ACCOUNT_SHARE(name_, which_, of_, share_, slack_, reason_, source_)                                  \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO, .of = {.table = "accounts", .where = {which_, of_}},           \
        .by = {.table = "accounts", .where = {of_}}, .expected = share_, .slack = slack_, .reason = reason_, \
        .source = source_                                                                                    \
    }
/* All transactions that meet some conditions meet others, too. */
#define ALL(name_, of_, which_, source_)                                                                     \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO, .of = {.table = "transactions", .where = {which_, of_}},       \
        .by = {.table = "transactions", .where = {of_}}, .expected = 1, .reason = EXACT, .source = source_   \
    }
/* Every amount of a category lies in its range. */
#define IN_RANGE(name_, category_, low_, high_) ALL(name_, CATEGORY(category_), DEBIT(low_, high_), FROM_SEED)
/* Rows of some categories on the card. */
#define CARD_SHARE(name_, categories_, share_, tolerance_, reason_)                                          \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO,                                                                \
        .of = {.table = "transactions", .where = {CATEGORY(categories_), ON_CARD}},                          \
        .by = {.table = "transactions", .where = {CATEGORY(categories_)}}, .expected = share_,               \
        .tolerance = tolerance_, .reason = reason_, .source = FROM_SEED                                      \
    }
/* The rows of 30 days of the 90. */
#define THIRD(name_, ...)                                                                                    \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO, .of = {.table = "transactions", .where = {__VA_ARGS__}},       \
        .by = {.table = "transactions"}, .expected = 1.0 / 3, .tolerance = 0.02, .spread = 3,                \
        .reason = "chance, and eight to ten days of weekends in 30", .source = "seed 5"                      \
    }

/* Transactions, so many for each user on average. */
#define EACH(name_, mean_, slack_, source_, ...)                                                             \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO, .of = {.table = "transactions", .where = {__VA_ARGS__}},       \
        .by = {.table = "profiles"}, .expected = mean_, .slack = slack_, .reason = WHOLE_PERSONAS,           \
        .source = source_                                                                                    \
    }
/* Every user has so many accounts of some types. */
#define ACCOUNTS_EACH(name_, count_, types_)                                                                 \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_DEGREE,                                                               \
        .of = {.table = "accounts", .column = "user_id", .where = {LABEL("account_type", types_)}},          \
        .low = count_, .high = count_, .expected = count_, .reason = EXACT, .source = "seed 3"               \
    }

/* A user's rows with the same cell of a column. */
#define GROUPS(name_, measured_, key_, test_, rows_, percent_, low_, high_, ...)                             \
    .name = name_, .kind = SG_STAT_GROUPS,                                                                   \
    .of = {.table = "transactions", .column = measured_, .where = {__VA_ARGS__}},                            \
    .group = {.via = "user_id", .key = key_, .test = test_, .rows = rows_, .percent = percent_},             \
    .low = low_, .high = high_, .source = FROM_SEED
/* Three rows, each 30 days after the one before within three days. */
#define THREE_MONTHS(name_, key_, ...)                                                                       \
    {                                                                                                        \
        GROUPS(name_, "date", key_, SG_GROUP_STEPS, SS_MONTHS, 0, SS_MONTH_DAYS - 3, SS_MONTH_DAYS + 3,      \
               __VA_ARGS__),                                                                                 \
            .expected = 1, .reason = EXACT                                                                   \
    }
/* Merchants of a user with three or more charges within some percent of their mean. */
#define LOOK_RECURRING(name_, percent_, share_, ...)                                                         \
    {                                                                                                        \
        GROUPS(name_, "amount", "merchant", SG_GROUP_ALIKE, 3, percent_, 0, 0, __VA_ARGS__),                 \
            .expected = share_, .reason = EXACT                                                              \
    }

/* Purchases by quarters of their range, dearest first: a hump at the low end and a long tail. */
#define PRICES(name_, low_, high_, ...)                                                                      \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_PROFILE,                                                              \
        .of = {.table = "transactions", .column = "amount", .where = {__VA_ARGS__}},                         \
        .classes = SG_CLASSES_VALUE, .bins = {-(high_), ((high_) - (low_)) / 200 * 50}, WEIGHTS(hump),       \
        .tolerance = 0.02, .spread = 3, .reason = "chance, and prices that end in 99 cents",                 \
        .source = FROM_SEED                                                                                  \
    }
/* Days of a category over the week. The window has twelve or thirteen of each. */
#define WEEK(name_, category_, weights_)                                                                     \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_PROFILE,                                                              \
        .of = {.table = "transactions", .column = "date", .where = {CATEGORY(category_)}},                   \
        .classes = SG_CLASSES_WEEKDAY, .weights = weights_, .class_count = 7, .tolerance = 0.035,            \
        .spread = 2, .reason = "chance, and twelve or thirteen of each weekday in 90 days",                  \
        .source = FROM_SEED                                                                                  \
    }

/* The three demo users, at any size. */
#define USER(email_)    TEXT("email", email_)
#define OF_USER(email_) TEXT_OF_PARENT("user_id", "email", email_)
#define HANNAH          "hannah@demo.com"
#define SAM             "sam@demo.com"
#define SARAH           "sarah@demo.com"
#define SEED_USER(email_)                                                                                    \
    {                                                                                                        \
        .table = "profiles", .where = { USER(email_) }                                                       \
    }

/* So many transactions of a user, among those that meet further conditions. */
#define COUNT_OF(name_, email_, count_, source_, ...)                                                        \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO,                                                                \
        .of = {.table = "transactions", .where = {OF_USER(email_), __VA_ARGS__}}, .by = SEED_USER(email_),   \
        .expected = count_, .reason = EXACT, .source = source_                                               \
    }
/* A monthly charge: three times the same amount at the same merchant, on the card. */
#define MONTHLY(name_, email_, merchant_, cents_)                                                            \
    COUNT_OF(name_, email_, SS_MONTHS, FROM_SEED, TEXT("merchant", merchant_), DEBIT(cents_, cents_), ON_CARD)
/* An amount of a user's account, in cents. */
#define ACCOUNT(name_, email_, type_, column_, cents_)                                                       \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO,                                                                \
        .of = {.table = "accounts",                                                                          \
               .column = column_,                                                                            \
               .where = {OF_USER(email_), LABEL("account_type", type_)}},                                    \
        .by = SEED_USER(email_), .expected = cents_, .reason = EXACT, .source = "seed 3"                     \
    }
#define ACCOUNTS(name_, email_, checking_, savings_type_, savings_, card_, limit_)                           \
    ACCOUNT("checking_of_" name_, email_, "checking", "balance", checking_),                                 \
        ACCOUNT("savings_of_" name_, email_, savings_type_, "balance", savings_),                            \
        ACCOUNT("card_of_" name_, email_, "credit_card", "balance", card_),                                  \
        ACCOUNT("limit_of_" name_, email_, "credit_card", "limit", limit_)

static const uint32_t everyday[] = {25, 20, 25, 15, 10, 5};
static const uint32_t hump[] = {29, 544, 3263, 6164};
static const uint32_t weekends[] = {10, 10, 10, 10, 10, 17, 17};
static const uint32_t workdays[] = {15, 15, 15, 15, 15, 8, 8};

const struct sg_statistic ss_statistics[] = {
    SERIES("sign_ups", "profiles", "created_at", NULL, "declaration", NO_CONDITION),
    SERIES_IN("USD", "spending", "transactions", "date", "amount", "seed 5", NO_CONDITION),
    ACCOUNTS_EACH("accounts_of_user", SS_ACCOUNTS_OF_USER, "checking|savings|high_yield_savings|credit_card"),
    ACCOUNTS_EACH("checking_of_user", 1, "checking"),
    ACCOUNTS_EACH("savings_of_user", 1, "savings|high_yield_savings"),
    ACCOUNTS_EACH("card_of_user", 1, "credit_card"),
    ACCOUNT_SHARE("linked_after_sign_up", IS_LINKED_IN_TIME, NO_CONDITION, 1, 0, EXACT, "declaration"),
    ACCOUNT_SHARE("cards_used_to_half", PERCENT_FROM("balance", 50, "limit"), IS_CARD, 0.3, 2, WHOLE_PERSONAS,
                  FROM_PERSONAS),
    ACCOUNT_SHARE("cards_used_little", PERCENT_BELOW("balance", 29, "limit"), IS_CARD, 0.7, 2, WHOLE_PERSONAS,
                  FROM_PERSONAS),
    EACH("transactions_of_user", 174.75, 60, "seed 4", HISTORY),
    EACH("interest_of_user", 0.9, 6, FROM_PERSONAS, CATEGORY("Interest Charge")),
    EACH("transfers_of_user", 1.5, 12, FROM_PERSONAS, IS_TRANSFER),
    {GROUPS("users_with_many_services", NULL, NULL, SG_GROUP_ROWS, 0, 0, 5 * SS_MONTHS, 8 * SS_MONTHS,
            IS_SERVICE),
     .by = {.table = "profiles"}, .expected = 0.2, .slack = 2, .reason = WHOLE_PERSONAS},
    {.name = "interest_rate",
     .kind = SG_STAT_RATIO,
     .of = {.table = "transactions", .column = "amount", .where = {CATEGORY("Interest Charge")}},
     .by = {.table = "transactions",
            .column = "balance",
            .via = "account_id",
            .where = {CATEGORY("Interest Charge")}},
     .expected = -0.022,
     .tolerance = 0.0005,
     .spread = 0.02,
     .reason = "drawn from 1.9 to 2.5 % a month; 2.56 % for Hannah",
     .source = FROM_PERSONAS},
    ALL("interest_on_used_cards", CATEGORY("Interest Charge"),
        PERCENT_FROM_PARENT("account_id", "balance", 50, "limit"), FROM_PERSONAS),
    {.name = "everyday_categories",
     .kind = SG_STAT_PROFILE,
     .of = {.table = "transactions", .column = "category", .where = {ANY_PURCHASE}},
     SG_ARRAY(weights, class_count, everyday),
     .tolerance = 0.02,
     .reason = WHOLE_ROWS,
     .source = FROM_SEED},
    CARD_SHARE("bills_on_card", "Bills", 0.6, 0.02, WHOLE_ROWS),
    CARD_SHARE("shopping_on_card", "Shopping", 0.6, 0.02, WHOLE_ROWS),
    CARD_SHARE("subscriptions_on_card", "Subscriptions|Interest Charge", 1, 0, EXACT),
    CARD_SHARE("the_rest_on_checking", "Food & Drink|Transportation|Entertainment", 0, 0, EXACT),
    ALL("no_purchase_on_savings",
        CATEGORY("Food & Drink|Shopping|Bills|Subscriptions|Transportation|"
                 "Entertainment|Interest Charge"),
        ON_ACCOUNT("checking|credit_card"), FROM_SEED),
    IN_RANGE("food_amounts", "Food & Drink", 500, 7500),
    IN_RANGE("shopping_amounts", "Shopping", 1500, 20000),
    IN_RANGE("bill_amounts", "Bills", 3000, 15000),
    IN_RANGE("subscription_amounts", "Subscriptions", 999, 6999),
    IN_RANGE("transport_amounts", "Transportation", 1000, 5000),
    IN_RANGE("fun_amounts", "Entertainment", 800, 10000),
    ALL("purchased_subscription_amounts", PURCHASE("Subscriptions"), DEBIT(1000, 3000), FROM_SEED),
    PRICES("food_prices", 500, 7500, CATEGORY("Food & Drink")),
    PRICES("shopping_prices", 1500, 20000, CATEGORY("Shopping")),
    PRICES("bill_prices", 3000, 15000, CATEGORY("Bills")),
    PRICES("subscription_prices", 1000, 3000, PURCHASE("Subscriptions")),
    PRICES("transport_prices", 1000, 5000, CATEGORY("Transportation")),
    PRICES("fun_prices", 800, 10000, CATEGORY("Entertainment")),
    THREE_MONTHS("charged_monthly", "merchant", IS_MONTHLY),
    THREE_MONTHS("transferred_monthly", "account_id", IS_TRANSFER),
    LOOK_RECURRING("charged_alike", 0, 1, IS_MONTHLY),
    LOOK_RECURRING("shops_that_look_recurring", 10, 0, IS_DEBIT, OTHER_TEXT("merchant", SS_MONTHLY_NAMES)),
    {GROUPS("favourite_restaurants", NULL, "merchant", SG_GROUP_ROWS, 0, 0, 3, INT64_MAX,
            CATEGORY("Food & Drink")),
     .expected = 0.29, .tolerance = 0.02, .spread = 3, .reason = BY_CHANCE},
    {GROUPS("transfers_of_a_day", "amount", "date", SG_GROUP_SUM, 2, 0, 0, 0, IS_TRANSFER), .expected = 1,
     .reason = EXACT},
    {.name = "transfers_have_two_sides",
     .kind = SG_STAT_RATIO,
     .of = {.table = "transactions", .column = "amount", .where = {IS_TRANSFER, AMOUNT_FROM(0)}},
     .by = {.table = "transactions", .column = "amount", .where = {IS_TRANSFER, IS_DEBIT}},
     .expected = -1,
     .reason = EXACT,
     .source = FROM_SEED},
    ALL("transfers_from_checking", TRANSFER(IS_DEBIT), ON_ACCOUNT("checking"), FROM_SEED),
    ALL("transfers_to_savings", TRANSFER(AMOUNT_FROM(0)), ON_ACCOUNT("savings|high_yield_savings"),
        FROM_SEED),
    ALL("transfer_amounts", TRANSFER(IS_DEBIT), DEBIT(20000, 100000), FROM_PERSONAS),
    COUNT_OF("transactions_of_hannah", HANNAH, 200, "seed 4", NO_CONDITION),
    COUNT_OF("transactions_of_sam", SAM, 180, "seed 4", NO_CONDITION),
    COUNT_OF("transactions_of_sarah", SARAH, 150, "seed 4", NO_CONDITION),
    ACCOUNTS("hannah", HANNAH, 85000, "savings", 120000, 340000, 500000),
    ACCOUNTS("sam", SAM, 240000, "savings", 500000, 80000, 800000),
    ACCOUNTS("sarah", SARAH, 320000, "high_yield_savings", 850000, 40000, 300000),
    MONTHLY("netflix_of_hannah", HANNAH, "Netflix", 1599),
    MONTHLY("spotify_of_hannah", HANNAH, "Spotify", 1099),
    MONTHLY("planet_fitness_of_hannah", HANNAH, "Planet Fitness", 1000),
    MONTHLY("adobe_of_hannah", HANNAH, "Adobe", 5299),
    MONTHLY("interest_of_hannah", HANNAH, "Card Interest Charge", 8700),
    MONTHLY("netflix_of_sam", SAM, "Netflix", 1599),
    MONTHLY("hulu_of_sam", SAM, "Hulu", 1299),
    MONTHLY("disney_of_sam", SAM, "Disney+", 1099),
    MONTHLY("spotify_of_sam", SAM, "Spotify", 1099),
    MONTHLY("icloud_of_sam", SAM, "Apple iCloud", 999),
    MONTHLY("nyt_of_sam", SAM, "NYT", 1700),
    MONTHLY("peloton_of_sam", SAM, "Peloton", 3900),
    MONTHLY("hellofresh_of_sam", SAM, "HelloFresh", 6999),
    COUNT_OF("savings_of_sarah_out", SARAH, SS_MONTHS, FROM_SEED, CATEGORY("Transfer"), AMOUNT_FROM(-50000),
             AMOUNT_BELOW(-49999), OF_PARENT("account_id", "account_type", "checking")),
    COUNT_OF("savings_of_sarah_in", SARAH, SS_MONTHS, FROM_SEED, CATEGORY("Transfer"), AMOUNT_FROM(50000),
             AMOUNT_BELOW(50001), OF_PARENT("account_id", "account_type", "high_yield_savings")),
    COUNT_OF("services_of_hannah", HANNAH, 4 * SS_MONTHS, "contract, rules", IS_SERVICE),
    COUNT_OF("services_of_sam", SAM, 8 * SS_MONTHS, "contract, rules", IS_SERVICE),
    COUNT_OF("services_of_sarah", SARAH, 0, "contract, rules", IS_SERVICE),
    COUNT_OF("transfers_of_hannah", HANNAH, 0, FROM_SEED, IS_TRANSFER),
    COUNT_OF("interest_or_transfers_of_sam", SAM, 0, FROM_SEED, CATEGORY("Interest Charge|Transfer")),
    COUNT_OF("interest_of_sarah", SARAH, 0, FROM_SEED, CATEGORY("Interest Charge")),
    ALL("days_of_history", NO_CONDITION, HISTORY, "contract, rules"),
    THIRD("first_month", BEFORE_DAYS("date", 60)),
    THIRD("second_month", SINCE_DAYS("date", 60), BEFORE_DAYS("date", 30)),
    THIRD("third_month", SINCE_DAYS("date", 30)),
    WEEK("food_on_weekends", "Food & Drink", weekends),
    WEEK("fun_on_weekends", "Entertainment", weekends),
    WEEK("transport_on_workdays", "Transportation", workdays),
};
_Static_assert(sizeof ss_statistics / sizeof *ss_statistics == SS_STATISTIC_COUNT, "every entry is counted");
