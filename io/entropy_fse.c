/* Builds FSE tables: sharing, writing and laying out of states. */
#include "io/entropy_fse.h"

#include <string.h>

#include "io/entropy_bits.h"

/* Few symbols gain nothing from many states; many need two each at least. */
static uint32_t fitting_log(uint32_t present, uint64_t total, uint32_t log_max) {
    uint32_t log = log_max, by_total = sg_high_bit((uint32_t)(total | 1)), need = sg_high_bit(present) + 2;
    if (by_total < log) log = by_total;
    if (log < need) log = need;
    if (log < SG_FSE_LOG_MIN) log = SG_FSE_LOG_MIN;
    return log < log_max ? log : log_max;
}

void sg_fse_share(const uint32_t *counts, uint32_t symbols, uint64_t total, uint32_t log_max,
                  struct sg_fse_norm *norm) {
    uint32_t present = 0;
    *norm = (struct sg_fse_norm){0};
    for (uint32_t s = 0; s < symbols; s++)
        if (counts[s]) present++, norm->symbols = s + 1;
    norm->log = fitting_log(present, total, log_max);
    int32_t left = 1 << norm->log;
    uint32_t largest = 0;
    for (uint32_t s = 0; s < norm->symbols; s++) {
        if (!counts[s]) continue;
        uint64_t share = (((uint64_t)counts[s] << (norm->log + 1)) / total + 1) / 2;
        norm->of[s] = (int16_t)(share ? share : 1);
        left -= norm->of[s];
        if (norm->of[s] > norm->of[largest]) largest = s;
    }
    if (left > 0) norm->of[largest] = (int16_t)(norm->of[largest] + left);
    /* What rounding gave too much goes back from the largest shares. */
    for (; left < 0; left++) {
        uint32_t most = 0;
        for (uint32_t s = 1; s < norm->symbols; s++)
            if (norm->of[s] > norm->of[most]) most = s;
        norm->of[most]--;
    }
}

/* A number of 0 to `most` in as few bits as a decoder that knows `most` can tell apart. */
static void add_limited(struct sg_bits *bits, uint32_t value, uint32_t most) {
    uint32_t count = sg_high_bit(most) + 1, spare = (1u << count) - 1 - most;
    if (value < spare)
        sg_bits_add(bits, value, count - 1);
    else
        sg_bits_add(bits, value < 1u << (count - 1) ? value : value + spare, count);
    sg_bits_flush(bits);
}

/* How many zeros follow, in pieces of at most three. */
static void add_zeros(struct sg_bits *bits, uint32_t zeros) {
    for (; zeros >= 3; zeros -= 3) {
        sg_bits_add(bits, 3, 2);
        sg_bits_flush(bits);
    }
    sg_bits_add(bits, zeros, 2);
    sg_bits_flush(bits);
}

uint8_t *sg_fse_write(const struct sg_fse_norm *norm, uint8_t *out) {
    struct sg_bits bits = sg_bits_open(out);
    uint32_t left = 1u << norm->log;
    sg_bits_add(&bits, norm->log - SG_FSE_LOG_MIN, 4);
    for (uint32_t s = 0; left > 0; s++) {
        int share = norm->of[s];
        add_limited(&bits, (uint32_t)(share + 1), left + 1);
        left -= (uint32_t)(share < 0 ? 1 : share);
        if (share != 0) continue;
        uint32_t zeros = 0;
        while (norm->of[s + 1] == 0)
            s++, zeros++;
        add_zeros(&bits, zeros);
    }
    return sg_bits_pad(&bits);
}

/* Which symbol each state decodes to: rare ones from the end on, the others spread in steps. */
static void lay_out(const struct sg_fse_norm *norm, uint8_t symbol_of[SG_FSE_STATES]) {
    uint32_t states = 1u << norm->log, rare = states, step = (states >> 1) + (states >> 3) + 3, at = 0;
    for (uint32_t s = 0; s < norm->symbols; s++)
        if (norm->of[s] < 0) symbol_of[--rare] = (uint8_t)s;
    for (uint32_t s = 0; s < norm->symbols; s++)
        for (int i = 0; i < norm->of[s]; i++) {
            symbol_of[at] = (uint8_t)s;
            do
                at = (at + step) & (states - 1);
            while (at >= rare);
        }
}

/* The cells of a symbol that owns `count` states: X = state + states loses as many low bits as bring it to
 * [count, 2 count), where it numbers one of them. */
static void fill_row(uint32_t *cells, const uint8_t *owned, uint32_t count, uint32_t log) {
    uint32_t states = 1u << log;
    uint32_t many = log - sg_high_bit(count), few_from = (count << many) - states;
    for (uint32_t state = 0; state < states; state++) {
        uint32_t bits = state < few_from ? many - 1 : many;
        uint32_t next = owned[((state + states) >> bits) - count];
        cells[state] = next | bits << 8 | (state & ((1u << bits) - 1)) << 16;
    }
}

static void fill_unknown(uint32_t *cells, uint32_t states) {
    for (uint32_t state = 0; state < states; state++)
        cells[state] = SG_FSE_UNKNOWN;
}

void sg_fse_build(struct sg_fse *table, const struct sg_fse_norm *norm) {
    uint8_t symbol_of[SG_FSE_STATES], owned[SG_FSE_STATES];
    uint32_t states = 1u << norm->log, start[SG_FSE_SYMBOLS], sum = 0;
    lay_out(norm, symbol_of);
    for (uint32_t s = 0; s < norm->symbols; s++) {
        start[s] = sum;
        sum += (uint32_t)(norm->of[s] < 0 ? 1 : norm->of[s]);
    }
    for (uint32_t state = 0; state < states; state++)
        owned[start[symbol_of[state]]++] = (uint8_t)state;
    table->log = norm->log;
    for (uint32_t s = 0; s < SG_FSE_SYMBOLS; s++) {
        uint32_t count = s < norm->symbols ? (uint32_t)(norm->of[s] < 0 ? 1 : norm->of[s]) : 0;
        const uint8_t *own = count ? owned + start[s] - count : owned;
        uint32_t *cells = &table->cells[s << SG_FSE_LOG_MAX];
        table->first[s] = count ? own[0] : 0;
        if (count)
            fill_row(cells, own, count, norm->log);
        else
            fill_unknown(cells, states);
    }
}

void sg_fse_build_single(struct sg_fse *table, uint32_t symbol) {
    table->log = 0;
    for (uint32_t s = 0; s < SG_FSE_SYMBOLS; s++) {
        table->cells[s << SG_FSE_LOG_MAX] = s == symbol ? 0 : SG_FSE_UNKNOWN;
        table->first[s] = 0;
    }
}
