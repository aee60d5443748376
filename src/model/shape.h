/* Shapes of texts, for rules: a small part of regular expressions that PostgreSQL reads the same way.
 *
 * Literal characters, \x for x itself, . for any byte, [6-9A-F] for one of a set, (...) for a group, |
 * between alternatives, and behind a character, set or group how often it comes: ? * + {3} {3,10}. Every part
 * takes as much as it can and nothing is tried again, so what follows a part must not begin as the part could
 * go on.
 */
#ifndef SG_MODEL_SHAPE_H
#define SG_MODEL_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SG_SHAPE_PARTS_MAX = 256 };

/* A character or set, or a bracket of a group, in the order of the text. */
struct sg_shape_part {
    uint8_t kind;
    uint16_t after; /* group: the part behind it */
    int least, most;
    uint64_t set[4]; /* bit per byte */
};

/* A shape made ready; 12 KB. */
struct sg_text_shape {
    struct sg_shape_part parts[SG_SHAPE_PARTS_MAX + 1];
};

/* Pure. Does the shape read, and is it no longer than SG_SHAPE_PARTS_MAX bytes? */
bool sg_shape_reads(const char *shape);

/* Pure. Makes a shape that reads ready, which takes as long as matching some ten texts. */
void sg_shape_ready(struct sg_text_shape *ready, const char *shape);

/* Pure. Has the whole text the shape? */
bool sg_shape_fits(const struct sg_text_shape *shape, const char *text, size_t length);

#endif
