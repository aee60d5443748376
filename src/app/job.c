/* What commands share: planning a run, speaking on rank 0. */
#include <stdarg.h>
#include <stdio.h>

#include "app/commands.h"

void sg_say(const struct sg_job *job, const char *format, ...) {
    if (job->comm->rank != 0 || job->options->json) return;
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
}

enum sg_code sg_job_plan(struct sg_job *job, struct sg_error *err) {
    const struct sg_options *options = job->options;
    SG_TRY(options->dataset->world_open(&options->run, &job->world, err));
    SG_TRY(sg_plan_open(&job->plan, options->dataset, job->world, &options->run, options->wanted, err));
    return options->parts ? sg_plan_keep_part(&job->plan, options->part, options->parts, err) : SG_OK;
}
