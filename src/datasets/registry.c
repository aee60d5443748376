/* The registry: adding a dataset is its folder and one line here. */
#include "datasets/registry.h"

#include <string.h>

#include "datasets/barsaas/tables.h"

static const struct sg_dataset *const registry[] = {
    &bs_dataset,
    NULL,
};

const struct sg_dataset *const *sg_datasets(void) {
    return registry;
}

const struct sg_dataset *sg_dataset_find(const char *name) {
    for (const struct sg_dataset *const *dataset = registry; *dataset; dataset++)
        if (strcmp((*dataset)->name, name) == 0) return *dataset;
    return NULL;
}
