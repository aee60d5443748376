/* Finding repeats cell by cell, while rows are written: against the same cell of the row before, and for
 * labels against where the label stood last. Neighbouring cells that repeat at the same distance become one
 * match, across rows too.
 *
 * Private to the encoders. All bytes compared were written by the same call, so no match reaches back before
 * it. Reads up to 7 bytes behind the cell, inside the encoder's slack.
 */
#ifndef SG_IO_GUIDE_CELL_H
#define SG_IO_GUIDE_CELL_H

#include <stdbool.h>

#include "io/guide.h"

/* A repeat with its own distance saves no bytes below this gain over what the row before gives. */
enum { SG_GUIDE_LABEL_GAIN = 5 };

/* What a column remembers. */
struct sg_cell_guide {
    bool tried;         /* the column takes part */
    const char *before; /* the cell in the row before, NULL = first row */
    uint32_t repeated;  /* bytes equal to the row before so far */
    const char **last;  /* SG_ENUM: where each label stood last, NULL = nowhere yet; else NULL */
};

/* The match in hand: it may go on with the next cell. */
struct sg_repeat {
    const char *start, *end;
    size_t offset;
    const char *floor; /* first byte that may be compared */
};

/* Bytes from a and b on that are equal, at most `most`; reads whole words. */
static inline size_t sg_equal_after(const char *a, const char *b, size_t most) {
    size_t same = 0;
    for (; same < most; same += 8) {
        uint64_t x, y;
        memcpy(&x, a + same, 8);
        memcpy(&y, b + same, 8);
        if (x != y) {
            same += (size_t)__builtin_ctzll(x ^ y) / 8;
            break;
        }
    }
    return same < most ? same : most;
}

/* Bytes before a and b that are equal, at most `most` and 8; b has at least 8 bytes before it. */
static inline size_t sg_equal_before(const char *a, const char *b, size_t most) {
    uint64_t x, y;
    memcpy(&x, a - 8, 8);
    memcpy(&y, b - 8, 8);
    size_t same = x == y ? 8 : (size_t)__builtin_clzll(x ^ y) / 8;
    return same < most ? same : most;
}

static inline void sg_repeat_end(struct sg_guide *guide, const char *base, const struct sg_repeat *repeat) {
    size_t size = (size_t)(repeat->end - repeat->start);
    if (size >= SG_GUIDE_MATCH_MIN)
        sg_guide_match(guide, (size_t)(repeat->start - base), repeat->offset, size);
}

/* Goes on with the match in hand if that repeats as much as `same`. */
static inline bool sg_repeat_goes_on(struct sg_repeat *repeat, const char *start, size_t size, size_t offset,
                                     size_t same) {
    if (repeat->end != start || repeat->end == repeat->start) return false;
    if (repeat->offset != offset) {
        size_t other = sg_equal_after(start, start - repeat->offset, size);
        if (other < same) return false;
        same = other;
    }
    repeat->end += same;
    return true;
}

/* Looks at the cell [start, end), separator included. label: the remembered place of an enum's label, or
 * NULL.
 */
static inline void sg_guide_cell(struct sg_guide *guide, const char *base, struct sg_repeat *repeat,
                                 struct sg_cell_guide *cell, const char **label, const char *start,
                                 const char *end) {
    size_t size = (size_t)(end - start);
    const char *from = cell->before;
    cell->before = start;
    size_t same = from ? sg_equal_after(start, from, size) : 0;
    cell->repeated += (uint32_t)same;
    if (label) {
        const char *last = *label;
        *label = start;
        if (last && same + SG_GUIDE_LABEL_GAIN <= size) {
            from = last;
            same = size;
        }
    }
    if (!from) return;
    size_t offset = (size_t)(start - from);
    if (sg_repeat_goes_on(repeat, start, size, offset, same)) return;
    size_t room = (size_t)(start - repeat->end);
    size_t back = from - repeat->floor >= 8 ? sg_equal_before(start, from, room) : 0;
    if (same + back < SG_GUIDE_MATCH_MIN && same < size) return;
    sg_repeat_end(guide, base, repeat);
    repeat->start = start - back;
    repeat->end = start + same;
    repeat->offset = offset;
}

#endif
