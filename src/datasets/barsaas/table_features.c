/* features: what the product can do, from which plan, since when, and on which page. */
#include <string.h>

#include "datasets/barsaas/activity_catalog.h"
#include "datasets/barsaas/tables.h"

enum column { ID, NAME, CATEGORY, TIER, PAGE, LAUNCHED, COLUMN_COUNT };

/* Order of enum bs_tier. */
static const char *const tiers[] = {"basic", "pro", "enterprise"};
static const struct sg_enum tier_enum = {"feature_tier", tiers, BS_TIER_COUNT};

static const struct sg_column columns[COLUMN_COUNT] = {
    [ID] = {.name = "id", .type = SG_I16, .origin = {0, 0, "key"}, .note = "Dense key from 1."},
    [NAME] = {.name = "name",
              .type = SG_TEXT,
              .length_max = 100,
              .origin = {0, 0, "reference"},
              .note = "Name as the application records it; its first word is its category."},
    [CATEGORY] = {.name = "category",
                  .type = SG_ENUM,
                  .labels = &bs_category_enum,
                  .origin = {0, 0, "reference"},
                  .note = "Area of the product."},
    [TIER] = {.name = "minimum_tier",
              .type = SG_ENUM,
              .labels = &tier_enum,
              .origin = {0, 0, "reference"},
              .note = "Lowest plan that includes the feature."},
    [PAGE] = {.name = "page_id",
              .type = SG_I16,
              .origin = {0, 0, "reference"},
              .note = "Page on which the feature lives."},
    [LAUNCHED] = {.name = "launched_at",
                  .type = SG_TIMESTAMP,
                  .origin = {0, 0, "five years before as-of plus a fixed number of days"},
                  .note = "Instant of release; nobody used it earlier."},
};

static const struct sg_foreign_key foreign_keys[] = {{"page_id", "pages", "id", SG_NO_ACTION}};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "feature_ids_dense", .a = "id"},
    {.kind = SG_RULE_UNIQUE, .name = "feature_names_unique", .a = "name"},
    {.kind = SG_RULE_PAST, .name = "feature_launched_in_past", .a = "launched_at"},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return BS_SINGLE_ROWS_BEFORE(world, unit, BS_FEATURES);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    for (unsigned i = 0; unit_first < unit_end && i < BS_FEATURE_COUNT; i++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        const struct bs_feature *feature = &bs_features[i];
        sg_set_i16(e, ID, (int16_t)(i + 1));
        sg_set_text(e, NAME, feature->name, strlen(feature->name));
        sg_set_enum(e, CATEGORY, feature->category);
        sg_set_enum(e, TIER, feature->tier);
        sg_set_i16(e, PAGE, (int16_t)(feature->page + 1));
        sg_set_i64(e, LAUNCHED, bs_feature_launched(world, i));
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

const struct bs_table_logic bs_table_features = {
    .declaration = {.name = "features",
                    .domain = BS_SINGLE,
                    .columns = columns,
                    .column_count = COLUMN_COUNT,
                    .key = {"id"},
                    .foreign_keys = foreign_keys,
                    .foreign_key_count = 1,
                    SG_ARRAY(rules, rule_count, rules),
                    .row_text_bytes = 75,
                    .text_bytes_max = 100,
                    .note = "Features of the product with plan and launch, named by feature usage."},
    .rows_before = rows_before,
    .generate = generate,
};
