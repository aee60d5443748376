/* Huffman tables and streams. Codes are limited in length by taking from what overfills the code space and
 * giving the rest back, rarest symbols first. */
#include "io/entropy_huffman.h"

#include <string.h>

#include "io/entropy_bits.h"
#include "io/entropy_fse.h"

enum { WEIGHTS_DIRECT_MAX = 128, WEIGHT_LOG = 6, WEIGHT_KINDS = SG_HUFFMAN_BITS_MAX + 1 };

void sg_huffman_count(const uint8_t *bytes, size_t size, uint32_t counts[SG_HUFFMAN_SYMBOLS]) {
    uint32_t part[4][SG_HUFFMAN_SYMBOLS]; /* equal neighbours do not wait for each other */
    memset(part, 0, sizeof part);
    size_t i = 0;
    for (; i + 4 <= size; i += 4)
        for (int k = 0; k < 4; k++)
            part[k][bytes[i + (size_t)k]]++;
    for (; i < size; i++)
        part[0][bytes[i]]++;
    for (int s = 0; s < SG_HUFFMAN_SYMBOLS; s++)
        counts[s] = part[0][s] + part[1][s] + part[2][s] + part[3][s];
}

/* Symbols that occur, rarest first. */
static uint32_t sort_symbols(const uint32_t *counts, uint8_t *sorted) {
    uint32_t present = 0;
    for (uint32_t s = 0; s < SG_HUFFMAN_SYMBOLS; s++) {
        if (!counts[s]) continue;
        uint32_t at = present++;
        for (; at > 0 && counts[sorted[at - 1]] > counts[s]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = (uint8_t)s;
    }
    return present;
}

/* Depths in Huffman's tree: leaves and inner nodes are two queues that both grow in weight. */
static void tree_depths(const uint32_t *counts, const uint8_t *sorted, uint32_t present, uint8_t *depths) {
    uint64_t weight[2 * SG_HUFFMAN_SYMBOLS];
    uint16_t parent[2 * SG_HUFFMAN_SYMBOLS];
    uint8_t depth[2 * SG_HUFFMAN_SYMBOLS];
    uint32_t leaf = 0, inner = present, nodes = 2 * present - 1;
    for (uint32_t i = 0; i < present; i++)
        weight[i] = counts[sorted[i]];
    for (uint32_t made = present; made < nodes; made++) {
        weight[made] = 0;
        for (int k = 0; k < 2; k++) {
            bool take_leaf = leaf < present && (inner == made || weight[leaf] <= weight[inner]);
            uint32_t least = take_leaf ? leaf++ : inner++;
            weight[made] += weight[least];
            parent[least] = (uint16_t)made;
        }
    }
    depth[nodes - 1] = 0;
    for (uint32_t i = nodes - 1; i-- > 0;) {
        uint32_t down = depth[parent[i]] + 1u;
        depth[i] = (uint8_t)(down < 255 ? down : 255);
    }
    memcpy(depths, depth, present);
}

/* Shortens what is deeper than allowed and makes up for it, until the code space is exactly full. */
static void limit_depths(uint8_t *depths, uint32_t present) {
    uint32_t full = 1u << SG_HUFFMAN_BITS_MAX, taken = 0;
    for (uint32_t i = 0; i < present; i++) {
        if (depths[i] > SG_HUFFMAN_BITS_MAX) depths[i] = SG_HUFFMAN_BITS_MAX;
        taken += full >> depths[i];
    }
    while (taken > full) { /* the rarest symbol that may become longer, of those that lose least */
        uint32_t at = present;
        for (uint32_t i = 0; i < present; i++)
            if (depths[i] < SG_HUFFMAN_BITS_MAX && (at == present || depths[i] > depths[at])) at = i;
        taken -= full >> ++depths[at];
    }
    for (uint32_t i = present; i-- > 0 && taken < full;)
        while (taken < full && full >> depths[i] <= full - taken)
            taken += full >> depths[i]--;
}

/* Codes by length, longest from 0 on, in the order of symbols. */
static void assign_codes(struct sg_huffman *table) {
    uint32_t code = 0;
    for (uint32_t length = SG_HUFFMAN_BITS_MAX; length > 0; length--) {
        for (uint32_t s = 0; s < table->symbols; s++)
            if (table->lengths[s] == length) table->entries[s] = code++ << 8 | length;
        code >>= 1;
    }
}

static void join_pairs(struct sg_huffman *table, const uint8_t *present, uint32_t count) {
    for (uint32_t i = 0; i < SG_HUFFMAN_SYMBOLS * SG_HUFFMAN_SYMBOLS; i++)
        table->pairs[i] = SG_HUFFMAN_UNKNOWN;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t low = table->entries[present[i]], size = (uint8_t)low;
        for (uint32_t k = 0; k < count; k++) {
            uint32_t high = table->entries[present[k]];
            uint32_t code = (high >> 8) << size | low >> 8;
            table->pairs[present[i] << 8 | present[k]] = code << 8 | (size + (uint8_t)high);
        }
    }
}

void sg_huffman_build(struct sg_huffman *table, const uint32_t counts[SG_HUFFMAN_SYMBOLS]) {
    uint8_t sorted[SG_HUFFMAN_SYMBOLS], depths[SG_HUFFMAN_SYMBOLS];
    uint32_t present = sort_symbols(counts, sorted);
    tree_depths(counts, sorted, present, depths);
    limit_depths(depths, present);
    memset(table->lengths, 0, sizeof table->lengths);
    table->symbols = 0;
    for (uint32_t i = 0; i < present; i++) {
        table->lengths[sorted[i]] = depths[i];
        if (sorted[i] >= table->symbols) table->symbols = sorted[i] + 1u;
    }
    for (uint32_t s = 0; s < SG_HUFFMAN_SYMBOLS; s++)
        table->entries[s] = SG_HUFFMAN_UNKNOWN;
    assign_codes(table);
    join_pairs(table, sorted, present);
}

