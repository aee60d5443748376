/* test_clocks: the clocks of the simulated months, three customers on each. */
#include <inttypes.h>

#include "datasets/screenbilling/screenbilling.h"

enum { ID, NAME, STARTED_AT, FROZEN_TIME, CUSTOMER_COUNT, COLUMNS };

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_TOKEN, .token = &sb_token_clock, .origin = {0, 0, "key"}, .note = "Stripe test clock id"},
    [NAME] = {.name = "name", .type = SG_TEXT, .length_max = 40, .origin = {0, 0, "number of the clock"}, .note = "Name in the dashboard"},
    [STARTED_AT] = {.name = "started_at", .type = SG_TIMESTAMP, .origin = {0, 0, "start of month 0"}, .note = "frozen_time at creation"},
    [FROZEN_TIME] = {.name = "frozen_time", .type = SG_TIMESTAMP, .origin = {0, 0, "start of month 6"}, .note = "Where six advances brought it"},
    [CUSTOMER_COUNT] = {.name = "customer_count", .type = SG_I16, .origin = {0, 0, "three, the last one what is left"}, .note = "Customers on the clock"},
};
/* clang-format on */

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_RANGE,
     .name = "clock_has_one_to_three_customers",
     .a = "customer_count",
     .low = 1,
     .high = SB_CLOCK_CUSTOMERS},
    {.kind = SG_RULE_WINDOW,
     .name = "clock_starts_six_months_before",
     .a = "started_at",
     .b = "month starts",
     .low = SB_MONTHS - 1,
     .high = SB_MONTHS - 1},
    {.kind = SG_RULE_WINDOW, .name = "clock_ends_in_the_last_month", .a = "frozen_time", .b = "month starts"},
    {.kind = SG_RULE_LT, .name = "clock_advances", .a = "started_at", .b = "frozen_time"},
    {.kind = SG_RULE_PAST, .name = "clock_in_the_past", .a = "frozen_time"},
};

static void fill(const struct sg_world *world, uint64_t clock, struct sg_emitter *e) {
    uint64_t left = world->customers - clock * SB_CLOCK_CUSTOMERS;
    sg_set_token(e, ID, sb_token_key(world, SB_TEST_CLOCKS, clock));
    sg_set_textf(e, NAME, "screenbilling clock %" PRIu64, clock + 1);
    sg_set_i64(e, STARTED_AT, sb_month_start(world, 0));
    sg_set_i64(e, FROZEN_TIME, sb_month_start(world, SB_MONTHS - 1));
    sg_set_i16(e, CUSTOMER_COUNT, (int16_t)(left < SB_CLOCK_CUSTOMERS ? left : SB_CLOCK_CUSTOMERS));
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    for (uint64_t clock = unit_first; clock < unit_end; clock++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        fill(world, clock, e);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

const struct sb_table_logic sb_table_test_clocks = {
    .declaration = {.name = "test_clocks",
                    .domain = SB_CLOCK,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(rules, rule_count, rules),
                    .row_text_bytes = 110,
                    .text_bytes_max = 48,
                    .note = "Stripe test clocks, three customers on each"},
    .rows_before = sb_one_row_each,
    .generate = generate,
};
