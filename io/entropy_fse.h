/* Finite-state entropy coding (RFC 8878, 4.1): codes of a few dozen symbols with fractions of bits.
 *
 * A table has a row of cells for each symbol: what the symbol costs in a state, and the state it leads to.
 * Symbols that it does not know have cells that say so, and coding needs no branches: who codes looks at the
 * SG_FSE_UNKNOWN flags of all cells at the end.
 *
 * Private to the entropy stage.
 */
#ifndef SG_IO_ENTROPY_FSE_H
#define SG_IO_ENTROPY_FSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SG_FSE_SYMBOLS = 64,
    SG_FSE_LOG_MIN = 5,
    SG_FSE_LOG_MAX = 7, /* so that the rows in use stay in the first-level cache */
    SG_FSE_STATES = 1 << SG_FSE_LOG_MAX,
    SG_FSE_NORM_BYTES_MAX = 128 /* of a written distribution */
};

/* A cell: byte 0 the next state, byte 1 how many bits to write, bits 16 to 22 those bits, 31 unknown symbol.
 */
#define SG_FSE_UNKNOWN (1u << 31)

/* How often each symbol comes, out of 2^log; -1 = less than once. */
struct sg_fse_norm {
    uint32_t log, symbols; /* symbols: one more than the largest */
    int16_t of[SG_FSE_SYMBOLS];
};

struct sg_fse {
    uint32_t log;
    uint8_t first[SG_FSE_SYMBOLS]; /* a state that decodes to the symbol */
    uint32_t
        cells[SG_FSE_SYMBOLS << SG_FSE_LOG_MAX]; /* of symbol s in a state: [s << SG_FSE_LOG_MAX | state] */
};

/* Shares 2^log among counted symbols, at least two of which are not 0; *total is the sum of counts. The log
 * is the smallest of log_max and what so few symbols can use. */
void sg_fse_share(const uint32_t *counts, uint32_t symbols, uint64_t total, uint32_t log_max,
                  struct sg_fse_norm *norm);
/* Writes the distribution; at most SG_FSE_NORM_BYTES_MAX bytes and 8 of slack. Returns its end. */
uint8_t *sg_fse_write(const struct sg_fse_norm *norm, uint8_t *out);
void sg_fse_build(struct sg_fse *table, const struct sg_fse_norm *norm);
/* The table of one symbol, which costs nothing. */
void sg_fse_build_single(struct sg_fse *table, uint32_t symbol);

static inline uint32_t sg_fse_cell(const struct sg_fse *table, uint32_t symbol, uint32_t state) {
    return table->cells[symbol << SG_FSE_LOG_MAX | state];
}
static inline uint32_t sg_fse_cell_next(uint32_t cell) {
    return (uint8_t)cell;
}
static inline uint32_t sg_fse_cell_size(uint32_t cell) {
    return (uint8_t)(cell >> 8);
}
static inline uint32_t sg_fse_cell_bits(uint32_t cell) {
    return cell >> 16;
}

#endif
