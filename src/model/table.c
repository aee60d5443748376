/* Small pure helpers over table declarations. */
#include "model/table.h"

#include <stdio.h>
#include <string.h>

int sg_column_index(const struct sg_table *table, const char *name) {
    for (int i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].name, name) == 0) return i;
    return -1;
}

int sg_key_count(const struct sg_table *table) {
    int n = 0;
    while (n < SG_KEY_COLUMNS_MAX && table->key[n])
        n++;
    return n;
}

size_t sg_type_bytes(enum sg_type type) {
    switch (type) {
    case SG_BOOL:
        return 1;
    case SG_I16:
    case SG_ENUM:
        return 2;
    case SG_I32:
    case SG_DATE:
        return 4;
    case SG_I64:
    case SG_DECIMAL:
    case SG_TIMESTAMP:
    case SG_TOKEN:
    case SG_TEXT:
        return 8;
    case SG_UUID:
        return 16;
    }
    return 0;
}

void sg_token_format(const struct sg_token *token, uint64_t key, char *out) {
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    char body[SG_TOKEN_DECIMALS_MAX];
    const size_t count = sg_token_digits(token);
    for (size_t i = count; token->decimal_digits && i-- > 0; key /= 10)
        body[i] = digits[key % 10];
    for (size_t i = count; !token->decimal_digits && i-- > 0; key /= 62)
        body[i] = digits[key % 62];
    size_t n = strlen(token->prefix);
    memcpy(out, token->prefix, n);
    out += n;
    n = strlen(token->lead);
    memcpy(out, token->lead, n);
    out += n;
    memcpy(out, body, token->infix_after);
    out += token->infix_after;
    n = strlen(token->infix);
    memcpy(out, token->infix, n);
    memcpy(out + n, body + token->infix_after, count - token->infix_after);
}

void sg_column_sql_type(const struct sg_column *column, char out[64]) {
    static const char *const plain[] = {
        [SG_BOOL] = "boolean", [SG_I16] = "smallint", [SG_I32] = "integer",
        [SG_I64] = "bigint",   [SG_DATE] = "date",    [SG_TIMESTAMP] = "timestamptz(0)",
        [SG_ENUM] = "text",    [SG_TOKEN] = "text",   [SG_UUID] = "uuid",
    };
    if (column->type == SG_DECIMAL)
        snprintf(out, 64, "numeric(%u,%u)", column->precision, column->scale);
    else if ((column->type == SG_TEXT || column->type == SG_ENUM) && column->length_max)
        snprintf(out, 64, "varchar(%u)", column->length_max);
    else if (column->type == SG_TEXT && column->sql_json)
        snprintf(out, 64, "json");
    else
        snprintf(out, 64, "%s", column->type == SG_TEXT ? "text" : plain[column->type]);
}
