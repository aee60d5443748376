/* Table hubspot_companies: every account as the CRM sees it, and the prospects. */
#include "base/calendar.h"
#include "datasets/barsaas/crm.h"
#include "datasets/barsaas/growth.h"
#include "datasets/barsaas/json.h"
#include "datasets/barsaas/tables.h"
#include "reference/reference.h"

enum column { ID, ACCOUNT_ID, OWNER_ID, NAME, PROPERTIES, CREATED_AT, UPDATED_AT, ARCHIVED, COLUMNS };
enum { PROPERTIES_BYTES = 1536 };

static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id",
            .type = SG_I32,
            .origin = {255, 0, "key: rises with the row"},
            .note = "HubSpot company id"},
    [ACCOUNT_ID] = {.name = "account_id",
                    .type = SG_I32,
                    .nullable = true,
                    .origin = {0, 0, "the first companies are the accounts"},
                    .note = "Account the company became; none for prospects"},
    [OWNER_ID] = {.name = "owner_id",
                  .type = SG_I32,
                  .origin = {3, 0, "somebody in sales employed at the time"},
                  .note = "Owner who took the company in"},
    [NAME] = {.name = "name",
              .type = SG_TEXT,
              .length_max = 255,
              .origin = {0, 0, "account's, or made of company words"},
              .note = "Company name"},
    [PROPERTIES] = {.name = "properties",
                    .type = SG_TEXT,
                    .json = true,
                    .origin = {3, 1, "account's, sums of deals, visits drawn"},
                    .note = "HubSpot properties; all values are strings, instants in milliseconds"},
    [CREATED_AT] = {.name = "created_at",
                    .type = SG_TIMESTAMP,
                    .origin = {1, 0,
                               "12 to 140 days before the account; prospects with the growth of business"},
                    .note = "When the company entered the CRM"},
    [UPDATED_AT] = {.name = "updated_at",
                    .type = SG_TIMESTAMP,
                    .origin = {3, 2, "between creation and the end of dealings, mostly late"},
                    .note = "Last change"},
    [ARCHIVED] = {.name = "archived",
                  .type = SG_BOOL,
                  .origin = {0, 0, "constant false"},
                  .note = "Whether the record was put away"},
};

static const char *const industries[BS_INDUSTRY_COUNT] = {"Restaurant", "Bar", "Hotel", "Other"};

static int64_t part_of(int64_t span, uint32_t part) {
    return span > 0 ? (int64_t)((unsigned __int128)(uint64_t)span * part >> 32) : 0;
}

static void add_profile(struct bs_json *j, const struct sg_world *world, const struct bs_company *c,
                        const char *name) {
    char domain[BS_DOMAIN_BYTES];
    const struct sg_city *city = &sg_cities[c->city];
    bs_company_domain(world, c->number, domain);
    bs_json_text(j, "name", name);
    bs_json_text(j, "domain", domain);
    bs_json_text(j, "website", domain);
    bs_json_text(j, "industry", industries[c->industry]);
    bs_json_text(j, "city", city->name);
    bs_json_text(j, "state", city->state);
    bs_json_text(j, "zip", city->zip);
    bs_json_text(j, "country", "US");
    bs_json_quoted(j, "numberofemployees", c->employees);
    bs_json_money(j, "annualrevenue", bs_annual_revenue(world, c->number, c->industry, c->employees) * 100);
}

/* Visits to the site before and after the company was entered. */
static void add_visits(struct bs_json *j, const struct sg_world *world, const struct bs_company *c,
                       const struct sg_block *b) {
    int64_t first = c->created - sg_below(b->w[3], 30 * SG_DAY_S);
    if (first < bs_history_start(world)) first = bs_history_start(world);
    if (first > c->created) first = c->created;
    int64_t last = c->created + part_of(c->end - c->created, b->w[1] | 0x80000000u);
    if (last >= world->as_of) last = world->as_of - 1;
    int64_t visits = 1 + ((int64_t)sg_exponential(b->w[1]) * (4 + 3 * c->mqls + 6 * c->customer) >> 16);
    bs_json_quoted(j, "hs_analytics_num_visits", visits);
    bs_json_quoted(j, "hs_analytics_num_page_views", visits * 2 + sg_below(b->w[2], (uint32_t)visits * 4));
    bs_json_instant(j, "hs_analytics_first_visit_timestamp", first);
    bs_json_instant(j, "hs_analytics_last_visit_timestamp", visits == 1 ? first : last);
}

