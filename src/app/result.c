/* The streaming JSON writer: a memory file and a stack of open containers. */
#include "app/result.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/cell_parse.h"
#include "io/files.h"

enum { DEPTH_MAX = 16 };

struct sg_result {
    FILE *memory;
    char *bytes;
    size_t size;
    bool ended; /* the outer object, too */
    int depth;  /* open containers, the outer object included */
    char closer[DEPTH_MAX];
    bool filled[DEPTH_MAX]; /* a comma is due before the next member */
};

static void push(struct sg_result *result, char opener, char closer) {
    fputc(opener, result->memory);
    result->closer[result->depth] = closer;
    result->filled[result->depth++] = false;
}

struct sg_result *sg_result_open(void) {
    struct sg_result *result = calloc(1, sizeof *result);
    if (result) result->memory = open_memstream(&result->bytes, &result->size);
    if (result && !result->memory) {
        free(result);
        return NULL;
    }
    if (result) push(result, '{', '}');
    return result;
}

/* After this all bytes are in result->bytes. */
static void end_document(struct sg_result *result) {
    if (result->ended) return;
    sg_result_unwind(result);
    fputs("\n}\n", result->memory);
    fflush(result->memory);
    result->ended = true;
}

enum sg_code sg_result_save(struct sg_result *result, const char *path, struct sg_error *err) {
    if (!result) return SG_OK;
    end_document(result);
    return sg_write_file("result", path, result->bytes, result->size, err);
}

void sg_result_close(struct sg_result *result, FILE *file) {
    if (!result) return;
    end_document(result);
    fclose(result->memory);
    if (file) fwrite(result->bytes, 1, result->size, file);
    free(result->bytes);
    free(result);
}

/* Bytes of the character that a text begins with, 0 when that is not UTF-8. */
static size_t character_bytes(const char *text) {
    for (size_t n = 1, size = strnlen(text, 4); n <= size; n++)
        if (sg_utf8_characters(text, n) == 1) return n;
    return 0;
}

/* Bytes that are not UTF-8, as names of files may hold them, become U+FFFD. */
static void quoted(FILE *file, const char *text) {
    fputc('"', file);
    for (size_t n; *text; text += n ? n : 1) {
        n = character_bytes(text);
        if (*text == '"' || *text == '\\')
            fprintf(file, "\\%c", *text);
        else if (n == 1 && *text < 0x20)
            fprintf(file, "\\u%04x", *text);
        else
            fwrite(n ? text : "\xef\xbf\xbd", 1, n ? n : 3, file);
    }
    fputc('"', file);
}

/* Comma, line and key before a member. */
static void member(struct sg_result *result, const char *key) {
    bool *filled = &result->filled[result->depth - 1];
    if (*filled) fputc(',', result->memory);
    fprintf(result->memory, "\n%*s", result->depth, "");
    *filled = true;
    if (!key) return;
    quoted(result->memory, key);
    fputs(": ", result->memory);
}

void sg_result_object(struct sg_result *result, const char *key) {
    if (!result || result->depth == DEPTH_MAX) return;
    member(result, key);
    push(result, '{', '}');
}

void sg_result_array(struct sg_result *result, const char *key) {
    if (!result || result->depth == DEPTH_MAX) return;
    member(result, key);
    push(result, '[', ']');
}

void sg_result_end(struct sg_result *result) {
    if (!result || result->depth <= 1) return;
    result->depth--;
    fputc(result->closer[result->depth], result->memory);
}

void sg_result_unwind(struct sg_result *result) {
    while (result && result->depth > 1)
        sg_result_end(result);
}

void sg_result_text(struct sg_result *result, const char *key, const char *text) {
    if (!result) return;
    member(result, key);
    if (text)
        quoted(result->memory, text);
    else
        fputs("null", result->memory);
}

void sg_result_u64(struct sg_result *result, const char *key, uint64_t value) {
    if (!result) return;
    member(result, key);
    fprintf(result->memory, "%" PRIu64, value);
}

void sg_result_decimal(struct sg_result *result, const char *key, int64_t value, unsigned scale) {
    if (!result) return;
    uint64_t unit = 1, size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    for (unsigned i = 0; i < scale; i++)
        unit *= 10;
    member(result, key);
    fprintf(result->memory, "%s%" PRIu64, value < 0 ? "-" : "", size / unit);
    if (scale) fprintf(result->memory, ".%0*" PRIu64, (int)scale, size % unit);
}

void sg_result_bool(struct sg_result *result, const char *key, bool value) {
    if (!result) return;
    member(result, key);
    fputs(value ? "true" : "false", result->memory);
}

void sg_result_number(struct sg_result *result, const char *key, double value) {
    if (!result) return;
    member(result, key);
    fprintf(result->memory, "%.3f", isfinite(value) ? value : 0.0);
}

void sg_result_double(struct sg_result *result, const char *key, double value) {
    if (!result) return;
    member(result, key);
    if (isfinite(value))
        fprintf(result->memory, "%.10g", value);
    else
        fputs("null", result->memory);
}
