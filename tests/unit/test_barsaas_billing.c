/* The Stripe tables of barsaas agree with each other, with their declared rules and with the account's story,
 * for several sizes, seeds and as-of dates.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "datasets/barsaas/billing.h"
#include "datasets/barsaas/tables.h"
#include "model/rule.h"

/* All rows of a table: one 64-bit number per cell; text cells hold the row of the id named in a payload. */
struct rows {
    const struct sg_table *table;
    size_t count, capacity;
    int64_t *cells;
    uint8_t *nulls;
    uint64_t row_next;
};

static struct rows stripe[BS_TABLE_COUNT];
static const struct sg_world *open_world;

enum { FIRST_TABLE = BS_STRIPE_CUSTOMERS, LAST_TABLE = BS_STRIPE_EVENTS };

static int64_t number_of_token(const struct sg_token *token, const char *text) {
    const char *body = text + strlen(token->prefix) + strlen(token->lead);
    uint64_t key = 0;
    for (int i = 0; i < 11; i++) {
        char c = body[i + (i >= token->infix_after ? (int)strlen(token->infix) : 0)];
        key = key * 62 + (uint64_t)(c <= '9' ? c - '0' : c <= 'Z' ? c - 'A' + 10 : c - 'a' + 36);
    }
    return (int64_t)(key / BS_TOKEN_STRIDE);
}

static const struct {
    const char *object;
    const struct sg_token *token;
    int table;
} kinds[] = {{"customer", &bs_token_customer, BS_STRIPE_CUSTOMERS},
             {"subscription", &bs_token_subscription, BS_STRIPE_SUBSCRIPTIONS},
             {"invoice", &bs_token_invoice, BS_STRIPE_INVOICES},
             {"payment_intent", &bs_token_intent, BS_STRIPE_PAYMENT_INTENTS},
             {"charge", &bs_token_charge, BS_STRIPE_CHARGES}};

/* table << 48 | row of the object a payload names; -1 when the payload is malformed. */
static int64_t named_object(const char *text, size_t length) {
    static const char head[] = "{\"object\":{\"id\":\"";
    if (length < sizeof head || memcmp(text, head, sizeof head - 1) != 0) return -1;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        char tail[64];
        size_t n = (size_t)snprintf(tail, sizeof tail, "\",\"object\":\"%s\"}}", kinds[k].object);
        size_t id = sizeof head - 1;
        if (length != id + kinds[k].token->length + n || memcmp(text + length - n, tail, n) != 0) continue;
        return (int64_t)kinds[k].table << 48 | number_of_token(kinds[k].token, text + id);
    }
    return -1;
}

static int64_t cell_of(const struct sg_batch *batch, int column, size_t i) {
    const void *data = batch->vectors[column].data;
    switch (batch->table->columns[column].type) {
    case SG_TEXT: {
        const struct sg_text *text = &((const struct sg_text *)data)[i];
        if (strcmp(batch->table->columns[column].name, "data") != 0) {
            int64_t hash = text->length;
            for (uint32_t k = 0; k < text->length; k++)
                hash = (int64_t)((uint64_t)hash * 1099511628211u) ^ batch->pool[text->offset + k];
            return hash;
        }
        return named_object(batch->pool + text->offset, text->length);
    }
    case SG_UUID:
        return ((const int64_t *)data)[2 * i];
    default:
        return sg_batch_integer(batch, column, i);
    }
}

static enum sg_code gather(void *context, const struct sg_batch *batch, struct sg_error *err) {
    (void)err;
    struct rows *rows = context;
    size_t columns = batch->table->column_count;
    assert_int_equal(batch->row_first, rows->row_next);
    rows->row_next += batch->rows;
    if (rows->count + batch->rows > rows->capacity) {
        rows->capacity = (rows->count + batch->rows) * 2;
        rows->cells = realloc(rows->cells, rows->capacity * columns * sizeof *rows->cells);
        rows->nulls = realloc(rows->nulls, rows->capacity * columns);
    }
    for (size_t i = 0; i < batch->rows; i++)
        for (size_t c = 0; c < columns; c++) {
            size_t at = (rows->count + i) * columns + c;
            rows->nulls[at] = batch->vectors[c].null[i];
            assert_true(!rows->nulls[at] || batch->table->columns[c].nullable);
            rows->cells[at] = rows->nulls[at] ? 0 : cell_of(batch, (int)c, i);
        }
    rows->count += batch->rows;
    return SG_OK;
}

