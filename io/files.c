/* Atomic publication of files: temporary name, fsync, rename, fsync of the folder. */
#include "io/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"

enum sg_code sg_path_join(char out[SG_PATH_BYTES], const char *folder, const char *name,
                          struct sg_error *err) {
    int length = snprintf(out, SG_PATH_BYTES, "%s/%s", folder, name);
    /* leaves room for ".tmp" */
    if (length < 0 || length >= SG_PATH_BYTES - 8)
        return sg_fail(err, SG_USAGE, "path is too long: %.200s...", folder);
    return SG_OK;
}

enum sg_code sg_path_temporary(char out[SG_PATH_BYTES], const char *path, struct sg_error *err) {
    char host[64] = "";
    gethostname(host, sizeof host - 1);
    int length = snprintf(out, SG_PATH_BYTES, "%s.%s-%ld.tmp", path, host, (long)getpid());
    if (length < 0 || length >= SG_PATH_BYTES)
        return sg_fail(err, SG_USAGE, "path is too long: %.200s...", path);
    return SG_OK;
}

bool sg_is_temporary(const char *rest) {
    size_t length = strlen(rest);
    return rest[0] == '.' && length >= 4 && strcmp(rest + length - 4, ".tmp") == 0;
}

enum sg_code sg_remove_file(const char *folder, const char *name, struct sg_error *err) {
    char path[SG_PATH_BYTES];
    SG_TRY(sg_path_join(path, folder, name, err));
    if (unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR) return SG_OK;
    return sg_fail_errno(err, SG_IO, errno, "cannot remove %s", path);
}

enum sg_code sg_remove_files(const char *folder, bool (*wanted)(const void *context, const char *name),
                             const void *context, struct sg_error *err) {
    DIR *stream = opendir(folder);
    if (!stream && (errno == ENOENT || errno == ENOTDIR)) return SG_OK;
    if (!stream) return sg_fail_errno(err, SG_IO, errno, "cannot open folder %s", folder);
    enum sg_code code = SG_OK;
    for (struct dirent *entry; code == SG_OK && (entry = readdir(stream));)
        if (wanted(context, entry->d_name)) code = sg_remove_file(folder, entry->d_name, err);
    closedir(stream);
    return code;
}

enum sg_code sg_sync_folder(const char *folder, struct sg_error *err) {
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return sg_fail_errno(err, SG_IO, errno, "cannot open folder %s", folder);
    int failed = SG_FAULT("folder", "sync");
    if (!failed && fsync(fd) != 0) failed = errno;
    close(fd);
    /* Some file systems cannot sync a folder and say so; their renames need no sync. */
    if (failed == EINVAL || failed == ENOTSUP) failed = 0;
    return failed ? sg_fail_errno(err, SG_IO, failed, "cannot sync folder %s", folder) : SG_OK;
}

void sg_path_folder(char out[SG_PATH_BYTES], const char *path) {
    snprintf(out, SG_PATH_BYTES, "%s", path);
    char *slash = strrchr(out, '/');
    if (!slash)
        strcpy(out, ".");
    else
        slash[slash == out] = '\0';
}

static enum sg_code make_folder(const char *path, struct sg_error *err) {
    int failed = SG_FAULT("folder", "make");
    if (!failed && mkdir(path, 0777) != 0) failed = errno;
    if (failed == EEXIST) return SG_OK;
    if (failed) return sg_fail_errno(err, SG_IO, failed, "cannot create folder %s", path);
    char above[SG_PATH_BYTES];
    sg_path_folder(above, path);
    return sg_sync_folder(above, err);
}

enum sg_code sg_make_parents(const char *path, struct sg_error *err) {
    char folder[SG_PATH_BYTES];
    sg_path_folder(folder, path);
    struct stat status;
    if (stat(folder, &status) == 0 && S_ISDIR(status.st_mode)) return SG_OK;
    for (char *at = folder + 1;; at++) {
        char end = *at;
        if (end != '/' && end != '\0') continue;
        *at = '\0';
        SG_TRY(make_folder(folder, err));
        if (end == '\0') return SG_OK;
        *at = end;
    }
}

/* At an offset, or with -1 where the file stands. */
static enum sg_code write_from(int fd, const void *bytes, size_t size, off_t offset, const char *kind,
                               const char *path, struct sg_error *err) {
    int failed = SG_FAULT(kind, "write");
    for (size_t done = 0; done < size && !failed;) {
        const char *at = (const char *)bytes + done;
        ssize_t written =
            offset < 0 ? write(fd, at, size - done) : pwrite(fd, at, size - done, offset + (off_t)done);
        if (written < 0 && errno != EINTR) failed = errno;
        if (written > 0) done += (size_t)written;
    }
    return failed ? sg_fail_errno(err, SG_IO, failed, "cannot write %s", path) : SG_OK;
}

enum sg_code sg_write_all(int fd, const void *bytes, size_t size, const char *kind, const char *path,
                          struct sg_error *err) {
    return write_from(fd, bytes, size, -1, kind, path, err);
}

enum sg_code sg_write_at(int fd, const void *bytes, size_t size, uint64_t offset, const char *kind,
                         const char *path, struct sg_error *err) {
    return write_from(fd, bytes, size, (off_t)offset, kind, path, err);
}

