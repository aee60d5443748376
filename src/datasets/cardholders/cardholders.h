/* cardholders: a credit-card portfolio. The customer, recomputed from its number, and the world it lives in.
 *
 * Customers are numbered 0.. (id = number + 1). A permutation of the numbers gives each its place in the
 * segments' quotas, so segment sizes are exact and nothing is stored. Transactions are apportioned to
 * customers by cumulative rounding of their pace times their days, so that the total is exact and any
 * customer's first row is known from prefix sums at block granularity.
 *
 * A customer's spending is planned by account month: the months between two anniversaries, of as_of for old
 * accounts (18 of them), of the opening day for new ones (the last one cut at as_of). Money is in cents,
 * rates are per 30 days, instants are seconds since 1970 on the merchant's clock.
 */
#ifndef SG_CARDHOLDERS_H
#define SG_CARDHOLDERS_H

#include "kernels/feistel.h"
#include "kernels/kernels.h"
#include "kernels/philox.h"
#include "kernels/sample.h"
#include "model/dataset.h"
#include "partition/apportion.h"

enum { CH_DATASET_ID = 3, CH_ROWS_PER_CUSTOMER = 270, CH_MONTHS = 18, CH_WINDOW_DAYS_MAX = 550 };
enum { CH_CUSTOMER_ROWS_MAX = 4096 };

enum ch_domain { CH_CUSTOMER, CH_DOMAIN_COUNT };
/* Tables in load order; the index is also the table's number in every random counter: append only. */
enum ch_table { CH_CUSTOMERS, CH_TRANSACTIONS, CH_TABLE_COUNT };

/* Counter streams of the customers table. */
enum ch_customer_stream {
    CH_STREAM_PERSON = 1, /* words: first name, last name, e-mail provider, age */
    CH_STREAM_PLACE,      /* words: state, city, employment */
    CH_STREAM_ACCOUNT,    /* words: opening day, pace, rate twice */
    CH_STREAM_LIMIT,      /* words: credit limit, channel profile */
    CH_STREAM_MONTH,      /* draw = account month; words: spend, count, last gap */
    CH_STREAM_HABIT       /* draw = category; words: taste, three favourite merchants */
};
/* Counter streams of the transactions table. */
enum ch_transaction_stream {
    CH_STREAM_ROW = 1 /* words: time gap; category, merchant, channel; ticket; status */
};

/* The seed's order: quotas are cut in it and the last takes the remainder. */
enum ch_segment { CH_TRAVELER, CH_STABLE, CH_BUDGET, CH_DECLINING, CH_NEW, CH_SEGMENT_COUNT };
enum ch_decline { CH_GRADUAL, CH_SUDDEN, CH_NO_DECLINE };
enum ch_category {
    CH_TRAVEL,
    CH_DINING,
    CH_HOTELS,
    CH_AIRLINES,
    CH_RETAIL,
    CH_ENTERTAINMENT,
    CH_GROCERY,
    CH_GAS,
    CH_HEALTHCARE,
    CH_UTILITIES,
    CH_CATEGORY_COUNT
};
enum ch_channel { CH_ONLINE, CH_IN_STORE, CH_MOBILE, CH_CHANNEL_COUNT };
enum ch_employment {
    CH_EMPLOYED,
    CH_SELF_EMPLOYED,
    CH_UNEMPLOYED,
    CH_RETIRED,
    CH_STUDENT,
    CH_EMPLOYMENT_COUNT
};
enum {
    CH_STATE_COUNT = 51,
    CH_MERCHANTS_EACH = 24,
    CH_MERCHANT_COUNT = CH_CATEGORY_COUNT * CH_MERCHANTS_EACH
};
enum { CH_AGE_MIN = 22, CH_AGE_MAX = 75 };
enum { CH_LIMIT_MIN = 5000, CH_LIMIT_MAX = 50000, CH_LIMIT_STEP = 1000 }; /* dollars */
enum { CH_GROWTH_PERCENT = 5 };                                           /* a month, New & Growing */

/* What a segment is: shares and ranges of the seed, and how its people behave. */
struct ch_segment_info {
    uint8_t share;                    /* percent of the customers */
    int64_t spend_low, spend_high;    /* cents per 30 days: the seed's range */
    uint16_t margin_low, margin_high; /* thousandths of the range's ends that base rates keep away from */
    uint16_t noise;                   /* thousandths: greatest deviation of a month's spend */
    uint16_t pace;                    /* transactions per 300 days at full strength */
    uint8_t age_mean, age_deviation;
    int32_t limit_mean, limit_deviation; /* dollars */
    uint8_t mix[CH_CATEGORY_COUNT];      /* percent of transactions */
};
extern const struct ch_segment_info ch_segments[CH_SEGMENT_COUNT];

extern const struct sg_enum ch_segment_labels, ch_decline_labels, ch_category_labels, ch_channel_labels,
    ch_status_labels, ch_merchant_labels, ch_state_labels, ch_employment_labels, ch_card_labels;

/* Identifiers: CUST00000001, TXN00000000001. */
extern const struct sg_token ch_customer_token, ch_transaction_token;

struct ch_customer {
    uint64_t number;
    uint8_t segment, decline;
    bool premium;
    int32_t open_day;
    int32_t first_day;  /* first day of transactions: the opening day or the window's */
    uint32_t pace_q16;  /* own pace, 65536 = the segment's */
    int64_t rate_cents; /* spend per 30 days at full strength (first month of New & Growing) */
    uint64_t weight;    /* share in all transactions */
};

