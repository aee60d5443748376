/* Page heads and the footer of Parquet files: the structures of parquet.thrift, field numbers and all. */
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "io/parquet.h"

enum { FOOTER_VERSION = 2, CODEC_NONE = 0, CODEC_ZSTD = 6, REQUIRED = 0, OPTIONAL = 1, NO_TYPE = -1 };
enum { PAGE_DATA = 0, PAGE_DICTIONARY = 2 };

#define FACTS_KEY "synthgen-hpc.facts"

/* ConvertedType and the field of the LogicalType union, per column type. */
struct annotation {
    int converted, logical;
};

enum { LOGICAL_STRING = 1, LOGICAL_DECIMAL = 5, LOGICAL_DATE = 6, LOGICAL_TIMESTAMP = 8 };
enum { LOGICAL_INTEGER = 10, LOGICAL_JSON = 12, LOGICAL_UUID = 14 };

static struct annotation annotation_of(const struct sg_column *column) {
    static const struct annotation types[] = {[SG_BOOL] = {NO_TYPE, NO_TYPE},
                                              [SG_I16] = {16, LOGICAL_INTEGER},
                                              [SG_I32] = {NO_TYPE, NO_TYPE},
                                              [SG_I64] = {NO_TYPE, NO_TYPE},
                                              [SG_DECIMAL] = {5, LOGICAL_DECIMAL},
                                              [SG_DATE] = {6, LOGICAL_DATE},
                                              [SG_TIMESTAMP] = {10, LOGICAL_TIMESTAMP},
                                              [SG_ENUM] = {0, LOGICAL_STRING},
                                              [SG_TOKEN] = {0, LOGICAL_STRING},
                                              [SG_TEXT] = {0, LOGICAL_STRING},
                                              [SG_UUID] = {NO_TYPE, LOGICAL_UUID}};
    static const struct annotation json = {19, LOGICAL_JSON};
    return column->type == SG_TEXT && column->json ? json : types[column->type];
}

struct sg_parquet_group *sg_parquet_add_group(struct sg_parquet_file *file, uint64_t rows) {
    struct sg_parquet_group *more = realloc(file->groups, (file->group_count + 1) * sizeof *more);
    if (!more) return NULL;
    file->groups = more;
    struct sg_parquet_group *group = &more[file->group_count];
    group->rows = rows;
    group->chunks = sg_alloc_array(file->table->column_count, sizeof *group->chunks);
    if (!group->chunks) return NULL;
    file->group_count++;
    return group;
}

void sg_parquet_file_free(struct sg_parquet_file *file) {
    for (size_t i = 0; i < file->group_count; i++)
        free(file->groups[i].chunks);
    free(file->groups);
    memset(file, 0, sizeof *file);
}

static void put_logical(struct sg_thrift_writer *out, const struct sg_column *column, int logical) {
    sg_thrift_open(out, 10);
    sg_thrift_open(out, logical);
    if (logical == LOGICAL_DECIMAL) {
        sg_thrift_put_int(out, 1, SG_THRIFT_I32, column->scale);
        sg_thrift_put_int(out, 2, SG_THRIFT_I32, column->precision);
    } else if (logical == LOGICAL_TIMESTAMP) {
        sg_thrift_put_bool(out, 1, true); /* UTC */
        sg_thrift_open(out, 2);
        sg_thrift_open(out, 2); /* MICROS */
        sg_thrift_close(out);
        sg_thrift_close(out);
    } else if (logical == LOGICAL_INTEGER) {
        sg_thrift_put_int(out, 1, SG_THRIFT_BYTE, 16);
        sg_thrift_put_bool(out, 2, true);
    }
    sg_thrift_close(out);
    sg_thrift_close(out);
}

