/* barsaas: bar-management SaaS. The account, recomputed from its number.
 *
 * Accounts are numbered 0.. in order of creation (id = number + 1). Everything that a child table needs to
 * know of its account is in struct bs_account, which bs_account_get recomputes in about a microsecond from
 * the world; children are numbered densely in account order, so `location_first` and friends turn into ids by
 * adding 1. Nothing is stored per account: counts come from quotas over permuted ranks and prefix sums at
 * block granularity.
 *
 * Instants are seconds since 1970 UTC. as_of is the end of all history.
 */
#ifndef SG_BARSAAS_H
#define SG_BARSAAS_H

#include "kernels/feistel.h"
#include "kernels/kernels.h"
#include "kernels/philox.h"
#include "kernels/sample.h"
#include "model/dataset.h"
#include "partition/apportion.h"

/* Five years of history up to as_of, and the year of taps and device health. */
enum { BS_DATASET_ID = 1, BS_HISTORY_DAYS = 1826, BS_TAP_DAYS = 365 };

/* Domains. Companies 0..N-1 are the accounts (same number), the rest are prospects. Days are the days of the
 * five years up to as_of, oldest first. */
enum bs_domain { BS_ACCOUNT, BS_COMPANY, BS_CAMPAIGN, BS_DAY, BS_SINGLE, BS_DOMAIN_COUNT };

/* Tables in load order; the index is also the table's number in every random counter: append only. */
enum bs_table {
    BS_PRODUCTS, /* lookup of tap products */
    BS_PAGES,    /* lookup of application pages */
    BS_FEATURES, /* lookup of application features */
    BS_ACCOUNTS,
    BS_LOCATIONS,
    BS_USERS,
    BS_DEVICES,
    BS_SUBSCRIPTIONS,
    BS_STRIPE_CUSTOMERS,
    BS_STRIPE_PRICES,
    BS_STRIPE_SUBSCRIPTIONS,
    BS_STRIPE_SUBSCRIPTION_ITEMS,
    BS_STRIPE_INVOICES,
    BS_STRIPE_CHARGES,
    BS_STRIPE_PAYMENT_INTENTS,
    BS_STRIPE_EVENTS,
    BS_HUBSPOT_OWNERS,
    BS_HUBSPOT_COMPANIES,
    BS_HUBSPOT_CONTACTS,
    BS_HUBSPOT_DEALS,
    BS_HUBSPOT_ENGAGEMENTS,
    BS_HUBSPOT_TICKETS,
    BS_CAMPAIGNS,
    BS_CAMPAIGN_PERFORMANCE,
    BS_MARKETING_QUALIFIED_LEADS,
    BS_ATTRIBUTION_TOUCHPOINTS,
    BS_GOOGLE_ANALYTICS_SESSIONS,
    BS_USER_SESSIONS,
    BS_PAGE_VIEWS,
    BS_FEATURE_USAGE,
    BS_TAP_EVENTS,
    BS_DEVICE_HEALTH,
    BS_ANOMALY_LABELS, /* with --anomalies */
    BS_TABLE_COUNT
};

enum bs_tier { BS_BASIC, BS_PRO, BS_ENTERPRISE, BS_TIER_COUNT };
enum bs_industry { BS_RESTAURANT, BS_BAR, BS_HOTEL, BS_OTHER, BS_INDUSTRY_COUNT };
enum bs_role { BS_ADMIN, BS_MANAGER, BS_STAFF, BS_ROLE_COUNT };
enum bs_location_type { BS_MAIN, BS_BRANCH, BS_FRANCHISE, BS_LOCATION_TYPE_COUNT };
enum bs_device_status { BS_ONLINE, BS_OFFLINE, BS_MAINTENANCE, BS_DEVICE_STATUS_COUNT };
/* State of a subscription row, as the app shows it. */
enum bs_subscription_status {
    BS_SUB_ACTIVE,     /* current, paying */
    BS_SUB_TRIAL,      /* current, inside its trial */
    BS_SUB_PENDING,    /* current, agreed, starts billing soon */
    BS_SUB_CONVERTED,  /* ended trial that became the next row */
    BS_SUB_EXPIRED,    /* ended trial that did not convert: the account is lost */
    BS_SUB_SUPERSEDED, /* ended by a plan change: the next row continues */
    BS_SUB_CHURNED,    /* paying until the account was lost */
    BS_SUB_STATUS_COUNT
};

/* Stripe prices: rows of stripe_prices, plan x interval, then add-on x interval. */
enum bs_price {
    BS_PRICE_BASIC_MONTH,
    BS_PRICE_BASIC_YEAR,
    BS_PRICE_PRO_MONTH,
    BS_PRICE_PRO_YEAR,
    BS_PRICE_ENTERPRISE_MONTH,
    BS_PRICE_ENTERPRISE_YEAR,
    BS_PRICE_ADDON_FIRST, /* three add-ons x (month, year) */
    BS_PRICE_COUNT = 12
};
enum { BS_LOCATIONS_MAX = 5, BS_USERS_MAX = 10, BS_DEVICES_MAX = 5, BS_SUBS_MAX = 3, BS_ITEMS_MAX = 4 };

