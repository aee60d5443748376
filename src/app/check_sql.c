/* Rules to SQL: a kind is a row of a table and a function that makes its condition. */
#include "app/check_sql.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "io/pg_ddl.h"
#include "model/rule.h"
#include "verify/ask.h"

/* A rule on its way into a condition. */
struct subject {
    const struct sg_table *table;
    const struct sg_rule *rule;
    const struct sg_run *run;
    const struct sg_column *a; /* NULL: the rule names none */
    const char *fault;         /* operator that is true for rows at fault; a on the left */
};

void sg_sql_add_column(struct sg_sql *sql, const char *alias, const char *column) {
    sg_sql_add(sql, "%s.%s", alias, SG_SQL_NAME(column));
}

void sg_sql_add_number(struct sg_sql *sql, const char *alias, const struct sg_table *table,
                       const char *column) {
    int index = sg_column_index(table, column);
    const struct sg_token *token = index >= 0 ? table->columns[index].token : NULL;
    if (!token || !token->decimal_digits)
        sg_sql_add_column(sql, alias, column);
    else
        sg_sql_add(sql, "right(%s.%s, %u)::bigint", alias, SG_SQL_NAME(column), token->decimal_digits);
}

void sg_sql_add_key_text(struct sg_sql *sql, const char *alias, const struct sg_table *table) {
    int count = sg_key_count(table);
    sg_sql_add(sql, "concat_ws(', '");
    for (int i = 0; i < count; i++) {
        sg_sql_add(sql, ", ");
        sg_sql_add_column(sql, alias, table->key[i]);
    }
    sg_sql_add(sql, count ? ")" : ", %s.ctid)", alias);
}

const struct sg_foreign_key *sg_foreign_key_of(const struct sg_table *table, const char *column) {
    for (int i = 0; i < table->foreign_key_count; i++)
        if (strcmp(table->foreign_keys[i].column, column) == 0) return &table->foreign_keys[i];
    return NULL;
}

static bool add_stored_value(struct sg_sql *sql, const struct sg_column *column, int64_t value) {
    struct sg_civil day;
    switch (column->type) {
    case SG_BOOL:
        sg_sql_add(sql, "%s", value ? "true" : "false");
        return true;
    case SG_I16:
    case SG_I32:
    case SG_I64:
        sg_sql_add(sql, "%lld", (long long)value);
        return true;
    case SG_DECIMAL:
        sg_sql_add(sql, "%lld * 1e-%u::numeric", (long long)value, column->scale);
        return true;
    case SG_DATE:
        day = sg_civil_from_day((int32_t)value);
        sg_sql_add(sql, "date '%04d-%02d-%02d'", day.year, day.month, day.day);
        return true;
    case SG_TIMESTAMP:
        sg_sql_add(sql, "to_timestamp(%lld)", (long long)value);
        return true;
    default:
        return false;
    }
}

static bool add_range(struct sg_sql *sql, const struct sg_column *column, int64_t low, int64_t high) {
    sg_sql_add(sql, "(");
    sg_sql_add_column(sql, "c", column->name);
    sg_sql_add(sql, " < ");
    bool good = add_stored_value(sql, column, low);
    sg_sql_add(sql, " OR ");
    sg_sql_add_column(sql, "c", column->name);
    sg_sql_add(sql, " > ");
    good = add_stored_value(sql, column, high) && good;
    sg_sql_add(sql, ")");
    return good;
}

static bool add_own_range(struct sg_sql *sql, const struct subject *of) {
    return add_range(sql, of->a, of->rule->low, of->rule->high);
}

static bool add_window(struct sg_sql *sql, const struct subject *of) {
    int64_t low, high;
    return sg_rule_window(of->rule, of->run, of->a->type, &low, &high) && add_range(sql, of->a, low, high);
}

static bool add_product(struct sg_sql *sql, const struct subject *of) {
    int factors[2];
    if (!sg_rule_factors(of->table, of->rule, factors)) return false;
    sg_sql_add_column(sql, "c", of->a->name);
    for (int i = 0; i < 2; i++) {
        sg_sql_add(sql, i ? " * " : " <> ");
        sg_sql_add_column(sql, "c", of->table->columns[factors[i]].name);
        sg_sql_add(sql, "::numeric");
    }
    return true;
}

