/* When cards are used: weights of the window's days by weekday and season, and hours of a day. */
#include "base/calendar.h"

#include "datasets/cardholders/cardholders.h"

enum { DAY_UNIT = 10000, CURVE_KNOTS = 1024, HOURS = 24, DECEMBER = 12 };

/* Monday first, percent. */
static const uint8_t weekdays[7] = {90, 92, 94, 99, 116, 120, 95};
/* Shares of the hours of a day. */
static const uint8_t hours[2][HOURS] = {
    {4, 3, 2, 2, 3, 6, 14, 28, 42, 46, 48, 60, 76, 66, 52, 52, 60, 76, 84, 74, 54, 38, 22, 10},
    {9, 6, 4, 2, 2, 4, 8, 16, 30, 48, 64, 74, 80, 78, 72, 68, 66, 68, 76, 74, 60, 44, 30, 18},
};

static uint32_t day_weight(int32_t day) {
    struct sg_civil civil = sg_civil_from_day(day);
    uint32_t season = civil.month == DECEMBER && civil.day < 25 ? 115 : civil.month == DECEMBER ? 80 : 100;
    return DAY_UNIT / 100 * weekdays[sg_weekday(day)] * season / 100 * 64;
}

/* The second at which each share of the day's business is done, straight within an hour. */
static void fill_hours(const uint8_t weights[HOURS], int32_t curve[CURVE_KNOTS + 1]) {
    uint32_t total = 0, before = 0;
    for (int h = 0; h < HOURS; h++)
        total += weights[h];
    int h = 0;
    for (uint32_t knot = 0; knot <= CURVE_KNOTS; knot++) {
        uint32_t at = knot * total; /* in units of 1 / CURVE_KNOTS of a weight */
        while (h + 1 < HOURS && at >= (before + weights[h]) * CURVE_KNOTS)
            before += weights[h++];
        curve[knot] = h * SG_HOUR_S + (int32_t)((at - before * CURVE_KNOTS) * (uint64_t)SG_HOUR_S /
                                                (weights[h] * CURVE_KNOTS));
    }
    curve[CURVE_KNOTS] = SG_DAY_S - 1;
}

void ch_calendar_open(struct ch_calendar *calendar, int32_t as_of_day) {
    for (int k = 0; k <= CH_MONTHS; k++)
        calendar->month_day[k] = sg_add_months(as_of_day, k - CH_MONTHS);
    calendar->window_first = calendar->month_day[0];
    calendar->window_end = as_of_day;
    int32_t days = as_of_day - calendar->window_first;
    for (int32_t d = 0; d < days; d++) {
        uint32_t weight = day_weight(calendar->window_first + d);
        calendar->before[d + 1] = calendar->before[d] + weight;
        calendar->inverse_q40[d] = ((uint64_t)1 << 40) / weight;
        calendar->weekend[d] = sg_weekday(calendar->window_first + d) >= 5;
    }
    for (int w = 0; w < 2; w++)
        fill_hours(hours[w], calendar->hours[w]);
}
