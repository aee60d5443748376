/* The CSV reader's states: between fields, in a bare field, in a quoted one, behind a quote in it. */
#include "io/csv_read.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/cell_parse.h"

enum { BLOCK_BYTES = 256 << 10 };
enum state { FIELD_START, BARE, QUOTED, QUOTE_IN_QUOTED };

struct sg_csv {
    int fd;
    const char *path;
    uint64_t line;        /* of the byte at hand */
    uint64_t record_line; /* of the record's first byte */
    uint64_t quote_line;  /* of the quote opened last */
    size_t block_at, block_size;
    bool started;
    size_t record_size, field_first, field_count;
    struct sg_csv_field fields[SG_CSV_FIELDS];
    char record[SG_CSV_RECORD_BYTES];
    char block[BLOCK_BYTES];
};

static enum sg_code bad(const struct sg_csv *csv, uint64_t line, const char *what, struct sg_error *err) {
    return sg_fail(err, SG_CORRUPT, "%s line %" PRIu64 ": %s", csv->path, line, what);
}

/* Reads the next block; an empty one is the end. */
static enum sg_code refill(struct sg_csv *csv, struct sg_error *err) {
    ssize_t got;
    do
        got = read(csv->fd, csv->block, BLOCK_BYTES);
    while (got < 0 && errno == EINTR);
    if (got < 0) return sg_fail_errno(err, SG_IO, errno, "cannot read %s", csv->path);
    csv->block_at = 0;
    csv->block_size = (size_t)got;
    return SG_OK;
}

/* Marks at the start of a file that is no plain text, and what to say. */
static const struct {
    const char *bytes;
    size_t size;
    const char *what;
} foreign[] = {
    {"\x28\xb5\x2f\xfd", 4, "the file is compressed with zstd: give zstd -dc FILE | synthgen-hpc validate -"},
    {"\x1f\x8b", 2, "the file is compressed with gzip: give gzip -dc FILE | synthgen-hpc validate -"},
    {"PK\x03\x04", 4, "the file is a ZIP archive (or a spreadsheet), not CSV"},
    {"\xff\xfe", 2, "the file is UTF-16: save it as UTF-8"},
    {"\xfe\xff", 2, "the file is UTF-16: save it as UTF-8"},
};

static enum sg_code look_at_start(struct sg_csv *csv, struct sg_error *err) {
    csv->started = true;
    SG_TRY(refill(csv, err));
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (csv->block_size >= foreign[i].size && memcmp(csv->block, foreign[i].bytes, foreign[i].size) == 0)
            return sg_fail(err, SG_CORRUPT, "%s: %s", csv->path, foreign[i].what);
    if (csv->block_size >= 3 && memcmp(csv->block, "\xef\xbb\xbf", 3) == 0) csv->block_at = 3;
    return SG_OK;
}

void sg_csv_close(struct sg_csv *csv) {
    if (!csv) return;
    close(csv->fd);
    free(csv);
}

