/* The datasets this build knows, one line each in registry.c. */
#ifndef SG_DATASETS_REGISTRY_H
#define SG_DATASETS_REGISTRY_H

#include "model/dataset.h"

/* Pure. All datasets, the default first; NULL-terminated. */
const struct sg_dataset *const *sg_datasets(void);

/* Pure. A dataset by name, NULL when there is none. */
const struct sg_dataset *sg_dataset_find(const char *name);

#endif
