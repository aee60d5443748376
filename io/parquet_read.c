/* Reading Parquet shards of this program: a row group at a time, every value checked against its column,
 * every statistic against the values. Memory: one row group and one of its columns packed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checked.h"
#include "io/facts_json.h"
#include "io/hybrid.h"
#include "io/parquet.h"
#include "io/shard_kind.h"

enum { TAIL_BYTES = 8, FOOTER_BYTES_MAX = 64 << 20 };

struct parquet_reader {
    struct sg_parquet_file file;
    struct sg_shard_facts facts;
    const struct sg_table *table;
    struct sg_decompressor *decompressor;
    struct sg_digest_state *digest;
    struct sg_buffer footer, chunk, page, dense, dictionary;
    size_t dictionary_count;
    uint32_t *numbers;
    struct sg_rowset rows; /* the row group at hand */
    struct sg_batch view;
    size_t group_next, row_next; /* row_next counts within the row group */
    uint64_t row_first;          /* of the row group behind the one at hand */
    uint64_t text_bytes;
    int fd;
    char path[SG_PATH_BYTES];
};

static enum sg_code bad(const struct parquet_reader *reader, const char *what, struct sg_error *err) {
    return sg_fail(err, SG_CORRUPT, "%s: row group %zu %s; generate it again", reader->path,
                   reader->group_next, what);
}

/* Reads the bytes of the footer of an open file. */
static enum sg_code read_footer_bytes(int fd, struct sg_buffer *footer, uint64_t *file_bytes,
                                      const char *path, struct sg_error *err) {
    struct stat status;
    char tail[TAIL_BYTES];
    if (fstat(fd, &status) != 0) return sg_fail_errno(err, SG_IO, errno, "cannot read %s", path);
    if (!S_ISREG(status.st_mode)) return sg_fail(err, SG_CORRUPT, "%s is not a file", path);
    *file_bytes = (uint64_t)status.st_size;
    bool long_enough = *file_bytes >= TAIL_BYTES + 4;
    if (long_enough) SG_TRY(sg_read_at(fd, tail, TAIL_BYTES, *file_bytes - TAIL_BYTES, "shard", path, err));
    uint32_t size = long_enough ? sg_get_le32(tail) : 0;
    if (!long_enough || memcmp(tail + 4, "PAR1", 4) != 0 || size > FOOTER_BYTES_MAX ||
        size > *file_bytes - TAIL_BYTES - 4)
        return sg_fail(err, SG_CORRUPT, "%s was cut or its end does not read; generate it again", path);
    SG_TRY(sg_buffer_reserve(footer, size + 1, err));
    footer->used = size;
    return sg_read_at(fd, footer->bytes, size, *file_bytes - TAIL_BYTES - size, "shard", path, err);
}

enum sg_code sg_parquet_facts(struct sg_shard_facts *facts, const char *out, const char *path,
                              struct sg_error *err) {
    char full[SG_PATH_BYTES];
    struct sg_buffer footer = {0};
    struct sg_parquet_file file = {0};
    int fd;
    memset(facts, 0, sizeof *facts);
    if (strlen(path) >= sizeof facts->path)
        return sg_fail(err, SG_CORRUPT, "path %.100s... is too long", path);
    strcpy(facts->path, path);
    SG_TRY(sg_path_join(full, out, path, err));
    SG_TRY(sg_shard_open_file(full, &fd, err));
    enum sg_code code = read_footer_bytes(fd, &footer, &facts->file_bytes, full, err);
    if (code == SG_OK) code = sg_parquet_footer_facts(&file, footer.bytes, footer.used, full, err);
    if (code == SG_OK) code = sg_facts_read(facts, NULL, file.facts, file.facts_size, full, err);
    sg_buffer_free(&footer);
    close(fd);
    return code;
}

