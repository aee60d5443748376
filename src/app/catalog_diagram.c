/* The entity diagram of a dataset in Mermaid: keys and references, as declared. */
#include <string.h>

#include "app/catalog.h"

/* Does a column hold no value twice? Then a parent has at most one row here. */
static bool single(const struct sg_table *table, const char *column) {
    if (sg_key_count(table) == 1 && strcmp(table->key[0], column) == 0) return true;
    for (int i = 0; i < table->rule_count; i++)
        if (table->rules[i].kind == SG_RULE_UNIQUE && strcmp(table->rules[i].a, column) == 0) return true;
    return false;
}

static bool has_role(const struct sg_table *table, const char *column, bool *primary, bool *foreign) {
    *primary = *foreign = false;
    for (int k = 0; k < sg_key_count(table); k++)
        *primary |= strcmp(table->key[k], column) == 0;
    for (int i = 0; i < table->foreign_key_count; i++)
        *foreign |= strcmp(table->foreign_keys[i].column, column) == 0;
    return *primary || *foreign;
}

/* Mermaid reads a type up to the first blank and knows no parentheses with commas. */
static void put_type(const struct sg_column *column, FILE *out) {
    char type[64];
    sg_column_sql_type(column, type);
    fprintf(out, "%.*s", (int)strcspn(type, "( "), type);
}

static void put_entity(const struct sg_table *table, FILE *out) {
    fprintf(out, "    %s {\n", table->name);
    for (int i = 0; i < table->column_count; i++) {
        const struct sg_column *column = &table->columns[i];
        bool primary, foreign;
        if (!has_role(table, column->name, &primary, &foreign)) continue;
        fprintf(out, "        ");
        put_type(column, out);
        fprintf(out, " %s %s\n", column->name, primary && foreign ? "PK,FK" : primary ? "PK" : "FK");
    }
    fprintf(out, "    }\n");
}

void sg_catalog_diagram(const struct sg_dataset *dataset, FILE *out) {
    fprintf(out, "erDiagram\n");
    for (int t = 0; t < dataset->table_count; t++)
        put_entity(dataset->tables[t], out);
    for (int t = 0; t < dataset->table_count; t++) {
        const struct sg_table *table = dataset->tables[t];
        for (int i = 0; i < table->foreign_key_count; i++) {
            const struct sg_foreign_key *key = &table->foreign_keys[i];
            int column = sg_column_index(table, key->column);
            bool optional = column >= 0 && table->columns[column].nullable;
            fprintf(out, "    %s %s--%s %s : %s\n", key->parent, optional ? "|o" : "||",
                    single(table, key->column) ? "o|" : "o{", table->name, key->column);
        }
    }
}
