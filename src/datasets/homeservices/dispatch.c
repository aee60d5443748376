/* Who does which item. Providers have ranks (a permutation): serviceable ones first, sorted by zone, then the
 * rest, also sorted by zone. Customers are spread over zones in proportion to their serviceable providers, so
 * nobody lives where nobody works. The items of a team are shuffled and dealt out by a cumulative weight that
 * rises with the place in the team: some are booked six times as often as others, and how often is closed
 * form. */
#include "base/calendar.h"
#include "datasets/homeservices/homeservices.h"

/* Of the joint chances with independent flags, in the seed: 107 active and 98 verified of 120. */
enum { SEED_PROVIDERS = 120, SEED_ACTIVE = 107, SEED_VERIFIED = 98 };
/* Weight of place q of k in a team: WEIGHT_BASE + WEIGHT_RISE * 2q/k tenths of the mean. */
enum { WEIGHT_BASE = 3, WEIGHT_RISE = 7 };
enum { BORDER_DIVISOR = 10, ITEM_BLOCK = 8 };
enum { HIRED_FROM_DAYS = 1460, HIRED_DAYS = 360 };

int hs_twin(const struct sg_world *world, unsigned zone) {
    int twin = world->reference->cities[zone / HS_CITY_ZONES].twin;
    return twin < 0 ? -1 : twin * HS_CITY_ZONES + (int)(zone % HS_CITY_ZONES);
}

/* Divides `total` ranks over zones by city weight. */
static void spread_over_zones(const struct sg_world *world, uint64_t total, uint64_t firsts[HS_ZONES + 1]) {
    uint64_t before = 0;
    for (unsigned z = 0; z <= HS_ZONES; z++) {
        firsts[z] = sg_share(total, before, (uint64_t)100 * HS_CITY_ZONES);
        if (z < HS_ZONES) before += world->reference->cities[z / HS_CITY_ZONES].weight;
    }
}

/* Marks `wanted` (at most all) of the ranks in zones with a twin, in equal proportion. */
static void spread_border(const struct sg_world *world, uint64_t wanted, const uint64_t firsts[HS_ZONES + 1],
                          uint64_t borders[HS_ZONES]) {
    uint64_t all = 0, before = 0;
    for (unsigned z = 0; z < HS_ZONES; z++)
        if (hs_twin(world, z) >= 0) all += firsts[z + 1] - firsts[z];
    if (wanted > all) wanted = all;
    for (unsigned z = 0; z < HS_ZONES; z++) {
        uint64_t mine = hs_twin(world, z) >= 0 ? firsts[z + 1] - firsts[z] : 0;
        borders[z] = sg_share(wanted, before + mine, all) - sg_share(wanted, before, all);
        before += mine;
    }
}

static void open_kinds(struct sg_world *world) {
    uint64_t all = world->rows[HS_PROVIDERS];
    uint64_t active = sg_muldiv_round(all, SEED_ACTIVE, SEED_PROVIDERS);
    uint64_t verified = sg_muldiv_round(all, SEED_VERIFIED, SEED_PROVIDERS);
    uint64_t neither = sg_muldiv_round(all - active, all - verified, all);
    world->serviceable = active + verified + neither - all;
    world->reserve_kinds[0] = active - world->serviceable;
    world->reserve_kinds[1] = verified - world->serviceable;
    world->reserve_kinds[2] = neither;
}

