/* Time of day from a fraction of a day's activity: the inverse of a cumulative hourly profile.
 *
 * Built once from 24 hourly weights; both directions are monotone, so ascending fractions give ascending
 * times. */
#ifndef SG_BARSAAS_DAY_CLOCK_H
#define SG_BARSAAS_DAY_CLOCK_H

#include <stdint.h>

enum { BS_CLOCK_KNOTS = 256 };

/* second[k] is the second of the day by which k / 256 of the activity is over; second[256] = 86400. */
struct bs_day_clock {
    uint32_t second[BS_CLOCK_KNOTS + 1];
};

/* Fills a clock from hourly weights, all above 0. */
void bs_day_clock_build(struct bs_day_clock *clock, const uint8_t hours[24]);

/* Pure. Second of the day, 0..86399, at a fraction of the day's activity in 65536ths (below 65536). */
static inline uint32_t bs_day_clock_second(const struct bs_day_clock *clock, uint32_t fraction_q16) {
    uint32_t knot = fraction_q16 >> 8;
    uint32_t low = clock->second[knot], high = clock->second[knot + 1];
    return low + ((high - low) * (fraction_q16 & 255) >> 8);
}

/* Pure. Fraction of the day's activity before a second of the day, 0..65535. */
uint32_t bs_day_clock_fraction(const struct bs_day_clock *clock, uint32_t second);

#endif
