/* Table hubspot_engagements: calls, emails, meetings, notes and tasks inside the life of their deal.
 *
 * The engagements of a deal are laid over its stages at each stage's own pace, one per equal slice of that
 * measure, so they come out in order; then moved into office hours, which keeps the order. */
#include "base/calendar.h"
#include "datasets/barsaas/crm.h"
#include "datasets/barsaas/growth.h"
#include "datasets/barsaas/json.h"
#include "datasets/barsaas/tables.h"

enum column {
    ID,
    DEAL_ID,
    CONTACT_ID,
    OWNER_ID,
    TYPE,
    CREATED_AT,
    UPDATED_AT,
    PORTAL_ID,
    ACTIVE,
    METADATA,
    COLUMNS
};
enum { METADATA_BYTES = 256, TYPES = 5, SUBJECTS = 4 };

enum type { CALL, EMAIL, MEETING, NOTE, TASK };
static const char *const type_names[TYPES] = {"CALL", "EMAIL", "MEETING", "NOTE", "TASK"};
static const struct sg_enum types = {"engagement_type", type_names, TYPES};

static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id",
            .type = SG_I32,
            .origin = {255, 0, "key: rises with the row"},
            .note = "HubSpot engagement id"},
    [DEAL_ID] = {.name = "deal_id",
                 .type = SG_I32,
                 .origin = {0, 0, "parent's"},
                 .note = "Deal it belongs to"},
    [CONTACT_ID] = {.name = "contact_id",
                    .type = SG_I32,
                    .origin = {2, 0, "the deal's contact, 30 % another one of the company"},
                    .note = "Contact it was with"},
    [OWNER_ID] = {.name = "owner_id",
                  .type = SG_I32,
                  .origin = {0, 0, "the deal's owner; whoever follows when that person left"},
                  .note = "Owner who did it"},
    [TYPE] = {.name = "type",
              .type = SG_ENUM,
              .labels = &types,
              .origin = {1, 1, "weighted by the deal's stage at that time"},
              .note = "Kind of activity"},
    [CREATED_AT] = {.name = "created_at",
                    .type = SG_TIMESTAMP,
                    .origin = {1, 0,
                               "one per slice of the deal's life, denser in later stages, office hours"},
                    .note = "When it happened"},
    [UPDATED_AT] = {.name = "updated_at",
                    .type = SG_TIMESTAMP,
                    .origin = {1, 2, "up to two days later"},
                    .note = "Last change"},
    [PORTAL_ID] = {.name = "portal_id",
                   .type = SG_I32,
                   .origin = {0, 0, "constant"},
                   .note = "Our HubSpot portal"},
    [ACTIVE] = {.name = "active",
                .type = SG_BOOL,
                .origin = {0, 0, "constant true"},
                .note = "False when deleted"},
    [METADATA] = {.name = "metadata",
                  .type = SG_TEXT,
                  .json = true,
                  .origin = {1, 3, "by type: durations exponential, outcomes weighted"},
                  .note = "What HubSpot stores for the type; durations in milliseconds"},
};

/* Pace of each stage, relative engagements a day; and the mix of types in it. */
static const uint8_t pace[BS_STAGES_OPEN] = {20, 24, 30, 34, 42};
static const uint32_t mix[BS_STAGES_OPEN][TYPES] = {
    {34, 42, 6, 8, 10}, {30, 34, 18, 10, 8}, {18, 30, 34, 12, 6}, {26, 32, 22, 12, 8}, {22, 44, 10, 10, 14}};

static const char *const call_outcomes[SUBJECTS] = {"Connected", "Left voicemail", "No answer", "Connected"};
static const char *const email_subjects[SUBJECTS] = {"Following up on your pour data",
                                                     "Your quote for smart taps", "Next steps",
                                                     "Case study: 18 % less waste"};
static const char *const meeting_titles[SUBJECTS] = {"Product demo", "Site walk-through", "Pricing review",
                                                     "Introduction call"};
static const char *const note_bodies[SUBJECTS] = {
    "Wants a pilot at one location first.", "Budget is set after the season.",
    "Uses spreadsheets for inventory today.", "Decision maker joins the next call."};
static const char *const task_subjects[SUBJECTS] = {"Send proposal", "Call back", "Prepare demo",
                                                    "Check contract"};

