/* Thrift's compact protocol: variable-length integers, field deltas, lists. */
#include "io/thrift.h"

#include <string.h>

static void put(struct sg_thrift_writer *writer, const void *bytes, size_t size) {
    if (writer->code == SG_OK) writer->code = sg_buffer_reserve(writer->out, size, writer->err);
    if (writer->code != SG_OK || size == 0) return;
    memcpy(writer->out->bytes + writer->out->used, bytes, size);
    writer->out->used += size;
}

static void put_varint(struct sg_thrift_writer *writer, uint64_t value) {
    unsigned char bytes[10];
    size_t size = 0;
    do {
        bytes[size] = (unsigned char)((value & 127) | (value > 127 ? 128 : 0));
        value >>= 7;
        size++;
    } while (value);
    put(writer, bytes, size);
}

static void put_zigzag(struct sg_thrift_writer *writer, int64_t value) {
    put_varint(writer, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

static void put_header(struct sg_thrift_writer *writer, int field, enum sg_thrift_type type) {
    int *last = &writer->last[writer->depth], delta = field - *last;
    unsigned char head = (unsigned char)type;
    if (delta > 0 && delta < 16) head |= (unsigned char)(delta << 4);
    put(writer, &head, 1);
    if (head >> 4 == 0) put_zigzag(writer, field);
    *last = field;
}

void sg_thrift_begin(struct sg_thrift_writer *writer, struct sg_buffer *out, struct sg_error *err) {
    *writer = (struct sg_thrift_writer){.out = out, .err = err};
}

enum sg_code sg_thrift_end(struct sg_thrift_writer *writer) {
    put(writer, "", 1);
    return writer->code;
}

void sg_thrift_put_int(struct sg_thrift_writer *writer, int field, enum sg_thrift_type type, int64_t value) {
    put_header(writer, field, type);
    unsigned char byte = (unsigned char)value;
    if (type == SG_THRIFT_BYTE)
        put(writer, &byte, 1);
    else
        put_zigzag(writer, value);
}

void sg_thrift_put_bool(struct sg_thrift_writer *writer, int field, bool value) {
    put_header(writer, field, value ? SG_THRIFT_TRUE : SG_THRIFT_FALSE);
}

void sg_thrift_add_bytes(struct sg_thrift_writer *writer, const void *bytes, size_t size) {
    put_varint(writer, size);
    put(writer, bytes, size);
}

void sg_thrift_put_bytes(struct sg_thrift_writer *writer, int field, const void *bytes, size_t size) {
    put_header(writer, field, SG_THRIFT_BINARY);
    sg_thrift_add_bytes(writer, bytes, size);
}

void sg_thrift_open(struct sg_thrift_writer *writer, int field) {
    if (field >= 0) put_header(writer, field, SG_THRIFT_STRUCT);
    if (writer->depth + 1 == SG_THRIFT_DEPTH_MAX) {
        if (writer->code == SG_OK)
            writer->code = sg_fail(writer->err, SG_INTERNAL, "structures nest too deep");
        return;
    }
    writer->last[++writer->depth] = 0;
}

void sg_thrift_close(struct sg_thrift_writer *writer) {
    put(writer, "", 1);
    if (writer->depth) writer->depth--;
}

void sg_thrift_put_list(struct sg_thrift_writer *writer, int field, enum sg_thrift_type type, size_t count) {
    put_header(writer, field, SG_THRIFT_LIST);
    unsigned char head = (unsigned char)((count < 15 ? count << 4 : 0xF0) | type);
    put(writer, &head, 1);
    if (count >= 15) put_varint(writer, count);
}

void sg_thrift_add_int(struct sg_thrift_writer *writer, int64_t value) {
    put_zigzag(writer, value);
}

static unsigned get_byte(struct sg_thrift_reader *reader) {
    if (reader->bad || reader->at == reader->end) {
        reader->bad = true;
        return 0;
    }
    return *reader->at++;
}

static uint64_t get_varint(struct sg_thrift_reader *reader) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        unsigned byte = get_byte(reader);
        value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) return value;
    }
    reader->bad = true;
    return 0;
}

