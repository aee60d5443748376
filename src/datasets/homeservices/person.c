/* Names as usual where somebody lives, and mobile numbers nobody shares. */
#include <string.h>

#include "datasets/homeservices/homeservices.h"

/* One in seven people comes from another part of the country. */
enum { ELSEWHERE_PER_MILLION = 142857 };

struct hs_person hs_person_of(const struct sg_world *world, unsigned city, struct sg_block words) {
    const struct hs_reference *reference = world->reference;
    unsigned region = reference->cities[city].region;
    if (sg_chance(words.w[2], ELSEWHERE_PER_MILLION)) region = sg_below(words.w[3], reference->region_count);
    const struct hs_names *names = &reference->regions[region];
    return (struct hs_person){names->first[sg_below(words.w[0], names->first_count)],
                              names->last[sg_below(words.w[1], names->last_count)]};
}

unsigned hs_zone_of_slot(const struct sg_world *world, uint64_t slot) {
    unsigned low = 0, high = HS_ZONES;
    while (high - low > 1) {
        unsigned middle = (low + high) / 2;
        if (world->zones[middle].slot_first <= slot)
            low = middle;
        else
            high = middle;
    }
    return low;
}

unsigned hs_user_city(const struct sg_world *world, uint64_t user) {
    if (user < world->ops)
        return sg_below(sg_draw(&world->sources[HS_USERS], user, HS_STREAM_PLACE, 0).w[0], HS_CITIES);
    return hs_zone_of_slot(world, sg_permute(&world->slot_of, user - world->ops)) / HS_CITY_ZONES;
}

struct hs_person hs_user_person(const struct sg_world *world, uint64_t user) {
    return hs_person_of(world, hs_user_city(world, user),
                        sg_draw(&world->sources[HS_USERS], user, HS_STREAM_NAME, 0));
}

struct hs_person hs_provider_person(const struct sg_world *world, uint64_t number) {
    struct hs_provider provider;
    hs_provider_get(world, number, &provider);
    return hs_person_of(world, provider.city,
                        sg_draw(&world->sources[HS_PROVIDERS], number, HS_STREAM_NAME, 0));
}

size_t hs_mobile(const struct sg_world *world, uint64_t index, char out[HS_MOBILE_BYTES]) {
    uint64_t digits = 6000000000 + sg_permute(&world->mobile, index);
    memcpy(out, "+91", 3);
    for (int i = 12; i >= 3; i--, digits /= 10)
        out[i] = (char)('0' + digits % 10);
    out[13] = 0;
    return 13;
}
