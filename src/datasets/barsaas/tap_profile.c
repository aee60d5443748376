/* What all devices share: the calendar of a year of evenings, curves of the day, pour sizes, products. Data
 * in tables; everything is integer arithmetic on them, done once a world. */
#include "datasets/barsaas/iot.h"

/* Events an hour of a service day from 05:00 on, in any unit. The peak is 18 to 22 everywhere. */
static const uint8_t hour_weights[BS_INDUSTRY_COUNT][BS_DAY_CLASSES][BS_SERVICE_HOURS] = {
    [BS_RESTAURANT] = {{1, 1, 2, 3, 4, 8, 25, 40, 34, 20, 18, 28, 60, 95, 110, 100, 76, 40, 18, 7, 3, 1, 1},
                       {1,  1,   2,   3,   5,   10, 26, 40, 38, 28, 26, 38,
                        66, 100, 122, 120, 104, 66, 34, 16, 6,  2,  1},
                       {1, 1, 3, 6, 12, 24, 44, 54, 48, 34, 30, 38, 62, 86, 90, 76, 50, 24, 10, 4, 2, 1, 1}},
    [BS_BAR] = {{1, 1, 1, 1, 2, 4, 10, 18, 18, 16, 20, 36, 62, 90, 105, 110, 100, 66, 44, 28, 14, 4, 1},
                {1, 1, 1, 1, 2, 4, 12, 22, 24, 24, 30, 46, 70, 100, 122, 134, 132, 104, 78, 56, 32, 8, 2},
                {1, 1, 1, 2, 4, 10, 26, 40, 44, 44, 42, 46, 60, 80, 90, 84, 66, 38, 22, 12, 6, 2, 1}},
    [BS_HOTEL] = {{2, 4, 8, 10, 12, 14, 24, 34, 30, 24, 26, 40, 66, 90, 104, 100, 84, 50, 28, 14, 6, 3, 2},
                  {2, 4, 8, 12, 14, 16, 26, 36, 34, 30, 34, 46, 72, 98, 116, 118, 104, 74, 46, 24, 10, 4, 2},
                  {2, 4, 10, 16, 18, 22, 32, 38, 34, 28, 28, 38, 58, 78, 86, 78, 58, 32, 16, 8, 4, 2, 2}},
    [BS_OTHER] = {{1, 2, 6, 10, 14, 18, 30, 40, 36, 26, 26, 38, 60, 84, 92, 86, 64, 34, 16, 7, 3, 2, 1},
                  {1, 2, 5, 9, 13, 18, 30, 42, 40, 32, 32, 44, 66, 94, 110, 106, 86, 54, 30, 14, 6, 2, 1},
                  {1, 2, 4, 8, 14, 20, 34, 44, 42, 34, 30, 38, 56, 76, 80, 68, 46, 22, 10, 5, 3, 2, 1}},
};

/* Monday first, 256 = usual. */
static const uint16_t weekday_weights[BS_INDUSTRY_COUNT][7] = {
    [BS_RESTAURANT] = {184, 202, 218, 248, 340, 360, 240},
    [BS_BAR] = {164, 188, 214, 262, 374, 392, 198},
    [BS_HOTEL] = {222, 238, 246, 252, 298, 310, 226},
    [BS_OTHER] = {214, 226, 238, 256, 306, 318, 234},
};

/* January first, 256 = usual. */
static const uint16_t month_weights[BS_INDUSTRY_COUNT][12] = {
    [BS_RESTAURANT] = {222, 232, 250, 256, 268, 272, 274, 270, 252, 252, 250, 274},
    [BS_BAR] = {216, 230, 260, 254, 266, 276, 282, 278, 258, 254, 244, 264},
    [BS_HOTEL] = {208, 222, 252, 258, 266, 288, 298, 290, 256, 254, 232, 248},
    [BS_OTHER] = {222, 232, 250, 258, 272, 284, 288, 280, 256, 248, 236, 246},
};

