/* homeservices: an Indian home-services marketplace. Customers, their bookings and what follows, recomputed
 * from numbers.
 *
 * Three orders of the same things keep everything closed form:
 * - customers are numbered 0.. by sign-up; every table of theirs is in that order;
 * - a permutation gives each customer a slot; slots are sorted by zone (a city's group of three PIN codes),
 * so a zone's customers, and the bookings in slot order, are ranges;
 * - a zone's providers are a range of ranks (a permutation of providers), so the n-th item done by a zone's
 *   team has a provider in closed form, and a provider's number of items is known without looking at any.
 *
 * Money is in paise. Instants are seconds since 1970 UTC. as_of is the end of all history.
 */
#ifndef SG_HOMESERVICES_H
#define SG_HOMESERVICES_H

#include "datasets/homeservices/reference.h"
#include "kernels/feistel.h"
#include "kernels/philox.h"
#include "kernels/sample.h"
#include "model/dataset.h"
#include "partition/apportion.h"

/* Customers sign up over HS_HISTORY_DAYS that end HS_SETTLED_DAYS before as_of. */
enum { HS_DATASET_ID = 5, HS_HISTORY_DAYS = 1095, HS_SETTLED_DAYS = 10 };

/* Users are operations staff first, customers after; both and providers are referred to from anywhere. */
enum hs_domain { HS_CUSTOMER, HS_USER, HS_PROVIDER, HS_SINGLE, HS_DOMAIN_COUNT };

/* Tables in load order; the index is also the table's number in every random counter: append only. */
enum hs_table {
    HS_USERS,
    HS_CATEGORIES,
    HS_SUBCATEGORIES,
    HS_RATE_CARDS,
    HS_ADDRESSES,
    HS_PROVIDERS,
    HS_BOOKINGS,
    HS_BOOKING_ITEMS,
    HS_CONVERSATIONS,
    HS_PRIORITY_QUEUE,
    HS_COMPLAINTS,
    HS_COMPLAINT_UPDATES,
    HS_TABLE_COUNT
};

enum { HS_ADDRESSES_MAX = 4, HS_BOOKINGS_MAX = 7, HS_ITEMS_MAX = 5, HS_QUEUED_MAX = 4, HS_UPDATES_MAX = 3 };
enum { HS_COMPLAINTS_MAX = HS_BOOKINGS_MAX + 1, HS_CLASSES_MAX = 8 };

/* Exact numbers of each class (or value) over things that a permutation shuffles. */
struct hs_quota {
    uint64_t counts[HS_CLASSES_MAX];
    uint32_t classes, low;
    struct sg_permutation mix;
};

/* Pure. Class of thing `index`, plus low. */
static inline uint32_t hs_quota_at(const struct hs_quota *quota, uint64_t index) {
    return quota->low +
           (uint32_t)sg_quota_class(sg_permute(&quota->mix, index), quota->counts, quota->classes);
}

/* A zone: the ranks of its providers, the slots of its customers, the items its two teams do. The local team
 * is the zone's serviceable (active and verified) providers; the visiting team are the first `border` ranks
 * of the zone across the state border, if any. */
struct hs_zone {
    uint64_t provider_first, providers, border;       /* serviceable ranks */
    uint64_t reserve_first, reserves, reserve_border; /* ranks of those who are not, after all serviceable */
    uint64_t slot_first, booking_first;               /* both in slot order */
    uint64_t visited_below;           /* bookings that visit_mix puts below go to the visiting team */
    uint64_t item_first[2], items[2]; /* [0] local, [1] visiting team: items before, items */
    struct sg_permutation mix[2];     /* of the items of a team */
};

struct sg_world {
    struct sg_run run;
    const struct sg_team *team; /* who plans with us, while opening; NULL = nobody */
    int64_t as_of;
    uint64_t customers, ops;
    uint64_t rows[HS_TABLE_COUNT];
    struct sg_source sources[HS_TABLE_COUNT];
    struct hs_reference *reference;

    uint64_t serviceable; /* providers that are active and verified */
    struct sg_permutation provider_rank, reserve_mix;
    uint64_t reserve_kinds[3]; /* active only, verified only, neither */
    struct hs_zone zones[HS_ZONES + 1];
    struct sg_permutation visit_mix;

