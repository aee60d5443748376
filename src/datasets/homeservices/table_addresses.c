/* addresses: where customers live and work; all of a customer's are in their part of the city. */
#include "datasets/homeservices/tables.h"
#include "datasets/homeservices/text.h"

enum {
    ID,
    USER_ID,
    LINE1,
    LINE2,
    CITY,
    STATE,
    PINCODE,
    CONTACT_NAME,
    CONTACT_MOBILE,
    IS_DEFAULT,
    CREATED,
    UPDATED,
    COLUMNS
};
enum { LINE_BYTES = 128, OWN_CONTACT_PERCENT = 85 };

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_I64, .origin = {0, 0, "key"}, .note = "Dense from 1, by customer."},
    [USER_ID] = {.name = "user_id", .type = SG_I64, .origin = {0, 0, "the customer's number"}, .note = "The customer."},
    [LINE1] = {.name = "address_line1", .type = SG_TEXT, .length_max = 255, .origin = {HS_STREAM_PLACE, 1, "flat, floor and building, uniform"}, .note = "Flat, floor, building."},
    [LINE2] = {.name = "address_line2", .type = SG_TEXT, .length_max = 255, .nullable = true, .origin = {HS_STREAM_PLACE, 3, "street and the PIN code's locality; 10 % without"}, .note = "Street, locality."},
    [CITY] = {.name = "city", .type = SG_TEXT, .length_max = 100, .origin = {0, 0, "in proportion to serviceable providers, over a permutation of customers"}, .note = "One of 20 cities."},
    [STATE] = {.name = "state", .type = SG_TEXT, .length_max = 100, .origin = {0, 0, "the city's"}, .note = "State or union territory."},
    [PINCODE] = {.name = "pincode", .type = SG_TEXT, .length_max = 10, .origin = {HS_STREAM_PLACE, 0, "uniform among the three of the customer's zone"}, .note = "PIN code of the city."},
    [CONTACT_NAME] = {.name = "contact_name", .type = SG_TEXT, .length_max = 255, .nullable = true, .origin = {HS_STREAM_MORE, 0, "85 % the customer, else a relative"}, .note = "Who is there."},
    [CONTACT_MOBILE] = {.name = "contact_mobile", .type = SG_TEXT, .length_max = 15, .nullable = true, .origin = {HS_STREAM_MORE, 1, "the customer's, or uniform"}, .note = "+91 and ten digits."},
    [IS_DEFAULT] = {.name = "is_default", .type = SG_BOOL, .origin = {HS_STREAM_MORE, 2, "one of each customer's, uniform"}, .note = "Chosen unless another is picked."},
    [CREATED] = {.name = "created_at", .type = SG_TIMESTAMP, .origin = {HS_STREAM_TIMES, 0, "the first at sign-up, others uniform after"}, .note = "Entered."},
    [UPDATED] = {.name = "updated_at", .type = SG_TIMESTAMP, .origin = {HS_STREAM_TIMES, 2, "uniform since creation"}, .note = "Last change."},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {{"user_id", "users", "id", SG_CASCADE}};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "address_ids_dense", .a = "id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "address_not_before_user",
     .a = "created_at",
     .b = "created_at",
     .via = "user_id"},
    {.kind = SG_RULE_LE, .name = "address_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "address_updated_in_past", .a = "updated_at"},
    /* clang-format off */
    HS_SHAPE("address_line1_shape", "address_line1", "Flat [0-9]+, Floor [0-9]+, .+"),
    HS_SHAPE("address_pincode_shape", "pincode", HS_PIN_SHAPE),
    HS_SHAPE("address_mobile_shape", "contact_mobile", HS_MOBILE_SHAPE),
    /* clang-format on */
};

static const struct sg_index indexes[] = {
    {"addresses_user", "user_id", false, false},
    {"addresses_city", "city", false, false},
    {"addresses_pincode", "pincode", false, false},
};

static const char *const buildings[] = {
    "Sai Residency",
    "Green Park Apartments",
    "Lakshmi Nivas",
    "Shanti Kunj",
    "Royal Enclave",
    "Sunrise Heights",
    "Ganga Vihar",
    "Silver Oak Towers",
    "Krishna Kripa",
    "Palm Grove",
    "Anand Bhavan",
    "Lotus Court",
    "Saraswati Sadan",
    "Hill View Homes",
    "Om Apartments",
    "Maple Residency",
    "Neelkanth Tower",
    "Rose Garden",
    "Ashirwad",
    "Skyline Residency",
    "Pearl Apartments",
    "Vasant Vihar",
    "Emerald Heights",
    "Gokul Dham",
    "Lake View Apartments",
    "Prestige Enclave",
    "Surya Kiran",
    "Orchid Homes",
    "Jasmine Apartments",
    "Tulsi Residency",
};
static const char *const streets[] = {
    "1st Cross",    "2nd Main Road", "Station Road", "Temple Street", "Market Road",   "Gandhi Road",
    "Nehru Road",   "Park Street",   "School Lane",  "MG Road",       "Ring Road",     "Old Post Office Road",
    "Subhash Marg", "Tilak Road",    "Lake Road",    "College Road",  "Hospital Road", "Canal Road",
};
enum { BUILDINGS = sizeof buildings / sizeof *buildings, STREETS = sizeof streets / sizeof *streets };

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return hs_field_before(world, unit, HS_AT_ADDRESSES);
}

