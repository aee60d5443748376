/* products: one for each plan. */
#include <string.h>

#include "datasets/screenbilling/screenbilling.h"

enum { ID, TIER, NAME, DESCRIPTION, CREATED, COLUMNS };

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_TOKEN, .token = &sb_token_product, .origin = {0, 0, "key"}, .note = "Stripe product id"},
    [TIER] = {.name = "tier", .type = SG_ENUM, .labels = &sb_enum_plan, .origin = {0, 0, "constant"}, .note = "metadata.tier: key of the plan"},
    [NAME] = {.name = "name", .type = SG_TEXT, .length_max = 40, .origin = {0, 0, "constant"}, .note = "Display name"},
    [DESCRIPTION] = {.name = "description", .type = SG_TEXT, .length_max = 120, .origin = {0, 0, "constant"}, .note = "What the plan offers"},
    [CREATED] = {.name = "created", .type = SG_TIMESTAMP, .origin = {0, 0, "start of month 0"}, .note = "When it was set up"},
};
/* clang-format on */

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_UNIQUE, .name = "product_tier_unique", .a = "tier"},
    {.kind = SG_RULE_PAST, .name = "product_created_in_the_past", .a = "created"},
};

static void fill(const struct sg_world *world, int plan, struct sg_emitter *e) {
    const struct sb_plan_info *info = &sb_plans[plan];
    sg_set_token(e, ID, sb_token_key(world, SB_PRODUCTS, (uint64_t)plan));
    sg_set_enum(e, TIER, (uint16_t)plan);
    sg_set_text(e, NAME, info->name, strlen(info->name));
    sg_set_text(e, DESCRIPTION, info->description, strlen(info->description));
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

const struct sb_table_logic sb_table_products = {
    .declaration = {.name = "products",
                    .domain = SB_SINGLE,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(rules, rule_count, rules),
                    .row_text_bytes = 100,
                    .text_bytes_max = 160,
                    .note = "Stripe products: one for each plan"},
    .rows_before = sb_one_row_a_plan,
    .generate = generate,
};
