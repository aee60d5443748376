/* The survey: makes every account once, with its people and devices, and lets each part add what it counts.
 */
#include "datasets/barsaas/survey.h"

#include <stdlib.h>

static bs_survey_fn *const customer_parts[] = {bs_survey_taps, bs_survey_usage, bs_survey_crm,
                                               bs_survey_billing};

static void fill(const struct sg_world *world, struct bs_surveyed *company) {
    bs_account_get(world, company->number, &company->account);
    for (unsigned k = 0; k < company->account.user_count; k++)
        bs_user_get(world, &company->account, k, &company->users[k]);
    for (unsigned k = 0; k < company->account.device_count; k++)
        bs_device_get(world, &company->account, k, &company->devices[k]);
}

static uint64_t invoices_of(const struct bs_account *account) {
    uint64_t invoices = 0;
    for (unsigned s = 0; s < account->sub_count; s++)
        invoices += account->subs[s].invoices;
    return invoices;
}

/* sg_add_fn */
static void add_companies(const void *context, uint64_t first, uint64_t end, uint64_t *sums) {
    const struct sg_world *world = context;
    struct bs_surveyed company;
    company.invoice_first = first < world->accounts ? bs_invoices_before(world, first) : 0;
    for (company.number = first; company.number < end; company.number++) {
        company.customer = company.number < world->accounts;
        if (!company.customer) {
            bs_survey_crm(world, &company, sums);
            continue;
        }
        fill(world, &company);
        for (size_t i = 0; i < sizeof customer_parts / sizeof *customer_parts; i++)
            customer_parts[i](world, &company, sums);
        company.invoice_first += invoices_of(&company.account);
    }
}

enum sg_code bs_survey_make(struct sg_world *world, struct sg_error *err) {
    struct bs_survey *survey = &world->survey;
    bs_survey_free(world);
    survey->block_units = bs_block_units(world->sizes.companies);
    return sg_sweep_blocks(world->company_team, world->sizes.companies, survey->block_units, BS_SURVEY_FIELDS,
                           add_companies, world, &survey->sums, err);
}

void bs_survey_free(struct sg_world *world) {
    free(world->survey.sums);
    world->survey.sums = NULL;
}

const uint64_t *bs_survey_total(const struct sg_world *world) {
    uint64_t rows = sg_sweep_rows(world->sizes.companies, world->survey.block_units);
    return world->survey.sums + (rows - 1) * BS_SURVEY_FIELDS;
}

/* The row behind the last block of accounts holds their totals: prospects add nothing to these fields. */
struct sg_prefix bs_survey_prefix(const struct sg_world *world, enum bs_survey_field first, uint32_t fields,
                                  sg_count_fn *count) {
    return (struct sg_prefix){.count = count,
                              .context = world,
                              .units = world->accounts,
                              .fields = fields,
                              .block_units = world->survey.block_units,
                              .stride = BS_SURVEY_FIELDS,
                              .sums = world->survey.sums + first};
}
