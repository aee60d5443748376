/* Run specification: everything that decides the bytes of a data set, and nothing that does not.
 *
 * Two runs with equal specifications hold equal bytes, on any number of ranks and threads. */
#ifndef SG_MODEL_RUN_H
#define SG_MODEL_RUN_H

#include <stdint.h>

enum sg_format { SG_FORMAT_COPY, SG_FORMAT_CSV };

/* A 128-bit identifier (UUID), most significant half first. */
struct sg_key128 {
    uint64_t high, low;
};

struct sg_run {
    uint64_t seed;
    int32_t as_of_day;  /* day number; all history ends at its 00:00 UTC */
    uint64_t units;     /* size: number of root entities (accounts, users, customers) */
    uint64_t only_unit; /* 1-based root entity that alone is emitted, 0 = all */

    uint32_t
        anomalies_ppm; /* labelled anomalies among a million events, where the dataset has them; 0 = none */

    /* Keys given from outside (a user directory) to the first key_count root entities; NULL and 0 without.
     * Borrowed: whoever made the run keeps them for as long as it is used. */
    const struct sg_key128 *keys;
    uint64_t key_count;
};

/* Most anomalies that a run may ask for, so that what is usual stays so. */
enum { SG_ANOMALIES_PPM_MAX = 50000 };

static inline int64_t sg_as_of(const struct sg_run *run) {
    return (int64_t)run->as_of_day * 86400;
}

#endif