static void set_lines(const struct sg_world *world, const struct hs_address *address, struct sg_emitter *e) {
    struct sg_block w = sg_draw(&world->sources[HS_ADDRESSES], address->row, HS_STREAM_PLACE, 0);
    uint32_t floor = 1 + sg_below(w.w[1], 14), door = 1 + (w.w[1] & 0xFFF) % 8;
    char text[LINE_BYTES];
    char *at = hs_append_number(hs_append(text, "Flat "), floor * 100 + door);
    at = hs_append_number(hs_append(at, ", Floor "), floor);
    at = hs_append(hs_append(at, ", "), buildings[sg_below(w.w[2], BUILDINGS)]);
    sg_set_text(e, LINE1, text, (size_t)(at - text));
    if ((w.w[3] & 0xFFFF) % 10 == 0) {
        sg_set_null(e, LINE2);
        return;
    }
    at = hs_append(text, streets[sg_below(w.w[3], STREETS)]);
    at = hs_append(hs_append(at, ", "), address->locality);
    sg_set_text(e, LINE2, text, (size_t)(at - text));
}

static void set_contact(const struct sg_world *world, const struct hs_customer *customer, uint64_t row,
                        struct sg_emitter *e) {
    struct sg_block w = sg_draw(&world->sources[HS_ADDRESSES], row, HS_STREAM_MORE, 0);
    uint64_t user = world->ops + customer->number;
    struct hs_person person = hs_user_person(world, user);
    char name[2 * HS_NAME_BYTES], mobile[HS_MOBILE_BYTES];
    size_t length = hs_mobile(world, user, mobile);
    if (sg_below(w.w[0], 100) >= OWN_CONTACT_PERCENT) {
        struct sg_block other = sg_draw(&world->sources[HS_ADDRESSES], row, HS_STREAM_NAME, 0);
        person.first = hs_person_of(world, customer->city, other).first;
        mobile[3] = (char)('6' + sg_below(w.w[1], 4));
        hs_append_digits(mobile + 4, sg_below(w.w[3], 1000000000), 9);
    }
    char *at = hs_append(name, person.first);
    *at++ = ' ';
    at = hs_append(at, person.last);
    sg_set_text(e, CONTACT_NAME, name, (size_t)(at - name));
    sg_set_text(e, CONTACT_MOBILE, mobile, length);
}

static void fill(const struct sg_world *world, const struct hs_customer *customer, unsigned k,
                 struct sg_emitter *e) {
    const struct hs_city *city = &world->reference->cities[customer->city];
    const struct sg_source *source = &world->sources[HS_ADDRESSES];
    struct hs_address address;
    hs_address_get(world, customer, k, &address);
    uint32_t pick = sg_draw(source, customer->first[HS_AT_ADDRESSES], HS_STREAM_MORE, 0).w[2];
    uint32_t word = sg_draw(source, address.row, HS_STREAM_TIMES, 0).w[2];
    sg_set_i64(e, ID, (int64_t)address.row + 1);
    sg_set_i64(e, USER_ID, (int64_t)(world->ops + customer->number + 1));
    set_lines(world, &address, e);
    sg_set_text(e, CITY, city->name, strlen(city->name));
    sg_set_text(e, STATE, city->state, strlen(city->state));
    sg_set_text(e, PINCODE, address.pin, strlen(address.pin));
    set_contact(world, customer, address.row, e);
    sg_set_bool(e, IS_DEFAULT, k == sg_below(pick, (uint32_t)customer->count[HS_AT_ADDRESSES]));
    sg_set_i64(e, CREATED, address.created);
    sg_set_i64(e, UPDATED,
               address.created + (int64_t)((uint64_t)(world->as_of - address.created) * word >> 32));
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return hs_generate_rows(world, unit_first, unit_end, HS_AT_ADDRESSES, fill, e, err);
}

const struct hs_table_logic hs_table_addresses = {
    .declaration = {.name = "addresses",
                    .domain = HS_CUSTOMER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 210,
                    .text_bytes_max = 2 * LINE_BYTES + 6 * HS_NAME_BYTES,
                    .note = "Addresses of customers."},
    .rows_before = rows_before,
    .generate = generate,
};
