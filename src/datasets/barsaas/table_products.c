/* products: lookup of what flows from the taps. Constant rows, the same for every seed and size. */
#include <string.h>

#include "datasets/barsaas/products.h"
#include "datasets/barsaas/tables.h"

/* name, category, pour ml, temperature and spread 0.1 C, flow ml/s, pressure 0.1 psi,
 * popularity {restaurant, bar, hotel, other} */
const struct bs_product bs_products[BS_PRODUCT_COUNT] = {
    {"American Light Lager", BS_DRAFT_BEER, 473, 33, 6, 62, 120, {60, 95, 50, 60}},
    {"American Lager", BS_DRAFT_BEER, 473, 33, 6, 62, 120, {50, 80, 45, 50}},
    {"Premium Pilsner", BS_DRAFT_BEER, 414, 36, 6, 60, 125, {40, 60, 45, 35}},
    {"Mexican Lager", BS_DRAFT_BEER, 473, 34, 6, 62, 120, {45, 55, 35, 35}},
    {"Vienna Lager", BS_DRAFT_BEER, 414, 44, 7, 60, 120, {15, 22, 12, 12}},
    {"Dry Stout (Nitro)", BS_DRAFT_BEER, 568, 58, 8, 42, 320, {18, 48, 25, 15}},
    {"Cream Ale", BS_DRAFT_BEER, 473, 44, 7, 58, 120, {10, 20, 8, 10}},
    {"Belgian White", BS_DRAFT_BEER, 414, 42, 7, 56, 140, {38, 52, 34, 26}},
    {"Hefeweizen", BS_DRAFT_BEER, 473, 46, 7, 54, 150, {16, 28, 16, 14}},
    {"Amber Ale", BS_DRAFT_BEER, 473, 52, 8, 58, 120, {20, 30, 16, 18}},
    {"West Coast IPA", BS_CRAFT_BEER, 414, 56, 8, 56, 120, {42, 78, 34, 34}},
    {"Hazy IPA", BS_CRAFT_BEER, 414, 56, 8, 56, 120, {40, 75, 30, 34}},
    {"Double IPA", BS_CRAFT_BEER, 296, 60, 9, 50, 120, {12, 34, 10, 12}},
    {"Session IPA", BS_CRAFT_BEER, 414, 52, 8, 58, 120, {16, 28, 12, 16}},
    {"Pale Ale", BS_CRAFT_BEER, 414, 54, 8, 58, 120, {26, 42, 20, 24}},
    {"Kolsch", BS_CRAFT_BEER, 355, 46, 7, 58, 125, {12, 18, 8, 10}},
    {"Brown Ale", BS_CRAFT_BEER, 414, 64, 9, 56, 120, {8, 14, 6, 8}},
    {"Porter", BS_CRAFT_BEER, 355, 70, 9, 54, 115, {8, 16, 6, 8}},
    {"Imperial Stout", BS_CRAFT_BEER, 237, 90, 11, 46, 115, {4, 14, 4, 6}},
    {"Fruited Sour", BS_CRAFT_BEER, 296, 52, 8, 54, 130, {8, 20, 6, 10}},
    {"Saison", BS_CRAFT_BEER, 355, 58, 8, 54, 135, {6, 12, 6, 6}},
    {"Dry Cider", BS_CIDER, 414, 40, 7, 58, 130, {20, 32, 16, 20}},
    {"Apple Cider", BS_CIDER, 414, 40, 7, 58, 130, {18, 30, 14, 22}},
    {"Hard Seltzer", BS_CIDER, 355, 34, 6, 60, 140, {16, 34, 18, 20}},
    {"House Red Blend", BS_WINE, 150, 158, 14, 30, 80, {34, 16, 36, 14}},
    {"Cabernet Sauvignon", BS_WINE, 150, 162, 14, 30, 80, {30, 14, 34, 12}},
    {"Pinot Noir", BS_WINE, 150, 146, 13, 30, 80, {24, 10, 28, 10}},
    {"Chardonnay", BS_WINE, 150, 100, 11, 30, 85, {28, 14, 32, 12}},
    {"Sauvignon Blanc", BS_WINE, 150, 84, 10, 30, 85, {24, 12, 28, 10}},
    {"Rose", BS_WINE, 150, 80, 10, 30, 85, {18, 10, 22, 10}},
    {"Prosecco", BS_WINE, 140, 60, 9, 26, 260, {26, 20, 34, 12}},
    {"Margarita", BS_COCKTAIL, 180, 20, 7, 38, 200, {26, 32, 26, 14}},
    {"Espresso Martini (Nitro)", BS_COCKTAIL, 120, 22, 7, 28, 320, {14, 24, 24, 8}},
    {"Moscow Mule", BS_COCKTAIL, 240, 22, 7, 40, 240, {16, 26, 20, 10}},
    {"Old Fashioned", BS_COCKTAIL, 90, 26, 8, 24, 150, {12, 24, 20, 8}},
    {"Cola", BS_SOFT_DRINK, 355, 38, 8, 74, 750, {44, 24, 34, 60}},
    {"Lemon-Lime Soda", BS_SOFT_DRINK, 355, 38, 8, 74, 750, {30, 14, 22, 44}},
    {"Sparkling Water", BS_SOFT_DRINK, 300, 40, 8, 70, 750, {22, 12, 30, 34}},
    {"Cold Brew Coffee (Nitro)", BS_COFFEE_TEA, 300, 34, 7, 44, 350, {16, 6, 30, 52}},
    {"Kombucha", BS_COFFEE_TEA, 355, 38, 7, 54, 140, {12, 8, 14, 36}},
};

