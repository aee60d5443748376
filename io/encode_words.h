/* Cells of at most 8 bytes, made for all rows of a block at once by vector code. Private to the encoders. */
#ifndef SG_IO_ENCODE_WORDS_H
#define SG_IO_ENCODE_WORDS_H

#include "io/encode_block.h"

/* Numbers from 0 to SG_SMALL_END - 1 with the `end_size` bytes of `end` behind each. */
void sg_words_of_i16(const int16_t *data, size_t rows, uint32_t end, uint32_t end_size,
                     struct sg_words *words);
void sg_words_of_i32(const int32_t *data, size_t rows, uint32_t end, uint32_t end_size,
                     struct sg_words *words);
/* t or f */
void sg_words_of_bool(const uint8_t *data, size_t rows, uint32_t end, uint32_t end_size,
                      struct sg_words *words);

/* Appends the text of `more` to that of `words`; false when 8 bytes could not hold both. */
bool sg_words_join(struct sg_words *words, const struct sg_words *more, size_t rows);

#endif
