/* screenbilling: every count and rule of the contract, for several sizes, seeds and as-of dates.
 * labels: quick */
#include "rows.h"

#include "base/calendar.h"
#include "datasets/screenbilling/screenbilling.h"

extern const struct sg_dataset sb_dataset;

static struct sg_world *open_world(uint64_t customers, uint64_t seed, int32_t as_of_day) {
    struct sg_run run = {.seed = seed, .as_of_day = as_of_day, .units = customers};
    struct sg_world *world = NULL;
    struct sg_error err = {0};
    if (sb_dataset.world_open(&run, &world, &err) != SG_OK)
        fail_msg("%llu customers: %s", (unsigned long long)customers, err.text);
    return world;
}

static int32_t some_day(void) {
    return sg_day_from_civil(2026, 11, 20);
}

/* Kinds of events by month, and customers by snapshot, of a world. */
struct tally {
    uint64_t events[SB_EVENT_COUNT][SB_MONTHS];
    uint64_t customers[SB_MONTHS];
    uint64_t plans[SB_PLAN_COUNT]; /* at the start */
    uint64_t plan_upgrades, screen_upgrades;
};

static void check_change(const struct sb_life *life, const struct sb_change *change, struct tally *tally) {
    const struct sb_state *before = &life->months[change->month - 1], *after = &life->months[change->month];
    assert_int_not_equal(before->status, SB_STATUS_CANCELED);
    switch (change->event) {
    case SB_UPGRADE:
        assert_int_not_equal(before->plan, SB_ENTERPRISE);
        if (after->plan == before->plan) {
            tally->screen_upgrades++;
            assert_in_range(after->screens - before->screens, 2, 10);
            assert_true(after->screens <= sb_plans[after->plan].screens_max + 20);
        } else {
            tally->plan_upgrades++;
            assert_true(after->plan > before->plan);
            int32_t least = sb_plans[after->plan].screens_min;
            assert_int_equal(after->screens, before->screens < least ? least : before->screens);
        }
        break;
    case SB_DOWNGRADE:
        assert_int_not_equal(before->plan, SB_FREE);
        assert_true(after->plan < before->plan);
        int32_t most = sb_plans[after->plan].screens_max;
        assert_int_equal(after->screens, before->screens > most ? most : before->screens);
        break;
    case SB_CANCELLATION:
        assert_true(before->plan == SB_FREE || before->plan == SB_STANDARD);
        assert_int_equal(after->status, SB_STATUS_CANCELED);
        assert_int_equal(life->end, change->month);
        break;
    default:
        assert_true(sb_mrr(before) > 0);
        assert_int_equal(before->status, SB_STATUS_ACTIVE);
        assert_int_equal(after->status, SB_STATUS_PAST_DUE);
    }
}

static void check_life(const struct sb_life *life, struct tally *tally) {
    const struct sb_state *begin = &life->months[0];
    tally->plans[begin->plan]++;
    assert_in_range(begin->screens, sb_plans[begin->plan].screens_min, sb_plans[begin->plan].screens_max);
    assert_int_equal(begin->status, SB_STATUS_ACTIVE);
    for (int m = 0; m < life->end; m++)
        tally->customers[m]++;
    int next = 0;
    for (int m = 1; m < SB_MONTHS; m++) {
        bool changes = next < life->change_count && life->changes[next].month == m;
        if (changes)
            check_change(life, &life->changes[next], tally);
        else
            assert_memory_equal(&life->months[m], &life->months[m - 1], sizeof life->months[m]);
        if (changes) tally->events[life->changes[next++].event][m]++;
    }
    assert_int_equal(next, life->change_count);
    if (life->past_due != SB_NEVER)
        for (int m = life->past_due; m < life->end; m++)
            assert_int_equal(life->months[m].status, SB_STATUS_PAST_DUE);
}

static struct tally tally_of(const struct sg_world *world) {
    struct tally tally = {0};
    for (uint64_t n = 0; n < world->customers; n++) {
        struct sb_life life;
        sb_life_get(world, n, &life);
        check_life(&life, &tally);
    }
    return tally;
}

