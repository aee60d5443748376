/* One dataset as a Markdown page: sizes, diagram, tables, rules, simplifications. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "app/catalog.h"
#include "app/check_sql.h"
#include "io/cell_text.h"

enum { LABELS_SHOWN = 12 };

/* Text inside a table cell. */
static void put_cell(FILE *out, const char *text) {
    for (; *text; text++)
        fprintf(out, *text == '|' ? "\\|" : "%c", *text);
}

static void put_number(FILE *out, int64_t value) {
    char digits[24];
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    int length = snprintf(digits, sizeof digits, "%" PRIu64, size);
    if (value < 0) fputc('-', out);
    for (int i = 0; i < length; i++)
        fprintf(out, i && (length - i) % 3 == 0 ? ",%c" : "%c", digits[i]);
}

static void put_size_header(const struct sg_catalog *catalog, const char *first, FILE *out) {
    fprintf(out, "| %s |", first);
    for (size_t i = 0; i < catalog->sizes; i++)
        fprintf(out, " %s |", catalog->dataset->presets[i].name);
    fprintf(out, "\n|---|");
    for (size_t i = 0; i < catalog->sizes; i++)
        fprintf(out, "---:|");
    fputc('\n', out);
}

static void put_size_row(const struct sg_catalog *catalog, const int64_t *values, FILE *out) {
    for (size_t i = 0; i < catalog->sizes; i++) {
        fprintf(out, " | ");
        put_number(out, values[i]);
    }
    fprintf(out, " |\n");
}

/* Sums that `plan` knows beforehand and `verify` finds in the rows, to the unit. */
static void put_totals(const struct sg_catalog *catalog, FILE *out) {
    const struct sg_dataset *dataset = catalog->dataset;
    if (!dataset->total_count) return;
    fprintf(out,
            "Totals that `plan` prints before a byte is written, and that `verify` finds in the shards and "
            "in the database to the unit:\n\n");
    put_size_header(catalog, "total", out);
    for (uint16_t t = 0; t < dataset->total_count; t++) {
        int64_t values[SG_CATALOG_SIZES_MAX];
        for (size_t i = 0; i < catalog->sizes; i++)
            values[i] = catalog->totals[i * dataset->total_count + t];
        fprintf(out, "| `%s`, %s: ", dataset->totals[t].name, dataset->totals[t].unit);
        sg_catalog_selection(&dataset->totals[t].of, out);
        put_size_row(catalog, values, out);
    }
    fputc('\n', out);
}

static void put_sizes(const struct sg_catalog *catalog, FILE *out) {
    const struct sg_dataset *dataset = catalog->dataset;
    char as_of[SG_DATE_BYTES + 1];
    int64_t total[SG_CATALOG_SIZES_MAX] = {0};
    sg_date_text(catalog->run.as_of_day, as_of);
    fprintf(out,
            "## Sizes\n\nExact rows, as `plan` gives them for seed %" PRIu64
            " and as-of date %s. `--%s N` makes any size from ",
            catalog->run.seed, as_of, dataset->units_option);
    put_number(out, (int64_t)dataset->units_min);
    fprintf(out, " to ");
    put_number(out, (int64_t)dataset->units_max);
    fprintf(out, ".\n\n");
    put_size_header(catalog, "table", out);
    for (uint16_t t = 0; t < dataset->table_count; t++) {
        const int64_t *rows = &catalog->rows[t * catalog->sizes];
        fprintf(out, "| [%s](#%s)", dataset->tables[t]->name, dataset->tables[t]->name);
        put_size_row(catalog, rows, out);
        for (size_t i = 0; i < catalog->sizes; i++)
            total[i] += rows[i];
    }
    fprintf(out, "| **total**");
    put_size_row(catalog, total, out);
    fputc('\n', out);
    put_totals(catalog, out);
    if (!dataset->figures) return;
    put_size_header(catalog, "figure", out);
    for (size_t f = 0; dataset->figures[f].name; f++) {
        fprintf(out, "| %s", dataset->figures[f].name);
        put_size_row(catalog, &catalog->figures[f * catalog->sizes], out);
    }
    fputc('\n', out);
}

static void put_type(const struct sg_column *column, FILE *out) {
    char type[64];
    sg_column_sql_type(column, type);
    fprintf(out, "%s%s", type, column->nullable ? ", null" : "");
    if (column->json) fprintf(out, ", JSON");
    if (column->type == SG_TOKEN) fprintf(out, ", `%s…`", column->token->prefix);
    if (column->type != SG_ENUM || !column->labels) return;
    const struct sg_enum *labels = column->labels;
    bool all = labels->count <= LABELS_SHOWN;
    if (!all) fprintf(out, ", %u labels", labels->count);
    for (uint16_t i = 0; i < (all ? labels->count : 3); i++) {
        fprintf(out, "%s`", i ? ", " : ": ");
        put_cell(out, labels->labels[i]);
        fputc('`', out);
    }
    if (!all) fprintf(out, " …");
}

static void put_keys(const struct sg_table *table, const char *column, FILE *out) {
    const char *separator = "";
    for (int k = 0; k < sg_key_count(table); k++)
        if (strcmp(table->key[k], column) == 0) {
            fprintf(out, "PK");
            separator = ", ";
        }
    for (int i = 0; i < table->foreign_key_count; i++) {
        const struct sg_foreign_key *key = &table->foreign_keys[i];
        if (strcmp(key->column, column) != 0) continue;
        fprintf(out, "%s[%s](#%s).%s", separator, key->parent, key->parent, key->parent_column);
        separator = ", ";
    }
}

