/* The declared model of screenbilling: the numbers of its seed and contract, scaled to any number of
 * customers. Data only; verification measures it, the catalog lists it. */
#include "datasets/screenbilling/screenbilling.h"
#include "model/statistic_terms.h"

#define SCALED "exact for 100 customers; others scale each kind of event, then its months, to whole ones"
#define DRAWN  "exact: every draw lies in the plan's range"
#define EXACT  "exact"
#define CANCEL LABEL("event", "cancellation")

static const uint32_t plans[SB_PLAN_COUNT] = {25, 18, 32, 15, 10};
static const uint32_t evenly[76] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

/* Price of a plan in cents; all its customers begin with a number of screens in its range, any as likely. */
#define PLAN(name_, label_, cents_, low_, high_)                                                             \
    {.name = "price_of_" name_,                                                                              \
     .kind = SG_STAT_RATIO,                                                                                  \
     .of = {.table = "prices", .column = "unit_amount", WHERE(LABEL("plan", label_))},                       \
     .by = {.table = "prices", WHERE(LABEL("plan", label_))},                                                \
     .expected = cents_,                                                                                     \
     .reason = EXACT,                                                                                        \
     .source = "seed, pricing tiers"},                                                                       \
        {.name = "screens_of_" name_,                                                                        \
         .kind = SG_STAT_RATIO,                                                                              \
         .of = {.table = "customers",                                                                        \
                WHERE(LABEL("plan", label_), FROM("screens", low_), BELOW("screens", (high_) + 1))},         \
         .by = {.table = "customers", WHERE(LABEL("plan", label_))},                                         \
         .expected = 1,                                                                                      \
         .reason = DRAWN,                                                                                    \
         .source = "seed, customer distribution"},                                                           \
    {                                                                                                        \
        .name = "screens_spread_of_" name_, .kind = SG_STAT_CHI_SQUARED,                                     \
        .of = {.table = "customers", .column = "screens", WHERE(LABEL("plan", label_))},                     \
        .classes = SG_CLASSES_VALUE, .bins = {low_, 1}, .weights = evenly,                                   \
        .class_count = (high_) - (low_) + 1, .reason = CHANCE, .source = "declaration"                       \
    }

/* Events of a kind over customers, in all and in each of the six months; month_ counts back. */
#define EVENTS(name_, label_, share_)                                                                        \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO,                                                                \
        .of = {.table = "lifecycle_events", WHERE(LABEL("event", label_))}, .by = {.table = "customers"},    \
        .expected = (share_) / 100.0, .slack = 1, .reason = SCALED, .source = "seed, lifecycle events"       \
    }
#define EVENTS_OF_MONTH(name_, label_, back_, count_)                                                        \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO,                                                                \
        .of = {.table = "lifecycle_events",                                                                  \
               WHERE(LABEL("event", label_), SINCE_MONTH("occurred_at", back_),                              \
                     BEFORE_MONTH("occurred_at", (back_)-1))},                                               \
        .by = {.table = "customers"}, .expected = (count_) / 100.0, .slack = 1.5, .reason = SCALED,          \
        .source = "contract, events per month"                                                               \
    }
#define MONTHS(name_, label_, m1_, m2_, m3_, m4_, m5_, m6_)                                                  \
    EVENTS_OF_MONTH(name_ "_in_month_1", label_, 5, m1_),                                                    \
        EVENTS_OF_MONTH(name_ "_in_month_2", label_, 4, m2_),                                                \
        EVENTS_OF_MONTH(name_ "_in_month_3", label_, 3, m3_),                                                \
        EVENTS_OF_MONTH(name_ "_in_month_4", label_, 2, m4_),                                                \
        EVENTS_OF_MONTH(name_ "_in_month_5", label_, 1, m5_),                                                \
        EVENTS_OF_MONTH(name_ "_in_month_6", label_, 0, m6_)

/* Customers that the snapshot of a month still shows. */
#define SNAPSHOT(name_, month_, share_)                                                                      \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO,                                                                \
        .of = {.table = "customers", WHERE(FROM("snapshot_count", (month_) + 1))},                           \
        .by = {.table = "customers"}, .expected = (share_) / 100.0, .slack = 1.5, .reason = SCALED,          \
        .source = "contract, snapshots"                                                                      \
    }

