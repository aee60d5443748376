/* The report: one HTML page about a verified run, for people. */
#ifndef SG_APP_PAGE_H
#define SG_APP_PAGE_H

#include <stdio.h>

#include "app/check.h"
#include "app/stages.h"
#include "verify/certificate.h"

/* Rank 0. Writes report.html into the output folder: summary, tables, certificate, charts; no network. */
enum sg_code sg_page_write(const struct sg_job *job, const struct sg_certificate *certificate,
                           const uint64_t *cells, const struct sg_fit *fits, const struct sg_check_list *list,
                           struct sg_error *err);

/* Rank 0. Writes the same facts as summary.json. */
enum sg_code sg_summary_write(const struct sg_job *job, const struct sg_certificate *certificate,
                              const uint64_t *cells, const struct sg_fit *fits,
                              const struct sg_check_list *list, struct sg_error *err);

/* Text inside HTML. */
void sg_page_text(FILE *out, const char *text);
/* Name of an entry as words: "tap_hours" -> "tap hours". */
void sg_page_title(FILE *out, const char *name);

/* Charts (page_charts.c) of the entries that have classes or months. */
void sg_page_charts(const struct sg_certificate *certificate, const uint64_t *cells,
                    const struct sg_fit *fits, FILE *out);

#endif
