/* Kinds of statistics: everything that is particular to one, in one row of a table.
 *
 * A kind says how many counters an entry has, how the rows of a batch fall into them, how a database is asked
 * for the same counters, what the sums mean, and how the catalog words it. Whatever walks entries (measure.c,
 * ask.c, judge.c, catalog and report) asks the row and knows no kind by name: a new kind is a word in
 * `enum sg_statistic_kind`, a file kind_<name>.c with a `const struct sg_kind`, and a line in kinds.c.
 */
#ifndef SG_VERIFY_KIND_H
#define SG_VERIFY_KIND_H

#include <stdio.h>

#include "io/pg_sql.h"
#include "verify/certificate.h"
#include "verify/lanes.h"
#include "verify/values.h"

/* The rows of a batch that a term selects. */
struct sg_taken {
    const struct sg_batch *batch;
    size_t rows;           /* of the batch */
    const uint8_t *keep;   /* per row: 1 = it takes part; 0 where the term's column is NULL */
    const int64_t *values; /* per row: the term's column, in local time where the entry has a zone and days as
                              their midnight where its classes are of time; NULL when rows are counted */
    /* kinds with `pairs` whose `by` names a column: that column of the same rows, and where it is NULL */
    const int64_t *other;
    const uint8_t *other_null;
};

/* The parents whose rows stand in a batch, for kinds that judge parents: one stretch of rows each. */
struct sg_taken_parents {
    const struct sg_batch *batch;
    struct sg_stretches stretches;
    const uint8_t *keep;   /* per row, as above */
    const int64_t *labels; /* per row: the term's column */
    const int64_t *sums;   /* [stretch * SG_FEATURES_MAX + feature] */
};

/* What an entry carries from batch to batch of a shard. */
struct sg_kind_state {
    struct sg_key_image group;
    uint64_t group_rows;
    int64_t label, sums[SG_FEATURES_MAX]; /* of the group */
    struct sg_kind_more *more;            /* of kinds with more_bytes; zeroed at the start */
};

/* How a database is asked for the counters of a kind. */
enum sg_ask {
    SG_ASK_NOTHING, /* it is not */
    SG_ASK_TERMS,   /* rows and sum of `of` into counters 0 and 1, of `by` (if declared) into 2 and 3 */
    SG_ASK_CELLS,   /* each selected row counts in the counter that `sql_cell` gives */
    SG_ASK_ROWS     /* `sql_rows` is a statement of its own whose rows are (counter, amount) */
};

struct sg_kind {
    const char *name; /* in the catalog */
    bool pairs;       /* `by` is a second column of the rows of `of`, not a term of its own */
    bool empty_is_judged;
    bool gathers; /* on shards, counter 1 receives the number of distinct values of `of.column` (verify.h) */
    /* Pure. Number of counters. */
    size_t (*cells)(const struct sg_statistic *statistic);
    /* Pure. Bytes that an entry carries beyond the rest of struct sg_kind_state; NULL = none. */
    size_t (*more_bytes)(void);
    /* Further resolving, NULL = none. Codes as sg_certificate_open. */
    enum sg_code (*resolve)(const struct sg_manifest *manifest, struct sg_resolved *entry,
                            struct sg_error *err);
    /* Adds rows of `of` to the entry's counters; of `by` when the kind has such a term (else NULL). */
    void (*count)(const struct sg_resolved *entry, const struct sg_taken *taken, struct sg_kind_state *state,
                  uint64_t *cells);
    /* In place of `count`: adds parents. */
    void (*count_parents)(const struct sg_resolved *entry, const struct sg_taken_parents *taken,
                          struct sg_kind_state *state, uint64_t *cells);
    void (*count_by)(const struct sg_resolved *entry, const struct sg_taken *taken,
                     struct sg_kind_state *state, uint64_t *cells);
    /* After the last batch of a shard, NULL = nothing spans batches. */
    void (*end_shard)(const struct sg_resolved *entry, struct sg_kind_state *state, uint64_t *cells);

    enum sg_ask ask;
    /* Appends an integer expression over a row (see ask.h): its counter; NULL or negative for none, beyond
     * the last for the last. */
    void (*sql_cell)(struct sg_sql *sql, const struct sg_resolved *entry);
    bool sums; /* CELLS: a second half of counters adds up `by.column` of the rows that the first half counts
                */
    /* Appends a whole statement. */
    void (*sql_rows)(struct sg_sql *sql, const struct sg_certificate *certificate,
                     const struct sg_resolved *entry);

    /* Pure. Rows that decide whether there is enough to say. */
    uint64_t (*rows)(const struct sg_resolved *entry, const uint64_t *cells);
    /* Pure. The judgement; fit->rows is set and the status SKIP. A kind that leaves has_p has its status
     * decided by the corrected p-value. */
    void (*judge)(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit);
    /* Pure. For reports, NULL = nothing by class: what each class shows and should, shares of all or means.
     */
    void (*show)(const struct sg_resolved *entry, const uint64_t *cells, double *measured, double *declared);
    bool shows_means;
    /* What is expected, in the catalog's words. */
    void (*print_expected)(const struct sg_statistic *statistic, FILE *out);
};

/* Pure. The row of a kind. */
const struct sg_kind *sg_kind_of(const struct sg_statistic *statistic);

/* For kinds: */

/* Pure. Sum of counters. */
uint64_t sg_cells_total(const uint64_t *cells, size_t count);
/* Pure. What chance and declaration allow with so many rows: tolerance + spread / sqrt(rows). */
double sg_fit_tolerance(const struct sg_statistic *statistic, const struct sg_fit *fit);
/* Passes the fit if |measured - expected| <= allowed, else fails it. */
void sg_fit_conclude(struct sg_fit *fit);
/* Counts the rows taken in cells[0] and adds up their values, if any, in cells[1]. */
void sg_count_term(const struct sg_taken *taken, uint64_t *cells);
/* Finds how many rows the parent of `of` has through foreign key `column`: entry->parent_rows; absent when
 * the parent is no part of the run. */
enum sg_code sg_kind_resolve_parent(const struct sg_manifest *manifest, struct sg_resolved *entry,
                                    const char *column, struct sg_error *err);
/* Pure. What a class of a statistic with classes is called: its label, "Mon", "18 h", "from 4", "day 30". */
void sg_class_name(const struct sg_resolved *entry, unsigned class, char *out, size_t size);
/* Prints `expected`. */
void sg_print_expected_value(const struct sg_statistic *statistic, FILE *out);

extern const struct sg_kind sg_kind_quota, sg_kind_profile, sg_kind_chi_squared, sg_kind_ks, sg_kind_ratio,
    sg_kind_mean, sg_kind_degree, sg_kind_series, sg_kind_seasons, sg_kind_correlation, sg_kind_means,
    sg_kind_verdict, sg_kind_groups, sg_kind_repeats, sg_kind_total;

#endif
