/* A column of 64-bit values that will not change any more, in as few bytes as its range needs: 0, 1, 2, 4 or
 * 8 a row above the least value. NULLs take a byte a row only where there are any. */
#ifndef SG_VERIFY_PACKED_H
#define SG_VERIFY_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sg_packed {
    int64_t least;
    uint8_t width; /* bytes a row */
    void *above;   /* NULL for width 0 */
    uint8_t *null; /* NULL = none is NULL */
};

/* Packs rows; nothing is kept of the arrays. False without memory, and then there is nothing to free. */
bool sg_pack(struct sg_packed *packed, const int64_t *values, const uint8_t *null, size_t rows);
void sg_packed_free(struct sg_packed *packed);

/* Pure. Bytes that it holds for so many rows. */
size_t sg_packed_bytes(const struct sg_packed *packed, size_t rows);

/* Pure. A row's value; 0 where it is NULL. */
static inline int64_t sg_packed_value(const struct sg_packed *packed, size_t row) {
    uint64_t above = 0;
    switch (packed->width) {
    case 1:
        above = ((const uint8_t *)packed->above)[row];
        break;
    case 2:
        above = ((const uint16_t *)packed->above)[row];
        break;
    case 4:
        above = ((const uint32_t *)packed->above)[row];
        break;
    case 8:
        above = ((const uint64_t *)packed->above)[row];
        break;
    }
    if (packed->null && packed->null[row]) return 0;
    return (int64_t)((uint64_t)packed->least + above);
}

static inline bool sg_packed_null(const struct sg_packed *packed, size_t row) {
    return packed->null && packed->null[row];
}

#endif