static enum sg_code open_reader(struct parquet_reader *reader, const struct sg_table *table, const char *out,
                                const struct sg_shard_facts *facts, struct sg_error *err) {
    reader->table = reader->file.table = table;
    reader->row_first = facts->row_first;
    reader->decompressor = sg_decompressor_open();
    reader->digest = sg_digest_open();
    reader->numbers = sg_alloc_array(SG_PARQUET_PAGE_ROWS, sizeof *reader->numbers);
    if (!reader->decompressor || !reader->digest || !reader->numbers)
        return sg_fail(err, SG_SYSTEM, "no memory to read %s", facts->path);
    SG_TRY(sg_rowset_open(&reader->rows, table, err));
    SG_TRY(sg_path_join(reader->path, out, facts->path, err));
    SG_TRY(sg_shard_open_file(reader->path, &reader->fd, err));
    SG_TRY(read_footer_bytes(reader->fd, &reader->footer, &reader->facts.file_bytes, reader->path, err));
    SG_TRY(
        sg_parquet_footer_read(&reader->file, reader->footer.bytes, reader->footer.used, reader->path, err));
    SG_TRY(
        sg_facts_read(&reader->facts, NULL, reader->file.facts, reader->file.facts_size, reader->path, err));
    const char *difference = sg_shard_facts_difference(&reader->facts, facts);
    if (difference)
        return sg_fail(err, SG_CORRUPT, "%s: its %s is not the expected one; generate it again", reader->path,
                       difference);
    return SG_OK;
}

enum sg_code sg_parquet_open(void **made, const struct sg_format_info *format, const struct sg_table *table,
                             const char *out, const struct sg_shard_facts *facts, struct sg_error *err) {
    (void)format;
    struct parquet_reader *reader = *made = calloc(1, sizeof *reader);
    if (!reader) return sg_fail(err, SG_SYSTEM, "no memory to read %s", facts->path);
    reader->fd = -1;
    return open_reader(reader, table, out, facts, err);
}

void sg_parquet_close(void *closing) {
    struct parquet_reader *reader = closing;
    if (!reader) return;
    if (reader->fd >= 0) close(reader->fd);
    struct sg_buffer *buffers[] = {&reader->footer, &reader->chunk, &reader->page, &reader->dense,
                                   &reader->dictionary};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        sg_buffer_free(buffers[i]);
    sg_rowset_close(&reader->rows);
    sg_parquet_file_free(&reader->file);
    sg_decompressor_close(reader->decompressor);
    sg_digest_close(reader->digest);
    free(reader->numbers);
    free(reader);
}

/* The values of a page from its bytes on; the column's elements lie densely in `dense` afterwards. */
static enum sg_code read_values(struct parquet_reader *reader, const struct sg_parquet_page *page,
                                const unsigned char *at, size_t size, const struct sg_column *column,
                                size_t count, struct sg_error *err) {
    size_t element = sg_type_bytes(column->type);
    SG_TRY(sg_buffer_reserve(&reader->dense, count * element + 1, err));
    const char *wrong = NULL;
    if (!page->coded) {
        wrong = sg_parquet_plain_read(column, at, size, count, &reader->rows, reader->dense.bytes);
        if (wrong)
            return sg_fail(err, SG_INVALID, "%s: column %s of row group %zu %s", reader->path, column->name,
                           reader->group_next, wrong);
        return SG_OK;
    }
    unsigned width = size ? *at : 0;
    if (width < 1 || width > 24 || !sg_hybrid_read(at + 1, size - 1, width, reader->numbers, count))
        return bad(reader, "has codes that do not read", err);
    for (size_t i = 0; i < count; i++) {
        if (reader->numbers[i] >= reader->dictionary_count)
            return bad(reader, "has codes outside its dictionary", err);
        memcpy(reader->dense.bytes + i * element, reader->dictionary.bytes + reader->numbers[i] * element,
               element);
    }
    return SG_OK;
}