static void put_column(struct sg_thrift_writer *out, const struct sg_column *column) {
    struct annotation annotation = annotation_of(column);
    enum sg_parquet_physical physical = sg_parquet_physical(column);
    sg_thrift_open(out, -1);
    sg_thrift_put_int(out, 1, SG_THRIFT_I32, physical);
    if (physical == SG_PARQUET_FIXED) sg_thrift_put_int(out, 2, SG_THRIFT_I32, 16);
    sg_thrift_put_int(out, 3, SG_THRIFT_I32, column->nullable ? OPTIONAL : REQUIRED);
    sg_thrift_put_bytes(out, 4, column->name, strlen(column->name));
    if (annotation.converted != NO_TYPE) sg_thrift_put_int(out, 6, SG_THRIFT_I32, annotation.converted);
    if (column->type == SG_DECIMAL) {
        sg_thrift_put_int(out, 7, SG_THRIFT_I32, column->scale);
        sg_thrift_put_int(out, 8, SG_THRIFT_I32, column->precision);
    }
    if (annotation.logical != NO_TYPE) put_logical(out, column, annotation.logical);
    sg_thrift_close(out);
}

/* The schema field: the root, then the columns. */
static void put_schema(struct sg_thrift_writer *out, const struct sg_table *table) {
    sg_thrift_put_list(out, 2, SG_THRIFT_STRUCT, (size_t)table->column_count + 1);
    sg_thrift_open(out, -1);
    sg_thrift_put_bytes(out, 4, table->name, strlen(table->name));
    sg_thrift_put_int(out, 5, SG_THRIFT_I32, table->column_count);
    sg_thrift_close(out);
    for (int i = 0; i < table->column_count; i++)
        put_column(out, &table->columns[i]);
}

static void put_stats(struct sg_thrift_writer *out, const struct sg_parquet_stats *stats) {
    sg_thrift_open(out, 12);
    sg_thrift_put_int(out, 3, SG_THRIFT_I64, (int64_t)stats->nulls);
    if (stats->bounded) {
        sg_thrift_put_bytes(out, 5, stats->max, stats->max_size);
        sg_thrift_put_bytes(out, 6, stats->min, stats->min_size);
    }
    sg_thrift_close(out);
}

static void put_chunk(struct sg_thrift_writer *out, const struct sg_parquet_file *file,
                      const struct sg_parquet_group *group, int index) {
    const struct sg_column *column = &file->table->columns[index];
    const struct sg_parquet_chunk *chunk = &group->chunks[index];
    sg_thrift_open(out, -1);
    sg_thrift_put_int(out, 2, SG_THRIFT_I64, 0); /* deprecated file_offset */
    sg_thrift_open(out, 3);
    sg_thrift_put_int(out, 1, SG_THRIFT_I32, sg_parquet_physical(column));
    sg_thrift_put_list(out, 2, SG_THRIFT_I32, chunk->dictionary ? 3 : 2);
    sg_thrift_add_int(out, SG_PARQUET_PLAIN);
    sg_thrift_add_int(out, SG_PARQUET_RLE);
    if (chunk->dictionary) sg_thrift_add_int(out, SG_PARQUET_RLE_DICTIONARY);
    sg_thrift_put_list(out, 3, SG_THRIFT_BINARY, 1);
    sg_thrift_add_bytes(out, column->name, strlen(column->name));
    sg_thrift_put_int(out, 4, SG_THRIFT_I32, file->packed ? CODEC_ZSTD : CODEC_NONE);
    sg_thrift_put_int(out, 5, SG_THRIFT_I64, (int64_t)group->rows);
    sg_thrift_put_int(out, 6, SG_THRIFT_I64, (int64_t)chunk->unpacked_bytes);
    sg_thrift_put_int(out, 7, SG_THRIFT_I64, (int64_t)chunk->packed_bytes);
    sg_thrift_put_int(out, 9, SG_THRIFT_I64, (int64_t)chunk->data_offset);
    if (chunk->dictionary) sg_thrift_put_int(out, 11, SG_THRIFT_I64, (int64_t)chunk->offset);
    put_stats(out, &chunk->stats);
    sg_thrift_close(out);
    sg_thrift_close(out);
}

static void put_group(struct sg_thrift_writer *out, const struct sg_parquet_file *file, size_t index) {
    const struct sg_parquet_group *group = &file->groups[index];
    uint64_t packed = 0, unpacked = 0;
    sg_thrift_open(out, -1);
    sg_thrift_put_list(out, 1, SG_THRIFT_STRUCT, file->table->column_count);
    for (int i = 0; i < file->table->column_count; i++) {
        put_chunk(out, file, group, i);
        packed += group->chunks[i].packed_bytes;
        unpacked += group->chunks[i].unpacked_bytes;
    }
    sg_thrift_put_int(out, 2, SG_THRIFT_I64, (int64_t)unpacked);
    sg_thrift_put_int(out, 3, SG_THRIFT_I64, (int64_t)group->rows);
    sg_thrift_put_int(out, 5, SG_THRIFT_I64, (int64_t)group->chunks[0].offset);
    sg_thrift_put_int(out, 6, SG_THRIFT_I64, (int64_t)packed);
    sg_thrift_put_int(out, 7, SG_THRIFT_I16, (int64_t)index);
    sg_thrift_close(out);
}

