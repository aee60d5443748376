/* One thread's state, shared by the files of the verify floor that put batches to checks. */
#ifndef SG_VERIFY_WORKER_H
#define SG_VERIFY_WORKER_H

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
};

struct hashes {
    uint64_t *values;
    size_t count, capacity;
    uint32_t pass;
};

struct sg_verify_worker {
    const struct sg_verify *verify;
    struct sg_parents *parents;
    struct sg_tally *tallies;
    struct group *groups;  /* per check */
    struct hashes *hashes; /* per check */
    struct sg_measure *measure;
    /* the shard in hand */
    uint16_t table;
    const struct sg_shard_facts *facts;
    uint64_t rows;
    __int128 fingerprint;
    bool have_last;
    char key_first[SG_KEY_TEXT_BYTES], key_last[SG_KEY_TEXT_BYTES];
    int64_t *a, *b; /* a column's values each, one batch long */
};

/* Tallies row `row` of a batch as failing a check; the sample shows the key and columns a and b (may be
 * NULL). */
void sg_worker_offend(struct sg_verify_worker *worker, size_t check, const struct sg_batch *batch, size_t row,
                      const char *a, const char *b);

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
enum sg_code sg_worker_close_group(struct sg_verify_worker *worker, size_t check, struct sg_error *err);
/* The table in hand as the parent of group rules elsewhere: adds its column's total. */
void sg_worker_add_parent_totals(struct sg_verify_worker *worker, const struct sg_batch *batch);
/* Pure. Does a stand to b as the kind demands? */
bool sg_rule_holds(enum sg_rule_kind kind, int64_t a, int64_t b);

/* Rows with the row before, and the last with its parent (order_checks.c): SG_RULE_NEXT_*, SG_RULE_LAST_EQ.
 */
void sg_worker_check_next_rule(struct sg_verify_worker *worker, size_t check, const struct sg_batch *batch);
enum sg_code sg_worker_check_last_rule(struct sg_verify_worker *worker, size_t check,
                                       const struct sg_batch *batch, struct sg_error *err);
enum sg_code sg_worker_close_order(struct sg_verify_worker *worker, size_t check, struct sg_error *err);

/* Unique columns (unique.c): keeps the hashes of the current pass. */
enum sg_code sg_worker_gather_hashes(struct sg_verify_worker *worker, size_t check,
                                     const struct sg_batch *batch, struct sg_error *err);

#endif
