/* Reading HDF5 files of tables: by shard, each reader with the file open for itself, in blocks of rows. Any
 * number of ranks reads what any number wrote. Memory: one block, and the chunks HDF5 keeps. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checked.h"
#include "io/facts_json.h"
#include "io/hdf5_file.h"
#include "io/shard_kind.h"

enum { BLOCK_TEXT_BYTES_MAX = 256 << 20, CACHE_SLOTS = 521, CACHE_BYTES = 4 << 20 };

struct hdf5_reader {
    const struct sg_table *table;
    const struct sg_shard_facts *facts;
    hid_t file, group;
    uint64_t row_base;  /* of the file's first row, in the table */
    uint64_t rows_done; /* of the shard */
    uint64_t bytes;
    struct sg_digest_state *digest;
    struct sg_rowset rows;
    size_t row_next; /* within the block */
    struct sg_batch view;
    struct sg_buffer room;
    char path[SG_PATH_BYTES];
};

static enum sg_code bad(const char *path, const char *what, struct sg_error *err) {
    H5Eclear2(H5E_DEFAULT);
    return sg_fail(err, SG_CORRUPT, "%s: %s; generate it again", path, what);
}

/* Opens a file for reading; nobody writes to files under their final name, so no lock is needed. */
static enum sg_code open_file(const char *path, hid_t *file, struct sg_error *err) {
    int fd;
    SG_TRY(sg_shard_open_file(path, &fd, err));
    close(fd);
    sg_hdf5_quiet();
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_cache(access, 0, CACHE_SLOTS, CACHE_BYTES, 1.0);
    *file = H5Fopen(path, H5F_ACC_RDONLY, access);
    H5Pclose(access);
    return *file >= 0 ? SG_OK : bad(path, "it does not open as HDF5", err);
}

/* Reads [first, first + count) of a dataset of a group, whose type must be `type`. */
static bool read_part(hid_t group, const char *column, const char *suffix, hid_t type, hsize_t first,
                      hsize_t count, void *values) {
    char name[SG_HDF5_NAME_BYTES];
    snprintf(name, sizeof name, "%s%s", column, suffix);
    hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT);
    if (dataset < 0) return false;
    hid_t stored = H5Dget_type(dataset), in_file = H5Dget_space(dataset);
    hsize_t extent = 0;
    bool good = H5Tequal(stored, type) > 0 && H5Sget_simple_extent_ndims(in_file) == 1 &&
                H5Sget_simple_extent_dims(in_file, &extent, NULL) == 1 && first <= extent &&
                count <= extent - first;
    if (good && count) {
        hid_t in_memory = H5Screate_simple(1, &count, NULL);
        good = H5Sselect_hyperslab(in_file, H5S_SELECT_SET, &first, NULL, &count, NULL) >= 0 &&
               H5Dread(dataset, type, in_memory, in_file, H5P_DEFAULT, values) >= 0;
        H5Sclose(in_memory);
    }
    H5Sclose(in_file);
    H5Tclose(stored);
    H5Dclose(dataset);
    return good;
}

static bool read_number(hid_t object, const char *name, uint64_t *value) {
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    bool good = attribute >= 0 && H5Aread(attribute, H5T_NATIVE_UINT64, value) >= 0;
    if (attribute >= 0) H5Aclose(attribute);
    return good;
}

/* The dataset with the facts, its type and their number. */
struct facts_set {
    hid_t dataset, type;
    hsize_t count;
    size_t length;
};

static bool open_facts(hid_t file, struct facts_set *set) {
    *set = (struct facts_set){.dataset = H5Dopen2(file, "shards", H5P_DEFAULT), .type = -1};
    if (set->dataset < 0) return false;
    hid_t space = H5Dget_space(set->dataset);
    set->type = H5Dget_type(set->dataset);
    bool good = H5Sget_simple_extent_ndims(space) == 1 &&
                H5Sget_simple_extent_dims(space, &set->count, NULL) == 1 &&
                H5Tget_class(set->type) == H5T_STRING && H5Tis_variable_str(set->type) == 0;
    set->length = good ? H5Tget_size(set->type) : 0;
    H5Sclose(space);
    return good && set->length > 0 && set->length < 1 << 20;
}

