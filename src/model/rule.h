/* What the texts in rules say: sums of columns and sets of labels. */
#ifndef SG_MODEL_RULE_H
#define SG_MODEL_RULE_H

#include "model/table.h"

enum { SG_TERMS_MAX = 8 };

/* factor x the column's stored value */
struct sg_term {
    int column;
    int64_t factor;
};

/* Pure. Reads "100 tax - 9 net + discount" into terms; returns their number, 0 when the text does not read, a
 * column is missing or not a number, or their scales differ. */
int sg_rule_terms(const struct sg_table *table, const char *text, struct sg_term terms[SG_TERMS_MAX]);

/* Pure. The labels of "A|B" as bits by code (booleans: "false", "true"); 0 when the column has no labels,
 * more than 64, or not these. */
uint64_t sg_rule_labels(const struct sg_column *column, const char *text);

#endif
