/* Blocks of rows: what the encoders find out about a few hundred rows at once, and the fast cell writers that
 * follow from it.
 *
 * The first row of a block is written cell by cell; from then on adjacent columns that do not change inside
 * the block are one copy of that row's text, numbers that count up are counted as text, timestamps are made
 * in registers, small numbers come without divisions. Each writer knows how its text compares with the row
 * before without looking at it.
 *
 * Private to the encoders.
 */
#ifndef SG_IO_ENCODE_BLOCK_H
#define SG_IO_ENCODE_BLOCK_H

#include "io/cell_text.h"
#include "io/guide_cell.h"
#include "model/batch.h"

enum {
    SG_BLOCK_ROWS = 256,
    SG_STILL_ROWS = 32,
    SG_SMALL_END = 10000,
    SG_COUNTER_LOW = 10000000,
    SG_COUNTER_DIGITS = 7
};

struct sg_row_plan;
struct sg_cell_plan;

enum sg_op_kind {
    SG_OP_RUN,     /* columns that do not change in the block */
    SG_OP_COUNTER, /* 64-bit integers, each one more than the row before, none negative */
    SG_OP_TIME,    /* timestamps */
    SG_OP_SMALL16, /* integers from 0 to SG_SMALL_END - 1 */
    SG_OP_SMALL32,
    SG_OP_WORDS, /* small numbers and truth values made for the whole block, several cells to a word */
    SG_OP_CELL   /* any one cell */
};

/* Up to 8 bytes of text for every row of a block. */
struct sg_words {
    uint64_t text[SG_BLOCK_ROWS], size[SG_BLOCK_ROWS];
    uint64_t size_max;
};

/* The text of a number that counts up: high part, then a word of the lowest digits and the separator. */
struct sg_counter {
    uint64_t value;
    uint64_t word;
    char high[16];
    uint32_t high_size, low_size; /* digits */
};

/* The text of the timestamp before, "YYYY-MM-" "DD HH:MM" ":SS+00" and the separator. */
struct sg_time_words {
    uint64_t month, minute, second;
};

struct sg_op {
    enum sg_op_kind kind;
    uint32_t end, end_size;    /* separator or line end behind the cell, as little-endian bytes */
    uint32_t columns;          /* SG_OP_RUN: how many */
    uint32_t word_count;       /* SG_OP_WORDS */
    struct sg_cell_plan *cell; /* of the first column */
    const void *data;          /* vector of the column */
    const struct sg_words *words;
    const char *text;   /* SG_OP_RUN: the text in the block's first row */
    size_t size;        /* SG_OP_RUN: its size; SG_OP_CELL: size in the row before */
    const char *before; /* where the row before has it */
    union {
        struct sg_counter counter;
        struct sg_time_words time;
    };
};

/* How a written cell compares with the row before: equal bytes at its start and at its end. */
struct sg_likeness {
    size_t head, tail;
};

/* Where the block that starts at row `first` ends: where a column changes that stood still for a while. */
size_t sg_block_end(struct sg_row_plan *plan, const struct sg_batch *batch, size_t first);
/* Plans the rows [first, end) of a batch whose row `first` was just written, all cells' guide.before being
 * its places; row_end is where it ended. Returns the number of ops. */
size_t sg_block_open(struct sg_row_plan *plan, const struct sg_batch *batch, size_t first, size_t end,
                     const char *row_end);
/* Gives the cells the places in the last row written. */
void sg_block_close(struct sg_row_plan *plan, size_t ops);

/* Makes counter->word and high of counter->value. */
void sg_counter_fill(struct sg_counter *counter, uint32_t end);

/* at: row of the block */
static inline char *sg_put_words(char *out, const struct sg_op *op, size_t at) {
    for (uint32_t i = 0; i < op->word_count; i++) {
        memcpy(out, &op->words[i].text[at], 8);
        out += op->words[i].size[at];
    }
    return out;
}

/* Text written before, again. */
static inline char *sg_put_again(char *out, const char *text, size_t size) {
    size_t done = 0;
    do { /* through a copy, as source and target may be closer than that */
        char piece[32];
        memcpy(piece, text + done, sizeof piece);
        memcpy(out + done, piece, sizeof piece);
        done += sizeof piece;
    } while (__builtin_expect(done < size, 0));
    return out + size;
}

