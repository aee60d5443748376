/* Rules on sums, labels, NULLs and scattered children against planted faults, and the readers of their texts.
 * labels: quick */
#include "planted.h"

#include <regex.h>

#include "model/rule.h"
#include "model/shape.h"
#include "verify/verify.h"

enum { OWNERS = 30, BILLS = 100 };

static const char *const labels[] = {"open", "paid", "void"};
static const struct sg_enum states = {"state", labels, 3};

enum { O_ID, O_BILLS, O_NET, O_ACTIVE, O_RATE };
static const struct sg_column owner_columns[] = {
    {.name = "id", .type = SG_I32},
    {.name = "bills", .type = SG_I32},
    {.name = "net", .type = SG_DECIMAL, .precision = 12, .scale = 2},
    {.name = "is_active", .type = SG_BOOL},
    {.name = "rate", .type = SG_I64, .nullable = true},
};
static const struct sg_table owner_table = {
    .name = "owners", .columns = owner_columns, .column_count = 5, .key = {"id"}, .row_text_bytes = 20};

enum {
    B_ID,
    B_OWNER,
    B_NET,
    B_TAX,
    B_TOTAL,
    B_STATE,
    B_ROUND,
    B_PAID_AT,
    B_NOTED_AT,
    B_PIECES,
    B_PRICE,
    B_DUE,
    B_FEE,
    B_RATE,
    B_DUTY,
    B_CODE,
    B_BUNDLE,
    B_SIDE,
    BILL_COLUMNS
};
static const struct sg_column bill_columns[] = {
    {.name = "id", .type = SG_I32},
    {.name = "owner_id", .type = SG_I32},
    {.name = "net", .type = SG_DECIMAL, .precision = 12, .scale = 2},
    {.name = "tax", .type = SG_DECIMAL, .precision = 12, .scale = 2, .nullable = true},
    {.name = "total", .type = SG_DECIMAL, .precision = 12, .scale = 2},
    {.name = "state", .type = SG_ENUM, .labels = &states, .nullable = true},
    {.name = "is_round", .type = SG_BOOL},
    {.name = "paid_at", .type = SG_TIMESTAMP, .nullable = true},
    {.name = "noted_at", .type = SG_TIMESTAMP},
    {.name = "pieces", .type = SG_I16},
    {.name = "price", .type = SG_DECIMAL, .precision = 12, .scale = 2, .nullable = true},
    {.name = "due", .type = SG_DATE},
    {.name = "fee", .type = SG_I64},
    {.name = "duty_rate", .type = SG_DECIMAL, .precision = 5, .scale = 2, .nullable = true},
    {.name = "duty", .type = SG_DECIMAL, .precision = 12, .scale = 2},
    {.name = "code", .type = SG_TEXT, .nullable = true},
    {.name = "bundle", .type = SG_I32},
    {.name = "side", .type = SG_ENUM, .labels = &states},
};
static const struct sg_foreign_key bill_keys[] = {{"owner_id", "owners", "id", SG_CASCADE}};
static const struct sg_rule bill_rules[] = {
    {.kind = SG_RULE_LINEAR, .name = "adds_up", .a = "total", .b = "total - net - tax"},
    {.kind = SG_RULE_LINEAR, .name = "tax_rate", .a = "tax", .b = "100 tax - 18 net", .low = -50, .high = 50},
    {.kind = SG_RULE_IN,
     .name = "round_is_settled",
     .a = "state",
     .b = "paid|void",
     .when = "is_round",
     .is = "true"},
    {.kind = SG_RULE_NOT_NULL, .name = "paid_has_time", .a = "paid_at", .when = "state", .is = "paid"},
    {.kind = SG_RULE_NULL, .name = "unpaid_has_none", .a = "paid_at", .when = "state", .is = "open|void"},
    {.kind = SG_RULE_LE,
     .name = "noted_after_paid",
     .a = "paid_at",
     .b = "noted_at",
     .when = "state",
     .is = "paid"},
    {.kind = SG_RULE_RANGE, .name = "void_is_small", .a = "net", .high = 9999, .when = "state", .is = "void"},
    {.kind = SG_RULE_FUTURE, .name = "open_in_future", .a = "noted_at", .when = "state", .is = "open"},
    {.kind = SG_RULE_PARENT_IS, .name = "owner_active", .b = "is_active", .via = "owner_id", .is = "true"},
    {.kind = SG_RULE_COUNT_EQ, .name = "bills_of_owner", .b = "bills", .via = "owner_id", .scattered = true},
    {.kind = SG_RULE_SUM_EQ,
     .name = "net_of_owner",
     .a = "net",
     .b = "net",
     .via = "owner_id",
     .scattered = true},
    {.kind = SG_RULE_PRODUCT, .name = "net_is_product", .a = "net", .b = "price * pieces"},
    {.kind = SG_RULE_MULTIPLE,
     .name = "void_is_round",
     .a = "net",
     .low = 100,
     .when = "state",
     .is = "void"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "fee_is_rate_times_pieces",
     .a = "fee",
     .b = "rate",
     .via = "owner_id",
     .times = "pieces"},
    {.kind = SG_RULE_WINDOW, .name = "noted_this_year", .a = "noted_at", .b = "months", .high = 12},
    {.kind = SG_RULE_LINEAR,
     .name = "noted_soon",
     .a = "noted_at",
     .b = "noted_at - paid_at",
     .low = 1000,
     .high = 1000,
     .when = "state",
     .is = "paid"},
    {.kind = SG_RULE_PERCENT,
     .name = "duty_is_eighth",
     .a = "duty",
     .b = "total - tax",
     .times = "duty_rate"},
    {.kind = SG_RULE_TOGETHER, .name = "code_with_rate", .a = "code", .b = "duty_rate"},
    {.kind = SG_RULE_SHAPE, .name = "code_shape", .a = "code", .b = "B-[0-9]{3}"},
    {.kind = SG_RULE_NEXT_NE, .name = "sides_change", .a = "side", .b = "side", .via = "bundle"},
    {.kind = SG_RULE_FIRST_IN, .name = "open_or_paid_first", .a = "side", .b = "open|paid", .via = "bundle"},
    {.kind = SG_RULE_WINDOW, .name = "due_in_window", .a = "due", .b = "days", .low = -30, .high = 10},
};
static const struct sg_table bill_table = {
    .name = "bills",
    .columns = bill_columns,
    .column_count = BILL_COLUMNS,
    .key = {"id"},
    .foreign_keys = bill_keys,
    .foreign_key_count = 1,
    .rules = bill_rules,
    .rule_count = sizeof bill_rules / sizeof *bill_rules,
    .row_text_bytes = 60,
    .text_bytes_max = 16,
};

