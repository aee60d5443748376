/* The list of verification results and its two printed forms. */
#include "app/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"

static enum sg_code reserve(struct sg_check_list *list, size_t more, struct sg_error *err) {
    size_t want, bytes;
    if (!sg_add_size(list->count, more, &want)) return sg_fail(err, SG_SYSTEM, "too many check results");
    if (want <= list->capacity) return SG_OK;
    if (!sg_add_size(want, list->capacity, &want) || !sg_mul_size(want, sizeof *list->results, &bytes))
        return sg_fail(err, SG_SYSTEM, "too many check results");
    struct sg_check_result *grown = realloc(list->results, bytes);
    if (!grown) return sg_fail(err, SG_SYSTEM, "no memory for %zu check results", want);
    list->results = grown;
    list->capacity = want;
    return SG_OK;
}

struct sg_check_result *sg_check_new(struct sg_check_list *list, const char *table, const char *check,
                                     struct sg_error *err) {
    if (reserve(list, 1, err) != SG_OK) return NULL;
    struct sg_check_result *result = &list->results[list->count++];
    memset(result, 0, sizeof *result);
    snprintf(result->table, sizeof result->table, "%s", table ? table : "");
    snprintf(result->check, sizeof result->check, "%s", check);
    return result;
}

void sg_check_fail(struct sg_check_result *result, uint64_t offending, const char *format, ...) {
    result->status = SG_CHECK_FAIL;
    result->offending = offending;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(result->detail, sizeof result->detail, format, arguments);
    va_end(arguments);
}

void sg_check_skip(struct sg_check_result *result, const char *format, ...) {
    result->status = SG_CHECK_SKIP;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(result->detail, sizeof result->detail, format, arguments);
    va_end(arguments);
}

void sg_check_key(struct sg_check_result *result, const char *key) {
    for (int i = 0; i < SG_CHECK_KEYS; i++) {
        if (result->keys[i][0]) continue;
        snprintf(result->keys[i], SG_CHECK_KEY_BYTES, "%s", key);
        return;
    }
}

enum sg_code sg_check_append(struct sg_check_list *list, const struct sg_check_result *results, size_t count,
                             struct sg_error *err) {
    if (count == 0) return SG_OK;
    SG_TRY(reserve(list, count, err));
    memcpy(list->results + list->count, results, count * sizeof *results);
    list->count += count;
    return SG_OK;
}

void sg_check_free(struct sg_check_list *list) {
    free(list->results);
    *list = (struct sg_check_list){0};
}

size_t sg_check_count(const struct sg_check_list *list, enum sg_check_status status) {
    size_t n = 0;
    for (size_t i = 0; i < list->count; i++)
        n += list->results[i].status == status;
    return n;
}

static const char *subject(const struct sg_check_result *result) {
    return result->table[0] ? result->table : "(all)";
}

static void print_offenders(const struct sg_check_result *result, FILE *out) {
    if (result->offending) fprintf(out, " [%llu rows", (unsigned long long)result->offending);
    for (int i = 0; i < SG_CHECK_KEYS && result->keys[i][0]; i++)
        fprintf(out, "%s%s", i ? ", " : result->offending ? ": " : " [", result->keys[i]);
    if (result->offending || result->keys[0][0]) fputc(']', out);
}

/* First result of its table in the list? Tables are few, results hundreds. */
static bool first_of_table(const struct sg_check_list *list, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (strcmp(list->results[i].table, list->results[at].table) == 0) return false;
    return true;
}

static void print_table_line(const struct sg_check_list *list, size_t at, FILE *out) {
    size_t counts[3] = {0};
    for (size_t i = at; i < list->count; i++)
        if (strcmp(list->results[i].table, list->results[at].table) == 0) counts[list->results[i].status]++;
    fprintf(out, "%-34s %6zu %6zu %7zu  %s\n", subject(&list->results[at]), counts[SG_CHECK_PASS],
            counts[SG_CHECK_FAIL], counts[SG_CHECK_SKIP], counts[SG_CHECK_FAIL] ? "FAILED" : "ok");
}

void sg_check_print(const struct sg_check_list *list, FILE *out) {
    fprintf(out, "%-34s %6s %6s %7s\n", "verified", "passed", "failed", "skipped");
    for (size_t i = 0; i < list->count; i++)
        if (first_of_table(list, i)) print_table_line(list, i, out);
    for (size_t i = 0; i < list->count; i++) {
        const struct sg_check_result *result = &list->results[i];
        if (result->status != SG_CHECK_FAIL) continue;
        fprintf(out, "FAILED %s %s: %s", subject(result), result->check, result->detail);
        print_offenders(result, out);
        fputc('\n', out);
    }
}

enum sg_code sg_check_verdict(const struct sg_check_list *list, const char *what, struct sg_error *err) {
    size_t failures = sg_check_count(list, SG_CHECK_FAIL);
    if (failures == 0) return SG_OK;
    size_t i = 0;
    while (list->results[i].status != SG_CHECK_FAIL)
        i++;
    const struct sg_check_result *first = &list->results[i];
    return sg_fail(err, SG_INVALID, "%s: %zu of %zu checks failed, the first: %s %s: %s", what, failures,
                   list->count, subject(first), first->check, first->detail);
}
