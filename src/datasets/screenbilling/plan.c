/* The plan of events: how many of each kind happen in each month, and which groups of customers have them.
 *
 * Events of a kind are listed by month; an event's place in the list is its slot. A group of persons owns a
 * range of slots (two ranges when its persons have two events), and a range of the customers that begin with
 * a plan. Pairs join early slots with late ones, so that their two months rise. Every slot has one owner, so
 * every count is exact; groups begin only with plans for which their events are allowed, so that no event
 * ever has to be refused.
 */
#include "datasets/screenbilling/screenbilling.h"

/* Events of 100 customers in months 1..6. */
static const uint32_t month_shares[SB_EVENT_COUNT][SB_MONTHS - 1] = {
    [SB_UPGRADE] = {2, 3, 2, 3, 3, 2},
    [SB_DOWNGRADE] = {0, 1, 0, 1, 0, 0},
    [SB_CANCELLATION] = {1, 1, 2, 1, 2, 1},
    [SB_PAST_DUE] = {1, 1, 1, 0, 1, 1},
};
/* Their sums, and what is left of 100. */
static const uint32_t event_shares[SB_EVENT_COUNT + 1] = {15, 2, 8, 5, 70};

enum { PLAN_UPGRADES = 8, SCREEN_UPGRADES = 7 };

#define PLANS(f_, s_, p_, g_, e_) ((f_) | (s_) << 1 | (p_) << 2 | (g_) << 3 | (e_) << 4)

/* Plans that the persons of a group may begin with. Those who upgrade twice must not reach the top first;
 * those who fall past due after an upgrade must pay already. */
static const uint8_t group_plans[SB_GROUP_COUNT] = {
    [SB_GROUP_PAST_DUE_CANCEL] = PLANS(0, 1, 0, 0, 0), [SB_GROUP_UPGRADE_PAST_DUE] = PLANS(0, 1, 1, 1, 0),
    [SB_GROUP_UPGRADE_TWICE] = PLANS(1, 1, 1, 0, 0),   [SB_GROUP_CANCEL] = PLANS(1, 1, 0, 0, 0),
    [SB_GROUP_PAST_DUE] = PLANS(0, 1, 1, 1, 1),        [SB_GROUP_DOWNGRADE] = PLANS(0, 1, 1, 1, 1),
    [SB_GROUP_UPGRADE] = PLANS(1, 1, 1, 1, 0),
};

static void count_events(struct sg_world *world) {
    uint64_t totals[SB_EVENT_COUNT + 1];
    sg_quota(world->customers, event_shares, SB_EVENT_COUNT + 1, totals);
    for (int kind = 0; kind < SB_EVENT_COUNT; kind++) {
        uint64_t months[SB_MONTHS - 1];
        sg_quota(totals[kind], month_shares[kind], SB_MONTHS - 1, months);
        for (int m = 1; m < SB_MONTHS; m++)
            world->event_before[kind][m + 1] = world->event_before[kind][m] + months[m - 1];
    }
}

static uint64_t events(const struct sg_world *world, int kind) {
    return world->event_before[kind][SB_MONTHS];
}

static int slot_month(const struct sg_world *world, int kind, uint64_t slot) {
    int m = 1;
    while (m + 1 < SB_MONTHS && slot >= world->event_before[kind][m + 1])
        m++;
    return m;
}

/* Do pairs (first slot + j, second slot + j) have rising months for all j < pairs? Months fall apart most at
 * the first slot of each month. */
static bool months_rise(const struct sg_world *world, int first, uint64_t first_slot, int second,
                        uint64_t second_slot, uint64_t pairs) {
    for (int m = 1; m < SB_MONTHS; m++) {
        uint64_t from = world->event_before[first][m];
        uint64_t end = world->event_before[first][m + 1];
        uint64_t j = from > first_slot ? from - first_slot : 0;
        if (from == end || end <= first_slot || j >= pairs) continue;
        if (slot_month(world, second, second_slot + j) <= m) return false;
    }
    return true;
}

/* Pairs of early slots from first_slot on with the latest slots of another kind: as many of `pairs` as rise.
 */
static uint64_t fit_pairs(const struct sg_world *world, int first, uint64_t first_slot, int second,
                          uint64_t pairs) {
    while (pairs && !months_rise(world, first, first_slot, second, events(world, second) - pairs, pairs))
        pairs /= 2;
    return pairs;
}

