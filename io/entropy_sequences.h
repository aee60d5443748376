/* The sequences of a block: from a guide's to codes, and from codes to bits (RFC 8878, 3.1.1.3.2).
 *
 * Private to the entropy stage.
 */
#ifndef SG_IO_ENTROPY_SEQUENCES_H
#define SG_IO_ENTROPY_SEQUENCES_H

#include "io/entropy_fse.h"
#include "io/guide.h"

enum sg_code_kind { SG_CODE_LITERALS, SG_CODE_OFFSET, SG_CODE_MATCH, SG_CODE_KINDS };

/* A sequence as codes and the bits behind them. */
struct sg_coded {
    uint64_t extra; /* literals' bits lowest, then the match's, then the offset's */
    uint64_t
        codes; /* 16 bits for each kind, the code above SG_FSE_LOG_MAX zeros; then the number of extra bits */
};

static inline uint32_t sg_coded_row(const struct sg_coded *coded, enum sg_code_kind kind) {
    return (uint16_t)(coded->codes >> 16 * kind);
}
static inline uint32_t sg_coded_code(const struct sg_coded *coded, enum sg_code_kind kind) {
    return sg_coded_row(coded, kind) >> SG_FSE_LOG_MAX;
}

/* Offsets that a sequence may name by a number: the last three different ones. */
struct sg_repeats {
    uint32_t offset[3];
};
#define SG_REPEATS_START ((struct sg_repeats){{1, 4, 8}})

/* The sequences' codes, and how far the decoder of the frame in hand knows them. */
struct sg_sequence_tables {
    bool made;                   /* there are some, of this frame or one before */
    bool known;                  /* they were written in this frame */
    bool stale;                  /* they cost too much by now: make others for the next block */
    uint64_t bits_per_1024;      /* what 1024 sequences took when the tables were new */
    uint64_t met[SG_CODE_KINDS]; /* codes counted in any block so far, also of frames before */
    size_t written_size;
    uint8_t written[1 + SG_CODE_KINDS * SG_FSE_NORM_BYTES_MAX + 8]; /* modes and descriptions */
    struct sg_fse fse[SG_CODE_KINDS];
};

/* A block of text on its way from a guide to codes. */
struct sg_block {
    const struct sg_sequence *sequences; /* the block's; the one without match ends it */
    const uint8_t *text, *text_end;      /* the block's first byte; where text that may be read ends */
    size_t sequences_max;                /* room for coded ones, and in the guide */
    size_t size;                         /* filled in: bytes of text */
    size_t count;                        /* filled in: sequences with a match */
    size_t literals;                     /* filled in: their number */
};

/* Codes the sequences of a block and gathers its literals, for which there is room for SG_GUIDE_BLOCK_BYTES
 * and SG_LITERALS_SLACK. False when the sequences are no block: too many, or too long. */
bool sg_block_code(struct sg_block *block, struct sg_repeats *repeats, struct sg_coded *coded,
                   uint8_t *literals);
/* Writes the section of `count` coded sequences; at most SG_SEQUENCES_HEADER_BYTES_MAX and 12 bytes a
 * sequence. Returns its end. */
uint8_t *sg_sequences_write(struct sg_sequence_tables *tables, const struct sg_coded *coded, size_t count,
                            uint8_t *out);

enum {
    SG_LITERALS_SLACK = 32,
    SG_SEQUENCES_HEADER_BYTES_MAX = 4 + SG_CODE_KINDS * SG_FSE_NORM_BYTES_MAX + 16
};

#endif