    struct sg_permutation slot_of;
    uint64_t referred; /* customers with a referrer, chosen by referred_mix over all but the first */
    struct sg_permutation referred_mix;
    struct hs_quota active, address_count, booking_count, item_count, queued_count;
    struct hs_quota state, partial;
    struct sg_permutation complained;      /* over bookings: below booking_complaints has a complaint */
    struct sg_permutation complained_else; /* over customers: below else_complaints has one without booking */
    uint64_t booking_complaints, else_complaints;
    struct hs_quota complaint_fate, update_count;
    uint64_t pairs, flagged; /* of messages */
    struct sg_permutation flag_mix, mobile, referral, order, invoice, gateway, transaction;

    struct sg_prefix slots;     /* over slots: bookings */
    struct sg_prefix items;     /* over bookings in slot order: items of local and visiting team */
    struct sg_prefix by_number; /* over customers: enum hs_field */
};

/* What precedes a customer: fields of by_number. */
enum hs_field {
    HS_AT_ADDRESSES,
    HS_AT_BOOKINGS,
    HS_AT_ITEMS,
    HS_AT_TALK, /* weight of conversations */
    HS_AT_QUEUED,
    HS_AT_COMPLAINTS,
    HS_AT_UPDATES,
    HS_FIELDS
};

/* A customer; `first` and `count` are 0-based row numbers and counts of children, HS_AT_TALK in pairs of
 * messages. */
struct hs_customer {
    uint64_t number;
    uint8_t zone, city;
    int64_t created;
    uint64_t first[HS_FIELDS], count[HS_FIELDS];
    uint64_t booking; /* number of the first booking in slot order */
};

/* customer.c: walks customers in order of number. */
struct hs_walk {
    const struct sg_world *world;
    uint64_t next, before[HS_FIELDS];
};
enum sg_code hs_customers_open(struct sg_world *world, struct sg_error *err);
void hs_customers_close(struct sg_world *world);
/* Pure. */
void hs_walk_start(struct hs_walk *walk, const struct sg_world *world, uint64_t number);
void hs_walk_next(struct hs_walk *walk, struct hs_customer *customer);
int64_t hs_customer_created(const struct sg_world *world, uint64_t number);
/* Rows of a field's table before a customer. */
uint64_t hs_field_before(const struct sg_world *world, uint64_t number, enum hs_field field);

struct hs_address {
    uint64_t row;
    const char *pin, *locality;
    int64_t created;
};
/* Pure. The k-th address of a customer. */
void hs_address_get(const struct sg_world *world, const struct hs_customer *customer, unsigned k,
                    struct hs_address *address);

/* dispatch.c: providers, zones and teams. */
enum sg_code hs_dispatch_open(struct sg_world *world, struct sg_error *err);
/* Second step, when slots' bookings are counted: items of each team. */
enum sg_code hs_teams_open(struct sg_world *world, struct sg_error *err);

struct hs_provider {
    uint64_t number;
    uint8_t zone, city;
    int16_t visits; /* zone across the border that it serves too, -1 none */
    bool active, verified;
    uint64_t items; /* all items of bookings it was given */
    int64_t created;
};
/* Pure. */
void hs_provider_get(const struct sg_world *world, uint64_t number, struct hs_provider *provider);
/* Pure. The PIN codes a provider serves; returns how many, 3 to 10. */
enum { HS_SERVICE_PINS_MAX = 10 };
unsigned hs_provider_pins(const struct sg_world *world, const struct hs_provider *provider,
                          const char *pins[HS_SERVICE_PINS_MAX]);
/* Pure. Is booking (slot order) of a zone served by the visiting team? */
bool hs_visited(const struct sg_world *world, unsigned zone, uint64_t booking);
/* Pure. Provider number of the item at `at` (0-based among the items of that team). */
uint64_t hs_provider_of(const struct sg_world *world, unsigned zone, bool visiting, uint64_t at);
/* Pure. Zone across the border, -1 none. */
int hs_twin(const struct sg_world *world, unsigned zone);

/* booking.c */
enum hs_payment { HS_PAYMENT_PENDING, HS_PAYMENT_PAID, HS_PAYMENT_FAILED, HS_PAYMENT_REFUNDED };
enum hs_status { HS_PENDING, HS_CONFIRMED, HS_COMPLETED, HS_CANCELLED };
enum hs_method { HS_CARD, HS_UPI, HS_WALLET, HS_CASH };
enum hs_settlement { HS_SETTLE_PENDING, HS_SETTLE_COMPLETE, HS_SETTLE_FAILED, HS_SETTLE_INPROGRESS };
enum hs_canceller { HS_NOBODY, HS_BY_PROVIDER, HS_BY_CUSTOMER };
enum { HS_GST_PERCENT = 18 };

