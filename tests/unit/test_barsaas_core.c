/* barsaas core: exact counts and quotas, churn, trials, subscriptions, money, time order, names, at many
 * sizes. labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "datasets/barsaas/core.h"
#include "datasets/barsaas/tables.h"

struct setting {
    uint64_t accounts, seed;
    int32_t year, month, day;
};

static const struct setting settings[] = {
    {1, 42, 2026, 11, 20},   {2, 42, 2026, 11, 20}, {3, 1, 2024, 2, 29},     {7, 2, 2025, 3, 1},
    {50, 3, 2026, 1, 31},    {99, 4, 2023, 12, 31}, {100, 42, 2026, 11, 20}, {100, 7, 2024, 2, 29},
    {100, 8, 2027, 8, 15},   {101, 5, 2025, 2, 28}, {999, 6, 2026, 6, 1},    {10000, 42, 2026, 11, 20},
    {10000, 9, 2024, 2, 29},
};

static struct sg_world *open_world(const struct setting *s) {
    struct sg_run run = {
        .seed = s->seed, .as_of_day = sg_day_from_civil(s->year, s->month, s->day), .units = s->accounts};
    struct sg_world *world = NULL;
    struct sg_error err = {0};
    assert_int_equal(bs_dataset.world_open(&run, &world, &err), SG_OK);
    return world;
}

enum { SETTINGS = sizeof settings / sizeof *settings };
static struct sg_world *worlds[SETTINGS];

static int open_worlds(void **state) {
    (void)state;
    for (size_t i = 0; i < SETTINGS; i++)
        worlds[i] = open_world(&settings[i]);
    return 0;
}

static int close_worlds(void **state) {
    (void)state;
    for (size_t i = 0; i < SETTINGS; i++)
        bs_dataset.world_close(worlds[i]);
    return 0;
}

static void each_setting(void (*check)(const struct sg_world *world)) {
    for (size_t i = 0; i < SETTINGS; i++)
        check(worlds[i]);
}

static void expect_quota(const uint64_t *counts, const uint32_t *shares, size_t classes, uint64_t total) {
    uint64_t expect[8];
    sg_quota(total, shares, classes, expect);
    assert_memory_equal(counts, expect, classes * sizeof *expect);
}

/* Industries, tiers, growth, and that the prefix sums agree with the accounts. */
static void check_accounts(const struct sg_world *world) {
    uint64_t tiers[3] = {0}, industries[4] = {0}, subs = 0, locations = 0, users = 0, devices = 0;
    int64_t newest = 0;
    for (uint64_t i = 0; i < world->accounts; i++) {
        struct bs_account a;
        bs_account_get(world, i, &a);
        tiers[a.tier]++;
        industries[a.industry]++;
        assert_int_equal(a.number, i);
        assert_int_equal(a.sub_first, subs);
        assert_int_equal(a.location_first, locations);
        assert_int_equal(a.user_first, users);
        assert_int_equal(a.device_first, devices);
        subs += a.sub_count;
        locations += a.location_count;
        users += a.user_count;
        devices += a.device_count;
        assert_true(a.created >= newest && a.created >= world->core->anniversary[0]);
        assert_true(a.end > a.created && a.end <= world->as_of);
        assert_true(a.lost == (a.end < world->as_of) && (a.lost || !a.failed_trial));
        assert_in_range(a.employees, 5, 500);
        assert_in_range(a.engagement_q16, 0, 65535);
        assert_in_range(a.size_q16, 0, 65535);
        assert_int_equal(a.industry, bs_company_industry(world, i));
        newest = a.created;
    }
    static const uint32_t tier_shares[3] = {50, 35, 15}, industry_shares[4] = {40, 30, 20, 10};
    expect_quota(tiers, tier_shares, 3, world->accounts);
    expect_quota(industries, industry_shares, 4, world->accounts);
    assert_int_equal(subs, world->sizes.rows[BS_SUBSCRIPTIONS]);
    assert_int_equal(locations, world->sizes.rows[BS_LOCATIONS]);
    assert_int_equal(users, world->sizes.rows[BS_USERS]);
    assert_int_equal(devices, world->sizes.rows[BS_DEVICES]);
}

