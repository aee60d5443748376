/* homeservices: the contract's counts and rules, read from whole tables, for several sizes, seeds and dates.
 * labels: quick
 */
#include <stdio.h>

#include "base/calendar.h"
#include "datasets/homeservices/tables.h"
#include "rows.h"

struct setting {
    uint64_t customers, seed;
    int32_t year, month, day;
};

static const struct setting settings[] = {
    {1, 42, 2026, 11, 20}, {2, 42, 2026, 11, 20}, {3, 1, 2024, 2, 29},   {5, 2, 2025, 3, 1},
    {7, 2, 2025, 3, 1},    {50, 3, 2026, 1, 31},  {99, 4, 2023, 12, 31}, {100, 42, 2026, 11, 20},
    {100, 7, 2024, 2, 29}, {100, 8, 2027, 8, 15}, {101, 5, 2025, 2, 28}, {2000, 6, 2026, 6, 1},
};

/* A world with all its rows. */
struct data {
    struct sg_world *world;
    int64_t as_of;
    struct rows rows[HS_TABLE_COUNT];
};

static void data_open(struct data *data, const struct setting *s) {
    struct sg_run run = {
        .seed = s->seed, .as_of_day = sg_day_from_civil(s->year, s->month, s->day), .units = s->customers};
    struct sg_error err = {0};
    if (hs_dataset.world_open(&run, &data->world, &err) != SG_OK) fail_msg("%s", err.text);
    data->as_of = sg_as_of(&run);
    for (int t = 0; t < HS_TABLE_COUNT; t++)
        data->rows[t] = rows_of(&hs_dataset, data->world, t);
}

static void data_close(struct data *data) {
    for (int t = 0; t < HS_TABLE_COUNT; t++)
        rows_free(&data->rows[t]);
    hs_dataset.world_close(data->world);
}

static void each_setting(void (*check)(const struct data *data)) {
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        struct data data;
        data_open(&data, &settings[i]);
        check(&data);
        data_close(&data);
    }
}

static int64_t cell(const struct data *data, enum hs_table table, const char *column, uint64_t row) {
    return rows_values(&data->rows[table], column)[row];
}

static bool is_null(const struct data *data, enum hs_table table, const char *column, uint64_t row) {
    return rows_nulls(&data->rows[table], column)[row];
}

static const char *text(const struct data *data, enum hs_table table, const char *column, uint64_t row) {
    return rows_text(&data->rows[table], column, row);
}

static uint64_t count_of(const struct data *data, enum hs_table table, const char *column, int64_t value) {
    uint64_t count = 0;
    for (uint64_t i = 0; i < data->rows[table].count; i++)
        count += !is_null(data, table, column, i) && cell(data, table, column, i) == value;
    return count;
}

static uint64_t count_null(const struct data *data, enum hs_table table, const char *column) {
    uint64_t count = 0;
    for (uint64_t i = 0; i < data->rows[table].count; i++)
        count += is_null(data, table, column, i);
    return count;
}

static void declarations_hold(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        struct data data;
        data_open(&data, &settings[i]);
        for (int t = 0; t < HS_TABLE_COUNT; t++)
            rows_check(&hs_dataset, data.world, t, data.as_of);
        data_close(&data);
    }
}

