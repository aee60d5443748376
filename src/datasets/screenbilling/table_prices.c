/* prices: what a screen costs in a month on each plan. */
#include "datasets/screenbilling/screenbilling.h"

enum { ID, PRODUCT_ID, PLAN, CURRENCY, UNIT_AMOUNT, RECURRING_INTERVAL, CREATED, COLUMNS };

static const struct sg_enum currencies = {"currency", (const char *const[]){"usd"}, 1};
static const struct sg_enum intervals = {"billing_interval", (const char *const[]){"month"}, 1};

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_TOKEN, .token = &sb_token_price, .origin = {0, 0, "key"}, .note = "Stripe price id"},
    [PRODUCT_ID] = {.name = "product_id", .type = SG_TOKEN, .token = &sb_token_product, .origin = {0, 0, "plan's"}, .note = "The product"},
    [PLAN] = {.name = "plan", .type = SG_ENUM, .labels = &sb_enum_plan, .origin = {0, 0, "constant"}, .note = "Key of the plan"},
    [CURRENCY] = {.name = "currency", .type = SG_ENUM, .labels = &currencies, .origin = {0, 0, "constant"}, .note = "ISO currency, lower case"},
    [UNIT_AMOUNT] = {.name = "unit_amount", .type = SG_I32, .origin = {0, 0, "constant"}, .note = "Cents per screen and month"},
    [RECURRING_INTERVAL] = {.name = "recurring_interval", .type = SG_ENUM, .labels = &intervals, .origin = {0, 0, "constant"}, .note = "Billing interval"},
    [CREATED] = {.name = "created", .type = SG_TIMESTAMP, .origin = {0, 0, "start of month 0"}, .note = "When it was set up"},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"product_id", "products", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_UNIQUE, .name = "price_product_unique", .a = "product_id"},
    {.kind = SG_RULE_UNIQUE, .name = "price_plan_unique", .a = "plan"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "price_plan_is_products_tier",
     .a = "plan",
     .b = "tier",
     .via = "product_id"},
    {.kind = SG_RULE_RANGE, .name = "price_amount_in_list", .a = "unit_amount", .low = 0, .high = 4500},
    {.kind = SG_RULE_PAST, .name = "price_created_in_the_past", .a = "created"},
};

static void fill(const struct sg_world *world, int plan, struct sg_emitter *e) {
    sg_set_token(e, ID, sb_token_key(world, SB_PRICES, (uint64_t)plan));
    sg_set_token(e, PRODUCT_ID, sb_token_key(world, SB_PRODUCTS, (uint64_t)plan));
    sg_set_enum(e, PLAN, (uint16_t)plan);
    sg_set_enum(e, CURRENCY, 0);
    sg_set_i32(e, UNIT_AMOUNT, sb_plans[plan].cents);
    sg_set_enum(e, RECURRING_INTERVAL, 0);
    sg_set_i64(e, CREATED, sb_month_start(world, 0));
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    for (int plan = 0; unit_first < unit_end && plan < SB_PLAN_COUNT; plan++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        fill(world, plan, e);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

const struct sb_table_logic sb_table_prices = {
    .declaration = {.name = "prices",
                    .domain = SB_SINGLE,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    .row_text_bytes = 100,
                    .text_bytes_max = 0,
                    .note = "Stripe prices: per screen and month"},
    .rows_before = sb_one_row_a_plan,
    .generate = generate,
};
