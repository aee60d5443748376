/* HDF5 files of tables: what writer and reader share. Private to the HDF5 files of this floor; users see
 * io/table_file.h and io/batches.h.
 *
 *     /                    attributes: program, version, dataset, seed, as_of, size; digest and fingerprint
 * of the table
 *     /<table>             attributes: row_first, rows
 *     /<table>/<column>    one value a row (1), shuffled and deflated in chunks
 *     /<table>/<column>.null      u8 a row, 1 = NULL (2), for nullable columns; the value is then zero
 *     /<table>/<column>.offsets   (3) rows + 1 places in the bytes
 *     /<table>/<column>.bytes     (3) all texts one after another
 *     /shards              facts of every shard: JSON as strings of one length
 *
 * (1) by type: SG_BOOL and SG_ENUM HDF5 enumerations; SG_DATE days, SG_TIMESTAMP seconds since 1970,
 * attribute `units`; SG_DECIMAL i64, attributes `precision` and `scale`; SG_TOKEN and short SG_TEXT
 * fixed-length strings, zero padded; SG_UUID arrays of 16 bytes. (3) replaces (1) for longer SG_TEXT.
 *
 * HDF5 is not thread-safe: every call is inside SG_HDF5, which one thread enters at a time.
 */
#ifndef SG_IO_HDF5_FILE_H
#define SG_IO_HDF5_FILE_H

#include <hdf5.h>

#include "io/table_file.h"

#define SG_HDF5 _Pragma("omp critical(sg_hdf5)")

enum {
    SG_HDF5_CHUNK_ROWS = 1 << 15,
    SG_HDF5_CHUNK_BYTES = 1 << 20, /* of text */
    SG_HDF5_STRING_BYTES = 64,     /* longest text kept as fixed-length strings */
    SG_HDF5_NAME_BYTES = 160,
    SG_HDF5_FACTS_BYTES = 1024
};

/* Pure. Is the column kept as offsets and bytes? */
bool sg_hdf5_is_long(const struct sg_column *column);
/* The type of one value in file and memory; close with H5Tclose. Negative on failure. */
hid_t sg_hdf5_type(const struct sg_column *column);
/* Bytes of one value of that type. */
size_t sg_hdf5_value_bytes(const struct sg_column *column);
/* The values of a column that is not long: the vector itself, or made in `room`. NULL without memory. */
const void *sg_hdf5_values(const struct sg_batch *batch, int column, struct sg_buffer *room);
/* Values as they were read into the rows [first, first + rows) of a set, whose NULL marks are there, too.
 * NULL, or what is wrong as a sentence part. The pool has room. */
const char *sg_hdf5_take(struct sg_rowset *set, int column, size_t first, size_t rows, const char *values);
/* Pure. What is wrong with the values of rows [first, ...) of any column, NULL = nothing. */
const char *sg_hdf5_fault(const struct sg_batch *batch, int column, size_t first);

/* Local. The facts function of the kind, io/table_file.h. */
enum sg_code sg_hdf5_facts(struct sg_shard_facts *facts, size_t count, const char *out, const char *path,
                           struct sg_error *err);

/* Attributes of a file, group or dataset; false on failure. */
bool sg_hdf5_attribute_number(hid_t object, const char *name, uint64_t value);
bool sg_hdf5_attribute_text(hid_t object, const char *name, const char *value);

/* Keeps HDF5 from printing its errors. */
void sg_hdf5_quiet(void);
/* What HDF5 says of its latest failure goes behind the message. */
enum sg_code sg_hdf5_fail(struct sg_error *err, enum sg_code code, const char *what, const char *path);

#endif
