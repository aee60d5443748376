/* Invoices as Stripe makes them: the first at once, each renewal as a draft that is finalized and charged an
 * hour later; a card that fails is tried again after 3, 5 and 7 days. A renewal bills the state before the
 * events of its month, as nothing is prorated. What was not collected is given up with the subscription. */
#include "datasets/screenbilling/screenbilling.h"

enum { FINALIZED_AFTER_S = 3600 };

static const int64_t attempt_after_s[SB_ATTEMPTS_MAX] = {0, 3 * 86400, 8 * 86400, 15 * 86400};

static void fail_to_collect(const struct sg_world *world, const struct sb_life *life, struct sb_bill *bill) {
    bill->status = SB_INVOICE_OPEN;
    for (int i = 0; i < SB_ATTEMPTS_MAX; i++) {
        int64_t at = bill->finalized + attempt_after_s[i];
        if (at <= world->as_of) bill->attempted_at[bill->attempts++] = at;
    }
    if (life->end == SB_NEVER) return;
    bill->status = SB_INVOICE_UNCOLLECTIBLE;
    bill->closed = sb_month_start(world, life->end);
}

void sb_bill_get(const struct sg_world *world, const struct sb_life *life, int month, struct sb_bill *bill) {
    int64_t created = sb_month_start(world, month);
    int64_t finalized = month ? created + FINALIZED_AFTER_S : created;
    *bill = (struct sb_bill){.state = life->months[month ? month - 1 : 0], .created = created};
    bill->cents = sb_mrr(&bill->state);
    if (finalized > world->as_of) return;
    bill->finalized = finalized;
    if (bill->cents && month >= life->past_due) {
        fail_to_collect(world, life, bill);
        return;
    }
    bill->status = SB_INVOICE_PAID;
    bill->closed = finalized;
    if (bill->cents) bill->attempted_at[bill->attempts++] = finalized;
}
