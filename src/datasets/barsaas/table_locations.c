/* locations: the places of each account. */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "datasets/barsaas/core.h"
#include "datasets/barsaas/labels.h"
#include "datasets/barsaas/tables.h"
#include "reference/reference.h"

enum column {
    ID,
    ACCOUNT_ID,
    NAME,
    TYPE,
    ADDRESS,
    CITY,
    STATE,
    ZIP,
    COUNTRY,
    TIME_ZONE,
    LATITUDE,
    LONGITUDE,
    CAPACITY,
    SIZE,
    DEVICES,
    CREATED_AT,
    UPDATED_AT,
    IS_ACTIVE,
    COLUMN_COUNT
};

static const char *const country_names[] = {"US"};
static const struct sg_enum countries = {"country", country_names, 1};
static const char *const size_names[] = {"small", "medium", "large", "enterprise"};
static const struct sg_enum sizes = {"location_size", size_names, 4};

enum { NAME_BYTES = 160, ADDRESS_BYTES = 80, CITY_BYTES = 60, ZIP_BYTES = 10, SPREAD_E6 = 45000 };

static const struct sg_column columns[COLUMN_COUNT] = {
    [ID] = {.name = "id", .type = SG_I32, .origin = {0, 0, "key"}, .note = "Dense from 1, by account."},
    [ACCOUNT_ID] = {.name = "account_id",
                    .type = SG_I32,
                    .origin = {0, 0, "the account's number"},
                    .note = "The account."},
    [NAME] = {.name = "name",
              .type = SG_TEXT,
              .length_max = 160,
              .origin = {0, 0, "the company's name, with the street where there are several"},
              .note = "Name on the door."},
    [TYPE] = {.name = "location_type",
              .type = SG_ENUM,
              .labels = &bs_location_type_labels,
              .origin = {0, 0, "quota 40/40/20; Main over accounts, the others over a permutation"},
              .note = "Main, Branch or Franchise; at most one Main per account."},
    [ADDRESS] = {.name = "address",
                 .type = SG_TEXT,
                 .length_max = 80,
                 .origin = {BS_STREAM_OF_ADDRESS, 0, "street uniform; house number from word 1"},
                 .note = "House number and street."},
    [CITY] = {.name = "city",
              .type = SG_TEXT,
              .length_max = 60,
              .origin = {BS_STREAM_OF_LOCATION, 0,
                         "by size; 55 % of further locations in the first one's city"},
              .note = "City."},
    [STATE] = {.name = "state",
               .type = SG_TEXT,
               .length_max = 2,
               .origin = {0, 0, "the city's"},
               .note = "USPS code of the state."},
    [ZIP] = {.name = "zip_code",
             .type = SG_TEXT,
             .length_max = 5,
             .origin = {0, 0, "the city's"},
             .note = "ZIP code."},
    [COUNTRY] = {.name = "country",
                 .type = SG_ENUM,
                 .labels = &countries,
                 .origin = {0, 0, "constant"},
                 .note = "ISO code of the country."},
    [TIME_ZONE] = {.name = "time_zone",
                   .type = SG_ENUM,
                   .labels = &bs_zone_labels,
                   .origin = {0, 0, "the city's"},
                   .note = "IANA time zone; taps follow its local time."},
    [LATITUDE] = {.name = "latitude",
                  .type = SG_DECIMAL,
                  .precision = 9,
                  .scale = 6,
                  .origin = {BS_STREAM_OF_ADDRESS, 2, "the ZIP code's +-0.045 degrees"},
                  .note = "Degrees north."},
    [LONGITUDE] = {.name = "longitude",
                   .type = SG_DECIMAL,
                   .precision = 9,
                   .scale = 6,
                   .origin = {BS_STREAM_OF_ADDRESS, 3, "the ZIP code's +-0.045 degrees"},
                   .note = "Degrees east."},
    [CAPACITY] = {.name = "capacity",
                  .type = SG_I16,
                  .origin = {BS_STREAM_OF_LOCATION, 3, "by industry and devices, uniform +-35 %"},
                  .note = "Guests it can hold."},
    [SIZE] = {.name = "size",
              .type = SG_ENUM,
              .labels = &sizes,
              .origin = {0, 0, "of the capacity: below 70, 150, 300 guests, above"},
              .note = "Size class of the place."},
    [DEVICES] = {.name = "device_count",
                 .type = SG_I16,
                 .origin = {0, 0, "quota over loosely permuted locations by size of their account"},
                 .note = "Number of devices, 2 to 5."},
    [CREATED_AT] = {.name = "created_at",
                    .type = SG_TIMESTAMP,
                    .origin = {BS_STREAM_OF_LOCATION, 2, "with the account, or skewed to its first years"},
                    .note = "Opened on the platform."},
    [UPDATED_AT] = {.name = "updated_at",
                    .type = SG_TIMESTAMP,
                    .origin = {BS_STREAM_OF_UPDATE, 0, "uniform over its life"},
                    .note = "Last change of the record; the loss for lost accounts."},
    [IS_ACTIVE] = {.name = "is_active",
                   .type = SG_BOOL,
                   .origin = {0, 0, "the account's"},
                   .note = "False once the account is lost."},
};

