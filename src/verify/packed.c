/* Frame of reference: the least value once, the distance from it in each row. */
#include "verify/packed.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"

static uint8_t width_of(uint64_t span) {
    return span == 0 ? 0 : span <= UINT8_MAX ? 1 : span <= UINT16_MAX ? 2 : span <= UINT32_MAX ? 4 : 8;
}

static void put(void *above, uint8_t width, size_t row, uint64_t value) {
    switch (width) {
    case 1:
        ((uint8_t *)above)[row] = (uint8_t)value;
        break;
    case 2:
        ((uint16_t *)above)[row] = (uint16_t)value;
        break;
    case 4:
        ((uint32_t *)above)[row] = (uint32_t)value;
        break;
    case 8:
        ((uint64_t *)above)[row] = value;
        break;
    }
}

/* The range of what is not NULL. */
static bool span_of(const int64_t *values, const uint8_t *null, size_t rows, int64_t *least, int64_t *most) {
    bool any_null = false, any = false;
    for (size_t i = 0; i < rows; i++) {
        if (null[i]) {
            any_null = true;
            continue;
        }
        if (!any || values[i] < *least) *least = values[i];
        if (!any || values[i] > *most) *most = values[i];
        any = true;
    }
    return any_null;
}

bool sg_pack(struct sg_packed *packed, const int64_t *values, const uint8_t *null, size_t rows) {
    int64_t most = 0;
    *packed = (struct sg_packed){0};
    bool nulls = span_of(values, null, rows, &packed->least, &most);
    packed->width = width_of((uint64_t)most - (uint64_t)packed->least);
    if (packed->width) packed->above = sg_alloc_array(rows, packed->width);
    if (nulls) packed->null = sg_alloc_array(rows, 1);
    if ((packed->width && !packed->above) || (nulls && !packed->null)) {
        sg_packed_free(packed);
        return false;
    }
    if (nulls) memcpy(packed->null, null, rows);
    for (size_t i = 0; i < rows; i++)
        if (!null[i]) put(packed->above, packed->width, i, (uint64_t)values[i] - (uint64_t)packed->least);
    return true;
}

void sg_packed_free(struct sg_packed *packed) {
    free(packed->above);
    free(packed->null);
    *packed = (struct sg_packed){0};
}

size_t sg_packed_bytes(const struct sg_packed *packed, size_t rows) {
    return rows * (packed->width + (packed->null ? 1u : 0u));
}