static void close_facts(const struct facts_set *set) {
    if (set->type >= 0) H5Tclose(set->type);
    if (set->dataset >= 0) H5Dclose(set->dataset);
}

static enum sg_code read_facts(hid_t file, const struct facts_set *set, hsize_t index,
                               struct sg_shard_facts *facts, const char *path, struct sg_error *err) {
    char *text = calloc(1, set->length + 1);
    if (!text) return sg_fail(err, SG_SYSTEM, "no memory for facts");
    enum sg_code code = read_part(file, "shards", "", set->type, index, 1, text)
                            ? sg_facts_read(facts, NULL, text, strnlen(text, set->length), path, err)
                            : bad(path, "the facts of a shard do not read", err);
    free(text);
    return code;
}

/* Facts of the shard that begins at a row, by bisection. */
static enum sg_code find_facts(hid_t file, uint64_t row_first, uint64_t rows, struct sg_shard_facts *facts,
                               const char *path, struct sg_error *err) {
    struct facts_set set;
    enum sg_code code = open_facts(file, &set) ? SG_OK : bad(path, "it has no facts of shards", err);
    hsize_t low = 0, high = set.count;
    bool found = false;
    while (code == SG_OK && low < high && !found) {
        hsize_t middle = low + (high - low) / 2;
        code = read_facts(file, &set, middle, facts, path, err);
        if (code != SG_OK) break;
        /* shards without rows begin where the next one does */
        found = facts->row_first == row_first && facts->rows == rows;
        if (facts->row_first < row_first || (facts->row_first == row_first && facts->rows == 0))
            low = middle + 1;
        else
            high = middle;
    }
    close_facts(&set);
    if (code == SG_OK && !found) code = bad(path, "it does not hold the shard", err);
    return code;
}

static enum sg_code start(struct hdf5_reader *reader, struct sg_error *err) {
    struct sg_shard_facts inside = {0};
    uint64_t rows = 0;
    SG_TRY(open_file(reader->path, &reader->file, err));
    reader->group = H5Gopen2(reader->file, reader->table->name, H5P_DEFAULT);
    if (reader->group < 0 || !read_number(reader->group, "row_first", &reader->row_base) ||
        !read_number(reader->group, "rows", &rows))
        return bad(reader->path, "it does not hold the table", err);
    const struct sg_shard_facts *facts = reader->facts;
    if (facts->row_first < reader->row_base || facts->row_first - reader->row_base > rows ||
        facts->rows > rows - (facts->row_first - reader->row_base))
        return bad(reader->path, "it does not hold the shard's rows", err);
    SG_TRY(find_facts(reader->file, facts->row_first, facts->rows, &inside, reader->path, err));
    inside.file_bytes = facts->file_bytes; /* of the whole file, and the first shard's alone */
    const char *difference = sg_shard_facts_difference(&inside, facts);
    if (difference)
        return sg_fail(err, SG_CORRUPT, "%s: its %s is not the expected one; generate it again", reader->path,
                       difference);
    struct stat status;
    if (facts->file_bytes &&
        (stat(reader->path, &status) != 0 || (uint64_t)status.st_size != facts->file_bytes))
        return bad(reader->path, "its file size is not the expected one", err);
    return SG_OK;
}

static enum sg_code open_reader(void **made, const struct sg_format_info *format,
                                const struct sg_table *table, const char *out,
                                const struct sg_shard_facts *facts, struct sg_error *err) {
    (void)format;
    struct hdf5_reader *reader = *made = calloc(1, sizeof *reader);
    if (!reader) return sg_fail(err, SG_SYSTEM, "no memory to read %s", facts->path);
    reader->file = reader->group = -1;
    reader->table = table;
    reader->facts = facts;
    reader->digest = sg_digest_open();
    if (!reader->digest) return sg_fail(err, SG_SYSTEM, "no memory to read %s", facts->path);
    SG_TRY(sg_rowset_open(&reader->rows, table, err));
    SG_TRY(sg_path_join(reader->path, out, facts->path, err));
    enum sg_code code;
    SG_HDF5 code = start(reader, err);
    return code;
}

