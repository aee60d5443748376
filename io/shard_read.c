/* Reading shards frame by frame. Owns the file descriptor and the memory of one frame and its text. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/facts_json.h"
#include "io/shard_kind.h"

enum { TAIL_BYTES_MAX = 64 << 20 };

struct sg_shard_reader {
    struct sg_decompressor *decompressor;
    struct sg_digest_state *digest;
    int fd;
    size_t frame_next;
    uint64_t offset; /* of frame_next in the file */
    struct sg_seek_table frames;
    struct sg_shard_facts facts;
    struct sg_buffer frame, text;
    char path[SG_PATH_BYTES];
};

static enum sg_code bad_end(const char *path, struct sg_error *err) {
    return sg_fail(err, SG_CORRUPT, "%s was cut or its end does not read; generate it again", path);
}

/* Reads the seek table of a file of file_bytes; *tail_bytes receives the size of its frame. */
static enum sg_code read_seek_table(int fd, uint64_t file_bytes, struct sg_seek_table *frames,
                                    uint64_t *tail_bytes, const char *path, struct sg_error *err) {
    char footer[SG_SEEK_FOOTER_BYTES];
    uint64_t count;
    if (file_bytes < sg_seek_table_bytes(0)) return bad_end(path, err);
    SG_TRY(sg_read_at(fd, footer, sizeof footer, file_bytes - sizeof footer, "shard", path, err));
    if (!sg_seek_footer_read(footer, &count)) return bad_end(path, err);
    *tail_bytes = sg_seek_table_bytes(count);
    if (*tail_bytes > file_bytes || *tail_bytes > TAIL_BYTES_MAX) return bad_end(path, err);
    struct sg_buffer bytes = {0};
    enum sg_code code = sg_buffer_reserve(&bytes, *tail_bytes, err);
    if (code == SG_OK)
        code = sg_read_at(fd, bytes.bytes, *tail_bytes, file_bytes - *tail_bytes, "shard", path, err);
    if (code == SG_OK) code = sg_seek_table_read(frames, bytes.bytes, count, path, err);
    sg_buffer_free(&bytes);
    return code;
}

/* Reads the facts frame of `size` bytes at `offset`. */
static enum sg_code read_facts(int fd, uint64_t offset, uint64_t size, struct sg_seek_table *frames,
                               struct sg_shard_facts *facts, const char *path, struct sg_error *err) {
    if (size < SG_SKIPPABLE_HEADER_BYTES || size > TAIL_BYTES_MAX) return bad_end(path, err);
    struct sg_buffer bytes = {0};
    enum sg_code code = sg_buffer_reserve(&bytes, size, err);
    if (code == SG_OK) code = sg_read_at(fd, bytes.bytes, size, offset, "shard", path, err);
    if (code == SG_OK) {
        size_t body = size - SG_SKIPPABLE_HEADER_BYTES;
        if (sg_get_le32(bytes.bytes) != SG_MAGIC_FACTS || sg_get_le32(bytes.bytes + 4) != body)
            code = bad_end(path, err);
        else
            code = sg_facts_read(facts, frames, bytes.bytes + SG_SKIPPABLE_HEADER_BYTES, body, path, err);
    }
    sg_buffer_free(&bytes);
    return code;
}

/* Seek table and facts of an open file. facts->path is the caller's. */
static enum sg_code read_end(int fd, struct sg_seek_table *frames, struct sg_shard_facts *facts,
                             const char *path, struct sg_error *err) {
    struct stat status;
    if (fstat(fd, &status) != 0) return sg_fail_errno(err, SG_IO, errno, "cannot read %s", path);
    if (!S_ISREG(status.st_mode)) return sg_fail(err, SG_CORRUPT, "%s is not a file", path);
    facts->file_bytes = (uint64_t)status.st_size;
    uint64_t tail_bytes = 0, frames_bytes = 0;
    SG_TRY(read_seek_table(fd, facts->file_bytes, frames, &tail_bytes, path, err));
    for (size_t i = 0; i < frames->count; i++)
        frames_bytes += frames->entries[i].frame_bytes;
    if (frames_bytes + tail_bytes > facts->file_bytes) return bad_end(path, err);
    return read_facts(fd, frames_bytes, facts->file_bytes - frames_bytes - tail_bytes, frames, facts, path,
                      err);
}

enum sg_code sg_shard_open_file(const char *path, int *fd, struct sg_error *err) {
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    if (*fd >= 0) return SG_OK;
    if (errno == ENOENT || errno == ENOTDIR)
        return sg_fail(err, SG_NO_INPUT, "there is no %s; generate it again with --resume", path);
    return sg_fail_errno(err, SG_IO, errno, "cannot open %s", path);
}

enum sg_code sg_shard_facts_read(struct sg_shard_facts *facts, const char *out, const char *path,
                                 struct sg_error *err) {
    char full[SG_PATH_BYTES];
    memset(facts, 0, sizeof *facts);
    if (strlen(path) >= sizeof facts->path)
        return sg_fail(err, SG_CORRUPT, "path %.100s... is too long", path);
    strcpy(facts->path, path);
    SG_TRY(sg_path_join(full, out, path, err));
    int fd;
    SG_TRY(sg_shard_open_file(full, &fd, err));
    struct sg_seek_table frames = {0};
    enum sg_code code = read_end(fd, &frames, facts, full, err);
    sg_seek_table_free(&frames);
    close(fd);
    return code;
}

