/* The declared model of cardholders: the numbers of its seed and contract, with what chance and rounding may
 * do to them. Data only; verification measures it, the catalog lists it. */
#include "datasets/cardholders/cardholders.h"
#include "model/statistic_terms.h"

#define CUSTOMER(column_, labels_) OF_PARENT("customer_id", column_, labels_)
#define DATE_SINCE(months_)        SINCE("transaction_date", months_)
#define DATE_BEFORE(months_)       BEFORE("transaction_date", months_)
/* Accounts so young are New & Growing, and these have their account months nearly when the as-of date has. */
#define FIVE_MONTHS_OLD                                                                                      \
    BEFORE_PARENT("customer_id", "account_open_date", 5),                                                    \
        SINCE_PARENT_DAYS("customer_id", "account_open_date", 156)
#define APPROVED LABEL("status", "approved")

#define DRAWN   "independent draws, more than four standard deviations at the smallest size measured"
#define GROUPED "draws shared by the rows of a customer, more than four standard deviations"

static const uint32_t segments[CH_SEGMENT_COUNT] = {15, 40, 25, 10, 10};
/* Mean limits in dollars. */
static const uint32_t limits_by_segment[CH_SEGMENT_COUNT] = {39290, 28690, 21740, 26780, 20490};
static const uint32_t limits_by_employment[CH_EMPLOYMENT_COUNT] = {28520, 28440, 20890, 26040, 17770};

/* So many of some independent addresses were there before: first names and family names by census frequency,
 * providers by share. */
static const struct sg_knot repeated_emails[] = {
    {1000, 371},        {5000, 1821},       {20000, 6830},      {50000, 15421},     {100000, 27215},
    {200000, 45768},    {350000, 67104},    {500000, 84159},    {700000, 102926},   {1000000, 125784},
    {1500000, 155548},  {2000000, 179092},  {3000000, 215585},  {5000000, 266694},  {7000000, 303144},
    {10000000, 343837}, {15000000, 392176}, {20000000, 427480}, {30000000, 478121}, {50000000, 542341},
    {70000000, 584210}, {100000000, 627648}};

#define PREMIUM   LABEL("card_type", "Premium")
#define TRAVELERS LABEL("customer_segment", "High-Value Travelers")
#define DECLINING LABEL("customer_segment", "Declining")
/* The customers of some conditions among those of others: whole rows, and no less where it can be. */
#define SHARE(name_, of_, by_, share_, even_, source_)                                                       \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO, .of = {.table = "customers", WHERE of_},                       \
        .by = {.table = "customers", WHERE by_}, .expected = share_, .slack = 1, .even = even_,              \
        .reason = ROUNDED, .source = source_                                                                 \
    }

/* Mean limits of the classes of a column. */
#define LIMITS(name_, column_, means_)                                                                       \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_MEANS, .of = {.table = "customers", .column = column_},               \
        .by = {.table = "customers", .column = "credit_limit"}, WEIGHTS(means_), .expected = 1,              \
        .tolerance = 0.01, .spread = 1, .rows_min = 400, .reason = DRAWN, .source = "contract, customers"    \
    }

/* A segment's rows keep to its categories: none is of these others. */
#define NONE_OF(name_, segments_, others_)                                                                   \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO,                                                                \
        .of = {.table = "transactions",                                                                      \
               WHERE(LABEL("merchant_category", others_), CUSTOMER("customer_segment", segments_))},         \
        .by = {.table = "transactions", WHERE(CUSTOMER("customer_segment", segments_))},                     \
        .reason = "exact: there is none", .source = "contract, transactions"                                 \
    }

/* Mean ticket of a segment in cents. */
#define TICKET(name_, segment_, cents_)                                                                      \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_MEAN,                                                                 \
        .of = {.table = "transactions",                                                                      \
               .column = "transaction_amount",                                                               \
               WHERE(APPROVED, CUSTOMER("customer_segment", segment_))},                                     \
        .expected = cents_, .tolerance = 0.015 * (cents_), .spread = 22 * (cents_), .rows_min = 4000,        \
        .reason = GROUPED "; travellers' is 13 times budgets', where 3 times are demanded",                  \
        .source = "contract, transactions"                                                                   \
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
        .expected = share_, .per_day = true, .tolerance = 0.003, .spread = 1, .rows_min = 100,               \
        .reason = "noise of months within 3 %", .source = "contract, transactions"                           \
    }

/* Numbers about a customer, from the transactions alone. Few rows are of a time, so that is asked first. */
#define TRANSACTIONS(name_, ...)                                                                             \
    {                                                                                                        \
        .name = name_, .of = {.table = "transactions", WHERE(__VA_ARGS__) }                                  \
    }
