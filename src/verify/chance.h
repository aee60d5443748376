/* Probabilities of what chance alone would do. Doubles and libm: no byte of data depends on them. */
#ifndef SG_VERIFY_CHANCE_H
#define SG_VERIFY_CHANCE_H

#include <stddef.h>

/* Pure. Chance of a chi-squared value of at least x with `freedom` > 0 degrees of freedom. */
double sg_chance_chi_squared(double x, double freedom);

/* Pure. Chance of a Kolmogorov-Smirnov distance of at least d among n independent values (Stephens'
 * approximation; for binned values an upper bound). */
double sg_chance_ks(double d, double n);

/* Holm's correction in place of the p-values at `p` (NULL entries are none): each becomes the smallest alarm
 * level for all tests together at which it would be rejected. */
void sg_chance_correct(double **p, size_t count);

#endif
