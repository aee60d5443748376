/* users: the people of each account who may log in. */
#include <string.h>

#include "datasets/barsaas/core.h"
#include "datasets/barsaas/labels.h"
#include "datasets/barsaas/tables.h"

enum column {
    ID,
    ACCOUNT_ID,
    EMAIL,
    NAME,
    ROLE,
    PERMISSIONS,
    CREATED_AT,
    UPDATED_AT,
    LAST_LOGIN_AT,
    IS_ACTIVE,
    COLUMN_COUNT
};

static const char *const permissions[BS_ROLE_COUNT] = {
    [BS_ADMIN] = "{\"dashboard\": [\"view\", \"edit\"], \"reports\": [\"view\", \"export\"], \"devices\": "
                 "[\"view\", \"edit\", \"calibrate\"], \"inventory\": [\"view\", \"edit\"], \"users\": "
                 "[\"view\", \"edit\"], \"billing\": [\"view\", \"edit\"]}",
    [BS_MANAGER] = ("{\"dashboard\": [\"view\", \"edit\"], \"reports\": [\"view\", \"export\"], \"devices\": "
                    "[\"view\", \"calibrate\"], \"inventory\": [\"view\", \"edit\"], \"users\": [\"view\"]}"),
    [BS_STAFF] = "{\"dashboard\": [\"view\"], \"devices\": [\"view\"], \"inventory\": [\"view\"]}",
};
enum { PERMISSIONS_BYTES = 256 };

static const struct sg_column columns[COLUMN_COUNT] = {
    [ID] = {.name = "id", .type = SG_I32, .origin = {0, 0, "key"}, .note = "Dense from 1, by account."},
    [ACCOUNT_ID] = {.name = "account_id",
                    .type = SG_I32,
                    .origin = {0, 0, "the account's number"},
                    .note = "The account."},
    [EMAIL] = {.name = "email",
               .type = SG_TEXT,
               .length_max = 128,
               .origin = {0, 0, "name by the company's pattern, at its domain"},
               .note = "Address, unique."},
    [NAME] = {.name = "name",
              .type = SG_TEXT,
              .length_max = 100,
              .origin = {BS_STREAM_NAME, 0, "census frequency; family name from word 1"},
              .note = "Given and family name, separated by one space."},
    [ROLE] = {.name = "role",
              .type = SG_ENUM,
              .labels = &bs_role_labels,
              .origin = {0, 0,
                         "quota 10/30/60; Admins over accounts, the others over a permutation of users"},
              .note = "Role; at most one Admin per account."},
    [PERMISSIONS] = {.name = "permissions",
                     .type = SG_TEXT,
                     .json = true,
                     .origin = {0, 0, "by role"},
                     .note = "What the role may do, per area of the application."},
    [CREATED_AT] = {.name = "created_at",
                    .type = SG_TIMESTAMP,
                    .origin = {BS_STREAM_PERSON, 0, "55 % in the account's first 30 days, else uniform"},
                    .note = "Invitation accepted."},
    [UPDATED_AT] = {.name = "updated_at",
                    .type = SG_TIMESTAMP,
                    .origin = {BS_STREAM_PERSON, 2, "uniform between creation and the last login"},
                    .note = "Last change of the record; the departure for those who left."},
    [LAST_LOGIN_AT] = {.name = "last_login_at",
                       .type = SG_TIMESTAMP,
                       .origin = {BS_STREAM_LOGIN, 3, "exponential before the end, by role and engagement"},
                       .note = "Start of the latest session."},
    [IS_ACTIVE] = {.name = "is_active",
                   .type = SG_BOOL,
                   .origin = {BS_STREAM_LOGIN, 0, "9 % left, first users never; lost accounts have none"},
                   .note = "False for people who left and for lost accounts."},
};

static const struct sg_foreign_key foreign_keys[] = {{"account_id", "accounts", "id", SG_CASCADE}};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "user_ids_dense", .a = "id"},
    {.kind = SG_RULE_UNIQUE, .name = "user_emails_unique", .a = "email"},
    {.kind = SG_RULE_COUNT_EQ, .name = "user_count_of_account", .b = "user_count", .via = "account_id"},
    {.kind = SG_RULE_LE, .name = "user_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_LE, .name = "user_created_before_login", .a = "created_at", .b = "last_login_at"},
    {.kind = SG_RULE_PAST, .name = "user_updated_in_past", .a = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "user_login_in_past", .a = "last_login_at"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "user_not_before_account",
     .a = "created_at",
     .b = "created_at",
     .via = "account_id"},
    {.kind = SG_RULE_PARENT_LE,
     .name = "user_login_not_after_account",
     .a = "last_login_at",
     .b = "ended_at",
     .via = "account_id"},
};

static const struct sg_index indexes[] = {{"users_account", "account_id", false, false}};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return bs_children_before(world, unit, BS_AT_USERS);
}

static void fill(const struct sg_world *world, const struct bs_account *a, unsigned k, struct sg_emitter *e) {
    struct bs_user user;
    char text[BS_EMAIL_BYTES];
    bs_user_get(world, a, k, &user);
    uint32_t word = sg_draw(&world->core->users, user.number, BS_STREAM_PERSON, 0).w[2];
    int64_t used = (int64_t)((uint64_t)(user.last_login - user.created) * word >> 32);
    sg_set_i32(e, ID, (int32_t)(user.number + 1));
    sg_set_i32(e, ACCOUNT_ID, (int32_t)(a->number + 1));
    sg_set_text(e, EMAIL, text, bs_user_email(world, a, user.number, text));
    sg_set_text(e, NAME, text, bs_user_name(world, user.number, text));
    sg_set_enum(e, ROLE, user.role);
    sg_set_text(e, PERMISSIONS, permissions[user.role], strlen(permissions[user.role]));
    sg_set_i64(e, CREATED_AT, user.created);
    sg_set_i64(e, UPDATED_AT, user.active ? user.created + used : user.end);
    sg_set_i64(e, LAST_LOGIN_AT, user.last_login);
    sg_set_bool(e, IS_ACTIVE, user.active);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct bs_account account;
    size_t room;
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        bs_account_get(world, unit, &account);
        for (unsigned k = 0; k < account.user_count; k++) {
            SG_TRY(sg_emitter_room(e, &room, err));
            fill(world, &account, k, e);
            sg_emitter_advance(e, 1);
        }
    }
    return SG_OK;
}

const struct bs_table_logic bs_table_users = {
    .declaration = {.name = "users",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = COLUMN_COUNT,
                    .key = {"id"},
                    .foreign_keys = foreign_keys,
                    .foreign_key_count = 1,
                    SG_ARRAY(rules, rule_count, rules),
                    .indexes = indexes,
                    .index_count = 1,
                    .row_text_bytes = 260,
                    .text_bytes_max = BS_EMAIL_BYTES + BS_NAME_BYTES + PERMISSIONS_BYTES,
                    .note = "People with a login, by account."},
    .rows_before = rows_before,
    .generate = generate,
};