struct bs_item {
    uint8_t price;     /* enum bs_price */
    uint16_t quantity; /* >= 1 */
};

/* One subscription row (app and Stripe alike). Rows of an account follow each other without gap or overlap.
 */
struct bs_subscription {
    uint8_t tier;       /* enum bs_tier: the plan */
    uint8_t status;     /* enum bs_subscription_status */
    bool annual;        /* billing interval: year, else month; all items share it */
    bool trial;         /* the row is a trial: nothing is paid for it */
    int64_t start, end; /* end = as_of while current; else the first instant not covered */
    uint8_t item_count; /* >= 1, item 0 is the plan */
    struct bs_item items[BS_ITEMS_MAX];
    int64_t mrr_cents;     /* sum of items, annual prices / 12; exact */
    int64_t period_cents;  /* what one billing period costs: sum of unit_amount x quantity */
    uint16_t periods_paid; /* billing periods begun between start and end (0 for trials and pending) */
    uint16_t invoices;     /* the latest `invoices` of them have a row in stripe_invoices */
};

struct bs_location {
    uint8_t type;          /* enum bs_location_type */
    uint16_t city;         /* index into the city reference, see src/reference */
    uint8_t zone;          /* enum sg_zone of src/reference: local time */
    int64_t created;       /* >= account created */
    uint8_t devices;       /* 2..5 */
    uint64_t device_first; /* 0-based number of its first device */
};

struct bs_account {
    uint64_t number; /* 0-based */
    uint8_t tier, industry;
    bool lost;         /* is_active = !lost */
    bool failed_trial; /* lost without ever paying */
    int64_t created;
    int64_t end;       /* instant of loss, as_of while alive: nothing of the account happens after it */
    uint32_t size_q16; /* size within all accounts, 0..65535: drives employees, users, devices, volume */
    uint32_t engagement_q16; /* 0..65535; lost accounts tend to be low */
    uint32_t employees;      /* 5..500 */
    int64_t mrr_cents;       /* of the current (or last) subscription */

    uint8_t sub_count;
    uint64_t sub_first; /* 0-based number of its first subscription row */
    struct bs_subscription subs[BS_SUBS_MAX];

    uint8_t location_count;
    uint64_t location_first;
    struct bs_location locations[BS_LOCATIONS_MAX];
    uint8_t device_count; /* over all locations, <= 25 */
    uint64_t device_first;
    uint64_t living_device_first; /* devices of accounts not lost before this one */

    uint8_t user_count;
    uint64_t user_first;
    uint8_t admin_count;   /* 0 or 1: user 0 is it */
    uint64_t member_first; /* users without Admin role before this account */
};

struct bs_user {
    uint64_t number;
    uint8_t role; /* enum bs_role */
    bool active;
    int64_t created;       /* >= account created, <= end */
    int64_t end;           /* last instant of activity: account end, or the day the person left */
    int64_t last_login;    /* in [created, end]: the latest session starts here, none after it */
    uint32_t activity_q16; /* relative log-in rhythm by role and engagement, > 0 */
};

struct bs_device {
    uint64_t number;
    uint8_t location; /* index in the account */
    uint8_t status;   /* enum bs_device_status */
    bool active;
    int64_t installed;     /* >= location created */
    int64_t end;           /* account end */
    int64_t offline_since; /* status offline or maintenance of a living account: silent from then on; else =
                              end */
    int64_t last_seen;     /* last sign of life, <= offline_since; no event lies after it */
    uint32_t volume_q16;   /* relative event volume, > 0 */
};

/* The world: sizes, permutations, prefix sums. Read-only after world_open. */
struct bs_sizes {
    uint64_t
        rows[BS_TABLE_COUNT]; /* exact totals of the contract; computed ones (device_health) filled at open */
    uint64_t companies;       /* units of BS_COMPANY */
    uint64_t campaigns;
};

struct bs_survey {
    uint32_t block_units;
    uint64_t *sums; /* before each block of companies, the last row of all; see survey.h */
};

struct sg_world {
    struct sg_run run;
    /* Who plans with us, while opening; NULL = nobody. For companies, most of whose cost is the accounts. */
    const struct sg_team *team, *company_team;
    int64_t as_of;
    uint64_t accounts;
    const struct sg_kernels *kernels; /* column kernels of this processor; changes no byte */
    struct bs_sizes sizes;
    struct bs_survey survey;        /* sums over companies of what the parts count */
    struct bs_core *core;           /* core.h: quotas, permutations, prefixes of core entities */
    struct bs_billing *billing;     /* stripe_*.c: invoice apportionment, event totals */
    struct bs_crm *crm;             /* hubspot_*.c */
    struct bs_marketing *marketing; /* marketing_*.c, ga.c */
    struct bs_activity *activity;   /* sessions, page views, feature usage */
    struct bs_iot *iot;             /* tap events, device health */
};

