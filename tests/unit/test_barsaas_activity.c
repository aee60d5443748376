/* Sessions, page views and feature events of accounts: exact counts, containment, order, lives, rhythm.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "datasets/barsaas/sessions.h"
#include "datasets/barsaas/tables.h"

/* Columns of one table, kept whole: small worlds only. */
enum { COLUMNS_MAX = 12 };
struct kept {
    const struct sg_table *table;
    uint64_t rows;
    int64_t *column[COLUMNS_MAX];
};

static int64_t element(const struct sg_batch *batch, int column, size_t row) {
    return batch->vectors[column].null[row] ? -1 : sg_batch_integer(batch, column, row);
}

static enum sg_code keep(void *context, const struct sg_batch *batch, struct sg_error *err) {
    (void)err;
    struct kept *kept = context;
    assert_int_equal(batch->row_first, kept->rows);
    for (int c = 0; c < batch->table->column_count; c++) {
        if (batch->table->columns[c].type == SG_TEXT) continue;
        kept->column[c] = realloc(kept->column[c], (kept->rows + batch->rows) * sizeof(int64_t));
        for (size_t i = 0; i < batch->rows; i++)
            kept->column[c][kept->rows + i] = element(batch, c, i);
    }
    kept->rows += batch->rows;
    return SG_OK;
}

/* All rows of a table, generated in pieces of `step` accounts, each found by rows_before. */
static struct kept generate_all(const struct sg_world *world, const struct bs_table_logic *logic,
                                uint64_t step) {
    struct kept kept = {.table = &logic->declaration};
    struct sg_error err = {0};
    struct sg_emitter e;
    assert_int_equal(sg_emitter_open(&e, &logic->declaration, keep, &kept, &err), SG_OK);
    for (uint64_t first = 0; first < world->accounts; first += step) {
        uint64_t end = first + step < world->accounts ? first + step : world->accounts;
        sg_emitter_seek(&e, logic->rows_before(world, first));
        assert_int_equal(logic->generate(world, first, end, &e, &err), SG_OK);
        assert_int_equal(sg_emitter_flush(&e, &err), SG_OK);
        assert_int_equal(kept.rows, logic->rows_before(world, end));
    }
    sg_emitter_close(&e);
    return kept;
}

static void drop(struct kept *kept) {
    for (int c = 0; c < COLUMNS_MAX; c++)
        free(kept->column[c]);
}

static const int64_t *column(const struct kept *kept, const char *name) {
    int c = sg_column_index(kept->table, name);
    assert_true(c >= 0);
    return kept->column[c];
}

static struct sg_world *open_world(uint64_t accounts, uint64_t seed, int32_t as_of_day) {
    struct sg_run run = {.seed = seed, .as_of_day = as_of_day, .units = accounts};
    struct sg_world *world;
    struct sg_error err = {0};
    assert_int_equal(bs_dataset.world_open(&run, &world, &err), SG_OK);
    return world;
}

/* Every session against its user: life, order, last log-in, at least one each. Returns faults. */
static uint64_t session_faults(const struct sg_world *world, const struct kept *s) {
    const int64_t *start = column(s, "session_start"), *end = column(s, "session_end");
    const int64_t *user_id = column(s, "user_id"), *account_id = column(s, "account_id"),
                  *id = column(s, "id");
    const int64_t *seconds = column(s, "duration_seconds"), *events = column(s, "feature_events");
    uint64_t faults = 0, row = 0;
    for (uint64_t a = 0; a < world->accounts; a++) {
        struct bs_account account;
        bs_account_get(world, a, &account);
        for (unsigned k = 0; k < account.user_count; k++) {
            struct bs_user user;
            bs_user_get(world, &account, k, &user);
            uint64_t first = row;
            /* A quarter of an hour apart, where the life is long enough. */
            int64_t apart = user.last_login - user.created > 400 * SG_DAY_S ? 900 : 0;
            for (; row < s->rows && user_id[row] == (int64_t)user.number + 1; row++) {
                faults += id[row] != (int64_t)row + 1 || account_id[row] != (int64_t)a + 1;
                faults += start[row] < user.created || end[row] > user.end || end[row] > world->as_of;
                faults += end[row] != start[row] + seconds[row] || seconds[row] < 0;
                faults += row > first && (start[row] < end[row - 1] || start[row] - start[row - 1] < apart);
                faults += column(s, "page_views")[row] < 1;
                faults += column(s, "actions_taken")[row] < events[row];
            }
            faults += row == first || start[row - 1] != user.last_login;
        }
    }
    return faults + (row != s->rows);
}

