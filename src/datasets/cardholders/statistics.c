/* The declared model of cardholders: the numbers of its seed and contract, with what chance and rounding may
 * do to them. Data only; verification measures it, the catalog lists it. */
#include "datasets/cardholders/cardholders.h"
#include "model/statistic_terms.h"

#define CUSTOMER(column_, labels_) OF_PARENT("customer_id", column_, labels_)
#define DATE_SINCE(months_)        SINCE("transaction_date", months_)
#define DATE_BEFORE(months_)       BEFORE("transaction_date", months_)
#define APPROVED                   LABEL("status", "approved")

#define DRAWN   "independent draws, more than four standard deviations at the smallest size measured"
#define GROUPED "draws shared by the rows of a customer, more than four standard deviations"

static const uint32_t segments[CH_SEGMENT_COUNT] = {15, 40, 25, 10, 10};

/* Mean ticket of a segment in cents. */
#define TICKET(name_, segment_, cents_)                                                                      \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_MEAN,                                                                 \
        .of = {.table = "transactions",                                                                      \
               .column = "transaction_amount",                                                               \
               WHERE(APPROVED, CUSTOMER("customer_segment", segment_))},                                     \
        .expected = cents_, .tolerance = 0.12 * (cents_), .rows_min = 50000, .reason = GROUPED,              \
        .source = "declaration"                                                                              \
    }

/* Spend of a kind of decliners in a month, that many months back, over that of the same month a year before,
 * when they had not begun to decline. */
#define DECLINE(name_, kind_, back_, share_)                                                                 \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO,                                                                \
        .of = {.table = "transactions",                                                                      \
               .column = "transaction_amount",                                                               \
               WHERE(APPROVED, CUSTOMER("decline_type", kind_), DATE_SINCE(back_), DATE_BEFORE((back_)-1))}, \
        .by = {.table = "transactions",                                                                      \
               .column = "transaction_amount",                                                               \
               WHERE(APPROVED, CUSTOMER("decline_type", kind_), DATE_SINCE((back_) + 12),                    \
                     DATE_BEFORE((back_) + 11))},                                                            \
        .expected = share_, .tolerance = 0.06, .rows_min = 500, .reason = "noise of months within 3 %",      \
        .source = "contract, transactions"                                                                   \
    }

/* Numbers about a customer, from the transactions alone. */
#define TRANSACTIONS(name_, ...)                                                                             \
    {                                                                                                        \
        .name = name_, .of = {.table = "transactions", WHERE(__VA_ARGS__) }                                  \
    }
#define SPENT(name_, ...)                                                                                    \
    {                                                                                                        \
        .name = name_, .of = {                                                                               \
            .table = "transactions",                                                                         \
            .column = "transaction_amount",                                                                  \
            WHERE(APPROVED, __VA_ARGS__)                                                                     \
        }                                                                                                    \
    }
#define FEATURES(array_) .features = (array_), .feature_count = sizeof(array_) / sizeof *(array_)
#define VERDICTS(array_) .verdicts = (array_), .verdict_count = sizeof(array_) / sizeof *(array_)
/* The segment of the customers that pass the conditions. */
#define SEGMENTS_OF(...)                                                                                     \
    .kind = SG_STAT_VERDICT,                                                                                 \
    .of = {.table = "transactions", .column = "customer_segment", .via = "customer_id", WHERE(__VA_ARGS__)}, \
    .label_count = CH_SEGMENT_COUNT, .expected = 1

enum { COUNT, EARLY, RECENT, PRIOR, TRAVELS, NEEDS };
static const struct sg_feature behaviour[] = {
    [COUNT] = TRANSACTIONS("transactions", NO_CONDITION),
    [EARLY] = TRANSACTIONS("early", DATE_BEFORE(6)),
    [RECENT] = SPENT("recent", SINCE_DAYS("transaction_date", 90)),
    [PRIOR] = SPENT("prior", SINCE_DAYS("transaction_date", 180), BEFORE_DAYS("transaction_date", 90)),
    [TRAVELS] = TRANSACTIONS("travels", LABEL("merchant_category", "Travel|Hotels|Airlines")),
    [NEEDS] = TRANSACTIONS("needs", LABEL("merchant_category", "Grocery|Gas|Utilities")),
};
/* Tenure, the last 90 days against the 90 before, shares of categories. */
static const struct sg_verdict classifier[] = {
    {"New & Growing", .if_ = {{EARLY, SG_NO_FEATURE, .below = true, 1, 1}}},
    {"Declining", .if_ = {{RECENT, PRIOR, .below = true, 100, 80}}},
    {"High-Value Travelers", .if_ = {{TRAVELS, COUNT, .a_times = 2, .b_times = 1}}},
    {"Budget-Conscious", .if_ = {{NEEDS, COUNT, .a_times = 5, .b_times = 4}}},
    {"Stable Mid-Spenders", .if_ = {{.a_times = 0}}},
};

