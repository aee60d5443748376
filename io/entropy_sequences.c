/* Sequences to bits. Tables are made from a block's own codes and serve the blocks behind it until one has a
 * code that they do not know, or they have become worse than they were. */
#include "io/entropy_sequences.h"

#include "io/entropy_bits.h"

enum {
    CODE_LOG = SG_FSE_LOG_MAX,
    FEW_SEQUENCES = 48, /* fewer do not pay for tables of their own */
    STALE_GROWTH = 12,  /* a 12th more bits a sequence than at first */
    MODE_PREDEFINED = 0,
    MODE_SINGLE = 1,
    MODE_OWN = 2,
    MODE_REPEAT = 3,
    CODES_MAX = 53
};

/* Small values' codes, as they stand in sg_coded. */
#define EXTRA_AT 48
#define ONE(kind, code, bits)                                                                                \
    ((uint64_t)(code) << (SG_FSE_LOG_MAX + 16 * (kind)) | (uint64_t)(bits) << EXTRA_AT)
#define L(code, bits) ONE(SG_CODE_LITERALS, code, bits)
#define M(code, bits) ONE(SG_CODE_MATCH, code, bits)
#define TWICE(...)    __VA_ARGS__, __VA_ARGS__
#define TIMES4(...)   TWICE(TWICE(__VA_ARGS__))
#define TIMES8(...)   TWICE(TIMES4(__VA_ARGS__))
#define TIMES16(...)  TWICE(TIMES8(__VA_ARGS__))
#define TIMES32(...)  TWICE(TIMES16(__VA_ARGS__))

enum { LITERALS_SMALL = 64, MATCH_SMALL = 128, MATCH_LEAST = 3 };

static const uint64_t literals_codes[LITERALS_SMALL] = {
    L(0, 0),          L(1, 0),          L(2, 0),          L(3, 0),          L(4, 0),
    L(5, 0),          L(6, 0),          L(7, 0),          L(8, 0),          L(9, 0),
    L(10, 0),         L(11, 0),         L(12, 0),         L(13, 0),         L(14, 0),
    L(15, 0),         TWICE(L(16, 1)),  TWICE(L(17, 1)),  TWICE(L(18, 1)),  TWICE(L(19, 1)),
    TIMES4(L(20, 2)), TIMES4(L(21, 2)), TIMES8(L(22, 3)), TIMES8(L(23, 3)), TIMES16(L(24, 4))};
static const uint64_t match_codes[MATCH_SMALL] = {
    M(0, 0),           M(1, 0),           M(2, 0),          M(3, 0),          M(4, 0),
    M(5, 0),           M(6, 0),           M(7, 0),          M(8, 0),          M(9, 0),
    M(10, 0),          M(11, 0),          M(12, 0),         M(13, 0),         M(14, 0),
    M(15, 0),          M(16, 0),          M(17, 0),         M(18, 0),         M(19, 0),
    M(20, 0),          M(21, 0),          M(22, 0),         M(23, 0),         M(24, 0),
    M(25, 0),          M(26, 0),          M(27, 0),         M(28, 0),         M(29, 0),
    M(30, 0),          M(31, 0),          TWICE(M(32, 1)),  TWICE(M(33, 1)),  TWICE(M(34, 1)),
    TWICE(M(35, 1)),   TIMES4(M(36, 2)),  TIMES4(M(37, 2)), TIMES8(M(38, 3)), TIMES8(M(39, 3)),
    TIMES16(M(40, 4)), TIMES16(M(41, 4)), TIMES32(M(42, 5))};

/* Larger values: a code for each power of two, whose rest follows. */
static uint64_t large_literals(uint32_t literals) {
    uint32_t bits = sg_high_bit(literals);
    return L(bits + 19, bits);
}

static uint64_t large_match(uint32_t value) {
    uint32_t bits = sg_high_bit(value);
    return M(bits + 36, bits);
}

/* A choice that nobody can foresee: to be compiled without a branch. */
#define EITHER(condition, yes, no) (__builtin_expect_with_probability((condition), 1, 0.5) ? (yes) : (no))

