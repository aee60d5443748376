/* Faults planted in the shards of screenbilling: some are named exactly, and every rule and every entry of
 * the certificate catches at least one of many. timeout: 120 */
#include "datasets/registry.h"
#include "spoil.h"

enum { CUSTOMERS = 100, CUSTOMERS_SPOILED = 400, CUSTOMERS_DRAWN = 6000 };

static bool to_downgrade(struct sg_batch *batch, size_t row, int column) {
    return relabel(batch, row, column, "upgrade", "downgrade");
}

static bool to_good_card(struct sg_batch *batch, size_t row, int column) {
    return relabel(batch, row, column, "pm_card_chargeCustomerFail", "pm_card_visa");
}

static bool to_active(struct sg_batch *batch, size_t row, int column) {
    return relabel(batch, row, column, "past_due", "active");
}

/* One upgrade adds a screen more than there may be, which its plan would allow. */
static bool eleven_more(struct sg_batch *batch, size_t row, int column) {
    const uint16_t *before = batch->vectors[sg_column_index(batch->table, "plan_before")].data;
    const uint16_t *after = batch->vectors[sg_column_index(batch->table, "plan_after")].data;
    const int32_t *screens = batch->vectors[sg_column_index(batch->table, "screens_before")].data;
    const uint16_t *event = batch->vectors[sg_column_index(batch->table, "event")].data;
    if (event[row] != 0 || before[row] != after[row]) return false;
    CELL(int32_t) = screens[row] + 11;
    return true;
}

static bool a_second_later(struct sg_batch *batch, size_t row, int column) {
    CELL(int64_t)++;
    return true;
}

static const struct distortion named[] = {
    {"nothing", "customers", "id", 0, 0, 0, NULL, "", NULL},
    {"another price", "prices", "unit_amount", 1, 1, 0, one_more, "price_of_standard ",
     "invoice_unit_amount_is_prices"},
    {"an upgrade that is none", "lifecycle_events", "event", 0, UINT64_MAX, 1, to_downgrade,
     "upgrades downgrades upgrades_in_month_3 downgrades_in_month_3 upgrades_of_plan "
     "screens_kept_down_to_pro_plus ",
     "downgrade_to_a_lower_plan"},
    {"eleven screens added", "lifecycle_events", "screens_after", 0, UINT64_MAX, 1, eleven_more,
     "screens_added ", NULL},
    {"a card that was not replaced", "customers", "payment_method", 0, UINT64_MAX, 1, to_good_card,
     "cards_replaced past_due_by_their_card ", NULL},
    {"a snapshot that forgets the card", "sub_snapshots", "status", 0, UINT64_MAX, 1, to_active,
     "past_due_in_month_1 ", NULL},
    {"a clock that starts late", "test_clocks", "started_at", 3, 1, 0, a_second_later, "",
     "clock_starts_six_months_before"},
    {"a cent of revenue", "sub_snapshots", "mrr_cents", 40, 1, 0, one_more, "snapshot_mrr ",
     "snapshot_mrr_is_product"},
    {"a payment received twice", "payments", "amount_received", 0, 1, 0, doubled,
     "collected_is_paid received ", "payments_sum_to_paid"},
};

static void faults_are_named(void **state) {
    (void)state;
    check_distortions(sg_dataset_find("screenbilling"), CUSTOMERS, true, named, sizeof named / sizeof *named);
}

/* In a small run all columns; in a larger one what is drawn by chance alone. */
static void everything_declared_catches_a_fault(void **state) {
    (void)state;
    static const struct spoilt drawn[] = {{"customers", "screens"}, {"lifecycle_events", "plan_after"}};
    struct seen *seen = calloc(1, sizeof *seen);
    spoil_all(seen, sg_dataset_find("screenbilling"), CUSTOMERS_SPOILED);
    spoil_some(seen, sg_dataset_find("screenbilling"), CUSTOMERS_DRAWN, drawn, sizeof drawn / sizeof *drawn);
    check_seen(seen, sg_dataset_find("screenbilling"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults_are_named),
                                       cmocka_unit_test(everything_declared_catches_a_fault)};
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
