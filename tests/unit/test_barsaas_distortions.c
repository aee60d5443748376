/* Distortions of barsaas in shards; tests/cli/test_certificate_database.py plants the same in PostgreSQL.
 * timeout: 300
 */
#include "distortions.h"

#include "datasets/barsaas/tables.h"

enum { ACCOUNTS = 50 };

static bool earlier(struct sg_batch *batch, size_t row, int column) {
    CELL(int64_t) -= 3 * SG_HOUR_S;
    return true;
}

static bool much_later(struct sg_batch *batch, size_t row, int column) {
    CELL(int64_t) += 100 * SG_DAY_S;
    return true;
}

static bool doubled(struct sg_batch *batch, size_t row, int column) {
    CELL(int64_t) *= 2;
    return true;
}

static bool one_more(struct sg_batch *batch, size_t row, int column) {
    if (sg_type_bytes(batch->table->columns[column].type) == 8)
        CELL(int64_t)++;
    else
        CELL(int32_t)++;
    return true;
}

static bool to_nobody(struct sg_batch *batch, size_t row, int column) {
    CELL(int64_t) = 99999999;
    return true;
}

static bool minute_longer(struct sg_batch *batch, size_t row, int column) {
    int views = sg_column_index(batch->table, "page_views");
    if (((const int16_t *)batch->vectors[views].data)[row] != 2) return false;
    CELL(int16_t) += 60;
    return true;
}

static bool to_enterprise(struct sg_batch *batch, size_t row, int column) {
    if (CELL(uint16_t) != code_of(batch, column, "Basic")) return false;
    CELL(uint16_t) = code_of(batch, column, "Enterprise");
    return true;
}

static bool to_admin(struct sg_batch *batch, size_t row, int column) {
    if (CELL(uint16_t) != code_of(batch, column, "Staff")) return false;
    CELL(uint16_t) = code_of(batch, column, "Admin");
    return true;
}

static bool taken_back(struct sg_batch *batch, size_t row, int column) {
    if (CELL(uint16_t) != code_of(batch, column, "paid")) return false;
    CELL(uint16_t) = code_of(batch, column, "open");
    return true;
}

static bool urgent(struct sg_batch *batch, size_t row, int column) {
    if (!batch->vectors[sg_column_index(batch->table, "device_id")].null[row]) return false;
    CELL(uint16_t) = code_of(batch, column, "URGENT");
    return true;
}

static const struct distortion distortions[] = {
    {"nothing", "accounts", "id", 0, 0, 0, NULL, "", NULL},
    {"hours shifted by three", "tap_events", "timestamp", 0, UINT64_MAX, 0, earlier, "tap_hours ",
     "tap_not_before_installation"},
    {"one account of another tier", "accounts", "subscription_tier", 0, UINT64_MAX, 1, to_enterprise,
     "account_tiers ", "account_mrr_of_enterprise"},
    {"a doubled charge", "stripe_charges", "amount", 0, 1, 0, doubled,
     "charged_is_invoiced received_is_charged ", "charges_pay_their_invoice"},
    {"a touchpoint after its conversion", "attribution_touchpoints", "timestamp", 39, 1, 0, much_later, "",
     "touch_before_mql"},
    {"a device that moves", "tap_events", "location_id", 500, 3, 0, one_more, "", "tap_location_is_devices"},
    {"an orphan", "page_views", "session_id", 77, 1, 0, to_nobody, "", "foreign key session_id"},
    {"a user of another role", "users", "role", 0, UINT64_MAX, 1, to_admin, "user_roles ", NULL},
    {"paid invoices taken back", "stripe_invoices", "status", 0, UINT64_MAX, 40, taken_back,
     "payment_success charges_of_paid_invoices ", "invoice_unpaid_takes_nothing"},
    {"urgent tickets only", "hubspot_tickets", "priority", 0, UINT64_MAX, 0, urgent,
     "ticket_priorities seconds_to_first_response_urgent seconds_to_close_urgent ", NULL},
    {"a spend that nobody reported", "campaign_performance", "spend", 0, 1, 0, one_more,
     "campaign_spend_by_day ", "performance_spend_sum"},
    {"an event that was not counted", "device_health", "event_count", 5, 1, 0, one_more, "health_events ",
     NULL},
    {"visits that all last longer", "google_analytics_sessions", "session_duration", 0, UINT64_MAX, 0,
     minute_longer, "web_visit_of_two_pages ", NULL},
};

static void each_distortion_is_named(void **state) {
    (void)state;
    check_distortions(&bs_dataset, ACCOUNTS, false, distortions, sizeof distortions / sizeof *distortions);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_distortion_is_named)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