static int64_t get(int table, size_t row, const char *column, bool *null) {
    const struct rows *rows = &stripe[table];
    int c = sg_column_index(rows->table, column);
    assert_true(c >= 0 && row < rows->count);
    size_t at = row * rows->table->column_count + (size_t)c;
    if (null) *null = rows->nulls[at];
    return rows->cells[at];
}

static int64_t value(int table, size_t row, const char *column) {
    return get(table, row, column, NULL);
}

/* Generates a table in pieces of `step` accounts, each from its own seek. */
static void load(int table, uint64_t step) {
    const struct sg_table *declaration = bs_dataset.tables[table];
    struct rows *rows = &stripe[table];
    *rows = (struct rows){.table = declaration};
    uint64_t units = bs_dataset.unit_count(open_world, declaration->domain);
    for (uint64_t u = 0; u < units; u += step) {
        struct sg_emitter emitter;
        struct sg_error err = {0};
        uint64_t end = u + step < units ? u + step : units;
        assert_int_equal(sg_emitter_open(&emitter, declaration, gather, rows, &err), SG_OK);
        uint64_t before = bs_dataset.rows_before(open_world, (uint16_t)table, u);
        assert_int_equal(before, rows->row_next);
        sg_emitter_seek(&emitter, before);
        assert_int_equal(bs_dataset.generate(open_world, (uint16_t)table, u, end, &emitter, &err), SG_OK);
        assert_int_equal(sg_emitter_flush(&emitter, &err), SG_OK);
        sg_emitter_close(&emitter);
    }
    assert_int_equal(rows->count, bs_dataset.rows_before(open_world, (uint16_t)table, units));
    assert_int_equal(rows->count, open_world->sizes.rows[table]);
}

static struct sg_world *open_run(uint64_t accounts, uint64_t seed, int32_t as_of_day, uint64_t step) {
    struct sg_run run = {.seed = seed, .as_of_day = as_of_day, .units = accounts};
    struct sg_world *world;
    struct sg_error err = {0};
    assert_int_equal(bs_dataset.world_open(&run, &world, &err), SG_OK);
    open_world = world;
    for (int t = FIRST_TABLE; t <= LAST_TABLE; t++)
        load(t, step);
    return world;
}

static void close_run(struct sg_world *world) {
    for (int t = FIRST_TABLE; t <= LAST_TABLE; t++) {
        free(stripe[t].cells);
        free(stripe[t].nulls);
        stripe[t] = (struct rows){0};
    }
    bs_dataset.world_close(world);
}

/* Keys ascend strictly. */
static void check_keys(int table) {
    uint64_t last = 0;
    for (size_t i = 0; i < stripe[table].count; i++) {
        uint64_t key = (uint64_t)value(table, i, "id");
        assert_true(i == 0 || key > last);
        assert_int_equal(key / BS_TOKEN_STRIDE, i);
        last = key;
    }
}

/* The row a foreign key points to, in a Stripe table; -1 for NULL, -2 for parents outside. */
static int64_t parent_row(int table, size_t row, const char *via, int *parent) {
    const struct sg_table *t = stripe[table].table;
    const struct sg_foreign_key *key = NULL;
    for (int i = 0; i < t->foreign_key_count; i++)
        if (strcmp(t->foreign_keys[i].column, via) == 0) key = &t->foreign_keys[i];
    assert_non_null(key);
    *parent = sg_table_index(&bs_dataset, key->parent);
    assert_true(*parent >= 0);
    bool null;
    int64_t at = get(table, row, via, &null);
    if (null) return -1;
    if (*parent < FIRST_TABLE || *parent > LAST_TABLE) return -2;
    uint64_t found = (uint64_t)at / BS_TOKEN_STRIDE;
    assert_true(found < stripe[*parent].count);
    assert_int_equal(value(*parent, found, "id"), at);
    return (int64_t)found;
}

