/* Distortions of cardholders in shards. Each rule, entry and total of the data set must have caught one, but
 * for those that cells alone cannot break. timeout: 300 */
#include "distortions.h"

#include "datasets/cardholders/cardholders.h"

enum { CUSTOMERS = 400, MANY_CUSTOMERS = 2500 };
#define ALL UINT64_MAX

static int64_t as_of(void) {
    return (int64_t)sg_day_from_civil(2026, 6, 30) * SG_DAY_S;
}

static int64_t days_before(const struct sg_batch *batch, size_t row) {
    const int64_t *at = batch->vectors[sg_column_index(batch->table, "transaction_date")].data;
    return (as_of() - at[row]) / SG_DAY_S;
}

/* Is the row's label of a column this one? */
static bool is(const struct sg_batch *batch, size_t row, const char *name, const char *label) {
    int column = sg_column_index(batch->table, name);
    return !batch->vectors[column].null[row] && CELL(uint16_t) == code_of(batch, column, label);
}

/* A change of the cells where a condition holds. */
#define CHANGES(name_, condition_, ctype_, value_)                                                           \
    static bool name_(struct sg_batch *batch, size_t row, int column) {                                      \
        if (!(condition_)) return false;                                                                     \
        CELL(ctype_) = (ctype_)(value_);                                                                     \
        return true;                                                                                         \
    }
CHANGES(to_age_80, true, int16_t, 80)
CHANGES(to_age_30_retired, is(batch, row, "employment_status", "Retired"), int16_t, 30)
CHANGES(to_age_60_student, is(batch, row, "employment_status", "Student"), int16_t, 60)
CHANGES(to_60000, true, int32_t, 60000)
CHANGES(to_20000, true, int32_t, 20000)
CHANGES(ten_years_ago, true, int32_t, CELL(int32_t) - 3650)
CHANGES(ten_years_ahead, true, int32_t, CELL(int32_t) + 3650)
CHANGES(far_away, true, uint64_t, CELL(uint64_t) + 5000)
CHANGES(a_day_before, true, int64_t, CELL(int64_t) - SG_DAY_S)
CHANGES(years_later, true, int64_t, CELL(int64_t) + 9 * 366 * SG_DAY_S)
CHANGES(nine_years_before, true, int64_t, CELL(int64_t) - 9 * 366 * SG_DAY_S)
CHANGES(to_no_amount, true, int64_t, 0)
CHANGES(halved_in_90_days, days_before(batch, row) < 90, int64_t, (CELL(int64_t) + 1) / 2)
CHANGES(halved_in_90_days_before, days_before(batch, row) >= 90 && days_before(batch, row) < 184, int64_t,
        (CELL(int64_t) + 1) / 2)
CHANGES(thrice_in_a_month, days_before(batch, row) >= 400 && days_before(batch, row) < 420, int64_t,
        CELL(int64_t) * 3)
CHANGES(sextuple_in_90_days, days_before(batch, row) < 90, int64_t, CELL(int64_t) * 6)

#define RELABELS(name_, from_, to_)                                                                          \
    CHANGES(name_, is(batch, row, batch->table->columns[column].name, from_), uint16_t,                      \
            code_of(batch, column, to_))
RELABELS(travelers_to_budget, "High-Value Travelers", "Budget-Conscious")
RELABELS(stable_to_budget, "Stable Mid-Spenders", "Budget-Conscious")
RELABELS(new_to_budget, "New & Growing", "Budget-Conscious")
RELABELS(declining_to_stable, "Declining", "Stable Mid-Spenders")
RELABELS(gradual_to_sudden, "gradual", "sudden")
RELABELS(standard_to_premium, "Standard", "Premium")
RELABELS(premium_to_standard, "Premium", "Standard")
RELABELS(californians_to_wyoming, "CA", "WY")
RELABELS(travel_to_grocery, "Travel", "Grocery")
RELABELS(grocery_to_dining, "Grocery", "Dining")
RELABELS(dining_to_hotels, "Dining", "Hotels")
RELABELS(declined_to_approved, "declined", "approved")

static bool to_null(struct sg_batch *batch, size_t row, int column) {
    bool was = !batch->vectors[column].null[row];
    batch->vectors[column].null[row] = 1;
    return was;
}

static bool to_gradual(struct sg_batch *batch, size_t row, int column) {
    if (!batch->vectors[column].null[row]) return false;
    batch->vectors[column].null[row] = 0;
    CELL(uint16_t) = CH_GRADUAL;
    return true;
}

static bool to_text_before(struct sg_batch *batch, size_t row, int column) {
    struct sg_text *texts = batch->vectors[column].data;
    if (row % 10) texts[row] = texts[row - 1];
    return row % 10 != 0;
}

