/* Single rows on demand: recomputes one row of a table, or the row whose column holds a value, by generating
 * nothing but the units that can hold it. */
#ifndef SG_APP_ROWS_H
#define SG_APP_ROWS_H

#include "model/dataset.h"

/* A row as COPY text of its cells. */
struct sg_row {
    uint16_t table;
    uint64_t row;  /* 0-based, in the table */
    uint64_t unit; /* of the table's domain */
    char **cells;  /* column_count texts; NULL = the cell is NULL */
};

/* Local. The row of a number, row < total. Free with sg_row_free even after failure. */
enum sg_code sg_row_get(struct sg_row *out, const struct sg_dataset *dataset, const struct sg_world *world,
                        uint16_t table, uint64_t row, struct sg_error *err);

/* Local. The row of `table` whose `column` reads `value`. near_unit is tried first: children mostly share
 * their parent's unit number. Then by bisection over the ascending key, then by search. SG_NO_INPUT when no
 * row has it. */
enum sg_code sg_row_find(struct sg_row *out, const struct sg_dataset *dataset, const struct sg_world *world,
                         uint16_t table, int column, const char *value, uint64_t near_unit,
                         struct sg_error *err);

/* Frees the cells; a second call does nothing. */
void sg_row_free(struct sg_row *row, const struct sg_dataset *dataset);

#endif