struct hs_item {
    uint64_t row, provider;
    uint16_t card;
    uint8_t quantity;
    int64_t price, total, discount, final;
    int32_t day;
    int64_t from, to;
    int64_t started, ended; /* 0 unless done */
};

struct hs_booking {
    uint64_t row, key; /* key: number in slot order, unique */
    uint8_t status, payment, method, settlement, canceller;
    bool visiting, partial;
    uint8_t category;
    int64_t created, updated;
    uint64_t address; /* row */
    unsigned item_count;
    struct hs_item items[HS_ITEMS_MAX];
    int64_t subtotal, discount, sgst, cgst, igst, gst, convenience, total, partial_amount, remaining;
};
/* Plans states and partial payments. */
void hs_bookings_open(struct sg_world *world);
/* Pure. All bookings of a customer, with their items. */
void hs_bookings_get(const struct sg_world *world, const struct hs_customer *customer,
                     struct hs_booking bookings[HS_BOOKINGS_MAX]);
/* Pure. numerator / denominator to the nearest integer, halves to even; both positive or 0 / positive. */
int64_t hs_round_even(int64_t numerator, int64_t denominator);

/* conversation.c */
enum hs_intent {
    HS_INTENT_COMPLAINT,
    HS_INTENT_REFUND,
    HS_INTENT_CANCELLATION,
    HS_INTENT_BOOKING,
    HS_QUEUE_INTENTS,
    HS_INTENT_PRICING = HS_QUEUE_INTENTS,
    HS_INTENT_RESCHEDULE,
    HS_INTENT_STATUS,
    HS_INTENT_GENERAL,
    HS_INTENTS
};
enum { HS_SESSION_TEXT_BYTES = 48, HS_MESSAGE_BYTES = 240, HS_SESSION_PAIRS_MAX = 6 };

/* A session of some pairs of messages (question, answer). */
struct hs_session {
    uint64_t pair; /* 0-based number of its first pair: names the session */
    unsigned pairs;
    uint8_t intent, channel, category;
    int64_t start;
};
void hs_conversations_open(struct sg_world *world);
/* Pure. The session of a customer that begins with their pair `at` (0-based, < count). Sessions follow each
 * other: the next begins at `at + pairs`. */
void hs_session_get(const struct sg_world *world, const struct hs_customer *customer, uint64_t at,
                    struct hs_session *session);
/* Pure. The latest session of a customer not after an instant; false when there is none. */
bool hs_session_before(const struct sg_world *world, const struct hs_customer *customer, int64_t instant,
                       struct hs_session *session);
/* Pure. Starts of the j-th pair: the question, the answer and the answer's milliseconds. */
void hs_pair_times(const struct sg_world *world, const struct hs_session *session, unsigned j, int64_t *asked,
                   int64_t *answered, int32_t *response_ms);
/* Pure texts; the return is the length. */
size_t hs_session_id(const struct sg_world *world, uint64_t pair, char out[HS_SESSION_TEXT_BYTES]);
size_t hs_question(const struct sg_world *world, const struct hs_session *session, unsigned j,
                   char out[HS_MESSAGE_BYTES]);
size_t hs_answer(const struct sg_world *world, const struct hs_session *session, unsigned j,
                 char out[HS_MESSAGE_BYTES]);

/* complaint.c */
enum hs_complaint_status { HS_OPEN, HS_IN_PROGRESS, HS_RESOLVED, HS_CLOSED, HS_ESCALATED };
enum hs_complaint_type {
    HS_SERVICE_QUALITY,
    HS_PROVIDER_BEHAVIOR,
    HS_BILLING,
    HS_DELAY,
    HS_CANCELLATION_ISSUE,
    HS_REFUND_ISSUE,
    HS_OTHER,
    HS_COMPLAINT_TYPES
};
struct hs_complaint {
    uint64_t row, key; /* key: dense, unique, in no order */
    int64_t booking;   /* row, -1 none */
    uint8_t type, priority, status;
    bool assigned;
    uint64_t agent;                                     /* user number of the assignee */
    int64_t created, assigned_at, resolved_at, updated; /* 0 = not */
    unsigned updates;
    uint64_t update_first; /* row */
};
enum sg_code hs_complaints_open(struct sg_world *world, struct sg_error *err);
/* Pure. Complaints and their updates of the bookings [booking, booking + bookings) (slot order) of a
 * customer. */
