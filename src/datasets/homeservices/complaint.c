/* Complaints: most about a booking, the rest by customers in general; a dense key in no order decides their
 * fate by exact quota. */
#include "base/calendar.h"
#include "datasets/homeservices/homeservices.h"

/* Joint status and assignment. */
enum fate { OPEN_ALONE, WITHDRAWN, IN_WORK, RESOLVED, CLOSED, FATES };

static const struct {
    uint8_t status;
    bool assigned;
} fates[FATES] = {
    [OPEN_ALONE] = {HS_OPEN, false},  [WITHDRAWN] = {HS_CLOSED, false}, [IN_WORK] = {HS_IN_PROGRESS, true},
    [RESOLVED] = {HS_RESOLVED, true}, [CLOSED] = {HS_CLOSED, true},
};

static const uint32_t status_shares[4] = {27, 25, 42, 26}; /* open, in progress, resolved, closed */
static const uint32_t update_shares[HS_UPDATES_MAX] = {57, 36, 7};
enum { BOOKED_PERCENT = 70, ASSIGNED_PERCENT = 70 };

enum situation { ABOUT_DONE, ABOUT_CANCELLED, ABOUT_OPEN, ABOUT_NOTHING, SITUATIONS };
static const uint32_t type_shares[SITUATIONS][HS_COMPLAINT_TYPES] = {
    [ABOUT_DONE] = {40, 14, 14, 18, 0, 6, 8},
    [ABOUT_CANCELLED] = {0, 6, 10, 4, 45, 30, 5},
    [ABOUT_OPEN] = {0, 5, 30, 40, 10, 5, 10},
    [ABOUT_NOTHING] = {8, 10, 27, 12, 10, 15, 18},
};

/* Priority of each type, as codes of LOW, MEDIUM, HIGH, CRITICAL. */
static const uint8_t priorities[HS_COMPLAINT_TYPES] = {
    [HS_SERVICE_QUALITY] = 1,    [HS_PROVIDER_BEHAVIOR] = 3, [HS_BILLING] = 2, [HS_DELAY] = 1,
    [HS_CANCELLATION_ISSUE] = 1, [HS_REFUND_ISSUE] = 2,      [HS_OTHER] = 0,
};

enum { FRESH_DAYS = 7, SOON_DAYS = 10, TALK_DAYS = 3 };

enum sg_code hs_complaints_open(struct sg_world *world, struct sg_error *err) {
    uint64_t all = world->rows[HS_COMPLAINTS], status[4], seed = world->run.seed;
    uint64_t *counts = world->complaint_fate.counts;
    world->booking_complaints = sg_muldiv_round(all, BOOKED_PERCENT, 100);
    if (world->booking_complaints > world->rows[HS_BOOKINGS])
        world->booking_complaints = world->rows[HS_BOOKINGS];
    world->else_complaints = all - world->booking_complaints;
    if (world->else_complaints > world->customers)
        return sg_fail(err, SG_INTERNAL, "%zu complaints do not divide among %zu customers", (size_t)all,
                       (size_t)world->customers);
    sg_quota(all, status_shares, 4, status);
    uint64_t unassigned = all - sg_muldiv_round(all, ASSIGNED_PERCENT, 100);
    uint64_t withdrawn = unassigned > status[HS_OPEN] ? unassigned - status[HS_OPEN] : 0;
    counts[OPEN_ALONE] = status[HS_OPEN];
    counts[WITHDRAWN] = withdrawn < status[HS_CLOSED] ? withdrawn : status[HS_CLOSED];
    counts[IN_WORK] = status[HS_IN_PROGRESS];
    counts[RESOLVED] = status[HS_RESOLVED];
    counts[CLOSED] = status[HS_CLOSED] - counts[WITHDRAWN];
    world->complaint_fate.classes = FATES;
    world->complaint_fate.mix = sg_permutation(all, seed, HS_DATASET_ID, HS_PERM_FATE);
    world->update_count.classes = HS_UPDATES_MAX;
    world->update_count.low = 1;
    world->update_count.mix = sg_permutation(all, seed, HS_DATASET_ID, HS_PERM_UPDATES);
    world->complained = sg_permutation(world->rows[HS_BOOKINGS], seed, HS_DATASET_ID, HS_PERM_COMPLAINED);
    world->complained_else = sg_permutation(world->customers, seed, HS_DATASET_ID, HS_PERM_COMPLAINED_ELSE);
    if (!sg_quota_values(all, world->rows[HS_COMPLAINT_UPDATES], 1, update_shares, HS_UPDATES_MAX,
                         world->update_count.counts))
        return sg_fail(err, SG_INTERNAL, "complaint updates do not divide among %zu complaints", (size_t)all);
    return SG_OK;
}

/* Keys of the complaints about each booking (then in general); false when there is none. */
static bool key_of_booking(const struct sg_world *world, uint64_t booking, uint64_t *key) {
    *key = sg_permute(&world->complained, booking);
    return *key < world->booking_complaints;
}

