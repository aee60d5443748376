/* SQL text: a growable statement, identifiers quoted when they need it, literals escaped.
 *
 * Additions to a statement never fail on their own: a lack of memory is remembered and reported by
 * sg_sql_check, so that composing stays readable.
 */
#ifndef SG_IO_PG_SQL_H
#define SG_IO_PG_SQL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

enum { SG_SQL_NAME_BYTES = 264, SG_SQL_IDENTIFIER_MAX = 63 };

struct sg_sql {
    char *text; /* NUL-terminated once something was added */
    size_t used, capacity;
    bool failed;
};

/* Appends formatted text. */
void sg_sql_add(struct sg_sql *sql, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends a text literal in single quotes. */
void sg_sql_add_literal(struct sg_sql *sql, const char *text);
/* The same for each text of "a|b", with commas between. */
void sg_sql_add_literals(struct sg_sql *sql, const char *texts);

/* Empties the statement, keeping its memory. */
void sg_sql_clear(struct sg_sql *sql);
void sg_sql_free(struct sg_sql *sql);

/* SG_SYSTEM when any addition ran out of memory. */
enum sg_code sg_sql_check(const struct sg_sql *sql, struct sg_error *err);

/* Pure. Writes an identifier, in double quotes when it is not a plain lower-case word or is a keyword;
 * returns out. */
const char *sg_sql_name_into(const char *name, char out[SG_SQL_NAME_BYTES]);

/* Identifier for use in the arguments of one call; lives until the end of the enclosing block. */
#define SG_SQL_NAME(name) sg_sql_name_into((name), (char[SG_SQL_NAME_BYTES]){0})

/* Pure. Name of a constraint or index, "<table>_<column>_<suffix>", shortened with a hash to PostgreSQL's 63
 * bytes when longer; column may be NULL. Returns out. */
const char *sg_sql_object_name(const char *table, const char *column, const char *suffix,
                               char out[SG_SQL_IDENTIFIER_MAX + 1]);

#endif
