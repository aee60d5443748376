/* Table hubspot_deals: the sales pipeline. A deal enters its stages in order and is won, lost or still open.
 */
#include <string.h>

#include "base/calendar.h"
#include "datasets/barsaas/crm.h"
#include "datasets/barsaas/json.h"
#include "datasets/barsaas/tables.h"

enum column {
    ID,
    COMPANY_ID,
    CONTACT_ID,
    OWNER_ID,
    STAGE,
    AMOUNT,
    CREATED_AT,
    QUALIFIED_AT,
    PRESENTED_AT,
    DECIDED_AT,
    CONTRACTED_AT,
    CLOSED_AT,
    CLOSE_DATE,
    ENGAGEMENT_COUNT,
    PROPERTIES,
    UPDATED_AT,
    ARCHIVED,
    COLUMNS
};
enum { PROPERTIES_BYTES = 1280 };

static const struct sg_enum stages = {"deal_stage", bs_stage_names, BS_STAGE_COUNT};

#define ENTERED_COLUMN(name_, stage_)                                                                        \
    {                                                                                                        \
        .name = name_, .type = SG_TIMESTAMP, .nullable = true,                                               \
        .origin = {2, 0, "after the stages before it, exponential around days of the stage"},                \
        .note = "When the deal entered " stage_ "; none if it never did"                                     \
    }

static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id",
            .type = SG_I32,
            .origin = {255, 0, "key: rises with the row"},
            .note = "HubSpot deal id"},
    [COMPANY_ID] = {.name = "company_id",
                    .type = SG_I32,
                    .origin = {0, 0, "parent's"},
                    .note = "Company the deal is with"},
    [CONTACT_ID] = {.name = "contact_id",
                    .type = SG_I32,
                    .origin = {3, 1, "uniform over the company's contacts, the first if not yet known"},
                    .note = "Main contact, of the same company"},
    [OWNER_ID] = {.name = "owner_id",
                  .type = SG_I32,
                  .origin = {3, 2, "somebody in sales employed at the time, senior people more often"},
                  .note = "Owner who carries the deal"},
    [STAGE] = {.name = "stage",
               .type = SG_ENUM,
               .labels = &stages,
               .origin = {1, 0, "quota: 25 % of closed deals won; stages reached weighted"},
               .note = "Stage the deal is in"},
    [AMOUNT] = {.name = "amount",
                .type = SG_DECIMAL,
                .precision = 12,
                .scale = 2,
                .origin = {3, 0,
                           "won: 12 x the account's MRR; else 70 to 140 % of a year, expansions 10 to 45 %"},
                .note = "US dollars a year"},
    [CREATED_AT] = {.name = "created_at",
                    .type = SG_TIMESTAMP,
                    .origin = {1, 2, "won: a sales cycle before the first paid day; open: back from as-of"},
                    .note = "When the deal was opened: first stage, appointmentscheduled"},
    [QUALIFIED_AT] = ENTERED_COLUMN("qualified_at", "qualifiedtobuy"),
    [PRESENTED_AT] = ENTERED_COLUMN("presentation_at", "presentationscheduled"),
    [DECIDED_AT] = ENTERED_COLUMN("decision_at", "decisionmakerboughtin"),
    [CONTRACTED_AT] = ENTERED_COLUMN("contract_at", "contractsent"),
    [CLOSED_AT] = {.name = "closed_at",
                   .type = SG_TIMESTAMP,
                   .nullable = true,
                   .origin = {2, 0, "won: first instant the account pays for; lost: end of the last stage"},
                   .note = "When the deal was won or lost; none while open"},
    [CLOSE_DATE] = {.name = "close_date",
                    .type = SG_DATE,
                    .origin = {1, 3, "day of closing; while open, 1 to 78 days ahead by stage"},
                    .note = "Closing day; while open the expected one, after the as-of date"},
    [ENGAGEMENT_COUNT] = {.name = "engagement_count",
                          .type = SG_I32,
                          .origin = {1, 1,
                                     "cumulative rounding to the exact total, mean 10, more in late stages"},
                          .note = "Rows in hubspot_engagements"},
    [PROPERTIES] = {.name = "properties",
                    .type = SG_TEXT,
                    .json = true,
                    .origin = {0, 0, "the deal's other columns"},
                    .note = "HubSpot properties; all values are strings, instants in milliseconds"},
    [UPDATED_AT] = {.name = "updated_at",
                    .type = SG_TIMESTAMP,
                    .origin = {3, 3, "closing; while open, since the last stage was entered"},
                    .note = "Last change"},
    [ARCHIVED] = {.name = "archived",
                  .type = SG_BOOL,
                  .origin = {0, 0, "constant false"},
                  .note = "Whether the record was put away"},
};

