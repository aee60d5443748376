/* What every fuzz target has: one entry for a hostile input, and examples of good ones to start from.
 *
 * A target defines fuzz_example and LLVMFuzzerTestOneInput. Every sixteenth mutation starts from an example,
 * so that no corpus has to be kept. A target may demand more than survival: FUZZ_DEMAND stops at what must
 * hold. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Writes good input number `seed`, at most `max` bytes; gives its size. */
static size_t fuzz_example(unsigned seed, uint8_t *out, size_t max);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed) {
    if (size == 0 || seed % 16 == 0) {
        size = fuzz_example(seed / 16, data, max);
        if (seed % 32 == 0) return size;
    }
    return LLVMFuzzerMutate(data, size, max);
}

static inline size_t fuzz_copy(const void *from, size_t size, uint8_t *out, size_t max) {
    if (size > max) size = max;
    if (size) memcpy(out, from, size);
    return size;
}

#define FUZZ_DEMAND(holds, ...)                                                                              \
    do {                                                                                                     \
        if (!(holds)) {                                                                                      \
            fprintf(stderr, "demanded: %s: ", #holds);                                                       \
            fprintf(stderr, __VA_ARGS__);                                                                    \
            fputc('\n', stderr);                                                                             \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

#endif
