/* Growable byte buffers of the encoders. */
#include <stdlib.h>

#include "base/checked.h"
#include "io/encode.h"

enum sg_code sg_buffer_reserve(struct sg_buffer *buffer, size_t more, struct sg_error *err) {
    if (buffer->capacity - buffer->used >= more) return SG_OK;
    size_t want;
    if (!sg_add_size(buffer->used, more, &want) || !sg_add_size(want, buffer->capacity / 2, &want))
        return sg_fail(err, SG_SYSTEM, "text buffer size overflows");
    char *grown = realloc(buffer->bytes, want);
    if (!grown) return sg_fail(err, SG_SYSTEM, "no memory for a text buffer of %zu bytes", want);
    buffer->bytes = grown;
    buffer->capacity = want;
    return SG_OK;
}

void sg_buffer_free(struct sg_buffer *buffer) {
    free(buffer->bytes);
    *buffer = (struct sg_buffer){0};
}
