/* accounts: the customers, one row per account number. */
#include <string.h>

#include "base/calendar.h"
#include "datasets/barsaas/core.h"
#include "datasets/barsaas/labels.h"
#include "datasets/barsaas/tables.h"

enum column {
    ID,
    NAME,
    DOMAIN,
    INDUSTRY,
    TIER,
    STATUS,
    IS_ACTIVE,
    MRR,
    EMPLOYEES,
    REVENUE,
    LOCATIONS,
    USERS,
    DEVICES,
    TIME_ZONE,
    CREATED_AT,
    UPDATED_AT,
    ENDED_AT,
    COLUMN_COUNT
};

enum status { STATUS_ACTIVE, STATUS_TRIAL, STATUS_CHURNED, STATUS_COUNT };
static const char *const status_names[] = {"active", "trial", "churned"};
static const struct sg_enum statuses = {"account_status", status_names, STATUS_COUNT};

static const struct sg_column columns[COLUMN_COUNT] = {
    [ID] = {.name = "id",
            .type = SG_I32,
            .origin = {0, 0, "key: accounts in order of creation"},
            .note = "Account id, dense from 1."},
    [NAME] = {.name = "name",
              .type = SG_TEXT,
              .length_max = 100,
              .origin = {BS_STREAM_BRAND, 0,
                         "words by a permutation of companies, style by weights 62/20/12/6"},
              .note = "Name of the company."},
    [DOMAIN] = {.name = "domain",
                .type = SG_TEXT,
                .length_max = 80,
                .origin = {BS_STREAM_BRAND, 1, "words of the name, top-level domain by weights 84/7/5/4"},
                .note = "Web and mail domain, unique."},
    [INDUSTRY] = {.name = "industry",
                  .type = SG_ENUM,
                  .labels = &bs_industry_labels,
                  .origin = {0, 0, "quota 40/30/20/10 over a permutation of accounts"},
                  .note = "Line of business."},
    [TIER] = {.name = "subscription_tier",
              .type = SG_ENUM,
              .labels = &bs_tier_labels,
              .origin = {0, 0, "quota 50/35/15 over the accounts ranked by size"},
              .note = "Plan of the current subscription, of the last one for lost accounts."},
    [STATUS] = {.name = "status",
                .type = SG_ENUM,
                .labels = &statuses,
                .origin = {0, 0, "of the last subscription"},
                .note = "active, trial or churned; failed trials count as churned here."},
    [IS_ACTIVE] = {.name = "is_active",
                   .type = SG_BOOL,
                   .origin = {0, 0, "quota of trials and of yearly losses over a permutation of the cohort"},
                   .note = "False once the account is lost."},
    [MRR] = {.name = "mrr",
             .type = SG_DECIMAL,
             .precision = 10,
             .scale = 2,
             .origin = {0, 0, "sum of the items of the current or last subscription"},
             .note = "Monthly recurring revenue in dollars; lost accounts keep their last."},
    [EMPLOYEES] = {.name = "employee_count",
                   .type = SG_I16,
                   .origin = {BS_STREAM_PROFILE, 0, "by size inside the tier, uniform +-25 %"},
                   .note = "Employees of the company, 5 to 500."},
    [REVENUE] = {.name = "annual_revenue",
                 .type = SG_I64,
                 .origin = {BS_STREAM_PROFILE, 3,
                            "employees x 52,000 to 118,000 dollars by industry, uniform"},
                 .note = "Yearly revenue of the company in dollars."},
    [LOCATIONS] = {.name = "location_count",
                   .type = SG_I16,
                   .origin = {0, 0, "quota by tier over loosely permuted size ranks"},
                   .note = "Number of locations."},
    [USERS] = {.name = "user_count",
               .type = SG_I16,
               .origin = {0, 0, "quota by tier over loosely permuted size ranks"},
               .note = "Number of users."},
    [DEVICES] = {.name = "device_count",
                 .type = SG_I16,
                 .origin = {0, 0, "sum over its locations"},
                 .note = "Number of devices."},
    [TIME_ZONE] = {.name = "time_zone",
                   .type = SG_ENUM,
                   .labels = &bs_zone_labels,
                   .origin = {0, 0, "of the first location"},
                   .note = "IANA time zone of the head office."},
    [CREATED_AT] = {.name = "created_at",
                    .type = SG_TIMESTAMP,
                    .origin = {BS_STREAM_CREATED, 0,
                               "growth curve, stratified inside the year, office hours"},
                    .note = "Sign-up."},
    [UPDATED_AT] = {.name = "updated_at",
                    .type = SG_TIMESTAMP,
                    .origin = {BS_STREAM_LIFE, 3, "uniform between the last subscription's start and now"},
                    .note = "Last change of the record; the loss for lost accounts."},
    [ENDED_AT] = {.name = "ended_at",
                  .type = SG_TIMESTAMP,
                  .nullable = true,
                  .origin = {BS_STREAM_LIFE, 0,
                             "uniform inside the year of loss, then the next billing date"},
                  .note = "Instant of loss; NULL while the account lives."},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "account_ids_dense", .a = "id"},
    {.kind = SG_RULE_UNIQUE, .name = "account_domains_unique", .a = "domain"},
    {.kind = SG_RULE_RANGE,
     .name = "account_employees_in_range",
     .a = "employee_count",
     .low = 5,
     .high = 500},
    {.kind = SG_RULE_RANGE,
     .name = "account_mrr_of_basic",
     .a = "mrr",
     .low = 29900,
     .high = 99900,
     .when = "subscription_tier",
     .is = "Basic"},
    {.kind = SG_RULE_RANGE,
     .name = "account_mrr_of_pro",
     .a = "mrr",
     .low = 99900,
     .high = 299900,
     .when = "subscription_tier",
     .is = "Pro"},
    {.kind = SG_RULE_RANGE,
     .name = "account_mrr_of_enterprise",
     .a = "mrr",
     .low = 299900,
     .high = 999900,
     .when = "subscription_tier",
     .is = "Enterprise"},
    {.kind = SG_RULE_IN,
     .name = "account_lost_is_churned",
     .a = "status",
     .b = "churned",
     .when = "is_active",
     .is = "false"},
    {.kind = SG_RULE_NOT_NULL,
     .name = "account_lost_has_end",
     .a = "ended_at",
     .when = "is_active",
     .is = "false"},
    {.kind = SG_RULE_NULL,
     .name = "account_living_has_no_end",
     .a = "ended_at",
     .when = "is_active",
     .is = "true"},
    {.kind = SG_RULE_RANGE, .name = "account_locations_in_range", .a = "location_count", .low = 1, .high = 5},
    {.kind = SG_RULE_RANGE, .name = "account_users_in_range", .a = "user_count", .low = 2, .high = 10},
    {.kind = SG_RULE_LE, .name = "account_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_LT, .name = "account_created_before_ended", .a = "created_at", .b = "ended_at"},
    {.kind = SG_RULE_PAST, .name = "account_created_in_past", .a = "created_at"},
    {.kind = SG_RULE_PAST, .name = "account_updated_in_past", .a = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "account_ended_in_past", .a = "ended_at"},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    (void)world;
    return unit;
}

