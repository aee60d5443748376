/* Texts put together piece by piece in arrays of fixed size, for messages and names. */
#ifndef SG_BASE_TEXT_H
#define SG_BASE_TEXT_H

#include <stddef.h>

/* Pure. Appends formatted text to the text in `out`, an array of `size` bytes. What does not fit is cut; the
 * result ends with a NUL always. */
void sg_append(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Pure. The same for one more name of a list: "a, b". */
void sg_append_name(char *out, size_t size, const char *name);

#endif
