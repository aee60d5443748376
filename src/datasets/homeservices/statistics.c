/* The declared model of homeservices: the numbers of its seed and the distributions behind them, with what
 * chance and rounding may do to them. Data only; verification measures it, the catalog lists it. */
#include "datasets/homeservices/tables.h"
#include "model/statistic_terms.h"

#define EXACT   "exact: a quota by largest remainder; ties may fall to either side"
#define DRAWN   "independent draws, more than four standard deviations at the smallest size measured"
#define GROUPED "draws shared by the rows of a group, more than four standard deviations"

/* Customers are the users with a referral code, staff those without. */
#define CUSTOMERS NOT_NULL("referral_code")

/* Items done by a provider from across the state border, and those taxed as such. */
#define ACROSS       PARENTS_DIFFER("provider_id", "home_state", "address_id", "state")
#define TAXED_ACROSS PARENT_FROM("booking_id", "igst", 1)

#define CITIES                                                                                               \
    "Mumbai|Delhi|Bengaluru|Hyderabad|Chennai|Kolkata|Pune|"                                                 \
    "Ahmedabad|Jaipur|Surat|Lucknow|Indore|Nagpur|Kochi|"                                                    \
    "Visakhapatnam|Gurugram|Noida|Faridabad|Chandigarh|Mohali"

/* Three PIN codes of the own state, then one of the other: Delhi and Haryana, Haryana and Uttar Pradesh,
 * Chandigarh and Punjab. */
#define OWN(pin_) "\\[(\"" pin_ "\", ){3}\""
#define ACROSS_PINS                                                                                          \
    OWN("11[0-9]{4}")                                                                                        \
    "12.*|" OWN("12[0-9]{4}") "(11|20).*|" OWN("20[0-9]{4}") "12.*|" OWN(                                    \
        "1600[0-3][0-9]") "(14|1600[5-9]|1601).*|" OWN("(14[0-9]{4}|1600[5-9][0-9]|1601[0-9]{2})") "1600[0-" \
                                                                                                   "3].*"

/* One provider in ten crosses, all of cities that are 27 % of providers: 0.37 of theirs. They do their part
 * of the work in the city they go to: cities of weights a and b have a x 0.37 b / (0.37 b + a) percent of all
 * bookings done from across, for (12, 4), (4, 12), (4, 3), (3, 4), (2, 2) and (2, 2). */
#define BORDER_SHARE 0.0637

static const uint32_t booking_statuses[] = {14, 28, 81, 16};
static const uint32_t payment_statuses[] = {15, 80, 5, 0}; /* pending, paid, failed, refunded */
static const uint32_t complaint_statuses[] = {27, 25, 42, 26, 0};
static const uint32_t services[] = {8, 8, 7, 7, 7, 5, 6, 4, 5, 8, 6, 5};
static const uint32_t trades[] = {18, 17, 10, 10, 7, 4, 8, 5, 5, 9, 5, 2};
static const uint32_t roles[] = {1, 1};
static const uint32_t methods[] = {25, 55, 12, 8};
static const uint32_t channels[] = {40, 38, 22};
static const uint32_t intents[] = {12, 8, 9, 28, 14, 9, 13, 7};
static const uint32_t fees[] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
/* Half hours from 02:30 to 12:00 UTC. */
static const uint32_t slots[24] = {
    [2] = 1, [3] = 2, [4] = 2, [5] = 2, [6] = 2, [7] = 2, [8] = 2, [9] = 2, [10] = 2, [11] = 2, [12] = 1};

#define QUOTA(name_, table_, column_, weights_, source_)                                                     \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_QUOTA, .of = {.table = table_, .column = column_}, WEIGHTS(weights_), \
        .rows_min = 20, .reason = EXACT, .source = source_                                                   \
    }

/* Constant tables: ids from 1 without gap that have a mean of (rows + 1) / 2 leave one number of rows. */
#define CONSTANT(name_, table_, rows_)                                                                       \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_MEAN, .of = {.table = table_, .column = "id"},                        \
        .expected = ((rows_) + 1) / 2.0, .reason = "exact: ids of " #rows_ " rows without gap",              \
        .source = "seed, record counts"                                                                      \
    }

/* Rows that meet some conditions are as many as those that meet others: the same, where one list includes the
 * other. */
