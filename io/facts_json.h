/* Shard facts as JSON: members of the manifest, and the text a shard carries in itself. */
#ifndef SG_IO_FACTS_JSON_H
#define SG_IO_FACTS_JSON_H

#include "io/seek_table.h"
#include "io/shard.h"

struct json_t;
struct sg_json;

/* The facts as an object, NULL when there is no memory. */
struct json_t *sg_facts_to_json(const struct sg_shard_facts *facts);
enum sg_code sg_facts_from_json(struct sg_shard_facts *facts, const struct sg_json *from,
                                struct sg_error *err);

/* Appends the facts without path and file size (the file itself has these), with the row counts of its
 * frames (NULL: it has none), as one JSON object, then a line with the digest of that object's text. */
enum sg_code sg_facts_write(const struct sg_shard_facts *facts, const struct sg_seek_table *frames,
                            struct sg_buffer *out, struct sg_error *err);
/* Reads that text, fills the rows of the frames and checks them against the facts. Leaves path and file size
 * alone. */
enum sg_code sg_facts_read(struct sg_shard_facts *facts, struct sg_seek_table *frames, const char *text,
                           size_t size, const char *name, struct sg_error *err);

#endif
