/* Readers of the small texts that rules hold. */
#include "model/rule.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"

enum { NAME_BYTES = 64, LABELS_MAX = 64 };

static bool is_number(enum sg_type type) {
    return type == SG_I16 || type == SG_I32 || type == SG_I64 || type == SG_DECIMAL;
}

/* Something to add up: numbers, days, seconds. */
static bool is_addend(enum sg_type type) {
    return is_number(type) || type == SG_DATE || type == SG_TIMESTAMP;
}

static const char *skip_blanks(const char *at) {
    while (*at == ' ')
        at++;
    return at;
}

/* Reads one term without its sign; NULL when it does not read. */
static const char *read_term(const struct sg_table *table, const char *at, struct sg_term *term) {
    char name[NAME_BYTES];
    char *end = (char *)at;
    term->factor = isdigit((unsigned char)*at) ? strtoll(at, &end, 10) : 1;
    at = skip_blanks(end);
    size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (length == 0 || length >= sizeof name) return NULL;
    memcpy(name, at, length);
    name[length] = 0;
    term->column = sg_column_index(table, name);
    return term->column < 0 ? NULL : skip_blanks(at + length);
}

bool sg_rule_factors(const struct sg_table *table, const struct sg_rule *rule, int columns[2]) {
    struct sg_term terms[2] = {{0}};
    const char *at = rule->b ? read_term(table, skip_blanks(rule->b), &terms[0]) : NULL;
    int a = rule->a ? sg_column_index(table, rule->a) : -1;
    if (!at || *at != '*' || a < 0) return false;
    at = read_term(table, skip_blanks(at + 1), &terms[1]);
    if (!at || *at || terms[0].factor != 1 || terms[1].factor != 1) return false;
    unsigned scale = 0;
    for (int i = 0; i < 2; i++) {
        columns[i] = terms[i].column;
        if (!is_number(table->columns[columns[i]].type)) return false;
        scale += table->columns[columns[i]].scale;
    }
    return is_number(table->columns[a].type) && table->columns[a].scale == scale;
}

enum unit { DAYS, MONTHS, MONTH_STARTS, UNITS };

/* The unit of time of a WINDOW; UNITS when it does not read. */
static enum unit unit_of(const char *text) {
    static const char *const units[UNITS] = {"days", "months", "month starts"};
    enum unit unit = DAYS;
    while (unit < UNITS && (!text || strcmp(text, units[unit]) != 0))
        unit++;
    return unit;
}

/* The as-of date, or the first of its month, less a number of days or months. */
static int32_t day_before(const struct sg_run *run, enum unit unit, int64_t count) {
    if (unit == DAYS) return run->as_of_day - (int32_t)count;
    struct sg_civil now = sg_civil_from_day(run->as_of_day);
    int32_t from = unit == MONTHS ? run->as_of_day : sg_day_from_civil(now.year, now.month, 1);
    return sg_add_months(from, -(int32_t)count);
}

bool sg_rule_window(const struct sg_rule *rule, const struct sg_run *run, enum sg_type type, int64_t *low,
                    int64_t *high) {
    int64_t unit = type == SG_DATE ? 1 : SG_DAY_S;
    enum unit window = rule->kind == SG_RULE_WINDOW ? unit_of(rule->b) : DAYS;
    if ((type != SG_DATE && type != SG_TIMESTAMP) || window == UNITS) return false;
    *low = rule->kind == SG_RULE_PAST     ? INT64_MIN
           : rule->kind == SG_RULE_FUTURE ? run->as_of_day * unit
                                          : day_before(run, window, rule->high) * unit;
    *high = rule->kind == SG_RULE_PAST     ? run->as_of_day * unit
            : rule->kind == SG_RULE_FUTURE ? INT64_MAX
                                           : day_before(run, window, rule->low) * unit;
    return true;
}

int sg_rule_terms(const struct sg_table *table, const char *text, struct sg_term terms[SG_TERMS_MAX]) {
    int count = 0, sign = 1;
    const char *at = skip_blanks(text);
    while (count < SG_TERMS_MAX) {
        struct sg_term *term = &terms[count++];
        at = read_term(table, at, term);
        if (!at) return 0;
        term->factor *= sign;
        const struct sg_column *column = &table->columns[term->column];
        if (!is_addend(column->type) || column->scale != table->columns[terms[0].column].scale) return 0;
        if (!*at) return count;
        if (*at != '+' && *at != '-') return 0;
        sign = *at == '-' ? -1 : 1;
        at = skip_blanks(at + 1);
    }
    return 0;
}

bool sg_rule_percent(const struct sg_table *table, const struct sg_rule *rule) {
    struct sg_term terms[SG_TERMS_MAX];
    int a = rule->a ? sg_column_index(table, rule->a) : -1;
    int rate = rule->times ? sg_column_index(table, rule->times) : -1;
    if (a < 0 || rate < 0 || !rule->b || !sg_rule_terms(table, rule->b, terms)) return false;
    const struct sg_column *base = &table->columns[terms[0].column];
    return is_number(table->columns[a].type) && is_number(base->type) &&
           is_number(table->columns[rate].type) && table->columns[a].scale == base->scale;
}

/* Code of a label, -1 when there is none. */
static int code_of(const struct sg_column *column, const char *label, size_t length) {
    static const char *const flags[2] = {"false", "true"};
    const char *const *labels = column->type == SG_BOOL ? flags
                                : column->labels        ? column->labels->labels
                                                        : NULL;
    int count = column->type == SG_BOOL ? 2 : column->labels ? column->labels->count : 0;
    for (int i = 0; i < count && i < LABELS_MAX; i++)
        if (strlen(labels[i]) == length && memcmp(labels[i], label, length) == 0) return i;
    return -1;
}

uint64_t sg_rule_labels(const struct sg_column *column, const char *text) {
    uint64_t bits = 0;
    for (const char *at = text;; at++) {
        size_t length = strcspn(at, "|");
        int code = code_of(column, at, length);
        if (code < 0) return 0;
        bits |= (uint64_t)1 << code;
        at += length;
        if (!*at) return bits;
    }
}