/* US holidays. Fixed ones by day of month; floating ones as the nth weekday of a month (n = 5: the last). */
static const struct holiday {
    uint8_t month, day;   /* day 0: floating */
    uint8_t nth, weekday; /* floating; Monday = 0 */
    int8_t shift;         /* days to add: the evening before, the day after */
    uint16_t weight[BS_INDUSTRY_COUNT];
} holidays[] = {
    {1, 1, 0, 0, 0, {170, 190, 270, 160}},   /* New Year's Day */
    {2, 14, 0, 0, 0, {400, 290, 330, 250}},  /* Valentine's Day */
    {2, 0, 2, 6, 0, {260, 420, 290, 250}},   /* second Sunday of February: the big football game */
    {3, 17, 0, 0, 0, {330, 600, 310, 290}},  /* Saint Patrick's Day */
    {5, 5, 0, 0, 0, {370, 410, 290, 270}},   /* Cinco de Mayo */
    {5, 0, 2, 6, 0, {390, 240, 300, 250}},   /* Mother's Day */
    {5, 0, 5, 0, -1, {320, 380, 340, 310}},  /* the evening before Memorial Day */
    {7, 4, 0, 0, 0, {230, 330, 330, 290}},   /* Independence Day */
    {9, 0, 1, 0, -1, {320, 380, 340, 310}},  /* the evening before Labor Day */
    {10, 31, 0, 0, 0, {270, 430, 280, 270}}, /* Halloween */
    {11, 0, 4, 3, -1, {330, 480, 280, 270}}, /* the evening before Thanksgiving */
    {11, 0, 4, 3, 0, {110, 150, 240, 90}},   /* Thanksgiving */
    {12, 24, 0, 0, 0, {160, 150, 220, 110}}, /* Christmas Eve */
    {12, 25, 0, 0, 0, {60, 90, 210, 50}},    /* Christmas Day */
    {12, 31, 0, 0, 0, {460, 620, 500, 380}}, /* New Year's Eve */
};

/* Pour sizes as shares of the full pour: parts in ascending order, each normal around its centre. */
enum { POUR_PARTS = 3 };
static const struct pour_shape {
    struct {
        uint8_t share; /* out of 256; the last part takes the rest */
        uint32_t centre_q16, spread_q16;
    } part[POUR_PARTS];
} pour_shapes[BS_PRODUCT_CATEGORY_COUNT] = {
    [BS_DRAFT_BEER] = {{{12, 15000, 1800}, {46, 39000, 2200}, {0, 65536, 3300}}},
    [BS_CRAFT_BEER] = {{{30, 16000, 1800}, {60, 40000, 2300}, {0, 65536, 3400}}},
    [BS_CIDER] = {{{16, 15500, 1800}, {44, 39500, 2200}, {0, 65536, 3400}}},
    [BS_WINE] = {{{24, 33000, 1900}, {176, 65536, 3000}, {0, 98304, 4200}}},
    [BS_COCKTAIL] = {{{6, 34000, 2200}, {226, 65536, 3300}, {0, 104000, 5000}}},
    [BS_SOFT_DRINK] = {{{60, 43000, 3600}, {150, 65536, 4200}, {0, 91000, 5200}}},
    [BS_COFFEE_TEA] = {{{52, 48000, 3000}, {160, 65536, 3800}, {0, 90000, 4800}}},
};

static void build_hours(int32_t *knots, const uint8_t weights[BS_SERVICE_HOURS]) {
    uint32_t total = 0, before = 0;
    for (int h = 0; h < BS_SERVICE_HOURS; h++)
        total += weights[h];
    int hour = 0;
    for (uint32_t k = 0; k < BS_CURVE_KNOTS; k++) {
        uint32_t at = k * total; /* in units of 1 / 2^BS_CURVE_BITS of a weight */
        while (hour + 1 < BS_SERVICE_HOURS && at > (before + weights[hour]) << BS_CURVE_BITS)
            before += weights[hour++];
        uint32_t inside = (at - (before << BS_CURVE_BITS)) * SG_HOUR_S / weights[hour] >> BS_CURVE_BITS;
        knots[k] = BS_SERVICE_FROM_S + hour * SG_HOUR_S + (int32_t)inside;
    }
}

static void build_pours(int32_t *knots, const struct pour_shape *shape) {
    uint32_t before = 0;
    int p = 0;
    for (uint32_t k = 0; k < BS_CURVE_KNOTS; k++) {
        while (p + 1 < POUR_PARTS && k > before + shape->part[p].share)
            before += shape->part[p++].share;
        uint32_t share = p + 1 < POUR_PARTS ? shape->part[p].share : BS_CURVE_KNOTS - 1 - before;
        uint64_t word = ((uint64_t)(k - before) << 32) / share;
        int32_t z = sg_normal(word > UINT32_MAX ? UINT32_MAX : (uint32_t)word);
        int64_t value = shape->part[p].centre_q16 + ((int64_t)shape->part[p].spread_q16 * z >> 16);
        knots[k] = (int32_t)(k && value < knots[k - 1] ? knots[k - 1] : value);
    }
}

static int32_t holiday_day(const struct holiday *h, int32_t year) {
    if (h->day) return sg_day_from_civil(year, h->month, h->day) + h->shift;
    int32_t first = sg_day_from_civil(year, h->month, 1);
    int32_t day = first + (h->weekday - sg_weekday(first) + 7) % 7 + 7 * (h->nth - 1);
    if (h->nth == 5 && day >= first + sg_days_in_month(year, h->month)) day -= 7;
    return day + h->shift;
}

