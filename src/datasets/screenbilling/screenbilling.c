/* The screenbilling dataset: its tables in load order, its world, and the walk from a table number to its row
 * logic. */
#include "datasets/screenbilling/live.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/calendar.h"

static const struct sb_table_logic *const logic[SB_TABLE_COUNT] = {
    [SB_PRODUCTS] = &sb_table_products,           [SB_PRICES] = &sb_table_prices,
    [SB_TEST_CLOCKS] = &sb_table_test_clocks,     [SB_CUSTOMERS] = &sb_table_customers,
    [SB_SUBSCRIPTIONS] = &sb_table_subscriptions, [SB_INVOICES] = &sb_table_invoices,
    [SB_PAYMENTS] = &sb_table_payments,           [SB_LIFECYCLE_EVENTS] = &sb_table_lifecycle_events,
    [SB_SUB_SNAPSHOTS] = &sb_table_sub_snapshots,
};

static const struct sg_table *const tables[SB_TABLE_COUNT] = {
    [SB_PRODUCTS] = &sb_table_products.declaration,
    [SB_PRICES] = &sb_table_prices.declaration,
    [SB_TEST_CLOCKS] = &sb_table_test_clocks.declaration,
    [SB_CUSTOMERS] = &sb_table_customers.declaration,
    [SB_SUBSCRIPTIONS] = &sb_table_subscriptions.declaration,
    [SB_INVOICES] = &sb_table_invoices.declaration,
    [SB_PAYMENTS] = &sb_table_payments.declaration,
    [SB_LIFECYCLE_EVENTS] = &sb_table_lifecycle_events.declaration,
    [SB_SUB_SNAPSHOTS] = &sb_table_sub_snapshots.declaration,
};

enum { CUSTOMERS_DEFAULT = 100, CUSTOMERS_MAX = 20000000 };

static void set_months(struct sg_world *world) {
    struct sg_civil date = sg_civil_from_day(world->run.as_of_day);
    int32_t last = sg_day_from_civil(date.year, date.month, 1);
    for (int m = 0; m <= SB_MONTHS; m++)
        world->month_day[m] = sg_add_months(last, m - (SB_MONTHS - 1));
    for (int m = 0; m < SB_MONTHS; m++) {
        date = sg_civil_from_day(world->month_day[m]);
        snprintf(world->month_text[m], sizeof world->month_text[m], "%04u-%02u", (unsigned)date.year % 10000,
                 (unsigned)date.month % 100);
    }
}

static void count_customer(const void *context, uint64_t unit, uint64_t *counts) {
    const struct sg_world *world = context;
    struct sb_life life;
    sb_life_get(world, unit, &life);
    counts[SB_FIELD_MONTHS] = life.end;
    counts[SB_FIELD_EVENTS] = life.change_count;
    counts[SB_FIELD_PAYMENTS] = 0;
    for (int m = 0; m < life.end; m++) {
        struct sb_bill bill;
        sb_bill_get(world, &life, m, &bill);
        counts[SB_FIELD_PAYMENTS] += bill.attempts;
    }
}

static void world_close(struct sg_world *world) {
    if (!world) return;
    sg_prefix_close(&world->counts);
    free(world);
}

static enum sg_code fill_world(struct sg_world *world, struct sg_error *err) {
    set_months(world);
    SG_TRY(sb_plan_open(world, err));
    return sg_prefix_open(&world->counts, world->customers, SB_FIELD_COUNT, 64, count_customer, world, err);
}

static enum sg_code world_open(const struct sg_run *run, struct sg_world **out, struct sg_error *err) {
    *out = NULL;
    struct sg_world *world = calloc(1, sizeof *world);
    if (!world) return sg_fail(err, SG_SYSTEM, "no memory for the plan");
    world->run = *run;
    world->as_of = sg_as_of(run);
    world->customers = run->units;
    world->clocks = (run->units + SB_CLOCK_CUSTOMERS - 1) / SB_CLOCK_CUSTOMERS;
    enum sg_code code = fill_world(world, err);
    if (code != SG_OK) {
        world_close(world);
        return code;
    }
    *out = world;
    return SG_OK;
}

