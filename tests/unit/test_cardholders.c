/* cardholders: quotas, every rule of the contract, and people found again by what they do.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "datasets/cardholders/cardholders.h"
#include "reference/reference.h"
#include "rows.h"

static struct sg_world *open_world(uint64_t customers, uint64_t seed, int32_t as_of_day) {
    struct sg_run run = {.seed = seed, .as_of_day = as_of_day, .units = customers};
    struct sg_world *world = NULL;
    struct sg_error err = {0};
    if (ch_dataset.world_open(&run, &world, &err) != SG_OK)
        fail_msg("%llu customers: %s", (unsigned long long)customers, err.text);
    return world;
}

static int32_t day(int32_t year, int32_t month, int32_t d) {
    return sg_day_from_civil(year, month, d);
}

/* Runs that the checks below walk over: small and odd sizes, seeds, ends of months, a leap day. */
static const struct {
    uint64_t customers, seed;
    int32_t year, month, day;
} runs[] = {{1, 42, 2026, 6, 30},
            {2, 1, 2024, 2, 29},
            {3, 7, 2025, 8, 31},
            {7, 0, 2026, 3, 31},
            {10, 9, 2026, 1, 1},
            {19, 11, 2025, 12, 31},
            {100, UINT64_MAX, 2027, 5, 29},
            {700, 42, 2026, 11, 20}};
enum { RUNS = sizeof runs / sizeof *runs };

static struct sg_world *open_run(int r) {
    return open_world(runs[r].customers, runs[r].seed, day(runs[r].year, runs[r].month, runs[r].day));
}

static void declarations_hold_at_every_size(void **state) {
    (void)state;
    for (int r = 0; r < RUNS; r++) {
        struct sg_world *world = open_run(r);
        for (int table = 0; table < CH_TABLE_COUNT; table++)
            rows_check(&ch_dataset, world, table, sg_as_of(&world->run));
        assert_int_equal(ch_dataset.rows_before(world, CH_TRANSACTIONS, runs[r].customers),
                         runs[r].customers * 270);
        ch_dataset.world_close(world);
    }
}

static void quotas_are_exact(void **state) {
    (void)state;
    static const uint64_t sizes[] = {1, 9, 10, 21, 999, 50000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t n = sizes[i], segments[CH_SEGMENT_COUNT] = {0}, gradual = 0, premium = 0;
        struct sg_world *world = open_world(n, 42 + i, day(2026, 6, 30));
        for (uint64_t number = 0; number < n; number++) {
            struct ch_customer customer;
            ch_customer_get(world, number, &customer);
            segments[customer.segment]++;
            gradual += customer.decline == CH_GRADUAL;
            premium += customer.premium;
            assert_int_equal(customer.decline != CH_NO_DECLINE, customer.segment == CH_DECLINING);
            assert_true(!customer.premium || customer.segment == CH_TRAVELER);
        }
        assert_int_equal(segments[CH_TRAVELER], n * 15 / 100);
        assert_int_equal(segments[CH_STABLE], n * 40 / 100);
        assert_int_equal(segments[CH_BUDGET], n * 25 / 100);
        assert_int_equal(segments[CH_DECLINING], n * 10 / 100);
        assert_int_equal(segments[CH_NEW], n - n * 15 / 100 - n * 40 / 100 - n * 25 / 100 - n * 10 / 100);
        assert_true(llabs((int64_t)(gradual * 10) - (int64_t)(segments[CH_DECLINING] * 7)) <= 5);
        assert_true(llabs((int64_t)(premium * 10) - (int64_t)(segments[CH_TRAVELER] * 3)) <= 5);
        ch_dataset.world_close(world);
    }
}

static bool city_of_state(const char *city, const char *code) {
    for (uint32_t c = 0; c < sg_city_count; c++)
        if (strcmp(sg_cities[c].state, code) == 0 && strcmp(sg_cities[c].name, city) == 0) return true;
    return false;
}

