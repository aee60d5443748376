/* Output formats, and the encoders of those that are text: batches to bytes. One row of the format table per
 * format. */
#ifndef SG_IO_ENCODE_H
#define SG_IO_ENCODE_H

#include "io/guide.h"
#include "model/batch.h"

struct sg_buffer { /* growable bytes; memory bounded by the caller's flushing */
    char *bytes;
    size_t used, capacity;
};
enum sg_code sg_buffer_reserve(struct sg_buffer *buffer, size_t more, struct sg_error *err);
void sg_buffer_free(struct sg_buffer *buffer);

/* How the rows of a format look to who reads them. */
enum sg_row_kind {
    SG_ROWS_COPY,  /* lines; tabs, newlines and backslashes inside cells are escaped */
    SG_ROWS_CSV,   /* lines; cells may be quoted and hold line ends then */
    SG_ROWS_BINARY /* PostgreSQL's binary COPY, io/encode_binary.h */
};

struct sg_shard_kind;
struct sg_table_file_kind;

struct sg_format_info {
    const char *name;   /* "copy" */
    const char *suffix; /* "copy.zst": shard files are <table>-00000.<suffix> */
    /* How its shard files are laid out and read, io/shard_kind.h. */
    const struct sg_shard_kind *kind;
    /* NULL, or: all ranks write <table>.<suffix> together, io/table_file.h, and shards are rows of it. */
    const struct sg_table_file_kind *together;
    /* The rest is NULL and false for formats that are not row after row. */
    enum sg_row_kind rows;
    bool header; /* each shard begins with a header: a line of column names, or binary COPY's */
    /* Appends the rows of a batch. */
    enum sg_code (*encode)(const struct sg_batch *batch, struct sg_buffer *out, struct sg_error *err);
    /* NULL, or: the same bytes, and the guide, whose position 0 is the buffer's first byte, learns of repeats
     * among them. */
    enum sg_code (*encode_guided)(const struct sg_batch *batch, struct sg_buffer *out, struct sg_guide *guide,
                                  struct sg_error *err);
    /* Appends the header (formats with header). */
    enum sg_code (*encode_header)(const struct sg_table *table, struct sg_buffer *out, struct sg_error *err);
    /* NULL, or: appends what ends each shard. */
    enum sg_code (*encode_trailer)(const struct sg_table *table, struct sg_buffer *out, struct sg_error *err);
};

/* Pure. Formats, NULL-name terminated: copy (PostgreSQL COPY text), csv (RFC 4180 with header), binary
 * (PostgreSQL binary COPY). Those of rows come first. */
const struct sg_format_info *sg_formats(void);
const struct sg_format_info *sg_format_find(const char *name);

/* Appends one cell as COPY text: NULL is \N, control characters and backslashes are escaped, so that it never
 * holds a tab or newline. What explain, keys and messages show. */
enum sg_code sg_encode_cell(const struct sg_batch *batch, size_t row, int column, struct sg_buffer *out,
                            struct sg_error *err);

#endif
