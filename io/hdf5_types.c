/* Columns as HDF5 types: declarations to types, vectors to values and back, HDF5's errors to ours. */
#include "io/hdf5_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "io/cell_parse.h"
#include "io/cell_text.h"

enum { UUID_BYTES = 16, UTF8_BYTES_MAX = 4 };

enum sg_code sg_hdf5_built(struct sg_error *err) {
    (void)err;
    return SG_OK;
}

bool sg_hdf5_is_long(const struct sg_column *column) {
    return column->type == SG_TEXT &&
           (column->length_max == 0 || column->length_max > SG_HDF5_STRING_BYTES / UTF8_BYTES_MAX);
}

size_t sg_hdf5_value_bytes(const struct sg_column *column) {
    if (column->type == SG_TOKEN) return column->token->length;
    if (column->type == SG_TEXT) return (size_t)column->length_max * UTF8_BYTES_MAX;
    return sg_type_bytes(column->type);
}

static hid_t string_type(size_t size, bool utf8) {
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, size);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    H5Tset_cset(type, utf8 ? H5T_CSET_UTF8 : H5T_CSET_ASCII);
    return type;
}

/* h5py and others know this as a boolean. */
static hid_t bool_type(void) {
    hid_t type = H5Tenum_create(H5T_STD_I8LE);
    H5Tenum_insert(type, "FALSE", &(int8_t){0});
    H5Tenum_insert(type, "TRUE", &(int8_t){1});
    return type;
}

static hid_t label_type(const struct sg_enum *labels) {
    hid_t type = H5Tenum_create(H5T_STD_U16LE);
    for (uint16_t code = 0; code < labels->count; code++)
        if (H5Tenum_insert(type, labels->labels[code], &code) < 0) {
            H5Tclose(type);
            return -1;
        }
    return type;
}

/* Bytes rather than opaque: h5py and others convert these only to their own. */
static hid_t uuid_type(void) {
    return H5Tarray_create2(H5T_STD_U8LE, 1, (const hsize_t[]){UUID_BYTES});
}

hid_t sg_hdf5_type(const struct sg_column *column) {
    switch (column->type) {
    case SG_BOOL:
        return bool_type();
    case SG_I16:
        return H5Tcopy(H5T_STD_I16LE);
    case SG_I32:
    case SG_DATE:
        return H5Tcopy(H5T_STD_I32LE);
    case SG_ENUM:
        return label_type(column->labels);
    case SG_TOKEN:
    case SG_TEXT:
        return string_type(sg_hdf5_value_bytes(column), column->type == SG_TEXT);
    case SG_UUID:
        return uuid_type();
    default:
        return H5Tcopy(H5T_STD_I64LE);
    }
}

static void make_string(const struct sg_batch *batch, int column, size_t row, char *out) {
    const struct sg_column *declared = &batch->table->columns[column];
    const void *data = batch->vectors[column].data;
    if (declared->type == SG_TOKEN) {
        sg_token_format(declared->token, ((const uint64_t *)data)[row], out);
        return;
    }
    struct sg_text text = ((const struct sg_text *)data)[row];
    if (text.length) memcpy(out, batch->pool + text.offset, text.length);
}

static void make_uuid(const uint64_t halves[2], char *out) {
    for (int i = 0; i < UUID_BYTES; i++)
        out[i] = (char)(halves[i / 8] >> (56 - 8 * (i % 8)));
}

const void *sg_hdf5_values(const struct sg_batch *batch, int column, struct sg_buffer *room) {
    const struct sg_column *declared = &batch->table->columns[column];
    const struct sg_vector *vector = &batch->vectors[column];
    if (declared->type != SG_TOKEN && declared->type != SG_TEXT && declared->type != SG_UUID)
        return vector->data;
    size_t size = sg_hdf5_value_bytes(declared);
    room->used = 0;
    if (sg_buffer_reserve(room, batch->rows * size + 1, NULL) != SG_OK) return NULL;
    memset(room->bytes, 0, batch->rows * size);
    for (size_t row = 0; row < batch->rows; row++) {
        if (vector->null[row]) continue;
        if (declared->type == SG_UUID)
            make_uuid((const uint64_t *)vector->data + 2 * row, room->bytes + row * size);
        else
            make_string(batch, column, row, room->bytes + row * size);
    }
    return room->bytes;
}

static bool all_zero(const char *bytes, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (bytes[i]) return false;
    return true;
}

static const char *take_string(struct sg_rowset *set, int column, size_t row, const char *value,
                               size_t size) {
    struct sg_batch *batch = &set->batch;
    const struct sg_column *declared = &batch->table->columns[column];
    void *data = batch->vectors[column].data;
    if (declared->type == SG_TOKEN)
        return sg_parse_token(declared->token, value, size, (uint64_t *)data + row)
                   ? NULL
                   : "does not have the identifier's shape";
    size_t length = strnlen(value, size);
    if (!all_zero(value + length, size - length)) return "holds a zero byte";
    memcpy(batch->pool + batch->pool_used, value, length);
    ((struct sg_text *)data)[row] = (struct sg_text){(uint32_t)batch->pool_used, (uint32_t)length};
    batch->pool_used += length;
    return NULL;
}

