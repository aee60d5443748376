/* The clock that durations are measured by. */
#ifndef SG_BASE_CLOCK_H
#define SG_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds and microseconds on a clock that only goes forward; its zero means nothing. */
static inline uint64_t sg_clock_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static inline uint64_t sg_clock_us(void) {
    return sg_clock_ns() / 1000;
}

#endif
