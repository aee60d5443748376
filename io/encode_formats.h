/* The encode functions behind the format table. Private to the encoders. */
#ifndef SG_IO_ENCODE_FORMATS_H
#define SG_IO_ENCODE_FORMATS_H

#include "io/encode.h"

/* Append the rows of a batch, or the header line, to out; SG_SYSTEM when there is no memory. The guided ones
 * also tell the guide what repeats. */
enum sg_code sg_encode_copy(const struct sg_batch *batch, struct sg_buffer *out, struct sg_error *err);
enum sg_code sg_encode_csv(const struct sg_batch *batch, struct sg_buffer *out, struct sg_error *err);
enum sg_code sg_encode_copy_guided(const struct sg_batch *batch, struct sg_buffer *out,
                                   struct sg_guide *guide, struct sg_error *err);
enum sg_code sg_encode_csv_guided(const struct sg_batch *batch, struct sg_buffer *out, struct sg_guide *guide,
                                  struct sg_error *err);
enum sg_code sg_encode_csv_header(const struct sg_table *table, struct sg_buffer *out, struct sg_error *err);

#endif
