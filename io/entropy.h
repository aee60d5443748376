/* The entropy stage of guided compression: zstd frames (RFC 8878) straight from a guide's sequences.
 *
 * A frame has its content size and checksum, as zstd's own have; any zstd reads it. Blocks are those of the
 * guide. Huffman and FSE tables are made from the first block that needs them and written again only when a
 * later block has a symbol that they lack or costs a few percent more. Integers only: the same bytes on every
 * machine.
 *
 * Threads: a stage belongs to one thread at a time.
 */
#ifndef SG_IO_ENTROPY_H
#define SG_IO_ENTROPY_H

#include "io/encode.h"
#include "io/guide.h"

struct sg_entropy;
/* NULL when there is no memory. */
struct sg_entropy *sg_entropy_open(void);
void sg_entropy_close(struct sg_entropy *entropy);

/* Forgets all frames before. Frames depend on those since, whose tables they use where these fit. */
void sg_entropy_restart(struct sg_entropy *entropy);

/* Appends a frame that holds `size` bytes of text, which the `count` sequences of a completed guide cover. */
enum sg_code sg_entropy_frame(struct sg_entropy *entropy, const struct sg_sequence *sequences, size_t count,
                              const char *text, size_t size, struct sg_buffer *out, struct sg_error *err);
/* The same with the text as it is. */
enum sg_code sg_entropy_store(const char *text, size_t size, struct sg_buffer *out, struct sg_error *err);

#endif