static void the_default_has_the_seeds_counts(void **state) {
    (void)state;
    static const uint64_t counts[HS_TABLE_COUNT] = {
        [HS_USERS] = 150,          [HS_CATEGORIES] = 12,     [HS_SUBCATEGORIES] = 76,
        [HS_RATE_CARDS] = 156,     [HS_ADDRESSES] = 198,     [HS_PROVIDERS] = 120,
        [HS_BOOKINGS] = 139,       [HS_BOOKING_ITEMS] = 294, [HS_CONVERSATIONS] = 1192,
        [HS_PRIORITY_QUEUE] = 100, [HS_COMPLAINTS] = 120,    [HS_COMPLAINT_UPDATES] = 180};
    static const uint64_t services[HS_CATEGORY_COUNT] = {8, 8, 7, 7, 7, 5, 6, 4, 5, 8, 6, 5};
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct data data;
        data_open(&data, &(struct setting){100, seed, 2026, 11, 20});
        for (int t = 0; t < HS_TABLE_COUNT; t++)
            assert_int_equal(data.rows[t].count, counts[t]);
        for (int c = 0; c < HS_CATEGORY_COUNT; c++)
            assert_int_equal(count_of(&data, HS_SUBCATEGORIES, "category_id", c + 1), services[c]);
        assert_int_equal(count_of(&data, HS_BOOKINGS, "status", HS_PENDING), 14);
        assert_int_equal(count_of(&data, HS_BOOKINGS, "status", HS_CONFIRMED), 28);
        assert_int_equal(count_of(&data, HS_BOOKINGS, "status", HS_COMPLETED), 81);
        assert_int_equal(count_of(&data, HS_BOOKINGS, "status", HS_CANCELLED), 16);
        assert_int_equal(count_of(&data, HS_BOOKINGS, "payment_status", HS_PAYMENT_PAID), 111);
        assert_int_equal(count_of(&data, HS_BOOKINGS, "payment_status", HS_PAYMENT_PENDING), 21);
        assert_int_equal(count_of(&data, HS_BOOKINGS, "payment_status", HS_PAYMENT_FAILED), 7);
        assert_int_equal(count_of(&data, HS_BOOKINGS, "is_partial", 1), 14);
        assert_int_equal(count_of(&data, HS_COMPLAINTS, "status", HS_OPEN), 27);
        assert_int_equal(count_of(&data, HS_COMPLAINTS, "status", HS_IN_PROGRESS), 25);
        assert_int_equal(count_of(&data, HS_COMPLAINTS, "status", HS_RESOLVED), 42);
        assert_int_equal(count_of(&data, HS_COMPLAINTS, "status", HS_CLOSED), 26);
        assert_int_equal(count_null(&data, HS_COMPLAINTS, "assigned_to"), 36);
        assert_int_equal(count_null(&data, HS_COMPLAINTS, "booking_id"), 36);
        assert_int_equal(count_of(&data, HS_PROVIDERS, "is_active", 1), 107);
        assert_int_equal(count_of(&data, HS_PROVIDERS, "is_verified", 1), 98);
        assert_int_equal(count_null(&data, HS_USERS, "referral_code"), 50);
        assert_int_equal(count_null(&data, HS_USERS, "referred_by"), 120);
        assert_int_equal(count_of(&data, HS_USERS, "is_active", 0), 5);
        assert_int_equal(count_of(&data, HS_CONVERSATIONS, "flagged_for_review", 1), 60);
        data_close(&data);
    }
}

static void all_sizes_open(void **state) {
    (void)state;
    for (uint64_t customers = 1; customers <= 400; customers++) {
        struct sg_run run = {.seed = customers, .as_of_day = 20000, .units = customers};
        struct sg_world *world = NULL;
        struct sg_error err = {0};
        if (hs_dataset.world_open(&run, &world, &err) != SG_OK) fail_msg("%d: %s", (int)customers, err.text);
        for (uint16_t t = 0; t < HS_TABLE_COUNT; t++) {
            uint64_t units = hs_dataset.unit_count(world, hs_dataset.tables[t]->domain);
            assert_int_equal(hs_dataset.rows_before(world, t, 0), 0);
            assert_int_equal(hs_dataset.rows_before(world, t, units), world->rows[t]);
        }
        hs_dataset.world_close(world);
    }
}

static bool is_mobile(const char *mobile) {
    return strlen(mobile) == 13 && strncmp(mobile, "+91", 3) == 0 && mobile[3] >= '6' &&
           strspn(mobile + 3, "0123456789") == 10;
}

