/* The steps after the data, from declarations. */
#include "io/pg_steps.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "io/pg_ddl.h"

const struct sg_manifest_table *sg_pg_table_find(const struct sg_manifest *manifest, const char *name) {
    for (size_t i = 0; i < manifest->table_count; i++)
        if (strcmp(manifest->tables[i].table->name, name) == 0) return &manifest->tables[i];
    return NULL;
}

const struct sg_pg_step *sg_pg_step_find(const struct sg_pg_steps *steps, const char *name) {
    for (size_t i = 0; i < steps->count; i++)
        if (strcmp(steps->items[i].name, name) == 0) return &steps->items[i];
    return NULL;
}

uint64_t sg_pg_weight(const struct sg_manifest *manifest, const struct sg_manifest_table *table) {
    const uint64_t parent = (uint64_t)1 << 62;
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct sg_table *child = manifest->tables[i].table;
        for (int k = 0; k < child->foreign_key_count && child != table->table; k++)
            if (strcmp(child->foreign_keys[k].parent, table->table->name) == 0)
                return parent + table->text_bytes;
    }
    return table->text_bytes;
}

static size_t step_max(const struct sg_manifest *manifest) {
    size_t n = manifest->dataset->script_count + 2u;
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct sg_table *table = manifest->tables[i].table;
        n += 4u + table->index_count + table->foreign_key_count + 2 * SG_PG_PARTITIONS_MAX;
    }
    return n;
}

/* The list was sized by step_max. */
static struct sg_pg_step *new_step(struct sg_pg_steps *steps, const struct sg_manifest_table *table,
                                   const char *format, ...) {
    struct sg_pg_step *step = &steps->items[steps->count++];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(step->name, sizeof step->name, format, arguments);
    va_end(arguments);
    step->table = table ? table->table->name : NULL;
    return step;
}

static void need(struct sg_pg_step *step, const char *kind, const char *table, const char *part) {
    sg_sql_add(&step->needs, "%s\"%s%s%s%s%s\"", step->needs.used ? "," : "{", kind, table ? " " : "",
               table ? table : "", part ? "." : "", part ? part : "");
}

/* Two tables locking shared parents in different orders would deadlock. */
static const char reference_lock[] = "SELECT pg_advisory_xact_lock(hashtext('synthgen.references'));\n";

static const struct sg_pg_parts *parts_of(const struct sg_pg_steps *steps, size_t table) {
    return &steps->parts[table];
}

/* A foreign key whose parent the run holds. */
static bool is_held(const struct sg_manifest *manifest, const struct sg_foreign_key *key) {
    return sg_pg_table_find(manifest, key->parent) != NULL;
}

static int held_keys(const struct sg_manifest *manifest, const struct sg_table *table) {
    int held = 0;
    for (int i = 0; i < table->foreign_key_count; i++)
        held += is_held(manifest, &table->foreign_keys[i]);
    return held;
}

/* The key of a table: built here, or by the transactions of its parts and taken over here. */
static void add_key_and_indexes(struct sg_pg_steps *steps, const struct sg_manifest *manifest, size_t at) {
    const char *schema = manifest->dataset->schema;
    const struct sg_manifest_table *item = &manifest->tables[at];
    const struct sg_table *table = item->table;
    enum sg_pg_layout layout = parts_of(steps, at)->layout;
    bool filled = parts_of(steps, at)->count > 0;
    struct sg_pg_step *step = new_step(steps, item, "key %s", table->name);
    step->waits_for_rows = true;
    if (layout == SG_PG_PARTITIONED || !filled) sg_ddl_key_and_indexes(&step->sql, schema, table);
    if (layout != SG_PG_SHARED) return;
    if (sg_key_count(table)) sg_ddl_primary_key(&step->sql, schema, table);
    for (int i = 0; i < table->index_count; i++) {
        step = new_step(steps, item, "index %s.%s", table->name, table->indexes[i].name);
        need(step, "key", table->name, NULL);
        sg_ddl_index(&step->sql, schema, table, &table->indexes[i]);
    }
}

