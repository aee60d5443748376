/* validate: the data-quality checks of the cardholders seed on any customers CSV file. */
#include <string.h>

#include "app/audit_file.h"
#include "app/commands.h"

static enum sg_code validate(const struct sg_job *job, struct ch_audit *audit, struct sg_error *err) {
    const char *path = job->options->out;
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    SG_TRY(ch_audit_open(audit, err));
    SG_TRY(sg_audit_file(audit, path, err));
    sg_say(job, "%s\n", name);
    sg_result_text(job->result, "file", name);
    sg_audit_report_checks(job, audit);
    sg_audit_report_statistics(job, audit);
    SG_TRY(sg_audit_verdict(audit, name, err));
    sg_say(job, "\nValidation passed!\n");
    return SG_OK;
}

enum sg_code sg_command_validate(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    (void)options;
    enum sg_code code = SG_OK;
    if (job->comm->rank == 0) {
        struct ch_audit audit;
        code = validate(job, &audit, err);
        ch_audit_close(&audit);
    }
    return sg_comm_agree(job->comm, code, err);
}