enum sg_code hs_dispatch_open(struct sg_world *world, struct sg_error *err) {
    open_kinds(world);
    uint64_t all = world->rows[HS_PROVIDERS], fit = world->serviceable;
    if (!fit) return sg_fail(err, SG_INTERNAL, "none of %zu providers is serviceable", (size_t)all);
    world->provider_rank = sg_permutation(all, world->run.seed, HS_DATASET_ID, HS_PERM_PROVIDER);
    world->reserve_mix = sg_permutation(all - fit, world->run.seed, HS_DATASET_ID, HS_PERM_RESERVE);
    uint64_t firsts[HS_ZONES + 1], reserves[HS_ZONES + 1], borders[HS_ZONES], reserve_borders[HS_ZONES];
    uint64_t border = sg_muldiv_round(all, 1, BORDER_DIVISOR), border_fit = sg_muldiv_round(border, fit, all);
    spread_over_zones(world, fit, firsts);
    spread_over_zones(world, all - fit, reserves);
    spread_border(world, border_fit, firsts, borders);
    spread_border(world, border - border_fit, reserves, reserve_borders);
    for (unsigned z = 0; z < HS_ZONES; z++)
        world->zones[z] = (struct hs_zone){
            .provider_first = firsts[z],
            .providers = firsts[z + 1] - firsts[z],
            .border = borders[z],
            .reserve_first = fit + reserves[z],
            .reserves = reserves[z + 1] - reserves[z],
            .reserve_border = reserve_borders[z],
            .slot_first = sg_share(world->customers, firsts[z], fit),
        };
    world->zones[HS_ZONES] =
        (struct hs_zone){.provider_first = fit, .reserve_first = all, .slot_first = world->customers};
    return SG_OK;
}

bool hs_visited(const struct sg_world *world, unsigned zone, uint64_t booking) {
    uint64_t below = world->zones[zone].visited_below;
    return below && sg_permute(&world->visit_mix, booking) < below;
}

/* Items of one booking in slot order, by team. */
static void count_items(const void *context, uint64_t booking, uint64_t *counts) {
    const struct sg_world *world = context;
    unsigned low = 0, high = HS_ZONES;
    while (high - low > 1) {
        unsigned middle = (low + high) / 2;
        if (world->zones[middle].booking_first <= booking)
            low = middle;
        else
            high = middle;
    }
    uint64_t items = hs_quota_at(&world->item_count, booking);
    bool visiting = hs_visited(world, low, booking);
    counts[visiting] = items;
    counts[!visiting] = 0;
}

/* A visiting team does its members' part of a zone's bookings. */
static void open_visits(struct sg_world *world) {
    for (unsigned z = 0; z < HS_ZONES; z++) {
        int twin = hs_twin(world, z);
        uint64_t visitors = twin < 0 ? 0 : world->zones[twin].border;
        if (visitors)
            world->zones[z].visited_below =
                sg_muldiv(world->rows[HS_BOOKINGS], visitors, visitors + world->zones[z].providers);
    }
}

enum sg_code hs_teams_open(struct sg_world *world, struct sg_error *err) {
    struct hs_zone *zones = world->zones;
    open_visits(world);
    for (unsigned z = 0; z <= HS_ZONES; z++)
        sg_prefix_before(&world->slots, zones[z].slot_first, &zones[z].booking_first);
    SG_TRY(sg_prefix_open_together(&world->items, world->team, world->rows[HS_BOOKINGS], 2, ITEM_BLOCK,
                                   count_items, world, err));
    for (unsigned z = 0; z <= HS_ZONES; z++)
        sg_prefix_before(&world->items, zones[z].booking_first, zones[z].item_first);
    for (unsigned z = 0; z < HS_ZONES; z++)
        for (unsigned t = 0; t < 2; t++) {
            zones[z].items[t] = zones[z + 1].item_first[t] - zones[z].item_first[t];
            zones[z].mix[t] =
                sg_permutation(zones[z].items[t], world->run.seed, HS_DATASET_ID, HS_PERM_TEAM + z * 2 + t);
        }
    return SG_OK;
}

/* The zone whose ranks the visiting (or local) team of a zone comes from, and how many they are. */
static const struct hs_zone *team_of(const struct sg_world *world, unsigned zone, bool visiting,
                                     uint64_t *members) {
    const struct hs_zone *home = &world->zones[visiting ? (unsigned)hs_twin(world, zone) : zone];
    *members = visiting ? home->border : home->providers;
    return home;
}

/* Items dealt to the places before q of a team of k. */
static uint64_t dealt_before(uint64_t items, uint64_t q, uint64_t k) {
    unsigned __int128 weight = (unsigned __int128)q * (WEIGHT_BASE * k + WEIGHT_RISE * q);
    return (uint64_t)(items * weight / ((unsigned __int128)(WEIGHT_BASE + WEIGHT_RISE) * k * k));
}