/* Foreign keys of a table, or of a partition of it in its own schema, NOT VALID. */
static void add_references(struct sg_pg_steps *steps, const struct sg_manifest *manifest,
                           const struct sg_manifest_table *item, const char *schema,
                           const struct sg_table *table) {
    struct sg_pg_step *step = new_step(steps, item, "references %s", table->name);
    sg_sql_add(&step->sql, "%s", reference_lock);
    need(step, "key", item->table->name, NULL);
    for (int i = 0; i < table->foreign_key_count; i++) {
        const struct sg_foreign_key *key = &table->foreign_keys[i];
        if (!is_held(manifest, key)) continue;
        if (strcmp(key->parent, item->table->name) != 0) need(step, "key", key->parent, NULL);
        sg_ddl_foreign_key(&step->sql, schema, table, manifest->dataset->schema, key, false);
    }
}

/* One step per foreign key: those of one table exclude each other, and so follow each other. */
static void add_validations(struct sg_pg_steps *steps, const struct sg_manifest *manifest,
                            const struct sg_manifest_table *item) {
    const struct sg_table *table = item->table;
    const char *previous = NULL;
    for (int i = 0; i < table->foreign_key_count; i++) {
        const struct sg_foreign_key *key = &table->foreign_keys[i];
        if (!is_held(manifest, key)) continue;
        struct sg_pg_step *step = new_step(steps, item, "validate %s.%s", table->name, key->column);
        need(step, previous ? "validate" : "references", table->name, previous);
        sg_ddl_validate(&step->sql, manifest->dataset->schema, table, key);
        previous = key->column;
    }
}

/* Each partition by itself, then the table takes their foreign keys over as its own. */
static void add_partition_keys(struct sg_pg_steps *steps, const struct sg_manifest *manifest, size_t at) {
    const char *schema = manifest->dataset->schema;
    const struct sg_manifest_table *item = &manifest->tables[at];
    const struct sg_table *table = item->table;
    struct sg_sql proven = {0};
    for (uint32_t p = 0; p < parts_of(steps, at)->count; p++) {
        struct sg_pg_partition partition;
        sg_pg_partition_of(&partition, schema, table, p);
        add_references(steps, manifest, item, partition.schema, &partition.table);
        struct sg_pg_step *step = new_step(steps, item, "validate %s", partition.name);
        need(step, "references", partition.name, NULL);
        for (int i = 0; i < table->foreign_key_count; i++)
            if (is_held(manifest, &table->foreign_keys[i]))
                sg_ddl_validate(&step->sql, partition.schema, &partition.table, &table->foreign_keys[i]);
        sg_sql_add(&proven, "%s\"%s\"", proven.used ? "," : "{", step->name);
    }
    struct sg_pg_step *join = new_step(steps, item, "join %s", table->name);
    join->needs = proven;
    sg_sql_add(&join->sql, "%s", reference_lock);
    for (int i = 0; i < table->foreign_key_count; i++)
        if (is_held(manifest, &table->foreign_keys[i]))
            sg_ddl_foreign_key(&join->sql, schema, table, schema, &table->foreign_keys[i], true);
}

static void add_foreign_keys(struct sg_pg_steps *steps, const struct sg_manifest *manifest, size_t at) {
    const struct sg_manifest_table *item = &manifest->tables[at];
    if (!held_keys(manifest, item->table)) return;
    if (parts_of(steps, at)->layout == SG_PG_PARTITIONED) {
        add_partition_keys(steps, manifest, at);
        return;
    }
    add_references(steps, manifest, item, manifest->dataset->schema, item->table);
    add_validations(steps, manifest, item);
}

/* A script's text with {schema} replaced. */
static void add_script_text(struct sg_sql *sql, const char *text, const char *schema) {
    static const char mark[] = "{schema}";
    for (const char *found; (found = strstr(text, mark)); text = found + sizeof mark - 1)
        sg_sql_add(sql, "%.*s%s", (int)(found - text), text, SG_SQL_NAME(schema));
    sg_sql_add(sql, "%s", text);
}

static void need_all_before(struct sg_pg_steps *steps, struct sg_pg_step *step) {
    for (struct sg_pg_step *before = steps->items; before != step; before++)
        need(step, before->name, NULL, NULL);
}

