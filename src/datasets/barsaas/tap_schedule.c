/* One device's year of service days: how many events each has and which part of its curve they cover. */
#include "datasets/barsaas/iot.h"

enum { WORN_S = 30 * SG_DAY_S, SPELLS = 4, NOISE_WORDS = 4 * BS_NOISE_BLOCKS };
enum { VOLUME_MAX_Q16 = 4 << 16 };

/* Draws of stream BS_TAP_DEVICE. */
enum { DRAW_GENERAL, DRAW_LINEUP, DRAW_LINEUP_MORE, DRAW_SPELLS };

/* Shares of a line-up of n products, most favoured first, out of SG_CHOICE_SLOTS. */
enum { LINEUP_MIN = 4 };
static const uint8_t lineup_slots[BS_LINEUP_MAX - LINEUP_MIN + 1][BS_LINEUP_MAX] = {
    {26, 18, 12, 8},          {22, 16, 11, 9, 6},          {20, 14, 11, 8, 6, 5},
    {18, 13, 10, 8, 6, 5, 4}, {16, 12, 10, 8, 6, 5, 4, 3},
};

uint32_t bs_account_trouble_q16(const struct sg_world *world, uint64_t account) {
    return sg_draw(&world->iot->source, account, BS_TAP_TROUBLE, 0).w[0] >> 16;
}

bool bs_tap_life(const struct sg_world *world, const struct bs_device *device, int32_t *from, int32_t *to) {
    int64_t window = world->iot->profile.window;
    int64_t begin = device->installed > window ? device->installed : window;
    int64_t end = device->end < device->offline_since ? device->end : device->offline_since;
    if (end > device->last_seen + 1) end = device->last_seen + 1;
    if (end - begin < BS_TAP_LIFE_MIN_S) return false;
    *from = (int32_t)(begin - window);
    *to = (int32_t)(end - window);
    return true;
}

/* Volumes are compressed to [0.6, 1.6], so that any device at work pours nearly every day. */
uint64_t bs_tap_weight(const struct sg_world *world, const struct bs_device *device) {
    int32_t from, to;
    if (!bs_tap_life(world, device, &from, &to)) return 0;
    uint64_t volume = device->volume_q16 < VOLUME_MAX_Q16 ? device->volume_q16 : VOLUME_MAX_Q16;
    uint64_t rate_q16 = 39322 + volume / 4;
    return rate_q16 * (uint64_t)(to - from) >> 12;
}

/* The service day in which a relative second lies (its gap before 05:00 counts to the day before). */
static int service_day(const int32_t *day_start, int32_t at) {
    int s = (at - day_start[0] - BS_SERVICE_FROM_S) / SG_DAY_S;
    s = s < 0 ? 0 : s >= BS_SERVICE_DAYS ? BS_SERVICE_DAYS - 1 : s;
    while (s > 0 && at < day_start[s] + BS_SERVICE_FROM_S)
        s--;
    while (s + 1 < BS_SERVICE_DAYS && at >= day_start[s + 1] + BS_SERVICE_FROM_S)
        s++;
    return s;
}

/* What is asked of the days [first, last] of a device. */
struct days {
    int first, last;
    uint32_t weight[BS_SERVICE_DAYS];
    uint32_t low[BS_SERVICE_DAYS], mass[BS_SERVICE_DAYS]; /* part of the day's curve, out of 2^32 - 1 */
    uint64_t total;
};

static const int32_t *curve_of(const struct bs_tap_profile *profile, unsigned industry, int s) {
    return profile->hours + (industry * BS_DAY_CLASSES + profile->day_class[s]) * BS_CURVE_KNOTS;
}

/* The first and the last day count by the part of their curve inside the device's life. */
static void cut_edges(const struct bs_tap_profile *profile, unsigned industry, const int32_t *day_start,
                      int32_t from, int32_t to, struct days *days) {
    for (int s = days->first; s <= days->last; s++) {
        days->low[s] = 0;
        days->mass[s] = UINT32_MAX;
    }
    int a = days->first, b = days->last;
    uint32_t low = bs_curve_share(curve_of(profile, industry, a), from - day_start[a]);
    uint32_t high = bs_curve_share(curve_of(profile, industry, b), to - day_start[b]);
    days->mass[b] = high;
    days->low[a] = low;
    days->mass[a] = days->mass[a] > low ? days->mass[a] - low : 0;
}

