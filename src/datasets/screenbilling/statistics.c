/* The declared model of screenbilling: the numbers of its seed and contract, scaled to any number of
 * customers. Data only; verification measures it, the catalog lists it. */
#include "datasets/screenbilling/screenbilling.h"
#include "model/statistic_terms.h"

#define SCALED       "other sizes scale each kind of event, then its months, to whole ones"
#define DRAWN        "exact: every draw lies in the plan's range"
#define EXACT        "exact"
#define ALL          "exact: all of them"
#define UPGRADE      LABEL("event", "upgrade")
#define DOWNGRADE    LABEL("event", "downgrade")
#define CANCEL       LABEL("event", "cancellation")
#define NEW_PLAN     DIFFERS("plan_after", "plan_before")
#define SAME_PLAN    SAME("plan_after", "plan_before")
#define FAILING_CARD LABEL("payment_method", "pm_card_chargeCustomerFail")

/* Counts of 100 customers, so that all are whole for a multiple of them. */
enum { CUSTOMERS_EVEN = 100, UPGRADES_EVEN = 15 };

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
        .expected = (share_) / 100.0, .slack = 1, .even = CUSTOMERS_EVEN, .reason = SCALED,                  \
        .source = "seed, lifecycle events"                                                                   \
    }
#define EVENTS_OF_MONTH(name_, label_, back_, count_)                                                        \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO,                                                                \
        .of = {.table = "lifecycle_events",                                                                  \
               WHERE(LABEL("event", label_), SINCE_MONTH("occurred_at", back_),                              \
                     BEFORE_MONTH("occurred_at", (back_)-1), MONTH_TEXT("month", back_))},                   \
        .by = {.table = "customers"}, .expected = (count_) / 100.0, .slack = 1.5, .even = CUSTOMERS_EVEN,    \
        .reason = SCALED, .source = "contract, events per month"                                             \
    }
#define MONTHS(name_, label_, m1_, m2_, m3_, m4_, m5_, m6_)                                                  \
    EVENTS_OF_MONTH(name_ "_in_month_1", label_, 5, m1_),                                                    \
        EVENTS_OF_MONTH(name_ "_in_month_2", label_, 4, m2_),                                                \
        EVENTS_OF_MONTH(name_ "_in_month_3", label_, 3, m3_),                                                \
        EVENTS_OF_MONTH(name_ "_in_month_4", label_, 2, m4_),                                                \
        EVENTS_OF_MONTH(name_ "_in_month_5", label_, 1, m5_),                                                \
        EVENTS_OF_MONTH(name_ "_in_month_6", label_, 0, m6_)

/* Customers that the snapshot of a month shows, and invoices made in it; month_ counts back. */
#define SNAPSHOT(name_, back_, share_)                                                                       \
    {.name = "customers_in_" name_,                                                                          \
     .kind = SG_STAT_RATIO,                                                                                  \
     .of = {.table = "sub_snapshots", WHERE(MONTH_TEXT("month", back_))},                                    \
     .by = {.table = "customers"},                                                                           \
     .expected = (share_) / 100.0,                                                                           \
     .slack = 1.5,                                                                                           \
     .even = CUSTOMERS_EVEN,                                                                                 \
     .reason = SCALED,                                                                                       \
     .source = "contract, snapshots"},                                                                       \
    {                                                                                                        \
        .name = "invoices_of_" name_, .kind = SG_STAT_RATIO,                                                 \
        .of = {.table = "invoices",                                                                          \
               WHERE(SINCE_MONTH("created", back_), BEFORE_MONTH("created", (back_)-1))},                    \
        .by = {.table = "customers"}, .expected = (share_) / 100.0, .slack = 1.5, .even = CUSTOMERS_EVEN,    \
        .reason = SCALED, .source = "seed, verification"                                                     \
    }

