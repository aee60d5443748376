/* Where customers live: a state by its residents, then one of its cities by the city's weight. */
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "datasets/cardholders/cardholders.h"
#include "reference/reference.h"

/* Alphabetical by code: index = label code. */
static const char *const states[CH_STATE_COUNT] = {
    "AK", "AL", "AR", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "IA", "ID", "IL", "IN", "KS",
    "KY", "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV",
    "NY", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VT", "WA", "WI", "WV", "WY"};
const struct sg_enum ch_state_labels = {"state", states, CH_STATE_COUNT};

/* April 2020, US Census Bureau, in the order of the codes. Their sum is less than 2^32. */
const uint32_t ch_state_residents[CH_STATE_COUNT] = {
    733391,   5024279,  3011524,  7151502,  39538223, 5773714,  3605944, 689545,  989948,  21538187, 10711908,
    1455271,  3190369,  1839106,  12812508, 6785528,  2937880,  4505836, 4657757, 7029917, 6177224,  1362359,
    10077331, 5706494,  6154913,  2961279,  1084225,  10439388, 779094,  1961504, 1377529, 9288994,  2117522,
    3104614,  20201249, 11799448, 3959353,  4237256,  13002700, 1097379, 5118425, 886667,  6910840,  29145505,
    3271616,  8631393,  643077,   7705281,  5893718,  1793716,  576851};

static int state_of(const char *code) {
    for (int s = 0; s < CH_STATE_COUNT; s++)
        if (memcmp(states[s], code, 2) == 0) return s;
    return -1;
}

enum sg_code ch_places_open(struct ch_places *places, struct sg_error *err) {
    for (int s = 0; s < CH_STATE_COUNT; s++)
        places->state_until[s] = ch_state_residents[s] + (s ? places->state_until[s - 1] : 0);
    places->city = sg_alloc_array(sg_city_count, sizeof *places->city);
    places->until = sg_alloc_array(sg_city_count, sizeof *places->until);
    int8_t *state = sg_alloc_array(sg_city_count, sizeof *state);
    if (!places->city || !places->until || !state) {
        free(state);
        return sg_fail(err, SG_SYSTEM, "no memory for the cities");
    }
    for (uint32_t c = 0; c < sg_city_count; c++)
        if ((state[c] = (int8_t)state_of(sg_cities[c].state)) >= 0) places->first[state[c] + 1]++;
    uint32_t next[CH_STATE_COUNT], total[CH_STATE_COUNT] = {0};
    for (int s = 0; s < CH_STATE_COUNT; s++) {
        next[s] = places->first[s];
        places->first[s + 1] += places->first[s];
    }
    for (uint32_t c = 0; c < sg_city_count; c++) {
        if (state[c] < 0) continue;
        places->city[next[state[c]]] = c;
        places->until[next[state[c]]++] = total[state[c]] += sg_cities[c].weight;
    }
    free(state);
    return SG_OK;
}

void ch_places_close(struct ch_places *places) {
    free(places->city);
    free(places->until);
}

/* The first entry whose cumulative weight is above a share of the last. */
static uint32_t pick(const uint32_t *until, uint32_t count, uint32_t word) {
    uint32_t at = sg_below(word, until[count - 1]), low = 0, high = count - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (until[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

uint16_t ch_state_pick(const struct ch_places *places, uint32_t word) {
    return (uint16_t)pick(places->state_until, CH_STATE_COUNT, word);
}

uint32_t ch_city_pick(const struct ch_places *places, uint16_t state, uint32_t word) {
    uint32_t first = places->first[state];
    return places->city[first + pick(places->until + first, places->first[state + 1] - first, word)];
}
