/* Every rule, total and entry of the certificate of homeservices catches at least one of many faults planted
 * in its shards. timeout: 120 */
#include "datasets/registry.h"
#include "spoil.h"

enum { CUSTOMERS_SPOILED = 100, CUSTOMERS_DRAWN = 3500 };

/* In a run of the seed's size all columns; in a larger one what is drawn by chance alone. */
static void everything_declared_catches_a_fault(void **state) {
    (void)state;
    static const struct spoilt drawn[] = {
        {"users", "wallet_balance"},
        {"providers", "avg_rating"},
        {"bookings", "igst"},
        {"booking_items", "rate_card_id"},
        {"booking_items", "scheduled_time_from"},
        {"booking_items", "cancel_by"},
        {"conversations", "channel"},
        {"conversations", "intent"},
        {"priority_queue", "is_reviewed"},
    };
    struct seen *seen = calloc(1, sizeof *seen);
    spoil_all(seen, sg_dataset_find("homeservices"), CUSTOMERS_SPOILED);
    spoil_some(seen, sg_dataset_find("homeservices"), CUSTOMERS_DRAWN, drawn, sizeof drawn / sizeof *drawn);
    check_seen(seen, sg_dataset_find("homeservices"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(everything_declared_catches_a_fault)};
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
