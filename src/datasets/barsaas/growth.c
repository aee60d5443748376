/* Yearly shares of new business and office hours. */
#include "datasets/barsaas/growth.h"

#include "base/calendar.h"

enum { YEARS = 5, WEEK_S = 7 * 86400, OFFICE_OPENS_S = 13 * 3600, OFFICE_DAY_S = 10 * 3600, OFFICE_DAYS = 5 };

static const int32_t year_start[YEARS + 1] = {0, 365, 730, 1096, 1461, BS_HISTORY_DAYS};
/* Share of each year per 10,000, and the same per day so that a mean day counts 2000. */
static const uint32_t share_before[YEARS + 1] = {0, 2603, 3644, 5102, 7143, 10000};
static const uint32_t rate[YEARS] = {2605, 1042, 1455, 2043, 2859};

uint32_t bs_growth_rate(int32_t history_day) {
    int year = 0;
    while (year + 1 < YEARS && history_day >= year_start[year + 1])
        year++;
    return rate[year];
}

uint64_t bs_growth_before(int32_t history_day) {
    uint64_t sum = 0;
    for (int year = 0; year < YEARS && history_day > year_start[year]; year++) {
        int32_t last = history_day < year_start[year + 1] ? history_day : year_start[year + 1];
        sum += (uint64_t)(last - year_start[year]) * rate[year];
    }
    return sum;
}

int64_t bs_growth_instant(const struct sg_world *world, uint32_t word) {
    uint64_t at = (uint64_t)word * share_before[YEARS]; /* share x 2^32 */
    int year = 0;
    while (at >= (uint64_t)share_before[year + 1] << 32)
        year++;
    uint64_t into = at - ((uint64_t)share_before[year] << 32);
    uint64_t whole = (uint64_t)(share_before[year + 1] - share_before[year]) << 32;
    uint64_t year_s = (uint64_t)(year_start[year + 1] - year_start[year]) * SG_DAY_S;
    return bs_history_start(world) + (int64_t)year_start[year] * SG_DAY_S +
           (int64_t)sg_muldiv(year_s, into, whole);
}

int64_t bs_office_time(int64_t instant_s) {
    int32_t day = sg_day_of(instant_s);
    int64_t monday_s = (int64_t)(day - sg_weekday(day)) * SG_DAY_S;
    int64_t office_s = (instant_s - monday_s) * (OFFICE_DAYS * OFFICE_DAY_S) / WEEK_S;
    return monday_s + office_s / OFFICE_DAY_S * SG_DAY_S + OFFICE_OPENS_S + office_s % OFFICE_DAY_S;
}
