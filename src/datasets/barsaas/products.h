/* The products on tap: what they are called, how they pour, and who serves them.
 *
 * One constant table; its row numbers are products.id - 1 and never change.
 */
#ifndef SG_BARSAAS_PRODUCTS_H
#define SG_BARSAAS_PRODUCTS_H

#include <stdint.h>

#include "datasets/barsaas/barsaas.h"

enum bs_product_category {
    BS_DRAFT_BEER,
    BS_CRAFT_BEER,
    BS_CIDER,
    BS_WINE,
    BS_COCKTAIL,
    BS_SOFT_DRINK,
    BS_COFFEE_TEA,
    BS_PRODUCT_CATEGORY_COUNT
};

struct bs_product {
    const char *name;
    uint8_t category;
    int16_t pour_ml;                       /* the usual full pour */
    int16_t temperature_deci_c;            /* serving temperature at the faucet, tenths of a degree Celsius */
    int16_t spread_deci_c;                 /* standard deviation of that temperature between pours */
    int16_t flow_ml_per_s;                 /* usual flow */
    int16_t pressure_deci_psi;             /* applied gas pressure, tenths of a pound per square inch */
    uint8_t popularity[BS_INDUSTRY_COUNT]; /* relative weight among all products, by industry */
};

enum { BS_PRODUCT_COUNT = 40 };
extern const struct bs_product bs_products[BS_PRODUCT_COUNT];

#endif
