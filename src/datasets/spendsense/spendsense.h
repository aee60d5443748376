/* spendsense: bank customers of a personal-finance application, with accounts and 90 days of transactions.
 *
 * Users 1 to 3 are the demo users of the seed; every further user belongs to one of four personas. A user's
 * accounts, balances and spending are pure functions of seed, size and user number: tables recompute them.
 */
#ifndef SG_SPENDSENSE_SPENDSENSE_H
#define SG_SPENDSENSE_SPENDSENSE_H

#include "kernels/feistel.h"
#include "kernels/sample.h"
#include "model/dataset.h"
#include "partition/apportion.h"

enum { SS_DATASET_ID = 2 };

enum ss_table { SS_PROFILES, SS_ACCOUNTS, SS_TRANSACTIONS, SS_TABLE_COUNT };

/* Streams of draws. The rows of SS_STREAM_PERSON and later ones are users, whatever the table. */
enum ss_stream {
    SS_STREAM_ID = 1,
    SS_STREAM_NUMBER,   /* digits of an account number */
    SS_STREAM_PERSON,   /* sign-up and finances */
    SS_STREAM_SERVICES, /* which subscriptions */
    SS_STREAM_MONTHLY,  /* days of monthly rows; draw = which of them */
    SS_STREAM_PURCHASE, /* everyday purchases; draw = which of them */
    SS_STREAM_SHOPS,    /* where the user's series of shops begins; draw = category */
    SS_STREAM_COUNT     /* transactions of a pair of users; draw = persona */
};

enum { SS_HISTORY_DAYS = 90, SS_MONTHS = 3, SS_MONTH_DAYS = 30, SS_DEMO_USERS = 3, SS_ACCOUNTS_OF_USER = 3 };

/* Before the run's date; accounts follow sign-up. */
enum { SS_SIGNED_UP_DAYS_MIN = 120, SS_SIGNED_UP_DAYS_MAX = 840, SS_LINKED_WITHIN_DAYS = 20 };
enum { SS_LIMIT_STEP = 50000, SS_TRANSFER_STEP = 5000 }; /* cents */

enum ss_persona { SS_HIGH_UTILIZATION, SS_SUBSCRIPTIONS, SS_SAVINGS_BUILDER, SS_GENERAL, SS_PERSONA_COUNT };

/* A user's accounts, in row order. */
enum ss_account { SS_CHECKING, SS_SAVINGS, SS_CARD };

/* Labels of account_type. */
enum ss_account_type { SS_TYPE_CHECKING, SS_TYPE_SAVINGS, SS_TYPE_HIGH_YIELD, SS_TYPE_CARD };

/* Categories of transactions: everyday spending first. */
enum ss_category {
    SS_FOOD,
    SS_SHOPPING,
    SS_BILLS,
    SS_DIGITAL, /* label Subscriptions */
    SS_TRANSPORT,
    SS_FUN,
    SS_EVERYDAY_COUNT,
    SS_INTEREST = SS_EVERYDAY_COUNT,
    SS_TRANSFER,
    SS_CATEGORY_COUNT
};

/* Days of a category: alike, more on weekends, more on working days. */
enum ss_rhythm { SS_EVEN, SS_WEEKENDS, SS_WORKDAYS, SS_RHYTHM_COUNT };
enum { SS_DAY_SLOT_BITS = 12, SS_DAY_SLOTS = 1 << SS_DAY_SLOT_BITS };

enum { SS_SERVICES_MAX = 8, SS_ENTRIES_MAX = 256, SS_MERCHANT_BYTES = 64, SS_EMAIL_BYTES = 96 };

/* Words that shop names consist of: heads for all, tails by category. */
struct ss_words {
    char *text;
    const char **heads;
    const char **tails[SS_EVERYDAY_COUNT];
    uint32_t head_count, tail_count[SS_EVERYDAY_COUNT];
};

struct sg_world {
    struct sg_run run;
    int64_t as_of;
    int32_t day_first; /* of the window */
    uint64_t users;
    struct sg_source sources[SS_TABLE_COUNT];
    uint64_t id_base[SS_TABLE_COUNT];
    struct sg_permutation personas; /* over generated users */
    uint64_t persona_users[SS_PERSONA_COUNT];
    struct sg_prefix transactions; /* rows by user */
    struct ss_words words;
    uint8_t days[SS_RHYTHM_COUNT][SS_DAY_SLOTS]; /* day of the window by a word's top bits */
};

/* A user and what the spending follows from. Money in cents. */
struct ss_user {
    uint64_t number; /* 0-based */
    enum ss_persona persona;
    uint32_t transactions;
    int64_t created, updated;
    int64_t opened[SS_ACCOUNTS_OF_USER];
    enum ss_account_type savings_type;
    int64_t balance[SS_ACCOUNTS_OF_USER]; /* of the card: owed, positive */
    int64_t card_limit;
    int64_t interest; /* charged to the card each month, 0 = none */
    int64_t transfer; /* from checking to savings each month, 0 = none */
    uint32_t service_count;
    uint8_t services[SS_SERVICES_MAX]; /* indexes of ss_services */
};

