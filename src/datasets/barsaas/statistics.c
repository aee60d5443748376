/* The declared model of barsaas: what its rows must look like as a whole, by whose demand, and how far off
 * chance may take them. Data only; verification measures it, the catalog lists it. */
#include "datasets/barsaas/anomaly.h"
#include "datasets/barsaas/tables.h"
#include "model/statistic_terms.h"

#define EXACT   "exact: a quota by largest remainder"
#define RESIDUE "the declared curve mixed by the actual volumes; few devices and accounts in small data sets"

static const uint32_t tiers[] = {50, 35, 15};
static const uint32_t industries[] = {40, 30, 20, 10};
static const uint32_t roles[] = {10, 30, 60};
static const uint32_t location_types[] = {40, 40, 20};
static const uint32_t device_statuses[] = {85, 10, 5};
static const uint32_t platforms[] = {10, 20, 40, 30}; /* iterable, linkedin, google, meta */
static const uint32_t credit_models[] = {60, 25, 15};
static const uint32_t ticket_categories[] = {18, 20, 16, 26, 10, 10};
static const uint32_t usual_priorities[] = {35, 42, 18, 5}, device_priorities[] = {0, 30, 50, 20};
static const uint32_t upkeep[] = {197, 197};

/* The curves of the four industries and three parts of the week, mixed by the quota of industries. */
static const uint32_t tap_hours[] = {23, 11, 4,  2,  1,  2,  2,   4,   6,   9,   14, 30,
                                     45, 41, 32, 32, 48, 81, 118, 137, 134, 113, 71, 41};
static const uint32_t tap_weekdays[] = {104, 115, 125, 141, 183, 198, 133};
static const uint32_t admin_weekdays[] = {119, 123, 121, 116, 106, 62, 53};
static const uint32_t manager_weekdays[] = {98, 97, 99, 104, 118, 110, 74};
static const uint32_t staff_weekdays[] = {70, 72, 80, 98, 134, 150, 96};
static const uint32_t web_hours[] = {34, 28, 22, 17, 12, 9,  8,  9,  11, 14, 18, 26,
                                     40, 58, 74, 82, 86, 85, 86, 84, 78, 66, 52, 42};
static const uint32_t web_weekdays[] = {118, 122, 120, 114, 98, 62, 66};

/* Seconds of a web visit of two pages: 34 + 72 x exponential. */
static const struct sg_knot two_pages[] = {
    {36, 27396},   {39, 67088},   {42, 105161},  {46, 153518},  {50, 199263},  {55, 252982},
    {60, 303098},  {67, 367663},  {74, 426247},  {83, 493664},  {94, 565402},  {106, 632121},
    {122, 705425}, {142, 776870}, {168, 844500}, {204, 905685}, {260, 956669}, {360, 989195},
};

#define QUOTA(name_, table_, column_, weights_, source_)                                                     \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_QUOTA, .of = {.table = table_, .column = column_}, WEIGHTS(weights_), \
        .reason = EXACT, .source = source_                                                                   \
    }

/* Rows of a table per parent. */
#define DEGREE(name_, table_, column_, low_, high_, mean_, source_)                                          \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_DEGREE, .of = {.table = table_, .column = column_}, .low = low_,      \
        .high = high_, .expected = mean_, .tolerance = 0.005, .rows_min = 100, .reason = ROUNDED,            \
        .source = source_                                                                                    \
    }

/* Accounts at one anniversary over those a year earlier. */
#define GROWTH(name_, months_)                                                                               \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO,                                                                \
        .of = {.table = "accounts", WHERE(BEFORE("created_at", months_))},                                   \
        .by = {.table = "accounts", WHERE(BEFORE("created_at", (months_) + 12))}, .expected = 1.4,           \
        .slack = 2.4, .reason = "both counts are rounded to whole accounts", .source = "seed 36"             \
    }

/* Paying accounts lost in the year that ended some months ago, over those paying at its start. */
#define CHURN(name_, months_)                                                                                \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO,                                                                \
        .of = {.table = "subscriptions",                                                                     \
               WHERE(LABEL("status", "churned"), SINCE("ended_at", (months_) + 12),                          \
                     BEFORE("ended_at", months_))},                                                          \
        .by = {.table = "subscriptions",                                                                     \
               WHERE(LABEL("status", "active|superseded|churned"), BEFORE("started_at", (months_) + 12),     \
                     OPEN_OR_SINCE("ended_at", (months_) + 12))},                                            \
        .expected = 0.1, .slack = 1, .reason = ROUNDED, .source = "seed 9"                                   \
    }

