/* Files filled by several processes at once. */
#include "io/shared_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"

static const char kind[] = "document";

/* <name>.tmp or <name>.<anything>.tmp */
static bool is_in_the_making(const void *context, const char *name) {
    const char *final = context;
    size_t length = strlen(final);
    return strncmp(name, final, length) == 0 && sg_is_temporary(name + length);
}

enum sg_code sg_shared_file_sweep(const char *folder, const char *name, struct sg_error *err) {
    char path[SG_PATH_BYTES], above[SG_PATH_BYTES];
    SG_TRY(sg_path_join(path, folder, name, err));
    sg_path_folder(above, path);
    const char *slash = strrchr(path, '/');
    return sg_remove_files(above, is_in_the_making, slash ? slash + 1 : path, err);
}

/* Room for all bytes now, so that a full disk shows before anything is computed; file systems that cannot
 * promise room show it when they are written to. */
static int reserve(int fd, uint64_t bytes) {
    int failed = SG_FAULT(kind, "reserve");
    if (failed || bytes == 0) return failed;
    if (fallocate(fd, 0, 0, (off_t)bytes) == 0) return 0;
    bool cannot = errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL;
    if (!cannot) return errno;
    return ftruncate(fd, (off_t)bytes) == 0 ? 0 : errno;
}

enum sg_code sg_shared_file_make(struct sg_shared_file *file, const char *folder, const char *name,
                                 uint64_t bytes, struct sg_error *err) {
    SG_TRY(sg_path_join(file->path, folder, name, err));
    SG_TRY(sg_path_temporary(file->temporary, file->path, err));
    SG_TRY(sg_make_parents(file->path, err));
    SG_TRY(sg_shared_file_sweep(folder, name, err));
    int fd = open(file->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return sg_fail_errno(err, errno == EACCES ? SG_DENIED : SG_IO, errno, "cannot create %s",
                             file->temporary);
    int failed = reserve(fd, bytes);
    if (close(fd) != 0 && !failed) failed = errno;
    if (!failed) return SG_OK;
    unlink(file->temporary);
    return sg_fail_errno(err, SG_IO, failed, "cannot write %s: it takes %llu bytes", file->path,
                         (unsigned long long)bytes);
}

enum sg_code sg_shared_file_open(const struct sg_shared_file *file, int *fd, struct sg_error *err) {
    *fd = open(file->temporary, O_WRONLY | O_CLOEXEC);
    if (*fd >= 0) return SG_OK;
    return sg_fail_errno(err, SG_IO, errno,
                         "cannot open %s, which rank 0 made: do all hosts share the folder?",
                         file->temporary);
}

enum sg_code sg_shared_file_write(const struct sg_shared_file *file, int fd, const void *bytes, size_t size,
                                  uint64_t offset, struct sg_error *err) {
    return sg_write_at(fd, bytes, size, offset, kind, file->path, err);
}

enum sg_code sg_shared_file_close(const struct sg_shared_file *file, int fd, struct sg_error *err) {
    return fd < 0 ? SG_OK : sg_sync_and_close(fd, kind, file->temporary, err);
}

enum sg_code sg_shared_file_end(const struct sg_shared_file *file, enum sg_code code, struct sg_error *err) {
    int fd = -1;
    if (code == SG_OK) code = sg_shared_file_open(file, &fd, err);
    if (code == SG_OK) code = sg_publish(fd, kind, file->temporary, file->path, err);
    if (code != SG_OK) unlink(file->temporary);
    return code;
}