enum sg_code sg_parquet_footer_write(const struct sg_parquet_file *file, struct sg_buffer *buffer,
                                     struct sg_error *err) {
    static const char maker[] = "synthgen-hpc version " SG_VERSION;
    struct sg_thrift_writer writer, *out = &writer;
    uint64_t rows = 0;
    for (size_t i = 0; i < file->group_count; i++)
        rows += file->groups[i].rows;
    sg_thrift_begin(out, buffer, err);
    sg_thrift_put_int(out, 1, SG_THRIFT_I32, FOOTER_VERSION);
    put_schema(out, file->table);
    sg_thrift_put_int(out, 3, SG_THRIFT_I64, (int64_t)rows);
    sg_thrift_put_list(out, 4, SG_THRIFT_STRUCT, file->group_count);
    for (size_t i = 0; i < file->group_count; i++)
        put_group(out, file, i);
    sg_thrift_put_list(out, 5, SG_THRIFT_STRUCT, 1);
    sg_thrift_open(out, -1);
    sg_thrift_put_bytes(out, 1, FACTS_KEY, strlen(FACTS_KEY));
    sg_thrift_put_bytes(out, 2, file->facts, file->facts_size);
    sg_thrift_close(out);
    sg_thrift_put_bytes(out, 6, maker, strlen(maker));
    sg_thrift_put_list(out, 7, SG_THRIFT_STRUCT, file->table->column_count);
    for (int i = 0; i < file->table->column_count; i++) {
        sg_thrift_open(out, -1);
        sg_thrift_open(out, 1); /* the type's own order */
        sg_thrift_close(out);
        sg_thrift_close(out);
    }
    return sg_thrift_end(out);
}

enum sg_code sg_parquet_page_write(const struct sg_parquet_page *page, struct sg_buffer *buffer,
                                   struct sg_error *err) {
    struct sg_thrift_writer writer, *out = &writer;
    sg_thrift_begin(out, buffer, err);
    sg_thrift_put_int(out, 1, SG_THRIFT_I32, page->dictionary ? PAGE_DICTIONARY : PAGE_DATA);
    sg_thrift_put_int(out, 2, SG_THRIFT_I32, page->unpacked_bytes);
    sg_thrift_put_int(out, 3, SG_THRIFT_I32, page->packed_bytes);
    sg_thrift_open(out, page->dictionary ? 7 : 5);
    sg_thrift_put_int(out, 1, SG_THRIFT_I32, page->values);
    sg_thrift_put_int(out, 2, SG_THRIFT_I32, page->coded ? SG_PARQUET_RLE_DICTIONARY : SG_PARQUET_PLAIN);
    if (!page->dictionary) {
        sg_thrift_put_int(out, 3, SG_THRIFT_I32, SG_PARQUET_RLE);
        sg_thrift_put_int(out, 4, SG_THRIFT_I32, SG_PARQUET_RLE);
    }
    sg_thrift_close(out);
    return sg_thrift_end(out);
}

/* The head inside the head of a page of either kind. */
static void read_page_values(struct sg_parquet_page *page, struct sg_thrift_reader *from) {
    enum sg_thrift_type type;
    for (int field = 0; sg_thrift_field(from, &field, &type);) {
        if (field == 1) {
            page->values = (uint32_t)sg_thrift_int(from, type);
        } else if (field == 2) {
            int64_t encoding = sg_thrift_int(from, type);
            page->coded = encoding == SG_PARQUET_RLE_DICTIONARY;
            if (!page->coded && encoding != SG_PARQUET_PLAIN) from->bad = true;
        } else {
            sg_thrift_skip(from, type);
        }
    }
}

