/* Writing shards: batches to text, text to frames, frames to a temporary file that is published at the end.
 *
 * Owns the temporary file until it is published. Invariant: the workspace's text is the current frame's,
 * whole rows, at most SG_FRAME_TEXT_BYTES between calls; frame_rows counts them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/fault.h"
#include "io/facts_json.h"
#include "io/files.h"
#include "io/fingerprint.h"
#include "io/shard.h"

struct sg_shard_workspace {
    struct sg_compressor *compressor;
    struct sg_digest_state *digest;
    struct sg_buffer text, frame;
    struct sg_guide guide, next_guide;
};

struct sg_shard_writer {
    struct sg_shard_workspace *workspace, *own_workspace;
    const struct sg_table *table;
    const struct sg_format_info *format;
    struct sg_compression compression;
    int fd;
    bool failed;
    bool judged;      /* whether guided compression pays was found out */
    size_t sample_at; /* where the text that decides it begins */
    struct sg_guide_mark sample_mark;
    uint64_t frame_rows;
    struct sg_seek_table frames;
    struct sg_shard_facts facts;
    struct sg_vector *view; /* vectors of a part of a batch */
    char path[SG_PATH_BYTES], temporary[SG_PATH_BYTES];
};

enum sg_code sg_shard_workspace_open(struct sg_shard_workspace **workspace, struct sg_error *err) {
    struct sg_shard_workspace *made = calloc(1, sizeof *made);
    if (made) {
        made->compressor = sg_compressor_open();
        made->digest = sg_digest_open();
    }
    *workspace = made;
    if (made && made->compressor && made->digest) return SG_OK;
    sg_shard_workspace_close(made);
    *workspace = NULL;
    return sg_fail(err, SG_SYSTEM, "no memory for a shard workspace");
}

void sg_shard_workspace_close(struct sg_shard_workspace *workspace) {
    if (!workspace) return;
    sg_compressor_close(workspace->compressor);
    sg_digest_close(workspace->digest);
    sg_buffer_free(&workspace->text);
    sg_buffer_free(&workspace->frame);
    sg_guide_free(&workspace->guide);
    sg_guide_free(&workspace->next_guide);
    free(workspace);
}

static void writer_free(struct sg_shard_writer *writer) {
    sg_seek_table_free(&writer->frames);
    sg_shard_workspace_close(writer->own_workspace);
    free(writer->view);
    free(writer);
}

