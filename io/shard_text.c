/* Shards of rows: batches to text (or binary COPY), text to zstd frames; and back through the parser.
 *
 * Invariant: the workspace's text is the current frame's, whole rows, at most SG_FRAME_TEXT_BYTES between
 * calls; frame_rows counts them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "io/facts_json.h"
#include "io/parse.h"
#include "io/shard_kind.h"

struct text_body {
    bool judged;      /* whether guided compression pays was found out */
    size_t sample_at; /* where the text that decides it begins */
    struct sg_guide_mark sample_mark;
    uint64_t frame_rows;
    struct sg_seek_table frames;
    struct sg_vector *view; /* vectors of a part of a batch */
};

static enum sg_code begin_text(struct sg_shard_writer *writer, struct sg_error *err) {
    struct sg_shard_workspace *workspace = writer->workspace;
    struct text_body *body = writer->body = calloc(1, sizeof *body);
    if (body) body->view = sg_alloc_array(writer->table->column_count, sizeof *body->view);
    if (!body || !body->view) return sg_fail(err, SG_SYSTEM, "no memory for a shard writer");
    workspace->text.used = workspace->frame.used = 0;
    sg_guide_restart(&workspace->guide);
    sg_compressor_restart(workspace->compressor);
    if (!writer->format->encode_guided && writer->compression.how == SG_COMPRESS_GUIDED)
        writer->compression.how = SG_COMPRESS_PLAIN;
    return writer->format->header ? writer->format->encode_header(writer->table, &workspace->text, err)
                                  : SG_OK;
}

static void drop_text(struct sg_shard_writer *writer) {
    struct text_body *body = writer->body;
    if (!body) return;
    sg_seek_table_free(&body->frames);
    free(body->view);
    free(body);
}

/* With its first frame it shows whether a shard's guide pays; if not it is compressed plainly. The sample is
 * from the middle of the frame where there is one: the first rows of a table have short keys. */
static enum sg_code judge_guide(struct sg_shard_writer *writer, struct sg_error *err) {
    struct text_body *body = writer->body;
    struct sg_shard_workspace *workspace = writer->workspace;
    bool pays;
    if (body->judged || writer->compression.how != SG_COMPRESS_GUIDED) return SG_OK;
    body->judged = true;
    size_t at = body->sample_at;
    struct sg_guide *sample = &workspace->next_guide;
    SG_TRY(sg_guide_rest(&workspace->guide, body->sample_mark, at, sample, err));
    SG_TRY(sg_guide_end(sample, workspace->text.used - at, err));
    workspace->frame.used = 0;
    SG_TRY(sg_guide_pays(workspace->compressor, writer->compression.level, sample, workspace->text.bytes + at,
                         &workspace->frame, &pays, err));
    if (!pays) writer->compression.how = SG_COMPRESS_PLAIN;
    return SG_OK;
}

static enum sg_code compress(struct sg_shard_writer *writer, size_t size, struct sg_error *err) {
    struct sg_shard_workspace *workspace = writer->workspace;
    const char *text = workspace->text.bytes;
    workspace->frame.used = 0;
    if (writer->compression.how == SG_COMPRESS_PLAIN)
        return sg_compress_frame(workspace->compressor, writer->compression.level, text, size,
                                 &workspace->frame, err);
    return sg_compress_guided(workspace->compressor, writer->compression.how, &workspace->guide, text, size,
                              &workspace->frame, err);
}

/* Gives the guide of the text's first `size` bytes its end; the sequences behind go to next_guide. */
static enum sg_code end_guide(struct sg_shard_writer *writer, size_t size, struct sg_guide_mark mark,
                              struct sg_error *err) {
    struct sg_shard_workspace *workspace = writer->workspace;
    if (writer->compression.how == SG_COMPRESS_PLAIN) return SG_OK;
    if (size < workspace->text.used)
        return sg_guide_split(&workspace->guide, mark, size, &workspace->next_guide, err);
    sg_guide_restart(&workspace->next_guide);
    return sg_guide_end(&workspace->guide, size, err);
}