enum sg_code sg_read_at(int fd, void *bytes, size_t size, uint64_t offset, const char *kind, const char *path,
                        struct sg_error *err) {
    int failed = SG_FAULT(kind, "read");
    for (char *at = bytes; size && !failed;) {
        ssize_t got = pread(fd, at, size, (off_t)offset);
        if (got == 0) return sg_fail(err, SG_CORRUPT, "%s ends too early; generate it again", path);
        if (got < 0 && errno != EINTR) failed = errno;
        if (got > 0) {
            at += got;
            offset += (uint64_t)got;
            size -= (size_t)got;
        }
    }
    return failed ? sg_fail_errno(err, SG_IO, failed, "cannot read %s", path) : SG_OK;
}

enum sg_code sg_sync_and_close(int fd, const char *kind, const char *temporary, struct sg_error *err) {
    int failed = SG_FAULT(kind, "sync");
    if (!failed && fsync(fd) != 0) failed = errno;
    const char *what = "sync";
    int close_failed = SG_FAULT(kind, "close");
    if (close(fd) != 0 && !close_failed) close_failed = errno;
    if (!failed && close_failed) {
        failed = close_failed;
        what = "close";
    }
    return failed ? sg_fail_errno(err, SG_IO, failed, "cannot %s %s", what, temporary) : SG_OK;
}

static enum sg_code sync_above(const char *path, struct sg_error *err) {
    char folder[SG_PATH_BYTES];
    sg_path_folder(folder, path);
    return sg_sync_folder(folder, err);
}

enum sg_code sg_publish_name(int fd, const char *kind, const char *temporary, const char *path,
                             struct sg_error *err) {
    SG_TRY(sg_sync_and_close(fd, kind, temporary, err));
    int failed = SG_FAULT(kind, "rename");
    if (!failed && rename(temporary, path) != 0) failed = errno;
    if (failed) return sg_fail_errno(err, SG_IO, failed, "cannot rename %s to %s", temporary, path);
    return SG_OK;
}

enum sg_code sg_publish(int fd, const char *kind, const char *temporary, const char *path,
                        struct sg_error *err) {
    SG_TRY(sg_publish_name(fd, kind, temporary, path, err));
    return sync_above(path, err);
}

enum sg_code sg_write_file(const char *kind, const char *path, const void *bytes, size_t size,
                           struct sg_error *err) {
    SG_TRY(sg_make_parents(path, err));
    char temporary[SG_PATH_BYTES];
    snprintf(temporary, sizeof temporary, "%s.tmp", path);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return sg_fail_errno(err, SG_IO, errno, "cannot create %s", temporary);
    enum sg_code code = sg_write_all(fd, bytes, size, kind, temporary, err);
    if (code == SG_OK)
        code = sg_publish(fd, kind, temporary, path, err);
    else
        close(fd);
    if (code != SG_OK) unlink(temporary);
    return code;
}

/* A second name, given only when nobody has it. */
static enum sg_code publish_new(int fd, const char *kind, const char *temporary, const char *path, bool *made,
                                struct sg_error *err) {
    SG_TRY(sg_sync_and_close(fd, kind, temporary, err));
    int failed = SG_FAULT(kind, "rename");
    if (!failed && link(temporary, path) != 0) failed = errno;
    *made = failed == 0;
    if (failed == EEXIST) return SG_OK;
    if (failed) return sg_fail_errno(err, SG_IO, failed, "cannot name %s %s", temporary, path);
    return sync_above(path, err);
}

enum sg_code sg_write_file_new(const char *kind, const char *path, const void *bytes, size_t size, bool *made,
                               struct sg_error *err) {
    *made = false;
    SG_TRY(sg_make_parents(path, err));
    char temporary[SG_PATH_BYTES];
    SG_TRY(sg_path_temporary(temporary, path, err));
    unlink(temporary);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) return sg_fail_errno(err, SG_IO, errno, "cannot create %s", temporary);
    enum sg_code code = sg_write_all(fd, bytes, size, kind, temporary, err);
    if (code == SG_OK)
        code = publish_new(fd, kind, temporary, path, made, err);
    else
        close(fd);
    unlink(temporary);
    return code;
}

static enum sg_code read_open(int fd, const char *kind, const char *path, size_t size_max,
                              struct sg_buffer *content, struct sg_error *err) {
    struct stat status;
    if (fstat(fd, &status) != 0) return sg_fail_errno(err, SG_IO, errno, "cannot read %s", path);
    if (!S_ISREG(status.st_mode)) return sg_fail(err, SG_CORRUPT, "%s is not a file", path);
    if ((uint64_t)status.st_size > size_max)
        return sg_fail(err, SG_CORRUPT, "%s is larger than the %zu bytes it may have", path, size_max);
    size_t size = (size_t)status.st_size;
    content->used = 0;
    SG_TRY(sg_buffer_reserve(content, size + 1, err));
    SG_TRY(sg_read_at(fd, content->bytes, size, 0, kind, path, err));
    content->bytes[size] = '\0';
    content->used = size;
    return SG_OK;
}

enum sg_code sg_read_file(const char *kind, const char *path, size_t size_max, struct sg_buffer *content,
                          struct sg_error *err) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return sg_fail(err, SG_NO_INPUT, "there is no %s", path);
    if (fd < 0) return sg_fail_errno(err, SG_IO, errno, "cannot open %s", path);
    enum sg_code code = read_open(fd, kind, path, size_max, content, err);
    close(fd);
    return code;
}