static size_t write_metadata(char *out, enum type type, uint32_t word, int64_t at, int64_t as_of) {
    uint32_t pick = word % SUBJECTS;
    int64_t seconds = 60 + ((int64_t)sg_exponential(word) * (type == MEETING ? 1500 : 380) >> 16);
    if (seconds > as_of - at) seconds = as_of - at;
    struct bs_json j;
    bs_json_open(&j, out);
    switch (type) {
    case CALL:
        bs_json_text(&j, "disposition", call_outcomes[pick]);
        bs_json_text(&j, "status", "COMPLETED");
        bs_json_number(&j, "durationMilliseconds", (pick == 2 ? seconds % 30 : seconds) * 1000);
        break;
    case EMAIL:
        bs_json_text(&j, "subject", email_subjects[pick]);
        bs_json_text(&j, "status", "SENT");
        bs_json_number(&j, "opens", word >> 30);
        break;
    case MEETING:
        bs_json_text(&j, "title", meeting_titles[pick]);
        bs_json_number(&j, "startTime", at * 1000);
        bs_json_number(&j, "endTime", (at + seconds) * 1000);
        bs_json_number(&j, "durationMilliseconds", seconds * 1000);
        bs_json_text(&j, "meetingOutcome", "COMPLETED");
        break;
    case NOTE:
        bs_json_text(&j, "body", note_bodies[pick]);
        break;
    case TASK:
        bs_json_text(&j, "subject", task_subjects[pick]);
        bs_json_text(&j, "status", word >> 29 ? "COMPLETED" : "NOT_STARTED");
        bs_json_text(&j, "taskType", "TODO");
        break;
    }
    return bs_json_close(&j);
}

/* The deal's life measured by pace: length of each stage in seconds x pace. */
struct life {
    uint64_t measure[BS_STAGES_OPEN];
    uint64_t total;
};

static int64_t stage_end(const struct bs_deal *deal, int stage) {
    return stage < deal->reached ? deal->entered[stage + 1] : deal->end;
}

static struct life life_of(const struct bs_deal *deal) {
    struct life life = {.total = 0};
    for (int s = 0; s <= deal->reached; s++) {
        life.measure[s] = (uint64_t)(stage_end(deal, s) - deal->entered[s] + 1) * pace[s];
        life.total += life.measure[s];
    }
    return life;
}

/* Instant of engagement k and the stage it falls into. */
static int64_t instant_of(const struct bs_deal *deal, const struct life *life, uint32_t k, uint32_t word,
                          int *stage) {
    unsigned __int128 slice = ((unsigned __int128)k << 32) + word;
    uint64_t at = (uint64_t)((slice * life->total / deal->engagements) >> 32);
    int s = 0;
    while (s < deal->reached && at >= life->measure[s])
        at -= life->measure[s++];
    *stage = s;
    int64_t instant = bs_office_time(deal->entered[s] + (int64_t)(at / pace[s]));
    if (instant < deal->entered[0]) instant = deal->entered[0];
    return instant > deal->end ? deal->end : instant;
}

static uint32_t contact_of(const struct sg_world *world, const struct bs_company *c,
                           const struct bs_deal *deal, uint64_t row, int64_t instant) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_ENGAGEMENTS);
    struct sg_block b = sg_draw(&source, row, 2, 0);
    if (sg_below(b.w[0], 100) >= 30) return deal->contact;
    uint32_t other = sg_below(b.w[1], c->contacts);
    return bs_contact_created(world, c, other) <= instant ? other : deal->contact;
}

