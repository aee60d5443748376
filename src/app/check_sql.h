/* Declared rules as SQL conditions. Pure text; runs nothing.
 *
 * In every condition the row of the table is `c` and the parent's row `p`; a condition is true for rows at
 * fault, and NULL (so not counted) when an operand is NULL, as the rules want it.
 */
#ifndef SG_APP_CHECK_SQL_H
#define SG_APP_CHECK_SQL_H

#include "io/pg_sql.h"
#include "model/run.h"
#include "model/table.h"

/* Where a rule is proven. */
enum sg_rule_place {
    SG_PLACE_ROW,    /* in one scan of the table */
    SG_PLACE_PARENT, /* joined with the parent through `via` */
    SG_PLACE_GROUP,  /* per parent, over the rows that refer to it */
    SG_PLACE_TABLE,  /* over the whole table: SG_RULE_UNIQUE, SG_RULE_CONSECUTIVE */
    SG_PLACE_ORDER   /* over neighbouring rows in key order, the last of each parent's */
};

/* Pure. */
enum sg_rule_place sg_rule_place(const struct sg_rule *rule);

/* Appends the fault condition of a ROW or PARENT rule. False when the rule names a column that the table
 * lacks or a RANGE of a type without order in stored units. */
bool sg_rule_condition(struct sg_sql *sql, const struct sg_table *table, const struct sg_rule *rule,
                       const struct sg_run *run);

/* Appends the relation `c` of an ORDER rule: the table's rows, each beside a neighbour in key order; joined
 * for SG_RULE_LAST_EQ with the parent of foreign key `key`. A database that sorts by bytes anyhow can use its
 * index then: saying so in the statement would keep it from that. */
void sg_rule_order_from(struct sg_sql *sql, const char *schema, const struct sg_table *table,
                        const struct sg_rule *rule, const struct sg_foreign_key *key, bool by_bytes);

/* Appends the fault condition of an ORDER rule over that relation. */
void sg_rule_order_condition(struct sg_sql *sql, const struct sg_rule *rule);

/* Appends what a GROUP rule computes per parent: count(*) or sum(column). */
void sg_rule_aggregate(struct sg_sql *sql, const struct sg_rule *rule);

/* Pure. What a failed rule says: "created_at must not be after updated_at". */
void sg_rule_phrase(const struct sg_rule *rule, char *out, size_t size);

/* Appends alias.column. */
void sg_sql_add_column(struct sg_sql *sql, const char *alias, const char *column);

/* Appends the number that a dense column counts by: alias.column, or the digits of a decimal token. */
void sg_sql_add_number(struct sg_sql *sql, const char *alias, const struct sg_table *table,
                       const char *column);

/* Appends the text of a row's primary key, cells joined by ", ". */
void sg_sql_add_key_text(struct sg_sql *sql, const char *alias, const struct sg_table *table);

/* Pure. The foreign key of a column, NULL when it has none. */
const struct sg_foreign_key *sg_foreign_key_of(const struct sg_table *table, const char *column);

/* Pure. PostgreSQL's own name of a column's type, as format_type prints it; out has 64 bytes. */
void sg_column_catalog_type(const struct sg_column *column, char out[64]);

#endif