/* Rows of `table_` that meet further conditions beside the given ones: all of them. */
#define ALL_ARE(name_, table_, given_, source_, ...)                                                         \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO, .of = {.table = table_, WHERE(given_, __VA_ARGS__)},           \
        .by = {.table = table_, WHERE(given_)}, .expected = 1, .reason = ALL, .source = source_              \
    }
#define GIVEN(...) __VA_ARGS__

/* Screens of a plan at any time: no fewer than its least, no more than its most and twenty. */
#define SCREENS(plan_, low_, high_)                                                                          \
    ALL_ARE("screens_within_" plan_, "sub_snapshots", GIVEN(LABEL("plan", plan_)), "contract, upgrades",     \
            FROM("screens", low_), BELOW("screens", (high_) + 21))

/* An upgrade to a plan brings screens up to its least, and leaves what is more. */
#define UPGRADED(plan_, low_)                                                                                \
    ALL_ARE("screens_raised_to_" plan_, "lifecycle_events",                                                  \
            GIVEN(UPGRADE, LABEL("plan_after", plan_), NEW_PLAN, BELOW("screens_before", low_)),             \
            "contract, upgrades", FROM("screens_after", low_), BELOW("screens_after", (low_) + 1)),          \
        ALL_ARE("screens_kept_up_to_" plan_, "lifecycle_events",                                             \
                GIVEN(UPGRADE, LABEL("plan_after", plan_), NEW_PLAN, FROM("screens_before", low_)),          \
                "contract, upgrades", SAME("screens_after", "screens_before"))

/* A downgrade brings screens down to the most of the plan, and leaves what is less. */
#define DOWNGRADED(plan_, high_)                                                                             \
    ALL_ARE("screens_lowered_to_" plan_, "lifecycle_events",                                                 \
            GIVEN(DOWNGRADE, LABEL("plan_after", plan_), FROM("screens_before", (high_) + 1)),               \
            "contract, downgrades", FROM("screens_after", high_), BELOW("screens_after", (high_) + 1)),      \
        ALL_ARE("screens_kept_down_to_" plan_, "lifecycle_events",                                           \
                GIVEN(DOWNGRADE, LABEL("plan_after", plan_), BELOW("screens_before", (high_) + 1)),          \
                "contract, downgrades", SAME("screens_after", "screens_before"))

/* Where those go who change their plan once: nearer ones likelier. */
#define TARGETS(name_, event_, plan_, source_, ...)                                                          \
    {                                                                                                        \
        .name = name_ plan_, .kind = SG_STAT_CHI_SQUARED,                                                    \
        .of = {.table = "lifecycle_events",                                                                  \
               .column = "plan_after",                                                                       \
               WHERE(event_, NEW_PLAN, LABEL("plan_before", plan_),                                          \
                     {.test = SG_TEST_BELOW, .column = "event_count", .via = "customer_id", .value = 2})},   \
        .weights = (const uint32_t[SB_PLAN_COUNT]){__VA_ARGS__}, .class_count = SB_PLAN_COUNT,               \
        .reason = CHANCE, .source = source_                                                                  \
    }

/* Snapshots are past due from the month of the event on, and no others are; month_ counts back. */
#define DUE(back_)                                                                                           \
    {                                                                                                        \
        .test = SG_TEST_BEFORE, .column = "past_due_since", .via = "subscription_id", .value = (back_)-1,    \
        .month_start = true                                                                                  \
    }
#define PAST_DUE(name_, back_)                                                                               \
    ALL_ARE("past_due_in_" name_, "sub_snapshots", GIVEN(MONTH_TEXT("month", back_), DUE(back_)),            \
            "contract, past due", LABEL("status", "past_due")),                                              \
        ALL_ARE("due_before_" name_, "sub_snapshots",                                                        \
                GIVEN(MONTH_TEXT("month", back_), LABEL("status", "past_due")), "contract, past due",        \
                DUE(back_))