static bool key_of_customer(const struct sg_world *world, uint64_t customer, uint64_t *key) {
    uint64_t at = sg_permute(&world->complained_else, customer);
    *key = world->booking_complaints + at;
    return at < world->else_complaints;
}

void hs_complaints_count(const struct sg_world *world, uint64_t customer, uint64_t booking, uint64_t bookings,
                         uint64_t *complaints, uint64_t *updates) {
    *complaints = *updates = 0;
    for (uint64_t k = 0; k <= bookings; k++) {
        uint64_t key;
        bool there =
            k < bookings ? key_of_booking(world, booking + k, &key) : key_of_customer(world, customer, &key);
        if (!there) continue;
        ++*complaints;
        *updates += hs_quota_at(&world->update_count, key);
    }
}

static enum situation situation_of(const struct hs_booking *booking) {
    if (!booking) return ABOUT_NOTHING;
    if (booking->status == HS_COMPLETED) return ABOUT_DONE;
    return booking->status == HS_CANCELLED ? ABOUT_CANCELLED : ABOUT_OPEN;
}

static int64_t part_of(int64_t span, uint32_t word) {
    return span > 0 ? (int64_t)((uint64_t)span * word >> 32) : 0;
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Created after what it is about; unfinished ones are fresh. Each step leaves time for the next. */
static void set_times(const struct sg_world *world, enum fate fate, int64_t event, bool general,
                      struct hs_complaint *c) {
    static const int32_t answer_s[4] = {48 * 3600, 24 * 3600, 8 * 3600, 2 * 3600};
    struct sg_block w = sg_draw(&world->sources[HS_COMPLAINTS], c->row, HS_STREAM_TIMES, 0);
    int64_t now = world->as_of - 1, from = event, span = now - event;
    if (fate == OPEN_ALONE || fate == IN_WORK) {
        if (from < now - (int64_t)FRESH_DAYS * SG_DAY_S) from = now - (int64_t)FRESH_DAYS * SG_DAY_S;
        span = now - from;
    } else if (!general) {
        span = least(span, (int64_t)SOON_DAYS * SG_DAY_S);
    }
    c->created = from + part_of(span, w.w[0]);
    c->updated = c->created + part_of(least(now - c->created, (int64_t)TALK_DAYS * SG_DAY_S), w.w[2]);
    if (!c->assigned) return;
    int64_t quick = answer_s[c->priority];
    c->assigned_at = c->created + part_of(least(quick, (now - c->created) / 3), w.w[1]);
    c->updated = c->assigned_at + part_of(least(now - c->assigned_at, (int64_t)TALK_DAYS * SG_DAY_S), w.w[2]);
    if (c->status == HS_IN_PROGRESS) return;
    c->resolved_at = c->assigned_at + part_of(least(5 * quick, now - c->assigned_at), w.w[2]);
    c->updated = c->resolved_at;
}

static void fill(const struct sg_world *world, const struct hs_customer *customer,
                 const struct hs_booking *booking, struct hs_complaint *c) {
    struct sg_block w = sg_draw(&world->sources[HS_COMPLAINTS], c->row, HS_STREAM_MORE, 0);
    enum fate fate = hs_quota_at(&world->complaint_fate, c->key);
    c->booking = booking ? (int64_t)booking->row : -1;
    c->type = (uint8_t)sg_pick(w.w[0], type_shares[situation_of(booking)], HS_COMPLAINT_TYPES, 100);
    c->priority = priorities[c->type];
    c->status = fates[fate].status;
    c->assigned = fates[fate].assigned;
    c->agent = sg_below64(w.w[1], w.w[2], world->ops);
    set_times(world, fate, booking ? booking->updated : customer->created + SG_HOUR_S, !booking, c);
}

unsigned hs_complaints_get(const struct sg_world *world, const struct hs_customer *customer,
                           struct hs_complaint complaints[HS_COMPLAINTS_MAX]) {
    struct hs_booking bookings[HS_BOOKINGS_MAX];
    uint64_t count = customer->count[HS_AT_BOOKINGS], updates = customer->first[HS_AT_UPDATES], key;
    unsigned n = 0;
    if (!customer->count[HS_AT_COMPLAINTS]) return 0;
    hs_bookings_get(world, customer, bookings);
    for (uint64_t k = 0; k <= count; k++) {
        bool there = k < count ? key_of_booking(world, customer->booking + k, &key)
                               : key_of_customer(world, customer->number, &key);
        if (!there) continue;
        struct hs_complaint *c = &complaints[n];
        *c = (struct hs_complaint){
            .row = customer->first[HS_AT_COMPLAINTS] + n, .key = key, .update_first = updates};
        c->updates = hs_quota_at(&world->update_count, key);
        updates += c->updates;
        fill(world, customer, k < count ? &bookings[k] : NULL, c);
        n++;
    }
    return n;
}