static void weigh(const struct sg_world *world, unsigned industry, uint64_t device, struct days *days) {
    const struct bs_tap_profile *profile = &world->iot->profile;
    const uint16_t *usual = profile->day_weight[industry];
    uint32_t words[NOISE_WORDS];
    world->kernels->philox(&world->iot->source, device * BS_NOISE_BLOCKS, BS_TAP_DAY_NOISE, 0,
                           BS_NOISE_BLOCKS, words, words + BS_NOISE_BLOCKS, words + 2 * BS_NOISE_BLOCKS,
                           words + 3 * BS_NOISE_BLOCKS);
    for (int s = days->first; s <= days->last; s++) {
        uint32_t byte = words[s % NOISE_WORDS] >> (24 - 8 * (s / NOISE_WORDS)) & 0xFF;
        days->weight[s] = usual[s] * (uint32_t)profile->noise[byte];
    }
}

/* Outages of some days, more of them where there is trouble. */
static void black_out(const struct sg_world *world, uint64_t device, uint32_t trouble_q16,
                      struct days *days) {
    struct sg_block block = sg_draw(&world->iot->source, device, BS_TAP_DEVICE, DRAW_SPELLS);
    uint32_t chance = 160 + (uint32_t)((uint64_t)trouble_q16 * trouble_q16 * 3200 >> 32); /* of 4096 */
    for (int i = 0; i < SPELLS; i++) {
        uint32_t word = block.w[i];
        if (word >> 20 >= chance) continue;
        int start = (int)((word >> 8 & 0xFFF) * BS_SERVICE_DAYS >> 12);
        int end = start + 2 + (int)((word & 0xFF) * (word & 0xFF) >> 13);
        for (int s = start < days->first ? days->first : start; s < end && s <= days->last; s++)
            days->weight[s] = 0;
    }
}

/* Events fade to half while a device wears out. */
static void wear(const int32_t *day_start, int32_t worn_from, struct days *days) {
    for (int s = days->last; s >= days->first && day_start[s] > worn_from; s--) {
        int64_t gone = (int64_t)(day_start[s] - worn_from) * 128 / WORN_S;
        days->weight[s] = (uint32_t)((int64_t)days->weight[s] * (256 - gone) >> 8);
    }
}

static void sum_up(struct days *days) {
    int a = days->first, b = days->last;
    days->weight[a] = (uint32_t)((uint64_t)days->weight[a] * days->mass[a] >> 32);
    if (b != a) days->weight[b] = (uint32_t)((uint64_t)days->weight[b] * days->mass[b] >> 32);
    days->total = 0;
    for (int s = a; s <= b; s++)
        days->total += days->weight[s];
}

/* Divides the rows among the days by cumulative rounding, beginning at a phase of the device's own. */
static void divide(const struct bs_tap_profile *profile, unsigned industry, const int32_t *day_start,
                   const struct days *days, uint32_t phase, struct bs_tap_schedule *schedule) {
    uint64_t rows = schedule->row_end - schedule->row, sum = 0, done = 0;
    uint64_t scale = days->total ? (rows << 32) / days->total : 0;
    for (int s = days->first, run = 0; s <= days->last; s++, run++) {
        sum += days->weight[s];
        uint64_t upto = sum == days->total ? rows : (sum * scale + phase) >> 32;
        uint32_t k = (uint32_t)(upto - done);
        done = upto;
        schedule->length[run] = k;
        schedule->run[run] =
            (struct sg_row_run){.low = days->low[s],
                                .step = days->mass[s] == UINT32_MAX && k < 64 ? profile->reciprocal[k]
                                        : k                                   ? days->mass[s] / k
                                                                              : 0,
                                .start = (industry * BS_DAY_CLASSES + profile->day_class[s]) * BS_CURVE_KNOTS,
                                .base = day_start[s]};
    }
}

enum { TEMPERATURE_MIN = -50, TEMPERATURE_MAX = 400, VOLUME_MAX_ML = 4000 };
enum { VALVE_DECI_S = 4 }; /* the valve opens and closes whatever the volume */

static void prepare_line_up(const struct bs_tap_profile *profile, struct bs_tap_schedule *schedule) {
    schedule->volume_ml = (struct sg_shape){
        .curves = {profile->pours, BS_CURVE_BITS, profile->pours_packed, 0}, .low = 1, .high = VOLUME_MAX_ML};
    schedule->temperature_deci_c = (struct sg_shape){
        .curves = {sg_normal_table, 10, NULL, 0}, .low = TEMPERATURE_MIN, .high = TEMPERATURE_MAX};
    schedule->duration_deci_s =
        (struct sg_stretch){.curves = {profile->drag, BS_CURVE_BITS, profile->drag_packed, BS_DRAG_FLOOR},
                            .add = VALVE_DECI_S,
                            .low = 1,
                            .high = INT16_MAX};
}

