/* The fate of every invoice of an account: finalized, paid at once or after retries, or never.
 *
 * Which invoices stay unpaid is an exact quota over a permutation of invoice rows; inside the account the
 * unpaid ones are then moved to where they make sense: the last invoice of a lost account (its loss may be
 * the reason) or the newest one of a living account. Invariant: created <= finalized <= attempts <= paid or
 * closed <= horizon.
 */
#include "base/calendar.h"
#include "datasets/barsaas/billing.h"

enum {
    LATE_PER_MILLION = 55000,         /* paid invoices whose first attempt fails */
    LOST_LAST_PER_MILLION = 500000,   /* lost accounts with unpaid invoices whose last one is among them */
    LIVING_LAST_PER_MILLION = 150000, /* the same of living accounts with a fresh invoice */
    FRESH_S = 16 * SG_DAY_S,
    TERM_MONTH_S = 7 * SG_DAY_S,
    TERM_YEAR_S = 30 * SG_DAY_S,
    VOID_PER_MILLION = 350000 /* of closed unpaid invoices */
};

static const int64_t retry_s[BS_ATTEMPTS_MAX] = {0, 3 * SG_DAY_S, 8 * SG_DAY_S, 15 * SG_DAY_S};

/* Paid late after 1, 2 or 3 failed attempts; out of 100. */
static const uint32_t failure_weights[3] = {62, 25, 13};
/* Among declines of cards and of bank debits, out of 100. */
static const uint32_t card_decline_weights[BS_DECLINE_CARD] = {40, 34, 12, 8, 6};
static const uint32_t bank_decline_weights[BS_DECLINE_COUNT - BS_DECLINE_CARD] = {70, 18, 12};

int64_t bs_period_start(const struct bs_subscription *subscription, uint32_t k) {
    int32_t day = sg_day_of(subscription->start);
    int64_t second = subscription->start - (int64_t)day * SG_DAY_S;
    int32_t months = (int32_t)k * (subscription->annual ? 12 : 1);
    return (int64_t)sg_add_months(day, months) * SG_DAY_S + second;
}

int64_t bs_items_cents(const struct bs_subscription *subscription) {
    int64_t cents = 0;
    for (int i = 0; i < subscription->item_count; i++)
        cents += bs_price_cents(subscription->items[i].price) * subscription->items[i].quantity;
    return cents;
}

/* A point between two instants, at word / 2^32. */
static int64_t between(int64_t from, int64_t to, uint32_t word) {
    return to <= from ? from : from + (int64_t)((unsigned __int128)(uint64_t)(to - from) * word >> 32);
}

/* The schedule as it would run, ignoring the horizon. */
static void schedule(struct bs_bill *bill, const struct sg_block *pay, bool bank, uint32_t settle_word) {
    bill->finalized = bill->first ? bill->created : bill->created + 3000 + sg_below(pay->w[2], 600);
    int64_t settle_s = bank ? (3 + sg_below(settle_word, 3)) * (int64_t)SG_DAY_S : 0;
    bill->attempt_at[0] = bill->finalized + 1 + sg_below(pay->w[3], 30) + settle_s;
    for (uint32_t k = 1; k < BS_ATTEMPTS_MAX; k++)
        bill->attempt_at[k] =
            bill->attempt_at[0] + retry_s[k] + sg_below(sg_mix32(pay->w[3] + k), 6 * SG_HOUR_S);
}

static void settle_paid(struct bs_bill *bill, const struct sg_block *pay, uint8_t thrift, int64_t horizon) {
    bill->status = BS_INVOICE_PAID;
    if (thrift < BS_NO_LATE_PAYMENT && sg_chance(pay->w[0], LATE_PER_MILLION))
        bill->failures = (uint8_t)(1 + sg_pick(pay->w[1], failure_weights, 3, 100));
    while (bill->failures && bill->attempt_at[bill->failures] > horizon)
        bill->failures--;
    if (bill->finalized > horizon) bill->finalized = between(bill->created, horizon, pay->w[2]);
    if (bill->attempt_at[0] > horizon) bill->attempt_at[0] = between(bill->finalized, horizon, pay->w[1]);
    bill->tries = (uint8_t)(bill->failures + 1);
    bill->paid_at = bill->attempt_at[bill->failures];
}