static bool to_first_name(struct sg_batch *batch, size_t row, int column) {
    const struct sg_text *names = batch->vectors[sg_column_index(batch->table, "first_name")].data;
    ((struct sg_text *)batch->vectors[column].data)[row] = names[row];
    return true;
}

static const struct distortion distortions[] = {
    {"nothing", "customers", "customer_id", 0, 0, 0, NULL, "", NULL},
    {"an id behind a gap", "customers", "customer_id", CUSTOMERS - 1, 1, 0, far_away, "",
     "customer_ids_dense"},
    {"somebody too old", "customers", "age", 0, 1, 0, to_age_80, "", "customer_age_range"},
    {"somebody too young to be retired", "customers", "age", 0, ALL, 1, to_age_30_retired, "",
     "retired_from_55"},
    {"somebody too old to study", "customers", "age", 0, ALL, 1, to_age_60_student, "", "students_below_45"},
    {"a limit too high", "customers", "credit_limit", 0, 1, 0, to_60000, "credit_limit credit_limit_premium ",
     "credit_limit_range"},
    {"a crooked limit", "customers", "credit_limit", 0, 1, 0, one_more, "credit_limit credit_limit_premium ",
     "credit_limit_in_steps"},
    {"everybody's limit alike", "customers", "credit_limit", 0, ALL, 0, to_20000,
     "credit_limits credit_limits_by_segment credit_limits_by_employment credit_limit credit_limit_premium ",
     NULL},
    {"old accounts too old", "customers", "account_open_date", 0, ALL, 0, ten_years_ago, "",
     "account_two_to_five_years_old"},
    {"accounts not yet open", "customers", "account_open_date", 0, ALL, 0, ten_years_ahead, "",
     "account_opened_in_past"},
    {"a decline without a type", "customers", "decline_type", 0, ALL, 1, to_null,
     "declining_gradually declining_gradually ", "declining_has_a_decline_type"},
    {"a decline of nobody", "customers", "decline_type", 0, ALL, 1, to_gradual,
     "declining_gradually spend_of_gradual_in_month_5 spend_left_of_gradual declining_gradually ",
     "others_have_no_decline_type"},
    {"all decline suddenly", "customers", "decline_type", 0, ALL, 0, gradual_to_sudden,
     "declining_gradually declining_suddenly spend_of_sudden_before spend_of_sudden_after "
     "declining_gradually declining_suddenly ",
     NULL},
    {"a Premium card of somebody else", "customers", "card_type", 0, ALL, 40, standard_to_premium,
     "premium_cards_of_travelers premium_cards_of_all premium_cards credit_limit_premium ",
     "premium_is_for_travelers"},
    {"no Premium cards", "customers", "card_type", 0, ALL, 0, premium_to_standard,
     "premium_cards_of_travelers premium_cards_of_all premium_cards credit_limit_premium ", NULL},
    {"California in Wyoming", "customers", "state", 0, ALL, 0, californians_to_wyoming, "states ", NULL},
    {"a name for an address", "customers", "email", 0, 1, 0, to_first_name, "",
     "email_is_first_last_at_provider"},
    {"ten customers share an address", "customers", "email", 0, ALL, 0, to_text_before, "repeated_emails ",
     NULL},
    {"one traveller of another segment", "customers", "customer_segment", 0, ALL, 1, travelers_to_budget,
     "other_categories_of_budgets spending_in_range high_value_travelers budget_conscious ", NULL},
    {"no travellers", "customers", "customer_segment", 0, ALL, 0, travelers_to_budget,
     "customer_segments credit_limits_by_segment other_categories_of_budgets tickets_of_budgets "
     "spending_in_range segments_found_again high_value_travelers budget_conscious ",
     NULL},
    {"nobody is stable", "customers", "customer_segment", 0, ALL, 0, stable_to_budget,
     "customer_segments credit_limits_by_segment other_categories_of_budgets transactions_of_budgets "
     "tickets_of_budgets spending_in_range segments_found_again stable_mid_spenders budget_conscious ",
     NULL},
    {"one declines as if stable", "customers", "customer_segment", 0, ALL, 1, declining_to_stable,
     "spending_in_range stable_mid_spenders declining ", NULL},
    {"nobody is new", "customers", "customer_segment", 0, ALL, 0, new_to_budget,
     "customer_segments other_categories_of_budgets transactions_of_budgets spending_in_range "
     "segments_found_again budget_conscious new_and_growing ",
     NULL},
    {"a transaction id behind a gap", "transactions", "transaction_id", CUSTOMERS * 270 - 1, 1, 0, far_away,
     "", "transaction_ids_dense"},
    {"an orphan", "transactions", "customer_id", 999, 1, 0, far_away, "spending_in_range ",
     "foreign key customer_id"},
    {"nothing paid", "transactions", "transaction_amount", 7, 1, 0, to_no_amount, "approved ",
     "transaction_amount_positive"},
    {"a purchase before the one before", "transactions", "transaction_date", 30, 60, 0, a_day_before, "",
     "transactions_in_order"},
    {"a purchase of tomorrow", "transactions", "transaction_date", 8, 1, 0, years_later, "",
     "transaction_in_past"},
    {"a purchase without an account", "transactions", "transaction_date", 9, 1, 0, nine_years_before, "",
     "transaction_not_before_account"},
    {"everybody spends twice as much", "transactions", "transaction_amount", 0, ALL, 0, doubled,
     "tickets_of_travelers tickets_of_budgets spending_in_range approved ", NULL},
    {"everybody spends half of late", "transactions", "transaction_amount", 0, ALL, 0, halved_in_90_days,
     "spend_of_gradual_in_month_4 spend_of_gradual_in_month_5 spend_left_of_gradual spend_of_sudden_before "
     "spend_of_sudden_after spend_left_of_sudden spending_in_range segments_found_again approved ",
     NULL},
    {"everybody spends half before that", "transactions", "transaction_amount", 0, ALL, 0,
     halved_in_90_days_before,
     "spend_of_gradual_in_month_1 spend_of_gradual_in_month_2 spend_of_gradual_in_month_3 spending_in_range "
     "approved ",
     NULL},
    {"a dear month", "transactions", "transaction_amount", 0, ALL, 0, thrice_in_a_month,
     "spend_of_gradual_in_month_5 spend_of_sudden_after spending_in_range approved ", NULL},
    {"nobody declines", "transactions", "transaction_amount", 0, ALL, 0, sextuple_in_90_days,
     "tickets_of_travelers tickets_of_budgets spend_of_gradual_in_month_4 spend_of_gradual_in_month_5 "
     "spend_left_of_gradual spend_of_sudden_before spend_of_sudden_after spend_left_of_sudden "
     "decline_of_a_fifth spending_in_range approved ",
     NULL},
    {"no traveller travels", "transactions", "merchant_category", 0, ALL, 0, travel_to_grocery,
     "travel_of_travelers other_categories_of_travelers segments_found_again ", NULL},
    {"groceries eaten out", "transactions", "merchant_category", 0, ALL, 0, grocery_to_dining,
     "other_categories_of_budgets segments_found_again ", NULL},
    {"dinners in hotels", "transactions", "merchant_category", 0, ALL, 0, dining_to_hotels,
     "other_categories_of_others ", NULL},
    {"nothing is declined", "transactions", "status", 0, ALL, 0, declined_to_approved,
     "transactions_approved spending_in_range approved ", NULL},
};

