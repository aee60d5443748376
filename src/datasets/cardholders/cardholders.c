/* The cardholders dataset: its two tables, its world, and the walk from a table number to its row logic. */
#include "datasets/cardholders/cardholders.h"

#include <stdlib.h>

#include "partition/opening.h"

static const struct ch_table_logic *const logic[CH_TABLE_COUNT] = {
    [CH_CUSTOMERS] = &ch_table_customers,
    [CH_TRANSACTIONS] = &ch_table_transactions,
};

static const struct sg_table *const tables[CH_TABLE_COUNT] = {
    [CH_CUSTOMERS] = &ch_table_customers.declaration,
    [CH_TRANSACTIONS] = &ch_table_transactions.declaration,
};

enum {
    CUSTOMERS_DEFAULT = 50000,
    CUSTOMERS_MAX = 99999999 /* eight digits */,
    GRADUAL_PERCENT = 70,
    PREMIUM_PERCENT = 30
};

/* The seed rounds every share down and gives the last segment what is left. */
static void count_segments(struct sg_world *world) {
    uint64_t left = world->customers;
    for (int s = 0; s + 1 < CH_SEGMENT_COUNT; s++) {
        world->segment_count[s] = world->customers * ch_segments[s].share / 100;
        left -= world->segment_count[s];
    }
    world->segment_count[CH_SEGMENT_COUNT - 1] = left;
    world->premium_count = sg_muldiv_round(world->segment_count[CH_TRAVELER], PREMIUM_PERCENT, 100);
    world->gradual_count = sg_muldiv_round(world->segment_count[CH_DECLINING], GRADUAL_PERCENT, 100);
}

static void count_strength(struct sg_world *world) {
    const struct ch_calendar *calendar = &world->calendar;
    for (int decline = 0; decline <= CH_NO_DECLINE; decline++)
        for (unsigned k = 0; k < CH_MONTHS; k++)
            world->strength_days[decline] += (uint64_t)(calendar->month_day[k + 1] - calendar->month_day[k]) *
                                             ch_strength((uint8_t)decline, k);
}

static void count_weight(const void *context, uint64_t unit, uint64_t *counts) {
    struct ch_customer customer;
    ch_customer_get(context, unit, &customer);
    counts[0] = customer.weight;
}

static void world_close(struct sg_world *world) {
    if (!world) return;
    sg_prefix_close(&world->weights);
    ch_places_close(&world->places);
    free(world);
}

static enum sg_code fill_world(struct sg_world *world, struct sg_error *err) {
    world->people = sg_source(world->run.seed, CH_DATASET_ID, CH_CUSTOMERS);
    world->rows = sg_source(world->run.seed, CH_DATASET_ID, CH_TRANSACTIONS);
    world->shuffle = sg_permutation(world->customers, world->run.seed, CH_DATASET_ID, CH_CUSTOMERS * 256);
    count_segments(world);
    ch_calendar_open(&world->calendar, world->run.as_of_day);
    count_strength(world);
    ch_habits_open(world);
    world->transactions = world->customers * CH_ROWS_PER_CUSTOMER;
    SG_TRY(sg_kernels_default(&world->kernels, err));
    return ch_places_open(&world->places, err);
}

static enum sg_code start_world(const struct sg_run *run, struct sg_world **out, struct sg_error *err) {
    struct sg_world *world = *out = calloc(1, sizeof *world);
    if (!world) return sg_fail(err, SG_SYSTEM, "no memory for the plan");
    world->run = *run;
    world->customers = run->units;
    return fill_world(world, err);
}

/* Below, asking other ranks costs more than it saves. */
enum { TOGETHER_CUSTOMERS_MIN = 100000 };

static enum sg_code weigh_customers(struct sg_world *world, const struct sg_team *team,
                                    struct sg_error *err) {
    return sg_prefix_open_together(&world->weights, team, world->customers, 1, 64, count_weight, world, err);
}

static enum sg_code world_open_together(const struct sg_run *run, const struct sg_team *team,
                                        struct sg_world **out, struct sg_error *err) {
    static const struct sg_opening opening = {TOGETHER_CUSTOMERS_MIN, start_world, weigh_customers,
                                              world_close};
    return sg_open_world(&opening, run, team, out, err);
}

static enum sg_code world_open(const struct sg_run *run, struct sg_world **out, struct sg_error *err) {
    return world_open_together(run, NULL, out, err);
}

static uint64_t unit_count(const struct sg_world *world, uint16_t domain) {
    (void)domain;
    return world->customers;
}

static uint64_t rows_before(const struct sg_world *world, uint16_t table, uint64_t unit) {
    return logic[table]->rows_before(world, unit);
}

static enum sg_code generate(const struct sg_world *world, uint16_t table, uint64_t unit_first,
                             uint64_t unit_end, struct sg_emitter *emitter, struct sg_error *err) {
    return logic[table]->generate(world, unit_first, unit_end, emitter, err);
}

static const struct sg_preset presets[] = {{"default", CUSTOMERS_DEFAULT}, {NULL, 0}};
static const struct sg_domain domains[CH_DOMAIN_COUNT] = {[CH_CUSTOMER] = {"customer", SG_ONLY_UNIT}};

const struct sg_dataset ch_dataset = {
    .name = "cardholders",
    .title = "credit-card portfolio: customers in five segments and their transactions",
    .schema = "cardholders",
    .database = "cardholders",
    .id = CH_DATASET_ID,
    .unit = "customer",
    .units_option = "customers",
    .presets = presets,
    .units_min = 1,
    .units_max = CUSTOMERS_MAX,
    .domains = domains,
    .domain_count = CH_DOMAIN_COUNT,
    .tables = tables,
    .table_count = CH_TABLE_COUNT,
    .notes = ch_notes,
    .statistics = ch_statistics,
    .statistic_count = CH_STATISTIC_COUNT,
    .totals = ch_totals,
    .total_count = CH_TOTAL_COUNT,
    .world_open = world_open,
    .world_open_together = world_open_together,
    .world_close = world_close,
    .unit_count = unit_count,
    .rows_before = rows_before,
    .generate = generate,
    .add_totals = ch_add_totals,
};
