/* Writing Parquet shards: rows gathered in memory become a row group, column after column, page after page.
 *
 * The digest and text_bytes of a shard are over the pages before compression, in file order, so that they do
 * not depend on zstd. Memory: the rows of one row group, and a page.
 */
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "io/facts_json.h"
#include "io/hybrid.h"
#include "io/parquet.h"
#include "io/shard_kind.h"

enum { PAGE_BYTES = SG_FRAME_TEXT_BYTES / 2 };

struct parquet_body {
    struct sg_rowset rows;
    struct sg_parquet_file file;
    struct sg_parquet_dictionary dictionary;
    uint32_t *numbers; /* of one page: marks of values, then codes */
};

static enum sg_code begin_parquet(struct sg_shard_writer *writer, struct sg_error *err) {
    struct parquet_body *body = writer->body = calloc(1, sizeof *body);
    if (!body) return sg_fail(err, SG_SYSTEM, "no memory for a shard writer");
    body->file.table = writer->table;
    body->file.packed = writer->compression.how != SG_COMPRESS_NONE;
    body->numbers = sg_alloc_array(SG_PARQUET_PAGE_ROWS, sizeof *body->numbers);
    if (!body->numbers) return sg_fail(err, SG_SYSTEM, "no memory for a shard writer");
    return sg_rowset_open(&body->rows, writer->table, err);
}

static void drop_parquet(struct sg_shard_writer *writer) {
    struct parquet_body *body = writer->body;
    if (!body) return;
    sg_rowset_close(&body->rows);
    sg_parquet_file_free(&body->file);
    sg_parquet_dictionary_free(&body->dictionary);
    free(body->numbers);
    free(body);
}

/* Digests, compresses and writes the workspace's text as a page. */
static enum sg_code write_page(struct sg_shard_writer *writer, struct sg_parquet_chunk *chunk,
                               struct sg_parquet_page page, struct sg_error *err) {
    const struct parquet_body *body = writer->body;
    struct sg_buffer *text = &writer->workspace->text, *frame = &writer->workspace->frame, head = {0};
    if (text->used > SG_FRAME_TEXT_BYTES)
        return sg_fail(err, SG_INTERNAL, "%s: a value is longer than a page of %d bytes", writer->table->name,
                       SG_FRAME_TEXT_BYTES);
    const struct sg_buffer *stored = body->file.packed ? frame : text;
    sg_digest_update(writer->workspace->digest, text->bytes, text->used);
    writer->facts.text_bytes += text->used;
    frame->used = 0;
    if (body->file.packed)
        SG_TRY(sg_compress_frame(writer->workspace->compressor, writer->compression.level, text->bytes,
                                 text->used, frame, err));
    page.unpacked_bytes = (uint32_t)text->used;
    page.packed_bytes = (uint32_t)stored->used;
    enum sg_code code = sg_parquet_page_write(&page, &head, err);
    if (code == SG_OK) code = sg_shard_append(writer, head.bytes, head.used, err);
    if (code == SG_OK) code = sg_shard_append(writer, stored->bytes, stored->used, err);
    chunk->packed_bytes += head.used + stored->used;
    chunk->unpacked_bytes += head.used + text->used;
    sg_buffer_free(&head);
    return code;
}

/* The rows that show the dictionary's values, seen as a batch of one column. */
static enum sg_code write_dictionary(struct sg_shard_writer *writer, struct sg_parquet_chunk *chunk,
                                     int column, struct sg_error *err) {
    const struct parquet_body *body = writer->body;
    struct sg_buffer *text = &writer->workspace->text;
    text->used = 0;
    for (size_t i = 0; i < body->dictionary.count; i++) {
        size_t row = body->dictionary.rows[i];
        SG_TRY(sg_parquet_plain_write(&body->rows.batch, column, row, row + 1, text, err));
    }
    struct sg_parquet_page page = {.dictionary = true, .values = (uint32_t)body->dictionary.count};
    return write_page(writer, chunk, page, err);
}

/* First row behind the page that begins at `first`. */
static size_t page_end(const struct sg_batch *batch, int column, size_t first, bool coded) {
    size_t end = batch->rows - first < SG_PARQUET_PAGE_ROWS ? batch->rows : first + SG_PARQUET_PAGE_ROWS;
    size_t bytes = 0;
    const uint8_t *null = batch->vectors[column].null;
    for (size_t row = first; row < end && !coded; row++) {
        bytes += null[row] ? 0 : sg_parquet_plain_bytes(batch, column, row);
        if (bytes > PAGE_BYTES && row > first) return row;
    }
    return end;
}

/* NULL marks of a page: their size, then the marks. */
static enum sg_code put_marks(const struct parquet_body *body, int column, size_t first, size_t end,
                              struct sg_buffer *text, struct sg_error *err) {
    const uint8_t *null = body->rows.batch.vectors[column].null;
    for (size_t row = first; row < end; row++)
        body->numbers[row - first] = !null[row];
    SG_TRY(sg_buffer_reserve(text, 4, err));
    size_t at = text->used;
    text->used += 4;
    SG_TRY(sg_hybrid_write(body->numbers, end - first, 1, text, err));
    sg_put_le32(text->bytes + at, (uint32_t)(text->used - at - 4));
    return SG_OK;
}