/* Digests, compresses and writes the first `size` bytes of the text as a frame; the rest moves to the front.
 * mark: the guide as it was at `size`. */
static enum sg_code end_frame(struct sg_shard_writer *writer, size_t size, struct sg_guide_mark mark,
                              struct sg_error *err) {
    struct text_body *body = writer->body;
    struct sg_shard_workspace *workspace = writer->workspace;
    struct sg_buffer *text = &workspace->text, *frame = &workspace->frame;
    if (size == 0) return SG_OK;
    sg_digest_update(workspace->digest, text->bytes, size);
    SG_TRY(judge_guide(writer, err));
    SG_TRY(end_guide(writer, size, mark, err));
    SG_TRY(compress(writer, size, err));
    struct sg_seek_entry entry = {(uint32_t)frame->used, (uint32_t)size, body->frame_rows};
    SG_TRY(sg_seek_table_add(&body->frames, entry, err));
    SG_TRY(sg_shard_append(writer, frame->bytes, frame->used, err));
    writer->facts.text_bytes += size;
    text->used -= size;
    memmove(text->bytes, text->bytes + size, text->used);
    struct sg_guide made = workspace->guide;
    workspace->guide = workspace->next_guide;
    workspace->next_guide = made;
    body->frame_rows = 0;
    return SG_OK;
}

/* The rows [first, first + rows) of a batch, seen through the writer's view. */
static struct sg_batch part_of(struct sg_shard_writer *writer, const struct sg_batch *batch, size_t first,
                               size_t rows) {
    struct text_body *body = writer->body;
    struct sg_batch part = *batch;
    for (int i = 0; i < batch->table->column_count; i++) {
        size_t element = sg_type_bytes(batch->table->columns[i].type);
        body->view[i].data = (char *)batch->vectors[i].data + first * element;
        body->view[i].null = batch->vectors[i].null + first;
    }
    part.vectors = body->view;
    part.row_first += first;
    part.rows = rows;
    return part;
}

/* Appends rows [first, first + *rows) to the text; *rows shrinks to what fits one frame together with
 * what is there, unless ending that frame makes room. */
static enum sg_code append_rows(struct sg_shard_writer *writer, const struct sg_batch *batch, size_t first,
                                size_t *rows, struct sg_error *err) {
    struct text_body *body = writer->body;
    struct sg_buffer *text = &writer->workspace->text;
    struct sg_guide *guide = &writer->workspace->guide;
    for (;;) {
        size_t before = text->used;
        struct sg_guide_mark mark = sg_guide_mark(guide);
        if (!body->judged && !body->sample_at && before >= SG_FRAME_TEXT_BYTES / 2) {
            body->sample_at = before;
            body->sample_mark = mark;
        }
        struct sg_batch part = part_of(writer, batch, first, *rows);
        if (writer->compression.how == SG_COMPRESS_GUIDED)
            SG_TRY(writer->format->encode_guided(&part, text, guide, err));
        else
            SG_TRY(writer->format->encode(&part, text, err));
        if (text->used <= SG_FRAME_TEXT_BYTES) break;
        bool fits_alone = text->used - before <= SG_FRAME_TEXT_BYTES;
        if (fits_alone && body->frame_rows) {
            SG_TRY(end_frame(writer, before, mark, err));
            break;
        }
        if (*rows == 1)
            return sg_fail(err, SG_INTERNAL, "%s: row %llu is longer than a frame of %d bytes",
                           writer->table->name, (unsigned long long)part.row_first, SG_FRAME_TEXT_BYTES);
        text->used = before;
        sg_guide_rewind(guide, mark);
        *rows = (*rows + 1) / 2;
    }
    body->frame_rows += *rows;
    return SG_OK;
}

/* Documents and prose repeat what the guide does not know of: with much of it plain compression is smaller by
 * far, and need not be tried. */
static void foresee(struct sg_shard_writer *writer, const struct sg_batch *batch) {
    size_t rows_bytes = batch->rows * writer->table->row_text_bytes;
    bool prose = batch->pool_used > rows_bytes / 4;
    if (prose && writer->compression.how == SG_COMPRESS_GUIDED) writer->compression.how = SG_COMPRESS_PLAIN;
}

