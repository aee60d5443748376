/* When people of a role are at the application: days of the five years and hours of the day, in local time.
 *
 * Activity of a role is a density over local time, made of weekday, season, holidays, a little noise and an
 * hourly profile. A position is the density summed from the first day; instants ascend with positions, so
 * ordered positions give ordered instants without sorting.
 */
#ifndef SG_BARSAAS_RHYTHM_H
#define SG_BARSAAS_RHYTHM_H

#include "datasets/barsaas/barsaas.h"
#include "datasets/barsaas/day_clock.h"
#include "reference/reference.h"

enum {
    BS_RHYTHM_DAYS = BS_HISTORY_DAYS + 4, /* local days around the history, with slack for zones */
    BS_RHYTHM_SHIFT = 19,                 /* an average day is about 2^19 wide */
    BS_RHYTHM_GUIDES = 2400,
    BS_WEEK_PARTS = 3 /* Monday to Thursday, Friday and Saturday, Sunday */
};

struct bs_rhythm {
    int32_t first_day; /* local day of index 0 */
    uint32_t before[BS_ROLE_COUNT][BS_RHYTHM_DAYS + 1];
    uint16_t guide[BS_ROLE_COUNT][BS_RHYTHM_GUIDES]; /* day that holds position g << BS_RHYTHM_SHIFT */
    uint8_t week_part[BS_RHYTHM_DAYS];
    struct bs_day_clock clock[BS_ROLE_COUNT][BS_WEEK_PARTS];
    int32_t offset_s[SG_ZONE_COUNT][BS_RHYTHM_DAYS]; /* of local time from UTC */
};

/* Fills the tables from the run's seed and as-of. */
void bs_rhythm_build(const struct sg_run *run, struct bs_rhythm *rhythm);

/* Pure. Position of an instant, to within a second or two. */
uint32_t bs_rhythm_position(const struct bs_rhythm *rhythm, unsigned role, unsigned zone, int64_t instant);

/* Pure. Instant of a position below before[role][BS_RHYTHM_DAYS]. Ascends with position, except that the
 * hour lost in spring may put two instants of different days in reverse. */
static inline int64_t bs_rhythm_instant(const struct bs_rhythm *rhythm, unsigned role, unsigned zone,
                                        uint32_t position) {
    const uint32_t *before = rhythm->before[role];
    uint32_t d = rhythm->guide[role][position >> BS_RHYTHM_SHIFT];
    while (before[d + 1] <= position)
        d++;
    uint32_t fraction = (uint32_t)(((uint64_t)(position - before[d]) << 16) / (before[d + 1] - before[d]));
    uint32_t second = bs_day_clock_second(&rhythm->clock[role][rhythm->week_part[d]], fraction);
    return (int64_t)(rhythm->first_day + (int32_t)d) * 86400 + second - rhythm->offset_s[zone][d];
}

#endif
