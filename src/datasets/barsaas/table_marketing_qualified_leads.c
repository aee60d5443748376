/* Table marketing_qualified_leads: contacts that became leads, one row each, with the sum of their journey.
 */
#include "base/calendar.h"
#include "datasets/barsaas/crm.h"
#include "datasets/barsaas/marketing.h"
#include "datasets/barsaas/tables.h"

enum column {
    LEAD_ID,
    CONTACT_ID,
    ACCOUNT_ID,
    FIRST_TOUCH_AT,
    MQL_DATE,
    MQL_SCORE,
    LEAD_SOURCE,
    CAMPAIGN_ID,
    CONVERSION_PROBABILITY,
    DAYS_TO_MQL,
    ENGAGEMENT_SCORE,
    ATTRIBUTION_MODEL,
    TOUCHPOINT_COUNT,
    CREDIT_TOTAL,
    COLUMNS
};
enum { WHOLE_CREDIT = 10000 };

static const char *const model_names[BS_CREDIT_MODEL_COUNT] = {"position_based", "linear", "time_decay"};
static const struct sg_enum models = {"attribution_model", model_names, BS_CREDIT_MODEL_COUNT};

static const struct sg_column columns[COLUMNS] = {
    [LEAD_ID] = {.name = "lead_id", .type = SG_I64, .origin = {0, 0, "key"}, .note = "Lead, dense from 1"},
    [CONTACT_ID] = {.name = "contact_id",
                    .type = SG_I32,
                    .origin = {0, 0, "the first contacts of each company, 40 % of all"},
                    .note = "Contact that became the lead; each at most once"},
    [ACCOUNT_ID] = {.name = "account_id",
                    .type = SG_I32,
                    .nullable = true,
                    .origin = {0, 0, "company's"},
                    .note = "Account the company became; none for prospects"},
    [FIRST_TOUCH_AT] = {.name = "first_touch_at",
                        .type = SG_TIMESTAMP,
                        .origin = {1, 1, "2 to 90 days before the MQL date, median 30, not before history"},
                        .note = "First touchpoint of the journey"},
    [MQL_DATE] = {.name = "mql_date",
                  .type = SG_TIMESTAMP,
                  .origin = {0, 0, "exponential, mean 9 days after the contact's creation"},
                  .note = "When the contact qualified; for accounts not after they were created"},
    [MQL_SCORE] = {.name = "mql_score",
                   .type = SG_DECIMAL,
                   .precision = 5,
                   .scale = 2,
                   .origin = {0, 0,
                              "the contact's lead score: normal, mean 71 (prospects) or 74, deviation 11"},
                   .note = "Lead score, 50 to 99"},
    [LEAD_SOURCE] = {.name = "lead_source",
                     .type = SG_ENUM,
                     .labels = &bs_channel_labels,
                     .origin = {0, 0, "channel of the first touchpoint"},
                     .note = "Channel that brought the lead"},
    [CAMPAIGN_ID] = {.name = "campaign_id",
                     .type = SG_I64,
                     .nullable = true,
                     .origin = {0, 0, "campaign of the first touchpoint"},
                     .note = "Campaign that brought the lead, if one did"},
    [CONVERSION_PROBABILITY] = {.name = "conversion_probability",
                                .type = SG_DECIMAL,
                                .precision = 5,
                                .scale = 4,
                                .origin = {2, 0,
                                           "rises with the score, higher for later accounts, uniform noise"},
                                .note = "Predicted probability of becoming a customer, 0 to 1"},
    [DAYS_TO_MQL] = {.name = "days_to_mql",
                     .type = SG_I32,
                     .origin = {0, 0, "whole days from first touch to MQL date"},
                     .note = "Length of the journey in days"},
    [ENGAGEMENT_SCORE] = {.name = "engagement_score",
                          .type = SG_DECIMAL,
                          .precision = 5,
                          .scale = 2,
                          .origin = {2, 1, "rises with the number of touches, normal noise"},
                          .note = "Engagement, 0 to 100"},
    [ATTRIBUTION_MODEL] = {.name = "attribution_model",
                           .type = SG_ENUM,
                           .labels = &models,
                           .origin = {1, 2, "60/25/15"},
                           .note = "How credit is divided among the touchpoints"},
    [TOUCHPOINT_COUNT] = {.name = "touchpoint_count",
                          .type = SG_I32,
                          .origin = {1, 0, "cumulative rounding of heavy-tailed weights to the exact total"},
                          .note = "Rows in attribution_touchpoints; the mean is the seed's, which is high"},
    [CREDIT_TOTAL] = {.name = "credit_total",
                      .type = SG_DECIMAL,
                      .precision = 5,
                      .scale = 4,
                      .origin = {0, 0, "constant"},
                      .note = "Sum of attribution_credit of the touchpoints: exactly 1"},
};

static int64_t clamp(int64_t value, int64_t low, int64_t high) {
    if (value > high) value = high;
    return value < low ? low : value;
}

