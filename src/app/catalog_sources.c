/* dbt sources of a dataset's relations: freshness, and the tests that the tables' declarations give. */
#include <string.h>

#include "app/catalog.h"
#include "model/rule.h"

/* The table column that a relation's column shows; all NULL when it is derived. */
struct shown {
    const struct sg_table *table;
    const struct sg_column *column;
};

static struct shown shown_of(const struct sg_dataset *dataset, const char *from) {
    struct shown shown = {NULL, NULL};
    const char *dot = from ? strchr(from, '.') : NULL;
    for (int t = 0; dot && t < dataset->table_count; t++) {
        const struct sg_table *table = dataset->tables[t];
        size_t length = (size_t)(dot - from);
        if (strlen(table->name) != length || memcmp(table->name, from, length) != 0) continue;
        int column = sg_column_index(table, dot + 1);
        if (column >= 0) shown = (struct shown){table, &table->columns[column]};
    }
    return shown;
}

/* A YAML string. */
static void put_text(const char *text, FILE *out) {
    fputc('"', out);
    for (; *text; text++)
        fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    fputc('"', out);
}

static void put_labels(const struct sg_relation_column *column, const struct shown *shown, FILE *out) {
    const struct sg_enum *labels = shown->column ? shown->column->labels : NULL;
    const char *separator = "";
    fprintf(out,
            "              - accepted_values:\n                  arguments:\n                    values: [");
    for (int i = 0; labels && i < labels->count; i++, separator = ", ") {
        fprintf(out, "%s", separator);
        put_text(labels->labels[i], out);
    }
    for (const char *at = labels ? NULL : column->labels; at; separator = ", ") {
        size_t length = strcspn(at, "|");
        fprintf(out, "%s\"%.*s\"", separator, (int)length, at);
        at = at[length] ? at + length + 1 : NULL;
    }
    fprintf(out, "]\n");
}

static bool unique(const struct shown *shown) {
    for (int i = 0; shown->table && i < shown->table->rule_count; i++) {
        const struct sg_rule *rule = &shown->table->rules[i];
        if (rule->kind == SG_RULE_UNIQUE && strcmp(rule->a, shown->column->name) == 0) return true;
    }
    return false;
}

/* The only relation of a table, NULL when there are none or several. */
static const struct sg_relation *relation_of(const struct sg_dataset *dataset, const char *table) {
    const struct sg_relation *found = NULL;
    for (int i = 0; i < dataset->relation_count; i++) {
        if (strcmp(dataset->relations[i].table, table) != 0) continue;
        if (found) return NULL;
        found = &dataset->relations[i];
    }
    return found;
}

/* The relation whose key shows, in the same type, the column that a foreign key of `shown` refers to. */
static const struct sg_relation *parent_of(const struct sg_dataset *dataset, const struct shown *shown,
                                           const char *type) {
    for (int i = 0; i < shown->table->foreign_key_count; i++) {
        const struct sg_foreign_key *key = &shown->table->foreign_keys[i];
        if (strcmp(key->column, shown->column->name) != 0) continue;
        const struct sg_relation *parent = relation_of(dataset, key->parent);
        if (!parent || strcmp(parent->columns[0].type, type) != 0) return NULL;
        struct shown held = shown_of(dataset, parent->columns[0].from);
        return held.column && strcmp(held.column->name, key->parent_column) == 0 ? parent : NULL;
    }
    return NULL;
}

static void put_relationship(const struct sg_dataset *dataset, const struct sg_relation *parent, FILE *out) {
    fprintf(
        out,
        "              - relationships:\n                  arguments:\n                    to: source('%s', "
        "'%s')\n                    field: %s\n",
        dataset->relation_schema, parent->name, parent->columns[0].name);
}

static void put_column(const struct sg_dataset *dataset, const struct sg_relation *relation, int index,
                       FILE *out) {
    const struct sg_relation_column *column = &relation->columns[index];
    struct shown shown = shown_of(dataset, column->from);
    bool own = shown.table && strcmp(shown.table->name, relation->table) == 0;
    bool not_null = index == 0 || (own && !shown.column->nullable);
    bool only = index == 0 || (own && unique(&shown));
    bool labels = column->labels || (shown.column && shown.column->type == SG_ENUM);
    const struct sg_relation *parent = own ? parent_of(dataset, &shown, column->type) : NULL;
    fprintf(out, "          - name: %s\n            data_type: %s\n", column->name, column->type);
    if (shown.column && shown.column->note) {
        fprintf(out, "            description: ");
        put_text(shown.column->note, out);
        fputc('\n', out);
    }
    if (!not_null && !only && !labels && !parent) return;
    fprintf(out, "            data_tests:\n");
    if (not_null) fprintf(out, "              - not_null\n");
    if (only) fprintf(out, "              - unique\n");
    if (labels) put_labels(column, &shown, out);
    if (parent) put_relationship(dataset, parent, out);
}

/* Days, since data ends with the as-of date: a run of today is fresh until the limit, an older one is late.
 */
static void put_freshness(const struct sg_relation *relation, FILE *out) {
    fprintf(out, "        config:\n");
    if (!relation->late_days) {
        fprintf(out, "          freshness: null\n");
        return;
    }
    fprintf(out,
            "          loaded_at_field: '\"%s\"::timestamp'\n          freshness:\n            warn_after: "
            "{count: "
            "%u, period: day}\n            error_after: {count: %u, period: day}\n",
            relation->loaded_at, relation->warn_days, relation->late_days);
}

static const char *note_of(const struct sg_dataset *dataset, const struct sg_relation *relation) {
    int table = sg_table_index(dataset, relation->table);
    const char *note = table < 0 ? NULL : dataset->tables[table]->note;
    return note ? note : relation->table;
}

void sg_catalog_sources(const struct sg_dataset *dataset, FILE *out) {
    fprintf(
        out,
        "# Written by `synthgen-hpc catalog` from the declarations that generate and verify the data; a test "
        "keeps this copy current.\nversion: 2\n\nsources:\n  - name: %s\n    description: ",
        dataset->relation_schema);
    put_text(dataset->title, out);
    fprintf(out, "\n    schema: %s\n    tables:\n", dataset->relation_schema);
    for (int r = 0; r < dataset->relation_count; r++) {
        const struct sg_relation *relation = &dataset->relations[r];
        fprintf(out, "      - name: %s\n        description: ", relation->name);
        put_text(note_of(dataset, relation), out);
        fputc('\n', out);
        put_freshness(relation, out);
        fprintf(out, "        columns:\n");
        for (int i = 0; i < relation->column_count; i++)
            put_column(dataset, relation, i, out);
    }
}
