/* The five plans, and the vocabularies of several tables. */
#include "datasets/screenbilling/screenbilling.h"

const struct sb_plan_info sb_plans[SB_PLAN_COUNT] = {
    [SB_FREE] = {"free", "Free", "One playlist, our logo in the corner", 0, 1, 3, 25},
    [SB_STANDARD] = {"standard", "Standard", "Schedules and layouts for a shop", 1000, 2, 8, 18},
    [SB_PRO_PLUS] = {"pro_plus", "Pro Plus", "Groups of screens, roles and approvals", 1500, 5, 20, 32},
    [SB_ENGAGE] = {"engage", "Engage", "Touch, sensors and audience figures", 3000, 8, 30, 15},
    [SB_ENTERPRISE] = {"enterprise", "Enterprise", "Single sign-on, audit log and a named contact", 4500, 25,
                       100, 10},
};

const struct sg_enum sb_enum_plan = {
    "plan", (const char *const[]){"free", "standard", "pro_plus", "engage", "enterprise"}, SB_PLAN_COUNT};

const struct sg_enum sb_enum_status = {"subscription_status",
                                       (const char *const[]){"active", "past_due", "canceled"}, 3};