/* Marks, then values, into rows [first, first + page->values). */
static enum sg_code read_data(struct parquet_reader *reader, const struct sg_parquet_page *page, int index,
                              size_t first, struct sg_error *err) {
    const struct sg_column *column = &reader->table->columns[index];
    struct sg_vector *vector = &reader->rows.batch.vectors[index];
    const unsigned char *at = (const unsigned char *)reader->page.bytes;
    size_t size = page->unpacked_bytes, count = page->values, element = sg_type_bytes(column->type);
    if (column->nullable) {
        uint32_t marks = size >= 4 ? sg_get_le32(reader->page.bytes) : UINT32_MAX;
        if (size < 4 || marks > size - 4 || !sg_hybrid_read(at + 4, marks, 1, reader->numbers, page->values))
            return bad(reader, "has NULL marks that do not read", err);
        count = 0;
        for (size_t i = 0; i < page->values; i++) {
            vector->null[first + i] = !reader->numbers[i];
            count += reader->numbers[i];
        }
        at += 4 + marks;
        size -= 4 + marks;
    }
    SG_TRY(read_values(reader, page, at, size, column, count, err));
    const char *dense = reader->dense.bytes;
    char *out = (char *)vector->data + first * element;
    for (size_t i = 0; i < page->values; i++) {
        if (vector->null[first + i]) continue;
        memcpy(out + i * element, dense, element);
        dense += element;
    }
    return SG_OK;
}

static enum sg_code read_dictionary(struct parquet_reader *reader, const struct sg_parquet_page *page,
                                    int index, struct sg_error *err) {
    const struct sg_column *column = &reader->table->columns[index];
    if (page->values > page->unpacked_bytes) return bad(reader, "has a dictionary that does not read", err);
    SG_TRY(sg_buffer_reserve(&reader->dictionary, page->values * sg_type_bytes(column->type) + 1, err));
    const char *wrong =
        sg_parquet_plain_read(column, (const unsigned char *)reader->page.bytes, page->unpacked_bytes,
                              page->values, &reader->rows, reader->dictionary.bytes);
    if (wrong)
        return sg_fail(err, SG_INVALID, "%s: column %s of row group %zu %s", reader->path, column->name,
                       reader->group_next, wrong);
    reader->dictionary_count = page->values;
    return SG_OK;
}

/* Reads the page at `from` and expands it into reader->page. */
static enum sg_code next_page(struct parquet_reader *reader, struct sg_thrift_reader *from,
                              struct sg_parquet_page *page, struct sg_error *err) {
    struct sg_rowset *rows = &reader->rows;
    if (!sg_parquet_page_read(page, from) || page->packed_bytes > (size_t)(from->end - from->at) ||
        page->unpacked_bytes > SG_FRAME_TEXT_BYTES)
        return bad(reader, "has a page that does not read", err);
    reader->page.used = 0;
    SG_TRY(sg_buffer_reserve(&reader->page, page->unpacked_bytes + 1, err));
    SG_TRY(sg_rowset_reserve(rows, 0, rows->batch.pool_used + page->unpacked_bytes, err));
    if (reader->file.packed)
        SG_TRY(sg_decompress_frame(reader->decompressor, (const char *)from->at, page->packed_bytes,
                                   reader->page.bytes, page->unpacked_bytes, reader->path, err));
    else if (page->packed_bytes == page->unpacked_bytes)
        memcpy(reader->page.bytes, from->at, page->packed_bytes);
    else
        return bad(reader, "has a page of another size", err);
    from->at += page->packed_bytes;
    sg_digest_update(reader->digest, reader->page.bytes, page->unpacked_bytes);
    reader->text_bytes += page->unpacked_bytes;
    return SG_OK;
}

