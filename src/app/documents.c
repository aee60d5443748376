/* Documents are streamed into a temporary file, which gets its name once it is complete and synced. */
#include "app/documents.h"

#include <inttypes.h>
#include <string.h>

#include "base/checked.h"
#include "io/stream_file.h"

enum sg_code sg_documents_write(struct sg_job *job, struct sg_error *err) {
    const struct sg_dataset *dataset = job->options->dataset;
    if (!dataset->document_count) return SG_OK;
    struct sg_file_facts *facts = job->manifest.documents =
        sg_alloc_array(dataset->document_count, sizeof *facts);
    if (!facts) return sg_fail(err, SG_SYSTEM, "no memory for the manifest");
    for (int i = 0; i < dataset->document_count; i++) {
        struct sg_stream_file *file;
        SG_TRY(sg_stream_file_open(&file, job->out, dataset->documents[i].path, err));
        enum sg_code code = dataset->documents[i].write(job->world, sg_stream_file_write, file, err);
        SG_TRY(sg_stream_file_close(file, code, &facts[i], err));
    }
    return SG_OK;
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
