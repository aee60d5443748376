/* Reading one shard as batches: file, digest, parser. */
#ifndef SG_VERIFY_SCAN_H
#define SG_VERIFY_SCAN_H

#include "io/manifest.h"

/* What went wrong in the data of a shard: a code of the reader or parser, kept as text. */
struct sg_scan_fault {
    bool found;
    char text[200];
};

/* Local. Pushes all rows of a shard to sink, in batches positioned at their table rows. Missing, cut, altered
 * or malformed shards fill `fault` and give SG_OK; failures of the sink or the machine are returned. */
enum sg_code sg_scan_shard(const char *out, const struct sg_table *table, const char *format,
                           const struct sg_shard_facts *facts, sg_sink *sink, void *context,
                           struct sg_scan_fault *fault, struct sg_error *err);

#endif
