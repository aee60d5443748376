/* Three significant digits and a decimal prefix. */
#include "app/numbers.h"

#include <stddef.h>
#include <stdio.h>

void sg_short_number(double value, char out[16]) {
    static const char *const suffixes[] = {"", " K", " M", " G", " T", " P"};
    size_t i = 0;
    for (; value >= 999.5 && i + 1 < sizeof suffixes / sizeof *suffixes; i++)
        value /= 1000;
    int decimals = i == 0 ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    snprintf(out, 16, "%.*f%s", decimals, value, suffixes[i]);
}
