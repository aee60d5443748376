/* The shard verifier against planted faults: each must be named by its own check, and by no other.
 * labels: quick */
#include "planted.h"

#include <unistd.h>

#include "verify/verify.h"

enum {
    PARENTS = 40,
    CHILDREN_EACH = 3,
    CHILDREN = PARENTS * CHILDREN_EACH,
    PARENT_SHARDS = 2,
    CHILD_SHARDS = 3
};

static const struct sg_token token = {"tok_", "", "", 0, 15, 0};
static const char *const labels[] = {"open", "paid"};
static const struct sg_enum states = {"state", labels, 2};

enum { P_ID, P_TOKEN, P_CHILDREN, P_TOTAL, P_CREATED, P_NAME, P_UNTIL };
static const struct sg_column parent_columns[] = {
    {.name = "id", .type = SG_I32},
    {.name = "token", .type = SG_TOKEN, .token = &token},
    {.name = "children", .type = SG_I32},
    {.name = "total", .type = SG_DECIMAL, .precision = 12, .scale = 2},
    {.name = "created", .type = SG_TIMESTAMP},
    {.name = "name", .type = SG_TEXT, .length_max = 20},
    {.name = "until", .type = SG_DATE, .nullable = true},
};
static const struct sg_rule parent_rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "dense", .a = "id"},
    {.kind = SG_RULE_UNIQUE, .name = "name_unique", .a = "name"},
};
static const struct sg_table parent_table = {
    .name = "parents",
    .columns = parent_columns,
    .column_count = 7,
    .key = {"id"},
    .rules = parent_rules,
    .rule_count = 2,
    .row_text_bytes = 60,
    .text_bytes_max = 20,
};
static const struct sg_rule token_rules[] = {
    {.kind = SG_RULE_RANGE, .name = "weight_small", .a = "weight", .high = 9}};
static const struct sg_column token_columns[] = {{.name = "token", .type = SG_TOKEN, .token = &token},
                                                 {.name = "weight", .type = SG_I16}};
static const struct sg_table token_table = {
    .name = "tokens",
    .columns = token_columns,
    .column_count = 2,
    .key = {"token"},
    .rules = token_rules,
    .rule_count = 1,
    .row_text_bytes = 20,
};

enum { C_ID, C_PARENT, C_TOKEN, C_AMOUNT, C_START, C_END, C_STATE, C_WEIGHT, C_FOLLOWS, C_UNTIL };
static const struct sg_column child_columns[] = {
    {.name = "id", .type = SG_I64},
    {.name = "parent_id", .type = SG_I32},
    {.name = "token", .type = SG_TOKEN, .token = &token, .nullable = true},
    {.name = "amount", .type = SG_DECIMAL, .precision = 12, .scale = 2},
    {.name = "start_at", .type = SG_TIMESTAMP},
    {.name = "end_at", .type = SG_TIMESTAMP, .nullable = true},
    {.name = "state", .type = SG_ENUM, .labels = &states},
    {.name = "weight", .type = SG_I16},
    {.name = "follows", .type = SG_DATE},
    {.name = "until", .type = SG_DATE, .nullable = true},
};
static const struct sg_foreign_key child_keys[] = {{"parent_id", "parents", "id", SG_CASCADE},
                                                   {"token", "tokens", "token", SG_NO_ACTION}};
static const struct sg_rule child_rules[] = {
    {.kind = SG_RULE_LE, .name = "start_before_end", .a = "start_at", .b = "end_at"},
    {.kind = SG_RULE_PAST, .name = "start_past", .a = "start_at"},
    {.kind = SG_RULE_RANGE, .name = "amount_positive", .a = "amount", .low = 1, .high = 1000000},
    {.kind = SG_RULE_PARENT_GE,
     .name = "not_before_parent",
     .a = "start_at",
     .b = "created",
     .via = "parent_id"},
    {.kind = SG_RULE_PARENT_EQ, .name = "weight_is_tokens", .a = "weight", .b = "weight", .via = "token"},
    {.kind = SG_RULE_COUNT_EQ, .name = "count_is_parents", .b = "children", .via = "parent_id"},
    {.kind = SG_RULE_SUM_EQ, .name = "sum_is_parents", .a = "amount", .b = "total", .via = "parent_id"},
    {.kind = SG_RULE_NEXT_EQ, .name = "chain", .a = "follows", .b = "until", .via = "parent_id"},
    {.kind = SG_RULE_NEXT_GE, .name = "in_order", .a = "start_at", .b = "start_at", .via = "parent_id"},
    {.kind = SG_RULE_LAST_EQ, .name = "last_is_parents", .a = "until", .b = "until", .via = "parent_id"},
};
static const struct sg_table child_table = {
    .name = "children",
    .columns = child_columns,
    .column_count = 10,
    .key = {"id"},
    .foreign_keys = child_keys,
    .foreign_key_count = 2,
    .rules = child_rules,
    .rule_count = 10,
    .row_text_bytes = 80,
};