static void check_users(const struct data *data) {
    uint64_t customers = data->world->customers, ops = data->world->ops, active = 0, referred = 0;
    for (uint64_t i = 0; i < data->rows[HS_USERS].count; i++) {
        bool staff = i < ops;
        assert_true(is_mobile(text(data, HS_USERS, "mobile", i)));
        assert_int_equal(is_null(data, HS_USERS, "referral_code", i), staff);
        if (staff) {
            char email[64];
            snprintf(email, sizeof email, "ops%d@homeservices.example", (int)i + 1);
            assert_string_equal(text(data, HS_USERS, "email", i), email);
            continue;
        }
        active += cell(data, HS_USERS, "is_active", i);
        referred += !is_null(data, HS_USERS, "referred_by", i);
        if (!is_null(data, HS_USERS, "referred_by", i))
            assert_in_range(cell(data, HS_USERS, "referred_by", i), ops + 1, i);
    }
    assert_int_equal(active, (customers * 95 + 49) / 100);
    if (customers > 10) assert_int_equal(referred, (customers * 30 + 50) / 100);
    for (uint64_t i = 0; i < data->rows[HS_PROVIDERS].count; i++) {
        const char *mobile = text(data, HS_PROVIDERS, "mobile", i);
        assert_true(is_mobile(mobile));
        for (uint64_t u = 0; u < data->rows[HS_USERS].count && customers <= 101; u++)
            assert_string_not_equal(mobile, text(data, HS_USERS, "mobile", u));
    }
}

static void users_are_reachable_and_referred_by_earlier_ones(void **state) {
    (void)state;
    each_setting(check_users);
}

static const struct hs_city *city_of_pin(const struct data *data, const char *pin) {
    for (int c = 0; c < HS_CITIES; c++)
        for (int p = 0; p < HS_CITY_PINS; p++)
            if (strcmp(data->world->reference->cities[c].pins[p], pin) == 0)
                return &data->world->reference->cities[c];
    return NULL;
}

static void check_addresses(const struct data *data) {
    uint64_t customers = data->world->customers, ops = data->world->ops;
    uint8_t *defaults = calloc(customers, 1);
    bool seen[HS_CITIES] = {false};
    unsigned cities = 0;
    for (uint64_t i = 0; i < data->rows[HS_ADDRESSES].count; i++) {
        const struct hs_city *city = city_of_pin(data, text(data, HS_ADDRESSES, "pincode", i));
        assert_non_null(city);
        assert_string_equal(text(data, HS_ADDRESSES, "city", i), city->name);
        assert_string_equal(text(data, HS_ADDRESSES, "state", i), city->state);
        assert_true(is_mobile(text(data, HS_ADDRESSES, "contact_mobile", i)));
        defaults[cell(data, HS_ADDRESSES, "user_id", i) - 1 - (int64_t)ops] +=
            cell(data, HS_ADDRESSES, "is_default", i) != 0;
        seen[city - data->world->reference->cities] = true;
    }
    for (uint64_t c = 0; c < customers; c++)
        assert_int_equal(defaults[c], 1);
    for (int c = 0; c < HS_CITIES; c++)
        cities += seen[c];
    if (customers >= 100) assert_int_equal(cities, HS_CITIES);
    free(defaults);
}

static void addresses_lie_in_their_city(void **state) {
    (void)state;
    each_setting(check_addresses);
}

