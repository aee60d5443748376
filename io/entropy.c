/* Frames and blocks of the entropy stage. Invariant: what the decoder knows (tables, repeated offsets)
 * changes only with blocks that are written compressed. */
#include "io/entropy.h"

#include <stdlib.h>

#include "base/checked.h"
#include "io/digest.h"
#include "io/entropy_bits.h"
#include "io/entropy_huffman.h"
#include "io/entropy_sequences.h"

enum {
    BLOCK_BYTES = SG_GUIDE_BLOCK_BYTES,
    BLOCK_SEQUENCES = BLOCK_BYTES / SG_GUIDE_MATCH_MIN + 1,
    BLOCK_HEADER_BYTES = 3,
    BLOCK_RAW = 0,
    BLOCK_RUN = 1,
    BLOCK_COMPRESSED = 2,
    FRAME_HEADER_BYTES_MAX = 4 + 1 + 8,
    CHECKSUM_BYTES = 4,
    LITERALS_RAW = 0,
    LITERALS_RUN = 1,
    LITERALS_CODED = 2,
    LITERALS_AGAIN = 3,
    LITERALS_FEW = 64, /* fewer do not pay for a table */
    STALE_GROWTH = 64, /* a 64th more bits a literal than at first */
    /* The most a block can take before it is found to be too long, with slack. */
    SCRATCH_BYTES = BLOCK_BYTES * 11 / 8 + BLOCK_SEQUENCES * 12 + 4096
};

/* The literals' code, and how far the decoder of the frame in hand knows it. */
struct literals_table {
    bool made;                    /* there is one, of this frame or one before */
    bool known;                   /* it was written in this frame */
    bool stale;                   /* it costs too much by now: make another for the next block */
    uint64_t bits_per_1024;       /* what 1024 literals took when the table was new */
    bool met[SG_HUFFMAN_SYMBOLS]; /* counted in any block so far, also of frames before */
    size_t written_size;
    uint8_t written[SG_HUFFMAN_TABLE_BYTES_MAX + 8]; /* its description */
    struct sg_huffman huffman;
};

struct sg_entropy {
    struct literals_table literals_table;
    struct sg_sequence_tables sequence_tables;
    struct sg_repeats repeats;
    struct sg_coded coded[BLOCK_SEQUENCES];
    uint8_t literals[BLOCK_BYTES + SG_LITERALS_SLACK];
};

struct sg_entropy *sg_entropy_open(void) {
    struct sg_entropy *entropy = malloc(sizeof *entropy);
    if (entropy) sg_entropy_restart(entropy);
    return entropy;
}

void sg_entropy_restart(struct sg_entropy *entropy) {
    entropy->literals_table.made = entropy->sequence_tables.made = false;
    memset(entropy->literals_table.met, 0, sizeof entropy->literals_table.met);
    memset(entropy->sequence_tables.met, 0, sizeof entropy->sequence_tables.met);
}

void sg_entropy_close(struct sg_entropy *entropy) {
    free(entropy);
}

static uint8_t *put_le(uint8_t *out, uint64_t value, size_t bytes) {
    for (size_t i = 0; i < bytes; i++)
        *out++ = (uint8_t)(value >> 8 * i);
    return out;
}

/* Magic, what the header says, content size in as few bytes as it fits. One segment: the window is the
 * content. */
static uint8_t *put_frame_header(uint8_t *out, uint64_t size) {
    enum { SINGLE_SEGMENT = 1 << 5, CHECKSUM = 1 << 2, TWO_BYTES_FROM = 256 };
    uint32_t flag = size < TWO_BYTES_FROM ? 0 : size < 65536 + TWO_BYTES_FROM ? 1 : size >> 32 == 0 ? 2 : 3;
    out = put_le(out, 0xFD2FB528, 4);
    *out++ = (uint8_t)(flag << 6 | SINGLE_SEGMENT | CHECKSUM);
    return put_le(out, flag == 1 ? size - TWO_BYTES_FROM : size, (size_t)1 << flag);
}

static uint8_t *put_block_header(uint8_t *out, size_t size, uint32_t type, bool last) {
    return put_le(out, (uint64_t)size << 3 | type << 1 | last, BLOCK_HEADER_BYTES);
}

/* Raw literals or a run of one: sizes of 5, 12 or 20 bits. */
static uint8_t *put_literals_header(uint8_t *out, uint32_t type, size_t size) {
    if (size < 32) return put_le(out, size << 3 | type, 1);
    if (size < 4096) return put_le(out, size << 4 | 1 << 2 | type, 2);
    return put_le(out, size << 4 | 3 << 2 | type, 3);
}

