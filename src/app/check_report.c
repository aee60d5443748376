/* Verification results as a table on stdout and as a member of the JSON result. */
#include "app/check_report.h"

#include <stdlib.h>

#include "app/options.h"

static void add_member(struct sg_result *result, const char *member, const struct sg_check_list *list) {
    static const char *const status_names[] = {
        [SG_CHECK_PASS] = "pass", [SG_CHECK_FAIL] = "fail", [SG_CHECK_SKIP] = "skip"};
    sg_result_object(result, member);
    sg_result_u64(result, "passed", sg_check_count(list, SG_CHECK_PASS));
    sg_result_u64(result, "failed", sg_check_count(list, SG_CHECK_FAIL));
    sg_result_u64(result, "skipped", sg_check_count(list, SG_CHECK_SKIP));
    sg_result_array(result, "not_passed");
    for (size_t i = 0; i < list->count; i++) {
        const struct sg_check_result *check = &list->results[i];
        if (check->status == SG_CHECK_PASS) continue;
        sg_result_object(result, NULL);
        sg_result_text(result, "table", check->table);
        sg_result_text(result, "check", check->check);
        sg_result_text(result, "status", status_names[check->status]);
        sg_result_u64(result, "offending", check->offending);
        sg_result_text(result, "detail", check->detail);
        sg_result_array(result, "rows");
        for (int k = 0; k < SG_CHECK_KEYS && check->keys[k][0]; k++)
            sg_result_text(result, NULL, check->keys[k]);
        sg_result_end(result);
        sg_result_end(result);
    }
    sg_result_end(result);
    sg_result_end(result);
}

enum sg_code sg_check_report(const struct sg_job *job, const char *member, const char *what,
                             const struct sg_check_list *list, struct sg_error *err) {
    sg_say(job, "\n");
    if (!job->options->json) sg_check_print(list, stdout);
    add_member(job->result, member, list);
    return sg_check_verdict(list, what, err);
}

enum sg_code sg_asked_keep(struct sg_job *job, const char *label, const struct sg_check_list *list,
                           struct sg_error *err) {
    if (job->options->command != SG_COMMAND_REPORT) return SG_OK;
    job->asked = calloc(1, sizeof *job->asked);
    if (!job->asked) return sg_fail(err, SG_SYSTEM, "no memory for the answers of %s", label);
    snprintf(job->asked->label, sizeof job->asked->label, "%s", label);
    return sg_check_append(&job->asked->list, list->results, list->count, err);
}

void sg_asked_free(struct sg_asked *asked) {
    if (asked) sg_check_free(&asked->list);
    free(asked);
}