enum fault {
    NONE,
    TOTAL_OFF,
    TAX_OFF,
    ROUND_OPEN,
    NO_PAID_AT,
    OPEN_WITH_PAID_AT,
    PAID_AFTER_NOTE,
    VOID_BIG,
    COUNTS_EXCHANGED,
    SUMS_EXCHANGED,
    OPEN_IN_PAST,
    OWNER_GONE,
    PRODUCT_OFF,
    STEP_OFF,
    TOO_OLD,
    TOO_NEW,
    DUE_TOO_LATE,
    FEE_OFF,
    RATE_TOO_BIG,
    DUTY_OFF,
    DUTY_TO_ODD,
    CODE_MISSING,
    CODE_LONG,
    SIDE_KEPT,
    VOID_FIRST,
    FAULTS
};

static uint64_t owner_of(uint64_t bill) {
    return bill * 7 % OWNERS;
}

static int16_t pieces_of(uint64_t bill) {
    return (int16_t)(1 + bill % 4);
}

/* Void bills have round prices. */
static int64_t price_of(uint64_t bill, int fault) {
    int64_t price = bill % 3 == 2 ? (int64_t)(1 + bill % 7) * 100 : (int64_t)(250 + bill * 9);
    return price + (fault == STEP_OFF && bill == 32);
}

