/* Billing of one account: its invoices with their fate, recomputed from the account, and the sums that number
 * the rows of the Stripe tables. Private to the Stripe tables of barsaas.
 *
 * A ledger holds the rows of stripe_invoices of an account in row order (subscription by subscription, period
 * ascending) and what became of each. Everything Stripe says of an account derives from it, so that invoices,
 * charges, intents, events and subscription states agree. Nothing in it lies after the account's end.
 */
#ifndef SG_BARSAAS_BILLING_H
#define SG_BARSAAS_BILLING_H

#include <string.h>

#include "datasets/barsaas/barsaas.h"

/* Monthly periods of five years, one more begun by each plan change; four payment attempts (3, 5 and 7 days
 * apart). */
enum { BS_BILLS_MAX = 72, BS_ATTEMPTS_MAX = 4, BS_BILL_EVENTS_MAX = 3 + 2 * BS_ATTEMPTS_MAX + 3 };
enum { BS_TIMELINE_MAX = 1 + 3 * BS_SUBS_MAX + BS_BILLS_MAX * BS_BILL_EVENTS_MAX };

/* Streams of the tables' counters. */
enum {
    BS_STREAM_INVOICE_PAYMENT = 1, /* stripe_invoices: late, failures, delays */
    BS_STREAM_INVOICE_FATE = 2,    /* stripe_invoices: void or uncollectible, decline, settlement days */
    BS_STREAM_CUSTOMER_CONTACT = 1,
    BS_STREAM_CUSTOMER_INSTRUMENT = 2,
    BS_STREAM_CUSTOMER_CARD = 3,       /* draw = generation of the card */
    BS_STREAM_CUSTOMER_COLLECTION = 4, /* which invoice of the account stays unpaid */
    BS_STREAM_CUSTOMER_UPDATES = 5,    /* draw = number of the filling event */
    BS_STREAM_SUBSCRIPTION_END = 1,
    BS_STREAM_CHARGE_RISK = 1,
    BS_STREAM_EVENT_REQUEST = 1,
    BS_STREAM_EVENT_KEY = 2
};

enum bs_invoice_status {
    BS_INVOICE_DRAFT,
    BS_INVOICE_OPEN,
    BS_INVOICE_PAID,
    BS_INVOICE_VOID,
    BS_INVOICE_UNCOLLECTIBLE,
    BS_INVOICE_STATUS_COUNT
};

enum bs_stripe_status {
    BS_STRIPE_ACTIVE,
    BS_STRIPE_TRIALING,
    BS_STRIPE_PAST_DUE,
    BS_STRIPE_CANCELED,
    BS_STRIPE_UNPAID,
    BS_STRIPE_STATUS_COUNT
};

/* One invoice. Instants of steps that did not happen are 0. */
struct bs_bill {
    uint64_t row;        /* in stripe_invoices and stripe_payment_intents */
    uint64_t charge_row; /* in stripe_charges, meaningful when paid */
    int64_t cents;
    int64_t period_start, period_end;
    int64_t created, finalized, due;
    int64_t attempt_at[BS_ATTEMPTS_MAX]; /* the first `failures` failed; the next one paid, or is planned */
    int64_t paid_at, closed_at;          /* closed: voided or given up */
    uint32_t ordinal; /* 1-based among all periods the account was billed for, archived ones included */
    uint8_t subscription;
    uint8_t status; /* enum bs_invoice_status */
    uint8_t failures;
    uint8_t tries;   /* attempts the dunning schedule foresees */
    uint8_t decline; /* index of bs_declines when failures > 0 */
    bool first;      /* the subscription's first period */
};

/* Cumulative sums over accounts [0, unit); fields of the survey in this order. */
struct bs_billing_sums {
    uint64_t items, invoices, charges;
    uint64_t told;   /* events that must be told */
    uint64_t weight; /* days lived: the rest of the events is shared out by it */
};

struct bs_ledger {
    struct bs_account account;
    struct bs_billing_sums before;
    int64_t horizon; /* last instant of the account's history */
    uint32_t bill_count;
    struct bs_bill bills[BS_BILLS_MAX];
    uint16_t bills_end[BS_SUBS_MAX]; /* bills of subscription s: [s ? bills_end[s-1] : 0, bills_end[s]) */
    uint8_t status[BS_SUBS_MAX];     /* enum bs_stripe_status */
};

/* How sparing the story is told when a tiny data set has no room for all events. */
enum bs_thrift {
    BS_TELL_ALL,
    BS_NO_TRIAL_NOTICE,   /* without customer.subscription.trial_will_end */
    BS_NO_LATE_PAYMENT,   /* and without failed attempts on paid invoices */
    BS_ONE_FAILED_ATTEMPT /* and one failed attempt on unpaid ones */
};

struct bs_billing {
    uint64_t invoices, unpaid;    /* totals */
    uint64_t filling;             /* events beyond those that must be told */
    uint8_t thrift;               /* enum bs_thrift */
    struct sg_permutation order;  /* of invoice rows: the first `unpaid` images are unpaid */
    struct sg_permutation prefix; /* of 32-bit invoice prefixes */
    struct bs_billing_sums total;
};

/* Pure. Start of billing period k of a subscription: months counted from its first day. */
int64_t bs_period_start(const struct bs_subscription *subscription, uint32_t k);

/* Pure. Price of one period of a subscription: the sum of its items. */
int64_t bs_items_cents(const struct bs_subscription *subscription);

/* Pure. Sums over the accounts before `unit`; unit may be the number of accounts. */
struct bs_billing_sums bs_billing_before(const struct sg_world *world, uint64_t unit);

/* Pure. Recomputes the ledger of an account whose preceding sums are `before`. An account with more bills
 * than BS_BILLS_MAX keeps the first ones; opening a world refuses it. */