/* Pure. Exact row count of a table whose seed counts at 100 and 10,000 accounts are dev and qa: linear from 0
 * to dev, dev to qa, and by qa's ratio beyond, rounded half up. */
uint64_t bs_scaled_count(uint64_t accounts, uint64_t dev, uint64_t qa);

/* Pure. Recomputes an account, its subscriptions and its locations. */
void bs_account_get(const struct sg_world *world, uint64_t number, struct bs_account *account);
/* Pure. Invoices of all accounts before `number`; only until bs_invoices_forget, which also drops what
 * opening knows of single accounts. */
uint64_t bs_invoices_before(const struct sg_world *world, uint64_t number);
void bs_invoices_forget(struct sg_world *world);
/* Pure. Users of all accounts before `number`; number may be the number of accounts. */
uint64_t bs_users_before(const struct sg_world *world, uint64_t number);
/* Pure. Accounts (or companies, ...) per stored sum: one up to 262,144 units, so that finding a row costs
 * next to nothing; 64 from 16 million on. So a world takes some 50 MB at most up to there. */
uint32_t bs_block_units(uint64_t units);
/* Pure. The k-th user (device) of an account. */
void bs_user_get(const struct sg_world *world, const struct bs_account *account, unsigned k,
                 struct bs_user *user);
void bs_device_get(const struct sg_world *world, const struct bs_account *account, unsigned k,
                   struct bs_device *device);

/* Pure. Yearly revenue in dollars of company `number` (accounts first, prospects after). */
int64_t bs_annual_revenue(const struct sg_world *world, uint64_t number, uint8_t industry,
                          uint32_t employees);

/* Pure texts that several tables must agree on; out is NUL-terminated, the return is its length. */
enum { BS_NAME_BYTES = 96, BS_DOMAIN_BYTES = 80, BS_EMAIL_BYTES = 128 };
/* Name and web domain of company `number` (accounts first, prospects after); domains are unique. */
size_t bs_company_name(const struct sg_world *world, uint64_t number, char out[BS_NAME_BYTES]);
size_t bs_company_domain(const struct sg_world *world, uint64_t number, char out[BS_DOMAIN_BYTES]);
/* Industry of company `number`: the account's, or a prospect's by the same shares. */
uint8_t bs_company_industry(const struct sg_world *world, uint64_t number);
/* Person of user `number` (0-based, all accounts) and their address at the account's domain, unique. */
size_t bs_user_name(const struct sg_world *world, uint64_t user, char out[BS_NAME_BYTES]);
size_t bs_user_email(const struct sg_world *world, const struct bs_account *account, uint64_t user,
                     char out[BS_EMAIL_BYTES]);

/* Tokens with the shape of the real systems. Keys ascend with the row: key = row x stride + noise < stride,
 * so text order is row order. bs_token_key is the reversible function of (table, row); row = key /
 * BS_TOKEN_STRIDE. */
#define BS_TOKEN_STRIDE ((uint64_t)1 << 34)
uint64_t bs_token_key(const struct sg_world *world, enum bs_table table, uint64_t row);
extern const struct sg_token bs_token_customer, bs_token_subscription, bs_token_item, bs_token_price,
    bs_token_invoice, bs_token_charge, bs_token_intent, bs_token_event;

/* HubSpot ids: integers below 2^31 that ascend with the row at a stride fitting the table's size. */
int32_t bs_hubspot_id(const struct sg_world *world, enum bs_table table, uint64_t row);

/* Unit price of a Stripe price in cents (monthly or yearly); annual prices are divisible by 12. */
int64_t bs_price_cents(enum bs_price price);

/* Each part of the dataset: set-up after the core (may fill sizes.rows of computed tables), in three steps
 * around the survey (survey.h). Whatever is NULL is left out. */
struct bs_part {
    const char *name;
    enum sg_code (*prepare)(struct sg_world *world, struct sg_error *err); /* before the survey */
    enum sg_code (*settle)(struct sg_world *world, struct sg_error *err); /* after it; collective in the team;
                                                                            may be NULL */
    enum sg_code (*open)(struct sg_world *world, struct sg_error *err); /* the rest; parts at the same time */
    void (*close)(struct sg_world *world);
};
extern const struct bs_part bs_core_part, bs_billing_part, bs_crm_part, bs_marketing_part, bs_activity_part,
    bs_iot_part;

typedef uint64_t bs_rows_before_fn(const struct sg_world *world, uint64_t unit);
typedef enum sg_code bs_generate_fn(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                                    struct sg_emitter *emitter, struct sg_error *err);

/* A table of the dataset with its row logic. Each <table>.c defines one: bs_table_<name>. */
struct bs_table_logic {
    struct sg_table declaration;
    bs_rows_before_fn *rows_before;
    bs_generate_fn *generate;
};

/* Rows of a BS_SINGLE table belong to its only unit; helper for their rows_before. */
#define BS_SINGLE_ROWS_BEFORE(world_, unit_, table_) ((unit_) ? (world_)->sizes.rows[table_] : 0)

#endif
