/* Probes: fault conditions that share one scan. */
#ifndef SG_APP_VERIFY_PROBE_H
#define SG_APP_VERIFY_PROBE_H

#include "app/verify_tables.h"
#include "io/pg_sql.h"

/* Counts rows at fault. */
struct sg_probe {
    char check[SG_CHECK_NAME_BYTES];
    char phrase[SG_CHECK_DETAIL_BYTES]; /* what is wrong when rows are found */
    struct sg_sql condition;
};

/* Conditions over one FROM clause. Zero-initialise; free after use. */
struct sg_probes {
    struct sg_probe *items;
    size_t count, capacity;
    struct sg_sql from; /* "barsaas.users c LEFT JOIN ..." */
    struct sg_sql key;  /* expression that names a row */
    struct sg_sql lead; /* further aggregates to select, comma-separated, or empty */
};

/* Adds a probe and returns it; NULL when out of memory (err set). Holds until the next addition. */
struct sg_probe *sg_probe_new(struct sg_probes *probes, struct sg_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void sg_probes_free(struct sg_probes *probes);

/* Local. Runs all probes in one query and appends their results to the table's list, with the keys of the
 * first offenders. *lead receives the row of further aggregates (caller frees), may be NULL. Does nothing
 * without probes and lead. */
enum sg_code sg_probes_run(struct sg_probes *probes, struct sg_db_table *table, struct sg_pg *pg,
                           struct sg_pg_rows **lead, struct sg_error *err);

/* Local. Notes the texts that a query gives (at most SG_CHECK_KEYS rows) as keys of the list's last result.
 */
enum sg_code sg_probe_keys(struct sg_db_table *table, struct sg_pg *pg, const struct sg_sql *query,
                           struct sg_error *err);

#endif