uint64_t hs_provider_of(const struct sg_world *world, unsigned zone, bool visiting, uint64_t at) {
    uint64_t members, low = 0, items = world->zones[zone].items[visiting];
    const struct hs_zone *home = team_of(world, zone, visiting, &members);
    uint64_t place = sg_permute(&world->zones[zone].mix[visiting], at), high = members;
    while (high - low > 1) {
        uint64_t middle = (low + high) / 2;
        if (dealt_before(items, middle, members) <= place)
            low = middle;
        else
            high = middle;
    }
    return sg_unpermute(&world->provider_rank, home->provider_first + low);
}

static uint64_t dealt(uint64_t items, uint64_t q, uint64_t k) {
    return dealt_before(items, q + 1, k) - dealt_before(items, q, k);
}

/* Zone whose serviceable (or reserve) ranks hold a rank. */
static unsigned zone_of_rank(const struct sg_world *world, uint64_t rank) {
    bool reserve = rank >= world->serviceable;
    unsigned low = 0, high = HS_ZONES;
    while (high - low > 1) {
        unsigned middle = (low + high) / 2;
        uint64_t first = reserve ? world->zones[middle].reserve_first : world->zones[middle].provider_first;
        if (first <= rank)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void hs_provider_get(const struct sg_world *world, uint64_t number, struct hs_provider *provider) {
    uint64_t rank = sg_permute(&world->provider_rank, number), fit = world->serviceable;
    unsigned zone = zone_of_rank(world, rank), kind = 0;
    const struct hs_zone *home = &world->zones[zone];
    bool reserve = rank >= fit;
    uint64_t place = rank - (reserve ? home->reserve_first : home->provider_first);
    if (reserve)
        kind = (unsigned)sg_quota_class(sg_permute(&world->reserve_mix, rank - fit), world->reserve_kinds, 3);
    int32_t first_day = world->run.as_of_day - HIRED_FROM_DAYS;
    struct sg_block w = sg_draw(&world->sources[HS_PROVIDERS], number, HS_STREAM_TIMES, 0);
    *provider = (struct hs_provider){
        .number = number,
        .zone = (uint8_t)zone,
        .city = (uint8_t)(zone / HS_CITY_ZONES),
        .visits = -1,
        .active = !reserve || kind == 0,
        .verified = !reserve || kind == 1,
        .created = hs_instant_on(first_day + (int32_t)sg_below(w.w[0], HIRED_DAYS), w.w[1]),
    };
    if (place < (reserve ? home->reserve_border : home->border))
        provider->visits = (int16_t)hs_twin(world, zone);
    if (reserve) return;
    provider->items = dealt(home->items[0], place, home->providers);
    if (provider->visits >= 0)
        provider->items += dealt(world->zones[provider->visits].items[1], place, home->border);
}

unsigned hs_provider_pins(const struct sg_world *world, const struct hs_provider *provider,
                          const char *pins[HS_SERVICE_PINS_MAX]) {
    /* Strides that visit all nine other PIN codes of the city. */
    static const uint8_t strides[6] = {1, 2, 4, 5, 7, 8};
    enum { OTHERS = HS_CITY_PINS - HS_ZONE_PINS };
    const struct hs_city *city = &world->reference->cities[provider->city];
    unsigned own = provider->zone % HS_CITY_ZONES * HS_ZONE_PINS, count = 0;
    for (unsigned i = 0; i < HS_ZONE_PINS; i++)
        pins[count++] = city->pins[own + i];
    for (unsigned i = 0; provider->visits >= 0 && i < HS_ZONE_PINS; i++)
        pins[count++] = world->reference->cities[provider->visits / HS_CITY_ZONES]
                            .pins[provider->visits % HS_CITY_ZONES * HS_ZONE_PINS + i];
    struct sg_block w = sg_draw(&world->sources[HS_PROVIDERS], provider->number, HS_STREAM_PLACE, 0);
    unsigned more = sg_below(w.w[0], HS_SERVICE_PINS_MAX - count + 1), at = sg_below(w.w[1], OTHERS);
    for (unsigned i = 0; i < more; i++) {
        pins[count++] = city->pins[(own + HS_ZONE_PINS + at) % HS_CITY_PINS];
        at = (at + strides[w.w[2] % 6]) % OTHERS;
    }
    return count;
}
