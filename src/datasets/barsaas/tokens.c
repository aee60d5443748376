/* Identifiers with the shape of Stripe's and HubSpot's: reversible functions of table and row. */
#include "datasets/barsaas/core.h"

/* One Stripe account: its short code sits inside every id that carries 24 characters. */
#define SHORT_KEY "LkdIwHu7ixBs"

const struct sg_token bs_token_customer = {"cus_", "N", "fK", 5, 18, 0};
const struct sg_token bs_token_item = {"si_", "O", "pT", 5, 17, 0};
const struct sg_token bs_token_subscription = {"sub_", "1", SHORT_KEY, 6, 28, 0};
const struct sg_token bs_token_price = {"price_", "1", SHORT_KEY, 6, 30, 0};
const struct sg_token bs_token_invoice = {"in_", "1", SHORT_KEY, 6, 27, 0};
const struct sg_token bs_token_charge = {"ch_", "3", SHORT_KEY, 6, 27, 0};
const struct sg_token bs_token_intent = {"pi_", "3", SHORT_KEY, 6, 27, 0};
const struct sg_token bs_token_event = {"evt_", "1", SHORT_KEY, 6, 28, 0};

static struct sg_block noise(const struct sg_world *world, enum bs_table table, uint64_t row) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, (uint32_t)table);
    return sg_draw(&source, row, BS_STREAM_TOKEN, 0);
}

uint64_t bs_token_key(const struct sg_world *world, enum bs_table table, uint64_t row) {
    struct sg_block w = noise(world, table, row);
    uint64_t low = ((uint64_t)w.w[0] << 32 | w.w[1]) & (BS_TOKEN_STRIDE - 1);
    return row * BS_TOKEN_STRIDE + low;
}

enum { HUBSPOT_FIRST = 1000000, HUBSPOT_STRIDE_MAX = 1777 };

int32_t bs_hubspot_id(const struct sg_world *world, enum bs_table table, uint64_t row) {
    uint64_t rows = world->sizes.rows[table] ? world->sizes.rows[table] : 1;
    uint64_t stride = (INT32_MAX - HUBSPOT_FIRST) / rows;
    if (stride > HUBSPOT_STRIDE_MAX) stride = HUBSPOT_STRIDE_MAX;
    if (stride < 1) stride = 1;
    uint64_t low = sg_below(noise(world, table, row).w[0], (uint32_t)stride);
    return (int32_t)(HUBSPOT_FIRST + row * stride + low);
}