static void put_column(const struct sg_table *table, const struct sg_column *column, FILE *out) {
    fprintf(out, "| `%s` | ", column->name);
    put_type(column, out);
    fprintf(out, " | ");
    put_keys(table, column->name, out);
    fprintf(out, " | ");
    put_cell(out, column->origin.distribution ? column->origin.distribution : "");
    if (column->origin.stream)
        fprintf(out, " (stream %u, word %u)", column->origin.stream, column->origin.word);
    fprintf(out, " | ");
    put_cell(out, column->note ? column->note : "");
    fprintf(out, " |\n");
}

static void put_bound(const struct sg_column *column, int64_t value, FILE *out) {
    uint64_t unit = 1, size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char text[SG_DATE_BYTES + 1];
    for (unsigned i = 0; column->type == SG_DECIMAL && i < column->scale; i++)
        unit *= 10;
    if (column->type == SG_DATE) {
        sg_date_text((int32_t)value, text);
        fprintf(out, "%s", text);
        return;
    }
    fprintf(out, "%s%" PRIu64, value < 0 ? "-" : "", size / unit);
    if (unit > 1) fprintf(out, ".%0*" PRIu64, (int)column->scale, size % unit);
}

static void put_rule(const struct sg_table *table, const struct sg_rule *rule, FILE *out) {
    char phrase[256];
    int a = rule->a ? sg_column_index(table, rule->a) : -1;
    sg_rule_phrase(rule, phrase, sizeof phrase);
    fprintf(out, "* `%s`: %s", rule->name, phrase);
    if (rule->via) fprintf(out, ", through `%s`", rule->via);
    if ((rule->kind == SG_RULE_RANGE || rule->kind == SG_RULE_LINEAR) && a >= 0) {
        fprintf(out, ": ");
        put_bound(&table->columns[a], rule->low, out);
        fprintf(out, " to ");
        put_bound(&table->columns[a], rule->high, out);
    }
    if (rule->kind == SG_RULE_MULTIPLE && a >= 0) {
        fprintf(out, ": ");
        put_bound(&table->columns[a], rule->low, out);
    }
    if (rule->kind == SG_RULE_WINDOW)
        fprintf(out, ": %" PRId64 " to %" PRId64 " %s", rule->high, rule->low, rule->b);
    fputc('\n', out);
}

static void put_table(const struct sg_dataset *dataset, const struct sg_table *table, FILE *out) {
    fprintf(out, "### %s\n\n", table->name);
    if (table->note)
        fprintf(out, "%s%s\n\n", table->note, strchr(".!?", table->note[strlen(table->note) - 1]) ? "" : ".");
    fprintf(out, "Primary key: ");
    for (int k = 0; k < sg_key_count(table); k++)
        fprintf(out, "%s`%s`", k ? ", " : "", table->key[k]);
    fprintf(out, "; rows belong to a unit of domain `%s`.\n\n", dataset->domains[table->domain].name);
    fprintf(out, "| column | type | key | how it is made | meaning |\n|---|---|---|---|---|\n");
    for (int i = 0; i < table->column_count; i++)
        put_column(table, &table->columns[i], out);
    fputc('\n', out);
    for (int i = 0; i < table->rule_count; i++)
        put_rule(table, &table->rules[i], out);
    if (table->rule_count) fputc('\n', out);
}

static void put_scripts(const struct sg_dataset *dataset, FILE *out) {
    if (!dataset->script_count) return;
    fprintf(out, "## After the load\n\nSQL scripts run in the database:");
    for (int i = 0; i < dataset->script_count; i++)
        fprintf(out, "%s `%s`", i ? "," : "", dataset->scripts[i].name);
    fprintf(out, ".\n\n");
}

void sg_catalog_page(const struct sg_catalog *catalog, FILE *out) {
    const struct sg_dataset *dataset = catalog->dataset;
    fprintf(out,
            "# %s\n\n%c%s. Schema `%s`; JSON Schema in [%s.schema.json](%s.schema.json).\n\nWritten by "
            "`synthgen-hpc catalog` from the declarations that generate and verify the data; a test keeps "
            "this copy current.\n\n",
            dataset->name, toupper((unsigned char)dataset->title[0]), dataset->title + 1, dataset->schema,
            dataset->name, dataset->name);
    put_sizes(catalog, out);
    if (dataset->notes) {
        fprintf(out, "## Simplifications and choices\n\n");
        for (const char *const *note = dataset->notes; *note; note++)
            fprintf(out, "* %s\n", *note);
        fputc('\n', out);
    }
    fprintf(out, "## Entities\n\n```mermaid\n");
    sg_catalog_diagram(dataset, out);
    fprintf(out, "```\n\n");
    sg_catalog_model(dataset, out);
    put_scripts(dataset, out);
    fprintf(out, "## Tables\n\nEvery value is a pure function of seed and row. Where a stream and a word are "
                 "named, the value draws that 32-bit word of the row's block in that counter stream "
                 "(`explain` shows it); the others follow from other values.\n\n");
    for (int t = 0; t < dataset->table_count; t++)
        put_table(dataset, dataset->tables[t], out);
}