static bool add_multiple(struct sg_sql *sql, const struct subject *of) {
    sg_sql_add(sql, "mod(");
    sg_sql_add_column(sql, "c", of->a->name);
    sg_sql_add(sql, ", ");
    bool good = add_stored_value(sql, of->a, of->rule->low);
    sg_sql_add(sql, ") <> 0");
    return good;
}

/* c.column [NOT] IN (labels) */
static bool add_labels(struct sg_sql *sql, const struct sg_table *table, const char *name, const char *not_,
                       const char *labels) {
    int index = sg_column_index(table, name);
    if (index < 0) return false;
    const struct sg_column *column = &table->columns[index];
    uint64_t wanted = sg_rule_labels(column, labels);
    sg_sql_add_column(sql, "c", name);
    sg_sql_add(sql, "%s", not_);
    sg_ask_labels(sql, column, wanted);
    return wanted != 0;
}

/* Dates and instants count from 1970. */
static void add_addend(struct sg_sql *sql, const struct sg_column *column) {
    bool instant = column->type == SG_TIMESTAMP, day = column->type == SG_DATE;
    sg_sql_add(sql, instant ? "date_part('epoch', " : day ? "(" : "");
    sg_sql_add_column(sql, "c", column->name);
    sg_sql_add(sql, instant ? ")::bigint" : day ? " - date '1970-01-01')" : "");
}

/* The sum of b's columns; the scale they share, -1 when the text does not read. */
static int add_sum(struct sg_sql *sql, const struct sg_table *table, const char *text) {
    struct sg_term terms[SG_TERMS_MAX];
    int count = sg_rule_terms(table, text, terms);
    if (!count) return -1;
    sg_sql_add(sql, "(");
    for (int t = 0; t < count; t++) {
        sg_sql_add(sql, "%s%lld::bigint * ", t ? " + " : "", (long long)terms[t].factor);
        add_addend(sql, &table->columns[terms[t].column]);
    }
    sg_sql_add(sql, ")");
    return table->columns[terms[0].column].scale;
}

static bool add_linear(struct sg_sql *sql, const struct subject *of) {
    int scale = add_sum(sql, of->table, of->rule->b);
    if (scale > 0) sg_sql_add(sql, " * 1e%d::numeric", scale);
    sg_sql_add(sql, " NOT BETWEEN %lld AND %lld", (long long)of->rule->low, (long long)of->rule->high);
    return scale >= 0;
}

/* Twice how far a is off, in hundredths of its last digit, is more than a hundred, or just that and a odd. */
static bool add_percent(struct sg_sql *sql, const struct subject *of) {
    if (!sg_rule_percent(of->table, of->rule)) return false;
    sg_sql_add(sql, "abs(2 * (100 * ");
    sg_sql_add_column(sql, "c", of->a->name);
    sg_sql_add(sql, "::numeric - ");
    int scale = add_sum(sql, of->table, of->rule->b);
    sg_sql_add(sql, "::numeric * ");
    sg_sql_add_column(sql, "c", of->rule->times);
    sg_sql_add(sql, ")) * 1e%d::numeric + mod(abs(", scale);
    sg_sql_add_column(sql, "c", of->a->name);
    sg_sql_add(sql, ") * 1e%d::numeric, 2) * 1e-9::numeric > 100", scale);
    return true;
}

static bool add_shape(struct sg_sql *sql, const struct subject *of) {
    sg_sql_add_column(sql, "c", of->a->name);
    sg_sql_add(sql, "::text !~ ");
    sg_ask_shape(sql, of->rule->b);
    return true;
}

static bool add_together(struct sg_sql *sql, const struct subject *of) {
    sg_sql_add(sql, "(");
    sg_sql_add_column(sql, "c", of->a->name);
    sg_sql_add(sql, " IS NULL) <> (");
    sg_sql_add_column(sql, "c", of->rule->b);
    sg_sql_add(sql, " IS NULL)");
    return true;
}

