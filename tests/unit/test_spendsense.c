/* spendsense: exact counts, every rule of the contract for demo and generated users, many sizes and dates.
 * labels: quick */
#include "rows.h"

#include <stdio.h>

#include "base/calendar.h"
#include "datasets/spendsense/spendsense.h"

struct setting {
    uint64_t users, seed;
    int32_t year, month, day;
};

static const struct setting settings[] = {
    {1, 42, 2026, 11, 20}, {2, 1, 2024, 2, 29},     {3, 42, 2026, 11, 20}, {3, 9, 2025, 3, 1},
    {4, 7, 2023, 12, 31},  {5, 3, 2026, 1, 1},      {11, 11, 2024, 3, 10}, {100, 42, 2026, 6, 30},
    {103, 5, 2027, 5, 31}, {1000, 8, 2026, 11, 20},
};

static struct sg_world *open_world(const struct setting *s) {
    struct sg_run run = {
        .seed = s->seed, .as_of_day = sg_day_from_civil(s->year, s->month, s->day), .units = s->users};
    struct sg_world *world = NULL;
    struct sg_error err = {0};
    if (ss_dataset.world_open(&run, &world, &err) != SG_OK) fail_msg("%s", err.text);
    return world;
}

static void each_setting(void (*check)(const struct sg_world *world)) {
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        struct sg_world *world = open_world(&settings[i]);
        check(world);
        ss_dataset.world_close(world);
    }
}

/* Calls a check for every user with the plan of transactions. */
typedef void user_check(const struct sg_world *world, const struct ss_user *user,
                        const struct ss_entry *entries);
static void each_user(user_check *check) {
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        struct sg_world *world = open_world(&settings[i]);
        for (uint64_t u = 0; u < world->users; u++) {
            struct ss_user user;
            struct ss_entry entries[SS_ENTRIES_MAX];
            ss_user_get(world, u, &user);
            assert_in_range(user.transactions, 100, SS_ENTRIES_MAX);
            ss_plan(world, &user, entries);
            check(world, &user, entries);
        }
        ss_dataset.world_close(world);
    }
}

static void check_declarations(const struct sg_world *world) {
    for (int table = 0; table < SS_TABLE_COUNT; table++)
        rows_check(&ss_dataset, world, table, world->as_of);
}
static void declarations_hold(void **state) {
    (void)state;
    each_setting(check_declarations);
}

static void check_counts(const struct sg_world *world) {
    static const uint64_t demo[] = {200, 380, 530}, means[SS_PERSONA_COUNT] = {200, 180, 150, 165};
    uint64_t expected = demo[world->users < 3 ? world->users - 1 : 2];
    for (int p = 0; p < SS_PERSONA_COUNT; p++)
        expected += means[p] * world->persona_users[p];
    assert_int_equal(ss_dataset.rows_before(world, SS_PROFILES, world->users), world->users);
    assert_int_equal(ss_dataset.rows_before(world, SS_ACCOUNTS, world->users), 3 * world->users);
    assert_int_equal(ss_dataset.rows_before(world, SS_TRANSACTIONS, world->users), expected);
    uint64_t personas[SS_PERSONA_COUNT] = {0};
    struct ss_user user;
    for (uint64_t u = SS_DEMO_USERS; u < world->users; u++) {
        ss_user_get(world, u, &user);
        personas[user.persona]++;
        assert_int_equal(user.transactions, ss_user_transactions(world, u));
    }
    assert_memory_equal(personas, world->persona_users, sizeof personas);
}
static void counts_are_exact(void **state) {
    (void)state;
    each_setting(check_counts);
}

/* The seed's figures, whatever seed, date and size. */
static void check_demo(const struct sg_world *world) {
    static const struct {
        const char *email;
        uint32_t transactions, services;
        int64_t balances[3], limit, interest, transfer;
        enum ss_account_type savings;
    } demo[] = {
        {"hannah@demo.com", 200, 4, {85000, 120000, 340000}, 500000, 8700, 0, SS_TYPE_SAVINGS},
        {"sam@demo.com", 180, 8, {240000, 500000, 80000}, 800000, 0, 0, SS_TYPE_SAVINGS},
        {"sarah@demo.com", 150, 0, {320000, 850000, 40000}, 300000, 0, 50000, SS_TYPE_HIGH_YIELD},
    };
    for (uint64_t u = 0; u < world->users && u < 3; u++) {
        struct ss_user user;
        char email[SS_EMAIL_BYTES + 1] = "";
        ss_user_get(world, u, &user);
        email[ss_user_email(world, u, email)] = '\0';
        assert_string_equal(email, demo[u].email);
        assert_int_equal(user.transactions, demo[u].transactions);
        assert_int_equal(user.service_count, demo[u].services);
        assert_memory_equal(user.balance, demo[u].balances, sizeof user.balance);
        assert_int_equal(user.card_limit, demo[u].limit);
        assert_int_equal(user.interest, demo[u].interest);
        assert_int_equal(user.transfer, demo[u].transfer);
        assert_int_equal(user.savings_type, demo[u].savings);
    }
}
static void demo_users_are_the_seeds(void **state) {
    (void)state;
    each_setting(check_demo);
}

