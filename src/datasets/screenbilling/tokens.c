/* Identifiers with the shape of Stripe's: reversible functions of table and row. */
#include "datasets/screenbilling/screenbilling.h"

/* One Stripe account: its short code sits inside every id that carries 24 characters. */
#define SHORT_KEY "QmZsRe4tGa2w"

const struct sg_token sb_token_product = {"prod_", "R", "bV", 5, 19, 0};
const struct sg_token sb_token_price = {"price_", "1", SHORT_KEY, 6, 30, 0};
const struct sg_token sb_token_clock = {"clock_", "1", SHORT_KEY, 6, 30, 0};
const struct sg_token sb_token_customer = {"cus_", "R", "bV", 5, 18, 0};
const struct sg_token sb_token_subscription = {"sub_", "1", SHORT_KEY, 6, 28, 0};
const struct sg_token sb_token_invoice = {"in_", "1", SHORT_KEY, 6, 27, 0};
const struct sg_token sb_token_payment = {"pi_", "3", SHORT_KEY, 6, 27, 0};

enum { TOKEN_NOISE_BITS = 34 };

uint64_t sb_token_key(const struct sg_world *world, enum sb_table table, uint64_t row) {
    struct sg_source source = sg_source(world->run.seed, SB_DATASET_ID, (uint32_t)table);
    struct sg_block w = sg_draw(&source, row, SB_STREAM_TOKEN, 0);
    uint64_t noise = ((uint64_t)w.w[0] << 32 | w.w[1]) & (((uint64_t)1 << TOKEN_NOISE_BITS) - 1);
    return row << TOKEN_NOISE_BITS | noise;
}
