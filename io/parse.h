/* Row parser: shard text (or binary COPY) back into typed batches, by the table's declaration alone.
 *
 * It accepts exactly what the encoders write and refuses every other cell: numbers out of range or not
 * canonical, days that do not exist, unknown labels, tokens of another shape, NULL in a column that is not
 * nullable, text that is too long (in characters), not UTF-8 or wrongly escaped, a wrong number of columns, a
 * wrong header, anything behind a trailer.
 *
 *     sg_parser_start(parser, path, facts.row_first, true);
 *     while frames: sg_shard_next -> text, size
 *         sg_parser_feed(parser, text, size);
 *         for (;;) { sg_parser_next(parser, &batch, err); if (!batch) break; ... }
 *
 * Threads: a parser belongs to one thread. Memory: one batch.
 */
#ifndef SG_IO_PARSE_H
#define SG_IO_PARSE_H

#include "io/encode.h"

enum sg_parse_fault_kind {
    SG_PARSE_FINE,
    SG_PARSE_VALUE,   /* not a value of the column's type */
    SG_PARSE_LENGTH,  /* text longer than declared */
    SG_PARSE_NULL,    /* NULL in a column that is not nullable */
    SG_PARSE_COLUMNS, /* too few or too many columns */
    SG_PARSE_HEADER,  /* not the header of the table */
    SG_PARSE_CUT      /* the text ends inside a row */
};

/* What the parser stumbled over. */
struct sg_parse_fault {
    enum sg_parse_fault_kind kind;
    uint64_t row;     /* 0-based in the table */
    int column;       /* index; -1 when it is about the whole row */
    const char *what; /* sentence part: "is not an integer in range" */
    char text[64];    /* the offending text, shortened, unprintable bytes as dots */
};

struct sg_parser;

/* Local. Free with sg_parser_close. */
enum sg_code sg_parser_open(struct sg_parser **parser, const struct sg_table *table,
                            const struct sg_format_info *format, struct sg_error *err);
/* NULL is fine. */
void sg_parser_close(struct sg_parser *parser);

/* Starts a text whose first row is `row_first` (0-based in the table). `name` is how messages call it and
 * must stay valid. `header`: the text begins with the header if the format has one (false after seeking
 * beyond a shard's first frame). Forgets text not yet parsed and an earlier fault. */
void sg_parser_start(struct sg_parser *parser, const char *name, uint64_t row_first, bool header);

/* Hands over whole rows (a frame). The bytes must stay until they are parsed; text fed before must have been.
 */
void sg_parser_feed(struct sg_parser *parser, const char *text, size_t size);

/* The next up to SG_BATCH_ROWS rows of the text fed, NULL when none is left. Cells under NULL marks are zero.
 * The batch is valid until the next call. SG_INVALID, naming file, row and column, at the first malformed
 * row; rows before it in the batch are not delivered then. */
enum sg_code sg_parser_next(struct sg_parser *parser, const struct sg_batch **batch, struct sg_error *err);

/* The fault behind SG_INVALID. */
const struct sg_parse_fault *sg_parser_fault(const struct sg_parser *parser);

#endif