static uint8_t *put_raw_literals(uint8_t *out, const uint8_t *literals, size_t size) {
    out = put_literals_header(out, LITERALS_RAW, size);
    memcpy(out, literals, size);
    return out + size;
}

/* Four streams: both sizes of 10, 14 or 18 bits. */
static size_t coded_header_bytes(size_t size) {
    return size < 1 << 10 ? 3 : size < 1 << 14 ? 4 : 5;
}

static void put_coded_header(uint8_t *out, uint32_t type, size_t size, size_t coded_size) {
    size_t bytes = coded_header_bytes(size);
    uint32_t bits = (uint32_t)(4 * bytes - 2);
    put_le(out, type | (bytes - 2) << 2 | (uint64_t)size << 4 | (uint64_t)coded_size << (4 + bits), bytes);
}

/* With the table at hand; NULL when that lacks a byte or does not pay. *bits: what the streams take. */
static uint8_t *put_coded_literals(struct literals_table *table, const uint8_t *literals, size_t size,
                                   uint8_t *out, uint64_t *bits) {
    bool unknown;
    uint8_t *start = out + coded_header_bytes(size), *streams = start;
    if (!table->known) {
        memcpy(start, table->written, table->written_size);
        streams += table->written_size;
    }
    uint8_t *end = sg_huffman_encode(&table->huffman, literals, size, streams, &unknown);
    if (unknown || (size_t)(end - start) >= size) return NULL;
    *bits = (uint64_t)(end - streams) * 8;
    put_coded_header(out, table->known ? LITERALS_AGAIN : LITERALS_CODED, size, (size_t)(end - start));
    table->known = true;
    return end;
}

/* With the table of a block before; NULL when that will not do. */
static uint8_t *put_literals_again(struct literals_table *table, const uint8_t *literals, size_t size,
                                   uint8_t *out) {
    uint64_t bits;
    uint8_t *end = put_coded_literals(table, literals, size, out, &bits);
    if (!end) return NULL;
    table->stale = bits * 1024 / size > table->bits_per_1024 + table->bits_per_1024 / STALE_GROWTH;
    return end;
}

/* Makes a table for counted literals. False when it cannot be described. */
static bool make_table(struct literals_table *table, uint32_t counts[SG_HUFFMAN_SYMBOLS]) {
    for (int s = 0; s < SG_HUFFMAN_SYMBOLS; s++) {
        if (!counts[s]) counts[s] = table->met[s];
        table->met[s] = counts[s] > 0;
    }
    sg_huffman_build(&table->huffman, counts);
    uint8_t *end = sg_huffman_write(&table->huffman, table->written);
    table->made = end != NULL;
    table->known = table->stale = false;
    if (end) table->written_size = (size_t)(end - table->written);
    return end != NULL;
}

/* With a table of their own, or as they are. */
static uint8_t *put_literals_anew(struct literals_table *table, const uint8_t *literals, size_t size,
                                  uint8_t *out) {
    uint32_t counts[SG_HUFFMAN_SYMBOLS];
    uint64_t bits;
    sg_huffman_count(literals, size, counts);
    if (counts[literals[0]] == size) {
        out = put_literals_header(out, LITERALS_RUN, size);
        *out = literals[0];
        return out + 1;
    }
    uint8_t *end = make_table(table, counts) ? put_coded_literals(table, literals, size, out, &bits) : NULL;
    if (!end) {
        table->made = false;
        return put_raw_literals(out, literals, size);
    }
    table->bits_per_1024 = bits * 1024 / size;
    return end;
}

static uint8_t *put_literals(struct literals_table *table, const uint8_t *literals, size_t size,
                             uint8_t *out) {
    if (size < LITERALS_FEW) return put_raw_literals(out, literals, size);
    uint8_t *end = table->made && !table->stale ? put_literals_again(table, literals, size, out) : NULL;
    return end ? end : put_literals_anew(table, literals, size, out);
}

/* What a block that is no smaller than its text becomes. */
static uint8_t *put_plain_block(const uint8_t *text, size_t size, bool last, uint8_t *out) {
    bool run = size > 1 && memcmp(text, text + 1, size - 1) == 0;
    out = put_block_header(out, size, run ? BLOCK_RUN : BLOCK_RAW, last);
    memcpy(out, text, run ? 1 : size);
    return out + (run ? 1 : size);
}

