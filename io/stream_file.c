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
    uint64_t bytes;
    struct sg_digest_state *digest;
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
    if (file->fd < 0) return sg_fail_errno(err, SG_IO, errno, "cannot create %s", file->temporary);
    return SG_OK;
}

enum sg_code sg_stream_file_open(struct sg_stream_file **out, const char *folder, const char *name,
                                 struct sg_error *err) {
    *out = NULL;
    struct sg_stream_file *file = malloc(sizeof *file);
    if (!file) return sg_fail(err, SG_SYSTEM, "no memory to write %s", name);
    file->used = file->bytes = 0;
    file->digest = sg_digest_open();
    enum sg_code code = file->digest ? open_paths(file, folder, name, err)
                                     : sg_fail(err, SG_SYSTEM, "no memory to write %s", name);
    if (code != SG_OK) {
        sg_digest_close(file->digest);
        free(file);
        return code;
    }
    *out = file;
    return SG_OK;
}

static enum sg_code drain(struct sg_stream_file *file, struct sg_error *err) {
    size_t used = file->used;
    file->used = 0;
    file->bytes += used;
    sg_digest_update(file->digest, file->buffer, used);
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

enum sg_code sg_stream_file_close(struct sg_stream_file *file, enum sg_code code, struct sg_file_facts *facts,
                                  struct sg_error *err) {
    if (code == SG_OK) code = drain(file, err);
    if (facts) *facts = (struct sg_file_facts){file->bytes, sg_digest_result(file->digest)};
    if (code == SG_OK)
        code = sg_publish(file->fd, kind, file->temporary, file->path, err);
    else
        close(file->fd);
    if (code != SG_OK) unlink(file->temporary);
    sg_digest_close(file->digest);
    free(file);
    return code;
}

static enum sg_code read_facts(FILE *from, const char *path, struct sg_digest_state *state,
                               struct sg_file_facts *facts, struct sg_error *err) {
    char buffer[BUFFER_BYTES];
    facts->bytes = 0;
    for (size_t part; (part = fread(buffer, 1, sizeof buffer, from)); facts->bytes += part)
        sg_digest_update(state, buffer, part);
    facts->digest = sg_digest_result(state);
    return ferror(from) ? sg_fail_errno(err, SG_IO, errno, "cannot read %s", path) : SG_OK;
}

enum sg_code sg_file_facts_read(const char *folder, const char *name, struct sg_file_facts *facts,
                                struct sg_error *err) {
    char path[SG_PATH_BYTES];
    SG_TRY(sg_path_join(path, folder, name, err));
    return sg_file_facts_of(path, facts, err);
}

enum sg_code sg_file_facts_of(const char *path, struct sg_file_facts *facts, struct sg_error *err) {
    FILE *from = fopen(path, "rb");
    if (!from)
        return sg_fail_errno(err, errno == ENOENT ? SG_NO_INPUT : SG_IO, errno, "cannot open %s", path);
    struct sg_digest_state *state = sg_digest_open();
    enum sg_code code = state ? read_facts(from, path, state, facts, err)
                              : sg_fail(err, SG_SYSTEM, "no memory to read %s", path);
    sg_digest_close(state);
    fclose(from);
    return code;
}
