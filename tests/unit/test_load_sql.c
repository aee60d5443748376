/* Load steps and verification SQL as pure functions of declarations.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/check.h"
#include "app/check_sql.h"
#include "io/pg_steps.h"

static const struct sg_column parent_columns[] = {{.name = "id", .type = SG_I32},
                                                  {.name = "n", .type = SG_I32}};
static const struct sg_column child_columns[] = {
    {.name = "id", .type = SG_I64},
    {.name = "parent_id", .type = SG_I32},
    {.name = "price", .type = SG_DECIMAL, .precision = 8, .scale = 2},
    {.name = "day", .type = SG_DATE},
    {.name = "timestamp", .type = SG_TIMESTAMP},
    {.name = "title", .type = SG_TEXT},
    {.name = "boss_id", .type = SG_I64, .nullable = true},
};
static const struct sg_foreign_key child_keys[] = {{"parent_id", "parent", "id", SG_CASCADE},
                                                   {"boss_id", "child", "id", SG_NO_ACTION}};
static const struct sg_index child_indexes[] = {{"child_by_day", "day", false, true}};
static const struct sg_table parent = {
    .name = "parent", .columns = parent_columns, .column_count = 2, .key = {"id"}};
static const struct sg_table child = {.name = "child",
                                      .columns = child_columns,
                                      .column_count = 7,
                                      .key = {"id"},
                                      .foreign_keys = child_keys,
                                      .foreign_key_count = 2,
                                      .indexes = child_indexes,
                                      .index_count = 1};
static const struct sg_table *const tables[] = {&parent, &child};
static const struct sg_script scripts[] = {
    {"views", "CREATE VIEW raw.v AS SELECT 1 FROM {schema}.child, {schema}.parent"}};
static const struct sg_dataset dataset = {.name = "shop",
                                          .schema = "Shop",
                                          .tables = tables,
                                          .table_count = 2,
                                          .scripts = scripts,
                                          .script_count = 1};
static const struct sg_run run = {.as_of_day = 20000};

static struct sg_shard_facts shards[6] = {
    {.rows = 10, .key_first = "1"},  {.rows = 10, .key_first = "11"}, {.rows = 0},
    {.rows = 15, .key_first = "21"}, {.rows = 10, .key_first = "36"}, {.rows = 5, .key_first = "46"}};

/* A manifest over `count` tables from `first` on, the child having six shards of 50 rows in all. */
static struct sg_manifest manifest_of(struct sg_manifest_table items[2], int first, size_t count) {
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct sg_manifest_table){
            .table = tables[first + (int)i], .text_bytes = 1000, .shards = shards, .shard_count = 1};
        if (items[i].table == &child) items[i].rows = 50, items[i].shard_count = 6;
    }
    return (struct sg_manifest){.dataset = &dataset, .run = run, .tables = items, .table_count = count};
}

struct expected_step {
    const char *name, *needs;
};

/* Steps of the child, with what comes behind, for partitions of so many rows. */
static void check_steps(const struct expected_step *expected, size_t count, uint64_t partition_rows) {
    struct sg_manifest_table items[2];
    struct sg_manifest manifest = manifest_of(items, 0, 2);
    struct sg_pg_steps steps;
    assert_int_equal(sg_pg_steps_make(&steps, &manifest, partition_rows, NULL), SG_OK);
    assert_int_equal(steps.count, count + 5);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(steps.items[i].name, expected[i].name);
        assert_string_equal(steps.items[i].needs.text, expected[i].needs);
    }
    const struct sg_pg_step *script = sg_pg_step_find(&steps, "script views");
    assert_non_null(script);
    assert_true(script->makes_views);
    assert_string_equal(script->sql.text,
                        "CREATE VIEW raw.v AS SELECT 1 FROM \"Shop\".child, \"Shop\".parent");
    assert_non_null(strstr(sg_pg_step_find(&steps, "constraints")->needs.text, expected[count - 1].name));
    assert_string_equal(sg_pg_step_find(&steps, "analyze child")->needs.text, "{\"constraints\"}");
    assert_non_null(strstr(script->needs.text, "\"analyze child\""));
    assert_string_equal(steps.items[steps.count - 1].name, "settle");
    assert_non_null(strstr(steps.items[steps.count - 1].needs.text, "\"script views\""));
    assert_true(sg_pg_step_find(&steps, "key child")->waits_for_rows);
    sg_pg_steps_free(&steps);
}

/* Every step's needs are steps that stand before it, so that any order that respects them ends. */
static void steps_are_ordered_by_their_needs(void **state) {
    (void)state;
    static const struct expected_step expected[] = {
        {"key parent", "{}"},
        {"key child", "{}"},
        {"references child", "{\"key child\",\"key parent\"}"},
        {"validate child.parent_id", "{\"references child\"}"},
        {"validate child.boss_id", "{\"validate child.parent_id\"}"},
    };
    check_steps(expected, sizeof expected / sizeof *expected, 26);
    check_steps(expected, sizeof expected / sizeof *expected, 0);
}

