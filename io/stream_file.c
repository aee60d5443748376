/* Buffered writing of large text files under a temporary name. */
#include "io/stream_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 16 };

static const char kind[] = "document";

struct sg_stream_file {
    int fd;
    size_t used;
    char path[SG_PATH_BYTES], temporary[SG_PATH_BYTES];
    char buffer[BUFFER_BYTES];
};

static enum sg_code open_paths(struct sg_stream_file *file, const char *folder, const char *name,
                               struct sg_error *err) {
    SG_TRY(sg_path_join(file->path, folder, name, err));
    int length = snprintf(file->temporary, sizeof file->temporary, "%s.tmp", file->path);
    if (length < 0 || (size_t)length >= sizeof file->temporary)
        return sg_fail(err, SG_USAGE, "the path of %s is too long", name);
    SG_TRY(sg_make_parents(file->path, err));
    file->fd = open(file->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file->fd < 0)
        return sg_fail_errno(err, errno == EACCES ? SG_DENIED : SG_IO, errno, "cannot create %s",
                             file->temporary);
    return SG_OK;
}

enum sg_code sg_stream_file_open(struct sg_stream_file **out, const char *folder, const char *name,
                                 struct sg_error *err) {
    *out = NULL;
    struct sg_stream_file *file = malloc(sizeof *file);
    if (!file) return sg_fail(err, SG_SYSTEM, "no memory to write %s", name);
    file->used = 0;
    enum sg_code code = open_paths(file, folder, name, err);
    if (code != SG_OK) {
        free(file);
        return code;
    }
    *out = file;
    return SG_OK;
}

static enum sg_code drain(struct sg_stream_file *file, struct sg_error *err) {
    size_t used = file->used;
    file->used = 0;
    return used ? sg_write_all(file->fd, file->buffer, used, kind, file->path, err) : SG_OK;
}

enum sg_code sg_stream_file_write(void *context, const void *bytes, size_t size, struct sg_error *err) {
    struct sg_stream_file *file = context;
    const char *from = bytes;
    while (size) {
        size_t room = BUFFER_BYTES - file->used, part = size < room ? size : room;
        memcpy(file->buffer + file->used, from, part);
        file->used += part;
        from += part;
        size -= part;
        if (file->used == BUFFER_BYTES) SG_TRY(drain(file, err));
    }
    return SG_OK;
}

enum sg_code sg_stream_file_close(struct sg_stream_file *file, enum sg_code code, struct sg_error *err) {
    if (code == SG_OK) code = drain(file, err);
    if (code == SG_OK)
        code = sg_publish(file->fd, kind, file->temporary, file->path, err);
    else
        close(file->fd);
    if (code != SG_OK) unlink(file->temporary);
    free(file);
    return code;
}