static int64_t net_of(uint64_t bill, int fault) {
    return fault == VOID_BIG && bill == 32 ? 10000 : price_of(bill, fault) * pieces_of(bill);
}

static const int64_t now = 20000 * 86400LL, year_ago = (20000 - 366) * 86400LL;

/* A bill whose owner has no rate, so that only its own columns can be wrong. */
enum { UNRATED = 31 };

/* A rate whose product with the pieces of a bill does not fit 64 bits. */
static int64_t rate_of(uint64_t owner, int fault) {
    return fault == RATE_TOO_BIG && owner == 0 ? INT64_MAX : (int64_t)(30 + owner);
}

/* An eighth of the net amount; where that lies between two cents, the even one. */
static int64_t duty_of(uint64_t bill, int fault) {
    int64_t net = net_of(bill, fault), eighth = net / 8, left = net % 8;
    return eighth + (left > 4 || (left == 4 && eighth % 2));
}

/* Bundles of five; the sides open, paid, open, paid, open. An eighth of bill 43 lies between two cents. */
static void put_duty(struct sg_emitter *e, uint64_t i, int fault) {
    int64_t duty = duty_of(i, fault);
    if (fault == DUTY_OFF && i == 41) duty += 2;
    if (fault == DUTY_TO_ODD && i == 43) duty += net_of(i, fault) > 8 * duty ? 1 : -1;
    if (i == 43) assert_int_equal(net_of(i, fault) % 8, 4);
    sg_set_i64(e, B_RATE, 1250);
    sg_set_i64(e, B_DUTY, duty);
    sg_set_textf(e, B_CODE, "B-%03d%s", (int)i, fault == CODE_LONG && i == 41 ? "7" : "");
    if (i % 9 == 4 || (fault == CODE_MISSING && i == 41)) sg_set_null(e, B_CODE);
    if (i % 9 == 4) sg_set_null(e, B_RATE);
    sg_set_i32(e, B_BUNDLE, (int32_t)(i / 5));
    sg_set_enum(e, B_SIDE, (uint16_t)(i % 5 % 2));
    if (fault == SIDE_KEPT && i == 44) sg_set_enum(e, B_SIDE, 1);
    if (fault == VOID_FIRST && i == 45) sg_set_enum(e, B_SIDE, 2);
}

/* The bill that carries the fault, of each state: 30 is open, 31 paid, 32 void. */
static bool put_bill(struct sg_emitter *e, uint64_t i, int fault) {
    unsigned state = i % 3;
    int64_t net = net_of(i, fault), tax = (net * 18 + 50) / 100, noted = state ? now - 4000 : now;
    if (fault == TAX_OFF && i == 30) tax += 1;
    if (fault == OPEN_IN_PAST && i == 30) noted--;
    if (fault == TOO_NEW && i == 30) noted++;
    if (fault == TOO_OLD && i == 32) noted = year_ago - 1;
    sg_set_i32(e, B_ID, (int32_t)i + 1);
    sg_set_i32(e, B_OWNER, (int32_t)owner_of(i) + 1);
    sg_set_i64(e, B_NET, net);
    sg_set_i64(e, B_TAX, tax);
    sg_set_i64(e, B_TOTAL, net + tax + (fault == TOTAL_OFF && i == 31));
    if (i % 20 == 9 || (fault == VOID_BIG && i == 32)) sg_set_null(e, B_TAX);
    sg_set_enum(e, B_STATE, (uint16_t)state);
    sg_set_bool(e, B_ROUND, state != 0 || (fault == ROUND_OPEN && i == 30));
    sg_set_i64(e, B_PAID_AT, now - 5000 + (fault == PAID_AFTER_NOTE && i == 31 ? 2000 : 0));
    if (state != 1 || (fault == NO_PAID_AT && i == 31)) sg_set_null(e, B_PAID_AT);
    if (fault == OPEN_WITH_PAID_AT && i == 30) sg_set_i64(e, B_PAID_AT, now - 9000);
    sg_set_i64(e, B_NOTED_AT, noted);
    sg_set_i16(e, B_PIECES, (int16_t)(pieces_of(i) + (fault == PRODUCT_OFF && i == UNRATED)));
    sg_set_i64(e, B_PRICE, price_of(i, fault));
    if (fault == VOID_BIG && i == 32) sg_set_null(e, B_PRICE);
    sg_set_i64(e, B_FEE, (rate_of(owner_of(i), NONE) * pieces_of(i)) + (fault == FEE_OFF && i == 30));
    put_duty(e, i, fault);
    sg_set_date(e, B_DUE, fault == DUE_TOO_LATE && i == 31 ? 20031 : 19990 + (int32_t)(i % 41));
    return true;
}

