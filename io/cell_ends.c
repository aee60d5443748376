/* Separators as bits, 64 bytes at a time, and from bits to offsets. */
#include "io/cell_ends.h"

#include "base/wide.h"
#include "io/separators.h"

enum { CHUNK = 64, AT_ONCE = 4 };

/* What was found of separators: `count` of them, `lines` of these line ends. */
struct found {
    size_t count, lines;
};

size_t sg_cell_ends_room(size_t rows, size_t columns) {
    return rows * columns + 1 + CHUNK + AT_ONCE;
}

/* At least `most` separators or all there are in whole chunks. Offsets are written a few at a time, those too
 * many to be overwritten by the next: a loop over each bit would end where no processor expects it. */
SG_WIDE static struct found find_ends(const char *text, size_t size, size_t most, uint32_t *ends) {
    struct found found = {0, 0};
    ends[0] = UINT32_MAX;
    for (size_t at = 0; at + CHUNK <= size && found.count < most; at += CHUNK) {
        uint64_t tabs, lines;
        sg_separators(text + at, &tabs, &lines);
        uint64_t both = tabs | lines;
        int count = __builtin_popcountll(both);
        uint32_t *put = ends + 1 + found.count;
        for (int i = 0; i < count; i += AT_ONCE)
#pragma GCC unroll 4
            for (int k = 0; k < AT_ONCE; k++) {
                put[i + k] = (uint32_t)at + (uint32_t)__builtin_ctzll(both | (uint64_t)1 << 63);
                both &= both - 1;
            }
        found.count += (size_t)count;
        found.lines += (size_t)__builtin_popcountll(lines);
    }
    return found;
}

size_t sg_cell_ends(const char *text, size_t size, size_t columns, size_t most, uint32_t *ends) {
    struct found found = find_ends(text, size, most * columns, ends);
    size_t rows = found.count / columns < most ? found.count / columns : most;
    while (rows && ends[rows * columns] + (size_t)SG_READ_BEYOND > size)
        rows--;
    for (size_t i = rows * columns + 1; i <= found.count; i++)
        found.lines -= text[ends[i]] == '\n';
    size_t good =
        found.lines == rows; /* as many as row ends, if these are some, leave none for other cells */
    for (size_t row = 1; row <= rows; row++)
        good &= text[ends[row * columns]] == '\n';
    return good ? rows : 0;
}
