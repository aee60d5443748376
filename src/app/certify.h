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

#endif
