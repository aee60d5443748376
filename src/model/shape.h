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

/* Pure. Does the shape read? */
bool sg_shape_reads(const char *shape);

/* Pure. Has the whole text a shape that reads? */
bool sg_shape_fits(const char *shape, const char *text, size_t length);

#endif
