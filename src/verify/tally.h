/* Samples of offending rows, inside the verify floor. */
#ifndef SG_VERIFY_TALLY_H
#define SG_VERIFY_TALLY_H

#include "verify/verify.h"

/* Keeps the sample if its row is among the smallest SG_PROOF_SAMPLES. */
void sg_tally_sample(struct sg_tally *tally, uint64_t row, const char *text);

#endif