enum fault {
    NONE,
    PARENT_GAP,
    NAME_TWICE,
    TOKEN_HEAVY,
    KEY_ORDER,
    ORPHAN,
    TOKEN_ORPHAN,
    END_FIRST,
    FUTURE,
    ZERO_AMOUNT,
    TOO_EARLY,
    WRONG_WEIGHT,
    COUNT_WRONG,
    TOTAL_WRONG,
    CHILDLESS_TOTAL,
    CHILD_LOST,
    CHAIN_GAP,
    CHAIN_OPEN,
    OUT_OF_ORDER,
    LAST_WRONG,
    LAST_OPEN,
    FAULTS
};

static const int64_t as_of_s = 20000 * 86400LL;

static uint64_t token_key(uint64_t k) {
    return (k * 7 + 3) << 30;
}

static bool put_parent(struct sg_emitter *e, uint64_t i, int fault) {
    bool childless = i == PARENTS; /* one more parent without children */
    sg_set_i32(e, P_ID, (int32_t)(i + 1 + (fault == PARENT_GAP && i >= 30)));
    sg_set_token(e, P_TOKEN, token_key(i));
    sg_set_i32(e, P_CHILDREN, childless ? 0 : CHILDREN_EACH + (fault == COUNT_WRONG && i == 7));
    int64_t total = childless ? (fault == CHILDLESS_TOTAL) : 3 * 100 + (fault == TOTAL_WRONG && i == 9);
    sg_set_i64(e, P_TOTAL, total);
    sg_set_i64(e, P_CREATED, as_of_s - 86400);
    sg_set_i32(e, P_UNTIL, (int32_t)(100 + CHILDREN_EACH + (fault == LAST_WRONG && i == 16)));
    if (i == 5) sg_set_null(e, P_UNTIL); /* its last child is open */
    sg_set_textf(e, P_NAME, "name %d", (int)(fault == NAME_TWICE && i == 33 ? 2 : i));
    return true;
}

static bool put_token(struct sg_emitter *e, uint64_t i, int fault) {
    sg_set_token(e, 0, token_key(i));
    sg_set_i16(e, 1, (int16_t)(fault == TOKEN_HEAVY && i == 17 ? 10 : i % 10));
    return true;
}

