/* Table hubspot_tickets: support cases of customers.
 *
 * Accounts with devices that are down ask more and are less pleased. The last tickets of such an account are
 * about its devices that are down, one each; the others are spread over its life. */
#include "base/calendar.h"
#include "datasets/barsaas/crm.h"
#include "datasets/barsaas/json.h"
#include "datasets/barsaas/tables.h"

enum column {
    ID,
    COMPANY_ID,
    ACCOUNT_ID,
    CONTACT_ID,
    OWNER_ID,
    DEVICE_ID,
    CATEGORY,
    PRIORITY,
    STAGE,
    CREATED_AT,
    FIRST_RESPONSE_AT,
    CLOSED_AT,
    SATISFACTION,
    PROPERTIES,
    UPDATED_AT,
    ARCHIVED,
    COLUMNS
};
enum { PROPERTIES_BYTES = 1024 };

enum category { HARDWARE, SOFTWARE, BILLING, HOW_TO, INTEGRATION, ACCOUNT, CATEGORIES };
static const char *const category_names[CATEGORIES] = {"hardware", "software",    "billing",
                                                       "how_to",   "integration", "account"};
static const struct sg_enum categories = {"ticket_category", category_names, CATEGORIES};

enum priority { LOW, MEDIUM, HIGH, URGENT, PRIORITIES };
static const char *const priority_names[PRIORITIES] = {"LOW", "MEDIUM", "HIGH", "URGENT"};
static const struct sg_enum priorities = {"ticket_priority", priority_names, PRIORITIES};

enum stage { NEW, WAITING_ON_CONTACT, WAITING_ON_US, IN_PROGRESS, CLOSED, STAGES };
static const char *const stage_names[STAGES] = {"new", "waiting_on_contact", "waiting_on_us", "in_progress",
                                                "closed"};
static const struct sg_enum stages = {"ticket_stage", stage_names, STAGES};

static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id",
            .type = SG_I32,
            .origin = {255, 0, "key: rises with the row"},
            .note = "HubSpot ticket id"},
    [COMPANY_ID] = {.name = "company_id",
                    .type = SG_I32,
                    .origin = {0, 0, "parent's"},
                    .note = "Company that asked"},
    [ACCOUNT_ID] = {.name = "account_id",
                    .type = SG_I32,
                    .origin = {0, 0, "parent's"},
                    .note = "Its account"},
    [CONTACT_ID] = {.name = "contact_id",
                    .type = SG_I32,
                    .origin = {2, 1, "uniform over the company's contacts, the first if not yet known"},
                    .note = "Contact who asked"},
    [OWNER_ID] = {.name = "owner_id",
                  .type = SG_I32,
                  .origin = {2, 2, "somebody in support employed at the time"},
                  .note = "Owner who answers"},
    [DEVICE_ID] = {.name = "device_id",
                   .type = SG_I32,
                   .nullable = true,
                   .origin = {0, 0, "each device that is down, as far as the account's tickets go"},
                   .note = "Device the case is about, if one is down"},
    [CATEGORY] = {.name = "category",
                  .type = SG_ENUM,
                  .labels = &categories,
                  .origin = {1, 1, "18/20/16/26/10/10; hardware when about a device"},
                  .note = "What it is about"},
    [PRIORITY] = {.name = "priority",
                  .type = SG_ENUM,
                  .labels = &priorities,
                  .origin = {1, 2, "35/42/18/5; 0/30/50/20 when about a device"},
                  .note = "Priority"},
    [STAGE] = {.name = "stage",
               .type = SG_ENUM,
               .labels = &stages,
               .origin = {2, 0, "by what has happened before as-of; open ones weighted"},
               .note = "Stage in the support pipeline"},
    [CREATED_AT] = {.name = "created_at",
                    .type = SG_TIMESTAMP,
                    .origin = {1, 0, "one per slice of the account's life; hours after a device went down"},
                    .note = "When it was asked"},
    [FIRST_RESPONSE_AT] = {.name = "first_response_at",
                           .type = SG_TIMESTAMP,
                           .nullable = true,
                           .origin = {1, 3, "exponential, mean 20 to 600 minutes by priority"},
                           .note = "First answer"},
    [CLOSED_AT] = {.name = "closed_at",
                   .type = SG_TIMESTAMP,
                   .nullable = true,
                   .origin = {3, 0, "exponential, mean 8 to 80 hours by priority, longer with devices down"},
                   .note = "When it was closed; none while open"},
    [SATISFACTION] = {.name = "satisfaction_rating",
                      .type = SG_I16,
                      .nullable = true,
                      .origin = {3, 1,
                                 "normal around 4.5, less with devices down and slow answers; 62 % answer"},
                      .note = "Rating of the closed case, 1 to 5"},
    [PROPERTIES] = {.name = "properties",
                    .type = SG_TEXT,
                    .json = true,
                    .origin = {3, 2, "the ticket's other columns, subject by category"},
                    .note = "HubSpot properties; all values are strings, instants in milliseconds"},
    [UPDATED_AT] = {.name = "updated_at",
                    .type = SG_TIMESTAMP,
                    .origin = {0, 0, "the latest of creation, answer and closing"},
                    .note = "Last change"},
    [ARCHIVED] = {.name = "archived",
                  .type = SG_BOOL,
                  .origin = {0, 0, "constant false"},
                  .note = "Whether the record was put away"},
};

