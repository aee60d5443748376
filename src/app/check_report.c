/* Results to stdout or into the JSON result. */
#include "app/check_report.h"

static void add_result(struct sg_result *out, const struct sg_check_result *result) {
    static const char *const names[] = {"pass", "fail", "skip"};
    sg_result_object(out, NULL);
    sg_result_text(out, "table", result->table);
    sg_result_text(out, "check", result->check);
    sg_result_text(out, "status", names[result->status]);
    sg_result_u64(out, "offending", result->offending);
    sg_result_array(out, "keys");
    for (int i = 0; i < SG_CHECK_KEYS && result->keys[i][0]; i++)
        sg_result_text(out, NULL, result->keys[i]);
    sg_result_end(out);
    sg_result_text(out, "detail", result->detail);
    sg_result_end(out);
}

void sg_check_report(const struct sg_job *job, const struct sg_check_list *list, const char *name) {
    if (job->comm->rank != 0) return;
    if (!job->options->json) {
        fputc('\n', stdout);
        sg_check_print(list, stdout);
        return;
    }
    sg_result_array(job->result, name);
    for (size_t i = 0; i < list->count; i++)
        add_result(job->result, &list->results[i]);
    sg_result_end(job->result);
}
