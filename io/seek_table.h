/* The seek table of zstd's seekable format: sizes of all text frames, in a skippable frame at the file's end.
 */
#ifndef SG_IO_SEEK_TABLE_H
#define SG_IO_SEEK_TABLE_H

#include "io/frame.h"

enum { SG_SEEK_FOOTER_BYTES = 9 };

struct sg_seek_entry {
    uint32_t frame_bytes, text_bytes;
    uint64_t rows; /* kept in the facts frame, not in the table */
};

struct sg_seek_table {
    struct sg_seek_entry *entries;
    size_t count, capacity;
};

/* Frees the entries; the table is empty then. */
void sg_seek_table_free(struct sg_seek_table *table);
/* Appends an entry; SG_SYSTEM when there is no memory. */
enum sg_code sg_seek_table_add(struct sg_seek_table *table, struct sg_seek_entry entry, struct sg_error *err);

/* Pure. Bytes of the skippable frame of a table of `count` entries. */
uint64_t sg_seek_table_bytes(uint64_t count);

/* Appends the skippable frame. */
enum sg_code sg_seek_table_write(const struct sg_seek_table *table, struct sg_buffer *out,
                                 struct sg_error *err);

/* Pure. Number of entries by the footer (the last SG_SEEK_FOOTER_BYTES of the file); false when it is none.
 */
bool sg_seek_footer_read(const char *footer, uint64_t *count);
/* Reads the whole skippable frame of `count` entries; SG_CORRUPT when sizes are impossible. */
enum sg_code sg_seek_table_read(struct sg_seek_table *table, const char *frame, uint64_t count,
                                const char *name, struct sg_error *err);

#endif
