/* The core part's plan: quotas, permutations and prefix sums from which accounts and their children are
 * recomputed. Built once by core.c, read-only afterwards; only the core's own files include this header.
 *
 * An account's fate is closed form. Accounts of one year between anniversaries are a cohort; each cohort is
 * two groups: the main group, and the zone of accounts created in the last BS_ZONE_DAYS days before the
 * anniversary that ends the cohort. Inside a group a permutation orders the accounts: failed trials first,
 * then converted ones, then direct customers (or, in the last cohort's zone, current trials and agreed ones);
 * inside a kind, the earliest positions are lost in the first year that could lose them, and so on.
 */
#ifndef SG_BARSAAS_CORE_H
#define SG_BARSAAS_CORE_H

#include "datasets/barsaas/barsaas.h"

enum { BS_COHORTS = 5, BS_GROUPS = 2 * BS_COHORTS, BS_CHURN_YEARS = 4, BS_ZONE_DAYS = 28 };
enum { BS_GROWTH_KNOTS = 257 };

enum bs_kind { BS_KIND_FAILED, BS_KIND_CONVERTED, BS_KIND_DIRECT, BS_KIND_TRIAL, BS_KIND_PENDING, BS_KINDS };

/* Permutation names: table index * 256 + k. */
enum bs_permutation_name {
    BS_PERM_SIZE = BS_ACCOUNTS * 256,
    BS_PERM_INDUSTRY,
    BS_PERM_NAMES,
    BS_PERM_GROUP,                               /* + group number */
    BS_PERM_LOCATION_COUNT = BS_LOCATIONS * 256, /* + tier */
    BS_PERM_MAIN = BS_PERM_LOCATION_COUNT + BS_TIER_COUNT,
    BS_PERM_LOCATION_TYPE,
    BS_PERM_USER_COUNT = BS_USERS * 256, /* + tier */
    BS_PERM_ADMIN = BS_PERM_USER_COUNT + BS_TIER_COUNT,
    BS_PERM_ROLE,
    BS_PERM_DEVICE_COUNT = BS_DEVICES * 256,
    BS_PERM_STATUS,
    BS_PERM_SERIAL,
    BS_PERM_ADDONS = BS_SUBSCRIPTIONS * 256,
};

/* Counter streams of the core tables; columns drawn from them say so in their origin. */
enum bs_account_stream {
    BS_STREAM_CREATED = 1, /* word 0: instant inside its stratum */
    BS_STREAM_PROFILE,     /* employees, MRR, engagement, trial length */
    BS_STREAM_LIFE,        /* loss, plan change, billing interval, update */
    BS_STREAM_CHANGE,      /* word 0: plan change chosen; 1: direction; 2: position */
    BS_STREAM_BRAND        /* style, top-level domain, address pattern, home city */
};
enum {
    BS_STREAM_ITEMS = 1,
    BS_STREAM_OF_LOCATION = 1,
    BS_STREAM_OF_ADDRESS = 2,
    BS_STREAM_OF_UPDATE = 3,
    BS_STREAM_TOKEN = 255
};
enum {
    BS_STREAM_PERSON = 1,
    BS_STREAM_LOGIN = 2,
    BS_STREAM_NAME = 3,
    BS_STREAM_HARDWARE = 1,
    BS_STREAM_STATE = 2
};

/* Fields of the account prefix. */
enum bs_account_field {
    BS_AT_SUBS,
    BS_AT_LOCATIONS,
    BS_AT_MAINS,
    BS_AT_USERS,
    BS_AT_ADMINS,
    BS_AT_DEVICES,
    BS_AT_LIVING_DEVICES,
    BS_AT_FIELDS
};

struct bs_group {
    uint64_t first, count;
    struct sg_permutation order;
    uint64_t kinds[BS_KINDS];
    uint64_t lost[BS_KINDS][BS_CHURN_YEARS];
};

/* What becomes of an account. */
struct bs_fate {
    uint8_t cohort;
    bool zone;
    uint8_t kind;          /* enum bs_kind */
    int8_t lost_year;      /* churn year of a paying account, -1 when it stays */
    uint32_t standing_q16; /* percentile in its kind's order, low is lost first */
};

