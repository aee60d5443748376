/* screenbilling: digital-signage SaaS billed per screen through Stripe. The life of a customer, recomputed
 * from its number.
 *
 * Customers are numbered 0.. in order of creation, three to a test clock. Time runs in months 0..6: month 0
 * is the creation at 00:00 UTC on the first of the month six months before the as-of date, each later month
 * begins with the renewal, then the month's events, then the snapshot. Who has which event follows from
 * quotas over permutations (plan.c), so that a life costs a few permutation steps and no memory.
 *
 * The same lives are written as rows and played into Stripe's test mode (live.h): this header is the script
 * of both. Instants are seconds since 1970 UTC, money is in cents.
 */
#ifndef SB_SCREENBILLING_H
#define SB_SCREENBILLING_H

#include "kernels/feistel.h"
#include "kernels/philox.h"
#include "kernels/sample.h"
#include "model/dataset.h"
#include "partition/apportion.h"

enum { SB_DATASET_ID = 4, SB_MONTHS = 7, SB_CLOCK_CUSTOMERS = 3, SB_EVENTS_MAX = 2, SB_NEVER = SB_MONTHS };

enum sb_domain { SB_CUSTOMER, SB_CLOCK, SB_SINGLE, SB_DOMAIN_COUNT };

/* Tables in load order; the index is also the table's number in every random counter: append only. */
enum sb_table {
    SB_PRODUCTS,
    SB_PRICES,
    SB_TEST_CLOCKS,
    SB_CUSTOMERS,
    SB_SUBSCRIPTIONS,
    SB_INVOICES,
    SB_PAYMENTS,
    SB_LIFECYCLE_EVENTS,
    SB_SUB_SNAPSHOTS,
    SB_TABLE_COUNT
};

/* Streams of SB_CUSTOMERS. */
enum { SB_STREAM_TOKEN = 1, SB_STREAM_PERSON, SB_STREAM_SCREENS, SB_STREAM_EVENT };

enum sb_plan { SB_FREE, SB_STANDARD, SB_PRO_PLUS, SB_ENGAGE, SB_ENTERPRISE, SB_PLAN_COUNT };

struct sb_plan_info {
    const char *key;         /* "pro_plus" */
    const char *name;        /* "Pro Plus" */
    const char *description; /* of the product */
    int32_t cents;           /* per screen and month */
    int32_t screens_min, screens_max;
    uint32_t share; /* customers of 100 that begin with it */
};
extern const struct sb_plan_info sb_plans[SB_PLAN_COUNT];
extern const struct sg_enum sb_enum_plan, sb_enum_status;

enum sb_event { SB_UPGRADE, SB_DOWNGRADE, SB_CANCELLATION, SB_PAST_DUE, SB_EVENT_COUNT };

/* Status of a subscription in a snapshot. */
enum sb_status { SB_STATUS_ACTIVE, SB_STATUS_PAST_DUE, SB_STATUS_CANCELED };

/* What a subscription is in a month, after the month's events. */
struct sb_state {
    uint8_t plan;   /* enum sb_plan */
    uint8_t status; /* enum sb_status */
    int32_t screens;
};

struct sb_change {
    uint8_t month; /* 1..6 */
    uint8_t event; /* enum sb_event */
};

struct sb_life {
    uint64_t number;
    struct sb_state months[SB_MONTHS]; /* those from `end` on repeat the last one, canceled */
    uint8_t end;      /* month of the cancellation, SB_NEVER without: snapshots and invoices */
    uint8_t past_due; /* month the card was replaced, SB_NEVER without */
    uint8_t change_count;
    struct sb_change changes[SB_EVENTS_MAX]; /* by month, at most one a month */
};

/* People who share a kind of life: all of its persons have `first`, and `second` when it is a pair. */
enum {
    SB_GROUP_PAST_DUE_CANCEL,
    SB_GROUP_UPGRADE_PAST_DUE,
    SB_GROUP_UPGRADE_TWICE,
    SB_GROUP_CANCEL,
    SB_GROUP_PAST_DUE,
    SB_GROUP_DOWNGRADE,
    SB_GROUP_UPGRADE,
    SB_GROUP_COUNT
};

struct sb_group {
    uint64_t persons;
    uint64_t first_slot, second_slot;     /* of person 0 in the lists of events by month */
    uint64_t class_first[SB_PLAN_COUNT];  /* where its persons begin among those who begin with a plan */
    uint64_t class_count[SB_PLAN_COUNT];  /* and how many they are */
    uint64_t person_first[SB_PLAN_COUNT]; /* number of the first of them in the group */
    struct sg_permutation mix;            /* person -> place in the group: months do not follow plans */
};

struct sg_world {
    struct sg_run run;
    int64_t as_of;
    uint64_t customers, clocks;
    int32_t month_day[SB_MONTHS + 1]; /* first day of each month, and of the one after */
    char month_text[SB_MONTHS][8];    /* "2026-05" */

