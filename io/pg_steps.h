/* What follows the data: keys, indexes, statistics, foreign keys, scripts, as steps with needs.
 *
 *   key T            primary key, once all shards of T are in
 *   index T.I        each index, after the key
 *   analyze T        after the key and indexes
 *   references T     all foreign keys of T, NOT VALID, after analyze of T and of its parents
 *   validate T.C     PostgreSQL proves one foreign key; those of one table follow each other
 *   script S         in declared order, after everything above
 *   settle           back to ordinary tables, last
 *
 * The list is a pure function of the declarations and of which tables the run holds, so every process of a
 * load, and a later one that continues it, has the same. A foreign key whose parent the run lacks is left
 * out, and so are the scripts of a run that lacks tables.
 */
#ifndef SG_IO_PG_STEPS_H
#define SG_IO_PG_STEPS_H

#include "io/manifest.h"
#include "io/pg_sql.h"

enum { SG_PG_STEP_BYTES = 192 };

struct sg_pg_step {
    char name[SG_PG_STEP_BYTES];
    const char *table;   /* NULL for scripts and settle */
    bool waits_for_rows; /* needs all shards of its table */
    uint64_t weight;     /* heavier steps first, see sg_pg_weight */
    struct sg_sql sql;   /* statements, run in one transaction */
    struct sg_sql needs; /* SQL text array of step names: '{"key accounts"}' */
    bool makes_views;    /* a script: what it made is recorded */
};

struct sg_pg_steps {
    struct sg_pg_step *items;
    size_t count, capacity;
};

/* Pure. Free with sg_pg_steps_free even after failure. */
enum sg_code sg_pg_steps_make(struct sg_pg_steps *steps, const struct sg_manifest *manifest,
                              struct sg_error *err);
void sg_pg_steps_free(struct sg_pg_steps *steps);

/* Pure. A step by name, NULL when there is none. */
const struct sg_pg_step *sg_pg_step_find(const struct sg_pg_steps *steps, const char *name);

/* Pure. Order of work: tables that others refer to come first, so that the foreign keys of the big ones need
 * not wait for them; then the bigger the earlier. */
uint64_t sg_pg_weight(const struct sg_manifest *manifest, const struct sg_manifest_table *table);

/* Pure. The run's own table of a name, NULL when the run lacks it. */
const struct sg_manifest_table *sg_pg_table_find(const struct sg_manifest *manifest, const char *name);

#endif
