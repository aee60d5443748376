/* The column kernels for the baseline instruction set of the target (SSE2, NEON): the specification. */
#include "kernels/lanes_base.h"

#define SG_ISA_UNROLL 8
#define SG_ISA_NAME   "portable"
#define SG_ISA_TABLE  sg_kernels_portable
#include "kernels/kernels_body.h"