void hs_complaints_count(const struct sg_world *world, uint64_t customer, uint64_t booking, uint64_t bookings,
                         uint64_t *complaints, uint64_t *updates);
/* Pure. All complaints of a customer; returns how many. */
unsigned hs_complaints_get(const struct sg_world *world, const struct hs_customer *customer,
                           struct hs_complaint complaints[HS_COMPLAINTS_MAX]);

/* person.c. Pure texts that tables must agree on. */
enum { HS_NAME_BYTES = 48, HS_EMAIL_BYTES = 96, HS_MOBILE_BYTES = 16 };
struct hs_person {
    const char *first, *last;
};
struct hs_person hs_user_person(const struct sg_world *world, uint64_t user);
struct hs_person hs_provider_person(const struct sg_world *world, uint64_t provider);
/* Name for the words of any draw, usual in a city. */
struct hs_person hs_person_of(const struct sg_world *world, unsigned city, struct sg_block words);
/* Pure. The zone of a customer's slot. */
unsigned hs_zone_of_slot(const struct sg_world *world, uint64_t slot);
unsigned hs_user_city(const struct sg_world *world, uint64_t user);
/* +91 and ten digits. Unique over users and providers: users 0.., then providers. */
size_t hs_mobile(const struct sg_world *world, uint64_t index, char out[HS_MOBILE_BYTES]);

/* clock.c: people are awake from 01:30 to 17:30 UTC (07:00 to 23:00 in India). Pure. */
enum { HS_DAY_OPENS_S = 5400, HS_DAY_AWAKE_S = 57600 };
int64_t hs_awake_instant(int32_t first_day, int64_t awake_s);
int64_t hs_instant_on(int32_t day, uint32_t word);
uint64_t hs_square_root(uint64_t value);

typedef uint64_t hs_rows_before_fn(const struct sg_world *world, uint64_t unit);
typedef enum sg_code hs_generate_fn(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                                    struct sg_emitter *emitter, struct sg_error *err);

/* A table of the dataset with its row logic. Each table_<name>.c defines one: hs_table_<name>. */
struct hs_table_logic {
    struct sg_table declaration;
    hs_rows_before_fn *rows_before;
    hs_generate_fn *generate;
};

/* Permutation names: table index * 256 + k. */
enum hs_permutation_name {
    HS_PERM_SLOT = HS_USERS * 256,
    HS_PERM_ACTIVE,
    HS_PERM_MOBILE,
    HS_PERM_REFERRAL,
    HS_PERM_REFERRED,
    HS_PERM_ADDRESS_COUNT = HS_ADDRESSES * 256,
    HS_PERM_PROVIDER = HS_PROVIDERS * 256,
    HS_PERM_RESERVE,
    HS_PERM_BOOKING_COUNT = HS_BOOKINGS * 256,
    HS_PERM_STATE,
    HS_PERM_PARTIAL,
    HS_PERM_VISIT,
    HS_PERM_ORDER,
    HS_PERM_INVOICE,
    HS_PERM_GATEWAY,
    HS_PERM_TRANSACTION,
    HS_PERM_ITEM_COUNT = HS_BOOKING_ITEMS * 256,
    HS_PERM_TEAM, /* + zone * 2 + visiting */
    HS_PERM_FLAG = HS_CONVERSATIONS * 256,
    HS_PERM_QUEUED = HS_PRIORITY_QUEUE * 256,
    HS_PERM_COMPLAINED = HS_COMPLAINTS * 256,
    HS_PERM_COMPLAINED_ELSE,
    HS_PERM_FATE,
    HS_PERM_UPDATES = HS_COMPLAINT_UPDATES * 256
};

/* Counter streams; columns drawn from them say so in their origin. */
enum {
    HS_STREAM_NAME = 1, /* users, providers, addresses: words 0 first, 1 family name, 2 elsewhere, 3 region */
    HS_STREAM_ACCOUNT,  /* users: created, wallet, referral */
    HS_STREAM_MORE,     /* anything further of the row */
    HS_STREAM_PLACE,    /* addresses: PIN, house; providers: PINs */
    HS_STREAM_TIMES,    /* instants of the row */
    HS_STREAM_MONEY,    /* amounts of the row */
    HS_STREAM_SESSION,  /* conversations: drawn at the first row of the session */
    HS_STREAM_MESSAGE,  /* conversations: of each row */
    HS_STREAM_ID        /* texts of identifiers */
};

#endif
