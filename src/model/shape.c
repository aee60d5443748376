/* Shapes are checked as they stand and made ready as a list of parts; of the text, NULL is no match. */
#include "model/shape.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum part_kind { PART_SET, PART_GROUP, PART_OR, PART_END };

static bool ends_sequence(char c) {
    return c == 0 || c == '|' || c == ')';
}

/* Past one character, set or group. */
static const char *skip_atom(const char *shape) {
    if (*shape == '\\') return shape + 2;
    if (*shape == '[') return strchr(shape, ']') + 1;
    if (*shape != '(') return shape + 1;
    for (shape++; *shape != ')';)
        shape = skip_atom(shape);
    return shape + 1;
}

/* How often the part before comes; *shape moves behind it. */
static void read_times(const char **shape, struct sg_shape_part *part) {
    char *at;
    char c = **shape;
    part->least = c == '?' || c == '*' ? 0 : 1;
    part->most = c == '*' || c == '+' ? INT_MAX : 1;
    if (c == '?' || c == '*' || c == '+') ++*shape;
    if (c != '{') return;
    part->least = part->most = (int)strtol(*shape + 1, &at, 10);
    if (*at == ',') part->most = (int)strtol(at + 1, &at, 10);
    *shape = at + 1;
}

static void add_range(struct sg_shape_part *part, unsigned char low, unsigned char high) {
    for (unsigned c = low; c <= high; c++)
        part->set[c / 64] |= (uint64_t)1 << c % 64;
}

/* The bytes of a character or set. */
static void read_set(struct sg_shape_part *part, const char *atom) {
    if (*atom == '.') {
        add_range(part, 0, 255);
    } else if (*atom == '\\') {
        add_range(part, (unsigned char)atom[1], (unsigned char)atom[1]);
    } else if (*atom != '[') {
        add_range(part, (unsigned char)*atom, (unsigned char)*atom);
    } else {
        for (atom++; *atom != ']'; atom++) {
            bool range = atom[1] == '-' && atom[2] != ']';
            add_range(part, (unsigned char)atom[0], (unsigned char)(range ? atom[2] : atom[0]));
            if (range) atom += 2;
        }
    }
}

/* Appends the alternatives of a group or of the whole shape; gives the end of their text. */
static const char *add_group(struct sg_text_shape *ready, size_t *count, const char *shape) {
    while (*shape && *shape != ')') {
        struct sg_shape_part *part = &ready->parts[(*count)++];
        *part = (struct sg_shape_part){.kind = PART_SET};
        if (*shape == '|') {
            part->kind = PART_OR;
            shape++;
            continue;
        }
        if (*shape == '(') {
            part->kind = PART_GROUP;
            shape = add_group(ready, count, shape + 1) + 1;
            part->after = (uint16_t)*count;
        } else {
            read_set(part, shape);
            shape = skip_atom(shape);
        }
        read_times(&shape, part);
    }
    ready->parts[(*count)++] = (struct sg_shape_part){.kind = PART_END};
    return shape;
}

void sg_shape_ready(struct sg_text_shape *ready, const char *shape) {
    size_t count = 0;
    add_group(ready, &count, shape);
}

static const char *take_group(const struct sg_text_shape *shape, size_t at, const char *text,
                              const char *end);

/* As many of a set as there are, at most what it may take. */
static const char *take_set(const struct sg_shape_part *part, const char *text, const char *end) {
    const char *const start = text;
    if (end - text > part->most) end = text + part->most;
    while (text < end && part->set[(unsigned char)*text / 64] >> (unsigned char)*text % 64 & 1)
        text++;
    return text - start < part->least ? NULL : text;
}

static const char *take_groups(const struct sg_text_shape *shape, size_t at, const char *text,
                               const char *end) {
    const struct sg_shape_part *part = &shape->parts[at];
    const char *next;
    int count = 0;
    while (count < part->most && (next = take_group(shape, at + 1, text, end)) &&
           (next != text || count == 0)) {
        text = next;
        count++;
    }
    return count < part->least ? NULL : text;
}

static const char *take_sequence(const struct sg_text_shape *shape, size_t at, const char *text,
                                 const char *end) {
    while (text && shape->parts[at].kind < PART_OR) {
        const struct sg_shape_part *part = &shape->parts[at];
        bool group = part->kind == PART_GROUP;
        text = group ? take_groups(shape, at, text, end) : take_set(part, text, end);
        at = group ? part->after : at + 1;
    }
    return text;
}

/* The alternative behind this one, 0 at the last. */
static size_t next_alternative(const struct sg_text_shape *shape, size_t at) {
    while (shape->parts[at].kind < PART_OR)
        at = shape->parts[at].kind == PART_GROUP ? shape->parts[at].after : at + 1;
    return shape->parts[at].kind == PART_OR ? at + 1 : 0;
}

static const char *take_group(const struct sg_text_shape *shape, size_t at, const char *text,
                              const char *end) {
    do {
        const char *next = take_sequence(shape, at, text, end);
        if (next) return next;
        at = next_alternative(shape, at);
    } while (at);
    return NULL;
}

bool sg_shape_fits(const struct sg_text_shape *shape, const char *text, size_t length) {
    size_t at = 0;
    do {
        if (take_sequence(shape, at, text, text + length) == text + length) return true;
        at = next_alternative(shape, at);
    } while (at);
    return false;
}

/* Past a count that reads, or NULL. */
static const char *check_times(const char *shape) {
    char *at;
    if (strchr("?*+", *shape) && *shape) return shape + 1;
    if (*shape != '{') return shape;
    long least = strtol(shape + 1, &at, 10), most = least;
    if (at == shape + 1) return NULL;
    if (*at == ',') most = strtol(at + 1, &at, 10);
    return *at == '}' && 0 <= least && least <= most && 0 < most && most <= 255 ? at + 1 : NULL;
}

/* A set that PostgreSQL reads alike: not empty, not turned round, without \. */
static bool set_reads(const char *set) {
    const char *end = strchr(set, ']');
    return end && set[1] != ']' && set[1] != '^' && !memchr(set, '\\', (size_t)(end - set));
}

/* Past a sequence of parts that read, at its end; NULL when one does not. */
static const char *check_sequence(const char *shape) {
    while (shape && !ends_sequence(*shape)) {
        const char *atom = shape;
        if (strchr("?*+{}]^$", *atom)) return NULL;
        if (*atom == '\\' && (!atom[1] || !strchr("\\.[](){}?*+|^$", atom[1]))) return NULL;
        if (*atom == '[' && !set_reads(atom)) return NULL;
        if (*atom == '(') {
            do
                shape = check_sequence(shape + 1);
            while (shape && *shape == '|');
            if (!shape || *shape != ')') return NULL;
        }
        shape = check_times(skip_atom(atom));
    }
    return shape;
}

bool sg_shape_reads(const char *shape) {
    if (strlen(shape) > SG_SHAPE_PARTS_MAX) return false;
    do
        shape = check_sequence(shape);
    while (shape && *shape++ == '|');
    return shape && !shape[-1];
}
