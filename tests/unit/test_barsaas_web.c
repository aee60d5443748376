/* Visits of the public site: exact counts, order, bounces, growth, returning visitors; lookups of usage.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "datasets/barsaas/activity.h"
#include "datasets/barsaas/tables.h"

struct tally {
    const struct sg_world *world;
    uint64_t rows, bounced, goals, fresh, weekend, night, evening, by_year[5], by_device[3], bad;
    int64_t last_start, revenue;
};

static int64_t number(const struct sg_batch *batch, const char *name, size_t row) {
    int c = sg_column_index(batch->table, name);
    assert_true(c >= 0);
    return sg_batch_integer(batch, c, row);
}

static enum sg_code count_visits(void *context, const struct sg_batch *batch, struct sg_error *err) {
    (void)err;
    struct tally *t = context;
    int32_t first_day = t->world->run.as_of_day - BS_HISTORY_DAYS;
    for (size_t i = 0; i < batch->rows; i++) {
        int64_t start = number(batch, "started_at", i), duration = number(batch, "session_duration", i);
        int64_t pages = number(batch, "page_views", i), date = number(batch, "session_date", i);
        t->bad += number(batch, "session_id", i) != (int64_t)t->rows + 1;
        t->bad += start < t->last_start || sg_day_of(start) != date || start + duration > t->world->as_of;
        t->bad += pages < 1 || (pages == 1) != (duration == 0);
        t->bad += number(batch, "landing_page_id", i) <= BS_APP_PAGES ||
                  number(batch, "landing_page_id", i) > BS_PAGE_COUNT;
        t->bad += pages == 1 && number(batch, "goal_completions", i);
        t->bad += !number(batch, "goal_completions", i) && number(batch, "ecommerce_revenue", i);
        t->last_start = start;
        t->rows++;
        t->bounced += pages == 1;
        t->goals += number(batch, "goal_completions", i) > 0;
        t->fresh += number(batch, "new_visitor", i) != 0;
        t->weekend += sg_weekday((int32_t)date) >= 5;
        t->night += start % SG_DAY_S / SG_HOUR_S == 6;
        t->evening += start % SG_DAY_S / SG_HOUR_S == 16;
        t->by_year[(date - first_day) * 5 / BS_HISTORY_DAYS]++;
        t->by_device[number(batch, "device_category", i)]++;
        t->revenue += number(batch, "ecommerce_revenue", i);
    }
    return SG_OK;
}

/* Rows of [first, end) days pushed through `sink`. */
static void generate_days(struct tally *t, uint64_t first, uint64_t end) {
    const struct bs_table_logic *logic = &bs_table_google_analytics_sessions;
    struct sg_error err = {0};
    struct sg_emitter e;
    assert_int_equal(sg_emitter_open(&e, &logic->declaration, count_visits, t, &err), SG_OK);
    sg_emitter_seek(&e, logic->rows_before(t->world, first));
    assert_int_equal(logic->generate(t->world, first, end, &e, &err), SG_OK);
    assert_int_equal(sg_emitter_flush(&e, &err), SG_OK);
    sg_emitter_close(&e);
}

static struct sg_world *open_world(uint64_t accounts, uint64_t seed, int32_t as_of_day) {
    struct sg_run run = {.seed = seed, .as_of_day = as_of_day, .units = accounts};
    struct sg_world *world;
    struct sg_error err = {0};
    assert_int_equal(bs_dataset.world_open(&run, &world, &err), SG_OK);
    return world;
}

static void counts_are_exact_at_any_size(void **state) {
    (void)state;
    const uint64_t sizes[] = {1, 2, 5, 100, 137};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct sg_world *world = open_world(sizes[i], 40 + i, 20400 + 37 * (int32_t)i);
        struct tally t = {.world = world};
        generate_days(&t, 0, BS_HISTORY_DAYS);
        assert_int_equal(t.rows, world->sizes.rows[BS_GOOGLE_ANALYTICS_SESSIONS]);
        assert_int_equal(t.bad, 0);
        bs_dataset.world_close(world);
    }
}

static void visits_have_their_shape(void **state) {
    (void)state;
    struct sg_world *world = open_world(1000, 42, 20500);
    struct tally t = {.world = world};
    generate_days(&t, 0, BS_HISTORY_DAYS);
    assert_int_equal(t.bad, 0);
    assert_in_range(t.bounced * 1000 / t.rows, 430, 580);
    assert_in_range(t.goals * 1000 / t.rows, 8, 35);
    assert_in_range(t.fresh * 1000 / t.rows, 620, 640);
    assert_in_range(t.weekend * 1000 / t.rows, 140, 220); /* two of seven days would be 286 */
    assert_true(t.evening > t.night * 8);
    for (int y = 1; y < 5; y++)
        assert_in_range(t.by_year[y] * 100 / t.by_year[y - 1], 133, 147);
    assert_true(t.by_device[0] > t.by_device[1] && t.by_device[1] > t.by_device[2] * 4);
    assert_true(t.revenue > 0);
    bs_dataset.world_close(world);
}

static void visitors_return_to_earlier_rows(void **state) {
    (void)state;
    enum { ROWS = 4003 };
    uint8_t *seen = calloc(ROWS * 2, 1);
    uint64_t fresh = 0;
    for (uint64_t row = 0; row < ROWS; row += 8) {
        /* A block's new visitors may be met by later blocks only. */
        for (int returning = 1; returning >= 0; returning--)
            for (uint64_t r = row; r < row + 8 && r < ROWS; r++) {
                struct bs_visitor v = bs_visitor_of(r, ROWS, 5, (uint32_t)(r * 2654435761u));
                assert_true(v.number < ROWS * 2);
                if (v.is_new && !returning) {
                    assert_false(seen[v.number]);
                    seen[v.number] = 1;
                    fresh++;
                } else if (!v.is_new && returning) {
                    assert_true(seen[v.number]);
                }
            }
    }
    assert_in_range(fresh, ROWS * 5 / 8, ROWS * 5 / 8 + 40);
    free(seen);
}

static void features_stand_on_known_pages(void **state) {
    (void)state;
    struct sg_world *world = open_world(1, 1, 20000);
    bool areas[BS_AREA_COUNT] = {false}, categories[BS_CATEGORY_COUNT] = {false};
    for (int p = 0; p < BS_PAGE_COUNT; p++) {
        areas[bs_pages[p].area] = true;
        assert_int_equal(bs_pages[p].area < BS_AREA_APP_COUNT, p < BS_APP_PAGES);
        assert_int_equal(bs_pages[p].path[0], '/');
    }
    for (int a = 0; a < BS_AREA_COUNT; a++)
        assert_true(areas[a]);
    for (unsigned f = 0; f < BS_FEATURE_COUNT; f++) {
        const struct bs_feature *feature = &bs_features[f];
        categories[feature->category] = true;
        assert_true(feature->page < BS_APP_PAGES);
        const char *area = bs_category_enum.labels[feature->category];
        assert_memory_equal(feature->name, area, strlen(area));
        assert_true(bs_feature_launched(world, f) < world->as_of);
    }
    for (int c = 0; c < BS_CATEGORY_COUNT; c++)
        assert_true(categories[c]);
    bs_dataset.world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_exact_at_any_size),
        cmocka_unit_test(visits_have_their_shape),
        cmocka_unit_test(visitors_return_to_earlier_rows),
        cmocka_unit_test(features_stand_on_known_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
