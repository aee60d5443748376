/* Run specification: everything that decides the bytes of a data set, and nothing that does not.
 *
 * Two runs with equal specifications hold equal bytes, on any number of ranks and threads. */
#ifndef SG_MODEL_RUN_H
#define SG_MODEL_RUN_H

#include <stdint.h>

enum sg_format { SG_FORMAT_COPY, SG_FORMAT_CSV };

struct sg_run {
    uint64_t seed;
    int32_t as_of_day;  /* day number; all history ends at its 00:00 UTC */
    uint64_t units;     /* size: number of root entities (accounts, users, customers) */
    uint64_t only_unit; /* 1-based root entity that alone is emitted, 0 = all */
};

static inline int64_t sg_as_of(const struct sg_run *run) {
    return (int64_t)run->as_of_day * 86400;
}

#endif
