/* From counters to results, and the correction for the number of tests. */
#include <inttypes.h>
#include <stdio.h>

#include "verify/certificate.h"
#include "verify/chance.h"
#include "verify/kind.h"

static void judge_one(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    const struct sg_statistic *statistic = entry->statistic;
    const struct sg_kind *kind = sg_kind_of(statistic);
    *fit = (struct sg_fit){.status = SG_FIT_SKIP};
    if (entry->absent) {
        snprintf(fit->detail, sizeof fit->detail, "a table of it is not part of this run");
        return;
    }
    fit->rows = kind->rows(entry, cells);
    if (fit->rows < statistic->rows_min || (fit->rows == 0 && !kind->empty_is_judged)) {
        snprintf(fit->detail, sizeof fit->detail, "%" PRIu64 " rows say too little, it takes %" PRIu64,
                 fit->rows, statistic->rows_min);
        return;
    }
    kind->judge(entry, cells, fit);
}

void sg_certificate_judge(const struct sg_certificate *certificate, const uint64_t *cells,
                          struct sg_fit *fits) {
    size_t tests = 0;
    for (size_t i = 0; i < certificate->count; i++) {
        judge_one(&certificate->entries[i], cells + certificate->entries[i].cell, &fits[i]);
        if (fits[i].has_p) certificate->chances[tests++] = &fits[i].p;
    }
    sg_chance_correct(certificate->chances, tests);
    for (size_t i = 0; i < certificate->count; i++)
        if (fits[i].has_p) fits[i].status = fits[i].p < SG_FALSE_ALARM ? SG_FIT_FAIL : SG_FIT_PASS;
}
