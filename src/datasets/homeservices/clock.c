/* When people do things: within the day, in order, without floating point. */
#include "base/calendar.h"
#include "datasets/homeservices/homeservices.h"

int64_t hs_awake_instant(int32_t first_day, int64_t awake_s) {
    return (first_day + awake_s / HS_DAY_AWAKE_S) * SG_DAY_S + HS_DAY_OPENS_S + awake_s % HS_DAY_AWAKE_S;
}

int64_t hs_instant_on(int32_t day, uint32_t word) {
    return (int64_t)day * SG_DAY_S + HS_DAY_OPENS_S + sg_below(word, HS_DAY_AWAKE_S);
}

uint64_t hs_square_root(uint64_t value) {
    uint64_t root = 0;
    for (uint64_t bit = (uint64_t)1 << 62; bit; bit >>= 2) {
        if (value >= root + bit) {
            value -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    return root;
}
