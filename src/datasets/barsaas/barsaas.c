/* The barsaas dataset: its tables in load order, its parts in opening order, and the walk from a table number
 * to its row logic. Adding a table is its file and one line in `logic`. */
#include "datasets/barsaas/barsaas.h"

#include <stdlib.h>

#include "datasets/barsaas/core.h"
#include "datasets/barsaas/survey.h"
#include "datasets/barsaas/tables.h"
#include "partition/opening.h"

/* The core comes first; the others know only the core and are opened at the same time, the longest first. */
static const struct bs_part *const parts[] = {
    &bs_core_part, &bs_billing_part, &bs_crm_part, &bs_iot_part, &bs_activity_part, &bs_marketing_part,
};
enum { PART_COUNT = sizeof parts / sizeof *parts };

/* clang-format off */
/* Every table: its number and its row logic. */
#define BS_TABLES(X) \
    X(BS_PRODUCTS, bs_table_products) \
    X(BS_PAGES, bs_table_pages) \
    X(BS_FEATURES, bs_table_features) \
    X(BS_ACCOUNTS, bs_table_accounts) \
    X(BS_LOCATIONS, bs_table_locations) \
    X(BS_USERS, bs_table_users) \
    X(BS_DEVICES, bs_table_devices) \
    X(BS_SUBSCRIPTIONS, bs_table_subscriptions) \
    X(BS_STRIPE_CUSTOMERS, bs_table_stripe_customers) \
    X(BS_STRIPE_PRICES, bs_table_stripe_prices) \
    X(BS_STRIPE_SUBSCRIPTIONS, bs_table_stripe_subscriptions) \
    X(BS_STRIPE_SUBSCRIPTION_ITEMS, bs_table_stripe_subscription_items) \
    X(BS_STRIPE_INVOICES, bs_table_stripe_invoices) \
    X(BS_STRIPE_CHARGES, bs_table_stripe_charges) \
    X(BS_STRIPE_PAYMENT_INTENTS, bs_table_stripe_payment_intents) \
    X(BS_STRIPE_EVENTS, bs_table_stripe_events) \
    X(BS_HUBSPOT_OWNERS, bs_table_hubspot_owners) \
    X(BS_HUBSPOT_COMPANIES, bs_table_hubspot_companies) \
    X(BS_HUBSPOT_CONTACTS, bs_table_hubspot_contacts) \
    X(BS_HUBSPOT_DEALS, bs_table_hubspot_deals) \
    X(BS_HUBSPOT_ENGAGEMENTS, bs_table_hubspot_engagements) \
    X(BS_HUBSPOT_TICKETS, bs_table_hubspot_tickets) \
    X(BS_CAMPAIGNS, bs_table_campaigns) \
    X(BS_CAMPAIGN_PERFORMANCE, bs_table_campaign_performance) \
    X(BS_MARKETING_QUALIFIED_LEADS, bs_table_marketing_qualified_leads) \
    X(BS_ATTRIBUTION_TOUCHPOINTS, bs_table_attribution_touchpoints) \
    X(BS_GOOGLE_ANALYTICS_SESSIONS, bs_table_google_analytics_sessions) \
    X(BS_USER_SESSIONS, bs_table_user_sessions) \
    X(BS_PAGE_VIEWS, bs_table_page_views) \
    X(BS_FEATURE_USAGE, bs_table_feature_usage) \
    X(BS_TAP_EVENTS, bs_table_tap_events) \
    X(BS_DEVICE_HEALTH, bs_table_device_health) \
    X(BS_ANOMALY_LABELS, bs_table_anomaly_labels)

#define BS_LOGIC_ENTRY(number_, logic_) [number_] = &(logic_),
static const struct bs_table_logic *const logic[BS_TABLE_COUNT] = {BS_TABLES(BS_LOGIC_ENTRY)};

#define BS_DECLARATION_ENTRY(number_, logic_) [number_] = &(logic_).declaration,
static const struct sg_table *const tables[BS_TABLE_COUNT] = {BS_TABLES(BS_DECLARATION_ENTRY)};
/* clang-format on */

/* Seed counts at 100 and 10,000 accounts; computed tables have none here and are set by their part. */
struct seed_count {
    uint16_t table;
    uint64_t dev, qa;
};