/* A mark that all keys, foreign keys and indexes stand, and behind it the statistics. */
static void add_statistics(struct sg_pg_steps *steps, const struct sg_manifest *manifest) {
    need_all_before(steps, new_step(steps, NULL, "constraints"));
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct sg_table *table = manifest->tables[i].table;
        struct sg_pg_step *step = new_step(steps, &manifest->tables[i], "analyze %s", table->name);
        need(step, "constraints", NULL, NULL);
        sg_sql_add(&step->sql, "ANALYZE %s", SG_DDL_TABLE(manifest->dataset->schema, table->name));
    }
}

static void add_scripts(struct sg_pg_steps *steps, const struct sg_manifest *manifest) {
    const struct sg_dataset *dataset = manifest->dataset;
    if (manifest->table_count < sg_tables_of_run(dataset, &manifest->run)) return;
    for (int i = 0; i < dataset->script_count; i++) {
        struct sg_pg_step *step = new_step(steps, NULL, "script %s", dataset->scripts[i].name);
        need_all_before(steps, step);
        add_script_text(&step->sql, dataset->scripts[i].sql, dataset->schema);
        step->makes_views = true;
    }
}

static void add_settle(struct sg_pg_steps *steps, const struct sg_manifest *manifest) {
    const char *schema = manifest->dataset->schema;
    struct sg_pg_step *step = new_step(steps, NULL, "settle");
    need_all_before(steps, step);
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct sg_table *table = manifest->tables[i].table;
        const struct sg_pg_parts *parts = parts_of(steps, i);
        if (parts->layout != SG_PG_PARTITIONED) sg_ddl_settle(&step->sql, schema, table);
        for (uint32_t p = 0; parts->layout == SG_PG_PARTITIONED && p < parts->count; p++) {
            struct sg_pg_partition partition;
            sg_pg_partition_of(&partition, schema, table, p);
            sg_ddl_settle(&step->sql, partition.schema, &partition.table);
        }
    }
}

static enum sg_code make_parts(struct sg_pg_steps *steps, const struct sg_manifest *manifest,
                               uint64_t partition_rows, struct sg_error *err) {
    steps->parts = sg_alloc_array(manifest->table_count, sizeof *steps->parts);
    if (!steps->parts)
        return sg_fail(err, SG_SYSTEM, "no memory for the parts of %zu tables", manifest->table_count);
    for (; steps->table_count < manifest->table_count; steps->table_count++)
        SG_TRY(sg_pg_parts_make(&steps->parts[steps->table_count], &manifest->tables[steps->table_count],
                                partition_rows, err));
    return SG_OK;
}

enum sg_code sg_pg_steps_make(struct sg_pg_steps *steps, const struct sg_manifest *manifest,
                              uint64_t partition_rows, struct sg_error *err) {
    *steps = (struct sg_pg_steps){.capacity = step_max(manifest), .partition_rows = partition_rows};
    SG_TRY(make_parts(steps, manifest, partition_rows, err));
    steps->items = sg_alloc_array(steps->capacity, sizeof *steps->items);
    if (!steps->items) return sg_fail(err, SG_SYSTEM, "no memory for %zu load steps", steps->capacity);
    for (size_t i = 0; i < manifest->table_count; i++)
        add_key_and_indexes(steps, manifest, i);
    for (size_t i = 0; i < manifest->table_count; i++)
        add_foreign_keys(steps, manifest, i);
    add_statistics(steps, manifest);
    add_scripts(steps, manifest);
    add_settle(steps, manifest);
    for (size_t i = 0; i < steps->count; i++) {
        struct sg_pg_step *step = &steps->items[i];
        if (step->table) step->weight = sg_pg_weight(manifest, sg_pg_table_find(manifest, step->table));
        sg_sql_add(&step->needs, step->needs.used ? "}" : "{}");
        SG_TRY(sg_sql_check(&step->sql, err));
        SG_TRY(sg_sql_check(&step->needs, err));
    }
    return SG_OK;
}

void sg_pg_steps_free(struct sg_pg_steps *steps) {
    for (size_t i = 0; i < steps->count; i++) {
        sg_sql_free(&steps->items[i].sql);
        sg_sql_free(&steps->items[i].needs);
    }
    free(steps->items);
    for (size_t i = 0; i < steps->table_count; i++)
        sg_pg_parts_free(&steps->parts[i]);
    free(steps->parts);
    *steps = (struct sg_pg_steps){0};
}
