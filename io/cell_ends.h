/* Where the cells of COPY text end, found for a block of rows at once. */
#ifndef SG_IO_CELL_ENDS_H
#define SG_IO_CELL_ENDS_H

#include <stddef.h>
#include <stdint.h>

/* Rows that end within so many bytes of the end of the text are not taken: readers of cells load eight bytes
 * at a time and beyond a cell's end. */
enum { SG_READ_BEYOND = 32 };

/* Pure. Places that sg_cell_ends needs for that many rows. */
size_t sg_cell_ends_room(size_t rows, size_t columns);

/* Pure. Takes up to `most` rows at text; gives how many: 0 when one of them has another number of cells, or
 * when too little text is left. Cell c of row r ends at text[ends[1 + r * columns + c]] and begins behind the
 * end before; ends[0] is UINT32_MAX, that of the one before the first. size < 2^32. */
size_t sg_cell_ends(const char *text, size_t size, size_t columns, size_t most, uint32_t *ends);

#endif
