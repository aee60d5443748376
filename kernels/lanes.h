/* Vectors of a build, by name: LANES rows side by side, and the few things that plain C cannot say of them.
 *
 * Included by lanes_base.h, lanes_avx2.h and lanes_avx512.h, which define LANES before and after it what
 * their instructions do best. Arithmetic, shifts and comparisons are the operators of C on vectors.
 */
#include <string.h>

#include "kernels/kernels.h"

typedef uint32_t words __attribute__((vector_size(4 * LANES)));
typedef int32_t numbers __attribute__((vector_size(4 * LANES)));
typedef uint64_t wides __attribute__((vector_size(4 * LANES))); /* half as many, twice as wide */

static inline words load_words(const void *from) {
    words w;
    memcpy(&w, from, sizeof w);
    return w;
}

static inline void store_words(void *to, words w) {
    memcpy(to, &w, sizeof w);
}

static inline words all_words(uint32_t word) {
    return (words){0} + word;
}

static inline numbers all_numbers(int32_t number) {
    return (numbers){0} + number;
}
