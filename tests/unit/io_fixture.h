/* A table with every type for the io tests, and pseudo-random rows for it. */
#ifndef TESTS_IO_FIXTURE_H
#define TESTS_IO_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/encode.h"
#include "model/batch.h"

static const char *const fix_labels[] = {"online", "offline", "in, maintenance", "tab\there",
                                         "a \"quoted\" label"};
static const struct sg_enum fix_enum = {"status", fix_labels, 5};
static const struct sg_token fix_plain_token = {"cus_", "", "", 0, 15, 0};
static const struct sg_token fix_infix_token = {"in_", "1", "LkdIwHu7ix", 4, 25, 0};

enum fix_column {
    FIX_ID,
    FIX_BOOL,
    FIX_I16,
    FIX_I32,
    FIX_I64,
    FIX_DEC0,
    FIX_DEC2,
    FIX_DEC4,
    FIX_DATE,
    FIX_TIME,
    FIX_ENUM,
    FIX_TOKEN,
    FIX_INFIX,
    FIX_TEXT,
    FIX_LONG,
    FIX_UUID,
    FIX_COLUMNS
};

static const struct sg_column fix_columns[FIX_COLUMNS] = {
    {.name = "id", .type = SG_I64},
    {.name = "flag", .type = SG_BOOL, .nullable = true},
    {.name = "small", .type = SG_I16, .nullable = true},
    {.name = "middle", .type = SG_I32, .nullable = true},
    {.name = "big", .type = SG_I64, .nullable = true},
    {.name = "whole", .type = SG_DECIMAL, .precision = 12, .scale = 0, .nullable = true},
    {.name = "money", .type = SG_DECIMAL, .precision = 18, .scale = 2, .nullable = true},
    {.name = "fine", .type = SG_DECIMAL, .precision = 18, .scale = 4, .nullable = true},
    {.name = "day", .type = SG_DATE, .nullable = true},
    {.name = "moment", .type = SG_TIMESTAMP, .nullable = true},
    {.name = "status", .type = SG_ENUM, .labels = &fix_enum, .nullable = true},
    {.name = "customer", .type = SG_TOKEN, .token = &fix_plain_token, .nullable = true},
    {.name = "invoice", .type = SG_TOKEN, .token = &fix_infix_token, .nullable = true},
    {.name = "name", .type = SG_TEXT, .length_max = 40, .nullable = true},
    {.name = "document", .type = SG_TEXT, .nullable = true},
    {.name = "code", .type = SG_UUID, .nullable = true},
};

static const struct sg_table fix_table = {
    .name = "everything",
    .columns = fix_columns,
    .column_count = FIX_COLUMNS,
    .key = {"id"},
    .row_text_bytes = 250,
    .text_bytes_max = 4 * 40 + 300,
};

static inline uint64_t fix_random(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* A number of any size: as many bits as chance gives, either sign. */
static inline int64_t fix_number(uint64_t *state, unsigned bits_max) {
    uint64_t bits = fix_random(state) % bits_max;
    int64_t value = (int64_t)(fix_random(state) & (((uint64_t)1 << bits) - 1));
    return fix_random(state) & 1 ? -value : value;
}

/* Characters of one to four bytes, among them all that need escapes or quotes. */
static inline size_t fix_text(uint64_t *state, char *out, size_t characters_max) {
    static const char *const pieces[] = {"a",
                                         "Z",
                                         "7",
                                         " ",
                                         "\\",
                                         "\t",
                                         "\n",
                                         "\r",
                                         "\v",
                                         "\f",
                                         "\b",
                                         "\"",
                                         ",",
                                         ".",
                                         "\x01",
                                         "N",
                                         "\xc3\xa9",
                                         "\xe2\x82\xac",
                                         "\xf0\x9f\x8d\xba"};
    size_t characters = fix_random(state) % (characters_max + 1), size = 0;
    for (size_t i = 0; i < characters; i++) {
        /* long runs of plain letters as well as dense specials */
        uint64_t r = fix_random(state);
        const char *piece =
            r & 3 ? &"letters"[(r >> 8) % 7] : pieces[(r >> 8) % (sizeof pieces / sizeof *pieces)];
        size_t length = r & 3 ? 1 : strlen(piece);
        memcpy(out + size, piece, length);
        size += length;
    }
    return size;
}

static inline void fix_row(struct sg_emitter *e, uint64_t *state, uint64_t id) {
    char text[1300];
    sg_set_i64(e, FIX_ID, (int64_t)id);
    sg_set_bool(e, FIX_BOOL, fix_random(state) & 1);
    sg_set_i16(e, FIX_I16, (int16_t)fix_number(state, 16));
    sg_set_i32(e, FIX_I32, (int32_t)fix_number(state, 32));
    sg_set_i64(e, FIX_I64, fix_number(state, 64));
    sg_set_i64(e, FIX_DEC0, fix_number(state, 40));
    sg_set_i64(e, FIX_DEC2, fix_number(state, 60));
    sg_set_i64(e, FIX_DEC4, fix_number(state, 60));
    sg_set_date(e, FIX_DATE, (int32_t)(fix_random(state) % 3652059) - 719162);
    int64_t midnight = ((int64_t)(fix_random(state) % 3652059) - 719162) * 86400;
    sg_set_i64(e, FIX_TIME, midnight + (int64_t)(fix_random(state) % 86400));
    sg_set_enum(e, FIX_ENUM, (uint16_t)(fix_random(state) % 5));
    sg_set_token(e, FIX_TOKEN, fix_random(state));
    uint64_t key = fix_random(state);
    sg_set_token(e, FIX_INFIX, key >> fix_random(state) % 64);
    sg_set_text(e, FIX_TEXT, text, fix_text(state, text, 40));
    sg_set_text(e, FIX_LONG, text, fix_text(state, text, 75));
    uint64_t high = fix_random(state);
    sg_set_uuid(e, FIX_UUID, high, fix_random(state));
    uint64_t nulls = fix_random(state) & fix_random(state) & fix_random(state);
    for (int i = 1; i < FIX_COLUMNS; i++)
        if (nulls >> i & 1) sg_set_null(e, i);
}

/* Pushes `rows` rows that start at row_first; the same rows for the same seed. */
static inline void fix_fill(struct sg_emitter *e, uint64_t seed, uint64_t row_first, size_t rows) {
    struct sg_error err = {0};
    uint64_t state = seed;
    sg_emitter_seek(e, row_first);
    for (size_t i = 0, room; i < rows; i++) {
        assert_int_equal(sg_emitter_room(e, &room, &err), SG_OK);
        fix_row(e, &state, row_first + i + 1);
        sg_emitter_advance(e, 1);
    }
    if (sg_emitter_flush(e, &err) != SG_OK) fail_msg("%s", err.text);
}

#endif