/* Where an account stands by size: rank 0 is the smallest. */
struct bs_rank {
    uint64_t overall;
    uint64_t in_tier;
    uint8_t tier;
};

/* How many units of a class take each value: the values ascend with the rank. */
struct bs_value_plan {
    uint64_t first; /* sum of the values of all earlier classes */
    uint64_t items;
    uint32_t low, values;
    uint64_t counts[16];
    struct sg_permutation mix;
};

/* What the account prefix adds up: everything about counts that needs no other account. */
struct bs_unit_counts {
    struct bs_rank rank;
    struct bs_fate fate;
    bool has_main, has_admin, changed, lost;
    uint8_t subs, locations, users, devices;
    uint8_t per_location[BS_LOCATIONS_MAX];
};

/* When an account's subscription rows run. */
struct bs_subscription_times {
    uint8_t count;
    uint8_t status[BS_SUBS_MAX];
    bool annual[BS_SUBS_MAX];
    int64_t start[BS_SUBS_MAX], end[BS_SUBS_MAX];
    uint16_t periods[BS_SUBS_MAX];
};

/* What an account has by itself, and what one pass of planning keeps of it for the next. */
struct bs_hint {
    uint64_t change_weight;
    struct bs_unit_counts counts;
    int64_t created;
    struct bs_subscription_times times;
};

struct bs_words {
    char *text;
    const char **first, **second, **place[BS_INDUSTRY_COUNT];
    uint32_t first_count, second_count, place_count; /* every industry has place_count words */
};

struct bs_core {
    struct sg_source accounts, locations, users, devices, subscriptions;

    int64_t anniversary[BS_COHORTS + 1]; /* as_of - 5 years ... as_of */
    uint64_t cohort_first[BS_COHORTS + 1];
    uint32_t launch[BS_GROWTH_KNOTS], growth[BS_GROWTH_KNOTS]; /* share of accounts -> share of the year */
    struct bs_group groups[BS_GROUPS];
    uint64_t churn_start[BS_CHURN_YEARS], churn_lost[BS_CHURN_YEARS]; /* payers at start, losses */
    uint64_t trials_converted, trials_failed;
    uint64_t change_scale; /* plan change chosen when word < scale x weight ... */
    uint64_t change_end;   /* ... and the account's number is below this */
    bool change_in_zone;

    struct sg_permutation size, industry, names;
    uint64_t tiers[BS_TIER_COUNT], industries[BS_INDUSTRY_COUNT];
    struct bs_value_plan location_plan[BS_TIER_COUNT], user_plan[BS_TIER_COUNT], device_plan;

    uint64_t location_types[BS_LOCATION_TYPE_COUNT], roles[BS_ROLE_COUNT], statuses[BS_DEVICE_STATUS_COUNT];
    struct sg_permutation main, location_type, admin, role, status, addons;
    uint64_t addon_rows[BS_ITEMS_MAX];

    uint32_t annual_per_million;                  /* share of annual plans among those that never changed */
    uint64_t invoice_level;                       /* rows keep this many of their latest periods, ... */
    uint64_t invoice_more_end, invoice_more_rest; /* ... one more in accounts below `end` that have it, and in
                                                     the first `rest` such rows of account `end` */
    struct sg_prefix prefix;
    uint64_t invoice_leftover; /* rows beyond invoice_level, one each to the first accounts that have more */
    bool hints_complete;       /* bs_account_get may use them */
    struct bs_hint *hints;     /* while the world opens: of accounts hints_first + 0, 1, ... */
    uint64_t hints_first, hints_end;
    struct sg_prefix invoices; /* while the parts open: fields of bs_invoices_before */
    struct bs_words words;
};