static void accounts_are_exact(void **state) {
    (void)state;
    each_setting(check_accounts);
}

static void check_growth(const struct sg_world *world) {
    for (int k = 1; k <= BS_COHORTS; k++) {
        uint64_t count = 0, power = 1, target = world->accounts;
        for (uint64_t i = 0; i < world->accounts; i++) {
            struct bs_account a;
            bs_account_get(world, i, &a);
            count += a.created < world->core->anniversary[k];
        }
        for (int y = k; y < BS_COHORTS; y++) {
            target *= 5;
            power *= 7;
        }
        assert_true(count * power <= target + power && count * power + power >= target);
    }
}

static void accounts_grow_by_forty_percent(void **state) {
    (void)state;
    each_setting(check_growth);
}

static bool paying_at(const struct bs_account *a, int64_t instant) {
    for (unsigned s = 0; s < a->sub_count; s++)
        if (a->subs[s].start <= instant && instant < a->subs[s].end)
            return !a->subs[s].trial && a->subs[s].status != BS_SUB_PENDING;
    return false;
}

static void check_churn(const struct sg_world *world) {
    const int64_t *anniversary = world->core->anniversary;
    for (int y = 1; y < BS_COHORTS; y++) {
        uint64_t start = 0, lost = 0, lost_of_start = 0;
        for (uint64_t i = 0; i < world->accounts; i++) {
            struct bs_account a;
            bs_account_get(world, i, &a);
            bool in_year = a.lost && !a.failed_trial && a.end > anniversary[y] && a.end <= anniversary[y + 1];
            start += paying_at(&a, anniversary[y]);
            lost += in_year;
            lost_of_start += in_year && paying_at(&a, anniversary[y]);
        }
        assert_int_equal(lost, lost_of_start);
        assert_int_equal(lost, (start + 5) / 10);
    }
}

static void a_tenth_of_payers_is_lost_each_year(void **state) {
    (void)state;
    each_setting(check_churn);
}

static void check_trials(const struct sg_world *world) {
    uint64_t converted = 0, expired = 0;
    for (uint64_t i = 0; i < world->accounts; i++) {
        struct bs_account a;
        bs_account_get(world, i, &a);
        for (unsigned s = 0; s < a.sub_count; s++) {
            int64_t days = (a.subs[s].end - a.subs[s].start) / SG_DAY_S;
            converted += a.subs[s].status == BS_SUB_CONVERTED;
            expired += a.subs[s].status == BS_SUB_EXPIRED;
            if (a.subs[s].status == BS_SUB_CONVERTED || a.subs[s].status == BS_SUB_EXPIRED)
                assert_true(days == 14 || days == 30);
            if (a.subs[s].status == BS_SUB_TRIAL) assert_true(days < 30);
        }
    }
    if (world->accounts < 10) return;
    uint64_t ended = converted + expired, expect[2];
    sg_quota(ended, (const uint32_t[2]){7, 3}, 2, expect);
    assert_int_equal(converted, expect[0]);
    assert_true(ended * 5 >= world->accounts - 5);
}

static void seventy_percent_of_trials_convert(void **state) {
    (void)state;
    each_setting(check_trials);
}

static uint16_t count_periods(const struct bs_subscription *sub) {
    if (sub->trial || sub->status == BS_SUB_PENDING) return 0;
    int32_t day = sg_day_of(sub->start), step = sub->annual ? 12 : 1;
    int64_t second = sub->start - (int64_t)day * SG_DAY_S;
    uint16_t n = 0;
    while ((int64_t)sg_add_months(day, n * step) * SG_DAY_S + second < sub->end)
        n++;
    return n;
}