static void partitions_are_proven_side_by_side(void **state) {
    (void)state;
    static const struct expected_step expected[] = {
        {"key parent", "{}"},
        {"key child", "{}"},
        {"references child_p01", "{\"key child\",\"key parent\"}"},
        {"validate child_p01", "{\"references child_p01\"}"},
        {"references child_p02", "{\"key child\",\"key parent\"}"},
        {"validate child_p02", "{\"references child_p02\"}"},
        {"join child", "{\"validate child_p01\",\"validate child_p02\"}"},
    };
    check_steps(expected, sizeof expected / sizeof *expected, 25);
}

/* Parts cover all shards, begin where rows are, and are made only where the key allows. */
static void tables_are_divided_by_rows_and_key(void **state) {
    (void)state;
    struct sg_manifest_table items[2];
    struct sg_pg_parts parts;
    manifest_of(items, 0, 2);
    for (uint64_t rows = 0; rows < 60; rows++) {
        assert_int_equal(sg_pg_parts_make(&parts, &items[1], rows, NULL), SG_OK);
        assert_int_equal(parts.layout, rows && rows <= 25 ? SG_PG_PARTITIONED : SG_PG_WHOLE);
        uint32_t next = 0;
        for (uint32_t i = 0; i < parts.count; i++) {
            assert_int_equal(parts.items[i].shard_first, next);
            assert_true(shards[next].rows > 0);
            assert_int_equal(sg_pg_part_find(&parts, next), i);
            next = parts.items[i].shard_end;
        }
        assert_int_equal(next, 6);
        assert_int_equal(sg_pg_part_find(&parts, 2), -1);
        if (rows == 25) assert_int_equal(parts.items[1].shard_first, 3);
        sg_pg_parts_free(&parts);
    }
    struct sg_table by_name = child;
    by_name.key[0] = "title";
    items[1].table = &by_name;
    assert_int_equal(sg_pg_parts_make(&parts, &items[1], 25, NULL), SG_OK);
    assert_int_equal(parts.layout, SG_PG_SHARED);
    assert_int_equal(parts.count, 6);
    sg_pg_parts_free(&parts);
}

/* A partitioned table has no unique index without the column that divides it. */
static void unique_indexes_keep_a_table_whole(void **state) {
    (void)state;
    static const struct {
        struct sg_index index;
        enum sg_pg_layout layout;
    } cases[] = {
        {{"i", "title", true, false}, SG_PG_SHARED},
        {{"i", "title", false, false}, SG_PG_PARTITIONED},
        {{"i", "title, id", true, false}, SG_PG_PARTITIONED},
        {{"i", "id", true, false}, SG_PG_PARTITIONED},
        {{"i", "idle, title_id", true, false}, SG_PG_SHARED},
    };
    struct sg_manifest_table items[2];
    struct sg_pg_parts parts;
    manifest_of(items, 0, 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sg_table table = child;
        table.indexes = &cases[i].index;
        table.index_count = 1;
        items[1].table = &table;
        assert_int_equal(sg_pg_parts_make(&parts, &items[1], 25, NULL), SG_OK);
        assert_int_equal(parts.layout, cases[i].layout);
        sg_pg_parts_free(&parts);
    }
}

/* Bounds are the first keys of the shards; the outer ones are open. */
static void partitions_are_bounded_by_keys(void **state) {
    (void)state;
    struct sg_manifest_table items[2];
    struct sg_pg_parts parts;
    struct sg_sql sql = {0};
    manifest_of(items, 0, 2);
    assert_int_equal(sg_pg_parts_make(&parts, &items[1], 25, NULL), SG_OK);
    sg_ddl_create_parts(&sql, "Shop", &items[1], &parts);
    assert_non_null(strstr(sql.text, "CREATE TABLE \"Shop_parts\".child_p01 PARTITION OF \"Shop\".child FOR "
                                     "VALUES FROM (MINVALUE) TO ('21')"));
    assert_non_null(strstr(sql.text, "FROM ('21') TO (MAXVALUE)"));
    sg_sql_clear(&sql);
    sg_ddl_finish_part(&sql, "Shop", &child, &parts, 1);
    assert_string_equal(
        sql.text, "ALTER TABLE \"Shop_parts\".child_p02 ADD CONSTRAINT child_p02_pkey PRIMARY KEY (id);\n"
                  "CREATE INDEX child_by_day_p02 ON \"Shop_parts\".child_p02 USING brin (day);\n");
    sg_sql_free(&sql);
    sg_pg_parts_free(&parts);
}