void bs_ledger_get(const struct sg_world *world, uint64_t number, const struct bs_billing_sums *before,
                   struct bs_ledger *ledger);

/* Pure. Adds the rows of an account whose invoices begin at `row`, as bs_ledger_after does, without making
 * its ledger. False when a ledger does not hold its invoices. */
bool bs_ledger_count(const struct sg_world *world, const struct bs_account *account, uint64_t row,
                     struct bs_billing_sums *sums);

/* Pure. `before` plus the rows of this account. */
struct bs_billing_sums bs_ledger_after(const struct sg_world *world, const struct bs_ledger *ledger);

/* Pure. Events of stripe_events before a point of the sums. */
uint64_t bs_events_before(const struct sg_world *world, const struct bs_billing_sums *sums);

/* Calls `rows` with the ledger of each account of [unit_first, unit_end). */
typedef enum sg_code bs_ledger_rows_fn(const struct sg_world *world, const struct bs_ledger *ledger,
                                       struct sg_emitter *emitter, struct sg_error *err);
enum sg_code bs_each_ledger(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                            bs_ledger_rows_fn *rows, struct sg_emitter *emitter, struct sg_error *err);

/* Pure. Where the trial of a subscription ends (ongoing: will end, after 14 or 30 days); 0 when it is none.
 * Agreed ones that do not bill yet are on trial in Stripe's terms. */
int64_t bs_trial_end(const struct bs_subscription *subscription);

/* Pure. Whether the end of a trial is announced up to the horizon; *at receives when, three days before. */
bool bs_trial_notice(const struct sg_world *world, const struct bs_subscription *sub, int64_t horizon,
                     int64_t *at);

/* Event types: the codes of stripe_events.type. */
enum bs_event_type {
    BS_EVENT_CUSTOMER_CREATED,
    BS_EVENT_CUSTOMER_UPDATED,
    BS_EVENT_SUBSCRIPTION_CREATED,
    BS_EVENT_SUBSCRIPTION_UPDATED,
    BS_EVENT_TRIAL_WILL_END,
    BS_EVENT_SUBSCRIPTION_DELETED,
    BS_EVENT_INVOICE_CREATED,
    BS_EVENT_INVOICE_FINALIZED,
    BS_EVENT_INVOICE_PAYMENT_FAILED,
    BS_EVENT_INVOICE_PAID,
    BS_EVENT_INVOICE_UNCOLLECTIBLE,
    BS_EVENT_INVOICE_VOIDED,
    BS_EVENT_INTENT_CREATED,
    BS_EVENT_INTENT_PAYMENT_FAILED,
    BS_EVENT_INTENT_SUCCEEDED,
    BS_EVENT_INTENT_CANCELED,
    BS_EVENT_CHARGE_SUCCEEDED,
    BS_EVENT_TYPE_COUNT
};

struct bs_telling {
    int64_t at;
    uint64_t row; /* of the object, in its table */
    uint8_t type; /* enum bs_event_type */
};

/* Pure. Writes the events that must be told of an account, in order of time, and returns their number. */
uint32_t bs_timeline(const struct sg_world *world, const struct bs_ledger *ledger,
                     struct bs_telling timeline[BS_TIMELINE_MAX]);

/* What a customer pays with at an instant: a bank account for good, or a card replaced every three years. */
struct bs_instrument {
    bool bank;
    uint8_t brand; /* index of bs_card_brands */
    uint8_t exp_month;
    uint16_t exp_year;
    uint16_t last4;
    uint64_t key; /* of bs_token_method */
};
extern const char *const bs_card_brands[4];
struct bs_instrument bs_instrument_get(const struct sg_world *world, const struct bs_account *account,
                                       int64_t at);

/* Pure. Whether an account pays by bank debit. */
bool bs_pays_by_bank(const struct sg_world *world, const struct bs_account *account);

/* Declines of failed attempts: the first BS_DECLINE_CARD happen to cards, the rest to bank debits. Code and
 * message are codes of the two enums. */
enum { BS_DECLINE_CARD = 5, BS_DECLINE_COUNT = 8 };
struct bs_decline {
    uint8_t code, message;
};
extern const struct bs_decline bs_declines[BS_DECLINE_COUNT];
extern const struct sg_enum bs_enum_decline_code, bs_enum_decline_message;

extern const struct sg_token bs_token_method;

/* The invoice prefix of an account: 8 upper-case hexadecimal digits, unique. */
void bs_invoice_prefix(const struct sg_world *world, uint64_t account, char out[8]);

/* Text building without printf: each returns the end of what it wrote. */
static inline char *bs_put(char *out, const char *text) {
    size_t length = strlen(text);
    memcpy(out, text, length);
    return out + length;
}

/* At least `width` digits, with leading zeros. */
static inline char *bs_put_number(char *out, uint64_t value, unsigned width) {
    char digits[20];
    unsigned n = 0;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    for (; n < width && n < sizeof digits; n++)
        digits[n] = '0';
    while (n)
        *out++ = digits[--n];
    return out;
}

static inline char *bs_put_token(char *out, const struct sg_token *token, uint64_t key) {
    sg_token_format(token, key, out);
    return out + token->length;
}

/* The metadata document of a Stripe object, {"account_id":"17"}, as text of `column`. */
static inline void bs_set_metadata(struct sg_emitter *emitter, int column, uint64_t account) {
    char text[48], *p = bs_put(text, "{\"account_id\":\"");
    p = bs_put(bs_put_number(p, account + 1, 1), "\"}");
    sg_set_text(emitter, column, text, (size_t)(p - text));
}

extern const struct sg_enum bs_enum_currency;

#endif
