/* The commands, one function each. All are Collective and leave every rank with the same code and text. */
#ifndef SG_APP_COMMANDS_H
#define SG_APP_COMMANDS_H

#include "app/folder.h"
#include "app/stages.h"

/* A command may complete options (as-of date of a run found); `job->options` points to them. */
typedef enum sg_code sg_command_fn(struct sg_job *job, struct sg_options *options, struct sg_error *err);

sg_command_fn sg_command_run, sg_command_plan, sg_command_load, sg_command_verify, sg_command_cat,
    sg_command_stream, sg_command_explain, sg_command_customers, sg_command_validate, sg_command_datasets,
    sg_command_database, sg_command_clear, sg_command_catalog, sg_command_live, sg_command_report;

/* Local. Opens job->world and job->plan. */
enum sg_code sg_job_plan(struct sg_job *job, struct sg_error *err);
/* Collective. The same on all ranks, which divide the work where the dataset can. */
enum sg_code sg_job_plan_together(struct sg_job *job, struct sg_error *err);

/* Reports, rank 0 (others do nothing); they print with sg_say and fill job->result. */
enum sg_code sg_report_plan(struct sg_job *job, struct sg_error *err);
void sg_report_run(struct sg_job *job, bool was_complete);
/* Identity of the run: dataset, size, seed, as-of, format. */
void sg_report_identity(struct sg_job *job, const struct sg_run *run, const char *format);
/* Seconds and rates of the stages so far. */
void sg_report_stages(struct sg_job *job);

#endif