static const uint8_t stage_percent[BS_STAGE_COUNT] = {20, 40, 60, 80, 90, 100, 0};
static const char *const lost_reasons[] = {"price", "no budget", "chose competitor", "no response", "timing"};

static void write_stages(struct bs_json *j, const struct bs_deal *deal, bool closed) {
    char key[64] = "hs_date_entered_";
    for (int s = 0; s <= deal->reached; s++) {
        strcpy(key + 16, bs_stage_names[s]);
        bs_json_instant(j, key, deal->entered[s]);
    }
    if (!closed) return;
    strcpy(key + 16, bs_stage_names[deal->stage]);
    bs_json_instant(j, key, deal->end);
}

static size_t write_properties(char *out, const struct bs_company *c, const struct bs_deal *deal,
                               const char *company_name, int32_t owner_id, int64_t updated) {
    bool won = deal->stage == BS_STAGE_WON, closed = won || deal->stage == BS_STAGE_LOST;
    char name[BS_NAME_BYTES + 32];
    strcpy(name, company_name);
    strcat(name, deal->existing ? " - Expansion" : " - New Business");
    struct bs_json j;
    bs_json_open(&j, out);
    bs_json_text(&j, "dealname", name);
    bs_json_money(&j, "amount", deal->amount_cents);
    bs_json_text(&j, "deal_currency_code", "USD");
    bs_json_text(&j, "dealstage", bs_stage_names[deal->stage]);
    bs_json_text(&j, "pipeline", "default");
    bs_json_text(&j, "dealtype", deal->existing ? "existingbusiness" : "newbusiness");
    bs_json_quoted(&j, "hs_deal_stage_probability", stage_percent[deal->stage]);
    bs_json_instant(&j, "closedate", closed ? deal->end : (int64_t)deal->close_day * SG_DAY_S);
    bs_json_flag(&j, "hs_is_closed", closed);
    bs_json_flag(&j, "hs_is_closed_won", won);
    if (deal->stage == BS_STAGE_LOST)
        bs_json_text(&j, "closed_lost_reason", lost_reasons[(deal->row * 7 + c->number) % 5]);
    bs_json_quoted(&j, "num_notes", deal->engagements);
    bs_json_quoted(&j, "num_associated_contacts", 1);
    bs_json_quoted(&j, "hubspot_owner_id", owner_id);
    write_stages(&j, deal, closed);
    bs_json_instant(&j, "createdate", deal->entered[0]);
    bs_json_instant(&j, "hs_lastmodifieddate", updated);
    return bs_json_close(&j);
}

static void set_row(struct sg_emitter *e, const struct sg_world *world, const struct bs_company *c,
                    const struct bs_deal *deal, const char *company_name) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_DEALS);
    uint32_t word = sg_draw(&source, deal->row, 3, 0).w[3];
    bool closed = deal->stage >= BS_STAGES_OPEN;
    int64_t since = deal->entered[deal->reached];
    int64_t updated =
        closed ? deal->end
               : since + (int64_t)sg_muldiv((uint64_t)(deal->end - since), ~(word >> 1), (uint64_t)1 << 32);
    int32_t owner_id = bs_hubspot_id(world, BS_HUBSPOT_OWNERS, deal->owner);
    char properties[PROPERTIES_BYTES];
    size_t length = write_properties(properties, c, deal, company_name, owner_id, updated);
    sg_set_i32(e, ID, bs_hubspot_id(world, BS_HUBSPOT_DEALS, deal->row));
    sg_set_i32(e, COMPANY_ID, bs_hubspot_id(world, BS_HUBSPOT_COMPANIES, c->number));
    sg_set_i32(e, CONTACT_ID, bs_hubspot_id(world, BS_HUBSPOT_CONTACTS, c->contact_first + deal->contact));
    sg_set_i32(e, OWNER_ID, owner_id);
    sg_set_enum(e, STAGE, deal->stage);
    sg_set_i64(e, AMOUNT, deal->amount_cents);
    for (int s = 0; s < BS_STAGES_OPEN; s++) {
        if (s <= deal->reached)
            sg_set_i64(e, CREATED_AT + s, deal->entered[s]);
        else
            sg_set_null(e, CREATED_AT + s);
    }
    sg_set_null(e, CLOSED_AT);
    if (closed) sg_set_i64(e, CLOSED_AT, deal->end);
    sg_set_date(e, CLOSE_DATE, deal->close_day);
    sg_set_i32(e, ENGAGEMENT_COUNT, (int32_t)deal->engagements);
    sg_set_text(e, PROPERTIES, properties, length);
    sg_set_i64(e, UPDATED_AT, updated);
    sg_set_bool(e, ARCHIVED, false);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct bs_company_walk walk;
    bs_company_walk_to(&walk, world, unit_first);
    while (walk.next < unit_end) {
        struct bs_company c;
        char name[BS_NAME_BYTES];
        bs_company_next(&walk, &c);
        bs_company_name(world, c.number, name);
        uint64_t weight = c.engagement_weight_first;
        for (uint32_t k = 0; k < bs_deal_count(&c); k++) {
            size_t room;
            struct bs_deal deal;
            SG_TRY(sg_emitter_room(e, &room, err));
            bs_deal_get(world, &c, k, &weight, &deal);
            set_row(e, world, &c, &deal, name);
            sg_emitter_advance(e, 1);
        }
    }
    return SG_OK;
}

