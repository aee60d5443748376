/* The commands that walk stages: run, plan, load, verify. */
#include "app/commands.h"
#include "app/identities.h"

/* Nothing is made, so rank 0 plans alone. */
enum sg_code sg_command_plan(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    (void)options;
    enum sg_code code = SG_OK;
    if (job->comm->rank == 0) {
        code = sg_job_plan(job, err);
        if (code == SG_OK) code = sg_report_plan(job, err);
    }
    return sg_comm_agree(job->comm, code, err);
}

/* Makes the run in `out`, or finds it there. */
static enum sg_code make(struct sg_job *job, enum sg_folder found, struct sg_error *err) {
    if (found == SG_FOLDER_COMPLETE) {
        sg_manifest_free(&job->manifest);
        return sg_folder_read(job, err);
    }
    sg_progress_begin(job->progress, "plan", 0, 0, 0);
    SG_TRY(sg_job_plan_together(job, err));
    sg_progress_end(job->progress);
    SG_TRY(sg_folder_prepare(job, found, err));
    return sg_stage_generate(job, found == SG_FOLDER_RESUME || job->options->parts, err);
}

/* The shards of one part; everything that needs the whole run is left to the run that completes it. */
static enum sg_code make_part(struct sg_job *job, enum sg_folder found, struct sg_error *err) {
    if (job->identities)
        return sg_fail(
            err, SG_USAGE,
            "--part cannot create users in a Cognito pool: unset COGNITO_USER_POOL_ID, or make the "
            "run in one piece");
    if (found == SG_FOLDER_COMPLETE)
        sg_say(job, "%s is already complete: nothing to make\n", job->out);
    else
        SG_TRY(make(job, found, err));
    sg_report_stages(job);
    return SG_OK;
}

static enum sg_code load(struct sg_job *job, struct sg_error *err) {
    SG_TRY(sg_stage_load(job, err));
    return sg_stage_verify_database(job, err);
}

enum sg_code sg_command_run(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    if (options->dry_run) return sg_command_plan(job, options, err);
    enum sg_folder found;
    SG_TRY(sg_identities_look(job, options, err));
    SG_TRY(sg_folder_inspect(job->comm, options, &found, err));
    sg_report_identity(job, &options->run, options->format);
    bool loads = options->target != SG_TARGET_NONE;
    sg_folder_identity(options, &job->manifest);
    if (options->parts) return make_part(job, found, err);
    if (loads) SG_TRY(sg_stage_load_check(job, err));
    SG_TRY(sg_identities_complete(job, options, err));
    sg_folder_identity(options, &job->manifest);
    SG_TRY(make(job, found, err));
    SG_TRY(sg_stage_verify(job, err));
    if (loads) SG_TRY(load(job, err));
    sg_report_run(job, found == SG_FOLDER_COMPLETE);
    return SG_OK;
}

enum sg_code sg_command_load(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    (void)options;
    SG_TRY(sg_folder_read(job, err));
    sg_report_identity(job, &job->manifest.run, job->manifest.format);
    SG_TRY(sg_folder_demand_valid(job, err));
    SG_TRY(load(job, err));
    sg_report_stages(job);
    return SG_OK;
}

/* The database first, so that the page can tell its answers; a page is written whatever they are. */
enum sg_code sg_command_report(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    struct sg_error fault = {0};
    enum sg_code answer = SG_OK;
    SG_TRY(sg_folder_read(job, err));
    sg_report_identity(job, &job->manifest.run, job->manifest.format);
    if (options->target != SG_TARGET_NONE) answer = sg_stage_verify_database(job, &fault);
    enum sg_code code = answer == SG_OK || answer == SG_INVALID ? sg_stage_verify(job, err) : SG_OK;
    if (code != SG_OK || answer == SG_OK) return code;
    *err = fault;
    return answer;
}

/* The shards, unless only a database was named; the database, when one was. */
enum sg_code sg_command_verify(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    bool database = options->target != SG_TARGET_NONE;
    SG_TRY(sg_folder_read(job, err));
    sg_report_identity(job, &job->manifest.run, job->manifest.format);
    if (!database || options->out_given) SG_TRY(sg_stage_verify(job, err));
    if (database) SG_TRY(sg_stage_verify_database(job, err));
    sg_report_stages(job);
    return SG_OK;
}