/* Cents in some days at a rate of dollars per 30 days. */
#define CENTS_IN(dollars_, days_) ((dollars_)*100LL * (days_) / 30)
/* A segment's customers spend in the range of its rates. The months have so many days, at least and at most.
 */
#define SPENDS(segment_, low_, high_, least_days_, most_days_)                                               \
    {                                                                                                        \
        segment_, .given = true, .if_ = {                                                                    \
            {0, SG_NO_FEATURE, .a_times = 1, .b_times = CENTS_IN(low_, least_days_)},                        \
            {0, SG_NO_FEATURE, .below = true, 1, CENTS_IN(high_, most_days_) + 100}                          \
        }                                                                                                    \
    }
static const struct sg_feature half_year[] = {SPENT("spent", DATE_SINCE(12), DATE_BEFORE(6))};
static const struct sg_verdict half_years[] = {
    SPENDS("High-Value Travelers", 2000, 8000, 181, 184),
    SPENDS("Stable Mid-Spenders", 800, 2500, 181, 184),
    SPENDS("Budget-Conscious", 200, 800, 181, 184),
    SPENDS("Declining", 500, 2000, 181, 184),
};
static const struct sg_feature quarter[] = {SPENT("spent", DATE_SINCE(3))};
static const struct sg_verdict quarters[] = {SPENDS("New & Growing", 300, 1200, 89, 92)};
static const struct sg_feature ends[] = {SPENT("first", DATE_BEFORE(15)), SPENT("last", DATE_SINCE(3))};
static const struct sg_verdict fallen[] = {
    {"Declining", .given = true, .if_ = {{0, 1, .a_times = 80, .b_times = 100}}}};

