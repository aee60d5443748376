/* PostgreSQL COPY text: tab separated, \N for NULL, backslash escapes, newline. */
#include "io/encode_formats.h"
#include "io/encode_rows.h"

enum sg_code sg_encode_copy(const struct sg_batch *batch, struct sg_buffer *out, struct sg_error *err) {
    return sg_encode_rows(batch, out, NULL, SG_DIALECT_COPY, err);
}

enum sg_code sg_encode_copy_guided(const struct sg_batch *batch, struct sg_buffer *out,
                                   struct sg_guide *guide, struct sg_error *err) {
    return sg_encode_rows(batch, out, guide, SG_DIALECT_COPY, err);
}
