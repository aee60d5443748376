/* The sums that a plan of screenbilling knows: what each life adds. Bills are recomputed as for the rows. */
#include "datasets/screenbilling/screenbilling.h"
#include "model/total.h"

enum total {
    MRR,
    SCREENS,
    SUBSCRIPTIONS_ACTIVE,
    SUBSCRIPTIONS_PAST_DUE,
    SUBSCRIPTIONS_CANCELED,
    INVOICED,
    INVOICED_DRAFT, /* these four by enum sb_invoice_status */
    INVOICED_OPEN,
    INVOICED_PAID,
    INVOICED_UNCOLLECTIBLE,
    INVOICES_PAID,
    COLLECTED,
    PAYMENTS_SUCCEEDED,
    PAYMENTS_FAILED,
    RECEIVED,
    ATTEMPTED,
    SNAPSHOT_MRR,
    SNAPSHOT_SCREENS,
    TOTALS
};
_Static_assert((int)TOTALS == (int)SB_TOTAL_COUNT, "every total is declared");

#define BILLED(name_, status_)                                                                               \
    SG_TOTAL(name_, "cents", "invoices", "amount_due", "contract", SG_IS("status", status_))
#define SUBSCRIBED(name_, status_) SG_ROWS(name_, "subscriptions", "contract", SG_IS("status", status_))

const struct sg_statistic sb_totals[SB_TOTAL_COUNT] = {
    [MRR] = SG_TOTAL("mrr", "cents", "subscriptions", "mrr_cents", "contract", SG_ALL),
    [SCREENS] = SG_TOTAL("screens", "screens", "subscriptions", "screens", "contract", SG_ALL),
    [SUBSCRIPTIONS_ACTIVE] = SUBSCRIBED("subscriptions_active", "active"),
    [SUBSCRIPTIONS_PAST_DUE] = SUBSCRIBED("subscriptions_past_due", "past_due"),
    [SUBSCRIPTIONS_CANCELED] = SUBSCRIBED("subscriptions_canceled", "canceled"),
    [INVOICED] = SG_TOTAL("invoiced", "cents", "invoices", "amount_due", "contract", SG_ALL),
    [INVOICED_DRAFT] = BILLED("invoiced_draft", "draft"),
    [INVOICED_OPEN] = BILLED("invoiced_open", "open"),
    [INVOICED_PAID] = BILLED("invoiced_paid", "paid"),
    [INVOICED_UNCOLLECTIBLE] = BILLED("invoiced_uncollectible", "uncollectible"),
    [INVOICES_PAID] = SG_ROWS("invoices_paid", "invoices", "contract", SG_IS("status", "paid")),
    [COLLECTED] = SG_TOTAL("collected", "cents", "invoices", "amount_paid", "contract", SG_ALL),
    [PAYMENTS_SUCCEEDED] =
        SG_ROWS("payments_succeeded", "payments", "contract", SG_IS("status", "succeeded")),
    [PAYMENTS_FAILED] = SG_ROWS("payments_failed", "payments", "contract", SG_IS("status", "failed")),
    [RECEIVED] = SG_TOTAL("received", "cents", "payments", "amount_received", "contract", SG_ALL),
    [ATTEMPTED] = SG_TOTAL("attempted", "cents", "payments", "amount", "contract", SG_ALL),
    [SNAPSHOT_MRR] = SG_TOTAL("snapshot_mrr", "cents", "sub_snapshots", "mrr_cents", "contract", SG_ALL),
    [SNAPSHOT_SCREENS] =
        SG_TOTAL("snapshot_screens", "screens", "sub_snapshots", "screens", "contract", SG_ALL),
};

static void add_bill(const struct sb_bill *bill, int64_t *sums) {
    bool paid = bill->status == SB_INVOICE_PAID;
    sums[INVOICED] += bill->cents;
    sums[INVOICED_DRAFT + bill->status] += bill->cents;
    sums[INVOICES_PAID] += paid;
    sums[COLLECTED] += paid ? bill->cents : 0;
    sums[paid ? PAYMENTS_SUCCEEDED : PAYMENTS_FAILED] += bill->attempts;
    sums[RECEIVED] += paid ? bill->attempts * bill->cents : 0;
    sums[ATTEMPTED] += bill->attempts * bill->cents;
}

static void add_life(const struct sg_world *world, const struct sb_life *life, int64_t *sums) {
    const struct sb_state *last = &life->months[SB_MONTHS - 1];
    sums[MRR] += life->end != SB_NEVER ? 0 : sb_mrr(last);
    sums[SCREENS] += last->screens;
    sums[SUBSCRIPTIONS_ACTIVE + last->status]++;
    for (int month = 0; month < life->end; month++) {
        struct sb_bill bill;
        sb_bill_get(world, life, month, &bill);
        add_bill(&bill, sums);
        sums[SNAPSHOT_MRR] += sb_mrr(&life->months[month]);
        sums[SNAPSHOT_SCREENS] += life->months[month].screens;
    }
}

void sb_add_totals(const struct sg_world *world, uint16_t domain, uint64_t first, uint64_t end,
                   int64_t *sums) {
    for (uint64_t unit = first; unit < end && domain == SB_CUSTOMER; unit++) {
        struct sb_life life;
        sb_life_get(world, unit, &life);
        add_life(world, &life, sums);
    }
}
