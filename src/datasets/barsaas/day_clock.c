/* Building and reading the cumulative hourly profile; activity is level within an hour. */
#include "datasets/barsaas/day_clock.h"

#include "base/calendar.h"

void bs_day_clock_build(struct bs_day_clock *clock, const uint8_t hours[24]) {
    uint64_t total = 0, before = 0;
    for (int h = 0; h < 24; h++)
        total += hours[h];
    int hour = 0;
    for (uint64_t k = 0; k < BS_CLOCK_KNOTS; k++) {
        uint64_t at = k * total;
        while ((before + hours[hour]) * BS_CLOCK_KNOTS <= at)
            before += hours[hour++];
        uint64_t into = at - before * BS_CLOCK_KNOTS;
        clock->second[k] =
            (uint32_t)(hour * SG_HOUR_S + into * SG_HOUR_S / (hours[hour] * (uint64_t)BS_CLOCK_KNOTS));
    }
    clock->second[BS_CLOCK_KNOTS] = SG_DAY_S;
}

uint32_t bs_day_clock_fraction(const struct bs_day_clock *clock, uint32_t second) {
    uint32_t low = 0, high = BS_CLOCK_KNOTS;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (clock->second[middle] <= second)
            low = middle;
        else
            high = middle;
    }
    uint32_t from = clock->second[low], width = clock->second[low + 1] - from;
    return low << 8 | (width ? (second - from) * 256 / width : 0);
}
