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
        .high = high_, .expected = mean_, .tolerance = 0.02, .rows_min = 100, .reason = ROUNDED,             \
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

/* Shares of the classes in thousandths, in the order of their labels. */
static const uint32_t engagement_types[] = {264, 359, 186, 104, 87};
static const uint32_t engagement_weekdays[] = {203, 195, 198, 197, 206, 2, 0};
static const uint32_t touchpoint_channels[] = {225, 194, 164, 170, 165, 81};
static const uint32_t visit_sources[] = {320, 151, 216, 135, 50, 62, 65};
static const uint32_t visit_devices[] = {566, 384, 50};
static const uint32_t session_devices_of_admin[] = {782, 155, 63};
static const uint32_t session_devices_of_manager[] = {467, 374, 159};
static const uint32_t session_devices_of_staff[] = {155, 480, 365};
static const uint32_t session_roles[] = {245, 468, 287};
static const uint32_t feature_tiers[] = {280, 375, 345};
static const uint32_t feature_categories[] = {274, 173, 108, 96, 158, 73, 19, 25, 61, 12};
static const uint32_t tap_categories[] = {349, 226, 64, 157, 82, 86, 36};
static const uint32_t location_zones[] = {428, 348, 57, 27, 137, 2, 2};

/* Terms: rows, cells, what they are less another column of the row, cells of a parent. */
#define ROWS(table_, ...)                                                                                    \
    { .table = table_, WHERE(__VA_ARGS__) }
#define CELLS(table_, column_, ...)                                                                          \
    { .table = table_, .column = column_, WHERE(__VA_ARGS__) }
#define LESS(table_, column_, less_, ...)                                                                    \
    { .table = table_, .column = column_, .less = less_, WHERE(__VA_ARGS__) }
#define PARENTS(table_, via_, column_, ...)                                                                  \
    { .table = table_, .column = column_, .via = via_, WHERE(__VA_ARGS__) }

#define EXACTLY "exact"
#define SPREAD  "differences between sizes, and six standard deviations between seeds, falling with the rows"
/* What data sets of different seeds show, so far off as they are from each other. */
#define SPREAD_RATIO(name_, of_, by_, expected_, tolerance_, spread_, rows_min_, source_)                    \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO, .of = of_, .by = by_, .expected = expected_,                   \
        .tolerance = tolerance_, .spread = spread_, .rows_min = rows_min_, .reason = SPREAD,                 \
        .source = source_                                                                                    \
    }
#define SPREAD_MEAN(name_, of_, expected_, tolerance_, spread_, rows_min_, source_)                          \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_MEAN, .of = of_, .expected = expected_, .tolerance = tolerance_,      \
        .spread = spread_, .rows_min = rows_min_, .reason = SPREAD, .source = source_                        \
    }
#define SPREAD_PROFILE(name_, of_, classes_, weights_, tolerance_, spread_, rows_min_, source_)              \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_PROFILE, .of = of_, .classes = classes_, WEIGHTS(weights_),           \
        .tolerance = tolerance_, .spread = spread_, .rows_min = rows_min_, .reason = SPREAD,                 \
        .source = source_                                                                                    \
    }
#define SPREAD_DEGREE(name_, table_, column_, low_, high_, mean_, tolerance_, spread_, rows_min_, source_)   \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_DEGREE, .of = {.table = table_, .column = column_}, .low = low_,      \
        .high = high_, .expected = mean_, .tolerance = tolerance_, .spread = spread_, .rows_min = rows_min_, \
        .reason = ROUNDED, .source = source_                                                                 \
    }
