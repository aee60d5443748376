/* Documents are streamed into a temporary file, which gets its name once it is complete and synced. */
#include "app/documents.h"

#include "io/stream_file.h"

enum sg_code sg_documents_write(const struct sg_job *job, struct sg_error *err) {
    const struct sg_dataset *dataset = job->options->dataset;
    for (int i = 0; i < dataset->document_count; i++) {
        struct sg_stream_file *file;
        SG_TRY(sg_stream_file_open(&file, job->out, dataset->documents[i].path, err));
        enum sg_code code = dataset->documents[i].write(job->world, sg_stream_file_write, file, err);
        SG_TRY(sg_stream_file_close(file, code, err));
    }
    return SG_OK;
}
