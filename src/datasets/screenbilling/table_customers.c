/* customers: who is billed. */
#include "datasets/screenbilling/screenbilling.h"

enum {
    ID,
    NAME,
    EMAIL,
    TEST_CLOCK_ID,
    PLAN,
    SCREENS,
    PAYMENT_METHOD,
    SNAPSHOT_COUNT,
    EVENT_COUNT,
    CREATED,
    COLUMNS
};

static const struct sg_enum methods = {
    "payment_method", (const char *const[]){"pm_card_visa", "pm_card_chargeCustomerFail"}, 2};

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_TOKEN, .token = &sb_token_customer, .origin = {0, 0, "key"}, .note = "Stripe customer id"},
    [NAME] = {.name = "name", .type = SG_TEXT, .length_max = 64, .origin = {SB_STREAM_PERSON, 1, "last name by census frequency and a trade"}, .note = "Business"},
    [EMAIL] = {.name = "email", .type = SG_TEXT, .length_max = 96, .origin = {SB_STREAM_PERSON, 0, "person and number at a domain for examples"}, .note = "Address of the contact, unique"},
    [TEST_CLOCK_ID] = {.name = "test_clock_id", .type = SG_TOKEN, .token = &sb_token_clock, .origin = {0, 0, "number / 3"}, .note = "The clock it lives on"},
    [PLAN] = {.name = "plan", .type = SG_ENUM, .labels = &sb_enum_plan, .origin = {0, 0, "quota 25/18/32/15/10 over a permutation of customers"}, .note = "metadata.plan: plan at creation"},
    [SCREENS] = {.name = "screens", .type = SG_I32, .origin = {SB_STREAM_SCREENS, 0, "uniform in the plan's range"}, .note = "metadata.screens: screens at creation"},
    [PAYMENT_METHOD] = {.name = "payment_method", .type = SG_ENUM, .labels = &methods, .origin = {0, 0, "the failing card after a past due event"}, .note = "Test card in use: the second attaches but fails when charged"},
    [SNAPSHOT_COUNT] = {.name = "snapshot_count", .type = SG_I16, .origin = {0, 0, "months before the cancellation"}, .note = "Rows in sub_snapshots, and invoices"},
    [EVENT_COUNT] = {.name = "event_count", .type = SG_I16, .origin = {0, 0, "quotas by kind and month over permutations"}, .note = "Rows in lifecycle_events"},
    [CREATED] = {.name = "created", .type = SG_TIMESTAMP, .origin = {0, 0, "start of month 0"}, .note = "When it was created"},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"test_clock_id", "test_clocks", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_UNIQUE, .name = "customer_email_unique", .a = "email"},
    {.kind = SG_RULE_SHAPE,
     .name = "customer_email_at_an_example_domain",
     .a = "email",
     .b = "[a-z]+\\.[a-z]+\\.[0-9]+@example\\.(com|net|org)"},
    {.kind = SG_RULE_RANGE, .name = "customer_screens_in_plans", .a = "screens", .low = 1, .high = 100},
    {.kind = SG_RULE_RANGE, .name = "customer_snapshots", .a = "snapshot_count", .low = 1, .high = SB_MONTHS},
    {.kind = SG_RULE_RANGE, .name = "customer_events", .a = "event_count", .low = 0, .high = SB_EVENTS_MAX},
    {.kind = SG_RULE_COUNT_EQ, .name = "customers_per_clock", .b = "customer_count", .via = "test_clock_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "customer_created_with_clock",
     .a = "created",
     .b = "started_at",
     .via = "test_clock_id"},
    {.kind = SG_RULE_PAST, .name = "customer_created_in_the_past", .a = "created"},
};

static const struct sg_index indexes[] = {
    {.name = "customers_test_clock_id", .columns = "test_clock_id"},
};

static void fill(const struct sg_world *world, const struct sb_life *life, struct sg_emitter *e) {
    char name[SB_NAME_BYTES], email[SB_EMAIL_BYTES];
    size_t name_length = sb_customer_name(world, life->number, name);
    size_t email_length = sb_customer_email(world, life->number, email);
    sg_set_token(e, ID, sb_token_key(world, SB_CUSTOMERS, life->number));
    sg_set_text(e, NAME, name, name_length);
    sg_set_text(e, EMAIL, email, email_length);
    sg_set_token(e, TEST_CLOCK_ID, sb_token_key(world, SB_TEST_CLOCKS, life->number / SB_CLOCK_CUSTOMERS));
    sg_set_enum(e, PLAN, life->months[0].plan);
    sg_set_i32(e, SCREENS, life->months[0].screens);
    sg_set_enum(e, PAYMENT_METHOD, life->past_due != SB_NEVER);
    sg_set_i16(e, SNAPSHOT_COUNT, life->end);
    sg_set_i16(e, EVENT_COUNT, life->change_count);
    sg_set_i64(e, CREATED, sb_month_start(world, 0));
}

static enum sg_code rows(const struct sg_world *world, const struct sb_life *life, uint64_t invoice_first,
                         struct sg_emitter *e, struct sg_error *err) {
    (void)invoice_first;
    size_t room;
    SG_TRY(sg_emitter_room(e, &room, err));
    fill(world, life, e);
    sg_emitter_advance(e, 1);
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return sb_each_life(world, unit_first, unit_end, rows, e, err);
}

const struct sb_table_logic sb_table_customers = {
    .declaration = {.name = "customers",
                    .domain = SB_CUSTOMER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 190,
                    .text_bytes_max = 160,
                    .note = "Stripe customers"},
    .rows_before = sb_one_row_each,
    .generate = generate,
};
