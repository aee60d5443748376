/* Declarations to DDL text. */
#include "io/pg_ddl.h"

#include <stdio.h>
#include <string.h>

const char *sg_ddl_table_name(const char *schema, const char *table, char out[SG_DDL_TABLE_BYTES]) {
    snprintf(out, SG_DDL_TABLE_BYTES, "%s.%s", SG_SQL_NAME(schema), SG_SQL_NAME(table));
    return out;
}

#define OBJECT_NAME(table, column, suffix)                                                                   \
    SG_SQL_NAME(sg_sql_object_name((table), (column), (suffix), (char[SG_SQL_IDENTIFIER_MAX + 1]){0}))

bool sg_ddl_checks_labels(const struct sg_column *column) {
    return column->type == SG_ENUM && column->labels && column->labels->count <= SG_DDL_LABELS_MAX;
}

static void add_labels_check(struct sg_sql *sql, const char *table, const struct sg_column *column) {
    sg_sql_add(sql, " CONSTRAINT %s CHECK (%s IN (", OBJECT_NAME(table, column->name, "labels"),
               SG_SQL_NAME(column->name));
    for (int i = 0; i < column->labels->count; i++) {
        if (i) sg_sql_add(sql, ", ");
        sg_sql_add_literal(sql, column->labels->labels[i]);
    }
    sg_sql_add(sql, "))");
}

void sg_ddl_create_table(struct sg_sql *sql, const char *schema, const struct sg_table *table,
                         const char *partition_by) {
    sg_sql_add(sql, "CREATE TABLE %s (", SG_DDL_TABLE(schema, table->name));
    for (int i = 0; i < table->column_count; i++) {
        const struct sg_column *column = &table->columns[i];
        char type[64];
        sg_column_sql_type(column, type);
        sg_sql_add(sql, "%s\n    %s %s%s%s", i ? "," : "", SG_SQL_NAME(column->name), type,
                   column->type == SG_TOKEN ? " COLLATE \"C\"" : "", column->nullable ? "" : " NOT NULL");
        if (column->default_sql) sg_sql_add(sql, " DEFAULT %s", column->default_sql);
        if (sg_ddl_checks_labels(column)) add_labels_check(sql, table->name, column);
    }
    if (partition_by)
        sg_sql_add(sql, "\n) PARTITION BY RANGE (%s);\n", SG_SQL_NAME(partition_by));
    else
        sg_sql_add(sql, "\n) WITH (autovacuum_enabled = off);\n");
}

static void add_bound(struct sg_sql *sql, const char *literal, const char *otherwise) {
    if (literal)
        sg_sql_add_literal(sql, literal);
    else
        sg_sql_add(sql, "%s", otherwise);
}

void sg_ddl_create_partition(struct sg_sql *sql, const char *name, const char *whole, const char *from,
                             const char *to) {
    sg_sql_add(sql, "CREATE TABLE %s PARTITION OF %s FOR VALUES FROM (", name, whole);
    add_bound(sql, from, "MINVALUE");
    sg_sql_add(sql, ") TO (");
    add_bound(sql, to, "MAXVALUE");
    sg_sql_add(sql, ") WITH (autovacuum_enabled = off);\n");
}

void sg_ddl_comments(struct sg_sql *sql, const char *schema, const struct sg_table *table) {
    if (table->note) {
        sg_sql_add(sql, "COMMENT ON TABLE %s IS ", SG_DDL_TABLE(schema, table->name));
        sg_sql_add_literal(sql, table->note);
        sg_sql_add(sql, ";\n");
    }
    for (int i = 0; i < table->column_count; i++) {
        const struct sg_column *column = &table->columns[i];
        if (!column->note) continue;
        sg_sql_add(sql, "COMMENT ON COLUMN %s.%s IS ", SG_DDL_TABLE(schema, table->name),
                   SG_SQL_NAME(column->name));
        sg_sql_add_literal(sql, column->note);
        sg_sql_add(sql, ";\n");
    }
}

void sg_ddl_primary_key(struct sg_sql *sql, const char *schema, const struct sg_table *table) {
    sg_sql_add(sql, "ALTER TABLE %s ADD CONSTRAINT %s PRIMARY KEY (", SG_DDL_TABLE(schema, table->name),
               OBJECT_NAME(table->name, NULL, "pkey"));
    for (int i = 0; i < sg_key_count(table); i++)
        sg_sql_add(sql, "%s%s", i ? ", " : "", SG_SQL_NAME(table->key[i]));
    sg_sql_add(sql, ");\n");
}

void sg_ddl_index(struct sg_sql *sql, const char *schema, const struct sg_table *table,
                  const struct sg_index *index) {
    sg_sql_add(sql, "CREATE %sINDEX %s ON %s%s (%s);\n", index->unique ? "UNIQUE " : "",
               SG_SQL_NAME(index->name), SG_DDL_TABLE(schema, table->name), index->brin ? " USING brin" : "",
               index->columns);
}

void sg_ddl_key_and_indexes(struct sg_sql *sql, const char *schema, const struct sg_table *table) {
    if (sg_key_count(table)) sg_ddl_primary_key(sql, schema, table);
    for (int i = 0; i < table->index_count; i++)
        sg_ddl_index(sql, schema, table, &table->indexes[i]);
}

void sg_ddl_foreign_key(struct sg_sql *sql, const char *schema, const struct sg_table *table,
                        const char *parent_schema, const struct sg_foreign_key *key, bool whole) {
    static const char *const actions[] = {
        [SG_NO_ACTION] = "",
        [SG_CASCADE] = " ON DELETE CASCADE",
        [SG_SET_NULL] = " ON DELETE SET NULL",
        [SG_RESTRICT] = " ON DELETE RESTRICT",
    };
    sg_sql_add(sql, "ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s)%s%s;\n",
               SG_DDL_TABLE(schema, table->name), OBJECT_NAME(table->name, key->column, "fkey"),
               SG_SQL_NAME(key->column), SG_DDL_TABLE(parent_schema, key->parent),
               SG_SQL_NAME(key->parent_column), actions[key->on_delete], whole ? "" : " NOT VALID");
}

void sg_ddl_validate(struct sg_sql *sql, const char *schema, const struct sg_table *table,
                     const struct sg_foreign_key *key) {
    sg_sql_add(sql, "ALTER TABLE %s VALIDATE CONSTRAINT %s;\n", SG_DDL_TABLE(schema, table->name),
               OBJECT_NAME(table->name, key->column, "fkey"));
}

void sg_ddl_settle(struct sg_sql *sql, const char *schema, const struct sg_table *table) {
    sg_sql_add(sql, "ALTER TABLE %s RESET (autovacuum_enabled);\n", SG_DDL_TABLE(schema, table->name));
}

void sg_ddl_copy(struct sg_sql *sql, const char *schema, const struct sg_table *table, bool freeze) {
    sg_sql_add(sql, "COPY %s (", SG_DDL_TABLE(schema, table->name));
    for (int i = 0; i < table->column_count; i++)
        sg_sql_add(sql, "%s%s", i ? ", " : "", SG_SQL_NAME(table->columns[i].name));
    sg_sql_add(sql, ") FROM STDIN WITH (FORMAT binary%s)", freeze ? ", FREEZE true" : "");
}
