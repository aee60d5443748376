/* The customer from its number: segment by quota, opening day, pace and rate of spending, and the plan of its
 * account months. */
#include "datasets/cardholders/cardholders.h"

#include "base/calendar.h"

enum { RATE_DAYS = 30, Q16 = 65536, THOUSAND = 1000, PERCENT = 100 };
enum { OLD_MONTHS_MIN = 24, OLD_MONTHS_MAX = 60, NEW_MONTHS = 6, NEW_DAYS_MIN = 30 };
/* Own pace lies within +-25 % of the segment's, a month's count within +-12 % of its share. */
enum { PACE_SPREAD = Q16 / 4, COUNT_SPREAD = 120 };

unsigned ch_strength(uint8_t decline, unsigned k) {
    static const uint8_t gradual[CH_MONTHS] = {100, 100, 100, 100, 100, 100, 100, 100, 100,
                                               100, 100, 100, 90,  80,  70,  60,  50,  40};
    if (decline == CH_NO_DECLINE) return PERCENT;
    return decline == CH_GRADUAL ? gradual[k] : k < CH_MONTHS - 2 ? PERCENT : 40;
}

/* 1.05^k in Q16 for the account months of New & Growing. */
static const uint32_t growth_q16[NEW_MONTHS + 1] = {65536, 68813, 72253, 75866, 79659, 83642, 87824};

/* Segment, card and decline of a place in the quotas. */
static void choose_segment(const struct sg_world *world, struct ch_customer *customer) {
    uint64_t place = sg_permute(&world->shuffle, customer->number);
    customer->segment = 0;
    while (customer->segment + 1 < CH_SEGMENT_COUNT && place >= world->segment_count[customer->segment])
        place -= world->segment_count[customer->segment++];
    customer->premium = customer->segment == CH_TRAVELER && place < world->premium_count;
    customer->decline = CH_NO_DECLINE;
    if (customer->segment == CH_DECLINING)
        customer->decline = place < world->gradual_count ? CH_GRADUAL : CH_SUDDEN;
}

static void choose_days(const struct sg_world *world, struct ch_customer *customer, uint32_t word) {
    int32_t as_of = world->run.as_of_day;
    bool fresh = customer->segment == CH_NEW;
    int32_t low = sg_add_months(as_of, fresh ? -NEW_MONTHS : -OLD_MONTHS_MAX) + 1;
    int32_t high = fresh ? as_of - NEW_DAYS_MIN : sg_add_months(as_of, -OLD_MONTHS_MIN);
    customer->open_day = sg_between(word, low, high);
    customer->first_day = fresh ? customer->open_day : world->calendar.window_first;
}

/* Right-skewed between the ends of the segment's range, less a margin for the noise of months. */
static int64_t choose_rate(const struct ch_segment_info *info, uint32_t a, uint32_t b) {
    int64_t low = info->spend_low * (THOUSAND + info->margin_low) / THOUSAND;
    int64_t high = info->spend_high * (THOUSAND - info->margin_high) / THOUSAND;
    if (info == &ch_segments[CH_NEW]) high = (high << 16) / growth_q16[NEW_MONTHS];
    int64_t u = ((int64_t)(a >> 16) + (b >> 16)) / 2; /* triangular */
    int64_t t = (u + (u * u >> 16)) / 2;
    return low + ((high - low) * t >> 16);
}

/* Days x strength in percent of a customer's time. */
static uint64_t strength_days(const struct sg_world *world, const struct ch_customer *customer) {
    if (customer->segment == CH_NEW) return (uint64_t)(world->run.as_of_day - customer->first_day) * PERCENT;
    return world->strength_days[customer->decline];
}

void ch_customer_get(const struct sg_world *world, uint64_t number, struct ch_customer *customer) {
    customer->number = number;
    choose_segment(world, customer);
    const struct ch_segment_info *info = &ch_segments[customer->segment];
    struct sg_block w = sg_draw(&world->people, number, CH_STREAM_ACCOUNT, 0);
    choose_days(world, customer, w.w[0]);
    customer->pace_q16 = (uint32_t)sg_between(w.w[1], Q16 - PACE_SPREAD, Q16 + PACE_SPREAD);
    customer->rate_cents = choose_rate(info, w.w[2], w.w[3]);
    customer->weight = strength_days(world, customer) * info->pace * (customer->pace_q16 >> 4);
}

uint64_t ch_rows_before(const struct sg_world *world, uint64_t number) {
    uint64_t before;
    sg_prefix_before(&world->weights, number, &before);
    return sg_share(world->transactions, before, sg_prefix_total(&world->weights, 0));
}

/* Uniform in 1000 +- spread. */
static int64_t around(uint32_t word, int32_t spread) {
    return sg_between(word, THOUSAND - spread, THOUSAND + spread);
}

/* Days and spend; *weight receives the month's weight in the customer's transactions. */
static void plan_month(const struct sg_world *world, const struct ch_customer *customer, unsigned k,
                       struct ch_month *month, uint64_t *weight) {
    const struct ch_segment_info *info = &ch_segments[customer->segment];
    struct sg_block w = sg_draw(&world->people, customer->number, CH_STREAM_MONTH, k);
    bool fresh = customer->segment == CH_NEW;
    if (fresh) {
        int32_t end = sg_add_months(customer->open_day, (int32_t)k + 1);
        month->first = sg_add_months(customer->open_day, (int32_t)k);
        month->end = end < world->run.as_of_day ? end : world->run.as_of_day;
    } else {
        month->first = world->calendar.month_day[k];
        month->end = world->calendar.month_day[k + 1];
    }
    int64_t days = month->end - month->first, strength = ch_strength(customer->decline, k);
    int64_t rate = customer->rate_cents * strength / PERCENT * around(w.w[0], info->noise) / THOUSAND;
    if (fresh) rate = rate * growth_q16[k] >> 16;
    month->budget_cents = (rate * days + RATE_DAYS / 2) / RATE_DAYS;
    month->last_gap = w.w[2];
    *weight = (uint64_t)(days * strength * around(w.w[1], COUNT_SPREAD));
}

unsigned ch_months_plan(const struct sg_world *world, const struct ch_customer *customer, uint64_t rows,
                        struct ch_month months[CH_MONTHS]) {
    uint64_t weights[CH_MONTHS], total = 0, before = 0, taken = 0;
    unsigned count = 0;
    while (count < CH_MONTHS && (count == 0 || months[count - 1].end < world->run.as_of_day)) {
        plan_month(world, customer, count, &months[count], &weights[count]);
        total += weights[count++];
    }
    for (unsigned k = 0; k < count; k++) {
        before += weights[k];
        uint64_t until = sg_share(rows, before, total);
        months[k].count = (uint32_t)(until - taken);
        taken = until;
    }
    return count;
}
