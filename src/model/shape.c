/* A shape is matched as it stands, part by part; NULL is no match. */
#include "model/shape.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct times {
    int least, most;
};

static const char *take_group(const char *shape, const char *text, const char *end);

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

/* How often the atom before comes; *shape moves behind it. */
static struct times read_times(const char **shape) {
    char *at;
    switch (**shape) {
    case '?':
        ++*shape;
        return (struct times){0, 1};
    case '*':
        ++*shape;
        return (struct times){0, INT_MAX};
    case '+':
        ++*shape;
        return (struct times){1, INT_MAX};
    case '{':
        break;
    default:
        return (struct times){1, 1};
    }
    struct times times;
    times.least = times.most = (int)strtol(*shape + 1, &at, 10);
    if (*at == ',') times.most = (int)strtol(at + 1, &at, 10);
    *shape = at + 1;
    return times;
}

static bool in_set(const char *set, unsigned char c) {
    for (set++; *set != ']'; set++) {
        bool range = set[1] == '-' && set[2] != ']';
        unsigned char low = (unsigned char)set[0], high = (unsigned char)(range ? set[2] : set[0]);
        if (low <= c && c <= high) return true;
        if (range) set += 2;
    }
    return false;
}

static const char *take_atom(const char *shape, const char *text, const char *end) {
    if (*shape == '(') return take_group(shape + 1, text, end);
    if (text == end) return NULL;
    bool fits = *shape == '['    ? in_set(shape, (unsigned char)*text)
                : *shape == '\\' ? shape[1] == *text
                                 : *shape == '.' || *shape == *text;
    return fits ? text + 1 : NULL;
}

static const char *take_sequence(const char *shape, const char *text, const char *end) {
    while (!ends_sequence(*shape)) {
        const char *atom = shape, *next;
        shape = skip_atom(shape);
        struct times times = read_times(&shape);
        int count = 0;
        while (count < times.most && (next = take_atom(atom, text, end)) && (next != text || count == 0)) {
            text = next;
            count++;
        }
        if (count < times.least) return NULL;
    }
    return text;
}

/* The alternative behind this one, NULL at the last. */
static const char *next_alternative(const char *shape) {
    while (!ends_sequence(*shape))
        shape = skip_atom(shape);
    return *shape == '|' ? shape + 1 : NULL;
}

static const char *take_group(const char *shape, const char *text, const char *end) {
    for (; shape; shape = next_alternative(shape)) {
        const char *next = take_sequence(shape, text, end);
        if (next) return next;
    }
    return NULL;
}

bool sg_shape_fits(const char *shape, const char *text, size_t length) {
    for (; shape; shape = next_alternative(shape))
        if (take_sequence(shape, text, text + length) == text + length) return true;
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
    do
        shape = check_sequence(shape);
    while (shape && *shape++ == '|');
    return shape && !shape[-1];
}
