/* rate_cards: what each variant of a service costs. Constant but for its dates. */
#include "base/calendar.h"
#include "datasets/homeservices/tables.h"
#include "datasets/homeservices/text.h"

enum {
    ID,
    CATEGORY_ID,
    SUBCATEGORY_ID,
    NAME,
    PRICE,
    STRIKE_PRICE,
    PINCODES,
    ACTIVE,
    CREATED,
    UPDATED,
    COLUMNS
};
enum { CREATED_DAYS_AGO = 1461, PINCODES_BYTES = HS_CITIES * HS_CITY_PINS * 10 + 2, NAME_BYTES = 255 };

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_I32, .origin = {0, 0, "key"}, .note = "Dense from 1."},
    [CATEGORY_ID] = {.name = "category_id", .type = SG_I32, .origin = {0, 0, "the service's"}, .note = "The trade."},
    [SUBCATEGORY_ID] = {.name = "subcategory_id", .type = SG_I32, .origin = {0, 0, "constant table"}, .note = "The service."},
    [NAME] = {.name = "name", .type = SG_TEXT, .length_max = 255, .origin = {0, 0, "constant table"}, .note = "Variant."},
    [PRICE] = {.name = "price", .type = SG_DECIMAL, .precision = 10, .scale = 2, .origin = {0, 0, "constant table"}, .note = "Rupees before tax."},
    [STRIKE_PRICE] = {.name = "strike_price", .type = SG_DECIMAL, .precision = 10, .scale = 2, .nullable = true, .origin = {0, 0, "constant table"}, .note = "Higher price shown struck out."},
    [PINCODES] = {.name = "available_pincodes", .type = SG_TEXT, .json = true, .sql_json = true, .nullable = true, .origin = {0, 0, "PIN codes of the metro cities, or none"}, .note = "Where it is offered; NULL = everywhere."},
    [ACTIVE] = {.name = "is_active", .type = SG_BOOL, .origin = {0, 0, "constant"}, .note = "Offered."},
    [CREATED] = {.name = "created_at", .type = SG_TIMESTAMP, .origin = {0, 0, "before anything else"}, .note = "Entered."},
    [UPDATED] = {.name = "updated_at", .type = SG_TIMESTAMP, .origin = {0, 0, "an hour later"}, .note = "Last change."},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"category_id", "categories", "id", SG_CASCADE},
    {"subcategory_id", "subcategories", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "rate_card_ids_dense", .a = "id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "rate_card_category_is_services",
     .a = "category_id",
     .b = "category_id",
     .via = "subcategory_id"},
    {.kind = SG_RULE_RANGE, .name = "rate_card_price_range", .a = "price", .low = 100, .high = 5000000},
    {.kind = SG_RULE_LT, .name = "rate_card_price_below_strike", .a = "price", .b = "strike_price"},
    {.kind = SG_RULE_LE, .name = "rate_card_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "rate_card_updated_in_past", .a = "updated_at"},
};

static const struct sg_index indexes[] = {
    {"rate_cards_category", "category_id", false, false},
    {"rate_cards_subcategory", "subcategory_id", false, false},
    {"rate_cards_is_active", "is_active", false, false},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    (void)world;
    return unit ? HS_RATE_CARD_COUNT : 0;
}

static size_t write_metro_pins(const struct sg_world *world, char out[PINCODES_BYTES]) {
    char *at = out;
    for (int c = 0; c < HS_CITIES; c++)
        for (int p = 0; p < HS_CITY_PINS && world->reference->cities[c].metro; p++) {
            at = hs_append(at, at == out ? "[\"" : ", \"");
            *(at = hs_append(at, world->reference->cities[c].pins[p])) = '"';
            at++;
        }
    *at++ = ']';
    return (size_t)(at - out);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    char pins[PINCODES_BYTES];
    size_t pins_bytes = write_metro_pins(world, pins), room;
    int64_t created =
        (int64_t)(world->run.as_of_day - CREATED_DAYS_AGO) * SG_DAY_S + HS_DAY_OPENS_S + 2 * SG_HOUR_S;
    for (int i = 0; i < HS_RATE_CARD_COUNT && unit_first < unit_end; i++) {
        const struct hs_rate_card *card = &world->reference->cards[i];
        SG_TRY(sg_emitter_room(e, &room, err));
        sg_set_i32(e, ID, i + 1);
        sg_set_i32(e, CATEGORY_ID, world->reference->subcategories[card->subcategory].category + 1);
        sg_set_i32(e, SUBCATEGORY_ID, card->subcategory + 1);
        sg_set_text(e, NAME, card->name, strlen(card->name));
        sg_set_i64(e, PRICE, card->price);
        sg_set_null(e, STRIKE_PRICE);
        sg_set_null(e, PINCODES);
        if (card->strike) sg_set_i64(e, STRIKE_PRICE, card->strike);
        if (card->metro) sg_set_text(e, PINCODES, pins, pins_bytes);
        sg_set_bool(e, ACTIVE, true);
        sg_set_i64(e, CREATED, created);
        sg_set_i64(e, UPDATED, created + SG_HOUR_S);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

const struct hs_table_logic hs_table_rate_cards = {
    .declaration = {.name = "rate_cards",
                    .domain = HS_SINGLE,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 150,
                    .text_bytes_max = PINCODES_BYTES + NAME_BYTES,
                    .note = "Prices of the variants of each service."},
    .rows_before = rows_before,
    .generate = generate,
};