static bool everyday(const struct ss_entry *entry) {
    return entry->category < SS_EVERYDAY_COUNT && !entry->service;
}

/* Ranges, accounts and quotas of everyday purchases. */
static void check_purchases(const struct sg_world *world, const struct ss_user *user,
                            const struct ss_entry *entries) {
    static const int64_t low[] = {500, 1500, 3000, 1000, 1000, 800},
                         high[] = {7500, 20000, 15000, 3000, 5000, 10000};
    static const uint32_t shares[] = {25, 20, 25, 15, 10, 5};
    uint64_t counts[SS_EVERYDAY_COUNT] = {0}, on_card[SS_EVERYDAY_COUNT] = {0}, expected[SS_EVERYDAY_COUNT];
    uint64_t total = 0;
    (void)world;
    for (uint32_t i = 0; i < user->transactions; i++) {
        const struct ss_entry *entry = &entries[i];
        assert_in_range(entry->day, 0, SS_HISTORY_DAYS - 1);
        assert_in_range(entry->second, 0, 86399);
        if (i)
            assert_true(entry->day > entries[i - 1].day ||
                        (entry->day == entries[i - 1].day && entry->second >= entries[i - 1].second));
        if (!everyday(entry)) continue;
        assert_in_range(-entry->amount, low[entry->category], high[entry->category]);
        assert_int_not_equal(entry->account, SS_SAVINGS);
        counts[entry->category]++;
        on_card[entry->category] += entry->account == SS_CARD;
        total++;
    }
    sg_quota(total, shares, SS_EVERYDAY_COUNT, expected);
    assert_memory_equal(counts, expected, sizeof counts);
    assert_int_equal(on_card[SS_DIGITAL], counts[SS_DIGITAL]);
    assert_int_equal(on_card[SS_SHOPPING], sg_muldiv_round(counts[SS_SHOPPING], 60, 100));
    assert_int_equal(on_card[SS_BILLS], sg_muldiv_round(counts[SS_BILLS], 60, 100));
    assert_int_equal(on_card[SS_FOOD] + on_card[SS_TRANSPORT] + on_card[SS_FUN], 0);
}
static void purchases_follow_the_weights(void **state) {
    (void)state;
    each_user(check_purchases);
}

/* Three rows, 30 days apart within three days, all alike. Gives how many matters there were. */
static uint32_t check_month(const struct ss_user *user, const struct ss_entry *entries,
                            const struct ss_entry *like) {
    const struct ss_entry *last = NULL;
    uint32_t seen = 0;
    for (uint32_t i = 0; i < user->transactions; i++) {
        const struct ss_entry *entry = &entries[i];
        if (entry->category != like->category || entry->service != like->service ||
            entry->account != like->account || entry->amount != like->amount)
            continue;
        if (!like->service && like->category < SS_EVERYDAY_COUNT) continue;
        if (last) assert_in_range(entry->day - last->day, 27, 33);
        last = entry;
        seen++;
    }
    assert_int_equal(seen, 3);
    return seen;
}