static void check_keys_of_parents(int table) {
    const struct sg_table *t = stripe[table].table;
    for (int k = 0; k < t->foreign_key_count; k++)
        for (size_t i = 0; i < stripe[table].count; i++) {
            int parent;
            if (parent_row(table, i, t->foreign_keys[k].column, &parent) != -2) continue;
            uint64_t limit =
                parent == BS_ACCOUNTS ? open_world->accounts : stripe[BS_STRIPE_SUBSCRIPTIONS].count;
            int64_t id = value(table, i, t->foreign_keys[k].column);
            assert_true(id >= 1 && (uint64_t)id <= limit);
        }
}

static int by_value(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void check_unique(int table, const char *column) {
    size_t n = stripe[table].count;
    int64_t *all = malloc((n + 1) * sizeof *all);
    for (size_t i = 0; i < n; i++)
        all[i] = value(table, i, column);
    qsort(all, n, sizeof *all, by_value);
    for (size_t i = 1; i < n; i++)
        assert_true(all[i] != all[i - 1]);
    free(all);
}

static void check_totals(int table, const struct sg_rule *rule) {
    int parent = -1;
    int64_t *sums = NULL;
    for (size_t i = 0; i < stripe[table].count; i++) {
        int64_t at = parent_row(table, i, rule->via, &parent);
        if (!sums) sums = calloc(stripe[parent].count + 1, sizeof *sums);
        sums[at] += rule->kind == SG_RULE_COUNT_EQ ? 1 : value(table, i, rule->a);
    }
    for (size_t i = 0; sums && i < stripe[parent].count; i++)
        assert_int_equal(sums[i], value(parent, i, rule->b));
    free(sums);
}

static bool speaks_of(int table, size_t i, const struct sg_rule *rule) {
    if (!rule->when) return true;
    const struct sg_table *t = stripe[table].table;
    uint64_t labels = sg_rule_labels(&t->columns[sg_column_index(t, rule->when)], rule->is);
    return labels >> value(table, i, rule->when) & 1;
}

static void check_row_rule(int table, size_t i, const struct sg_rule *rule) {
    bool null = false, other = false;
    int64_t a = get(table, i, rule->a, &null), b = 0;
    if (!speaks_of(table, i, rule)) return;
    if (rule->kind == SG_RULE_NULL || rule->kind == SG_RULE_NOT_NULL)
        assert_int_equal(null, rule->kind == SG_RULE_NULL);
    if (null || rule->kind > SG_RULE_CONSECUTIVE) return;
    if (rule->kind == SG_RULE_LE || rule->kind == SG_RULE_LT) {
        b = get(table, i, rule->b, &other);
    } else if (rule->via) {
        int parent;
        int64_t at = parent_row(table, i, rule->via, &parent);
        if (at < 0) return;
        b = get(parent, (size_t)at, rule->b, &other);
        if (rule->times) b *= value(table, i, rule->times);
    }
    if (other) return;
    bool holds = rule->kind == SG_RULE_LE          ? a <= b
                 : rule->kind == SG_RULE_LT        ? a < b
                 : rule->kind == SG_RULE_RANGE     ? a >= rule->low && a <= rule->high
                 : rule->kind == SG_RULE_PARENT_EQ ? a == b
                 : rule->kind == SG_RULE_PARENT_GE ? a >= b
                 : rule->kind == SG_RULE_PARENT_LE ? a <= b
                 : rule->kind == SG_RULE_PAST      ? a <= open_world->as_of
                                                   : a == (int64_t)i + 1;
    if (!holds) print_error("%s fails in row %zu: %lld %lld\n", rule->name, i, (long long)a, (long long)b);
    assert_true(holds);
}

static void check_rules(int table) {
    const struct sg_table *t = stripe[table].table;
    for (int r = 0; r < t->rule_count; r++) {
        const struct sg_rule *rule = &t->rules[r];
        if (rule->kind == SG_RULE_UNIQUE)
            check_unique(table, rule->a);
        else if (rule->kind == SG_RULE_COUNT_EQ || rule->kind == SG_RULE_SUM_EQ)
            check_totals(table, rule);
        else if (!sg_rule_on_order(rule->kind))
            for (size_t i = 0; i < stripe[table].count; i++)
                check_row_rule(table, i, rule);
    }
}

/* Invoices of a subscription follow each other without a gap, the last one bills its last begun period, and
 * unpaid ones never have a charge. */
static void check_invoices(void) {
    size_t paid = 0, n = stripe[BS_STRIPE_INVOICES].count;
    for (size_t i = 0; i < n; i++) {
        int64_t subscription = value(BS_STRIPE_INVOICES, i, "subscription");
        size_t parent = (size_t)subscription / BS_TOKEN_STRIDE;
        bool last = i + 1 == n || value(BS_STRIPE_INVOICES, i + 1, "subscription") != subscription;
        const char *next_table_end = "period_end";
        if (last)
            assert_int_equal(value(BS_STRIPE_INVOICES, i, "period_start"),
                             value(BS_STRIPE_SUBSCRIPTIONS, parent, "current_period_start"));
        else
            assert_int_equal(value(BS_STRIPE_INVOICES, i, next_table_end),
                             value(BS_STRIPE_INVOICES, i + 1, "period_start"));
        bool is_paid = value(BS_STRIPE_INVOICES, i, "status") == BS_INVOICE_PAID;
        if (is_paid) {
            assert_true(paid < stripe[BS_STRIPE_CHARGES].count);
            assert_int_equal((uint64_t)value(BS_STRIPE_CHARGES, paid, "invoice") / BS_TOKEN_STRIDE, i);
            assert_int_equal(value(BS_STRIPE_CHARGES, paid, "amount"),
                             value(BS_STRIPE_INVOICES, i, "amount_due"));
        }
        bool unpaid;
        get(BS_STRIPE_INVOICES, i, "paid_at", &unpaid);
        assert_int_equal(unpaid, !is_paid);
        paid += is_paid;
    }
    assert_int_equal(paid, stripe[BS_STRIPE_CHARGES].count);
}

/* What the events say of one object. */
struct story {
    uint32_t types;   /* bits seen */
    uint8_t failures; /* payment_failed events */
    int64_t last;     /* instant of the latest */
};

static struct story *stories[BS_TABLE_COUNT];

static void hear(size_t event) {
    int64_t named = value(BS_STRIPE_EVENTS, event, "data"), at = value(BS_STRIPE_EVENTS, event, "created");
    assert_true(named >= 0);
    int table = (int)(named >> 48);
    size_t row = (size_t)(named & (((int64_t)1 << 48) - 1));
    assert_true(row < stripe[table].count);
    int type = (int)value(BS_STRIPE_EVENTS, event, "type");
    int64_t account = table == BS_STRIPE_CUSTOMERS ? (int64_t)row + 1 : value(table, row, "account_id");
    assert_int_equal(account, value(BS_STRIPE_EVENTS, event, "account_id"));
    struct story *story = &stories[table][row];
    bool repeats = type == BS_EVENT_CUSTOMER_UPDATED || type == BS_EVENT_SUBSCRIPTION_UPDATED ||
                   type == BS_EVENT_INVOICE_PAYMENT_FAILED || type == BS_EVENT_INTENT_PAYMENT_FAILED;
    assert_true(repeats || !(story->types >> type & 1));
    bool creates = type == BS_EVENT_CUSTOMER_CREATED || type == BS_EVENT_SUBSCRIPTION_CREATED ||
                   type == BS_EVENT_INVOICE_CREATED || type == BS_EVENT_INTENT_CREATED ||
                   type == BS_EVENT_CHARGE_SUCCEEDED;
    assert_int_equal(creates, story->types == 0);
    if (creates) assert_int_equal(at, value(table, row, "created"));
    assert_true(at >= story->last);
    story->last = at;
    story->types |= 1u << type;
    story->failures += type == BS_EVENT_INVOICE_PAYMENT_FAILED || type == BS_EVENT_INTENT_PAYMENT_FAILED;
}

static bool heard(int table, size_t row, enum bs_event_type type) {
    return stories[table][row].types >> type & 1;
}

static bool filled(int table, size_t row, const char *column) {
    bool null;
    get(table, row, column, &null);
    return !null;
}

static void check_stories(void) {
    for (size_t i = 0; i < stripe[BS_STRIPE_INVOICES].count; i++) {
        const int t = BS_STRIPE_INVOICES, p = BS_STRIPE_PAYMENT_INTENTS;
        int64_t status = value(t, i, "status");
        assert_true(heard(t, i, BS_EVENT_INVOICE_CREATED) && heard(p, i, BS_EVENT_INTENT_CREATED));
        assert_int_equal(heard(t, i, BS_EVENT_INVOICE_FINALIZED), filled(t, i, "finalized_at"));
        assert_int_equal(heard(t, i, BS_EVENT_INVOICE_PAID), status == BS_INVOICE_PAID);
        assert_int_equal(heard(p, i, BS_EVENT_INTENT_SUCCEEDED), status == BS_INVOICE_PAID);
        assert_int_equal(heard(t, i, BS_EVENT_INVOICE_VOIDED), status == BS_INVOICE_VOID);
        assert_int_equal(heard(t, i, BS_EVENT_INVOICE_UNCOLLECTIBLE), status == BS_INVOICE_UNCOLLECTIBLE);
        int failures = (int)value(t, i, "attempt_count") - (status == BS_INVOICE_PAID);
        assert_int_equal(stories[t][i].failures, failures);
        assert_int_equal(stories[p][i].failures, failures);
        assert_int_equal(filled(p, i, "last_payment_error_code"), failures > 0);
    }
    for (size_t i = 0; i < stripe[BS_STRIPE_SUBSCRIPTIONS].count; i++) {
        assert_true(heard(BS_STRIPE_SUBSCRIPTIONS, i, BS_EVENT_SUBSCRIPTION_CREATED));
        assert_int_equal(heard(BS_STRIPE_SUBSCRIPTIONS, i, BS_EVENT_SUBSCRIPTION_DELETED),
                         filled(BS_STRIPE_SUBSCRIPTIONS, i, "ended_at"));
    }
    for (size_t i = 0; i < stripe[BS_STRIPE_CHARGES].count; i++)
        assert_true(heard(BS_STRIPE_CHARGES, i, BS_EVENT_CHARGE_SUCCEEDED));
    for (size_t i = 0; i < stripe[BS_STRIPE_CUSTOMERS].count; i++)
        assert_true(heard(BS_STRIPE_CUSTOMERS, i, BS_EVENT_CUSTOMER_CREATED));
}

static void check_events(void) {
    for (int t = FIRST_TABLE; t <= LAST_TABLE; t++)
        stories[t] = calloc(stripe[t].count + 1, sizeof *stories[t]);
    int64_t account = 0, at = 0;
    struct bs_account owner;
    for (size_t i = 0; i < stripe[BS_STRIPE_EVENTS].count; i++) {
        int64_t next = value(BS_STRIPE_EVENTS, i, "account_id"),
                created = value(BS_STRIPE_EVENTS, i, "created");
        assert_true(next > account || (next == account && created >= at));
        if (next != account) bs_account_get(open_world, (uint64_t)next - 1, &owner);
        assert_true(created >= owner.created && created <= owner.end && owner.end <= open_world->as_of);
        account = next;
        at = created;
        hear(i);
    }
    check_stories();
    for (int t = FIRST_TABLE; t <= LAST_TABLE; t++)
        free(stories[t]);
}

/* A subscription's Stripe state fits the app's and its latest invoice. */
static void check_states(void) {
    for (uint64_t u = 0; u < open_world->accounts; u++) {
        struct bs_account account;
        bs_account_get(open_world, u, &account);
        assert_int_equal(value(BS_STRIPE_CUSTOMERS, u, "created"), account.created);
        for (int s = 0; s < account.sub_count; s++) {
            const struct bs_subscription *sub = &account.subs[s];
            size_t row = account.sub_first + (size_t)s;
            bool current =
                sub->status == BS_SUB_ACTIVE || sub->status == BS_SUB_TRIAL || sub->status == BS_SUB_PENDING;
            assert_int_equal(value(BS_STRIPE_SUBSCRIPTIONS, row, "account_id"), u + 1);
            assert_int_equal(value(BS_STRIPE_SUBSCRIPTIONS, row, "status") == BS_STRIPE_CANCELED, !current);
            assert_int_equal(value(BS_STRIPE_SUBSCRIPTIONS, row, "invoice_count"), sub->invoices);
            assert_int_equal(value(BS_STRIPE_SUBSCRIPTIONS, row, "period_amount"), sub->period_cents);
            if (current)
                assert_true(value(BS_STRIPE_SUBSCRIPTIONS, row, "current_period_end") >
                            open_world->as_of - 1);
        }
    }
}

static void check_run(uint64_t accounts, uint64_t seed, int32_t as_of_day, uint64_t step) {
    struct sg_world *world = open_run(accounts, seed, as_of_day, step);
    for (int t = FIRST_TABLE; t <= LAST_TABLE; t++) {
        check_keys(t);
        check_keys_of_parents(t);
        check_rules(t);
    }
    check_invoices();
    check_states();
    check_events();
    close_run(world);
}

static void small_runs_hold_together(void **state) {
    (void)state;
    int32_t day = sg_day_from_civil(2026, 11, 20);
    for (uint64_t accounts = 1; accounts <= 12; accounts++)
        for (uint64_t seed = 1; seed <= 4; seed++)
            check_run(accounts, seed, day - (int32_t)(seed * 97), 3);
    /* Plan changes in mid-period, paid for late. */
    check_run(26, 72, 20777, 5);
    check_run(105, 80, 20777, 50);
    check_run(100, 42, day, 7);
    check_run(100, 43, sg_day_from_civil(2024, 3, 1), 100);
    check_run(1000, 42, sg_day_from_civil(2025, 2, 28), 129);
    check_run(1000, 7, day, 1000);
}

static void large_run_holds_together(void **state) {
    (void)state;
    check_run(10000, 42, sg_day_from_civil(2026, 11, 20), 3333);
}

/* The seed's totals, and the whole story told, in the three environments. */
static void totals_are_the_seeds(void **state) {
    (void)state;
    static const uint64_t accounts[] = {100, 10000, 40000};
    for (size_t i = 0; i < 3; i++)
        for (uint64_t seed = 40; seed < (i == 0 ? 60 : 42); seed++) {
            struct sg_run run = {.seed = seed, .as_of_day = 20500 + (int32_t)seed * 11, .units = accounts[i]};
            struct sg_world *world;
            assert_int_equal(bs_dataset.world_open(&run, &world, NULL), SG_OK);
            const uint64_t *rows = world->sizes.rows, n = accounts[i];
            assert_int_equal(rows[BS_STRIPE_CUSTOMERS], n);
            assert_int_equal(rows[BS_STRIPE_PRICES], 12);
            assert_int_equal(rows[BS_STRIPE_SUBSCRIPTIONS], n * 5 / 4);
            assert_int_equal(rows[BS_STRIPE_SUBSCRIPTION_ITEMS], n * 7 / 4);
            assert_int_equal(rows[BS_STRIPE_INVOICES], n * 15);
            assert_int_equal(rows[BS_STRIPE_PAYMENT_INTENTS], n * 15);
            assert_int_equal(rows[BS_STRIPE_CHARGES], n * 57 / 4);
            assert_int_equal(rows[BS_STRIPE_EVENTS], n * 100);
            if (i > 0) assert_int_equal(world->billing->thrift, BS_TELL_ALL);
            bs_dataset.world_close(world);
        }
}

/* Late and lost payments have the shape the catalog states. */
static void payments_have_their_shape(void **state) {
    (void)state;
    struct sg_world *world = open_run(2000, 42, 20777, 2000);
    size_t n = stripe[BS_STRIPE_INVOICES].count, within_hours = 0, retried = 0, paid = 0, open = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t status = value(BS_STRIPE_INVOICES, i, "status");
        int64_t age = world->as_of - value(BS_STRIPE_INVOICES, i, "created");
        if (status == BS_INVOICE_OPEN || status == BS_INVOICE_DRAFT) {
            open++;
            assert_true(age < 32 * (int64_t)SG_DAY_S);
        }
        if (status != BS_INVOICE_PAID) continue;
        paid++;
        int64_t wait = value(BS_STRIPE_INVOICES, i, "paid_at") - value(BS_STRIPE_INVOICES, i, "created");
        assert_true(wait < 25 * (int64_t)SG_DAY_S);
        within_hours += wait < 2 * SG_HOUR_S;
        retried += value(BS_STRIPE_INVOICES, i, "attempt_count") > 1;
    }
    assert_true(open > 0);
    assert_true(within_hours * 100 > paid * 80 && within_hours * 100 < paid * 90);
    assert_true(retried * 1000 > paid * 45 && retried * 1000 < paid * 65);
    close_run(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_runs_hold_together),
        cmocka_unit_test(large_run_holds_together),
        cmocka_unit_test(totals_are_the_seeds),
        cmocka_unit_test(payments_have_their_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
