/* Distortions of spendsense and homeservices in shards. timeout: 300 */
#include "distortions.h"

#include "datasets/registry.h"

enum { USERS = 40, CUSTOMERS = 100 };

static bool long_ago(struct sg_batch *batch, size_t row, int column) {
    CELL(int32_t) -= 100;
    return true;
}

static bool to_bills(struct sg_batch *batch, size_t row, int column) {
    return relabel(batch, row, column, "Interest Charge", "Bills");
}

static bool to_cancelled(struct sg_batch *batch, size_t row, int column) {
    return relabel(batch, row, column, "COMPLETED", "CANCELLED");
}

static bool to_accepted(struct sg_batch *batch, size_t row, int column) {
    return relabel(batch, row, column, "COMPLETED", "ACCEPTED");
}

/* Tax within the state where it was across a border. */
static bool to_nothing(struct sg_batch *batch, size_t row, int column) {
    if (CELL(int64_t) == 0) return false;
    CELL(int64_t) = 0;
    return true;
}

static bool to_true(struct sg_batch *batch, size_t row, int column) {
    if (CELL(uint8_t)) return false;
    CELL(uint8_t) = 1;
    return true;
}

/* User 149 is a customer, user 2 is not. */
static bool to_user(struct sg_batch *batch, size_t row, int column, int64_t user) {
    if (batch->vectors[column].null[row]) return false;
    CELL(int64_t) = user;
    return true;
}

static bool to_customer(struct sg_batch *batch, size_t row, int column) {
    return to_user(batch, row, column, 149);
}

static bool to_staff(struct sg_batch *batch, size_t row, int column) {
    return to_user(batch, row, column, 2);
}

static const struct distortion of_spendsense[] = {
    {"nothing", "profiles", "email", 0, 0, 0, NULL, "", NULL},
    {"a cent more on an account", "accounts", "balance", 0, 1, 0, one_more,
     "checking_of_hannah balance_checking ", NULL},
    {"interest booked as a bill", "transactions", "category", 0, 200, 1, to_bills,
     "bills interest_charges interest ", NULL},
    {"a purchase long ago", "transactions", "date", 3, 1, 0, long_ago, "days_of_history ",
     "transaction_within_90_days"},
};

static const struct distortion of_homeservices[] = {
    {"nothing", "users", "id", 0, 0, 0, NULL, "", NULL},
    {"a paisa of tax", "bookings", "total_gst", 8, 1, 0, one_more, "gst ", "booking_gst_adds_up"},
    {"bookings cancelled after the work", "bookings", "status", 0, UINT64_MAX, 3, to_cancelled,
     "booking_statuses items_of_cancelled bookings_completed bookings_cancelled booked_completed ",
     "booking_settled_when_completed"},
    {"a job that nobody gave", "providers", "total_bookings", 2, 1, 0, one_more,
     "provider_bookings_are_items ", "items_of_provider"},
    {"another provider came", "booking_items", "provider_id", 9, 1, 0, one_more, "borders_with_igst ",
     "items_of_provider"},
    {"a dearer service", "booking_items", "final_amount", 9, 1, 0, one_more,
     "items_are_subtotals item_amount ", "item_amounts_make_subtotal"},
    {"tax of the customer's own state", "bookings", "igst", 0, UINT64_MAX, 1, to_nothing,
     "borders_with_igst ", "booking_rates_make_eighteen"},
    {"one more trade", "categories", "id", 11, 1, 0, one_more, "trades ", "category_ids_dense"},
    {"a finished job left open", "booking_items", "status", 0, UINT64_MAX, 1, to_accepted,
     "items_of_completed ", "item_open_in_future"},
    {"a second default", "addresses", "is_default", 0, UINT64_MAX, 1, to_true,
     "default_addresses default_addresses_of_users ", NULL},
    {"staff brings a customer", "users", "referred_by", 0, UINT64_MAX, 1, to_staff,
     "referrers_are_customers ", NULL},
    {"a customer on the case", "complaints", "assigned_to", 0, UINT64_MAX, 1, to_customer,
     "assignees_are_staff ", NULL},
    {"a customer settles it", "complaints", "resolved_by", 0, UINT64_MAX, 1, to_customer,
     "resolvers_are_staff ", NULL},
    {"a customer reviews", "priority_queue", "reviewed_by", 0, UINT64_MAX, 1, to_customer,
     "reviewers_are_staff ", NULL},
};

#define NAMED(dataset_, units_, list_)                                                                       \
    check_distortions(sg_dataset_find(dataset_), units_, true, list_, sizeof list_ / sizeof *list_)

static void spendsense_is_named(void **state) {
    (void)state;
    NAMED("spendsense", USERS, of_spendsense);
}

static void homeservices_are_named(void **state) {
    (void)state;
    NAMED("homeservices", CUSTOMERS, of_homeservices);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spendsense_is_named),
        cmocka_unit_test(homeservices_are_named),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
