/* Relations that others read over the tables of a dataset: the raw contract.
 *
 * The load's scripts make them; this declares what they show, so that sources and tests of a dbt project
 * follow from it and from the tables: keys, NULLs, labels and parents are looked up in the table whose column
 * a relation shows.
 */
#ifndef SG_MODEL_RELATION_H
#define SG_MODEL_RELATION_H

#include <stdint.h>

struct sg_relation_column {
    const char *name;
    const char *type;   /* PostgreSQL's own name of it */
    const char *from;   /* "accounts.mrr": shows values of this column, perhaps not all; NULL = derived */
    const char *labels; /* values of a derived column: "pour|clean|error"; NULL = any */
};

struct sg_relation {
    const char *name;
    const char *table;                        /* its rows are rows of this table, or groups of them */
    const struct sg_relation_column *columns; /* the first is the key */
    uint16_t column_count;
    const char *loaded_at;         /* column that tells how fresh the relation is */
    uint16_t warn_days, late_days; /* behind the present day; 0 = it need not be fresh */
};

#endif
