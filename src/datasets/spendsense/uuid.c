/* Order-preserving keys in the shape of UUIDv4.
 *
 * The 60 free bits of the high half are base + row * stride + noise below the stride, the base (below 2^59)
 * and the noise being drawn; so keys ascend with the row, differ, and do not depend on the number of users.
 * The low half is random. Strides leave room for ten million users. */
#include "datasets/spendsense/spendsense.h"

#include <stdio.h>

static const uint8_t stride_bits[SS_TABLE_COUNT] = {
    [SS_PROFILES] = 35,    /* of 2^24 rows */
    [SS_ACCOUNTS] = 33,    /* of 2^26 */
    [SS_TRANSACTIONS] = 28 /* of 2^31 */
};

enum { BASE_BITS = 59 };
#define BASE_ROW UINT64_MAX /* of the draw that gives a table's base */

static uint64_t low_bits(uint32_t high, uint32_t low, unsigned bits) {
    return ((uint64_t)high << 32 | low) & ((UINT64_C(1) << bits) - 1);
}

void ss_uuid_open(struct sg_world *world) {
    for (int table = 0; table < SS_TABLE_COUNT; table++) {
        struct sg_block w = sg_draw(&world->sources[table], BASE_ROW, SS_STREAM_ID, 0);
        world->id_base[table] = low_bits(w.w[0], w.w[1], BASE_BITS);
    }
}

struct sg_key128 ss_uuid_of(const struct sg_world *world, enum ss_table table, uint64_t row) {
    struct sg_block w = sg_draw(&world->sources[table], row, SS_STREAM_ID, 0);
    unsigned bits = stride_bits[table];
    uint64_t key = world->id_base[table] + (row << bits) + low_bits(w.w[0], w.w[1], bits);
    return (struct sg_key128){(key >> 12) << 16 | 0x4000 | (key & 0xFFF),
                              UINT64_C(1) << 63 | ((uint64_t)w.w[2] << 32 | w.w[3]) >> 2};
}

struct sg_key128 ss_user_id(const struct sg_world *world, uint64_t number) {
    if (number < world->run.key_count) return world->run.keys[number];
    return ss_uuid_of(world, SS_PROFILES, number);
}

void ss_last4(const struct sg_world *world, uint64_t account, char *out) {
    struct sg_block w = sg_draw(&world->sources[SS_ACCOUNTS], account, SS_STREAM_NUMBER, 0);
    snprintf(out, 5, "%04u", sg_below(w.w[0], 10000) % 10000);
}