static void settle_unpaid(struct bs_bill *bill, const struct sg_block *fate, uint8_t thrift, bool lost,
                          int64_t horizon) {
    bool cancelled = sg_chance(fate->w[0], VOID_PER_MILLION);
    bill->tries = cancelled || thrift >= BS_ONE_FAILED_ATTEMPT ? 1 : BS_ATTEMPTS_MAX;
    if (bill->finalized > horizon) {
        bill->status = BS_INVOICE_DRAFT;
        bill->finalized = 0;
        if (!lost) return;
        bill->finalized = bill->created;
    }
    while (bill->failures < bill->tries && bill->attempt_at[bill->failures] <= horizon)
        bill->failures++;
    int64_t closed =
        bill->attempt_at[bill->tries - 1] + SG_HOUR_S + sg_below(fate->w[1], (cancelled ? 9 : 4) * SG_DAY_S);
    bill->status = BS_INVOICE_OPEN;
    if (closed > horizon && !lost) return;
    bill->status = cancelled ? BS_INVOICE_VOID : BS_INVOICE_UNCOLLECTIBLE;
    bill->closed_at = closed < horizon ? closed : horizon;
}

/* Marks the unpaid ones by the quota's permutation; the first of them, or count. */
static uint32_t mark_unpaid(const struct sg_world *world, uint64_t row, uint32_t count, bool *unpaid) {
    const struct bs_billing *billing = world->billing;
    uint32_t any = 0;
    uint64_t left = row < billing->invoices ? billing->invoices - row : 0;
    memset(unpaid, 0, count * sizeof *unpaid);
    world->kernels->permuted_below(&billing->order, row, billing->unpaid, left < count ? left : count,
                                   unpaid);
    while (any < count && !unpaid[any])
        any++;
    return any;
}

/* Is one of an account's unpaid invoices to be its last, created at `created`, instead? */
static bool last_unpaid(const struct sg_world *world, const struct bs_account *account, int64_t created) {
    bool fresh = account->end - 1 - created < FRESH_S;
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_STRIPE_CUSTOMERS);
    uint32_t word = sg_draw(&source, account->number, BS_STREAM_CUSTOMER_COLLECTION, 0).w[0];
    return sg_chance(word, account->lost ? LOST_LAST_PER_MILLION : fresh ? LIVING_LAST_PER_MILLION : 0);
}

/* By the quota, then one of them moved to the end. */
static void choose_unpaid(const struct sg_world *world, const struct bs_ledger *ledger, bool *unpaid) {
    uint32_t count = ledger->bill_count;
    uint32_t any = mark_unpaid(world, ledger->before.invoices, count, unpaid);
    if (any == count || unpaid[count - 1]) return;
    if (!last_unpaid(world, &ledger->account, ledger->bills[count - 1].created)) return;
    unpaid[any] = false;
    unpaid[count - 1] = true;
}

/* Lists the invoices with their periods and rows. */
static void list_bills(struct bs_ledger *ledger) {
    struct bs_account *account = &ledger->account;
    uint32_t ordinal = 0, count = 0;
    for (int s = 0; s < account->sub_count; s++) {
        const struct bs_subscription *sub = &account->subs[s];
        uint32_t paid = sub->periods_paid, from = paid - (sub->invoices < paid ? sub->invoices : paid);
        int64_t cents = bs_items_cents(sub), start = from < paid ? bs_period_start(sub, from) : 0;
        for (uint32_t k = from; k < paid && count < BS_BILLS_MAX; k++, count++) {
            int64_t next = bs_period_start(sub, k + 1);
            ledger->bills[count] = (struct bs_bill){
                .row = ledger->before.invoices + count,
                .cents = cents,
                .period_start = start,
                .period_end = next,
                .created = start,
                .due = start + (sub->annual ? TERM_YEAR_S : TERM_MONTH_S),
                .ordinal = ordinal + k + 1,
                .subscription = (uint8_t)s,
                .first = k == 0,
            };
            start = next;
        }
        ordinal += paid;
        ledger->bills_end[s] = (uint16_t)count;
    }
    ledger->bill_count = count;
}

static uint8_t decline(uint32_t word, bool bank) {
    if (!bank) return (uint8_t)sg_pick(word, card_decline_weights, BS_DECLINE_CARD, 100);
    return (uint8_t)(BS_DECLINE_CARD +
                     sg_pick(word, bank_decline_weights, BS_DECLINE_COUNT - BS_DECLINE_CARD, 100));
}