static int64_t get_zigzag(struct sg_thrift_reader *reader) {
    uint64_t value = get_varint(reader);
    return (int64_t)(value >> 1 ^ (0 - (value & 1)));
}

bool sg_thrift_field(struct sg_thrift_reader *reader, int *field, enum sg_thrift_type *type) {
    unsigned head = get_byte(reader);
    *type = (enum sg_thrift_type)(head & 15);
    if (reader->bad || *type == SG_THRIFT_STOP) return false;
    int64_t next = head >> 4 ? *field + (int64_t)(head >> 4) : get_zigzag(reader);
    if (next < 0 || next > INT16_MAX) reader->bad = true;
    *field = (int)next;
    return !reader->bad;
}

int64_t sg_thrift_int(struct sg_thrift_reader *reader, enum sg_thrift_type type) {
    if (type == SG_THRIFT_BYTE) return (int8_t)get_byte(reader);
    if (type != SG_THRIFT_I16 && type != SG_THRIFT_I32 && type != SG_THRIFT_I64) {
        reader->bad = true;
        return 0;
    }
    return get_zigzag(reader);
}

const unsigned char *sg_thrift_bytes(struct sg_thrift_reader *reader, enum sg_thrift_type type,
                                     size_t *size) {
    uint64_t length = type == SG_THRIFT_BINARY ? get_varint(reader) : UINT64_MAX;
    *size = 0;
    if (reader->bad || length > (uint64_t)(reader->end - reader->at)) {
        reader->bad = true;
        return reader->at;
    }
    *size = (size_t)length;
    reader->at += length;
    return reader->at - length;
}

static size_t list_head(struct sg_thrift_reader *reader, enum sg_thrift_type *element) {
    unsigned head = get_byte(reader);
    uint64_t count = head >> 4 == 15 ? get_varint(reader) : head >> 4;
    *element = (enum sg_thrift_type)(head & 15);
    /* every element takes at least a byte */
    if (count > (uint64_t)(reader->end - reader->at)) reader->bad = true;
    return reader->bad ? 0 : (size_t)count;
}

size_t sg_thrift_list(struct sg_thrift_reader *reader, enum sg_thrift_type type, enum sg_thrift_type wanted) {
    enum sg_thrift_type element;
    size_t count = type == SG_THRIFT_LIST ? list_head(reader, &element) : 0;
    if (type != SG_THRIFT_LIST || (count && element != wanted)) reader->bad = true;
    return reader->bad ? 0 : count;
}

static void skip_value(struct sg_thrift_reader *reader, enum sg_thrift_type type, bool element, int depth);

static void skip_struct(struct sg_thrift_reader *reader, int depth) {
    enum sg_thrift_type type;
    for (int field = 0; sg_thrift_field(reader, &field, &type);)
        skip_value(reader, type, false, depth);
}

static void skip_list(struct sg_thrift_reader *reader, int depth) {
    enum sg_thrift_type element;
    size_t count = list_head(reader, &element);
    for (size_t i = 0; i < count && !reader->bad; i++)
        skip_value(reader, element, true, depth);
}

/* Booleans have their value in the field's head, but take a byte as elements. */
static void skip_value(struct sg_thrift_reader *reader, enum sg_thrift_type type, bool element, int depth) {
    size_t size;
    if (depth == SG_THRIFT_DEPTH_MAX) reader->bad = true;
    if (reader->bad) return;
    if (type == SG_THRIFT_TRUE || type == SG_THRIFT_FALSE) {
        if (element) get_byte(reader);
    } else if (type == SG_THRIFT_BINARY) {
        sg_thrift_bytes(reader, type, &size);
    } else if (type == SG_THRIFT_STRUCT) {
        skip_struct(reader, depth + 1);
    } else if (type == SG_THRIFT_LIST || type == SG_THRIFT_SET) {
        skip_list(reader, depth + 1);
    } else if (type == SG_THRIFT_DOUBLE) {
        for (int i = 0; i < 8; i++)
            get_byte(reader);
    } else {
        sg_thrift_int(reader, type);
    }
}

void sg_thrift_skip(struct sg_thrift_reader *reader, enum sg_thrift_type type) {
    skip_value(reader, type, false, 0);
}