/* Exchanging two owners' figures keeps every total: only the weights can tell. */
static bool put_owner(struct sg_emitter *e, uint64_t i, int fault) {
    uint64_t counted = fault == COUNTS_EXCHANGED && i % 29 == 0 ? 29 - i : i;
    uint64_t summed = fault == SUMS_EXCHANGED && i < 2 ? 1 - i : i;
    int64_t bills = 0, net = 0;
    for (uint64_t b = 0; b < BILLS; b++) {
        bills += owner_of(b) == counted;
        if (owner_of(b) == summed) net += net_of(b, fault);
    }
    sg_set_i32(e, O_ID, (int32_t)i + 1);
    sg_set_i32(e, O_BILLS, (int32_t)bills);
    sg_set_i64(e, O_NET, net);
    sg_set_i64(e, O_RATE, rate_of(i, fault));
    if (i == owner_of(UNRATED)) sg_set_null(e, O_RATE);
    sg_set_bool(e, O_ACTIVE, !(fault == OWNER_GONE && i == 11));
    return true;
}

/* Writes both tables with a fault and names the checks that fail. */
static void failing(enum fault fault, char names[1024]) {
    static const struct sg_dataset dataset = {.name = "planted", .schema = "planted"};
    static const struct planted tables[] = {{&owner_table, put_owner, OWNERS, 2, 0},
                                            {&bill_table, put_bill, BILLS, 2, 0}};
    struct sg_manifest manifest = {.dataset = &dataset, .run = {.as_of_day = 20000}};
    struct sg_error err = {0};
    struct sg_verify verify;
    struct sg_verify_worker *worker;
    write_all_planted(&manifest, tables, 2, fault);
    sg_manifest_seal(&manifest);
    if (sg_verify_open(&verify, &manifest, folder, &err) != SG_OK) fail_msg("%s", err.text);
    assert_int_equal(sg_verify_worker_open(&worker, &verify, &err), SG_OK);
    for (uint16_t t = 0; t < 2; t++)
        for (size_t s = 0; s < manifest.tables[t].shard_count; s++)
            assert_int_equal(sg_verify_shard(worker, t, s, &err), SG_OK);
    struct sg_tally *tallies = calloc(verify.check_count, sizeof *tallies);
    for (size_t c = 0; c < verify.check_count; c++)
        sg_tally_merge(&tallies[c], sg_verify_tallies(worker) + c);
    sg_verify_finish(&verify, tallies);
    names[0] = 0;
    for (size_t c = 0; c < verify.check_count; c++)
        if (tallies[c].offending) {
            assert_in_range(tallies[c].offending, 1,
                            fault == OWNER_GONE || fault == RATE_TOO_BIG ? BILLS / OWNERS + 1 : 1);
            strcat(strcat(names, verify.checks[c].name), " ");
        }
    free(tallies);
    sg_verify_worker_close(worker);
    sg_verify_close(&verify);
    free_planted(&manifest);
}

