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

/* CREATE TABLE; autovacuum is off for the table until sg_ddl_settle. */
void sg_ddl_create_table(struct sg_sql *sql, const char *schema, const struct sg_table *table);

/* COMMENT ON TABLE and COLUMN from the notes; nothing for those without. */
void sg_ddl_comments(struct sg_sql *sql, const char *schema, const struct sg_table *table);

/* ALTER TABLE ... ADD CONSTRAINT ... PRIMARY KEY. */
void sg_ddl_primary_key(struct sg_sql *sql, const char *schema, const struct sg_table *table);

void sg_ddl_index(struct sg_sql *sql, const char *schema, const struct sg_table *table,
                  const struct sg_index *index);

/* ADD CONSTRAINT ... FOREIGN KEY ... NOT VALID, and its later proof by the server. */
void sg_ddl_foreign_key(struct sg_sql *sql, const char *schema, const struct sg_table *table,
                        const struct sg_foreign_key *key);
void sg_ddl_validate(struct sg_sql *sql, const char *schema, const struct sg_table *table,
                     const struct sg_foreign_key *key);

/* The table as an ordinary one: autovacuum as the server has it. */
void sg_ddl_settle(struct sg_sql *sql, const char *schema, const struct sg_table *table);

/* COPY table (columns) FROM STDIN for shards of a format by name: "copy", "csv" (with header) or
 * "binary". */
void sg_ddl_copy(struct sg_sql *sql, const char *schema, const struct sg_table *table, const char *format);

#endif
