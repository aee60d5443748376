/* A user's 90 days: the monthly rows first, then everyday purchases up to the user's count, all put in order
 * of time. Categories, and who pays (card or checking), come out to the unit by largest remainder. */
#include "datasets/spendsense/spendsense.h"

#include <string.h>

#include "base/calendar.h"

static const char *const categories[SS_CATEGORY_COUNT] = {
    [SS_FOOD] = "Food & Drink",        [SS_SHOPPING] = "Shopping",        [SS_BILLS] = "Bills",
    [SS_DIGITAL] = "Subscriptions",    [SS_TRANSPORT] = "Transportation", [SS_FUN] = "Entertainment",
    [SS_INTEREST] = "Interest Charge", [SS_TRANSFER] = "Transfer",
};
const struct sg_enum ss_category_labels = {"category", categories, SS_CATEGORY_COUNT};

/* What everyday spending of a category is like. Money in cents. */
struct habit {
    uint32_t share; /* percent of everyday purchases */
    int32_t low, high;
    uint32_t on_card_percent;
    enum ss_rhythm rhythm;
    uint32_t priced_99;  /* of 64: amounts that end in 99 cents */
    uint32_t favourites; /* shops the user returns to */
    uint32_t elsewhere_percent;
    uint32_t opens_s, open_s; /* second of the day, and how long */
};

static const struct habit habits[SS_EVERYDAY_COUNT] = {
    [SS_FOOD] = {25, 500, 7500, 0, SS_WEEKENDS, 6, 7, 22, 6 * SG_HOUR_S, 17 * SG_HOUR_S},
    [SS_SHOPPING] = {20, 1500, 20000, 60, SS_WEEKENDS, 26, 6, 35, 8 * SG_HOUR_S, 14 * SG_HOUR_S},
    [SS_BILLS] = {25, 3000, 15000, 60, SS_EVEN, 3, 8, 10, 3 * SG_HOUR_S, 15 * SG_HOUR_S},
    [SS_DIGITAL] = {15, 1000, 3000, 100, SS_EVEN, 40, 6, 40, 1 * SG_HOUR_S, 22 * SG_HOUR_S},
    [SS_TRANSPORT] = {10, 1000, 5000, 0, SS_WORKDAYS, 0, 4, 20, 6 * SG_HOUR_S, 16 * SG_HOUR_S},
    [SS_FUN] = {5, 800, 10000, 0, SS_WEEKENDS, 20, 4, 45, 11 * SG_HOUR_S, 12 * SG_HOUR_S},
};

/* How often a shop is chosen among the user's favourites. */
enum { FAVOURITES_MAX = 8 };
static const uint32_t favourite_weights[FAVOURITES_MAX] = {10, 7, 5, 4, 3, 2, 2, 1};

/* A monthly row falls on a day of the first month and 30 and 60 days later, each up to two days late. */
enum { FIRST_DAY_MAX = 27, LATE_DAYS_MAX = 2, ON_TIME_PERCENT = 75, ONE_LATE_PERCENT = 90 };
enum { BATCH_OPENS_S = 4 * SG_HOUR_S, BATCH_S = 2 * SG_HOUR_S };

void ss_days_open(struct sg_world *world) {
    static const uint32_t weights[SS_RHYTHM_COUNT][2] = {
        [SS_EVEN] = {10, 10}, [SS_WEEKENDS] = {10, 17}, [SS_WORKDAYS] = {15, 8}};
    for (int rhythm = 0; rhythm < SS_RHYTHM_COUNT; rhythm++) {
        uint64_t total = 0, before = 0;
        for (int day = 0; day < SS_HISTORY_DAYS; day++)
            total += weights[rhythm][sg_weekday(world->day_first + day) >= 5];
        for (int day = 0; day < SS_HISTORY_DAYS; day++) {
            uint64_t from = sg_share(SS_DAY_SLOTS, before, total);
            before += weights[rhythm][sg_weekday(world->day_first + day) >= 5];
            uint64_t to = sg_share(SS_DAY_SLOTS, before, total);
            memset(world->days[rhythm] + from, day, to - from);
        }
    }
}

/* A truncated exponential between 0 and 4 (Q16.16), mean 0.93. */
static int64_t short_tail(uint32_t word) {
    int64_t value = sg_exponential((uint32_t)((uint64_t)word * 64336 >> 16)); /* 1 - exp(-4), Q16.16 */
    return value < 4 * 65536 ? value : 4 * 65536 - 1;
}

/* Sum of two short tails over the range: few at the low end, most below the middle, a long tail. */
static int64_t price(const struct habit *habit, uint32_t a, uint32_t b) {
    int64_t cents = habit->low + ((habit->high - habit->low) * (short_tail(a) + short_tail(b)) >> 19);
    if ((b & 63) >= habit->priced_99) return cents;
    cents += 99 - cents % 100;
    return cents <= habit->high ? cents : cents - 100;
}

static uint16_t choose_shop(const struct habit *habit, uint32_t word, uint16_t *next) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < habit->favourites; i++)
        total += favourite_weights[i];
    uint32_t scaled = sg_below(word, 100 * total);
    if (scaled < habit->elsewhere_percent * total) return (*next)++;
    uint32_t at = (scaled - habit->elsewhere_percent * total) / (100 - habit->elsewhere_percent);
    uint16_t shop = 0;
    while (at >= favourite_weights[shop])
        at -= favourite_weights[shop++];
    return shop;
}

