/* Reference data of homeservices, read from the embedded .tsv files of data/ (see data/SOURCES.md). */
#ifndef SG_HOMESERVICES_REFERENCE_H
#define SG_HOMESERVICES_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

enum {
    HS_CITIES = 20,
    HS_ZONE_PINS = 3,
    HS_CITY_ZONES = 4,
    HS_CITY_PINS = HS_ZONE_PINS * HS_CITY_ZONES,
    HS_ZONES = HS_CITIES * HS_CITY_ZONES,
    HS_REGIONS_MAX = 16,
    HS_NAMES_MAX = 64,
    HS_CATEGORY_COUNT = 12,
    HS_SUBCATEGORY_COUNT = 76,
    HS_RATE_CARD_COUNT = 156,
    HS_METRO_WEIGHT = 5,
    HS_REFERENCE_FILES = 6
};

struct hs_city {
    const char *name, *state;
    uint8_t region;
    uint8_t weight; /* percent */
    int8_t twin;    /* city just across a state border, -1 none */
    bool metro;
    const char *pins[HS_CITY_PINS], *localities[HS_CITY_PINS]; /* three to a zone */
};

struct hs_names {
    const char *region;
    const char *first[HS_NAMES_MAX], *last[HS_NAMES_MAX];
    uint32_t first_count, last_count;
};

struct hs_category {
    const char *name, *description;
    uint32_t weight;               /* percent of bookings */
    uint16_t card_first, card_end; /* its rate cards */
};

struct hs_subcategory {
    const char *name, *description;
    uint8_t category;
    uint16_t card_first; /* offered everywhere */
};

struct hs_rate_card {
    const char *name;
    uint8_t subcategory;
    bool metro;            /* offered in metro cities only */
    int64_t price, strike; /* paise; strike 0 = none */
};

struct hs_reference {
    char *texts[HS_REFERENCE_FILES];
    struct hs_city cities[HS_CITIES];
    struct hs_names regions[HS_REGIONS_MAX];
    uint32_t region_count;
    struct hs_category categories[HS_CATEGORY_COUNT];
    struct hs_subcategory subcategories[HS_SUBCATEGORY_COUNT];
    struct hs_rate_card cards[HS_RATE_CARD_COUNT];
};

/* Reads all files. Free with hs_reference_close, also after failure; *reference is NULL when out of memory.
 */
enum sg_code hs_reference_open(struct hs_reference **reference, struct sg_error *err);
void hs_reference_close(struct hs_reference *reference);

#endif
