/* Usage of the web site and the application: what the activity tables share.
 *
 * Built by bs_activity_part, read-only afterwards; about 400 KiB plus the prefix sums.
 */
#ifndef SG_BARSAAS_ACTIVITY_H
#define SG_BARSAAS_ACTIVITY_H

#include "datasets/barsaas/flow.h"
#include "datasets/barsaas/rhythm.h"
#include "datasets/barsaas/web_traffic.h"

/* Weights of an account, summed in the prefix: they apportion sessions, and page views and feature events
 * beyond the least a session has. */
enum bs_usage_weight { BS_WEIGHT_SESSIONS, BS_WEIGHT_PAGES, BS_WEIGHT_FEATURES, BS_USAGE_WEIGHTS };

struct bs_activity {
    struct bs_traffic traffic;
    struct bs_rhythm rhythm;
    struct bs_flow flow;
    struct sg_prefix weights; /* fields: enum bs_usage_weight, units: accounts */
};

/* Pure. An account's weights, from its people. */
void bs_usage_weights(const struct bs_account *account, const struct bs_user *users,
                      uint64_t weights[BS_USAGE_WEIGHTS]);

#endif
