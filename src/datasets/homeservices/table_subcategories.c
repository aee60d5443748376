/* subcategories: the services of each trade. Constant but for its dates. */
#include "base/calendar.h"
#include "datasets/homeservices/tables.h"
#include "datasets/homeservices/text.h"

enum { ID, CATEGORY_ID, NAME, SLUG, DESCRIPTION, IMAGE, DISPLAY_ORDER, ACTIVE, CREATED, UPDATED, COLUMNS };
enum { CREATED_DAYS_AGO = 1461, TEXT_BYTES = 512, ORDER_MAX = 8 };

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_I32, .origin = {0, 0, "key"}, .note = "Dense from 1."},
    [CATEGORY_ID] = {.name = "category_id", .type = SG_I32, .origin = {0, 0, "constant table"}, .note = "The trade."},
    [NAME] = {.name = "name", .type = SG_TEXT, .length_max = 255, .origin = {0, 0, "constant table"}, .note = "Service."},
    [SLUG] = {.name = "slug", .type = SG_TEXT, .length_max = 255, .origin = {0, 0, "from the name"}, .note = "Part of addresses, unique within the trade."},
    [DESCRIPTION] = {.name = "description", .type = SG_TEXT, .nullable = true, .origin = {0, 0, "constant table"}, .note = "One sentence."},
    [IMAGE] = {.name = "image", .type = SG_TEXT, .length_max = 500, .nullable = true, .origin = {0, 0, "from the slug"}, .note = "Path of the picture."},
    [DISPLAY_ORDER] = {.name = "display_order", .type = SG_I32, .origin = {0, 0, "place within the trade"}, .note = "Place in lists."},
    [ACTIVE] = {.name = "is_active", .type = SG_BOOL, .origin = {0, 0, "constant"}, .note = "Offered."},
    [CREATED] = {.name = "created_at", .type = SG_TIMESTAMP, .origin = {0, 0, "before anything else"}, .note = "Entered."},
    [UPDATED] = {.name = "updated_at", .type = SG_TIMESTAMP, .origin = {0, 0, "an hour later"}, .note = "Last change."},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {{"category_id", "categories", "id", SG_CASCADE}};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "subcategory_ids_dense", .a = "id"},
    {.kind = SG_RULE_RANGE,
     .name = "subcategory_order_range",
     .a = "display_order",
     .low = 1,
     .high = ORDER_MAX},
    {.kind = SG_RULE_LE, .name = "subcategory_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "subcategory_updated_in_past", .a = "updated_at"},
};

static const struct sg_index indexes[] = {
    {"subcategories_category_slug", "category_id, slug", true, false},
    {"subcategories_is_active", "is_active", false, false},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    (void)world;
    return unit ? HS_SUBCATEGORY_COUNT : 0;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    int64_t created =
        (int64_t)(world->run.as_of_day - CREATED_DAYS_AGO) * SG_DAY_S + HS_DAY_OPENS_S + SG_HOUR_S;
    int32_t order = 0;
    for (int i = 0; i < HS_SUBCATEGORY_COUNT && unit_first < unit_end; i++) {
        const struct hs_subcategory *subcategory = &world->reference->subcategories[i];
        char text[TEXT_BYTES];
        size_t room;
        bool next = i == 0 || subcategory->category != subcategory[-1].category;
        order = next ? 1 : order + 1;
        SG_TRY(sg_emitter_room(e, &room, err));
        sg_set_i32(e, ID, i + 1);
        sg_set_i32(e, CATEGORY_ID, subcategory->category + 1);
        sg_set_text(e, NAME, subcategory->name, strlen(subcategory->name));
        sg_set_text(e, SLUG, text, (size_t)(hs_append_slug(text, subcategory->name, '-') - text));
        sg_set_text(e, DESCRIPTION, subcategory->description, strlen(subcategory->description));
        char *at = hs_append_slug(hs_append(text, "/images/services/"), subcategory->name, '-');
        sg_set_text(e, IMAGE, text, (size_t)(hs_append(at, ".webp") - text));
        sg_set_i32(e, DISPLAY_ORDER, order);
        sg_set_bool(e, ACTIVE, true);
        sg_set_i64(e, CREATED, created);
        sg_set_i64(e, UPDATED, created + SG_HOUR_S);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

const struct hs_table_logic hs_table_subcategories = {
    .declaration = {.name = "subcategories",
                    .domain = HS_SINGLE,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 200,
                    .text_bytes_max = 4 * TEXT_BYTES,
                    .note = "Services of each trade."},
    .rows_before = rows_before,
    .generate = generate,
};