enum sg_code sg_csv_open(struct sg_csv **out, const char *path, struct sg_error *err) {
    *out = NULL;
    struct sg_csv *csv = calloc(1, sizeof *csv);
    if (!csv) return sg_fail(err, SG_SYSTEM, "no memory to read %s", path);
    bool standard = strcmp(path, "-") == 0;
    csv->path = standard ? "standard input" : path;
    csv->line = 1;
    csv->fd = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (csv->fd < 0) {
        enum sg_code code = sg_fail_errno(err, SG_NO_INPUT, errno, "cannot open %s", path);
        free(csv);
        return code;
    }
    struct stat status;
    if (fstat(csv->fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        sg_csv_close(csv);
        return sg_fail(err, SG_NO_INPUT, "%s is a folder: give the name of a file", path);
    }
    *out = csv;
    return SG_OK;
}

uint64_t sg_csv_line(const struct sg_csv *csv) {
    return csv->record_line;
}

/* The next byte, -1 at the end of the file. */
static enum sg_code next_byte(struct sg_csv *csv, int *byte, struct sg_error *err) {
    if (csv->block_at == csv->block_size) {
        SG_TRY(refill(csv, err));
        if (csv->block_size == 0) {
            *byte = -1;
            return SG_OK;
        }
    }
    *byte = (unsigned char)csv->block[csv->block_at++];
    return SG_OK;
}

static enum sg_code put(struct sg_csv *csv, int byte, struct sg_error *err) {
    if (byte == 0) return bad(csv, csv->line, "a NUL byte: the file is not text", err);
    if (csv->record_size + 2 > SG_CSV_RECORD_BYTES)
        return bad(csv, csv->record_line, "the record is longer than 1 MiB; is a quote never closed?", err);
    csv->record[csv->record_size++] = (char)byte;
    return SG_OK;
}

static enum sg_code end_field(struct sg_csv *csv, struct sg_error *err) {
    if (csv->field_count == SG_CSV_FIELDS)
        return bad(csv, csv->record_line, "the record has more than 1024 fields", err);
    if (csv->record_size + 2 > SG_CSV_RECORD_BYTES)
        return bad(csv, csv->record_line, "the record is longer than 1 MiB", err);
    const char *text = csv->record + csv->field_first;
    size_t size = csv->record_size - csv->field_first;
    if (sg_utf8_characters(text, size) == SIZE_MAX)
        return sg_fail(err, SG_CORRUPT, "%s line %" PRIu64 ": field %zu is not UTF-8: save the file as UTF-8",
                       csv->path, csv->record_line, csv->field_count + 1);
    csv->fields[csv->field_count++] = (struct sg_csv_field){text, size};
    csv->record[csv->record_size++] = '\0';
    csv->field_first = csv->record_size;
    return SG_OK;
}

/* Line ends outside quotes: CR must be followed by LF. */
static enum sg_code end_line(struct sg_csv *csv, int byte, struct sg_error *err) {
    if (byte == '\r') {
        SG_TRY(next_byte(csv, &byte, err));
        if (byte != '\n') return bad(csv, csv->line, "a carriage return without line feed", err);
    }
    csv->line++;
    return SG_OK;
}

/* One byte inside a record; *done when it ended the record. */
static enum sg_code step(struct sg_csv *csv, enum state *state, int byte, bool *done, struct sg_error *err) {
    if (*state == QUOTED) {
        if (byte == '"') {
            *state = QUOTE_IN_QUOTED;
            return SG_OK;
        }
        csv->line += byte == '\n';
        return put(csv, byte, err);
    }
    if (byte == ',') {
        *state = FIELD_START;
        return end_field(csv, err);
    }
    if (byte == '\n' || byte == '\r') {
        *done = true;
        SG_TRY(end_line(csv, byte, err));
        return end_field(csv, err);
    }
    if (byte == '"') {
        if (*state == BARE) return bad(csv, csv->line, "a quote inside a field that is not quoted", err);
        if (*state == QUOTE_IN_QUOTED) SG_TRY(put(csv, byte, err));
        if (*state == FIELD_START) csv->quote_line = csv->line;
        *state = QUOTED;
        return SG_OK;
    }
    if (*state == QUOTE_IN_QUOTED) return bad(csv, csv->line, "text behind a closing quote", err);
    *state = BARE;
    return put(csv, byte, err);
}

/* Reads one record; false in *any at the end of the file. */
static enum sg_code read_record(struct sg_csv *csv, bool *any, struct sg_error *err) {
    enum state state = FIELD_START;
    bool done = false;
    csv->record_size = csv->field_first = csv->field_count = 0;
    csv->record_line = csv->line;
    *any = false;
    while (!done) {
        int byte;
        SG_TRY(next_byte(csv, &byte, err));
        if (byte >= 0) {
            *any = true;
            SG_TRY(step(csv, &state, byte, &done, err));
            continue;
        }
        if (state == QUOTED) return bad(csv, csv->quote_line, "a quote that is never closed", err);
        return *any ? end_field(csv, err) : SG_OK;
    }
    return SG_OK;
}

enum sg_code sg_csv_next(struct sg_csv *csv, const struct sg_csv_field **fields, size_t *count,
                         struct sg_error *err) {
    bool any = true;
    *fields = csv->fields;
    *count = 0;
    if (!csv->started) SG_TRY(look_at_start(csv, err));
    while (any) {
        SG_TRY(read_record(csv, &any, err));
        bool blank = csv->field_count == 1 && csv->record_size == 1;
        if (!any || blank) continue;
        *count = csv->field_count;
        return SG_OK;
    }
    return SG_OK;
}
