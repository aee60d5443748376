/* Reference data shared by datasets: people's names by published frequency, US cities with what belongs to
 * them, street names. Constant tables compiled from the .tsv files of src/reference/data (sources and
 * licences in data/SOURCES.md).
 *
 * Everything here is pure; texts are NUL-terminated and constant.
 */
#ifndef SG_REFERENCE_REFERENCE_H
#define SG_REFERENCE_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

/* US time zones of the city table; hours east of UTC in standard time are in sg_zones. */
enum sg_zone {
    SG_ZONE_EASTERN,
    SG_ZONE_CENTRAL,
    SG_ZONE_MOUNTAIN,
    SG_ZONE_ARIZONA,
    SG_ZONE_PACIFIC,
    SG_ZONE_ALASKA,
    SG_ZONE_HAWAII,
    SG_ZONE_COUNT
};

struct sg_zone_info {
    const char *name;   /* IANA name */
    int32_t standard_s; /* offset from UTC in standard time, negative */
    uint8_t
        daylight; /* 1 when it observes daylight saving time (second Sunday of March to first of November) */
};
extern const struct sg_zone_info sg_zones[SG_ZONE_COUNT];

/* Offset from UTC in seconds on a local calendar day (day granularity: the new offset holds for the whole day
 * of a change). */
int32_t sg_zone_offset_s(enum sg_zone zone, int32_t day);

struct sg_city {
    const char *name;
    char state[3]; /* USPS code */
    char zip[6];   /* a ZIP code of the city; its first three digits are the city's prefix */
    uint8_t zone;  /* enum sg_zone */
    int32_t latitude_e6, longitude_e6; /* millionths of a degree */
    uint32_t weight;                   /* relative population */
};
extern const struct sg_city sg_cities[];
extern const uint32_t sg_city_count;
/* Index of a city, weighted by population. */
uint32_t sg_city_pick(uint32_t word);

/* Names weighted by census frequency. */
const char *sg_first_name(uint32_t word);
const char *sg_last_name(uint32_t word);

/* Street name with its suffix ("Maple Street"), uniform. */
const char *sg_street_name(uint32_t word);

#endif