static void set_scores(struct sg_emitter *e, const struct sg_world *world, const struct bs_company *c,
                       uint32_t k, const struct bs_journey *journey) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_MARKETING_QUALIFIED_LEADS);
    struct sg_block b = sg_draw(&source, journey->row, 2, 0);
    int64_t score = bs_lead_score(world, c, k), probability = (score - 4000) + (c->customer ? 2600 : 0);
    probability = clamp(probability + sg_between(b.w[0], -900, 900), 150, 9850);
    int64_t touched = journey->touches > 100 ? 100 : journey->touches;
    int64_t engagement = sg_scaled(3000 + touched * 50, 900, sg_normal(b.w[1]), 500, 10000);
    sg_set_i64(e, MQL_SCORE, score);
    sg_set_i64(e, CONVERSION_PROBABILITY, probability);
    sg_set_i64(e, ENGAGEMENT_SCORE, engagement);
}

static void set_row(struct sg_emitter *e, const struct sg_world *world, const struct bs_company *c,
                    uint32_t k, const struct bs_journey *journey) {
    struct bs_touch first;
    bs_touch_get(world, journey, 0, &first);
    sg_set_i64(e, LEAD_ID, (int64_t)journey->row + 1);
    sg_set_i32(e, CONTACT_ID, bs_hubspot_id(world, BS_HUBSPOT_CONTACTS, c->contact_first + k));
    sg_set_null(e, ACCOUNT_ID);
    if (c->customer) sg_set_i32(e, ACCOUNT_ID, (int32_t)(c->number + 1));
    sg_set_i64(e, FIRST_TOUCH_AT, first.at);
    sg_set_i64(e, MQL_DATE, journey->mql_date);
    sg_set_enum(e, LEAD_SOURCE, first.channel);
    sg_set_null(e, CAMPAIGN_ID);
    if (first.has_campaign) sg_set_i64(e, CAMPAIGN_ID, bs_campaign_id(world, first.campaign));
    sg_set_i32(e, DAYS_TO_MQL, (int32_t)((journey->mql_date - first.at) / SG_DAY_S));
    sg_set_enum(e, ATTRIBUTION_MODEL, journey->model);
    sg_set_i32(e, TOUCHPOINT_COUNT, (int32_t)journey->touches);
    sg_set_i64(e, CREDIT_TOTAL, WHOLE_CREDIT);
    set_scores(e, world, c, k, journey);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct bs_company_walk walk;
    bs_company_walk_to(&walk, world, unit_first);
    uint64_t weight;
    sg_prefix_before(&world->marketing->touches, bs_mqls_before(world, unit_first), &weight);
    while (walk.next < unit_end) {
        struct bs_company c;
        bs_company_next(&walk, &c);
        for (uint32_t k = 0; k < c.mqls; k++) {
            size_t room;
            struct bs_journey journey;
            SG_TRY(sg_emitter_room(e, &room, err));
            bs_journey_get(world, c.mql_first + k, bs_mql_date(world, &c, k), weight, &journey);
            weight += bs_journey_weight(world, journey.row);
            set_row(e, world, &c, k, &journey);
            sg_emitter_advance(e, 1);
        }
    }
    return SG_OK;
}

static const struct sg_foreign_key foreign_keys[] = {
    {.column = "contact_id", .parent = "hubspot_contacts", .parent_column = "id", .on_delete = SG_CASCADE},
    {.column = "account_id", .parent = "accounts", .parent_column = "id", .on_delete = SG_SET_NULL},
    {.column = "campaign_id", .parent = "campaigns", .parent_column = "id", .on_delete = SG_SET_NULL},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "lead_ids_dense", .a = "lead_id"},
    {.kind = SG_RULE_UNIQUE, .name = "lead_one_per_contact", .a = "contact_id"},
    {.kind = SG_RULE_LE, .name = "lead_touched_before_mql", .a = "first_touch_at", .b = "mql_date"},
    {.kind = SG_RULE_PAST, .name = "lead_in_history", .a = "mql_date"},
    {.kind = SG_RULE_RANGE, .name = "lead_score_range", .a = "mql_score", .low = 0, .high = 10000},
    {.kind = SG_RULE_RANGE,
     .name = "lead_probability_range",
     .a = "conversion_probability",
     .low = 0,
     .high = 10000},
    {.kind = SG_RULE_RANGE,
     .name = "lead_engagement_range",
     .a = "engagement_score",
     .low = 0,
     .high = 10000},
    {.kind = SG_RULE_RANGE, .name = "lead_journey_at_most_90_days", .a = "days_to_mql", .low = 0, .high = 90},
    {.kind = SG_RULE_RANGE,
     .name = "lead_credit_whole",
     .a = "credit_total",
     .low = WHOLE_CREDIT,
     .high = WHOLE_CREDIT},
    {.kind = SG_RULE_PARENT_GE,
     .name = "lead_after_contact",
     .a = "mql_date",
     .b = "created_at",
     .via = "contact_id"},
    {.kind = SG_RULE_PARENT_LE,
     .name = "lead_before_account",
     .a = "mql_date",
     .b = "created_at",
     .via = "account_id"},
};

static const struct sg_index indexes[] = {
    {.name = "marketing_qualified_leads_contact", .columns = "contact_id", .unique = true},
    {.name = "marketing_qualified_leads_account", .columns = "account_id"},
    {.name = "marketing_qualified_leads_campaign", .columns = "campaign_id"},
};

const struct bs_table_logic bs_table_marketing_qualified_leads = {
    .declaration = {.name = "marketing_qualified_leads",
                    .domain = BS_COMPANY,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"lead_id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 120,
                    .note =
                        "Marketing qualified leads: two per account in the mean, of customers and prospects"},
    .rows_before = bs_mqls_before,
    .generate = generate,
};
