/* DDL text of a small declaration against its golden form, quoting, shortening and redaction.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/pg.h"
#include "io/pg_ddl.h"
#include "io/pg_url.h"

static const char *const state_labels[] = {"on", "it's \\off"};
static const struct sg_enum states = {"state", state_labels, 2};
static const struct sg_column columns[] = {
    {.name = "id", .type = SG_I64, .note = "Key."},
    {.name = "order", .type = SG_I32, .nullable = true, .note = "The shop's \"order\"."},
    {.name = "state", .type = SG_ENUM, .labels = &states},
    {.name = "price", .type = SG_DECIMAL, .precision = 10, .scale = 2},
    {.name = "title", .type = SG_TEXT, .length_max = 40, .nullable = true},
    {.name = "at", .type = SG_TIMESTAMP},
};
static const struct sg_foreign_key keys[] = {{"order", "Orders", "id", SG_CASCADE}};
static const struct sg_index indexes[] = {{"items_at", "at", false, true},
                                          {"items_u", "id, at", true, false}};
static const struct sg_table table = {
    .name = "items",
    .columns = columns,
    .column_count = 6,
    .key = {"id", "order"},
    .foreign_keys = keys,
    .foreign_key_count = 1,
    .indexes = indexes,
    .index_count = 2,
    .note = "Things.",
};

static void golden_statements(void **state) {
    (void)state;
    struct sg_sql sql = {0};
    sg_ddl_create_table(&sql, "shop", &table, NULL);
    sg_ddl_comments(&sql, "shop", &table);
    sg_ddl_primary_key(&sql, "shop", &table);
    sg_ddl_index(&sql, "shop", &table, &indexes[0]);
    sg_ddl_index(&sql, "shop", &table, &indexes[1]);
    sg_ddl_foreign_key(&sql, "shop", &table, "Mall", &keys[0], false);
    sg_ddl_foreign_key(&sql, "shop", &table, "shop", &keys[0], true);
    sg_ddl_validate(&sql, "shop", &table, &keys[0]);
    sg_ddl_settle(&sql, "shop", &table);
    sg_ddl_copy(&sql, "shop", &table, true);
    assert_int_equal(sg_sql_check(&sql, NULL), SG_OK);
    assert_string_equal(
        sql.text,
        "CREATE TABLE shop.items (\n"
        "    id bigint NOT NULL,\n"
        "    \"order\" integer,\n"
        "    state text NOT NULL CONSTRAINT items_state_labels CHECK (state IN ('on', "
        " E'it''s \\\\off')),\n"
        "    price numeric(10,2) NOT NULL,\n"
        "    title varchar(40),\n"
        "    at timestamptz(0) NOT NULL\n"
        ") WITH (autovacuum_enabled = off);\n"
        "COMMENT ON TABLE shop.items IS 'Things.';\n"
        "COMMENT ON COLUMN shop.items.id IS 'Key.';\n"
        "COMMENT ON COLUMN shop.items.\"order\" IS 'The shop''s \"order\".';\n"
        "ALTER TABLE shop.items ADD CONSTRAINT items_pkey PRIMARY KEY (id, \"order\");\n"
        "CREATE INDEX items_at ON shop.items USING brin (at);\n"
        "CREATE UNIQUE INDEX items_u ON shop.items (id, at);\n"
        "ALTER TABLE shop.items ADD CONSTRAINT items_order_fkey FOREIGN KEY (\"order\") REFERENCES "
        "\"Mall\".\"Orders\" (id) ON DELETE CASCADE NOT VALID;\n"
        "ALTER TABLE shop.items ADD CONSTRAINT items_order_fkey FOREIGN KEY (\"order\") REFERENCES "
        "shop.\"Orders\" (id) ON DELETE CASCADE;\n"
        "ALTER TABLE shop.items VALIDATE CONSTRAINT items_order_fkey;\n"
        "ALTER TABLE shop.items RESET (autovacuum_enabled);\n"
        "COPY shop.items (id, \"order\", state, price, title, at) FROM STDIN WITH (FORMAT binary, FREEZE "
        "true)");
    sg_sql_free(&sql);
}

static void partitions_cover_every_key(void **state) {
    (void)state;
    struct sg_sql sql = {0};
    sg_ddl_create_table(&sql, "shop", &table, "order");
    assert_non_null(strstr(sql.text, ") PARTITION BY RANGE (\"order\");\n"));
    assert_null(strstr(sql.text, "autovacuum"));
    sg_sql_clear(&sql);
    sg_ddl_create_partition(&sql, "a.p", "a.t", NULL, "7");
    sg_ddl_create_partition(&sql, "a.q", "a.t", "7", NULL);
    assert_string_equal(sql.text,
                        "CREATE TABLE a.p PARTITION OF a.t FOR VALUES FROM (MINVALUE) TO ('7') WITH "
                        "(autovacuum_enabled = off);\n"
                        "CREATE TABLE a.q PARTITION OF a.t FOR VALUES FROM ('7') TO (MAXVALUE) WITH "
                        "(autovacuum_enabled = off);\n");
    sg_sql_free(&sql);
}

static void tokens_compare_as_bytes(void **state) {
    (void)state;
    static const struct sg_token token = {"TXN", "", "", 0, 14, 11};
    static const struct sg_column column = {.name = "id", .type = SG_TOKEN, .token = &token};
    static const struct sg_table payments = {.name = "payments", .columns = &column, .column_count = 1};
    struct sg_sql sql = {0};
    sg_ddl_create_table(&sql, "shop", &payments, NULL);
    assert_non_null(strstr(sql.text, "\n    id text COLLATE \"C\" NOT NULL\n"));
    sg_sql_free(&sql);
}

static void only_short_lists_of_labels_are_checked(void **state) {
    (void)state;
    static const char *labels[SG_DDL_LABELS_MAX + 1];
    for (int i = 0; i <= SG_DDL_LABELS_MAX; i++)
        labels[i] = "label";
    struct sg_enum shops = {"shop", labels, SG_DDL_LABELS_MAX};
    const struct sg_column column = {.name = "shop", .type = SG_ENUM, .labels = &shops};
    const struct sg_table orders = {.name = "orders", .columns = &column, .column_count = 1};
    struct sg_sql sql = {0};
    sg_ddl_create_table(&sql, "shop", &orders, NULL);
    assert_non_null(strstr(sql.text, "orders_shop_labels CHECK"));
    sg_sql_clear(&sql);
    shops.count++;
    sg_ddl_create_table(&sql, "shop", &orders, NULL);
    assert_null(strstr(sql.text, "CHECK"));
    sg_sql_free(&sql);
}

static void identifiers_are_quoted_when_needed(void **state) {
    (void)state;
    assert_string_equal(SG_SQL_NAME("plain_1"), "plain_1");
    assert_string_equal(SG_SQL_NAME("timestamp"), "\"timestamp\"");
    assert_string_equal(SG_SQL_NAME("user"), "\"user\"");
    assert_string_equal(SG_SQL_NAME("1st"), "\"1st\"");
    assert_string_equal(SG_SQL_NAME("Mixed"), "\"Mixed\"");
    assert_string_equal(SG_SQL_NAME("a\"b"), "\"a\"\"b\"");
    assert_string_equal(SG_SQL_NAME(""), "\"\"");
}

static void long_object_names_fit_and_differ(void **state) {
    (void)state;
    char first[SG_SQL_IDENTIFIER_MAX + 1], second[SG_SQL_IDENTIFIER_MAX + 1];
    const char *long_table = "a_table_name_that_is_quite_long_for_a_reasonable_database";
    sg_sql_object_name(long_table, "column_one", "fkey", first);
    sg_sql_object_name(long_table, "column_two", "fkey", second);
    assert_true(strlen(first) <= SG_SQL_IDENTIFIER_MAX);
    assert_string_not_equal(first, second);
}

static void labels_name_targets_without_secrets(void **state) {
    (void)state;
    static const char *const urls[] = {
        "postgresql://ana:s3cr3t%40x@db.example:5433/saas",
        "postgres://ana:s3cr3t@x@db.example/saas",
        "postgresql://ana:s3cr3t/x@db.example:5432/saas",
        "postgresql+psycopg2://ana:s3cr3t@db.example/saas",
        "host=db.example dbname=saas user=ana password=s3cr3t",
        "host=db.example dbname=saas password='s3cr3t x' junk=1",
        "postgresql://db.example/saas?user=ana&password=s3cr3t",
    };
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        char label[SG_PG_LABEL_BYTES];
        struct sg_error err = {0};
        sg_pg_label(urls[i], label);
        assert_null(strstr(label, "s3cr3t"));
        if (sg_pg_check_url(urls[i], &err) != SG_OK) assert_null(strstr(err.text, "s3cr3t"));
    }
    char label[SG_PG_LABEL_BYTES];
    sg_pg_label(urls[0], label);
    assert_string_equal(label, "database saas on db.example port 5433 as ana");
}

static void malformed_urls_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"", "postgresql+psycopg2://a:b@c/d", "mysql://x/y",
                                      "postgresql://u:p/w@h:5432/d", "host=x junk=1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(sg_pg_check_url(bad[i], NULL), SG_USAGE);
    static const char *const good[] = {"saas", "postgresql:///saas", "postgres://u@h/d", "dbname=x"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(sg_pg_check_url(good[i], NULL), SG_OK);
    assert_true(sg_pg_is_local("host=/tmp/x dbname=y"));
    assert_false(sg_pg_is_local("postgresql://h/d"));
}

static void secrets_are_redacted_from_texts(void **state) {
    (void)state;
    struct sg_pg_secret secret;
    sg_pg_secret_of("postgresql://ana:a%40b@h/d", &secret);
    char text[] = "no a@b and no a%40b here";
    sg_pg_redact(&secret, text);
    assert_string_equal(text, "no *** and no ***** here");
}

static void refused_connection_is_unavailable(void **state) {
    (void)state;
    struct sg_pg *pg;
    struct sg_error err = {0};
    assert_int_equal(sg_pg_open(&pg, "host=/nonexistent/socket dbname=x password=s3cr3t", NULL, NULL, &err),
                     SG_UNAVAILABLE);
    assert_null(pg);
    assert_non_null(strstr(err.text, "cannot connect to database x on /nonexistent/socket"));
    assert_null(strstr(err.text, "s3cr3t"));
}

int main(void) {
    unsetenv("PGPASSWORD");
    unsetenv("PGUSER");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_statements),
        cmocka_unit_test(partitions_cover_every_key),
        cmocka_unit_test(tokens_compare_as_bytes),
        cmocka_unit_test(only_short_lists_of_labels_are_checked),
        cmocka_unit_test(identifiers_are_quoted_when_needed),
        cmocka_unit_test(long_object_names_fit_and_differ),
        cmocka_unit_test(labels_name_targets_without_secrets),
        cmocka_unit_test(malformed_urls_are_refused),
        cmocka_unit_test(secrets_are_redacted_from_texts),
        cmocka_unit_test(refused_connection_is_unavailable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