static void take_uuid(const char *value, uint64_t halves[2]) {
    for (int i = 0; i < UUID_BYTES; i++)
        halves[i / 8] = halves[i / 8] << 8 | (unsigned char)value[i];
}

const char *sg_hdf5_take(struct sg_rowset *set, int column, size_t first, size_t rows, const char *values) {
    const struct sg_column *declared = &set->batch.table->columns[column];
    struct sg_vector *vector = &set->batch.vectors[column];
    size_t size = sg_hdf5_value_bytes(declared);
    bool made = declared->type == SG_TOKEN || declared->type == SG_TEXT || declared->type == SG_UUID;
    if (!made) memcpy((char *)vector->data + first * size, values, rows * size);
    for (size_t i = 0; i < rows; i++) {
        const char *value = values + i * size, *wrong = NULL;
        if (vector->null[first + i]) {
            if (!all_zero(value, size)) return "has a value where it is NULL";
        } else if (declared->type == SG_UUID) {
            take_uuid(value, (uint64_t *)vector->data + 2 * (first + i));
        } else if (made) {
            wrong = take_string(set, column, first + i, value, size);
        }
        if (wrong) return wrong;
    }
    return NULL;
}

static const char *number_fault(const struct sg_column *column, const void *data, size_t row) {
    const int64_t day_first = sg_day_from_civil(1, 1, 1),
                  day_end = (int64_t)sg_day_from_civil(9999, 12, 31) + 1;
    int64_t value;
    switch (column->type) {
    case SG_BOOL:
        return ((const uint8_t *)data)[row] > 1 ? "holds what is not true or false" : NULL;
    case SG_ENUM:
        return ((const uint16_t *)data)[row] >= column->labels->count ? "holds what is not one of the labels"
                                                                      : NULL;
    case SG_DATE:
        value = ((const int32_t *)data)[row];
        return value < day_first || value >= day_end ? "holds what is not a date" : NULL;
    case SG_TIMESTAMP:
        value = ((const int64_t *)data)[row];
        return value < day_first * SG_DAY_S || value >= day_end * SG_DAY_S ? "holds what is not a timestamp"
                                                                           : NULL;
    case SG_DECIMAL:
        value = ((const int64_t *)data)[row];
        return column->precision <= SG_SCALE_MAX && (value < 0 ? 0 - (uint64_t)value : (uint64_t)value) >=
                                                        sg_powers_of_ten[column->precision]
                   ? "holds what is not a number of the declared precision"
                   : NULL;
    default:
        return NULL;
    }
}

const char *sg_hdf5_fault(const struct sg_batch *batch, int column, size_t first) {
    const struct sg_column *declared = &batch->table->columns[column];
    const struct sg_vector *vector = &batch->vectors[column];
    const char *wrong = NULL;
    for (size_t row = first; row < batch->rows && !wrong; row++) {
        if (vector->null[row] > 1) return "has NULL marks other than 0 and 1";
        if (vector->null[row]) continue;
        if (declared->type != SG_TEXT) {
            wrong = number_fault(declared, vector->data, row);
            continue;
        }
        struct sg_text text = ((const struct sg_text *)vector->data)[row];
        size_t characters = sg_utf8_characters(text.length ? batch->pool + text.offset : "", text.length);
        if (characters == SIZE_MAX) return "holds what is not well-formed text";
        if (declared->length_max && characters > declared->length_max)
            return "holds text longer than declared";
    }
    return wrong;
}

static bool put_attribute(hid_t object, const char *name, hid_t type, const void *value) {
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool good = attribute >= 0 && H5Awrite(attribute, type, value) >= 0;
    if (attribute >= 0) H5Aclose(attribute);
    H5Sclose(space);
    return good;
}

bool sg_hdf5_attribute_number(hid_t object, const char *name, uint64_t value) {
    return put_attribute(object, name, H5T_NATIVE_UINT64, &value);
}

bool sg_hdf5_attribute_text(hid_t object, const char *name, const char *value) {
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, strlen(value) + 1);
    bool good = put_attribute(object, name, type, value);
    H5Tclose(type);
    return good;
}

void sg_hdf5_quiet(void) {
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

/* H5E_walk2_t: keeps the innermost message, which comes first when walking upward. */
static herr_t keep_message(unsigned depth, const H5E_error2_t *error, void *text) {
    if (depth == 0 && error->desc) snprintf(text, 256, "%s", error->desc);
    return 0;
}

enum sg_code sg_hdf5_fail(struct sg_error *err, enum sg_code code, const char *what, const char *path) {
    char text[256] = "HDF5 does not say why";
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_message, text);
    H5Eclear2(H5E_DEFAULT);
    return sg_fail(err, code, "cannot %s %s: %s", what, path, text);
}
