/* Parts: how the load divides a table among transactions. A pure function of the run and of partition_rows,
 * so that every process of a load, and a later one that continues it, agrees.
 *
 *   whole        one part; one transaction fills the table and builds its key and indexes
 *   partitioned  the table is partitioned by ranges of its key; each part is a partition, filled, keyed and
 *                indexed by one transaction of its own. For tables of at least twice partition_rows rows with
 *                a key of one column that ascends and whose order is the same everywhere (integers, UUIDs)
 *   shared       other big tables: each shard is a part, several connections fill the one table, key and
 *                indexes follow
 *
 * Partitions live in a schema of their own, "<schema>_parts", named "<table>_p01" and so on. The first and
 * the last are open-ended, so that the table takes any other row as well.
 */
#ifndef SG_IO_PG_PARTS_H
#define SG_IO_PG_PARTS_H

#include "io/manifest.h"
#include "io/pg_ddl.h"

enum { SG_PG_PARTITION_ROWS = 1250000, SG_PG_PARTITIONS_MAX = 64, SG_PG_PARTS_SCHEMA_BYTES = 80 };

enum sg_pg_layout { SG_PG_WHOLE, SG_PG_PARTITIONED, SG_PG_SHARED };

struct sg_pg_part {
    uint32_t shard_first, shard_end;
};

struct sg_pg_parts {
    enum sg_pg_layout layout;
    uint32_t count;
    struct sg_pg_part *items;
};

/* Pure. Divides a table; partition_rows 0 = no partitions. Free with sg_pg_parts_free even after failure. */
enum sg_code sg_pg_parts_make(struct sg_pg_parts *parts, const struct sg_manifest_table *table,
                              uint64_t partition_rows, struct sg_error *err);
void sg_pg_parts_free(struct sg_pg_parts *parts);

/* Pure. The part that begins with a shard, -1 when none does. */
int sg_pg_part_find(const struct sg_pg_parts *parts, uint32_t shard);

/* Pure. "<schema>_parts"; returns out. */
const char *sg_pg_parts_schema(const char *schema, char out[SG_PG_PARTS_SCHEMA_BYTES]);

/* A partition, seen as a table with the declarations of the whole. */
struct sg_pg_partition {
    char schema[SG_PG_PARTS_SCHEMA_BYTES], name[SG_SQL_IDENTIFIER_MAX + 1];
    struct sg_table table;
};

/* Pure. Partition number `part` (from 0) of a table. It points into itself: not to be copied. */
void sg_pg_partition_of(struct sg_pg_partition *partition, const char *schema, const struct sg_table *table,
                        uint32_t part);

/* CREATE TABLE for a table as it is laid out, partitions included. */
void sg_ddl_create_parts(struct sg_sql *sql, const char *schema, const struct sg_manifest_table *table,
                         const struct sg_pg_parts *parts);
/* What a part's transaction does once its rows are in: primary key and indexes; nothing when shared. */
void sg_ddl_finish_part(struct sg_sql *sql, const char *schema, const struct sg_table *table,
                        const struct sg_pg_parts *parts, uint32_t part);

#endif
