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
    COUNT_OF(name_, email_, SS_MONTHS, FROM_SEED, TEXT("merchant", merchant_), AMOUNT_FROM(-(cents_)),       \
             AMOUNT_BELOW(1 - (cents_)), ON_CARD)
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
    {.name = "days_of_history",
     .kind = SG_STAT_RATIO,
     .of = {.table = "transactions", .where = {SINCE_DAYS("date", 90), BEFORE_DAYS("date", 0)}},
     .by = {.table = "transactions"},
     .expected = 1,
     .reason = EXACT,
     .source = "contract, rules"},
    WEEK("food_on_weekends", "Food & Drink", weekends),
    WEEK("fun_on_weekends", "Entertainment", weekends),
    WEEK("transport_on_workdays", "Transportation", workdays),
};
