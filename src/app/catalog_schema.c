/* JSON Schema of a dataset's rows, as to_jsonb gives them: one definition per table. */
#include <stdlib.h>
#include <string.h>

#include "app/catalog.h"
#include "app/result.h"

static const struct shape {
    const char *type, *format;
    int64_t low, high; /* integers; both 0: unbounded */
} shapes[] = {
    [SG_BOOL] = {"boolean", NULL, 0, 0},
    [SG_I16] = {"integer", NULL, INT16_MIN, INT16_MAX},
    [SG_I32] = {"integer", NULL, INT32_MIN, INT32_MAX},
    [SG_I64] = {"integer", NULL, INT64_MIN, INT64_MAX},
    [SG_DECIMAL] = {"number", NULL, 0, 0},
    [SG_DATE] = {"string", "date", 0, 0},
    [SG_TIMESTAMP] = {"string", "date-time", 0, 0},
    [SG_ENUM] = {NULL, NULL, 0, 0},
    [SG_TOKEN] = {"string", NULL, 0, 0},
    [SG_TEXT] = {"string", NULL, 0, 0},
    [SG_UUID] = {"string", "uuid", 0, 0},
};

static const struct sg_rule *range_of(const struct sg_table *table, const char *column) {
    for (int i = 0; i < table->rule_count; i++)
        if (table->rules[i].kind == SG_RULE_RANGE && !table->rules[i].when &&
            strcmp(table->rules[i].a, column) == 0)
            return &table->rules[i];
    return NULL;
}

static void put_type(struct sg_result *json, const struct sg_column *column, const char *type) {
    if (!column->nullable) {
        sg_result_text(json, "type", type);
        return;
    }
    sg_result_array(json, "type");
    sg_result_text(json, NULL, type);
    sg_result_text(json, NULL, "null");
    sg_result_end(json);
}

static void put_labels(struct sg_result *json, const struct sg_column *column) {
    sg_result_array(json, "enum");
    for (uint16_t i = 0; i < column->labels->count; i++)
        sg_result_text(json, NULL, column->labels->labels[i]);
    if (column->nullable) sg_result_text(json, NULL, NULL);
    sg_result_end(json);
}

static void put_token(struct sg_result *json, const struct sg_token *token) {
    char pattern[128];
    size_t left = sg_token_digits(token) - token->infix_after;
    const char *digits = token->decimal_digits ? "[0-9]" : "[0-9A-Za-z]";
    if (token->infix[0])
        snprintf(pattern, sizeof pattern, "^%s%s%s{%u}%s%s{%zu}$", token->prefix, token->lead, digits,
                 token->infix_after, token->infix, digits, left);
    else
        snprintf(pattern, sizeof pattern, "^%s%s%s{%zu}$", token->prefix, token->lead, digits,
                 sg_token_digits(token));
    sg_result_text(json, "pattern", pattern);
}

static void put_bounds(struct sg_result *json, const struct sg_table *table, const struct sg_column *column) {
    const struct shape *shape = &shapes[column->type];
    const struct sg_rule *range = range_of(table, column->name);
    unsigned scale = column->type == SG_DECIMAL ? column->scale : 0;
    if (column->type != SG_DECIMAL && shape->low == shape->high) return;
    if (!range && shape->low == shape->high) return;
    sg_result_decimal(json, "minimum", range ? range->low : shape->low, scale);
    sg_result_decimal(json, "maximum", range ? range->high : shape->high, scale);
}

/* Shapes are a part of JSON Schema's regular expressions, too. */
static void put_shape(struct sg_result *json, const struct sg_table *table, const struct sg_column *column) {
    char pattern[512];
    for (int i = 0; i < table->rule_count; i++) {
        const struct sg_rule *rule = &table->rules[i];
        if (rule->kind != SG_RULE_SHAPE || rule->when || strcmp(rule->a, column->name) != 0) continue;
        snprintf(pattern, sizeof pattern, "^(%s)$", rule->b);
        sg_result_text(json, "pattern", pattern);
        return;
    }
}

static void put_column(struct sg_result *json, const struct sg_table *table, const struct sg_column *column) {
    const struct shape *shape = &shapes[column->type];
    sg_result_object(json, column->name);
    if (column->note) sg_result_text(json, "description", column->note);
    if (column->type == SG_ENUM && column->labels)
        put_labels(json, column);
    else
        put_type(json, column, shape->type ? shape->type : "string");
    if (shape->format) sg_result_text(json, "format", shape->format);
    if (column->type == SG_TOKEN) put_token(json, column->token);
    if (column->type == SG_TEXT && column->length_max) sg_result_u64(json, "maxLength", column->length_max);
    if (column->json) sg_result_text(json, "contentMediaType", "application/json");
    put_bounds(json, table, column);
    put_shape(json, table, column);
    sg_result_end(json);
}

static void put_references(struct sg_result *json, const struct sg_table *table) {
    sg_result_array(json, "x-primary-key");
    for (int k = 0; k < sg_key_count(table); k++)
        sg_result_text(json, NULL, table->key[k]);
    sg_result_end(json);
    if (!table->foreign_key_count) return;
    sg_result_object(json, "x-foreign-keys");
    for (int i = 0; i < table->foreign_key_count; i++) {
        const struct sg_foreign_key *key = &table->foreign_keys[i];
        char target[160];
        snprintf(target, sizeof target, "%s.%s", key->parent, key->parent_column);
        sg_result_text(json, key->column, target);
    }
    sg_result_end(json);
}

static void put_table(struct sg_result *json, const struct sg_table *table) {
    sg_result_object(json, table->name);
    if (table->note) sg_result_text(json, "description", table->note);
    sg_result_text(json, "type", "object");
    sg_result_object(json, "properties");
    for (int i = 0; i < table->column_count; i++)
        put_column(json, table, &table->columns[i]);
    sg_result_end(json);
    sg_result_array(json, "required");
    for (int i = 0; i < table->column_count; i++)
        sg_result_text(json, NULL, table->columns[i].name);
    sg_result_end(json);
    sg_result_bool(json, "additionalProperties", false);
    put_references(json, table);
    sg_result_end(json);
}

static void put_array_of(struct sg_result *json, const char *table) {
    char reference[160];
    snprintf(reference, sizeof reference, "#/$defs/%s", table);
    sg_result_object(json, table);
    sg_result_text(json, "type", "array");
    sg_result_object(json, "items");
    sg_result_text(json, "$ref", reference);
    sg_result_end(json);
    sg_result_end(json);
}

enum sg_code sg_catalog_schema(const struct sg_dataset *dataset, FILE *out, struct sg_error *err) {
    struct sg_result *json = sg_result_open();
    char id[128];
    if (!json) return sg_fail(err, SG_SYSTEM, "no memory for the schema");
    snprintf(id, sizeof id, "urn:synthgen-hpc:%s", dataset->name);
    sg_result_text(json, "$schema", "https://json-schema.org/draft/2020-12/schema");
    sg_result_text(json, "$id", id);
    sg_result_text(json, "title", dataset->name);
    sg_result_text(json, "description", dataset->title);
    sg_result_text(json, "type", "object");
    sg_result_object(json, "properties");
    for (int t = 0; t < dataset->table_count; t++)
        put_array_of(json, dataset->tables[t]->name);
    sg_result_end(json);
    sg_result_bool(json, "additionalProperties", false);
    sg_result_object(json, "$defs");
    for (int t = 0; t < dataset->table_count; t++)
        put_table(json, dataset->tables[t]);
    sg_result_close(json, out);
    return SG_OK;
}