#define AS_MANY(name_, table_, of_, by_, source_)                                                            \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO, .of = {.table = table_, WHERE(of_)},                           \
        .by = {.table = table_, WHERE(by_)}, .expected = 1, .reason = "exact: these are the same rows",      \
        .source = source_                                                                                    \
    }
#define AND(...) __VA_ARGS__

/* All items of bookings of a status have the status that goes with it. */
#define ITEMS_OF(name_, booking_status_, status_)                                                            \
    AS_MANY(name_, "booking_items",                                                                          \
            AND(OF_PARENT("booking_id", "status", booking_status_), LABEL("status", status_)),               \
            OF_PARENT("booking_id", "status", booking_status_), "contract, items")

/* Addresses of a city are in its state and have its PIN codes. */
#define CITY(name_, city_, state_, pins_)                                                                    \
    AS_MANY(name_, "addresses", AND(TEXT("city", city_), TEXT("state", state_), SHAPED("pincode", pins_)),   \
            TEXT("city", city_), "seed, addresses")

/* No row of a table meets these. */
#define NO_ROW(name_, table_, where_, source_)                                                               \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO, .of = {.table = table_, WHERE(where_)},                        \
        .by = {.table = table_}, .expected = 0, .reason = "exact: there are none", .source = source_         \
    }

/* A column names a member of staff. */
#define STAFF(name_, table_, column_, source_)                                                               \
    AS_MANY(name_, table_, AND(NOT_NULL(column_), PARENT_NULL(column_, "referral_code")), NOT_NULL(column_), \
            source_)

/* Rows of a table over customers, or over another table's rows. */
#define PER_CUSTOMER(name_, table_, expected_)                                                               \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO, .of = {.table = table_},                                       \
        .by = {.table = "users", WHERE(CUSTOMERS)}, .expected = expected_, .slack = 0.501,                   \
        .reason = ROUNDED, .source = "seed, record counts"                                                   \
    }

/* A share of rows of a table, held by a quota. */
#define SHARE(name_, table_, where_, expected_, source_)                                                     \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO, .of = {.table = table_, WHERE(where_)},                        \
        .by = {.table = table_}, .expected = expected_, .slack = 0.501, .reason = ROUNDED, .source = source_ \
    }

/* Rows of a table per parent. */
#define DEGREE(name_, table_, column_, low_, high_, mean_, source_)                                          \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_DEGREE, .of = {.table = table_, .column = column_}, .low = low_,      \
        .high = high_, .expected = mean_, .tolerance = 0.02, .rows_min = 100, .reason = ROUNDED,             \
        .source = source_                                                                                    \
    }

