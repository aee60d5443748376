/* Tail probabilities by series and continued fraction, and Holm's correction. */
#include "verify/chance.h"

#include <math.h>
#include <stdlib.h>

enum { STEPS_MAX = 1000 };
static const double PRECISION = 1e-14;

/* Regularised lower incomplete gamma function for x < a + 1. */
static double gamma_series(double a, double x) {
    double term = 1 / a, sum = term;
    for (int n = 1; n < STEPS_MAX && term > sum * PRECISION; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum * exp(a * log(x) - x - lgamma(a));
}

/* Regularised upper incomplete gamma function for x >= a + 1 (Lentz). */
static double gamma_fraction(double a, double x) {
    const double tiny = 1e-300;
    double b = x + 1 - a, c = 1 / tiny, d = 1 / b, h = d;
    for (int n = 1; n < STEPS_MAX; n++) {
        double an = n * (a - n);
        b += 2;
        d = an * d + b;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = b + an / c;
        c = fabs(c) < tiny ? tiny : c;
        h *= d * c;
        if (fabs(d * c - 1) < PRECISION) break;
    }
    return h * exp(a * log(x) - x - lgamma(a));
}

double sg_chance_chi_squared(double x, double freedom) {
    double a = freedom / 2, half = x / 2;
    if (x <= 0) return 1;
    if (!isfinite(x)) return 0;
    return half < a + 1 ? 1 - gamma_series(a, half) : gamma_fraction(a, half);
}

double sg_chance_ks(double d, double n) {
    double root = sqrt(n), lambda = (root + 0.12 + 0.11 / root) * d, sum = 0, sign = 1;
    if (lambda < 0.2) return 1;
    for (int k = 1; k <= 100; k++, sign = -sign)
        sum += sign * exp(-2.0 * k * k * lambda * lambda);
    double p = 2 * sum;
    return p < 0 ? 0 : p > 1 ? 1 : p;
}

static int by_value(const void *a, const void *b) {
    double x = **(double *const *)a, y = **(double *const *)b;
    return (x > y) - (x < y);
}

void sg_chance_correct(double **p, size_t count) {
    qsort(p, count, sizeof *p, by_value);
    double least = 0;
    for (size_t i = 0; i < count; i++) {
        double corrected = *p[i] * (double)(count - i);
        least = corrected > least ? corrected : least;
        *p[i] = least < 1 ? least : 1;
    }
}
