/* One part of a table (io/pg_parts.h) from its shards into the database. */
#ifndef SG_APP_LOAD_PART_H
#define SG_APP_LOAD_PART_H

#include "app/stages.h"
#include "io/pg.h"
#include "io/pg_parts.h"

/* Local. Inside a transaction: fills the part's table or partition with the rows of its shards as binary
 * COPY, FREEZE into one just truncated, and gives it its key and indexes. Opening the shards first and their
 * digests at the end prove them; a doubt gives the copy up, and the caller rolls back. */
enum sg_code sg_load_part(const struct sg_job *job, struct sg_pg *pg, const struct sg_manifest_table *table,
                          const struct sg_pg_parts *parts, uint32_t part, struct sg_error *err);

/* Local. One shard of a table through a COPY statement for binary rows. */
enum sg_code sg_load_shard(const struct sg_job *job, struct sg_pg *pg, const char *statement,
                           const struct sg_table *table, const struct sg_shard_facts *facts,
                           struct sg_error *err);

/* Local. The fault point load.<step>. */
enum sg_code sg_load_fault(const char *step, struct sg_error *err);

#endif