static const struct sg_foreign_key foreign_keys[] = {
    {.column = "company_id", .parent = "hubspot_companies", .parent_column = "id", .on_delete = SG_CASCADE},
    {.column = "contact_id", .parent = "hubspot_contacts", .parent_column = "id", .on_delete = SG_CASCADE},
    {.column = "owner_id", .parent = "hubspot_owners", .parent_column = "id", .on_delete = SG_RESTRICT},
};

#define IN_ORDER(name_, a_, b_)                                                                              \
    { .kind = SG_RULE_LE, .name = name_, .a = a_, .b = b_ }
#define AFTER_CREATION_OF(name_, via_)                                                                       \
    { .kind = SG_RULE_PARENT_GE, .name = name_, .a = "created_at", .b = "created_at", .via = via_ }
static const struct sg_rule rules[] = {
    IN_ORDER("deal_qualified_after_creation", "created_at", "qualified_at"),
    IN_ORDER("deal_presented_after_qualified", "qualified_at", "presentation_at"),
    IN_ORDER("deal_decided_after_presented", "presentation_at", "decision_at"),
    IN_ORDER("deal_contract_after_decided", "decision_at", "contract_at"),
    IN_ORDER("deal_closed_after_creation", "created_at", "closed_at"),
    IN_ORDER("deal_closed_after_qualified", "qualified_at", "closed_at"),
    IN_ORDER("deal_closed_after_presented", "presentation_at", "closed_at"),
    IN_ORDER("deal_closed_after_decided", "decision_at", "closed_at"),
    IN_ORDER("deal_closed_after_contract", "contract_at", "closed_at"),
    IN_ORDER("deal_created_before_update", "created_at", "updated_at"),
    {.kind = SG_RULE_NOT_NULL,
     .name = "deal_closed_has_time",
     .a = "closed_at",
     .when = "stage",
     .is = "closedwon|closedlost"},
    {.kind = SG_RULE_PAST, .name = "deal_updated_in_history", .a = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "deal_closed_in_history", .a = "closed_at"},
    {.kind = SG_RULE_RANGE, .name = "deal_amount_positive", .a = "amount", .low = 1, .high = 999999999999},
    AFTER_CREATION_OF("deal_after_company", "company_id"),
    AFTER_CREATION_OF("deal_after_contact", "contact_id"),
    AFTER_CREATION_OF("deal_owner_employed", "owner_id"),
};

static const struct sg_index indexes[] = {
    {.name = "hubspot_deals_company", .columns = "company_id"},
    {.name = "hubspot_deals_contact", .columns = "contact_id"},
    {.name = "hubspot_deals_owner", .columns = "owner_id"},
};

const struct bs_table_logic bs_table_hubspot_deals = {
    .declaration =
        {.name = "hubspot_deals",
         .domain = BS_COMPANY,
         .columns = columns,
         .column_count = COLUMNS,
         .key = {"id"},
         SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
         SG_ARRAY(rules, rule_count, rules),
         SG_ARRAY(indexes, index_count, indexes),
         .row_text_bytes = 830,
         .text_bytes_max = PROPERTIES_BYTES,
         .note = "HubSpot deals: won, lost and open; accounts without a won deal signed up by themselves"},
    .rows_before = bs_deals_before,
    .generate = generate,
};