static void check_subscription(const struct bs_subscription *sub) {
    static const int64_t low[3] = {29900, 99900, 299900}, high[3] = {99900, 299900, 999900};
    int64_t mrr = 0, period = 0;
    assert_in_range(sub->item_count, 1, BS_ITEMS_MAX);
    assert_int_equal(sub->items[0].price, BS_PRICE_BASIC_MONTH + 2 * sub->tier + sub->annual);
    for (unsigned i = 0; i < sub->item_count; i++) {
        int64_t cents = bs_price_cents((enum bs_price)sub->items[i].price) * sub->items[i].quantity;
        assert_true(sub->items[i].quantity >= 1 && sub->items[i].price % 2 == sub->annual);
        assert_true(i == 0 || sub->items[i].price > sub->items[i - 1].price);
        assert_int_equal(cents % 12, 0);
        mrr += sub->annual ? cents / 12 : cents;
        period += cents;
    }
    assert_int_equal(mrr, sub->mrr_cents);
    assert_int_equal(period, sub->period_cents);
    assert_true(mrr >= low[sub->tier] && mrr <= high[sub->tier]);
    assert_true(sub->start < sub->end);
    assert_int_equal(sub->periods_paid, count_periods(sub));
    assert_true(sub->invoices <= sub->periods_paid);
}

static void check_subscriptions(const struct sg_world *world) {
    uint64_t items = 0, invoices = 0, uncovered = 0;
    for (uint64_t i = 0; i < world->accounts; i++) {
        struct bs_account a;
        bs_account_get(world, i, &a);
        unsigned current = 0;
        assert_int_equal(a.subs[0].start, a.created);
        assert_int_equal(a.subs[a.sub_count - 1].end, a.end);
        assert_int_equal(a.subs[a.sub_count - 1].mrr_cents, a.mrr_cents);
        assert_int_equal(a.subs[a.sub_count - 1].tier, a.tier);
        for (unsigned s = 0; s < a.sub_count; s++) {
            const struct bs_subscription *sub = &a.subs[s];
            check_subscription(sub);
            bool last = s + 1 == a.sub_count, open = sub->status <= BS_SUB_PENDING;
            current += open;
            assert_true(open == (last && !a.lost));
            if (!last) assert_int_equal(sub->end, a.subs[s + 1].start);
            if (sub->status == BS_SUB_SUPERSEDED) assert_int_equal(abs(sub->tier - a.subs[s + 1].tier), 1);
            items += sub->item_count;
            invoices += sub->invoices;
            uncovered += sub->periods_paid && !sub->invoices;
        }
        assert_int_equal(current, !a.lost);
    }
    assert_int_equal(items, world->sizes.rows[BS_STRIPE_SUBSCRIPTION_ITEMS]);
    assert_int_equal(invoices, world->sizes.rows[BS_STRIPE_INVOICES]);
    assert_int_equal(uncovered, 0);
    if (world->accounts < 50) return;
    assert_int_equal(invoices, bs_scaled_count(world->accounts, 1500, 150000));
    assert_int_equal(world->sizes.rows[BS_SUBSCRIPTIONS], bs_scaled_count(world->accounts, 125, 12500));
}

static void subscriptions_follow_each_other_and_add_up(void **state) {
    (void)state;
    each_setting(check_subscriptions);
}

static void check_locations(const struct sg_world *world) {
    static const uint32_t shares[3] = {40, 40, 20}, status_shares[3] = {85, 10, 5};
    uint64_t types[3] = {0}, statuses[3] = {0}, living = 0;
    for (uint64_t i = 0; i < world->accounts; i++) {
        struct bs_account a;
        bs_account_get(world, i, &a);
        unsigned mains = 0, devices = 0;
        for (unsigned k = 0; k < a.location_count; k++) {
            const struct bs_location *l = &a.locations[k];
            types[l->type]++;
            mains += l->type == BS_MAIN;
            assert_int_equal(l->device_first, a.device_first + devices);
            assert_in_range(l->devices, 2, BS_DEVICES_MAX);
            assert_true(l->created >= a.created && l->created < a.end);
            devices += l->devices;
        }
        assert_int_equal(devices, a.device_count);
        assert_true(mains <= 1);
        for (unsigned k = 0; k < a.device_count; k++) {
            struct bs_device d;
            bs_device_get(world, &a, k, &d);
            assert_int_equal(d.number, a.device_first + k);
            assert_true(d.installed >= a.locations[d.location].created && d.installed < d.end);
            assert_true(d.installed <= d.last_seen && d.last_seen <= d.offline_since);
            assert_true(d.offline_since <= d.end && d.end == a.end && d.volume_q16 > 0);
            assert_true(d.active != a.lost && (d.active || d.status == BS_OFFLINE));
            if (!a.lost) statuses[d.status]++;
        }
        living += a.lost ? 0 : a.device_count;
    }
    expect_quota(types, shares, 3, world->sizes.rows[BS_LOCATIONS]);
    expect_quota(statuses, status_shares, 3, living);
}

