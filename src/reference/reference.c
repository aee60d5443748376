/* Choices from the compiled reference tables, and the zones' offsets. */
#include "reference/reference.h"

#include <stdbool.h>

#include "base/calendar.h"
#include "reference_tables.inc"

enum { GUIDE_SHIFT = 20 };

const struct sg_zone_info sg_zones[SG_ZONE_COUNT] = {
    [SG_ZONE_EASTERN] = {"America/New_York", -5 * SG_HOUR_S, 1},
    [SG_ZONE_CENTRAL] = {"America/Chicago", -6 * SG_HOUR_S, 1},
    [SG_ZONE_MOUNTAIN] = {"America/Denver", -7 * SG_HOUR_S, 1},
    [SG_ZONE_ARIZONA] = {"America/Phoenix", -7 * SG_HOUR_S, 0},
    [SG_ZONE_PACIFIC] = {"America/Los_Angeles", -8 * SG_HOUR_S, 1},
    [SG_ZONE_ALASKA] = {"America/Anchorage", -9 * SG_HOUR_S, 1},
    [SG_ZONE_HAWAII] = {"Pacific/Honolulu", -10 * SG_HOUR_S, 0},
};

/* First Sunday on or after a day of a year. */
static int32_t sunday_from(int32_t year, int32_t month, int32_t day) {
    int32_t from = sg_day_from_civil(year, month, day);
    return from + (6 - sg_weekday(from)) % 7;
}

int32_t sg_zone_offset_s(enum sg_zone zone, int32_t day) {
    const struct sg_zone_info *info = &sg_zones[zone];
    if (!info->daylight) return info->standard_s;
    int32_t year = sg_civil_from_day(day).year;
    bool summer = day >= sunday_from(year, 3, 8) && day < sunday_from(year, 11, 1);
    return info->standard_s + (summer ? SG_HOUR_S : 0);
}

static uint32_t choose(const uint32_t *threshold, const uint16_t *guide, uint32_t count, uint32_t word) {
    uint32_t i = guide[word >> GUIDE_SHIFT];
    while (i + 1 < count && threshold[i] <= word)
        i++;
    return i;
}

#define COUNT(array) (uint32_t)(sizeof(array) / sizeof *(array))

uint32_t sg_city_pick(uint32_t word) {
    return choose(cities_threshold, cities_guide, COUNT(cities_threshold), word);
}

const char *sg_first_name(uint32_t word) {
    return first_names[choose(first_names_threshold, first_names_guide, COUNT(first_names_threshold), word)];
}

const char *sg_last_name(uint32_t word) {
    return last_names[choose(last_names_threshold, last_names_guide, COUNT(last_names_threshold), word)];
}

const char *sg_street_name(uint32_t word) {
    return streets[(uint64_t)word * COUNT(streets) >> 32];
}