static void fill(const struct sg_world *world, const struct bs_account *a, struct sg_emitter *e) {
    char text[BS_NAME_BYTES + BS_DOMAIN_BYTES];
    const struct bs_subscription *last = &a->subs[a->sub_count - 1];
    struct sg_block life = sg_draw(&world->core->accounts, a->number, BS_STREAM_LIFE, 0);
    int64_t recent = (int64_t)((uint64_t)(a->end - last->start) * life.w[3] >> 32);
    sg_set_i32(e, ID, (int32_t)(a->number + 1));
    sg_set_text(e, NAME, text, bs_company_name(world, a->number, text));
    sg_set_text(e, DOMAIN, text, bs_company_domain(world, a->number, text));
    sg_set_enum(e, INDUSTRY, a->industry);
    sg_set_enum(e, TIER, a->tier);
    sg_set_enum(e, STATUS, a->lost ? STATUS_CHURNED : last->trial ? STATUS_TRIAL : STATUS_ACTIVE);
    sg_set_bool(e, IS_ACTIVE, !a->lost);
    sg_set_i64(e, MRR, a->mrr_cents);
    sg_set_i16(e, EMPLOYEES, (int16_t)a->employees);
    sg_set_i64(e, REVENUE, bs_annual_revenue(world, a->number, a->industry, a->employees));
    sg_set_i16(e, LOCATIONS, a->location_count);
    sg_set_i16(e, USERS, a->user_count);
    sg_set_i16(e, DEVICES, a->device_count);
    sg_set_enum(e, TIME_ZONE, a->locations[0].zone);
    sg_set_i64(e, CREATED_AT, a->created);
    sg_set_i64(e, UPDATED_AT, a->lost ? a->end : last->start + recent);
    sg_set_i64(e, ENDED_AT, a->end);
    if (!a->lost) sg_set_null(e, ENDED_AT);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct bs_account account;
    size_t room;
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        bs_account_get(world, unit, &account);
        SG_TRY(sg_emitter_room(e, &room, err));
        fill(world, &account, e);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

const struct bs_table_logic bs_table_accounts = {
    .declaration = {.name = "accounts",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = COLUMN_COUNT,
                    .key = {"id"},
                    SG_ARRAY(rules, rule_count, rules),
                    .row_text_bytes = 190,
                    .text_bytes_max = BS_NAME_BYTES + BS_DOMAIN_BYTES,
                    .note = "Customer accounts of the platform, lost ones included."},
    .rows_before = rows_before,
    .generate = generate,
};