static void absent_tables_take_their_keys_and_scripts_along(void **state) {
    (void)state;
    struct sg_manifest_table items[2];
    struct sg_manifest manifest = manifest_of(items, 1, 1);
    struct sg_pg_steps steps;
    assert_int_equal(sg_pg_steps_make(&steps, &manifest, 26, NULL), SG_OK);
    assert_null(sg_pg_step_find(&steps, "validate child.parent_id"));
    assert_non_null(sg_pg_step_find(&steps, "validate child.boss_id"));
    assert_null(sg_pg_step_find(&steps, "script views"));
    assert_null(strstr(sg_pg_step_find(&steps, "references child")->sql.text, "parent_id"));
    sg_pg_steps_free(&steps);
}

static void parents_weigh_more(void **state) {
    (void)state;
    struct sg_manifest_table items[2];
    struct sg_manifest manifest = manifest_of(items, 0, 2);
    items[1].text_bytes = (uint64_t)1 << 40;
    assert_true(sg_pg_weight(&manifest, &items[0]) > sg_pg_weight(&manifest, &items[1]));
    assert_true(sg_pg_weight(&manifest, &items[0]) <= INT64_MAX);
}

static void conditions_find_faults(void **state) {
    (void)state;
    static const struct {
        struct sg_rule rule;
        const char *condition;
    } cases[] = {
        {{.kind = SG_RULE_LE, .a = "id", .b = "boss_id"}, "c.id > c.boss_id"},
        {{.kind = SG_RULE_LT, .a = "timestamp", .b = "day"}, "c.\"timestamp\" >= c.day"},
        {{.kind = SG_RULE_RANGE, .a = "id", .low = -1, .high = 9}, "(c.id < -1 OR c.id > 9)"},
        {{.kind = SG_RULE_RANGE, .a = "price", .low = 1, .high = 250},
         "(c.price < 1 * 1e-2::numeric OR c.price > 250 * 1e-2::numeric)"},
        {{.kind = SG_RULE_RANGE, .a = "day", .low = 0, .high = 20000},
         "(c.day < date '1970-01-01' OR c.day > date '2024-10-04')"},
        {{.kind = SG_RULE_PARENT_EQ, .a = "id", .b = "n"}, "c.id <> p.n"},
        {{.kind = SG_RULE_PARENT_GE, .a = "id", .b = "n"}, "c.id < p.n"},
        {{.kind = SG_RULE_PARENT_LE, .a = "id", .b = "n"}, "c.id > p.n"},
        {{.kind = SG_RULE_PARENT_IS, .b = "state", .is = "open|paid"}, "p.state NOT IN ('open', 'paid')"},
        {{.kind = SG_RULE_FUTURE, .a = "day"}, "c.day < date '2024-10-04'"},
        {{.kind = SG_RULE_PAST, .a = "day"}, "c.day > date '2024-10-04'"},
        {{.kind = SG_RULE_PAST, .a = "timestamp"}, "c.\"timestamp\" > to_timestamp(1728000000)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sg_sql sql = {0};
        assert_true(sg_rule_condition(&sql, &child, &cases[i].rule, &run));
        assert_string_equal(sql.text, cases[i].condition);
        sg_sql_free(&sql);
    }
    static const struct sg_rule unfit[] = {{.kind = SG_RULE_RANGE, .a = "title", .low = 1, .high = 2},
                                           {.kind = SG_RULE_LE, .a = "absent", .b = "id"}};
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++) {
        struct sg_sql sql = {0};
        assert_false(sg_rule_condition(&sql, &child, &unfit[i], &run));
        sg_sql_free(&sql);
    }
}

static void verdict_counts_and_names_the_first(void **state) {
    (void)state;
    struct sg_check_list list = {0};
    struct sg_error err = {0};
    assert_int_equal(sg_check_verdict(&list, "x", &err), SG_OK);
    sg_check_new(&list, "a", "rows", &err);
    sg_check_skip(sg_check_new(&list, "a", "late", &err), "no parent");
    assert_int_equal(sg_check_verdict(&list, "x", &err), SG_OK);
    struct sg_check_result *bad = sg_check_new(&list, "b", "rows", &err);
    sg_check_fail(bad, 7, "expected %d", 3);
    for (int i = 0; i < 5; i++)
        sg_check_key(bad, "k");
    sg_check_fail(sg_check_new(&list, "c", "rows", &err), 1, "z");
    assert_int_equal(sg_check_verdict(&list, "database d", &err), SG_INVALID);
    assert_string_equal(err.text, "database d: 2 of 4 checks failed, the first: b rows: expected 3");
    assert_int_equal(sg_check_count(&list, SG_CHECK_SKIP), 1);
    sg_check_free(&list);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_ordered_by_their_needs),
        cmocka_unit_test(partitions_are_proven_side_by_side),
        cmocka_unit_test(tables_are_divided_by_rows_and_key),
        cmocka_unit_test(unique_indexes_keep_a_table_whole),
        cmocka_unit_test(partitions_are_bounded_by_keys),
        cmocka_unit_test(absent_tables_take_their_keys_and_scripts_along),
        cmocka_unit_test(parents_weigh_more),
        cmocka_unit_test(conditions_find_faults),
        cmocka_unit_test(verdict_counts_and_names_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