/* One account month. */
struct ch_month {
    int32_t first, end;   /* days, half open */
    uint32_t count;       /* transactions */
    int64_t budget_cents; /* sum of the approved ones, exactly */
    uint32_t last_gap;    /* word that closes the month's chain of gaps */
};

/* Cities by state: entries of state s are [first[s], first[s + 1]), `until` cumulates weights in a state. */
struct ch_places {
    uint32_t state_until[CH_STATE_COUNT]; /* cumulative population */
    uint32_t first[CH_STATE_COUNT + 1];
    uint32_t *city, *until;
};

/* Days of the window with their weights (weekday, season), and hours of a day. */
struct ch_calendar {
    int32_t window_first, window_end;        /* days; window_end = as_of */
    int32_t month_day[CH_MONTHS + 1];        /* anniversaries of as_of */
    uint32_t before[CH_WINDOW_DAYS_MAX + 1]; /* weight before a day of the window */
    uint64_t inverse_q40[CH_WINDOW_DAYS_MAX];
    uint8_t weekend[CH_WINDOW_DAYS_MAX];
    int32_t hours[2][1025]; /* second of the day by quantile: working days, weekends */
};

struct sg_world {
    struct sg_run run;
    uint64_t customers;
    const struct sg_kernels *kernels; /* column kernels of this processor; changes no byte */
    struct sg_source people, rows;    /* draws of the tables customers and transactions */
    struct sg_permutation shuffle;    /* number -> place in the quotas */
    uint64_t segment_count[CH_SEGMENT_COUNT], gradual_count, premium_count;
    uint64_t strength_days[3]; /* days of the window x strength in percent, by enum ch_decline */
    struct ch_calendar calendar;
    struct ch_places places;
    uint8_t popular[64]; /* merchant of a category by 64 equal slots, well known ones first */
    uint8_t channels[3][CH_CATEGORY_COUNT][64]; /* by customer's channel profile and category */
    struct sg_prefix weights;
    uint64_t transactions;
};

/* Pure. Recomputes a customer. */
void ch_customer_get(const struct sg_world *world, uint64_t number, struct ch_customer *customer);

/* Pure. Rows of transactions of customers [0, number). */
uint64_t ch_rows_before(const struct sg_world *world, uint64_t number);

/* Pure. Plans the account months of a customer who has `rows` transactions; returns how many. */
unsigned ch_months_plan(const struct sg_world *world, const struct ch_customer *customer, uint64_t rows,
                        struct ch_month months[CH_MONTHS]);

/* Pure. Strength of spending in account month k, percent of the base: declines. */
unsigned ch_strength(uint8_t decline, unsigned k);

/* Places: opened with the world. */
enum sg_code ch_places_open(struct ch_places *places, struct sg_error *err);
void ch_places_close(struct ch_places *places);
/* Pure. A state by its population, a city of it (index into sg_cities). */
uint16_t ch_state_pick(const struct ch_places *places, uint32_t word);
uint32_t ch_city_pick(const struct ch_places *places, uint16_t state, uint32_t word);

/* By code of ch_state_labels. */
extern const uint32_t ch_state_residents[CH_STATE_COUNT];

/* Pure. Fills the calendar of the window up to as_of. */
void ch_calendar_open(struct ch_calendar *calendar, int32_t as_of_day);

/* What a customer's transactions are about. */
enum { CH_MIX_BITS = 7, CH_FAVOURITE_SLOTS = 8, CH_EXPLORES = 0xFF };
struct ch_habits {
    uint8_t category[1 << CH_MIX_BITS];                      /* by equal slots */
    uint8_t merchant[CH_CATEGORY_COUNT][CH_FAVOURITE_SLOTS]; /* within the category, CH_EXPLORES = any */
    uint8_t profile;                                         /* channel profile */
};
void ch_habits_open(struct sg_world *world);
/* Pure. */
void ch_habits_get(const struct sg_world *world, const struct ch_customer *customer,
                   struct ch_habits *habits);

/* Pure. Parts of the customer's row that habits depend on, too. */
int32_t ch_age(const struct sg_world *world, const struct ch_customer *customer);
/* Pure. Dollars. */
int32_t ch_credit_limit(const struct sg_world *world, const struct ch_customer *customer);

typedef uint64_t ch_rows_before_fn(const struct sg_world *world, uint64_t unit);
typedef enum sg_code ch_generate_fn(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                                    struct sg_emitter *emitter, struct sg_error *err);

/* A table of the dataset with its row logic. */
struct ch_table_logic {
    struct sg_table declaration;
    ch_rows_before_fn *rows_before;
    ch_generate_fn *generate;
};
extern const struct ch_table_logic ch_table_customers, ch_table_transactions;

extern const char *const ch_notes[];
enum { CH_STATISTIC_COUNT = 35 };
extern const struct sg_statistic ch_statistics[CH_STATISTIC_COUNT];

/* Sums known beforehand: totals.c. */
enum { CH_TOTAL_COUNT = 11 };
extern const struct sg_statistic ch_totals[CH_TOTAL_COUNT];
/* Pure. add_totals of struct sg_dataset. */
void ch_add_totals(const struct sg_world *world, uint16_t domain, uint64_t first, uint64_t end,
                   int64_t *sums);

extern const struct sg_dataset ch_dataset;

#endif