/* alias.column NOT IN (labels): the declaration proves elsewhere that these are labels. */
static void add_outside(struct sg_sql *sql, const char *alias, const char *column, const char *labels) {
    sg_sql_add_column(sql, alias, column);
    sg_sql_add(sql, " NOT IN (");
    sg_sql_add_literals(sql, labels);
    sg_sql_add(sql, ")");
}

/* Places of two columns in the list of labels that both have. */
static bool add_places(struct sg_sql *sql, const struct subject *of) {
    const char *names[] = {of->rule->a, of->rule->b};
    for (int i = 0; i < 2; i++) {
        const char *joint = "array_position(ARRAY[";
        for (uint16_t k = 0; k < of->a->labels->count; k++, joint = ", ") {
            sg_sql_add(sql, "%s", joint);
            sg_sql_add_literal(sql, of->a->labels->labels[k]);
        }
        sg_sql_add(sql, "]::text[], ");
        sg_sql_add_column(sql, "c", names[i]);
        sg_sql_add(sql, "::text)");
        if (i == 0) sg_sql_add(sql, " %s ", of->fault);
    }
    return true;
}

static bool add_not_in(struct sg_sql *sql, const struct subject *of) {
    return add_labels(sql, of->table, of->rule->a, " NOT", of->rule->b);
}

static bool add_not_parents(struct sg_sql *sql, const struct subject *of) {
    add_outside(sql, "p", of->rule->b, of->rule->is);
    return true;
}

static bool add_null(struct sg_sql *sql, const struct subject *of) {
    sg_sql_add_column(sql, "c", of->rule->a);
    sg_sql_add(sql, " %s", of->fault);
    return true;
}

static bool add_as_of(struct sg_sql *sql, const struct subject *of) {
    sg_sql_add_column(sql, "c", of->rule->a);
    sg_sql_add(sql, " %s ", of->fault);
    return add_stored_value(sql, of->a, of->a->type == SG_DATE ? of->run->as_of_day : sg_as_of(of->run));
}

/* a against b, which is a column of the row or of the parent. Labels of a row compare by their order. */
static bool add_operator(struct sg_sql *sql, const struct subject *of) {
    const struct sg_rule *rule = of->rule;
    bool parents = sg_rule_place(rule) == SG_PLACE_PARENT;
    if (!rule->b) return false;
    if (of->a->type == SG_ENUM && !parents) return add_places(sql, of);
    sg_sql_add_column(sql, "c", rule->a);
    sg_sql_add(sql, " %s ", of->fault);
    sg_sql_add_column(sql, parents ? "p" : "c", rule->b);
    if (!rule->times) return true;
    sg_sql_add(sql, "::numeric * ");
    sg_sql_add_column(sql, "c", rule->times);
    return true;
}

/* What is particular to a kind: where it is asked, the operator and the function that make its condition
 * (NULL where it is not one on single rows), and its words, with %s for a, then for b. */