#define EXACT_SHARE(name_, of_, by_, expected_, slack_, reason_, source_)                                    \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO, .of = of_, .by = by_, .expected = expected_, .slack = slack_,  \
        .reason = reason_, .source = source_                                                                 \
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
     .spread = 2.0,
     .rows_min = 5000,
     .reason = "a few visits a day in small data sets, at stratified hours",
     .source = "seed 26"},
    {.name = "web_visit_weekdays",
     .kind = SG_STAT_PROFILE,
     .of = {.table = "google_analytics_sessions", .column = "session_date"},
     .classes = SG_CLASSES_WEEKDAY,
     WEIGHTS(web_weekdays),
     .tolerance = 0.02,
     .spread = 2.0,
     .rows_min = 5000,
     .reason = "every day has its own noise of some per cent",
     .source = "seed 26"},
    {.name = "web_visit_of_two_pages",
     .kind = SG_STAT_KS,
     .of = {.table = "google_analytics_sessions",
            .column = "session_duration",
            WHERE(FROM("page_views", 2), BELOW("page_views", 3))},
     SG_ARRAY(curve, curve_count, two_pages),
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
    SPREAD_DEGREE("contacts_per_company", "hubspot_contacts", "company_id", 0, 1000, 4, 0.05, 0, 100,
                  "seed 18"),
    SPREAD_DEGREE("deals_per_company", "hubspot_deals", "company_id", 0, 1000, 2, 0.05, 0, 100, "seed 19"),
    SPREAD_DEGREE("engagements_per_deal", "hubspot_engagements", "deal_id", 0, 1000, 10, 0.1, 0, 100,
                  "seed 20"),
    SPREAD_DEGREE("tickets_per_account", "hubspot_tickets", "account_id", 0, 1000, 4, 0.05, 0, 100,
                  "seed 21"),
    SPREAD_DEGREE("touchpoints_per_lead", "attribution_touchpoints", "mql_id", 1, 1000, 37.5, 0.01, 0, 20000,
                  "seed 24"),
    SPREAD_DEGREE("days_per_campaign", "campaign_performance", "campaign_id", 30, 1000, 300, 6, 0, 20,
                  "contract 1"),
    SPREAD_DEGREE("invoices_per_subscription", "stripe_invoices", "subscription", 0, 1000, 12, 0.12, 0, 100,
                  "seed 14"),
    SPREAD_DEGREE("charges_per_invoice", "stripe_charges", "invoice", 0, 1, 0.95, 0.005, 0, 100, "seed 15"),
    SPREAD_DEGREE("events_per_account", "stripe_events", "account_id", 1, 100000, 100, 1, 0, 100, "seed 16"),
    SPREAD_DEGREE("page_views_per_session", "page_views", "session_id", 1, 1000, 5, 0.02, 0, 100, "seed 28"),
    SPREAD_DEGREE("feature_events_per_session", "feature_usage", "session_id", 0, 1000, 3, 0.02, 0, 100,
                  "seed 29"),
    SPREAD_DEGREE("sessions_per_user", "user_sessions", "user_id", 0, 100000, 83.333, 0.01, 0, 30000,
                  "seed 27"),
    SPREAD_DEGREE("health_weeks_per_device", "device_health", "device_id", 0, 53, 32.6, 2, 180, 100,
                  "contract 1"),
    EXACT_SHARE("companies_that_are_accounts", ROWS("hubspot_companies", NOT_NULL("account_id")),
                ROWS("hubspot_companies", NO_CONDITION), 0.8, 1, ROUNDED, "seed 17"),
    SPREAD_RATIO("contacts_that_are_users", ROWS("hubspot_contacts", NOT_NULL("user_id")),
                 ROWS("hubspot_contacts", NO_CONDITION), 0.6, 0.006, 0.14, 220, "seed 18"),
    EXACT_SHARE(
        "free_touches_have_no_campaign",
        ROWS("attribution_touchpoints", LABEL("channel", "organic|direct|referral"), IS_NULL("campaign_id")),
        ROWS("attribution_touchpoints", LABEL("channel", "organic|direct|referral")), 1, 0, EXACTLY,
        "contract 1"),
    EXACT_SHARE("paid_touches_have_a_campaign",
                ROWS("attribution_touchpoints", LABEL("channel", "paid_search|paid_social|email"),
                     NOT_NULL("campaign_id")),
                ROWS("attribution_touchpoints", LABEL("channel", "paid_search|paid_social|email")), 1, 0,
                EXACTLY, "contract 1"),
    EXACT_SHARE(
        "open_deals_are_not_closed",
        ROWS("hubspot_deals",
             LABEL("stage", "appointmentscheduled|qualifiedtobuy|presentationscheduled|decisionmakerboughtin|"
                            "contractsent"),
             IS_NULL("closed_at")),
        ROWS("hubspot_deals", LABEL("stage", "appointmentscheduled|qualifiedtobuy|presentationscheduled|"
                                             "decisionmakerboughtin|contractsent")),
        1, 0, EXACTLY, "contract 1"),
    EXACT_SHARE("paid_invoices_have_a_time",
                ROWS("stripe_invoices", LABEL("status", "paid"), NOT_NULL("paid_at")),
                ROWS("stripe_invoices", LABEL("status", "paid")), 1, 0, EXACTLY, "contract 1"),
    SPREAD_RATIO("users_who_left", ROWS("users", BELOW("is_active", 1)), ROWS("users", NO_CONDITION), 0.263,
                 0.0079, 2.1, 200, "seed 37"),
    SPREAD_RATIO("tickets_rated",
                 ROWS("hubspot_tickets", LABEL("stage", "closed"), NOT_NULL("satisfaction_rating")),
                 ROWS("hubspot_tickets", LABEL("stage", "closed")), 0.62, 0.019, 3.6, 200, "seed 37"),
    SPREAD_RATIO("leads_from_accounts", ROWS("marketing_qualified_leads", NOT_NULL("account_id")),
                 ROWS("marketing_qualified_leads", NO_CONDITION), 0.848, 0.025, 0.55, 100, "seed 25"),
    SPREAD_RATIO("last_month_of_tap_events", ROWS("tap_events", SINCE("timestamp", 1)),
                 ROWS("tap_events", NO_CONDITION), 0.108, 0.065, 24, 220000, "seed 40"),
    SPREAD_RATIO("last_month_of_user_sessions", ROWS("user_sessions", SINCE("session_start", 1)),
                 ROWS("user_sessions", NO_CONDITION), 0.0548, 0.033, 2.8, 22000, "seed 40"),
    SPREAD_RATIO("last_month_of_page_views", ROWS("page_views", SINCE("timestamp", 1)),
                 ROWS("page_views", NO_CONDITION), 0.0542, 0.033, 6.1, 110000, "seed 40"),
    SPREAD_RATIO("last_month_of_feature_usage", ROWS("feature_usage", SINCE("timestamp", 1)),
                 ROWS("feature_usage", NO_CONDITION), 0.0545, 0.033, 7.2, 68000, "seed 40"),
    SPREAD_RATIO("last_month_of_stripe_events", ROWS("stripe_events", SINCE("created", 1)),
                 ROWS("stripe_events", NO_CONDITION), 0.0446, 0.027, 1.7, 4500, "seed 40"),
    SPREAD_RATIO("last_month_of_stripe_charges", ROWS("stripe_charges", SINCE("created", 1)),
                 ROWS("stripe_charges", NO_CONDITION), 0.044, 0.026, 0.54, 640, "seed 40"),
    SPREAD_RATIO("last_month_of_hubspot_engagements", ROWS("hubspot_engagements", SINCE("created_at", 1)),
                 ROWS("hubspot_engagements", NO_CONDITION), 0.116, 0.07, 3.8, 1100, "seed 40"),
    SPREAD_RATIO("last_month_of_hubspot_tickets", ROWS("hubspot_tickets", SINCE("created_at", 1)),
                 ROWS("hubspot_tickets", NO_CONDITION), 0.128, 0.077, 1.1, 200, "seed 40"),
    SPREAD_RATIO("last_month_of_campaign_performance", ROWS("campaign_performance", SINCE("date", 1)),
                 ROWS("campaign_performance", NO_CONDITION), 0.0227, 0.014, 3.8, 3400, "seed 40"),
    SPREAD_RATIO("last_month_of_google_analytics_sessions",
                 ROWS("google_analytics_sessions", SINCE("started_at", 1)),
                 ROWS("google_analytics_sessions", NO_CONDITION), 0.0327, 0.02, 0.32, 14000, "seed 40"),
    SPREAD_RATIO("last_month_of_attribution_touchpoints",
                 ROWS("attribution_touchpoints", SINCE("timestamp", 1)),
                 ROWS("attribution_touchpoints", NO_CONDITION), 0.0146, 0.0088, 8.3, 6800, "seed 40"),
    SPREAD_RATIO("last_month_of_device_health", ROWS("device_health", SINCE("week_start", 1)),
                 ROWS("device_health", NO_CONDITION), 0.119, 0.071, 4.3, 5800, "seed 40"),
    SPREAD_RATIO("spend_per_new_account_year_5", CELLS("campaign_performance", "spend", SINCE("date", 12)),
                 ROWS("accounts", SINCE("created_at", 12)), 560000, 350000, 0, 1000, "seed 34"),
    SPREAD_RATIO("spend_per_new_account_year_4",
                 CELLS("campaign_performance", "spend", SINCE("date", 24), BEFORE("date", 12)),
                 ROWS("accounts", SINCE("created_at", 24), BEFORE("created_at", 12)), 560000, 350000, 0, 1000,
                 "seed 34"),
    SPREAD_RATIO("spend_per_new_account_year_3",
                 CELLS("campaign_performance", "spend", SINCE("date", 36), BEFORE("date", 24)),
                 ROWS("accounts", SINCE("created_at", 36), BEFORE("created_at", 24)), 560000, 350000, 0, 1000,
                 "seed 34"),
    SPREAD_RATIO("spend_per_new_account_year_2",
                 CELLS("campaign_performance", "spend", SINCE("date", 48), BEFORE("date", 36)),
                 ROWS("accounts", SINCE("created_at", 48), BEFORE("created_at", 36)), 560000, 350000, 0, 1000,
                 "seed 34"),
    SPREAD_RATIO("spend_per_new_account_year_1",
                 CELLS("campaign_performance", "spend", SINCE("date", 60), BEFORE("date", 48)),
                 ROWS("accounts", SINCE("created_at", 60), BEFORE("created_at", 48)), 560000, 350000, 0, 1000,
                 "seed 34"),
    EXACT_SHARE("plan_changes", ROWS("subscriptions", LABEL("status", "superseded")),
                ROWS("subscriptions", NO_CONDITION), 0.088, 1, ROUNDED, "seed 9"),
    SPREAD_RATIO("annual_billing", ROWS("subscriptions", LABEL("billing_cycle", "annual")),
                 ROWS("subscriptions", NO_CONDITION), 0.107, 0.0032, 1.8, 100, "seed 12"),
    SPREAD_RATIO("mrr_of_enterprise", CELLS("accounts", "mrr", LABEL("subscription_tier", "Enterprise")),
                 ROWS("accounts", LABEL("subscription_tier", "Enterprise")), 591000, 18000, 98000, 10,
                 "seed 5"),
    SPREAD_RATIO("mrr_of_pro", CELLS("accounts", "mrr", LABEL("subscription_tier", "Pro")),
                 ROWS("accounts", LABEL("subscription_tier", "Pro")), 183000, 5500, 53000, 15, "seed 5"),
    SPREAD_RATIO("mrr_of_basic", CELLS("accounts", "mrr", LABEL("subscription_tier", "Basic")),
                 ROWS("accounts", LABEL("subscription_tier", "Basic")), 59000, 1800, 12000, 22, "seed 5"),
    SPREAD_RATIO("paid_after_a_failure",
                 ROWS("stripe_invoices", LABEL("status", "paid"), FROM("attempt_count", 2)),
                 ROWS("stripe_invoices", LABEL("status", "paid")), 0.055, 0.0023, 0.57, 640, "seed 14"),
    SPREAD_MEAN("seconds_to_payment", LESS("stripe_invoices", "paid_at", "created", LABEL("status", "paid")),
                77000, 2300, 3600000, 640, "seed 14"),
    SPREAD_MEAN(
        "seconds_to_payment_after_failures",
        LESS("stripe_invoices", "paid_at", "created", LABEL("status", "paid"), FROM("attempt_count", 2)),
        559000, 17000, 2600000, 40, "seed 14"),
    SPREAD_MEAN("attempts_of_unpaid",
                CELLS("stripe_invoices", "attempt_count", LABEL("status", "open|void|uncollectible")), 2.92,
                0.088, 10, 33, "seed 14"),
    SPREAD_RATIO("card_payments", ROWS("stripe_payment_intents", LABEL("payment_method_type", "card")),
                 ROWS("stripe_payment_intents", NO_CONDITION), 0.868, 0.026, 10, 680, "seed 15"),
    SPREAD_RATIO("elevated_risk", ROWS("stripe_charges", LABEL("risk_level", "elevated")),
                 ROWS("stripe_charges", NO_CONDITION), 0.012, 0.00036, 0.63, 640, "seed 15"),
    SPREAD_MEAN("seconds_to_qualified", LESS("hubspot_deals", "qualified_at", "created_at", NO_CONDITION),
                748000, 22000, 3100000, 100, "seed 19"),
    SPREAD_MEAN("seconds_to_presentation",
                LESS("hubspot_deals", "presentation_at", "qualified_at", NO_CONDITION), 1020000, 31000,
                6200000, 80, "seed 19"),
    SPREAD_MEAN("seconds_to_decision", LESS("hubspot_deals", "decision_at", "presentation_at", NO_CONDITION),
                1110000, 33000, 5900000, 60, "seed 19"),
    SPREAD_MEAN("seconds_to_contract", LESS("hubspot_deals", "contract_at", "decision_at", NO_CONDITION),
                856000, 26000, 4200000, 50, "seed 19"),
    SPREAD_MEAN("seconds_of_won_deals",
                LESS("hubspot_deals", "closed_at", "created_at", LABEL("stage", "closedwon")), 3370000,
                100000, 9900000, 30, "seed 19"),
    SPREAD_MEAN("seconds_of_lost_deals",
                LESS("hubspot_deals", "closed_at", "created_at", LABEL("stage", "closedlost")), 2730000,
                110000, 14000000, 80, "seed 19"),
    EXACT_SHARE("deals_still_open", ROWS("hubspot_deals", IS_NULL("closed_at")),
                ROWS("hubspot_deals", NO_CONDITION), 0.15, 1, ROUNDED, "seed 19"),
    SPREAD_PROFILE("engagement_types", CELLS("hubspot_engagements", "type", NO_CONDITION), SG_CLASSES_LABEL,
                   engagement_types, 0.01, 1.9, 1100, "seed 20"),
    SPREAD_PROFILE("engagement_weekdays", CELLS("hubspot_engagements", "created_at", NO_CONDITION),
                   SG_CLASSES_WEEKDAY, engagement_weekdays, 0.03, 2.1, 1100, "seed 35"),
    SPREAD_MEAN("seconds_to_first_response_low",
                LESS("hubspot_tickets", "first_response_at", "created_at", LABEL("priority", "LOW")), 35900,
                1100, 220000, 42, "seed 21"),
    SPREAD_MEAN("seconds_to_close_low",
                LESS("hubspot_tickets", "closed_at", "created_at", LABEL("priority", "LOW")), 382000, 11000,
                1500000, 41, "seed 21"),
    SPREAD_MEAN("seconds_to_first_response_medium",
                LESS("hubspot_tickets", "first_response_at", "created_at", LABEL("priority", "MEDIUM")),
                17900, 540, 92000, 58, "seed 21"),
    SPREAD_MEAN("seconds_to_close_medium",
                LESS("hubspot_tickets", "closed_at", "created_at", LABEL("priority", "MEDIUM")), 222000, 6700,
                1400000, 57, "seed 21"),
    SPREAD_MEAN("seconds_to_first_response_high",
                LESS("hubspot_tickets", "first_response_at", "created_at", LABEL("priority", "HIGH")), 5470,
                160, 26000, 32, "seed 21"),
    SPREAD_MEAN("seconds_to_close_high",
                LESS("hubspot_tickets", "closed_at", "created_at", LABEL("priority", "HIGH")), 96900, 2900,
                530000, 30, "seed 21"),
    SPREAD_MEAN("seconds_to_first_response_urgent",
                LESS("hubspot_tickets", "first_response_at", "created_at", LABEL("priority", "URGENT")), 1240,
                37, 10000, 10, "seed 21"),
    SPREAD_MEAN("seconds_to_close_urgent",
                LESS("hubspot_tickets", "closed_at", "created_at", LABEL("priority", "URGENT")), 36300, 1100,
                260000, 10, "seed 21"),
    SPREAD_RATIO("tickets_closed", ROWS("hubspot_tickets", LABEL("stage", "closed")),
                 ROWS("hubspot_tickets", NO_CONDITION), 0.965, 0.029, 0.74, 200, "seed 21"),
    SPREAD_RATIO("tickets_of_devices_down", ROWS("hubspot_tickets", NOT_NULL("device_id")),
                 ROWS("devices", LABEL("status", "offline|maintenance"), FROM("is_active", 1)), 0.889, 0.027,
                 1.7, 22, "seed 34"),
    SPREAD_RATIO("low_ratings_device_down",
                 ROWS("hubspot_tickets", NOT_NULL("satisfaction_rating"), NOT_NULL("device_id"),
                      BELOW("satisfaction_rating", 4)),
                 ROWS("hubspot_tickets", NOT_NULL("satisfaction_rating"), NOT_NULL("device_id")), 0.337, 0.01,
                 2.1, 10, "seed 34"),
    SPREAD_RATIO("low_ratings",
                 ROWS("hubspot_tickets", NOT_NULL("satisfaction_rating"), IS_NULL("device_id"),
                      BELOW("satisfaction_rating", 4)),
                 ROWS("hubspot_tickets", NOT_NULL("satisfaction_rating"), IS_NULL("device_id")), 0.285, 0.012,
                 3.5, 90, "seed 34"),
    SPREAD_RATIO("click_rate_google", CELLS("campaigns", "clicks", LABEL("platform", "google")),
                 CELLS("campaigns", "impressions", LABEL("platform", "google")), 0.0136, 0.0022, 0.24, 4,
                 "seed 23"),
    SPREAD_RATIO("cost_of_click_google", CELLS("campaigns", "cost", LABEL("platform", "google")),
                 CELLS("campaigns", "clicks", LABEL("platform", "google")), 235, 7, 1200, 4, "seed 23"),
    SPREAD_RATIO("click_rate_meta", CELLS("campaigns", "clicks", LABEL("platform", "meta")),
                 CELLS("campaigns", "impressions", LABEL("platform", "meta")), 0.0123, 0.00037, 0.029, 3,
                 "seed 23"),
    SPREAD_RATIO("cost_of_click_meta", CELLS("campaigns", "cost", LABEL("platform", "meta")),
                 CELLS("campaigns", "clicks", LABEL("platform", "meta")), 119, 7.2, 250, 3, "seed 23"),
    SPREAD_RATIO("click_rate_linkedin", CELLS("campaigns", "clicks", LABEL("platform", "linkedin")),
                 CELLS("campaigns", "impressions", LABEL("platform", "linkedin")), 0.00505, 0.00038, 0.046, 2,
                 "seed 23"),
    SPREAD_RATIO("cost_of_click_linkedin", CELLS("campaigns", "cost", LABEL("platform", "linkedin")),
                 CELLS("campaigns", "clicks", LABEL("platform", "linkedin")), 687, 21, 1200, 2, "seed 23"),
    SPREAD_RATIO("click_rate_iterable", CELLS("campaigns", "clicks", LABEL("platform", "iterable")),
                 CELLS("campaigns", "impressions", LABEL("platform", "iterable")), 0.0282, 0.00085, 0.1, 2,
                 "seed 23"),
    SPREAD_RATIO("cost_of_click_iterable", CELLS("campaigns", "cost", LABEL("platform", "iterable")),
                 CELLS("campaigns", "clicks", LABEL("platform", "iterable")), 8.5, 0.26, 20, 2, "seed 23"),
    SPREAD_RATIO("conversions_of_clicks", CELLS("campaigns", "conversions", NO_CONDITION),
                 CELLS("campaigns", "clicks", NO_CONDITION), 0.0291, 0.00087, 0.15, 11, "seed 23"),
    SPREAD_PROFILE("touchpoint_channels", CELLS("attribution_touchpoints", "channel", NO_CONDITION),
                   SG_CLASSES_LABEL, touchpoint_channels, 0.01, 55, 6800, "seed 24"),
    SPREAD_MEAN("lead_scores", CELLS("marketing_qualified_leads", "mql_score", NO_CONDITION), 7350, 240, 5800,
                100, "seed 25"),
    SPREAD_RATIO("bounces", ROWS("google_analytics_sessions", BELOW("page_views", 2)),
                 ROWS("google_analytics_sessions", NO_CONDITION), 0.501, 0.015, 4.1, 14000, "seed 26"),
    SPREAD_RATIO("new_visitors", ROWS("google_analytics_sessions", FROM("new_visitor", 1)),
                 ROWS("google_analytics_sessions", NO_CONDITION), 0.625, 0.006, 0.11, 14000, "seed 26"),
    SPREAD_RATIO("goals", ROWS("google_analytics_sessions", FROM("goal_completions", 1)),
                 ROWS("google_analytics_sessions", NO_CONDITION), 0.0286, 0.00086, 0.76, 14000, "seed 26"),
    SPREAD_MEAN("visit_seconds", CELLS("google_analytics_sessions", "session_duration", NO_CONDITION), 87.3,
                2.6, 1100, 14000, "seed 26"),
    SPREAD_PROFILE("visit_sources", CELLS("google_analytics_sessions", "medium", NO_CONDITION),
                   SG_CLASSES_LABEL, visit_sources, 0.01, 2, 14000, "seed 26"),
    SPREAD_PROFILE("visit_devices", CELLS("google_analytics_sessions", "device_category", NO_CONDITION),
                   SG_CLASSES_LABEL, visit_devices, 0.01, 1.4, 14000, "seed 26"),
    SPREAD_PROFILE("session_devices_of_admin",
                   CELLS("user_sessions", "device_type", OF_PARENT("user_id", "role", "Admin")),
                   SG_CLASSES_LABEL, session_devices_of_admin, 0.01, 32, 4200, "seed 27"),
    SPREAD_PROFILE("session_devices_of_manager",
                   CELLS("user_sessions", "device_type", OF_PARENT("user_id", "role", "Manager")),
                   SG_CLASSES_LABEL, session_devices_of_manager, 0.01, 48, 8500, "seed 27"),
    SPREAD_PROFILE("session_devices_of_staff",
                   CELLS("user_sessions", "device_type", OF_PARENT("user_id", "role", "Staff")),
                   SG_CLASSES_LABEL, session_devices_of_staff, 0.01, 22, 5100, "seed 27"),
    SPREAD_MEAN("session_seconds", CELLS("user_sessions", "duration_seconds", NO_CONDITION), 397, 12, 7800,
                22000, "seed 27"),
    SPREAD_PROFILE("session_roles", PARENTS("user_sessions", "user_id", "role", NO_CONDITION),
                   SG_CLASSES_LABEL, session_roles, 0.01, 40, 22000, "seed 27"),
    SPREAD_PROFILE("feature_tiers", PARENTS("feature_usage", "account_id", "subscription_tier", NO_CONDITION),
                   SG_CLASSES_LABEL, feature_tiers, 0.01, 110, 68000, "seed 29"),
    SPREAD_RATIO("sessions_of_accounts_kept",
                 ROWS("user_sessions", SINCE("session_start", 24), BEFORE("session_start", 12),
                      BEFORE_PARENT("account_id", "created_at", 24),
                      {.test = SG_TEST_NULL, .column = "ended_at", .via = "account_id"}),
                 ROWS("accounts", BEFORE("created_at", 24), IS_NULL("ended_at")), 139, 21, 0, 1000,
                 "seed 34"),
    SPREAD_RATIO(
        "sessions_of_accounts_about_to_leave",
        ROWS("user_sessions", SINCE("session_start", 24), BEFORE("session_start", 12),
             BEFORE_PARENT("account_id", "created_at", 24), SINCE_PARENT("account_id", "ended_at", 12)),
        ROWS("accounts", BEFORE("created_at", 24), SINCE("ended_at", 12)), 86.9, 13, 0, 100, "seed 34"),
    EXACT_SHARE("exits_are_sessions", ROWS("page_views", FROM("exit_page", 1)),
                ROWS("user_sessions", NO_CONDITION), 1, 0, EXACTLY, "seed 28"),
    EXACT_SHARE("entries_are_sessions", ROWS("page_views", IS_NULL("referrer_page_id")),
                ROWS("user_sessions", NO_CONDITION), 1, 0, EXACTLY, "seed 28"),
    SPREAD_RATIO("from_login_to_dashboard",
                 ROWS("page_views", OF_PARENT("referrer_page_id", "area", "login"),
                      OF_PARENT("page_id", "area", "dashboard")),
                 ROWS("page_views", OF_PARENT("referrer_page_id", "area", "login")), 0.592, 0.006, 3.7, 9700,
                 "seed 28"),
    SPREAD_RATIO("from_dashboard_to_reports",
                 ROWS("page_views", OF_PARENT("referrer_page_id", "area", "dashboard"),
                      OF_PARENT("page_id", "area", "reports")),
                 ROWS("page_views", OF_PARENT("referrer_page_id", "area", "dashboard")), 0.221, 0.0066, 8.7,
                 26000, "seed 28"),
    SPREAD_RATIO("from_reports_to_reports",
                 ROWS("page_views", OF_PARENT("referrer_page_id", "area", "reports"),
                      OF_PARENT("page_id", "area", "reports")),
                 ROWS("page_views", OF_PARENT("referrer_page_id", "area", "reports")), 0.504, 0.015, 8.2,
                 18000, "seed 28"),
    SPREAD_RATIO(
        "billing_pages_of_admin",
        ROWS("page_views", OF_PARENT("user_id", "role", "Admin"), OF_PARENT("page_id", "area", "billing")),
        ROWS("page_views", OF_PARENT("user_id", "role", "Admin")), 0.044, 0.0013, 1.8, 2000, "seed 28"),
    SPREAD_RATIO("feature_success", ROWS("feature_usage", FROM("success", 1)),
                 ROWS("feature_usage", NO_CONDITION), 0.97, 0.006, 1.2, 68000, "seed 29"),
    SPREAD_PROFILE("feature_categories", PARENTS("feature_usage", "feature_id", "category", NO_CONDITION),
                   SG_CLASSES_LABEL, feature_categories, 0.01, 8.9, 68000, "seed 29"),
    SPREAD_RATIO("young_features_now",
                 ROWS("feature_usage", SINCE("timestamp", 3), SINCE_PARENT("feature_id", "launched_at", 30)),
                 ROWS("feature_usage", SINCE("timestamp", 3)), 0.0623, 0.0019, 5, 7500, "seed 36"),
    SPREAD_RATIO("young_features_a_year_ago",
                 ROWS("feature_usage", SINCE("timestamp", 15), BEFORE("timestamp", 12),
                      SINCE_PARENT("feature_id", "launched_at", 30)),
                 ROWS("feature_usage", SINCE("timestamp", 15), BEFORE("timestamp", 12)), 0.058, 0.0017, 3.9,
                 4500, "seed 36"),
    SPREAD_PROFILE("tap_categories", PARENTS("tap_events", "product_id", "category", NO_CONDITION),
                   SG_CLASSES_LABEL, tap_categories, 0.01, 43, 220000, "seed 30"),
    SPREAD_MEAN("volume_of_draft_beer",
                CELLS("tap_events", "volume_ml", FROM("tap_type", 1), BELOW("tap_type", 2),
                      OF_PARENT("product_id", "category", "draft_beer")),
                411, 12, 5000, 70000, "seed 30"),
    SPREAD_MEAN("temperature_of_draft_beer",
                CELLS("tap_events", "temperature_deci_c", FROM("tap_type", 1), BELOW("tap_type", 2),
                      OF_PARENT("product_id", "category", "draft_beer")),
                39.1, 1.2, 780, 70000, "seed 30"),
    SPREAD_MEAN("volume_of_wine",
                CELLS("tap_events", "volume_ml", FROM("tap_type", 1), BELOW("tap_type", 2),
                      OF_PARENT("product_id", "category", "wine")),
                157, 4.7, 430, 29000, "seed 30"),
    SPREAD_MEAN("duration_of_pours",
                CELLS("tap_events", "duration_deci_s", FROM("tap_type", 1), BELOW("tap_type", 2),
                      BELOW("duration_deci_s", 600)),
                63.3, 1.9, 1900, 220000, "seed 30"),
    SPREAD_RATIO("tap_errors", ROWS("tap_events", FROM("tap_type", 3), BELOW("tap_type", 4)),
                 ROWS("tap_events", NO_CONDITION), 0.0166, 0.0005, 2.4, 220000, "seed 30"),
    SPREAD_RATIO("sessions_of_half_an_hour", ROWS("user_sessions", FROM("duration_seconds", 1800)),
                 ROWS("user_sessions", NO_CONDITION), 0.0291, 0.00087, 1, 22000, "seed 37"),
    SPREAD_MEAN("uptime_of_offline_devices",
                CELLS("device_health", "uptime", OF_PARENT("device_id", "status", "offline")), 9510, 290,
                23000, 780, "seed 31"),
    SPREAD_RATIO("weeks_of_maintenance", ROWS("device_health", FROM("maintenance", 1)),
                 ROWS("device_health", NO_CONDITION), 0.0987, 0.003, 3.1, 5800, "seed 31"),
    SPREAD_PROFILE("location_zones", CELLS("locations", "time_zone", NO_CONDITION), SG_CLASSES_LABEL,
                   location_zones, 0.01, 2.6, 100, "seed 6"),
    EXACT_SHARE("employees_in_range",
                ROWS("accounts", FROM("employee_count", 5), BELOW("employee_count", 501)),
                ROWS("accounts", NO_CONDITION), 1, 0, EXACTLY, "seed 5"),
};
