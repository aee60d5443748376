/* The declared model of spendsense: the contract's shares, ranges and rhythms as the rows must show them.
 * Data only; verification measures it, the catalog lists it. */
#include "datasets/spendsense/spendsense.h"
#include "model/statistic_terms.h"

#define CATEGORY(labels_)    LABEL("category", labels_)
#define ON_CARD              OF_PARENT("account_id", "account_type", "credit_card")
#define AMOUNT_FROM(value_)  FROM("amount", value_)
#define AMOUNT_BELOW(value_) BELOW("amount", value_)

#define EXACT       "exact"
#define WHOLE_USERS "each user's purchases are rounded to whole rows"
#define FROM_SEED   "contract, rules"

/* Rows of some categories on the card, as a share of all rows of these categories. */
#define CARD_SHARE(name_, categories_, share_, tolerance_, reason_)                                          \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO,                                                                \
        .of = {.table = "transactions", .where = {CATEGORY(categories_), ON_CARD}},                          \
        .by = {.table = "transactions", .where = {CATEGORY(categories_)}}, .expected = share_,               \
        .tolerance = tolerance_, .reason = reason_, .source = FROM_SEED                                      \
    }

/* Every amount of a category lies in its range; in cents, the debit's size. */
#define IN_RANGE(name_, category_, low_, high_)                                                              \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO,                                                                \
        .of = {.table = "transactions",                                                                      \
               .where = {CATEGORY(category_), AMOUNT_FROM(-(high_)), AMOUNT_BELOW(1 - (low_))}},             \
        .by = {.table = "transactions", .where = {CATEGORY(category_)}}, .expected = 1, .reason = EXACT,     \
        .source = FROM_SEED                                                                                  \
    }

/* Days of a category over the week. The window has twelve or thirteen of each. */
#define WEEK(name_, category_, weights_)                                                                     \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_PROFILE,                                                              \
        .of = {.table = "transactions", .column = "date", .where = {CATEGORY(category_)}},                   \
        .classes = SG_CLASSES_WEEKDAY, .weights = weights_, .class_count = 7, .tolerance = 0.035,            \
        .rows_min = 3000, .reason = "chance, and twelve or thirteen of each weekday in 90 days",             \
        .source = FROM_SEED                                                                                  \
    }

static const uint32_t everyday[] = {25, 20, 25, 0, 10, 5, 0, 0};
static const uint32_t weekends[] = {10, 10, 10, 10, 10, 17, 17};
static const uint32_t workdays[] = {15, 15, 15, 15, 15, 8, 8};

const struct sg_statistic ss_statistics[SS_STATISTIC_COUNT] = {
    SERIES("sign_ups", "profiles", "created_at", NULL, "declaration", NO_CONDITION),
    SERIES("spending", "transactions", "date", "amount", "seed 5", NO_CONDITION),
    {.name = "accounts_of_user",
     .kind = SG_STAT_DEGREE,
     .of = {.table = "accounts", .column = "user_id"},
     .low = SS_ACCOUNTS_OF_USER,
     .high = SS_ACCOUNTS_OF_USER,
     .expected = SS_ACCOUNTS_OF_USER,
     .reason = EXACT,
     .source = "seed 3"},
    {.name = "transactions_of_user",
     .kind = SG_STAT_RATIO,
     .of = {.table = "transactions"},
     .by = {.table = "profiles"},
     .expected = 174.75,
     .slack = 60,
     .reason = "the demo users' own numbers, and personas rounded to whole users",
     .source = "seed 4"},
    {.name = "everyday_categories",
     .kind = SG_STAT_PROFILE,
     .of = {.table = "transactions",
            .column = "category",
            .where = {CATEGORY("Food & Drink|Shopping|Bills|Transportation|Entertainment")}},
     SG_ARRAY(weights, class_count, everyday),
     .tolerance = 0.02,
     .reason = WHOLE_USERS,
     .source = FROM_SEED},
    CARD_SHARE("bills_on_card", "Bills", 0.6, 0.02, WHOLE_USERS),
    CARD_SHARE("shopping_on_card", "Shopping", 0.6, 0.02, WHOLE_USERS),
    CARD_SHARE("subscriptions_on_card", "Subscriptions|Interest Charge", 1, 0, EXACT),
    CARD_SHARE("the_rest_on_checking", "Food & Drink|Transportation|Entertainment", 0, 0, EXACT),
    IN_RANGE("food_amounts", "Food & Drink", 500, 7500),
    IN_RANGE("shopping_amounts", "Shopping", 1500, 20000),
    IN_RANGE("bill_amounts", "Bills", 3000, 15000),
    IN_RANGE("subscription_amounts", "Subscriptions", 999, 6999),
    IN_RANGE("transport_amounts", "Transportation", 1000, 5000),
    IN_RANGE("fun_amounts", "Entertainment", 800, 10000),
    {.name = "transfers_have_two_sides",
     .kind = SG_STAT_RATIO,
     .of = {.table = "transactions", .column = "amount", .where = {CATEGORY("Transfer"), AMOUNT_FROM(0)}},
     .by = {.table = "transactions", .column = "amount", .where = {CATEGORY("Transfer"), AMOUNT_BELOW(0)}},
     .expected = -1,
     .reason = EXACT,
     .source = FROM_SEED},
    WEEK("food_on_weekends", "Food & Drink", weekends),
    WEEK("fun_on_weekends", "Entertainment", weekends),
    WEEK("transport_on_workdays", "Transportation", workdays),
};
