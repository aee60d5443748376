/* Appending to texts of limited size. */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void sg_append(char *out, size_t size, const char *format, ...) {
    size_t used = strlen(out);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out + used, size - used, format, arguments);
    va_end(arguments);
}

void sg_append_name(char *out, size_t size, const char *name) {
    sg_append(out, size, "%s%s", out[0] ? ", " : "", name);
}
