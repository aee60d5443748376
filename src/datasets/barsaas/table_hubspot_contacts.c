/* Table hubspot_contacts: people at companies. The first contacts of a customer are its users. */
#include <string.h>

#include "base/calendar.h"
#include "datasets/barsaas/crm.h"
#include "datasets/barsaas/json.h"
#include "datasets/barsaas/tables.h"

enum column { ID, COMPANY_ID, USER_ID, EMAIL, PROPERTIES, CREATED_AT, UPDATED_AT, ARCHIVED, COLUMNS };
enum { PROPERTIES_BYTES = 1280, ARCHIVED_PER_MILLION = 12000 };

static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id",
            .type = SG_I32,
            .origin = {255, 0, "key: rises with the row"},
            .note = "HubSpot contact id"},
    [COMPANY_ID] = {.name = "company_id",
                    .type = SG_I32,
                    .origin = {0, 0, "parent's"},
                    .note = "Company the person works for"},
    [USER_ID] = {.name = "user_id",
                 .type = SG_I32,
                 .nullable = true,
                 .origin = {0, 0, "the first contacts of a customer are its users"},
                 .note = "User of the application, if the person is one"},
    [EMAIL] = {.name = "email",
               .type = SG_TEXT,
               .length_max = 255,
               .origin = {2, 2, "user's; or first.last, 28 % the mailbox of an office"},
               .note = "Address at the company's domain, unique"},
    [PROPERTIES] = {.name = "properties",
                    .type = SG_TEXT,
                    .json = true,
                    .origin = {2, 0, "census names, lead score normal for leads and exponential for others"},
                    .note = "HubSpot properties; all values are strings, instants in milliseconds"},
    [CREATED_AT] = {.name = "created_at",
                    .type = SG_TIMESTAMP,
                    .origin = {1, 0, "leads before the account, users with their log-in, others uniform"},
                    .note = "When the contact entered the CRM"},
    [UPDATED_AT] = {.name = "updated_at",
                    .type = SG_TIMESTAMP,
                    .origin = {3, 2, "between creation and the end of dealings, mostly late"},
                    .note = "Last change"},
    [ARCHIVED] = {.name = "archived",
                  .type = SG_BOOL,
                  .origin = {3, 1, "1.2 % of those who are neither users nor leads"},
                  .note = "Whether the record was put away"},
};

static const char *stage_of(const struct bs_company *c, uint32_t k, bool user, uint32_t word) {
    if (c->customer && (user || k < c->mqls)) return "customer";
    if (k < c->mqls) return c->open && k == 0 ? "opportunity" : "marketingqualifiedlead";
    return sg_below(word, 100) < 60 ? "lead" : "subscriber";
}

/* +1 and ten digits with the reserved exchange 555. */
static void phone_text(char out[16], uint32_t word) {
    static const char digits[] = "0123456789";
    uint32_t area = 201 + sg_below(word, 700), line = 100 + (word & 0xFFFF) % 100;
    const uint32_t parts[10] = {area / 100, area / 10 % 10, area % 10, 5, 5, 5, 0,
                                1,          line / 10 % 10, line % 10};
    memcpy(out, "+1", 2);
    for (int i = 0; i < 10; i++)
        out[2 + i] = digits[parts[i]];
    out[12] = '\0';
}

static size_t write_properties(char *out, const struct sg_world *world, const struct bs_company *c,
                               uint32_t k, const struct bs_person *person, const char *company_name,
                               const struct sg_block *b, int64_t created, int64_t updated) {
    char phone[16];
    int64_t score = bs_lead_score(world, c, k) / 100;
    bool bounced = sg_chance(b->w[0], 15000);
    phone_text(phone, b->w[3]);
    struct bs_json j;
    bs_json_open(&j, out);
    bs_json_text(&j, "firstname", person->first);
    bs_json_text(&j, "lastname", person->last);
    bs_json_text(&j, "email", person->email);
    bs_json_text(&j, "phone", phone);
    bs_json_text(&j, "company", company_name);
    bs_json_text(&j, "jobtitle", person->title);
    bs_json_text(&j, "lifecyclestage", stage_of(c, k, person->user, b->w[1]));
    bs_json_quoted(&j, "hubspotscore", score);
    bs_json_quoted(&j, "hs_lead_score", score);
    bs_json_flag(&j, "hs_email_optout", sg_chance(b->w[0] * 2654435761u, 60000));
    bs_json_flag(&j, "hs_email_bounce", bounced);
    bs_json_flag(&j, "hs_sequences_is_enrolled", !c->customer && !bounced && sg_chance(b->w[2], 250000));
    bs_json_quoted(&j, "associatedcompanyid", bs_hubspot_id(world, BS_HUBSPOT_COMPANIES, c->number));
    bs_json_instant(&j, "createdate", created);
    bs_json_instant(&j, "lastmodifieddate", updated);
    return bs_json_close(&j);
}

