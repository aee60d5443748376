/* providers: the professionals, where they work and how often they were booked. */
#include "datasets/homeservices/tables.h"
#include "datasets/homeservices/text.h"

enum {
    ID,
    FIRST_NAME,
    LAST_NAME,
    MOBILE,
    EMAIL,
    HOME_STATE,
    PINCODES,
    RATING,
    BOOKINGS,
    ACTIVE,
    VERIFIED,
    CREATED,
    UPDATED,
    COLUMNS
};
enum { PINCODES_BYTES = HS_SERVICE_PINS_MAX * 10 + 2, NO_EMAIL_PER_MILLION = 150000 };
/* The seed's range; the rows make at most a tenth of it, at any size. */
enum { BOOKINGS_MAX = 500 };
enum { RATING_MEAN = 424, RATING_DEVIATION = 34, RATING_LOW = 350, RATING_HIGH = 500 };

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_I64, .origin = {0, 0, "key"}, .note = "Dense from 1."},
    [FIRST_NAME] = {.name = "first_name", .type = SG_TEXT, .length_max = 100, .origin = {HS_STREAM_NAME, 0, "uniform among names of the region"}, .note = "Given name."},
    [LAST_NAME] = {.name = "last_name", .type = SG_TEXT, .length_max = 100, .origin = {HS_STREAM_NAME, 1, "uniform among names of the region"}, .note = "Family name."},
    [MOBILE] = {.name = "mobile", .type = SG_TEXT, .length_max = 15, .origin = {0, 0, "permutation of all Indian mobile numbers"}, .note = "+91 and ten digits, unique, also among users."},
    [EMAIL] = {.name = "email", .type = SG_TEXT, .length_max = 255, .nullable = true, .origin = {HS_STREAM_MORE, 1, "15 % have none; else from the name"}, .note = "Address."},
    [HOME_STATE] = {.name = "home_state", .type = SG_TEXT, .length_max = 100, .origin = {0, 0, "by city weight over a permutation"}, .note = "State of registration: decides between SGST + CGST and IGST."},
    [PINCODES] = {.name = "service_pincodes", .type = SG_TEXT, .json = true, .sql_json = true, .origin = {HS_STREAM_PLACE, 0, "the three of the zone, one in ten also three across the border, and up to seven more of the city"}, .note = "3 to 10 PIN codes."},
    [RATING] = {.name = "avg_rating", .type = SG_DECIMAL, .precision = 3, .scale = 2, .origin = {HS_STREAM_MORE, 0, "normal 4.24, deviation 0.34, within 3.50 to 5.00"}, .note = "Stars."},
    [BOOKINGS] = {.name = "total_bookings", .type = SG_I32, .origin = {0, 0, "counted: items dealt to the provider"}, .note = "Booked services, of any status."},
    [ACTIVE] = {.name = "is_active", .type = SG_BOOL, .origin = {0, 0, "quota 107 of 120 over a permutation"}, .note = "Takes bookings."},
    [VERIFIED] = {.name = "is_verified", .type = SG_BOOL, .origin = {0, 0, "quota 98 of 120 over a permutation"}, .note = "Papers checked."},
    [CREATED] = {.name = "created_at", .type = SG_TIMESTAMP, .origin = {HS_STREAM_TIMES, 0, "uniform over the year before the first customer"}, .note = "Registered."},
    [UPDATED] = {.name = "updated_at", .type = SG_TIMESTAMP, .origin = {HS_STREAM_TIMES, 2, "uniform since creation"}, .note = "Last change."},
};
/* clang-format on */

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "provider_ids_dense", .a = "id"},
    {.kind = SG_RULE_UNIQUE, .name = "provider_mobile_unique", .a = "mobile"},
    {.kind = SG_RULE_RANGE,
     .name = "provider_rating_range",
     .a = "avg_rating",
     .low = RATING_LOW,
     .high = RATING_HIGH},
    {.kind = SG_RULE_RANGE,
     .name = "provider_bookings_range",
     .a = "total_bookings",
     .low = 0,
     .high = BOOKINGS_MAX},
    {.kind = SG_RULE_LE, .name = "provider_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "provider_updated_in_past", .a = "updated_at"},
    /* clang-format off */
    HS_SHAPE("provider_mobile_shape", "mobile", HS_MOBILE_SHAPE),
    HS_SHAPE("provider_email_shape", "email", HS_EMAIL_SHAPE "crew\\.example"),
    HS_SHAPE("provider_serves_three_to_ten", "service_pincodes", "\\[\"" HS_PIN_SHAPE "\"(, \"" HS_PIN_SHAPE "\"){2,9}\\]"),
    /* clang-format on */
};

