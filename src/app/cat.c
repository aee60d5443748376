/* cat: prints stored rows of a table, reading only the shards that hold them. In text, rows are found by
 * counting row ends; in CSV a line break inside quotes ends no row. Rows of other formats are printed as COPY
 * text. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "io/batches.h"

/* Rows still wanted, as offsets from the row at hand. */
struct window {
    uint64_t row;        /* 0-based, of the next row */
    uint64_t first, end; /* 0-based, half open */
    bool quotes;         /* the format quotes */
};

/* Length of the row at the start of text, its line break included. */
static size_t row_length(const char *text, size_t size, bool quotes) {
    if (!quotes) {
        const char *end = memchr(text, '\n', size);
        return end ? (size_t)(end - text) + 1 : size;
    }
    bool inside = false;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"') inside = !inside;
        if (text[i] == '\n' && !inside) return i + 1;
    }
    return size;
}

static void print_rows(struct window *window, const char *text, size_t size) {
    size_t at = 0, from = 0;
    while (at < size && window->row < window->end) {
        if (window->row == window->first) from = at;
        at += row_length(text + at, size - at, window->quotes);
        window->row++;
    }
    if (window->row > window->first) fwrite(text + from, 1, at - from, stdout);
}

static enum sg_code print_text(const struct sg_job *job, const struct sg_shard_facts *facts, bool header,
                               bool *header_due, struct window *window, struct sg_error *err) {
    struct sg_shard_reader *reader;
    SG_TRY(sg_shard_open(&reader, job->out, facts, err));
    enum sg_code code;
    const char *text;
    size_t size;
    bool at_header = header;
    window->row = facts->row_first;
    while ((code = sg_shard_next(reader, &text, &size, err)) == SG_OK && size && window->row < window->end) {
        if (at_header) {
            size_t length = row_length(text, size, window->quotes);
            if (*header_due) fwrite(text, 1, length, stdout);
            *header_due = at_header = false;
            text += length;
            size -= length;
        }
        print_rows(window, text, size);
    }
    sg_shard_close(reader);
    return code;
}

/* Prints the wanted rows of a batch as COPY text. */
static enum sg_code print_batch(const struct sg_batch *batch, struct window *window, struct sg_buffer *text,
                                struct sg_error *err) {
    text->used = 0;
    SG_TRY(sg_format_find("copy")->encode(batch, text, err));
    window->row = batch->row_first;
    const char *at = text->bytes, *end = at + text->used;
    while (at < end && window->row < window->first) {
        at += row_length(at, (size_t)(end - at), false);
        window->row++;
    }
    print_rows(window, at, (size_t)(end - at));
    return SG_OK;
}

static enum sg_code print_batches(const struct sg_job *job, const struct sg_manifest_table *table,
                                  const struct sg_format_info *format, const struct sg_shard_facts *facts,
                                  struct window *window, struct sg_error *err) {
    struct sg_batches *batches;
    struct sg_buffer text = {0};
    const struct sg_batch *batch;
    SG_TRY(sg_batches_open(&batches, format, table->table, job->out, facts, err));
    enum sg_code code;
    while ((code = sg_batches_next(batches, &batch, err)) == SG_OK && batch &&
           batch->row_first < window->end) {
        if (batch->row_first + batch->rows <= window->first) continue;
        code = print_batch(batch, window, &text, err);
        if (code != SG_OK) break;
    }
    sg_buffer_free(&text);
    sg_batches_close(batches);
    return code;
}

static const struct sg_manifest_table *find_table(const struct sg_manifest *manifest, const char *name) {
    for (size_t i = 0; i < manifest->table_count; i++)
        if (strcmp(manifest->tables[i].table->name, name) == 0) return &manifest->tables[i];
    return NULL;
}

static enum sg_code print_table(const struct sg_job *job, const struct sg_manifest_table *table,
                                struct sg_error *err) {
    const struct sg_options *options = job->options;
    const struct sg_format_info *format = sg_format_find(job->manifest.format);
    if (!format) return sg_fail(err, SG_CORRUPT, "%s: unknown format '%s'", job->out, job->manifest.format);
    uint64_t row_base = table->shard_count ? table->shards[0].row_first : 0;
    struct window window = {.quotes = format->rows == SG_ROWS_CSV,
                            .first = options->rows_first ? options->rows_first - 1 : row_base,
                            .end = options->rows_first ? options->rows_end : UINT64_MAX};
    if (options->rows_first && (window.first < row_base || window.end > row_base + table->rows))
        return sg_fail(err, SG_NO_INPUT,
                       "%s in %s holds rows %" PRIu64 " to %" PRIu64 ", not %" PRIu64 ":%" PRIu64,
                       table->table->name, job->out, row_base + (table->rows != 0), row_base + table->rows,
                       options->rows_first, options->rows_end);
    bool text = format->encode && format->rows != SG_ROWS_BINARY, header_due = text && format->header;
    for (size_t i = 0; i < table->shard_count; i++) {
        const struct sg_shard_facts *facts = &table->shards[i];
        bool wanted = facts->row_first < window.end && facts->row_first + facts->rows > window.first;
        if (!wanted && !(header_due && i + 1 == table->shard_count)) continue;
        SG_TRY(text ? print_text(job, facts, format->header, &header_due, &window, err)
                    : print_batches(job, table, format, facts, &window, err));
    }
    return SG_OK;
}

enum sg_code sg_command_cat(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    SG_TRY(sg_folder_read(job, err));
    enum sg_code code = SG_OK;
    if (job->comm->rank == 0) {
        const struct sg_manifest_table *table = find_table(&job->manifest, options->table);
        code = table ? print_table(job, table, err)
                     : sg_fail(err, SG_NO_INPUT, "%s holds no table '%s'", options->out, options->table);
    }
    return sg_comm_agree(job->comm, code, err);
}
