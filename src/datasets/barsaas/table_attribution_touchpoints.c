/* Table attribution_touchpoints: the touches of every lead's journey, in order, with their credit. */
#include "base/calendar.h"
#include "datasets/barsaas/crm.h"
#include "datasets/barsaas/marketing.h"
#include "datasets/barsaas/tables.h"

enum column {
    ID,
    MQL_ID,
    CONTACT_ID,
    ACCOUNT_ID,
    TYPE,
    CHANNEL,
    SOURCE,
    CAMPAIGN_ID,
    TIMESTAMP,
    CREDIT,
    POSITION,
    DAYS_TO_CONVERSION,
    COLUMNS
};

static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_I64, .origin = {0, 0, "key"}, .note = "Touchpoint, dense from 1"},
    [MQL_ID] = {.name = "mql_id",
                .type = SG_I64,
                .origin = {0, 0, "parent's"},
                .note = "Lead whose journey it belongs to"},
    [CONTACT_ID] = {.name = "contact_id",
                    .type = SG_I32,
                    .origin = {0, 0, "lead's"},
                    .note = "Contact who was touched"},
    [ACCOUNT_ID] = {.name = "account_id",
                    .type = SG_I32,
                    .nullable = true,
                    .origin = {0, 0, "lead's"},
                    .note = "Account the company became; none for prospects"},
    [TYPE] = {.name = "touchpoint_type",
              .type = SG_ENUM,
              .labels = &bs_touch_type_labels,
              .origin = {1, 3, "weighted by channel; the last touch is a form or a demo request"},
              .note = "What the person did"},
    [CHANNEL] = {.name = "channel",
                 .type = SG_ENUM,
                 .labels = &bs_channel_labels,
                 .origin = {1, 1, "weighted by third of the journey; paid only while a campaign runs"},
                 .note = "Channel"},
    [SOURCE] = {.name = "source",
                .type = SG_ENUM,
                .labels = &bs_touch_source_labels,
                .origin = {1, 2, "campaign's platform, or weighted by channel"},
                .note = "Site or platform it came from"},
    [CAMPAIGN_ID] = {.name = "campaign_id",
                     .type = SG_I64,
                     .nullable = true,
                     .origin = {1, 2, "uniform over 16 campaigns of the channel that run on the day"},
                     .note =
                         "Campaign of the channel, running on that day; none for organic, direct, referral"},
    [TIMESTAMP] = {.name = "timestamp",
                   .type = SG_TIMESTAMP,
                   .origin = {1, 0, "one per slice of the journey, denser towards its end, waking hours"},
                   .note = "When it happened; ascends with the position, not after the lead's MQL date"},
    [CREDIT] = {.name = "attribution_credit",
                .type = SG_DECIMAL,
                .precision = 5,
                .scale = 4,
                .origin = {0, 0, "by the lead's model, cumulative rounding"},
                .note = "Share of the conversion; those of a lead sum to exactly 1"},
    [POSITION] = {.name = "position_in_journey",
                  .type = SG_I32,
                  .origin = {0, 0, "counted"},
                  .note = "1 for the first touch"},
    [DAYS_TO_CONVERSION] = {.name = "days_to_conversion",
                            .type = SG_I32,
                            .origin = {0, 0, "whole days to the MQL date"},
                            .note = "Days until the contact became a lead"},
};

/* Cells that the touches of a lead share. */
struct lead {
    int64_t id;
    int32_t contact_id, account_id; /* account_id 0 = none */
};

static void set_row(struct sg_emitter *e, const struct sg_world *world, const struct lead *lead,
                    const struct bs_journey *journey, uint32_t i) {
    struct bs_touch touch;
    bs_touch_get(world, journey, i, &touch);
    sg_set_i64(e, ID, (int64_t)(journey->touch_first + i + 1));
    sg_set_i64(e, MQL_ID, lead->id);
    sg_set_i32(e, CONTACT_ID, lead->contact_id);
    if (lead->account_id)
        sg_set_i32(e, ACCOUNT_ID, lead->account_id);
    else
        sg_set_null(e, ACCOUNT_ID);
    sg_set_enum(e, TYPE, touch.type);
    sg_set_enum(e, CHANNEL, touch.channel);
    sg_set_enum(e, SOURCE, touch.source);
    if (touch.has_campaign)
        sg_set_i64(e, CAMPAIGN_ID, bs_campaign_id(world, touch.campaign));
    else
        sg_set_null(e, CAMPAIGN_ID);
    sg_set_i64(e, TIMESTAMP, touch.at);
    sg_set_i64(e, CREDIT, touch.credit);
    sg_set_i32(e, POSITION, (int32_t)i + 1);
    sg_set_i32(e, DAYS_TO_CONVERSION, (int32_t)((journey->mql_date - touch.at) / SG_DAY_S));
}

