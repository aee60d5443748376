/* The column kernels for AVX2; flags in cmake/kernels.cmake. */
#if defined(__x86_64__)
#include <immintrin.h>

#define SG_ISA_LANES          4
#define SG_ISA_UNROLL         4
#define SG_ISA_MULTIPLY(a, b) ((lanes)_mm256_mul_epu32((__m256i)(a), _mm256_set1_epi64x(b)))
#define SG_ISA_NAME           "avx2"
#define SG_ISA_TABLE          sg_kernels_avx2
#include "kernels/kernels_body.h"
#else
typedef int sg_no_avx2;
#endif