static const struct sg_foreign_key foreign_keys[] = {{"account_id", "accounts", "id", SG_CASCADE}};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "location_ids_dense", .a = "id"},
    {.kind = SG_RULE_COUNT_EQ,
     .name = "location_count_of_account",
     .b = "location_count",
     .via = "account_id"},
    {.kind = SG_RULE_SUM_EQ,
     .name = "location_devices_of_account",
     .a = "device_count",
     .b = "device_count",
     .via = "account_id"},
    {.kind = SG_RULE_RANGE, .name = "location_devices_in_range", .a = "device_count", .low = 2, .high = 5},
    {.kind = SG_RULE_RANGE,
     .name = "location_latitude_in_us",
     .a = "latitude",
     .low = 17000000,
     .high = 72000000},
    {.kind = SG_RULE_RANGE,
     .name = "location_longitude_in_us",
     .a = "longitude",
     .low = -180000000,
     .high = -64000000},
    {.kind = SG_RULE_LE, .name = "location_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "location_updated_in_past", .a = "updated_at"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "location_not_before_account",
     .a = "created_at",
     .b = "created_at",
     .via = "account_id"},
    {.kind = SG_RULE_PARENT_LE,
     .name = "location_not_after_account",
     .a = "updated_at",
     .b = "ended_at",
     .via = "account_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "location_active_with_account",
     .a = "is_active",
     .b = "is_active",
     .via = "account_id"},
};

static const struct sg_index indexes[] = {{"locations_account", "account_id", false, false}};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return bs_children_before(world, unit, BS_AT_LOCATIONS);
}

/* Guests: by the kind of place and the devices it needs. */
static int16_t capacity(const struct bs_account *account, const struct bs_location *location, uint32_t word) {
    static const int32_t per_device[BS_INDUSTRY_COUNT] = {26, 34, 42, 120};
    return (int16_t)(per_device[account->industry] * location->devices * sg_between(word, 65, 135) / 100);
}

static uint16_t size_class(int16_t guests) {
    return guests < 70 ? 0 : guests < 150 ? 1 : guests < 300 ? 2 : 3;
}

static void fill_address(const struct bs_account *a, const struct bs_location *location, const char *company,
                         const struct sg_block *w, struct sg_emitter *e) {
    const struct sg_city *city = &sg_cities[location->city];
    const char *street = sg_street_name(w->w[0]);
    char name[NAME_BYTES], address[ADDRESS_BYTES];
    int length = a->location_count == 1 ? snprintf(name, sizeof name, "%s", company)
                                        : snprintf(name, sizeof name, "%s - %s", company, street);
    sg_set_text(e, NAME, name, (size_t)length);
    length = snprintf(address, sizeof address, "%u %s", 1 + sg_below(w->w[1], 9899), street);
    sg_set_text(e, ADDRESS, address, (size_t)length);
    sg_set_text(e, CITY, city->name, strlen(city->name));
    sg_set_text(e, STATE, city->state, strlen(city->state));
    sg_set_text(e, ZIP, city->zip, strlen(city->zip));
    sg_set_enum(e, COUNTRY, 0);
    sg_set_enum(e, TIME_ZONE, location->zone);
    sg_set_i64(e, LATITUDE, city->latitude_e6 + sg_between(w->w[2], -SPREAD_E6, SPREAD_E6));
    sg_set_i64(e, LONGITUDE, city->longitude_e6 + sg_between(w->w[3], -SPREAD_E6, SPREAD_E6));
}

static void fill(const struct sg_world *world, const struct bs_account *a, unsigned k, const char *company,
                 struct sg_emitter *e) {
    const struct bs_location *location = &a->locations[k];
    uint64_t row = a->location_first + k;
    struct sg_block place = sg_draw(&world->core->locations, row, BS_STREAM_OF_LOCATION, 0);
    struct sg_block address = sg_draw(&world->core->locations, row, BS_STREAM_OF_ADDRESS, 0);
    uint32_t update = sg_draw(&world->core->locations, row, BS_STREAM_OF_UPDATE, 0).w[0];
    int64_t lived = (int64_t)((uint64_t)(a->end - location->created) * update >> 32);
    int16_t guests = capacity(a, location, place.w[3]);
    sg_set_i32(e, ID, (int32_t)(row + 1));
    sg_set_i32(e, ACCOUNT_ID, (int32_t)(a->number + 1));
    sg_set_enum(e, TYPE, location->type);
    fill_address(a, location, company, &address, e);
    sg_set_i16(e, CAPACITY, guests);
    sg_set_enum(e, SIZE, size_class(guests));
    sg_set_i16(e, DEVICES, location->devices);
    sg_set_i64(e, CREATED_AT, location->created);
    sg_set_i64(e, UPDATED_AT, a->lost ? a->end : location->created + lived);
    sg_set_bool(e, IS_ACTIVE, !a->lost);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct bs_account account;
    char company[BS_NAME_BYTES];
    size_t room;
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        bs_account_get(world, unit, &account);
        bs_company_name(world, unit, company);
        for (unsigned k = 0; k < account.location_count; k++) {
            SG_TRY(sg_emitter_room(e, &room, err));
            fill(world, &account, k, company, e);
            sg_emitter_advance(e, 1);
        }
    }
    return SG_OK;
}

const struct bs_table_logic bs_table_locations = {
    .declaration = {.name = "locations",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = COLUMN_COUNT,
                    .key = {"id"},
                    .foreign_keys = foreign_keys,
                    .foreign_key_count = 1,
                    SG_ARRAY(rules, rule_count, rules),
                    .indexes = indexes,
                    .index_count = 1,
                    .row_text_bytes = 200,
                    .text_bytes_max = NAME_BYTES + ADDRESS_BYTES + CITY_BYTES + ZIP_BYTES,
                    .note = "Bars, restaurants, hotels and venues of the accounts."},
    .rows_before = rows_before,
    .generate = generate,
};