static void put_on_tap(struct bs_tap_schedule *schedule, uint32_t place, uint32_t number, int32_t bias) {
    const struct bs_product *product = &bs_products[number];
    schedule->product.of[place] = (int32_t)number + 1;
    schedule->volume_ml.start.of[place] = product->category * BS_CURVE_KNOTS;
    schedule->volume_ml.factor.of[place] = product->pour_ml;
    schedule->temperature_deci_c.add.of[place] = product->temperature_deci_c + bias;
    schedule->temperature_deci_c.factor.of[place] = product->spread_deci_c;
    schedule->duration_deci_s.factor.of[place] = 10 * 65536 / product->flow_ml_per_s;
}

/* Four to eight products by the industry's taste; one that is already there gives way to another further on
 * in the list. */
static void line_up(const struct sg_world *world, const struct bs_account *account, uint64_t device,
                    struct bs_tap_schedule *schedule) {
    const struct bs_tap_profile *profile = &world->iot->profile;
    const struct sg_source *source = &world->iot->source;
    uint32_t words[BS_LINEUP_MAX], general = sg_draw(source, device, BS_TAP_DEVICE, DRAW_GENERAL).w[1];
    struct sg_block a = sg_draw(source, device, BS_TAP_DEVICE, DRAW_LINEUP),
                    b = sg_draw(source, device, BS_TAP_DEVICE, DRAW_LINEUP_MORE);
    for (int i = 0; i < 4; i++) {
        words[i] = a.w[i];
        words[4 + i] = b.w[i];
    }
    uint32_t size = LINEUP_MIN + sg_below(general, BS_LINEUP_MAX - LINEUP_MIN + 1);
    uint64_t taken = 0;
    int32_t bias = sg_between(general << 16, -8, 8);
    prepare_line_up(profile, schedule);
    for (uint32_t i = 0, slot = 0; i < size; i++) {
        uint32_t product = sg_alias_pick(&profile->popularity[account->industry], words[i]);
        while (taken >> product & 1)
            product = (product + 7) % BS_PRODUCT_COUNT;
        taken |= (uint64_t)1 << product;
        put_on_tap(schedule, i, product, bias);
        for (uint32_t n = lineup_slots[size - LINEUP_MIN][i]; n > 0; n--)
            sg_choice_set(&schedule->line_up, slot++, i);
    }
}

void bs_tap_schedule(const struct sg_world *world, const struct bs_account *account,
                     const struct bs_device *device, uint64_t row, uint64_t row_end,
                     struct bs_tap_schedule *schedule) {
    const struct bs_tap_profile *profile = &world->iot->profile;
    schedule->device = device->number;
    schedule->row = row;
    schedule->row_end = row_end;
    schedule->day = 0;
    schedule->row_first = row;
    schedule->anomaly = bs_anomalies_before(world, row);
    if (row == row_end || !bs_tap_life(world, device, &schedule->from, &schedule->to)) return;
    uint32_t trouble = bs_account_trouble_q16(world, account->number);
    bool fails = device->offline_since < device->end;
    schedule->worn_from = fails ? schedule->to - WORN_S : INT32_MAX;
    schedule->error_share = BS_TAP_ERROR_SHARE + (uint32_t)((uint64_t)BS_TAP_ERROR_SHARE * 2 * trouble >> 16);
    schedule->worn_error_share = schedule->error_share * (fails ? BS_TAP_WORN_ERRORS : 1);

    const int32_t *day_start = profile->day_start[account->locations[device->location].zone];
    struct days days;
    days.first = service_day(day_start, schedule->from);
    days.last = service_day(day_start, schedule->to - 1);
    cut_edges(profile, account->industry, day_start, schedule->from, schedule->to, &days);
    weigh(world, account->industry, device->number, &days);
    if (fails) wear(day_start, schedule->worn_from, &days);
    black_out(world, device->number, trouble, &days);
    sum_up(&days);
    if (days.total == 0) { /* nothing but outages: forget them */
        weigh(world, account->industry, device->number, &days);
        sum_up(&days);
    }
    divide(profile, account->industry, day_start, &days,
           sg_draw(&world->iot->source, device->number, BS_TAP_DEVICE, DRAW_GENERAL).w[0], schedule);
    line_up(world, account, device->number, schedule);
}