/* What becomes of a bill whose row, creation and place are known. */
static void settle(const struct sg_world *world, const struct bs_account *account, bool bank, bool unpaid,
                   const struct sg_block *pay, const struct sg_block *fate, struct bs_bill *bill) {
    uint8_t thrift = world->billing->thrift;
    int64_t horizon = account->end - 1 > bill->created ? account->end - 1 : bill->created;
    schedule(bill, pay, bank, fate->w[3]);
    if (unpaid)
        settle_unpaid(bill, fate, thrift, account->lost, horizon);
    else
        settle_paid(bill, pay, thrift, horizon);
}

static void settle_bills(const struct sg_world *world, struct bs_ledger *ledger) {
    bool unpaid[BS_BILLS_MAX];
    choose_unpaid(world, ledger, unpaid);
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_STRIPE_INVOICES);
    bool bank = bs_pays_by_bank(world, &ledger->account);
    uint64_t charge = ledger->before.charges;
    for (uint32_t i = 0; i < ledger->bill_count; i++) {
        struct bs_bill *bill = &ledger->bills[i];
        struct sg_block pay = sg_draw(&source, bill->row, BS_STREAM_INVOICE_PAYMENT, 0);
        struct sg_block fate = sg_draw(&source, bill->row, BS_STREAM_INVOICE_FATE, 0);
        settle(world, &ledger->account, bank, unpaid[i], &pay, &fate, bill);
        bill->decline = decline(fate.w[2], bank);
        bill->charge_row = charge;
        charge += bill->status == BS_INVOICE_PAID;
    }
}

static bool canceled(const struct bs_subscription *sub) {
    return sub->status != BS_SUB_TRIAL && sub->status != BS_SUB_ACTIVE && sub->status != BS_SUB_PENDING;
}

static uint8_t stripe_status(const struct bs_ledger *ledger, int s) {
    const struct bs_subscription *sub = &ledger->account.subs[s];
    if (sub->status == BS_SUB_TRIAL) return BS_STRIPE_TRIALING;
    if (canceled(sub)) return BS_STRIPE_CANCELED;
    uint32_t first = s ? ledger->bills_end[s - 1] : 0, end = ledger->bills_end[s];
    if (first == end) return sub->periods_paid ? BS_STRIPE_ACTIVE : BS_STRIPE_TRIALING;
    const struct bs_bill *last = &ledger->bills[end - 1];
    if (last->status == BS_INVOICE_OPEN && last->failures) return BS_STRIPE_PAST_DUE;
    return last->status == BS_INVOICE_UNCOLLECTIBLE ? BS_STRIPE_UNPAID : BS_STRIPE_ACTIVE;
}

void bs_ledger_get(const struct sg_world *world, uint64_t number, const struct bs_billing_sums *before,
                   struct bs_ledger *ledger) {
    bs_account_get(world, number, &ledger->account);
    ledger->before = *before;
    ledger->horizon = ledger->account.end - 1;
    list_bills(ledger);
    settle_bills(world, ledger);
    for (int s = 0; s < ledger->account.sub_count; s++)
        ledger->status[s] = stripe_status(ledger, s);
}

static uint32_t bill_events(const struct bs_bill *bill) {
    static const uint8_t ends[BS_INVOICE_STATUS_COUNT] = {
        [BS_INVOICE_PAID] = 3, [BS_INVOICE_VOID] = 2, [BS_INVOICE_UNCOLLECTIBLE] = 1};
    return 2u + (bill->finalized != 0) + 2u * bill->failures + ends[bill->status];
}

/* Adds what an account counts beside its invoices. */
static void add_subscriptions(const struct sg_world *world, const struct bs_account *account,
                              struct bs_billing_sums *sums) {
    sums->told += 1;
    for (int s = 0; s < account->sub_count; s++) {
        const struct bs_subscription *sub = &account->subs[s];
        sums->items += sub->item_count;
        sums->told += 1u + canceled(sub) + bs_trial_notice(world, sub, account->end - 1, &(int64_t){0});
    }
    sums->weight += (uint64_t)(account->end - account->created) / SG_DAY_S + 1;
}

struct bs_billing_sums bs_ledger_after(const struct sg_world *world, const struct bs_ledger *ledger) {
    struct bs_billing_sums sums = ledger->before;
    add_subscriptions(world, &ledger->account, &sums);
    for (uint32_t i = 0; i < ledger->bill_count; i++) {
        sums.charges += ledger->bills[i].status == BS_INVOICE_PAID;
        sums.told += bill_events(&ledger->bills[i]);
    }
    sums.invoices += ledger->bill_count;
    return sums;
}

