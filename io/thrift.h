/* Thrift's compact protocol, as much of it as Parquet's page headers and footer need.
 *
 * Writing: fields in ascending order within each structure; errors stick and come out of sg_thrift_end.
 * Reading: sg_thrift_field walks a structure's fields, the caller reads or skips each value; anything
 * malformed sets `bad` and makes every later call give nothing.
 */
#ifndef SG_IO_THRIFT_H
#define SG_IO_THRIFT_H

#include "io/encode.h"

enum sg_thrift_type {
    SG_THRIFT_STOP = 0,
    SG_THRIFT_TRUE = 1,
    SG_THRIFT_FALSE = 2,
    SG_THRIFT_BYTE = 3,
    SG_THRIFT_I16 = 4,
    SG_THRIFT_I32 = 5,
    SG_THRIFT_I64 = 6,
    SG_THRIFT_DOUBLE = 7,
    SG_THRIFT_BINARY = 8,
    SG_THRIFT_LIST = 9,
    SG_THRIFT_SET = 10,
    SG_THRIFT_MAP = 11,
    SG_THRIFT_STRUCT = 12
};

enum { SG_THRIFT_DEPTH_MAX = 16 };

struct sg_thrift_writer {
    struct sg_buffer *out;
    struct sg_error *err;
    enum sg_code code;
    int depth;
    int last[SG_THRIFT_DEPTH_MAX]; /* field number written last, per open structure */
};

/* Appends to out; the outermost structure is open. */
void sg_thrift_begin(struct sg_thrift_writer *writer, struct sg_buffer *out, struct sg_error *err);
/* Closes the outermost structure. */
enum sg_code sg_thrift_end(struct sg_thrift_writer *writer);

/* A value as a field of the structure at hand. type: one of the integer types. */
void sg_thrift_put_int(struct sg_thrift_writer *writer, int field, enum sg_thrift_type type, int64_t value);
void sg_thrift_put_bool(struct sg_thrift_writer *writer, int field, bool value);
void sg_thrift_put_bytes(struct sg_thrift_writer *writer, int field, const void *bytes, size_t size);
/* A structure as a field (field >= 0) or as the next element of a list (field -1). */
void sg_thrift_open(struct sg_thrift_writer *writer, int field);
void sg_thrift_close(struct sg_thrift_writer *writer);
/* A list; its elements follow: structures, or the plain values below. */
void sg_thrift_put_list(struct sg_thrift_writer *writer, int field, enum sg_thrift_type type, size_t count);
void sg_thrift_add_int(struct sg_thrift_writer *writer, int64_t value);
void sg_thrift_add_bytes(struct sg_thrift_writer *writer, const void *bytes, size_t size);

struct sg_thrift_reader {
    const unsigned char *at, *end;
    bool bad;
};

/* The next field of the structure at hand; false behind its last. *field starts at 0 and is kept by the
 * caller. */
bool sg_thrift_field(struct sg_thrift_reader *reader, int *field, enum sg_thrift_type *type);
/* An integer of any width; 0 when the type is another. */
int64_t sg_thrift_int(struct sg_thrift_reader *reader, enum sg_thrift_type type);
/* Bytes in place. */
const unsigned char *sg_thrift_bytes(struct sg_thrift_reader *reader, enum sg_thrift_type type, size_t *size);
/* Elements of a list and their type, which must be `wanted`. */
size_t sg_thrift_list(struct sg_thrift_reader *reader, enum sg_thrift_type type, enum sg_thrift_type wanted);
void sg_thrift_skip(struct sg_thrift_reader *reader, enum sg_thrift_type type);

#endif
