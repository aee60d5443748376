/* The certificate of a run as people and programs read it. */
#ifndef SG_APP_CERTIFY_H
#define SG_APP_CERTIFY_H

#include "app/check.h"
#include "app/stages.h"
#include "verify/certificate.h"

/* Where the counters come from. */
enum sg_certified { SG_CERTIFIED_SHARDS, SG_CERTIFIED_DATABASE };

/* Rank 0. Judges the counters, prints the certificate (all entries for the command verify, else their
 * number) unless --json, adds it to the job's result as member "certificate" or "certificate_database", and
 * adds one check per entry to the list. `fits`, one per entry, receives the judgements. */
enum sg_code sg_certify(const struct sg_job *job, enum sg_certified source,
                        const struct sg_certificate *certificate, const uint64_t *cells, struct sg_fit *fits,
                        struct sg_check_list *list, struct sg_error *err);

/* Adds the members of an entry's judgement to an object: name, status, rows, what was measured, detail. */
void sg_certify_add(struct sg_result *out, const struct sg_statistic *statistic, const struct sg_fit *fit);

/* Pure apart from memory. The entries by how far they went of what they may, failures first, into
 * order[count]. */
enum sg_code sg_certify_order(const struct sg_certificate *certificate, const struct sg_fit *fits,
                              size_t *order, struct sg_error *err);

#endif