static void set_row(struct sg_emitter *e, const struct sg_world *world, const struct bs_company *c,
                    uint32_t k, const char *company_name) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_CONTACTS);
    uint64_t row = c->contact_first + k;
    struct sg_block b = sg_draw(&source, row, 3, 0);
    struct bs_person person;
    char properties[PROPERTIES_BYTES];
    bs_contact_person(world, c, k, &person);
    int64_t created = bs_contact_created(world, c, k);
    int64_t updated =
        created + (int64_t)sg_muldiv((uint64_t)(c->end - created), ~(b.w[2] >> 1), (uint64_t)1 << 32);
    if (updated >= world->as_of) updated = world->as_of - 1;
    if (k < c->mqls && updated < bs_mql_date(world, c, k)) updated = bs_mql_date(world, c, k);
    size_t length = write_properties(properties, world, c, k, &person, company_name, &b, created, updated);
    sg_set_i32(e, ID, bs_hubspot_id(world, BS_HUBSPOT_CONTACTS, row));
    sg_set_i32(e, COMPANY_ID, bs_hubspot_id(world, BS_HUBSPOT_COMPANIES, c->number));
    sg_set_null(e, USER_ID);
    if (person.user) sg_set_i32(e, USER_ID, (int32_t)(c->account.user_first + k + 1));
    sg_set_text(e, EMAIL, person.email, strlen(person.email));
    sg_set_text(e, PROPERTIES, properties, length);
    sg_set_i64(e, CREATED_AT, created);
    sg_set_i64(e, UPDATED_AT, updated);
    sg_set_bool(e, ARCHIVED, !person.user && k >= c->mqls && sg_chance(b.w[1], ARCHIVED_PER_MILLION));
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
        for (uint32_t k = 0; k < c.contacts; k++) {
            size_t room;
            SG_TRY(sg_emitter_room(e, &room, err));
            set_row(e, world, &c, k, name);
            sg_emitter_advance(e, 1);
        }
    }
    return SG_OK;
}

static const struct sg_foreign_key foreign_keys[] = {
    {.column = "company_id", .parent = "hubspot_companies", .parent_column = "id", .on_delete = SG_CASCADE},
    {.column = "user_id", .parent = "users", .parent_column = "id", .on_delete = SG_SET_NULL},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_LE, .name = "contact_created_before_update", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "contact_updated_in_history", .a = "updated_at"},
    {.kind = SG_RULE_UNIQUE, .name = "contact_email_unique", .a = "email"},
    {.kind = SG_RULE_UNIQUE, .name = "contact_one_per_user", .a = "user_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "contact_after_company",
     .a = "created_at",
     .b = "created_at",
     .via = "company_id"},
};

static const struct sg_index indexes[] = {
    {.name = "hubspot_contacts_company", .columns = "company_id"},
    {.name = "hubspot_contacts_user", .columns = "user_id", .unique = true},
    {.name = "hubspot_contacts_email", .columns = "email", .unique = true},
};

const struct bs_table_logic bs_table_hubspot_contacts = {
    .declaration = {.name = "hubspot_contacts",
                    .domain = BS_COMPANY,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 530,
                    .text_bytes_max = PROPERTIES_BYTES + BS_EMAIL_BYTES,
                    .note = "HubSpot contacts: at least one per company, four in the mean"},
    .rows_before = bs_contacts_before,
    .generate = generate,
};