static void check_recurring(const struct sg_world *world, const struct ss_user *user,
                            const struct ss_entry *entries) {
    uint32_t rows = 0, found = 0;
    (void)world;
    for (uint32_t i = 0; i < user->service_count; i++) {
        struct ss_entry like = {.category = SS_DIGITAL,
                                .service = (uint8_t)(user->services[i] + 1),
                                .account = SS_CARD,
                                .amount = -ss_services[user->services[i]].price};
        rows += check_month(user, entries, &like);
    }
    struct ss_entry interest = {.category = SS_INTEREST, .account = SS_CARD, .amount = -user->interest};
    struct ss_entry out = {.category = SS_TRANSFER, .account = SS_CHECKING, .amount = -user->transfer};
    struct ss_entry in = {.category = SS_TRANSFER, .account = SS_SAVINGS, .amount = user->transfer};
    if (user->interest) rows += check_month(user, entries, &interest);
    if (user->transfer) rows += check_month(user, entries, &out) + check_month(user, entries, &in);
    for (uint32_t i = 0; i < user->transactions; i++)
        found += !everyday(&entries[i]);
    assert_int_equal(found, rows);
    assert_true((user->persona == SS_HIGH_UTILIZATION) == (user->interest > 0));
    assert_true((user->persona == SS_SAVINGS_BUILDER) == (user->transfer > 0));
    int64_t percent = user->balance[SS_CARD] * 100 / user->card_limit;
    if (user->persona == SS_HIGH_UTILIZATION)
        assert_in_range(percent, 50, 99);
    else
        assert_in_range(percent, 0, 29);
    if (user->persona == SS_SUBSCRIPTIONS) assert_in_range(user->service_count, 5, 8);
}
static void monthly_rows_come_monthly(void **state) {
    (void)state;
    each_user(check_recurring);
}

/* What a recurring-charge detector that knows only the rows finds: merchants with three or more debits within
 * a tenth of their mean. It must be the services and the interest, nothing else. */
struct merchant {
    char name[SS_MERCHANT_BYTES + 1];
    double amounts[SS_ENTRIES_MAX], sum;
    uint32_t count;
};
static struct merchant merchants[SS_ENTRIES_MAX];

static uint32_t group_by_merchant(const struct sg_world *world, const struct ss_user *user,
                                  const struct ss_entry *entries) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < user->transactions; i++) {
        if (entries[i].amount > 0) continue;
        char name[SS_MERCHANT_BYTES + 1];
        size_t length = ss_merchant(world, user, &entries[i], name);
        assert_in_range(length, 3, SS_MERCHANT_BYTES - 1);
        name[length] = '\0';
        uint32_t m = 0;
        while (m < count && strcmp(merchants[m].name, name) != 0)
            m++;
        if (m == count) {
            merchants[count] = (struct merchant){.count = 0};
            strcpy(merchants[count++].name, name);
        }
        merchants[m].amounts[merchants[m].count++] = -(double)entries[i].amount / 100;
        merchants[m].sum -= (double)entries[i].amount / 100;
    }
    return count;
}

static bool looks_recurring(const struct merchant *merchant) {
    double mean = merchant->sum / merchant->count;
    uint32_t near = 0;
    for (uint32_t i = 0; i < merchant->count; i++)
        near += merchant->amounts[i] >= mean * 0.9 && merchant->amounts[i] <= mean * 1.1;
    return near >= 3;
}

static void check_detector(const struct sg_world *world, const struct ss_user *user,
                           const struct ss_entry *entries) {
    uint32_t count = group_by_merchant(world, user, entries), found = 0, busiest = 0;
    for (uint32_t m = 0; m < count; m++) {
        if (merchants[m].count > busiest) busiest = merchants[m].count;
        if (!looks_recurring(&merchants[m])) continue;
        found++;
        bool meant = strcmp(merchants[m].name, "Card Interest Charge") == 0 && user->interest;
        for (uint32_t i = 0; i < user->service_count; i++)
            meant |= strcmp(merchants[m].name, ss_services[user->services[i]].name) == 0;
        if (!meant)
            fail_msg("user %llu: %s looks recurring", (unsigned long long)user->number + 1,
                     merchants[m].name);
    }
    assert_int_equal(found, user->service_count + (user->interest > 0));
    assert_true(busiest >= 5); /* favourites */
}
static void a_detector_finds_the_subscriptions_alone(void **state) {
    (void)state;
    each_user(check_detector);
}

/* Food and fun lie on weekends more often than two days of seven. */
static void weekends_are_for_food_and_fun(void **state) {
    (void)state;
    struct setting setting = {400, 12, 2026, 11, 20};
    struct sg_world *world = open_world(&setting);
    uint32_t all[SS_CATEGORY_COUNT] = {0}, weekend[SS_CATEGORY_COUNT] = {0};
    for (uint64_t u = 0; u < world->users; u++) {
        struct ss_user user;
        struct ss_entry entries[SS_ENTRIES_MAX];
        ss_user_get(world, u, &user);
        ss_plan(world, &user, entries);
        for (uint32_t i = 0; i < user.transactions; i++) {
            all[entries[i].category]++;
            weekend[entries[i].category] += sg_weekday(world->day_first + entries[i].day) >= 5;
        }
    }
    ss_dataset.world_close(world);
    assert_true(weekend[SS_FOOD] * 100 > all[SS_FOOD] * 36);
    assert_true(weekend[SS_FUN] * 100 > all[SS_FUN] * 36);
    assert_true(weekend[SS_BILLS] * 100 < all[SS_BILLS] * 32);
    assert_true(weekend[SS_TRANSPORT] * 100 < all[SS_TRANSPORT] * 25);
}

