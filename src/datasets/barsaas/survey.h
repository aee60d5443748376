/* One look at every company while a world opens: what all tables count or weigh of it, added up before each
 * block.
 *
 * Making an account with its people and devices is what planning costs; so it is done once and handed to the
 * parts, each of which owns some fields of the sums. The accounts are the first companies; prospects behind
 * them count for the CRM alone. Sums are kept for every block of bs_block_units companies.
 */
#ifndef SG_BARSAAS_SURVEY_H
#define SG_BARSAAS_SURVEY_H

#include "datasets/barsaas/barsaas.h"

enum bs_survey_field {
    BS_AT_TAPS, /* iot.c: weight of tap events, rows of device_health */
    BS_AT_HEALTH,
    BS_AT_USAGE,                   /* activity.c: enum bs_usage_weight */
    BS_AT_CRM = BS_AT_USAGE + 3,   /* crm.c: the weights of crm.c */
    BS_AT_WINNERS = BS_AT_CRM + 4, /* accounts that may have won deals */
    BS_AT_BILLING,                 /* billing.c: struct bs_billing_sums */
    BS_SURVEY_FIELDS = BS_AT_BILLING + 5
};

/* A company and what hangs on it. */
struct bs_surveyed {
    uint64_t number;
    bool customer; /* the rest is filled */
    struct bs_account account;
    struct bs_user users[BS_USERS_MAX];
    struct bs_device devices[BS_LOCATIONS_MAX * BS_DEVICES_MAX];
    uint64_t invoice_first; /* row of its first invoice */
};

/* Collective in the team of the world. Makes the sums anew. */
enum sg_code bs_survey_make(struct sg_world *world, struct sg_error *err);
void bs_survey_free(struct sg_world *world);

/* Pure. The sums (enum bs_survey_field) before the block of a company, at most the number of companies. */
static inline const uint64_t *bs_survey_at(const struct bs_survey *survey, uint64_t company) {
    return survey->sums + company / survey->block_units * BS_SURVEY_FIELDS;
}

/* Pure. The sums over all companies. */
const uint64_t *bs_survey_total(const struct sg_world *world);

/* Pure. Prefix sums over accounts of `fields` fields from `first` on, kept by the survey. */
struct sg_prefix bs_survey_prefix(const struct sg_world *world, enum bs_survey_field first, uint32_t fields,
                                  sg_count_fn *count);

/* What each part adds of a company. Pure apart from sums (those of the whole survey) and notes of the part's
 * own on the company. */
typedef void bs_survey_fn(const struct sg_world *world, const struct bs_surveyed *company, uint64_t *sums);
bs_survey_fn bs_survey_taps, bs_survey_usage, bs_survey_crm, bs_survey_billing;

#endif