/* lifecycle.c */
void bs_lifecycle_open(struct sg_world *world);
/* Chooses the accounts with a plan change; needs sizes of tiers. */
enum sg_code bs_changes_open(struct sg_world *world, struct sg_error *err);
/* Pure. */
struct bs_fate bs_fate_of(const struct sg_world *world, uint64_t number);
int64_t bs_created_of(const struct sg_world *world, uint64_t number, unsigned cohort);
bool bs_changed_plan(const struct sg_world *world, uint64_t number, const struct bs_fate *fate, uint8_t tier);

/* account.c */
/* Tiers, industries and the order by size: first of all. */
void bs_quotas_open(struct sg_world *world);
/* Counts of children, roles, types, and the prefix sums over accounts. */
enum sg_code bs_account_open(struct sg_world *world, struct sg_error *err);
/* Hints of the accounts that this process adds up; none of very many. */
enum sg_code bs_hints_open(struct sg_world *world, struct sg_error *err);
void bs_hints_close(struct sg_world *world);
static inline struct bs_hint *bs_hint_of(const struct bs_core *core, uint64_t number) {
    bool kept = number >= core->hints_first && number < core->hints_end;
    return kept ? &core->hints[number - core->hints_first] : NULL;
}
/* Pure. */
void bs_count_unit(const struct sg_world *world, uint64_t number, struct bs_unit_counts *out);
struct bs_rank bs_rank_of(const struct sg_world *world, uint64_t number);
/* Pure. Children of all accounts before `unit`: a field of the prefix. */
uint64_t bs_children_before(const struct sg_world *world, uint64_t unit, enum bs_account_field field);

/* counts.c: values per unit with exact totals. */
/* Spreads total over classes in proportion to weights, each within [low, high] x items. */
void bs_spread(uint64_t total, const uint64_t *weights, const uint64_t *items, uint32_t low, uint32_t high,
               size_t classes, uint64_t *out);
bool bs_value_plan_open(struct bs_value_plan *plan, uint64_t items, uint64_t target, uint32_t low,
                        const uint32_t *shares, uint32_t values, struct sg_permutation mix);
/* Pure. The value of the unit at `rank`; *before, if given, receives the sum of the values below it. */
uint32_t bs_value_of(const struct bs_value_plan *plan, uint64_t rank, uint32_t keep_every, uint64_t *before);
/* Number of ranks that mixing moves: the size of the permutation bs_value_plan_open wants. */
uint64_t bs_mixed_count(uint64_t items, uint32_t keep_every);

/* subscription.c */
/* Pure. Times and status of an account's rows; items and numbers are left alone. */
void bs_subscription_times(const struct sg_world *world, uint64_t number, const struct bs_fate *fate,
                           int64_t created, bool changed, struct bs_subscription_times *out);
/* Apportions the invoice rows. Where too few periods were lived, plans are billed monthly only; where that
 * is still too few (tiny worlds), lowers sizes.rows of invoices, charges and intents. */
enum sg_code bs_invoices_open(struct sg_world *world, struct sg_error *err);
/* Pure. Fills created and times of a hint whose counts are known. */
void bs_subscription_hint(const struct sg_world *world, uint64_t number, struct bs_hint *hint);
/* Pure. Fills account->subs from the times; the account's counts and rank must be known. */
void bs_subscriptions_fill(const struct sg_world *world, const struct bs_subscription_times *times,
                           uint32_t in_tier_q16, struct bs_account *account);

/* location.c */
void bs_locations_fill(const struct sg_world *world, uint64_t mains_before, bool has_main,
                       const uint8_t *devices, struct bs_account *account);

/* names.c */
enum sg_code bs_names_open(struct sg_world *world, struct sg_error *err);
void bs_names_close(struct sg_world *world);

/* Pure. Business time: seconds of opening hours (US working days) since the epoch, and back. */
int64_t bs_business_at(int32_t day);
int64_t bs_business_instant(int64_t business_s);
/* Pure. The instant moved into the `hours` hours from `opens` o'clock of its local day (standard time), and
 * three quarters of weekends to the working days before when `workdays`; unmoved if that left [low, high]. */
int64_t bs_office_hours(unsigned zone, int64_t instant, int32_t opens, int32_t hours, bool workdays,
                        int64_t low, int64_t high);

#endif