/* One transaction of a plan. */
struct ss_entry {
    uint8_t day; /* of the window, 0..89 */
    uint8_t category;
    uint8_t account;
    uint8_t service; /* 1 + index of ss_services, 0 = none */
    uint16_t shop;   /* everyday: number in the user's series of shops of the category */
    uint32_t second; /* of the day */
    int64_t amount;  /* cents, debit negative */
};

/* A subscription service and its monthly price in cents. */
struct ss_service {
    const char *name;
    int32_t price;
};
enum { SS_SERVICE_COUNT = 16 };

/* All of them. Netflix to HelloFresh are the seed's; the names after them are invented. */
/* clang-format off */
#define SS_SERVICES(first, other) \
    first("Netflix", 1599) \
    other("Spotify", 1099) \
    other("Planet Fitness", 1000) \
    other("Adobe", 5299) \
    other("Hulu", 1299) \
    other("Disney+", 1099) \
    other("Apple iCloud", 999) \
    other("NYT", 1700) \
    other("Peloton", 3900) \
    other("HelloFresh", 6999) \
    other("Lanternreel", 1449) \
    other("Quillshelf Audiobooks", 1495) \
    other("Vaultberry Backup", 1200) \
    other("Stillpond Meditation", 1299) \
    other("Kilnbox Coffee Club", 2400) \
    other("Tandemlingo", 1350)
/* clang-format on */

/* Their names as tests of texts take them: "Netflix|Spotify|...". */
#define SS_SERVICE_NAME(name_, cents_)       name_
#define SS_OTHER_SERVICE_NAME(name_, cents_) "|" name_
#define SS_SERVICE_NAMES                     SS_SERVICES(SS_SERVICE_NAME, SS_OTHER_SERVICE_NAME)
#define SS_INTEREST_NAME                     "Card Interest Charge"
#define SS_MONTHLY_NAMES                     SS_SERVICE_NAMES "|" SS_INTEREST_NAME

extern const struct ss_service ss_services[];

extern const struct sg_enum ss_role_labels, ss_account_type_labels, ss_category_labels;

/* Pure. The user with a 0-based number; the transactions alone (cheaper). */
void ss_user_get(const struct sg_world *world, uint64_t number, struct ss_user *user);
uint32_t ss_user_transactions(const struct sg_world *world, uint64_t number);

/* Pure. Address of a user into out (SS_EMAIL_BYTES); the length. */
size_t ss_user_email(const struct sg_world *world, uint64_t number, char *out);

/* Pure. Name and address of a user. */
void ss_person(const struct sg_run *run, uint64_t number, struct sg_person *person);

/* Pure. All transactions of a user in the order of their rows: by instant. user->transactions entries. */
void ss_plan(const struct sg_world *world, const struct ss_user *user, struct ss_entry *entries);

/* Pure. How many of the user's transactions are of each category. */
void ss_category_counts(const struct ss_user *user, uint64_t counts[SS_CATEGORY_COUNT]);

/* Pure. Moves purchases among shops until no shop of the user could be taken for a subscription: three
 * charges within a tenth of the shop's mean. `next` holds the first unused shop number by category. */
void ss_part_lookalikes(struct ss_entry *entries, uint32_t count, uint16_t *next);

/* Fills world->days from the run's date. */
void ss_days_open(struct sg_world *world);

/* Merchant name of an entry into out (SS_MERCHANT_BYTES); the length. */
size_t ss_merchant(const struct sg_world *world, const struct ss_user *user, const struct ss_entry *entry,
                   char *out);
enum sg_code ss_words_open(struct ss_words *words, struct sg_error *err);
void ss_words_close(struct ss_words *words);

/* Keys: shaped like UUIDv4, ascending with the row, independent of the size of the run. */
void ss_uuid_open(struct sg_world *world);
struct sg_key128 ss_uuid_of(const struct sg_world *world, enum ss_table table, uint64_t row);

/* Pure. A user's key: the one from outside where the run has one, else its profile's. */
struct sg_key128 ss_user_id(const struct sg_world *world, uint64_t number);

/* Pure. Last four digits of an account's number into out (five bytes). */
void ss_last4(const struct sg_world *world, uint64_t account, char *out);

/* The row logic of a table. */
struct ss_table_logic {
    struct sg_table declaration;
    uint64_t (*rows_before)(const struct sg_world *world, uint64_t unit);
    enum sg_code (*generate)(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *emitter, struct sg_error *err);
};
extern const struct ss_table_logic ss_table_profiles, ss_table_accounts, ss_table_transactions;

/* The declared model, measured by verification. */
enum { SS_STATISTIC_COUNT = 87 };
extern const struct sg_statistic ss_statistics[];

/* Sums known beforehand: totals.c. */
enum { SS_TOTAL_COUNT = 20 };
extern const struct sg_statistic ss_totals[SS_TOTAL_COUNT];
/* Pure. add_totals of struct sg_dataset. */
void ss_add_totals(const struct sg_world *world, uint16_t domain, uint64_t first, uint64_t end,
                   int64_t *sums);

extern const struct sg_dataset ss_dataset;

#endif
