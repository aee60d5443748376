/* The format table, and single cells as COPY text. A new format is one file and one line here. */
#include "io/encode.h"

#include <string.h>

#include "io/encode_binary.h"
#include "io/encode_formats.h"
#include "io/shard_kind.h"
#include "io/table_file.h"

static const struct sg_format_info formats[] = {
    {.name = "copy",
     .suffix = "copy.zst",
     .kind = &sg_shard_kind_text,
     .rows = SG_ROWS_COPY,
     .encode = sg_encode_copy,
     .encode_guided = sg_encode_copy_guided},
    {.name = "csv",
     .suffix = "csv.zst",
     .kind = &sg_shard_kind_text,
     .rows = SG_ROWS_CSV,
     .header = true,
     .encode = sg_encode_csv,
     .encode_guided = sg_encode_csv_guided,
     .encode_header = sg_encode_csv_header},
    {.name = "binary",
     .suffix = "pgcopy.zst",
     .kind = &sg_shard_kind_text,
     .rows = SG_ROWS_BINARY,
     .header = true,
     .encode = sg_encode_binary,
     .encode_header = sg_encode_binary_header,
     .encode_trailer = sg_encode_binary_trailer},
    {.name = "parquet", .suffix = "parquet", .kind = &sg_shard_kind_parquet},
    {.name = "hdf5", .suffix = "h5", .kind = &sg_shard_kind_hdf5, .together = &sg_table_file_hdf5},
    {.name = NULL},
};

const struct sg_format_info *sg_formats(void) {
    return formats;
}

const struct sg_format_info *sg_format_find(const char *name) {
    for (const struct sg_format_info *format = formats; format->name; format++)
        if (strcmp(format->name, name) == 0) return format;
    return NULL;
}

enum sg_code sg_encode_cell(const struct sg_batch *batch, size_t row, int column, struct sg_buffer *out,
                            struct sg_error *err) {
    struct sg_table one = *batch->table;
    one.columns = &batch->table->columns[column];
    one.column_count = 1;
    struct sg_vector vector = batch->vectors[column];
    vector.data = (char *)vector.data + row * sg_type_bytes(one.columns->type);
    vector.null += row;
    struct sg_batch cell = *batch;
    cell.table = &one;
    cell.vectors = &vector;
    cell.row_first = batch->row_first + row;
    cell.rows = 1;
    SG_TRY(sg_encode_copy(&cell, out, err));
    out->used--; /* the newline */
    return SG_OK;
}
