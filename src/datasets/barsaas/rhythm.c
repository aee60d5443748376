/* Admins work office hours, managers before service and through the week, staff on evenings and weekends. */
#include "datasets/barsaas/rhythm.h"

#include "base/calendar.h"

enum { STREAM_DAY_NOISE = 200, SLACK_DAYS = 2, WIDTH_DIVISOR = 19 };

/* Percent of the role's mean day, Monday first. */
static const uint8_t weekday_percent[BS_ROLE_COUNT][7] = {
    [BS_ADMIN] = {119, 123, 121, 116, 106, 62, 53},
    [BS_MANAGER] = {98, 97, 99, 104, 118, 110, 74},
    [BS_STAFF] = {70, 72, 80, 98, 134, 150, 96},
};

/* Percent of the mean month, January first: the trade's seasons. */
static const uint8_t month_percent[12] = {88, 92, 100, 100, 106, 106, 102, 102, 100, 102, 102, 108};

/* Holidays of fixed date, percent of an ordinary day. */
static const struct {
    uint8_t month, day, percent;
} holidays[] = {{1, 1, 55}, {7, 4, 70}, {12, 24, 60}, {12, 25, 30}};

/* Weight of each local hour, by role and part of the week. */
static const uint8_t hours[BS_ROLE_COUNT][BS_WEEK_PARTS][24] = {
    [BS_ADMIN] = {{1, 1, 1, 1, 1, 2, 5, 16, 40, 78, 92, 84, 60, 66, 82, 80, 68, 46, 26, 16, 12, 8, 4, 2},
                  {1, 1, 1, 1, 1, 2, 5, 13, 33, 64, 74, 68, 50, 52, 60, 56, 46, 36, 24, 18, 14, 9, 5, 3},
                  {2, 1, 1, 1, 1, 2, 4, 8, 16, 28, 36, 38, 36, 32, 30, 28, 26, 24, 20, 16, 14, 10, 6, 4}},
    [BS_MANAGER] = {{3, 2, 1, 1, 1, 2, 5, 12, 28, 58, 84, 88, 62, 52, 66, 82, 90, 78, 52, 40, 34, 28, 18, 8},
                    {8, 4, 2, 1, 1, 1, 3, 8, 18, 38, 58, 64, 56, 50, 60, 80, 96, 92, 74, 62, 54, 44, 32, 18},
                    {8, 4, 2, 1, 1, 1, 3, 7, 16, 36, 58, 62, 56, 50, 52, 56, 58, 52, 40, 32, 26, 20, 12, 6}},
    [BS_STAFF] = {{14, 6, 2, 1, 1, 1, 2, 3, 6, 12, 22, 34, 40, 36, 38, 60, 88, 96, 86, 70, 60, 54, 44, 28},
                  {30, 18, 6, 2, 1, 1, 1, 2, 4, 8, 14, 24, 32, 32, 40, 64, 92, 100, 92, 80, 72, 68, 60, 46},
                  {24, 12, 4, 1, 1, 1, 1, 2, 6, 16, 36, 58, 66, 60, 54, 58, 66, 66, 58, 44, 36, 28, 18, 10}},
};

static uint32_t holiday_percent(struct sg_civil date) {
    for (size_t i = 0; i < sizeof holidays / sizeof *holidays; i++)
        if (date.month == holidays[i].month && date.day == holidays[i].day) return holidays[i].percent;
    return 100;
}

/* Width of each day of a role, the days before it, and the guide into them. */
static void build_role(const struct sg_run *run, struct bs_rhythm *rhythm, unsigned role) {
    struct sg_source source = sg_source(run->seed, BS_DATASET_ID, BS_USER_SESSIONS);
    uint32_t *before = rhythm->before[role], next_guide = 0;
    before[0] = 0;
    for (uint32_t d = 0; d < BS_RHYTHM_DAYS; d++) {
        int32_t day = rhythm->first_day + (int32_t)d;
        struct sg_civil date = sg_civil_from_day(day);
        uint32_t noise = (uint32_t)sg_between(sg_draw(&source, d, STREAM_DAY_NOISE, 0).w[role], 940, 1060);
        uint32_t percent = weekday_percent[role][sg_weekday(day)] * holiday_percent(date) / 100;
        before[d + 1] = before[d] + percent * month_percent[date.month - 1] * noise / WIDTH_DIVISOR;
        while (next_guide < BS_RHYTHM_GUIDES && next_guide << BS_RHYTHM_SHIFT < before[d + 1])
            rhythm->guide[role][next_guide++] = (uint16_t)d;
    }
}

void bs_rhythm_build(const struct sg_run *run, struct bs_rhythm *rhythm) {
    rhythm->first_day = run->as_of_day - BS_HISTORY_DAYS - SLACK_DAYS;
    for (unsigned role = 0; role < BS_ROLE_COUNT; role++) {
        build_role(run, rhythm, role);
        for (int part = 0; part < BS_WEEK_PARTS; part++)
            bs_day_clock_build(&rhythm->clock[role][part], hours[role][part]);
    }
    for (int32_t d = 0; d < BS_RHYTHM_DAYS; d++) {
        int32_t weekday = sg_weekday(rhythm->first_day + d);
        rhythm->week_part[d] = weekday < 4 ? 0 : weekday < 6 ? 1 : 2;
        for (int zone = 0; zone < SG_ZONE_COUNT; zone++)
            rhythm->offset_s[zone][d] = sg_zone_offset_s((enum sg_zone)zone, rhythm->first_day + d);
    }
}

uint32_t bs_rhythm_position(const struct bs_rhythm *rhythm, unsigned role, unsigned zone, int64_t instant) {
    int32_t d = sg_day_of(instant) - rhythm->first_day;
    d = d < 0 ? 0 : d >= BS_RHYTHM_DAYS ? BS_RHYTHM_DAYS - 1 : d;
    int64_t local = instant + rhythm->offset_s[zone][d];
    d = sg_day_of(local) - rhythm->first_day;
    if (d < 0) return 0;
    if (d >= BS_RHYTHM_DAYS) return rhythm->before[role][BS_RHYTHM_DAYS] - 1;
    uint32_t second = (uint32_t)(local - (int64_t)(rhythm->first_day + d) * SG_DAY_S);
    uint64_t width = rhythm->before[role][d + 1] - rhythm->before[role][d];
    uint32_t fraction = bs_day_clock_fraction(&rhythm->clock[role][rhythm->week_part[d]], second);
    return rhythm->before[role][d] + (uint32_t)(width * fraction >> 16);
}
