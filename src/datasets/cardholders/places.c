/* Where customers live: a state by its residents, then one of its cities by the city's weight. */
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "datasets/cardholders/cardholders.h"
#include "reference/reference.h"

extern const char sg_data_cardholders_states[];

/* Alphabetical by code: index = label code. */
static const char *const states[CH_STATE_COUNT] = {
    "AK", "AL", "AR", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "IA", "ID", "IL", "IN", "KS",
    "KY", "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV",
    "NY", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VT", "WA", "WI", "WV", "WY"};
const struct sg_enum ch_state_labels = {"state", states, CH_STATE_COUNT};

static int state_of(const char *code) {
    for (int s = 0; s < CH_STATE_COUNT; s++)
        if (memcmp(states[s], code, 2) == 0) return s;
    return -1;
}

/* Lines "code<TAB>residents" behind one header line; residents sum to less than 2^32. */
static enum sg_code read_states(struct ch_places *places, struct sg_error *err) {
    uint32_t residents[CH_STATE_COUNT] = {0}, total = 0;
    const char *line = strchr(sg_data_cardholders_states, '\n');
    for (; line && line[1]; line = strchr(line + 1, '\n')) {
        int state = state_of(line + 1);
        if (state < 0) return sg_fail(err, SG_INTERNAL, "states.tsv holds an unknown state: %.10s", line + 1);
        residents[state] = (uint32_t)strtoul(line + 4, NULL, 10);
    }
    for (int s = 0; s < CH_STATE_COUNT; s++) {
        if (!residents[s]) return sg_fail(err, SG_INTERNAL, "states.tsv lacks %s", states[s]);
        places->state_until[s] = total += residents[s];
    }
    return SG_OK;
}

enum sg_code ch_places_open(struct ch_places *places, struct sg_error *err) {
    SG_TRY(read_states(places, err));
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