/* A block whose sequences were coded. */
static uint8_t *put_block(struct sg_entropy *entropy, const struct sg_block *block, bool last, uint8_t *out) {
    uint8_t *body = out + BLOCK_HEADER_BYTES;
    uint8_t *end = put_literals(&entropy->literals_table, entropy->literals, block->literals, body);
    end = sg_sequences_write(&entropy->sequence_tables, entropy->coded, block->count, end);
    if ((size_t)(end - body) < block->size) {
        put_block_header(out, (size_t)(end - body), BLOCK_COMPRESSED, last);
        return end;
    }
    entropy->literals_table.known = entropy->sequence_tables.known = false;
    return put_plain_block(block->text, block->size, last, out);
}

/* Room for a block that turns out to be longer than its text, and for what ends a frame. */
static enum sg_code reserve_block(struct sg_buffer *out, struct sg_error *err) {
    return sg_buffer_reserve(out, FRAME_HEADER_BYTES_MAX + CHECKSUM_BYTES + SCRATCH_BYTES, err);
}

static void end_at(struct sg_buffer *out, const uint8_t *end) {
    out->used = (size_t)((const char *)end - out->bytes);
}

static uint8_t *end_of(const struct sg_buffer *out) {
    return (uint8_t *)out->bytes + out->used;
}

static enum sg_code open_frame(struct sg_buffer *out, size_t size, struct sg_error *err) {
    SG_TRY(reserve_block(out, err));
    end_at(out, put_frame_header(end_of(out), size));
    /* A frame without text is one block without. */
    if (size == 0) end_at(out, put_block_header(end_of(out), 0, BLOCK_RAW, true));
    return SG_OK;
}

static void close_frame(struct sg_buffer *out, const struct sg_checksum *checksum) {
    end_at(out, put_le(end_of(out), sg_checksum_result(checksum), CHECKSUM_BYTES));
}

/* What a block says of repeats holds from it on only if it is written compressed, with its sequences, if any.
 */
static enum sg_code add_block(struct sg_entropy *entropy, struct sg_block *block, struct sg_buffer *out,
                              struct sg_error *err) {
    struct sg_repeats repeats = entropy->repeats;
    SG_TRY(reserve_block(out, err));
    if (!sg_block_code(block, &repeats, entropy->coded, entropy->literals) || block->size == 0)
        return sg_fail(err, SG_INTERNAL, "a compression guide has a block that is none");
    bool last = block->text + block->size == block->text_end;
    end_at(out, put_block(entropy, block, last, end_of(out)));
    if (entropy->sequence_tables.known) entropy->repeats = repeats;
    return SG_OK;
}

enum sg_code sg_entropy_frame(struct sg_entropy *entropy, const struct sg_sequence *sequences, size_t count,
                              const char *text, size_t size, struct sg_buffer *out, struct sg_error *err) {
    struct sg_checksum checksum;
    struct sg_block block = {.text = (const uint8_t *)text, .text_end = (const uint8_t *)text + size};
    const uint8_t *summed = block.text; /* up to here */
    size_t first = 0;
    entropy->repeats = SG_REPEATS_START;
    entropy->literals_table.known = entropy->sequence_tables.known = false;
    sg_checksum_start(&checksum);
    SG_TRY(open_frame(out, size, err));
    for (; first < count; first += block.count + 1) {
        block.sequences = sequences + first;
        block.sequences_max = count - first < BLOCK_SEQUENCES ? count - first : BLOCK_SEQUENCES;
        /* The checksum goes ahead, which brings the text close. */
        size_t ahead =
            (size_t)(block.text_end - summed) < BLOCK_BYTES ? (size_t)(block.text_end - summed) : BLOCK_BYTES;
        sg_checksum_add(&checksum, summed, ahead);
        summed += ahead;
        SG_TRY(add_block(entropy, &block, out, err));
        block.text += block.size;
    }
    if (block.text != block.text_end)
        return sg_fail(err, SG_INTERNAL, "a compression guide does not cover its frame of %zu bytes", size);
    sg_checksum_add(&checksum, summed, (size_t)(block.text_end - summed));
    close_frame(out, &checksum);
    return SG_OK;
}

enum sg_code sg_entropy_store(const char *text, size_t size, struct sg_buffer *out, struct sg_error *err) {
    struct sg_checksum checksum;
    sg_checksum_start(&checksum);
    sg_checksum_add(&checksum, text, size);
    SG_TRY(open_frame(out, size, err));
    for (size_t done = 0, block; done < size; done += block) {
        block = size - done < BLOCK_BYTES ? size - done : BLOCK_BYTES;
        SG_TRY(reserve_block(out, err));
        uint8_t *body = put_block_header(end_of(out), block, BLOCK_RAW, done + block == size);
        memcpy(body, text + done, block);
        end_at(out, body + block);
    }
    close_frame(out, &checksum);
    return SG_OK;
}
