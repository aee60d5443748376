/* Distortions of barsaas in shards; tests/cli/test_certificate_database.py plants the same in PostgreSQL.
 * timeout: 300
 */
#include "distortions.h"

#include "datasets/barsaas/tables.h"

enum { ACCOUNTS = 50, LABELLED_ACCOUNTS = 12, LABELLED_PPM = 30000 };

static bool earlier(struct sg_batch *batch, size_t row, int column) {
    CELL(int64_t) -= 3 * SG_HOUR_S;
    return true;
}

static bool much_later(struct sg_batch *batch, size_t row, int column) {
    CELL(int64_t) += 100 * SG_DAY_S;
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
    return relabel(batch, row, column, "Basic", "Enterprise");
}

static bool to_admin(struct sg_batch *batch, size_t row, int column) {
    return relabel(batch, row, column, "Staff", "Admin");
}

static bool taken_back(struct sg_batch *batch, size_t row, int column) {
    return relabel(batch, row, column, "paid", "open");
}

static bool urgent(struct sg_batch *batch, size_t row, int column) {
    if (!batch->vectors[sg_column_index(batch->table, "device_id")].null[row]) return false;
    CELL(uint16_t) = code_of(batch, column, "URGENT");
    return true;
}

static bool of_kind(const struct sg_batch *batch, size_t row, const char *kind) {
    int column = sg_column_index(batch->table, "kind");
    return ((const uint16_t *)batch->vectors[column].data)[row] == code_of(batch, column, kind);
}

/* The event behind one that is too warm, if it has no label of its own. */
static bool to_a_usual_event(struct sg_batch *batch, size_t row, int column) {
    if (!of_kind(batch, row, "warm_line") || row + 1 == batch->rows) return false;
    if (((const int64_t *)batch->vectors[column].data)[row + 1] == CELL(int64_t) + 1) return false;
    CELL(int64_t)++;
    return true;
}

static bool dropout_for_over_pour(struct sg_batch *batch, size_t row, int column) {
    if (!of_kind(batch, row, "over_pour")) return false;
    CELL(uint16_t) = code_of(batch, column, "sensor_dropout");
    return true;
}

static bool foaming_for_stuck_valve(struct sg_batch *batch, size_t row, int column) {
    if (!of_kind(batch, row, "stuck_valve")) return false;
    CELL(uint16_t) = code_of(batch, column, "foaming");
    return true;
}

static bool original_before(struct sg_batch *batch, size_t row, int column) {
    if (!of_kind(batch, row, "duplicate_delivery")) return false;
    CELL(int64_t)--;
    return true;
}

static bool missing(struct sg_batch *batch, size_t row, int column) {
    (void)column;
    if (row + 1 != batch->rows) return false;
    batch->rows--;
    return true;
}

static const struct distortion mislabellings[] = {
    {"nothing", "anomaly_labels", "kind", 0, 0, 0, NULL, "", NULL},
    {"a label at a usual event", "anomaly_labels", "event_id", 0, UINT64_MAX, 1, to_a_usual_event, "",
     "anomaly_temperature_is_events"},
    {"a label that is missing", "anomaly_labels", "kind", 0, UINT64_MAX, 1, missing,
     "anomalies_of_events anomaly_kinds ", NULL},
    {"a dropout that poured", "anomaly_labels", "kind", 0, UINT64_MAX, 1, dropout_for_over_pour,
     "anomaly_kinds ", "dropout_has_no_volume"},
    {"a stuck valve called foam", "anomaly_labels", "kind", 0, UINT64_MAX, 1, foaming_for_stuck_valve,
     "anomaly_kinds ", "foaming_pours_less"},
    {"a delivery that repeats another", "anomaly_labels", "original_event_id", 0, UINT64_MAX, 1,
     original_before, "", "duplicate_repeats_the_event_before"},
};

static const struct distortion distortions[] = {
    {"nothing", "accounts", "id", 0, 0, 0, NULL, "", NULL},
    {"hours shifted by three", "tap_events", "timestamp", 0, UINT64_MAX, 0, earlier, "tap_hours ",
     "tap_not_before_installation"},
    {"one account of another tier", "accounts", "subscription_tier", 0, UINT64_MAX, 1, to_enterprise,
     "account_tiers ", "account_mrr_of_enterprise"},
    {"an item at another price", "stripe_subscription_items", "amount", 3, 1, 0, one_more, "",
     "item_amount_is_price_times_quantity"},
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

static void each_wrong_label_is_named(void **state) {
    (void)state;
    struct sg_run run = {.units = LABELLED_ACCOUNTS, .anomalies_ppm = LABELLED_PPM};
    check_distortions_of(&bs_dataset, run, false, mislabellings,
                         sizeof mislabellings / sizeof *mislabellings);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_distortion_is_named),
                                       cmocka_unit_test(each_wrong_label_is_named)};
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
