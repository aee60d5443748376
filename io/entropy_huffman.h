/* Huffman coding of literals (RFC 8878, 4.2): tables from counts, their description, and streams.
 *
 * Private to the entropy stage.
 */
#ifndef SG_IO_ENTROPY_HUFFMAN_H
#define SG_IO_ENTROPY_HUFFMAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SG_HUFFMAN_BITS_MAX = 11,
    SG_HUFFMAN_TABLE_BYTES_MAX = 130, /* of a description */
    SG_HUFFMAN_SYMBOLS = 256
};

/* An entry: byte 0 the length of the code, the code above, bit 31 set where a symbol has none. */
#define SG_HUFFMAN_UNKNOWN (1u << 31)

struct sg_huffman {
    uint32_t entries[SG_HUFFMAN_SYMBOLS];
    /* Both codes of two bytes, the second's below; by them as a little-endian number. Few of its cache lines
     * are in use, as text has few different bytes. */
    uint32_t pairs[SG_HUFFMAN_SYMBOLS * SG_HUFFMAN_SYMBOLS];
    uint8_t lengths[SG_HUFFMAN_SYMBOLS]; /* 0: no code */
    uint32_t symbols;                    /* one more than the largest with a code */
};

/* The best code within SG_HUFFMAN_BITS_MAX for counted symbols, of which two at least are not 0. */
void sg_huffman_build(struct sg_huffman *table, const uint32_t counts[SG_HUFFMAN_SYMBOLS]);
/* Writes the description of a table; returns its end, NULL when it has none that is short enough. Slack of 8
 * bytes behind. */
uint8_t *sg_huffman_write(const struct sg_huffman *table, uint8_t *out);
/* Codes `size` > 3 bytes as four streams behind a jump table. At most 11 bits a byte, and 24 bytes, are
 * written. Returns the end; *unknown: a byte has no code, what was written is of no use. */
uint8_t *sg_huffman_encode(const struct sg_huffman *table, const uint8_t *literals, size_t size, uint8_t *out,
                           bool *unknown);
/* Counts bytes. */
void sg_huffman_count(const uint8_t *bytes, size_t size, uint32_t counts[SG_HUFFMAN_SYMBOLS]);

#endif