static void set_group(struct sg_world *world, int group, uint64_t persons, uint64_t first_slot,
                      uint64_t second_slot) {
    struct sb_group *g = &world->groups[group];
    g->persons = persons;
    g->first_slot = first_slot;
    g->second_slot = second_slot;
    g->mix =
        sg_permutation(persons, world->run.seed, SB_DATASET_ID, SB_LIFECYCLE_EVENTS * 256 + (uint32_t)group);
}

/* Of 100 customers two fall past due and cancel later, two upgrade twice, one falls past due after an
 * upgrade. */
static void divide_slots(struct sg_world *world) {
    uint64_t up = events(world, SB_UPGRADE), down = events(world, SB_DOWNGRADE);
    uint64_t cancel = events(world, SB_CANCELLATION), due = events(world, SB_PAST_DUE);
    uint64_t both = fit_pairs(world, SB_PAST_DUE, 0, SB_CANCELLATION, due * 2 / 5);
    uint64_t twice = fit_pairs(world, SB_UPGRADE, 0, SB_UPGRADE, up * 2 / 15);
    uint64_t later = fit_pairs(world, SB_UPGRADE, twice, SB_PAST_DUE, due / 5);
    set_group(world, SB_GROUP_PAST_DUE_CANCEL, both, 0, cancel - both);
    set_group(world, SB_GROUP_UPGRADE_TWICE, twice, 0, up - twice);
    set_group(world, SB_GROUP_UPGRADE_PAST_DUE, later, twice, due - later);
    set_group(world, SB_GROUP_CANCEL, cancel - both, 0, 0);
    set_group(world, SB_GROUP_PAST_DUE, due - both - later, both, 0);
    set_group(world, SB_GROUP_DOWNGRADE, down, 0, 0);
    set_group(world, SB_GROUP_UPGRADE, up - 2 * twice - later, twice + later, 0);
    world->plan_upgrades = sg_muldiv_round(up, PLAN_UPGRADES, PLAN_UPGRADES + SCREEN_UPGRADES);
    world->kinds = sg_permutation(up, world->run.seed, SB_DATASET_ID, SB_LIFECYCLE_EVENTS * 256 + 64);
}

/* Persons of a group by plan, in proportion to those still without a life of events. */
static enum sg_code seat_group(struct sb_group *group, uint8_t plans, uint64_t taken[SB_PLAN_COUNT],
                               const uint64_t plan_count[SB_PLAN_COUNT], struct sg_error *err) {
    uint32_t shares[SB_PLAN_COUNT];
    uint64_t room = 0, persons = 0;
    for (int p = 0; p < SB_PLAN_COUNT; p++) {
        shares[p] = plans >> p & 1 ? (uint32_t)(plan_count[p] - taken[p]) : 0;
        room += shares[p];
    }
    if (room < group->persons)
        return sg_fail(err, SG_INTERNAL, "screenbilling: events for more customers than may have them");
    if (room) sg_quota(group->persons, shares, SB_PLAN_COUNT, group->class_count);
    for (int p = 0; p < SB_PLAN_COUNT; p++) {
        group->class_first[p] = taken[p];
        group->person_first[p] = persons;
        taken[p] += group->class_count[p];
        persons += group->class_count[p];
    }
    return SG_OK;
}

enum sg_code sb_plan_open(struct sg_world *world, struct sg_error *err) {
    uint32_t shares[SB_PLAN_COUNT];
    uint64_t taken[SB_PLAN_COUNT] = {0};
    for (int p = 0; p < SB_PLAN_COUNT; p++)
        shares[p] = sb_plans[p].share;
    sg_quota(world->customers, shares, SB_PLAN_COUNT, world->plan_count);
    for (int p = 1; p < SB_PLAN_COUNT; p++)
        world->plan_first[p] = world->plan_first[p - 1] + world->plan_count[p - 1];
    world->shuffle = sg_permutation(world->customers, world->run.seed, SB_DATASET_ID, SB_CUSTOMERS * 256);
    count_events(world);
    divide_slots(world);
    for (int g = 0; g < SB_GROUP_COUNT; g++)
        SG_TRY(seat_group(&world->groups[g], group_plans[g], taken, world->plan_count, err));
    return SG_OK;
}