/* The contract's numbers, times `factor`. */
static void check_contract(const struct tally *tally, uint64_t factor) {
    static const uint64_t months[SB_MONTHS][SB_EVENT_COUNT] = {
        {0}, {2, 0, 1, 1}, {3, 1, 1, 1}, {2, 0, 2, 1}, {3, 1, 1, 0}, {3, 0, 2, 1}, {2, 0, 1, 1}};
    static const uint64_t customers[SB_MONTHS] = {100, 99, 98, 96, 95, 93, 92};
    static const uint64_t plans[SB_PLAN_COUNT] = {25, 18, 32, 15, 10};
    for (int m = 0; m < SB_MONTHS; m++) {
        assert_int_equal(tally->customers[m], customers[m] * factor);
        for (int kind = 0; kind < SB_EVENT_COUNT; kind++)
            assert_int_equal(tally->events[kind][m], months[m][kind] * factor);
    }
    for (int p = 0; p < SB_PLAN_COUNT; p++)
        assert_int_equal(tally->plans[p], plans[p] * factor);
    assert_int_equal(tally->plan_upgrades, 8 * factor);
    assert_int_equal(tally->screen_upgrades, 7 * factor);
}

static void contract_numbers_hold(void **state) {
    (void)state;
    static const uint64_t factors[] = {1, 1, 1, 1, 2, 7, 50};
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        struct sg_world *world = open_world(100 * factors[i], 40 + i, some_day() - (int32_t)i * 11);
        struct tally tally = tally_of(world);
        check_contract(&tally, factors[i]);
        assert_int_equal(sb_dataset.unit_count(world, SB_CLOCK), (100 * factors[i] + 2) / 3);
        sb_dataset.world_close(world);
    }
}

static void other_sizes_scale(void **state) {
    (void)state;
    for (uint64_t customers = 1; customers < 420; customers += 1 + customers / 60) {
        struct sg_world *world = open_world(customers, customers, some_day());
        struct tally tally = tally_of(world);
        static const double shares[SB_EVENT_COUNT] = {.15, .02, .08, .05};
        uint64_t all = customers;
        for (int kind = 0; kind < SB_EVENT_COUNT; kind++) {
            uint64_t sum = 0;
            for (int m = 1; m < SB_MONTHS; m++)
                sum += tally.events[kind][m];
            double exact = shares[kind] * (double)customers;
            assert_true((double)sum > exact - 1 && (double)sum < exact + 1);
            if (kind == SB_CANCELLATION) all -= sum;
        }
        assert_int_equal(tally.customers[SB_MONTHS - 1], all);
        sb_dataset.world_close(world);
    }
}

static void every_size_can_be_planned(void **state) {
    (void)state;
    for (uint64_t customers = 1; customers <= 3000; customers += 1 + customers / 500)
        sb_dataset.world_close(open_world(customers, customers % 9, some_day()));
}

/* Neighbours begin with the same plan as often as chance has it: 22 in 100. */
static void customers_are_shuffled(void **state) {
    (void)state;
    struct sg_world *world = open_world(3000, 42, some_day());
    uint64_t same = 0;
    int before = SB_PLAN_COUNT;
    for (uint64_t n = 0; n < world->customers; n++) {
        struct sb_life life;
        sb_life_get(world, n, &life);
        same += life.months[0].plan == before;
        before = life.months[0].plan;
    }
    assert_in_range(same, 560, 780);
    sb_dataset.world_close(world);
}

/* Two of five past due customers cancel later, two customers upgrade twice: lives have more than one event.
 */
static void lives_combine_events(void **state) {
    (void)state;
    struct sg_world *world = open_world(1000, 42, some_day());
    uint64_t pairs[SB_EVENT_COUNT][SB_EVENT_COUNT] = {0};
    for (uint64_t n = 0; n < world->customers; n++) {
        struct sb_life life;
        sb_life_get(world, n, &life);
        if (life.change_count == 2) pairs[life.changes[0].event][life.changes[1].event]++;
    }
    assert_int_equal(pairs[SB_PAST_DUE][SB_CANCELLATION], 20);
    assert_int_equal(pairs[SB_UPGRADE][SB_UPGRADE], 20);
    assert_int_equal(pairs[SB_UPGRADE][SB_PAST_DUE], 10);
    sb_dataset.world_close(world);
}

