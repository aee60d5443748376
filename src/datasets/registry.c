/* The registry: adding a dataset is its folder and one line here. */
#include "datasets/registry.h"

#include <string.h>

/* Every dataset, the default first. Only their names are needed here: each defines a struct sg_world of its
 * own, so no two of their headers may meet. */
#define SG_DATASETS(X)                                                                                       \
    X(bs_dataset)                                                                                            \
    X(ss_dataset)                                                                                            \
    X(ch_dataset)                                                                                            \
    X(hs_dataset)                                                                                            \
    X(sb_dataset)

#define SG_DECLARE(symbol) extern const struct sg_dataset symbol;
#define SG_ENTRY(symbol)   &symbol,

SG_DATASETS(SG_DECLARE)

static const struct sg_dataset *const registry[] = {SG_DATASETS(SG_ENTRY) NULL};

const struct sg_dataset *const *sg_datasets(void) {
    return registry;
}

const struct sg_dataset *sg_dataset_find(const char *name) {
    for (const struct sg_dataset *const *dataset = registry; *dataset; dataset++)
        if (strcmp((*dataset)->name, name) == 0) return *dataset;
    return NULL;
}