/* What the tax office would compute. */
static void check_money(const struct data *data, uint64_t b, bool across) {
    int64_t taxable = cell(data, HS_BOOKINGS, "subtotal", b) - cell(data, HS_BOOKINGS, "discount", b);
    int64_t half = cell(data, HS_BOOKINGS, "sgst_amount", b),
            whole = cell(data, HS_BOOKINGS, "igst_amount", b);
    int64_t gst = cell(data, HS_BOOKINGS, "total_gst", b), total = cell(data, HS_BOOKINGS, "total", b);
    assert_true(cell(data, HS_BOOKINGS, "discount", b) * 5 <= cell(data, HS_BOOKINGS, "subtotal", b));
    assert_int_equal(half, cell(data, HS_BOOKINGS, "cgst_amount", b));
    assert_int_equal(gst, 2 * half + whole);
    assert_int_equal(cell(data, HS_BOOKINGS, "sgst", b), across ? 0 : 900);
    assert_int_equal(cell(data, HS_BOOKINGS, "cgst", b), across ? 0 : 900);
    assert_int_equal(cell(data, HS_BOOKINGS, "igst", b), across ? 1800 : 0);
    int64_t error = across ? whole * 100 - taxable * 18 : half * 100 - taxable * 9;
    assert_true(error >= -50 && error <= 50);
    if (error == 50 || error == -50) assert_int_equal((across ? whole : half) % 2, 0);
    assert_int_equal(across ? half : whole, 0);
    assert_int_equal(total, taxable + gst + cell(data, HS_BOOKINGS, "convenience_charge", b));
    int64_t parts =
        cell(data, HS_BOOKINGS, "partial_amount", b) + cell(data, HS_BOOKINGS, "remaining_amount", b);
    assert_int_equal(parts, cell(data, HS_BOOKINGS, "is_partial", b) ? total : 0);
}

static void check_bookings(const struct data *data) {
    for (uint64_t b = 0; b < data->rows[HS_BOOKINGS].count; b++) {
        int64_t status = cell(data, HS_BOOKINGS, "status", b),
                pay = cell(data, HS_BOOKINGS, "payment_status", b);
        check_money(data, b, cell(data, HS_BOOKINGS, "igst", b) != 0);
        if (status == HS_CONFIRMED || status == HS_COMPLETED) assert_int_equal(pay, HS_PAYMENT_PAID);
        assert_int_equal(is_null(data, HS_BOOKINGS, "invoice_number", b), pay != HS_PAYMENT_PAID);
        assert_int_equal(is_null(data, HS_BOOKINGS, "transaction_id", b), pay != HS_PAYMENT_PAID);
        assert_int_equal(is_null(data, HS_BOOKINGS, "payment_gateway_order_id", b),
                         pay == HS_PAYMENT_PENDING);
        if (cell(data, HS_BOOKINGS, "is_settlement", b) == HS_SETTLE_COMPLETE)
            assert_int_equal(status, HS_COMPLETED);
    }
}

static void bookings_add_up_to_the_paisa(void **state) {
    (void)state;
    each_setting(check_bookings);
}

static void check_item_times(const struct data *data, uint64_t i, int64_t booking_status) {
    int64_t from = cell(data, HS_BOOKING_ITEMS, "scheduled_time_from", i);
    bool done = booking_status == HS_COMPLETED, gone = booking_status == HS_CANCELLED;
    assert_int_equal(cell(data, HS_BOOKING_ITEMS, "scheduled_date", i), sg_day_of(from));
    assert_int_equal(is_null(data, HS_BOOKING_ITEMS, "actual_start_time", i), !done);
    assert_int_equal(is_null(data, HS_BOOKING_ITEMS, "actual_end_time", i), !done);
    assert_int_equal(is_null(data, HS_BOOKING_ITEMS, "cancel_reason", i), !gone);
    assert_int_equal(cell(data, HS_BOOKING_ITEMS, "cancel_by", i) == HS_NOBODY, !gone);
    if (done)
        assert_true(cell(data, HS_BOOKING_ITEMS, "actual_start_time", i) > from);
    else if (!gone)
        assert_true(from >= data->as_of);
}

