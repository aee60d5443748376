/* The declared model of a dataset: what its written rows must look like as a whole.
 *
 * A statistic is data: which rows, what is measured on them, what to expect, how far off it may be and why.
 * Verification measures every entry while it proves the rules; the catalog lists the same entries. Columns
 * are given by name; values are in stored units (scaled integers, day numbers, seconds, enum codes).
 */
#ifndef SG_MODEL_STATISTIC_H
#define SG_MODEL_STATISTIC_H

#include <stdbool.h>
#include <stdint.h>

/* A condition on a cell. NULL cells fail it unless it says otherwise. */
enum sg_test {
    SG_TEST_END,           /* no condition; ends a list */
    SG_TEST_LABEL,         /* the label is one of `labels`, separated by | */
    SG_TEST_FROM,          /* cell >= value (booleans: 1 is true) */
    SG_TEST_BELOW,         /* cell < value */
    SG_TEST_NULL,          /* cell is NULL */
    SG_TEST_NOT_NULL,      /* cell is not NULL */
    SG_TEST_TEXT,          /* the text is one of `labels`, separated by | */
    SG_TEST_OTHER_TEXT,    /* the text is none of `labels` */
    SG_TEST_SHAPE,         /* the row's own text has the shape `labels` (model/shape.h) */
    SG_TEST_DIFFERS,       /* cell is not that of column `other`, the row's own or a parent's; NULLs fail */
    SG_TEST_SAME,          /* cell is that of column `other`, the row's own or a parent's; NULLs fail */
    SG_TEST_PERCENT_FROM,  /* cell >= `value` percent of that of column `other`, the row's own or a parent's;
                              NULLs fail */
    SG_TEST_PERCENT_BELOW, /* cell < `value` percent of it */
    SG_TEST_MONTH,         /* the text is the as-of date's month less `value` months, as "2026-05" */
    SG_TEST_SINCE,         /* date or instant not before the as-of date less `value` months (or days) */
    SG_TEST_BEFORE,        /* date or instant before the as-of date less `value` months (or days) */
    SG_TEST_OPEN_OR_SINCE  /* NULL, or SG_TEST_SINCE */
};

struct sg_where {
    enum sg_test test;
    const char *column;
    const char *via; /* foreign key column of the row: `column` is its parent's; "a.b": its parent's parent's,
                        through foreign key b of that of a; NULL: the row's own */
    int64_t value;
    const char *labels;
    const char *other,
        *other_via;              /* DIFFERS, SAME: of the foreign key column's parent; NULL: the row's own */
    const char *less, *less_via; /* FROM, BELOW: as in sg_selection */
    bool month_start; /* SINCE, BEFORE, OPEN_OR_SINCE: less months from the first of the as-of date's month */
    bool days;        /* SINCE, BEFORE, OPEN_OR_SINCE: `value` counts days */
};

enum { SG_WHERES_MAX = 6, SG_TEXTS_MAX = 24 /* of a test */ };

/* Rows of a table that pass all conditions, and the column looked at (NULL: rows are counted). Rows in which
 * that column is NULL do not take part. */
struct sg_selection {
    const char *table;
    const char *column;
    const char *via;  /* as in sg_where */
    const char *less; /* a column of the same type and scale, subtracted: a duration, an age; rows in which it
                         is NULL do not take part. NULL: nothing */
    const char *less_via; /* foreign key column: `less` is its parent's; NULL: the row's own */
    struct sg_where where[SG_WHERES_MAX];
};

enum sg_statistic_kind {
    SG_STAT_QUOTA,       /* rows per class are the largest-remainder shares of all, +- slack rows */
    SG_STAT_PROFILE,     /* total variation distance between classes and weights <= tolerance */
    SG_STAT_CHI_SQUARED, /* rows fall into classes independently by weight: p-value */
    SG_STAT_KS,          /* values are drawn independently from `curve`: p-value */
    SG_STAT_RATIO,       /* sum (or count) of `of` = expected x that of `by`, +- tolerance x by + slack */
    SG_STAT_MEAN,        /* mean of `of` = expected +- tolerance */
    SG_STAT_DEGREE,  /* rows of `of` per parent through foreign key `of.column`: each from low to high, their
                        mean expected +- tolerance; rows of a parent are neighbours */
    SG_STAT_SERIES,  /* rows of `of` (and sums of `by.column`, same table) by month of the date or instant
                        `of.column`: for the report, not judged */
    SG_STAT_SEASONS, /* the whole ones of these months, a day, over the twelve around each, so that growth
                        drops out; by calendar month: total variation distance between their shares and the
                        weights, January first, <= tolerance */
    SG_STAT_CORRELATION, /* Spearman's rank correlation of columns `of` and `by` (same table) = expected +-
                            tolerance, from 64 x 64 bins */
    SG_STAT_MEANS, /* mean of `by.column` (same table) in each class of `of`: the weights times `expected`, or
                      times what fits best when that is 0; the differences, by rows, <= tolerance of all */
    SG_STAT_VERDICT, /* the label `of.column` of the parents (`of.via`, which it needs) found again from their
                        rows in of.table alone, by `verdicts` over `features`: the share of parents that are =
                        expected +- tolerance. Conditions of `of` choose parents (look at them through `via`),
                        all have a say without. Rows of a parent are neighbours */
    SG_STAT_GROUPS,  /* rows of `of` with the same parent and the same cell are a group (`group`): the groups
                        that  pass its test = expected x all groups, or x the rows of `by` where that is
                        declared, +-  tolerance x base + slack. Rows of a parent are neighbours */
    SG_STAT_REPEATS, /* share of the rows that hold a value of `of.column` that another row holds, too, the
                        first of each value aside: 1 - distinct values / rows = what `curve` has for so many
                        rows, +- tolerance. `of` has no conditions */
    SG_STAT_TOTAL    /* sum of `of` (or its rows) = what the plan says, to the unit; see `totals` of struct
                        sg_dataset. Tests look at the row itself, without `via` */
};