/* Log-ins of a role over the week, in local time. */
#define LOGIN_WEEK(name_, role_, weights_)                                                                   \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_PROFILE,                                                              \
        .of = {.table = "user_sessions",                                                                     \
               .column = "session_start",                                                                    \
               WHERE(OF_PARENT("user_id", "role", role_))},                                                  \
        .zone = {"time_zone", "account_id"}, .classes = SG_CLASSES_WEEKDAY, WEIGHTS(weights_),               \
        .tolerance = 0.03, .rows_min = 10000, .reason = RESIDUE, .source = "seed 27"                         \
    }

#define CORRELATION(name_, other_, low_, width_, expected_, tolerance_)                                      \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_CORRELATION, .of = {.table = "accounts", .column = "mrr"},            \
        .by = {.table = "accounts", .column = other_}, .bins = {29900, 15500}, .by_bins = {low_, width_},    \
        .expected = expected_, .tolerance = tolerance_, .rows_min = 100,                                     \
        .reason = "clearly positive in every size; few accounts in small data sets", .source = "seed 34"     \
    }

const struct sg_statistic bs_statistics[BS_STATISTIC_COUNT] = {
    SERIES("accounts_created", "accounts", "created_at", "mrr", "seed 36", NO_CONDITION),
    SERIES("accounts_lost", "accounts", "ended_at", "mrr", "seed 9", NO_CONDITION),
    SERIES("deals_won", "hubspot_deals", "closed_at", "amount", "seed 19", LABEL("stage", "closedwon")),
    SERIES("revenue", "stripe_charges", "created", "amount", "seed 15", NO_CONDITION),
    SERIES("leads", "marketing_qualified_leads", "mql_date", NULL, "seed 25", NO_CONDITION),
    SERIES("marketing_spend", "campaign_performance", "date", "spend", "seed 23", NO_CONDITION),
    SERIES("log_ins", "user_sessions", "session_start", NULL, "seed 36", NO_CONDITION),
    SERIES("pours", "tap_events", "timestamp", "volume_ml", "seed 30", NO_CONDITION),
    QUOTA("account_tiers", "accounts", "subscription_tier", tiers, "seed 5"),
    QUOTA("account_industries", "accounts", "industry", industries, "seed 5"),
    QUOTA("location_types", "locations", "location_type", location_types, "seed 6"),
    QUOTA("user_roles", "users", "role", roles, "seed 7"),
    {.name = "device_status",
     .kind = SG_STAT_QUOTA,
     .of = {.table = "devices", .column = "status", WHERE(FROM("is_active", 1))},
     WEIGHTS(device_statuses),
     .reason = EXACT ", over devices of accounts not lost",
     .source = "seed 8"},
    {.name = "campaign_platforms",
     .kind = SG_STAT_QUOTA,
     .of = {.table = "campaigns", .column = "platform"},
     WEIGHTS(platforms),
     .slack = 1,
     .reason = "ties go to the earlier platform of the seed, which is not the order of the labels",
     .source = "seed 22"},
    DEGREE("locations_per_account", "locations", "account_id", 1, 5, 1.5, "seed 6"),
    DEGREE("users_per_account", "users", "account_id", 2, 10, 3, "seed 7"),
    DEGREE("devices_per_location", "devices", "location_id", 2, 5, 3, "seed 8"),
    DEGREE("subscriptions_per_account", "subscriptions", "account_id", 1, 3, 1.25, "seed 9"),
    DEGREE("items_per_subscription", "stripe_subscription_items", "subscription", 1, 4, 1.4, "seed 13"),
    GROWTH("growth_to_year_2", 36),
    GROWTH("growth_to_year_3", 24),
    GROWTH("growth_to_year_4", 12),
    GROWTH("growth_to_year_5", 0),
    CHURN("churn_year_2", 36),
    CHURN("churn_year_3", 24),
    CHURN("churn_year_4", 12),
    CHURN("churn_year_5", 0),
    {.name = "trial_conversion",
     .kind = SG_STAT_RATIO,
     .of = {.table = "subscriptions", WHERE(LABEL("status", "converted"))},
     .by = {.table = "subscriptions", WHERE(LABEL("status", "converted|expired"))},
     .expected = 0.7,
     .slack = 1,
     .reason = ROUNDED,
     .source = "seed 9"},
    {.name = "mrr_of_subscriptions",
     .kind = SG_STAT_RATIO,
     .of = {.table = "accounts", .column = "mrr", WHERE(FROM("is_active", 1))},
     .by = {.table = "subscriptions", .column = "mrr", WHERE(LABEL("status", "active|trial|pending"))},
     .expected = 1,
     .reason = SUMS,
     .source = "seed 9"},
    {.name = "payment_success",
     .kind = SG_STAT_RATIO,
     .of = {.table = "stripe_invoices", WHERE(LABEL("status", "paid"))},
     .by = {.table = "stripe_invoices"},
     .expected = 0.95,
     .slack = 1,
     .reason = ROUNDED,
     .source = "seed 14"},
    {.name = "charges_of_paid_invoices",
     .kind = SG_STAT_RATIO,
     .of = {.table = "stripe_charges"},
     .by = {.table = "stripe_invoices", WHERE(LABEL("status", "paid"))},
     .expected = 1,
     .reason = "exact: one charge for each paid invoice",
     .source = "seed 15"},
    EQUAL_SUMS("charged_is_invoiced", "stripe_charges", "amount", "stripe_invoices", "amount_paid",
               "seed 15"),
    EQUAL_SUMS("received_is_charged", "stripe_payment_intents", "amount_received", "stripe_charges", "amount",
               "seed 15"),
    {.name = "charges_told_by_events",
     .kind = SG_STAT_RATIO,
     .of = {.table = "stripe_events", WHERE(LABEL("type", "charge.succeeded"))},
     .by = {.table = "stripe_charges"},
     .expected = 1,
     .reason = "exact: every charge is told once",
     .source = "seed 16"},
    {.name = "invoices_told_by_events",
     .kind = SG_STAT_RATIO,
     .of = {.table = "stripe_events", WHERE(LABEL("type", "invoice.created"))},
     .by = {.table = "stripe_invoices"},
     .expected = 1,
     .reason = "exact: every invoice is told once",
     .source = "seed 16"},
    {.name = "win_rate",
     .kind = SG_STAT_RATIO,
     .of = {.table = "hubspot_deals", WHERE(LABEL("stage", "closedwon"))},
     .by = {.table = "hubspot_deals", WHERE(LABEL("stage", "closedwon|closedlost"))},
     .expected = 0.25,
     .slack = 1,
     .reason = ROUNDED,
     .source = "seed 19"},
    {.name = "ticket_categories",
     .kind = SG_STAT_CHI_SQUARED,
     .of = {.table = "hubspot_tickets", .column = "category", WHERE(IS_NULL("device_id"))},
     WEIGHTS(ticket_categories),
     .reason = CHANCE,
     .source = "declaration"},
    {.name = "ticket_priorities",
     .kind = SG_STAT_CHI_SQUARED,
     .of = {.table = "hubspot_tickets", .column = "priority", WHERE(IS_NULL("device_id"))},
     WEIGHTS(usual_priorities),
     .reason = CHANCE,
     .source = "seed 21"},
    {.name = "ticket_priorities_device_down",
     .kind = SG_STAT_CHI_SQUARED,
     .of = {.table = "hubspot_tickets", .column = "priority", WHERE(NOT_NULL("device_id"))},
     WEIGHTS(device_priorities),
     .reason = CHANCE,
     .source = "seed 34"},
    {.name = "satisfaction",
     .kind = SG_STAT_MEAN,
     .of = {.table = "hubspot_tickets", .column = "satisfaction_rating", WHERE(IS_NULL("device_id"))},
     .expected = 3.95,
     .tolerance = 0.3,
     .rows_min = 100,
     .reason = "ratings spread by about one point; three standard deviations of a hundred",
     .source = "declaration"},
    {.name = "satisfaction_device_down",
     .kind = SG_STAT_MEAN,
     .of = {.table = "hubspot_tickets", .column = "satisfaction_rating", WHERE(NOT_NULL("device_id"))},
     .expected = 3.8,
     .tolerance = 0.25,
     .rows_min = 200,
     .reason = "lower by the share of the account's devices that are down; ratings spread by about one point",
     .source = "seed 34"},
    EQUAL_SUMS("campaign_spend_by_day", "campaign_performance", "spend", "campaigns", "cost", "seed 23"),
    EQUAL_SUMS("campaign_clicks_by_day", "campaign_performance", "clicks", "campaigns", "clicks", "seed 23"),
    EQUAL_SUMS("campaign_impressions_by_day", "campaign_performance", "impressions", "campaigns",
               "impressions", "seed 23"),
    {.name = "attribution_sums_to_one",
     .kind = SG_STAT_RATIO,
     .of = {.table = "attribution_touchpoints", .column = "attribution_credit"},
     .by = {.table = "marketing_qualified_leads"},
     .expected = 10000,
     .reason = "exact: ten thousand parts for each lead",
     .source = "seed 24"},
    {.name = "attribution_models",
     .kind = SG_STAT_CHI_SQUARED,
     .of = {.table = "marketing_qualified_leads", .column = "attribution_model"},
     WEIGHTS(credit_models),
     .reason = CHANCE,
     .source = "declaration"},
    {.name = "journeys_under_30_days",
     .kind = SG_STAT_RATIO,
     .of = {.table = "marketing_qualified_leads", WHERE(BELOW("days_to_mql", 30))},
     .by = {.table = "marketing_qualified_leads"},
     .expected = 0.5,
     .tolerance = 0.14,
     .rows_min = 100,
     .reason = "the median is near 30 days; journeys are cut where history begins",
     .source = "contract 1"},
    {.name = "web_visit_hours",
     .kind = SG_STAT_PROFILE,
     .of = {.table = "google_analytics_sessions", .column = "started_at"},
     .classes = SG_CLASSES_HOUR,
     WEIGHTS(web_hours),
     .tolerance = 0.02,
     .rows_min = 5000,
     .reason = "a few visits a day in small data sets, at stratified hours",
     .source = "seed 26"},
    {.name = "web_visit_weekdays",
     .kind = SG_STAT_PROFILE,
     .of = {.table = "google_analytics_sessions", .column = "session_date"},
     .classes = SG_CLASSES_WEEKDAY,
     WEIGHTS(web_weekdays),
     .tolerance = 0.02,
     .rows_min = 5000,
     .reason = "every day has its own noise of some per cent",
     .source = "seed 26"},
    {.name = "web_visit_of_two_pages",
     .kind = SG_STAT_KS,
     .of = {.table = "google_analytics_sessions",
            .column = "session_duration",
            WHERE(FROM("page_views", 2), BELOW("page_views", 3))},
     .curve = two_pages,
     .curve_count = sizeof two_pages / sizeof *two_pages,
     .reason = CHANCE,
     .source = "declaration"},
    EQUAL_SUMS("page_views_of_sessions", "user_sessions", "page_views", "page_views", NULL, "seed 28"),
    EQUAL_SUMS("feature_events_of_sessions", "user_sessions", "feature_events", "feature_usage", NULL,
               "contract 1"),
    LOGIN_WEEK("admin_weekdays", "Admin", admin_weekdays),
    LOGIN_WEEK("manager_weekdays", "Manager", manager_weekdays),
    LOGIN_WEEK("staff_weekdays", "Staff", staff_weekdays),
    {.name = "tap_hours",
     .kind = SG_STAT_PROFILE,
     .of = {.table = "tap_events", .column = "timestamp"},
     .zone = {"time_zone", "location_id"},
     .classes = SG_CLASSES_HOUR,
     WEIGHTS(tap_hours),
     .tolerance = 0.03,
     .rows_min = 200000,
     .reason = RESIDUE,
     .source = "seed 30"},
    {.name = "tap_weekdays",
     .kind = SG_STAT_PROFILE,
     .of = {.table = "tap_events", .column = "timestamp"},
     .zone = {"time_zone", "location_id"},
     .classes = SG_CLASSES_WEEKDAY,
     WEIGHTS(tap_weekdays),
     .tolerance = 0.03,
     .rows_min = 200000,
     .reason = RESIDUE,
     .source = "seed 30"},
    {.name = "tap_maintenance_as_calibration",
     .kind = SG_STAT_CHI_SQUARED,
     .of = {.table = "tap_events", .column = "tap_type", WHERE(FROM("tap_type", 4))},
     .classes = SG_CLASSES_VALUE,
     .bins = {4, 1},
     WEIGHTS(upkeep),
     .reason = CHANCE,
     .source = "declaration"},
    {.name = "tap_cleanings",
     .kind = SG_STAT_RATIO,
     .of = {.table = "tap_events", WHERE(FROM("tap_type", 2), BELOW("tap_type", 3))},
     .by = {.table = "tap_events"},
     .expected = 0.015,
     .tolerance = 0.001,
     .rows_min = 200000,
     .reason = "more than three standard deviations of the smallest data set measured",
     .source = "declaration"},
    EQUAL_SUMS("health_events", "device_health", "event_count", "tap_events", NULL, "contract 1"),
    EQUAL_SUMS("health_volume", "device_health", "volume_ml", "tap_events", "volume_ml", "contract 1"),
    {.name = "uptime_of_online_devices",
     .kind = SG_STAT_MEAN,
     .of = {.table = "device_health", .column = "uptime", WHERE(OF_PARENT("device_id", "status", "online"))},
     .expected = 9700,
     .tolerance = 300,
     .rows_min = 1000,
     .reason = "ten-thousandths; quiet days of small places count as silence",
     .source = "seed 31"},
    {.name = "anomalies_of_events",
     .kind = SG_STAT_RATIO,
     .of = {.table = "anomaly_labels"},
     .by = {.table = "tap_events"},
     .expected = 1,
     .of_anomalies = true,
     .slack = 0.5,
     .reason = ROUNDED,
     .source = "contract 1"},
    QUOTA("anomaly_kinds", "anomaly_labels", "kind", bs_anomaly_shares, "declaration"),
    CORRELATION("mrr_and_employees", "employee_count", 0, 8, 0.8, 0.2),
    CORRELATION("mrr_and_users", "user_count", 0, 1, 0.6, 0.3),
    CORRELATION("mrr_and_locations", "location_count", 0, 1, 0.6, 0.35),
    CORRELATION("mrr_and_devices", "device_count", 0, 1, 0.6, 0.35),
};