static void each_fault_is_named(void **state) {
    (void)state;
    static const char *const expected[FAULTS] = {
        [NONE] = "",
        [TOTAL_OFF] = "adds_up ",
        [TAX_OFF] = "tax_rate ",
        [ROUND_OPEN] = "round_is_settled ",
        [NO_PAID_AT] = "paid_has_time ",
        [OPEN_WITH_PAID_AT] = "unpaid_has_none ",
        [PAID_AFTER_NOTE] = "noted_after_paid noted_soon ",
        [VOID_BIG] = "void_is_small ",
        [COUNTS_EXCHANGED] = "bills_of_owner ",
        [SUMS_EXCHANGED] = "net_of_owner ",
        [OPEN_IN_PAST] = "open_in_future ",
        [OWNER_GONE] = "owner_active ",
        [PRODUCT_OFF] = "net_is_product ",
        [STEP_OFF] = "void_is_round ",
        [TOO_OLD] = "noted_this_year ",
        [TOO_NEW] = "noted_this_year ",
        [DUE_TOO_LATE] = "due_in_window ",
        [FEE_OFF] = "fee_is_rate_times_pieces ",
        [RATE_TOO_BIG] = "fee_is_rate_times_pieces ",
        [DUTY_OFF] = "duty_is_eighth ",
        [DUTY_TO_ODD] = "duty_is_eighth ",
        [CODE_MISSING] = "code_with_rate ",
        [CODE_LONG] = "code_shape ",
        [SIDE_KEPT] = "sides_change ",
        [VOID_FIRST] = "open_or_paid_first ",
    };
    char names[1024];
    for (enum fault fault = NONE; fault < FAULTS; fault++) {
        failing(fault, names);
        if (strcmp(names, expected[fault]) != 0) print_error("fault %d\n", (int)fault);
        assert_string_equal(names, expected[fault]);
    }
}

/* Rules that name what is not there, or say what no column can mean, are bugs and told before a row is read.
 */
