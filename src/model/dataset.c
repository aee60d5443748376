/* Lookups over a dataset's declarations and its row-to-unit inverse. */
#include "model/dataset.h"

#include <string.h>

int sg_table_index(const struct sg_dataset *dataset, const char *name) {
    for (int i = 0; i < dataset->table_count; i++)
        if (strcmp(dataset->tables[i]->name, name) == 0) return i;
    return -1;
}

bool sg_table_of_run(const struct sg_table *table, const struct sg_run *run) {
    return !table->of_anomalies || run->anomalies_ppm;
}

uint16_t sg_tables_of_run(const struct sg_dataset *dataset, const struct sg_run *run) {
    uint16_t count = 0;
    for (uint16_t t = 0; t < dataset->table_count; t++)
        count += sg_table_of_run(dataset->tables[t], run);
    return count;
}

bool sg_has_anomalies(const struct sg_dataset *dataset) {
    for (uint16_t t = 0; t < dataset->table_count; t++)
        if (dataset->tables[t]->of_anomalies) return true;
    return false;
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
