/* Writing stats.h5 with HDF5, by one process. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/checked.h"
#include "io/files.h"
#include "io/hdf5_file.h"
#include "io/stats_file.h"

struct sg_stats_file {
    hid_t file;
    bool failed;
    struct sg_error first; /* failure */
    char path[SG_PATH_BYTES], temporary[SG_PATH_BYTES];
};

enum sg_code sg_stats_create(struct sg_stats_file **out_file, const char *out, struct sg_error *err) {
    struct sg_stats_file *file = *out_file = calloc(1, sizeof *file);
    if (!file) return sg_fail(err, SG_SYSTEM, "no memory for " SG_STATS_NAME);
    file->file = -1;
    SG_TRY(sg_path_join(file->path, out, SG_STATS_NAME, err));
    SG_TRY(sg_path_join(file->temporary, out, SG_STATS_NAME ".tmp", err));
    enum sg_code code = SG_OK;
    SG_HDF5 {
        sg_hdf5_quiet();
        file->file = H5Fcreate(file->temporary, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
        if (file->file < 0) code = sg_hdf5_fail(err, SG_IO, "create", file->temporary);
    }
    return code;
}

/* Keeps the first failure, which later calls would wipe out in HDF5. */
static void note(struct sg_stats_file *file, bool good, const char *name) {
    if (good) return;
    char what[128];
    snprintf(what, sizeof what, "write %s into", name);
    sg_hdf5_fail(&file->first, SG_IO, what, file->temporary);
    file->failed = true;
}

void sg_stats_text(struct sg_stats_file *file, const char *name, const char *value) {
    SG_HDF5 note(file, sg_hdf5_attribute_text(file->file, name, value), name);
}

void sg_stats_number(struct sg_stats_file *file, const char *name, uint64_t value) {
    SG_HDF5 note(file, sg_hdf5_attribute_number(file->file, name, value), name);
}

static void put(struct sg_stats_file *file, const char *path, hid_t type, const void *values, size_t rows,
                size_t columns) {
    const hsize_t size[2] = {rows, columns};
    hid_t links = H5Pcreate(H5P_LINK_CREATE), space = H5Screate_simple(columns ? 2 : 1, size, NULL);
    H5Pset_create_intermediate_group(links, 1);
    hid_t dataset = H5Dcreate2(file->file, path, type, space, links, H5P_DEFAULT, H5P_DEFAULT);
    note(file,
         dataset >= 0 && (rows == 0 || H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0),
         path);
    if (dataset >= 0) H5Dclose(dataset);
    H5Sclose(space);
    H5Pclose(links);
}

void sg_stats_u64(struct sg_stats_file *file, const char *path, const uint64_t *values, size_t rows,
                  size_t columns) {
    SG_HDF5 put(file, path, H5T_NATIVE_UINT64, values, rows, columns);
}

void sg_stats_f64(struct sg_stats_file *file, const char *path, const double *values, size_t rows,
                  size_t columns) {
    SG_HDF5 put(file, path, H5T_NATIVE_DOUBLE, values, rows, columns);
}

void sg_stats_texts(struct sg_stats_file *file, const char *path, const char *const *values, size_t rows) {
    size_t length = 1;
    for (size_t i = 0; i < rows; i++)
        length = strlen(values[i]) > length ? strlen(values[i]) : length;
    char *texts = sg_alloc_array(rows, length);
    for (size_t i = 0; texts && i < rows; i++)
        memcpy(texts + i * length, values[i], strlen(values[i]));
    SG_HDF5 {
        hid_t type = H5Tcopy(H5T_C_S1);
        H5Tset_size(type, length);
        H5Tset_strpad(type, H5T_STR_NULLPAD);
        H5Tset_cset(type, H5T_CSET_UTF8);
        if (texts)
            put(file, path, type, texts, rows, 0);
        else
            note(file, false, path);
        H5Tclose(type);
    }
    free(texts);
}

enum sg_code sg_stats_publish(struct sg_stats_file *file, struct sg_error *err) {
    if (!file) return SG_OK;
    enum sg_code code = SG_OK;
    bool opened = file->file >= 0;
    SG_HDF5 {
        if (opened) note(file, H5Fclose(file->file) >= 0, "the end");
        if (file->failed) code = sg_fail(err, SG_IO, "%s", file->first.text);
    }
    int fd = opened && code == SG_OK ? open(file->temporary, O_RDWR | O_CLOEXEC) : -1;
    if (fd >= 0)
        code = sg_publish(fd, "stats", file->temporary, file->path, err);
    else if (opened && code == SG_OK)
        code = sg_fail_errno(err, SG_IO, errno, "cannot open %s", file->temporary);
    if (opened && code != SG_OK) unlink(file->temporary);
    free(file);
    return code;
}
