/* The homeservices dataset: its tables in load order, its sizes, and the walk from a table number to its row
 * logic. */
#include "datasets/homeservices/homeservices.h"

#include <stdlib.h>

#include "datasets/homeservices/tables.h"
#include "partition/opening.h"

enum { SEED_CUSTOMERS = 100, SEED_OPS = 50 };

/* Every table with its rows in the seed; the catalogue does not grow with customers. */
static const struct {
    const struct hs_table_logic *logic;
    uint64_t rows;
    bool fixed;
} entries[HS_TABLE_COUNT] = {
    [HS_USERS] = {&hs_table_users, SEED_CUSTOMERS + SEED_OPS, false},
    [HS_CATEGORIES] = {&hs_table_categories, HS_CATEGORY_COUNT, true},
    [HS_SUBCATEGORIES] = {&hs_table_subcategories, HS_SUBCATEGORY_COUNT, true},
    [HS_RATE_CARDS] = {&hs_table_rate_cards, HS_RATE_CARD_COUNT, true},
    [HS_ADDRESSES] = {&hs_table_addresses, 198, false},
    [HS_PROVIDERS] = {&hs_table_providers, 120, false},
    [HS_BOOKINGS] = {&hs_table_bookings, 139, false},
    [HS_BOOKING_ITEMS] = {&hs_table_booking_items, 294, false},
    [HS_CONVERSATIONS] = {&hs_table_conversations, 1192, false},
    [HS_PRIORITY_QUEUE] = {&hs_table_priority_queue, 100, false},
    [HS_COMPLAINTS] = {&hs_table_complaints, 120, false},
    [HS_COMPLAINT_UPDATES] = {&hs_table_complaint_updates, 180, false},
};

static const struct sg_table *const tables[HS_TABLE_COUNT] = {
    [HS_USERS] = &hs_table_users.declaration,
    [HS_CATEGORIES] = &hs_table_categories.declaration,
    [HS_SUBCATEGORIES] = &hs_table_subcategories.declaration,
    [HS_RATE_CARDS] = &hs_table_rate_cards.declaration,
    [HS_ADDRESSES] = &hs_table_addresses.declaration,
    [HS_PROVIDERS] = &hs_table_providers.declaration,
    [HS_BOOKINGS] = &hs_table_bookings.declaration,
    [HS_BOOKING_ITEMS] = &hs_table_booking_items.declaration,
    [HS_CONVERSATIONS] = &hs_table_conversations.declaration,
    [HS_PRIORITY_QUEUE] = &hs_table_priority_queue.declaration,
    [HS_COMPLAINTS] = &hs_table_complaints.declaration,
    [HS_COMPLAINT_UPDATES] = &hs_table_complaint_updates.declaration,
};

static void size_world(struct sg_world *world) {
    for (int t = 0; t < HS_TABLE_COUNT; t++)
        world->rows[t] = entries[t].fixed
                             ? entries[t].rows
                             : sg_muldiv_round(world->customers, entries[t].rows, SEED_CUSTOMERS);
    world->ops = sg_muldiv_round(world->customers, SEED_OPS, SEED_CUSTOMERS);
    world->rows[HS_USERS] = world->customers + world->ops;
}

/* Permutations that make identifiers unique: over spaces larger than any number of rows. */
static void open_identifiers(struct sg_world *world) {
    const struct {
        struct sg_permutation *permutation;
        uint64_t space;
        uint32_t name;
    } plans[] = {
        {&world->mobile, 4000000000, HS_PERM_MOBILE},
        {&world->referral, (uint64_t)1 << 30, HS_PERM_REFERRAL},
        {&world->order, 1000000000, HS_PERM_ORDER},
        {&world->invoice, 1000000000, HS_PERM_INVOICE},
        {&world->gateway, (uint64_t)1 << 62, HS_PERM_GATEWAY},
        {&world->transaction, (uint64_t)1 << 62, HS_PERM_TRANSACTION},
    };
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
        *plans[i].permutation = sg_permutation(plans[i].space, world->run.seed, HS_DATASET_ID, plans[i].name);
}

static void world_close(struct sg_world *world) {
    if (!world) return;
    hs_customers_close(world);
    hs_reference_close(world->reference);
    free(world);
}

enum { TOGETHER_CUSTOMERS_MIN = 20000 };