/* Page views against their sessions, which both come in the same order. */
static uint64_t page_faults(const struct kept *s, const struct kept *p) {
    const int64_t *session_id = column(p, "session_id"), *time = column(p, "timestamp");
    const int64_t *seconds = column(p, "time_on_page_seconds"), *exit = column(p, "exit_page");
    const int64_t *page = column(p, "page_id"), *from = column(p, "referrer_page_id");
    uint64_t faults = 0, row = 0;
    for (uint64_t j = 0; j < s->rows; j++) {
        int64_t pages = column(s, "page_views")[j], at = column(s, "session_start")[j];
        for (int64_t k = 0; k < pages && row < p->rows; k++, row++) {
            faults += session_id[row] != (int64_t)j + 1 || column(p, "id")[row] != (int64_t)row + 1;
            faults += column(p, "user_id")[row] != column(s, "user_id")[j];
            faults += column(p, "account_id")[row] != column(s, "account_id")[j];
            faults += time[row] != at || seconds[row] < 0;
            faults += exit[row] != (k + 1 == pages);
            faults += k ? from[row] != page[row - 1] || from[row] == page[row] : from[row] != -1;
            faults += page[row] < 1 || page[row] > BS_APP_PAGES;
            at += seconds[row];
        }
        faults += at != column(s, "session_end")[j];
    }
    return faults + (row != p->rows);
}

static uint8_t tier_at(const struct bs_account *account, int64_t instant) {
    uint8_t tier = account->subs[0].tier;
    for (unsigned k = 1; k < account->sub_count; k++)
        if (account->subs[k].start <= instant) tier = account->subs[k].tier;
    return tier;
}

static uint64_t feature_faults(const struct sg_world *world, const struct kept *s, const struct kept *f) {
    const int64_t *time = column(f, "timestamp");
    struct bs_account account = {.number = UINT64_MAX};
    uint64_t faults = 0, row = 0;
    for (uint64_t j = 0; j < s->rows; j++) {
        uint64_t number = (uint64_t)column(s, "account_id")[j] - 1;
        if (number != account.number) bs_account_get(world, number, &account);
        int64_t events = column(s, "feature_events")[j], start = column(s, "session_start")[j];
        for (int64_t k = 0; k < events && row < f->rows; k++, row++) {
            unsigned feature = (unsigned)column(f, "feature_id")[row] - 1;
            faults +=
                column(f, "session_id")[row] != (int64_t)j + 1 || column(f, "id")[row] != (int64_t)row + 1;
            faults += column(f, "user_id")[row] != column(s, "user_id")[j];
            faults += column(f, "account_id")[row] != (int64_t)number + 1;
            faults += time[row] < start || time[row] > column(s, "session_end")[j];
            faults += k > 0 && time[row] < time[row - 1];
            faults += feature >= BS_FEATURE_COUNT || time[row] < bs_feature_launched(world, feature);
            faults += bs_features[feature].tier > tier_at(&account, start);
            faults += column(f, "usage_count")[row] < 1;
            faults += (column(f, "success")[row] == 1) != (column(f, "error_message")[row] == -1);
        }
    }
    return faults + (row != f->rows);
}

static void rows_hold_together_at_any_size(void **state) {
    (void)state;
    const uint64_t sizes[] = {1, 2, 5, 100, 137, 300};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct sg_world *world = open_world(sizes[i], 42 + 7 * i, 20400 + 61 * (int32_t)i);
        struct kept s = generate_all(world, &bs_table_user_sessions, 1 + sizes[i] / 3);
        struct kept p = generate_all(world, &bs_table_page_views, 1 + sizes[i] / 2);
        struct kept f = generate_all(world, &bs_table_feature_usage, sizes[i]);
        assert_int_equal(s.rows, world->sizes.rows[BS_USER_SESSIONS]);
        assert_int_equal(p.rows, world->sizes.rows[BS_PAGE_VIEWS]);
        assert_int_equal(f.rows, world->sizes.rows[BS_FEATURE_USAGE]);
        assert_int_equal(session_faults(world, &s), 0);
        assert_int_equal(page_faults(&s, &p), 0);
        assert_int_equal(feature_faults(world, &s, &f), 0);
        drop(&s);
        drop(&p);
        drop(&f);
        bs_dataset.world_close(world);
    }
}

static void pieces_make_the_same_rows(void **state) {
    (void)state;
    const struct bs_table_logic *const logics[] = {&bs_table_user_sessions, &bs_table_page_views,
                                                   &bs_table_feature_usage};
    struct sg_world *world = open_world(60, 9, 20000);
    for (size_t t = 0; t < 3; t++) {
        struct kept whole = generate_all(world, logics[t], 60), pieces = generate_all(world, logics[t], 1);
        assert_int_equal(whole.rows, pieces.rows);
        for (int c = 0; c < whole.table->column_count; c++)
            if (whole.column[c])
                assert_memory_equal(whole.column[c], pieces.column[c], whole.rows * sizeof(int64_t));
        drop(&whole);
        drop(&pieces);
    }
    bs_dataset.world_close(world);
}

