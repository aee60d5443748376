/* Unit prices of plans (per tap line) and add-ons. A year costs ten months. */
#include "datasets/barsaas/barsaas.h"

static const int64_t cents[BS_PRICE_COUNT] = {
    [BS_PRICE_BASIC_MONTH] = 1200,      [BS_PRICE_BASIC_YEAR] = 12000,
    [BS_PRICE_PRO_MONTH] = 1800,        [BS_PRICE_PRO_YEAR] = 18000,
    [BS_PRICE_ENTERPRISE_MONTH] = 3000, [BS_PRICE_ENTERPRISE_YEAR] = 30000,
    [BS_PRICE_ADDON_FIRST] = 4800,      [BS_PRICE_ADDON_FIRST + 1] = 48000,
    [BS_PRICE_ADDON_FIRST + 2] = 2400,  [BS_PRICE_ADDON_FIRST + 3] = 24000,
    [BS_PRICE_ADDON_FIRST + 4] = 600,   [BS_PRICE_ADDON_FIRST + 5] = 6000,
};

int64_t bs_price_cents(enum bs_price price) {
    return cents[price];
}