enum { SUBJECTS = 3 };
static const char *const subjects[CATEGORIES][SUBJECTS] = {
    {"Tap controller offline", "Flow sensor reads zero", "Temperature reading is off"},
    {"Dashboard loads slowly", "Report shows wrong totals", "App signs me out"},
    {"Question about an invoice", "Update payment method", "Charged for a closed location"},
    {"How to add a location", "How to export pour data", "How to set alert limits"},
    {"POS connection stopped", "API key does not work", "Inventory sync is late"},
    {"Add a user", "Change the account owner", "Reset a password"},
};
static const char *const contents[CATEGORIES] = {
    "One of our taps stopped reporting. We restarted it twice without success.",
    "Since this morning the application does not behave as it should. Please have a look.",
    "We do not understand a line on our bill. Could you explain it?",
    "We are not sure how to do this. Could you point us to the right page?",
    "The connection to our other system is not working. Nothing has changed on our side.",
    "Please help us with a change to our account.",
};

/* Seconds: mean time to the first answer and from there to closing. */
static const int32_t answer_s[PRIORITIES] = {36000, 18000, 5400, 1200};
static const int32_t resolve_s[PRIORITIES] = {288000, 172800, 79200, 28800};

struct ticket {
    uint64_t row;
    int64_t created, answered, closed; /* may lie past the end of history until settled */
    int32_t device;                    /* index in the account, -1 if about none */
    enum category category;
    enum priority priority;
    enum stage stage;
    int rating; /* 0 = none */
};

static int64_t exponential_s(uint32_t word, int32_t mean_s) {
    return (int64_t)sg_exponential(word) * mean_s >> 16;
}

/* Bars ask between 14:00 and 04:00 UTC (9 to 23 o'clock Central): moves an instant later the same day,
 * keeping order. */
static int64_t bar_hours(int64_t instant_s) {
    int64_t day = sg_day_of(instant_s);
    return day * SG_DAY_S + 14 * SG_HOUR_S + (instant_s - day * SG_DAY_S) * 14 / 24;
}

static void choose_kind(struct ticket *t, const struct sg_block *b) {
    static const uint32_t category_weights[CATEGORIES] = {18, 20, 16, 26, 10, 10};
    static const uint32_t usual[PRIORITIES] = {35, 42, 18, 5}, device[PRIORITIES] = {0, 30, 50, 20};
    t->category =
        t->device >= 0 ? HARDWARE : (enum category)sg_pick(b->w[1], category_weights, CATEGORIES, 100);
    t->priority = (enum priority)sg_pick(b->w[2], t->device >= 0 ? device : usual, PRIORITIES, 100);
}

/* What of it has happened by the end of the account or of history. */
static void settle(const struct sg_world *world, const struct bs_company *c, struct ticket *t,
                   uint32_t word) {
    static const uint32_t open_weights[3] = {35, 25, 40};
    if (c->account.lost) {
        int64_t end = c->account.end;
        if (t->answered > end) t->answered = end;
        if (t->closed > end) t->closed = end;
    }
    t->stage = CLOSED;
    if (t->closed < world->as_of) return;
    t->closed = -1;
    t->stage = (enum stage)(WAITING_ON_CONTACT + sg_pick(word, open_weights, 3, 100));
    if (t->answered < world->as_of) return;
    t->answered = -1;
    t->stage = NEW;
}

static int rating_of(const struct bs_company *c, const struct ticket *t, uint32_t word) {
    if (t->stage != CLOSED || (word & 0xFF) >= 159) return 0;
    int64_t mean = 455 - (190 * (int64_t)c->down_q16 >> 16);
    int64_t days = (t->closed - t->created) / SG_DAY_S;
    mean -= 8 * (days < 10 ? days : 10);
    return (int)((sg_scaled(mean, 80, sg_normal(word), 100, 500) + 50) / 100);
}

static int64_t down_since(const struct sg_world *world, const struct bs_company *c, int32_t device) {
    struct bs_device d;
    bs_device_get(world, &c->account, (unsigned)device, &d);
    return d.offline_since;
}

