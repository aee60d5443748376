/* Writing HDF5 files of tables through parallel HDF5: every call is made by all ranks, those without rows
 * select nothing. Whatever fails on one rank, it makes the remaining calls, too, so that no rank waits for
 * another.
 *
 * Fault points: hdf5.create, hdf5.write.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/fault.h"
#include "io/cell_text.h"
#include "io/facts_json.h"
#include "io/fingerprint.h"
#include "io/hdf5_file.h"
#include "io/shard_kind.h"

struct column_file {
    hid_t type, values, null, offsets, bytes;
    uint64_t text_bytes; /* written by all ranks */
};

struct table_file {
    const struct sg_table_file_plan *plan;
    hid_t file, group, transfer;
    struct column_file *columns;
    struct sg_buffer room;
    bool failed;
    char temporary[SG_PATH_BYTES];
};

static enum sg_code temporary_path(const struct sg_table_file_plan *plan, char out[SG_PATH_BYTES],
                                   struct sg_error *err) {
    char path[SG_PATH_BYTES];
    SG_TRY(sg_path_join(path, plan->out, plan->path, err));
    snprintf(out, SG_PATH_BYTES, "%.*s.tmp", SG_PATH_BYTES - 8, path);
    return SG_OK;
}

/* Chunks, and filters for what is to be packed. */
static hid_t layout(const struct sg_compression *compression, hsize_t chunk, size_t element) {
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    int level = compression->level < 1 ? 1 : compression->level > 9 ? 9 : compression->level;
    H5Pset_chunk(list, 1, &chunk);
    if (compression->how == SG_COMPRESS_NONE) return list;
    if (element > 1) H5Pset_shuffle(list);
    H5Pset_deflate(list, (unsigned)level);
    return list;
}

