/* The billing part of the world: totals, the quota of unpaid invoices, and the sums that number rows.
 *
 * Owns struct bs_billing. Sums are kept once a block of accounts; a unit inside a block is reached by walking
 * ledgers, because which invoices are unpaid depends on invoice rows, that is on the running sum itself.
 */
#include "datasets/barsaas/billing.h"

#include <stdlib.h>

enum { ORDER_NAME = BS_STRIPE_INVOICES * 256 + 1, PREFIX_NAME = BS_STRIPE_CUSTOMERS * 256 + 1 };
enum { OPEN_ROUNDS_MAX = 8 };

const struct sg_enum bs_enum_currency = {"currency", (const char *const[]){"usd"}, 1};

struct bs_billing_sums bs_billing_before(const struct sg_world *world, uint64_t unit) {
    const struct bs_billing *billing = world->billing;
    if (unit >= world->accounts) return billing->total;
    struct bs_billing_sums sums = billing->blocks[unit / BS_BILLING_BLOCK];
    struct bs_ledger ledger;
    for (uint64_t u = unit / BS_BILLING_BLOCK * BS_BILLING_BLOCK; u < unit; u++) {
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

/* Walks all accounts once and fills blocks and totals under the quota in force. */
static enum sg_code sum_accounts(const struct sg_world *world, struct bs_billing *billing,
                                 struct sg_error *err) {
    struct bs_billing_sums sums = {0};
    struct bs_ledger ledger;
    for (uint64_t u = 0; u < world->accounts; u++) {
        if (u % BS_BILLING_BLOCK == 0) billing->blocks[u / BS_BILLING_BLOCK] = sums;
        bs_ledger_get(world, u, &sums, &ledger);
        uint64_t wanted = 0;
        for (int s = 0; s < ledger.account.sub_count; s++)
            wanted += ledger.account.subs[s].invoices;
        if (wanted != ledger.bill_count)
            return sg_fail(err, SG_INTERNAL, "account %zu has %zu invoices, more than a ledger holds",
                           (size_t)u + 1, (size_t)wanted);
        sums = bs_ledger_after(world, &ledger);
    }
    billing->total = sums;
    return SG_OK;
}

static void set_quota(const struct sg_world *world, struct bs_billing *billing, uint64_t invoices) {
    uint64_t charges = world->sizes.rows[BS_STRIPE_CHARGES];
    billing->invoices = invoices;
    billing->unpaid = invoices > charges ? invoices - charges : 0;
    billing->order = sg_permutation(invoices, world->run.seed, BS_DATASET_ID, ORDER_NAME);
}

/* Repeats the walk until the quota fits the invoices there are and the events fit their total. */
static enum sg_code balance(struct sg_world *world, struct bs_billing *billing, struct sg_error *err) {
    uint64_t *rows = world->sizes.rows;
    set_quota(world, billing, rows[BS_STRIPE_INVOICES]);
    for (int round = 0; round < OPEN_ROUNDS_MAX; round++) {
        SG_TRY(sum_accounts(world, billing, err));
        if (billing->total.invoices != billing->invoices)
            set_quota(world, billing, billing->total.invoices);
        else if (billing->total.told > rows[BS_STRIPE_EVENTS] && billing->thrift < BS_ONE_FAILED_ATTEMPT)
            billing->thrift++;
        else
            break;
    }
    rows[BS_STRIPE_CUSTOMERS] = world->accounts;
    rows[BS_STRIPE_PRICES] = BS_PRICE_COUNT;
    rows[BS_STRIPE_SUBSCRIPTION_ITEMS] = billing->total.items;
    rows[BS_STRIPE_INVOICES] = rows[BS_STRIPE_PAYMENT_INTENTS] = billing->total.invoices;
    rows[BS_STRIPE_CHARGES] = billing->total.charges;
    if (rows[BS_STRIPE_EVENTS] < billing->total.told) rows[BS_STRIPE_EVENTS] = billing->total.told;
    billing->filling = rows[BS_STRIPE_EVENTS] - billing->total.told;
    return SG_OK;
}

static enum sg_code open_billing(struct sg_world *world, struct sg_error *err) {
    struct bs_billing *billing = calloc(1, sizeof *billing);
    world->billing = billing;
    if (!billing) return sg_fail(err, SG_SYSTEM, "no memory for the billing plan");
    billing->blocks = sg_alloc_array(world->accounts / BS_BILLING_BLOCK + 1, sizeof *billing->blocks);
    if (!billing->blocks) return sg_fail(err, SG_SYSTEM, "no memory for the billing plan");
    billing->prefix = sg_permutation((uint64_t)1 << 32, world->run.seed, BS_DATASET_ID, PREFIX_NAME);
    return balance(world, billing, err);
}

static void close_billing(struct sg_world *world) {
    if (!world->billing) return;
    free(world->billing->blocks);
    free(world->billing);
    world->billing = NULL;
}

const struct bs_part bs_billing_part = {"billing", open_billing, close_billing};
