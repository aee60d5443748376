/* Writing shards: what all kinds of them share. A shard is a temporary file that is published at the end.
 *
 * Owns the temporary file until it is published. Invariant: facts tell of the rows handed to the kind.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "io/fingerprint.h"
#include "io/shard_kind.h"

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

uint64_t sg_shard_workspace_write_ns(const struct sg_shard_workspace *workspace) {
    return workspace->write_ns;
}

static void writer_free(struct sg_shard_writer *writer) {
    writer->format->kind->drop(writer);
    sg_shard_workspace_close(writer->own_workspace);
    free(writer);
}

static enum sg_code open_temporary(struct sg_shard_writer *writer, const char *out, const char *path,
                                   struct sg_error *err) {
    if (strlen(path) >= sizeof writer->facts.path)
        return sg_fail(err, SG_INTERNAL, "shard path %.100s... is too long", path);
    strcpy(writer->facts.path, path);
    SG_TRY(sg_path_join(writer->path, out, path, err));
    SG_TRY(sg_path_temporary(writer->temporary, writer->path, err));
    SG_TRY(sg_make_parents(writer->path, err));
    int failed = SG_FAULT("shard", "create");
    if (!failed) writer->fd = open(writer->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (!failed && writer->fd < 0) failed = errno;
    return failed ? sg_fail_errno(err, SG_IO, failed, "cannot create %s", writer->temporary) : SG_OK;
}

static enum sg_code writer_start(struct sg_shard_writer *writer, const char *out, const char *path,
                                 struct sg_error *err) {
    if (!writer->workspace) {
        SG_TRY(sg_shard_workspace_open(&writer->own_workspace, err));
        writer->workspace = writer->own_workspace;
    }
    sg_digest_restart(writer->workspace->digest);
    SG_TRY(writer->format->kind->begin(writer, err));
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

enum sg_code sg_shard_append(struct sg_shard_writer *writer, const void *bytes, size_t size,
                             struct sg_error *err) {
    writer->facts.file_bytes += size;
    uint64_t started_ns = sg_clock_ns();
    enum sg_code code = sg_write_all(writer->fd, bytes, size, "shard", writer->temporary, err);
    writer->workspace->write_ns += sg_clock_ns() - started_ns;
    return code;
}

/* Primary key of a row as text. */
static enum sg_code key_text(const struct sg_batch *batch, size_t row, char out[SG_KEY_TEXT_BYTES],
                             struct sg_error *err) {
    const struct sg_table *table = batch->table;
    struct sg_buffer text = {0};
    enum sg_code code = SG_OK;
    for (int i = 0; code == SG_OK && i < sg_key_count(table); i++) {
        int column = sg_column_index(table, table->key[i]);
        if (column < 0)
            code = sg_fail(err, SG_INTERNAL, "%s has no key column %s", table->name, table->key[i]);
        if (code == SG_OK && i) text.bytes[text.used++] = '\t';
        if (code == SG_OK) code = sg_encode_cell(batch, row, column, &text, err);
    }
    if (code == SG_OK && text.used >= SG_KEY_TEXT_BYTES)
        code = sg_fail(err, SG_INTERNAL, "%s: key of row %llu is longer than %d bytes", table->name,
                       (unsigned long long)(batch->row_first + row), SG_KEY_TEXT_BYTES - 1);
    if (code == SG_OK && text.used) memcpy(out, text.bytes, text.used);
    if (code == SG_OK) out[text.used] = '\0';
    sg_buffer_free(&text);
    return code;
}

enum sg_code sg_shard_facts_add(struct sg_shard_facts *facts, const struct sg_batch *batch,
                                struct sg_error *err) {
    if (batch->rows == 0) return SG_OK;
    if (batch->row_first != facts->row_first + facts->rows)
        return sg_fail(err, SG_INTERNAL, "%s: rows from %llu follow row %llu", batch->table->name,
                       (unsigned long long)batch->row_first,
                       (unsigned long long)(facts->row_first + facts->rows));
    if (facts->rows == 0) SG_TRY(key_text(batch, 0, facts->key_first, err));
    SG_TRY(key_text(batch, batch->rows - 1, facts->key_last, err));
    sg_fingerprint_batch(batch, &facts->fingerprint);
    facts->rows += batch->rows;
    return SG_OK;
}

static enum sg_code write_batch(struct sg_shard_writer *writer, const struct sg_batch *batch,
                                struct sg_error *err) {
    SG_TRY(sg_shard_facts_add(&writer->facts, batch, err));
    return batch->rows ? writer->format->kind->put(writer, batch, err) : SG_OK;
}

enum sg_code sg_shard_write(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct sg_shard_writer *writer = context;
    if (writer->failed) return sg_fail(err, SG_INTERNAL, "%s: written to after a failure", writer->temporary);
    enum sg_code code = write_batch(writer, batch, err);
    writer->failed = code != SG_OK;
    return code;
}

enum sg_code sg_shard_finish(struct sg_shard_writer *writer, struct sg_shard_facts *facts,
                             struct sg_error *err) {
    return sg_shard_finish_later(writer, NULL, facts, err);
}

enum sg_code sg_shard_finish_later(struct sg_shard_writer *writer, struct sg_publisher *publisher,
                                   struct sg_shard_facts *facts, struct sg_error *err) {
    enum sg_code code = writer->failed ? SG_INTERNAL : SG_OK;
    if (writer->failed) code = sg_fail(err, code, "%s: finished after a failure", writer->temporary);
    if (code == SG_OK) code = writer->format->kind->end(writer, err);
    if (code == SG_OK) {
        int fd = writer->fd;
        uint64_t started_ns = sg_clock_ns();
        writer->fd = -1; /* closed from here on, whatever happens */
        code = publisher ? sg_publisher_add(publisher, fd, "shard", writer->temporary, writer->path, err)
                         : sg_publish(fd, "shard", writer->temporary, writer->path, err);
        writer->workspace->write_ns += sg_clock_ns() - started_ns;
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
