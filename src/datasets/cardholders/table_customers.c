/* customers: the thirteen columns of the seed, one row a customer. */
#include <ctype.h>
#include <string.h>

#include "datasets/cardholders/cardholders.h"
#include "reference/reference.h"

enum {
    ID,
    FIRST_NAME,
    LAST_NAME,
    EMAIL,
    AGE,
    STATE,
    CITY,
    EMPLOYMENT,
    CARD_TYPE,
    CREDIT_LIMIT,
    OPEN_DATE,
    SEGMENT,
    DECLINE_TYPE,
    COLUMNS
};

enum { NAME_CHARACTERS = 40, EMAIL_CHARACTERS = 100, CITY_CHARACTERS = 60 };

static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "customer_id",
            .type = SG_TOKEN,
            .token = &ch_customer_token,
            .origin = {0, 0, "key"},
            .note = "CUST and the customer's number in eight digits, dense from 1."},
    [FIRST_NAME] = {.name = "first_name",
                    .type = SG_TEXT,
                    .length_max = NAME_CHARACTERS,
                    .origin = {CH_STREAM_PERSON, 0, "given names by census frequency"},
                    .note = "Given name."},
    [LAST_NAME] = {.name = "last_name",
                   .type = SG_TEXT,
                   .length_max = NAME_CHARACTERS,
                   .origin = {CH_STREAM_PERSON, 1, "family names by census frequency"},
                   .note = "Family name."},
    [EMAIL] = {.name = "email",
               .type = SG_TEXT,
               .length_max = EMAIL_CHARACTERS,
               .origin = {CH_STREAM_PERSON, 2, "lower(first).lower(last)@provider, provider by share"},
               .note = "E-mail address; namesakes with one provider share it."},
    [AGE] = {.name = "age",
             .type = SG_I16,
             .origin = {CH_STREAM_PERSON, 3, "normal by segment, folded into 22 to 75"},
             .note = "Age in years."},
    [STATE] = {.name = "state",
               .type = SG_ENUM,
               .labels = &ch_state_labels,
               .origin = {CH_STREAM_PLACE, 0, "residents of the state, 2020 census"},
               .note = "State of residence, USPS code."},
    [CITY] = {.name = "city",
              .type = SG_TEXT,
              .length_max = CITY_CHARACTERS,
              .origin = {CH_STREAM_PLACE, 1, "cities of the state by weight"},
              .note = "City of residence, one of the state."},
    [EMPLOYMENT] = {.name = "employment_status",
                    .type = SG_ENUM,
                    .labels = &ch_employment_labels,
                    .origin = {CH_STREAM_PLACE, 2, "shares of the age"},
                    .note = "Employment."},
    [CARD_TYPE] = {.name = "card_type",
                   .type = SG_ENUM,
                   .labels = &ch_card_labels,
                   .origin = {0, 0, "Premium: 30 % of High-Value Travelers by quota over the permutation"},
                   .note = "Product."},
    [CREDIT_LIMIT] = {.name = "credit_limit",
                      .type = SG_I32,
                      .origin = {CH_STREAM_LIMIT, 0,
                                 "normal by segment, moved by employment, steps of 1,000"},
                      .note = "Credit limit in dollars, a multiple of 1,000."},
    [OPEN_DATE] = {.name = "account_open_date",
                   .type = SG_DATE,
                   .origin = {CH_STREAM_ACCOUNT, 0,
                              "uniform two to five years before as_of; New & Growing in the last 6 months"},
                   .note = "Day the account was opened."},
    [SEGMENT] = {.name = "customer_segment",
                 .type = SG_ENUM,
                 .labels = &ch_segment_labels,
                 .origin = {0, 0, "quota 15/40/25/10/10 over a permutation of rows"},
                 .note = "Behaviour that the transactions show."},
    [DECLINE_TYPE] = {.name = "decline_type",
                      .type = SG_ENUM,
                      .nullable = true,
                      .labels = &ch_decline_labels,
                      .origin = {0, 0, "quota 70/30 of the Declining over the same permutation"},
                      .note = "How spending falls; NULL outside the segment Declining."},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "customer_ids_dense", .a = "customer_id"},
    {.kind = SG_RULE_SHAPE,
     .name = "email_is_first_last_at_provider",
     .a = "email",
     .b = "[a-z]+\\.[a-z]+@[a-z]+\\.[a-z]+"},
    {.kind = SG_RULE_RANGE, .name = "customer_age_range", .a = "age", .low = CH_AGE_MIN, .high = CH_AGE_MAX},
    {.kind = SG_RULE_RANGE,
     .name = "credit_limit_range",
     .a = "credit_limit",
     .low = CH_LIMIT_MIN,
     .high = CH_LIMIT_MAX},
    {.kind = SG_RULE_MULTIPLE, .name = "credit_limit_in_steps", .a = "credit_limit", .low = CH_LIMIT_STEP},
    {.kind = SG_RULE_WINDOW,
     .name = "account_two_to_five_years_old",
     .a = "account_open_date",
     .b = "months",
     .low = 24,
     .high = 60,
     .when = "customer_segment",
     .is = "High-Value Travelers|Stable Mid-Spenders|Budget-Conscious|Declining"},
    {.kind = SG_RULE_WINDOW,
     .name = "new_account_within_six_months",
     .a = "account_open_date",
     .b = "months",
     .high = 6,
     .when = "customer_segment",
     .is = "New & Growing"},
    {.kind = SG_RULE_NOT_NULL,
     .name = "declining_has_a_decline_type",
     .a = "decline_type",
     .when = "customer_segment",
     .is = "Declining"},
    {.kind = SG_RULE_NULL,
     .name = "others_have_no_decline_type",
     .a = "decline_type",
     .when = "customer_segment",
     .is = "High-Value Travelers|Stable Mid-Spenders|Budget-Conscious|New & Growing"},
    {.kind = SG_RULE_IN,
     .name = "premium_is_for_travelers",
     .a = "customer_segment",
     .b = "High-Value Travelers",
     .when = "card_type",
     .is = "Premium"},
    {.kind = SG_RULE_RANGE,
     .name = "retired_from_55",
     .a = "age",
     .low = 55,
     .high = CH_AGE_MAX,
     .when = "employment_status",
     .is = "Retired"},
    {.kind = SG_RULE_RANGE,
     .name = "students_below_45",
     .a = "age",
     .low = CH_AGE_MIN,
     .high = 44,
     .when = "employment_status",
     .is = "Student"},
    {.kind = SG_RULE_PAST, .name = "account_opened_in_past", .a = "account_open_date"},
};