static void purchase(const struct sg_world *world, const struct ss_user *user, uint32_t number, int category,
                     bool on_card, uint16_t *next, struct ss_entry *entry) {
    const struct habit *habit = &habits[category];
    struct sg_block w = sg_draw(&world->sources[SS_TRANSACTIONS], user->number, SS_STREAM_PURCHASE, number);
    entry->day = world->days[habit->rhythm][w.w[0] >> (32 - SS_DAY_SLOT_BITS)];
    entry->second = habit->opens_s + sg_below(w.w[0] << SS_DAY_SLOT_BITS, habit->open_s);
    entry->category = (uint8_t)category;
    entry->account = on_card ? SS_CARD : SS_CHECKING;
    entry->service = 0;
    entry->shop = choose_shop(habit, w.w[3], next);
    entry->amount = -price(habit, w.w[1], w.w[2]);
}

static void share_out(uint32_t count, uint64_t counts[SS_EVERYDAY_COUNT]) {
    uint32_t shares[SS_EVERYDAY_COUNT];
    for (int c = 0; c < SS_EVERYDAY_COUNT; c++)
        shares[c] = habits[c].share;
    sg_quota(count, shares, SS_EVERYDAY_COUNT, counts);
}

void ss_category_counts(const struct ss_user *user, uint64_t counts[SS_CATEGORY_COUNT]) {
    uint32_t services = SS_MONTHS * user->service_count;
    counts[SS_INTEREST] = user->interest ? SS_MONTHS : 0;
    counts[SS_TRANSFER] = user->transfer ? 2 * SS_MONTHS : 0;
    share_out(user->transactions - services - (uint32_t)(counts[SS_INTEREST] + counts[SS_TRANSFER]), counts);
    counts[SS_DIGITAL] += services;
}

static void purchases(const struct sg_world *world, const struct ss_user *user, struct ss_entry *entries,
                      uint32_t count) {
    uint32_t made = 0;
    uint64_t counts[SS_EVERYDAY_COUNT];
    uint16_t next[SS_EVERYDAY_COUNT];
    for (int c = 0; c < SS_EVERYDAY_COUNT; c++)
        next[c] = (uint16_t)habits[c].favourites;
    share_out(count, counts);
    for (int c = 0; c < SS_EVERYDAY_COUNT; c++) {
        uint64_t on_card = sg_muldiv_round(counts[c], habits[c].on_card_percent, 100);
        for (uint64_t k = 0; k < counts[c]; k++, made++)
            purchase(world, user, made, c, k < on_card, &next[c], &entries[made]);
    }
    ss_part_lookalikes(entries, count, next);
}

/* The three rows of a monthly matter; `number` tells a user's matters apart. */
static void monthly(const struct sg_world *world, const struct ss_user *user, uint32_t number,
                    const struct ss_entry *like, struct ss_entry *entries) {
    struct sg_block w = sg_draw(&world->sources[SS_TRANSACTIONS], user->number, SS_STREAM_MONTHLY, number);
    uint32_t first = sg_below(w.w[3], FIRST_DAY_MAX + 1);
    for (uint32_t month = 0; month < SS_MONTHS; month++) {
        uint32_t percent = sg_below(w.w[month], 100);
        uint32_t late = percent < ON_TIME_PERCENT ? 0 : percent < ONE_LATE_PERCENT ? 1 : LATE_DAYS_MAX;
        entries[month] = *like;
        entries[month].day = (uint8_t)(first + month * SS_MONTH_DAYS + late);
        entries[month].second = BATCH_OPENS_S + sg_below(w.w[month] << 8, BATCH_S);
    }
}

static uint32_t recurring(const struct sg_world *world, const struct ss_user *user, struct ss_entry *out) {
    uint32_t made = 0, matter = 0;
    for (uint32_t i = 0; i < user->service_count; i++, made += SS_MONTHS) {
        uint8_t service = user->services[i];
        struct ss_entry like = {
            .category = SS_DIGITAL, .account = SS_CARD, .service = (uint8_t)(service + 1)};
        like.amount = -ss_services[service].price;
        monthly(world, user, matter++, &like, out + made);
    }
    if (user->interest) {
        struct ss_entry like = {.category = SS_INTEREST, .account = SS_CARD, .amount = -user->interest};
        monthly(world, user, matter++, &like, out + made);
        made += SS_MONTHS;
    }
    if (user->transfer) {
        struct ss_entry like = {.category = SS_TRANSFER, .account = SS_CHECKING, .amount = -user->transfer};
        monthly(world, user, matter, &like, out + made);
        like.account = SS_SAVINGS;
        like.amount = user->transfer;
        monthly(world, user, matter, &like, out + made + SS_MONTHS);
        made += 2 * SS_MONTHS;
    }
    return made;
}

static bool later(const struct ss_entry *a, const struct ss_entry *b) {
    return a->day != b->day ? a->day > b->day : a->second > b->second;
}

/* Stable: by day through counts, then the few of a day among themselves. */
static void put_in_order(struct ss_entry *entries, uint32_t count) {
    struct ss_entry sorted[SS_ENTRIES_MAX];
    uint16_t at[SS_HISTORY_DAYS + 1] = {0};
    for (uint32_t i = 0; i < count; i++)
        at[entries[i].day + 1]++;
    for (int day = 0; day < SS_HISTORY_DAYS; day++)
        at[day + 1] = (uint16_t)(at[day + 1] + at[day]);
    for (uint32_t i = 0; i < count; i++)
        sorted[at[entries[i].day]++] = entries[i];
    for (uint32_t i = 0; i < count; i++) {
        uint32_t to = i;
        for (; to > 0 && later(&entries[to - 1], &sorted[i]); to--)
            entries[to] = entries[to - 1];
        entries[to] = sorted[i];
    }
}

void ss_plan(const struct sg_world *world, const struct ss_user *user, struct ss_entry *entries) {
    uint32_t made = recurring(world, user, entries);
    purchases(world, user, entries + made, user->transactions - made);
    put_in_order(entries, user->transactions);
}
