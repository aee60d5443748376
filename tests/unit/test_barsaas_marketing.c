/* Campaigns, their daily results, leads and their journeys: counts, sums, order, references at many sizes.
 * labels: quick */
#include "rows.h"

#include "datasets/barsaas/marketing.h"
#include "datasets/barsaas/tables.h"

struct size {
    uint64_t accounts, seed;
    int32_t as_of_day;
};

static const struct size sizes[] = {{1, 42, 20000}, {2, 42, 20000},   {3, 7, 20000},    {5, 1, 19999},
                                    {17, 3, 20100}, {100, 42, 20400}, {1000, 5, 20400}, {10000, 42, 20400}};
enum { SIZES = sizeof sizes / sizeof *sizes };

static struct sg_world *open_world(const struct size *size) {
    struct sg_run run = {.seed = size->seed, .as_of_day = size->as_of_day, .units = size->accounts};
    struct sg_world *world;
    struct sg_error err = {0};
    if (bs_dataset.world_open(&run, &world, &err) != SG_OK) fail_msg("%s", err.text);
    return world;
}

static void declarations_hold(const int *tables, size_t count, uint64_t accounts_max) {
    for (size_t i = 0; i < SIZES && sizes[i].accounts <= accounts_max; i++) {
        struct sg_world *world = open_world(&sizes[i]);
        for (size_t t = 0; t < count; t++)
            rows_check(&bs_dataset, world, tables[t], world->as_of);
        bs_dataset.world_close(world);
    }
}

static void campaigns_hold_their_declarations(void **state) {
    (void)state;
    const int tables[] = {BS_CAMPAIGNS, BS_CAMPAIGN_PERFORMANCE};
    declarations_hold(tables, 2, 10000);
}

static void platform_quotas_are_exact(void **state) {
    (void)state;
    const struct {
        uint64_t accounts, counts[BS_PLATFORM_COUNT];
    } expect[] = {{100, {2, 5, 10, 8}}, {10000, {125, 250, 500, 375}}};
    for (int i = 0; i < 2; i++) {
        struct sg_world *world = open_world(&(struct size){expect[i].accounts, 42, 20400});
        struct rows rows = rows_of(&bs_dataset, world, BS_CAMPAIGNS);
        uint64_t counts[BS_PLATFORM_COUNT] = {0};
        for (uint64_t r = 0; r < rows.count; r++)
            counts[rows_values(&rows, "platform")[r]]++;
        assert_memory_equal(counts, expect[i].counts, sizeof counts);
        rows_free(&rows);
        bs_dataset.world_close(world);
    }
}

/* Ids carry the platform's digits; running campaigns, and no others, end after as-of and are switched on. */
static void campaigns_look_like_their_platform(void **state) {
    (void)state;
    const int64_t first[] = {1000000, 100000000, 10000000000, 10000000000000000};
    struct sg_world *world = open_world(&(struct size){1000, 42, 20400});
    struct rows rows = rows_of(&bs_dataset, world, BS_CAMPAIGNS);
    uint64_t running = 0;
    for (uint64_t r = 0; r < rows.count; r++) {
        int64_t platform = rows_values(&rows, "platform")[r], id = rows_values(&rows, "id")[r];
        assert_true(id >= first[platform] && id < first[platform] * 10);
        const char *status =
            rows.table->columns[rows_column(&rows, "status")].labels->labels[rows_values(&rows, "status")[r]];
        bool on = rows_values(&rows, "end_date")[r] >= 20400;
        running += on;
        assert_int_equal(on, strcmp(status, platform == BS_GOOGLE ? "ENABLED" : "ACTIVE") == 0);
    }
    assert_in_range(running, rows.count / 8, rows.count / 3);
    rows_free(&rows);
    bs_dataset.world_close(world);
}

/* Click rate and price of a click lie where each channel's usually do. */
static void rates_fit_the_channel(void **state) {
    (void)state;
    const double rate[][2] = {{.01, .08}, {.003, .02}, {.008, .06}, {.006, .02}};
    const double price[][2] = {{.02, .2}, {3, 12}, {.8, 5}, {.5, 2.5}};
    struct sg_world *world = open_world(&(struct size){10000, 42, 20400});
    struct rows rows = rows_of(&bs_dataset, world, BS_CAMPAIGNS);
    double shown[BS_PLATFORM_COUNT] = {0}, clicked[BS_PLATFORM_COUNT] = {0}, cost[BS_PLATFORM_COUNT] = {0};
    for (uint64_t r = 0; r < rows.count; r++) {
        int64_t platform = rows_values(&rows, "platform")[r];
        shown[platform] += (double)rows_values(&rows, "impressions")[r];
        clicked[platform] += (double)rows_values(&rows, "clicks")[r];
        cost[platform] += (double)rows_values(&rows, "cost")[r] / 100;
    }
    for (int p = 0; p < BS_PLATFORM_COUNT; p++) {
        assert_true(clicked[p] / shown[p] > rate[p][0] && clicked[p] / shown[p] < rate[p][1]);
        assert_true(cost[p] / clicked[p] > price[p][0] && cost[p] / clicked[p] < price[p][1]);
    }
    rows_free(&rows);
    bs_dataset.world_close(world);
}

static void calendar_knows_who_ran(void **state) {
    (void)state;
    struct sg_world *world = open_world(&(struct size){1000, 42, 20400});
    uint64_t found = 0;
    for (int p = 0; p < BS_PLATFORM_COUNT; p++)
        for (int32_t day = 20400 - BS_HISTORY_DAYS; day < 20400; day += 3)
            for (uint32_t word = 0; word < 4; word++) {
                uint64_t number;
                struct bs_campaign c;
                if (!bs_campaign_on(world, (enum bs_platform)p, day, word << 30, &number)) continue;
                bs_campaign_get(world, number, &c);
                assert_int_equal(c.platform, p);
                assert_true(c.start_day <= day && day <= c.end_day && day < c.start_day + c.days);
                found++;
            }
    assert_true(found > 8000);
    uint64_t none;
    assert_false(bs_campaign_on(world, BS_GOOGLE, 20400, 0, &none));
    bs_dataset.world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(campaigns_hold_their_declarations),
        cmocka_unit_test(platform_quotas_are_exact),
        cmocka_unit_test(campaigns_look_like_their_platform),
        cmocka_unit_test(rates_fit_the_channel),
        cmocka_unit_test(calendar_knows_who_ran),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
