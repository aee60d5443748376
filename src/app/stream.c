/* stream: makes the rows of one table and writes their text to stdout, in row order, without a folder.
 * Threads take shards in order; the one whose shard is next writes as it goes, the others collect their
 * shard's text until its turn comes. Memory: a shard's text per thread. Rank 0 does it alone. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "io/encode.h"

enum { WRITE_BYTES = 256 << 10 };

struct stream {
    const struct sg_job *job;
    const struct sg_format_info *format;
    atomic_size_t next; /* shard to be taken */
    atomic_size_t turn; /* shard that may be written */
    atomic_bool stop;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t moved; /* turn or stop */
    enum sg_code code;    /* first failure */
    struct sg_error *err;
};

/* A shard in the making, and the text not yet written. */
struct piece {
    struct stream *stream;
    size_t shard;
    struct sg_buffer text;
};

static void fail(struct stream *stream, enum sg_code code, const struct sg_error *err) {
    pthread_mutex_lock(&stream->lock);
    if (stream->code == SG_OK) {
        stream->code = code;
        *stream->err = *err;
    }
    atomic_store(&stream->stop, true);
    pthread_cond_broadcast(&stream->moved);
    pthread_mutex_unlock(&stream->lock);
}

static enum sg_code write_out(struct sg_buffer *text, struct sg_error *err) {
    for (size_t at = 0; at < text->used;) {
        ssize_t written = write(STDOUT_FILENO, text->bytes + at, text->used - at);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return sg_fail(err, SG_IO, "writing to stdout failed: %s", strerror(errno));
        at += (size_t)written;
    }
    text->used = 0;
    return SG_OK;
}

static enum sg_code take_batch(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct piece *piece = context;
    struct stream *stream = piece->stream;
    if (sg_stop_requested()) return sg_fail(err, SG_STOPPED, "stopped on request before the last row");
    if (atomic_load_explicit(&stream->stop, memory_order_relaxed)) return SG_STOPPED;
    SG_TRY(stream->format->encode(batch, &piece->text, err));
    bool due = piece->text.used >= WRITE_BYTES && atomic_load(&stream->turn) == piece->shard;
    return due ? write_out(&piece->text, err) : SG_OK;
}

static enum sg_code make_text(struct piece *piece, struct sg_error *err) {
    const struct sg_plan *plan = &piece->stream->job->plan;
    const struct sg_shard *shard = &plan->shards[piece->shard];
    const struct sg_table *table = plan->dataset->tables[shard->table];
    const struct sg_format_info *format = piece->stream->format;
    if (format->header && piece->shard == 0) SG_TRY(format->encode_header(table, &piece->text, err));
    return sg_plan_make(plan, shard, take_batch, piece, err);
}

/* Waits until all shards before are written, writes the rest of this one, and lets the next go on. */
static enum sg_code write_in_turn(struct piece *piece, struct sg_error *err) {
    struct stream *stream = piece->stream;
    pthread_mutex_lock(&stream->lock);
    while (atomic_load(&stream->turn) != piece->shard && !atomic_load(&stream->stop))
        pthread_cond_wait(&stream->moved, &stream->lock);
    pthread_mutex_unlock(&stream->lock);
    if (atomic_load(&stream->stop)) return SG_STOPPED;
    SG_TRY(write_out(&piece->text, err));
    pthread_mutex_lock(&stream->lock);
    atomic_fetch_add(&stream->turn, 1);
    pthread_cond_broadcast(&stream->moved);
    pthread_mutex_unlock(&stream->lock);
    return SG_OK;
}

static void work_on(struct stream *stream) {
    struct piece piece = {.stream = stream};
    while (!atomic_load(&stream->stop)) {
        piece.shard = atomic_fetch_add(&stream->next, 1);
        if (piece.shard >= stream->job->plan.shard_count) break;
        struct sg_error err = {0};
        enum sg_code code = make_text(&piece, &err);
        if (code == SG_OK) code = write_in_turn(&piece, &err);
        bool others_failed = code == SG_STOPPED && err.code == SG_OK;
        if (code != SG_OK && !others_failed) fail(stream, code, &err);
    }
    sg_buffer_free(&piece.text);
}

static enum sg_code stream_table(struct sg_job *job, struct sg_error *err) {
    struct stream stream = {.job = job, .format = sg_format_find(job->options->format), .err = err};
    if (!stream.format->encode)
        return sg_fail(err, SG_USAGE, "format %s is not text: stream writes copy or csv",
                       stream.format->name);
    SG_TRY(sg_job_plan(job, err));
    pthread_mutex_init(&stream.lock, NULL);
    pthread_cond_init(&stream.moved, NULL);
#pragma omp parallel num_threads(job->threads)
    work_on(&stream);
    pthread_cond_destroy(&stream.moved);
    pthread_mutex_destroy(&stream.lock);
    return stream.code;
}

enum sg_code sg_command_stream(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    (void)options;
    enum sg_code code = job->comm->rank == 0 ? stream_table(job, err) : SG_OK;
    return sg_comm_agree(job->comm, code, err);
}