#define SPENT(name_, ...)                                                                                    \
    {                                                                                                        \
        .name = name_, .of = {                                                                               \
            .table = "transactions",                                                                         \
            .column = "transaction_amount",                                                                  \
            WHERE(__VA_ARGS__, APPROVED)                                                                     \
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

/* A segment's customers spend in the range of its rates, dollars in 30 days, in each of some months. */
#define SPENDS(segment_, months_, low_, high_)                                                               \
    {                                                                                                        \
        segment_, .given = true, .if_ = {                                                                    \
            {0, SG_NO_FEATURE, false, 1, (low_)*100, .until = months_, .per_days = 30},                      \
            {0, SG_NO_FEATURE, true, 1, (high_)*100 + 1, .until = months_, .per_days = 30}                   \
        }                                                                                                    \
    }
#define MONTH(back_) SPENT("month -" #back_, DATE_SINCE(back_), DATE_BEFORE((back_)-1))
static const struct sg_feature months[CH_MONTHS] = {
    MONTH(18), MONTH(17), MONTH(16), MONTH(15), MONTH(14), MONTH(13), MONTH(12), MONTH(11), MONTH(10),
    MONTH(9),  MONTH(8),  MONTH(7),  MONTH(6),  MONTH(5),  MONTH(4),  MONTH(3),  MONTH(2),  MONTH(1)};
enum { MONTHS_BEFORE_DECLINE = 12 };
static const struct sg_verdict ranges[] = {
    SPENDS("High-Value Travelers", CH_MONTHS, 2000, 8000),
    SPENDS("Stable Mid-Spenders", CH_MONTHS, 800, 2500),
    SPENDS("Budget-Conscious", CH_MONTHS, 200, 800),
    SPENDS("Declining", MONTHS_BEFORE_DECLINE, 500, 2000),
};
static const struct sg_feature quarter[] = {SPENT("spent", DATE_SINCE(3))};
static const struct sg_verdict ranges_of_new[] = {SPENDS("New & Growing", 0, 300, 1200)};
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
    SHARE("premium_cards_of_travelers", (PREMIUM, TRAVELERS), (TRAVELERS), 0.3, 10, "seed, segments"),
    SHARE("premium_cards_of_all", (PREMIUM), (NO_CONDITION), 0.045, 200, "seed, output"),
    SHARE("declining_gradually", (LABEL("decline_type", "gradual")), (DECLINING), 0.7, 10, "seed, segments"),
    SHARE("declining_suddenly", (LABEL("decline_type", "sudden")), (DECLINING), 0.3, 10, "seed, segments"),
    {.name = "credit_limits",
     .kind = SG_STAT_MEAN,
     .of = {.table = "customers", .column = "credit_limit"},
     .expected = 27500,
     .tolerance = 150,
     .spread = 34000,
     .rows_min = 400,
     .reason = DRAWN,
     .source = "contract, customers"},
    LIMITS("credit_limits_by_segment", "customer_segment", limits_by_segment),
    LIMITS("credit_limits_by_employment", "employment_status", limits_by_employment),
    {.name = "states",
     .kind = SG_STAT_CHI_SQUARED,
     .of = {.table = "customers", .column = "state"},
     WEIGHTS(ch_state_residents),
     .rows_min = 400,
     .reason = CHANCE,
     .source = "contract, customers"},
    {.name = "repeated_emails",
     .kind = SG_STAT_REPEATS,
     .of = {.table = "customers", .column = "email"},
     .curve = repeated_emails,
     .curve_count = sizeof repeated_emails / sizeof *repeated_emails,
     .tolerance = 0.005,
     .rows_min = 400,
     .reason = "independent draws, more than four standard deviations; less than 10 % at 50,000",
     .source = "contract, customers"},
    {.name = "transactions_approved",
     .kind = SG_STAT_RATIO,
     .of = {.table = "transactions", WHERE(APPROVED)},
     .by = {.table = "transactions"},
     .expected = 0.97,
     .tolerance = 0.0003,
     .spread = 0.8,
     .rows_min = 1000,
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
    NONE_OF("other_categories_of_travelers", "High-Value Travelers",
            "Retail|Entertainment|Grocery|Gas|Healthcare|Utilities"),
    NONE_OF("other_categories_of_budgets", "Budget-Conscious",
            "Travel|Dining|Hotels|Airlines|Retail|Entertainment|Healthcare"),
    NONE_OF("other_categories_of_others", "Stable Mid-Spenders|Declining|New & Growing", "Hotels|Airlines"),
    {.name = "transactions_of_budgets",
     .kind = SG_STAT_RATIO,
     .of = {.table = "transactions", WHERE(CUSTOMER("customer_segment", "Budget-Conscious"))},
     .by = {.table = "customers", WHERE(LABEL("customer_segment", "Budget-Conscious"))},
     .expected = 385,
     .tolerance = 15,
     .spread = 400,
     .rows_min = 50,
     .reason = "apportioned by pace; high frequency: 270 is everybody's mean",
     .source = "seed, segments"},
    TICKET("tickets_of_travelers", "High-Value Travelers", 27700),
    TICKET("tickets_of_budgets", "Budget-Conscious", 2022),
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
            WHERE(FIVE_MONTHS_OLD, DATE_SINCE(2), DATE_BEFORE(1), APPROVED)},
     .by = {.table = "transactions",
            .column = "transaction_amount",
            WHERE(FIVE_MONTHS_OLD, DATE_SINCE(5), DATE_BEFORE(4), APPROVED)},
     .expected = 1.05 * 1.05 * 1.05,
     .per_day = true,
     .tolerance = 0.04,
     .spread = 2.5,
     .rows_min = 50,
     .reason = "5 % a month for three months; noise and seasons within months",
     .source = "contract, transactions"},
    {.name = "spending_in_range",
     SEGMENTS_OF(
         CUSTOMER("customer_segment", "High-Value Travelers|Stable Mid-Spenders|Budget-Conscious|Declining")),
     FEATURES(months),
     VERDICTS(ranges),
     .reason = "exact: each month's budget keeps to the segment's range, before a decline",
     .source = "seed, segments"},
    {.name = "spending_of_new_in_range",
     SEGMENTS_OF(CUSTOMER("customer_segment", "New & Growing"),
                 BEFORE_PARENT("customer_id", "account_open_date", 3)),
     FEATURES(quarter),
     VERDICTS(ranges_of_new),
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
