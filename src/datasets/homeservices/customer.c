/* Customers: how many children each has, what precedes them, and their addresses. */
#include "base/calendar.h"
#include "datasets/homeservices/homeservices.h"

enum { SLOT_BLOCK = 8, CUSTOMER_BLOCK = 64 };
enum { REFERRED_PERCENT = 30, TALK_WEIGHTS = 9, TALK_PER_BOOKING = 3 };
enum { FIRST_ADDRESS_S = 300 };

static const uint32_t address_shares[HS_ADDRESSES_MAX] = {33, 40, 21, 6};
static const uint32_t booking_shares[HS_BOOKINGS_MAX + 1] = {25, 41, 19, 8, 4, 2, 1, 0};
static const uint32_t item_shares[HS_ITEMS_MAX] = {33, 35, 21, 8, 3};
static const uint32_t queued_shares[HS_QUEUED_MAX + 1] = {38, 36, 16, 8, 2};
static const uint32_t active_shares[2] = {5, 95};

struct value_plan {
    struct hs_quota *quota;
    uint64_t things, target;
    uint32_t low, classes;
    const uint32_t *shares;
    uint32_t permutation;
};

static enum sg_code open_values(const struct sg_world *world, const struct value_plan *plan,
                                struct sg_error *err) {
    struct hs_quota *quota = plan->quota;
    quota->classes = plan->classes;
    quota->low = plan->low;
    quota->mix = sg_permutation(plan->things, world->run.seed, HS_DATASET_ID, plan->permutation);
    if (!sg_quota_values(plan->things, plan->target, plan->low, plan->shares, plan->classes, quota->counts))
        return sg_fail(err, SG_INTERNAL, "%zu rows do not divide among %zu", (size_t)plan->target,
                       (size_t)plan->things);
    return SG_OK;
}

static enum sg_code open_quotas(struct sg_world *world, struct sg_error *err) {
    uint64_t customers = world->customers, bookings = world->rows[HS_BOOKINGS];
    const struct value_plan plans[] = {
        {&world->address_count, customers, world->rows[HS_ADDRESSES], 1, HS_ADDRESSES_MAX, address_shares,
         HS_PERM_ADDRESS_COUNT},
        {&world->booking_count, customers, bookings, 0, HS_BOOKINGS_MAX + 1, booking_shares,
         HS_PERM_BOOKING_COUNT},
        {&world->item_count, bookings, world->rows[HS_BOOKING_ITEMS], 1, HS_ITEMS_MAX, item_shares,
         HS_PERM_ITEM_COUNT},
        {&world->queued_count, customers, world->rows[HS_PRIORITY_QUEUE], 0, HS_QUEUED_MAX + 1, queued_shares,
         HS_PERM_QUEUED},
    };
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
        SG_TRY(open_values(world, &plans[i], err));
    world->active.classes = 2;
    world->active.mix = sg_permutation(customers, world->run.seed, HS_DATASET_ID, HS_PERM_ACTIVE);
    sg_quota(customers, active_shares, 2, world->active.counts);
    world->referred = sg_muldiv_round(customers, REFERRED_PERCENT, 100);
    world->referred_mix = sg_permutation(customers - 1, world->run.seed, HS_DATASET_ID, HS_PERM_REFERRED);
    world->slot_of = sg_permutation(customers, world->run.seed, HS_DATASET_ID, HS_PERM_SLOT);
    return SG_OK;
}

static void count_bookings(const void *context, uint64_t slot, uint64_t *counts) {
    const struct sg_world *world = context;
    counts[0] = hs_quota_at(&world->booking_count, slot);
}

/* Everything but what lies before; first[] is left alone. */
static void count_children(const struct sg_world *world, uint64_t number, uint64_t *count,
                           uint64_t *booking) {
    uint64_t slot = sg_permute(&world->slot_of, number);
    sg_prefix_before(&world->slots, slot, booking);
    count[HS_AT_ADDRESSES] = hs_quota_at(&world->address_count, number);
    count[HS_AT_BOOKINGS] = hs_quota_at(&world->booking_count, slot);
    count[HS_AT_ITEMS] = 0;
    for (uint64_t k = 0; k < count[HS_AT_BOOKINGS]; k++)
        count[HS_AT_ITEMS] += hs_quota_at(&world->item_count, *booking + k);
    uint32_t word = sg_draw(&world->sources[HS_USERS], world->ops + number, HS_STREAM_ACCOUNT, 0).w[3];
    count[HS_AT_TALK] = 1 + sg_below(word, TALK_WEIGHTS) + TALK_PER_BOOKING * count[HS_AT_BOOKINGS];
    count[HS_AT_QUEUED] = hs_quota_at(&world->queued_count, number);
    hs_complaints_count(world, number, *booking, count[HS_AT_BOOKINGS], &count[HS_AT_COMPLAINTS],
                        &count[HS_AT_UPDATES]);
}

