/* Words for asking a database what measuring counts on shards: columns and conditions of a resolved entry as
 * SQL. Pure text; runs nothing.
 *
 * The row of the term's table is `c`; the parent's row through foreign key column number k of that table is
 * `p<k>`; that row's parent through foreign key column number m is `p<k>_<m>`.
 */
#ifndef SG_VERIFY_ASK_H
#define SG_VERIFY_ASK_H

#include "io/pg_sql.h"
#include "verify/certificate.h"

enum { SG_ASK_COLUMNS_MAX = 256 }; /* foreign key columns lie among the first so many of their table */

/* Appends the literal of a regular expression that says what a shape says. */
void sg_ask_shape(struct sg_sql *sql, const char *shape);

/* Appends the column of a slot as it is: c.role, p3.time_zone. */
void sg_ask_column(struct sg_sql *sql, const struct sg_slot *slot);

/* Appends " IN (labels)" of a column with labels; bit k of `labels`, of which at least one is set, is label
 * k. */
void sg_ask_labels(struct sg_sql *sql, const struct sg_column *column, uint64_t labels);

/* Appends the slot's value in stored units, as an integer: scaled decimals, day numbers, seconds, 0 and 1;
 * for columns with labels their code. */
void sg_ask_value(struct sg_sql *sql, const struct sg_slot *slot);

/* Appends of.column, a date or instant, as a timestamp without time zone in the entry's local time. */
void sg_ask_local(struct sg_sql *sql, const struct sg_resolved *entry);

/* Appends the condition of a term: " AND "-joined tests, and that its column is not NULL; "true" when all
 * rows take part. */
void sg_ask_condition(struct sg_sql *sql, const struct sg_selection *term,
                      const struct sg_resolved_selection *resolved);

/* The parents that some terms of one table look at, by foreign key column. Zero-initialise. */
struct sg_ask_parents {
    bool wanted[SG_ASK_COLUMNS_MAX];
    uint64_t beyond[SG_ASK_COLUMNS_MAX]; /* bit m: the parent's parent through its column m, too */
};

/* Adds the parents of a term; of an entry's zone, too, when `zone` is not NULL. */
void sg_ask_parents_add(struct sg_ask_parents *parents, const struct sg_selection *term,
                        const struct sg_resolved_selection *resolved, const struct sg_slot *zone);

/* Appends " LEFT JOIN parent p<k> ON ..." for each. Keys of parents are unique, so that no row is doubled;
 * rows without a parent have NULLs in its place. */
void sg_ask_joins(struct sg_sql *sql, const struct sg_manifest *manifest, size_t table,
                  const struct sg_ask_parents *parents);

#endif