/* How a row of QUOTA, PROFILE, CHI_SQUARED and MEANS finds its class, from `of.column`. */
enum sg_classes {
    SG_CLASSES_LABEL,   /* code of the label */
    SG_CLASSES_VALUE,   /* (value - bins.low) / bins.width */
    SG_CLASSES_HOUR,    /* hour of the instant, 0..23 */
    SG_CLASSES_WEEKDAY, /* Monday 0 .. Sunday 6 */
    SG_CLASSES_MONTH    /* January 0 .. December 11 */
};

struct sg_bins {
    int64_t low, width; /* width 0 = 1 */
};

/* A point of a distribution function: a share of `per_million` of all values is below `value`; linear between
 * points. The first has share 0, the last a million. REPEATS: the share of repeated ones among `value` rows;
 * the same as at the ends before the first and behind the last. */
struct sg_knot {
    int64_t value;
    uint32_t per_million;
};

/* A number about a parent, from its rows: the sum of a column over those that meet the conditions, or how
 * many these are. */
struct sg_feature {
    const char *name;
    struct sg_selection of; /* its table is the entry's */
};

enum { SG_FEATURES_MAX = 18, SG_COMPARISONS_MAX = 3 };

/* a_times x feature a is at least (or below) b_times x feature b, or the constant b_times without one. */
struct sg_comparison {
    int a, b; /* indices; b SG_NO_FEATURE = none */
    bool below;
    int64_t a_times, b_times; /* a_times 0 ends a list */
    int until;    /* behind a: so says each of the features from a to before this one; 0 = a alone */
    int per_days; /* the constant is for so many days and grows with those of the feature, from its SINCE to
                     its BEFORE or the as-of date; 0 = it is as it is */
};
enum { SG_NO_FEATURE = -1 };

/* A parent is taken for `label` when all comparisons hold and no verdict before it did. */
struct sg_verdict {
    const char *label;
    bool given; /* for parents that have this label only: whether they behave like it */
    struct sg_comparison if_[SG_COMPARISONS_MAX];
};

/* What a group of rows must be like; of.column is looked at, in the order of rows. */
enum sg_group_test {
    SG_GROUP_ROWS,  /* it has `low` to `high` rows */
    SG_GROUP_STEPS, /* it has group.rows rows, each `low` to `high` more than the one before */
    SG_GROUP_SUM,   /* it has group.rows rows, which add up to `low` to `high` */
    SG_GROUP_ALIKE  /* at least group.rows of its rows lie within group.percent percent of their mean */
};

struct sg_grouping {
    const char *via; /* foreign key column */
    const char *key; /* column; NULL: all rows of a parent are one group */
    enum sg_group_test test;
    uint32_t rows, percent;
};

struct sg_statistic {
    const char *name; /* stable: "account_tiers" */
    enum sg_statistic_kind kind;
    struct sg_selection of, by;
    enum sg_classes classes;
    const uint32_t *weights; /* per class */
    uint16_t class_count;
    struct {
        const char *column, *via; /* label column with IANA zones: hours and days are local; NULL: UTC */
    } zone;
    struct sg_bins bins, by_bins; /* VALUE classes; CORRELATION */
    const struct sg_knot *curve;
    uint16_t curve_count;
    const struct sg_feature *features; /* VERDICT */
    uint16_t feature_count;
    const struct sg_verdict *verdicts;
    uint16_t verdict_count, label_count; /* label_count: labels of of.column */
    struct sg_grouping group;            /* GROUPS */
    double expected, tolerance;
    double
        spread; /* spread / sqrt(rows) more is allowed, rows being those that rows_min counts (not QUOTA) */
    bool of_anomalies; /* RATIO: expected is times the run's share of anomalies */
    bool per_day;  /* RATIO: both sides are divided by the days from their SINCE to their BEFORE or the as-of
                      date */
    double slack;  /* rows or stored units of `of` */
    uint64_t even; /* RATIO: no slack where the rows of `by` are a multiple of it; 0 = slack everywhere */
    int64_t low, high;
    uint64_t rows_min; /* fewer rows (of the base, for ratios) say too little: the entry is skipped */
    const char *unit;  /* TOTAL: of the sum: "cents", "rows"; SERIES: of the sums, where it is not plain */
    bool accumulates;  /* SERIES: what has come so far is drawn, too */
    struct {
        const char *name, *label;
    } chart;            /* RATIO, MEAN: entries with the same name are bars of one chart; NULL: not drawn */
    const char *reason; /* why the tolerance is what it is */
    const char *source; /* who demands it: "seed 5" */
};

/* Chance that a sound run fails its certificate, over all entries with a p-value together. */
#define SG_FALSE_ALARM 0.001

#endif
