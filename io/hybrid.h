/* Parquet's hybrid of run-length encoding and bit-packing, for small unsigned integers: NULL marks, and
 * indexes into a dictionary. */
#ifndef SG_IO_HYBRID_H
#define SG_IO_HYBRID_H

#include "io/encode.h"

/* Pure. Bits that values below `count` need, at least 1. */
unsigned sg_hybrid_width(size_t count);

/* Appends `count` values of `width` bits (1..24). */
enum sg_code sg_hybrid_write(const uint32_t *values, size_t count, unsigned width, struct sg_buffer *out,
                             struct sg_error *err);

/* Reads exactly `count` values; false when the bytes end before or a value needs more than `width` bits. */
bool sg_hybrid_read(const unsigned char *bytes, size_t size, unsigned width, uint32_t *values, size_t count);

#endif