static void set_row(struct sg_emitter *e, const struct sg_world *world, const struct bs_company *c,
                    const struct bs_deal *deal, const struct life *life, uint32_t k) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_ENGAGEMENTS);
    uint64_t row = deal->engagement_first + k;
    struct sg_block b = sg_draw(&source, row, 1, 0);
    int stage;
    int64_t at = instant_of(deal, life, k, b.w[0], &stage);
    enum type type = (enum type)sg_pick(b.w[1], mix[stage], TYPES, 100);
    int64_t updated = at + sg_below(b.w[2], 2 * SG_DAY_S);
    if (updated >= world->as_of) updated = world->as_of - 1;
    uint32_t owner = deal->owner;
    if (world->crm->owners[owner].left <= at)
        owner = bs_owner_at(world, at, false, (uint32_t)deal->row * 2654435761u);
    sg_set_i32(e, ID, bs_hubspot_id(world, BS_HUBSPOT_ENGAGEMENTS, row));
    uint32_t contact = contact_of(world, c, deal, row, at);
    sg_set_i32(e, CONTACT_ID, bs_hubspot_id(world, BS_HUBSPOT_CONTACTS, c->contact_first + contact));
    sg_set_i32(e, OWNER_ID, bs_hubspot_id(world, BS_HUBSPOT_OWNERS, owner));
    sg_set_enum(e, TYPE, (uint16_t)type);
    sg_set_i64(e, CREATED_AT, at);
    sg_set_i64(e, UPDATED_AT, updated);
    sg_set_i32(e, PORTAL_ID, BS_SOFTWARE_PORTAL);
    sg_set_bool(e, ACTIVE, true);
    char metadata[METADATA_BYTES];
    sg_set_text(e, METADATA, metadata, write_metadata(metadata, type, b.w[3], at, world->as_of));
}

static enum sg_code generate_deal(const struct sg_world *world, const struct bs_company *c,
                                  const struct bs_deal *deal, struct sg_emitter *e, struct sg_error *err) {
    struct life life = life_of(deal);
    int32_t deal_id = bs_hubspot_id(world, BS_HUBSPOT_DEALS, deal->row);
    for (uint32_t k = 0; k < deal->engagements; k++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        sg_set_i32(e, DEAL_ID, deal_id);
        set_row(e, world, c, deal, &life, k);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct bs_company_walk walk;
    bs_company_walk_to(&walk, world, unit_first);
    while (walk.next < unit_end) {
        struct bs_company c;
        bs_company_next(&walk, &c);
        uint64_t weight = c.engagement_weight_first;
        for (uint32_t k = 0; k < bs_deal_count(&c); k++) {
            struct bs_deal deal;
            bs_deal_get(world, &c, k, &weight, &deal);
            SG_TRY(generate_deal(world, &c, &deal, e, err));
        }
    }
    return SG_OK;
}

static const struct sg_foreign_key foreign_keys[] = {
    {.column = "deal_id", .parent = "hubspot_deals", .parent_column = "id", .on_delete = SG_CASCADE},
    {.column = "contact_id", .parent = "hubspot_contacts", .parent_column = "id", .on_delete = SG_CASCADE},
    {.column = "owner_id", .parent = "hubspot_owners", .parent_column = "id", .on_delete = SG_RESTRICT},
};

#define AFTER_CREATION_OF(name_, via_)                                                                       \
    { .kind = SG_RULE_PARENT_GE, .name = name_, .a = "created_at", .b = "created_at", .via = via_ }
static const struct sg_rule rules[] = {
    {.kind = SG_RULE_LE, .name = "engagement_created_before_update", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "engagement_in_history", .a = "updated_at"},
    {.kind = SG_RULE_NEXT_GE,
     .name = "engagements_in_order",
     .a = "created_at",
     .b = "created_at",
     .via = "deal_id"},
    {.kind = SG_RULE_COUNT_EQ, .name = "engagements_of_deal", .b = "engagement_count", .via = "deal_id"},
    AFTER_CREATION_OF("engagement_after_deal", "deal_id"),
    {.kind = SG_RULE_PARENT_LE,
     .name = "engagement_before_closing",
     .a = "created_at",
     .b = "closed_at",
     .via = "deal_id"},
    AFTER_CREATION_OF("engagement_after_contact", "contact_id"),
    AFTER_CREATION_OF("engagement_owner_employed", "owner_id"),
};

static const struct sg_index indexes[] = {
    {.name = "hubspot_engagements_deal", .columns = "deal_id"},
    {.name = "hubspot_engagements_contact", .columns = "contact_id"},
    {.name = "hubspot_engagements_owner", .columns = "owner_id"},
};

const struct bs_table_logic bs_table_hubspot_engagements = {
    .declaration = {.name = "hubspot_engagements",
                    .domain = BS_COMPANY,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 180,
                    .text_bytes_max = METADATA_BYTES,
                    .note = "HubSpot engagements: ten per deal in the mean, inside the deal's life"},
    .rows_before = bs_engagements_before,
    .generate = generate,
};
