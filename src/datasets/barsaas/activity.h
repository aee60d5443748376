/* Usage of the web site and the application: what the parts of the activity tables share.
 *
 * Built by bs_activity_part, read-only afterwards; about 250 KiB plus the prefix sums.
 */
#ifndef SG_BARSAAS_ACTIVITY_H
#define SG_BARSAAS_ACTIVITY_H

#include "datasets/barsaas/web_traffic.h"

struct bs_activity {
    struct bs_traffic traffic;
};

#endif
