/* customers: the command-line ways of the cardholders seed. One plain CSV file of customers with its
 * statistics and, if asked, the historical transaction files beside it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/audit_file.h"
#include "app/commands.h"
#include "app/historical.h"
#include "io/files.h"

/* The file being written. */
struct output {
    const struct sg_job *job;
    int fd;
    const char *path;
    const struct sg_format_info *format;
    struct sg_buffer buffer;
};

static enum sg_code write_batch(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct output *output = context;
    if (sg_stop_requested()) return sg_fail(err, SG_STOPPED, "stopped on request; nothing was written");
    output->buffer.used = 0;
    SG_TRY(output->format->encode(batch, &output->buffer, err));
    sg_progress_add(output->job->progress, batch->rows);
    return sg_write_all(output->fd, output->buffer.bytes, output->buffer.used, "customers", output->path,
                        err);
}

static enum sg_code write_rows(struct output *output, struct sg_error *err) {
    const struct sg_job *job = output->job;
    const struct sg_dataset *dataset = job->options->dataset;
    const struct sg_table *table = dataset->tables[0];
    struct sg_emitter emitter;
    SG_TRY(output->format->encode_header(table, &output->buffer, err));
    SG_TRY(
        sg_write_all(output->fd, output->buffer.bytes, output->buffer.used, "customers", output->path, err));
    enum sg_code code = sg_emitter_open(&emitter, table, write_batch, output, err);
    if (code == SG_OK) code = dataset->generate(job->world, 0, 0, job->options->run.units, &emitter, err);
    if (code == SG_OK) code = sg_emitter_flush(&emitter, err);
    sg_emitter_close(&emitter);
    return code;
}

/* A file is replaced, a folder or a device never. */
static enum sg_code check_output(const char *path, struct sg_error *err) {
    struct stat status;
    if (strcmp(path, "-") == 0)
        return sg_fail(err, SG_USAGE,
                       "--output - is not the name of a file: stream writes to standard output "
                       "(synthgen-hpc help stream)");
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return sg_fail(err, SG_USAGE, "--output %s is a %s: give the name of a plain file", path,
                       S_ISDIR(status.st_mode) ? "folder" : "device or pipe");
    return SG_OK;
}

/* Writes the file under a temporary name; it replaces the one of its name when it is whole. */
static enum sg_code write_customers(const struct sg_job *job, struct sg_error *err) {
    const char *path = job->options->out;
    char temporary[SG_PATH_BYTES];
    SG_TRY(sg_make_parents(path, err));
    SG_TRY(sg_path_temporary(temporary, path, err));
    struct output output = {.job = job, .path = temporary, .format = sg_format_find("csv")};
    output.fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (output.fd < 0) return sg_fail_errno(err, SG_IO, errno, "cannot create %s", temporary);
    enum sg_code code = write_rows(&output, err);
    if (code == SG_OK)
        code = sg_publish(output.fd, "customers", temporary, path, err);
    else
        close(output.fd);
    if (code != SG_OK) unlink(temporary);
    sg_buffer_free(&output.buffer);
    return code;
}

static enum sg_code audit_customers(const struct sg_job *job, struct ch_audit *audit, struct sg_error *err) {
    const char *path = job->options->out;
    SG_TRY(ch_audit_open(audit, err));
    SG_TRY(sg_audit_file(audit, path, err));
    sg_say(job, "%s: %" PRIu64 " customers, seed %" PRIu64 "\n", path, audit->rows, job->options->run.seed);
    sg_result_text(job->result, "file", path);
    sg_audit_report_checks(job, audit);
    sg_audit_report_statistics(job, audit);
    return sg_audit_verdict(audit, path, err);
}

static enum sg_code make_customers(const struct sg_job *job, struct sg_error *err) {
    if (job->comm->rank != 0) return SG_OK;
    struct ch_audit audit;
    SG_TRY(write_customers(job, err));
    enum sg_code code = audit_customers(job, &audit, err);
    ch_audit_close(&audit);
    return code;
}

enum sg_code sg_command_customers(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    const struct sg_comm *comm = job->comm;
    bool history = options->transactions[0];
    SG_TRY(sg_comm_agree(comm, comm->rank == 0 ? check_output(options->out, err) : SG_OK, err));
    if (history) SG_TRY(sg_historical_check(job, err));
    SG_TRY(sg_job_plan_together(job, err));
    uint64_t rows = options->run.units;
    sg_progress_begin(job->progress, "customers", comm->rank == 0 ? rows : 0, rows, 0);
    enum sg_code code = sg_comm_agree(comm, make_customers(job, err), err);
    sg_progress_end(job->progress);
    if (code == SG_OK && history) code = sg_historical_write(job, err);
    return code;
}
