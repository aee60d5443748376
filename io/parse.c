/* The row loop of the parser: cells, row ends, batches, faults. */
#include "io/parse.h"

#include <stdlib.h>

#include "base/checked.h"
#include "io/parse_rows.h"

enum { SHOWN_BYTES = 40 };

static enum sg_code no_sink(void *context, const struct sg_batch *batch, struct sg_error *err) {
    (void)context;
    return sg_fail(err, SG_INTERNAL, "the parser's batch of %s was flushed", batch->table->name);
}

/* The emitter's pool is sized for generating; parsing wants room for all text fed at once. */
static enum sg_code widen_pool(struct sg_batch *batch, size_t size, struct sg_error *err) {
    if (!batch->pool || size <= batch->pool_bytes) return SG_OK;
    char *grown = realloc(batch->pool, size);
    if (!grown) return sg_fail(err, SG_SYSTEM, "no memory for text of %s", batch->table->name);
    batch->pool = grown;
    batch->pool_bytes = size;
    return SG_OK;
}

static enum sg_code parser_fill(struct sg_parser *parser, const struct sg_table *table,
                                struct sg_error *err) {
    SG_TRY(sg_emitter_open(&parser->emitter, table, no_sink, NULL, err));
    parser->rules = sg_alloc_array(table->column_count, sizeof *parser->rules);
    if (!parser->rules) return sg_fail(err, SG_SYSTEM, "no memory for a parser of %s", table->name);
    const struct sg_format_info *format = parser->format;
    if (format->rows == SG_ROWS_COPY) {
        parser->ends = sg_alloc_array(sg_parse_block_ends(table->column_count), sizeof *parser->ends);
        if (!parser->ends) return sg_fail(err, SG_SYSTEM, "no memory for a parser of %s", table->name);
    }
    for (int i = 0; i < table->column_count; i++)
        SG_TRY(sg_cell_rule_open(&parser->rules[i], parser->batch, i, format->rows, err));
    return format->header ? format->encode_header(table, &parser->header, err) : SG_OK;
}

enum sg_code sg_parser_open(struct sg_parser **parser, const struct sg_table *table,
                            const struct sg_format_info *format, struct sg_error *err) {
    *parser = NULL;
    struct sg_parser *made = calloc(1, sizeof *made);
    if (!made) return sg_fail(err, SG_SYSTEM, "no memory for a parser of %s", table->name);
    made->format = format;
    made->batch = &made->emitter.batch;
    made->batch->table = table;
    enum sg_code code = parser_fill(made, table, err);
    if (code == SG_OK)
        *parser = made;
    else
        sg_parser_close(made);
    return code;
}

void sg_parser_close(struct sg_parser *parser) {
    if (!parser) return;
    for (int i = 0; parser->rules && i < parser->batch->table->column_count; i++)
        sg_cell_rule_close(&parser->rules[i]);
    free(parser->rules);
    free(parser->ends);
    sg_buffer_free(&parser->header);
    sg_emitter_close(&parser->emitter);
    free(parser);
}

void sg_parser_start(struct sg_parser *parser, const char *name, uint64_t row_first, bool header) {
    parser->name = name;
    parser->at = parser->end = "";
    parser->header_next = header && parser->format->header;
    parser->over = false;
    parser->fault = (struct sg_parse_fault){0};
    parser->batch->row_first = row_first;
    parser->batch->rows = 0;
}

void sg_parser_feed(struct sg_parser *parser, const char *text, size_t size) {
    parser->at = text;
    parser->end = text + size;
}

const struct sg_parse_fault *sg_parser_fault(const struct sg_parser *parser) {
    return &parser->fault;
}

static void show(char out[64], struct sg_cell cell) {
    size_t size = cell.size < SHOWN_BYTES ? cell.size : SHOWN_BYTES;
    for (size_t i = 0; i < size; i++)
        out[i] = (unsigned char)cell.text[i] < 0x20 || cell.text[i] == 0x7f ? '.' : cell.text[i];
    while (size && size < cell.size && ((unsigned char)cell.text[size] & 0xC0) == 0x80)
        size--; /* not within a character */
    strcpy(out + size, cell.size > size ? "..." : "");
}

bool sg_parse_stumble(struct sg_parser *parser, enum sg_parse_fault_kind kind, int column, const char *what,
                      struct sg_cell cell) {
    struct sg_parse_fault *fault = &parser->fault;
    fault->kind = kind;
    fault->row = parser->batch->row_first + parser->batch->rows;
    fault->column = column;
    fault->what = what;
    show(fault->text, cell);
    return false;
}

bool sg_parse_stumble_cell(struct sg_parser *parser, enum sg_parse_fault_kind kind, int column,
                           struct sg_cell cell) {
    const char *what = kind == SG_PARSE_LENGTH ? "is longer than declared"
                       : kind == SG_PARSE_NULL ? "is NULL but must not be"
                                               : parser->rules[column].what;
    return sg_parse_stumble(parser, kind, column, what, cell);
}

/* The first separator or row end at or behind `at`, `end` when there is none. */
static inline __attribute__((always_inline)) const char *find_end(const char *at, const char *end, bool csv) {
    if (!csv) return sg_copy_cell_end(at, end);
    for (uint64_t w; end - at >= 8; at += 8) {
        memcpy(&w, at, 8);
        uint64_t found = sg_byte_marks(w, ',') | sg_byte_marks(w, '\r') | sg_byte_marks(w, '\n');
        if (found) return at + (__builtin_ctzll(found) >> 3);
    }
    while (at < end && *at != '\n' && *at != ',' && *at != '\r')
        at++;
    return at;
}

