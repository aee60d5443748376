/* What customers pay with: bank debit or a card that is replaced every three years, so that no charge carries
 * an expired card. Also the enums of declines. */
#include "base/calendar.h"
#include "datasets/barsaas/billing.h"

enum { CARD_LIFE_MONTHS = 36 };

/* Bigger customers pay by bank debit more often. */
static const uint32_t bank_per_million[BS_TIER_COUNT] = {50000, 120000, 350000};

const char *const bs_card_brands[4] = {"visa", "mastercard", "amex", "discover"};
static const uint32_t brand_weights[4] = {52, 29, 13, 6};

const struct sg_token bs_token_method = {
    .prefix = "pm_", .lead = "1", .infix = "LkdIwHu7ixraBm", .infix_after = 3, .length = 29};

const struct sg_enum bs_enum_decline_code = {
    "decline_code",
    (const char *const[]){"card_declined", "insufficient_funds", "expired_card", "processing_error",
                          "authentication_required", "debit_not_authorized", "account_closed"},
    7};

const struct sg_enum bs_enum_decline_message = {
    "decline_message",
    (const char *const[]){
        "Your card was declined.", "Your card has insufficient funds.", "Your card has expired.",
        "An error occurred while processing your card. Try again in a little bit.",
        "Your card was declined. This transaction requires authentication.",
        "The bank account has insufficient funds.", "The debit was not authorized by the account holder.",
        "The bank account has been closed."},
    8};

const struct bs_decline bs_declines[BS_DECLINE_COUNT] = {{0, 0}, {1, 1}, {2, 2}, {3, 3},
                                                         {4, 4}, {1, 5}, {5, 6}, {6, 7}};

static struct sg_block instrument_draw(const struct sg_world *world, uint64_t account) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_STRIPE_CUSTOMERS);
    return sg_draw(&source, account, BS_STREAM_CUSTOMER_INSTRUMENT, 0);
}

bool bs_pays_by_bank(const struct sg_world *world, const struct bs_account *account) {
    return sg_chance(instrument_draw(world, account->number).w[0], bank_per_million[account->tier]);
}

struct bs_instrument bs_instrument_get(const struct sg_world *world, const struct bs_account *account,
                                       int64_t at) {
    struct sg_block fixed = instrument_draw(world, account->number);
    struct sg_civil date = sg_civil_from_day(sg_day_of(at));
    uint32_t phase = sg_below(fixed.w[2], CARD_LIFE_MONTHS);
    uint32_t generation = ((uint32_t)(date.year * 12 + date.month - 1) + phase) / CARD_LIFE_MONTHS;
    uint32_t expiry = (generation + 1) * CARD_LIFE_MONTHS - phase - 1;
    bool bank = sg_chance(fixed.w[0], bank_per_million[account->tier]);
    if (bank) generation = 0;
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_STRIPE_CUSTOMERS);
    struct sg_block card = sg_draw(&source, account->number, BS_STREAM_CUSTOMER_CARD, generation);
    uint64_t noise = ((uint64_t)card.w[2] << 32 | card.w[1]) & (BS_TOKEN_STRIDE - 1);
    return (struct bs_instrument){
        .bank = bank,
        .brand = (uint8_t)sg_pick(fixed.w[1], brand_weights, 4, 100),
        .exp_month = (uint8_t)(expiry % 12 + 1),
        .exp_year = (uint16_t)(expiry / 12),
        .last4 = (uint16_t)sg_below(card.w[0], 10000),
        .key = account->number * BS_TOKEN_STRIDE + noise,
    };
}
