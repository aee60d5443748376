/* The spendsense dataset: its plan (personas and prefix sums of transactions) and its tables. */
#include "datasets/spendsense/spendsense.h"

#include <stdlib.h>

static const struct ss_table_logic *const logic[SS_TABLE_COUNT] = {
    [SS_PROFILES] = &ss_table_profiles,
    [SS_ACCOUNTS] = &ss_table_accounts,
    [SS_TRANSACTIONS] = &ss_table_transactions,
};
static const struct sg_table *const tables[SS_TABLE_COUNT] = {
    [SS_PROFILES] = &ss_table_profiles.declaration,
    [SS_ACCOUNTS] = &ss_table_accounts.declaration,
    [SS_TRANSACTIONS] = &ss_table_transactions.declaration,
};

enum { PREFIX_BLOCK = 64, PERMUTATION_PERSONAS = SS_PROFILES * 256 };

static void count_user(const void *context, uint64_t unit, uint64_t *counts) {
    counts[0] = ss_user_transactions(context, unit);
}

static void world_close(struct sg_world *world) {
    if (!world) return;
    sg_prefix_close(&world->transactions);
    ss_words_close(&world->words);
    free(world);
}

static enum sg_code plan(struct sg_world *world, struct sg_error *err) {
    static const uint32_t shares[SS_PERSONA_COUNT] = {
        [SS_HIGH_UTILIZATION] = 30, [SS_SUBSCRIPTIONS] = 20, [SS_SAVINGS_BUILDER] = 25, [SS_GENERAL] = 25};
    uint64_t generated = world->users > SS_DEMO_USERS ? world->users - SS_DEMO_USERS : 0;
    sg_quota(generated, shares, SS_PERSONA_COUNT, world->persona_users);
    world->personas = sg_permutation(generated, world->run.seed, SS_DATASET_ID, PERMUTATION_PERSONAS);
    for (uint32_t i = 0; i < SS_TABLE_COUNT; i++)
        world->sources[i] = sg_source(world->run.seed, SS_DATASET_ID, i);
    ss_uuid_open(world);
    ss_days_open(world);
    SG_TRY(ss_words_open(&world->words, err));
    return sg_prefix_open(&world->transactions, world->users, 1, PREFIX_BLOCK, count_user, world, err);
}

static enum sg_code world_open(const struct sg_run *run, struct sg_world **out, struct sg_error *err) {
    *out = NULL;
    struct sg_world *world = calloc(1, sizeof *world);
    if (!world) return sg_fail(err, SG_SYSTEM, "no memory for the plan");
    world->run = *run;
    world->as_of = sg_as_of(run);
    world->day_first = run->as_of_day - SS_HISTORY_DAYS;
    world->users = run->units;
    enum sg_code code = plan(world, err);
    if (code == SG_OK)
        *out = world;
    else
        world_close(world);
    return code;
}

static uint64_t unit_count(const struct sg_world *world, uint16_t domain) {
    (void)domain;
    return world->users;
}

static uint64_t rows_before(const struct sg_world *world, uint16_t table, uint64_t unit) {
    return logic[table]->rows_before(world, unit);
}

static enum sg_code generate(const struct sg_world *world, uint16_t table, uint64_t unit_first,
                             uint64_t unit_end, struct sg_emitter *emitter, struct sg_error *err) {
    return logic[table]->generate(world, unit_first, unit_end, emitter, err);
}

static const struct sg_domain domains[] = {{"user", SG_ONLY_UNIT}};
static const struct sg_preset presets[] = {{"default", SS_DEMO_USERS}, {NULL, 0}};

#define NAME(name_, cents_)       name_
#define OTHER_NAME(name_, cents_) ", " name_
#define SERVICE_LIST              SS_SERVICES(NAME, OTHER_NAME)

static const char *const notes[] = {
    "Every user has three accounts: checking, savings (or high-yield savings) and a credit card.",
    "Generated users belong to four personas: high utilization 30 %, many subscriptions 20 %, savings "
    "builder 25 %, general wellness 25 %.",
    "Services that charge monthly: " SERVICE_LIST ".",
    "There is no income and no payment of card bills: the contract has monthly rows and purchases only, and "
    "balances are given, not the sum of transactions.",
    "The merchant of a transfer names the other account and the date, so that a detector of recurring "
    "charges finds subscriptions and interest alone.",
    "A shop at which chance would put three purchases within a tenth of their mean loses purchases to shops "
    "visited once.",
    "Keys look like UUIDv4 but ascend with the row; those of users in a Cognito pool are their subs.",
    NULL,
};

const struct sg_dataset ss_dataset = {
    .name = "spendsense",
    .title = "personal finance: profiles, bank accounts and 90 days of transactions",
    .schema = "spendsense",
    .database = "spendsense",
    .id = SS_DATASET_ID,
    .unit = "user",
    .units_option = "users",
    .presets = presets,
    .env_presets = false,
    .units_min = 1,
    .units_max = 10000000,
    .domains = domains,
    .domain_count = 1,
    .tables = tables,
    .table_count = SS_TABLE_COUNT,
    .notes = notes,
    .statistics = ss_statistics,
    .statistic_count = SS_STATISTIC_COUNT,
    .totals = ss_totals,
    .total_count = SS_TOTAL_COUNT,
    .person = ss_person,
    .persons = SS_DEMO_USERS,
    .world_open = world_open,
    .world_close = world_close,
    .unit_count = unit_count,
    .rows_before = rows_before,
    .generate = generate,
    .add_totals = ss_add_totals,
};
