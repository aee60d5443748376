/* stripe_subscription_items: the plan and the add-ons of each subscription. */
#include "datasets/barsaas/billing.h"

enum { C_ID, C_SUBSCRIPTION, C_PRICE, C_QUANTITY, C_AMOUNT, C_CREATED, C_METADATA, C_COUNT };

/* clang-format off */
static const struct sg_column columns[C_COUNT] = {
    [C_ID] = {.name = "id", .type = SG_TOKEN, .token = &bs_token_item, .origin = {0, 0, "key"}, .note = "Stripe subscription item id"},
    [C_SUBSCRIPTION] = {.name = "subscription", .type = SG_TOKEN, .token = &bs_token_subscription, .origin = {0, 0, "parent's"}, .note = "Stripe subscription"},
    [C_PRICE] = {.name = "price", .type = SG_TOKEN, .token = &bs_token_price, .origin = {0, 0, "subscription's plan, then its add-ons"}, .note = "Stripe price"},
    [C_QUANTITY] = {.name = "quantity", .type = SG_I32, .origin = {0, 0, "subscription's"}, .note = "Units"},
    [C_AMOUNT] = {.name = "amount", .type = SG_I32, .origin = {0, 0, "unit_amount x quantity"}, .note = "Cost of one billing period in cents"},
    [C_CREATED] = {.name = "created", .type = SG_TIMESTAMP, .origin = {0, 0, "subscription's"}, .note = "Together with the subscription"},
    [C_METADATA] = {.name = "metadata", .type = SG_TEXT, .json = true, .origin = {0, 0, "account's"}, .note = "JSON with account_id"},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"subscription", "stripe_subscriptions", "id", SG_CASCADE},
    {"price", "stripe_prices", "id", SG_NO_ACTION},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_SUM_EQ,
     .name = "items_sum_to_period_amount",
     .a = "amount",
     .b = "period_amount",
     .via = "subscription"},
    {.kind = SG_RULE_COUNT_EQ, .name = "items_per_subscription", .b = "item_count", .via = "subscription"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "item_not_before_price",
     .a = "created",
     .b = "created",
     .via = "price"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "item_not_before_subscription",
     .a = "created",
     .b = "created",
     .via = "subscription"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "item_amount_is_price_times_quantity",
     .a = "amount",
     .b = "unit_amount",
     .via = "price",
     .times = "quantity"},
    {.kind = SG_RULE_RANGE, .name = "item_quantity_positive", .a = "quantity", .low = 1, .high = INT32_MAX},
    {.kind = SG_RULE_PAST, .name = "item_created_in_the_past", .a = "created"},
};

static const struct sg_index indexes[] = {
    {.name = "stripe_subscription_items_subscription", .columns = "subscription"},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return bs_billing_before(world, unit).items;
}

static enum sg_code account_rows(const struct sg_world *world, const struct bs_ledger *ledger,
                                 struct sg_emitter *e, struct sg_error *err) {
    const struct bs_account *account = &ledger->account;
    uint64_t row = ledger->before.items;
    for (int s = 0; s < account->sub_count; s++) {
        const struct bs_subscription *sub = &account->subs[s];
        uint64_t parent = bs_token_key(world, BS_STRIPE_SUBSCRIPTIONS, account->sub_first + (uint64_t)s);
        for (int i = 0; i < sub->item_count; i++, row++) {
            size_t room;
            SG_TRY(sg_emitter_room(e, &room, err));
            const struct bs_item *item = &sub->items[i];
            sg_set_token(e, C_ID, bs_token_key(world, BS_STRIPE_SUBSCRIPTION_ITEMS, row));
            sg_set_token(e, C_SUBSCRIPTION, parent);
            sg_set_token(e, C_PRICE, bs_token_key(world, BS_STRIPE_PRICES, item->price));
            sg_set_i32(e, C_QUANTITY, item->quantity);
            sg_set_i32(e, C_AMOUNT, (int32_t)(bs_price_cents(item->price) * item->quantity));
            sg_set_i64(e, C_CREATED, sub->start);
            bs_set_metadata(e, C_METADATA, account->number);
            sg_emitter_advance(e, 1);
        }
    }
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return bs_each_ledger(world, unit_first, unit_end, account_rows, e, err);
}

const struct bs_table_logic bs_table_stripe_subscription_items = {
    .declaration = {.name = "stripe_subscription_items",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = C_COUNT,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 131,
                    .text_bytes_max = 48,
                    .note = "Stripe subscription items: the plan and the add-ons of each subscription"},
    .rows_before = rows_before,
    .generate = generate,
};