const struct sg_statistic sb_statistics[SB_STATISTIC_COUNT] = {
    SERIES_IN("cents", "invoiced", "invoices", "created", "amount_due", "seed, overview", NO_CONDITION),
    SERIES_IN("cents", "collected", "payments", "created", "amount_received", "seed, overview",
              LABEL("status", "succeeded")),
    SERIES("customers_lost", "subscriptions", "canceled_at", NULL, "seed, lifecycle events", NO_CONDITION),
    PLAN("free", "free", 0, 1, 3),
    PLAN("standard", "standard", 1000, 2, 8),
    PLAN("pro_plus", "pro_plus", 1500, 5, 20),
    PLAN("engage", "engage", 3000, 8, 30),
    PLAN("enterprise", "enterprise", 4500, 25, 100),
    {.name = "plans_at_creation",
     .kind = SG_STAT_QUOTA,
     .of = {.table = "customers", .column = "plan"},
     WEIGHTS(plans),
     .reason = "exact: a quota by largest remainder",
     .source = "seed, customer distribution"},
    {.name = "customers_of_clocks",
     .kind = SG_STAT_RATIO,
     .of = {.table = "customers"},
     .by = {.table = "test_clocks"},
     .expected = SB_CLOCK_CUSTOMERS,
     .slack = SB_CLOCK_CUSTOMERS - 1,
     .reason = "the last clock has what is left",
     .source = "seed, test clock strategy"},
    {.name = "advances_of_clocks",
     .kind = SG_STAT_RATIO,
     .of = {.table = "test_clocks",
            WHERE(SINCE_MONTH("started_at", SB_MONTHS - 1), BEFORE_MONTH("started_at", SB_MONTHS - 2),
                  SINCE_MONTH("frozen_time", 0))},
     .by = {.table = "test_clocks"},
     .expected = 1,
     .reason = "exact: six advances of a month",
     .source = "seed, test clock strategy"},
    {.name = "subscriptions_of_customers",
     .kind = SG_STAT_DEGREE,
     .of = {.table = "subscriptions", .column = "customer_id"},
     .low = 1,
     .high = 1,
     .expected = 1,
     .reason = EXACT,
     .source = "seed, overview"},
    EVENTS("upgrades", "upgrade", 15),
    EVENTS("downgrades", "downgrade", 2),
    EVENTS("cancellations", "cancellation", 8),
    EVENTS("past_dues", "past_due", 5),
    MONTHS("upgrades", "upgrade", 2, 3, 2, 3, 3, 2),
    MONTHS("downgrades", "downgrade", 0, 1, 0, 1, 0, 0),
    MONTHS("cancellations", "cancellation", 1, 1, 2, 1, 2, 1),
    MONTHS("past_dues", "past_due", 1, 1, 1, 0, 1, 1),
    {.name = "upgrades_of_plan",
     .kind = SG_STAT_RATIO,
     .of = {.table = "lifecycle_events",
            WHERE(LABEL("event", "upgrade"), DIFFERS("plan_after", "plan_before"))},
     .by = {.table = "lifecycle_events", WHERE(LABEL("event", "upgrade"))},
     .expected = 8.0 / 15,
     .slack = 0.501,
     .reason = ROUNDED,
     .source = "contract, upgrades"},
    {.name = "cancelled_low_plans",
     .kind = SG_STAT_RATIO,
     .of = {.table = "lifecycle_events", WHERE(CANCEL, LABEL("plan_before", "free|standard"))},
     .by = {.table = "lifecycle_events", WHERE(CANCEL)},
     .expected = 1,
     .reason = "exact: only these plans have customers who cancel",
     .source = "seed, lifecycle events"},
    {.name = "cancelled_are_told",
     .kind = SG_STAT_RATIO,
     .of = {.table = "subscriptions", WHERE(NOT_NULL("canceled_at"))},
     .by = {.table = "lifecycle_events", WHERE(CANCEL)},
     .expected = 1,
     .reason = EXACT,
     .source = "contract, cancellation"},
    {.name = "past_due_are_told",
     .kind = SG_STAT_RATIO,
     .of = {.table = "subscriptions", WHERE(NOT_NULL("past_due_since"))},
     .by = {.table = "lifecycle_events", WHERE(LABEL("event", "past_due"))},
     .expected = 1,
     .reason = EXACT,
     .source = "contract, past due"},
    SNAPSHOT("customers_in_snapshot_0", 0, 100),
    SNAPSHOT("customers_in_snapshot_1", 1, 99),
    SNAPSHOT("customers_in_snapshot_2", 2, 98),
    SNAPSHOT("customers_in_snapshot_3", 3, 96),
    SNAPSHOT("customers_in_snapshot_4", 4, 95),
    SNAPSHOT("customers_in_snapshot_5", 5, 93),
    SNAPSHOT("customers_in_snapshot_6", 6, 92),
    EQUAL_SUMS("snapshots_of_customers", "customers", "snapshot_count", "sub_snapshots", NULL,
               "contract, snapshots"),
    EQUAL_SUMS("invoices_of_customers", "customers", "snapshot_count", "invoices", NULL, "seed, overview"),
    EQUAL_SUMS("events_of_customers", "customers", "event_count", "lifecycle_events", NULL,
               "contract, events per month"),
    EQUAL_SUMS("collected_is_paid", "payments", "amount_received", "invoices", "amount_paid",
               "seed, overview"),
    EQUAL_SUMS("attempts_are_payments", "invoices", "attempt_count", "payments", NULL, "seed, test cards"),
};