static void locations_and_devices_are_exact(void **state) {
    (void)state;
    each_setting(check_locations);
}

static void check_users(const struct sg_world *world) {
    static const uint32_t shares[3] = {10, 30, 60};
    uint64_t roles[3] = {0};
    for (uint64_t i = 0; i < world->accounts; i++) {
        struct bs_account a;
        bs_account_get(world, i, &a);
        unsigned admins = 0;
        char emails[BS_USERS_MAX][BS_EMAIL_BYTES], domain[BS_DOMAIN_BYTES];
        bs_company_domain(world, i, domain);
        assert_in_range(a.user_count, 2, BS_USERS_MAX);
        for (unsigned k = 0; k < a.user_count; k++) {
            struct bs_user u;
            bs_user_get(world, &a, k, &u);
            roles[u.role]++;
            admins += u.role == BS_ADMIN;
            assert_int_equal(u.number, a.user_first + k);
            assert_true(u.created >= a.created && u.created < u.end && u.end <= a.end);
            assert_true(u.last_login >= u.created && u.last_login <= u.end && u.activity_q16 > 0);
            assert_true(u.active == (!a.lost && u.end == a.end));
            size_t length = bs_user_email(world, &a, u.number, emails[k]);
            assert_int_equal(length, strlen(emails[k]));
            assert_string_equal(strchr(emails[k], '@') + 1, domain);
            for (unsigned other = 0; other < k; other++)
                assert_string_not_equal(emails[k], emails[other]);
        }
        assert_true(admins <= 1);
    }
    expect_quota(roles, shares, 3, world->sizes.rows[BS_USERS]);
}

static void users_are_exact_and_reachable(void **state) {
    (void)state;
    each_setting(check_users);
}

static int by_text(const void *a, const void *b) {
    return strcmp(a, b);
}

static void domains_are_unique(void **state) {
    (void)state;
    struct sg_world *world = open_world(&(struct setting){50000, 42, 2026, 11, 20});
    uint64_t n = world->sizes.companies;
    char(*domains)[BS_DOMAIN_BYTES] = calloc(n, sizeof *domains);
    char name[BS_NAME_BYTES];
    for (uint64_t i = 0; i < n; i++) {
        size_t length = bs_company_domain(world, i, domains[i]);
        assert_int_equal(length, strlen(domains[i]));
        length = bs_company_name(world, i, name);
        assert_int_equal(length, strlen(name));
        *strrchr(domains[i], '.') = 0;
    }
    qsort(domains, n, sizeof *domains, by_text);
    for (uint64_t i = 1; i < n; i++)
        assert_string_not_equal(domains[i - 1], domains[i]);
    free(domains);
    bs_dataset.world_close(world);
}

static void tokens_ascend_and_reverse(void **state) {
    (void)state;
    const struct sg_world *world = worlds[6];
    for (uint64_t row = 0; row < 1000; row++) {
        uint64_t key = bs_token_key(world, BS_STRIPE_EVENTS, row);
        assert_int_equal(key / BS_TOKEN_STRIDE, row);
        assert_true(bs_hubspot_id(world, BS_HUBSPOT_CONTACTS, row) <
                    bs_hubspot_id(world, BS_HUBSPOT_CONTACTS, row + 1));
    }
}

/* What a sink saw: rows and a hash over all cells in order. */
struct seen {
    uint64_t rows, hash;
};

static void mix(uint64_t *hash, const void *bytes, size_t size) {
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++)
        *hash = (*hash ^ at[i]) * 1099511628211u;
}

