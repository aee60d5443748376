/* The shard plan over a made-up dataset: every row in exactly one shard, cuts at unit boundaries and
 * independent of ranks, ranks contiguous and balanced. labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "partition/plan.h"

enum { SMALL, EVEN, SKEWED, HUGE_UNITS, REFERENCE, NOBODY, TABLES };
enum { ROOT, SINGLE, NOTHING, DOMAINS };

struct sg_world {
    uint64_t units;
    uint64_t looks; /* calls of rows_before */
};

#define TABLE(name_, domain_, bytes_)                                                                        \
    { .name = name_, .domain = domain_, .row_text_bytes = bytes_ }
static const struct sg_table declared[TABLES] = {
    TABLE("small", ROOT, 50),        TABLE("even", ROOT, 100),       TABLE("skewed", ROOT, 80),
    TABLE("huge_units", ROOT, 1000), TABLE("reference", SINGLE, 30), TABLE("nobody", NOTHING, 60),
};
static const struct sg_table *const tables[TABLES] = {&declared[0], &declared[1], &declared[2],
                                                      &declared[3], &declared[4], &declared[5]};
static const struct sg_domain domains[DOMAINS] = {
    {"root", SG_ONLY_UNIT}, {"single", SG_ONLY_WHOLE}, {"nothing", SG_ONLY_NOTHING}};

static uint64_t unit_count(const struct sg_world *world, uint16_t domain) {
    return domain == ROOT ? world->units : domain == SINGLE ? 1 : 1826;
}

static uint64_t rows_before(const struct sg_world *world, uint16_t table, uint64_t unit) {
    ((struct sg_world *)world)->looks++;
    switch (table) {
    case SMALL:
        return unit;
    case EVEN:
        return unit * 1000;
    case SKEWED: /* quadratic, with empty units in between */
        return (unit / 3) * (unit / 3);
    case HUGE_UNITS:
        return unit * 40000;
    case REFERENCE:
        return unit * 20;
    default:
        return unit * 7;
    }
}

static const struct sg_dataset dataset = {.name = "made_up",
                                          .unit = "root",
                                          .domains = domains,
                                          .domain_count = DOMAINS,
                                          .tables = tables,
                                          .table_count = TABLES,
                                          .unit_count = unit_count,
                                          .rows_before = rows_before};

static const uint64_t sizes[] = {1, 2, 3, 7, 100, 1001, 40000};
enum { SIZES = sizeof sizes / sizeof *sizes };

static struct sg_plan open_plan(struct sg_world *world, const struct sg_run *run, const bool *wanted) {
    struct sg_plan plan;
    struct sg_error err = {0};
    assert_int_equal(sg_plan_open(&plan, &dataset, world, run, wanted, &err), SG_OK);
    return plan;
}

/* Shards of each table follow each other without gap from the first row to the last. */
static void check_cover(const struct sg_plan *plan) {
    size_t i = 0;
    for (uint16_t table = 0; table < TABLES; table++) {
        uint64_t row = 0, unit = 0;
        uint32_t number = 0;
        for (; i < plan->shard_count && plan->shards[i].table == table; i++) {
            const struct sg_shard *shard = &plan->shards[i];
            assert_int_equal(shard->number, number++);
            assert_int_equal(shard->row_first, row);
            assert_int_equal(shard->unit_first, unit);
            assert_int_equal(rows_before(plan->world, table, shard->unit_end), row + shard->rows);
            row += shard->rows;
            unit = shard->unit_end;
        }
        uint64_t units = unit_count(plan->world, tables[table]->domain);
        assert_true(number >= 1);
        assert_int_equal(unit, units);
        assert_int_equal(row, rows_before(plan->world, table, units));
        assert_int_equal(row, sg_plan_rows(plan, table));
    }
    assert_int_equal(i, plan->shard_count);
}

static void cuts_cover_all_rows_once(void **state) {
    (void)state;
    for (int k = 0; k < SIZES; k++) {
        struct sg_world world = {.units = sizes[k]};
        struct sg_run run = {.units = sizes[k]};
        struct sg_plan plan = open_plan(&world, &run, NULL);
        check_cover(&plan);
        sg_plan_close(&plan);
    }
}

static void shards_have_the_size_aimed_at(void **state) {
    (void)state;
    struct sg_world world = {.units = 40000};
    struct sg_run run = {.units = 40000};
    struct sg_plan plan = open_plan(&world, &run, NULL);
    for (size_t i = 0; i < plan.shard_count; i++) {
        uint64_t bytes = sg_shard_bytes_estimate(&plan, &plan.shards[i]);
        if (plan.shards[i].table == EVEN || plan.shards[i].table == SKEWED)
            assert_in_range(bytes, SG_SHARD_TEXT_BYTES / 2, SG_SHARD_TEXT_BYTES * 5 / 4);
        if (plan.shards[i].table == HUGE_UNITS) assert_int_equal(bytes, 40000 * 1000);
    }
    assert_true(world.looks < plan.shard_count * 16);
    sg_plan_close(&plan);
}

