/* Faults planted in the shards of screenbilling: some are named exactly, and every rule and every entry of
 * the certificate catches at least one of many. timeout: 120 */
#include "distortions.h"

#include "datasets/registry.h"

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

/* Ways to spoil a cell: false when the column does not take them. */
static bool add(struct sg_batch *batch, size_t row, int column, int64_t steps) {
    enum sg_type type = batch->table->columns[column].type;
    int64_t amount = steps * (type == SG_TIMESTAMP ? 35 * SG_DAY_S : 1);
    if (type == SG_I16)
        CELL(int16_t) = (int16_t)(CELL(int16_t) + amount);
    else if (type == SG_I32)
        CELL(int32_t) += (int32_t)amount;
    else if (type == SG_I64 || type == SG_TIMESTAMP || type == SG_TOKEN)
        CELL(int64_t) += amount;
    else
        return false;
    return true;
}

static bool more(struct sg_batch *batch, size_t row, int column) {
    return add(batch, row, column, 1);
}

static bool less(struct sg_batch *batch, size_t row, int column) {
    return add(batch, row, column, -1);
}

static bool much_more(struct sg_batch *batch, size_t row, int column) {
    return add(batch, row, column, 9999);
}

static bool next_label(struct sg_batch *batch, size_t row, int column) {
    const struct sg_enum *labels = batch->table->columns[column].labels;
    if (labels) CELL(uint16_t) = (uint16_t)((CELL(uint16_t) + 1) % labels->count);
    return labels != NULL;
}

static bool first_label(struct sg_batch *batch, size_t row, int column) {
    bool labels = batch->table->columns[column].labels != NULL;
    if (labels) CELL(uint16_t) = 0;
    return labels;
}

/* NULL to what the bytes say, anything else to NULL. */
static bool other_presence(struct sg_batch *batch, size_t row, int column) {
    bool nullable = batch->table->columns[column].nullable;
    if (nullable) batch->vectors[column].null[row] ^= 1;
    return nullable;
}

static bool like_the_row_before(struct sg_batch *batch, size_t row, int column) {
    enum sg_type type = batch->table->columns[column].type;
    size_t bytes = sg_type_bytes(type);
    char *cells = batch->vectors[column].data;
    if (row) memcpy(cells + row * bytes, cells + (row - 1) * bytes, bytes);
    return type == SG_TEXT || type == SG_TOKEN;
}

static bool negative(struct sg_batch *batch, size_t row, int column) {
    bool amount = batch->table->columns[column].type == SG_I64;
    if (amount) CELL(int64_t) = -CELL(int64_t);
    return amount;
}

/* Other amounts in each month. */
static bool times_month(struct sg_batch *batch, size_t row, int column) {
    int month = sg_column_index(batch->table, "month");
    if (month < 0 || batch->table->columns[column].type != SG_I64) return false;
    const struct sg_text *text = batch->vectors[month].data;
    CELL(int64_t) *= 1 + batch->pool[text[row].offset + 6] - '0';
    return true;
}

static change_fn *const ways[] = {more,     less,        much_more,      next_label,         first_label,
                                  negative, times_month, other_presence, like_the_row_before};

/* Does the column take this way? Asked of a row that nobody keeps. */
static bool takes(const struct sg_table *table, int column, change_fn *way) {
    int64_t cells[4] = {0};
    uint8_t null[4] = {0};
    char text[] = "2026-01";
    struct sg_vector vectors[32];
    struct sg_batch batch = {.table = table, .vectors = vectors, .rows = 1, .pool = text};
    assert_true(table->column_count <= 32);
    for (int c = 0; c < table->column_count; c++)
        vectors[c] = (struct sg_vector){.data = cells, .null = null};
    return way(&batch, 0, column);
}

struct seen {
    char names[65536];
};

static bool has_seen(const struct seen *seen, const char *name) {
    char wanted[128];
    snprintf(wanted, sizeof wanted, " %s ", name);
    return strstr(seen->names, wanted) != NULL;
}

static void note(struct seen *seen, char *names) {
    for (char *name = strtok(names, " "); name; name = strtok(NULL, " ")) {
        size_t used = strlen(seen->names);
        if (!has_seen(seen, name)) snprintf(seen->names + used, sizeof seen->names - used, " %s ", name);
    }
}

/* Spoils a column in every way that it takes, and leaves the table as it should be. */
static void spoil(struct seen *seen, struct planted *planted, uint16_t t, int column) {
    const struct sg_dataset *dataset = planted->manifest.dataset;
    const struct sg_table *table = dataset->tables[t];
    char checks[NAMES_BYTES], entries[NAMES_BYTES];
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        if (!takes(table, column, ways[w])) continue;
        struct distortion distortion = {
            "", table->name, table->columns[column].name, 0, UINT64_MAX, 0, ways[w], "", NULL};
        write_table(dataset, planted->world, t, &planted->manifest.tables[t], &distortion);
        sg_manifest_seal(&planted->manifest);
        verify_run(&planted->manifest, checks, entries);
        note(seen, checks);
        note(seen, entries);
    }
    write_table(dataset, planted->world, t, &planted->manifest.tables[t], NULL);
}

/* All columns of a small run; in a larger one what is drawn by chance alone. */
static void spoil_all(struct seen *seen, const struct sg_dataset *dataset) {
    struct planted planted;
    plant(&planted, dataset, (struct sg_run){.units = CUSTOMERS_SPOILED}, true);
    for (uint16_t t = 0; t < dataset->table_count; t++)
        for (int column = 0; column < dataset->tables[t]->column_count; column++)
            spoil(seen, &planted, t, column);
    uproot(&planted, dataset);
    static const char *const drawn[][2] = {{"customers", "screens"}, {"lifecycle_events", "plan_after"}};
    plant(&planted, dataset, (struct sg_run){.units = CUSTOMERS_DRAWN}, true);
    for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++) {
        uint16_t t = (uint16_t)sg_table_index(dataset, drawn[i][0]);
        spoil(seen, &planted, t, sg_column_index(dataset->tables[t], drawn[i][1]));
    }
    uproot(&planted, dataset);
}

static int missed(const struct seen *seen, const char *what, const char *name) {
    if (has_seen(seen, name)) return 0;
    print_error("%s %s caught no fault\n", what, name);
    return 1;
}

/* But for rules of uniqueness, which are proven by all workers together. */
static void everything_declared_catches_a_fault(void **state) {
    (void)state;
    const struct sg_dataset *dataset = sg_dataset_find("screenbilling");
    struct seen *seen = calloc(1, sizeof *seen);
    int blind = 0;
    spoil_all(seen, dataset);
    for (uint16_t t = 0; t < dataset->table_count; t++)
        for (int r = 0; r < dataset->tables[t]->rule_count; r++)
            if (dataset->tables[t]->rules[r].kind != SG_RULE_UNIQUE)
                blind += missed(seen, "rule", dataset->tables[t]->rules[r].name);
    for (uint16_t i = 0; i < dataset->statistic_count; i++)
        if (dataset->statistics[i].kind != SG_STAT_SERIES)
            blind += missed(seen, "entry", dataset->statistics[i].name);
    for (uint16_t i = 0; i < dataset->total_count; i++)
        blind += missed(seen, "total", dataset->totals[i].name);
    free(seen);
    assert_int_equal(blind, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults_are_named),
                                       cmocka_unit_test(everything_declared_catches_a_fault)};
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
