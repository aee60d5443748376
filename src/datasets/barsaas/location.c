/* Locations of an account: type, city, opening and devices. */
#include "datasets/barsaas/core.h"

#include "reference/reference.h"

enum { SAME_CITY_PERCENT = 55, OPENS = 9, HOURS = 9 };

/* The k-th location opens with the account (k = 0) or in its first four fifths, sooner rather than later. */
static int64_t opened(const struct bs_account *account, unsigned k, uint32_t word) {
    if (k == 0) return account->created;
    uint64_t room = (uint64_t)(account->end - account->created) * 4 / 5;
    uint64_t part = (uint64_t)word * word >> 32;
    return account->created + (int64_t)(room * part >> 32);
}

static uint8_t type_of(const struct bs_core *core, uint64_t other) {
    uint64_t at = sg_permute(&core->location_type, other);
    return at < core->location_types[BS_BRANCH] ? BS_BRANCH : BS_FRANCHISE;
}

void bs_locations_fill(const struct sg_world *world, uint64_t mains_before, bool has_main,
                       const uint8_t *devices, struct bs_account *account) {
    const struct bs_core *core = world->core;
    uint64_t other = account->location_first - mains_before, device = account->device_first;
    uint32_t home = 0;
    for (unsigned k = 0; k < account->location_count; k++) {
        struct bs_location *location = &account->locations[k];
        struct sg_block w = sg_draw(&core->locations, account->location_first + k, BS_STREAM_OF_LOCATION, 0);
        uint32_t city = sg_city_pick(w.w[0]);
        if (k == 0)
            home = city;
        else if (sg_below(w.w[1], 100) < SAME_CITY_PERCENT)
            city = home;
        location->type = k == 0 && has_main ? BS_MAIN : type_of(core, other++);
        location->city = (uint16_t)city;
        location->zone = sg_cities[city].zone;
        location->created = opened(account, k, w.w[2]);
        if (k > 0)
            location->created = bs_office_hours(location->zone, location->created, OPENS, HOURS, true,
                                                account->created, account->end - 1);
        location->devices = devices[k];
        location->device_first = device;
        device += devices[k];
    }
}