static const struct sg_index indexes[] = {
    {"providers_mobile", "mobile", true, false},
    {"providers_home_state", "home_state", false, false},
    {"providers_active_verified", "is_active, is_verified", false, false},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    (void)world;
    return unit;
}

static void set_person(const struct sg_world *world, const struct hs_provider *provider,
                       struct sg_emitter *e) {
    struct sg_block w = sg_draw(&world->sources[HS_PROVIDERS], provider->number, HS_STREAM_MORE, 0);
    struct hs_person person = hs_provider_person(world, provider->number);
    char text[HS_EMAIL_BYTES], mobile[HS_MOBILE_BYTES];
    sg_set_text(e, FIRST_NAME, person.first, strlen(person.first));
    sg_set_text(e, LAST_NAME, person.last, strlen(person.last));
    sg_set_text(e, MOBILE, mobile, hs_mobile(world, world->rows[HS_USERS] + provider->number, mobile));
    sg_set_i64(e, RATING,
               sg_scaled(RATING_MEAN, RATING_DEVIATION, sg_normal(w.w[0]), RATING_LOW, RATING_HIGH));
    if (sg_chance(w.w[1], NO_EMAIL_PER_MILLION)) {
        sg_set_null(e, EMAIL);
        return;
    }
    char *at = hs_append_slug(text, person.first, 0);
    *at++ = '.';
    at = hs_append_number(hs_append_slug(at, person.last, 0), sg_below(w.w[2], 1000));
    sg_set_text(e, EMAIL, text, (size_t)(hs_append(at, "@crew.example") - text));
}

static void set_pins(const struct sg_world *world, const struct hs_provider *provider, struct sg_emitter *e) {
    const char *pins[HS_SERVICE_PINS_MAX];
    unsigned count = hs_provider_pins(world, provider, pins);
    char text[PINCODES_BYTES], *at = text;
    for (unsigned i = 0; i < count; i++)
        at = hs_append(hs_append(hs_append(at, i ? ", \"" : "[\""), pins[i]), "\"");
    *at++ = ']';
    sg_set_text(e, PINCODES, text, (size_t)(at - text));
}

static void fill(const struct sg_world *world, uint64_t number, struct sg_emitter *e) {
    struct hs_provider provider;
    hs_provider_get(world, number, &provider);
    const char *state = world->reference->cities[provider.city].state;
    uint32_t word = sg_draw(&world->sources[HS_PROVIDERS], number, HS_STREAM_TIMES, 0).w[2];
    sg_set_i64(e, ID, (int64_t)number + 1);
    set_person(world, &provider, e);
    sg_set_text(e, HOME_STATE, state, strlen(state));
    set_pins(world, &provider, e);
    sg_set_i32(e, BOOKINGS, (int32_t)provider.items);
    sg_set_bool(e, ACTIVE, provider.active);
    sg_set_bool(e, VERIFIED, provider.verified);
    sg_set_i64(e, CREATED, provider.created);
    sg_set_i64(e, UPDATED,
               provider.created + (int64_t)((uint64_t)(world->as_of - provider.created) * word >> 32));
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    size_t room;
    for (uint64_t number = unit_first; number < unit_end; number++) {
        SG_TRY(sg_emitter_room(e, &room, err));
        fill(world, number, e);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

const struct hs_table_logic hs_table_providers = {
    .declaration = {.name = "providers",
                    .domain = HS_PROVIDER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 220,
                    .text_bytes_max = 3 * HS_NAME_BYTES + HS_MOBILE_BYTES + HS_EMAIL_BYTES + PINCODES_BYTES,
                    .note = "Professionals who do the work."},
    .rows_before = rows_before,
    .generate = generate,
};
