/* In place of io/hdf5_*.c in builds without parallel HDF5: says what is missing. */
#include "io/shard_kind.h"
#include "io/stats_file.h"
#include "io/table_file.h"

enum sg_code sg_hdf5_built(struct sg_error *err) {
    return sg_fail(
        err, SG_SYSTEM,
        "this build has no HDF5: install parallel HDF5 (Debian: libhdf5-openmpi-dev) and build again");
}

static enum sg_code open_none(void **file, const struct sg_table_file_plan *plan, struct sg_error *err) {
    (void)plan;
    *file = NULL;
    return sg_hdf5_built(err);
}

static enum sg_code read_none(void **reader, const struct sg_format_info *format,
                              const struct sg_table *table, const char *out,
                              const struct sg_shard_facts *facts, struct sg_error *err) {
    (void)format, (void)table, (void)out, (void)facts;
    *reader = NULL;
    return sg_hdf5_built(err);
}

static enum sg_code no_facts(struct sg_shard_facts *facts, size_t count, const char *out, const char *path,
                             struct sg_error *err) {
    (void)facts, (void)count, (void)out, (void)path;
    return sg_hdf5_built(err);
}

static void nothing(void *file) {
    (void)file;
}

static void drop_none(const struct sg_table_file_plan *plan) {
    (void)plan;
}

const struct sg_table_file_kind sg_table_file_hdf5 = {
    .open = open_none, .close = nothing, .drop = drop_none, .facts = no_facts};
const struct sg_shard_kind sg_shard_kind_hdf5 = {.open = read_none, .close = nothing};

enum sg_code sg_stats_create(struct sg_stats_file **file, const char *out, struct sg_error *err) {
    (void)out;
    *file = NULL;
    return sg_hdf5_built(err);
}

void sg_stats_text(struct sg_stats_file *file, const char *name, const char *value) {
    (void)file, (void)name, (void)value;
}

void sg_stats_number(struct sg_stats_file *file, const char *name, uint64_t value) {
    (void)file, (void)name, (void)value;
}

void sg_stats_u64(struct sg_stats_file *file, const char *path, const uint64_t *values, size_t rows,
                  size_t columns) {
    (void)file, (void)path, (void)values, (void)rows, (void)columns;
}

void sg_stats_f64(struct sg_stats_file *file, const char *path, const double *values, size_t rows,
                  size_t columns) {
    (void)file, (void)path, (void)values, (void)rows, (void)columns;
}

void sg_stats_texts(struct sg_stats_file *file, const char *path, const char *const *values, size_t rows) {
    (void)file, (void)path, (void)values, (void)rows;
}

enum sg_code sg_stats_publish(struct sg_stats_file *file, struct sg_error *err) {
    (void)file, (void)err;
    return SG_OK;
}
