/* Words of the core's codes, shared by every table that shows them. */
#ifndef SG_BARSAAS_LABELS_H
#define SG_BARSAAS_LABELS_H

#include "model/table.h"

extern const struct sg_enum bs_tier_labels;     /* enum bs_tier: Basic, Pro, Enterprise */
extern const struct sg_enum bs_industry_labels; /* enum bs_industry: Restaurant, Bar, Hotel, Other */
extern const struct sg_enum bs_role_labels;     /* enum bs_role: Admin, Manager, Staff */
extern const struct sg_enum bs_location_type_labels;
extern const struct sg_enum bs_device_status_labels;
extern const struct sg_enum bs_subscription_status_labels;
extern const struct sg_enum bs_zone_labels;  /* enum sg_zone: IANA names */
extern const struct sg_enum bs_cycle_labels; /* false monthly, true annual */

#endif
