/* One shard from file to batches. The only place of this floor that opens files. */
#include "verify/scan.h"

#include <stdio.h>

#include "io/parse.h"

struct scan {
    struct sg_shard_reader *reader;
    struct sg_parser *parser;
};

static bool is_data_fault(enum sg_code code) {
    return code == SG_INVALID || code == SG_CORRUPT || code == SG_NO_INPUT;
}

static enum sg_code push_frame(struct scan *scan, const char *text, size_t size, sg_sink *sink, void *context,
                               struct sg_error *data, struct sg_error *err) {
    sg_parser_feed(scan->parser, text, size);
    for (;;) {
        const struct sg_batch *batch;
        SG_TRY(sg_parser_next(scan->parser, &batch, data));
        if (!batch) return SG_OK;
        SG_TRY(sink(context, batch, err));
    }
}

/* Faults of the data go to `data`, everything else to `err`. */
static enum sg_code push_all(struct scan *scan, const char *out, const struct sg_shard_facts *facts,
                             sg_sink *sink, void *context, struct sg_error *data, struct sg_error *err) {
    SG_TRY(sg_shard_open(&scan->reader, out, facts, data));
    sg_parser_start(scan->parser, facts->path, facts->row_first, true);
    for (;;) {
        const char *text;
        size_t size;
        SG_TRY(sg_shard_next(scan->reader, &text, &size, data));
        if (size == 0) return SG_OK;
        SG_TRY(push_frame(scan, text, size, sink, context, data, err));
    }
}

enum sg_code sg_scan_shard(const char *out, const struct sg_table *table, const char *format,
                           const struct sg_shard_facts *facts, sg_sink *sink, void *context,
                           struct sg_scan_fault *fault, struct sg_error *err) {
    struct scan scan = {0};
    struct sg_error data = {0};
    SG_TRY(sg_parser_open(&scan.parser, table, sg_format_find(format), err));
    enum sg_code code = push_all(&scan, out, facts, sink, context, &data, err);
    sg_shard_close(scan.reader);
    sg_parser_close(scan.parser);
    if (code == SG_OK) return SG_OK;
    if (data.code == SG_OK) return code;
    if (!is_data_fault(data.code)) return sg_fail(err, data.code, "%s", data.text);
    fault->found = true;
    snprintf(fault->text, sizeof fault->text, "%.*s", (int)sizeof fault->text - 1, data.text);
    return SG_OK;
}