static enum sg_code start_world(const struct sg_run *run, struct sg_world **out, struct sg_error *err) {
    struct sg_world *world = *out = calloc(1, sizeof *world);
    if (!world) return sg_fail(err, SG_SYSTEM, "no memory for the plan");
    world->run = *run;
    world->as_of = sg_as_of(run);
    world->customers = run->units;
    for (uint32_t t = 0; t < HS_TABLE_COUNT; t++)
        world->sources[t] = sg_source(run->seed, HS_DATASET_ID, t);
    size_world(world);
    open_identifiers(world);
    SG_TRY(hs_reference_open(&world->reference, err));
    return hs_dispatch_open(world, err);
}

static enum sg_code fill_world(struct sg_world *world, const struct sg_team *team, struct sg_error *err) {
    world->team = team;
    enum sg_code code = hs_customers_open(world, err);
    world->team = NULL;
    return code;
}

static enum sg_code world_open_together(const struct sg_run *run, const struct sg_team *team,
                                        struct sg_world **out, struct sg_error *err) {
    static const struct sg_opening opening = {TOGETHER_CUSTOMERS_MIN, start_world, fill_world, world_close};
    return sg_open_world(&opening, run, team, out, err);
}

static enum sg_code world_open(const struct sg_run *run, struct sg_world **out, struct sg_error *err) {
    return world_open_together(run, NULL, out, err);
}

static uint64_t unit_count(const struct sg_world *world, uint16_t domain) {
    switch ((enum hs_domain)domain) {
    case HS_CUSTOMER:
        return world->customers;
    case HS_USER:
        return world->rows[HS_USERS];
    case HS_PROVIDER:
        return world->rows[HS_PROVIDERS];
    default:
        return 1;
    }
}

static uint64_t rows_before(const struct sg_world *world, uint16_t table, uint64_t unit) {
    return entries[table].logic->rows_before(world, unit);
}

static enum sg_code generate(const struct sg_world *world, uint16_t table, uint64_t unit_first,
                             uint64_t unit_end, struct sg_emitter *emitter, struct sg_error *err) {
    return entries[table].logic->generate(world, unit_first, unit_end, emitter, err);
}

enum sg_code hs_generate_rows(const struct sg_world *world, uint64_t first, uint64_t end, enum hs_field field,
                              hs_fill_fn *fill, struct sg_emitter *emitter, struct sg_error *err) {
    struct hs_customer customer;
    struct hs_walk walk;
    size_t room;
    hs_walk_start(&walk, world, first);
    while (walk.next < end) {
        hs_walk_next(&walk, &customer);
        for (unsigned k = 0; k < customer.count[field]; k++) {
            SG_TRY(sg_emitter_room(emitter, &room, err));
            fill(world, &customer, k, emitter);
            sg_emitter_advance(emitter, 1);
        }
    }
    return SG_OK;
}

static const struct sg_domain domains[HS_DOMAIN_COUNT] = {
    [HS_CUSTOMER] = {"customer", SG_ONLY_UNIT},
    [HS_USER] = {"user", SG_ONLY_WHOLE},
    [HS_PROVIDER] = {"provider", SG_ONLY_WHOLE},
    [HS_SINGLE] = {"reference", SG_ONLY_WHOLE},
};

static const struct sg_preset presets[] = {{"default", SEED_CUSTOMERS}, {NULL, 0}};

const struct sg_dataset hs_dataset = {
    .name = "homeservices",
    .title = "Indian home-services marketplace: bookings with GST, assistant conversations, complaints",
    .schema = "homeservices",
    .database = "homeservices",
    .id = HS_DATASET_ID,
    .unit = "customer",
    .units_option = "customers",
    .presets = presets,
    .units_min = 1,
    .units_max = 100000000,
    .domains = domains,
    .domain_count = HS_DOMAIN_COUNT,
    .tables = tables,
    .table_count = HS_TABLE_COUNT,
    .notes = hs_notes,
    .statistics = hs_statistics,
    .statistic_count = HS_STATISTIC_COUNT,
    .totals = hs_totals,
    .total_count = HS_TOTAL_COUNT,
    .world_open = world_open,
    .world_open_together = world_open_together,
    .world_close = world_close,
    .unit_count = unit_count,
    .rows_before = rows_before,
    .generate = generate,
    .add_totals = hs_add_totals,
};