static uint64_t unit_count(const struct sg_world *world, uint16_t domain) {
    return domain == SB_CUSTOMER ? world->customers : domain == SB_CLOCK ? world->clocks : 1;
}

static uint64_t rows_before(const struct sg_world *world, uint16_t table, uint64_t unit) {
    return logic[table]->rows_before(world, unit);
}

static enum sg_code generate(const struct sg_world *world, uint16_t table, uint64_t unit_first,
                             uint64_t unit_end, struct sg_emitter *emitter, struct sg_error *err) {
    return logic[table]->generate(world, unit_first, unit_end, emitter, err);
}

uint64_t sb_one_row_each(const struct sg_world *world, uint64_t unit) {
    (void)world;
    return unit;
}

uint64_t sb_one_row_a_plan(const struct sg_world *world, uint64_t unit) {
    (void)world;
    return unit * SB_PLAN_COUNT;
}

uint64_t sb_counted_before(const struct sg_world *world, enum sb_field field, uint64_t unit) {
    uint64_t before[SB_FIELD_COUNT];
    sg_prefix_before(&world->counts, unit, before);
    return before[field];
}

uint64_t sb_months_before(const struct sg_world *world, uint64_t unit) {
    return sb_counted_before(world, SB_FIELD_MONTHS, unit);
}

enum sg_code sb_each_life(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                          sb_life_rows_fn *rows, struct sg_emitter *emitter, struct sg_error *err) {
    uint64_t invoices = sb_months_before(world, unit_first);
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        struct sb_life life;
        sb_life_get(world, unit, &life);
        SG_TRY(rows(world, &life, invoices, emitter, err));
        invoices += life.end;
    }
    return SG_OK;
}

extern const char sg_data_screenbilling_views[];

static const struct sg_domain domains[SB_DOMAIN_COUNT] = {
    [SB_CUSTOMER] = {"customer", SG_ONLY_UNIT},
    [SB_CLOCK] = {"clock", SG_ONLY_WHOLE},
    [SB_SINGLE] = {"price list", SG_ONLY_WHOLE},
};
static const struct sg_preset presets[] = {{"default", CUSTOMERS_DEFAULT}, {NULL, 0}};
static const struct sg_script scripts[] = {{"views", sg_data_screenbilling_views}};

static const char *const notes[] = {
    "Other sizes than 100 customers scale every count by largest remainder: each kind of event over the "
    "customers, then "
    "over the months.",
    "Two in 100 customers fall past due and cancel later, two upgrade twice, one falls past due after an "
    "upgrade; all "
    "others have one event or none.",
    "Nothing is prorated: a renewal bills the state before the month's events. The month of a cancellation "
    "is not "
    "billed.",
    "Renewals are drafts for an hour: when the as-of date is the first of a month, its invoices are still "
    "drafts.",
    NULL,
};

const struct sg_dataset sb_dataset = {
    .name = "screenbilling",
    .title = "digital-signage SaaS billed per screen: Stripe customers, subscriptions, invoices, snapshots",
    .schema = "screenbilling",
    .database = "screenbilling",
    .id = SB_DATASET_ID,
    .unit = "customer",
    .units_option = "customers",
    .presets = presets,
    .units_min = 1,
    .units_max = CUSTOMERS_MAX,
    .domains = domains,
    .domain_count = SB_DOMAIN_COUNT,
    .tables = tables,
    .table_count = SB_TABLE_COUNT,
    .scripts = scripts,
    .script_count = 1,
    .statistics = sb_statistics,
    .statistic_count = SB_STATISTIC_COUNT,
    .totals = sb_totals,
    .total_count = SB_TOTAL_COUNT,
    .notes = notes,
    .documents = sb_documents,
    .document_count = SB_CONFIG_COUNT,
    .world_open = world_open,
    .world_close = world_close,
    .unit_count = unit_count,
    .rows_before = rows_before,
    .generate = generate,
    .add_totals = sb_add_totals,
    .live = sb_live,
};
