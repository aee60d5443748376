/* barsaas at every small size: all tables open, plan and generate exactly the rows they promise.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "datasets/barsaas/tables.h"

static enum sg_code count(void *context, const struct sg_batch *batch, struct sg_error *err) {
    (void)err;
    *(uint64_t *)context += batch->rows;
    return SG_OK;
}

static struct sg_world *open_world(uint64_t accounts, uint64_t seed) {
    struct sg_run run = {
        .seed = seed, .as_of_day = sg_day_from_civil(2026, 11, 20) - (int32_t)seed, .units = accounts};
    struct sg_world *world = NULL;
    struct sg_error err = {0};
    if (bs_dataset.world_open(&run, &world, &err) != SG_OK)
        fail_msg("%llu accounts: %s", (unsigned long long)accounts, err.text);
    return world;
}

static void check_table(const struct sg_world *world, uint16_t table, uint64_t accounts) {
    const char *name = bs_dataset.tables[table]->name;
    uint64_t units = bs_dataset.unit_count(world, bs_dataset.tables[table]->domain);
    uint64_t promised = bs_dataset.rows_before(world, table, units), seen = 0, before = 0;
    for (uint64_t unit = 0; unit <= units; unit++) {
        uint64_t rows = bs_dataset.rows_before(world, table, unit);
        if (rows < before) fail_msg("%s of %llu accounts: rows fall", name, (unsigned long long)accounts);
        before = rows;
    }
    struct sg_emitter emitter;
    struct sg_error err = {0};
    assert_int_equal(sg_emitter_open(&emitter, bs_dataset.tables[table], count, &seen, &err), SG_OK);
    sg_emitter_seek(&emitter, 0);
    enum sg_code code = bs_dataset.generate(world, table, 0, units, &emitter, &err);
    if (code == SG_OK) code = sg_emitter_flush(&emitter, &err);
    sg_emitter_close(&emitter);
    if (code != SG_OK || seen != promised)
        fail_msg("%s of %llu accounts: %llu rows instead of %llu %s", name, (unsigned long long)accounts,
                 (unsigned long long)seen, (unsigned long long)promised, err.text);
}

static void all_tables_at_small_sizes(void **state) {
    (void)state;
    static const uint64_t sizes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 17, 29, 100};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct sg_world *world = open_world(sizes[i], 40 + i * 97);
        for (uint16_t table = 0; table < bs_dataset.table_count; table++)
            check_table(world, table, sizes[i]);
        bs_dataset.world_close(world);
    }
}

/* Opening a world plans it: every size up to 300 with several seeds and as-of days. */
static void every_size_can_be_planned(void **state) {
    (void)state;
    for (uint64_t accounts = 1; accounts <= 300; accounts++)
        bs_dataset.world_close(open_world(accounts, accounts % 7 * 31));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_tables_at_small_sizes),
        cmocka_unit_test(every_size_can_be_planned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
