/* Set-up of the activity part, and the weights by which accounts share sessions, pages and feature events. */
#include "datasets/barsaas/activity.h"

#include <stdlib.h>

#include "base/calendar.h"
#include "datasets/barsaas/survey.h"

/* Feature events of a page view by plan, in 16ths: richer plans offer more to use. */
static const uint8_t features_by_tier[BS_TIER_COUNT] = {11, 17, 25};

void bs_usage_weights(const struct bs_account *account, const struct bs_user *users,
                      uint64_t weights[BS_USAGE_WEIGHTS]) {
    uint64_t sum = 0;
    for (unsigned k = 0; k < account->user_count; k++) {
        uint64_t hours = (uint64_t)(users[k].end - users[k].created) / SG_HOUR_S;
        sum += (users[k].activity_q16 * hours >> 8) + 1;
    }
    uint64_t depth = 48 + account->engagement_q16 / 2048; /* 64ths: 0.75 .. 1.23 */
    weights[BS_WEIGHT_SESSIONS] = sum;
    weights[BS_WEIGHT_PAGES] = sum * depth >> 6;
    weights[BS_WEIGHT_FEATURES] = weights[BS_WEIGHT_PAGES] * features_by_tier[account->tier] >> 4;
}

void bs_survey_usage(const struct sg_world *world, const struct bs_surveyed *company, uint64_t *sums) {
    uint64_t weights[BS_USAGE_WEIGHTS];
    (void)world;
    bs_usage_weights(&company->account, company->users, weights);
    for (int w = 0; w < BS_USAGE_WEIGHTS; w++)
        sums[BS_AT_USAGE + w] += weights[w];
}

/* sg_count_fn */
static void weigh_account(const void *context, uint64_t number, uint64_t *weights) {
    const struct sg_world *world = context;
    struct bs_account account;
    struct bs_user users[BS_USERS_MAX];
    bs_account_get(world, number, &account);
    for (unsigned k = 0; k < account.user_count; k++)
        bs_user_get(world, &account, k, &users[k]);
    bs_usage_weights(&account, users, weights);
}

static void part_close(struct sg_world *world) {
    if (!world->activity) return;
    free(world->activity);
    world->activity = NULL;
}

static enum sg_code part_open(struct sg_world *world, struct sg_error *err) {
    world->sizes.rows[BS_PAGES] = BS_PAGE_COUNT;
    world->sizes.rows[BS_FEATURES] = BS_FEATURE_COUNT;
    struct bs_activity *activity = world->activity = calloc(1, sizeof *activity);
    if (!activity) return sg_fail(err, SG_SYSTEM, "no memory for the usage tables");
    bs_traffic_build(world, &activity->traffic);
    bs_rhythm_build(&world->run, &activity->rhythm);
    bs_flow_build(&activity->flow);
    activity->weights = bs_survey_prefix(world, BS_AT_USAGE, BS_USAGE_WEIGHTS, weigh_account);
    return SG_OK;
}

const struct bs_part bs_activity_part = {"activity", NULL, NULL, part_open, part_close};
