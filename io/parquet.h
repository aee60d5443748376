/* Parquet files, as this program writes and reads them: one per shard, row groups of bounded memory, data
 * pages of version 1, dictionaries where values repeat, zstd, statistics of every column chunk. Private to
 * the parquet files of this floor.
 *
 * Types: SG_BOOL BOOLEAN; SG_I16 INT32 INT(16); SG_I32 INT32; SG_I64 INT64; SG_DECIMAL DECIMAL on INT32 up to
 * 9 digits, else INT64; SG_DATE DATE; SG_TIMESTAMP TIMESTAMP(MICROS, UTC); SG_ENUM, SG_TOKEN, SG_TEXT STRING,
 * with `json` JSON; SG_UUID UUID. Columns are OPTIONAL where nullable, else REQUIRED.
 */
#ifndef SG_IO_PARQUET_H
#define SG_IO_PARQUET_H

#include "io/rowset.h"
#include "io/shard.h"
#include "io/thrift.h"

enum {
    SG_PARQUET_BOUND_BYTES = 64, /* longer values give a chunk no bounds */
    SG_PARQUET_PAGE_ROWS =
        1 << 16, /* most rows of a page; of bytes the frame of the compressor is the limit */
    SG_PARQUET_GROUP_ROWS = 1 << 20,
    SG_PARQUET_GROUP_BYTES = 32 << 20 /* a row group ends when its rows take so much memory */
};

enum sg_parquet_physical {
    SG_PARQUET_BOOLEAN = 0,
    SG_PARQUET_INT32 = 1,
    SG_PARQUET_INT64 = 2,
    SG_PARQUET_BYTE_ARRAY = 6,
    SG_PARQUET_FIXED = 7
};
enum { SG_PARQUET_PLAIN = 0, SG_PARQUET_RLE = 3, SG_PARQUET_RLE_DICTIONARY = 8 };

/* Smallest and largest value of a column chunk in plain form, and its NULLs. */
struct sg_parquet_stats {
    uint64_t nulls;
    bool bounded; /* it has values, none too long */
    uint8_t min_size, max_size;
    unsigned char min[SG_PARQUET_BOUND_BYTES], max[SG_PARQUET_BOUND_BYTES];
};

struct sg_parquet_chunk {
    uint64_t offset; /* of its first page */
    uint64_t data_offset;
    uint64_t packed_bytes, unpacked_bytes; /* with page heads */
    bool dictionary;
    struct sg_parquet_stats stats;
};

struct sg_parquet_group {
    uint64_t rows;
    struct sg_parquet_chunk *chunks; /* one per column */
};

struct sg_parquet_file {
    const struct sg_table *table;
    bool packed; /* zstd, else as it is */
    struct sg_parquet_group *groups;
    size_t group_count;
    const char *facts; /* what the footer carries of the shard, in place */
    size_t facts_size;
};

/* Pure. */
enum sg_parquet_physical sg_parquet_physical(const struct sg_column *column);

/* Pure. Statistics of a column of all rows of a batch. */
struct sg_parquet_stats sg_parquet_stats_of(const struct sg_batch *batch, int column);
bool sg_parquet_stats_same(const struct sg_parquet_stats *a, const struct sg_parquet_stats *b);

/* Adds a row group; NULL when there is no memory. */
struct sg_parquet_group *sg_parquet_add_group(struct sg_parquet_file *file, uint64_t rows);
void sg_parquet_file_free(struct sg_parquet_file *file);

/* Appends the footer. */
enum sg_code sg_parquet_footer_write(const struct sg_parquet_file *file, struct sg_buffer *out,
                                     struct sg_error *err);
/* Reads a footer; its schema must be that of file->table. file->facts points into the bytes. SG_CORRUPT,
 * naming `name`. */
enum sg_code sg_parquet_footer_read(struct sg_parquet_file *file, const char *bytes, size_t size,
                                    const char *name, struct sg_error *err);
/* Only where the facts are, without knowing the table. */
enum sg_code sg_parquet_footer_facts(struct sg_parquet_file *file, const char *bytes, size_t size,
                                     const char *name, struct sg_error *err);

struct sg_parquet_page {
    bool dictionary; /* a dictionary page, else a data page */
    bool coded;      /* data page of indexes into the dictionary */
    uint32_t unpacked_bytes, packed_bytes, values;
};
enum sg_code sg_parquet_page_write(const struct sg_parquet_page *page, struct sg_buffer *out,
                                   struct sg_error *err);
/* Moves `reader` behind the head; false when it does not read. */
bool sg_parquet_page_read(struct sg_parquet_page *page, struct sg_thrift_reader *reader);

/* Appends the values of rows [first, end) that are not NULL in plain form. */
enum sg_code sg_parquet_plain_write(const struct sg_batch *batch, int column, size_t first, size_t end,
                                    struct sg_buffer *out, struct sg_error *err);
/* Bytes of one value in plain form. */
size_t sg_parquet_plain_bytes(const struct sg_batch *batch, int column, size_t row);
/* Reads exactly `count` values from exactly these bytes into elements of the column's type, texts into the
 * set's pool, which must have room for `size` bytes. NULL, or what is wrong as a sentence part. */
const char *sg_parquet_plain_read(const struct sg_column *column, const unsigned char *bytes, size_t size,
                                  size_t count, struct sg_rowset *set, void *out);

/* Distinct values of a column, by the rows that show them first. */
struct sg_parquet_dictionary {
    uint32_t *codes; /* per row; undefined for NULL */
    uint32_t *rows;  /* per code */
    uint32_t *slots;
    size_t count, capacity;
};
/* *pays: the column's values repeat so much that a dictionary is worth it. */
enum sg_code sg_parquet_dictionary_make(struct sg_parquet_dictionary *dictionary,
                                        const struct sg_batch *batch, int column, bool *pays,
                                        struct sg_error *err);
void sg_parquet_dictionary_free(struct sg_parquet_dictionary *dictionary);

/* The reader's side of the kind, io/shard_kind.h. */
enum sg_code sg_parquet_open(void **reader, const struct sg_format_info *format, const struct sg_table *table,
                             const char *out, const struct sg_shard_facts *facts, struct sg_error *err);
enum sg_code sg_parquet_next(void *reader, const struct sg_batch **batch, struct sg_error *err);
void sg_parquet_close(void *reader);
enum sg_code sg_parquet_facts(struct sg_shard_facts *facts, const char *out, const char *path,
                              struct sg_error *err);

#endif