/* 1 to 3: one of the repeats, which the decoder counts from another behind no literals; else offset + 3. */
SG_WIDE_INLINE uint32_t offset_value(struct sg_repeats *repeats, uint32_t offset, uint32_t literals) {
    uint32_t a = repeats->offset[0], b = repeats->offset[1], c = repeats->offset[2], value = offset + 3;
    repeats->offset[0] = offset;
    if (__builtin_expect(literals == 0, 0)) {
        repeats->offset[1] = a;
        repeats->offset[2] = offset == b ? c : b;
        return offset == b ? 1 : offset == c ? 2 : value;
    }
    value = EITHER(offset == c, 3, value);
    value = EITHER(offset == b, 2, value);
    value = EITHER(offset == a, 1, value);
    c = EITHER(offset == b, c, b);
    repeats->offset[2] = EITHER(offset == a, repeats->offset[2], c);
    repeats->offset[1] = EITHER(offset == a, b, a);
    return value;
}

SG_WIDE_INLINE struct sg_coded code_one(const struct sg_sequence *sequence, struct sg_repeats *repeats) {
    uint32_t literals = sequence->literals, match = sequence->match - MATCH_LEAST;
    uint32_t offset = offset_value(repeats, sequence->offset, literals), offset_bits = sg_high_bit(offset);
    uint64_t l =
        __builtin_expect(literals < LITERALS_SMALL, 1) ? literals_codes[literals] : large_literals(literals);
    uint64_t m = __builtin_expect(match < MATCH_SMALL, 1) ? match_codes[match] : large_match(match);
    uint32_t l_bits = (uint32_t)(l >> EXTRA_AT), m_bits = (uint32_t)(m >> EXTRA_AT);
    uint64_t extra = (offset ^ 1ull << offset_bits) << m_bits | (match & ((1ull << m_bits) - 1));
    extra = extra << l_bits | (literals & ((1ull << l_bits) - 1));
    return (struct sg_coded){extra, l + m + offset_bits * ONE(SG_CODE_OFFSET, 1, 1)};
}

/* Gathers the literals of a block; false when its sequences are none. */
SG_WIDE static bool gather_literals(struct sg_block *block, uint8_t *literals) {
    const struct sg_sequence *sequence = block->sequences, *const end = sequence + block->sequences_max;
    const uint8_t *from = block->text, *const text_end = block->text_end;
    /* Up to here a piece of SG_LITERALS_SLACK bytes can be read, and the literals before it fit. */
    size_t safe_bytes = (size_t)(text_end - from) < SG_GUIDE_BLOCK_BYTES + SG_LITERALS_SLACK
                            ? (size_t)(text_end - from)
                            : SG_GUIDE_BLOCK_BYTES + SG_LITERALS_SLACK;
    const uint8_t *const safe = from + safe_bytes;
    uint8_t *const first = literals;
    for (; sequence < end; sequence++) {
        size_t size = sequence->literals;
        if (__builtin_expect((size <= SG_LITERALS_SLACK) & (safe - from >= SG_LITERALS_SLACK), 1)) {
            memcpy(literals, from, SG_LITERALS_SLACK);
        } else {
            if (from > text_end || size > (size_t)(text_end - from)) return false;
            if (size > SG_GUIDE_BLOCK_BYTES - (size_t)(literals - first)) return false;
            memcpy(literals, from, size);
        }
        literals += size;
        from += size + sequence->match;
        if (sequence->match) continue;
        block->count = (size_t)(sequence - block->sequences);
        block->size = (size_t)(from - block->text);
        block->literals = (size_t)(literals - first);
        return block->size <= SG_GUIDE_BLOCK_BYTES;
    }
    return false;
}

SG_WIDE static void code_all(const struct sg_sequence *sequences, size_t count, struct sg_repeats *repeats,
                             struct sg_coded *coded) {
    struct sg_repeats known = *repeats;
    for (size_t i = 0; i < count; i++)
        coded[i] = code_one(&sequences[i], &known);
    *repeats = known;
}