static const struct kind_info {
    enum sg_rule_place place;
    const char *fault;
    bool (*add)(struct sg_sql *sql, const struct subject *of);
    const char *phrase;
} kinds[] = {
    [SG_RULE_LE] = {SG_PLACE_ROW, ">", add_operator, "%s must not be greater than %s"},
    [SG_RULE_LT] = {SG_PLACE_ROW, ">=", add_operator, "%s must be less than %s"},
    [SG_RULE_RANGE] = {SG_PLACE_ROW, NULL, add_own_range, "%s must lie in its range%.0s"},
    [SG_RULE_PARENT_EQ] = {SG_PLACE_PARENT, "<>", add_operator, "%s must equal the parent's %s"},
    [SG_RULE_PARENT_GE] = {SG_PLACE_PARENT, "<", add_operator, "%s must not be less than the parent's %s"},
    [SG_RULE_PARENT_LE] = {SG_PLACE_PARENT, ">", add_operator, "%s must not be greater than the parent's %s"},
    [SG_RULE_COUNT_EQ] = {SG_PLACE_GROUP, NULL, NULL, "the number of rows%.0s must equal the parent's %s"},
    [SG_RULE_SUM_EQ] = {SG_PLACE_GROUP, NULL, NULL, "the sum of %s must equal the parent's %s"},
    [SG_RULE_PAST] = {SG_PLACE_ROW, ">", add_as_of, "%s must not lie after the as-of date%.0s"},
    [SG_RULE_UNIQUE] = {SG_PLACE_TABLE, NULL, NULL, "%s must hold no value twice%.0s"},
    [SG_RULE_CONSECUTIVE] = {SG_PLACE_TABLE, NULL, NULL, "%s must run from 1 without gap%.0s"},
    [SG_RULE_LINEAR] = {SG_PLACE_ROW, NULL, add_linear, "%.0s%s must lie in its range"},
    [SG_RULE_IN] = {SG_PLACE_ROW, NULL, add_not_in, "%s must be %s"},
    [SG_RULE_NULL] = {SG_PLACE_ROW, "IS NOT NULL", add_null, "%s must be NULL%.0s"},
    [SG_RULE_NOT_NULL] = {SG_PLACE_ROW, "IS NULL", add_null, "%s must not be NULL%.0s"},
    [SG_RULE_NEXT_EQ] = {SG_PLACE_ORDER, NULL, NULL, "%s must equal the row before's %s"},
    [SG_RULE_NEXT_GE] = {SG_PLACE_ORDER, NULL, NULL, "%s must not be less than the row before's %s"},
    [SG_RULE_FUTURE] = {SG_PLACE_ROW, "<", add_as_of, "%s must not lie before the as-of date%.0s"},
    [SG_RULE_PARENT_IS] = {SG_PLACE_PARENT, NULL, add_not_parents, "%.0sthe parent's %s must be"},
    [SG_RULE_PRODUCT] = {SG_PLACE_ROW, NULL, add_product, "%s must equal %s"},
    [SG_RULE_MULTIPLE] = {SG_PLACE_ROW, NULL, add_multiple, "%s must be a multiple of its step%.0s"},
    [SG_RULE_WINDOW] = {SG_PLACE_ROW, NULL, add_window, "%s must lie in its %s before the as-of date"},
    [SG_RULE_NEXT_NE] = {SG_PLACE_ORDER, NULL, NULL, "%s must not be the row before's %s"},
    [SG_RULE_FIRST_IN] = {SG_PLACE_ORDER, NULL, NULL, "the first row's %s must be %s"},
    [SG_RULE_TOGETHER] = {SG_PLACE_ROW, NULL, add_together, "%s must be NULL exactly where %s is"},
    [SG_RULE_PERCENT] = {SG_PLACE_ROW, NULL, add_percent, "%s must be the share of %s, halves to even,"},
    [SG_RULE_SHAPE] = {SG_PLACE_ROW, NULL, add_shape, "%s must have the shape `%s`"},
    [SG_RULE_LAST_EQ] = {SG_PLACE_ORDER, NULL, NULL, "the last row's %s must equal the parent's %s"},
};

enum sg_rule_place sg_rule_place(const struct sg_rule *rule) {
    return kinds[rule->kind].place;
}

static bool add_fault(struct sg_sql *sql, const struct sg_table *table, const struct sg_rule *rule,
                      const struct sg_run *run) {
    const struct kind_info *kind = &kinds[rule->kind];
    int a = rule->a ? sg_column_index(table, rule->a) : -1;
    const struct subject of = {table, rule, run, a < 0 ? NULL : &table->columns[a], kind->fault};
    bool names_a = rule->kind != SG_RULE_PARENT_IS;
    return kind->add && (of.a || !names_a) && kind->add(sql, &of);
}

bool sg_rule_condition(struct sg_sql *sql, const struct sg_table *table, const struct sg_rule *rule,
                       const struct sg_run *run) {
    if (!rule->when) return add_fault(sql, table, rule, run);
    bool good = add_labels(sql, table, rule->when, "", rule->is);
    sg_sql_add(sql, " AND (");
    good = add_fault(sql, table, rule, run) && good;
    sg_sql_add(sql, ")");
    return good;
}

