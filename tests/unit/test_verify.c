/* The shard verifier against planted faults: each must be named by its own check, and by no other.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"
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

static void put_parent(struct sg_emitter *e, uint64_t i, enum fault fault) {
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
}

static void put_token(struct sg_emitter *e, uint64_t i, enum fault fault) {
    sg_set_token(e, 0, token_key(i));
    sg_set_i16(e, 1, (int16_t)(fault == TOKEN_HEAVY && i == 17 ? 10 : i % 10));
}

static void put_child(struct sg_emitter *e, uint64_t i, enum fault fault) {
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
}

typedef void put_fn(struct sg_emitter *e, uint64_t row, enum fault fault);

static void write_table(const char *out, struct sg_manifest_table *into, put_fn *put, uint64_t rows,
                        size_t shards, enum fault fault) {
    struct sg_error err = {0};
    const struct sg_table *table = into->table;
    into->shards = calloc(shards, sizeof *into->shards);
    into->shard_count = shards;
    for (size_t s = 0; s < shards; s++) {
        /* cut between parents, as plans do */
        uint64_t group = table == &child_table ? CHILDREN_EACH : 1;
        uint64_t first = rows / group * s / shards * group, end = rows / group * (s + 1) / shards * group;
        char path[64];
        struct sg_shard_writer *writer;
        struct sg_emitter emitter;
        size_t room;
        snprintf(path, sizeof path, "%s/%s-%05zu.copy.zst", table->name, table->name, s);
        assert_int_equal(sg_shard_create(&writer, out, path, table, sg_format_find("copy"),
                                         (struct sg_compression){SG_COMPRESS_GUIDED, 1}, first, &err),
                         SG_OK);
        assert_int_equal(sg_emitter_open(&emitter, table, sg_shard_write, writer, &err), SG_OK);
        sg_emitter_seek(&emitter, first);
        for (uint64_t row = first; row < end; row++) {
            if (fault == CHILD_LOST && table == &child_table && row == 61) continue;
            assert_int_equal(sg_emitter_room(&emitter, &room, &err), SG_OK);
            put(&emitter, row, fault);
            sg_emitter_advance(&emitter, 1);
        }
        assert_int_equal(sg_emitter_flush(&emitter, &err), SG_OK);
        sg_emitter_close(&emitter);
        assert_int_equal(sg_shard_finish(writer, &into->shards[s], &err), SG_OK);
    }
}

/* Three tables in `out`, with one fault, and a manifest that agrees with what is written. */
static void write_run(const char *out, struct sg_manifest *manifest, enum fault fault) {
    static const struct sg_dataset dataset = {.name = "planted", .schema = "planted"};
    *manifest = (struct sg_manifest){.dataset = &dataset, .format = "copy", .table_count = 3};
    manifest->run.as_of_day = 20000;
    manifest->tables = calloc(3, sizeof *manifest->tables);
    manifest->tables[0].table = &parent_table;
    manifest->tables[1].table = &token_table;
    manifest->tables[2].table = &child_table;
    write_table(out, &manifest->tables[0], put_parent, PARENTS + 1, PARENT_SHARDS, fault);
    write_table(out, &manifest->tables[1], put_token, PARENTS, PARENT_SHARDS, fault);
    write_table(out, &manifest->tables[2], put_child, CHILDREN, CHILD_SHARDS, fault);
    sg_manifest_seal(manifest);
}

