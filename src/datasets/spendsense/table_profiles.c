/* profiles: one row a user. The key is the user's Cognito sub where the run was given one. */
#include "datasets/spendsense/spendsense.h"

enum column { USER_ID, EMAIL, ROLE, CREATED_AT, UPDATED_AT, COLUMN_COUNT };

static const struct sg_column columns[COLUMN_COUNT] = {
    [USER_ID] = {.name = "user_id",
                 .type = SG_UUID,
                 .origin = {SS_STREAM_ID, 0, "Cognito sub where given, else ascending key with noise"},
                 .note = "The user's sub in the Cognito user pool."},
    [EMAIL] = {.name = "email",
               .type = SG_TEXT,
               .length_max = 255,
               .origin = {SS_STREAM_PERSON, 0, "draw 1: names by census frequency, with the user's number"},
               .note = "Address, unique; generated ones lie in domains reserved for examples."},
    [ROLE] = {.name = "role",
              .type = SG_ENUM,
              .length_max = 20,
              .labels = &ss_role_labels,
              .origin = {0, 0, "consumer"},
              .note = "What the person may do in the application."},
    [CREATED_AT] = {.name = "created_at",
                    .type = SG_TIMESTAMP,
                    .default_sql = "now()",
                    .origin = {SS_STREAM_PERSON, 0, "uniform, 120 to 840 days before the run's date"},
                    .note = "Sign-up."},
    [UPDATED_AT] = {.name = "updated_at",
                    .type = SG_TIMESTAMP,
                    .default_sql = "now()",
                    .origin = {SS_STREAM_PERSON, 1, "uniform since sign-up"},
                    .note = "Last change of the profile."},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_UNIQUE, .name = "profile_user_ids_unique", .a = "user_id"},
    {.kind = SG_RULE_UNIQUE, .name = "profile_emails_unique", .a = "email"},
    {.kind = SG_RULE_SHAPE,
     .name = "profile_email_is_for_examples",
     .a = "email",
     .b = "[a-z.]+[0-9]*@(demo\\.com|example\\.(com|net|org))"},
    {.kind = SG_RULE_IN, .name = "profile_is_consumers", .a = "role", .b = "consumer"},
    {.kind = SG_RULE_WINDOW,
     .name = "profile_signed_up_in_its_days",
     .a = "created_at",
     .b = "days",
     .low = SS_SIGNED_UP_DAYS_MIN,
     .high = SS_SIGNED_UP_DAYS_MAX},
    {.kind = SG_RULE_LE, .name = "profile_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "profile_updated_in_past", .a = "updated_at"},
};

static const struct sg_index indexes[] = {{"profiles_email_key", "email", true, false}};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    (void)world;
    return unit;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct ss_user user;
    char email[SS_EMAIL_BYTES];
    size_t room;
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        SG_TRY(sg_emitter_room(e, &room, err));
        ss_user_get(world, unit, &user);
        struct sg_key128 id = ss_user_id(world, unit);
        sg_set_uuid(e, USER_ID, id.high, id.low);
        sg_set_text(e, EMAIL, email, ss_user_email(world, unit, email));
        sg_set_enum(e, ROLE, 0);
        sg_set_i64(e, CREATED_AT, user.created);
        sg_set_i64(e, UPDATED_AT, user.updated);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

const struct ss_table_logic ss_table_profiles = {
    .declaration = {.name = "profiles",
                    .domain = 0,
                    .columns = columns,
                    .column_count = COLUMN_COUNT,
                    .key = {"user_id"},
                    .key_external = true,
                    SG_ARRAY(rules, rule_count, rules),
                    .indexes = indexes,
                    .index_count = 1,
                    .row_text_bytes = 122,
                    .text_bytes_max = SS_EMAIL_BYTES,
                    .note = "Users of the application."},
    .rows_before = rows_before,
    .generate = generate,
};
