/* Writes and reads seek tables (zstd contrib/seekable_format, without checksums). */
#include "io/seek_table.h"

#include <stdlib.h>

enum { ENTRY_BYTES = 8, DESCRIPTOR_WITHOUT_CHECKSUMS = 0 };

void sg_seek_table_free(struct sg_seek_table *table) {
    free(table->entries);
    *table = (struct sg_seek_table){0};
}

enum sg_code sg_seek_table_add(struct sg_seek_table *table, struct sg_seek_entry entry,
                               struct sg_error *err) {
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? 2 * table->capacity : 16;
        struct sg_seek_entry *grown = realloc(table->entries, capacity * sizeof *grown);
        if (!grown) return sg_fail(err, SG_SYSTEM, "no memory for a seek table of %zu frames", capacity);
        table->entries = grown;
        table->capacity = capacity;
    }
    table->entries[table->count++] = entry;
    return SG_OK;
}

uint64_t sg_seek_table_bytes(uint64_t count) {
    return SG_SKIPPABLE_HEADER_BYTES + count * ENTRY_BYTES + SG_SEEK_FOOTER_BYTES;
}

enum sg_code sg_seek_table_write(const struct sg_seek_table *table, struct sg_buffer *out,
                                 struct sg_error *err) {
    size_t size = sg_seek_table_bytes(table->count);
    if (size > UINT32_MAX)
        return sg_fail(err, SG_INTERNAL, "a seek table cannot hold %zu frames", table->count);
    SG_TRY(sg_buffer_reserve(out, size, err));
    char *at = out->bytes + out->used;
    sg_put_le32(at, SG_MAGIC_SEEK_TABLE);
    sg_put_le32(at + 4, (uint32_t)(size - SG_SKIPPABLE_HEADER_BYTES));
    at += SG_SKIPPABLE_HEADER_BYTES;
    for (size_t i = 0; i < table->count; i++, at += ENTRY_BYTES) {
        sg_put_le32(at, table->entries[i].frame_bytes);
        sg_put_le32(at + 4, table->entries[i].text_bytes);
    }
    sg_put_le32(at, (uint32_t)table->count);
    at[4] = DESCRIPTOR_WITHOUT_CHECKSUMS;
    sg_put_le32(at + 5, SG_MAGIC_SEEKABLE);
    out->used += size;
    return SG_OK;
}

bool sg_seek_footer_read(const char *footer, uint64_t *count) {
    *count = sg_get_le32(footer);
    return footer[4] == DESCRIPTOR_WITHOUT_CHECKSUMS && sg_get_le32(footer + 5) == SG_MAGIC_SEEKABLE;
}

enum sg_code sg_seek_table_read(struct sg_seek_table *table, const char *frame, uint64_t count,
                                const char *name, struct sg_error *err) {
    uint64_t body = sg_seek_table_bytes(count) - SG_SKIPPABLE_HEADER_BYTES;
    if (sg_get_le32(frame) != SG_MAGIC_SEEK_TABLE || sg_get_le32(frame + 4) != body)
        return sg_fail(err, SG_CORRUPT, "%s: the seek table does not read; generate it again", name);
    const char *at = frame + SG_SKIPPABLE_HEADER_BYTES;
    for (uint64_t i = 0; i < count; i++, at += ENTRY_BYTES) {
        struct sg_seek_entry entry = {sg_get_le32(at), sg_get_le32(at + 4), 0};
        if (entry.text_bytes > SG_FRAME_TEXT_BYTES || entry.frame_bytes > sg_frame_bytes_max() ||
            entry.frame_bytes == 0)
            return sg_fail(err, SG_CORRUPT, "%s: the seek table has impossible sizes; generate it again",
                           name);
        SG_TRY(sg_seek_table_add(table, entry, err));
    }
    return SG_OK;
}
