/* Keeps everyday shops from looking like subscriptions.
 *
 * A subscription shows as three or more charges of one merchant within a tenth of their mean. Where chance
 * makes a favourite shop look so, its last such purchase moves to a shop visited once, until none does. Each
 * move leaves the shop one purchase, so this ends. */
#include "datasets/spendsense/spendsense.h"

enum { LOOKS_LIKE = 3 };
/* A little more than a tenth, so that other ways of rounding agree. */
enum { TOLERANCE_PERCENT = 11 };

/* The last purchase of the shop that is near the mean, -1 when fewer than three are. */
static int last_near_mean(const struct ss_entry *entries, const uint16_t *rows, uint32_t count) {
    int64_t sum = 0;
    int near = 0, last = -1;
    for (uint32_t i = 0; i < count; i++)
        sum -= entries[rows[i]].amount;
    for (uint32_t i = 0; i < count; i++) {
        int64_t off = -entries[rows[i]].amount * (int64_t)count - sum;
        if ((off < 0 ? -off : off) * 100 > TOLERANCE_PERCENT * sum) continue;
        near++;
        last = (int)i;
    }
    return near < LOOKS_LIKE ? -1 : last;
}

/* Purchases of one shop. */
static uint32_t gather(const struct ss_entry *entries, uint32_t count, int category, uint16_t shop,
                       uint16_t *rows) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++)
        if (entries[i].category == category && entries[i].shop == shop) rows[found++] = (uint16_t)i;
    return found;
}

void ss_part_lookalikes(struct ss_entry *entries, uint32_t count, uint16_t *next) {
    uint16_t rows[SS_ENTRIES_MAX];
    uint8_t visits[SS_EVERYDAY_COUNT][SS_ENTRIES_MAX] = {0};
    for (uint32_t i = 0; i < count; i++)
        visits[entries[i].category][entries[i].shop]++;
    for (int category = 0; category < SS_EVERYDAY_COUNT; category++) {
        uint16_t shops = next[category];
        for (uint16_t shop = 0; shop < shops; shop++) {
            if (visits[category][shop] < LOOKS_LIKE) continue;
            uint32_t found = gather(entries, count, category, shop, rows);
            int last;
            while (found >= LOOKS_LIKE && (last = last_near_mean(entries, rows, found)) >= 0) {
                entries[rows[last]].shop = next[category]++;
                rows[last] = rows[--found];
            }
        }
    }
}
