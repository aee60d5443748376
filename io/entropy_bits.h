/* Writing of bits as zstd's streams want them: least significant first, read backwards by the decoder, so
 * that what is written last is read first.
 *
 * Private to the entropy stage. Each flush stores a word of 8 bytes: that much room must follow.
 */
#ifndef SG_IO_ENTROPY_BITS_H
#define SG_IO_ENTROPY_BITS_H

#include <stdint.h>
#include <string.h>

#include "base/wide.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words are stored as zstd's streams want them");

enum { SG_BITS_FLUSH = 56 }; /* most bits between two flushes */

struct sg_bits {
    uint64_t word;  /* bits not stored yet, zeros above them */
    uint32_t count; /* of them */
    uint8_t *at;    /* where they go */
};

static inline struct sg_bits sg_bits_open(uint8_t *at) {
    return (struct sg_bits){0, 0, at};
}

/* value < 2^count; at most SG_BITS_FLUSH bits since the last flush. */
SG_WIDE_INLINE void sg_bits_add(struct sg_bits *bits, uint64_t value, uint32_t count) {
    bits->word |= value << bits->count;
    bits->count += count;
}

/* Stores whole bytes; up to 7 bits stay. */
SG_WIDE_INLINE void sg_bits_flush(struct sg_bits *bits) {
    memcpy(bits->at, &bits->word, sizeof bits->word);
    bits->at += bits->count >> 3;
    bits->word >>= bits->count & ~7u;
    bits->count &= 7;
}

/* Stores all, the last byte filled up with zeros. Returns where the stream ends. */
static inline uint8_t *sg_bits_pad(struct sg_bits *bits) {
    sg_bits_flush(bits);
    memcpy(bits->at, &bits->word, sizeof bits->word);
    return bits->at + (bits->count > 0);
}

/* The same behind the mark that tells a backward reader where to begin. */
static inline uint8_t *sg_bits_close(struct sg_bits *bits) {
    sg_bits_flush(bits);
    sg_bits_add(bits, 1, 1);
    return sg_bits_pad(bits);
}

static inline uint32_t sg_high_bit(uint32_t value) { /* value > 0 */
    return 31 - (uint32_t)__builtin_clz(value);
}

#endif
