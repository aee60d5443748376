/* The column kernels for AVX2; flags in cmake/kernels.cmake. */
#if defined(__x86_64__)
#include "kernels/lanes_avx2.h"

#define SG_ISA_UNROLL 8
#define SG_ISA_NAME   "avx2"
#define SG_ISA_TABLE  sg_kernels_avx2
#include "kernels/kernels_body.h"
#else
typedef int sg_no_avx2;
#endif
