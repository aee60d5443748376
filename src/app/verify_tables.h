/* Verification of one table inside PostgreSQL: its catalog entries, then its rows. Used by verify_database.c;
 * one table belongs to one thread and connection at a time. */
#ifndef SG_APP_VERIFY_TABLES_H
#define SG_APP_VERIFY_TABLES_H

#include "app/check.h"
#include "io/manifest.h"
#include "io/pg.h"

/* What is known of one table; later tables read their parents'. */
struct sg_db_table {
    const struct sg_manifest *manifest;
    const struct sg_manifest_table *item;
    struct sg_db_table *tables; /* all of the run, in dataset order */
    size_t table_count;
    int level;                 /* longest chain of parents above */
    struct sg_check_list list; /* results */
    bool present;              /* the table exists with the declared columns */
    bool *not_null;            /* by column: PostgreSQL guarantees it */
    bool *labels_checked;      /* by column: the CHECK of the labels is there and valid */
    bool *unique;              /* by column: a valid unique index on that column alone */
    bool key_unique;           /* the primary key is there and valid */
    uint64_t rows;
    /* The key is one integer column and its values are exactly key_min..key_max. */
    bool dense;
    int64_t key_min, key_max;
};

/* Local. Existence, column types, NOT NULL, labels, primary key, foreign keys, indexes. */
enum sg_code sg_verify_catalog(struct sg_db_table *table, struct sg_pg *pg, struct sg_error *err);

/* Local. Row count, fingerprint, rules, foreign keys: few scans, each proving many things. The parents must
 * have been verified before. */
enum sg_code sg_verify_rows(struct sg_db_table *table, struct sg_pg *pg, struct sg_error *err);

/* Pure. Another table of the run, NULL when the run lacks it. */
struct sg_db_table *sg_db_table_find(const struct sg_db_table *table, const char *name);

#endif
