/* The certificate: a declared model, what was measured of it, and the judgement.
 *
 * Opened from a manifest, it resolves the names of the entries once. Measuring fills a flat array of counters
 * per thread (measure.h) that add up over threads and ranks, whatever the number of rows; judging turns the
 * sums into one result per entry. Tests with a p-value are corrected for their number (Holm), so that a sound
 * run fails with probability SG_FALSE_ALARM at most.
 */
#ifndef SG_VERIFY_CERTIFICATE_H
#define SG_VERIFY_CERTIFICATE_H

#include "io/manifest.h"

enum { SG_CORRELATION_BINS = 64, SG_DEGREES = 64, SG_ZONES_MAX = 16, SG_MONTHS = 72, SG_BEYOND_MAX = 64 };

/* A column resolved: of the row, or of the parent it refers to. */
struct sg_slot {
    int column; /* in its table; -1 = none */
    int via;    /* column of the row, -1 = the row's own column */
    int parent; /* manifest table */
    int key;    /* the parent's key column */
    int beyond; /* column of the row's parent (manifest table `middle`) that refers to `parent`; -1 = the
                   row's parent is `parent` */
    int middle;
    const struct sg_column *declared;
    int less;     /* column subtracted from the value, or compared with it; -1 = none */
    int less_via; /* column of the row whose parent holds `less`; -1 = the row's own */
    const struct sg_column *less_declared;
};

struct sg_resolved_where {
    struct sg_slot slot;
    uint64_t labels;             /* bit per code */
    int64_t bound;               /* in the cell's units; of texts: the image of all */
    int64_t texts[SG_TEXTS_MAX]; /* images */
    int text_count;
    char month[8]; /* MONTH: the text */
};

struct sg_resolved_selection {
    int table; /* manifest table, -1 = no such term */
    struct sg_slot slot;
    struct sg_resolved_where where[SG_WHERES_MAX];
    int32_t days; /* from its SINCE to its BEFORE, or to the as-of date; 0 = it has no SINCE */
};

struct sg_resolved {
    const struct sg_statistic *statistic;
    int32_t as_of_day; /* of the run */
    bool absent;       /* a table it needs is not part of the run */
    struct sg_resolved_selection of, by;
    struct sg_slot zone;
    int zones[SG_ZONES_MAX];                /* by code of the zone's label */
    uint64_t parent_rows;                   /* DEGREE, VERDICT */
    struct sg_resolved_selection *features; /* VERDICT; owned, as many as declared */
    int group_via, group_key;               /* GROUPS: columns; key -1 = none */
    double expected;                        /* RATIO, REPEATS: of this run */
    bool planned;                           /* TOTAL: the manifest says what the plan expects */
    int64_t total;
    size_t cell, cells; /* its counters */
};

struct sg_certificate {
    const struct sg_manifest *manifest;
    struct sg_resolved *entries;
    size_t count;
    size_t cells;     /* of all entries */
    double **chances; /* room for the judge: count pointers */
};

enum sg_fit_status { SG_FIT_PASS, SG_FIT_FAIL, SG_FIT_SKIP };

struct sg_fit {
    enum sg_fit_status status;
    uint64_t rows;                      /* that took part */
    double measured, expected, allowed; /* |measured - expected| <= allowed, but for p-values */
    bool has_p;
    double p; /* raw until judged, then corrected */
    char detail[160];
};

/* Local. Resolves the entries, and behind them the totals of the manifest's dataset; SG_INTERNAL when one
 * names what is not declared. A run of one root entity has no entries: the model is about the whole. The
 * manifest must outlive it. Free with sg_certificate_close even after failure. */
enum sg_code sg_certificate_open(struct sg_certificate *certificate, const struct sg_manifest *manifest,
                                 const struct sg_statistic *statistics, size_t count, struct sg_error *err);
void sg_certificate_close(struct sg_certificate *certificate);

/* Pure. Judges the sums of all counters: `count` results. */
void sg_certificate_judge(const struct sg_certificate *certificate, const uint64_t *cells,
                          struct sg_fit *fits);

#endif
