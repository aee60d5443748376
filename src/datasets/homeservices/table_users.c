/* users: the operations staff, then the customers in order of sign-up. */
#include "base/calendar.h"
#include "datasets/homeservices/tables.h"
#include "datasets/homeservices/text.h"

enum {
    ID,
    MOBILE,
    EMAIL,
    FIRST_NAME,
    LAST_NAME,
    WALLET,
    REFERRAL,
    REFERRED_BY,
    ACTIVE,
    CREATED,
    UPDATED,
    COLUMNS
};

enum {
    REFERRED_PER_MILLION = 300000,
    NO_EMAIL_PER_MILLION = 60000,
    WALLET_MAX_PAISE = 500000,
    EMPTY_PERCENT = 22
};
enum { STAFF_FROM_DAYS = 1460, STAFF_DAYS = 360, REFERRAL_BYTES = 20 };

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_I64, .origin = {0, 0, "key"}, .note = "Staff first, then customers by sign-up."},
    [MOBILE] = {.name = "mobile", .type = SG_TEXT, .length_max = 15, .origin = {0, 0, "permutation of all Indian mobile numbers"}, .note = "+91 and ten digits, unique."},
    [EMAIL] = {.name = "email", .type = SG_TEXT, .length_max = 255, .nullable = true, .origin = {HS_STREAM_MORE, 0, "6 % of customers have none; else from the name"}, .note = "ops<i>@... for staff."},
    [FIRST_NAME] = {.name = "first_name", .type = SG_TEXT, .length_max = 100, .origin = {HS_STREAM_NAME, 0, "uniform among names of the region"}, .note = "Given name."},
    [LAST_NAME] = {.name = "last_name", .type = SG_TEXT, .length_max = 100, .origin = {HS_STREAM_NAME, 1, "uniform among names of the region"}, .note = "Family name."},
    [WALLET] = {.name = "wallet_balance", .type = SG_DECIMAL, .precision = 10, .scale = 2, .origin = {HS_STREAM_ACCOUNT, 1, "22 % empty, else quadratic up to 5,000"}, .note = "Rupees."},
    [REFERRAL] = {.name = "referral_code", .type = SG_TEXT, .length_max = 20, .nullable = true, .origin = {0, 0, "permutation of all codes"}, .note = "Of customers, unique."},
    [REFERRED_BY] = {.name = "referred_by", .type = SG_I64, .nullable = true, .origin = {HS_STREAM_MORE, 2, "quota 30 % over a permutation, uniform among earlier customers"}, .note = "The customer who brought this one."},
    [ACTIVE] = {.name = "is_active", .type = SG_BOOL, .origin = {0, 0, "quota 95 % of customers over a permutation; all staff"}, .note = "May log in."},
    [CREATED] = {.name = "created_at", .type = SG_TIMESTAMP, .origin = {HS_STREAM_ACCOUNT, 0, "sign-ups grow linearly over three years"}, .note = "Sign-up."},
    [UPDATED] = {.name = "updated_at", .type = SG_TIMESTAMP, .origin = {HS_STREAM_MORE, 1, "uniform since creation"}, .note = "Last change."},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {{"referred_by", "users", "id", SG_SET_NULL}};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "user_ids_dense", .a = "id"},
    {.kind = SG_RULE_UNIQUE, .name = "user_mobile_unique", .a = "mobile"},
    {.kind = SG_RULE_UNIQUE, .name = "user_referral_code_unique", .a = "referral_code"},
    {.kind = SG_RULE_RANGE,
     .name = "user_wallet_range",
     .a = "wallet_balance",
     .low = 0,
     .high = WALLET_MAX_PAISE},
    {.kind = SG_RULE_LT, .name = "user_referred_by_earlier", .a = "referred_by", .b = "id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "user_not_before_referrer",
     .a = "created_at",
     .b = "created_at",
     .via = "referred_by"},
    {.kind = SG_RULE_LE, .name = "user_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "user_updated_in_past", .a = "updated_at"},
    /* clang-format off */
    HS_SHAPE("user_mobile_shape", "mobile", HS_MOBILE_SHAPE),
    HS_SHAPE("user_email_shape", "email", "ops[0-9]+@homeservices\\.example|" HS_EMAIL_SHAPE "(mail|post|inbox)\\.example"),
    HS_SHAPE("user_referral_code_shape", "referral_code", "HS[0-9A-HJKMNP-TV-Z]{6}"),
    /* clang-format on */
};

static const struct sg_index indexes[] = {
    {"users_mobile", "mobile", true, false},
    {"users_referral_code", "referral_code", true, false},
    {"users_referred_by", "referred_by", false, false},
    {"users_email", "email", false, false},
    {"users_is_active", "is_active", false, false},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    (void)world;
    return unit;
}

