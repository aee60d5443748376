/* Business time: a clock that only runs in US office hours, so that spreading things over it puts them on
 * weekdays between 13:00 and 24:00 UTC (a little on weekends) while keeping their order. */
#include "base/calendar.h"
#include "datasets/barsaas/core.h"

enum {
    WEEKDAY_S = 11 * SG_HOUR_S,
    WEEKDAY_OPENS_S = 13 * SG_HOUR_S,
    WEEKEND_S = 2 * SG_HOUR_S,
    WEEKEND_OPENS_S = 17 * SG_HOUR_S,
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
    int64_t second =
        weekend ? WEEKEND_OPENS_S + (rest - WORKDAYS_S) % WEEKEND_S : WEEKDAY_OPENS_S + rest % WEEKDAY_S;
    return (FIRST_MONDAY + weeks * 7 + day) * SG_DAY_S + second;
}