static void counts_are_exact_in_the_middle_environment(void **state) {
    (void)state;
    struct sg_world *world = open_world(10000, 42, 20500);
    struct bs_usage_rows all = bs_usage_rows_before(world, 10000), none = bs_usage_rows_before(world, 0);
    assert_int_equal(all.sessions, 2500000);
    assert_int_equal(all.pages, 12500000);
    assert_int_equal(all.features, 7500000);
    assert_int_equal(none.sessions + none.pages + none.features, 0);
    struct bs_walk walk;
    bs_walk_open(&walk, world, 4711);
    struct sg_error err = {0};
    for (uint64_t number = 4711; number < 4811; number++) {
        assert_int_equal(bs_walk_next(&walk, &err), SG_OK);
        struct bs_usage_rows before = bs_usage_rows_before(world, number);
        assert_int_equal(walk.session_first, before.sessions);
        assert_int_equal(walk.page_first, before.pages);
        assert_int_equal(walk.feature_first, before.features);
    }
    bs_walk_close(&walk);
    bs_dataset.world_close(world);
}

/* Distribution of sessions over local hours, weekdays, devices and roles. */
struct shape {
    uint64_t hour[BS_ROLE_COUNT][24], weekday[BS_ROLE_COUNT][7], device[BS_ROLE_COUNT][BS_SESSION_DEVICES];
    uint64_t sessions[BS_ROLE_COUNT], users[BS_ROLE_COUNT], year[5], pages_one, pages_many, seconds, pages;
    uint64_t short_stays;
};

static void add_account(const struct bs_walk *walk, struct shape *shape) {
    for (unsigned k = 0; k < walk->account.user_count; k++)
        shape->users[walk->users[k].role]++;
    for (uint64_t j = 0; j < walk->session_count; j++) {
        const struct bs_session *s = &walk->sessions[j];
        int64_t local = s->start + sg_zone_offset_s(walk->account.locations[0].zone, sg_day_of(s->start));
        shape->hour[s->role][(local % SG_DAY_S) / SG_HOUR_S]++;
        shape->weekday[s->role][sg_weekday(sg_day_of(local))]++;
        shape->device[s->role][s->device]++;
        shape->sessions[s->role]++;
        int64_t age = walk->world->as_of - s->start;
        shape->year[age / (366 * SG_DAY_S)]++;
        shape->pages_one += s->pages == 1;
        shape->pages_many += s->pages >= 20;
        shape->pages += s->pages;
        shape->seconds += s->duration;
        shape->short_stays += s->duration < s->pages;
    }
}

static uint64_t per_mille(const uint64_t *counts, int first, int end, uint64_t total) {
    uint64_t sum = 0;
    for (int i = first; i < end; i++)
        sum += counts[i];
    return sum * 1000 / total;
}

static void check_shape(const struct shape *h) {
    const uint64_t *n = h->sessions;
    /* Office hours for admins, evenings for staff; the nights belong to nobody. */
    assert_in_range(per_mille(h->hour[BS_ADMIN], 9, 18, n[BS_ADMIN]), 720, 850);
    assert_in_range(per_mille(h->hour[BS_MANAGER], 9, 18, n[BS_MANAGER]), 620, 750);
    assert_in_range(per_mille(h->hour[BS_STAFF], 15, 24, n[BS_STAFF]), 620, 750);
    for (int role = 0; role < BS_ROLE_COUNT; role++)
        assert_in_range(per_mille(h->hour[role], 3, 6, n[role]), 0, 12);
    assert_in_range(per_mille(h->weekday[BS_ADMIN], 5, 7, n[BS_ADMIN]), 140, 190);
    assert_in_range(per_mille(h->weekday[BS_STAFF], 4, 6, n[BS_STAFF]), 370, 440);
    assert_in_range(per_mille(h->device[BS_ADMIN], BS_DESKTOP, BS_DESKTOP + 1, n[BS_ADMIN]), 690, 840);
    assert_in_range(per_mille(h->device[BS_STAFF], BS_DESKTOP, BS_DESKTOP + 1, n[BS_STAFF]), 110, 210);
    for (int role = 1; role < BS_ROLE_COUNT; role++)
        assert_true(n[role] / h->users[role] < n[role - 1] / h->users[role - 1]);
    for (int y = 1; y < 5; y++)
        assert_true(h->year[y] < h->year[y - 1]);
    uint64_t total = n[0] + n[1] + n[2];
    assert_int_equal(h->pages / total, 5);
    assert_in_range(h->pages_one * 1000 / total, 100, 250);
    assert_in_range(h->pages_many * 1000 / total, 10, 50);
    assert_in_range(h->seconds / total, 300, 600);
    assert_in_range(h->short_stays * 1000 / total, 0, 3);
}