static const char *const providers[] = {"gmail.com",  "yahoo.com", "outlook.com", "hotmail.com",
                                        "icloud.com", "aol.com",   "comcast.net", "example.com"};
static const uint32_t provider_shares[] = {34, 18, 14, 11, 9, 6, 5, 3};

/* Percent by age from .. on: Employed, Self-Employed, Unemployed, Retired, Student. */
static const struct {
    int32_t age;
    uint32_t shares[CH_EMPLOYMENT_COUNT];
} employment_by_age[] = {
    {22, {58, 5, 8, 0, 29}}, {26, {76, 9, 7, 0, 8}},   {31, {79, 13, 6, 0, 2}}, {45, {77, 16, 7, 0, 0}},
    {55, {68, 16, 7, 9, 0}}, {62, {42, 14, 4, 40, 0}}, {67, {16, 9, 1, 74, 0}},
};
/* Dollars by employment. */
static const int32_t limit_moves[CH_EMPLOYMENT_COUNT] = {1200, 900, -6500, -1000, -7500};

static int64_t fold(int64_t value, int64_t low, int64_t high) {
    if (value < low) value = 2 * low - value;
    if (value > high) value = 2 * high - value;
    return value < low ? low : value > high ? high : value;
}

int32_t ch_age(const struct sg_world *world, const struct ch_customer *customer) {
    const struct ch_segment_info *info = &ch_segments[customer->segment];
    uint32_t word = sg_draw(&world->people, customer->number, CH_STREAM_PERSON, 0).w[3];
    int64_t age = sg_scaled(info->age_mean, info->age_deviation, sg_normal(word), 0, 200);
    return (int32_t)fold(age, CH_AGE_MIN, CH_AGE_MAX);
}

