/* The life of a customer: its place in the plan of events gives the events, its draws give the rest. */
#include "datasets/screenbilling/screenbilling.h"

/* Events of the persons of each group: kinds of the first and the second, SB_EVENT_COUNT = none. */
static const uint8_t group_events[SB_GROUP_COUNT][SB_EVENTS_MAX] = {
    [SB_GROUP_PAST_DUE_CANCEL] = {SB_PAST_DUE, SB_CANCELLATION},
    [SB_GROUP_UPGRADE_PAST_DUE] = {SB_UPGRADE, SB_PAST_DUE},
    [SB_GROUP_UPGRADE_TWICE] = {SB_UPGRADE, SB_UPGRADE},
    [SB_GROUP_CANCEL] = {SB_CANCELLATION, SB_EVENT_COUNT},
    [SB_GROUP_PAST_DUE] = {SB_PAST_DUE, SB_EVENT_COUNT},
    [SB_GROUP_DOWNGRADE] = {SB_DOWNGRADE, SB_EVENT_COUNT},
    [SB_GROUP_UPGRADE] = {SB_UPGRADE, SB_EVENT_COUNT},
};

/* Weights of the plans one, two ... steps away: nearer ones likelier. */
static const uint32_t step_weights[SB_PLAN_COUNT - 1] = {60, 25, 10, 5};
enum { SCREENS_ADDED_MIN = 2, SCREENS_ADDED_MAX = 10, SCREENS_BEYOND_MAX = 20 };

static int steps(uint32_t word, int most) {
    uint32_t total = 0;
    for (int i = 0; i < most; i++)
        total += step_weights[i];
    return 1 + (int)sg_pick(word, step_weights, (uint32_t)most, total);
}

static void upgrade(const struct sg_world *world, uint64_t slot, bool again, struct sg_block w,
                    struct sb_state *state) {
    if (sg_permute(&world->kinds, slot) < world->plan_upgrades) {
        int top = again ? SB_ENGAGE : SB_ENTERPRISE;
        state->plan = (uint8_t)(state->plan + steps(w.w[0], top - state->plan));
        int32_t least = sb_plans[state->plan].screens_min;
        if (state->screens < least) state->screens = least;
        return;
    }
    int32_t most = sb_plans[state->plan].screens_max + SCREENS_BEYOND_MAX;
    state->screens += sg_between(w.w[1], SCREENS_ADDED_MIN, SCREENS_ADDED_MAX);
    if (state->screens > most) state->screens = most;
}

static void downgrade(struct sg_block w, struct sb_state *state) {
    state->plan = (uint8_t)(state->plan - steps(w.w[0], state->plan));
    int32_t most = sb_plans[state->plan].screens_max;
    if (state->screens > most) state->screens = most;
}

struct place {
    const struct sb_group *group; /* NULL = a life without events */
    int number;
    uint64_t person; /* in the group, mixed */
};

static struct place find_place(const struct sg_world *world, int plan, uint64_t in_plan) {
    for (int g = 0; g < SB_GROUP_COUNT; g++) {
        const struct sb_group *group = &world->groups[g];
        uint64_t at = in_plan - group->class_first[plan];
        if (at < group->class_count[plan])
            return (struct place){group, g, sg_permute(&group->mix, group->person_first[plan] + at)};
    }
    return (struct place){NULL, 0, 0};
}

static int slot_month(const struct sg_world *world, int kind, uint64_t slot) {
    int m = 1;
    while (m + 1 < SB_MONTHS && slot >= world->event_before[kind][m + 1])
        m++;
    return m;
}

static void apply(const struct sg_world *world, struct sb_life *life, int k, uint64_t slot, bool again,
                  struct sb_state *state) {
    struct sg_source source = sg_source(world->run.seed, SB_DATASET_ID, SB_CUSTOMERS);
    struct sg_block w = sg_draw(&source, life->number, SB_STREAM_EVENT, (uint32_t)k);
    switch ((enum sb_event)life->changes[k].event) {
    case SB_UPGRADE:
        upgrade(world, slot, again, w, state);
        break;
    case SB_DOWNGRADE:
        downgrade(w, state);
        break;
    case SB_CANCELLATION:
        state->status = SB_STATUS_CANCELED;
        life->end = life->changes[k].month;
        break;
    default:
        state->status = SB_STATUS_PAST_DUE;
        life->past_due = life->changes[k].month;
    }
}

static void live_on(const struct sg_world *world, const struct place *place, struct sb_life *life) {
    const uint8_t *kinds = group_events[place->number];
    for (int k = 0; k < SB_EVENTS_MAX && kinds[k] != SB_EVENT_COUNT; k++) {
        uint64_t slot = place->person + (k ? place->group->second_slot : place->group->first_slot);
        int month = slot_month(world, kinds[k], slot);
        life->changes[k] = (struct sb_change){(uint8_t)month, kinds[k]};
        life->change_count++;
        struct sb_state state = life->months[month - 1];
        bool again = k == 0 && kinds[1] == SB_UPGRADE;
        apply(world, life, k, slot, again, &state);
        for (int m = month; m < SB_MONTHS; m++)
            life->months[m] = state;
    }
}

void sb_life_get(const struct sg_world *world, uint64_t number, struct sb_life *life) {
    struct sg_source source = sg_source(world->run.seed, SB_DATASET_ID, SB_CUSTOMERS);
    uint64_t at = sg_permute(&world->shuffle, number);
    int plan = (int)sg_quota_class(at, world->plan_count, SB_PLAN_COUNT);
    uint32_t word = sg_draw(&source, number, SB_STREAM_SCREENS, 0).w[0];
    struct sb_state begin = {.plan = (uint8_t)plan,
                             .status = SB_STATUS_ACTIVE,
                             .screens =
                                 sg_between(word, sb_plans[plan].screens_min, sb_plans[plan].screens_max)};
    *life = (struct sb_life){.number = number, .end = SB_NEVER, .past_due = SB_NEVER};
    for (int m = 0; m < SB_MONTHS; m++)
        life->months[m] = begin;
    struct place place = find_place(world, plan, at - world->plan_first[plan]);
    if (place.group) live_on(world, &place, life);
}
