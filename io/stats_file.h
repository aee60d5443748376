/* stats.h5: arrays of numbers and texts by name, in an HDF5 file beside the manifest. Failures stick and come
 * out of sg_stats_publish. One process writes it. */
#ifndef SG_IO_STATS_FILE_H
#define SG_IO_STATS_FILE_H

#include <stdint.h>

#include "base/status.h"

#define SG_STATS_NAME "stats.h5"

struct sg_stats_file;

/* Local. Starts <out>/stats.h5.tmp. SG_SYSTEM when the program was built without HDF5. */
enum sg_code sg_stats_create(struct sg_stats_file **file, const char *out, struct sg_error *err);

/* Attributes of the file. */
void sg_stats_text(struct sg_stats_file *file, const char *name, const char *value);
void sg_stats_number(struct sg_stats_file *file, const char *name, uint64_t value);

/* Datasets by path, groups on the way are made: "ranks/busy_us". `columns` 0 is one dimension, else rows x
 * columns. */
void sg_stats_u64(struct sg_stats_file *file, const char *path, const uint64_t *values, size_t rows,
                  size_t columns);
void sg_stats_f64(struct sg_stats_file *file, const char *path, const double *values, size_t rows,
                  size_t columns);
void sg_stats_texts(struct sg_stats_file *file, const char *path, const char *const *values, size_t rows);

/* Local. Closes, syncs, names the file; frees it also after a failure, and then leaves nothing behind. NULL
 * is fine. */
enum sg_code sg_stats_publish(struct sg_stats_file *file, struct sg_error *err);

#endif
