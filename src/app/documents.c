/* Documents are written in two sweeps over blocks of root units, which ranks and threads divide: the first
 * counts the bytes that each block adds to each section, so that everybody knows where its blocks begin; the
 * second writes them there. A block's text is all that a thread keeps in memory. Rank 0 reads the whole file
 * once for its digest and gives it its name. */
#include "app/documents.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/fault.h"
#include "io/shared_file.h"
#include "io/stream_file.h"

enum { BLOCK_UNITS = 1024 };

/* A document in the making, and this rank's part of it. */
struct making {
    struct sg_job *job;
    const struct sg_document *document;
    uint64_t units, block_first, block_end;
    uint64_t *bytes;                  /* [block - block_first][section]: counted, then where it begins */
    uint64_t starts[SG_SECTIONS_MAX]; /* of this rank's part of each section */
    uint64_t bytes_all;               /* of the file */
    struct sg_shared_file file;
    int fd;
    atomic_int code; /* of the first failure here */
    struct sg_error *err;
};

/* What a thread does with a block. */
typedef enum sg_code block_fn(struct making *making, uint64_t first, uint64_t end, uint64_t *bytes,
                              struct sg_error *err);

static enum sg_code add_bytes(void *context, const void *bytes, size_t size, struct sg_error *err) {
    (void)bytes, (void)err;
    *(uint64_t *)context += size;
    return SG_OK;
}

static enum sg_code count_block(struct making *making, uint64_t first, uint64_t end, uint64_t *bytes,
                                struct sg_error *err) {
    struct sg_sections out = {.write = add_bytes};
    for (int s = 0; s < making->document->sections; s++)
        out.contexts[s] = &bytes[s];
    return making->document->write(making->job->world, first, end, &out, err);
}

static enum sg_code add_text(void *context, const void *bytes, size_t size, struct sg_error *err) {
    struct sg_buffer *buffer = context;
    SG_TRY(sg_buffer_reserve(buffer, size, err));
    memcpy(buffer->bytes + buffer->used, bytes, size);
    buffer->used += size;
    return SG_OK;
}

static enum sg_code write_block(struct making *making, uint64_t first, uint64_t end, uint64_t *bytes,
                                struct sg_error *err) {
    struct sg_buffer texts[SG_SECTIONS_MAX] = {{0}};
    struct sg_sections out = {.write = add_text};
    int sections = making->document->sections;
    for (int s = 0; s < sections; s++)
        out.contexts[s] = &texts[s];
    enum sg_code code = making->document->write(making->job->world, first, end, &out, err);
    for (int s = 0; s < sections; s++) {
        if (code == SG_OK && texts[s].used)
            code =
                sg_shared_file_write(&making->file, making->fd, texts[s].bytes, texts[s].used, bytes[s], err);
        sg_buffer_free(&texts[s]);
    }
    return code;
}

static void note_failure(struct making *making, enum sg_code code, const struct sg_error *err) {
#pragma omp critical(sg_documents_fail)
    if (atomic_load(&making->code) == SG_OK) {
        *making->err = *err;
        atomic_store(&making->code, (int)code);
    }
}

/* Local. Does something with each of this rank's blocks, on all its threads. */
static enum sg_code sweep(struct making *making, block_fn *work) {
    int sections = making->document->sections;
#pragma omp parallel for schedule(dynamic) num_threads(making->job->threads)
    for (uint64_t block = making->block_first; block < making->block_end; block++) {
        struct sg_error err = {0};
        uint64_t first = block * BLOCK_UNITS, end = first + BLOCK_UNITS;
        if (atomic_load(&making->code) != SG_OK) continue;
        enum sg_code code = sg_stop_requested()
                                ? sg_stopped(making->job, &err)
                                : work(making, first, end < making->units ? end : making->units,
                                       &making->bytes[(block - making->block_first) * sections], &err);
        if (code != SG_OK) note_failure(making, code, &err);
    }
    return (enum sg_code)atomic_load(&making->code);
}

/* From the bytes of blocks to where they begin; *sums are those of this rank. */
static void add_up(struct making *making, uint64_t sums[SG_SECTIONS_MAX]) {
    int sections = making->document->sections;
    uint64_t blocks = making->block_end - making->block_first;
    for (int s = 0; s < sections; s++)
        for (uint64_t block = 0; block < blocks; block++) {
            uint64_t *bytes = &making->bytes[block * sections + s], own = *bytes;
            *bytes = sums[s];
            sums[s] += own;
        }
}

/* Collective. Where this rank's blocks begin in the file. */
static enum sg_code place(struct making *making, enum sg_code code, struct sg_error *err) {
    const struct sg_comm *comm = making->job->comm;
    int sections = making->document->sections;
    uint64_t sums[SG_SECTIONS_MAX] = {0}, *all = NULL;
    size_t *starts = sg_alloc_array((size_t)comm->ranks + 1, sizeof *starts);
    if (code == SG_OK && !starts) code = sg_fail(err, SG_SYSTEM, "no memory for a document");
    SG_TRY(sg_comm_agree(comm, code, err));
    add_up(making, sums);
    code = sg_comm_share(comm, SG_OK, sums, sizeof sums, (void **)&all, starts, err);
    for (int s = 0; code == SG_OK && s < sections; s++)
        for (int rank = 0; rank < comm->ranks; rank++) {
            if (rank == comm->rank) making->starts[s] = making->bytes_all;
            making->bytes_all += all[(size_t)rank * SG_SECTIONS_MAX + (size_t)s];
        }
    uint64_t cells = (making->block_end - making->block_first) * (uint64_t)sections;
    for (uint64_t i = 0; code == SG_OK && i < cells; i++)
        making->bytes[i] += making->starts[i % (uint64_t)sections];
    free(all);
    free(starts);
    return code;
}