static hid_t make_dataset(const struct table_file *file, const char *column, const char *suffix, hid_t type,
                          hsize_t size, hsize_t chunk_max) {
    char name[SG_HDF5_NAME_BYTES];
    hsize_t most = H5S_UNLIMITED, chunk = size && size < chunk_max ? size : chunk_max;
    snprintf(name, sizeof name, "%s%s", column, suffix);
    hid_t list = layout(&file->plan->compression, chunk, H5Tget_size(type));
    hid_t space = H5Screate_simple(1, &size, &most);
    hid_t dataset = H5Dcreate2(file->group, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    H5Sclose(space);
    H5Pclose(list);
    return dataset;
}

/* What a reader must know of a column beyond its type. */
static bool describe(hid_t dataset, const struct sg_column *column) {
    bool good = true;
    if (column->type == SG_DATE) good = sg_hdf5_attribute_text(dataset, "units", "days since 1970-01-01");
    if (column->type == SG_TIMESTAMP)
        good = sg_hdf5_attribute_text(dataset, "units", "seconds since 1970-01-01 00:00:00 UTC");
    if (column->type == SG_DECIMAL)
        good = sg_hdf5_attribute_number(dataset, "precision", column->precision) &&
               sg_hdf5_attribute_number(dataset, "scale", column->scale);
    if (column->json) good = sg_hdf5_attribute_text(dataset, "content", "JSON");
    return good && (!column->note || sg_hdf5_attribute_text(dataset, "note", column->note));
}

static bool make_column(struct table_file *file, int index) {
    const struct sg_column *column = &file->plan->table->columns[index];
    struct column_file *made = &file->columns[index];
    hsize_t rows = file->plan->rows;
    if (column->nullable)
        made->null = make_dataset(file, column->name, ".null", H5T_STD_U8LE, rows, SG_HDF5_CHUNK_ROWS);
    if (sg_hdf5_is_long(column)) {
        made->offsets =
            make_dataset(file, column->name, ".offsets", H5T_STD_U64LE, rows + 1, SG_HDF5_CHUNK_ROWS);
        made->bytes = make_dataset(file, column->name, ".bytes", H5T_STD_U8LE, 0, SG_HDF5_CHUNK_BYTES);
        return made->offsets >= 0 && made->bytes >= 0 && (!column->nullable || made->null >= 0) &&
               describe(made->bytes, column);
    }
    made->type = sg_hdf5_type(column);
    if (made->type >= 0)
        made->values = make_dataset(file, column->name, "", made->type, rows, SG_HDF5_CHUNK_ROWS);
    return made->values >= 0 && (!column->nullable || made->null >= 0) && describe(made->values, column);
}

static bool describe_file(const struct table_file *file) {
    const struct sg_table_file_plan *plan = file->plan;
    char as_of[SG_DATE_BYTES + 1];
    sg_date_text(plan->run->as_of_day, as_of);
    return sg_hdf5_attribute_text(file->file, "program", "synthgen-hpc") &&
           sg_hdf5_attribute_text(file->file, "version", SG_VERSION) &&
           sg_hdf5_attribute_text(file->file, "dataset", plan->dataset->name) &&
           sg_hdf5_attribute_number(file->file, "seed", plan->run->seed) &&
           sg_hdf5_attribute_text(file->file, "as_of", as_of) &&
           sg_hdf5_attribute_number(file->file, "size", plan->run->units) &&
           sg_hdf5_attribute_number(file->group, "row_first", plan->row_first) &&
           sg_hdf5_attribute_number(file->group, "rows", plan->rows);
}

static enum sg_code create(struct table_file *file, struct sg_error *err) {
    const struct sg_table_file_plan *plan = file->plan;
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (plan->communicator) H5Pset_fapl_mpio(access, *(const MPI_Comm *)plan->communicator, MPI_INFO_NULL);
    file->transfer = H5Pcreate(H5P_DATASET_XFER);
    if (plan->communicator) H5Pset_dxpl_mpio(file->transfer, H5FD_MPIO_COLLECTIVE);
    file->file = H5Fcreate(file->temporary, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    H5Pclose(access);
    if (file->file < 0) return sg_hdf5_fail(err, SG_IO, "create", file->temporary);
    file->group = H5Gcreate2(file->file, plan->table->name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    bool good = file->group >= 0 && describe_file(file);
    for (int i = 0; i < plan->table->column_count && good; i++)
        good = make_column(file, i);
    return good ? SG_OK : sg_hdf5_fail(err, SG_IO, "lay out", file->temporary);
}

static enum sg_code open_hdf5(void **made, const struct sg_table_file_plan *plan, struct sg_error *err) {
    struct table_file *file = *made = calloc(1, sizeof *file);
    if (!file) return sg_fail(err, SG_SYSTEM, "no memory to write %s", plan->path);
    file->plan = plan;
    file->file = file->group = file->transfer = -1;
    file->columns = sg_alloc_array(plan->table->column_count, sizeof *file->columns);
    if (!file->columns) return sg_fail(err, SG_SYSTEM, "no memory to write %s", plan->path);
    for (int i = 0; i < plan->table->column_count; i++)
        file->columns[i] =
            (struct column_file){.type = -1, .values = -1, .null = -1, .offsets = -1, .bytes = -1};
    SG_TRY(temporary_path(plan, file->temporary, err));
    enum sg_code code;
    SG_HDF5 {
        sg_hdf5_quiet();
        code = create(file, err);
    }
    return code;
}

/* One collective write; count 0 selects nothing. */
static void write_part(struct table_file *file, hid_t dataset, hid_t type, hsize_t first, hsize_t count,
                       const void *values) {
    hsize_t size = count ? count : 1;
    hid_t in_file = H5Dget_space(dataset), in_memory = H5Screate_simple(1, &size, NULL);
    if (count) {
        if (H5Sselect_hyperslab(in_file, H5S_SELECT_SET, &first, NULL, &count, NULL) < 0) file->failed = true;
    } else {
        H5Sselect_none(in_file);
        H5Sselect_none(in_memory);
    }
    if (H5Dwrite(dataset, type, in_memory, in_file, file->transfer, values ? values : "") < 0)
        file->failed = true;
    H5Sclose(in_file);
    H5Sclose(in_memory);
}

/* Offsets and bytes of a column. Row 0 of the file brings the offset in front of it along. */
static void write_long(struct table_file *file, const struct sg_batch *batch, int index,
                       const struct sg_table_file_text *place, hsize_t first) {
    struct column_file *column = &file->columns[index];
    const struct sg_text *texts = batch->vectors[index].data;
    size_t rows = batch->rows, lead = rows && first == 0, bytes = 0;
    uint64_t *offsets = sg_alloc_array(rows + 1, sizeof *offsets);
    for (size_t row = 0; row < rows; row++)
        bytes += texts[row].length;
    file->room.used = 0;
    bool ready = offsets && sg_buffer_reserve(&file->room, bytes + 1, NULL) == SG_OK;
    uint64_t at = column->text_bytes + place->first;
    if (ready) offsets[0] = at;
    for (size_t row = 0; ready && row < rows; row++) {
        if (texts[row].length)
            memcpy(file->room.bytes + file->room.used, batch->pool + texts[row].offset, texts[row].length);
        file->room.used += texts[row].length;
        offsets[row + 1] = at + file->room.used;
    }
    if (!ready) {
        file->failed = true;
        rows = lead = bytes = 0;
    }
    hsize_t extent = column->text_bytes + place->total;
    if (H5Dset_extent(column->bytes, &extent) < 0) file->failed = true;
    write_part(file, column->offsets, H5T_NATIVE_UINT64, first + 1 - lead, rows + lead,
               offsets ? offsets + 1 - lead : NULL);
    write_part(file, column->bytes, H5T_NATIVE_UINT8, at, bytes, file->room.bytes);
    column->text_bytes = extent;
    free(offsets);
}

static void write_column(struct table_file *file, const struct sg_batch *batch, int index,
                         const struct sg_table_file_text *place) {
    const struct column_file *column = &file->columns[index];
    const struct sg_column *declared = &batch->table->columns[index];
    hsize_t first = batch->rows ? batch->row_first - file->plan->row_first : 0;
    if (declared->nullable)
        write_part(file, column->null, H5T_NATIVE_UINT8, first, batch->rows, batch->vectors[index].null);
    if (sg_hdf5_is_long(declared)) {
        write_long(file, batch, index, place, first);
        return;
    }
    const void *values = batch->rows ? sg_hdf5_values(batch, index, &file->room) : NULL;
    if (batch->rows && !values) file->failed = true;
    write_part(file, column->values, column->type, first, values ? batch->rows : 0, values);
}

static enum sg_code put_hdf5(void *writing, const struct sg_rowset *rows,
                             const struct sg_table_file_text *texts, struct sg_error *err) {
    struct table_file *file = writing;
    enum sg_code code = SG_OK;
    SG_HDF5 {
        for (int i = 0; i < file->plan->table->column_count; i++)
            write_column(file, &rows->batch, i, &texts[i]);
        if (file->failed) code = sg_hdf5_fail(err, SG_IO, "write", file->temporary);
    }
    int fault = SG_FAULT("hdf5", "write");
    if (fault && code == SG_OK) code = sg_fail_errno(err, SG_IO, fault, "cannot write %s", file->temporary);
    return code;
}

/* The facts as strings as long as the longest; the same text on every rank. */
static enum sg_code facts_texts(const struct sg_shard_facts *facts, size_t count, struct sg_buffer *out,
                                size_t *length, struct sg_error *err) {
    struct sg_buffer one = {0};
    enum sg_code code = SG_OK;
    *length = 1;
    for (size_t pass = 0; pass < 2 && code == SG_OK; pass++) {
        if (pass) code = sg_buffer_reserve(out, count * *length + 1, err);
        for (size_t i = 0; i < count && code == SG_OK; i++) {
            one.used = 0;
            code = sg_facts_write(&facts[i], NULL, &one, err);
            if (code == SG_OK && pass) {
                memset(out->bytes + i * *length, 0, *length);
                memcpy(out->bytes + i * *length, one.bytes, one.used);
            }
            if (one.used > *length) *length = one.used;
        }
    }
    sg_buffer_free(&one);
    return code;
}

static bool write_facts(struct table_file *file, const char *texts, size_t length) {
    hsize_t count = file->plan->shards;
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate_simple(1, &count, NULL);
    H5Tset_size(type, length);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    hid_t list = layout(&file->plan->compression, count < 256 ? count : 256, 1);
    hid_t dataset = H5Dcreate2(file->file, "shards", type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    if (dataset >= 0) write_part(file, dataset, type, 0, file->plan->first ? count : 0, texts);
    bool good = dataset >= 0 && !file->failed;
    if (dataset >= 0) H5Dclose(dataset);
    H5Pclose(list);
    H5Sclose(space);
    H5Tclose(type);
    return good;
}

static enum sg_code end_hdf5(void *writing, const struct sg_shard_facts *facts, struct sg_digest digest,
                             __int128 fingerprint, struct sg_error *err) {
    struct table_file *file = writing;
    struct sg_buffer texts = {0};
    char digest_text[33], fingerprint_text[48];
    size_t length;
    sg_digest_text(digest, digest_text);
    sg_fingerprint_text(fingerprint, fingerprint_text);
    enum sg_code code = facts_texts(facts, file->plan->shards, &texts, &length, err);
    if (code != SG_OK) return code; /* the same on every rank */
    SG_HDF5 {
        bool good = write_facts(file, texts.bytes, length) &&
                    sg_hdf5_attribute_text(file->file, "digest", digest_text) &&
                    sg_hdf5_attribute_text(file->file, "fingerprint", fingerprint_text) &&
                    H5Fflush(file->file, H5F_SCOPE_GLOBAL) >= 0;
        if (!good) code = sg_hdf5_fail(err, SG_IO, "finish", file->temporary);
    }
    sg_buffer_free(&texts);
    return code;
}

static void close_column(const struct column_file *column) {
    if (column->type >= 0) H5Tclose(column->type);
    const hid_t datasets[] = {column->values, column->null, column->offsets, column->bytes};
    for (size_t i = 0; i < sizeof datasets / sizeof *datasets; i++)
        if (datasets[i] >= 0) H5Dclose(datasets[i]);
}

static void close_hdf5(void *writing) {
    struct table_file *file = writing;
    if (!file) return;
    SG_HDF5 {
        for (int i = 0; file->columns && i < file->plan->table->column_count; i++)
            close_column(&file->columns[i]);
        if (file->group >= 0) H5Gclose(file->group);
        if (file->transfer >= 0) H5Pclose(file->transfer);
        if (file->file >= 0) H5Fclose(file->file);
    }
    sg_buffer_free(&file->room);
    free(file->columns);
    free(file);
}

static enum sg_code publish_hdf5(const struct sg_table_file_plan *plan, uint64_t *file_bytes,
                                 struct sg_error *err) {
    char path[SG_PATH_BYTES], temporary[SG_PATH_BYTES];
    struct stat status;
    SG_TRY(sg_path_join(path, plan->out, plan->path, err));
    SG_TRY(temporary_path(plan, temporary, err));
    int fd = open(temporary, O_RDWR | O_CLOEXEC);
    if (fd < 0) return sg_fail_errno(err, SG_IO, errno, "cannot open %s", temporary);
    if (fstat(fd, &status) == 0) *file_bytes = (uint64_t)status.st_size;
    return sg_publish(fd, "shard", temporary, path, err);
}

static void drop_hdf5(const struct sg_table_file_plan *plan) {
    char temporary[SG_PATH_BYTES];
    if (temporary_path(plan, temporary, NULL) == SG_OK) unlink(temporary);
}

const struct sg_table_file_kind sg_table_file_hdf5 = {
    .open = open_hdf5,
    .put = put_hdf5,
    .end = end_hdf5,
    .close = close_hdf5,
    .publish = publish_hdf5,
    .drop = drop_hdf5,
    .facts = sg_hdf5_facts,
};
