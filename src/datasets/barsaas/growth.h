/* How business is spread over the five years of history: the share of new accounts, prospects and marketing
 * money that falls on each day, and the office hours in which people of the sales side act.
 *
 * The yearly shares are those of accounts growing by 40 % a year (cumulative 1/1.4^4, 1/1.4^3, ... 1).
 * Everything is pure and in integers.
 */
#ifndef SG_BARSAAS_GROWTH_H
#define SG_BARSAAS_GROWTH_H

#include "datasets/barsaas/barsaas.h"

/* First instant of history. */
static inline int64_t bs_history_start(const struct sg_world *world) {
    return world->as_of - (int64_t)BS_HISTORY_DAYS * 86400;
}

/* Relative volume of new business on a day of history, 0 <= day < BS_HISTORY_DAYS; the mean is near 2000. */
uint32_t bs_growth_rate(int32_t history_day);

/* Sum of bs_growth_rate over days [0, history_day), 0 <= history_day <= BS_HISTORY_DAYS. */
uint64_t bs_growth_before(int32_t history_day);

/* Instant of history at quantile word / 2^32 of new business; before as_of. */
int64_t bs_growth_instant(const struct sg_world *world, uint32_t word);

/* Office instant of the same week: maps a week onto Monday to Friday, 13:00 to 23:00 UTC (US business hours).
 * Never decreases, so that ordered instants stay ordered; clamp the result to the bounds that matter. */
int64_t bs_office_time(int64_t instant_s);

#endif