/* Rows of user 1 do not depend on how many users there are. */
static void demo_rows_are_the_same_at_any_size(void **state) {
    (void)state;
    struct setting small = {3, 42, 2026, 11, 20}, large = {500, 42, 2026, 11, 20};
    struct sg_world *a = open_world(&small), *b = open_world(&large);
    for (int t = 0; t < SS_TABLE_COUNT; t++) {
        struct rows x = rows_of(&ss_dataset, a, t), y = rows_of(&ss_dataset, b, t);
        for (int c = 0; c < x.table->column_count; c++)
            for (uint64_t i = 0; i < x.count; i++) {
                assert_int_equal(x.nulls[c][i], y.nulls[c][i]);
                if (x.table->columns[c].type == SG_TEXT && !x.nulls[c][i])
                    assert_string_equal(x.pool + x.cells[c][i], y.pool + y.cells[c][i]);
                else
                    assert_int_equal(x.cells[c][i], y.cells[c][i]);
            }
        rows_free(&x);
        rows_free(&y);
    }
    ss_dataset.world_close(a);
    ss_dataset.world_close(b);
}

/* Version 4, variant 1, ascending over the whole range of rows that the largest run has. */
static void keys_look_like_uuids_and_ascend(void **state) {
    (void)state;
    struct setting setting = {3, 4, 2026, 11, 20};
    struct sg_world *world = open_world(&setting);
    static const uint64_t rows[SS_TABLE_COUNT] = {10000000, 30000000, 2000000000};
    for (int t = 0; t < SS_TABLE_COUNT; t++) {
        struct sg_key128 last = {0, 0};
        for (uint64_t i = 0; i <= 2000; i++) {
            uint64_t row = i < 1000 ? i : rows[t] - 2000 + i;
            struct sg_key128 key = ss_uuid_of(world, (enum ss_table)t, row);
            assert_int_equal(key.high >> 12 & 15, 4);
            assert_int_equal(key.low >> 62, 2);
            assert_true(key.high > last.high);
            last = key;
        }
    }
    ss_dataset.world_close(world);
}

/* A run's external keys stand in every table where the user's key stands. */
static void external_keys_replace_the_users(void **state) {
    (void)state;
    static const struct sg_key128 keys[] = {{0xF000, 1}, {0x1000, 2}};
    struct sg_run run = {.seed = 42, .as_of_day = 20000, .units = 5, .keys = keys, .key_count = 2};
    struct sg_world *world = NULL;
    assert_int_equal(ss_dataset.world_open(&run, &world, NULL), SG_OK);
    struct rows profiles = rows_of(&ss_dataset, world, SS_PROFILES);
    struct rows accounts = rows_of(&ss_dataset, world, SS_ACCOUNTS);
    struct rows transactions = rows_of(&ss_dataset, world, SS_TRANSACTIONS);
    for (uint64_t u = 0; u < 5; u++) {
        uint64_t high = u < 2 ? keys[u].high : ss_uuid_of(world, SS_PROFILES, u).high;
        int64_t cell = (int64_t)(high ^ UINT64_C(1) << 63);
        assert_int_equal(rows_values(&profiles, "user_id")[u], cell);
        assert_int_equal(rows_values(&accounts, "user_id")[3 * u + 2], cell);
        uint64_t row = ss_dataset.rows_before(world, SS_TRANSACTIONS, u);
        assert_int_equal(rows_values(&transactions, "user_id")[row], cell);
    }
    rows_free(&profiles);
    rows_free(&accounts);
    rows_free(&transactions);
    ss_dataset.world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(declarations_hold),
        cmocka_unit_test(counts_are_exact),
        cmocka_unit_test(demo_users_are_the_seeds),
        cmocka_unit_test(purchases_follow_the_weights),
        cmocka_unit_test(monthly_rows_come_monthly),
        cmocka_unit_test(a_detector_finds_the_subscriptions_alone),
        cmocka_unit_test(weekends_are_for_food_and_fun),
        cmocka_unit_test(demo_rows_are_the_same_at_any_size),
        cmocka_unit_test(keys_look_like_uuids_and_ascend),
        cmocka_unit_test(external_keys_replace_the_users),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
