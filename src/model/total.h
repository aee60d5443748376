/* Words for declaring totals (struct sg_dataset): one macro a kind of sum, one a condition. */
#ifndef SG_MODEL_TOTAL_H
#define SG_MODEL_TOTAL_H

#include "model/statistic.h"

/* Sum of a column, in stored units, over the rows that meet up to SG_WHERES_MAX conditions. */
#define SG_TOTAL(name_, unit_, table_, column_, source_, ...)                                                \
    {                                                                                                        \
        .name = name_, .kind = SG_STAT_TOTAL, .unit = unit_,                                                 \
        .of = {.table = table_, .column = column_, .where = {__VA_ARGS__}},                                  \
        .reason = "exact: the plan's own sum", .source = source_                                             \
    }
/* Number of those rows. */
#define SG_ROWS(name_, table_, source_, ...) SG_TOTAL(name_, "rows", table_, NULL, source_, __VA_ARGS__)

/* Conditions: all rows; the label, or the text, is one of "a|b"; a boolean; presence; the sign of a number.
 */
#define SG_ALL                                                                                               \
    { .test = SG_TEST_END }
#define SG_IS(column_, labels_)                                                                              \
    { .test = SG_TEST_LABEL, .column = (column_), .labels = (labels_) }
#define SG_IS_TEXT(column_, texts_)                                                                          \
    { .test = SG_TEST_TEXT, .column = (column_), .labels = (texts_) }
#define SG_IS_TRUE(column_)                                                                                  \
    { .test = SG_TEST_FROM, .column = (column_), .value = 1 }
#define SG_IS_FALSE(column_)                                                                                 \
    { .test = SG_TEST_BELOW, .column = (column_), .value = 1 }
#define SG_IS_NEGATIVE(column_)                                                                              \
    { .test = SG_TEST_BELOW, .column = (column_), .value = 0 }
#define SG_IS_PRESENT(column_)                                                                               \
    { .test = SG_TEST_NOT_NULL, .column = (column_) }

#endif
