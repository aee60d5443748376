/* Cell rules: how the parser reads the cells of one column into its batch. Private to the parser. */
#ifndef SG_IO_PARSE_CELLS_H
#define SG_IO_PARSE_CELLS_H

#include "io/cell_parse.h"
#include "io/encode.h"
#include "io/parse.h"

/* A cell's raw text, quotes and escapes included. */
struct sg_cell {
    const char *text;
    size_t size;
};

struct sg_cell_rule;
typedef enum sg_parse_fault_kind sg_cell_store(struct sg_cell_rule *rule, struct sg_cell cell, size_t row);

/* One slot of the label lookup. */
struct sg_label_slot {
    uint64_t head; /* first eight bytes of the label as written, zero padded */
    uint32_t size, code_plus_one;
};

/* A month met before: "YYYY-MM-", its first day and number of days. */
struct sg_month_memory {
    uint64_t head;
    int32_t first_day, days;
};
enum { SG_MONTH_BITS = 6 };

static inline size_t sg_label_slot_of(uint64_t head, size_t size, unsigned bits) {
    return (head + size * 0x9e3779b97f4a7c15u) * 0xd6e8feb86659fd93u >> (64 - bits);
}

struct sg_cell_rule {
    const struct sg_column *column;
    struct sg_batch *batch;
    sg_cell_store *store;
    void *data;
    uint8_t *null;
    enum sg_row_kind rows;
    const char *what; /* sentence part when a value is refused */
    struct sg_day_memory day;
    struct sg_month_memory months[1 << SG_MONTH_BITS]; /* of blocks */
    /* SG_ENUM: open addressing over the labels as the format writes them */
    struct sg_label_slot *slots;
    unsigned slot_bits;
    struct sg_buffer labels;
    uint32_t *label_offsets;
    /* SG_TOKEN: text of key 0, and where its digits begin */
    char token[UINT8_MAX + 1];
    size_t token_head;
    /* of blocks: the cell before, while it is the same column's and its text is there */
    const char *token_before;
    uint64_t token_before_key;
};

/* Unescapes COPY text into out (at least as large); the end of it, NULL when an escape is not one of the
 * writer's or a byte should have been escaped. */
char *sg_unescape_copy(char *out, struct sg_cell cell);

/* Marks every byte of w that equals c with its high bit; exact up to the first such byte. */
static inline uint64_t sg_byte_marks(uint64_t w, unsigned char c) {
    const uint64_t ones = 0x0101010101010101u;
    w ^= ones * c;
    return (w - ones) & ~w & (ones << 7);
}

/* The first tab or newline at or behind `at`, `end` when there is none. */
static inline const char *sg_copy_cell_end(const char *at, const char *end) {
    for (uint64_t w; end - at >= 8; at += 8) {
        memcpy(&w, at, 8);
        uint64_t found = sg_byte_marks(w, '\t') | sg_byte_marks(w, '\n');
        if (found) return at + (__builtin_ctzll(found) >> 3);
    }
    while (at < end && *at != '\n' && *at != '\t')
        at++;
    return at;
}

/* Prepares the rule of a column. Free with sg_cell_rule_close even after failure. */
enum sg_code sg_cell_rule_open(struct sg_cell_rule *rule, struct sg_batch *batch, int column,
                               enum sg_row_kind rows, struct sg_error *err);
void sg_cell_rule_close(struct sg_cell_rule *rule);

#endif
