/* Bookings: state, schedule, items and money to the paisa. */
#include "base/calendar.h"
#include "datasets/homeservices/homeservices.h"

/* Joint status of the booking and its payment; bookings are dealt to them by exact quota. */
enum state {
    DONE,
    CONFIRMED,
    PENDING_UNPAID,
    PENDING_FAILED,
    CANCELLED_PAID,
    CANCELLED_UNPAID,
    CANCELLED_FAILED,
    STATES
};

static const struct {
    uint8_t status, payment;
} states[STATES] = {
    [DONE] = {HS_COMPLETED, HS_PAYMENT_PAID},
    [CONFIRMED] = {HS_CONFIRMED, HS_PAYMENT_PAID},
    [PENDING_UNPAID] = {HS_PENDING, HS_PAYMENT_PENDING},
    [PENDING_FAILED] = {HS_PENDING, HS_PAYMENT_FAILED},
    [CANCELLED_PAID] = {HS_CANCELLED, HS_PAYMENT_PAID},
    [CANCELLED_UNPAID] = {HS_CANCELLED, HS_PAYMENT_PENDING},
    [CANCELLED_FAILED] = {HS_CANCELLED, HS_PAYMENT_FAILED},
};

/* The seed's 139 bookings by status: pending, confirmed, completed, cancelled. */
static const uint32_t status_shares[4] = {14, 28, 81, 16};
static const uint32_t payment_shares[3] = {80, 15, 5}; /* paid, pending, failed */
static const uint32_t partial_shares[2] = {90, 10};

/* Days: open bookings were made in the last OPEN_DAYS and lie in the next OPEN_DAYS; completed ones were
 * made at least DONE_DAYS ago and done within DONE_WITHIN days. */
enum { OPEN_DAYS = 14, DONE_DAYS = 7, DONE_WITHIN = 5, CANCELLED_WITHIN = 7, SETTLING_DAYS = 9 };
enum { SLOT_OPENS_S = 9000, SLOT_S = 1800, SLOTS = 20, DURATION_SLOTS_LOW = 2, DURATION_SLOTS_HIGH = 6 };
enum { LATE_S = 1800, AFTERWARDS_S = 3600, CONFIRMED_S = 7200 };
enum { BOOKING_DISCOUNT_PER_MILLION = 550000, ITEM_DISCOUNT_PER_MILLION = 300000, DISCOUNT_BP_MAX = 2000 };
enum { FEE_LOW = 1000, FEE_STEP = 50, FEE_STEPS = 80 };

