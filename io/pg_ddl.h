/* DDL from declarations: one function per statement, all Pure apart from the memory of the statement.
 *
 * CREATE TABLE holds types, NOT NULL and the CHECK of enum labels; keys, foreign keys and indexes follow the
 * data. Names of constraints and indexes are functions of the declaration: <table>_pkey,
 * <table>_<column>_fkey, <table>_<column>_labels; indexes carry their declared name.
 */
#ifndef SG_IO_PG_DDL_H
#define SG_IO_PG_DDL_H

#include "io/pg_sql.h"
#include "model/table.h"

/* "schema.table", quoted where needed; the returned text is out. */
enum { SG_DDL_TABLE_BYTES = 2 * SG_SQL_NAME_BYTES };
const char *sg_ddl_table_name(const char *schema, const char *table, char out[SG_DDL_TABLE_BYTES]);
#define SG_DDL_TABLE(schema, table) sg_ddl_table_name((schema), (table), (char[SG_DDL_TABLE_BYTES]){0})

/* Pure. Does a CHECK hold the column to its labels? PostgreSQL compares a row with one label after the other
 * there (25 ns each in COPY), so that longer lists are left to verification, whose query hashes them. */
enum { SG_DDL_LABELS_MAX = 64 };
bool sg_ddl_checks_labels(const struct sg_column *column);

/* CREATE TABLE; autovacuum is off for the table until sg_ddl_settle. Tokens are collated "C": they are no
 * words, compare as bytes, and their digits ascend as their keys do. partition_by: NULL, or the column by
 * whose ranges it will be partitioned. */
void sg_ddl_create_table(struct sg_sql *sql, const char *schema, const struct sg_table *table,
                         const char *partition_by);

/* CREATE TABLE name PARTITION OF whole for keys from `from` up to but not including `to`, literals; NULL =
 * without bound. Both names as sg_ddl_table_name gives them. */
void sg_ddl_create_partition(struct sg_sql *sql, const char *name, const char *whole, const char *from,
                             const char *to);

/* COMMENT ON TABLE and COLUMN from the notes; nothing for those without. */
void sg_ddl_comments(struct sg_sql *sql, const char *schema, const struct sg_table *table);

/* ALTER TABLE ... ADD CONSTRAINT ... PRIMARY KEY. */
void sg_ddl_primary_key(struct sg_sql *sql, const char *schema, const struct sg_table *table);

/* The primary key, if any, and all indexes. */
void sg_ddl_key_and_indexes(struct sg_sql *sql, const char *schema, const struct sg_table *table);

/* CREATE INDEX, unique or BRIN where declared so. */
void sg_ddl_index(struct sg_sql *sql, const char *schema, const struct sg_table *table,
                  const struct sg_index *index);

/* ADD CONSTRAINT ... FOREIGN KEY to a parent in parent_schema, NOT VALID unless `whole` (partitioned tables,
 * whose partitions have the same key, proven); and its later proof by the server. */
void sg_ddl_foreign_key(struct sg_sql *sql, const char *schema, const struct sg_table *table,
                        const char *parent_schema, const struct sg_foreign_key *key, bool whole);
void sg_ddl_validate(struct sg_sql *sql, const char *schema, const struct sg_table *table,
                     const struct sg_foreign_key *key);

/* The table as an ordinary one: autovacuum as the server has it. */
void sg_ddl_settle(struct sg_sql *sql, const char *schema, const struct sg_table *table);

/* COPY table (columns) FROM STDIN of binary COPY. freeze: into a table that the transaction has truncated. */
void sg_ddl_copy(struct sg_sql *sql, const char *schema, const struct sg_table *table, bool freeze);

#endif