static void check_items(const struct data *data) {
    const struct rows *items = &data->rows[HS_BOOKING_ITEMS];
    uint64_t across = 0;
    for (uint64_t i = 0; i < items->count; i++) {
        uint64_t b = (uint64_t)cell(data, HS_BOOKING_ITEMS, "booking_id", i) - 1;
        uint64_t p = (uint64_t)cell(data, HS_BOOKING_ITEMS, "provider_id", i) - 1;
        uint64_t a = (uint64_t)cell(data, HS_BOOKING_ITEMS, "address_id", i) - 1;
        bool abroad = strcmp(text(data, HS_ADDRESSES, "state", a), text(data, HS_PROVIDERS, "home_state", p));
        assert_true(cell(data, HS_PROVIDERS, "is_active", p) && cell(data, HS_PROVIDERS, "is_verified", p));
        assert_non_null(
            strstr(text(data, HS_PROVIDERS, "service_pincodes", p), text(data, HS_ADDRESSES, "pincode", a)));
        assert_int_equal(cell(data, HS_BOOKINGS, "igst", b) != 0, abroad);
        across += abroad;
        if (i && b == (uint64_t)cell(data, HS_BOOKING_ITEMS, "booking_id", i - 1) - 1)
            assert_int_equal(a + 1, cell(data, HS_BOOKING_ITEMS, "address_id", i - 1));
        check_item_times(data, i, cell(data, HS_BOOKINGS, "status", b));
        int64_t gross =
            cell(data, HS_BOOKING_ITEMS, "price", i) * cell(data, HS_BOOKING_ITEMS, "quantity", i);
        assert_int_equal(cell(data, HS_BOOKING_ITEMS, "total_amount", i), gross);
        assert_int_equal(cell(data, HS_BOOKING_ITEMS, "final_amount", i),
                         gross - cell(data, HS_BOOKING_ITEMS, "discount_amount", i));
        uint64_t card = (uint64_t)cell(data, HS_BOOKING_ITEMS, "rate_card_id", i) - 1;
        if (!is_null(data, HS_RATE_CARDS, "available_pincodes", card))
            assert_non_null(strstr(text(data, HS_RATE_CARDS, "available_pincodes", card),
                                   text(data, HS_ADDRESSES, "pincode", a)));
    }
    if (data->world->customers >= 1000) assert_true(across > 0);
}

static void items_are_done_by_who_may_where_and_when(void **state) {
    (void)state;
    each_setting(check_items);
}

static void check_providers(const struct data *data) {
    uint64_t abroad = 0, count = data->rows[HS_PROVIDERS].count;
    int64_t stars = 0;
    for (uint64_t p = 0; p < count; p++) {
        const char *pins = text(data, HS_PROVIDERS, "service_pincodes", p);
        unsigned n = 0;
        bool leaves = false;
        for (const char *at = strchr(pins, '"'); at; at = strchr(at + 8, '"'), n++) {
            char pin[7] = {0};
            memcpy(pin, at + 1, 6);
            const struct hs_city *city = city_of_pin(data, pin);
            assert_non_null(city);
            leaves |= strcmp(city->state, text(data, HS_PROVIDERS, "home_state", p)) != 0;
            assert_null(strstr(at + 7, pin));
        }
        assert_in_range(n, 3, 10);
        abroad += leaves;
        stars += cell(data, HS_PROVIDERS, "avg_rating", p);
    }
    if (count < 100) return;
    assert_in_range(abroad, (count + 5) / 10 - 1, (count + 5) / 10);
    assert_in_range(stars / (int64_t)count, 414, 434);
}

static void providers_serve_three_to_ten_codes(void **state) {
    (void)state;
    each_setting(check_providers);
}

