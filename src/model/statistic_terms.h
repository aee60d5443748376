/* Shorthand for declaring statistics: conditions, classes and the usual shapes of an entry. For the
 * statistics.c of the datasets alone, so that a line reads as what it demands. */
#ifndef SG_MODEL_STATISTIC_TERMS_H
#define SG_MODEL_STATISTIC_TERMS_H

#include "model/statistic.h"

/* Per class; the array's size is the number of classes. */
#define WEIGHTS(array) .weights = (array), .class_count = sizeof(array) / sizeof *(array)

/* Conditions on the cells of a row. */
#define WHERE(...) .where = {__VA_ARGS__}
#define LABEL(column_, labels_)                                                                              \
    { .test = SG_TEST_LABEL, .column = (column_), .labels = (labels_) }
#define FROM(column_, value_)                                                                                \
    { .test = SG_TEST_FROM, .column = (column_), .value = (value_) }
#define BELOW(column_, value_)                                                                               \
    { .test = SG_TEST_BELOW, .column = (column_), .value = (value_) }
#define SINCE(column_, months_)                                                                              \
    { .test = SG_TEST_SINCE, .column = (column_), .value = (months_) }
#define BEFORE(column_, months_)                                                                             \
    { .test = SG_TEST_BEFORE, .column = (column_), .value = (months_) }
#define OPEN_OR_SINCE(column_, months_)                                                                      \
    { .test = SG_TEST_OPEN_OR_SINCE, .column = (column_), .value = (months_) }
#define SINCE_DAYS(column_, days_)                                                                           \
    { .test = SG_TEST_SINCE, .column = (column_), .value = (days_), .days = true }
#define BEFORE_DAYS(column_, days_)                                                                          \
    { .test = SG_TEST_BEFORE, .column = (column_), .value = (days_), .days = true }
#define SINCE_MONTH(column_, months_)                                                                        \
    { .test = SG_TEST_SINCE, .column = (column_), .value = (months_), .month_start = true }
#define BEFORE_MONTH(column_, months_)                                                                       \
    { .test = SG_TEST_BEFORE, .column = (column_), .value = (months_), .month_start = true }
#define IS_NULL(column_)                                                                                     \
    { .test = SG_TEST_NULL, .column = (column_) }
#define NOT_NULL(column_)                                                                                    \
    { .test = SG_TEST_NOT_NULL, .column = (column_) }
#define DIFFERS(column_, other_)                                                                             \
    { .test = SG_TEST_DIFFERS, .column = (column_), .other = (other_) }
#define SAME(column_, other_)                                                                                \
    { .test = SG_TEST_SAME, .column = (column_), .other = (other_) }
/* The parent's column is that of the row. */
#define SAME_AS_PARENT(via_, column_, other_)                                                                \
    { .test = SG_TEST_SAME, .column = (column_), .via = (via_), .other = (other_) }
#define MONTH_TEXT(column_, months_)                                                                         \
    { .test = SG_TEST_MONTH, .column = (column_), .value = (months_) }
/* A column less another of the row. */
#define MORE_FROM(column_, less_, value_)                                                                    \
    { .test = SG_TEST_FROM, .column = (column_), .less = (less_), .value = (value_) }
#define MORE_BELOW(column_, less_, value_)                                                                   \
    { .test = SG_TEST_BELOW, .column = (column_), .less = (less_), .value = (value_) }
/* A column less another of the parent that the foreign key via_ names: an age in seconds. */
#define AGE_FROM(column_, via_, less_, value_)                                                               \
    { .test = SG_TEST_FROM, .column = (column_), .less = (less_), .less_via = (via_), .value = (value_) }
#define AGE_BELOW(column_, via_, less_, value_)                                                              \
    { .test = SG_TEST_BELOW, .column = (column_), .less = (less_), .less_via = (via_), .value = (value_) }
/* The row's own text has a shape. */
#define SHAPED(column_, shape_)                                                                              \
    { .test = SG_TEST_SHAPE, .column = (column_), .labels = (shape_) }
/* The row's own column and one of a parent. */
#define DIFFERS_FROM_PARENT(column_, via_, other_)                                                           \
    { .test = SG_TEST_DIFFERS, .column = (column_), .other = (other_), .other_via = (via_) }
