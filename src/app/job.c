/* What commands share: planning a run, speaking on rank 0. */
#include <stdarg.h>
#include <stdio.h>

#include "app/commands.h"
#include "partition/sweep.h"

void sg_say(const struct sg_job *job, const char *format, ...) {
    if (job->comm->rank != 0 || job->options->json) return;
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
}

static enum sg_code cut(struct sg_job *job, struct sg_error *err) {
    const struct sg_options *options = job->options;
    SG_TRY(sg_plan_open(&job->plan, options->dataset, job->world, &options->run, options->wanted, err));
    return options->parts ? sg_plan_keep_part(&job->plan, options->part, options->parts, err) : SG_OK;
}

static void team_sum(void *context, uint64_t *values, size_t count) {
    sg_comm_sum(context, values, count);
}

static enum sg_code team_agree(void *context, enum sg_code code, struct sg_error *err) {
    return sg_comm_agree(context, code, err);
}

static enum sg_code team_share(void *context, enum sg_code code, const void *bytes, size_t size, void **all,
                               size_t *starts, struct sg_error *err) {
    return sg_comm_share(context, code, bytes, size, all, starts, err);
}

static enum sg_code open_together(struct sg_job *job, struct sg_error *err) {
    const struct sg_dataset *dataset = job->options->dataset;
    struct sg_comm comm = *job->comm;
    struct sg_team team = {.rank = comm.rank,
                           .ranks = comm.ranks,
                           .context = &comm,
                           .sum = team_sum,
                           .share = team_share,
                           .agree = team_agree};
    return dataset->world_open_together(&job->options->run, &team, &job->world, err);
}

enum sg_code sg_job_plan_together(struct sg_job *job, struct sg_error *err) {
    bool together = job->options->dataset->world_open_together && job->comm->ranks > 1;
    if (!together) return sg_comm_agree(job->comm, sg_job_plan(job, err), err);
    enum sg_code code = open_together(job, err);
    if (code == SG_OK) code = cut(job, err);
    return sg_comm_agree(job->comm, code, err);
}

enum sg_code sg_job_plan(struct sg_job *job, struct sg_error *err) {
    const struct sg_options *options = job->options;
    SG_TRY(options->dataset->world_open(&options->run, &job->world, err));
    return cut(job, err);
}
