/* The command `live`: plays the plan of a dataset into the service it imitates, from rank 0 alone. live.json
 * in the folder says whose files they are. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "io/files.h"

enum { MARK_BYTES = 512 };

static const char mark_name[] = "live.json";

static void say(void *context, const char *text) {
    const struct sg_job *job = context;
    sg_say(job, "%s\n", text);
    if (!job->options->json) fflush(stdout);
}

static enum sg_code is_there(const struct sg_options *options, const char *name, bool *there,
                             struct sg_error *err) {
    char path[SG_PATH_BYTES];
    SG_TRY(sg_path_join(path, options->out, name, err));
    *there = access(path, F_OK) == 0;
    return SG_OK;
}

/* The folder of an offline run holds files of the same names with other identifiers. */
static enum sg_code refuse_offline(const struct sg_options *options, struct sg_error *err) {
    static const char *const marks[] = {"manifest.json", "run.json"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        bool there;
        SG_TRY(is_there(options, marks[i], &there, err));
        if (there)
            return sg_fail(err, SG_EXISTS, "%s holds an offline run: choose another --out", options->out);
    }
    return SG_OK;
}

/* Files of another run, or of nobody known, are left alone. */
static enum sg_code refuse_others(const struct sg_options *options, const char *path, const char *wanted,
                                  struct sg_error *err) {
    struct sg_buffer mark = {0};
    bool there = false, marked;
    SG_TRY(is_there(options, mark_name, &marked, err));
    for (int i = 0; i < options->dataset->document_count && !there && !marked; i++)
        SG_TRY(is_there(options, options->dataset->documents[i].path, &there, err));
    if (there)
        return sg_fail(err, SG_EXISTS, "%s holds a config folder without %s: choose another --out",
                       options->out, mark_name);
    if (!marked) return SG_OK;
    enum sg_code code = sg_read_file("mark", path, MARK_BYTES, &mark, err);
    if (code == SG_OK && strcmp(mark.bytes, wanted) != 0)
        code = sg_fail(err, SG_EXISTS,
                       "%s holds another live run (%s): choose another --out, or give --overwrite",
                       options->out, path);
    sg_buffer_free(&mark);
    return code;
}

static enum sg_code claim(void *context, const char *run, struct sg_error *err) {
    struct sg_job *job = context;
    const struct sg_options *options = job->options;
    char path[SG_PATH_BYTES], mark[MARK_BYTES];
    int size =
        snprintf(mark, sizeof mark, "{\"dataset\": \"%s\", \"run\": \"%s\"}\n", options->dataset->name, run);
    SG_TRY(sg_folder_claim(job, err));
    SG_TRY(refuse_offline(options, err));
    SG_TRY(sg_path_join(path, options->out, mark_name, err));
    if (!options->overwrite) SG_TRY(refuse_others(options, path, mark, err));
    for (int i = 0; i < options->dataset->document_count; i++) {
        char document[SG_PATH_BYTES];
        SG_TRY(sg_path_join(document, options->out, options->dataset->documents[i].path, err));
        SG_TRY(sg_make_parents(document, err));
    }
    return sg_write_file("mark", path, mark, (size_t)size, err);
}

static enum sg_code play(struct sg_job *job, const struct sg_options *options, struct sg_error *err) {
    struct sg_live live = {.out = options->out,
                           .claim = claim,
                           .overwrite = options->overwrite,
                           .stopped = sg_stop_requested,
                           .say = say,
                           .context = job};
    job->out = options->out;
    SG_TRY(refuse_offline(options, err));
    SG_TRY(options->dataset->world_open(&options->run, &job->world, err));
    SG_TRY(options->dataset->live(job->world, &live, err));
    sg_result_text(job->result, "live", options->out);
    return SG_OK;
}

enum sg_code sg_command_live(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    if (!options->dataset->live)
        return sg_fail(err, SG_USAGE, "%s has no live service: give --dataset screenbilling",
                       options->dataset->name);
    enum sg_code code = job->comm->rank == 0 ? play(job, options, err) : SG_OK;
    return sg_comm_agree(job->comm, code, err);
}
