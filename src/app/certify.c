/* Results of the declared model: a table of entries, a JSON member, and checks that decide the verdict. */
#include "app/certify.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/checked.h"
#include "verify/kind.h"

static const char *const statuses[] = {
    [SG_FIT_PASS] = "pass", [SG_FIT_FAIL] = "fail", [SG_FIT_SKIP] = "skip"};

/* "0.4012, expected 0.4000 +- 0.0100", or a p-value. */
static void describe(enum sg_statistic_kind kind, const struct sg_fit *fit, char out[96]) {
    if (fit->status == SG_FIT_SKIP)
        snprintf(out, 96, "-");
    else if (fit->has_p)
        snprintf(out, 96, "p = %.3g", fit->p);
    else if (kind == SG_STAT_TOTAL)
        snprintf(out, 96, "%.0f, planned %.0f", fit->measured, fit->expected);
    else
        snprintf(out, 96, "%.6g, expected %.6g +- %.3g", fit->measured, fit->expected, fit->allowed);
}

static void say(const struct sg_job *job, const struct sg_statistic *statistic, const struct sg_fit *fit) {
    char text[96];
    describe(statistic->kind, fit, text);
    sg_say(job, "%-5s %-36s %-44s %12" PRIu64 "  %s\n",
           fit->status == SG_FIT_FAIL ? "FAIL" : statuses[fit->status], statistic->name, text, fit->rows,
           fit->detail);
}

void sg_certify_add(struct sg_result *out, const struct sg_statistic *statistic, const struct sg_fit *fit) {
    sg_result_text(out, "name", statistic->name);
    sg_result_text(out, "status", statuses[fit->status]);
    sg_result_u64(out, "rows", fit->rows);
    if (fit->status != SG_FIT_SKIP) {
        sg_result_double(out, "measured", fit->measured);
        sg_result_double(out, "expected", fit->expected);
        if (fit->has_p)
            sg_result_double(out, "p", fit->p);
        else
            sg_result_double(out, "allowed", fit->allowed);
    }
    sg_result_text(out, "detail", fit->detail);
}

/* How far an entry went of what it may: 1 is the limit. */
static double strain(const struct sg_fit *fit) {
    if (fit->status == SG_FIT_SKIP) return -1;
    if (fit->status == SG_FIT_FAIL) return 1e9;
    if (fit->has_p) return fit->p >= 1 ? 0 : log(fit->p) / log(SG_FALSE_ALARM);
    return fit->allowed > 0 ? fabs(fit->measured - fit->expected) / fit->allowed : 0;
}

struct place {
    double strain;
    size_t entry;
};

static int by_strain(const void *a, const void *b) {
    const struct place *x = a, *y = b;
    if (x->strain != y->strain) return x->strain < y->strain ? 1 : -1;
    return (x->entry > y->entry) - (x->entry < y->entry);
}

enum sg_code sg_certify_order(const struct sg_certificate *certificate, const struct sg_fit *fits,
                              size_t *order, struct sg_error *err) {
    struct place *places = sg_alloc_array(certificate->count, sizeof *places);
    if (!places) return sg_fail(err, SG_SYSTEM, "no memory for the certificate");
    for (size_t i = 0; i < certificate->count; i++)
        places[i] = (struct place){strain(&fits[i]), i};
    qsort(places, certificate->count, sizeof *places, by_strain);
    for (size_t i = 0; i < certificate->count; i++)
        order[i] = places[i].entry;
    free(places);
    return SG_OK;
}

static enum sg_code check(const struct sg_statistic *statistic, const struct sg_fit *fit,
                          struct sg_check_list *list, struct sg_error *err) {
    char text[96], name[SG_CHECK_NAME_BYTES];
    snprintf(name, sizeof name, "%s %s", statistic->kind == SG_STAT_TOTAL ? "total" : "certificate",
             statistic->name);
    struct sg_check_result *result = sg_check_new(list, statistic->of.table, name, err);
    if (!result) return SG_SYSTEM;
    describe(statistic->kind, fit, text);
    if (fit->status == SG_FIT_FAIL) sg_check_fail(result, 0, "%s; %s", text, fit->detail);
    if (fit->status == SG_FIT_SKIP) sg_check_skip(result, "%s", fit->detail);
    return SG_OK;
}

/* A database is not asked for the curves of the report. */
static void judge(enum sg_certified source, const struct sg_certificate *certificate, const uint64_t *cells,
                  struct sg_fit *fits) {
    sg_certificate_judge(certificate, cells, fits);
    for (size_t i = 0; source == SG_CERTIFIED_DATABASE && i < certificate->count; i++)
        if (sg_kind_of(certificate->entries[i].statistic)->ask == SG_ASK_NOTHING)
            snprintf(fits[i].detail, sizeof fits[i].detail, "databases are not asked for it");
}

enum sg_code sg_certify(const struct sg_job *job, enum sg_certified source,
                        const struct sg_certificate *certificate, const uint64_t *cells, struct sg_fit *fits,
                        struct sg_check_list *list, struct sg_error *err) {
    static const char *const members[] = {
        [SG_CERTIFIED_SHARDS] = "certificate", [SG_CERTIFIED_DATABASE] = "certificate_database"};
    enum sg_code code = SG_OK;
    if (certificate->count == 0) return SG_OK;
    judge(source, certificate, cells, fits);
    size_t counts[3] = {0};
    for (size_t i = 0; i < certificate->count; i++)
        counts[fits[i].status]++;
    sg_say(job, "\ncertificate%s: %zu entries fit, %zu do not, %zu skipped\n",
           source == SG_CERTIFIED_DATABASE ? " of the database" : "", counts[SG_FIT_PASS],
           counts[SG_FIT_FAIL], counts[SG_FIT_SKIP]);
    sg_result_array(job->result, members[source]);
    for (size_t i = 0; i < certificate->count && code == SG_OK; i++) {
        const struct sg_statistic *statistic = certificate->entries[i].statistic;
        if (job->options->command == SG_COMMAND_VERIFY) say(job, statistic, &fits[i]);
        sg_result_object(job->result, NULL);
        sg_certify_add(job->result, statistic, &fits[i]);
        sg_result_end(job->result);
        code = check(statistic, &fits[i], list, err);
    }
    sg_result_end(job->result);
    return code;
}
