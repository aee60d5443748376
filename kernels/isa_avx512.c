/* The column kernels for AVX-512 (F, BW, DQ, VL); flags in cmake/kernels.cmake. */
#if defined(__x86_64__)
#include <immintrin.h>

#define SG_ISA_LANES          8
#define SG_ISA_UNROLL         4
#define SG_ISA_MULTIPLY(a, b) ((lanes)_mm512_mul_epu32((__m512i)(a), _mm512_set1_epi64(b)))
#define SG_ISA_NAME           "avx512"
#define SG_ISA_TABLE          sg_kernels_avx512
#include "kernels/kernels_body.h"
#else
typedef int sg_no_avx512;
#endif