static enum sg_code generate_company(const struct sg_world *world, const struct bs_company *c,
                                     uint64_t *weight, struct sg_emitter *e, struct sg_error *err) {
    for (uint32_t k = 0; k < c->mqls; k++) {
        struct bs_journey journey;
        bs_journey_get(world, c->mql_first + k, bs_mql_date(world, c, k), *weight, &journey);
        *weight += bs_journey_weight(world, journey.row);
        struct lead lead = {.id = (int64_t)journey.row + 1,
                            .contact_id = bs_hubspot_id(world, BS_HUBSPOT_CONTACTS, c->contact_first + k),
                            .account_id = c->customer ? (int32_t)(c->number + 1) : 0};
        for (uint32_t i = 0; i < journey.touches; i++) {
            size_t room;
            SG_TRY(sg_emitter_room(e, &room, err));
            set_row(e, world, &lead, &journey, i);
            sg_emitter_advance(e, 1);
        }
    }
    return SG_OK;
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
        SG_TRY(generate_company(world, &c, &weight, e, err));
    }
    return SG_OK;
}

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    uint64_t weight, lead = bs_mqls_before(world, unit);
    sg_prefix_before(&world->marketing->touches, lead, &weight);
    return bs_touches_before(world, lead, weight);
}

static const struct sg_foreign_key foreign_keys[] = {
    {.column = "mql_id",
     .parent = "marketing_qualified_leads",
     .parent_column = "lead_id",
     .on_delete = SG_CASCADE},
    {.column = "contact_id", .parent = "hubspot_contacts", .parent_column = "id", .on_delete = SG_CASCADE},
    {.column = "account_id", .parent = "accounts", .parent_column = "id", .on_delete = SG_SET_NULL},
    {.column = "campaign_id", .parent = "campaigns", .parent_column = "id", .on_delete = SG_SET_NULL},
};

#define OF_LEAD(kind_, name_, a_, b_)                                                                        \
    { .kind = kind_, .name = name_, .a = a_, .b = b_, .via = "mql_id" }
static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "touch_ids_dense", .a = "id"},
    OF_LEAD(SG_RULE_PARENT_LE, "touch_before_mql", "timestamp", "mql_date"),
    OF_LEAD(SG_RULE_PARENT_GE, "touch_after_first", "timestamp", "first_touch_at"),
    OF_LEAD(SG_RULE_NEXT_GE, "touches_in_order", "timestamp", "timestamp"),
    OF_LEAD(SG_RULE_PARENT_EQ, "touch_contact_of_lead", "contact_id", "contact_id"),
    OF_LEAD(SG_RULE_PARENT_EQ, "touch_account_of_lead", "account_id", "account_id"),
    OF_LEAD(SG_RULE_COUNT_EQ, "touches_of_lead", NULL, "touchpoint_count"),
    OF_LEAD(SG_RULE_SUM_EQ, "touch_credit_sums_to_one", "attribution_credit", "credit_total"),
    OF_LEAD(SG_RULE_PARENT_LE, "touch_position_in_journey", "position_in_journey", "touchpoint_count"),
    {.kind = SG_RULE_NULL,
     .name = "touch_unpaid_without_campaign",
     .a = "campaign_id",
     .when = "channel",
     .is = "organic|direct|referral"},
    {.kind = SG_RULE_NOT_NULL,
     .name = "touch_paid_has_campaign",
     .a = "campaign_id",
     .when = "channel",
     .is = "paid_search|paid_social|email"},
    {.kind = SG_RULE_RANGE, .name = "touch_credit_range", .a = "attribution_credit", .low = 0, .high = 10000},
    {.kind = SG_RULE_RANGE, .name = "touch_within_90_days", .a = "days_to_conversion", .low = 0, .high = 90},
};

static const struct sg_index indexes[] = {
    {.name = "attribution_touchpoints_mql", .columns = "mql_id"},
    {.name = "attribution_touchpoints_campaign", .columns = "campaign_id"},
    {.name = "attribution_touchpoints_contact", .columns = "contact_id"},
};

const struct bs_table_logic bs_table_attribution_touchpoints = {
    .declaration =
        {.name = "attribution_touchpoints",
         .domain = BS_COMPANY,
         .columns = columns,
         .column_count = COLUMNS,
         .key = {"id"},
         SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
         SG_ARRAY(rules, rule_count, rules),
         SG_ARRAY(indexes, index_count, indexes),
         .row_text_bytes = 88,
         .note = "Touchpoints of leads' journeys; their mean number per lead is the seed's, which is high"},
    .rows_before = rows_before,
    .generate = generate,
};