bool sg_parquet_page_read(struct sg_parquet_page *page, struct sg_thrift_reader *from) {
    enum sg_thrift_type type;
    int64_t kind = -1, unpacked = -1, packed = -1;
    *page = (struct sg_parquet_page){0};
    for (int field = 0; sg_thrift_field(from, &field, &type);) {
        if (field == 1)
            kind = sg_thrift_int(from, type);
        else if (field == 2)
            unpacked = sg_thrift_int(from, type);
        else if (field == 3)
            packed = sg_thrift_int(from, type);
        else if ((field == 5 || field == 7) && type == SG_THRIFT_STRUCT)
            read_page_values(page, from);
        else
            sg_thrift_skip(from, type);
    }
    page->dictionary = kind == PAGE_DICTIONARY;
    page->unpacked_bytes = (uint32_t)unpacked;
    page->packed_bytes = (uint32_t)packed;
    return !from->bad && (kind == PAGE_DICTIONARY || kind == PAGE_DATA) && unpacked >= 0 && packed >= 0 &&
           unpacked <= INT32_MAX && packed <= INT32_MAX;
}

static void read_bound(struct sg_thrift_reader *from, enum sg_thrift_type type, unsigned char *out,
                       uint8_t *out_size) {
    size_t size;
    const unsigned char *bytes = sg_thrift_bytes(from, type, &size);
    if (size > SG_PARQUET_BOUND_BYTES) from->bad = true;
    if (from->bad) return;
    memcpy(out, bytes, size);
    *out_size = (uint8_t)size;
}

static void read_stats(struct sg_parquet_stats *stats, struct sg_thrift_reader *from) {
    enum sg_thrift_type type;
    for (int field = 0; sg_thrift_field(from, &field, &type);) {
        if (field == 3)
            stats->nulls = (uint64_t)sg_thrift_int(from, type);
        else if (field == 5)
            read_bound(from, type, stats->max, &stats->max_size);
        else if (field == 6)
            read_bound(from, type, stats->min, &stats->min_size);
        else
            sg_thrift_skip(from, type);
        stats->bounded |= field == 6;
    }
}

static void read_chunk_meta(struct sg_parquet_file *file, struct sg_parquet_group *group, int index,
                            struct sg_thrift_reader *from) {
    struct sg_parquet_chunk *chunk = &group->chunks[index];
    enum sg_thrift_type type;
    int64_t values = -1, codec = -1;
    for (int field = 0; sg_thrift_field(from, &field, &type);) {
        if (field == 4)
            codec = sg_thrift_int(from, type);
        else if (field == 5)
            values = sg_thrift_int(from, type);
        else if (field == 6)
            chunk->unpacked_bytes = (uint64_t)sg_thrift_int(from, type);
        else if (field == 7)
            chunk->packed_bytes = (uint64_t)sg_thrift_int(from, type);
        else if (field == 9)
            chunk->data_offset = (uint64_t)sg_thrift_int(from, type);
        else if (field == 11)
            chunk->offset = (uint64_t)sg_thrift_int(from, type);
        else if (field == 12 && type == SG_THRIFT_STRUCT)
            read_stats(&chunk->stats, from);
        else
            sg_thrift_skip(from, type);
    }
    chunk->dictionary = chunk->offset != 0;
    if (!chunk->dictionary) chunk->offset = chunk->data_offset;
    file->packed = codec == CODEC_ZSTD;
    group->rows = (uint64_t)values;
    if (values < 0 || (codec != CODEC_ZSTD && codec != CODEC_NONE)) from->bad = true;
}

static void read_chunks(struct sg_parquet_file *file, struct sg_parquet_group *group,
                        struct sg_thrift_reader *from, enum sg_thrift_type list) {
    size_t count = sg_thrift_list(from, list, SG_THRIFT_STRUCT);
    uint64_t rows = 0;
    if (count != file->table->column_count) from->bad = true;
    for (size_t i = 0; i < count && !from->bad; i++) {
        enum sg_thrift_type type;
        for (int field = 0; sg_thrift_field(from, &field, &type);) {
            if (field == 3 && type == SG_THRIFT_STRUCT)
                read_chunk_meta(file, group, (int)i, from);
            else
                sg_thrift_skip(from, type);
        }
        if (i && group->rows != rows) from->bad = true;
        rows = group->rows;
    }
}

