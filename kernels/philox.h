/* Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
 * easy as 1, 2, 3" (SC 2011). A block of four 32-bit words is a pure function of a 128-bit counter and a
 * 64-bit key.
 *
 * Layout of the counter: words 0 and 1 hold the row (0-based, in its table), word 2 names dataset, table and
 * stream, word 3 is the draw within the cell. The key is the seed. So a cell depends on nothing but
 * (seed, dataset, table, stream, row, draw).
 */
#ifndef SG_KERNELS_PHILOX_H
#define SG_KERNELS_PHILOX_H

#include <stdint.h>

struct sg_block {
    uint32_t w[4];
};

/* Where a table's randomness comes from; build one per table with sg_source. */
struct sg_source {
    uint32_t key[2];
    uint32_t scope; /* dataset << 24 | table << 8 */
};

/* Pure. `table` is the table's index in its dataset or any constant below 65536 for draws outside tables. */
static inline struct sg_source sg_source(uint64_t seed, uint32_t dataset, uint32_t table) {
    struct sg_source s = {{(uint32_t)seed, (uint32_t)(seed >> 32)}, dataset << 24 | table << 8};
    return s;
}

/* Pure. The block of a 128-bit counter under a key: ten rounds. */
static inline struct sg_block sg_philox(struct sg_block c, uint32_t k0, uint32_t k1) {
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c.w[0];
        uint64_t p1 = (uint64_t)0xCD9E8D57u * c.w[2];
        struct sg_block next = {{(uint32_t)(p1 >> 32) ^ c.w[1] ^ k0, (uint32_t)p1,
                                 (uint32_t)(p0 >> 32) ^ c.w[3] ^ k1, (uint32_t)p0}};
        c = next;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return c;
}

/* Pure. Four random words of a cell group. stream < 256 names the group of columns within the table. */
static inline struct sg_block sg_draw(const struct sg_source *source, uint64_t row, uint32_t stream,
                                      uint32_t draw) {
    struct sg_block counter = {{(uint32_t)row, (uint32_t)(row >> 32), source->scope | stream, draw}};
    return sg_philox(counter, source->key[0], source->key[1]);
}

#endif
