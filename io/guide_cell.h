/* Finding repeats cell by cell, while rows are written: against the same cell of the row before, and for
 * labels against where the label stood last. Neighbouring cells that repeat at the same distance become one
 * match, across rows too.
 *
 * Private to the encoders. All bytes compared were written by the same call, so no match reaches back before
 * it. Comparing reads up to 7 bytes behind the cell, inside the encoder's slack.
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
    uint32_t whole;     /* cells equal to the row before so far */
    const char **last;  /* SG_ENUM: where each label stood last, NULL = nowhere yet; else NULL */
};

/* The match in hand: it may go on with the next cell. */
struct sg_repeat {
    const char *start, *end;
    size_t offset;
};

/* A guide while rows are written. Lives in registers: never pass its address to a function that is not
 * inlined. The guide itself lags behind until sg_teller_close. */
struct sg_teller {
    struct sg_guide *guide;
    const char *base;         /* of the text */
    const char *floor;        /* first byte that may be compared */
    struct sg_sequence *next; /* where the next sequence goes */
    const char *covered;      /* as in the guide */
    const char *block_end;    /* last place where the current block may end */
    struct sg_repeat repeat;
};

/* A cell just written, separator included, and how it compares with the one at `from`. */
struct sg_written {
    const char *from;
    const char *start;
    size_t size;
    size_t head; /* equal bytes from the start on */
    size_t tail; /* equal bytes right before both */
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

/* Bytes before a and b that are equal, at most 8; both have 8 bytes before them. */
static inline size_t sg_equal_before(const char *a, const char *b) {
    uint64_t x, y;
    memcpy(&x, a - 8, 8);
    memcpy(&y, b - 8, 8);
    return x == y ? 8 : (size_t)__builtin_clzll(x ^ y) / 8;
}

/* Takes over the guide's state. */
static inline __attribute__((always_inline)) void sg_teller_follow(struct sg_teller *teller) {
    teller->next = teller->guide->sequences + teller->guide->count;
    teller->covered = teller->base + teller->guide->covered;
    teller->block_end = teller->base + teller->guide->block + SG_GUIDE_BLOCK_BYTES;
}

/* Gives the guide its state. */
static inline __attribute__((always_inline)) void sg_teller_lead(const struct sg_teller *teller) {
    teller->guide->count = (size_t)(teller->next - teller->guide->sequences);
    teller->guide->covered = (size_t)(teller->covered - teller->base);
}

/* Starts telling `guide` of text that is written from `start` on. */
static inline __attribute__((always_inline)) struct sg_teller
sg_teller_open(struct sg_guide *guide, const char *base, const char *start) {
    struct sg_teller teller = {.guide = guide, .base = base, .floor = start, .repeat = {start, start, 0}};
    sg_teller_follow(&teller);
    return teller;
}

static inline __attribute__((always_inline)) void sg_repeat_end(struct sg_teller *teller) {
    const struct sg_repeat *repeat = &teller->repeat;
    size_t size = (size_t)(repeat->end - repeat->start);
    if (size < SG_GUIDE_MATCH_MIN) return;
    if (__builtin_expect(repeat->end > teller->block_end || size > SG_GUIDE_MATCH_MAX, 0)) {
        sg_teller_lead(teller);
        sg_guide_match_far(teller->guide, (size_t)(repeat->start - teller->base), repeat->offset, size);
        sg_teller_follow(teller);
        return;
    }
    *teller->next++ = (struct sg_sequence){(uint32_t)repeat->offset,
                                           (uint32_t)(repeat->start - teller->covered), (uint32_t)size};
    teller->covered = repeat->end;
}

/* Ends the match in hand and brings the guide up to date. */
static inline __attribute__((always_inline)) void sg_teller_close(struct sg_teller *teller) {
    sg_repeat_end(teller);
    sg_teller_lead(teller);
}

/* Goes on with a match in hand that has another distance, if that repeats as much. */
static inline __attribute__((always_inline)) bool sg_repeat_goes_on(struct sg_repeat *repeat,
                                                                    const struct sg_written *cell) {
    if (repeat->end != cell->start || repeat->end == repeat->start) return false;
    size_t same = sg_equal_after(cell->start, cell->start - repeat->offset, cell->size);
    if (same < cell->head) return false;
    repeat->end += same;
    return true;
}

/* Takes a cell into the match in hand, or starts another with it. */
static inline __attribute__((always_inline)) void sg_guide_join(struct sg_teller *teller,
                                                                const struct sg_written *cell) {
    struct sg_repeat *repeat = &teller->repeat;
    size_t offset = (size_t)(cell->start - cell->from);
    if (repeat->end == cell->start && repeat->offset == offset) {
        repeat->end += cell->head;
        return;
    }
    if (sg_repeat_goes_on(repeat, cell)) return;
    size_t room = (size_t)(cell->start - repeat->end);
    size_t back = cell->tail < room ? cell->tail : room;
    if (cell->head + back < SG_GUIDE_MATCH_MIN && cell->head < cell->size) return;
    sg_repeat_end(teller);
    repeat->start = cell->start - back;
    repeat->end = cell->start + cell->head;
    repeat->offset = offset;
}

/* Compares the cell [start, end) with that at `from` (NULL: there is none). label: the remembered place of an
 * enum's label, or NULL. */
static inline __attribute__((always_inline)) void sg_guide_cell(struct sg_teller *teller,
                                                                struct sg_cell_guide *column,
                                                                const char *from, const char **label,
                                                                const char *start, const char *end) {
    struct sg_written cell = {from, start, (size_t)(end - start), 0, 0};
    if (from) cell.head = sg_equal_after(start, from, cell.size);
    column->repeated += (uint32_t)cell.head;
    column->whole += cell.head == cell.size;
    if (label) {
        const char *last = *label;
        *label = start;
        if (last && cell.head + SG_GUIDE_LABEL_GAIN <= cell.size) {
            cell.from = last;
            cell.head = cell.size;
        }
    }
    if (!cell.from) return;
    if (cell.from - teller->floor >= 8) cell.tail = sg_equal_before(start, cell.from);
    sg_guide_join(teller, &cell);
}

#endif