const struct sg_statistic hs_statistics[HS_STATISTIC_COUNT] = {
    SERIES("sign_ups", "users", "created_at", NULL, "seed, users", CUSTOMERS),
    SERIES("bookings_made", "bookings", "created_at", "total", "seed, bookings", NO_CONDITION),
    SERIES("complaints_made", "complaints", "created_at", NULL, "seed, complaints", NO_CONDITION),
    PER_CUSTOMER("staff_per_customer", "users", 1.5),
    PER_CUSTOMER("addresses_per_customer", "addresses", 1.98),
    PER_CUSTOMER("providers_per_customer", "providers", 1.2),
    PER_CUSTOMER("bookings_per_customer", "bookings", 1.39),
    PER_CUSTOMER("items_per_customer", "booking_items", 2.94),
    PER_CUSTOMER("messages_per_customer", "conversations", 11.92),
    PER_CUSTOMER("queued_per_customer", "priority_queue", 1),
    PER_CUSTOMER("complaints_per_customer", "complaints", 1.2),
    PER_CUSTOMER("updates_per_customer", "complaint_updates", 1.8),
    CONSTANT("trades", "categories", 12),
    CONSTANT("services", "subcategories", 76),
    CONSTANT("variants", "rate_cards", 156),
    {.name = "services_of_trades",
     .kind = SG_STAT_QUOTA,
     .of = {.table = "subcategories", .column = "category_id"},
     .classes = SG_CLASSES_VALUE,
     .bins = {1, 1},
     WEIGHTS(services),
     .reason = "exact: a constant table",
     .source = "seed, categories"},
    {.name = "variants_of_services",
     .kind = SG_STAT_DEGREE,
     .of = {.table = "rate_cards", .column = "subcategory_id"},
     .low = 1,
     .high = 3,
     .expected = 156.0 / 76,
     .tolerance = 0.005,
     .reason = "exact: a constant table",
     .source = "seed, record counts"},
    DEGREE("items_of_bookings", "booking_items", "booking_id", 1, HS_ITEMS_MAX, 294.0 / 139,
           "seed, record counts"),
    DEGREE("updates_of_complaints", "complaint_updates", "complaint_id", 1, HS_UPDATES_MAX, 1.5,
           "seed, complaints"),
    QUOTA("booking_statuses", "bookings", "status", booking_statuses, "seed, booking statistics"),
    QUOTA("payment_statuses", "bookings", "payment_status", payment_statuses, "seed, bookings"),
    QUOTA("complaint_statuses", "complaints", "status", complaint_statuses, "seed, complaint statistics"),
    QUOTA("message_roles", "conversations", "role", roles, "contract, conversations"),
    SHARE("providers_active", "providers", FROM("is_active", 1), 107.0 / 120, "seed, provider statistics"),
    SHARE("providers_verified", "providers", FROM("is_verified", 1), 98.0 / 120, "seed, provider statistics"),
    SHARE("bookings_partial", "bookings", FROM("is_partial", 1), 0.1, "contract, bookings"),
    SHARE("messages_flagged", "conversations", FROM("flagged_for_review", 1), 0.05, "seed, conversations"),
    SHARE("complaints_assigned", "complaints", NOT_NULL("assigned_to"), 0.7, "seed, complaints"),
    SHARE("complaints_about_bookings", "complaints", NOT_NULL("booking_id"), 0.7, "contract, complaints"),
    {.name = "customers_active",
     .kind = SG_STAT_RATIO,
     .of = {.table = "users", WHERE(CUSTOMERS, FROM("is_active", 1))},
     .by = {.table = "users", WHERE(CUSTOMERS)},
     .expected = 0.95,
     .slack = 1,
     .reason = ROUNDED,
     .source = "seed, users"},
    {.name = "customers_referred",
     .kind = SG_STAT_RATIO,
     .of = {.table = "users", WHERE(NOT_NULL("referred_by"))},
     .by = {.table = "users", WHERE(CUSTOMERS)},
     .expected = 0.3,
     .slack = 1,
     .reason = ROUNDED,
     .source = "contract, users"},
    AS_MANY("referrers_are_customers", "users", PARENT_NOT_NULL("referred_by", "referral_code"),
            NOT_NULL("referred_by"), "contract, users"),
    {.name = "customers_of_first_half",
     .kind = SG_STAT_RATIO,
     .of = {.table = "users", WHERE(CUSTOMERS, BEFORE("created_at", 18))},
     .by = {.table = "users", WHERE(CUSTOMERS)},
     .expected = 0.254,
     .tolerance = 0.01,
     .slack = 2,
     .reason = "sign-ups grow linearly over 1,085 days; months have different lengths",
     .source = "declaration"},
    {.name = "wallets_filled",
     .kind = SG_STAT_RATIO,
     .of = {.table = "users", WHERE(CUSTOMERS, FROM("wallet_balance", 1))},
     .by = {.table = "users", WHERE(CUSTOMERS)},
     .expected = 0.78,
     .tolerance = 0.06,
     .rows_min = 1000,
     .reason = DRAWN,
     .source = "declaration"},
    {.name = "provider_ratings",
     .kind = SG_STAT_MEAN,
     .of = {.table = "providers", .column = "avg_rating"},
     .expected = 424,
     .tolerance = 1,
     .spread = 150,
     .rows_min = 100,
     .reason = "independent draws, more than four standard deviations",
     .source = "seed, provider statistics"},
    EQUAL_SUMS("items_are_subtotals", "bookings", "subtotal", "booking_items", "final_amount",
               "contract, bookings"),
    EQUAL_SUMS("provider_bookings_are_items", "providers", "total_bookings", "booking_items", NULL,
               "contract, items"),
    EQUAL_SUMS("sgst_is_cgst", "bookings", "sgst_amount", "bookings", "cgst_amount", "seed, bookings"),
    {.name = "bookings_across_borders",
     .kind = SG_STAT_RATIO,
     .of = {.table = "bookings", WHERE(FROM("igst", 1))},
     .by = {.table = "bookings"},
     .expected = BORDER_SHARE,
     .tolerance = 0.005,
     .spread = 1.2,
     .rows_min = 1000,
     .reason = "one provider in ten by city weights; independent draws, more than four standard deviations",
     .source = "contract, bookings"},
    AS_MANY("igst_across_borders", "booking_items", AND(ACROSS, TAXED_ACROSS), TAXED_ACROSS,
            "seed, bookings"),
    AS_MANY("borders_with_igst", "booking_items", ACROSS, TAXED_ACROSS, "seed, bookings"),
    ITEMS_OF("items_of_pending", "PENDING", "PENDING"),
    ITEMS_OF("items_of_confirmed", "CONFIRMED", "ACCEPTED"),
    ITEMS_OF("items_of_completed", "COMPLETED", "COMPLETED"),
    ITEMS_OF("items_of_cancelled", "CANCELLED", "CANCELLED"),
    CITY("addresses_of_mumbai", "Mumbai", "Maharashtra", "400[0-9]{3}"),
    CITY("addresses_of_delhi", "Delhi", "Delhi", "110[0-9]{3}"),
    CITY("addresses_of_bengaluru", "Bengaluru", "Karnataka", "560[0-9]{3}"),
    CITY("addresses_of_hyderabad", "Hyderabad", "Telangana", "500[0-9]{3}"),
    CITY("addresses_of_chennai", "Chennai", "Tamil Nadu", "600[0-9]{3}"),
    CITY("addresses_of_kolkata", "Kolkata", "West Bengal", "700[0-9]{3}"),
    CITY("addresses_of_pune", "Pune", "Maharashtra", "411[0-9]{3}"),
    CITY("addresses_of_ahmedabad", "Ahmedabad", "Gujarat", "380[0-9]{3}"),
    CITY("addresses_of_jaipur", "Jaipur", "Rajasthan", "302[0-9]{3}"),
    CITY("addresses_of_surat", "Surat", "Gujarat", "395[0-9]{3}"),
    CITY("addresses_of_lucknow", "Lucknow", "Uttar Pradesh", "226[0-9]{3}"),
    CITY("addresses_of_indore", "Indore", "Madhya Pradesh", "452[0-9]{3}"),
    CITY("addresses_of_nagpur", "Nagpur", "Maharashtra", "440[0-9]{3}"),
    CITY("addresses_of_kochi", "Kochi", "Kerala", "682[0-9]{3}"),
    CITY("addresses_of_visakhapatnam", "Visakhapatnam", "Andhra Pradesh", "530[0-9]{3}"),
    CITY("addresses_of_gurugram", "Gurugram", "Haryana", "122[0-9]{3}"),
    CITY("addresses_of_noida", "Noida", "Uttar Pradesh", "201[0-9]{3}"),
    CITY("addresses_of_faridabad", "Faridabad", "Haryana", "121[0-9]{3}"),
    CITY("addresses_of_chandigarh", "Chandigarh", "Chandigarh", "160[0-9]{3}"),
    CITY("addresses_of_mohali", "Mohali", "Punjab", "(140|160)[0-9]{3}"),
    NO_ROW("addresses_elsewhere", "addresses", OTHER_TEXT("city", CITIES), "seed, addresses"),
    {.name = "providers_across_borders",
     .kind = SG_STAT_RATIO,
     .of = {.table = "providers", WHERE(SHAPED("service_pincodes", ACROSS_PINS))},
     .by = {.table = "providers"},
     .expected = 0.1,
     .slack = 1.5,
     .rows_min = 100,
     .reason = ROUNDED,
     .source = "contract, bookings"},
    NO_ROW("updates_by_strangers", "complaint_updates",
           AND(DIFFERS_FROM_PARENT("user_id", "complaint_id", "user_id"),
               DIFFERS_FROM_PARENT("user_id", "complaint_id", "assigned_to")),
           "contract, complaints"),
    NO_ROW("updates_by_strangers_alone", "complaint_updates",
           AND(DIFFERS_FROM_PARENT("user_id", "complaint_id", "user_id"),
               PARENT_NULL("complaint_id", "assigned_to")),
           "contract, complaints"),
    STAFF("assignees_are_staff", "complaints", "assigned_to", "contract, complaints"),
    STAFF("resolvers_are_staff", "complaints", "resolved_by", "contract, complaints"),
    STAFF("reviewers_are_staff", "priority_queue", "reviewed_by", "contract, conversations"),
    {.name = "complaints_withdrawn",
     .kind = SG_STAT_RATIO,
     .of = {.table = "complaints", WHERE(LABEL("status", "CLOSED"), IS_NULL("assigned_to"))},
     .by = {.table = "complaints"},
     .expected = 9.0 / 120,
     .slack = 1,
     .reason = ROUNDED,
     .source = "contract, complaints"},
    {.name = "default_addresses",
     .kind = SG_STAT_RATIO,
     .of = {.table = "addresses", WHERE(FROM("is_default", 1))},
     .by = {.table = "users", WHERE(CUSTOMERS)},
     .expected = 1,
     .reason = "exact: one each",
     .source = "seed, addresses"},
    {.name = "default_addresses_of_users",
     .kind = SG_STAT_DEGREE,
     .of = {.table = "addresses", .column = "user_id", WHERE(FROM("is_default", 1))},
     .low = 0,
     .high = 1,
     .expected = 2 / 3.0,
     .tolerance = 0.17,
     .reason = "exact: one of each customer, none of staff; staff is rounded",
     .source = "seed, addresses"},
    {.name = "item_trades",
     .kind = SG_STAT_PROFILE,
     .of = {.table = "booking_items", .column = "category_id", .via = "rate_card_id"},
     .classes = SG_CLASSES_VALUE,
     .bins = {1, 1},
     WEIGHTS(trades),
     .tolerance = 0.04,
     .rows_min = 10000,
     .reason = GROUPED,
     .source = "declaration"},
    {.name = "methods_of_completed",
     .kind = SG_STAT_CHI_SQUARED,
     .of = {.table = "bookings", .column = "payment_method", WHERE(LABEL("status", "COMPLETED"))},
     WEIGHTS(methods),
     .reason = CHANCE,
     .source = "declaration"},
    {.name = "convenience_charges",
     .kind = SG_STAT_CHI_SQUARED,
     .of = {.table = "bookings", .column = "convenience_charge"},
     .classes = SG_CLASSES_VALUE,
     .bins = {1000, 450},
     WEIGHTS(fees),
     .reason = CHANCE,
     .source = "contract, bookings"},
    {.name = "scheduled_hours",
     .kind = SG_STAT_CHI_SQUARED,
     .of = {.table = "booking_items", .column = "scheduled_time_from"},
     .classes = SG_CLASSES_HOUR,
     WEIGHTS(slots),
     .reason = CHANCE,
     .source = "declaration"},
    {.name = "message_channels",
     .kind = SG_STAT_PROFILE,
     .of = {.table = "conversations", .column = "channel"},
     WEIGHTS(channels),
     .tolerance = 0.05,
     .rows_min = 10000,
     .reason = GROUPED,
     .source = "declaration"},
    {.name = "question_intents",
     .kind = SG_STAT_PROFILE,
     .of = {.table = "conversations", .column = "intent"},
     WEIGHTS(intents),
     .tolerance = 0.06,
     .rows_min = 10000,
     .reason = GROUPED,
     .source = "declaration"},
    {.name = "cancelled_by_providers",
     .kind = SG_STAT_RATIO,
     .of = {.table = "booking_items", WHERE(LABEL("cancel_by", "PROVIDER"))},
     .by = {.table = "booking_items", WHERE(LABEL("status", "CANCELLED"))},
     .expected = 0.28,
     .tolerance = 0.12,
     .rows_min = 1000,
     .reason = GROUPED,
     .source = "declaration"},
    {.name = "queue_reviewed",
     .kind = SG_STAT_RATIO,
     .of = {.table = "priority_queue", WHERE(FROM("is_reviewed", 1))},
     .by = {.table = "priority_queue"},
     .expected = 0.62,
     .tolerance = 0.07,
     .rows_min = 1000,
     .reason = DRAWN,
     .source = "declaration"},
};
