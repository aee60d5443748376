/* One thread's state, shared by the files of the verify floor that put batches to checks. */
#ifndef SG_VERIFY_WORKER_H
#define SG_VERIFY_WORKER_H

#include "verify/lanes.h"
#include "verify/measure.h"
#include "verify/parents.h"
#include "verify/values.h"
#include "verify/verify.h"

/* Children of the parent in hand, for COUNT_EQ, SUM_EQ and rules on neighbouring rows. Children of one parent
 * are neighbours within one shard. */
struct group {
    bool open;
    struct sg_key_image parent;
    uint64_t row; /* of its first child; its latest for LAST_EQ */
    __int128 sum;
    int64_t latest; /* value of the latest child that the next row or the parent is held against */
    bool latest_null;
    /* of the parent: its value; NULL also when it is not there */
    int64_t expected;
    bool expected_null, found;
};

struct hashes {
    uint64_t *values;
    size_t count, capacity;
    uint32_t pass;
};

struct sg_verify_worker {
    const struct sg_verify *verify;
    struct sg_parents *parents;
    struct sg_lanes *lanes; /* of the batch in hand */
    struct sg_tally *tallies;
    struct group *groups;  /* per check */
    struct hashes *hashes; /* per gathering */
    struct sg_measure *measure;
    /* the shard in hand */
    uint16_t table;
    const struct sg_shard_facts *facts;
    uint64_t rows;
    __int128 fingerprint;
    bool have_last;
    char key_first[SG_KEY_TEXT_BYTES], key_last[SG_KEY_TEXT_BYTES];
    /* one batch long */
    int64_t *a;          /* computed values */
    uint8_t *bad, *skip; /* marks: at fault; not spoken of */
};

/* Tallies row `row` of a batch as failing a check; the sample shows the key and columns a and b (may be
 * NULL). */
void sg_worker_offend(struct sg_verify_worker *worker, size_t check, const struct sg_batch *batch, size_t row,
                      const char *a, const char *b);

/* The same for every row with a mark in worker->bad. */
void sg_worker_offend_marked(struct sg_verify_worker *worker, size_t check, const struct sg_batch *batch,
                             const char *a, const char *b);

/* Loops over a batch (rule_checks.c). Quick questions first: could any row be at fault, NULLs and rows that a
 * rule does not speak of included? */
bool sg_any_outside(const int64_t *values, int64_t low, int64_t high, size_t rows);
bool sg_any_pair(enum sg_rule_kind kind, const struct sg_verify_check *check, const int64_t *a,
                 const int64_t *b, size_t rows);
/* 1 into bad[i] for rows at fault, else 0. */
void sg_mark_outside(const int64_t *values, int64_t low, int64_t high, size_t rows, uint8_t *bad);
/* LE, LT, PARENT_EQ, PARENT_GE, PARENT_LE. */
void sg_mark_pairs(enum sg_rule_kind kind, const struct sg_verify_check *check, const int64_t *a,
                   const int64_t *b, size_t rows, uint8_t *bad);
void sg_mark_labels(const int64_t *values, uint64_t wanted, size_t rows, uint8_t *bad);
/* Takes marks off rows that are skipped; is any left? */
bool sg_pass_over(const uint8_t *skip, size_t rows, uint8_t *bad);

/* The text of a row's primary key, cells joined by tabs, cut to SG_KEY_TEXT_BYTES - 1. */
void sg_worker_key_text(const struct sg_batch *batch, size_t row, char out[SG_KEY_TEXT_BYTES]);

/* Rows alone (row_checks.c): ascending keys, foreign keys, rules within a row. */
void sg_worker_check_key(struct sg_verify_worker *worker, size_t check, const struct sg_batch *batch);
enum sg_code sg_worker_check_foreign_key(struct sg_verify_worker *worker, size_t check,
                                         const struct sg_batch *batch, struct sg_error *err);
void sg_worker_check_row_rule(struct sg_verify_worker *worker, size_t check, const struct sg_batch *batch);

/* Rows with their parent (parent_checks.c). */
enum sg_code sg_worker_check_parent_rule(struct sg_verify_worker *worker, size_t check,
                                         const struct sg_batch *batch, struct sg_error *err);
enum sg_code sg_worker_check_group_rule(struct sg_verify_worker *worker, size_t check,
                                        const struct sg_batch *batch, struct sg_error *err);
enum sg_code sg_worker_check_parent_label(struct sg_verify_worker *worker, size_t check,
                                          const struct sg_batch *batch, struct sg_error *err);
/* The same for a scattered rule: adds to the weighted total. */
void sg_worker_add_scattered(struct sg_verify_worker *worker, size_t check, const struct sg_batch *batch);
/* Judges the group in hand at the end of a shard. */
void sg_worker_close_group(struct sg_verify_worker *worker, size_t check);
/* The table in hand as the parent of group rules elsewhere: adds its column's total. */
void sg_worker_add_parent_totals(struct sg_verify_worker *worker, const struct sg_batch *batch);

/* Rows with the row before, and the last with its parent (order_checks.c): SG_RULE_NEXT_*, SG_RULE_LAST_EQ.
 */
void sg_worker_check_next_rule(struct sg_verify_worker *worker, size_t check, const struct sg_batch *batch);
enum sg_code sg_worker_check_last_rule(struct sg_verify_worker *worker, size_t check,
                                       const struct sg_batch *batch, struct sg_error *err);
void sg_worker_close_order(struct sg_verify_worker *worker, size_t check);
/* Is the image that of the group's parent? */
bool sg_same_group(const struct group *group, struct sg_key_image image);

/* Gatherings (unique.c): keeps the hashes of the current pass. */
enum sg_code sg_worker_gather_hashes(struct sg_verify_worker *worker, size_t gathering,
                                     const struct sg_batch *batch, struct sg_error *err);

#endif