static void count_customer(const void *context, uint64_t number, uint64_t *counts) {
    uint64_t booking;
    count_children(context, number, counts, &booking);
}

enum sg_code hs_customers_open(struct sg_world *world, struct sg_error *err) {
    SG_TRY(open_quotas(world, err));
    SG_TRY(sg_prefix_open_together(&world->slots, world->team, world->customers, 1, SLOT_BLOCK,
                                   count_bookings, world, err));
    hs_bookings_open(world);
    SG_TRY(hs_teams_open(world, err));
    SG_TRY(hs_complaints_open(world, err));
    hs_conversations_open(world);
    return sg_prefix_open_together(&world->by_number, world->team, world->customers, HS_FIELDS,
                                   CUSTOMER_BLOCK, count_customer, world, err);
}

void hs_customers_close(struct sg_world *world) {
    sg_prefix_close(&world->slots);
    sg_prefix_close(&world->items);
    sg_prefix_close(&world->by_number);
}

uint64_t hs_field_before(const struct sg_world *world, uint64_t number, enum hs_field field) {
    uint64_t before[HS_FIELDS];
    sg_prefix_before(&world->by_number, number, before);
    if (field != HS_AT_TALK) return before[field];
    return sg_share(world->pairs, before[HS_AT_TALK], sg_prefix_total(&world->by_number, HS_AT_TALK));
}

/* Sign-ups grow linearly: their number with the square of time. */
int64_t hs_customer_created(const struct sg_world *world, uint64_t number) {
    uint32_t word = sg_draw(&world->sources[HS_USERS], world->ops + number, HS_STREAM_ACCOUNT, 0).w[0];
    uint64_t at = sg_muldiv(number << 16 | word >> 16, (uint64_t)1 << 46, world->customers);
    int64_t awake = (int64_t)(HS_HISTORY_DAYS - HS_SETTLED_DAYS) * HS_DAY_AWAKE_S;
    int64_t into = (int64_t)sg_muldiv((uint64_t)awake, hs_square_root(at), (uint64_t)1 << 31);
    return hs_awake_instant(world->run.as_of_day - HS_HISTORY_DAYS, into);
}

void hs_walk_start(struct hs_walk *walk, const struct sg_world *world, uint64_t number) {
    *walk = (struct hs_walk){.world = world, .next = number};
    sg_prefix_before(&world->by_number, number, walk->before);
}

void hs_walk_next(struct hs_walk *walk, struct hs_customer *customer) {
    const struct sg_world *world = walk->world;
    customer->number = walk->next;
    count_children(world, walk->next, customer->count, &customer->booking);
    for (int f = 0; f < HS_FIELDS; f++) {
        customer->first[f] = walk->before[f];
        walk->before[f] += customer->count[f];
    }
    uint64_t weight = sg_prefix_total(&world->by_number, HS_AT_TALK);
    customer->first[HS_AT_TALK] = sg_share(world->pairs, customer->first[HS_AT_TALK], weight);
    customer->count[HS_AT_TALK] =
        sg_share(world->pairs, walk->before[HS_AT_TALK], weight) - customer->first[HS_AT_TALK];
    customer->zone = (uint8_t)hs_zone_of_slot(world, sg_permute(&world->slot_of, walk->next));
    customer->city = customer->zone / HS_CITY_ZONES;
    customer->created = hs_customer_created(world, walk->next);
    walk->next++;
}

void hs_address_get(const struct sg_world *world, const struct hs_customer *customer, unsigned k,
                    struct hs_address *address) {
    uint64_t row = customer->first[HS_AT_ADDRESSES] + k;
    struct sg_block place = sg_draw(&world->sources[HS_ADDRESSES], row, HS_STREAM_PLACE, 0);
    struct sg_block times = sg_draw(&world->sources[HS_ADDRESSES], row, HS_STREAM_TIMES, 0);
    const struct hs_city *city = &world->reference->cities[customer->city];
    unsigned pin = customer->zone % HS_CITY_ZONES * HS_ZONE_PINS + sg_below(place.w[0], HS_ZONE_PINS);
    int32_t day = sg_day_of(customer->created) + 1;
    int32_t span = world->run.as_of_day - day;
    *address = (struct hs_address){.row = row, .pin = city->pins[pin], .locality = city->localities[pin]};
    address->created = k == 0
                           ? customer->created + 1 + sg_below(times.w[0], FIRST_ADDRESS_S)
                           : hs_instant_on(day + (int32_t)sg_below(times.w[0], (uint32_t)span), times.w[1]);
}