/* Columns of two parents. */
#define PARENTS_DIFFER(via_, column_, other_via_, other_)                                                    \
    {                                                                                                        \
        .test = SG_TEST_DIFFERS, .column = (column_), .via = (via_), .other = (other_),                      \
        .other_via = (other_via_)                                                                            \
    }
#define NO_CONDITION                                                                                         \
    { .test = SG_TEST_END }
/* Of the parent that the foreign key via_ names. */
#define OF_PARENT(via_, column_, labels_)                                                                    \
    { .test = SG_TEST_LABEL, .column = (column_), .via = (via_), .labels = (labels_) }

#define PARENT_FROM(via_, column_, value_)                                                                   \
    { .test = SG_TEST_FROM, .column = (column_), .via = (via_), .value = (value_) }
#define PARENT_NULL(via_, column_)                                                                           \
    { .test = SG_TEST_NULL, .column = (column_), .via = (via_) }
#define PARENT_NOT_NULL(via_, column_)                                                                       \
    { .test = SG_TEST_NOT_NULL, .column = (column_), .via = (via_) }

/* A column is at least, or less than, so many percent of another. */
#define PERCENT_FROM(column_, value_, other_)                                                                \
    { .test = SG_TEST_PERCENT_FROM, .column = (column_), .value = (value_), .other = (other_) }
#define PERCENT_FROM_PARENT(via_, column_, value_, other_)                                                   \
    {                                                                                                        \
        .test = SG_TEST_PERCENT_FROM, .column = (column_), .via = (via_), .value = (value_),                 \
        .other = (other_), .other_via = (via_)                                                               \
    }
#define PERCENT_BELOW(column_, value_, other_)                                                               \
    { .test = SG_TEST_PERCENT_BELOW, .column = (column_), .value = (value_), .other = (other_) }

/* The text of a column is one of "a|b", or none of them; or the parent's. */
#define TEXT(column_, text_)                                                                                 \
    { .test = SG_TEST_TEXT, .column = (column_), .labels = (text_) }
#define OTHER_TEXT(column_, texts_)                                                                          \
    { .test = SG_TEST_OTHER_TEXT, .column = (column_), .labels = (texts_) }
#define TEXT_OF_PARENT(via_, column_, text_)                                                                 \
    { .test = SG_TEST_TEXT, .column = (column_), .via = (via_), .labels = (text_) }

#define SINCE_PARENT(via_, column_, months_)                                                                 \
    { .test = SG_TEST_SINCE, .column = (column_), .via = (via_), .value = (months_) }
#define BEFORE_PARENT(via_, column_, months_)                                                                \
    { .test = SG_TEST_BEFORE, .column = (column_), .via = (via_), .value = (months_) }

#define SINCE_PARENT_DAYS(via_, column_, days_)                                                              \
    { .test = SG_TEST_SINCE, .column = (column_), .via = (via_), .value = (days_), .days = true }

/* Why a tolerance is what it is. */
#define SUMS    "exact: both sides tell the same sum"
#define ROUNDED "rounding to whole rows"
#define CHANCE  "p-value, corrected for the number of tests"

/* Sum of a column (NULL: rows) of a table equals that of another. */
#define EQUAL_SUMS(name_, table_, column_, other_, other_column_, source_)                                   \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_RATIO, .of = {.table = table_, .column = column_},                    \
        .by = {.table = other_, .column = other_column_}, .expected = 1, .reason = SUMS, .source = source_   \
    }

/* Rows (and sums of a column, NULL: none) by month, for the report; the sums in a unit (NULL: plain). */
#define SERIES_IN(unit_, name_, table_, column_, sum_, source_, ...)                                         \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_SERIES,                                                               \
        .of = {.table = table_, .column = column_, WHERE(__VA_ARGS__)},                                      \
        .by = {.table = table_, .column = sum_}, .unit = unit_, .reason = "a curve of the report",           \
        .source = source_                                                                                    \
    }
#define SERIES(name_, ...) SERIES_IN(NULL, name_, __VA_ARGS__)

#endif