static enum sg_code read_chunk(struct parquet_reader *reader, const struct sg_parquet_group *group, int index,
                               struct sg_error *err) {
    const struct sg_parquet_chunk *chunk = &group->chunks[index];
    uint64_t file_bytes = reader->facts.file_bytes;
    if (chunk->offset > file_bytes || chunk->packed_bytes > file_bytes - chunk->offset)
        return bad(reader, "has a column outside the file", err);
    SG_TRY(sg_buffer_reserve(&reader->chunk, chunk->packed_bytes + 1, err));
    SG_TRY(sg_rowset_reserve(&reader->rows, group->rows, 0, err));
    SG_TRY(sg_read_at(reader->fd, reader->chunk.bytes, chunk->packed_bytes, chunk->offset, "shard",
                      reader->path, err));
    struct sg_thrift_reader from = {.at = (const unsigned char *)reader->chunk.bytes,
                                    .end = (const unsigned char *)reader->chunk.bytes + chunk->packed_bytes};
    reader->dictionary_count = 0;
    for (size_t row = 0; row < group->rows || from.at < from.end;) {
        struct sg_parquet_page page;
        SG_TRY(next_page(reader, &from, &page, err));
        if (page.dictionary) {
            SG_TRY(read_dictionary(reader, &page, index, err));
            continue;
        }
        if (page.values == 0 || page.values > group->rows - row || page.values > SG_PARQUET_PAGE_ROWS)
            return bad(reader, "has a page with a wrong number of rows", err);
        SG_TRY(read_data(reader, &page, index, row, err));
        row += page.values;
    }
    return SG_OK;
}

/* Readers elsewhere skip rows by the statistics, so these must be right, too. */
static enum sg_code check_stats(const struct parquet_reader *reader, const struct sg_parquet_group *group,
                                struct sg_error *err) {
    for (int i = 0; i < reader->table->column_count; i++) {
        struct sg_parquet_stats stats = sg_parquet_stats_of(&reader->rows.batch, i);
        if (!sg_parquet_stats_same(&stats, &group->chunks[i].stats))
            return sg_fail(err, SG_CORRUPT,
                           "%s: the statistics of column %s of row group %zu are not those of its values; "
                           "generate it again",
                           reader->path, reader->table->columns[i].name, reader->group_next);
    }
    return SG_OK;
}

static enum sg_code read_group(struct parquet_reader *reader, struct sg_error *err) {
    const struct sg_parquet_group *group = &reader->file.groups[reader->group_next];
    if (group->rows == 0 || group->rows > SG_PARQUET_GROUP_ROWS)
        return bad(reader, "has a wrong number of rows", err);
    sg_rowset_clear(&reader->rows, reader->row_first);
    for (int i = 0; i < reader->table->column_count; i++)
        SG_TRY(read_chunk(reader, group, i, err));
    reader->rows.batch.rows = group->rows;
    SG_TRY(check_stats(reader, group, err));
    reader->group_next++;
    reader->row_next = 0;
    reader->row_first += group->rows;
    return SG_OK;
}

/* At the end: is all that was read what the facts say? */
static enum sg_code prove(const struct parquet_reader *reader, struct sg_error *err) {
    struct sg_digest got = sg_digest_result(reader->digest);
    if (reader->row_first - reader->facts.row_first == reader->facts.rows &&
        reader->text_bytes == reader->facts.text_bytes &&
        memcmp(got.bytes, reader->facts.digest.bytes, SG_DIGEST_BYTES) == 0)
        return SG_OK;
    char found[33], expected[33];
    sg_digest_text(got, found);
    sg_digest_text(reader->facts.digest, expected);
    return sg_fail(err, SG_CORRUPT, "%s: its pages have digest %s instead of %s; generate it again",
                   reader->path, found, expected);
}

enum sg_code sg_parquet_next(void *from, const struct sg_batch **batch, struct sg_error *err) {
    struct parquet_reader *reader = from;
    if (reader->row_next == reader->rows.batch.rows) {
        if (reader->group_next == reader->file.group_count) return prove(reader, err);
        SG_TRY(read_group(reader, err));
    }
    size_t rows = reader->rows.batch.rows - reader->row_next;
    if (rows > SG_BATCH_ROWS) rows = SG_BATCH_ROWS;
    reader->view = sg_rowset_view(&reader->rows, reader->row_next, rows);
    reader->row_next += rows;
    *batch = &reader->view;
    return SG_OK;
}
