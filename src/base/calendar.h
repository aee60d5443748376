/* Proleptic Gregorian calendar in integers.
 *
 * A day number counts days since 1970-01-01; an instant counts seconds since 1970-01-01 00:00:00 UTC.
 * Formulas: Howard Hinnant, "chrono-compatible low-level date algorithms" (public domain).
 */
#ifndef SG_BASE_CALENDAR_H
#define SG_BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

enum { SG_DAY_S = 86400, SG_HOUR_S = 3600 };

struct sg_civil {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
};

/* Pure. Day number of a civil date. */
static inline int32_t sg_day_from_civil(int32_t year, int32_t month, int32_t day) {
    year -= month <= 2;
    int32_t era = (year >= 0 ? year : year - 399) / 400;
    int32_t yoe = year - era * 400;
    int32_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int32_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

/* Pure. Civil date of a day number. */
static inline struct sg_civil sg_civil_from_day(int32_t day) {
    day += 719468;
    int32_t era = (day >= 0 ? day : day - 146096) / 146097;
    int32_t doe = day - era * 146097;
    int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int32_t mp = (5 * doy + 2) / 153;
    struct sg_civil c;
    c.day = doy - (153 * mp + 2) / 5 + 1;
    c.month = mp < 10 ? mp + 3 : mp - 9;
    c.year = yoe + era * 400 + (c.month <= 2);
    return c;
}

/* Pure. ISO weekday of a day number: 0 = Monday ... 6 = Sunday. */
static inline int32_t sg_weekday(int32_t day) {
    int32_t w = (day + 3) % 7;
    return w < 0 ? w + 7 : w;
}

/* Pure. Day number of an instant (floors towards the past). */
static inline int32_t sg_day_of(int64_t instant_s) {
    int64_t d = instant_s / SG_DAY_S;
    return (int32_t)(d - (instant_s % SG_DAY_S < 0));
}

static inline bool sg_is_leap(int32_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Pure. Number of days of a month. */
static inline int32_t sg_days_in_month(int32_t year, int32_t month) {
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && sg_is_leap(year));
}

/* Pure. The day `months` after (or before) a day, clamped to the target month's end, as Stripe's billing
 * anchors and PostgreSQL's interval addition do. */
static inline int32_t sg_add_months(int32_t day, int32_t months) {
    struct sg_civil c = sg_civil_from_day(day);
    int32_t total = c.year * 12 + (c.month - 1) + months;
    int32_t year = total >= 0 ? total / 12 : (total - 11) / 12;
    int32_t month = total - year * 12 + 1;
    int32_t last = sg_days_in_month(year, month);
    return sg_day_from_civil(year, month, c.day < last ? c.day : last);
}

#endif
