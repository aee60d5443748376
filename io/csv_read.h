/* A reader of foreign CSV files: RFC 4180 as people write it.
 *
 * Accepted: CR LF or LF line ends, the last one optional; quoted fields with doubled quotes, separators and
 * line breaks inside; a UTF-8 byte order mark; blank lines, which are skipped. Refused with the line named: a
 * quote inside a bare field or text behind a closing quote, a quote that is never closed, a lone carriage
 * return, a NUL byte, text that is not UTF-8, records beyond SG_CSV_RECORD_BYTES or SG_CSV_FIELDS, and files
 * that are compressed or UTF-16.
 *
 * Streaming: memory is one block of the file and one record. A reader belongs to one thread.
 */
#ifndef SG_IO_CSV_READ_H
#define SG_IO_CSV_READ_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum { SG_CSV_RECORD_BYTES = 1 << 20, SG_CSV_FIELDS = 1024 };

struct sg_csv_field {
    const char *text; /* unquoted; a NUL follows */
    size_t size;
};

struct sg_csv;

/* Local. Opens a file, "-" is standard input. SG_NO_INPUT when absent or a folder. *csv is NULL after
 * failure. */
enum sg_code sg_csv_open(struct sg_csv **csv, const char *path, struct sg_error *err);
/* NULL is fine. */
void sg_csv_close(struct sg_csv *csv);

/* The next record, valid until the next call; *count is 0 at the end of the file. SG_CORRUPT as above. */
enum sg_code sg_csv_next(struct sg_csv *csv, const struct sg_csv_field **fields, size_t *count,
                         struct sg_error *err);

/* Line on which the record read last begins, from 1. */
uint64_t sg_csv_line(const struct sg_csv *csv);

#endif