static void build_calendar(struct bs_tap_profile *profile, int32_t first_day) {
    for (int s = 0; s < BS_SERVICE_DAYS; s++) {
        int32_t day = first_day + s, weekday = sg_weekday(day);
        int month = sg_civil_from_day(day).month - 1;
        profile->day_class[s] = weekday < 4 ? 0 : weekday < 6 ? 1 : 2;
        for (int i = 0; i < BS_INDUSTRY_COUNT; i++)
            profile->day_weight[i][s] =
                (uint16_t)((uint32_t)weekday_weights[i][weekday] * month_weights[i][month] >> 8);
        for (int z = 0; z < SG_ZONE_COUNT; z++)
            profile->day_start[z][s] =
                (int32_t)((int64_t)day * SG_DAY_S - sg_zone_offset_s((enum sg_zone)z, day) - profile->window);
    }
    int32_t year = sg_civil_from_day(first_day).year;
    for (size_t h = 0; h < 2 * (sizeof holidays / sizeof *holidays); h++) {
        const struct holiday *holiday = &holidays[h / 2];
        int32_t s = holiday_day(holiday, year + (int32_t)(h % 2)) - first_day;
        for (int i = 0; i < BS_INDUSTRY_COUNT && s >= 0 && s < BS_SERVICE_DAYS; i++)
            profile->day_weight[i][s] = holiday->weight[i];
    }
}

static enum sg_code build_popularity(struct bs_tap_profile *profile, struct sg_error *err) {
    for (int i = 0; i < BS_INDUSTRY_COUNT; i++) {
        uint32_t weights[BS_PRODUCT_COUNT];
        for (int p = 0; p < BS_PRODUCT_COUNT; p++)
            weights[p] = bs_products[p].popularity[i];
        if (!sg_alias_build(&profile->popularity[i], weights, BS_PRODUCT_COUNT))
            return sg_fail(err, SG_SYSTEM, "no memory for the popularity of products");
    }
    return SG_OK;
}

/* The drag of pours is about 0, all other curves are above it. */
static bool pack_curves(struct bs_tap_profile *profile) {
    return sg_curves_pack(profile->hours, sizeof profile->hours / sizeof *profile->hours, 0,
                          profile->hours_packed) &&
           sg_curves_pack(profile->pours, sizeof profile->pours / sizeof *profile->pours, 0,
                          profile->pours_packed) &&
           sg_curves_pack(profile->drag, sizeof profile->drag / sizeof *profile->drag, BS_DRAG_FLOOR,
                          profile->drag_packed);
}

enum sg_code bs_tap_profile_open(const struct sg_world *world, struct bs_tap_profile *profile,
                                 struct sg_error *err) {
    profile->window = world->as_of - (int64_t)BS_TAP_DAYS * SG_DAY_S;
    build_calendar(profile, world->run.as_of_day - BS_SERVICE_DAYS);
    for (int i = 0; i < BS_INDUSTRY_COUNT; i++)
        for (int c = 0; c < BS_DAY_CLASSES; c++)
            build_hours(profile->hours + (i * BS_DAY_CLASSES + c) * BS_CURVE_KNOTS, hour_weights[i][c]);
    for (int c = 0; c < BS_PRODUCT_CATEGORY_COUNT; c++)
        build_pours(profile->pours + c * BS_CURVE_KNOTS, &pour_shapes[c]);
    for (int64_t k = 0; k < BS_CURVE_KNOTS; k++)
        profile->drag[k] = sg_normal((uint32_t)(k << 24 > UINT32_MAX ? UINT32_MAX : k << 24)) / 8;
    if (!pack_curves(profile)) return sg_fail(err, SG_INTERNAL, "a curve of the taps does not fit its words");
    for (uint32_t k = 0; k < 1 << 8; k++)
        profile->noise[k] = 102 + (int32_t)((int64_t)154 * sg_exponential(k << 24 | 1 << 23) >> 16);
    profile->reciprocal[0] = 0;
    for (uint32_t k = 1; k < 64; k++)
        profile->reciprocal[k] = UINT32_MAX / k;
    return build_popularity(profile, err);
}

void bs_tap_profile_close(struct bs_tap_profile *profile) {
    for (int i = 0; i < BS_INDUSTRY_COUNT; i++)
        sg_alias_free(&profile->popularity[i]);
}

uint32_t bs_curve_share(const int32_t *knots, int32_t second) {
    uint32_t low = 0, high = BS_CURVE_KNOTS - 1;
    if (second <= knots[0]) return 0;
    if (second >= knots[high]) return UINT32_MAX;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (knots[middle] <= second)
            low = middle;
        else
            high = middle;
    }
    uint32_t width = (uint32_t)(knots[low + 1] - knots[low]), inside = (uint32_t)(second - knots[low]);
    return (low << (32 - BS_CURVE_BITS)) +
           (uint32_t)(((uint64_t)inside << (32 - BS_CURVE_BITS)) / (width ? width : 1));
}