static void close_reader(void *closing) {
    struct hdf5_reader *reader = closing;
    if (!reader) return;
    SG_HDF5 {
        if (reader->group >= 0) H5Gclose(reader->group);
        if (reader->file >= 0) H5Fclose(reader->file);
    }
    sg_rowset_close(&reader->rows);
    sg_digest_close(reader->digest);
    sg_buffer_free(&reader->room);
    free(reader);
}

static enum sg_code bad_column(const struct hdf5_reader *reader, int column, enum sg_code code,
                               const char *what, struct sg_error *err) {
    H5Eclear2(H5E_DEFAULT);
    return sg_fail(err, code, "%s: column %s from row %llu on %s", reader->path,
                   reader->table->columns[column].name,
                   (unsigned long long)(reader->rows.batch.row_first + 1), what);
}

/* Offsets and bytes of `rows` rows from `first` of the file on. */
static enum sg_code read_long(struct hdf5_reader *reader, int index, uint64_t first, size_t rows,
                              struct sg_error *err) {
    const char *name = reader->table->columns[index].name;
    struct sg_batch *batch = &reader->rows.batch;
    struct sg_text *texts = batch->vectors[index].data;
    reader->room.used = 0;
    SG_TRY(sg_buffer_reserve(&reader->room, (rows + 1) * sizeof(uint64_t), err));
    uint64_t *offsets = (uint64_t *)(void *)reader->room.bytes;
    if (!read_part(reader->group, name, ".offsets", H5T_STD_U64LE, first, rows + 1, offsets))
        return bad_column(reader, index, SG_CORRUPT, "does not read", err);
    for (size_t row = 0; row < rows; row++)
        if (offsets[row + 1] < offsets[row] || offsets[row + 1] - offsets[0] > BLOCK_TEXT_BYTES_MAX)
            return bad_column(reader, index, SG_CORRUPT, "has offsets that do not ascend", err);
    uint64_t bytes = offsets[rows] - offsets[0];
    SG_TRY(sg_rowset_reserve(&reader->rows, 0, batch->pool_used + bytes, err));
    if (!read_part(reader->group, name, ".bytes", H5T_STD_U8LE, offsets[0], bytes,
                   batch->pool + batch->pool_used))
        return bad_column(reader, index, SG_CORRUPT, "does not read", err);
    for (size_t row = 0; row < rows; row++) {
        uint64_t length = offsets[row + 1] - offsets[row];
        if (batch->vectors[index].null[row] && length)
            return bad_column(reader, index, SG_INVALID, "has a value where it is NULL", err);
        if (batch->vectors[index].null[row]) continue;
        texts[row] =
            (struct sg_text){(uint32_t)(batch->pool_used + offsets[row] - offsets[0]), (uint32_t)length};
    }
    batch->pool_used += bytes;
    return SG_OK;
}

static enum sg_code read_column(struct hdf5_reader *reader, int index, uint64_t first, size_t rows,
                                struct sg_error *err) {
    const struct sg_column *column = &reader->table->columns[index];
    struct sg_batch *batch = &reader->rows.batch;
    if (column->nullable && !read_part(reader->group, column->name, ".null", H5T_STD_U8LE, first, rows,
                                       batch->vectors[index].null))
        return bad_column(reader, index, SG_CORRUPT, "has NULL marks that do not read", err);
    const char *wrong = NULL;
    if (sg_hdf5_is_long(column)) {
        SG_TRY(read_long(reader, index, first, rows, err));
    } else {
        size_t bytes = rows * sg_hdf5_value_bytes(column);
        reader->room.used = 0;
        SG_TRY(sg_buffer_reserve(&reader->room, bytes + 1, err));
        SG_TRY(sg_rowset_reserve(&reader->rows, 0, batch->pool_used + bytes, err));
        hid_t type = sg_hdf5_type(column);
        bool good =
            type >= 0 && read_part(reader->group, column->name, "", type, first, rows, reader->room.bytes);
        if (type >= 0) H5Tclose(type);
        if (!good) return bad_column(reader, index, SG_CORRUPT, "does not read", err);
        wrong = sg_hdf5_take(&reader->rows, index, 0, rows, reader->room.bytes);
    }
    batch->rows = rows;
    if (!wrong) wrong = sg_hdf5_fault(batch, index, 0);
    return wrong ? bad_column(reader, index, SG_INVALID, wrong, err) : SG_OK;
}

