/* The events an account's history must tell, in order of time. Invariant: as many as bs_ledger_after counts,
 * each object's own events in the order Stripe sends them. */
#include "base/calendar.h"
#include "datasets/barsaas/billing.h"

enum { TRIAL_S = 14 * SG_DAY_S, LONG_TRIAL_S = 30 * SG_DAY_S, NOTICE_S = 3 * SG_DAY_S };

struct teller {
    struct bs_telling *timeline;
    uint32_t count;
};

static void tell(struct teller *t, int64_t at, enum bs_event_type type, uint64_t row) {
    t->timeline[t->count++] = (struct bs_telling){at, row, (uint8_t)type};
}

int64_t bs_trial_end(const struct bs_subscription *subscription) {
    int64_t start = subscription->start, so_far = subscription->end - start;
    if (subscription->status == BS_SUB_PENDING) return start + LONG_TRIAL_S;
    if (!subscription->trial) return 0;
    if (subscription->status != BS_SUB_TRIAL) return subscription->end;
    return start + (so_far < TRIAL_S ? TRIAL_S : so_far < LONG_TRIAL_S ? LONG_TRIAL_S : so_far + SG_DAY_S);
}

bool bs_trial_notice(const struct sg_world *world, const struct bs_subscription *sub, int64_t horizon,
                     int64_t *at) {
    if (!sub->trial || world->billing->thrift >= BS_NO_TRIAL_NOTICE) return false;
    *at = bs_trial_end(sub) - NOTICE_S;
    return *at > sub->start && *at <= horizon;
}

static void tell_bill(struct teller *t, const struct bs_bill *bill) {
    int64_t intent = bill->finalized ? bill->finalized : bill->created;
    tell(t, bill->created, BS_EVENT_INVOICE_CREATED, bill->row);
    if (bill->finalized) tell(t, bill->finalized, BS_EVENT_INVOICE_FINALIZED, bill->row);
    tell(t, intent, BS_EVENT_INTENT_CREATED, bill->row);
    for (int k = 0; k < bill->failures; k++) {
        tell(t, bill->attempt_at[k], BS_EVENT_INTENT_PAYMENT_FAILED, bill->row);
        tell(t, bill->attempt_at[k], BS_EVENT_INVOICE_PAYMENT_FAILED, bill->row);
    }
    if (bill->status == BS_INVOICE_PAID) {
        tell(t, bill->paid_at, BS_EVENT_CHARGE_SUCCEEDED, bill->charge_row);
        tell(t, bill->paid_at, BS_EVENT_INTENT_SUCCEEDED, bill->row);
        tell(t, bill->paid_at, BS_EVENT_INVOICE_PAID, bill->row);
    } else if (bill->status == BS_INVOICE_VOID) {
        tell(t, bill->closed_at, BS_EVENT_INTENT_CANCELED, bill->row);
        tell(t, bill->closed_at, BS_EVENT_INVOICE_VOIDED, bill->row);
    } else if (bill->status == BS_INVOICE_UNCOLLECTIBLE) {
        tell(t, bill->closed_at, BS_EVENT_INVOICE_UNCOLLECTIBLE, bill->row);
    }
}

/* Stable; the list is nearly in order already. */
static void sort_by_time(struct bs_telling *timeline, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        struct bs_telling one = timeline[i];
        uint32_t j = i;
        for (; j && timeline[j - 1].at > one.at; j--)
            timeline[j] = timeline[j - 1];
        timeline[j] = one;
    }
}

uint32_t bs_timeline(const struct sg_world *world, const struct bs_ledger *ledger,
                     struct bs_telling timeline[BS_TIMELINE_MAX]) {
    struct teller t = {timeline, 0};
    const struct bs_account *account = &ledger->account;
    tell(&t, account->created, BS_EVENT_CUSTOMER_CREATED, account->number);
    uint32_t bill = 0;
    for (int s = 0; s < account->sub_count; s++) {
        const struct bs_subscription *sub = &account->subs[s];
        int64_t notice;
        tell(&t, sub->start, BS_EVENT_SUBSCRIPTION_CREATED, account->sub_first + (uint64_t)s);
        if (bs_trial_notice(world, sub, ledger->horizon, &notice))
            tell(&t, notice, BS_EVENT_TRIAL_WILL_END, account->sub_first + (uint64_t)s);
        for (; bill < ledger->bills_end[s]; bill++)
            tell_bill(&t, &ledger->bills[bill]);
        if (ledger->status[s] == BS_STRIPE_CANCELED)
            tell(&t, sub->end, BS_EVENT_SUBSCRIPTION_DELETED, account->sub_first + (uint64_t)s);
    }
    sort_by_time(timeline, t.count);
    return t.count;
}
