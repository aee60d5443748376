/* What people can visit and use: pages of the application and of the web site, features of the product.
 *
 * Constant data. Page and feature ids are index + 1. Application pages come first, so that an index below
 * BS_APP_PAGES is one.
 */
#ifndef SG_BARSAAS_ACTIVITY_CATALOG_H
#define SG_BARSAAS_ACTIVITY_CATALOG_H

#include <stdint.h>

#include "datasets/barsaas/barsaas.h"

/* Part of the application (or site) a page belongs to; also what a session is about. */
enum bs_area {
    BS_AREA_LOGIN,
    BS_AREA_DASHBOARD,
    BS_AREA_REPORTS,
    BS_AREA_ANALYTICS,
    BS_AREA_DEVICES,
    BS_AREA_LOCATIONS,
    BS_AREA_USERS,
    BS_AREA_SETTINGS,
    BS_AREA_BILLING,
    BS_AREA_SUPPORT,
    BS_AREA_APP_COUNT,
    BS_AREA_HOME = BS_AREA_APP_COUNT,
    BS_AREA_PRODUCT,
    BS_AREA_PRICING,
    BS_AREA_CONTENT,
    BS_AREA_CAMPAIGN,
    BS_AREA_COMPANY,
    BS_AREA_COUNT
};

struct bs_page {
    const char *path, *title;
    uint8_t area;
    uint8_t popularity;  /* relative, within its site */
    uint16_t bounce_q10; /* site pages: share of entrances that leave at once, of 1024 */
};
enum { BS_APP_PAGES = 28, BS_SITE_PAGES = 16, BS_PAGE_COUNT = BS_APP_PAGES + BS_SITE_PAGES };
extern const struct bs_page bs_pages[BS_PAGE_COUNT];
extern const struct sg_enum bs_area_enum;

enum bs_feature_category {
    BS_CATEGORY_DASHBOARD,
    BS_CATEGORY_REPORT,
    BS_CATEGORY_ANALYTICS,
    BS_CATEGORY_INVENTORY,
    BS_CATEGORY_ALERT,
    BS_CATEGORY_EXPORT,
    BS_CATEGORY_FORECAST,
    BS_CATEGORY_INTEGRATION,
    BS_CATEGORY_AUTOMATION,
    BS_CATEGORY_API,
    BS_CATEGORY_COUNT
};

/* Feature adoption is tabulated by eras of 30 days; every launch is the first instant of an era. */
enum { BS_ERA_DAYS = 30, BS_ERAS = (BS_HISTORY_DAYS + BS_ERA_DAYS) / BS_ERA_DAYS };

struct bs_feature {
    const char *name;
    uint8_t category;
    uint8_t tier;       /* the lowest plan that includes it */
    uint8_t launch_era; /* 0 = before all history */
    uint8_t popularity;
    uint8_t page;       /* index of its page */
    uint8_t repeats_q4; /* mean extra uses in one event, sixteenths */
    uint16_t error_q16; /* share of failing events once mature */
};
enum { BS_FEATURE_COUNT = 36 };
extern const struct bs_feature bs_features[BS_FEATURE_COUNT];
extern const struct sg_enum bs_category_enum;

/* Pure. Instant of a feature's launch; before all history for era 0. */
int64_t bs_feature_launched(const struct sg_world *world, unsigned feature);

#endif
