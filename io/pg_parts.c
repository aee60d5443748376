/* The division of tables and the DDL of partitions. */
#include "io/pg_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/checked.h"

/* Is the column one of a list "a, b"? */
static bool lists(const char *columns, const char *column) {
    size_t length = strlen(column);
    for (const char *at = columns; *at; at += strcspn(at, ", "), at += strspn(at, ", "))
        if (strcspn(at, ", ") == length && memcmp(at, column, length) == 0) return true;
    return false;
}

/* One key column whose values ascend through the shards in the order the server gives them. What else is
 * unique must be so within a partition: PostgreSQL has no unique index over all of them. */
static bool can_partition(const struct sg_table *table) {
    if (sg_key_count(table) != 1 || table->key_unordered || table->key_external) return false;
    for (int i = 0; i < table->index_count; i++)
        if (table->indexes[i].unique && !lists(table->indexes[i].columns, table->key[0])) return false;
    switch (table->columns[sg_column_index(table, table->key[0])].type) {
    case SG_I16:
    case SG_I32:
    case SG_I64:
    case SG_UUID:
    case SG_TOKEN: /* collated "C", where digits ascend as the key does */
        return true;
    default:
        return false;
    }
}

/* Shards in order, a new part beginning with the shard whose middle reaches the part's share. */
static void cut(struct sg_pg_parts *parts, const struct sg_manifest_table *table, uint32_t wanted) {
    uint64_t rows = 0;
    if (table->shard_count == 0) return;
    parts->count = 1;
    for (uint32_t i = 0; i < table->shard_count; i++) {
        uint64_t due = sg_muldiv(table->rows, parts->count, wanted);
        if (rows && rows + table->shards[i].rows / 2 >= due && table->shards[i].rows &&
            parts->count < wanted) {
            parts->items[parts->count - 1].shard_end = i;
            parts->items[parts->count++].shard_first = i;
        }
        rows += table->shards[i].rows;
    }
    parts->items[parts->count - 1].shard_end = (uint32_t)table->shard_count;
}

enum sg_code sg_pg_parts_make(struct sg_pg_parts *parts, const struct sg_manifest_table *table,
                              uint64_t partition_rows, struct sg_error *err) {
    uint64_t share = partition_rows ? partition_rows : SG_PG_PARTITION_ROWS;
    uint64_t wanted = table->rows / share;
    if (wanted > SG_PG_PARTITIONS_MAX) wanted = SG_PG_PARTITIONS_MAX;
    if (wanted > table->shard_count) wanted = table->shard_count;
    *parts = (struct sg_pg_parts){.layout = SG_PG_WHOLE};
    if (wanted > 1)
        parts->layout = partition_rows && can_partition(table->table) ? SG_PG_PARTITIONED : SG_PG_SHARED;
    if (wanted < 2) wanted = 1;
    if (parts->layout == SG_PG_SHARED) wanted = table->shard_count;
    parts->items = sg_alloc_array(wanted, sizeof *parts->items);
    if (!parts->items) return sg_fail(err, SG_SYSTEM, "no memory for the parts of %s", table->table->name);
    if (parts->layout != SG_PG_SHARED) {
        cut(parts, table, (uint32_t)wanted);
        return SG_OK;
    }
    parts->count = (uint32_t)wanted;
    for (uint32_t i = 0; i < parts->count; i++)
        parts->items[i] = (struct sg_pg_part){i, i + 1};
    return SG_OK;
}

void sg_pg_parts_free(struct sg_pg_parts *parts) {
    free(parts->items);
    *parts = (struct sg_pg_parts){0};
}

int sg_pg_part_find(const struct sg_pg_parts *parts, uint32_t shard) {
    for (uint32_t i = 0; i < parts->count; i++)
        if (parts->items[i].shard_first == shard) return (int)i;
    return -1;
}

const char *sg_pg_parts_schema(const char *schema, char out[SG_PG_PARTS_SCHEMA_BYTES]) {
    snprintf(out, SG_PG_PARTS_SCHEMA_BYTES, "%.60s_parts", schema);
    return out;
}

void sg_pg_partition_of(struct sg_pg_partition *partition, const char *schema, const struct sg_table *table,
                        uint32_t part) {
    char number[16];
    sg_pg_parts_schema(schema, partition->schema);
    snprintf(number, sizeof number, "p%02u", part + 1);
    sg_sql_object_name(table->name, NULL, number, partition->name);
    partition->table = *table;
    partition->table.name = partition->name;
}

void sg_ddl_create_parts(struct sg_sql *sql, const char *schema, const struct sg_manifest_table *item,
                         const struct sg_pg_parts *parts) {
    const struct sg_table *table = item->table;
    bool partitioned = parts->layout == SG_PG_PARTITIONED;
    sg_ddl_create_table(sql, schema, table, partitioned ? table->key[0] : NULL);
    for (uint32_t i = 0; partitioned && i < parts->count; i++) {
        struct sg_pg_partition partition;
        sg_pg_partition_of(&partition, schema, table, i);
        const char *from = i ? item->shards[parts->items[i].shard_first].key_first : NULL;
        const char *to =
            i + 1 < parts->count ? item->shards[parts->items[i + 1].shard_first].key_first : NULL;
        sg_ddl_create_partition(sql, SG_DDL_TABLE(partition.schema, partition.name),
                                SG_DDL_TABLE(schema, table->name), from, to);
    }
}

/* An index of a partition is named after the whole's, with the partition's number. */
static void add_partition_index(struct sg_sql *sql, const struct sg_pg_partition *partition,
                                const struct sg_index *index, uint32_t part) {
    char number[16], name[SG_SQL_IDENTIFIER_MAX + 1];
    struct sg_index own = *index;
    snprintf(number, sizeof number, "p%02u", part + 1);
    own.name = sg_sql_object_name(index->name, NULL, number, name);
    sg_ddl_index(sql, partition->schema, &partition->table, &own);
}

void sg_ddl_finish_part(struct sg_sql *sql, const char *schema, const struct sg_table *table,
                        const struct sg_pg_parts *parts, uint32_t part) {
    if (parts->layout == SG_PG_SHARED) return;
    if (parts->layout == SG_PG_WHOLE) {
        sg_ddl_key_and_indexes(sql, schema, table);
        return;
    }
    struct sg_pg_partition partition;
    sg_pg_partition_of(&partition, schema, table, part);
    if (sg_key_count(table)) sg_ddl_primary_key(sql, partition.schema, &partition.table);
    for (int i = 0; i < table->index_count; i++)
        add_partition_index(sql, &partition, &table->indexes[i], part);
}