static void get_ticket(const struct sg_world *world, const struct bs_company *c, uint32_t k, uint32_t usual,
                       int32_t device, struct ticket *t) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_TICKETS);
    t->row = c->ticket_first + k;
    struct sg_block b = sg_draw(&source, t->row, 1, 0), who = sg_draw(&source, t->row, 2, 0);
    struct sg_block later = sg_draw(&source, t->row, 3, 0);
    int64_t born = c->account.created, end = c->end - (c->end == world->as_of);
    t->device = device;
    if (device >= 0)
        t->created = down_since(world, c, device) + 1800 + exponential_s(b.w[0], 14400);
    else
        t->created = bar_hours(
            born + (int64_t)((((unsigned __int128)k << 32) + b.w[0]) * (uint64_t)(end - born) / usual >> 32));
    if (t->created < born) t->created = born;
    if (t->created > end) t->created = end;
    choose_kind(t, &b);
    t->answered = t->created + 60 + exponential_s(b.w[3], answer_s[t->priority]);
    t->closed =
        t->answered + 120 +
        exponential_s(later.w[0], (int32_t)(resolve_s[t->priority] * (65536 + (int64_t)c->down_q16) >> 16));
    settle(world, c, t, who.w[0]);
    t->rating = rating_of(c, t, later.w[1]);
}

static size_t write_properties(char *out, const struct ticket *t, uint32_t subject, int32_t owner_id,
                               int64_t updated) {
    struct bs_json j;
    bs_json_open(&j, out);
    bs_json_text(&j, "subject", subjects[t->category][t->device >= 0 ? 0 : subject]);
    bs_json_text(&j, "content", contents[t->category]);
    bs_json_text(&j, "hs_pipeline", "support");
    bs_json_text(&j, "hs_pipeline_stage", stage_names[t->stage]);
    bs_json_text(&j, "hs_ticket_priority", priority_names[t->priority]);
    bs_json_text(&j, "hs_ticket_category", category_names[t->category]);
    bs_json_text(&j, "source_type", subject ? "EMAIL" : "FORM");
    bs_json_quoted(&j, "hubspot_owner_id", owner_id);
    bs_json_instant(&j, "createdate", t->created);
    bs_json_instant(&j, "hs_lastmodifieddate", updated);
    if (t->answered >= 0) {
        bs_json_instant(&j, "first_agent_reply_date", t->answered);
        bs_json_instant(&j, "time_to_first_agent_reply", t->answered - t->created);
    }
    if (t->closed >= 0) {
        bs_json_instant(&j, "closed_date", t->closed);
        bs_json_instant(&j, "time_to_close", t->closed - t->created);
    }
    if (t->rating) bs_json_quoted(&j, "satisfaction_rating", t->rating);
    return bs_json_close(&j);
}

static void set_time(struct sg_emitter *e, int column, int64_t instant) {
    if (instant < 0)
        sg_set_null(e, column);
    else
        sg_set_i64(e, column, instant);
}

static void set_row(struct sg_emitter *e, const struct sg_world *world, const struct bs_company *c,
                    const struct ticket *t) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_TICKETS);
    struct sg_block who = sg_draw(&source, t->row, 2, 0), later = sg_draw(&source, t->row, 3, 0);
    uint32_t contact = sg_below(who.w[1], c->contacts);
    if (bs_contact_created(world, c, contact) > t->created) contact = 0;
    int32_t owner_id =
        bs_hubspot_id(world, BS_HUBSPOT_OWNERS, bs_owner_at(world, t->created, true, who.w[2]));
    int64_t updated = t->closed >= 0 ? t->closed : t->answered >= 0 ? t->answered : t->created;
    char properties[PROPERTIES_BYTES];
    size_t length = write_properties(properties, t, sg_below(later.w[2], SUBJECTS), owner_id, updated);
    sg_set_i32(e, ID, bs_hubspot_id(world, BS_HUBSPOT_TICKETS, t->row));
    sg_set_i32(e, COMPANY_ID, bs_hubspot_id(world, BS_HUBSPOT_COMPANIES, c->number));
    sg_set_i32(e, ACCOUNT_ID, (int32_t)(c->number + 1));
    sg_set_i32(e, CONTACT_ID, bs_hubspot_id(world, BS_HUBSPOT_CONTACTS, c->contact_first + contact));
    sg_set_i32(e, OWNER_ID, owner_id);
    sg_set_null(e, DEVICE_ID);
    if (t->device >= 0)
        sg_set_i32(e, DEVICE_ID, (int32_t)(c->account.device_first + (uint64_t)t->device + 1));
    sg_set_enum(e, CATEGORY, (uint16_t)t->category);
    sg_set_enum(e, PRIORITY, (uint16_t)t->priority);
    sg_set_enum(e, STAGE, (uint16_t)t->stage);
    sg_set_i64(e, CREATED_AT, t->created);
    set_time(e, FIRST_RESPONSE_AT, t->answered);
    set_time(e, CLOSED_AT, t->closed);
    sg_set_null(e, SATISFACTION);
    if (t->rating) sg_set_i16(e, SATISFACTION, (int16_t)t->rating);
    sg_set_text(e, PROPERTIES, properties, length);
    sg_set_i64(e, UPDATED_AT, updated);
    sg_set_bool(e, ARCHIVED, false);
}