static uint16_t choose_employment(int32_t age, uint32_t word) {
    size_t band = sizeof employment_by_age / sizeof *employment_by_age - 1;
    while (employment_by_age[band].age > age)
        band--;
    return (uint16_t)sg_pick(word, employment_by_age[band].shares, CH_EMPLOYMENT_COUNT, 100);
}

static int32_t choose_limit(const struct ch_segment_info *info, uint16_t employment, uint32_t word) {
    int64_t dollars = sg_scaled(info->limit_mean + limit_moves[employment], info->limit_deviation,
                                sg_normal(word), 0, INT32_MAX);
    int64_t rounded = (dollars + CH_LIMIT_STEP / 2) / CH_LIMIT_STEP * CH_LIMIT_STEP;
    return (int32_t)fold(rounded, CH_LIMIT_MIN, CH_LIMIT_MAX);
}

static uint16_t employment_of(const struct sg_world *world, const struct ch_customer *customer) {
    uint32_t word = sg_draw(&world->people, customer->number, CH_STREAM_PLACE, 0).w[2];
    return choose_employment(ch_age(world, customer), word);
}

int32_t ch_credit_limit(const struct sg_world *world, const struct ch_customer *customer) {
    uint32_t word = sg_draw(&world->people, customer->number, CH_STREAM_LIMIT, 0).w[0];
    return choose_limit(&ch_segments[customer->segment], employment_of(world, customer), word);
}

static size_t lower(char *out, const char *text) {
    size_t n = 0;
    for (; text[n]; n++)
        out[n] = (char)tolower((unsigned char)text[n]);
    return n;
}

static void fill_person(const struct sg_world *world, const struct ch_customer *customer,
                        struct sg_emitter *e) {
    struct sg_block w = sg_draw(&world->people, customer->number, CH_STREAM_PERSON, 0);
    const char *first = sg_first_name(w.w[0]), *last = sg_last_name(w.w[1]);
    const char *provider = providers[sg_pick(w.w[2], provider_shares, 8, 100)];
    char email[EMAIL_CHARACTERS];
    size_t n = lower(email, first);
    email[n++] = '.';
    n += lower(email + n, last);
    email[n++] = '@';
    memcpy(email + n, provider, strlen(provider));
    n += strlen(provider);
    sg_set_text(e, FIRST_NAME, first, strlen(first));
    sg_set_text(e, LAST_NAME, last, strlen(last));
    sg_set_text(e, EMAIL, email, n);
}

static void fill(const struct sg_world *world, uint64_t number, struct sg_emitter *e) {
    struct ch_customer customer;
    ch_customer_get(world, number, &customer);
    struct sg_block w = sg_draw(&world->people, number, CH_STREAM_PLACE, 0);
    uint16_t state = ch_state_pick(&world->places, w.w[0]);
    const char *city = sg_cities[ch_city_pick(&world->places, state, w.w[1])].name;
    sg_set_token(e, ID, number + 1);
    fill_person(world, &customer, e);
    sg_set_i16(e, AGE, (int16_t)ch_age(world, &customer));
    sg_set_enum(e, STATE, state);
    sg_set_text(e, CITY, city, strlen(city));
    sg_set_enum(e, EMPLOYMENT, employment_of(world, &customer));
    sg_set_enum(e, CARD_TYPE, customer.premium);
    sg_set_i32(e, CREDIT_LIMIT, ch_credit_limit(world, &customer));
    sg_set_date(e, OPEN_DATE, customer.open_day);
    sg_set_enum(e, SEGMENT, customer.segment);
    if (customer.decline == CH_NO_DECLINE)
        sg_set_null(e, DECLINE_TYPE);
    else
        sg_set_enum(e, DECLINE_TYPE, customer.decline);
}

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    (void)world;
    return unit;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    size_t room;
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        SG_TRY(sg_emitter_room(e, &room, err));
        fill(world, unit, e);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

const struct ch_table_logic ch_table_customers = {
    .declaration = {.name = "customers",
                    .domain = CH_CUSTOMER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"customer_id"},
                    SG_ARRAY(rules, rule_count, rules),
                    .row_text_bytes = 125,
                    .text_bytes_max = 2 * NAME_CHARACTERS + EMAIL_CHARACTERS + CITY_CHARACTERS,
                    .note = "Card holders with their segment."},
    .rows_before = rows_before,
    .generate = generate,
};