static void set_row(struct sg_emitter *e, const struct sg_world *world, const struct bs_company *c) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_COMPANIES);
    struct sg_block b = sg_draw(&source, c->number, 3, 0);
    char name[BS_NAME_BYTES], properties[PROPERTIES_BYTES];
    size_t name_length = bs_company_name(world, c->number, name);
    uint32_t owner = bs_owner_at(world, c->created, false, b.w[0]);
    int32_t owner_id = bs_hubspot_id(world, BS_HUBSPOT_OWNERS, owner);
    int64_t updated = c->created + part_of(c->end - c->created, ~(b.w[2] >> 2));
    if (updated >= world->as_of) updated = world->as_of - 1;
    struct bs_json j;
    bs_json_open(&j, properties);
    add_profile(&j, world, c, name);
    bs_json_text(&j, "lifecyclestage", bs_lifecycle_stage(c));
    bs_json_quoted(&j, "num_associated_contacts", c->contacts);
    bs_json_quoted(&j, "num_associated_deals", bs_deal_count(c));
    bs_json_money(&j, "total_revenue", c->won ? c->month_cents * 12 : 0);
    add_visits(&j, world, c, &b);
    bs_json_quoted(&j, "hubspot_owner_id", owner_id);
    bs_json_instant(&j, "createdate", c->created);
    bs_json_instant(&j, "hs_lastmodifieddate", updated);
    sg_set_text(e, PROPERTIES, properties, bs_json_close(&j));
    sg_set_i32(e, ID, bs_hubspot_id(world, BS_HUBSPOT_COMPANIES, c->number));
    sg_set_null(e, ACCOUNT_ID);
    if (c->customer) sg_set_i32(e, ACCOUNT_ID, (int32_t)(c->number + 1));
    sg_set_i32(e, OWNER_ID, owner_id);
    sg_set_text(e, NAME, name, name_length);
    sg_set_i64(e, CREATED_AT, c->created);
    sg_set_i64(e, UPDATED_AT, updated);
    sg_set_bool(e, ARCHIVED, false);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct bs_company_walk walk;
    bs_company_walk_to(&walk, world, unit_first);
    while (walk.next < unit_end) {
        size_t room;
        struct bs_company c;
        SG_TRY(sg_emitter_room(e, &room, err));
        bs_company_next(&walk, &c);
        set_row(e, world, &c);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    (void)world;
    return unit;
}

static const struct sg_foreign_key foreign_keys[] = {
    {.column = "account_id", .parent = "accounts", .parent_column = "id", .on_delete = SG_SET_NULL},
    {.column = "owner_id", .parent = "hubspot_owners", .parent_column = "id", .on_delete = SG_RESTRICT},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_LE, .name = "company_created_before_update", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "company_updated_in_history", .a = "updated_at"},
    {.kind = SG_RULE_UNIQUE, .name = "company_one_per_account", .a = "account_id"},
    {.kind = SG_RULE_PARENT_LE,
     .name = "company_known_before_account",
     .a = "created_at",
     .b = "created_at",
     .via = "account_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "company_owner_employed",
     .a = "created_at",
     .b = "created_at",
     .via = "owner_id"},
};

static const struct sg_index indexes[] = {
    {.name = "hubspot_companies_account", .columns = "account_id", .unique = true},
    {.name = "hubspot_companies_owner", .columns = "owner_id"},
};

const struct bs_table_logic bs_table_hubspot_companies = {
    .declaration = {.name = "hubspot_companies",
                    .domain = BS_COMPANY,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 710,
                    .text_bytes_max = PROPERTIES_BYTES + BS_NAME_BYTES,
                    .note = "HubSpot companies: one per account, the rest are prospects"},
    .rows_before = rows_before,
    .generate = generate,
};