/* Counts up by one and writes. */
static inline char *sg_put_counter(char *out, struct sg_op *op, struct sg_likeness *likeness) {
    struct sg_counter *counter = &op->counter;
    unsigned last = 8 * (counter->low_size - 1);
    counter->value++;
    likeness->head = counter->high_size + counter->low_size - 1;
    likeness->tail = op->end_size;
    if ((counter->word >> last & 255) != '9') {
        counter->word += (uint64_t)1 << last;
    } else {
        uint64_t before = counter->word;
        sg_counter_fill(counter, op->end);
        bool longer = counter->low_size * 8 - 8 != last || counter->value % SG_COUNTER_LOW == 0;
        size_t same = (size_t)__builtin_ctzll(before ^ counter->word) / 8;
        likeness->head = longer ? 0 : counter->high_size + same;
    }
    memcpy(out, counter->high, sizeof counter->high);
    out += counter->high_size;
    memcpy(out, &counter->word, 8);
    return out + counter->low_size + op->end_size;
}

static inline uint64_t sg_pair_word(uint32_t v) {
    uint16_t pair;
    memcpy(&pair, sg_digit_pairs + 2 * v, 2);
    return pair;
}

/* The three words of a timestamp with the end behind it. */
static inline struct sg_time_words sg_time_words(int64_t instant_s, uint32_t end,
                                                 struct sg_date_cache *cache) {
    int64_t day = instant_s / SG_DAY_S;
    int32_t rest = (int32_t)(instant_s - day * SG_DAY_S);
    if (rest < 0) {
        rest += SG_DAY_S;
        day--;
    }
    if (__builtin_expect(day != cache->day, 0)) sg_date_cache_fill(cache, day);
    uint32_t minute = (uint32_t)rest / 60;
    struct sg_time_words time;
    const uint64_t colon = ':', zone = (uint64_t)'+' | (uint64_t)'0' << 8 | (uint64_t)'0' << 16;
    memcpy(&time.month, cache->text, 8);
    uint32_t date;
    memcpy(&date, cache->text + 8, 4);
    time.minute =
        (date & 0xFFFFFF) | sg_pair_word(minute / 60) << 24 | colon << 40 | sg_pair_word(minute % 60) << 48;
    time.second = colon | sg_pair_word((uint32_t)rest % 60) << 8 | zone << 24 | (uint64_t)end << 48;
    return time;
}

static inline char *sg_put_time(char *out, struct sg_op *op, int64_t instant_s, struct sg_date_cache *cache,
                                struct sg_likeness *likeness) {
    struct sg_time_words now = sg_time_words(instant_s, op->end, cache);
    uint64_t month = now.month ^ op->time.month, minute = now.minute ^ op->time.minute,
             second = now.second ^ op->time.second;
    memcpy(out, &now.month, 8);
    memcpy(out + 8, &now.minute, 8);
    memcpy(out + 16, &now.second, 8);
    op->time.month = now.month;
    op->time.minute = now.minute;
    op->time.second = now.second;
    size_t size = 22 + op->end_size;
    likeness->tail = second ? (size_t)__builtin_clzll(second << (64 - 8 * (size - 16))) / 8 : size - 16;
    if (month)
        likeness->head = (size_t)__builtin_ctzll(month) / 8;
    else if (minute)
        likeness->head = 8 + (size_t)__builtin_ctzll(minute) / 8;
    else
        likeness->head = second ? 16 + (size_t)__builtin_ctzll(second) / 8 : size;
    return out + size;
}

/* v < SG_SMALL_END */
static inline char *sg_put_small(char *out, uint32_t v, const struct sg_op *op) {
    uint64_t word = sg_pair_word(v / 100) | sg_pair_word(v % 100) << 16;
    unsigned zeros = (unsigned)__builtin_ctz(((uint32_t)word ^ 0x30303030u) | 1u << 24) / 8;
    word >>= 8 * zeros;
    word |= (uint64_t)op->end << 8 * (4 - zeros);
    memcpy(out, &word, 8);
    return out + 4 - zeros + op->end_size;
}

#endif
