/* The reader of batches: hands every call to the kind of the format's shard files. */
#include "io/batches.h"

#include <stdlib.h>

#include "io/shard_kind.h"

struct sg_batches {
    const struct sg_shard_kind *kind;
    void *reader;
};

enum sg_code sg_batches_open(struct sg_batches **batches, const struct sg_format_info *format,
                             const struct sg_table *table, const char *out,
                             const struct sg_shard_facts *facts, struct sg_error *err) {
    *batches = NULL;
    struct sg_batches *made = calloc(1, sizeof *made);
    if (!made) return sg_fail(err, SG_SYSTEM, "no memory to read %s", facts->path);
    made->kind = format->kind;
    enum sg_code code = made->kind->open(&made->reader, format, table, out, facts, err);
    if (code == SG_OK)
        *batches = made;
    else
        sg_batches_close(made);
    return code;
}

enum sg_code sg_batches_next(struct sg_batches *batches, const struct sg_batch **batch,
                             struct sg_error *err) {
    *batch = NULL;
    return batches->kind->next(batches->reader, batch, err);
}

void sg_batches_close(struct sg_batches *batches) {
    if (!batches) return;
    batches->kind->close(batches->reader);
    free(batches);
}

enum sg_code sg_batches_facts(struct sg_shard_facts *facts, const struct sg_format_info *format,
                              const char *out, const char *path, struct sg_error *err) {
    return format->kind->facts(facts, out, path, err);
}

enum sg_code sg_batches_prove(const struct sg_shard_facts *facts, const struct sg_format_info *format,
                              const struct sg_table *table, const char *out, struct sg_error *err) {
    if (format->kind->prove) return format->kind->prove(facts, out, err);
    struct sg_batches *batches;
    const struct sg_batch *batch;
    SG_TRY(sg_batches_open(&batches, format, table, out, facts, err));
    enum sg_code code;
    do
        code = sg_batches_next(batches, &batch, err);
    while (code == SG_OK && batch);
    sg_batches_close(batches);
    return code;
}