static void nearer_plans_are_likelier(void **state) {
    (void)state;
    struct sg_world *world = open_world(20000, 42, some_day());
    uint64_t by_steps[SB_PLAN_COUNT] = {0};
    for (uint64_t n = 0; n < world->customers; n++) {
        struct sb_life life;
        sb_life_get(world, n, &life);
        for (int k = 0; k < life.change_count; k++) {
            int m = life.changes[k].month;
            int from = life.months[m - 1].plan, to = life.months[m].plan;
            if (from == SB_FREE && to > from) by_steps[to - from]++;
        }
    }
    assert_true(by_steps[1] > by_steps[2] && by_steps[2] > by_steps[3] && by_steps[3] > by_steps[4]);
    assert_true(by_steps[4] > 0);
    sb_dataset.world_close(world);
}

static void months_follow_the_as_of_date(void **state) {
    (void)state;
    static const struct {
        int year, month, day;
        const char *first, *last;
    } cases[] = {{2026, 11, 20, "2026-05", "2026-11"},
                 {2026, 6, 1, "2025-12", "2026-06"},
                 {2028, 2, 29, "2027-08", "2028-02"},
                 {2026, 8, 31, "2026-02", "2026-08"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sg_world *world =
            open_world(10, 1, sg_day_from_civil(cases[i].year, cases[i].month, cases[i].day));
        assert_string_equal(world->month_text[0], cases[i].first);
        assert_string_equal(world->month_text[SB_MONTHS - 1], cases[i].last);
        assert_int_equal(sg_civil_from_day(world->month_day[0]).day, 1);
        assert_true(sb_month_start(world, SB_MONTHS - 1) <= world->as_of);
        sb_dataset.world_close(world);
    }
}

static void declarations_hold(void **state) {
    (void)state;
    static const uint64_t sizes[] = {1, 2, 3, 4, 7, 100, 331};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int32_t day = i % 2 ? sg_day_from_civil(2026, 6, 1) : some_day();
        struct sg_world *world = open_world(sizes[i], 40 + i, day);
        for (int table = 0; table < sb_dataset.table_count; table++)
            rows_check(&sb_dataset, world, table, world->as_of);
        sb_dataset.world_close(world);
    }
}

/* What no declared rule can say of the rows. */
static void products_of_rows_hold(void **state) {
    (void)state;
    struct sg_world *world = open_world(300, 5, some_day());
    struct rows snapshots = rows_of(&sb_dataset, world, SB_SUB_SNAPSHOTS);
    struct rows invoices = rows_of(&sb_dataset, world, SB_INVOICES);
    assert_int_equal(snapshots.count, 3 * 673);
    for (uint64_t i = 0; i < snapshots.count; i++)
        assert_int_equal(rows_values(&snapshots, "mrr_cents")[i],
                         rows_values(&snapshots, "price_amount")[i] * rows_values(&snapshots, "screens")[i]);
    for (uint64_t i = 0; i < invoices.count; i++)
        assert_int_equal(rows_values(&invoices, "amount_due")[i],
                         rows_values(&invoices, "unit_amount")[i] * rows_values(&invoices, "quantity")[i]);
    rows_free(&snapshots);
    rows_free(&invoices);
    sb_dataset.world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contract_numbers_hold),     cmocka_unit_test(other_sizes_scale),
        cmocka_unit_test(every_size_can_be_planned), cmocka_unit_test(lives_combine_events),
        cmocka_unit_test(nearer_plans_are_likelier), cmocka_unit_test(months_follow_the_as_of_date),
        cmocka_unit_test(declarations_hold),         cmocka_unit_test(customers_are_shuffled),
        cmocka_unit_test(products_of_rows_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
