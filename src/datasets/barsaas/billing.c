/* The billing part of the world: totals, the quota of unpaid invoices, and the sums that number rows.
 *
 * Owns struct bs_billing. Sums are kept once a block of accounts; a unit inside a block is reached by walking
 * ledgers, because which invoices are unpaid depends on invoice rows, that is on the running sum itself.
 */
#include "datasets/barsaas/billing.h"

#include <assert.h>
#include <stdlib.h>

#include "datasets/barsaas/survey.h"

enum { ORDER_NAME = BS_STRIPE_INVOICES * 256 + 1, PREFIX_NAME = BS_STRIPE_CUSTOMERS * 256 + 1 };

const struct sg_enum bs_enum_currency = {"currency", (const char *const[]){"usd"}, 1};

static struct bs_billing_sums sums_of(const uint64_t *survey) {
    struct bs_billing_sums sums;
    static_assert(sizeof sums == (BS_SURVEY_FIELDS - BS_AT_BILLING) * sizeof *survey, "fields of the survey");
    memcpy(&sums, survey + BS_AT_BILLING, sizeof sums);
    return sums;
}

struct bs_billing_sums bs_billing_before(const struct sg_world *world, uint64_t unit) {
    const struct bs_billing *billing = world->billing;
    if (unit >= world->accounts) return billing->total;
    uint64_t block_units = world->survey.block_units;
    struct bs_billing_sums sums = sums_of(bs_survey_at(&world->survey, unit));
    struct bs_ledger ledger;
    for (uint64_t u = unit / block_units * block_units; u < unit; u++) {
        bs_ledger_get(world, u, &sums, &ledger);
        sums = bs_ledger_after(world, &ledger);
    }
    return sums;
}

uint64_t bs_events_before(const struct sg_world *world, const struct bs_billing_sums *sums) {
    return sums->told + sg_share(world->billing->filling, sums->weight, world->billing->total.weight);
}

enum sg_code bs_each_ledger(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                            bs_ledger_rows_fn *rows, struct sg_emitter *emitter, struct sg_error *err) {
    struct bs_billing_sums sums = bs_billing_before(world, unit_first);
    struct bs_ledger ledger;
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        bs_ledger_get(world, unit, &sums, &ledger);
        SG_TRY(rows(world, &ledger, emitter, err));
        sums = bs_ledger_after(world, &ledger);
    }
    return SG_OK;
}

void bs_invoice_prefix(const struct sg_world *world, uint64_t account, char out[8]) {
    static const char digits[] = "0123456789ABCDEF";
    uint64_t value = sg_permute(&world->billing->prefix, account);
    for (int i = 7; i >= 0; i--, value >>= 4)
        out[i] = digits[value & 15];
}

/* An account with more invoices than a ledger holds adds more than any total: settle_billing sees it. */
void bs_survey_billing(const struct sg_world *world, const struct bs_surveyed *company, uint64_t *sums) {
    struct bs_billing_sums more = {0};
    if (!bs_ledger_count(world, &company->account, company->invoice_first, &more)) more.invoices = UINT32_MAX;
    const uint64_t *fields = (const uint64_t *)&more;
    for (int f = BS_AT_BILLING; f < BS_SURVEY_FIELDS; f++)
        sums[f] += *fields++;
}

static void set_quota(const struct sg_world *world, struct bs_billing *billing, uint64_t invoices) {
    uint64_t charges = world->sizes.rows[BS_STRIPE_CHARGES];
    billing->invoices = invoices;
    billing->unpaid = invoices > charges ? invoices - charges : 0;
    billing->order = sg_permutation(invoices, world->run.seed, BS_DATASET_ID, ORDER_NAME);
}

static enum sg_code prepare_billing(struct sg_world *world, struct sg_error *err) {
    struct bs_billing *billing = calloc(1, sizeof *billing);
    world->billing = billing;
    if (!billing) return sg_fail(err, SG_SYSTEM, "no memory for the billing plan");
    billing->prefix = sg_permutation((uint64_t)1 << 32, world->run.seed, BS_DATASET_ID, PREFIX_NAME);
    set_quota(world, billing, world->sizes.rows[BS_STRIPE_INVOICES]);
    return SG_OK;
}

/* Tells the story more sparingly until the events fit their total: only tiny worlds are surveyed again. */
static enum sg_code settle_billing(struct sg_world *world, struct sg_error *err) {
    struct bs_billing *billing = world->billing;
    billing->total = sums_of(bs_survey_total(world));
    while (billing->total.told > world->sizes.rows[BS_STRIPE_EVENTS] &&
           billing->thrift < BS_ONE_FAILED_ATTEMPT) {
        billing->thrift++;
        SG_TRY(bs_survey_make(world, err));
        billing->total = sums_of(bs_survey_total(world));
    }
    if (billing->total.invoices != billing->invoices)
        return sg_fail(err, SG_INTERNAL,
                       "%zu invoices planned, accounts have %zu, or one more than a ledger holds",
                       (size_t)billing->invoices, (size_t)billing->total.invoices);
    return SG_OK;
}

static enum sg_code open_billing(struct sg_world *world, struct sg_error *err) {
    struct bs_billing *billing = world->billing;
    uint64_t *rows = world->sizes.rows;
    (void)err;
    rows[BS_STRIPE_CUSTOMERS] = world->accounts;
    rows[BS_STRIPE_PRICES] = BS_PRICE_COUNT;
    rows[BS_STRIPE_SUBSCRIPTION_ITEMS] = billing->total.items;
    rows[BS_STRIPE_INVOICES] = rows[BS_STRIPE_PAYMENT_INTENTS] = billing->total.invoices;
    rows[BS_STRIPE_CHARGES] = billing->total.charges;
    if (rows[BS_STRIPE_EVENTS] < billing->total.told) rows[BS_STRIPE_EVENTS] = billing->total.told;
    billing->filling = rows[BS_STRIPE_EVENTS] - billing->total.told;
    return SG_OK;
}

static void close_billing(struct sg_world *world) {
    free(world->billing);
    world->billing = NULL;
}

const struct bs_part bs_billing_part = {"billing", prepare_billing, settle_billing, open_billing,
                                        close_billing};
