/* The tables' weights, and dealing them over slots by largest remainder. */
#include "datasets/barsaas/flow.h"

#include <string.h>

/* What a role does, percent by area, enum bs_area order. */
static const uint8_t role_areas[BS_ROLE_COUNT][BS_AREA_APP_COUNT] = {
    [BS_ADMIN] = {0, 16, 12, 14, 8, 10, 12, 12, 11, 5},
    [BS_MANAGER] = {0, 20, 24, 16, 14, 11, 5, 4, 2, 4},
    [BS_STAFF] = {0, 34, 12, 2, 34, 6, 0, 5, 0, 7},
};

static const uint8_t role_devices[BS_ROLE_COUNT][BS_SESSION_DEVICES] = {
    [BS_ADMIN] = {78, 15, 7}, [BS_MANAGER] = {47, 38, 15}, [BS_STAFF] = {16, 48, 36}};

static const uint8_t device_browsers[BS_SESSION_DEVICES][BS_BROWSERS] = {
    [BS_DESKTOP] = {62, 14, 18, 6, 0}, [BS_MOBILE] = {41, 52, 0, 1, 6}, [BS_TABLET] = {34, 63, 0, 0, 3}};

/* Feature categories used in a session about an area, percent; enum bs_feature_category order. */
static const uint8_t area_categories[BS_AREA_APP_COUNT][BS_CATEGORY_COUNT] = {
    [BS_AREA_LOGIN] = {50, 10, 6, 10, 14, 2, 3, 1, 2, 2},
    [BS_AREA_DASHBOARD] = {50, 10, 6, 10, 14, 2, 3, 1, 2, 2},
    [BS_AREA_REPORTS] = {10, 46, 8, 10, 3, 16, 3, 0, 1, 3},
    [BS_AREA_ANALYTICS] = {8, 12, 44, 4, 2, 10, 14, 1, 1, 4},
    [BS_AREA_DEVICES] = {24, 3, 2, 8, 40, 1, 0, 2, 16, 4},
    [BS_AREA_LOCATIONS] = {22, 22, 8, 22, 14, 4, 4, 1, 2, 1},
    [BS_AREA_USERS] = {30, 10, 8, 4, 8, 8, 2, 8, 12, 10},
    [BS_AREA_SETTINGS] = {10, 4, 2, 4, 14, 4, 2, 26, 18, 16},
    [BS_AREA_BILLING] = {30, 20, 8, 4, 4, 22, 4, 3, 2, 3},
    [BS_AREA_SUPPORT] = {24, 10, 4, 12, 24, 6, 3, 9, 6, 2},
};

/* Adoption of a feature by eras since its launch, percent of its mature use. */
static const uint8_t adoption_percent[] = {6, 14, 26, 40, 55, 68, 78, 86, 92, 96, 98};

/* Deals slots among classes by weight, in class order; false when all weights are 0. */
static bool deal(const uint32_t *weights, size_t classes, size_t slots, uint8_t *out) {
    uint64_t counts[64], sum = 0;
    for (size_t i = 0; i < classes; i++)
        sum += weights[i];
    if (sum == 0) return false;
    sg_quota(slots, weights, classes, counts);
    for (size_t i = 0; i < classes; out += counts[i++])
        memset(out, (int)i, counts[i]);
    return true;
}

static void deal_percent(const uint8_t *percent, size_t classes, size_t slots, uint8_t *out) {
    uint32_t weights[64];
    for (size_t i = 0; i < classes; i++)
        weights[i] = percent[i];
    deal(weights, classes, slots, out);
}

static void build_pages(struct bs_flow *flow) {
    uint32_t weights[BS_APP_PAGES];
    for (unsigned area = 0; area < BS_AREA_APP_COUNT; area++) {
        for (int p = 0; p < BS_APP_PAGES; p++)
            weights[p] = bs_pages[p].area == area ? bs_pages[p].popularity : 0;
        deal(weights, BS_APP_PAGES, BS_AREA_PAGE_SLOTS, flow->area_page[area]);
    }
    for (unsigned role = 0; role < BS_ROLE_COUNT; role++)
        for (int from = 0; from < BS_APP_PAGES; from++) {
            for (int p = 0; p < BS_APP_PAGES; p++) {
                /* People stay in an area; after signing in they see the dashboard. */
                uint32_t near = bs_pages[p].area == bs_pages[from].area ? 4 : 1;
                if (bs_pages[from].area == BS_AREA_LOGIN && p == 1) near = 12;
                weights[p] =
                    p == from ? 0 : near * bs_pages[p].popularity * role_areas[role][bs_pages[p].area];
            }
            deal(weights, BS_APP_PAGES, 256, flow->next_page[role][from]);
        }
}

static bool offered(unsigned feature, unsigned tier, unsigned era) {
    return bs_features[feature].tier <= tier && bs_features[feature].launch_era <= era;
}

static uint32_t adopted(unsigned feature, unsigned era) {
    unsigned age = era - bs_features[feature].launch_era;
    bool mature = bs_features[feature].launch_era == 0 || age >= sizeof adoption_percent;
    return bs_features[feature].popularity * (mature ? 100u : adoption_percent[age]);
}

/* Features by era, plan and category; a category with nothing to offer yet falls back to the dashboard's,
 * which is category 0 and never empty. */
static void build_features(struct bs_flow *flow) {
    uint32_t weights[BS_FEATURE_COUNT];
    for (unsigned era = 0; era < BS_ERAS; era++)
        for (unsigned tier = 0; tier < BS_TIER_COUNT; tier++)
            for (unsigned c = 0; c < BS_CATEGORY_COUNT; c++) {
                uint8_t *slots = flow->feature[era][tier][c];
                for (unsigned f = 0; f < BS_FEATURE_COUNT; f++)
                    weights[f] = bs_features[f].category == c && offered(f, tier, era) ? adopted(f, era) : 0;
                if (!deal(weights, BS_FEATURE_COUNT, BS_FEATURE_SLOTS, slots))
                    for (int s = 0; s < BS_FEATURE_SLOTS; s++)
                        slots[s] = flow->feature[era][tier][BS_CATEGORY_DASHBOARD][s];
            }
}

static bool category_in_plan(unsigned category, unsigned tier) {
    for (unsigned f = 0; f < BS_FEATURE_COUNT; f++)
        if (bs_features[f].category == category && bs_features[f].tier <= tier) return true;
    return false;
}

static void build_categories(struct bs_flow *flow) {
    uint32_t weights[BS_CATEGORY_COUNT];
    for (unsigned tier = 0; tier < BS_TIER_COUNT; tier++)
        for (unsigned area = 0; area < BS_AREA_APP_COUNT; area++) {
            for (unsigned c = 0; c < BS_CATEGORY_COUNT; c++)
                weights[c] = category_in_plan(c, tier) ? area_categories[area][c] : 0;
            deal(weights, BS_CATEGORY_COUNT, 256, flow->category[tier][area]);
        }
}

void bs_flow_build(struct bs_flow *flow) {
    for (int role = 0; role < BS_ROLE_COUNT; role++) {
        deal_percent(role_areas[role], BS_AREA_APP_COUNT, BS_FOCUS_SLOTS, flow->focus[role]);
        deal_percent(role_devices[role], BS_SESSION_DEVICES, 64, flow->device[role]);
    }
    for (int device = 0; device < BS_SESSION_DEVICES; device++)
        deal_percent(device_browsers[device], BS_BROWSERS, 64, flow->browser[device]);
    build_pages(flow);
    build_features(flow);
    build_categories(flow);
}