/* Weights coded with two states by turns, the even symbols' first. NULL when that does not work out. */
static uint8_t *write_coded_weights(const uint8_t *weights, uint32_t count, uint8_t *out) {
    uint32_t counts[WEIGHT_KINDS] = {0}, kinds = 0;
    struct sg_fse_norm norm;
    struct sg_fse table;
    for (uint32_t i = 0; i < count; i++)
        kinds += counts[weights[i]]++ == 0;
    if (kinds < 2) return NULL;
    sg_fse_share(counts, WEIGHT_KINDS, count, WEIGHT_LOG, &norm);
    sg_fse_build(&table, &norm);
    struct sg_bits bits = sg_bits_open(sg_fse_write(&norm, out + 1));
    uint32_t state[2];
    for (uint32_t i = count; i-- > 0;) {
        if (i + 2 >= count) {
            state[i % 2] = table.first[weights[i]];
            continue;
        }
        uint32_t cell = sg_fse_cell(&table, weights[i], state[i % 2]);
        sg_bits_add(&bits, sg_fse_cell_bits(cell), sg_fse_cell_size(cell));
        sg_bits_flush(&bits);
        state[i % 2] = sg_fse_cell_next(cell);
    }
    sg_bits_add(&bits, state[1], table.log);
    sg_bits_add(&bits, state[0], table.log);
    uint8_t *end = sg_bits_close(&bits);
    if (end - out - 1 >= WEIGHTS_DIRECT_MAX) return NULL;
    out[0] = (uint8_t)(end - out - 1);
    return end;
}

uint8_t *sg_huffman_write(const struct sg_huffman *table, uint8_t *out) {
    uint8_t weights[SG_HUFFMAN_SYMBOLS + 1], coded[2 * SG_HUFFMAN_SYMBOLS + SG_FSE_NORM_BYTES_MAX];
    uint32_t longest = 0, count = table->symbols - 1; /* the last weight follows from the others */
    for (uint32_t s = 0; s <= count; s++)
        if (table->lengths[s] > longest) longest = table->lengths[s];
    for (uint32_t s = 0; s < count; s++)
        weights[s] = (uint8_t)(table->lengths[s] ? longest + 1 - table->lengths[s] : 0);
    weights[count] = 0;
    uint8_t *end = count > 1 ? write_coded_weights(weights, count, coded) : NULL;
    size_t direct = 1 + (count + 1) / 2;
    if (end && ((size_t)(end - coded) < direct || count > WEIGHTS_DIRECT_MAX)) {
        memcpy(out, coded, (size_t)(end - coded));
        return out + (end - coded);
    }
    if (count > WEIGHTS_DIRECT_MAX) return NULL;
    *out++ = (uint8_t)(count - 1 + WEIGHTS_DIRECT_MAX);
    for (uint32_t s = 0; s < count; s += 2)
        *out++ = (uint8_t)(weights[s] << 4 | weights[s + 1]);
    return out;
}

SG_WIDE_INLINE uint32_t pair_at(const uint32_t *pairs, const uint8_t *literals) {
    uint16_t two;
    memcpy(&two, literals, sizeof two);
    return pairs[two];
}

/* Adds the codes of four bytes, the last one first. */
SG_WIDE_INLINE void add_four(struct sg_bits *bits, const uint32_t *pairs, const uint8_t *literals,
                             uint32_t *flags) {
    uint32_t high = pair_at(pairs, literals), low = pair_at(pairs, literals + 2);
    *flags |= high | low;
    sg_bits_add(bits, low >> 8, (uint8_t)low);
    sg_bits_add(bits, high >> 8, (uint8_t)high);
    sg_bits_flush(bits);
}

/* One stream: the bytes from the last to the first. */
SG_WIDE static uint8_t *encode_stream(const struct sg_huffman *table, const uint8_t *literals, size_t size,
                                      uint8_t *out, uint32_t *flags) {
    struct sg_bits bits = sg_bits_open(out);
    uint32_t seen = 0;
    size_t at = size;
    for (; at % 4; at--) {
        uint32_t entry = table->entries[literals[at - 1]];
        seen |= entry;
        sg_bits_add(&bits, entry >> 8, (uint8_t)entry);
        sg_bits_flush(&bits);
    }
    for (; at; at -= 4)
        add_four(&bits, table->pairs, literals + at - 4, &seen);
    *flags |= seen;
    return sg_bits_close(&bits);
}

uint8_t *sg_huffman_encode(const struct sg_huffman *table, const uint8_t *literals, size_t size, uint8_t *out,
                           bool *unknown) {
    enum { STREAMS = 4, JUMPS_BYTES = 6 };
    size_t piece = (size + STREAMS - 1) / STREAMS;
    uint32_t flags = 0;
    uint8_t *at = out + JUMPS_BYTES;
    for (size_t stream = 0; stream < STREAMS; stream++) {
        size_t first = stream * piece, last = first + piece < size ? first + piece : size;
        uint8_t *end = encode_stream(table, literals + first, last - first, at, &flags);
        uint16_t bytes = (uint16_t)(end - at);
        if (stream + 1 < STREAMS) memcpy(out + 2 * stream, &bytes, sizeof bytes);
        at = end;
    }
    *unknown = (flags & SG_HUFFMAN_UNKNOWN) != 0;
    return at;
}
