/* Cells as words of at most 8 bytes, made for all rows of a block at once by vector code. Private to the
 * encoders.
 *
 * A cell is one to SG_CELL_WORDS words that stand one behind the other; a word may be empty. Bytes of a word
 * behind its size are zero. `end` is what stands behind the cell, `end_size` (1 or 2) its size.
 */
#ifndef SG_IO_ENCODE_WORDS_H
#define SG_IO_ENCODE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SG_BLOCK_ROWS = 256, SG_CELL_WORDS = 3, SG_WORD_BYTES = 8 };
enum { SG_SHORT_END = 10000, SG_SPLIT_END = 100000000 };

/* Up to 8 bytes of text for every row of a block. */
struct sg_words {
    uint64_t text[SG_BLOCK_ROWS];
    uint8_t size[SG_BLOCK_ROWS];
    uint32_t size_max;
};

/* The values of a column, 0 where `null` (NULL: nowhere) marks the row; false when one is not from 0 to
 * SG_SPLIT_END - 1. *most: the largest. */
bool sg_values_of_i16(const void *data, const uint8_t *null, size_t rows, uint32_t *values, uint32_t *most);
bool sg_values_of_i32(const void *data, const uint8_t *null, size_t rows, uint32_t *values, uint32_t *most);
bool sg_values_of_i64(const void *data, const uint8_t *null, size_t rows, uint32_t *values, uint32_t *most);
/* values[row] = quotient, rest[row] = remainder of the division by 100 (by 10000). */
void sg_values_by_100(uint32_t *values, size_t rows, uint32_t *rest);
void sg_values_by_10000(uint32_t *values, size_t rows, uint32_t *rest);

/* Values below SG_SHORT_END without leading zeros; end_size may be 0. */
void sg_words_short(const uint32_t *values, size_t rows, uint32_t end, uint32_t end_size,
                    struct sg_words *words);
/* Values below SG_SPLIT_END without leading zeros: what is above the last four digits, and these. */
void sg_words_split(const uint32_t *values, size_t rows, uint32_t end, uint32_t end_size,
                    struct sg_words *high, struct sg_words *low);
/* A decimal point and two (four) digits. */
void sg_words_hundredths(const uint32_t *values, size_t rows, uint32_t end, uint32_t end_size,
                         struct sg_words *words);
void sg_words_myriadths(const uint32_t *values, size_t rows, uint32_t end, uint32_t end_size,
                        struct sg_words *words);
/* t or f */
void sg_words_bool(const uint8_t *data, size_t rows, uint32_t end, uint32_t end_size, struct sg_words *words);
/* The numbers from `first` on, below 10^7: seven digits, or none of the leading zeros. end_size 1. */
void sg_words_counter(uint32_t first, bool seven_digits, size_t rows, uint32_t end, struct sg_words *words);
/* "DD HH:MM" and ":SS+00" of a second of the day and the three bytes "DD ". */
void sg_words_clock(const uint32_t *second, const uint32_t *day_text, size_t rows, uint32_t end,
                    uint32_t end_size, struct sg_words *minute_words, struct sg_words *second_words);

/* Makes the cells of `count` words that `null` marks `text` of `text_size` bytes. */
void sg_words_null(struct sg_words *words, size_t count, const uint8_t *null, size_t rows, uint64_t text,
                   uint32_t text_size);
/* All rows alike in size. */
void sg_words_sized(struct sg_words *words, size_t rows, uint32_t size);

/* Appends the text of `more` to that of `words`; false when 8 bytes could not hold both. */
bool sg_words_join(struct sg_words *words, const struct sg_words *more, size_t rows);

#endif