const char *sg_shard_facts_difference(const struct sg_shard_facts *a, const struct sg_shard_facts *b) {
    if (a->file_bytes != b->file_bytes) return "file size";
    if (a->row_first != b->row_first) return "first row";
    if (a->rows != b->rows) return "number of rows";
    if (a->text_bytes != b->text_bytes) return "text size";
    if (memcmp(a->digest.bytes, b->digest.bytes, SG_DIGEST_BYTES) != 0) return "digest";
    if (a->fingerprint != b->fingerprint) return "fingerprint";
    if (strcmp(a->key_first, b->key_first) != 0) return "first key";
    return strcmp(a->key_last, b->key_last) != 0 ? "last key" : NULL;
}

static enum sg_code reader_start(struct sg_shard_reader *reader, const char *out,
                                 const struct sg_shard_facts *facts, struct sg_error *err) {
    reader->decompressor = sg_decompressor_open();
    reader->digest = sg_digest_open();
    if (!reader->decompressor || !reader->digest)
        return sg_fail(err, SG_SYSTEM, "no memory for a shard reader");
    SG_TRY(sg_path_join(reader->path, out, facts->path, err));
    SG_TRY(sg_shard_open_file(reader->path, &reader->fd, err));
    SG_TRY(read_end(reader->fd, &reader->frames, &reader->facts, reader->path, err));
    const char *difference = sg_shard_facts_difference(&reader->facts, facts);
    if (difference)
        return sg_fail(err, SG_CORRUPT, "%s: its %s is not the expected one; generate it again", reader->path,
                       difference);
    return SG_OK;
}

enum sg_code sg_shard_open(struct sg_shard_reader **reader, const char *out,
                           const struct sg_shard_facts *facts, struct sg_error *err) {
    *reader = NULL;
    struct sg_shard_reader *made = calloc(1, sizeof *made);
    if (!made) return sg_fail(err, SG_SYSTEM, "no memory for a shard reader");
    made->fd = -1;
    enum sg_code code = reader_start(made, out, facts, err);
    if (code == SG_OK)
        *reader = made;
    else
        sg_shard_close(made);
    return code;
}

/* At the end: is all that was read what the facts say? */
static enum sg_code prove(struct sg_shard_reader *reader, struct sg_error *err) {
    struct sg_digest got = sg_digest_result(reader->digest);
    if (memcmp(got.bytes, reader->facts.digest.bytes, SG_DIGEST_BYTES) == 0) return SG_OK;
    char found[33], expected[33];
    sg_digest_text(got, found);
    sg_digest_text(reader->facts.digest, expected);
    return sg_fail(err, SG_CORRUPT, "%s: its text has digest %s instead of %s; generate it again",
                   reader->path, found, expected);
}

enum sg_code sg_shard_next(struct sg_shard_reader *reader, const char **text, size_t *size,
                           struct sg_error *err) {
    *text = "";
    *size = 0;
    if (reader->frame_next == reader->frames.count) return prove(reader, err);
    struct sg_seek_entry entry = reader->frames.entries[reader->frame_next];
    reader->frame.used = reader->text.used = 0;
    SG_TRY(sg_buffer_reserve(&reader->frame, entry.frame_bytes, err));
    SG_TRY(sg_buffer_reserve(&reader->text, entry.text_bytes + 1, err));
    SG_TRY(sg_read_at(reader->fd, reader->frame.bytes, entry.frame_bytes, reader->offset, "shard",
                      reader->path, err));
    SG_TRY(sg_decompress_frame(reader->decompressor, reader->frame.bytes, entry.frame_bytes,
                               reader->text.bytes, entry.text_bytes, reader->path, err));
    sg_digest_update(reader->digest, reader->text.bytes, entry.text_bytes);
    reader->offset += entry.frame_bytes;
    reader->frame_next++;
    *text = reader->text.bytes;
    *size = entry.text_bytes;
    return SG_OK;
}

enum sg_code sg_shard_prove(const struct sg_shard_facts *facts, const char *out, struct sg_error *err) {
    struct sg_shard_reader *reader;
    SG_TRY(sg_shard_open(&reader, out, facts, err));
    enum sg_code code;
    const char *text;
    size_t size;
    do
        code = sg_shard_next(reader, &text, &size, err);
    while (code == SG_OK && size);
    sg_shard_close(reader);
    return code;
}

void sg_shard_close(struct sg_shard_reader *reader) {
    if (!reader) return;
    if (reader->fd >= 0) close(reader->fd);
    sg_seek_table_free(&reader->frames);
    sg_decompressor_close(reader->decompressor);
    sg_digest_close(reader->digest);
    sg_buffer_free(&reader->frame);
    sg_buffer_free(&reader->text);
    free(reader);
}