    struct sg_permutation shuffle; /* customer -> place in the plans' order */
    uint64_t plan_count[SB_PLAN_COUNT];
    uint64_t plan_first[SB_PLAN_COUNT];
    uint64_t event_before[SB_EVENT_COUNT][SB_MONTHS + 1]; /* events of a kind in months before m */
    struct sb_group groups[SB_GROUP_COUNT];
    struct sg_permutation kinds; /* upgrade slot -> does it change the plan */
    uint64_t plan_upgrades;
    struct sg_prefix counts; /* fields of enum sb_field, by customer */
};

enum sb_field { SB_FIELD_MONTHS, SB_FIELD_EVENTS, SB_FIELD_PAYMENTS, SB_FIELD_COUNT };

/* Fills the parts of a world that plan the events; run, customers and months are set. (plan.c) */
enum sg_code sb_plan_open(struct sg_world *world, struct sg_error *err);

/* Pure. The life of a customer. (life.c) */
void sb_life_get(const struct sg_world *world, uint64_t number, struct sb_life *life);

/* Pure. Monthly price of a state in cents. */
static inline int64_t sb_mrr(const struct sb_state *state) {
    return (int64_t)sb_plans[state->plan].cents * state->screens;
}

/* Pure. First instant of a month, 0..SB_MONTHS. */
static inline int64_t sb_month_start(const struct sg_world *world, int month) {
    return (int64_t)world->month_day[month] * 86400;
}

/* The invoice of a month and the attempts to collect it. (bill.c) */
enum { SB_ATTEMPTS_MAX = 4 };
enum sb_invoice_status { SB_INVOICE_DRAFT, SB_INVOICE_OPEN, SB_INVOICE_PAID, SB_INVOICE_UNCOLLECTIBLE };
struct sb_bill {
    struct sb_state state; /* what is billed: the state before the month's events */
    int64_t cents;
    uint8_t status;                     /* enum sb_invoice_status */
    int64_t created, finalized, closed; /* 0 = not yet; closed: paid, or given up */
    uint8_t attempts;                   /* failed ones, or the one that paid; 0 when nothing is due */
    int64_t attempted_at[SB_ATTEMPTS_MAX];
};

/* Pure. Bill of month `month` < life->end. */
void sb_bill_get(const struct sg_world *world, const struct sb_life *life, int month, struct sb_bill *bill);

/* Pure texts. Lengths are returned; out is NUL-terminated. */
enum { SB_NAME_BYTES = 64, SB_EMAIL_BYTES = 96 };
size_t sb_customer_name(const struct sg_world *world, uint64_t number, char out[SB_NAME_BYTES]);
size_t sb_customer_email(const struct sg_world *world, uint64_t number, char out[SB_EMAIL_BYTES]);

/* Tokens with the shape of Stripe's; keys ascend with the row, so text order is row order. */
extern const struct sg_token sb_token_product, sb_token_price, sb_token_clock, sb_token_customer,
    sb_token_subscription, sb_token_invoice, sb_token_payment;
uint64_t sb_token_key(const struct sg_world *world, enum sb_table table, uint64_t row);

typedef uint64_t sb_rows_before_fn(const struct sg_world *world, uint64_t unit);
typedef enum sg_code sb_generate_fn(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                                    struct sg_emitter *emitter, struct sg_error *err);

/* A table with its row logic. Each table_<name>.c defines one. */
struct sb_table_logic {
    struct sg_table declaration;
    sb_rows_before_fn *rows_before;
    sb_generate_fn *generate;
};
extern const struct sb_table_logic sb_table_products, sb_table_prices, sb_table_test_clocks,
    sb_table_customers, sb_table_subscriptions, sb_table_invoices, sb_table_payments,
    sb_table_lifecycle_events, sb_table_sub_snapshots;

/* rows_before of tables with one row a unit, and of those that the world counts. */
sb_rows_before_fn sb_one_row_each, sb_one_row_a_plan, sb_months_before;
uint64_t sb_counted_before(const struct sg_world *world, enum sb_field field, uint64_t unit);

/* Number of the row that the emitter takes next. */
static inline uint64_t sb_next_row(const struct sg_emitter *emitter) {
    return emitter->batch.row_first + emitter->batch.rows;
}

/* An instant, NULL when 0. */
static inline void sb_set_instant(struct sg_emitter *e, int column, int64_t at) {
    if (at)
        sg_set_i64(e, column, at);
    else
        sg_set_null(e, column);
}

/* Adds the rows of one life; invoice_first is the number of its first invoice and snapshot. */
typedef enum sg_code sb_life_rows_fn(const struct sg_world *world, const struct sb_life *life,
                                     uint64_t invoice_first, struct sg_emitter *emitter,
                                     struct sg_error *err);
/* Calls `rows` for each life of a range of customers. */
enum sg_code sb_each_life(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                          sb_life_rows_fn *rows, struct sg_emitter *emitter, struct sg_error *err);

/* The declared model. (statistics.c) */
enum { SB_STATISTIC_COUNT = 130 };
extern const struct sg_statistic sb_statistics[SB_STATISTIC_COUNT];

/* Sums known beforehand: totals.c. */
enum { SB_TOTAL_COUNT = 18 };
extern const struct sg_statistic sb_totals[SB_TOTAL_COUNT];
/* Pure. add_totals of struct sg_dataset. */
void sb_add_totals(const struct sg_world *world, uint16_t domain, uint64_t first, uint64_t end,
                   int64_t *sums);

#endif
