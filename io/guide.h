/* Guides: what the encoders know of repeats in the text they write, as sequences for zstd.
 *
 * A sequence says: so many literal bytes, then `match` bytes equal to those `offset` bytes earlier. A
 * sequence with neither offset nor match ends a zstd block. Sequences of a guide cover the text from position
 * 0 up to `covered` without gap, in order; everything behind is literal until a match says otherwise.
 * Invariant: no block is longer than SG_GUIDE_BLOCK_BYTES and no match crosses a block's end.
 *
 * Threads: a guide belongs to one thread at a time.
 */
#ifndef SG_IO_GUIDE_H
#define SG_IO_GUIDE_H

#include <stdint.h>
#include <string.h>

#include "base/status.h"

enum {
    SG_GUIDE_BLOCK_BYTES = 128 << 10, /* zstd's limit */
    SG_GUIDE_MATCH_MIN = 4,           /* shorter repeats cost more as sequences than as literals */
    SG_GUIDE_MATCH_MAX = 32 << 10     /* longer repeats become several sequences */
};

struct sg_sequence {
    uint32_t offset, literals, match;
};

struct sg_guide { /* zeros: an empty guide */
    struct sg_sequence *sequences;
    size_t count, capacity;
    size_t covered; /* text position behind the last sequence */
    size_t block;   /* text position of the current block */
};

/* A guide's state, to come back to. */
struct sg_guide_mark {
    size_t count, covered, block;
};

/* Frees the sequences; the guide is empty then. */
void sg_guide_free(struct sg_guide *guide);

/* Makes room for `matches` more matches that end at text position `end` at most. */
enum sg_code sg_guide_reserve(struct sg_guide *guide, size_t matches, size_t end, struct sg_error *err);

/* Forgets all sequences: a new frame begins. */
static inline void sg_guide_restart(struct sg_guide *guide) {
    guide->count = guide->covered = guide->block = 0;
}

static inline struct sg_guide_mark sg_guide_mark(const struct sg_guide *guide) {
    return (struct sg_guide_mark){guide->count, guide->covered, guide->block};
}

/* Forgets what came after the mark. */
static inline void sg_guide_rewind(struct sg_guide *guide, struct sg_guide_mark mark) {
    guide->count = mark.count;
    guide->covered = mark.covered;
    guide->block = mark.block;
}

/* sg_guide_match for matches that do not fit the current block or one sequence. */
void sg_guide_match_far(struct sg_guide *guide, size_t at, size_t offset, size_t size);

/* The `size` bytes from text position `at` on repeat those `offset` earlier. at >= covered; room was
 * reserved.
 */
static inline void sg_guide_match(struct sg_guide *guide, size_t at, size_t offset, size_t size) {
    if (__builtin_expect(at + size - guide->block > SG_GUIDE_BLOCK_BYTES || size > SG_GUIDE_MATCH_MAX, 0)) {
        sg_guide_match_far(guide, at, offset, size);
        return;
    }
    guide->sequences[guide->count++] =
        (struct sg_sequence){(uint32_t)offset, (uint32_t)(at - guide->covered), (uint32_t)size};
    guide->covered = at + size;
}

/* Completes the guide for a frame of the first `end` bytes: literals up to there and the last block's end. */
enum sg_code sg_guide_end(struct sg_guide *guide, size_t end, struct sg_error *err);

/* `copy` receives what came after the mark, where text position `at` was reached, with positions counted from
 * there. No match after the mark may reach back before `at`. */
enum sg_code sg_guide_rest(const struct sg_guide *guide, struct sg_guide_mark mark, size_t at,
                           struct sg_guide *copy, struct sg_error *err);

/* Splits at text position `at`, where the guide was `mark`: `rest` receives what came after the mark, as by
 * sg_guide_rest; the guide is completed for a frame of `at` bytes. */
enum sg_code sg_guide_split(struct sg_guide *guide, struct sg_guide_mark mark, size_t at,
                            struct sg_guide *rest, struct sg_error *err);

#endif
