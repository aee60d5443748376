/* Lookups over a dataset's declarations and its row-to-unit inverse. */
#include "model/dataset.h"

#include <string.h>

int sg_table_index(const struct sg_dataset *dataset, const char *name) {
    for (int i = 0; i < dataset->table_count; i++)
        if (strcmp(dataset->tables[i]->name, name) == 0) return i;
    return -1;
}

uint64_t sg_unit_of_row(const struct sg_dataset *dataset, const struct sg_world *world, uint16_t table,
                        uint64_t row) {
    uint64_t low = 0;
    uint64_t high = dataset->unit_count(world, dataset->tables[table]->domain);
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (dataset->rows_before(world, table, middle) <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}