/* The end of a quoted field: behind its closing quote. */
static const char *find_quote_end(const char *at, const char *end) {
    at++;
    while (at < end) {
        const char *quote = memchr(at, '"', (size_t)(end - at));
        if (!quote) return end;
        if (quote + 1 == end || quote[1] != '"') return quote + 1;
        at = quote + 2;
    }
    return end;
}

static inline bool is_null(struct sg_cell cell, bool csv) {
    if (csv) return cell.size == 0;
    return sg_copy_is_null(cell.text, cell.size);
}

/* One row into the batch. False at a fault, with what was wrong recorded. */
static inline __attribute__((always_inline)) bool parse_row(struct sg_parser *parser, bool csv) {
    struct sg_batch *batch = parser->batch;
    const char *at = parser->at, *const start = at, *const end = parser->end;
    const int last = batch->table->column_count - 1;
    for (int i = 0; i <= last; i++) {
        struct sg_cell_rule *rule = &parser->rules[i];
        bool quoted = csv && at < end && *at == '"';
        const char *stop = quoted ? find_quote_end(at, end) : find_end(at, end, csv);
        struct sg_cell cell = {at, (size_t)(stop - at)};
        if (stop == end) return sg_parse_stumble(parser, SG_PARSE_CUT, i, "is cut", cell);
        if (quoted && *stop != ',' && *stop != '\r')
            return sg_parse_stumble_cell(parser, SG_PARSE_VALUE, i, cell);
        if (is_null(cell, csv)) {
            sg_store_null(rule, batch->rows);
            if (!rule->column->nullable) return sg_parse_stumble_cell(parser, SG_PARSE_NULL, i, cell);
        } else {
            enum sg_parse_fault_kind kind = rule->store(rule, cell, batch->rows);
            if (kind != SG_PARSE_FINE) return sg_parse_stumble_cell(parser, kind, i, cell);
            rule->null[batch->rows] = 0;
        }
        char separator = i < last ? (csv ? ',' : '\t') : (csv ? '\r' : '\n');
        if (*stop != separator)
            return sg_parse_stumble(parser, SG_PARSE_COLUMNS, -1,
                                    i < last ? "has too few columns" : "has too many columns",
                                    (struct sg_cell){start, (size_t)(stop - start)});
        at = stop + 1;
    }
    if (csv && (at == end || *at++ != '\n'))
        return sg_parse_stumble(parser, SG_PARSE_CUT, -1, "does not end in CR LF",
                                (struct sg_cell){start, (size_t)(at - start)});
    parser->at = at;
    return true;
}

static bool parse_rows_copy(struct sg_parser *parser) {
    struct sg_batch *batch = parser->batch;
    while (parser->at < parser->end && batch->rows < batch->capacity) {
        if (sg_parse_block(parser)) continue;
        size_t room = batch->capacity - batch->rows;
        size_t until = batch->rows + (room < SG_PARSE_BLOCK_ROWS ? room : SG_PARSE_BLOCK_ROWS);
        for (; parser->at < parser->end && batch->rows < until; batch->rows++)
            if (!parse_row(parser, false)) return false;
    }
    return true;
}

static bool parse_rows_csv(struct sg_parser *parser) {
    for (; parser->at < parser->end && parser->batch->rows < parser->batch->capacity; parser->batch->rows++)
        if (!parse_row(parser, true)) return false;
    return true;
}

static bool take_header(struct sg_parser *parser) {
    size_t size = (size_t)(parser->end - parser->at), want = parser->header.used;
    if (size < want || memcmp(parser->at, parser->header.bytes, want) != 0)
        return sg_parse_stumble(parser, SG_PARSE_HEADER, -1, "has another header before it",
                                (struct sg_cell){parser->at, size < want ? size : want});
    parser->at += want;
    parser->header_next = false;
    return true;
}

static enum sg_code report(const struct sg_parser *parser, struct sg_error *err) {
    const struct sg_parse_fault *fault = &parser->fault;
    const struct sg_table *table = parser->batch->table;
    return sg_fail(err, SG_INVALID, "%s: %s row %llu%s%s %s: '%s'", parser->name, table->name,
                   (unsigned long long)fault->row, fault->column < 0 ? "" : " column ",
                   fault->column < 0 ? "" : table->columns[fault->column].name, fault->what, fault->text);
}

enum sg_code sg_parser_next(struct sg_parser *parser, const struct sg_batch **batch, struct sg_error *err) {
    *batch = NULL;
    if (parser->fault.kind != SG_PARSE_FINE) return report(parser, err);
    parser->batch->row_first += parser->batch->rows;
    parser->batch->rows = 0;
    parser->batch->pool_used = 0;
    if (parser->at == parser->end) return SG_OK;
    SG_TRY(widen_pool(parser->batch, (size_t)(parser->end - parser->at), err));
    if (parser->header_next && !take_header(parser)) return report(parser, err);
    static bool (*const loops[])(struct sg_parser *) = {[SG_ROWS_COPY] = parse_rows_copy,
                                                        [SG_ROWS_CSV] = parse_rows_csv,
                                                        [SG_ROWS_BINARY] = sg_parse_rows_binary};
    if (!loops[parser->format->rows](parser)) return report(parser, err);
    if (parser->batch->rows) *batch = parser->batch;
    return SG_OK;
}
