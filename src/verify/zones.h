/* Local time of US zones by their IANA names, independent of the generator's own table. */
#ifndef SG_VERIFY_ZONES_H
#define SG_VERIFY_ZONES_H

#include <stdbool.h>
#include <stdint.h>

/* A stretch of time with one offset. */
struct sg_zone_span {
    int64_t from, until; /* instants; empty at first */
    int32_t offset_s;    /* east of UTC */
};

/* Pure. Index of a zone, -1 when it is not known. */
int sg_zone_find(const char *name);

/* Pure but for *span, which is renewed when the instant lies outside. */
int64_t sg_zone_local(int zone, int64_t instant, struct sg_zone_span *span);

#endif