static void check_conversations(const struct data *data) {
    const struct rows *rows = &data->rows[HS_CONVERSATIONS];
    for (uint64_t i = 0; i < rows->count; i++) {
        bool answer = i % 2;
        assert_int_equal(cell(data, HS_CONVERSATIONS, "role", i), answer);
        assert_int_equal(is_null(data, HS_CONVERSATIONS, "intent", i), answer);
        assert_int_equal(is_null(data, HS_CONVERSATIONS, "intent_confidence", i), answer);
        assert_int_equal(is_null(data, HS_CONVERSATIONS, "grounding_score", i), !answer);
        assert_int_equal(is_null(data, HS_CONVERSATIONS, "agent_calls", i), !answer);
        assert_int_equal(is_null(data, HS_CONVERSATIONS, "review_reason", i),
                         !cell(data, HS_CONVERSATIONS, "flagged_for_review", i));
        if (!answer) continue;
        assert_string_equal(text(data, HS_CONVERSATIONS, "session_id", i),
                            text(data, HS_CONVERSATIONS, "session_id", i - 1));
    }
    for (uint64_t i = 1; i < rows->count; i++) {
        bool same_user =
            cell(data, HS_CONVERSATIONS, "user_id", i) == cell(data, HS_CONVERSATIONS, "user_id", i - 1);
        bool same = strcmp(text(data, HS_CONVERSATIONS, "session_id", i),
                           text(data, HS_CONVERSATIONS, "session_id", i - 1)) == 0;
        if (same) assert_true(same_user);
        if (same)
            assert_int_equal(cell(data, HS_CONVERSATIONS, "channel", i),
                             cell(data, HS_CONVERSATIONS, "channel", i - 1));
        if (same_user)
            assert_true(cell(data, HS_CONVERSATIONS, "created_at", i) >
                        cell(data, HS_CONVERSATIONS, "created_at", i - 1));
    }
    uint64_t flagged = count_of(data, HS_CONVERSATIONS, "flagged_for_review", 1);
    assert_int_equal(flagged, (rows->count * 5 + 50) / 100);
}

static void conversations_alternate_within_a_session(void **state) {
    (void)state;
    each_setting(check_conversations);
}

static void check_queue(const struct data *data) {
    static const int64_t low[HS_QUEUE_INTENTS] = {80, 60, 40, 10}, high[HS_QUEUE_INTENTS] = {100, 79, 59, 39};
    for (uint64_t i = 0; i < data->rows[HS_PRIORITY_QUEUE].count; i++) {
        int64_t intent = cell(data, HS_PRIORITY_QUEUE, "intent_type", i);
        bool reviewed = cell(data, HS_PRIORITY_QUEUE, "is_reviewed", i);
        assert_in_range(cell(data, HS_PRIORITY_QUEUE, "priority_score", i), low[intent], high[intent]);
        assert_int_equal(is_null(data, HS_PRIORITY_QUEUE, "reviewed_by", i), !reviewed);
        assert_int_equal(is_null(data, HS_PRIORITY_QUEUE, "reviewed_at", i), !reviewed);
        assert_int_equal(is_null(data, HS_PRIORITY_QUEUE, "action_taken", i), !reviewed);
        if (reviewed) assert_in_range(cell(data, HS_PRIORITY_QUEUE, "reviewed_by", i), 1, data->world->ops);
    }
}

static void the_queue_is_ordered_by_intent(void **state) {
    (void)state;
    each_setting(check_queue);
}

