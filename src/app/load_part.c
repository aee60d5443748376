/* Shards to binary COPY: binary shards go as they are, COPY text is transcoded, all others are read as
 * batches and encoded. */
#include "app/load_part.h"

#include "base/fault.h"
#include "io/batches.h"
#include "io/encode_binary.h"
#include "io/transcode.h"

enum sg_code sg_load_fault(const char *step, struct sg_error *err) {
    int number = SG_FAULT("load", step);
    return number ? sg_fail_errno(err, SG_IO, number, "load.%s failed", step) : SG_OK;
}

/* A shard on its way into a COPY: opened before the COPY begins. */
struct source {
    struct sg_shard_reader *shard;    /* of rows: COPY text or binary */
    struct sg_transcoder *transcoder; /* COPY text */
    struct sg_batches *batches;       /* all others */
    struct sg_buffer encoded;
    const char *name;
};

static enum sg_code open_source(struct source *source, const struct sg_job *job, const struct sg_table *table,
                                const struct sg_shard_facts *facts, struct sg_error *err) {
    const struct sg_format_info *format = sg_format_find(job->manifest.format);
    source->name = facts->path;
    if (!format->encode || format->rows == SG_ROWS_CSV)
        return sg_batches_open(&source->batches, format, table, job->out, facts, err);
    if (format->rows == SG_ROWS_COPY) SG_TRY(sg_transcoder_open(&source->transcoder, table, err));
    return sg_shard_open(&source->shard, job->out, facts, err);
}

static void close_source(struct source *source) {
    sg_shard_close(source->shard);
    sg_transcoder_close(source->transcoder);
    sg_batches_close(source->batches);
    sg_buffer_free(&source->encoded);
}

static enum sg_code send_encoded(struct sg_pg *pg, struct source *source, struct sg_error *err) {
    SG_TRY(sg_load_fault("send", err));
    SG_TRY(sg_pg_copy_send(pg, source->encoded.bytes, source->encoded.used, err));
    source->encoded.used = 0;
    return SG_OK;
}

static enum sg_code send_frame(struct sg_pg *pg, struct source *source, const char *text, size_t size,
                               struct sg_error *err) {
    const char *at = text, *end = text + size;
    while (at < end) {
        SG_TRY(sg_transcode(source->transcoder, source->name, &at, end, &source->encoded, err));
        SG_TRY(send_encoded(pg, source, err));
    }
    return SG_OK;
}

static enum sg_code send_frames(struct sg_pg *pg, struct source *source, struct sg_error *err) {
    for (;;) {
        const char *bytes;
        size_t size;
        SG_TRY(sg_shard_next(source->shard, &bytes, &size, err));
        if (size == 0) return SG_OK;
        if (source->transcoder) {
            SG_TRY(send_frame(pg, source, bytes, size, err));
        } else {
            SG_TRY(sg_load_fault("send", err));
            SG_TRY(sg_pg_copy_send(pg, bytes, size, err));
        }
    }
}

static enum sg_code send_batches(struct sg_pg *pg, struct source *source, struct sg_error *err) {
    for (;;) {
        const struct sg_batch *batch;
        SG_TRY(sg_batches_next(source->batches, &batch, err));
        if (!batch) return SG_OK;
        SG_TRY(sg_encode_binary(batch, &source->encoded, err));
        SG_TRY(send_encoded(pg, source, err));
    }
}

/* Binary shards are whole streams; for the others header and trailer come from here. */
static enum sg_code send_source(struct sg_pg *pg, struct source *source, struct sg_error *err) {
    bool whole = source->shard && !source->transcoder;
    if (whole) return send_frames(pg, source, err);
    SG_TRY(sg_pg_copy_send(pg, sg_binary_header, SG_BINARY_HEADER_BYTES, err));
    SG_TRY(source->batches ? send_batches(pg, source, err) : send_frames(pg, source, err));
    return sg_pg_copy_send(pg, sg_binary_trailer, SG_BINARY_TRAILER_BYTES, err);
}

enum sg_code sg_load_shard(const struct sg_job *job, struct sg_pg *pg, const char *statement,
                           const struct sg_table *table, const struct sg_shard_facts *facts,
                           struct sg_error *err) {
    struct source source = {0};
    uint64_t stored = 0;
    enum sg_code code = open_source(&source, job, table, facts, err);
    if (code == SG_OK) code = sg_pg_copy_begin(pg, statement, err);
    if (code == SG_OK) code = send_source(pg, &source, err);
    if (code == SG_OK)
        code = sg_pg_copy_end(pg, &stored, err);
    else
        sg_pg_copy_abandon(pg);
    close_source(&source);
    if (code == SG_OK && stored != facts->rows)
        return sg_fail(err, SG_CORRUPT, "%s: PostgreSQL stored %llu rows, the manifest says %llu",
                       facts->path, (unsigned long long)stored, (unsigned long long)facts->rows);
    return code;
}

/* The relation that a part fills. */
static const struct sg_table *part_table(const char **schema, struct sg_pg_partition *partition,
                                         const struct sg_manifest_table *table,
                                         const struct sg_pg_parts *parts, uint32_t part) {
    if (parts->layout != SG_PG_PARTITIONED) return table->table;
    sg_pg_partition_of(partition, *schema, table->table, part);
    *schema = partition->schema;
    return &partition->table;
}

static enum sg_code copy_shards(const struct sg_job *job, struct sg_pg *pg,
                                const struct sg_manifest_table *table, const struct sg_pg_parts *parts,
                                uint32_t part, struct sg_error *err) {
    struct sg_pg_partition partition;
    struct sg_sql copy = {0};
    const char *schema = job->manifest.dataset->schema;
    const struct sg_table *filled = part_table(&schema, &partition, table, parts, part);
    bool freeze = parts->layout != SG_PG_SHARED;
    enum sg_code code = SG_OK;
    sg_ddl_copy(&copy, schema, filled, freeze);
    if (freeze) code = sg_pg_run(pg, err, "TRUNCATE %s", SG_DDL_TABLE(schema, filled->name));
    if (code == SG_OK) code = sg_sql_check(&copy, err);
    for (uint32_t i = parts->items[part].shard_first; code == SG_OK && i < parts->items[part].shard_end;
         i++) {
        code = sg_load_shard(job, pg, copy.text, table->table, &table->shards[i], err);
        if (code == SG_OK) sg_progress_add(job->progress, table->shards[i].rows);
    }
    sg_sql_free(&copy);
    return code;
}

enum sg_code sg_load_part(const struct sg_job *job, struct sg_pg *pg, const struct sg_manifest_table *table,
                          const struct sg_pg_parts *parts, uint32_t part, struct sg_error *err) {
    struct sg_sql finish = {0};
    SG_TRY(copy_shards(job, pg, table, parts, part, err));
    sg_ddl_finish_part(&finish, job->manifest.dataset->schema, table->table, parts, part);
    enum sg_code code = sg_sql_check(&finish, err);
    if (code == SG_OK && finish.text) code = sg_pg_run_text(pg, finish.text, err);
    sg_sql_free(&finish);
    return code;
}
