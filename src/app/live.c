/* The command `live`: plays the plan of a dataset into the service it imitates, from rank 0 alone. */
#include <stdio.h>
#include <unistd.h>

#include "app/commands.h"
#include "io/files.h"

static void say(void *context, const char *text) {
    const struct sg_job *job = context;
    sg_say(job, "%s\n", text);
    if (!job->options->json) fflush(stdout);
}

/* The folder of an offline run holds files of the same names with other identifiers. */
static enum sg_code refuse_offline(const struct sg_options *options, struct sg_error *err) {
    static const char *const marks[] = {"manifest.json", "run.json"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        char path[SG_PATH_BYTES];
        SG_TRY(sg_path_join(path, options->out, marks[i], err));
        if (access(path, F_OK) == 0)
            return sg_fail(err, SG_EXISTS, "%s holds an offline run: choose another --out", options->out);
    }
    return SG_OK;
}

static enum sg_code play(struct sg_job *job, const struct sg_options *options, struct sg_error *err) {
    struct sg_live live = {.out = options->out,
                           .overwrite = options->overwrite,
                           .stopped = sg_stop_requested,
                           .say = say,
                           .context = job};
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