static enum sg_code put_codes(const struct parquet_body *body, int column, size_t first, size_t end,
                              struct sg_buffer *text, struct sg_error *err) {
    const uint8_t *null = body->rows.batch.vectors[column].null;
    unsigned width = sg_hybrid_width(body->dictionary.count);
    size_t count = 0;
    for (size_t row = first; row < end; row++)
        if (!null[row]) body->numbers[count++] = body->dictionary.codes[row];
    SG_TRY(sg_buffer_reserve(text, 1, err));
    text->bytes[text->used++] = (char)width;
    return sg_hybrid_write(body->numbers, count, width, text, err);
}

static enum sg_code write_data(struct sg_shard_writer *writer, struct sg_parquet_chunk *chunk, int column,
                               struct sg_error *err) {
    const struct parquet_body *body = writer->body;
    const struct sg_batch *batch = &body->rows.batch;
    struct sg_buffer *text = &writer->workspace->text;
    for (size_t first = 0, end; first < batch->rows; first = end) {
        end = page_end(batch, column, first, chunk->dictionary);
        text->used = 0;
        if (writer->table->columns[column].nullable) SG_TRY(put_marks(body, column, first, end, text, err));
        SG_TRY(chunk->dictionary ? put_codes(body, column, first, end, text, err)
                                 : sg_parquet_plain_write(batch, column, first, end, text, err));
        struct sg_parquet_page page = {.coded = chunk->dictionary, .values = (uint32_t)(end - first)};
        SG_TRY(write_page(writer, chunk, page, err));
    }
    return SG_OK;
}

/* Writes the rows at hand as a row group. */
static enum sg_code write_group(struct sg_shard_writer *writer, struct sg_error *err) {
    struct parquet_body *body = writer->body;
    const struct sg_batch *batch = &body->rows.batch;
    if (batch->rows == 0) return SG_OK;
    struct sg_parquet_group *group = sg_parquet_add_group(&body->file, batch->rows);
    if (!group) return sg_fail(err, SG_SYSTEM, "no memory for a row group of %s", writer->table->name);
    for (int i = 0; i < writer->table->column_count; i++) {
        struct sg_parquet_chunk *chunk = &group->chunks[i];
        chunk->stats = sg_parquet_stats_of(batch, i);
        chunk->offset = writer->facts.file_bytes;
        SG_TRY(sg_parquet_dictionary_make(&body->dictionary, batch, i, &chunk->dictionary, err));
        if (chunk->dictionary) SG_TRY(write_dictionary(writer, chunk, i, err));
        chunk->data_offset = writer->facts.file_bytes;
        SG_TRY(write_data(writer, chunk, i, err));
    }
    sg_rowset_clear(&body->rows, 0);
    return SG_OK;
}

static enum sg_code write_magic(struct sg_shard_writer *writer, struct sg_error *err) {
    return writer->facts.file_bytes ? SG_OK : sg_shard_append(writer, "PAR1", 4, err);
}

static enum sg_code put_parquet(struct sg_shard_writer *writer, const struct sg_batch *batch,
                                struct sg_error *err) {
    struct parquet_body *body = writer->body;
    SG_TRY(write_magic(writer, err));
    SG_TRY(sg_rowset_append(&body->rows, batch, err));
    bool full = body->rows.batch.rows + SG_BATCH_ROWS > SG_PARQUET_GROUP_ROWS ||
                sg_rowset_bytes(&body->rows) >= SG_PARQUET_GROUP_BYTES;
    return full ? write_group(writer, err) : SG_OK;
}

/* The footer with the facts, its size, and the magic number. */
static enum sg_code end_parquet(struct sg_shard_writer *writer, struct sg_error *err) {
    struct parquet_body *body = writer->body;
    struct sg_buffer facts = {0}, *tail = &writer->workspace->frame;
    SG_TRY(write_magic(writer, err));
    SG_TRY(write_group(writer, err));
    writer->facts.digest = sg_digest_result(writer->workspace->digest);
    enum sg_code code = sg_facts_write(&writer->facts, NULL, &facts, err);
    body->file.facts = facts.bytes;
    body->file.facts_size = facts.used;
    tail->used = 0;
    if (code == SG_OK) code = sg_parquet_footer_write(&body->file, tail, err);
    sg_buffer_free(&facts);
    if (code == SG_OK) code = sg_buffer_reserve(tail, 8, err);
    if (code != SG_OK) return code;
    sg_put_le32(tail->bytes + tail->used, (uint32_t)tail->used);
    memcpy(tail->bytes + tail->used + 4, "PAR1", 4);
    return sg_shard_append(writer, tail->bytes, tail->used + 8, err);
}

const struct sg_shard_kind sg_shard_kind_parquet = {
    .begin = begin_parquet,
    .put = put_parquet,
    .end = end_parquet,
    .drop = drop_parquet,
    .open = sg_parquet_open,
    .next = sg_parquet_next,
    .close = sg_parquet_close,
    .facts = sg_parquet_facts,
};