/* The invoices of an account being counted, without their ledger. */
struct tally {
    const struct sg_world *world;
    const struct bs_account *account;
    uint64_t row; /* of the first */
    uint32_t count;
    bool unpaid[BS_BILLS_MAX];
    uint32_t pay[4][BS_BILLS_MAX]; /* words of stream BS_STREAM_INVOICE_PAYMENT */
};

/* Long after creation everything has happened: 16 days of attempts, the bank's five days, nine to closing. */
enum { SETTLED_S = 32 * SG_DAY_S, MONTH_DAYS_MAX = 31 };

/* Events of an invoice that was settled long before the horizon: bill_events of what settle() makes of it. */
static uint32_t settled_events(const struct tally *t, uint32_t i, const struct sg_source *source) {
    uint8_t thrift = t->world->billing->thrift;
    if (t->unpaid[i]) {
        uint32_t word = sg_draw(source, t->row + i, BS_STREAM_INVOICE_FATE, 0).w[0];
        bool cancelled = sg_chance(word, VOID_PER_MILLION);
        uint32_t tries = cancelled || thrift >= BS_ONE_FAILED_ATTEMPT ? 1 : BS_ATTEMPTS_MAX;
        return 3 + 2 * tries + (cancelled ? 2 : 1);
    }
    bool late = thrift < BS_NO_LATE_PAYMENT && sg_chance(t->pay[0][i], LATE_PER_MILLION);
    return 6 + (late ? 2 * (1 + (uint32_t)sg_pick(t->pay[1][i], failure_weights, 3, 100)) : 0);
}

/* Events of any invoice. */
static uint32_t exact_events(const struct tally *t, uint32_t i, const struct sg_source *source,
                             const struct bs_subscription *sub, uint32_t period) {
    struct bs_bill bill = {.row = t->row + i, .created = bs_period_start(sub, period), .first = period == 0};
    struct sg_block fate = sg_draw(source, bill.row, BS_STREAM_INVOICE_FATE, 0);
    struct sg_block pay = {{t->pay[0][i], t->pay[1][i], t->pay[2][i], t->pay[3][i]}};
    settle(t->world, t->account, bs_pays_by_bank(t->world, t->account), t->unpaid[i], &pay, &fate, &bill);
    return bill_events(&bill);
}

/* The same choice as choose_unpaid. */
static void tally_unpaid(struct tally *t) {
    uint32_t last = t->count - 1, any = mark_unpaid(t->world, t->row, t->count, t->unpaid);
    if (any == t->count || t->unpaid[last]) return;
    int s = t->account->sub_count - 1;
    while (t->account->subs[s].invoices == 0)
        s--;
    const struct bs_subscription *sub = &t->account->subs[s];
    if (!last_unpaid(t->world, t->account, bs_period_start(sub, sub->periods_paid - 1u))) return;
    t->unpaid[any] = false;
    t->unpaid[last] = true;
}

static uint32_t tally_events(const struct tally *t) {
    struct sg_source source = sg_source(t->world->run.seed, BS_DATASET_ID, BS_STRIPE_INVOICES);
    uint32_t i = 0, events = 0;
    for (int s = 0; s < t->account->sub_count; s++) {
        const struct bs_subscription *sub = &t->account->subs[s];
        int64_t step = (sub->annual ? 12 : 1) * MONTH_DAYS_MAX * (int64_t)SG_DAY_S;
        for (uint32_t k = sub->periods_paid - sub->invoices; k < sub->periods_paid; k++, i++) {
            bool settled = sub->start + step * k + SETTLED_S < t->account->end;
            events += settled ? settled_events(t, i, &source) : exact_events(t, i, &source, sub, k);
        }
    }
    return events;
}

bool bs_ledger_count(const struct sg_world *world, const struct bs_account *account, uint64_t row,
                     struct bs_billing_sums *sums) {
    struct tally t = {.world = world, .account = account, .row = row};
    for (int s = 0; s < account->sub_count; s++)
        t.count += account->subs[s].invoices;
    add_subscriptions(world, account, sums);
    if (t.count > BS_BILLS_MAX) return false;
    if (t.count == 0) return true;
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_STRIPE_INVOICES);
    world->kernels->philox(&source, row, BS_STREAM_INVOICE_PAYMENT, 0, t.count, t.pay[0], t.pay[1], t.pay[2],
                           t.pay[3]);
    tally_unpaid(&t);
    sums->invoices += t.count;
    sums->told += tally_events(&t);
    for (uint32_t i = 0; i < t.count; i++)
        sums->charges += !t.unpaid[i];
    return true;
}
