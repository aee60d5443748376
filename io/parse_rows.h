/* The parser's state and its faults, shared by the row loops. Private to the parser. */
#ifndef SG_IO_PARSE_ROWS_H
#define SG_IO_PARSE_ROWS_H

#include "io/parse_cells.h"

struct sg_parser {
    struct sg_emitter emitter; /* only its batch is used */
    struct sg_batch *batch;
    struct sg_cell_rule *rules;
    const struct sg_format_info *format;
    struct sg_buffer header;
    const char *name;
    const char *at, *end;
    bool header_next;
    bool over; /* the trailer of a binary text came by */
    struct sg_parse_fault fault;
    uint32_t *ends; /* COPY text: sg_parse_block_ends of them */
    bool by_rows;   /* keeps to the row loop, to compare with */
};

/* Records the fault of the row being parsed. False. */
bool sg_parse_stumble(struct sg_parser *parser, enum sg_parse_fault_kind kind, int column, const char *what,
                      struct sg_cell cell);
/* The same with the words that go with kind and column. */
bool sg_parse_stumble_cell(struct sg_parser *parser, enum sg_parse_fault_kind kind, int column,
                           struct sg_cell cell);

/* Marks the cell NULL in the batch. */
static inline void sg_store_null(struct sg_cell_rule *rule, size_t row) {
    size_t element = sg_type_bytes(rule->column->type);
    memset((char *)rule->data + row * element, 0, element);
    rule->null[row] = 1;
}

/* COPY text by columns: up to SG_PARSE_BLOCK_ROWS rows into the batch. False, with nothing taken, where the
 * row loop must go on: at a fault, and near the end of the text. */
enum { SG_PARSE_BLOCK_ROWS = 512, SG_PARSE_BLOCK_BYTES = 1 << 30 };
bool sg_parse_block(struct sg_parser *parser);
/* Pure. Places it needs to note where cells end. */
size_t sg_parse_block_ends(size_t columns);

/* Rows of binary COPY until the batch is full or the text ends. False at a fault. */
bool sg_parse_rows_binary(struct sg_parser *parser);

/* How the cells of a type are stored: by type. */
struct sg_cell_type {
    sg_cell_store *store;
    const char *what;
};
extern const struct sg_cell_type sg_binary_types[];
/* Stores of text, labels and tokens as they are, for formats that escape nothing. */
sg_cell_store sg_store_label, sg_store_token, sg_store_plain_text;

#endif
