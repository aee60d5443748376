/* What is to be done: the parts that tables are filled in, and what follows their rows, as steps with needs.
 *
 *   key T            once all rows of T are in: the primary key, unless the transactions that filled T built
 * it; a partitioned table takes the keys and indexes of its partitions over index T.I        each index of a
 * table that several connections filled, after the key references T     all foreign keys of T, NOT VALID,
 * after the keys of T and of its parents validate T.C     PostgreSQL proves one foreign key; those of one
 * table follow each other references P, validate P     the same for a partition, all its foreign keys
 * together join T           a partitioned table takes the foreign keys of its partitions over constraints
 * nothing: all of the above is done analyze T        statistics script S         in declared order, after
 * everything above settle           back to ordinary tables, last
 *
 * The list is a pure function of the declarations, of the shards, of which tables the run holds and of
 * partition_rows, so every process of a load, and a later one that continues it, has the same. A foreign key
 * whose parent the run lacks is left out, and so are the scripts of a run that lacks tables.
 */
#ifndef SG_IO_PG_STEPS_H
#define SG_IO_PG_STEPS_H

#include "io/pg_parts.h"

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
    struct sg_pg_parts *parts; /* by place of the table in the manifest */
    size_t table_count;
    uint64_t partition_rows;
};

/* Pure. partition_rows: see io/pg_parts.h. Free with sg_pg_steps_free even after failure. */
enum sg_code sg_pg_steps_make(struct sg_pg_steps *steps, const struct sg_manifest *manifest,
                              uint64_t partition_rows, struct sg_error *err);
void sg_pg_steps_free(struct sg_pg_steps *steps);

/* Pure. A step by name, NULL when there is none. */
const struct sg_pg_step *sg_pg_step_find(const struct sg_pg_steps *steps, const char *name);

/* Pure. Order of work: tables that others refer to come first, so that the foreign keys of the big ones need
 * not wait for them; then the bigger the earlier. */
uint64_t sg_pg_weight(const struct sg_manifest *manifest, const struct sg_manifest_table *table);

/* Pure. The run's own table of a name, NULL when the run lacks it. */
const struct sg_manifest_table *sg_pg_table_find(const struct sg_manifest *manifest, const char *name);

#endif