static enum sg_code read_groups(struct sg_parquet_file *file, struct sg_thrift_reader *from,
                                enum sg_thrift_type list, struct sg_error *err) {
    size_t count = sg_thrift_list(from, list, SG_THRIFT_STRUCT);
    for (size_t i = 0; i < count && !from->bad; i++) {
        struct sg_parquet_group *group = sg_parquet_add_group(file, 0);
        if (!group) return sg_fail(err, SG_SYSTEM, "no memory for a footer");
        enum sg_thrift_type type;
        int64_t rows = -1;
        for (int field = 0; sg_thrift_field(from, &field, &type);) {
            if (field == 1)
                read_chunks(file, group, from, type);
            else if (field == 3)
                rows = sg_thrift_int(from, type);
            else
                sg_thrift_skip(from, type);
        }
        if (rows < 0 || (uint64_t)rows != group->rows) from->bad = true;
    }
    return SG_OK;
}

/* Key and value; the facts are kept. */
static void read_metadata(struct sg_parquet_file *file, struct sg_thrift_reader *from,
                          enum sg_thrift_type list) {
    size_t count = sg_thrift_list(from, list, SG_THRIFT_STRUCT);
    for (size_t i = 0; i < count && !from->bad; i++) {
        const unsigned char *key = NULL, *value = NULL;
        size_t key_size = 0, value_size = 0;
        enum sg_thrift_type type;
        for (int field = 0; sg_thrift_field(from, &field, &type);) {
            if (field == 1)
                key = sg_thrift_bytes(from, type, &key_size);
            else if (field == 2)
                value = sg_thrift_bytes(from, type, &value_size);
            else
                sg_thrift_skip(from, type);
        }
        if (!key || key_size != strlen(FACTS_KEY) || memcmp(key, FACTS_KEY, key_size) != 0) continue;
        file->facts = (const char *)value;
        file->facts_size = value_size;
    }
}

/* Is the schema in [from, end) the one this table would be given? */
static enum sg_code check_schema(const struct sg_table *table, const unsigned char *from, size_t size,
                                 const char *name, struct sg_error *err) {
    struct sg_thrift_writer out;
    struct sg_buffer expected = {0};
    sg_thrift_begin(&out, &expected, err);
    out.last[0] = 1;
    put_schema(&out, table);
    enum sg_code code = out.code;
    /* the first byte is the field's head, which the reader has passed */
    bool same = code == SG_OK && expected.used == size + 1 && memcmp(expected.bytes + 1, from, size) == 0;
    sg_buffer_free(&expected);
    if (code == SG_OK && !same)
        code = sg_fail(err, SG_CORRUPT, "%s: its columns are not those of table %s; generate it again", name,
                       table->name);
    return code;
}

static enum sg_code read_footer(struct sg_parquet_file *file, const char *bytes, size_t size, bool facts_only,
                                const char *name, struct sg_error *err) {
    struct sg_thrift_reader from = {.at = (const unsigned char *)bytes,
                                    .end = (const unsigned char *)bytes + size};
    enum sg_thrift_type type;
    bool schema = facts_only;
    for (int field = 0; sg_thrift_field(&from, &field, &type);) {
        const unsigned char *start = from.at;
        if (field == 2 && !facts_only) {
            sg_thrift_skip(&from, type);
            SG_TRY(check_schema(file->table, start, (size_t)(from.at - start), name, err));
            schema = true;
        } else if (field == 4 && !facts_only) {
            SG_TRY(read_groups(file, &from, type, err));
        } else if (field == 5) {
            read_metadata(file, &from, type);
        } else {
            sg_thrift_skip(&from, type);
        }
    }
    if (!from.bad && from.at == from.end && schema && file->facts) return SG_OK;
    return sg_fail(err, SG_CORRUPT, "%s: its footer does not read; generate it again", name);
}

enum sg_code sg_parquet_footer_read(struct sg_parquet_file *file, const char *bytes, size_t size,
                                    const char *name, struct sg_error *err) {
    return read_footer(file, bytes, size, false, name, err);
}

enum sg_code sg_parquet_footer_facts(struct sg_parquet_file *file, const char *bytes, size_t size,
                                     const char *name, struct sg_error *err) {
    return read_footer(file, bytes, size, true, name, err);
}