static void people_keep_their_rhythm(void **state) {
    (void)state;
    struct sg_world *world = open_world(2000, 42, 20500);
    struct shape *shape = calloc(1, sizeof *shape);
    struct bs_walk walk;
    struct sg_error err = {0};
    bs_walk_open(&walk, world, 0);
    for (uint64_t number = 0; number < 2000; number++) {
        assert_int_equal(bs_walk_next(&walk, &err), SG_OK);
        add_account(&walk, shape);
    }
    bs_walk_close(&walk);
    uint64_t total = shape->sessions[0] + shape->sessions[1] + shape->sessions[2];
    assert_int_equal(total, world->sizes.rows[BS_USER_SESSIONS]);
    check_shape(shape);
    free(shape);
    bs_dataset.world_close(world);
}

/* Sums over feature events: what their sessions' pages and times have to do with them. */
struct usage {
    uint64_t events, worked, reports[2], events_by_pages[2]; /* [session saw a reports page] */
    uint64_t waste_young, waste_old, all_young, all_old;
    uint64_t by_tier[BS_TIER_COUNT], pages_by_tier[BS_TIER_COUNT];
};

static void add_usage(const struct sg_world *world, const struct kept *s, const struct kept *p,
                      const struct kept *f, struct usage *u) {
    uint64_t page_row = 0, row = 0;
    struct bs_account account = {.number = UINT64_MAX};
    int64_t waste_launch = bs_feature_launched(world, 6);
    assert_string_equal(bs_features[6].name, "report_waste");
    for (uint64_t j = 0; j < s->rows; j++) {
        uint64_t number = (uint64_t)column(s, "account_id")[j] - 1;
        if (number != account.number) bs_account_get(world, number, &account);
        int64_t pages = column(s, "page_views")[j], events = column(s, "feature_events")[j];
        bool saw = false;
        for (int64_t k = 0; k < pages; k++, page_row++)
            saw |= bs_pages[column(p, "page_id")[page_row] - 1].area == BS_AREA_REPORTS;
        u->by_tier[account.tier] += (uint64_t)events;
        u->pages_by_tier[account.tier] += (uint64_t)pages;
        for (int64_t k = 0; k < events; k++, row++) {
            int64_t feature = column(f, "feature_id")[row] - 1;
            int64_t age = (column(f, "timestamp")[row] - waste_launch) / SG_DAY_S;
            u->events++;
            u->worked += column(f, "success")[row] == 1;
            u->events_by_pages[saw]++;
            u->reports[saw] += bs_features[feature].category == BS_CATEGORY_REPORT;
            u->all_young += age >= 0 && age < 90;
            u->waste_young += age >= 0 && age < 90 && feature == 6;
            u->all_old += age >= 400;
            u->waste_old += age >= 400 && feature == 6;
        }
    }
}

static void features_are_adopted_where_people_go(void **state) {
    (void)state;
    struct sg_world *world = open_world(400, 5, 20500);
    struct kept s = generate_all(world, &bs_table_user_sessions, 400);
    struct kept p = generate_all(world, &bs_table_page_views, 400);
    struct kept f = generate_all(world, &bs_table_feature_usage, 400);
    struct usage u = {0};
    add_usage(world, &s, &p, &f, &u);
    assert_in_range(u.worked * 1000 / u.events, 965, 975);
    /* Reports are used in sessions that visit them. */
    assert_true(u.reports[1] * 100 / u.events_by_pages[1] > u.reports[0] * 150 / u.events_by_pages[0]);
    /* A new feature needs time. */
    assert_true(u.waste_young * 1000 / u.all_young * 2 < u.waste_old * 1000 / u.all_old);
    /* Richer plans use more. */
    for (int t = 1; t < BS_TIER_COUNT; t++)
        assert_true(u.by_tier[t] * 100 / u.pages_by_tier[t] >
                    u.by_tier[t - 1] * 115 / u.pages_by_tier[t - 1]);
    drop(&s);
    drop(&p);
    drop(&f);
    bs_dataset.world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_hold_together_at_any_size),
        cmocka_unit_test(pieces_make_the_same_rows),
        cmocka_unit_test(counts_are_exact_in_the_middle_environment),
        cmocka_unit_test(people_keep_their_rhythm),
        cmocka_unit_test(features_are_adopted_where_people_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