/* The devices of a living account that are down, at most `most`. */
static uint32_t find_down(const struct sg_world *world, const struct bs_company *c, uint32_t most,
                          int32_t *down) {
    uint32_t count = 0;
    for (unsigned k = 0; c->down_q16 && count < most && k < c->account.device_count; k++) {
        struct bs_device d;
        bs_device_get(world, &c->account, k, &d);
        if (d.status != BS_ONLINE) down[count++] = (int32_t)k;
    }
    return count;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct bs_company_walk walk;
    bs_company_walk_to(&walk, world, unit_first);
    while (walk.next < unit_end) {
        struct bs_company c;
        int32_t down[BS_LOCATIONS_MAX * BS_DEVICES_MAX];
        bs_company_next(&walk, &c);
        uint32_t about_devices = find_down(world, &c, c.tickets, down), usual = c.tickets - about_devices;
        for (uint32_t k = 0; k < c.tickets; k++) {
            size_t room;
            struct ticket ticket;
            SG_TRY(sg_emitter_room(e, &room, err));
            get_ticket(world, &c, k, usual, k < usual ? -1 : down[k - usual], &ticket);
            set_row(e, world, &c, &ticket);
            sg_emitter_advance(e, 1);
        }
    }
    return SG_OK;
}

static const struct sg_foreign_key foreign_keys[] = {
    {.column = "company_id", .parent = "hubspot_companies", .parent_column = "id", .on_delete = SG_CASCADE},
    {.column = "account_id", .parent = "accounts", .parent_column = "id", .on_delete = SG_CASCADE},
    {.column = "contact_id", .parent = "hubspot_contacts", .parent_column = "id", .on_delete = SG_CASCADE},
    {.column = "owner_id", .parent = "hubspot_owners", .parent_column = "id", .on_delete = SG_RESTRICT},
    {.column = "device_id", .parent = "devices", .parent_column = "id", .on_delete = SG_SET_NULL},
};

#define IN_ORDER(name_, a_, b_)                                                                              \
    { .kind = SG_RULE_LE, .name = name_, .a = a_, .b = b_ }
#define AFTER_CREATION_OF(name_, via_)                                                                       \
    { .kind = SG_RULE_PARENT_GE, .name = name_, .a = "created_at", .b = "created_at", .via = via_ }
static const struct sg_rule rules[] = {
    IN_ORDER("ticket_answered_after_creation", "created_at", "first_response_at"),
    IN_ORDER("ticket_closed_after_answer", "first_response_at", "closed_at"),
    IN_ORDER("ticket_closed_after_creation", "created_at", "closed_at"),
    IN_ORDER("ticket_created_before_update", "created_at", "updated_at"),
    {.kind = SG_RULE_NOT_NULL,
     .name = "ticket_closed_has_time",
     .a = "closed_at",
     .when = "stage",
     .is = "closed"},
    {.kind = SG_RULE_PAST, .name = "ticket_updated_in_history", .a = "updated_at"},
    {.kind = SG_RULE_RANGE, .name = "ticket_rating_range", .a = "satisfaction_rating", .low = 1, .high = 5},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "ticket_account_of_company",
     .a = "account_id",
     .b = "account_id",
     .via = "company_id"},
    AFTER_CREATION_OF("ticket_after_company", "company_id"),
    AFTER_CREATION_OF("ticket_after_account", "account_id"),
    AFTER_CREATION_OF("ticket_after_contact", "contact_id"),
    AFTER_CREATION_OF("ticket_owner_employed", "owner_id"),
};

static const struct sg_index indexes[] = {
    {.name = "hubspot_tickets_company", .columns = "company_id"},
    {.name = "hubspot_tickets_account", .columns = "account_id"},
    {.name = "hubspot_tickets_contact", .columns = "contact_id"},
    {.name = "hubspot_tickets_owner", .columns = "owner_id"},
    {.name = "hubspot_tickets_device", .columns = "device_id"},
};

const struct bs_table_logic bs_table_hubspot_tickets = {
    .declaration =
        {.name = "hubspot_tickets",
         .domain = BS_COMPANY,
         .columns = columns,
         .column_count = COLUMNS,
         .key = {"id"},
         SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
         SG_ARRAY(rules, rule_count, rules),
         SG_ARRAY(indexes, index_count, indexes),
         .row_text_bytes = 660,
         .text_bytes_max = PROPERTIES_BYTES,
         .note = "HubSpot support tickets of accounts; devices that are down bring more and lower ratings"},
    .rows_before = bs_tickets_before,
    .generate = generate,
};