static const char *const category_labels[BS_PRODUCT_CATEGORY_COUNT] = {
    "draft_beer", "craft_beer", "cider", "wine", "cocktail", "soft_drink", "coffee_tea"};
static const struct sg_enum categories = {"product_category", category_labels, BS_PRODUCT_CATEGORY_COUNT};

enum { ID, NAME, CATEGORY, POUR_ML, TEMPERATURE, TEMPERATURE_SPREAD, FLOW, PRESSURE, COLUMNS };

#define CONSTANT                                                                                             \
    { 0, 0, "constant table" }
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_I16, .origin = {0, 0, "key"}, .note = "Product number, dense from 1."},
    [NAME] = {.name = "name",
              .type = SG_TEXT,
              .length_max = 100,
              .origin = CONSTANT,
              .note = "Name on the tap handle."},
    [CATEGORY] = {.name = "category",
                  .type = SG_ENUM,
                  .labels = &categories,
                  .origin = CONSTANT,
                  .note = "Kind of beverage."},
    [POUR_ML] = {.name = "pour_ml",
                 .type = SG_I16,
                 .origin = CONSTANT,
                 .note = "Usual full pour in millilitres."},
    [TEMPERATURE] = {.name = "temperature_deci_c",
                     .type = SG_I16,
                     .origin = CONSTANT,
                     .note = "Serving temperature in tenths of a degree Celsius."},
    [TEMPERATURE_SPREAD] = {.name = "temperature_spread_deci_c",
                            .type = SG_I16,
                            .origin = CONSTANT,
                            .note = "Standard deviation of the temperature between pours, in tenths of a "
                                    "degree Celsius."},
    [FLOW] = {.name = "flow_ml_per_s",
              .type = SG_I16,
              .origin = CONSTANT,
              .note = "Usual flow in millilitres per second."},
    [PRESSURE] = {.name = "pressure_deci_psi",
                  .type = SG_I16,
                  .origin = CONSTANT,
                  .note = "Applied gas pressure in tenths of a pound per square inch."},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "product_id_dense", .a = "id"},
    {.kind = SG_RULE_UNIQUE, .name = "product_name_unique", .a = "name"},
    {.kind = SG_RULE_RANGE, .name = "product_pour_range", .a = "pour_ml", .low = 1, .high = 1000},
    {.kind = SG_RULE_RANGE, .name = "product_flow_range", .a = "flow_ml_per_s", .low = 1, .high = 200},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    (void)world;
    return unit ? BS_PRODUCT_COUNT : 0;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *emitter, struct sg_error *err) {
    (void)world;
    if (unit_first == unit_end) return SG_OK;
    for (int i = 0; i < BS_PRODUCT_COUNT; i++) {
        const struct bs_product *product = &bs_products[i];
        size_t room;
        SG_TRY(sg_emitter_room(emitter, &room, err));
        sg_set_i16(emitter, ID, (int16_t)(i + 1));
        sg_set_text(emitter, NAME, product->name, strlen(product->name));
        sg_set_enum(emitter, CATEGORY, product->category);
        sg_set_i16(emitter, POUR_ML, product->pour_ml);
        sg_set_i16(emitter, TEMPERATURE, product->temperature_deci_c);
        sg_set_i16(emitter, TEMPERATURE_SPREAD, product->spread_deci_c);
        sg_set_i16(emitter, FLOW, product->flow_ml_per_s);
        sg_set_i16(emitter, PRESSURE, product->pressure_deci_psi);
        sg_emitter_advance(emitter, 1);
    }
    return SG_OK;
}

const struct bs_table_logic bs_table_products = {
    .declaration = {.name = "products",
                    .domain = BS_SINGLE,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(rules, rule_count, rules),
                    .row_text_bytes = 56,
                    .text_bytes_max = 100,
                    .note = "Lookup of the products on tap, with the values their events vary around."},
    .rows_before = rows_before,
    .generate = generate,
};