static void check_email(const char *email, const char *first, const char *last) {
    char wanted[128];
    snprintf(wanted, sizeof wanted, "%s.%s@", first, last);
    for (char *c = wanted; *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    assert_memory_equal(email, wanted, strlen(wanted));
    assert_non_null(strchr(email + strlen(wanted), '.'));
}

static void customers_are_plausible(void **state) {
    (void)state;
    struct sg_world *world = open_world(2000, 5, day(2026, 8, 31));
    struct rows rows = rows_of(&ch_dataset, world, CH_CUSTOMERS);
    const int64_t *age = rows_values(&rows, "age"), *limit = rows_values(&rows, "credit_limit"),
                  *employment = rows_values(&rows, "employment_status"),
                  *open_day = rows_values(&rows, "account_open_date"),
                  *segment = rows_values(&rows, "customer_segment");
    int64_t sum = 0, by_segment[CH_SEGMENT_COUNT] = {0};
    for (uint64_t i = 0; i < rows.count; i++) {
        sum += limit[i];
        by_segment[segment[i]] += limit[i];
        assert_int_equal(limit[i] % 1000, 0);
        assert_true(employment[i] != CH_RETIRED || age[i] >= 55);
        assert_true(employment[i] != CH_STUDENT || age[i] < 45);
        check_email(rows_text(&rows, "email", i), rows_text(&rows, "first_name", i),
                    rows_text(&rows, "last_name", i));
        assert_true(city_of_state(rows_text(&rows, "city", i),
                                  ch_state_labels.labels[rows_values(&rows, "state")[i]]));
        if (segment[i] == CH_NEW)
            assert_in_range(open_day[i], day(2026, 3, 1), day(2026, 8, 30));
        else
            assert_in_range(open_day[i], day(2021, 8, 31), day(2024, 8, 31));
    }
    assert_in_range(sum / (int64_t)rows.count, 26500, 28500);
    assert_true(by_segment[CH_TRAVELER] / 300 > by_segment[CH_STABLE] / 800 + 5000);
    assert_true(by_segment[CH_STABLE] / 800 > by_segment[CH_BUDGET] / 500 + 3000);
    rows_free(&rows);
    ch_dataset.world_close(world);
}

static void states_follow_their_residents(void **state) {
    (void)state;
    struct sg_world *world = open_world(50000, 42, day(2026, 6, 30));
    struct rows rows = rows_of(&ch_dataset, world, CH_CUSTOMERS);
    uint64_t counts[CH_STATE_COUNT] = {0};
    double chi = 0;
    for (uint64_t i = 0; i < rows.count; i++)
        counts[rows_values(&rows, "state")[i]]++;
    const uint32_t *until = world->places.state_until;
    for (int s = 0; s < CH_STATE_COUNT; s++) {
        double expected = 50000.0 * (until[s] - (s ? until[s - 1] : 0)) / until[CH_STATE_COUNT - 1];
        chi += (counts[s] - expected) * (counts[s] - expected) / expected;
    }
    assert_true(chi < 86.7); /* 50 degrees of freedom, one in a thousand */
    const char **emails = calloc(rows.count, sizeof *emails);
    uint64_t twice = 0;
    for (uint64_t i = 0; i < rows.count; i++)
        emails[i] = rows_text(&rows, "email", i);
    qsort(emails, rows.count, sizeof *emails, rows_compare_texts);
    for (uint64_t i = 1; i < rows.count; i++)
        twice += strcmp(emails[i], emails[i - 1]) == 0;
    assert_in_range(twice, rows.count / 100, rows.count / 10);
    free(emails);
    rows_free(&rows);
    ch_dataset.world_close(world);
}

/* What one customer did, from the transactions alone. */
struct behaviour {
    int64_t first, last;      /* seconds */
    int64_t spent[CH_MONTHS]; /* approved cents by account month */
    int64_t recent, earlier;  /* approved cents of the last 90 days, of the 90 before */
    int64_t count, total;     /* approved */
    int64_t category[CH_CATEGORY_COUNT];
    uint64_t declined;
};

/* The account month of a day: anniversaries of the opening for new accounts, else of as_of. */
static int account_month(const struct sg_world *world, const struct ch_customer *customer, int32_t d) {
    int k = 0;
    if (customer->segment == CH_NEW)
        while (d >= sg_add_months(customer->open_day, k + 1))
            k++;
    else
        while (k + 1 < CH_MONTHS && d >= sg_add_months(world->run.as_of_day, k + 1 - CH_MONTHS))
            k++;
    return k;
}

static void observe(const struct sg_world *world, const struct ch_customer *customer,
                    struct behaviour *behaviour, int64_t at, int64_t cents, int64_t category,
                    int64_t status) {
    if (!behaviour->first) behaviour->first = at;
    if (at < behaviour->last)
        fail_msg("customer %llu goes back in time", (unsigned long long)customer->number);
    behaviour->last = at;
    assert_true(at >= (int64_t)customer->open_day * SG_DAY_S);
    assert_true(at >= (int64_t)sg_add_months(world->run.as_of_day, -CH_MONTHS) * SG_DAY_S);
    assert_true(at < sg_as_of(&world->run));
    assert_true(cents > 0);
    behaviour->category[category]++;
    behaviour->declined += status != 0;
    if (status) return;
    int64_t age = sg_as_of(&world->run) - at;
    behaviour->spent[account_month(world, customer, sg_day_of(at))] += cents;
    behaviour->recent += age <= 90 * SG_DAY_S ? cents : 0;
    behaviour->earlier += age > 90 * SG_DAY_S && age <= 180 * SG_DAY_S ? cents : 0;
    behaviour->count++;
    behaviour->total += cents;
}

static struct behaviour *behaviours_of(const struct sg_world *world, const struct rows *rows) {
    struct behaviour *behaviours = calloc(world->customers, sizeof *behaviours);
    const int64_t *id = rows_values(rows, "customer_id"), *at = rows_values(rows, "transaction_date"),
                  *cents = rows_values(rows, "transaction_amount"),
                  *category = rows_values(rows, "merchant_category"),
                  *merchant = rows_values(rows, "merchant_name"), *status = rows_values(rows, "status");
    struct ch_customer customer = {.number = UINT64_MAX};
    for (uint64_t i = 0; i < rows->count; i++) {
        assert_true(i == 0 || id[i] >= id[i - 1]);
        if ((uint64_t)id[i] - 1 != customer.number) ch_customer_get(world, (uint64_t)id[i] - 1, &customer);
        assert_int_equal(merchant[i] / CH_MERCHANTS_EACH, category[i]);
        observe(world, &customer, &behaviours[id[i] - 1], at[i], cents[i], category[i], status[i]);
    }
    return behaviours;
}

/* Spend per 30 days of an account month, -1 when the month is not full. */
static int64_t rate(const struct sg_world *world, const struct ch_customer *customer,
                    const struct behaviour *b, int k) {
    bool fresh = customer->segment == CH_NEW;
    int32_t base = fresh ? customer->open_day : world->run.as_of_day, shift = fresh ? k : k - CH_MONTHS;
    int32_t first = sg_add_months(base, shift), end = sg_add_months(base, shift + 1);
    return end > world->run.as_of_day ? -1 : b->spent[k] * 30 / (end - first);
}

static void check_range(const struct sg_world *world, const struct ch_customer *customer,
                        const struct behaviour *b) {
    const struct ch_segment_info *info = &ch_segments[customer->segment];
    int months = customer->segment == CH_DECLINING ? 12 : CH_MONTHS;
    for (int k = 0; k < months; k++) {
        int64_t cents = rate(world, customer, b, k);
        if (cents < 0) break;
        if (cents < info->spend_low || cents > info->spend_high)
            fail_msg("customer %llu spends %lld cents in account month %d",
                     (unsigned long long)customer->number, (long long)cents, k);
    }
}

static void check_decline(const struct sg_world *world, const struct ch_customer *customer,
                          const struct behaviour *b) {
    int64_t first = 0, last = 0, base = 0;
    for (int k = 0; k < 12; k++)
        base += rate(world, customer, b, k);
    for (int k = 0; k < 3; k++) {
        first += rate(world, customer, b, k);
        last += rate(world, customer, b, CH_MONTHS - 3 + k);
    }
    assert_true(last * 100 <= first * 80);
    for (int k = 12; k < CH_MONTHS; k++) {
        int64_t percent = rate(world, customer, b, k) * 1200 / base;
        int64_t wanted = customer->decline == CH_GRADUAL ? 90 - 10 * (k - 12) : k < 16 ? 100 : 40;
        assert_in_range(percent, wanted - 6, wanted + 6);
    }
}

static void check_growth(const struct sg_world *world, const struct ch_customer *customer,
                         const struct behaviour *b, double *ratio, int *ratios) {
    for (int k = 1; k < 6 && rate(world, customer, b, k) > 0; k++, (*ratios)++)
        *ratio += (double)rate(world, customer, b, k) / (double)rate(world, customer, b, k - 1);
}

static void spending_keeps_to_the_segment(void **state) {
    (void)state;
    for (int r = 0; r < RUNS; r++) {
        struct sg_world *world = open_run(r);
        struct rows rows = rows_of(&ch_dataset, world, CH_TRANSACTIONS);
        struct behaviour *behaviours = behaviours_of(world, &rows);
        double ratio = 0;
        int ratios = 0;
        for (uint64_t i = 0; i < world->customers; i++) {
            struct ch_customer customer;
            ch_customer_get(world, i, &customer);
            check_range(world, &customer, &behaviours[i]);
            if (customer.segment == CH_DECLINING) check_decline(world, &customer, &behaviours[i]);
            if (customer.segment == CH_NEW) check_growth(world, &customer, &behaviours[i], &ratio, &ratios);
        }
        if (ratios > 100) assert_in_range((int64_t)(1000 * ratio / ratios), 1040, 1060);
        free(behaviours);
        rows_free(&rows);
        ch_dataset.world_close(world);
    }
}

/* The rules of the contract: tenure, the last 90 days against the 90 before, shares of categories. */
static int classify(const struct sg_world *world, const struct behaviour *b) {
    int64_t all = 0;
    for (int c = 0; c < CH_CATEGORY_COUNT; c++)
        all += b->category[c];
    const int64_t *n = b->category;
    if (sg_as_of(&world->run) - b->first <= 184 * SG_DAY_S) return CH_NEW;
    if (b->recent * 100 < b->earlier * 80) return CH_DECLINING;
    if ((n[CH_TRAVEL] + n[CH_HOTELS] + n[CH_AIRLINES]) * 2 > all) return CH_TRAVELER;
    if ((n[CH_GROCERY] + n[CH_GAS] + n[CH_UTILITIES]) * 5 > all * 4) return CH_BUDGET;
    return CH_STABLE;
}

static void everyone_is_found_again(void **state) {
    (void)state;
    struct sg_world *world = open_world(3000, 42, day(2026, 6, 30));
    struct rows rows = rows_of(&ch_dataset, world, CH_TRANSACTIONS);
    struct behaviour *behaviours = behaviours_of(world, &rows);
    uint64_t right = 0, declined = 0;
    int64_t spent[CH_SEGMENT_COUNT] = {0}, tickets[CH_SEGMENT_COUNT] = {0}, travel = 0, traveller = 0;
    for (uint64_t i = 0; i < world->customers; i++) {
        struct ch_customer customer;
        ch_customer_get(world, i, &customer);
        right += classify(world, &behaviours[i]) == customer.segment;
        declined += behaviours[i].declined;
        spent[customer.segment] += behaviours[i].total;
        tickets[customer.segment] += behaviours[i].count;
        for (int c = 0; c < CH_CATEGORY_COUNT; c++) {
            assert_true(behaviours[i].category[c] == 0 || ch_segments[customer.segment].mix[c]);
            if (customer.segment != CH_TRAVELER) continue;
            traveller += behaviours[i].category[c];
            travel += c == CH_TRAVEL ? behaviours[i].category[c] : 0;
        }
    }
    assert_true(right * 100 >= world->customers * 98);
    assert_in_range(declined * 10000 / rows.count, 285, 315);
    assert_true(travel * 100 > traveller * 38);
    assert_true(spent[CH_TRAVELER] / tickets[CH_TRAVELER] >= 3 * (spent[CH_BUDGET] / tickets[CH_BUDGET]));
    free(behaviours);
    rows_free(&rows);
    ch_dataset.world_close(world);
}

static void big_worlds_plan_exactly(void **state) {
    (void)state;
    struct sg_world *world = open_world(300000, 42, day(2026, 6, 30));
    uint64_t before = 0;
    assert_int_equal(ch_dataset.rows_before(world, CH_TRANSACTIONS, 300000), 81000000);
    for (uint64_t unit = 299000; unit <= 300000; unit++) {
        uint64_t rows = ch_dataset.rows_before(world, CH_TRANSACTIONS, unit);
        assert_true(unit == 299000 || rows - before < 1000);
        before = rows;
    }
    ch_dataset.world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(declarations_hold_at_every_size), cmocka_unit_test(quotas_are_exact),
        cmocka_unit_test(customers_are_plausible),         cmocka_unit_test(states_follow_their_residents),
        cmocka_unit_test(spending_keeps_to_the_segment),   cmocka_unit_test(everyone_is_found_again),
        cmocka_unit_test(big_worlds_plan_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