static enum sg_code open_temporary(struct sg_shard_writer *writer, const char *out, const char *path,
                                   struct sg_error *err) {
    if (strlen(path) >= sizeof writer->facts.path)
        return sg_fail(err, SG_INTERNAL, "shard path %.100s... is too long", path);
    strcpy(writer->facts.path, path);
    SG_TRY(sg_path_join(writer->path, out, path, err));
    snprintf(writer->temporary, sizeof writer->temporary, "%.*s.tmp", SG_PATH_BYTES - 8, writer->path);
    SG_TRY(sg_make_parents(writer->path, err));
    int failed = SG_FAULT("shard", "create");
    if (!failed) writer->fd = open(writer->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (!failed && writer->fd < 0) failed = errno;
    if (!failed) return SG_OK;
    enum sg_code code = failed == EACCES || failed == EPERM || failed == EROFS ? SG_DENIED : SG_IO;
    return sg_fail_errno(err, code, failed, "cannot create %s", writer->temporary);
}

static enum sg_code writer_start(struct sg_shard_writer *writer, const char *out, const char *path,
                                 struct sg_error *err) {
    if (!writer->workspace) {
        SG_TRY(sg_shard_workspace_open(&writer->own_workspace, err));
        writer->workspace = writer->own_workspace;
    }
    writer->view = sg_alloc_array(writer->table->column_count, sizeof *writer->view);
    if (!writer->view) return sg_fail(err, SG_SYSTEM, "no memory for a shard writer");
    struct sg_shard_workspace *workspace = writer->workspace;
    workspace->text.used = workspace->frame.used = 0;
    sg_guide_restart(&workspace->guide);
    sg_digest_restart(workspace->digest);
    if (writer->format->header) SG_TRY(writer->format->encode_header(writer->table, &workspace->text, err));
    return open_temporary(writer, out, path, err);
}

enum sg_code sg_shard_create_with(struct sg_shard_workspace *workspace, struct sg_shard_writer **writer,
                                  const char *out, const char *path, const struct sg_table *table,
                                  const struct sg_format_info *format, struct sg_compression compression,
                                  uint64_t row_first, struct sg_error *err) {
    *writer = NULL;
    struct sg_shard_writer *made = calloc(1, sizeof *made);
    if (!made) return sg_fail(err, SG_SYSTEM, "no memory for a shard writer");
    made->workspace = workspace;
    made->table = table;
    made->format = format;
    made->compression = compression;
    made->fd = -1;
    made->facts.row_first = row_first;
    enum sg_code code = writer_start(made, out, path, err);
    if (code == SG_OK)
        *writer = made;
    else
        writer_free(made);
    return code;
}

enum sg_code sg_shard_create(struct sg_shard_writer **writer, const char *out, const char *path,
                             const struct sg_table *table, const struct sg_format_info *format,
                             struct sg_compression compression, uint64_t row_first, struct sg_error *err) {
    return sg_shard_create_with(NULL, writer, out, path, table, format, compression, row_first, err);
}

/* With its first frame it shows whether a shard's guide pays; if not it is compressed plainly. The sample is
 * from the middle of the frame where there is one: the first rows of a table have short keys. */
static enum sg_code judge_guide(struct sg_shard_writer *writer, struct sg_error *err) {
    struct sg_shard_workspace *workspace = writer->workspace;
    bool pays;
    if (writer->judged || writer->compression.how != SG_COMPRESS_GUIDED) return SG_OK;
    writer->judged = true;
    size_t at = writer->sample_at;
    struct sg_guide *sample = &workspace->next_guide;
    SG_TRY(sg_guide_rest(&workspace->guide, writer->sample_mark, at, sample, err));
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
    struct sg_shard_workspace *workspace = writer->workspace;
    struct sg_buffer *text = &workspace->text, *frame = &workspace->frame;
    if (size == 0) return SG_OK;
    sg_digest_update(workspace->digest, text->bytes, size);
    SG_TRY(judge_guide(writer, err));
    SG_TRY(end_guide(writer, size, mark, err));
    SG_TRY(compress(writer, size, err));
    struct sg_seek_entry entry = {(uint32_t)frame->used, (uint32_t)size, writer->frame_rows};
    SG_TRY(sg_seek_table_add(&writer->frames, entry, err));
    SG_TRY(sg_write_all(writer->fd, frame->bytes, frame->used, "shard", writer->temporary, err));
    writer->facts.text_bytes += size;
    writer->facts.file_bytes += frame->used;
    text->used -= size;
    memmove(text->bytes, text->bytes + size, text->used);
    struct sg_guide made = workspace->guide;
    workspace->guide = workspace->next_guide;
    workspace->next_guide = made;
    writer->frame_rows = 0;
    return SG_OK;
}

/* The rows [first, first + rows) of a batch, seen through the writer's view. */
static struct sg_batch part_of(struct sg_shard_writer *writer, const struct sg_batch *batch, size_t first,
                               size_t rows) {
    struct sg_batch part = *batch;
    for (int i = 0; i < batch->table->column_count; i++) {
        size_t element = sg_type_bytes(batch->table->columns[i].type);
        writer->view[i].data = (char *)batch->vectors[i].data + first * element;
        writer->view[i].null = batch->vectors[i].null + first;
    }
    part.vectors = writer->view;
    part.row_first += first;
    part.rows = rows;
    return part;
}

/* Appends rows [first, first + *rows) to the text; *rows shrinks to what fits one frame together with
 * what is there, unless ending that frame makes room. */
static enum sg_code append_rows(struct sg_shard_writer *writer, const struct sg_batch *batch, size_t first,
                                size_t *rows, struct sg_error *err) {
    struct sg_buffer *text = &writer->workspace->text;
    struct sg_guide *guide = &writer->workspace->guide;
    for (;;) {
        size_t before = text->used;
        struct sg_guide_mark mark = sg_guide_mark(guide);
        if (!writer->judged && !writer->sample_at && before >= SG_FRAME_TEXT_BYTES / 2) {
            writer->sample_at = before;
            writer->sample_mark = mark;
        }
        struct sg_batch part = part_of(writer, batch, first, *rows);
        if (writer->compression.how == SG_COMPRESS_GUIDED)
            SG_TRY(writer->format->encode_guided(&part, text, guide, err));
        else
            SG_TRY(writer->format->encode(&part, text, err));
        if (text->used <= SG_FRAME_TEXT_BYTES) break;
        bool fits_alone = text->used - before <= SG_FRAME_TEXT_BYTES;
        if (fits_alone && writer->frame_rows) {
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
    writer->frame_rows += *rows;
    return SG_OK;
}

/* Primary key of a row as text. */
static enum sg_code key_text(const struct sg_shard_writer *writer, const struct sg_batch *batch, size_t row,
                             char out[SG_KEY_TEXT_BYTES], struct sg_error *err) {
    struct sg_buffer text = {0};
    enum sg_code code = SG_OK;
    for (int i = 0; code == SG_OK && i < sg_key_count(writer->table); i++) {
        int column = sg_column_index(writer->table, writer->table->key[i]);
        if (column < 0)
            code = sg_fail(err, SG_INTERNAL, "%s has no key column %s", writer->table->name,
                           writer->table->key[i]);
        if (code == SG_OK && i) text.bytes[text.used++] = '\t';
        if (code == SG_OK) code = sg_encode_cell(batch, row, column, &text, err);
    }
    if (code == SG_OK && text.used >= SG_KEY_TEXT_BYTES)
        code = sg_fail(err, SG_INTERNAL, "%s: key of row %llu is longer than %d bytes", writer->table->name,
                       (unsigned long long)(batch->row_first + row), SG_KEY_TEXT_BYTES - 1);
    if (code == SG_OK && text.used) memcpy(out, text.bytes, text.used);
    if (code == SG_OK) out[text.used] = '\0';
    sg_buffer_free(&text);
    return code;
}

static enum sg_code write_batch(struct sg_shard_writer *writer, const struct sg_batch *batch,
                                struct sg_error *err) {
    struct sg_shard_facts *facts = &writer->facts;
    if (batch->rows == 0) return SG_OK;
    if (batch->row_first != facts->row_first + facts->rows)
        return sg_fail(err, SG_INTERNAL, "%s: rows from %llu follow row %llu", writer->table->name,
                       (unsigned long long)batch->row_first,
                       (unsigned long long)(facts->row_first + facts->rows));
    if (facts->rows == 0) SG_TRY(key_text(writer, batch, 0, facts->key_first, err));
    SG_TRY(key_text(writer, batch, batch->rows - 1, facts->key_last, err));
    sg_fingerprint_batch(batch, &facts->fingerprint);
    for (size_t first = 0, rows; first < batch->rows; first += rows) {
        rows = batch->rows - first;
        SG_TRY(append_rows(writer, batch, first, &rows, err));
    }
    facts->rows += batch->rows;
    return SG_OK;
}

enum sg_code sg_shard_write(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct sg_shard_writer *writer = context;
    if (writer->failed) return sg_fail(err, SG_INTERNAL, "%s: written to after a failure", writer->temporary);
    enum sg_code code = write_batch(writer, batch, err);
    writer->failed = code != SG_OK;
    return code;
}

/* Appends the facts frame and the seek table behind the text frames. */
static enum sg_code write_tail(struct sg_shard_writer *writer, struct sg_error *err) {
    struct sg_buffer *tail = &writer->workspace->frame;
    tail->used = 0;
    SG_TRY(sg_buffer_reserve(tail, SG_SKIPPABLE_HEADER_BYTES, err));
    tail->used = SG_SKIPPABLE_HEADER_BYTES;
    SG_TRY(sg_facts_write(&writer->facts, &writer->frames, tail, err));
    sg_put_le32(tail->bytes, SG_MAGIC_FACTS);
    sg_put_le32(tail->bytes + 4, (uint32_t)(tail->used - SG_SKIPPABLE_HEADER_BYTES));
    SG_TRY(sg_seek_table_write(&writer->frames, tail, err));
    writer->facts.file_bytes += tail->used;
    return sg_write_all(writer->fd, tail->bytes, tail->used, "shard", writer->temporary, err);
}

enum sg_code sg_shard_finish(struct sg_shard_writer *writer, struct sg_shard_facts *facts,
                             struct sg_error *err) {
    enum sg_code code = writer->failed ? SG_INTERNAL : SG_OK;
    if (writer->failed) code = sg_fail(err, code, "%s: finished after a failure", writer->temporary);
    struct sg_guide_mark mark = sg_guide_mark(&writer->workspace->guide);
    if (code == SG_OK) code = end_frame(writer, writer->workspace->text.used, mark, err);
    if (code == SG_OK) {
        writer->facts.digest = sg_digest_result(writer->workspace->digest);
        code = write_tail(writer, err);
    }
    if (code == SG_OK) {
        int fd = writer->fd;
        writer->fd = -1; /* closed by sg_publish whatever happens */
        code = sg_publish(fd, "shard", writer->temporary, writer->path, err);
    }
    if (code != SG_OK) {
        sg_shard_abandon(writer);
        return code;
    }
    *facts = writer->facts;
    writer_free(writer);
    return SG_OK;
}

void sg_shard_abandon(struct sg_shard_writer *writer) {
    if (!writer) return;
    if (writer->fd >= 0) close(writer->fd);
    unlink(writer->temporary);
    writer_free(writer);
}
