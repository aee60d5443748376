/* COPY text to binary COPY, cell by cell, without batches in between: what the loader sends.
 *
 * The rows are those of shards whose digest proves them, so this is no verification: it refuses text that is
 * not of the column's type, and leaves ranges, lengths, labels and UTF-8 to the server.
 *
 * Threads: a transcoder belongs to one thread.
 */
#ifndef SG_IO_TRANSCODE_H
#define SG_IO_TRANSCODE_H

#include "io/encode.h"

enum { SG_TRANSCODE_TEXT_BYTES = 64 << 10 };

struct sg_transcoder;

/* Local. For the rows of a table. Free with sg_transcoder_close. */
enum sg_code sg_transcoder_open(struct sg_transcoder **transcoder, const struct sg_table *table,
                                struct sg_error *err);
/* NULL is fine. */
void sg_transcoder_close(struct sg_transcoder *transcoder);

/* Local. Appends the tuples of the whole rows of text from *at on, some SG_TRANSCODE_TEXT_BYTES of it (at
 * least a row), and moves *at behind them. SG_INVALID, naming `name`, at text that is not of the table. */
enum sg_code sg_transcode(struct sg_transcoder *transcoder, const char *name, const char **at,
                          const char *end, struct sg_buffer *out, struct sg_error *err);

#endif
