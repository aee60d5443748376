/* The SQL that follows the load, in order: the campaigns by platform, then the raw contract over them. */
#include "datasets/barsaas/tables.h"

extern const char sg_data_barsaas_platform_campaigns[], sg_data_barsaas_raw_app[],
    sg_data_barsaas_raw_stripe[], sg_data_barsaas_raw_hubspot[], sg_data_barsaas_raw_marketing[];

const struct sg_script bs_scripts[BS_SCRIPT_COUNT] = {
    {"platform_campaigns", sg_data_barsaas_platform_campaigns},
    {"raw_app", sg_data_barsaas_raw_app},
    {"raw_stripe", sg_data_barsaas_raw_stripe},
    {"raw_hubspot", sg_data_barsaas_raw_hubspot},
    {"raw_marketing", sg_data_barsaas_raw_marketing},
};