static const struct seed_count seed_counts[] = {
    {BS_ACCOUNTS, 100, 10000},
    {BS_LOCATIONS, 150, 15000},
    {BS_USERS, 300, 30000},
    {BS_DEVICES, 450, 45000},
    {BS_SUBSCRIPTIONS, 125, 12500},
    {BS_STRIPE_CUSTOMERS, 100, 10000},
    {BS_STRIPE_SUBSCRIPTIONS, 125, 12500},
    {BS_STRIPE_SUBSCRIPTION_ITEMS, 175, 17500},
    {BS_STRIPE_INVOICES, 1500, 150000},
    {BS_STRIPE_CHARGES, 1425, 142500},
    {BS_STRIPE_PAYMENT_INTENTS, 1500, 150000},
    {BS_STRIPE_EVENTS, 10000, 1000000},
    {BS_HUBSPOT_COMPANIES, 125, 12500},
    {BS_HUBSPOT_CONTACTS, 500, 50000},
    {BS_HUBSPOT_DEALS, 250, 25000},
    {BS_HUBSPOT_ENGAGEMENTS, 2500, 250000},
    {BS_HUBSPOT_TICKETS, 400, 40000},
    {BS_CAMPAIGNS, 25, 1250},
    {BS_CAMPAIGN_PERFORMANCE, 7500, 375000},
    {BS_MARKETING_QUALIFIED_LEADS, 200, 20000},
    {BS_ATTRIBUTION_TOUCHPOINTS, 15000, 750000},
    {BS_GOOGLE_ANALYTICS_SESSIONS, 30000, 1500000},
    {BS_USER_SESSIONS, 50000, 2500000},
    {BS_PAGE_VIEWS, 250000, 12500000},
    {BS_FEATURE_USAGE, 150000, 7500000},
    {BS_TAP_EVENTS, 500000, 50000000},
};

enum { DEV_ACCOUNTS = 100, QA_ACCOUNTS = 10000 };

uint64_t bs_scaled_count(uint64_t accounts, uint64_t dev, uint64_t qa) {
    if (accounts <= DEV_ACCOUNTS) return sg_muldiv_round(dev, accounts, DEV_ACCOUNTS);
    if (accounts <= QA_ACCOUNTS)
        return dev + sg_muldiv_round(qa - dev, accounts - DEV_ACCOUNTS, QA_ACCOUNTS - DEV_ACCOUNTS);
    return sg_muldiv_round(qa, accounts, QA_ACCOUNTS);
}

static void size_world(struct sg_world *world) {
    for (size_t i = 0; i < sizeof seed_counts / sizeof *seed_counts; i++)
        world->sizes.rows[seed_counts[i].table] =
            bs_scaled_count(world->accounts, seed_counts[i].dev, seed_counts[i].qa);
    world->sizes.companies = world->sizes.rows[BS_HUBSPOT_COMPANIES];
    world->sizes.campaigns = world->sizes.rows[BS_CAMPAIGNS];
}

static void world_close(struct sg_world *world) {
    if (!world) return;
    for (size_t i = PART_COUNT; i-- > 0;)
        parts[i]->close(world);
    bs_survey_free(world);
    free(world);
}

/* Below, waking threads (asking other ranks) costs more than they save. */
enum { PARALLEL_ACCOUNTS_MIN = 4096, TOGETHER_ACCOUNTS_MIN = 4096 };

/* One step of the parts behind the core that only touches what is here. */
static enum sg_code prepare_parts(struct sg_world *world, struct sg_error *err) {
    for (int i = 1; i < PART_COUNT; i++)
        if (parts[i]->prepare) SG_TRY(parts[i]->prepare(world, err));
    return SG_OK;
}

static enum sg_code settle_parts(struct sg_world *world, struct sg_error *err) {
    for (int i = 1; i < PART_COUNT; i++)
        if (parts[i]->settle) SG_TRY(parts[i]->settle(world, err));
    bs_invoices_forget(world);
    return SG_OK;
}

static enum sg_code open_parts(struct sg_world *world, struct sg_error *err) {
    struct sg_error errors[PART_COUNT] = {0};
    enum sg_code codes[PART_COUNT] = {SG_OK};
#pragma omp parallel for schedule(dynamic, 1) if (world->accounts >= PARALLEL_ACCOUNTS_MIN)
    for (int i = 1; i < PART_COUNT; i++)
        if (parts[i]->open) codes[i] = parts[i]->open(world, &errors[i]);
    for (int i = 1; i < PART_COUNT; i++)
        if (codes[i] != SG_OK) return sg_fail(err, codes[i], "%s", errors[i].text);
    return SG_OK;
}