bool sg_block_code(struct sg_block *block, struct sg_repeats *repeats, struct sg_coded *coded,
                   uint8_t *literals) {
    if (!gather_literals(block, literals)) return false;
    code_all(block->sequences, block->count, repeats, coded);
    return true;
}

static const struct sg_fse_norm predefined[SG_CODE_KINDS] = {
    [SG_CODE_LITERALS] = {6, 36, {4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1,  1,  2,  2,
                                  2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1}},
    [SG_CODE_OFFSET] = {5, 29, {1, 1, 1, 1, 1, 1, 2, 2, 2, 1,  1,  1,  1,  1, 1,
                                1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1}},
    [SG_CODE_MATCH] = {6, 53, {1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1,  1,  1,  1,  1,  1,  1, 1,
                               1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,  1,  1,  1,  1,  1,  1, 1,
                               1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1}},
};

static uint8_t *write_count(size_t count, uint8_t *out) {
    enum { TWO_BYTES = 128, THREE_BYTES = 0x7F00 };
    if (count < TWO_BYTES) {
        *out++ = (uint8_t)count;
    } else if (count < THREE_BYTES) {
        *out++ = (uint8_t)((count >> 8) + TWO_BYTES);
        *out++ = (uint8_t)count;
    } else {
        *out++ = 255;
        *out++ = (uint8_t)(count - THREE_BYTES);
        *out++ = (uint8_t)((count - THREE_BYTES) >> 8);
    }
    return out;
}

/* Makes and writes the table of a kind for the codes counted. Returns the end, and the mode. */
static uint8_t *make_table(struct sg_fse *fse, enum sg_code_kind kind, const uint32_t *counts, size_t count,
                           uint8_t *out, uint32_t *mode) {
    uint32_t symbol = 0;
    while (!counts[symbol])
        symbol++;
    if (counts[symbol] == count) {
        *mode = MODE_SINGLE;
        sg_fse_build_single(fse, symbol);
        *out = (uint8_t)symbol;
        return out + 1;
    }
    if (count < FEW_SEQUENCES) {
        *mode = MODE_PREDEFINED;
        sg_fse_build(fse, &predefined[kind]);
        return out;
    }
    struct sg_fse_norm norm;
    *mode = MODE_OWN;
    sg_fse_share(counts, CODES_MAX, count, CODE_LOG, &norm);
    sg_fse_build(fse, &norm);
    return sg_fse_write(&norm, out);
}

/* Gives codes that blocks before had a share, lest the next one to come makes new tables necessary. Returns
 * how many were added. */
static uint32_t remember_codes(uint64_t *met, uint32_t *counts) {
    uint32_t added = 0;
    for (uint32_t s = 0; s < SG_FSE_SYMBOLS; s++) {
        if (!counts[s] && *met >> s & 1) counts[s]++, added++;
        if (counts[s]) *met |= 1ull << s;
    }
    return added;
}

static void make_tables(struct sg_sequence_tables *tables, const struct sg_coded *coded, size_t count) {
    uint32_t counts[SG_CODE_KINDS][SG_FSE_SYMBOLS] = {{0}}, modes = 0;
    for (size_t i = 0; i < count; i++)
        for (int kind = 0; kind < SG_CODE_KINDS; kind++)
            counts[kind][sg_coded_code(&coded[i], (enum sg_code_kind)kind)]++;
    uint8_t *end = tables->written + 1;
    for (int kind = 0; kind < SG_CODE_KINDS; kind++) {
        uint32_t mode, total = (uint32_t)count + remember_codes(&tables->met[kind], counts[kind]);
        end = make_table(&tables->fse[kind], (enum sg_code_kind)kind, counts[kind], total, end, &mode);
        modes |= mode << (6 - 2 * kind);
    }
    tables->written[0] = (uint8_t)modes;
    tables->written_size = (size_t)(end - tables->written);
    tables->made = true;
    tables->known = false;
    tables->stale = count < FEW_SEQUENCES;
}

SG_WIDE_INLINE void add_cell(struct sg_bits *bits, uint32_t cell) {
    sg_bits_add(bits, sg_fse_cell_bits(cell), sg_fse_cell_size(cell));
}

