/* What the texts in rules say: sums and products of columns, sets of labels, stretches of time. */
#ifndef SG_MODEL_RULE_H
#define SG_MODEL_RULE_H

#include "model/run.h"
#include "model/table.h"

enum { SG_TERMS_MAX = 8 };

/* factor x the column's stored value */
struct sg_term {
    int column;
    int64_t factor;
};

/* Pure. Reads "100 tax - 9 net + discount" into terms; returns their number, 0 when the text does not read, a
 * column is missing or neither a number nor a date or instant, or their scales differ. */
int sg_rule_terms(const struct sg_table *table, const char *text, struct sg_term terms[SG_TERMS_MAX]);

/* Pure. The labels of "A|B" as bits by code (booleans: "false", "true"); 0 when the column has no labels,
 * more than 64, or not these. */
uint64_t sg_rule_labels(const struct sg_column *column, const char *text);

/* Pure. Reads "price * quantity", the b of a PRODUCT, into two columns; false when the text does not read, a
 * column is not a number, or their scales do not add up to that of a. */
bool sg_rule_factors(const struct sg_table *table, const struct sg_rule *rule, int columns[2]);

/* Pure. Do the texts of a PERCENT rule read: b a sum of columns of a's scale, `times` a decimal? */
bool sg_rule_percent(const struct sg_table *table, const struct sg_rule *rule);

/* Pure. Inclusive bounds of a PAST, FUTURE or WINDOW rule in the units of a column of a type; false when the
 * rule's unit of time does not read or the column is neither date nor instant. */
bool sg_rule_window(const struct sg_rule *rule, const struct sg_run *run, enum sg_type type, int64_t *low,
                    int64_t *high);

#endif