static void unwanted_tables_have_no_shards(void **state) {
    (void)state;
    struct sg_world world = {.units = 100};
    struct sg_run run = {.units = 100};
    const bool wanted[TABLES] = {[EVEN] = true, [REFERENCE] = true};
    struct sg_plan plan = open_plan(&world, &run, wanted);
    for (size_t i = 0; i < plan.shard_count; i++)
        assert_true(wanted[plan.shards[i].table]);
    assert_int_equal(sg_plan_rows(&plan, EVEN), 100000);
    assert_int_equal(sg_plan_rows(&plan, SMALL), 0);
    sg_plan_close(&plan);
}

static void only_takes_one_unit_and_shared_parents(void **state) {
    (void)state;
    struct sg_world world = {.units = 100};
    struct sg_run run = {.units = 100, .only_unit = 43};
    struct sg_plan plan = open_plan(&world, &run, NULL);
    assert_int_equal(plan.shard_count, TABLES);
    assert_int_equal(plan.shards[EVEN].row_first, 42000);
    assert_int_equal(plan.shards[EVEN].rows, 1000);
    assert_int_equal(plan.shards[REFERENCE].rows, 20);
    assert_int_equal(plan.shards[NOBODY].rows, 0);
    sg_plan_close(&plan);
}

static int by_middle(const struct sg_plan *plan, const struct sg_shard *a, const struct sg_shard *b) {
    /* Middles as fractions of their key spaces, compared crosswise. */
    uint64_t ua = unit_count(plan->world, tables[a->table]->domain);
    uint64_t ub = unit_count(plan->world, tables[b->table]->domain);
    uint64_t x = (a->unit_first + a->unit_end) * ub, y = (b->unit_first + b->unit_end) * ua;
    return x < y ? -1 : x > y;
}

/* Every shard is dealt once, to its owner, in plan order. */
static void check_deal(const struct sg_plan *plan, int ranks, const int *owner) {
    struct sg_error err = {0};
    size_t *order = calloc(plan->shard_count, sizeof *order), at = 0;
    uint64_t *counts = calloc((size_t)ranks, sizeof *counts);
    assert_int_equal(sg_plan_deal(plan, ranks, order, counts, &err), SG_OK);
    for (int rank = 0; rank < ranks; rank++)
        for (uint64_t k = 0; k < counts[rank]; k++, at++) {
            assert_int_equal(owner[order[at]], rank);
            if (k > 0) assert_true(order[at - 1] < order[at]);
        }
    assert_int_equal(at, plan->shard_count);
    free(order);
    free(counts);
}

static void check_ranks(const struct sg_plan *plan, int ranks) {
    struct sg_error err = {0};
    int *owner = calloc(plan->shard_count, sizeof *owner);
    uint64_t *load = calloc((size_t)ranks, sizeof *load), total = 0, biggest = 0;
    assert_int_equal(sg_plan_assign(plan, ranks, owner, &err), SG_OK);
    for (size_t i = 0; i < plan->shard_count; i++) {
        assert_in_range(owner[i], 0, ranks - 1);
        uint64_t bytes = sg_shard_bytes_estimate(plan, &plan->shards[i]) + 4096;
        load[owner[i]] += bytes;
        total += bytes;
        if (bytes > biggest) biggest = bytes;
    }
    for (size_t i = 0; i < plan->shard_count; i += 7)
        for (size_t j = 0; j < plan->shard_count; j++)
            if (by_middle(plan, &plan->shards[i], &plan->shards[j]) < 0) assert_true(owner[i] <= owner[j]);
    for (int rank = 0; rank < ranks; rank++)
        assert_true(load[rank] <= total / (uint64_t)ranks + biggest);
    check_deal(plan, ranks, owner);
    uint64_t *starts = calloc((size_t)ranks + 1, sizeof *starts);
    assert_int_equal(sg_plan_rank_units(plan, ranks, starts, &err), SG_OK);
    assert_int_equal(starts[0], 0);
    assert_int_equal(starts[ranks], plan->run.units);
    for (int rank = 0; rank < ranks; rank++)
        assert_true(starts[rank] <= starts[rank + 1]);
    free(starts);
    free(load);
    free(owner);
}

static void ranks_take_contiguous_balanced_ranges(void **state) {
    (void)state;
    static const int ranks[] = {1, 2, 3, 5, 64, 1000};
    for (int k = 0; k < SIZES; k++) {
        struct sg_world world = {.units = sizes[k]};
        struct sg_run run = {.units = sizes[k]};
        if (run.units > 1001) run.units = world.units = 2000;
        struct sg_plan plan = open_plan(&world, &run, NULL);
        for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++)
            check_ranks(&plan, ranks[i]);
        sg_plan_close(&plan);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_cover_all_rows_once),
        cmocka_unit_test(shards_have_the_size_aimed_at),
        cmocka_unit_test(unwanted_tables_have_no_shards),
        cmocka_unit_test(only_takes_one_unit_and_shared_parents),
        cmocka_unit_test(ranks_take_contiguous_balanced_ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
