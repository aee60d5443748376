/* PostgreSQL's binary COPY format: a header, tuples of length-prefixed big-endian cells, a trailer.
 *
 * A shard of this format is, decompressed, one valid COPY stream. Bytes are those that PostgreSQL itself
 * writes with COPY ... TO ... (FORMAT binary) for the same rows: numerics are stripped of zero digits,
 * timestamps are microseconds and dates days since 2000.
 */
#ifndef SG_IO_ENCODE_BINARY_H
#define SG_IO_ENCODE_BINARY_H

#include "io/encode.h"

enum { SG_BINARY_HEADER_BYTES = 19, SG_BINARY_TRAILER_BYTES = 2, SG_BINARY_EPOCH_DAY = 10957 };
#define SG_BINARY_EPOCH_S ((int64_t)SG_BINARY_EPOCH_DAY * 86400)
extern const char sg_binary_header[SG_BINARY_HEADER_BYTES + 1];
extern const char sg_binary_trailer[SG_BINARY_TRAILER_BYTES + 1];

/* Appends all rows of the batch as tuples. Local. */
enum sg_code sg_encode_binary(const struct sg_batch *batch, struct sg_buffer *out, struct sg_error *err);
enum sg_code sg_encode_binary_header(const struct sg_table *table, struct sg_buffer *out,
                                     struct sg_error *err);
enum sg_code sg_encode_binary_trailer(const struct sg_table *table, struct sg_buffer *out,
                                      struct sg_error *err);

/* Writes a numeric cell, value / 10^scale, with its length; at most 24 bytes. Gives its end. */
char *sg_put_numeric(char *out, int64_t value, unsigned scale);

/* Big-endian words. */
static inline char *sg_put_be16(char *out, uint16_t value) {
    value = __builtin_bswap16(value);
    __builtin_memcpy(out, &value, sizeof value);
    return out + sizeof value;
}
static inline char *sg_put_be32(char *out, uint32_t value) {
    value = __builtin_bswap32(value);
    __builtin_memcpy(out, &value, sizeof value);
    return out + sizeof value;
}
static inline char *sg_put_be64(char *out, uint64_t value) {
    value = __builtin_bswap64(value);
    __builtin_memcpy(out, &value, sizeof value);
    return out + sizeof value;
}
static inline uint16_t sg_get_be16(const char *bytes) {
    uint16_t value;
    __builtin_memcpy(&value, bytes, sizeof value);
    return __builtin_bswap16(value);
}
static inline uint32_t sg_get_be32(const char *bytes) {
    uint32_t value;
    __builtin_memcpy(&value, bytes, sizeof value);
    return __builtin_bswap32(value);
}
static inline uint64_t sg_get_be64(const char *bytes) {
    uint64_t value;
    __builtin_memcpy(&value, bytes, sizeof value);
    return __builtin_bswap64(value);
}

#endif
