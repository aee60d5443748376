/* Business time: a clock that only runs in US office hours, so that spreading things over it puts them on
 * weekdays between 13:00 and 24:00 UTC (a little on weekends) while keeping their order. */
#include "base/calendar.h"
#include "datasets/barsaas/core.h"
#include "reference/reference.h"

enum {
    WEEKDAY_S = 11 * SG_HOUR_S,
    WEEKEND_S = WEEKDAY_S / 6, /* the clock runs slower then: the same hours, a sixth of the business */
    OPENS_S = 13 * SG_HOUR_S,
    WORKDAYS = 5,
    WORKDAYS_S = WORKDAYS * WEEKDAY_S,
    WEEK_S = WORKDAYS_S + 2 * WEEKEND_S,
    FIRST_MONDAY = 4 /* 1970-01-05 */
};

int64_t bs_business_at(int32_t day) {
    int32_t weekday = sg_weekday(day);
    int64_t weeks = (day - FIRST_MONDAY - weekday) / 7;
    int64_t rest = weekday <= WORKDAYS ? weekday * WEEKDAY_S : WORKDAYS_S + (weekday - WORKDAYS) * WEEKEND_S;
    return weeks * WEEK_S + rest;
}

int64_t bs_business_instant(int64_t business_s) {
    int64_t weeks = business_s / WEEK_S, rest = business_s % WEEK_S;
    if (rest < 0) {
        weeks--;
        rest += WEEK_S;
    }
    bool weekend = rest >= WORKDAYS_S;
    int64_t day = weekend ? WORKDAYS + (rest - WORKDAYS_S) / WEEKEND_S : rest / WEEKDAY_S;
    int64_t second = weekend ? (rest - WORKDAYS_S) % WEEKEND_S * (WEEKDAY_S / WEEKEND_S) : rest % WEEKDAY_S;
    return (FIRST_MONDAY + weeks * 7 + day) * SG_DAY_S + OPENS_S + second;
}

int64_t bs_office_hours(unsigned zone, int64_t instant, int32_t opens, int32_t hours, bool workdays,
                        int64_t low, int64_t high) {
    int64_t local = instant + sg_zones[zone].standard_s;
    int32_t day = sg_day_of(local), weekday = sg_weekday(day);
    int64_t second = local - (int64_t)day * SG_DAY_S;
    if (workdays && weekday >= WORKDAYS && instant % 4)
        day -= weekday - WORKDAYS + 1 + (int32_t)(instant / 4 % WORKDAYS);
    int64_t moved = (int64_t)day * SG_DAY_S + opens * SG_HOUR_S + second * hours / 24;
    moved -= sg_zones[zone].standard_s;
    return moved < low || moved > high ? instant : moved;
}
