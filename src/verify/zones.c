/* Offsets of US zones: daylight saving time from 02:00 on the second Sunday of March to 02:00 on the first of
 * November, local time. */
#include "verify/zones.h"

#include <stddef.h>
#include <string.h>

#include "base/calendar.h"

static const struct {
    const char *name;
    int8_t standard_h;
    bool daylight;
} zones[] = {
    {"America/New_York", -5, true},    {"America/Chicago", -6, true},
    {"America/Denver", -7, true},      {"America/Phoenix", -7, false},
    {"America/Los_Angeles", -8, true}, {"America/Anchorage", -9, true},
    {"Pacific/Honolulu", -10, false},  {"UTC", 0, false},
};

int sg_zone_find(const char *name) {
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (strcmp(zones[i].name, name) == 0) return (int)i;
    return -1;
}

/* 02:00 of the nth Sunday of a month, as an instant under an offset. */
static int64_t sunday(int32_t year, int32_t month, int32_t nth, int32_t offset_s) {
    int32_t first = sg_day_from_civil(year, month, 1);
    int32_t day = first + 6 - sg_weekday(first) + 7 * (nth - 1);
    return (int64_t)day * SG_DAY_S + 2 * SG_HOUR_S - offset_s;
}

static struct sg_zone_span span_of(int zone, int64_t instant) {
    int32_t standard = zones[zone].standard_h * SG_HOUR_S, summer = standard + SG_HOUR_S;
    if (!zones[zone].daylight) return (struct sg_zone_span){INT64_MIN, INT64_MAX, standard};
    int32_t year = sg_civil_from_day(sg_day_of(instant + standard)).year;
    int64_t begins = sunday(year, 3, 2, standard), ends = sunday(year, 11, 1, summer);
    if (instant < begins) return (struct sg_zone_span){sunday(year - 1, 11, 1, summer), begins, standard};
    if (instant < ends) return (struct sg_zone_span){begins, ends, summer};
    return (struct sg_zone_span){ends, sunday(year + 1, 3, 2, standard), standard};
}

int64_t sg_zone_local(int zone, int64_t instant, struct sg_zone_span *span) {
    if (instant < span->from || instant >= span->until) *span = span_of(zone, instant);
    return instant + span->offset_s;
}
