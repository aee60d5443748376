/* SQL text building; knows no connection. */
#include "io/pg_sql.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"

/* Keywords that cannot be used bare everywhere a name may stand: pg_get_keywords() with catcode <> 'U',
 * PostgreSQL 14 to 18. Sorted. */
static const char *const keywords[] = {
    /* clang-format off */
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization",
    "between", "bigint", "binary", "bit", "boolean", "both", "case", "cast", "char", "character",
    "check", "coalesce", "collate", "collation", "column", "concurrently", "constraint", "create",
    "cross", "current_catalog", "current_date", "current_role", "current_schema", "current_time",
    "current_timestamp", "current_user", "dec", "decimal", "default", "deferrable", "desc", "distinct",
    "do", "else", "end", "except", "exists", "extract", "false", "fetch", "float", "for", "foreign",
    "freeze", "from", "full", "grant", "greatest", "group", "grouping", "having", "ilike", "in",
    "initially", "inner", "inout", "int", "integer", "intersect", "interval", "into", "is", "isnull",
    "join", "json", "json_array", "json_arrayagg", "json_exists", "json_object", "json_objectagg",
    "json_query", "json_scalar", "json_serialize", "json_table", "json_value", "lateral", "leading",
    "least", "left", "like", "limit", "localtime", "localtimestamp", "merge_action", "national",
    "natural", "nchar", "none", "normalize", "not", "notnull", "null", "nullif", "numeric", "offset",
    "on", "only", "or", "order", "out", "outer", "overlaps", "overlay", "placing", "position",
    "precision", "primary", "real", "references", "returning", "right", "row", "select", "session_user",
    "setof", "similar", "smallint", "some", "substring", "symmetric", "system_user", "table",
    "tablesample", "then", "time", "timestamp", "to", "trailing", "treat", "trim", "true", "union",
    "unique", "user", "using", "values", "varchar", "variadic", "verbose", "when", "where", "window",
    "with", "xmlattributes", "xmlconcat", "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces",
    "xmlparse", "xmlpi", "xmlroot", "xmlserialize", "xmltable",
    /* clang-format on */
};

static int compare_words(const void *key, const void *word) {
    return strcmp(key, *(const char *const *)word);
}

static bool plain(const char *name) {
    if (!((name[0] >= 'a' && name[0] <= 'z') || name[0] == '_')) return false;
    if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")]) return false;
    return !bsearch(name, keywords, sizeof keywords / sizeof keywords[0], sizeof keywords[0], compare_words);
}

const char *sg_sql_name_into(const char *name, char out[SG_SQL_NAME_BYTES]) {
    if (plain(name)) {
        snprintf(out, SG_SQL_NAME_BYTES, "%s", name);
        return out;
    }
    size_t used = 0;
    out[used++] = '"';
    for (const char *c = name; *c && used + 4 < SG_SQL_NAME_BYTES; c++) {
        if (*c == '"') out[used++] = '"';
        out[used++] = *c;
    }
    out[used++] = '"';
    out[used] = 0;
    return out;
}

/* FNV-1a; only has to keep shortened names apart. */
static uint32_t hash_text(const char *text) {
    uint32_t h = 2166136261u;
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 16777619u;
    return h;
}

const char *sg_sql_object_name(const char *table, const char *column, const char *suffix,
                               char out[SG_SQL_IDENTIFIER_MAX + 1]) {
    char whole[512];
    snprintf(whole, sizeof whole, "%s%s%s_%s", table, column ? "_" : "", column ? column : "", suffix);
    if (strlen(whole) <= SG_SQL_IDENTIFIER_MAX)
        memcpy(out, whole, strlen(whole) + 1);
    else
        snprintf(out, SG_SQL_IDENTIFIER_MAX + 1, "%.48s_%08x", whole, (unsigned)hash_text(whole));
    return out;
}

static bool reserve(struct sg_sql *sql, size_t more) {
    size_t want;
    if (sql->failed) return false;
    if (!sg_add_size(sql->used, more, &want) || !sg_add_size(want, 1, &want)) return !(sql->failed = true);
    if (want <= sql->capacity) return true;
    want += want / 2 + 256;
    char *grown = realloc(sql->text, want);
    if (!grown) return !(sql->failed = true);
    sql->text = grown;
    sql->capacity = want;
    return true;
}

void sg_sql_add(struct sg_sql *sql, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        sql->failed = true;
    else if (reserve(sql, (size_t)length)) {
        vsnprintf(sql->text + sql->used, (size_t)length + 1, format, again);
        sql->used += (size_t)length;
    }
    va_end(again);
}

static void add_literal(struct sg_sql *sql, const char *text, size_t length) {
    bool backslash = memchr(text, '\\', length) != NULL; /* E'' keeps its meaning under any server setting */
    sg_sql_add(sql, backslash ? " E'" : "'");
    for (const char *end = text + length; text < end; text++) {
        if (*text == '\'' || *text == '\\') sg_sql_add(sql, "%c", *text);
        sg_sql_add(sql, "%c", *text);
    }
    sg_sql_add(sql, "'");
}

void sg_sql_add_literal(struct sg_sql *sql, const char *text) {
    add_literal(sql, text, strlen(text));
}

void sg_sql_add_literals(struct sg_sql *sql, const char *texts) {
    for (const char *text = texts;; text++) {
        size_t length = strcspn(text, "|");
        add_literal(sql, text, length);
        text += length;
        if (!*text) return;
        sg_sql_add(sql, ", ");
    }
}

void sg_sql_clear(struct sg_sql *sql) {
    sql->used = 0;
    if (sql->text) sql->text[0] = 0;
}

void sg_sql_free(struct sg_sql *sql) {
    free(sql->text);
    *sql = (struct sg_sql){0};
}

enum sg_code sg_sql_check(const struct sg_sql *sql, struct sg_error *err) {
    return sql->failed ? sg_fail(err, SG_SYSTEM, "no memory for a SQL statement") : SG_OK;
}