/* Collective. Rank 0 makes the file; all ranks fill it. */
static enum sg_code fill(struct making *making, struct sg_error *err) {
    const struct sg_comm *comm = making->job->comm;
    struct sg_shared_file *file = &making->file;
    enum sg_code code = SG_OK;
    if (comm->rank == 0)
        code = sg_shared_file_make(file, making->job->out, making->document->path, making->bytes_all, err);
    SG_TRY(sg_comm_agree(comm, code, err));
    sg_comm_broadcast(comm, file, sizeof *file, 0);
    code = sg_shared_file_open(file, &making->fd, err);
    if (code == SG_OK) code = sweep(making, write_block);
    struct sg_error late = {0};
    enum sg_code closed = sg_shared_file_close(file, making->fd, &late);
    if (code == SG_OK && closed != SG_OK) {
        code = closed;
        *err = late;
    }
    return sg_comm_agree(comm, code, err);
}

/* Collective. The facts are those of the bytes that are on the disk. */
static enum sg_code finish(struct making *making, enum sg_code code, struct sg_file_facts *facts,
                           struct sg_error *err) {
    const struct sg_comm *comm = making->job->comm;
    if (comm->rank == 0) {
        if (code == SG_OK) code = sg_file_facts_of(making->file.temporary, facts, err);
        if (code == SG_OK && facts->bytes != making->bytes_all)
            code =
                sg_fail(err, SG_INTERNAL, "%s has %" PRIu64 " bytes, not the %" PRIu64 " that were counted",
                        making->file.path, facts->bytes, making->bytes_all);
        if (making->file.temporary[0]) code = sg_shared_file_end(&making->file, code, err);
    }
    SG_TRY(sg_comm_agree(comm, code, err));
    sg_comm_broadcast(comm, facts, sizeof *facts, 0);
    return SG_OK;
}

/* Collective. */
static enum sg_code write_one(struct sg_job *job, const struct sg_document *document,
                              struct sg_file_facts *facts, struct sg_error *err) {
    uint64_t units = job->plan.dataset->unit_count(job->world, 0), rank = (uint64_t)job->comm->rank;
    uint64_t blocks = (units + BLOCK_UNITS - 1) / BLOCK_UNITS, ranks = (uint64_t)job->comm->ranks;
    struct making making = {.job = job,
                            .document = document,
                            .units = units,
                            .block_first = blocks * rank / ranks,
                            .block_end = blocks * (rank + 1) / ranks,
                            .fd = -1,
                            .err = err};
    making.bytes =
        sg_alloc_array(making.block_end - making.block_first + 1, document->sections * sizeof *making.bytes);
    enum sg_code code =
        making.bytes ? sweep(&making, count_block) : sg_fail(err, SG_SYSTEM, "no memory for a document");
    code = place(&making, code, err);
    if (code == SG_OK) code = finish(&making, fill(&making, err), facts, err);
    free(making.bytes);
    return code;
}

enum sg_code sg_documents_write(struct sg_job *job, struct sg_error *err) {
    const struct sg_dataset *dataset = job->plan.dataset;
    if (!dataset->document_count) return SG_OK;
    struct sg_file_facts *facts = job->manifest.documents =
        sg_alloc_array(dataset->document_count, sizeof *facts);
    enum sg_code code = facts ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for the manifest");
    code = sg_comm_agree(job->comm, code, err);
    for (int i = 0; code == SG_OK && i < dataset->document_count; i++)
        code = write_one(job, &dataset->documents[i], &facts[i], err);
    return code;
}

static enum sg_code check_one(const struct sg_job *job, int i, struct sg_check_result *result,
                              struct sg_error *err) {
    const char *path = job->manifest.dataset->documents[i].path;
    const struct sg_file_facts *wanted = &job->manifest.documents[i];
    struct sg_file_facts found;
    struct sg_error own = {0};
    char digest[33], expected[33];
    enum sg_code code = sg_file_facts_read(job->out, path, &found, &own);
    if (code != SG_OK && code != SG_NO_INPUT) {
        *err = own;
        return code;
    }
    sg_digest_text(wanted->digest, expected);
    if (code == SG_NO_INPUT) {
        sg_check_fail(result, 0, "is not there");
        return SG_OK;
    }
    sg_digest_text(found.digest, digest);
    if (found.bytes != wanted->bytes || strcmp(digest, expected) != 0)
        sg_check_fail(result, 0, "%" PRIu64 " bytes with digest %s, the manifest says %" PRIu64 " with %s",
                      found.bytes, digest, wanted->bytes, expected);
    return SG_OK;
}

enum sg_code sg_documents_check(const struct sg_job *job, struct sg_check_list *list, struct sg_error *err) {
    const struct sg_manifest *manifest = &job->manifest;
    for (int i = 0; i < manifest->dataset->document_count && !manifest->partial; i++) {
        char name[SG_CHECK_NAME_BYTES];
        snprintf(name, sizeof name, "document:%s", manifest->dataset->documents[i].path);
        struct sg_check_result *result = sg_check_new(list, "", name, err);
        if (!result) return SG_SYSTEM;
        if (manifest->documents)
            SG_TRY(check_one(job, i, result, err));
        else
            sg_check_skip(result, "the manifest was made before it knew digests of documents");
    }
    return SG_OK;
}