static bool put_child(struct sg_emitter *e, uint64_t i, int fault) {
    if (fault == CHILD_LOST && i == 61) return false;
    uint64_t parent = i / CHILDREN_EACH;
    bool here = i == 50; /* the row that carries the fault; its parent is 16 */
    int64_t start = as_of_s - 3600 + (int64_t)i;
    uint64_t key = fault == KEY_ORDER && i == 80 ? 80 : i + 1;
    sg_set_i64(e, C_ID, (int64_t)key);
    sg_set_i32(e, C_PARENT, (int32_t)(fault == ORPHAN && i == CHILDREN - 1 ? PARENTS + 5 : parent + 1));
    sg_set_token(e, C_TOKEN, token_key(parent) + (fault == TOKEN_ORPHAN && here));
    if (i % 11 == 5) sg_set_null(e, C_TOKEN);
    sg_set_i64(e, C_AMOUNT, fault == ZERO_AMOUNT && here ? 0 : 100);
    if (fault == ZERO_AMOUNT && i == 49) sg_set_i64(e, C_AMOUNT, 200);
    if (fault == FUTURE && here) start = as_of_s + 1;
    if (fault == TOO_EARLY && here) start = as_of_s - 86401;
    if (fault == OUT_OF_ORDER && here) start -= 2;
    sg_set_i64(e, C_START, start);
    sg_set_i64(e, C_END, fault == END_FIRST && here ? start - 1 : start + 10);
    if (i % 7 == 3) sg_set_null(e, C_END);
    sg_set_enum(e, C_STATE, i % 2);
    int32_t link = 100 + (int32_t)(i % CHILDREN_EACH);
    sg_set_i32(e, C_FOLLOWS, link + (fault == CHAIN_GAP && here));
    sg_set_i32(e, C_UNTIL, link + 1);
    bool open = i % CHILDREN_EACH == CHILDREN_EACH - 1 && parent == 5;
    if (open || (fault == CHAIN_OPEN && i == 49) || (fault == LAST_OPEN && here)) sg_set_null(e, C_UNTIL);
    sg_set_i16(e, C_WEIGHT, (int16_t)(fault == WRONG_WEIGHT && here ? 11 : parent % 10));
    return true;
}

/* Three tables in the folder, with one fault, and a manifest that agrees with what is written. */
static void write_run(struct sg_manifest *manifest, enum fault fault) {
    static const struct sg_dataset dataset = {.name = "planted", .schema = "planted"};
    static const struct planted tables[] = {
        {&parent_table, put_parent, PARENTS + 1, PARENT_SHARDS, 0},
        {&token_table, put_token, PARENTS, PARENT_SHARDS, 0},
        {&child_table, put_child, CHILDREN, CHILD_SHARDS, CHILDREN_EACH},
    };
    *manifest = (struct sg_manifest){.dataset = &dataset, .run = {.as_of_day = 20000}};
    write_all_planted(manifest, tables, 3, fault);
    sg_manifest_seal(manifest);
}

/* Runs all checks; returns the names of the failing ones, "table.check ", in order. */
static void failing(const struct sg_manifest *manifest, char names[1024]) {
    struct sg_error err = {0};
    struct sg_verify verify;
    struct sg_verify_worker *worker;
    assert_int_equal(sg_verify_open(&verify, manifest, folder, &err), SG_OK);
    assert_int_equal(sg_verify_worker_open(&worker, &verify, &err), SG_OK);
    for (uint16_t t = 0; t < manifest->table_count; t++)
        for (size_t s = 0; s < manifest->tables[t].shard_count; s++)
            assert_int_equal(sg_verify_shard(worker, t, s, &err), SG_OK);
    struct sg_tally *tallies = calloc(verify.check_count, sizeof *tallies);
    for (size_t c = 0; c < verify.check_count; c++)
        sg_tally_merge(&tallies[c], sg_verify_tallies(worker) + c);
    for (size_t g = 0; g < verify.gathering_count; g++) {
        size_t count;
        uint64_t *hashes = (uint64_t *)(uintptr_t)sg_verify_unique_hashes(worker, g, &count);
        assert_int_equal(sg_verify_unique_judge(&verify, g, hashes, count, tallies, NULL, &err), SG_OK);
    }
    sg_verify_finish(&verify, tallies);
    names[0] = 0;
    for (size_t c = 0; c < verify.check_count; c++) {
        if (!tallies[c].offending) continue;
        size_t used = strlen(names);
        snprintf(names + used, 1024 - used, "%s.%s ", manifest->tables[verify.checks[c].table].table->name,
                 verify.checks[c].name);
        assert_true(tallies[c].samples > 0);
        assert_true(strlen(tallies[c].sample[0]) > 0);
    }
    free(tallies);
    sg_verify_worker_close(worker);
    sg_verify_close(&verify);
}

