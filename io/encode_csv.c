/* RFC 4180 CSV: header line, comma, CRLF, quotes where needed; NULL is the empty field, "" the empty string.
 */
#include "io/encode_formats.h"
#include "io/encode_rows.h"

enum sg_code sg_encode_csv(const struct sg_batch *batch, struct sg_buffer *out, struct sg_error *err) {
    return sg_encode_rows(batch, out, NULL, SG_DIALECT_CSV, err);
}

enum sg_code sg_encode_csv_guided(const struct sg_batch *batch, struct sg_buffer *out, struct sg_guide *guide,
                                  struct sg_error *err) {
    return sg_encode_rows(batch, out, guide, SG_DIALECT_CSV, err);
}

enum sg_code sg_encode_csv_header(const struct sg_table *table, struct sg_buffer *out, struct sg_error *err) {
    for (int i = 0; i < table->column_count; i++) {
        const char *name = table->columns[i].name;
        size_t size = strlen(name);
        SG_TRY(sg_buffer_reserve(out, 2 * size + 4, err));
        char *at = out->bytes + out->used;
        if (i) *at++ = ',';
        at = sg_put_csv_text(at, name, size);
        out->used = (size_t)(at - out->bytes);
    }
    SG_TRY(sg_buffer_reserve(out, 2, err));
    memcpy(out->bytes + out->used, "\r\n", 2);
    out->used += 2;
    return SG_OK;
}