static void senseless_rules_are_bugs(void **state) {
    (void)state;
    static const struct sg_dataset dataset = {.name = "planted", .schema = "planted"};
    static const struct sg_rule bad[] = {
        {.kind = SG_RULE_RANGE, .a = "nowhere"},
        {.kind = SG_RULE_NOT_NULL},
        {.kind = SG_RULE_LE, .a = "net"},
        {.kind = SG_RULE_LT, .a = "net", .b = "nowhere"},
        {.kind = SG_RULE_LE, .a = "net", .b = "state"},
        {.kind = SG_RULE_PARENT_EQ, .a = "fee", .b = "rate", .via = "state"},
        {.kind = SG_RULE_IN, .a = "state", .b = "paid|lost"},
        {.kind = SG_RULE_LINEAR, .a = "net", .b = "tax * net"},
        {.kind = SG_RULE_PRODUCT, .a = "net", .b = "pieces"},
        {.kind = SG_RULE_MULTIPLE, .a = "net"},
        {.kind = SG_RULE_WINDOW, .a = "due", .b = "weeks", .high = 3},
        {.kind = SG_RULE_PAST, .a = "net"},
        {.kind = SG_RULE_RANGE, .a = "net", .high = 9, .when = "nowhere", .is = "paid"},
        {.kind = SG_RULE_RANGE, .a = "net", .high = 9, .when = "state", .is = "lost"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct sg_rule rule = bad[i];
        struct sg_table table = bill_table;
        struct sg_manifest_table tables[2] = {{.table = &owner_table}, {.table = &table}};
        struct sg_manifest manifest = {
            .dataset = &dataset, .run = {.as_of_day = 20000}, .tables = tables, .table_count = 2};
        struct sg_verify verify;
        struct sg_error err = {0};
        rule.name = "senseless";
        table.rules = &rule;
        table.rule_count = 1;
        if (sg_verify_open(&verify, &manifest, folder, &err) != SG_INTERNAL) fail_msg("rule %zu passes", i);
        assert_non_null(strstr(err.text, "rule senseless of bills"));
        sg_verify_close(&verify);
    }
}

static void sums_are_read(void **state) {
    (void)state;
    struct sg_term terms[SG_TERMS_MAX];
    assert_int_equal(sg_rule_terms(&bill_table, "100 tax - 18 net + total", terms), 3);
    assert_int_equal(terms[0].factor, 100);
    assert_int_equal(terms[0].column, B_TAX);
    assert_int_equal(terms[1].factor, -18);
    assert_int_equal(terms[2].factor, 1);
    assert_int_equal(terms[2].column, B_TOTAL);
    static const char *const bad[] = {"",          "tax -", "tax net",
                                      "tax * net", "rate",  "tax + id",
                                      "code",      "5",     "tax+tax+tax+tax+tax+tax+tax+tax+tax"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(sg_rule_terms(&bill_table, bad[i], terms), 0);
}

static void products_are_read(void **state) {
    (void)state;
    int columns[2];
    struct sg_rule rule = {.kind = SG_RULE_PRODUCT, .a = "net", .b = "pieces * price"};
    assert_true(sg_rule_factors(&bill_table, &rule, columns));
    assert_int_equal(columns[0], B_PIECES);
    assert_int_equal(columns[1], B_PRICE);
    static const char *const bad[] = {
        "", "pieces", "pieces *", "pieces * price * id", "2 pieces * price", "net * price", "due * pieces"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        rule.b = bad[i];
        assert_false(sg_rule_factors(&bill_table, &rule, columns));
    }
}

static void percentages_are_read(void **state) {
    (void)state;
    static const struct sg_rule good = {.a = "duty", .b = "net - tax", .times = "duty_rate"};
    static const struct sg_rule bad[] = {
        {.a = "duty", .b = "net", .times = "none"},
        {.a = "duty", .b = "pieces", .times = "duty_rate"},
        {.a = "duty", .b = NULL, .times = "duty_rate"},
        {.a = "code", .b = "net", .times = "duty_rate"},
        {.a = "duty", .b = "net"},
        {.a = "duty", .b = "paid_at", .times = "duty_rate"},
    };
    assert_true(sg_rule_percent(&bill_table, &good));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(sg_rule_percent(&bill_table, &bad[i]));
}

/* Shapes say what the C library's regular expressions say. */
static void shapes_are_matched(void **state) {
    (void)state;
    static const char *const shapes[] = {"\\+91[6-9][0-9]{9}",
                                         "HS[0-9A-F]{6}|none",
                                         "\\[\"[1-8][0-9]{5}\"(, \"[1-8][0-9]{5}\"){2,3}\\]",
                                         "a+b?(cd|ce)*",
                                         "x.y.*",
                                         "(ab){2}",
                                         "[a-c-]+"};
    static const char *const texts[] = {"+919876543210",
                                        "+915876543210",
                                        "+91987654321",
                                        "+9198765432100",
                                        "HS12AB9F",
                                        "HS12AB9G",
                                        "none",
                                        "nones",
                                        "",
                                        "[\"110001\", \"110002\"]",
                                        "[\"110001\", \"110002\", \"110003\"]",
                                        "[\"110001\", \"110002\", \"010003\"]",
                                        "[\"110001\", \"110002\", \"110003\", \"110004\", \"110005\"]",
                                        "a",
                                        "aab",
                                        "abcdce",
                                        "abcdc",
                                        "b",
                                        "xzy",
                                        "xzyabc",
                                        "xy",
                                        "abab",
                                        "ab",
                                        "ababab",
                                        "a-c",
                                        "d"};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        char anchored[128];
        regex_t like;
        struct sg_text_shape shape;
        assert_true(sg_shape_reads(shapes[s]));
        sg_shape_ready(&shape, shapes[s]);
        snprintf(anchored, sizeof anchored, "^(%s)$", shapes[s]);
        assert_int_equal(regcomp(&like, anchored, REG_EXTENDED | REG_NOSUB), 0);
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            if (sg_shape_fits(&shape, texts[t], strlen(texts[t])) != !regexec(&like, texts[t], 0, NULL, 0))
                fail_msg("'%s' and '%s'", shapes[s], texts[t]);
        regfree(&like);
    }
    static const char *const bad[] = {"(",   ")",      "a)",     "(a",   "[",   "[]",  "[^a]",
                                      "a{",  "a{}",    "a{2,1}", "a{0}", "*",   "a**", "a\\",
                                      "\\d", "[a\\d]", "^a",     "a$",   "(a|b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (sg_shape_reads(bad[i])) fail_msg("'%s' reads", bad[i]);
    char long_one[SG_SHAPE_PARTS_MAX + 2];
    memset(long_one, 'a', sizeof long_one);
    long_one[SG_SHAPE_PARTS_MAX + 1] = '\0';
    assert_false(sg_shape_reads(long_one));
    struct sg_text_shape longest;
    long_one[SG_SHAPE_PARTS_MAX] = '\0';
    assert_true(sg_shape_reads(long_one));
    sg_shape_ready(&longest, long_one);
    assert_true(sg_shape_fits(&longest, long_one, SG_SHAPE_PARTS_MAX));
    assert_false(sg_shape_fits(&longest, long_one, SG_SHAPE_PARTS_MAX - 1));
}

static void windows_are_read(void **state) {
    (void)state;
    struct sg_run run = {.as_of_day = 20000}; /* 2024-10-04 */
    struct sg_rule rule = {.kind = SG_RULE_WINDOW, .b = "months", .low = -1, .high = 12};
    int64_t low, high;
    assert_true(sg_rule_window(&rule, &run, SG_DATE, &low, &high));
    assert_int_equal(low, 20000 - 366);
    assert_int_equal(high, 20000 + 31);
    assert_true(sg_rule_window(&rule, &run, SG_TIMESTAMP, &low, &high));
    assert_int_equal(low, (20000 - 366) * 86400LL);
    assert_false(sg_rule_window(&rule, &run, SG_I32, &low, &high));
    rule.b = "month starts";
    assert_true(sg_rule_window(&rule, &run, SG_TIMESTAMP, &low, &high));
    assert_int_equal(low, (20000 - 3 - 366) * 86400LL);
    assert_int_equal(high, (20000 - 3 + 31) * 86400LL);
    rule.b = "weeks";
    assert_false(sg_rule_window(&rule, &run, SG_DATE, &low, &high));
}

static void labels_are_read(void **state) {
    (void)state;
    assert_int_equal(sg_rule_labels(&bill_columns[B_STATE], "paid"), 2);
    assert_int_equal(sg_rule_labels(&bill_columns[B_STATE], "void|open"), 5);
    assert_int_equal(sg_rule_labels(&bill_columns[B_ROUND], "true"), 2);
    assert_int_equal(sg_rule_labels(&bill_columns[B_ROUND], "false|true"), 3);
    assert_int_equal(sg_rule_labels(&bill_columns[B_STATE], "paid|"), 0);
    assert_int_equal(sg_rule_labels(&bill_columns[B_STATE], "Paid"), 0);
    assert_int_equal(sg_rule_labels(&bill_columns[B_NET], "paid"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_is_named), cmocka_unit_test(sums_are_read),
        cmocka_unit_test(products_are_read),   cmocka_unit_test(percentages_are_read),
        cmocka_unit_test(shapes_are_matched),  cmocka_unit_test(windows_are_read),
        cmocka_unit_test(labels_are_read),     cmocka_unit_test(senseless_rules_are_bugs),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