void sg_rule_order_from(struct sg_sql *sql, const char *schema, const struct sg_table *table,
                        const struct sg_rule *rule, const struct sg_foreign_key *key, bool by_bytes) {
    bool last = rule->kind == SG_RULE_LAST_EQ;
    const char *step = last ? "lead" : "lag";
    sg_sql_add(sql, "(SELECT t.*, %s(t.%s) OVER w AS beside_via", step, SG_SQL_NAME(rule->via));
    if (!last && rule->kind != SG_RULE_FIRST_IN)
        sg_sql_add(sql, ", lag(t.%s) OVER w AS beside_b", SG_SQL_NAME(rule->b));
    sg_sql_add(sql, " FROM %s t WINDOW w AS (ORDER BY ", SG_DDL_TABLE(schema, table->name));
    for (int k = 0; k < sg_key_count(table); k++) {
        enum sg_type type = table->columns[sg_column_index(table, table->key[k])].type;
        bool text = !by_bytes && (type == SG_TEXT || type == SG_TOKEN || type == SG_ENUM);
        sg_sql_add(sql, "%st.%s%s", k ? ", " : "", SG_SQL_NAME(table->key[k]), text ? " COLLATE \"C\"" : "");
    }
    sg_sql_add(sql, ")) c");
    if (last)
        sg_sql_add(sql, " JOIN %s p ON p.%s = c.%s", SG_DDL_TABLE(schema, key->parent),
                   SG_SQL_NAME(key->parent_column), SG_SQL_NAME(rule->via));
}

void sg_rule_order_condition(struct sg_sql *sql, const struct sg_rule *rule) {
    const char *a = SG_SQL_NAME(rule->a), *via = SG_SQL_NAME(rule->via);
    if (rule->kind == SG_RULE_LAST_EQ)
        sg_sql_add(sql, "c.beside_via IS DISTINCT FROM c.%s AND c.%s IS DISTINCT FROM p.%s", via, a,
                   SG_SQL_NAME(rule->b));
    else if (rule->kind == SG_RULE_NEXT_EQ)
        sg_sql_add(sql, "c.beside_via = c.%s AND coalesce(c.%s <> c.beside_b, true)", via, a);
    else if (rule->kind == SG_RULE_FIRST_IN) {
        sg_sql_add(sql, "c.beside_via IS DISTINCT FROM c.%s AND ", via);
        add_outside(sql, "c", rule->a, rule->b);
    } else
        sg_sql_add(sql, "c.beside_via = c.%s AND c.%s %s c.beside_b", via, a,
                   rule->kind == SG_RULE_NEXT_NE ? "=" : "<");
}

void sg_rule_aggregate(struct sg_sql *sql, const struct sg_rule *rule) {
    if (rule->kind == SG_RULE_COUNT_EQ)
        sg_sql_add(sql, "count(*)");
    else
        sg_sql_add(sql, "sum(%s)", SG_SQL_NAME(rule->a));
}

void sg_rule_phrase(const struct sg_rule *rule, char *out, size_t size) {
/* The formats are the literals of the table above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(out, size, kinds[rule->kind].phrase, rule->a ? rule->a : "", rule->b ? rule->b : "");
#pragma GCC diagnostic pop
    if (rule->kind == SG_RULE_PARENT_IS) sg_append(out, size, " %s", rule->is);
    if (rule->times)
        sg_append(out, size, rule->kind == SG_RULE_PERCENT ? " that %s says in percent" : " times %s",
                  rule->times);
    if (rule->when) sg_append(out, size, " when %s is %s", rule->when, rule->is);
}

void sg_column_catalog_type(const struct sg_column *column, char out[64]) {
    if (column->type == SG_TIMESTAMP)
        snprintf(out, 64, "timestamp(0) with time zone");
    else if ((column->type == SG_TEXT || column->type == SG_ENUM) && column->length_max)
        snprintf(out, 64, "character varying(%u)", column->length_max);
    else
        sg_column_sql_type(column, out);
}