static void each_fault_is_named(void **state) {
    (void)state;
    static const char *const expected[FAULTS] = {
        [NONE] = "",
        [PARENT_GAP] = "parents.dense ",
        [NAME_TWICE] = "parents.name_unique ",
        [TOKEN_HEAVY] = "tokens.weight_small children.weight_is_tokens ",
        [KEY_ORDER] = "children.primary key unique ",
        [ORPHAN] = ("children.foreign key parent_id children.count_is_parents children.sum_is_parents "
                    "children.last_is_parents "),
        [TOKEN_ORPHAN] = "children.foreign key token ",
        [END_FIRST] = "children.start_before_end ",
        [FUTURE] = "children.start_past ",
        [ZERO_AMOUNT] = "children.amount_positive ",
        [TOO_EARLY] = "children.not_before_parent children.in_order ",
        [WRONG_WEIGHT] = "children.weight_is_tokens ",
        [COUNT_WRONG] = "children.count_is_parents ",
        [TOTAL_WRONG] = "children.sum_is_parents ",
        [CHILDLESS_TOTAL] = "children.sum_is_parents ",
        [CHILD_LOST] = "children.count_is_parents children.sum_is_parents children.chain ",
        [CHAIN_GAP] = "children.chain ",
        [CHAIN_OPEN] = "children.chain ",
        [OUT_OF_ORDER] = "children.in_order ",
        [LAST_WRONG] = "children.last_is_parents ",
        [LAST_OPEN] = "children.last_is_parents ",
    };
    for (enum fault fault = NONE; fault < FAULTS; fault++) {
        struct sg_manifest manifest;
        char names[1024];
        write_run(&manifest, fault);
        failing(&manifest, names);
        if (strcmp(names, expected[fault]) != 0) print_error("fault %d\n", (int)fault);
        assert_string_equal(names, expected[fault]);
        free_planted(&manifest);
    }
}

/* Profiles whose first keys come from outside, and notes that refer to them, written as spendsense does. */
enum { OWNERS = 90, OUTSIDE = 50, OWNER_SHARDS = 3, NOTES_EACH = 2 };
static const struct sg_column owner_columns[] = {{.name = "id", .type = SG_UUID},
                                                 {.name = "rank", .type = SG_I32}};
static const struct sg_rule owner_rules[] = {{.kind = SG_RULE_UNIQUE, .name = "ids_unique", .a = "id"}};
static const struct sg_table owner_table = {.name = "owners",
                                            .columns = owner_columns,
                                            .column_count = 2,
                                            .key = {"id"},
                                            .key_external = true,
                                            .rules = owner_rules,
                                            .rule_count = 1,
                                            .row_text_bytes = 40};
static const struct sg_column note_columns[] = {
    {.name = "id", .type = SG_I64}, {.name = "owner_id", .type = SG_UUID}, {.name = "rank", .type = SG_I32}};
static const struct sg_foreign_key note_keys[] = {{"owner_id", "owners", "id", SG_CASCADE}};
static const struct sg_rule note_rules[] = {
    {.kind = SG_RULE_PARENT_EQ, .name = "rank_is_owners", .a = "rank", .b = "rank", .via = "owner_id"}};
static const struct sg_table note_table = {.name = "notes",
                                           .columns = note_columns,
                                           .column_count = 3,
                                           .key = {"id"},
                                           .foreign_keys = note_keys,
                                           .foreign_key_count = 1,
                                           .rules = note_rules,
                                           .rule_count = 1,
                                           .row_text_bytes = 60};

enum outside_fault {
    OUTSIDE_NONE,
    NOT_THE_KEY,
    KEY_TWICE,
    INSIDE_ORDER,
    NOTE_ORPHAN,
    NOTE_RANK,
    OUTSIDE_FAULTS
};
static struct sg_key128 outside_keys[OUTSIDE];

/* Keys from outside jump about; those behind them ascend. */
static struct sg_key128 owner_key(uint64_t row, int fault) {
    if (fault == INSIDE_ORDER && row == 75) row = 60;
    struct sg_key128 key = {row + 1000, row};
    if (row < OUTSIDE) key = outside_keys[fault == KEY_TWICE && row == 40 ? 3 : row];
    if (fault == NOT_THE_KEY && row == 7) key.low++;
    return key;
}

static bool put_owner(struct sg_emitter *e, uint64_t row, int fault) {
    struct sg_key128 key = owner_key(row, fault);
    sg_set_uuid(e, 0, key.high, key.low);
    sg_set_i32(e, 1, (int32_t)row);
    return true;
}