static size_t write_email(const struct sg_world *world, uint64_t user, struct hs_person person,
                          char out[HS_EMAIL_BYTES]) {
    static const char *const domains[3] = {"@mail.example", "@post.example", "@inbox.example"};
    struct sg_block w = sg_draw(&world->sources[HS_USERS], user, HS_STREAM_MORE, 0);
    char *at = hs_append_slug(out, person.first, 0);
    *at++ = '.';
    at = hs_append_slug(at, person.last, 0);
    at = hs_append_number(at, sg_below(w.w[2], 1000));
    return (size_t)(hs_append(at, domains[w.w[3] % 3]) - out);
}

/* HS and six characters that are hard to confuse. */
static size_t write_referral(const struct sg_world *world, uint64_t customer, char out[REFERRAL_BYTES]) {
    static const char signs[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint64_t code = sg_permute(&world->referral, customer);
    char *at = hs_append(out, "HS");
    for (int i = 0; i < 6; i++, code /= 32)
        *at++ = signs[code % 32];
    return (size_t)(at - out);
}

static void fill_staff(const struct sg_world *world, uint64_t user, struct sg_emitter *e) {
    char email[HS_EMAIL_BYTES];
    char *at = hs_append_number(hs_append(email, "ops"), user + 1);
    at = hs_append(at, "@homeservices.example");
    sg_set_text(e, EMAIL, email, (size_t)(at - email));
    sg_set_i64(e, WALLET, 0);
    sg_set_null(e, REFERRAL);
    sg_set_null(e, REFERRED_BY);
    sg_set_bool(e, ACTIVE, true);
    struct sg_block w = sg_draw(&world->sources[HS_USERS], user, HS_STREAM_ACCOUNT, 0);
    int32_t day = world->run.as_of_day - STAFF_FROM_DAYS + (int32_t)sg_below(w.w[0], STAFF_DAYS);
    sg_set_i64(e, CREATED, hs_instant_on(day, w.w[1]));
}

static int64_t wallet_paise(uint32_t word) {
    uint32_t percent = sg_below(word, 100);
    uint64_t u = sg_below(word * 2654435761u, 65536);
    return percent < EMPTY_PERCENT ? 0 : (int64_t)(u * u * WALLET_MAX_PAISE >> 32);
}

static void fill_customer(const struct sg_world *world, uint64_t user, struct hs_person person,
                          struct sg_emitter *e) {
    char text[HS_EMAIL_BYTES];
    uint64_t customer = user - world->ops;
    struct sg_block w = sg_draw(&world->sources[HS_USERS], user, HS_STREAM_ACCOUNT, 0);
    struct sg_block more = sg_draw(&world->sources[HS_USERS], user, HS_STREAM_MORE, 0);
    if (sg_chance(more.w[0], NO_EMAIL_PER_MILLION))
        sg_set_null(e, EMAIL);
    else
        sg_set_text(e, EMAIL, text, write_email(world, user, person, text));
    sg_set_i64(e, WALLET, wallet_paise(w.w[1]));
    sg_set_text(e, REFERRAL, text, write_referral(world, customer, text));
    if (customer && sg_permute(&world->referred_mix, customer - 1) < world->referred)
        sg_set_i64(e, REFERRED_BY, (int64_t)(world->ops + 1 + sg_below64(more.w[2], more.w[3], customer)));
    else
        sg_set_null(e, REFERRED_BY);
    sg_set_bool(e, ACTIVE, hs_quota_at(&world->active, customer));
    sg_set_i64(e, CREATED, hs_customer_created(world, customer));
}

static void fill(const struct sg_world *world, uint64_t user, struct sg_emitter *e) {
    char mobile[HS_MOBILE_BYTES];
    struct hs_person person = hs_user_person(world, user);
    sg_set_i64(e, ID, (int64_t)user + 1);
    sg_set_text(e, MOBILE, mobile, hs_mobile(world, user, mobile));
    sg_set_text(e, FIRST_NAME, person.first, strlen(person.first));
    sg_set_text(e, LAST_NAME, person.last, strlen(person.last));
    if (user < world->ops)
        fill_staff(world, user, e);
    else
        fill_customer(world, user, person, e);
    int64_t created = SG_CELL(e, int64_t, CREATED);
    uint32_t word = sg_draw(&world->sources[HS_USERS], user, HS_STREAM_MORE, 0).w[1];
    sg_set_i64(e, UPDATED, created + (int64_t)((uint64_t)(world->as_of - created) * word >> 32));
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    size_t room;
    for (uint64_t user = unit_first; user < unit_end; user++) {
        SG_TRY(sg_emitter_room(e, &room, err));
        fill(world, user, e);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

const struct hs_table_logic hs_table_users = {
    .declaration = {.name = "users",
                    .domain = HS_USER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 150,
                    .text_bytes_max = HS_MOBILE_BYTES + HS_EMAIL_BYTES + 2 * HS_NAME_BYTES + REFERRAL_BYTES,
                    .note = "Operations staff and customers."},
    .rows_before = rows_before,
    .generate = generate,
};