static enum sg_code look(void *context, const struct sg_batch *batch, struct sg_error *err) {
    (void)err;
    struct seen *seen = context;
    for (size_t r = 0; r < batch->rows; r++)
        for (int c = 0; c < batch->table->column_count; c++) {
            const struct sg_vector *v = &batch->vectors[c];
            size_t width = sg_type_bytes(batch->table->columns[c].type);
            const char *cell = (const char *)v->data + r * width;
            mix(&seen->hash, &v->null[r], 1);
            if (v->null[r]) continue;
            if (batch->table->columns[c].type != SG_TEXT) {
                mix(&seen->hash, cell, width);
                continue;
            }
            const struct sg_text *text = (const struct sg_text *)cell;
            assert_true(text->length <= batch->table->columns[c].length_max ||
                        !batch->table->columns[c].length_max);
            mix(&seen->hash, batch->pool + text->offset, text->length);
        }
    seen->rows += batch->rows;
    return SG_OK;
}

static void emit(const struct sg_world *world, uint16_t table, uint64_t first, uint64_t end,
                 struct seen *seen) {
    struct sg_emitter emitter;
    struct sg_error err = {0};
    assert_int_equal(sg_emitter_open(&emitter, bs_dataset.tables[table], look, seen, &err), SG_OK);
    sg_emitter_seek(&emitter, bs_dataset.rows_before(world, table, first));
    assert_int_equal(bs_dataset.generate(world, table, first, end, &emitter, &err), SG_OK);
    assert_int_equal(sg_emitter_flush(&emitter, &err), SG_OK);
    sg_emitter_close(&emitter);
}

static void check_tables(const struct sg_world *world) {
    uint64_t n = world->accounts, cut = n * 2 / 3;
    for (uint16_t table = BS_ACCOUNTS; table <= BS_SUBSCRIPTIONS; table++) {
        struct seen whole = {0, 14695981039346656037u}, parts = whole;
        emit(world, table, 0, n, &whole);
        assert_int_equal(whole.rows, world->sizes.rows[table]);
        assert_int_equal(whole.rows, bs_dataset.rows_before(world, table, n));
        emit(world, table, 0, cut, &parts);
        assert_int_equal(parts.rows, bs_dataset.rows_before(world, table, cut));
        emit(world, table, cut, n, &parts);
        assert_int_equal(parts.rows, whole.rows);
        assert_int_equal(parts.hash, whole.hash);
    }
}

static void tables_have_their_rows_wherever_they_are_cut(void **state) {
    (void)state;
    each_setting(check_tables);
}

/* The same account whether prefix sums are stored for every account or for every 32nd. */
static void blocks_of_the_prefix_do_not_matter(void **state) {
    (void)state;
    struct sg_world *world = worlds[10], *coarse = open_world(&settings[10]);
    struct sg_prefix *prefix = &coarse->core->prefix, fine = coarse->core->prefix;
    struct sg_error err = {0};
    assert_int_equal(sg_prefix_open(prefix, fine.units, fine.fields, 32, fine.count, coarse, &err), SG_OK);
    sg_prefix_close(&fine);
    for (uint64_t i = 0; i < world->accounts; i++) {
        struct bs_account a, b;
        memset(&a, 0, sizeof a);
        memset(&b, 0, sizeof b);
        bs_account_get(world, i, &a);
        bs_account_get(coarse, i, &b);
        assert_int_equal(a.sub_first, b.sub_first);
        assert_int_equal(a.location_first, b.location_first);
        assert_int_equal(a.living_device_first, b.living_device_first);
        assert_int_equal(a.member_first, b.member_first);
        assert_int_equal(a.mrr_cents, b.mrr_cents);
    }
    bs_dataset.world_close(coarse);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accounts_are_exact),
        cmocka_unit_test(accounts_grow_by_forty_percent),
        cmocka_unit_test(a_tenth_of_payers_is_lost_each_year),
        cmocka_unit_test(seventy_percent_of_trials_convert),
        cmocka_unit_test(subscriptions_follow_each_other_and_add_up),
        cmocka_unit_test(locations_and_devices_are_exact),
        cmocka_unit_test(users_are_exact_and_reachable),
        cmocka_unit_test(tables_have_their_rows_wherever_they_are_cut),
        cmocka_unit_test(blocks_of_the_prefix_do_not_matter),
        cmocka_unit_test(domains_are_unique),
        cmocka_unit_test(tokens_ascend_and_reverse),
    };
    return cmocka_run_group_tests(tests, open_worlds, close_worlds);
}
