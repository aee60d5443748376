/* From the command line to the exit code: options, ranks, dispatch, the one error message. */
#include "app/app.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/check_report.h"
#include "app/commands.h"
#include "app/identities.h"
#include "app/machine.h"
#include "app/option_table.h"
#include "app/rates.h"
#include "app/stats.h"

static sg_command_fn *const commands[] = {
    [SG_COMMAND_RUN] = sg_command_run,           [SG_COMMAND_PLAN] = sg_command_plan,
    [SG_COMMAND_LOAD] = sg_command_load,         [SG_COMMAND_VERIFY] = sg_command_verify,
    [SG_COMMAND_CAT] = sg_command_cat,           [SG_COMMAND_STREAM] = sg_command_stream,
    [SG_COMMAND_EXPLAIN] = sg_command_explain,   [SG_COMMAND_DATASETS] = sg_command_datasets,
    [SG_COMMAND_DATABASE] = sg_command_database, [SG_COMMAND_CLEAR] = sg_command_clear,
    [SG_COMMAND_LIVE] = sg_command_live,         [SG_COMMAND_CATALOG] = sg_command_catalog,
    [SG_COMMAND_REPORT] = sg_command_report,     [SG_COMMAND_CUSTOMERS] = sg_command_customers,
    [SG_COMMAND_VALIDATE] = sg_command_validate,
};

/* Options and program must be the same everywhere; the clock of rank 0 decides what today is. */
static enum sg_code compare_options(const struct sg_comm *comm, struct sg_options *options,
                                    struct sg_error *err) {
    enum { TEXT_BYTES = 8192 };
    uint64_t build = comm->ranks > 1 ? sg_program_hash() : 0;
    char *text = calloc(1, TEXT_BYTES);
    enum sg_code code = text ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for options");
    code = sg_comm_agree(comm, code, err);
    if (code == SG_OK) {
        if (!options->as_of_given)
            sg_comm_broadcast(comm, &options->run.as_of_day, sizeof options->run.as_of_day, 0);
        sg_options_text(options, text, TEXT_BYTES);
        code = sg_comm_same(comm, &build, sizeof build, "the program", err);
        if (code == SG_OK) code = sg_comm_same(comm, text, TEXT_BYTES, "options", err);
    }
    free(text);
    return code;
}

/* Collective. Data that fails has statistics and rates, too; its verdict stands. */
static enum sg_code with_stats(struct sg_job *job, enum sg_code code, struct sg_error *err) {
    struct sg_error unwritten = {0};
    enum sg_code written = sg_comm_agree(job->comm, sg_rates_write(job, &unwritten), &unwritten);
    if (written == SG_OK) written = sg_stats_write(job, &unwritten);
    if (code != SG_OK || written == SG_OK) return code;
    *err = unwritten;
    return written;
}

static enum sg_code run_job(const struct sg_comm *comm, struct sg_options *options, struct sg_result *result,
                            struct sg_error *err) {
    struct sg_job job = {.comm = comm,
                         .options = options,
                         .out = options->out,
                         .threads = sg_threads(comm, options->threads),
                         .result = result};
    omp_set_num_threads(job.threads); /* floors below ask for no number of their own */
    enum sg_code code = sg_progress_open(&job.progress, comm, options->quiet, err);
    if (code == SG_OK) code = commands[options->command](&job, options, err);
    if (code == SG_OK || code == SG_INVALID) code = with_stats(&job, code, err);
    sg_stage_load_close(&job);
    sg_progress_close(job.progress);
    sg_manifest_free(&job.manifest);
    sg_plan_close(&job.plan);
    if (job.world) options->dataset->world_close(job.world);
    sg_identities_close(&job);
    if (job.folder_lock) close(job.folder_lock);
    free(job.table_us);
    free(job.shard_us);
    free(job.shares);
    sg_stats_free(job.stats);
    sg_asked_free(job.asked);
    return code;
}

/* Collective. The document of --json and --result, on rank 0; NULL elsewhere and where nobody wants it. */
static enum sg_code open_result(const struct sg_comm *comm, const struct sg_options *options,
                                struct sg_result **result, struct sg_error *err) {
    bool wanted = comm->rank == 0 && (options->json || options->result[0]);
    *result = wanted ? sg_result_open() : NULL;
    bool ready = !wanted || *result;
    return sg_comm_agree(comm, ready ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for the result"), err);
}

/* Ends the document with the outcome and hands it out; a file that cannot be written fails a good run. */
static enum sg_code close_result(struct sg_result *result, const struct sg_options *options,
                                 enum sg_code code, struct sg_error *err) {
    sg_result_unwind(result);
    sg_result_text(result, "status", sg_code_name(code));
    sg_result_u64(result, "code", (uint64_t)code);
    if (code != SG_OK) sg_result_text(result, "error", err->text);
    if (options->result[0]) {
        struct sg_error unsaved = {0};
        enum sg_code saved = sg_result_save(result, options->result, &unsaved);
        if (code == SG_OK && saved != SG_OK) *err = unsaved;
        if (code == SG_OK) code = saved;
    }
    sg_result_close(result, options->json ? stdout : NULL);
    return code;
}

static enum sg_code run_command(struct sg_comm *comm, struct sg_options *options, struct sg_error *err) {
    SG_TRY(compare_options(comm, options, err));
    bool speaks = comm->rank == 0;
    if (options->command == SG_COMMAND_HELP) {
        if (speaks) sg_help_print(options->help_of, options->markdown);
        return SG_OK;
    }
    if (options->command == SG_COMMAND_VERSION) {
        if (speaks) puts("synthgen-hpc " SG_VERSION);
        return SG_OK;
    }
    bool idle = sg_rank_stands_by(comm, sg_threads(comm, options->threads));
    sg_signals_catch();
    sg_comm_stand_by(comm, idle);
    if (idle) return SG_OK;
    struct sg_result *result;
    SG_TRY(open_result(comm, options, &result, err));
    return close_result(result, options, run_job(comm, options, result, err), err);
}

int sg_app_main(int argc, char **argv) {
    struct sg_comm comm;
    struct sg_error err = {0};
    struct sg_options options;
    enum sg_code code = sg_comm_open(&comm, &argc, &argv, &err);
    if (code == SG_OK) {
        code = sg_comm_agree(&comm, sg_options_parse(&options, argc, argv, &err), &err);
        if (code == SG_OK) code = run_command(&comm, &options, &err);
    }
    if (code == SG_OK && comm.rank == 0 && (fflush(stdout) != 0 || ferror(stdout)))
        code = sg_fail(&err, SG_IO, "writing to stdout failed");
    if (code != SG_OK && comm.rank == 0) fprintf(stderr, "synthgen-hpc: %s\n", err.text);
    code = (enum sg_code)sg_comm_outcome(&comm, (int)code);
    sg_comm_close(&comm);
    return (int)code;
}
