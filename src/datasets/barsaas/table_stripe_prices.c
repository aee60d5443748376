/* stripe_prices: three plans and three add-ons, monthly and annual. */
#include "base/calendar.h"
#include "datasets/barsaas/billing.h"

enum {
    C_ID,
    C_PRODUCT,
    C_ACTIVE,
    C_CURRENCY,
    C_UNIT_AMOUNT,
    C_TYPE,
    C_INTERVAL,
    C_INTERVAL_COUNT,
    C_NICKNAME,
    C_MAX_DEVICES,
    C_MAX_LOCATIONS,
    C_CREATED,
    C_COUNT
};

static const struct sg_enum types = {"price_type", (const char *const[]){"recurring"}, 1};
static const struct sg_enum intervals = {"billing_interval", (const char *const[]){"month", "year"}, 2};

/* Products in the order of enum bs_price; 0 = an add-on sets no limit. */
static const struct product {
    const char *id, *nickname;
    int16_t max_devices, max_locations;
} products[BS_PRICE_COUNT / 2] = {
    {"prod_TapBasicPlan01", "Basic", 25, 5},
    {"prod_TapProPlan0002", "Pro", 50, 10},
    {"prod_TapEnterpr0003", "Enterprise", 250, 50},
    {"prod_TapAddInsight1", "Advanced analytics", 0, 0},
    {"prod_TapAddPosLink2", "Point-of-sale link", 0, 0},
    {"prod_TapAddSensors3", "Sensor monitoring", 0, 0},
};

/* clang-format off */
static const struct sg_column columns[C_COUNT] = {
    [C_ID] = {.name = "id", .type = SG_TOKEN, .token = &bs_token_price, .origin = {0, 0, "key"}, .note = "Stripe price id"},
    [C_PRODUCT] = {.name = "product", .type = SG_TEXT, .length_max = 50, .origin = {0, 0, "constant"}, .note = "Stripe product id"},
    [C_ACTIVE] = {.name = "active", .type = SG_BOOL, .origin = {0, 0, "true"}, .note = "Whether new subscriptions may use it"},
    [C_CURRENCY] = {.name = "currency", .type = SG_ENUM, .labels = &bs_enum_currency, .origin = {0, 0, "constant"}, .note = "ISO currency, lower case"},
    [C_UNIT_AMOUNT] = {.name = "unit_amount", .type = SG_I32, .origin = {0, 0, "constant"}, .note = "Price of one unit and interval in cents; annual ones divide by 12"},
    [C_TYPE] = {.name = "type", .type = SG_ENUM, .labels = &types, .origin = {0, 0, "constant"}, .note = "Always recurring"},
    [C_INTERVAL] = {.name = "recurring_interval", .type = SG_ENUM, .labels = &intervals, .origin = {0, 0, "constant"}, .note = "Billing interval"},
    [C_INTERVAL_COUNT] = {.name = "recurring_interval_count", .type = SG_I16, .origin = {0, 0, "1"}, .note = "Intervals per billing period"},
    [C_NICKNAME] = {.name = "nickname", .type = SG_TEXT, .length_max = 100, .origin = {0, 0, "constant"}, .note = "Plan or add-on with its interval"},
    [C_MAX_DEVICES] = {.name = "max_devices", .type = SG_I16, .nullable = true, .origin = {0, 0, "constant"}, .note = "Devices included"},
    [C_MAX_LOCATIONS] = {.name = "max_locations", .type = SG_I16, .nullable = true, .origin = {0, 0, "constant"}, .note = "Locations included"},
    [C_CREATED] = {.name = "created", .type = SG_TIMESTAMP, .origin = {0, 0, "30 days before the five years of history"}, .note = "When the price was set up"},
};
/* clang-format on */

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_PAST, .name = "price_created_in_the_past", .a = "created"},
    {.kind = SG_RULE_RANGE, .name = "price_positive", .a = "unit_amount", .low = 1, .high = INT32_MAX},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return BS_SINGLE_ROWS_BEFORE(world, unit, BS_STRIPE_PRICES);
}

static void limit(struct sg_emitter *e, int column, int16_t value) {
    if (value)
        sg_set_i16(e, column, value);
    else
        sg_set_null(e, column);
}

static void fill(const struct sg_world *world, struct sg_emitter *e, int price) {
    const struct product *product = &products[price / 2];
    bool annual = price % 2;
    sg_set_token(e, C_ID, bs_token_key(world, BS_STRIPE_PRICES, (uint64_t)price));
    sg_set_text(e, C_PRODUCT, product->id, strlen(product->id));
    sg_set_bool(e, C_ACTIVE, true);
    sg_set_enum(e, C_CURRENCY, 0);
    sg_set_i32(e, C_UNIT_AMOUNT, (int32_t)bs_price_cents((enum bs_price)price));
    sg_set_enum(e, C_TYPE, 0);
    sg_set_enum(e, C_INTERVAL, annual);
    sg_set_i16(e, C_INTERVAL_COUNT, 1);
    sg_set_textf(e, C_NICKNAME, "%s %s", product->nickname, annual ? "annual" : "monthly");
    limit(e, C_MAX_DEVICES, product->max_devices);
    limit(e, C_MAX_LOCATIONS, product->max_locations);
    sg_set_i64(e, C_CREATED, world->as_of - (int64_t)(BS_HISTORY_DAYS + 30) * SG_DAY_S);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    for (int price = 0; unit_first < unit_end && price < BS_PRICE_COUNT; price++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        fill(world, e, price);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

const struct bs_table_logic bs_table_stripe_prices = {
    .declaration = {.name = "stripe_prices",
                    .domain = BS_SINGLE,
                    .columns = columns,
                    .column_count = C_COUNT,
                    .key = {"id"},
                    SG_ARRAY(rules, rule_count, rules),
                    .row_text_bytes = 129,
                    .text_bytes_max = 160,
                    .note = "Stripe prices: three plans and three add-ons, monthly and annual"},
    .rows_before = rows_before,
    .generate = generate,
};
