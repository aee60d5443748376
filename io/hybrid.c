/* Runs of eight or more equal values are written once, all else in groups of eight packed values. */
#include "io/hybrid.h"

#include <string.h>

enum { GROUP = 8, VARINT_BYTES_MAX = 10 };

unsigned sg_hybrid_width(size_t count) {
    unsigned width = 1;
    while (((size_t)1 << width) < count)
        width++;
    return width;
}

static char *put_varint(char *at, uint64_t value) {
    for (; value > 127; value >>= 7)
        *at++ = (char)(value | 128);
    *at++ = (char)value;
    return at;
}

/* Packs values, padding the last group with zeros. */
static char *put_packed(char *at, const uint32_t *values, size_t count, unsigned width) {
    size_t groups = (count + GROUP - 1) / GROUP;
    if (groups == 0) return at;
    at = put_varint(at, (uint64_t)groups << 1 | 1);
    uint64_t word = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < groups * GROUP; i++) {
        word |= (uint64_t)(i < count ? values[i] : 0) << bits;
        for (bits += width; bits >= 8; bits -= 8, word >>= 8)
            *at++ = (char)word;
    }
    return at;
}

static char *put_run(char *at, uint32_t value, size_t count, unsigned width) {
    at = put_varint(at, (uint64_t)count << 1);
    for (unsigned bits = 0; bits < width; bits += 8)
        *at++ = (char)(value >> bits);
    return at;
}

enum sg_code sg_hybrid_write(const uint32_t *values, size_t count, unsigned width, struct sg_buffer *out,
                             struct sg_error *err) {
    size_t most = (count / GROUP + 2) * (width + 2 * VARINT_BYTES_MAX);
    SG_TRY(sg_buffer_reserve(out, most, err));
    char *at = out->bytes + out->used;
    size_t packed = 0; /* where the values not yet written begin */
    for (size_t i = 0, run; i < count; i += run) {
        for (run = 1; i + run < count && values[i + run] == values[i];)
            run++;
        size_t loose = (i - packed) % GROUP, fill = loose ? GROUP - loose : 0;
        if (run < fill + GROUP) continue;
        at = put_packed(at, values + packed, i + fill - packed, width);
        at = put_run(at, values[i], run - fill, width);
        packed = i + run;
    }
    at = put_packed(at, values + packed, count - packed, width);
    out->used = (size_t)(at - out->bytes);
    return SG_OK;
}

static bool get_varint(const unsigned char **at, const unsigned char *end, uint64_t *value) {
    *value = 0;
    for (unsigned shift = 0; shift < 35 && *at < end; shift += 7) {
        unsigned char byte = *(*at)++;
        *value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) return true;
    }
    return false;
}

static const unsigned char *get_packed(const unsigned char *at, unsigned width, uint32_t *values,
                                       size_t count) {
    uint64_t word = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < count; i++) {
        for (; bits < width; bits += 8)
            word |= (uint64_t)*at++ << bits;
        values[i] = (uint32_t)(word & (((uint64_t)1 << width) - 1));
        word >>= width;
        bits -= width;
    }
    return at;
}

bool sg_hybrid_read(const unsigned char *bytes, size_t size, unsigned width, uint32_t *values, size_t count) {
    const unsigned char *at = bytes, *end = bytes + size;
    size_t run_bytes = (width + 7) / 8;
    for (size_t done = 0; done < count;) {
        uint64_t head;
        if (!get_varint(&at, end, &head) || head < 2) return false;
        size_t left = (size_t)(end - at), rest = count - done;
        if (head & 1) {
            uint64_t groups = head >> 1;
            if (groups > left / width) return false;
            size_t take = groups * GROUP < rest ? (size_t)groups * GROUP : rest;
            get_packed(at, width, values + done, take);
            at += groups * width;
            done += take;
        } else {
            if (left < run_bytes || head >> 1 > rest) return false;
            uint32_t value = 0;
            for (size_t i = 0; i < run_bytes; i++)
                value |= (uint32_t)*at++ << 8 * i;
            if (value >> width) return false;
            for (uint64_t i = 0; i < head >> 1; i++)
                values[done++] = value;
        }
    }
    return at == end;
}