/* Revenue of a snapshot over that of an earlier one. */
#define GROWTH(name_, back_, from_back_, expected_)                                                          \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO,                                                                \
        .of = {.table = "sub_snapshots", .column = "mrr_cents", WHERE(MONTH_TEXT("month", back_))},          \
        .by = {.table = "sub_snapshots", .column = "mrr_cents", WHERE(MONTH_TEXT("month", from_back_))},     \
        .expected = expected_, .tolerance = 0.002, .spread = 1.2, .rows_min = CUSTOMERS_EVEN,                \
        .reason = "few customers with many screens move much", .source = "seed, lifecycle events"            \
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
    {.name = "products_of_tiers",
     .kind = SG_STAT_QUOTA,
     .of = {.table = "products", .column = "tier"},
     .weights = evenly,
     .class_count = SB_PLAN_COUNT,
     .reason = "exact: one each",
     .source = "seed, pricing tiers"},
    {.name = "prices_of_plans",
     .kind = SG_STAT_QUOTA,
     .of = {.table = "prices", .column = "plan"},
     .weights = evenly,
     .class_count = SB_PLAN_COUNT,
     .reason = "exact: one each",
     .source = "seed, pricing tiers"},
    {.name = "clocks_of_three",
     .kind = SG_STAT_RATIO,
     .of = {.table = "test_clocks", WHERE(FROM("customer_count", SB_CLOCK_CUSTOMERS))},
     .by = {.table = "test_clocks"},
     .expected = 1,
     .slack = 1,
     .reason = "the last clock has what is left",
     .source = "seed, test clock strategy"},
    {.name = "advances_of_clocks",
     .kind = SG_STAT_RATIO,
     .of = {.table = "test_clocks",
            WHERE(SINCE_MONTH("started_at", SB_MONTHS - 1), BEFORE_MONTH("started_at", SB_MONTHS - 2),
                  SINCE_MONTH("frozen_time", 0), BEFORE_MONTH("frozen_time", -1))},
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
     .even = UPGRADES_EVEN,
     .reason = ROUNDED,
     .source = "contract, upgrades"},
    ALL_ARE("screens_added", "lifecycle_events", GIVEN(UPGRADE, SAME_PLAN), "contract, upgrades",
            MORE_FROM("screens_after", "screens_before", 2),
            MORE_BELOW("screens_after", "screens_before", 11)),
    {.name = "screens_added_spread",
     .kind = SG_STAT_CHI_SQUARED,
     .of = {.table = "lifecycle_events",
            .column = "screens_after",
            .less = "screens_before",
            WHERE(UPGRADE, SAME_PLAN)},
     .classes = SG_CLASSES_VALUE,
     .bins = {2, 1},
     .weights = evenly,
     .class_count = 9,
     .reason = CHANCE,
     .source = "declaration"},
    SCREENS("free", 1, 3),
    SCREENS("standard", 2, 8),
    SCREENS("pro_plus", 5, 20),
    SCREENS("engage", 8, 30),
    SCREENS("enterprise", 25, 100),
    UPGRADED("standard", 2),
    UPGRADED("pro_plus", 5),
    UPGRADED("engage", 8),
    UPGRADED("enterprise", 25),
    DOWNGRADED("free", 3),
    DOWNGRADED("standard", 8),
    DOWNGRADED("pro_plus", 20),
    DOWNGRADED("engage", 30),
    TARGETS("upgrades_from_", UPGRADE, "free", "contract, upgrades", 0, 60, 25, 10, 5),
    TARGETS("upgrades_from_", UPGRADE, "standard", "contract, upgrades", 0, 0, 60, 25, 10),
    TARGETS("upgrades_from_", UPGRADE, "pro_plus", "contract, upgrades", 0, 0, 0, 60, 25),
    TARGETS("downgrades_from_", DOWNGRADE, "pro_plus", "contract, downgrades", 25, 60, 0, 0, 0),
    TARGETS("downgrades_from_", DOWNGRADE, "engage", "contract, downgrades", 10, 25, 60, 0, 0),
    TARGETS("downgrades_from_", DOWNGRADE, "enterprise", "contract, downgrades", 5, 10, 25, 60, 0),
    ALL_ARE("past_due_changes_nothing", "lifecycle_events", GIVEN(LABEL("event", "past_due")),
            "contract, past due", SAME_PLAN, SAME("screens_after", "screens_before")),
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
    PAST_DUE("month_1", 5),
    PAST_DUE("month_2", 4),
    PAST_DUE("month_3", 3),
    PAST_DUE("month_4", 2),
    PAST_DUE("month_5", 1),
    PAST_DUE("month_6", 0),
    {.name = "cards_replaced",
     .kind = SG_STAT_RATIO,
     .of = {.table = "customers", WHERE(FAILING_CARD)},
     .by = {.table = "lifecycle_events", WHERE(LABEL("event", "past_due"))},
     .expected = 1,
     .reason = EXACT,
     .source = "seed, test cards"},
    ALL_ARE("past_due_by_their_card", "subscriptions", GIVEN(NOT_NULL("past_due_since")), "seed, test cards",
            OF_PARENT("customer_id", "payment_method", "pm_card_chargeCustomerFail")),
    ALL_ARE("replaced_cards_fail", "invoices",
            GIVEN(FROM("amount_due", 1), AGE_FROM("created", "subscription_id", "past_due_since", 0)),
            "seed, test cards", LABEL("status", "draft|open|uncollectible")),
    ALL_ARE("good_cards_pay", "invoices", GIVEN(LABEL("status", "open|uncollectible")), "seed, test cards",
            AGE_FROM("created", "subscription_id", "past_due_since", 0)),
    SNAPSHOT("snapshot_0", 6, 100),
    SNAPSHOT("snapshot_1", 5, 99),
    SNAPSHOT("snapshot_2", 4, 98),
    SNAPSHOT("snapshot_3", 3, 96),
    SNAPSHOT("snapshot_4", 2, 95),
    SNAPSHOT("snapshot_5", 1, 93),
    SNAPSHOT("snapshot_6", 0, 92),
    ALL_ARE("snapshot_at_creation", "sub_snapshots", GIVEN(MONTH_TEXT("month", SB_MONTHS - 1)),
            "contract, snapshots", SAME_AS_PARENT("subscription_id", "initial_plan", "plan"),
            SAME_AS_PARENT("subscription_id", "initial_screens", "screens"), LABEL("status", "active")),
    ALL_ARE("snapshot_at_the_end", "sub_snapshots", GIVEN(MONTH_TEXT("month", 0)), "seed, snapshots",
            SAME_AS_PARENT("subscription_id", "mrr_cents", "mrr_cents")),
    GROWTH("growth", 0, 6, 1.045),
    GROWTH("growth_in_month_1", 5, 6, 1.0037),
    GROWTH("growth_in_month_2", 4, 5, 1.005),
    GROWTH("growth_in_month_3", 3, 4, 1.0084),
    GROWTH("growth_in_month_4", 2, 3, 1.0035),
    GROWTH("growth_in_month_5", 1, 2, 1.0128),
    GROWTH("growth_in_month_6", 0, 1, 1.0112),
    EQUAL_SUMS("snapshots_of_customers", "customers", "snapshot_count", "sub_snapshots", NULL,
               "contract, snapshots"),
    EQUAL_SUMS("invoices_of_customers", "customers", "snapshot_count", "invoices", NULL, "seed, overview"),
    EQUAL_SUMS("events_of_customers", "customers", "event_count", "lifecycle_events", NULL,
               "contract, events per month"),
    EQUAL_SUMS("collected_is_paid", "payments", "amount_received", "invoices", "amount_paid",
               "seed, overview"),
    EQUAL_SUMS("attempts_are_payments", "invoices", "attempt_count", "payments", NULL, "seed, test cards"),
};
