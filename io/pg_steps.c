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
    size_t n = manifest->dataset->script_count + 1u;
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct sg_table *table = manifest->tables[i].table;
        n += 3u + table->index_count + table->foreign_key_count;
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

static void add_key_and_indexes(struct sg_pg_steps *steps, const char *schema,
                                const struct sg_manifest_table *item) {
    const struct sg_table *table = item->table;
    struct sg_pg_step *step = new_step(steps, item, "key %s", table->name);
    step->waits_for_rows = true;
    if (sg_key_count(table)) sg_ddl_primary_key(&step->sql, schema, table);
    for (int i = 0; i < table->index_count; i++) {
        step = new_step(steps, item, "index %s.%s", table->name, table->indexes[i].name);
        need(step, "key", table->name, NULL);
        sg_ddl_index(&step->sql, schema, table, &table->indexes[i]);
    }
    step = new_step(steps, item, "analyze %s", table->name);
    need(step, "key", table->name, NULL);
    for (int i = 0; i < table->index_count; i++)
        need(step, "index", table->name, table->indexes[i].name);
    sg_sql_add(&step->sql, "ANALYZE %s", SG_DDL_TABLE(schema, table->name));
}

static void add_references(struct sg_pg_steps *steps, const struct sg_manifest *manifest,
                           const struct sg_manifest_table *item) {
    const char *schema = manifest->dataset->schema;
    const struct sg_table *table = item->table;
    struct sg_pg_step *references = NULL;
    for (int i = 0; i < table->foreign_key_count; i++) {
        const struct sg_foreign_key *key = &table->foreign_keys[i];
        if (!sg_pg_table_find(manifest, key->parent)) continue;
        if (!references) {
            references = new_step(steps, item, "references %s", table->name);
            need(references, "analyze", table->name, NULL);
            /* Two tables locking shared parents in different orders would deadlock. */
            sg_sql_add(&references->sql, "SELECT pg_advisory_xact_lock(hashtext('synthgen.references'));\n");
        }
        if (strcmp(key->parent, table->name) != 0) need(references, "analyze", key->parent, NULL);
        sg_ddl_foreign_key(&references->sql, schema, table, key);
    }
}

static void add_validations(struct sg_pg_steps *steps, const struct sg_manifest *manifest,
                            const struct sg_manifest_table *item) {
    const struct sg_table *table = item->table;
    const char *previous = NULL;
    for (int i = 0; i < table->foreign_key_count; i++) {
        const struct sg_foreign_key *key = &table->foreign_keys[i];
        if (!sg_pg_table_find(manifest, key->parent)) continue;
        struct sg_pg_step *step = new_step(steps, item, "validate %s.%s", table->name, key->column);
        need(step, previous ? "validate" : "references", table->name, previous);
        sg_ddl_validate(&step->sql, manifest->dataset->schema, table, key);
        previous = key->column;
    }
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
    struct sg_pg_step *step = new_step(steps, NULL, "settle");
    need_all_before(steps, step);
    for (size_t i = 0; i < manifest->table_count; i++)
        sg_ddl_settle(&step->sql, manifest->dataset->schema, manifest->tables[i].table);
}

enum sg_code sg_pg_steps_make(struct sg_pg_steps *steps, const struct sg_manifest *manifest,
                              struct sg_error *err) {
    *steps = (struct sg_pg_steps){.capacity = step_max(manifest)};
    steps->items = sg_alloc_array(steps->capacity, sizeof *steps->items);
    if (!steps->items) return sg_fail(err, SG_SYSTEM, "no memory for %zu load steps", steps->capacity);
    for (size_t i = 0; i < manifest->table_count; i++)
        add_key_and_indexes(steps, manifest->dataset->schema, &manifest->tables[i]);
    for (size_t i = 0; i < manifest->table_count; i++)
        add_references(steps, manifest, &manifest->tables[i]);
    for (size_t i = 0; i < manifest->table_count; i++)
        add_validations(steps, manifest, &manifest->tables[i]);
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
    *steps = (struct sg_pg_steps){0};
}