/* Runs all checks; returns the names of the failing ones, "table.check ", in order. */
static void failing(const char *out, const struct sg_manifest *manifest, char names[1024]) {
    struct sg_error err = {0};
    struct sg_verify verify;
    struct sg_verify_worker *worker;
    assert_int_equal(sg_verify_open(&verify, manifest, out, &err), SG_OK);
    assert_int_equal(sg_verify_worker_open(&worker, &verify, &err), SG_OK);
    for (uint16_t t = 0; t < manifest->table_count; t++)
        for (size_t s = 0; s < manifest->tables[t].shard_count; s++)
            assert_int_equal(sg_verify_shard(worker, t, s, &err), SG_OK);
    struct sg_tally *tallies = calloc(verify.check_count, sizeof *tallies);
    for (size_t c = 0; c < verify.check_count; c++)
        sg_tally_merge(&tallies[c], sg_verify_tallies(worker) + c);
    for (size_t c = 0; c < verify.check_count; c++) {
        size_t count;
        uint64_t *hashes = (uint64_t *)(uintptr_t)sg_verify_unique_hashes(worker, c, &count);
        if (sg_verify_unique_passes(&verify, c))
            assert_int_equal(sg_verify_unique_judge(&verify, c, hashes, count, &tallies[c], &err), SG_OK);
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

static void free_run(struct sg_manifest *manifest) {
    for (size_t t = 0; t < manifest->table_count; t++)
        free(manifest->tables[t].shards);
    free(manifest->tables);
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
        write_run(folder, &manifest, fault);
        failing(folder, &manifest, names);
        if (strcmp(names, expected[fault]) != 0) print_error("fault %d\n", (int)fault);
        assert_string_equal(names, expected[fault]);
        free_run(&manifest);
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
static struct sg_key128 owner_key(uint64_t row, enum outside_fault fault) {
    if (fault == INSIDE_ORDER && row == 75) row = 60;
    struct sg_key128 key = {row + 1000, row};
    if (row < OUTSIDE) key = outside_keys[fault == KEY_TWICE && row == 40 ? 3 : row];
    if (fault == NOT_THE_KEY && row == 7) key.low++;
    return key;
}

static void put_owner(struct sg_emitter *e, uint64_t row, enum fault fault) {
    struct sg_key128 key = owner_key(row, (enum outside_fault)fault);
    sg_set_uuid(e, 0, key.high, key.low);
    sg_set_i32(e, 1, (int32_t)row);
}

static void put_note(struct sg_emitter *e, uint64_t row, enum fault fault) {
    bool here = row == 20;
    struct sg_key128 key = owner_key(row / NOTES_EACH, OUTSIDE_NONE);
    sg_set_i64(e, 0, (int64_t)row + 1);
    sg_set_uuid(e, 1, key.high, key.low + ((enum outside_fault)fault == NOTE_ORPHAN && here));
    sg_set_i32(e, 2, (int32_t)(row / NOTES_EACH + ((enum outside_fault)fault == NOTE_RANK && here)));
}

static void write_outside_run(const char *out, struct sg_manifest *manifest, enum outside_fault fault) {
    static const struct sg_dataset dataset = {.name = "outside", .schema = "outside"};
    for (uint64_t i = 0; i < OUTSIDE; i++)
        outside_keys[i] = (struct sg_key128){(i * 37 + 11) % OUTSIDE * 40 + 7, i};
    if (fault == KEY_TWICE) outside_keys[40] = outside_keys[3];
    *manifest = (struct sg_manifest){.dataset = &dataset, .format = "copy", .table_count = 2};
    manifest->run = (struct sg_run){.as_of_day = 20000, .keys = outside_keys, .key_count = OUTSIDE};
    manifest->tables = calloc(2, sizeof *manifest->tables);
    manifest->tables[0].table = &owner_table;
    manifest->tables[1].table = &note_table;
    write_table(out, &manifest->tables[0], put_owner, OWNERS, OWNER_SHARDS, (enum fault)fault);
    write_table(out, &manifest->tables[1], put_note, OWNERS * NOTES_EACH, 2, (enum fault)fault);
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
        write_outside_run(folder, &manifest, fault);
        failing(folder, &manifest, names);
        assert_string_equal(names, expected[fault]);
        free_run(&manifest);
    }
}

static void facts_must_agree(void **state) {
    (void)state;
    struct sg_manifest manifest;
    char names[1024];
    write_run(folder, &manifest, NONE);
    struct sg_shard_facts *facts = &manifest.tables[2].shards[1], saved = *facts;
    facts->fingerprint += 1;
    failing(folder, &manifest, names);
    assert_non_null(strstr(names, "children."));
    *facts = saved;
    facts->rows += 1;
    failing(folder, &manifest, names);
    assert_non_null(strstr(names, "children."));
    *facts = saved;
    facts->digest.bytes[3] ^= 1;
    failing(folder, &manifest, names);
    assert_non_null(strstr(names, "children.shards readable"));
    *facts = saved;
    failing(folder, &manifest, names);
    assert_string_equal(names, "");
    free_run(&manifest);
}

static void damaged_files_are_named(void **state) {
    (void)state;
    struct sg_manifest manifest;
    char names[1024], path[512];
    write_run(folder, &manifest, NONE);
    snprintf(path, sizeof path, "%s/%s", folder, manifest.tables[2].shards[1].path);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    fseek(file, 100, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, 100, SEEK_SET);
    fputc(byte ^ 4, file);
    fclose(file);
    failing(folder, &manifest, names);
    assert_non_null(strstr(names, "children.shards readable"));
    assert_int_equal(truncate(path, 200), 0);
    failing(folder, &manifest, names);
    assert_non_null(strstr(names, "children.shards readable"));
    assert_int_equal(remove(path), 0);
    failing(folder, &manifest, names);
    assert_non_null(strstr(names, "children.shards readable"));
    free_run(&manifest);
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