/* The bits of sequences, from the last to the first. Returns their end, NULL when a table lacks a code. */
SG_WIDE static uint8_t *write_bits(const struct sg_sequence_tables *tables, const struct sg_coded *coded,
                                   size_t count, uint8_t *out) {
    const struct sg_fse *literals_fse = &tables->fse[SG_CODE_LITERALS],
                        *offset_fse = &tables->fse[SG_CODE_OFFSET], *match_fse = &tables->fse[SG_CODE_MATCH];
    const struct sg_coded *one = &coded[count - 1];
    struct sg_bits bits = sg_bits_open(out);
    uint32_t literals = literals_fse->first[sg_coded_code(one, SG_CODE_LITERALS)],
             offset = offset_fse->first[sg_coded_code(one, SG_CODE_OFFSET)],
             match = match_fse->first[sg_coded_code(one, SG_CODE_MATCH)];
    uint32_t flags = literals_fse->cells[sg_coded_row(one, SG_CODE_LITERALS)] |
                     offset_fse->cells[sg_coded_row(one, SG_CODE_OFFSET)] |
                     match_fse->cells[sg_coded_row(one, SG_CODE_MATCH)];
    sg_bits_add(&bits, one->extra, (uint32_t)(one->codes >> EXTRA_AT));
    sg_bits_flush(&bits);
    while (one-- > coded) {
        uint64_t codes = one->codes;
        uint32_t extra_size = (uint32_t)(codes >> EXTRA_AT);
        uint32_t offset_cell = offset_fse->cells[sg_coded_row(one, SG_CODE_OFFSET) + offset];
        uint32_t match_cell = match_fse->cells[sg_coded_row(one, SG_CODE_MATCH) + match];
        uint32_t literals_cell = literals_fse->cells[sg_coded_row(one, SG_CODE_LITERALS) + literals];
        flags |= offset_cell | match_cell | literals_cell;
        offset = sg_fse_cell_next(offset_cell);
        match = sg_fse_cell_next(match_cell);
        literals = sg_fse_cell_next(literals_cell);
        add_cell(&bits, offset_cell);
        add_cell(&bits, match_cell);
        add_cell(&bits, literals_cell);
        if (__builtin_expect(bits.count + extra_size > SG_BITS_FLUSH, 0)) sg_bits_flush(&bits);
        sg_bits_add(&bits, one->extra, extra_size);
        sg_bits_flush(&bits);
    }
    sg_bits_add(&bits, match, match_fse->log);
    sg_bits_add(&bits, offset, offset_fse->log);
    sg_bits_add(&bits, literals, literals_fse->log);
    return flags & SG_FSE_UNKNOWN ? NULL : sg_bits_close(&bits);
}

/* With the tables at hand. NULL when one lacks a code. *bits: what the sequences take. */
static uint8_t *write_with(struct sg_sequence_tables *tables, const struct sg_coded *coded, size_t count,
                           uint8_t *out, uint64_t *bits) {
    static const uint8_t again[] = {MODE_REPEAT << 6 | MODE_REPEAT << 4 | MODE_REPEAT << 2};
    size_t size = tables->known ? sizeof again : tables->written_size;
    memcpy(out, tables->known ? again : tables->written, size);
    uint8_t *end = write_bits(tables, coded, count, out + size);
    if (!end) return NULL;
    *bits = (uint64_t)(end - out - (ptrdiff_t)size) * 8;
    tables->known = true;
    return end;
}

uint8_t *sg_sequences_write(struct sg_sequence_tables *tables, const struct sg_coded *coded, size_t count,
                            uint8_t *out) {
    uint64_t bits;
    out = write_count(count, out);
    if (count == 0) return out;
    uint8_t *end = tables->made && !tables->stale ? write_with(tables, coded, count, out, &bits) : NULL;
    if (end) {
        tables->stale = bits * 1024 / count > tables->bits_per_1024 + tables->bits_per_1024 / STALE_GROWTH;
        return end;
    }
    make_tables(tables, coded, count);
    end = write_with(tables, coded, count, out, &bits);
    tables->bits_per_1024 = bits * 1024 / count;
    return end;
}
