/* What a customer's card is used for: the segment's mix of categories bent by own taste, three favourite
 * merchants in each, and a channel profile by age. Tables of equal slots, so that a row needs one look each.
 */
#include "datasets/cardholders/cardholders.h"

#include <string.h>

enum { SLOTS = 64, MIX_SLOTS = 1 << CH_MIX_BITS, TASTE_SPREAD = 200, THOUSAND = 1000 };

/* Percent Online, In-Store of a category for people who do as most do; the rest is Mobile. */
static const uint8_t usual[CH_CATEGORY_COUNT][2] = {
    [CH_TRAVEL] = {60, 12},  [CH_DINING] = {12, 66}, [CH_HOTELS] = {62, 22},
    [CH_AIRLINES] = {74, 4}, [CH_RETAIL] = {46, 38}, [CH_ENTERTAINMENT] = {50, 26},
    [CH_GROCERY] = {12, 74}, [CH_GAS] = {2, 82},     [CH_HEALTHCARE] = {28, 60},
    [CH_UTILITIES] = {76, 4}};
/* Profiles move this percentage of In-Store use to Mobile, or of Online and Mobile use to In-Store. */
enum { PROFILE_DIGITAL, PROFILE_USUAL, PROFILE_STORE, TO_MOBILE = 45, TO_STORE = 40 };

static void channel_shares(int profile, int category, uint32_t shares[CH_CHANNEL_COUNT]) {
    uint32_t online = usual[category][0] * 100u, store = usual[category][1] * 100u;
    uint32_t mobile = 10000 - online - store;
    if (profile == PROFILE_DIGITAL) {
        mobile += store * TO_MOBILE / 100;
        store -= store * TO_MOBILE / 100;
    } else if (profile == PROFILE_STORE) {
        store += (online + mobile) * TO_STORE / 100;
        online -= online * TO_STORE / 100;
        mobile -= mobile * TO_STORE / 100;
    }
    shares[CH_ONLINE] = online;
    shares[CH_IN_STORE] = store;
    shares[CH_MOBILE] = mobile;
}

/* Equal slots by largest remainder: slot values ascend. */
static void fill_slots(const uint32_t *shares, size_t classes, size_t slots, uint8_t *out) {
    uint64_t counts[CH_MERCHANTS_EACH];
    sg_quota(slots, shares, classes, counts);
    for (size_t c = 0, at = 0; c < classes; c++)
        for (uint64_t i = 0; i < counts[c]; i++)
            out[at++] = (uint8_t)c;
}

void ch_habits_open(struct sg_world *world) {
    uint32_t shares[CH_MERCHANTS_EACH];
    for (uint32_t m = 0; m < CH_MERCHANTS_EACH; m++)
        shares[m] = 100000 / (m + 4);
    fill_slots(shares, CH_MERCHANTS_EACH, SLOTS, world->popular);
    for (int profile = 0; profile < 3; profile++)
        for (int category = 0; category < CH_CATEGORY_COUNT; category++) {
            channel_shares(profile, category, shares);
            fill_slots(shares, CH_CHANNEL_COUNT, SLOTS, world->channels[profile][category]);
        }
}

static uint8_t choose_profile(int32_t age, uint32_t word) {
    int32_t leaning = age + sg_between(word, -25, 25);
    return leaning < 36 ? PROFILE_DIGITAL : leaning < 62 ? PROFILE_USUAL : PROFILE_STORE;
}

/* Where people stay with a supplier, half of the payments go to the first favourite; elsewhere three visits
 * in eight go anywhere. */
static void choose_merchants(const struct sg_world *world, const struct sg_block *w, int category,
                             uint8_t out[CH_FAVOURITE_SLOTS]) {
    static const uint8_t loyal[CH_FAVOURITE_SLOTS] = {0, 0, 0, 0, 1, 1, 1, 2};
    static const uint8_t roaming[CH_FAVOURITE_SLOTS] = {0, 0, 1, 1, 2, 3, 3, 3};
    const bool bound = category == CH_UTILITIES || category == CH_HEALTHCARE;
    const uint8_t *pattern = bound ? loyal : roaming;
    for (int slot = 0; slot < CH_FAVOURITE_SLOTS; slot++)
        out[slot] = pattern[slot] == 3 ? CH_EXPLORES : world->popular[w->w[1 + pattern[slot]] >> 26];
}

void ch_habits_get(const struct sg_world *world, const struct ch_customer *customer,
                   struct ch_habits *habits) {
    const struct ch_segment_info *info = &ch_segments[customer->segment];
    uint32_t shares[CH_CATEGORY_COUNT] = {0};
    for (int category = 0; category < CH_CATEGORY_COUNT; category++) {
        if (!info->mix[category]) continue;
        struct sg_block w = sg_draw(&world->people, customer->number, CH_STREAM_HABIT, (uint32_t)category);
        shares[category] = info->mix[category] *
                           (uint32_t)sg_between(w.w[0], THOUSAND - TASTE_SPREAD, THOUSAND + TASTE_SPREAD);
        choose_merchants(world, &w, category, habits->merchant[category]);
    }
    /* Travel makes the traveller: taste takes nothing from it. */
    if (customer->segment == CH_TRAVELER && shares[CH_TRAVEL] < info->mix[CH_TRAVEL] * (uint32_t)THOUSAND)
        shares[CH_TRAVEL] = info->mix[CH_TRAVEL] * (uint32_t)THOUSAND;
    fill_slots(shares, CH_CATEGORY_COUNT, MIX_SLOTS, habits->category);
    uint32_t word = sg_draw(&world->people, customer->number, CH_STREAM_LIMIT, 0).w[1];
    habits->profile = choose_profile(ch_age(world, customer), word);
}
