/* Blocks of rows: what the encoders find out about a few hundred rows at once, and the fast cell writers that
 * follow from it.
 *
 * The first row of a block is written cell by cell; from then on adjacent columns that do not change inside
 * the block are one copy of that row's text, and numbers, truth values, days and timestamps are copied from
 * words that vector code made for all rows. Writers of columns that take part in the guide know how their
 * text compares with the row before without looking at it.
 *
 * Private to the encoders.
 */
#ifndef SG_IO_ENCODE_BLOCK_H
#define SG_IO_ENCODE_BLOCK_H

#include "io/cell_text.h"
#include "io/encode_words.h"
#include "io/guide_cell.h"
#include "model/batch.h"

enum { SG_STILL_ROWS = 32, SG_COUNTER_LOW = 10000000 };
#define SG_COUNTER_END (INT64_MAX - SG_BLOCK_ROWS)

struct sg_row_plan;
struct sg_cell_plan;

enum sg_op_kind {
    SG_OP_RUN,     /* columns that do not change in the block */
    SG_OP_COUNTER, /* 64-bit integers, each one more than the row before, none negative */
    SG_OP_TIME,    /* timestamps: three words */
    SG_OP_WORDS,   /* words of one or more columns that take no part in the guide */
    SG_OP_TOLD,    /* words of a column that does */
    SG_OP_CELL     /* any one cell */
};

struct sg_op {
    enum sg_op_kind kind;
    uint32_t end, end_size; /* separator or line end behind the cell, as little-endian bytes */
    uint32_t word_count;
    uint32_t columns;             /* SG_OP_RUN: how many */
    uint32_t high_size;           /* SG_OP_COUNTER: digits before those of the word */
    const struct sg_words *words; /* one behind the other */
    const char *text;             /* SG_OP_RUN: the text in the block's first row */
    size_t size;                  /* SG_OP_RUN: its size; SG_OP_CELL: size in the row before */
    const char *before;           /* where the row before has it: runs, cells, and what the guide asks */
    struct sg_cell_plan *cell;    /* of the first column */
    char high[16];                /* SG_OP_COUNTER */
};

/* How a written cell compares with the row before: equal bytes at its start and at its end. */
struct sg_likeness {
    size_t head, tail;
};

/* Where the block that starts at row `first` ends: where a column changes that stood still for a while, or
 * where a key needs new high digits. */
size_t sg_block_end(struct sg_row_plan *plan, const struct sg_batch *batch, size_t first);
/* Plans the rows [first, end) of a batch whose row `first` was just written, all cells' guide.before being
 * its places; row_end is where it ended. Returns the number of ops. */
size_t sg_block_open(struct sg_row_plan *plan, const struct sg_batch *batch, size_t first, size_t end,
                     const char *row_end);
/* Gives the cells the places in the last row written. */
void sg_block_close(struct sg_row_plan *plan, size_t ops);

/* at: row of the block */
static inline char *sg_put_words(char *out, const struct sg_op *op, size_t at) {
    for (const struct sg_words *words = op->words, *const end = words + op->word_count; words < end;
         words++) {
        memcpy(out, &words->text[at], SG_WORD_BYTES);
        out += words->size[at];
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

static inline char *sg_put_counter(char *out, const struct sg_op *op, size_t at) {
    memcpy(out, op->high, sizeof op->high);
    out += op->high_size;
    memcpy(out, &op->words->text[at], SG_WORD_BYTES);
    return out + op->words->size[at];
}

/* Bytes at the start of two different words that are equal. */
static inline size_t sg_words_head(uint64_t a, uint64_t b) {
    return (size_t)__builtin_ctzll(a ^ b) / 8;
}

/* Bytes at the end of two different words that are equal. */
static inline size_t sg_words_tail(uint64_t a, size_t a_size, uint64_t b, size_t b_size) {
    uint64_t ends = a << (8 * (8 - a_size) & 63) ^ b << (8 * (8 - b_size) & 63);
    return (size_t)__builtin_clzll(ends) / 8;
}

/* The last digit always changes. */
static inline struct sg_likeness sg_like_counter(const struct sg_op *op, size_t at) {
    const struct sg_words *words = op->words;
    bool longer = words->size[at] != words->size[at - 1];
    size_t head = longer ? 0 : op->high_size + sg_words_head(words->text[at], words->text[at - 1]);
    return (struct sg_likeness){head, op->end_size};
}

/* tail: equal bytes before the cell */
static inline struct sg_likeness sg_like_time(const struct sg_op *op, size_t at, size_t tail) {
    const uint64_t *month = op->words[0].text + at, *minute = op->words[1].text + at,
                   *second = op->words[2].text + at;
    size_t last = 6 + op->end_size;
    struct sg_likeness like;
    if (__builtin_expect(month[0] != month[-1], 0))
        like.head = sg_words_head(month[0], month[-1]);
    else if (minute[0] != minute[-1])
        like.head = 8 + sg_words_head(minute[0], minute[-1]);
    else if (second[0] != second[-1])
        like.head = 16 + sg_words_head(second[0], second[-1]);
    else
        return (struct sg_likeness){16 + last, tail + 16 + last};
    like.tail = second[0] != second[-1] ? sg_words_tail(second[0], last, second[-1], last) : last;
    return like;
}

/* Any words. tail: equal bytes before the cell */
static inline struct sg_likeness sg_like_words(const struct sg_op *op, size_t at, size_t tail) {
    struct sg_likeness like = {0, 0};
    const struct sg_words *words = op->words, *const end = words + op->word_count, *last = end - 1;
    for (; words < end && words->text[at] == words->text[at - 1]; words++)
        like.head += words->size[at];
    if (words == end) return (struct sg_likeness){like.head, tail + like.head};
    like.head += sg_words_head(words->text[at], words->text[at - 1]);
    for (; last > words && last->text[at] == last->text[at - 1]; last--)
        like.tail += last->size[at];
    like.tail += sg_words_tail(last->text[at], last->size[at], last->text[at - 1], last->size[at - 1]);
    return like;
}

#endif
