/* How people move in the application, as tables: what a session is about, which page follows which, which
 * feature is used. Built once, read-only afterwards; about 150 KiB.
 */
#ifndef SG_BARSAAS_FLOW_H
#define SG_BARSAAS_FLOW_H

#include "datasets/barsaas/activity_catalog.h"

enum bs_session_device { BS_DESKTOP, BS_MOBILE, BS_TABLET, BS_SESSION_DEVICES };
enum bs_browser { BS_CHROME, BS_SAFARI, BS_EDGE, BS_FIREFOX, BS_SAMSUNG, BS_BROWSERS };

enum { BS_FOCUS_SLOTS = 64, BS_AREA_PAGE_SLOTS = 32, BS_FEATURE_SLOTS = 64 };

struct bs_flow {
    uint8_t focus[BS_ROLE_COUNT][BS_FOCUS_SLOTS];             /* enum bs_area */
    uint8_t area_page[BS_AREA_APP_COUNT][BS_AREA_PAGE_SLOTS]; /* page index */
    uint8_t next_page[BS_ROLE_COUNT][BS_APP_PAGES][256];      /* page index, never the same page */
    uint8_t category[BS_TIER_COUNT][BS_AREA_APP_COUNT][256];  /* enum bs_feature_category */
    uint8_t feature[BS_ERAS][BS_TIER_COUNT][BS_CATEGORY_COUNT][BS_FEATURE_SLOTS]; /* feature index */
    uint8_t device[BS_ROLE_COUNT][64];                                            /* enum bs_session_device */
    uint8_t browser[BS_SESSION_DEVICES][64];                                      /* enum bs_browser */
};

/* Pure. Fills all tables. */
void bs_flow_build(struct bs_flow *flow);

/* Pure. First page of a session about `focus`: sign in, else the dashboard, else straight to the area. */
static inline unsigned bs_flow_first(const struct bs_flow *flow, unsigned focus, uint32_t word) {
    enum { PAGE_LOGIN = 0, PAGE_DASHBOARD = 1 };
    uint32_t at = word >> 24;
    return at < 134   ? PAGE_LOGIN
           : at < 208 ? PAGE_DASHBOARD
                      : flow->area_page[focus][word >> 10 & (BS_AREA_PAGE_SLOTS - 1)];
}

/* Pure. The page after `page`: 35 % a page of the focus, else by the role's habits. */
static inline unsigned bs_flow_next(const struct bs_flow *flow, unsigned role, unsigned focus, unsigned page,
                                    uint32_t word) {
    unsigned jump = flow->area_page[focus][word >> 10 & (BS_AREA_PAGE_SLOTS - 1)];
    unsigned habit = flow->next_page[role][page][word >> 24];
    return (word & 1023) < 358 && jump != page ? jump : habit;
}

#endif