static uint64_t smaller(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

void hs_bookings_open(struct sg_world *world) {
    uint64_t all = world->rows[HS_BOOKINGS], status[4], payment[3], *counts = world->state.counts;
    sg_quota(all, status_shares, 4, status);
    sg_quota(all, payment_shares, 3, payment);
    uint64_t unpaid = status[HS_PENDING] + status[HS_CANCELLED];
    uint64_t failed = smaller(payment[2], unpaid);
    counts[DONE] = status[HS_COMPLETED];
    counts[CONFIRMED] = status[HS_CONFIRMED];
    counts[PENDING_FAILED] = unpaid ? sg_muldiv(failed, status[HS_PENDING], unpaid) : 0;
    counts[PENDING_UNPAID] = status[HS_PENDING] - counts[PENDING_FAILED];
    counts[CANCELLED_FAILED] = smaller(failed - counts[PENDING_FAILED], status[HS_CANCELLED]);
    uint64_t rest = status[HS_CANCELLED] - counts[CANCELLED_FAILED];
    uint64_t waiting = payment[1] > counts[PENDING_UNPAID] ? payment[1] - counts[PENDING_UNPAID] : 0;
    counts[CANCELLED_UNPAID] = smaller(waiting, rest);
    counts[CANCELLED_PAID] = rest - counts[CANCELLED_UNPAID];
    world->state.classes = STATES;
    world->state.mix = sg_permutation(all, world->run.seed, HS_DATASET_ID, HS_PERM_STATE);
    world->partial.classes = 2;
    world->partial.mix = sg_permutation(all, world->run.seed, HS_DATASET_ID, HS_PERM_PARTIAL);
    sg_quota(all, partial_shares, 2, world->partial.counts);
    world->visit_mix = sg_permutation(all, world->run.seed, HS_DATASET_ID, HS_PERM_VISIT);
}

int64_t hs_round_even(int64_t numerator, int64_t denominator) {
    int64_t whole = numerator / denominator, twice = numerator % denominator * 2;
    return whole + (twice > denominator || (twice == denominator && whole % 2));
}

/* A uniform day in [low, high], low when there is none. */
static int32_t day_between(uint32_t word, int32_t low, int32_t high) {
    return high > low ? sg_between(word, low, high) : low;
}

/* When it was made and the day of the work. */
static int32_t set_days(const struct sg_world *world, const struct hs_customer *customer, enum state state,
                        struct hs_booking *booking) {
    struct sg_block w = sg_draw(&world->sources[HS_BOOKINGS], booking->row, HS_STREAM_TIMES, 0);
    int32_t today = world->run.as_of_day, first = sg_day_of(customer->created) + 1, made, work;
    if (state == DONE) {
        made = day_between(w.w[0], first, today - DONE_DAYS);
        work = made + 1 + (int32_t)sg_below(w.w[2], DONE_WITHIN);
    } else if (booking->status == HS_CANCELLED) {
        made = day_between(w.w[0], first, today - 2);
        work = made + 1 + (int32_t)sg_below(w.w[2], CANCELLED_WITHIN);
    } else {
        made = day_between(w.w[0], first > today - OPEN_DAYS ? first : today - OPEN_DAYS, today - 1);
        work = today + (int32_t)sg_below(w.w[2], OPEN_DAYS);
    }
    booking->created = hs_instant_on(made, w.w[1]);
    return work;
}

/* A rate card of the category that is offered in the city. */
static uint16_t pick_card(const struct sg_world *world, unsigned category, unsigned city, uint32_t word) {
    const struct hs_reference *reference = world->reference;
    const struct hs_category *c = &reference->categories[category];
    uint16_t card = (uint16_t)(c->card_first + sg_below(word, (uint32_t)(c->card_end - c->card_first)));
    if (reference->cards[card].metro && !reference->cities[city].metro)
        card = reference->subcategories[reference->cards[card].subcategory].card_first;
    return card;
}

static void set_item_money(const struct sg_world *world, struct hs_item *item) {
    enum { BIG_PAISE = 200000 };
    static const uint32_t quantities[3] = {84, 12, 4};
    struct sg_block w = sg_draw(&world->sources[HS_BOOKING_ITEMS], item->row, HS_STREAM_MONEY, 0);
    item->price = world->reference->cards[item->card].price;
    item->quantity = item->price > BIG_PAISE ? 1 : (uint8_t)(1 + sg_pick(w.w[0], quantities, 3, 100));
    item->total = item->price * item->quantity;
    if (sg_chance(w.w[1], ITEM_DISCOUNT_PER_MILLION))
        item->discount = item->total * sg_between(w.w[2], 1, 3) / 20;
    item->final = item->total - item->discount;
}

static void set_item_times(const struct sg_world *world, int32_t day, bool done, struct hs_item *item) {
    struct sg_block w = sg_draw(&world->sources[HS_BOOKING_ITEMS], item->row, HS_STREAM_TIMES, 0);
    int64_t length = (int64_t)sg_between(w.w[1], DURATION_SLOTS_LOW, DURATION_SLOTS_HIGH) * SLOT_S;
    item->day = day;
    item->from = (int64_t)day * SG_DAY_S + SLOT_OPENS_S + (int64_t)sg_below(w.w[0], SLOTS) * SLOT_S;
    item->to = item->from + length;
    if (!done) return;
    item->started = item->from + 30 + sg_below(w.w[2], LATE_S);
    item->ended = item->started + length * sg_between(w.w[3], 50, 130) / 100;
}

static void set_money(const struct sg_world *world, struct hs_booking *booking) {
    struct sg_block w = sg_draw(&world->sources[HS_BOOKINGS], booking->row, HS_STREAM_MONEY, 0);
    for (unsigned i = 0; i < booking->item_count; i++)
        booking->subtotal += booking->items[i].final;
    if (sg_chance(w.w[0], BOOKING_DISCOUNT_PER_MILLION))
        booking->discount = booking->subtotal * sg_between(w.w[1], 1, DISCOUNT_BP_MAX) / 10000;
    int64_t taxable = booking->subtotal - booking->discount;
    if (booking->visiting)
        booking->igst = hs_round_even(taxable * HS_GST_PERCENT, 100);
    else
        booking->sgst = booking->cgst = hs_round_even(taxable * HS_GST_PERCENT, 200);
    booking->gst = booking->sgst + booking->cgst + booking->igst;
    booking->convenience = FEE_LOW + (int64_t)sg_below(w.w[2], FEE_STEPS + 1) * FEE_STEP;
    booking->total = taxable + booking->gst + booking->convenience;
    if (!booking->partial) return;
    booking->partial_amount = booking->total * sg_between(w.w[3], 20, 50) / 100;
    booking->remaining = booking->total - booking->partial_amount;
}

/* Method, settlement, who cancelled and the last change. */
static void set_outcome(const struct sg_world *world, struct hs_booking *booking) {
    static const uint32_t methods[4] = {25, 55, 12, 8};
    struct sg_block w = sg_draw(&world->sources[HS_BOOKINGS], booking->row, HS_STREAM_MORE, 0);
    bool done = booking->status == HS_COMPLETED;
    int64_t first = booking->items[0].from, last = 0;
    booking->method = (uint8_t)sg_pick(w.w[0], methods, done ? 4 : 3, done ? 100 : 92);
    for (unsigned i = 0; i < booking->item_count; i++) {
        if (booking->items[i].from < first) first = booking->items[i].from;
        if (booking->items[i].ended > last) last = booking->items[i].ended;
    }
    if (done) {
        booking->updated = last + sg_below(w.w[1], AFTERWARDS_S);
        bool settling = booking->updated > world->as_of - (int64_t)SETTLING_DAYS * SG_DAY_S;
        booking->settlement = settling ? (w.w[2] & 1 ? HS_SETTLE_PENDING : HS_SETTLE_INPROGRESS)
                              : sg_below(w.w[2], 100) < 97 ? HS_SETTLE_COMPLETE
                                                           : HS_SETTLE_FAILED;
    } else if (booking->status == HS_CANCELLED) {
        int64_t end = first < world->as_of ? first : world->as_of;
        booking->updated = booking->created + (int64_t)((uint64_t)(end - booking->created) * w.w[1] >> 32);
        booking->canceller = sg_below(w.w[3], 100) < 28 ? HS_BY_PROVIDER : HS_BY_CUSTOMER;
    } else {
        booking->updated = booking->created + sg_below(w.w[1], CONFIRMED_S);
    }
}

/* Where the work is: one of the customer's addresses that existed when the booking was made. */
static void set_place(const struct sg_world *world, const struct hs_customer *customer,
                      struct hs_booking *booking) {
    uint32_t weights[HS_CATEGORY_COUNT];
    struct sg_block w = sg_draw(&world->sources[HS_BOOKINGS], booking->row, HS_STREAM_PLACE, 0);
    struct hs_address address;
    hs_address_get(world, customer, sg_below(w.w[0], (uint32_t)customer->count[HS_AT_ADDRESSES]), &address);
    booking->address = address.created <= booking->created ? address.row : customer->first[HS_AT_ADDRESSES];
    for (int c = 0; c < HS_CATEGORY_COUNT; c++)
        weights[c] = world->reference->categories[c].weight;
    booking->category = (uint8_t)sg_pick(w.w[1], weights, HS_CATEGORY_COUNT, 100);
}

/* What the bookings before leave to the next one: item row, and items done by each team of the zone. */
struct place {
    uint64_t row, done[2];
};

static void set_items(const struct sg_world *world, const struct hs_customer *customer, int32_t day,
                      struct place *place, struct hs_booking *booking) {
    for (unsigned i = 0; i < booking->item_count; i++) {
        struct hs_item *item = &booking->items[i];
        *item = (struct hs_item){.row = place->row++};
        uint32_t word = sg_draw(&world->sources[HS_BOOKING_ITEMS], item->row, HS_STREAM_MORE, 0).w[0];
        item->provider =
            hs_provider_of(world, customer->zone, booking->visiting, place->done[booking->visiting]++);
        item->card = pick_card(world, booking->category, customer->city, word);
        set_item_money(world, item);
        set_item_times(world, day, booking->status == HS_COMPLETED, item);
    }
}

void hs_bookings_get(const struct sg_world *world, const struct hs_customer *customer,
                     struct hs_booking bookings[HS_BOOKINGS_MAX]) {
    if (!customer->count[HS_AT_BOOKINGS]) return;
    struct place place = {.row = customer->first[HS_AT_ITEMS]};
    sg_prefix_before(&world->items, customer->booking, place.done);
    for (int t = 0; t < 2; t++)
        place.done[t] -= world->zones[customer->zone].item_first[t];
    for (uint64_t k = 0; k < customer->count[HS_AT_BOOKINGS]; k++) {
        struct hs_booking *booking = &bookings[k];
        *booking =
            (struct hs_booking){.row = customer->first[HS_AT_BOOKINGS] + k, .key = customer->booking + k};
        enum state state = hs_quota_at(&world->state, booking->key);
        booking->status = states[state].status;
        booking->payment = states[state].payment;
        booking->partial = hs_quota_at(&world->partial, booking->key);
        booking->visiting = hs_visited(world, customer->zone, booking->key);
        booking->item_count = hs_quota_at(&world->item_count, booking->key);
        int32_t day = set_days(world, customer, state, booking);
        set_place(world, customer, booking);
        set_items(world, customer, day, &place, booking);
        set_money(world, booking);
        set_outcome(world, booking);
    }
}
