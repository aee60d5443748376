/* Table hubspot_owners: our own people who sell and support. */
#include <ctype.h>
#include <stdio.h>

#include "datasets/barsaas/crm.h"
#include "datasets/barsaas/tables.h"
#include "reference/reference.h"

enum column { ID, EMAIL, FIRST_NAME, LAST_NAME, TEAM, USER_ID, CREATED_AT, UPDATED_AT, ARCHIVED, COLUMNS };

static const char *const team_names[] = {"sales", "support"};
static const struct sg_enum teams = {"owner_team", team_names, 2};

static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id",
            .type = SG_I32,
            .origin = {255, 0, "key: rises with the row"},
            .note = "HubSpot owner id"},
    [EMAIL] = {.name = "email",
               .type = SG_TEXT,
               .length_max = 255,
               .origin = {0, 0, "first.last and the row at our domain"},
               .note = "Work address, unique"},
    [FIRST_NAME] = {.name = "first_name",
                    .type = SG_TEXT,
                    .length_max = 100,
                    .origin = {2, 0, "census frequency"},
                    .note = "First name"},
    [LAST_NAME] = {.name = "last_name",
                   .type = SG_TEXT,
                   .length_max = 100,
                   .origin = {2, 1, "census frequency"},
                   .note = "Last name"},
    [TEAM] = {.name = "team",
              .type = SG_ENUM,
              .labels = &teams,
              .origin = {0, 0, "every fourth supports"},
              .note = "Whether the person sells or supports"},
    [USER_ID] = {.name = "user_id",
                 .type = SG_I32,
                 .origin = {2, 2, "rises with the row"},
                 .note = "HubSpot user id"},
    [CREATED_AT] = {.name = "created_at",
                    .type = SG_TIMESTAMP,
                    .origin = {0, 0, "40 % before history, the rest with the growth of business"},
                    .note = "When the person joined"},
    [UPDATED_AT] = {.name = "updated_at",
                    .type = SG_TIMESTAMP,
                    .origin = {2, 3, "leaving, or any time since joining"},
                    .note = "Last change"},
    [ARCHIVED] = {.name = "archived",
                  .type = SG_BOOL,
                  .origin = {1, 0, "15 % leave after 300 to 1500 days"},
                  .note = "True for people who left; nothing is theirs after updated_at"},
};

static void set_email(struct sg_emitter *e, const char *first, const char *last, uint64_t row) {
    char text[128];
    int length = snprintf(text, sizeof text, "%.40s.%.40s%llu@barsaas.example", first, last,
                          (unsigned long long)row + 1);
    for (int i = 0; i < length; i++)
        text[i] = text[i] == ' ' || text[i] == '\'' ? '-' : (char)tolower((unsigned char)text[i]);
    sg_set_text(e, EMAIL, text, (size_t)length);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_OWNERS);
    for (uint64_t row = 0; unit_first < unit_end && row < world->crm->owner_count; row++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        const struct bs_owner *owner = &world->crm->owners[row];
        struct sg_block b = sg_draw(&source, row, 2, 0);
        const char *first = sg_first_name(b.w[0]), *last = sg_last_name(b.w[1]);
        bool left = owner->left != INT64_MAX;
        int64_t updated = owner->created + (int64_t)sg_muldiv((uint64_t)(world->as_of - owner->created),
                                                              b.w[3], (uint64_t)1 << 32);
        sg_set_i32(e, ID, bs_hubspot_id(world, BS_HUBSPOT_OWNERS, row));
        set_email(e, first, last, row);
        sg_set_textf(e, FIRST_NAME, "%s", first);
        sg_set_textf(e, LAST_NAME, "%s", last);
        sg_set_enum(e, TEAM, owner->support);
        sg_set_i32(e, USER_ID, (int32_t)(4100000 + row * 211 + sg_below(b.w[2], 211)));
        sg_set_i64(e, CREATED_AT, owner->created);
        sg_set_i64(e, UPDATED_AT, left ? owner->left : updated);
        sg_set_bool(e, ARCHIVED, left);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return BS_SINGLE_ROWS_BEFORE(world, unit, BS_HUBSPOT_OWNERS);
}

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_PAST, .name = "owner_updated_in_history", .a = "updated_at"},
    {.kind = SG_RULE_LE, .name = "owner_created_before_update", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_UNIQUE, .name = "owner_email_unique", .a = "email"},
};

const struct bs_table_logic bs_table_hubspot_owners = {
    .declaration = {.name = "hubspot_owners",
                    .domain = BS_SINGLE,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(rules, rule_count, rules),
                    .row_text_bytes = 120,
                    .text_bytes_max = 256,
                    .note = "HubSpot owners: one per 100 companies, at least 50"},
    .rows_before = rows_before,
    .generate = generate,
};
