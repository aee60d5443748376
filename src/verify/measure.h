/* Measuring a declared model on batches: one thread's counters. */
#ifndef SG_VERIFY_MEASURE_H
#define SG_VERIFY_MEASURE_H

#include "verify/certificate.h"
#include "verify/lanes.h"

struct sg_measure;

/* Wants the columns of parents that the entries look at; the lanes are then made ready by the caller, and
 * take each batch before sg_measure_batch. */
enum sg_code sg_measure_open(struct sg_measure **measure, const struct sg_certificate *certificate,
                             struct sg_lanes *lanes, struct sg_error *err);
void sg_measure_close(struct sg_measure *measure);

/* Adds a batch of a table (manifest index) to every entry about it. */
enum sg_code sg_measure_batch(struct sg_measure *measure, uint16_t table, const struct sg_batch *batch,
                              struct sg_error *err);
/* Closes what spans batches; call after the last batch of each shard. */
void sg_measure_end_shard(struct sg_measure *measure, uint16_t table);

/* Pure. The certificate's `cells` counters so far, to be added to those of other threads; valid until close.
 */
const uint64_t *sg_measure_cells(const struct sg_measure *measure);

#endif
