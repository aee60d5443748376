/* Guides: growth, block ends and splits. Owns the array of sequences. */
#include "io/guide.h"

#include <stdlib.h>

#include "base/checked.h"

void sg_guide_free(struct sg_guide *guide) {
    free(guide->sequences);
    *guide = (struct sg_guide){0};
}

static enum sg_code reserve(struct sg_guide *guide, size_t more, struct sg_error *err) {
    if (guide->capacity - guide->count >= more) return SG_OK;
    size_t want, bytes;
    if (!sg_add_size(guide->count, more, &want) || !sg_add_size(want, guide->capacity / 2, &want) ||
        !sg_mul_size(want, sizeof *guide->sequences, &bytes))
        return sg_fail(err, SG_SYSTEM, "size of a compression guide overflows");
    struct sg_sequence *grown = realloc(guide->sequences, bytes);
    if (!grown) return sg_fail(err, SG_SYSTEM, "no memory for a compression guide of %zu bytes", bytes);
    guide->sequences = grown;
    guide->capacity = want;
    return SG_OK;
}

enum sg_code sg_guide_reserve(struct sg_guide *guide, size_t matches, size_t end, struct sg_error *err) {
    /* Besides the matches: pieces of long ones, and ends of blocks, which a match may end early. */
    size_t pieces = (end - guide->block) / SG_GUIDE_MATCH_MAX * 2 + 8;
    if (!sg_add_size(matches, pieces, &matches))
        return sg_fail(err, SG_SYSTEM, "size of a compression guide overflows");
    return reserve(guide, matches, err);
}

/* Ends the block at a text position. */
static void end_block(struct sg_guide *guide, size_t at) {
    guide->sequences[guide->count++] = (struct sg_sequence){0, (uint32_t)(at - guide->covered), 0};
    guide->covered = guide->block = at;
}

/* Ends blocks until at most a block's bytes lie between the last end and `at`. */
static void end_full_blocks(struct sg_guide *guide, size_t at) {
    while (at - guide->block > SG_GUIDE_BLOCK_BYTES)
        end_block(guide, guide->block + SG_GUIDE_BLOCK_BYTES);
}

void sg_guide_match_far(struct sg_guide *guide, size_t at, size_t offset, size_t size) {
    end_full_blocks(guide, at);
    while (size) {
        size_t piece = size > SG_GUIDE_MATCH_MAX ? SG_GUIDE_MATCH_MAX : size;
        /* zstd knows no match below three bytes */
        if (size - piece && size - piece < SG_GUIDE_MATCH_MIN) piece -= SG_GUIDE_MATCH_MIN;
        if (at + piece - guide->block > SG_GUIDE_BLOCK_BYTES) end_block(guide, at);
        guide->sequences[guide->count++] =
            (struct sg_sequence){(uint32_t)offset, (uint32_t)(at - guide->covered), (uint32_t)piece};
        guide->covered = at += piece;
        size -= piece;
    }
}

enum sg_code sg_guide_end(struct sg_guide *guide, size_t end, struct sg_error *err) {
    SG_TRY(sg_guide_reserve(guide, 0, end, err));
    end_full_blocks(guide, end);
    if (end > guide->block) end_block(guide, end);
    return SG_OK;
}

/* The sequences behind `mark` again, with literals counted from `at` on; block ends before it go. */
static void take_rest(struct sg_guide *rest, const struct sg_guide *guide, struct sg_guide_mark mark,
                      size_t at) {
    size_t covered = mark.covered, i = mark.count;
    while (i < guide->count && covered + guide->sequences[i].literals + guide->sequences[i].match <= at)
        covered += guide->sequences[i++].literals;
    if (i == guide->count) return;
    rest->count = guide->count - i;
    memcpy(rest->sequences, guide->sequences + i, rest->count * sizeof *rest->sequences);
    rest->sequences[0].literals -= (uint32_t)(at - covered);
    rest->covered = guide->covered - at;
    if (guide->block > at) rest->block = guide->block - at;
}

enum sg_code sg_guide_rest(const struct sg_guide *guide, struct sg_guide_mark mark, size_t at,
                           struct sg_guide *copy, struct sg_error *err) {
    sg_guide_restart(copy);
    SG_TRY(reserve(copy, guide->count - mark.count, err));
    take_rest(copy, guide, mark, at);
    return SG_OK;
}

enum sg_code sg_guide_split(struct sg_guide *guide, struct sg_guide_mark mark, size_t at,
                            struct sg_guide *rest, struct sg_error *err) {
    SG_TRY(sg_guide_rest(guide, mark, at, rest, err));
    sg_guide_rewind(guide, mark);
    return sg_guide_end(guide, at, err);
}
