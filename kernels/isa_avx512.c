/* The column kernels for AVX-512 (F, BW, DQ, VL); flags in cmake/kernels.cmake. */
#if defined(__x86_64__)
#include "kernels/lanes_avx512.h"

#define SG_ISA_UNROLL 4
#define SG_ISA_NAME   "avx512"
#define SG_ISA_TABLE  sg_kernels_avx512
#include "kernels/kernels_body.h"
#else
typedef int sg_no_avx512;
#endif
