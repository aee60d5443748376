/* Results of verification: one row per check, the same for shards and databases.
 *
 * A result is plain data without pointers, so ranks may send it as bytes. Verifiers append to a list; the
 * list is printed as a table or as JSON, and turned into a verdict.
 */
#ifndef SG_APP_CHECK_H
#define SG_APP_CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"

enum sg_check_status { SG_CHECK_PASS, SG_CHECK_FAIL, SG_CHECK_SKIP };

enum { SG_CHECK_KEYS = 3, SG_CHECK_KEY_BYTES = 120, SG_CHECK_NAME_BYTES = 128, SG_CHECK_DETAIL_BYTES = 240 };

struct sg_check_result {
    char table[SG_CHECK_NAME_BYTES]; /* "" for checks of the whole */
    char
        check[SG_CHECK_NAME_BYTES]; /* stable name: "rows", "primary_key", "foreign_key:account_id", a rule */
    enum sg_check_status status;
    uint64_t offending;                           /* rows at fault, 0 unless failed */
    char keys[SG_CHECK_KEYS][SG_CHECK_KEY_BYTES]; /* primary keys of the first offenders, "" when fewer */
    char detail[SG_CHECK_DETAIL_BYTES];           /* one phrase: expected and found, or why skipped */
};

/* Zero-initialise. Not thread-safe: one list per thread, then sg_check_append_all. */
struct sg_check_list {
    struct sg_check_result *results;
    size_t count, capacity;
};

/* Adds an empty passed result and returns it for completion; NULL when out of memory (err set). The pointer
 * holds until the next addition. */
struct sg_check_result *sg_check_new(struct sg_check_list *list, const char *table, const char *check,
                                     struct sg_error *err);

/* Marks a result failed. */
void sg_check_fail(struct sg_check_result *result, uint64_t offending, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Marks a result skipped, with the reason. */
void sg_check_skip(struct sg_check_result *result, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Notes the primary key of an offender while fewer than SG_CHECK_KEYS are known. */
void sg_check_key(struct sg_check_result *result, const char *key);

/* Appends `count` results (received from another thread or rank). */
enum sg_code sg_check_append(struct sg_check_list *list, const struct sg_check_result *results, size_t count,
                             struct sg_error *err);
void sg_check_free(struct sg_check_list *list);

/* Pure. Number of results with a status. */
size_t sg_check_count(const struct sg_check_list *list, enum sg_check_status status);

/* Prints a table for people: one line per table with the number of checks passed, then every failed check
 * with its offenders. */
void sg_check_print(const struct sg_check_list *list, FILE *out);

/* SG_OK, or SG_INVALID with a message that counts the failures and names the first. `what` is the subject:
 * "database saas on localhost". */
enum sg_code sg_check_verdict(const struct sg_check_list *list, const char *what, struct sg_error *err);

#endif