static enum sg_code put_text(struct sg_shard_writer *writer, const struct sg_batch *batch,
                             struct sg_error *err) {
    if (writer->facts.rows == 0) foresee(writer, batch);
    for (size_t first = 0, rows; first < batch->rows; first += rows) {
        rows = batch->rows - first;
        SG_TRY(append_rows(writer, batch, first, &rows, err));
    }
    return SG_OK;
}

/* Appends the facts frame and the seek table behind the text frames. */
static enum sg_code write_tail(struct sg_shard_writer *writer, struct sg_error *err) {
    struct text_body *body = writer->body;
    struct sg_buffer *tail = &writer->workspace->frame;
    tail->used = 0;
    SG_TRY(sg_buffer_reserve(tail, SG_SKIPPABLE_HEADER_BYTES, err));
    tail->used = SG_SKIPPABLE_HEADER_BYTES;
    SG_TRY(sg_facts_write(&writer->facts, &body->frames, tail, err));
    sg_put_le32(tail->bytes, SG_MAGIC_FACTS);
    sg_put_le32(tail->bytes + 4, (uint32_t)(tail->used - SG_SKIPPABLE_HEADER_BYTES));
    SG_TRY(sg_seek_table_write(&body->frames, tail, err));
    return sg_shard_append(writer, tail->bytes, tail->used, err);
}

/* What ends the text of formats with a trailer; in a frame of its own when the last is full. */
static enum sg_code write_trailer(struct sg_shard_writer *writer, struct sg_error *err) {
    struct sg_buffer *text = &writer->workspace->text;
    if (!writer->format->encode_trailer) return SG_OK;
    size_t before = text->used;
    SG_TRY(writer->format->encode_trailer(writer->table, text, err));
    if (text->used <= SG_FRAME_TEXT_BYTES) return SG_OK;
    return end_frame(writer, before, sg_guide_mark(&writer->workspace->guide), err);
}

static enum sg_code end_text(struct sg_shard_writer *writer, struct sg_error *err) {
    SG_TRY(write_trailer(writer, err));
    struct sg_guide_mark mark = sg_guide_mark(&writer->workspace->guide);
    SG_TRY(end_frame(writer, writer->workspace->text.used, mark, err));
    writer->facts.digest = sg_digest_result(writer->workspace->digest);
    return write_tail(writer, err);
}

struct text_reader {
    const struct sg_shard_facts *facts;
    struct sg_shard_reader *shard;
    struct sg_parser *parser;
};

static enum sg_code open_text(void **reader, const struct sg_format_info *format,
                              const struct sg_table *table, const char *out,
                              const struct sg_shard_facts *facts, struct sg_error *err) {
    struct text_reader *text = *reader = calloc(1, sizeof *text);
    if (!text) return sg_fail(err, SG_SYSTEM, "no memory to read %s", facts->path);
    text->facts = facts;
    SG_TRY(sg_parser_open(&text->parser, table, format, err));
    SG_TRY(sg_shard_open(&text->shard, out, facts, err));
    sg_parser_start(text->parser, facts->path, facts->row_first, true);
    return SG_OK;
}

static enum sg_code next_text(void *reader, const struct sg_batch **batch, struct sg_error *err) {
    struct text_reader *text = reader;
    for (;;) {
        SG_TRY(sg_parser_next(text->parser, batch, err));
        if (*batch) return SG_OK;
        const char *bytes;
        size_t size;
        SG_TRY(sg_shard_next(text->shard, &bytes, &size, err));
        if (size == 0) return SG_OK;
        sg_parser_feed(text->parser, bytes, size);
    }
}

static void close_text(void *reader) {
    struct text_reader *text = reader;
    if (!text) return;
    sg_shard_close(text->shard);
    sg_parser_close(text->parser);
    free(text);
}

const struct sg_shard_kind sg_shard_kind_text = {
    .begin = begin_text,
    .put = put_text,
    .end = end_text,
    .drop = drop_text,
    .open = open_text,
    .next = next_text,
    .close = close_text,
    .facts = sg_shard_facts_read,
    .prove = sg_shard_prove,
};