static void check_complaints(const struct data *data) {
    static const int64_t priorities[HS_COMPLAINT_TYPES] = {1, 3, 2, 1, 1, 2, 0};
    static const int64_t hours[4] = {48, 24, 8, 2}, days[4] = {7, 5, 3, 1};
    for (uint64_t i = 0; i < data->rows[HS_COMPLAINTS].count; i++) {
        int64_t status = cell(data, HS_COMPLAINTS, "status", i),
                priority = cell(data, HS_COMPLAINTS, "priority", i);
        int64_t created = cell(data, HS_COMPLAINTS, "created_at", i);
        bool assigned = !is_null(data, HS_COMPLAINTS, "assigned_to", i);
        bool resolved = !is_null(data, HS_COMPLAINTS, "resolved_at", i);
        assert_int_equal(priority, priorities[cell(data, HS_COMPLAINTS, "complaint_type", i)]);
        assert_int_equal(cell(data, HS_COMPLAINTS, "response_due_at", i),
                         created + hours[priority] * SG_HOUR_S);
        assert_int_equal(cell(data, HS_COMPLAINTS, "resolution_due_at", i),
                         created + days[priority] * SG_DAY_S);
        assert_int_equal(is_null(data, HS_COMPLAINTS, "assigned_at", i), !assigned);
        assert_int_equal(is_null(data, HS_COMPLAINTS, "resolved_by", i), !resolved);
        if (status == HS_OPEN) assert_false(assigned);
        if (status == HS_IN_PROGRESS || status == HS_RESOLVED) assert_true(assigned);
        assert_int_equal(resolved, status == HS_RESOLVED || (status == HS_CLOSED && assigned));
        if (assigned) assert_in_range(cell(data, HS_COMPLAINTS, "assigned_to", i), 1, data->world->ops);
    }
}

static void check_updates(const struct data *data) {
    const struct rows *updates = &data->rows[HS_COMPLAINT_UPDATES];
    uint64_t run = 0, complaints = 0;
    for (uint64_t i = 0; i < updates->count; i++) {
        uint64_t c = (uint64_t)cell(data, HS_COMPLAINT_UPDATES, "complaint_id", i) - 1;
        int64_t user = cell(data, HS_COMPLAINT_UPDATES, "user_id", i);
        bool staff = !is_null(data, HS_COMPLAINTS, "assigned_to", c) &&
                     user == cell(data, HS_COMPLAINTS, "assigned_to", c);
        assert_true(staff || user == cell(data, HS_COMPLAINTS, "user_id", c));
        if (!staff) assert_false(cell(data, HS_COMPLAINT_UPDATES, "is_internal", i));
        if (staff)
            assert_true(cell(data, HS_COMPLAINT_UPDATES, "created_at", i) >=
                        cell(data, HS_COMPLAINTS, "assigned_at", c));
        bool next = i == 0 || c != (uint64_t)cell(data, HS_COMPLAINT_UPDATES, "complaint_id", i - 1) - 1;
        run = next ? 1 : run + 1;
        complaints += next;
        assert_in_range(run, 1, 3);
        if (!next)
            assert_true(cell(data, HS_COMPLAINT_UPDATES, "created_at", i) >=
                        cell(data, HS_COMPLAINT_UPDATES, "created_at", i - 1));
    }
    assert_int_equal(complaints, data->rows[HS_COMPLAINTS].count);
}

static void complaints_follow_their_type_and_status(void **state) {
    (void)state;
    each_setting(check_complaints);
    each_setting(check_updates);
}

static void halves_round_to_even(void **state) {
    (void)state;
    assert_int_equal(hs_round_even(0, 100), 0);
    assert_int_equal(hs_round_even(50, 100), 0);
    assert_int_equal(hs_round_even(51, 100), 1);
    assert_int_equal(hs_round_even(150, 100), 2);
    assert_int_equal(hs_round_even(250, 100), 2);
    assert_int_equal(hs_round_even(249, 100), 2);
    assert_int_equal(hs_round_even(350, 100), 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(declarations_hold),
        cmocka_unit_test(the_default_has_the_seeds_counts),
        cmocka_unit_test(all_sizes_open),
        cmocka_unit_test(users_are_reachable_and_referred_by_earlier_ones),
        cmocka_unit_test(addresses_lie_in_their_city),
        cmocka_unit_test(bookings_add_up_to_the_paisa),
        cmocka_unit_test(items_are_done_by_who_may_where_and_when),
        cmocka_unit_test(providers_serve_three_to_ten_codes),
        cmocka_unit_test(conversations_alternate_within_a_session),
        cmocka_unit_test(the_queue_is_ordered_by_intent),
        cmocka_unit_test(complaints_follow_their_type_and_status),
        cmocka_unit_test(halves_round_to_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
