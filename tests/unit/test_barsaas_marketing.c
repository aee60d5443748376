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
    const int tables[] = {BS_CAMPAIGNS, BS_CAMPAIGN_PERFORMANCE, BS_MARKETING_QUALIFIED_LEADS,
                          BS_ATTRIBUTION_TOUCHPOINTS};
    declarations_hold(tables, 4, 10000);
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

static bool campaign_fits(const struct rows *campaigns, int64_t campaign, int64_t channel, int64_t at) {
    uint64_t c = rows_find(campaigns, "id", campaign, "touch");
    int64_t platform = rows_values(campaigns, "platform")[c], day = at / 86400;
    bool fits = channel == BS_EMAIL         ? platform == BS_ITERABLE
                : channel == BS_PAID_SEARCH ? platform == BS_GOOGLE
                                            : platform == BS_META || platform == BS_LINKEDIN;
    return fits && rows_values(campaigns, "start_date")[c] <= day &&
           day <= rows_values(campaigns, "end_date")[c];
}

/* Positions count up, instants ascend, paid channels and only they name a campaign that ran on the day. */
static void journeys_are_in_order(void **state) {
    (void)state;
    for (size_t i = 0; i < SIZES; i++) {
        struct sg_world *world = open_world(&sizes[i]);
        struct rows rows = rows_of(&bs_dataset, world, BS_ATTRIBUTION_TOUCHPOINTS);
        struct rows campaigns = rows_of(&bs_dataset, world, BS_CAMPAIGNS);
        const int64_t *lead = rows_values(&rows, "mql_id"),
                      *position = rows_values(&rows, "position_in_journey");
        const int64_t *at = rows_values(&rows, "timestamp"), *channel = rows_values(&rows, "channel");
        const int64_t *campaign = rows_values(&rows, "campaign_id");
        for (uint64_t r = 0; r < rows.count; r++) {
            bool same = r > 0 && lead[r] == lead[r - 1];
            assert_int_equal(position[r], same ? position[r - 1] + 1 : 1);
            assert_true(!same || at[r - 1] <= at[r]);
            bool paid =
                channel[r] == BS_PAID_SEARCH || channel[r] == BS_PAID_SOCIAL || channel[r] == BS_EMAIL;
            assert_int_equal(rows_nulls(&rows, "campaign_id")[r], !paid);
            assert_true(!paid || campaign_fits(&campaigns, campaign[r], channel[r], at[r]));
        }
        rows_free(&campaigns);
        rows_free(&rows);
        bs_dataset.world_close(world);
    }
}

/* Median journey near 30 days; long and short ones exist; every channel carries a real share. */
static void journeys_have_their_shape(void **state) {
    (void)state;
    struct sg_world *world = open_world(&(struct size){10000, 42, 20400});
    struct rows leads = rows_of(&bs_dataset, world, BS_MARKETING_QUALIFIED_LEADS);
    int64_t *days = rows_values(&leads, "days_to_mql"), *touches = rows_values(&leads, "touchpoint_count");
    qsort(days, leads.count, sizeof *days, rows_compare_i64);
    assert_in_range(days[leads.count / 2], 25, 34);
    assert_in_range(days[leads.count * 9 / 10], 55, 90);
    qsort(touches, leads.count, sizeof *touches, rows_compare_i64);
    assert_true(touches[leads.count / 2] < 30 && touches[leads.count - 1] > 300);
    struct rows rows = rows_of(&bs_dataset, world, BS_ATTRIBUTION_TOUCHPOINTS);
    assert_int_equal(rows.count, 750000);
    uint64_t by_channel[BS_CHANNEL_COUNT] = {0};
    for (uint64_t r = 0; r < rows.count; r++)
        by_channel[rows_values(&rows, "channel")[r]]++;
    for (int c = 0; c < BS_CHANNEL_COUNT; c++)
        assert_in_range(by_channel[c], rows.count / 20, rows.count / 3);
    rows_free(&rows);
    rows_free(&leads);
    bs_dataset.world_close(world);
}

/* Correlation of x and y over n months. */
static double correlation(const double *x, const double *y, int n) {
    double sx = 0, sy = 0, xx = 0, yy = 0, xy = 0;
    for (int i = 0; i < n; i++) {
        sx += x[i];
        sy += y[i];
        xx += x[i] * x[i];
        yy += y[i] * y[i];
        xy += x[i] * y[i];
    }
    double cov = xy - sx * sy / n, vx = xx - sx * sx / n, vy = yy - sy * sy / n;
    return cov > 0 ? cov * cov / (vx * vy) : -cov * cov / (vx * vy); /* signed square */
}

static void spend_moves_new_accounts(void **state) {
    (void)state;
    enum { MONTHS = 60 };
    struct sg_world *world = open_world(&(struct size){10000, 42, 20400});
    struct rows days = rows_of(&bs_dataset, world, BS_CAMPAIGN_PERFORMANCE);
    struct rows accounts = rows_of(&bs_dataset, world, BS_ACCOUNTS);
    double spend[MONTHS] = {0}, created[MONTHS] = {0};
    int32_t first = 20400 - BS_HISTORY_DAYS;
    for (uint64_t r = 0; r < days.count; r++)
        spend[(rows_values(&days, "date")[r] - first) * MONTHS / BS_HISTORY_DAYS] +=
            (double)rows_values(&days, "spend")[r];
    for (uint64_t r = 0; r < accounts.count; r++) {
        int64_t month = (rows_values(&accounts, "created_at")[r] / 86400 - first) * MONTHS / BS_HISTORY_DAYS;
        created[month < 0 ? 0 : month]++;
    }
    double square = correlation(spend, created, MONTHS);
    if (square < 0.2) fail_msg("spend and new accounts: signed r2 %.3f", square);
    rows_free(&accounts);
    rows_free(&days);
    bs_dataset.world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(campaigns_hold_their_declarations),
        cmocka_unit_test(platform_quotas_are_exact),
        cmocka_unit_test(campaigns_look_like_their_platform),
        cmocka_unit_test(rates_fit_the_channel),
        cmocka_unit_test(calendar_knows_who_ran),
        cmocka_unit_test(journeys_are_in_order),
        cmocka_unit_test(journeys_have_their_shape),
        cmocka_unit_test(spend_moves_new_accounts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
