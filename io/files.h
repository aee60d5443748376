/* Files written so that a name appears only with complete, synced content behind it.
 *
 * `kind` ("shard", "manifest") names the fault points <kind>.write, .read, .sync, .close and .rename; folders
 * have folder.make and folder.sync. */
#ifndef SG_IO_FILES_H
#define SG_IO_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "io/encode.h"

enum { SG_PATH_BYTES = 4096 };

/* Pure. <folder>/<name> into out; SG_USAGE when it is longer than SG_PATH_BYTES allows. */
enum sg_code sg_path_join(char out[SG_PATH_BYTES], const char *folder, const char *name,
                          struct sg_error *err);

/* Pure. The folder of a path, "." for a bare name. */
void sg_path_folder(char out[SG_PATH_BYTES], const char *path);

/* Local. Makes the names in a folder last. */
enum sg_code sg_sync_folder(const char *folder, struct sg_error *err);

/* Local. Creates the missing folders above the last component of path and syncs those it made. */
enum sg_code sg_make_parents(const char *path, struct sg_error *err);

/* Local. Writes all bytes, over short writes and interruptions. */
enum sg_code sg_write_all(int fd, const void *bytes, size_t size, const char *kind, const char *path,
                          struct sg_error *err);
/* Local. The same at an offset; any thread. */
enum sg_code sg_write_at(int fd, const void *bytes, size_t size, uint64_t offset, const char *kind,
                         const char *path, struct sg_error *err);
/* Local. Reads exactly size bytes at offset; SG_CORRUPT when the file ends before. */
enum sg_code sg_read_at(int fd, void *bytes, size_t size, uint64_t offset, const char *kind, const char *path,
                        struct sg_error *err);

/* Local. Closes fd always. */
enum sg_code sg_sync_and_close(int fd, const char *kind, const char *temporary, struct sg_error *err);
/* Local. Syncs and closes fd (always), then renames temporary to path and syncs the folder. The caller
 * removes the temporary after a failure. */
enum sg_code sg_publish(int fd, const char *kind, const char *temporary, const char *path,
                        struct sg_error *err);

/* Local. The same without syncing the folder, for callers that do so themselves (publisher.h). */
enum sg_code sg_publish_name(int fd, const char *kind, const char *temporary, const char *path,
                             struct sg_error *err);

/* Local. The name of a file in the making: <path>.<host>-<process>.tmp, so that a process that everybody
 * believes dead, on a host that was cut off, writes into no file but its own. SG_USAGE when too long. */
enum sg_code sg_path_temporary(char out[SG_PATH_BYTES], const char *path, struct sg_error *err);

/* Pure. Is `rest`, what follows the final name, that of a file in the making: .tmp or .<anything>.tmp? */
bool sg_is_temporary(const char *rest);

/* Local. Removes a file that may be there or not. */
enum sg_code sg_remove_file(const char *folder, const char *name, struct sg_error *err);

/* Local. Removes the files of a folder whose names `wanted` accepts. A folder that is not there holds none.
 */
enum sg_code sg_remove_files(const char *folder, bool (*wanted)(const void *context, const char *name),
                             const void *context, struct sg_error *err);

/* Local. Writes a whole small file as <path>.tmp and publishes it; nothing is left after a failure. */
enum sg_code sg_write_file(const char *kind, const char *path, const void *bytes, size_t size,
                           struct sg_error *err);
/* Local. The same, but never over an existing file: *made is false when there was one, which stays. Of
 * several writers at once, also on different hosts, one makes the file. */
enum sg_code sg_write_file_new(const char *kind, const char *path, const void *bytes, size_t size, bool *made,
                               struct sg_error *err);
/* Local. Reads a whole file of at most size_max bytes, adding a NUL behind it that is not counted.
 * SG_NO_INPUT when absent, SG_CORRUPT when larger. */
enum sg_code sg_read_file(const char *kind, const char *path, size_t size_max, struct sg_buffer *content,
                          struct sg_error *err);

#endif