/* Where small runs say too little. */
static const struct distortion of_many[] = {
    {"nothing", "customers", "customer_id", 0, 0, 0, NULL, "", NULL},
    {"new customers stop to spend", "transactions", "transaction_amount", 0, ALL, 0, halved_in_90_days,
     "tickets_of_budgets spend_of_gradual_in_month_4 spend_of_gradual_in_month_5 spend_left_of_gradual "
     "spend_of_sudden_before spend_of_sudden_after spend_left_of_sudden growth_of_new spending_in_range "
     "spending_of_new_in_range segments_found_again approved ",
     NULL},
};

#define CHECK(units_, list_) check_distortions(&ch_dataset, units_, true, list_, sizeof list_ / sizeof *list_)

static void demand(const char *name) {
    char word[SG_PROOF_NAME_BYTES];
    snprintf(word, sizeof word, " %s ", name);
    if (!strstr(caught, word)) fail_msg("%s has caught no distortion", name);
}

static void each_is_named_by_its_own(void **state) {
    (void)state;
    CHECK(CUSTOMERS, distortions);
    CHECK(MANY_CUSTOMERS, of_many);
    for (int t = 0; t < CH_TABLE_COUNT; t++)
        for (int i = 0; i < ch_dataset.tables[t]->rule_count; i++)
            demand(ch_dataset.tables[t]->rules[i].name);
    for (int i = 0; i < CH_STATISTIC_COUNT; i++) {
        const struct sg_statistic *statistic = &ch_statistics[i];
        bool of_cells =
            statistic->kind != SG_STAT_SERIES && strcmp(statistic->name, "transactions_per_customer");
        if (of_cells) demand(statistic->name);
    }
    for (int i = 0; i < CH_TOTAL_COUNT; i++)
        demand(ch_totals[i].name);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_is_named_by_its_own)};
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