static enum sg_code start_world(const struct sg_run *run, struct sg_world **out, struct sg_error *err) {
    struct sg_world *world = *out = calloc(1, sizeof *world);
    if (!world) return sg_fail(err, SG_SYSTEM, "no memory for the plan");
    world->run = *run;
    world->as_of = sg_as_of(run);
    world->accounts = run->units;
    size_world(world);
    return sg_kernels_default(&world->kernels, err);
}

/* What one process may fail in alone is agreed upon before the next thing that is done together. */
static enum sg_code fill_parts(struct sg_world *world, struct sg_error *err) {
    SG_TRY(parts[0]->open(world, err));
    SG_TRY(sg_team_agree(world->team, prepare_parts(world, err), err));
    SG_TRY(bs_survey_make(world, err));
    SG_TRY(settle_parts(world, err));
    return open_parts(world, err);
}

static enum sg_code fill_world(struct sg_world *world, const struct sg_team *team, struct sg_error *err) {
    struct sg_team companies;
    if (team) {
        companies = *team;
        companies.light_from = world->accounts;
        world->team = team;
        world->company_team = &companies;
    }
    enum sg_code code = fill_parts(world, err);
    world->team = world->company_team = NULL;
    return code;
}

static enum sg_code world_open_together(const struct sg_run *run, const struct sg_team *team,
                                        struct sg_world **out, struct sg_error *err) {
    static const struct sg_opening opening = {TOGETHER_ACCOUNTS_MIN, start_world, fill_world, world_close};
    return sg_open_world(&opening, run, team, out, err);
}

static enum sg_code world_open(const struct sg_run *run, struct sg_world **out, struct sg_error *err) {
    return world_open_together(run, NULL, out, err);
}

static uint64_t unit_count(const struct sg_world *world, uint16_t domain) {
    switch ((enum bs_domain)domain) {
    case BS_ACCOUNT:
        return world->accounts;
    case BS_COMPANY:
        return world->sizes.companies;
    case BS_CAMPAIGN:
        return world->sizes.campaigns;
    case BS_DAY:
        return BS_HISTORY_DAYS;
    default:
        return 1;
    }
}

static uint64_t rows_before(const struct sg_world *world, uint16_t table, uint64_t unit) {
    return logic[table]->rows_before(world, unit);
}

static enum sg_code generate(const struct sg_world *world, uint16_t table, uint64_t unit_first,
                             uint64_t unit_end, struct sg_emitter *emitter, struct sg_error *err) {
    return logic[table]->generate(world, unit_first, unit_end, emitter, err);
}

static const struct sg_domain domains[BS_DOMAIN_COUNT] = {
    [BS_ACCOUNT] = {"account", SG_ONLY_UNIT},    [BS_COMPANY] = {"company", SG_ONLY_UNIT},
    [BS_CAMPAIGN] = {"campaign", SG_ONLY_WHOLE}, [BS_DAY] = {"day", SG_ONLY_NOTHING},
    [BS_SINGLE] = {"reference", SG_ONLY_WHOLE},
};

static const struct sg_preset presets[] = {{"dev", 100}, {"qa", 10000}, {"production", 40000}, {NULL, 0}};

const struct sg_dataset bs_dataset = {
    .name = "barsaas",
    .title = "bar-management SaaS: app, Stripe, HubSpot, marketing, usage and IoT streams",
    .schema = "barsaas",
    .database = "saas_platform_dev",
    .id = BS_DATASET_ID,
    .unit = "account",
    .units_option = "accounts",
    .presets = presets,
    .env_presets = true,
    .units_min = 1,
    .units_max = 20000000,
    .domains = domains,
    .domain_count = BS_DOMAIN_COUNT,
    .tables = tables,
    .table_count = BS_TABLE_COUNT,
    .scripts = bs_scripts,
    .script_count = BS_SCRIPT_COUNT,
    .relation_schema = "raw",
    .relations = bs_relations,
    .relation_count = BS_RELATION_COUNT,
    .statistics = bs_statistics,
    .statistic_count = BS_STATISTIC_COUNT,
    .totals = bs_totals,
    .total_count = BS_TOTAL_COUNT,
    .notes = bs_notes,
    .figures = bs_figures,
    .world_open = world_open,
    .world_open_together = world_open_together,
    .world_close = world_close,
    .unit_count = unit_count,
    .rows_before = rows_before,
    .generate = generate,
    .add_totals = bs_add_totals,
};