static bool put_note(struct sg_emitter *e, uint64_t row, int fault) {
    bool here = row == 20;
    struct sg_key128 key = owner_key(row / NOTES_EACH, OUTSIDE_NONE);
    sg_set_i64(e, 0, (int64_t)row + 1);
    sg_set_uuid(e, 1, key.high, key.low + (fault == NOTE_ORPHAN && here));
    sg_set_i32(e, 2, (int32_t)(row / NOTES_EACH + (fault == NOTE_RANK && here)));
    return true;
}

static void write_outside_run(struct sg_manifest *manifest, enum outside_fault fault) {
    static const struct sg_dataset dataset = {.name = "outside", .schema = "outside"};
    static const struct planted tables[] = {
        {&owner_table, put_owner, OWNERS, OWNER_SHARDS, 0},
        {&note_table, put_note, OWNERS * NOTES_EACH, 2, 0},
    };
    for (uint64_t i = 0; i < OUTSIDE; i++)
        outside_keys[i] = (struct sg_key128){(i * 37 + 11) % OUTSIDE * 40 + 7, i};
    if (fault == KEY_TWICE) outside_keys[40] = outside_keys[3];
    *manifest = (struct sg_manifest){.dataset = &dataset,
                                     .run = {.as_of_day = 20000, .keys = outside_keys, .key_count = OUTSIDE}};
    write_all_planted(manifest, tables, 2, fault);
    sg_manifest_seal(manifest);
}

static void keys_from_outside_are_found_and_proven(void **state) {
    (void)state;
    static const char *const expected[OUTSIDE_FAULTS] = {
        [OUTSIDE_NONE] = "",
        [NOT_THE_KEY] = "owners.primary key unique notes.foreign key owner_id ",
        [KEY_TWICE] = "owners.ids_unique notes.rank_is_owners ",
        [INSIDE_ORDER] = "owners.primary key unique owners.ids_unique notes.foreign key owner_id ",
        [NOTE_ORPHAN] = "notes.foreign key owner_id ",
        [NOTE_RANK] = "notes.rank_is_owners ",
    };
    for (enum outside_fault fault = OUTSIDE_NONE; fault < OUTSIDE_FAULTS; fault++) {
        struct sg_manifest manifest;
        char names[1024];
        write_outside_run(&manifest, fault);
        failing(&manifest, names);
        assert_string_equal(names, expected[fault]);
        free_planted(&manifest);
    }
}

static void facts_must_agree(void **state) {
    (void)state;
    struct sg_manifest manifest;
    char names[1024];
    write_run(&manifest, NONE);
    struct sg_shard_facts *facts = &manifest.tables[2].shards[1], saved = *facts;
    facts->fingerprint += 1;
    failing(&manifest, names);
    assert_non_null(strstr(names, "children."));
    *facts = saved;
    facts->rows += 1;
    failing(&manifest, names);
    assert_non_null(strstr(names, "children."));
    *facts = saved;
    facts->digest.bytes[3] ^= 1;
    failing(&manifest, names);
    assert_non_null(strstr(names, "children.shards readable"));
    *facts = saved;
    failing(&manifest, names);
    assert_string_equal(names, "");
    free_planted(&manifest);
}

static void damaged_files_are_named(void **state) {
    (void)state;
    struct sg_manifest manifest;
    char names[1024], path[512];
    write_run(&manifest, NONE);
    snprintf(path, sizeof path, "%s/%s", folder, manifest.tables[2].shards[1].path);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    fseek(file, 100, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, 100, SEEK_SET);
    fputc(byte ^ 4, file);
    fclose(file);
    failing(&manifest, names);
    assert_non_null(strstr(names, "children.shards readable"));
    assert_int_equal(truncate(path, 200), 0);
    failing(&manifest, names);
    assert_non_null(strstr(names, "children.shards readable"));
    assert_int_equal(remove(path), 0);
    failing(&manifest, names);
    assert_non_null(strstr(names, "children.shards readable"));
    free_planted(&manifest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_is_named),
        cmocka_unit_test(keys_from_outside_are_found_and_proven),
        cmocka_unit_test(facts_must_agree),
        cmocka_unit_test(damaged_files_are_named),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
