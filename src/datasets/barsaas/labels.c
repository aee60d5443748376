/* Words of the core's codes, in the order of their enums. */
#include "datasets/barsaas/labels.h"

#include "datasets/barsaas/barsaas.h"
#include "reference/reference.h"

static const char *const tiers[] = {"Basic", "Pro", "Enterprise"};
static const char *const industries[] = {"Restaurant", "Bar", "Hotel", "Other"};
static const char *const roles[] = {"Admin", "Manager", "Staff"};
static const char *const location_types[] = {"Main", "Branch", "Franchise"};
static const char *const device_statuses[] = {"online", "offline", "maintenance"};
static const char *const subscription_statuses[] = {"active",  "trial",      "pending", "converted",
                                                    "expired", "superseded", "churned"};
static const char *const zones[SG_ZONE_COUNT] = {
    [SG_ZONE_EASTERN] = "America/New_York",    [SG_ZONE_CENTRAL] = "America/Chicago",
    [SG_ZONE_MOUNTAIN] = "America/Denver",     [SG_ZONE_ARIZONA] = "America/Phoenix",
    [SG_ZONE_PACIFIC] = "America/Los_Angeles", [SG_ZONE_ALASKA] = "America/Anchorage",
    [SG_ZONE_HAWAII] = "Pacific/Honolulu"};
static const char *const cycles[] = {"monthly", "annual"};

const struct sg_enum bs_tier_labels = {"subscription_tier", tiers, BS_TIER_COUNT};
const struct sg_enum bs_industry_labels = {"industry", industries, BS_INDUSTRY_COUNT};
const struct sg_enum bs_role_labels = {"role", roles, BS_ROLE_COUNT};
const struct sg_enum bs_location_type_labels = {"location_type", location_types, BS_LOCATION_TYPE_COUNT};
const struct sg_enum bs_device_status_labels = {"device_status", device_statuses, BS_DEVICE_STATUS_COUNT};
const struct sg_enum bs_subscription_status_labels = {"subscription_status", subscription_statuses,
                                                      BS_SUB_STATUS_COUNT};
const struct sg_enum bs_zone_labels = {"time_zone", zones, SG_ZONE_COUNT};
const struct sg_enum bs_cycle_labels = {"billing_cycle", cycles, 2};
