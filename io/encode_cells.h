/* The cells of a column as words. Private to the encoders. */
#ifndef SG_IO_ENCODE_CELLS_H
#define SG_IO_ENCODE_CELLS_H

#include "io/encode_rows.h"

/* Makes words of a column's rows [first, first + rows), end included. Returns how many, at most
 * SG_CELL_WORDS; 0 when some cell does not fit words. */
size_t sg_cell_words(const struct sg_row_plan *plan, struct sg_cell_plan *cell, size_t first, size_t rows,
                     uint32_t end, uint32_t end_size, struct sg_words *words);

#endif