const struct sg_statistic ch_statistics[CH_STATISTIC_COUNT] = {
    SERIES("accounts_opened", "customers", "account_open_date", NULL, "seed, schema", NO_CONDITION),
    SERIES("card_spending", "transactions", "transaction_date", "transaction_amount",
           "contract, transactions", APPROVED),
    {.name = "transactions_per_customer",
     .kind = SG_STAT_RATIO,
     .of = {.table = "transactions"},
     .by = {.table = "customers"},
     .expected = CH_ROWS_PER_CUSTOMER,
     .slack = 0.5,
     .reason = "exact: apportioned by cumulative rounding",
     .source = "contract, volume"},
    {.name = "customer_segments",
     .kind = SG_STAT_QUOTA,
     .of = {.table = "customers", .column = "customer_segment"},
     .weights = segments,
     .class_count = CH_SEGMENT_COUNT,
     .slack = 4,
     .rows_min = 20,
     .reason = "shares are rounded down and the last segment takes the remainder",
     .source = "seed, segments"},
    {.name = "premium_cards_of_travelers",
     .kind = SG_STAT_RATIO,
     .of = {.table = "customers",
            WHERE(LABEL("card_type", "Premium"), LABEL("customer_segment", "High-Value Travelers"))},
     .by = {.table = "customers", WHERE(LABEL("customer_segment", "High-Value Travelers"))},
     .expected = 0.3,
     .slack = 1,
     .reason = ROUNDED,
     .source = "seed, segments"},
    {.name = "premium_cards_of_all",
     .kind = SG_STAT_RATIO,
     .of = {.table = "customers", WHERE(LABEL("card_type", "Premium"))},
     .by = {.table = "customers"},
     .expected = 0.045,
     .slack = 1,
     .reason = ROUNDED,
     .source = "seed, output"},
    {.name = "declining_gradually",
     .kind = SG_STAT_RATIO,
     .of = {.table = "customers", WHERE(LABEL("decline_type", "gradual"))},
     .by = {.table = "customers", WHERE(LABEL("customer_segment", "Declining"))},
     .expected = 0.7,
     .slack = 1,
     .reason = ROUNDED,
     .source = "seed, segments"},
    {.name = "credit_limits",
     .kind = SG_STAT_MEAN,
     .of = {.table = "customers", .column = "credit_limit"},
     .expected = 27500,
     .tolerance = 1000,
     .rows_min = 2000,
     .reason = DRAWN,
     .source = "contract, customers"},
    {.name = "transactions_approved",
     .kind = SG_STAT_RATIO,
     .of = {.table = "transactions", WHERE(APPROVED)},
     .by = {.table = "transactions"},
     .expected = 0.97,
     .tolerance = 0.003,
     .rows_min = 100000,
     .reason = DRAWN,
     .source = "contract, transactions"},
    {.name = "travel_of_travelers",
     .kind = SG_STAT_RATIO,
     .of = {.table = "transactions",
            WHERE(LABEL("merchant_category", "Travel"),
                  CUSTOMER("customer_segment", "High-Value Travelers"))},
     .by = {.table = "transactions", WHERE(CUSTOMER("customer_segment", "High-Value Travelers"))},
     .expected = 0.42,
     .tolerance = 0.04,
     .rows_min = 10000,
     .reason = GROUPED,
     .source = "contract, transactions"},
    TICKET("tickets_of_travelers", "High-Value Travelers", 27500),
    TICKET("tickets_of_budgets", "Budget-Conscious", 2040),
    DECLINE("spend_of_gradual_in_month_1", "gradual", 6, 0.9),
    DECLINE("spend_of_gradual_in_month_2", "gradual", 5, 0.8),
    DECLINE("spend_of_gradual_in_month_3", "gradual", 4, 0.7),
    DECLINE("spend_of_gradual_in_month_4", "gradual", 3, 0.6),
    DECLINE("spend_of_gradual_in_month_5", "gradual", 2, 0.5),
    DECLINE("spend_left_of_gradual", "gradual", 1, 0.4),
    DECLINE("spend_of_sudden_before", "sudden", 3, 1),
    DECLINE("spend_of_sudden_after", "sudden", 2, 0.4),
    DECLINE("spend_left_of_sudden", "sudden", 1, 0.4),
    {.name = "decline_of_a_fifth",
     SEGMENTS_OF(CUSTOMER("customer_segment", "Declining")),
     FEATURES(ends),
     VERDICTS(fallen),
     .reason = "exact: the last three months are 20 % under the first three, at least",
     .source = "contract, transactions"},
    {.name = "growth_of_new",
     .kind = SG_STAT_RATIO,
     .of = {.table = "transactions",
            .column = "transaction_amount",
            WHERE(APPROVED, CUSTOMER("customer_segment", "New & Growing"),
                  BEFORE_PARENT("customer_id", "account_open_date", 4), DATE_SINCE(1))},
     .by = {.table = "transactions",
            .column = "transaction_amount",
            WHERE(APPROVED, CUSTOMER("customer_segment", "New & Growing"),
                  BEFORE_PARENT("customer_id", "account_open_date", 4), DATE_SINCE(4), DATE_BEFORE(3))},
     .expected = 1.05 * 1.05 * 1.05,
     .tolerance = 0.15,
     .rows_min = 500,
     .reason = "5 % a month for three months; months have 28 to 31 days",
     .source = "contract, transactions"},
    {.name = "spending_in_range",
     SEGMENTS_OF(
         CUSTOMER("customer_segment", "High-Value Travelers|Stable Mid-Spenders|Budget-Conscious|Declining")),
     FEATURES(half_year),
     VERDICTS(half_years),
     .reason = "exact: rates keep to the segment's range, before a decline",
     .source = "seed, segments"},
    {.name = "spending_of_new_in_range",
     SEGMENTS_OF(CUSTOMER("customer_segment", "New & Growing"),
                 BEFORE_PARENT("customer_id", "account_open_date", 3)),
     FEATURES(quarter),
     VERDICTS(quarters),
     .tolerance = 0.02,
     .rows_min = 50,
     .reason = "single large purchases at the ends of the quarter",
     .source = "seed, segments"},
    {.name = "segments_found_again",
     SEGMENTS_OF(NO_CONDITION),
     FEATURES(behaviour),
     VERDICTS(classifier),
     .tolerance = 0.1,
     .rows_min = 100,
     .reason = "at least 90 % of all customers, by their transactions alone",
     .source = "contract, transactions"},
};
