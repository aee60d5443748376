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

/* Spend of a kind of decliners in the last month over that of the month a year ago. */
#define DECLINE(name_, kind_)                                                                                \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO,                                                                \
        .of = {.table = "transactions",                                                                      \
               .column = "transaction_amount",                                                               \
               WHERE(APPROVED, CUSTOMER("decline_type", kind_), DATE_SINCE(1))},                             \
        .by = {.table = "transactions",                                                                      \
               .column = "transaction_amount",                                                               \
               WHERE(APPROVED, CUSTOMER("decline_type", kind_), DATE_SINCE(12), DATE_BEFORE(11))},           \
        .expected = 0.4, .tolerance = 0.06, .rows_min = 500,                                                 \
        .reason = "noise of months within 3 %, months of different lengths",                                 \
        .source = "contract, transactions"                                                                   \
    }

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
    DECLINE("spend_left_of_gradual", "gradual"),
    DECLINE("spend_left_of_sudden", "sudden"),
};
