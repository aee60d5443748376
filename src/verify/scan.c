/* One shard from file to batches. The only place of this floor that opens files. */
#include "verify/scan.h"

#include <stdio.h>

#include "io/batches.h"

static bool is_data_fault(enum sg_code code) {
    return code == SG_INVALID || code == SG_CORRUPT || code == SG_NO_INPUT;
}

/* Faults of the data go to `data`, everything else to `err`. */
static enum sg_code push_all(struct sg_batches *batches, sg_sink *sink, void *context, struct sg_error *data,
                             struct sg_error *err) {
    for (;;) {
        const struct sg_batch *batch;
        SG_TRY(sg_batches_next(batches, &batch, data));
        if (!batch) return SG_OK;
        SG_TRY(sink(context, batch, err));
    }
}

enum sg_code sg_scan_shard(const char *out, const struct sg_table *table, const char *format,
                           const struct sg_shard_facts *facts, sg_sink *sink, void *context,
                           struct sg_scan_fault *fault, struct sg_error *err) {
    struct sg_batches *batches;
    struct sg_error data = {0};
    enum sg_code code = sg_batches_open(&batches, sg_format_find(format), table, out, facts, &data);
    if (code == SG_OK) code = push_all(batches, sink, context, &data, err);
    sg_batches_close(batches);
    if (code == SG_OK) return SG_OK;
    if (data.code == SG_OK) return code;
    if (!is_data_fault(data.code)) return sg_fail(err, data.code, "%s", data.text);
    fault->found = true;
    snprintf(fault->text, sizeof fault->text, "%.*s", (int)sizeof fault->text - 1, data.text);
    return SG_OK;
}