/* The next rows of the shard, as many as a block has. */
static enum sg_code read_block(struct hdf5_reader *reader, struct sg_error *err) {
    uint64_t left = reader->facts->rows - reader->rows_done,
             at = reader->facts->row_first + reader->rows_done;
    size_t rows = left < SG_TABLE_FILE_BLOCK_ROWS ? (size_t)left : SG_TABLE_FILE_BLOCK_ROWS;
    sg_rowset_clear(&reader->rows, at);
    SG_TRY(sg_rowset_reserve(&reader->rows, rows, 0, err));
    enum sg_code code = SG_OK;
    for (int i = 0; i < reader->table->column_count && code == SG_OK; i++)
        SG_HDF5 code = read_column(reader, i, at - reader->row_base, rows, err);
    reader->rows.batch.rows = rows;
    reader->row_next = 0;
    reader->rows_done += rows;
    if (code == SG_OK) sg_table_file_feed(&reader->rows.batch, reader->digest, &reader->bytes);
    return code;
}

static enum sg_code prove(const struct hdf5_reader *reader, struct sg_error *err) {
    struct sg_digest got = sg_digest_result(reader->digest);
    if (reader->bytes == reader->facts->text_bytes &&
        memcmp(got.bytes, reader->facts->digest.bytes, SG_DIGEST_BYTES) == 0)
        return SG_OK;
    char found[33], expected[33];
    sg_digest_text(got, found);
    sg_digest_text(reader->facts->digest, expected);
    return sg_fail(err, SG_CORRUPT, "%s: rows from %llu on have digest %s instead of %s; generate it again",
                   reader->path, (unsigned long long)(reader->facts->row_first + 1), found, expected);
}

static enum sg_code next_batch(void *from, const struct sg_batch **batch, struct sg_error *err) {
    struct hdf5_reader *reader = from;
    if (reader->row_next == reader->rows.batch.rows) {
        if (reader->rows_done == reader->facts->rows) return prove(reader, err);
        SG_TRY(read_block(reader, err));
    }
    size_t rows = reader->rows.batch.rows - reader->row_next;
    if (rows > SG_BATCH_ROWS) rows = SG_BATCH_ROWS;
    reader->view = sg_rowset_view(&reader->rows, reader->row_next, rows);
    reader->row_next += rows;
    *batch = &reader->view;
    return SG_OK;
}

static enum sg_code all_facts(hid_t file, struct sg_shard_facts *facts, size_t count, const char *name,
                              const char *path, struct sg_error *err) {
    struct facts_set set;
    enum sg_code code =
        open_facts(file, &set) && set.count == count ? SG_OK : bad(path, "it has other shards", err);
    for (size_t i = 0; i < count && code == SG_OK; i++) {
        memset(&facts[i], 0, sizeof facts[i]);
        snprintf(facts[i].path, sizeof facts[i].path, "%s", name);
        code = read_facts(file, &set, i, &facts[i], path, err);
    }
    close_facts(&set);
    return code;
}

enum sg_code sg_hdf5_facts(struct sg_shard_facts *facts, size_t count, const char *out, const char *name,
                           struct sg_error *err) {
    char path[SG_PATH_BYTES];
    struct stat status;
    SG_TRY(sg_path_join(path, out, name, err));
    enum sg_code code;
    hid_t file = -1;
    SG_HDF5 {
        code = open_file(path, &file, err);
        if (code == SG_OK) code = all_facts(file, facts, count, name, path, err);
        if (file >= 0) H5Fclose(file);
    }
    SG_TRY(code);
    if (stat(path, &status) != 0) return sg_fail_errno(err, SG_IO, errno, "cannot look at %s", path);
    if (count) facts[0].file_bytes = (uint64_t)status.st_size;
    return SG_OK;
}

const struct sg_shard_kind sg_shard_kind_hdf5 = {
    .open = open_reader,
    .next = next_batch,
    .close = close_reader,
};
