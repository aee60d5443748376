/* Progress of stages: counted by every rank, shown by rank 0 on stderr. On a terminal one line per stage is
 * rewritten; in a log a line appears every few seconds; with --quiet nothing.
 *
 * Counts of ranks on rank 0's host are seen exactly (shared memory); other hosts are taken to be as far. The
 * printer is a thread of rank 0 that never calls MPI.
 */
#ifndef SG_APP_PROGRESS_H
#define SG_APP_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "partition/comm.h"

enum { SG_STAGES_MAX = 16 };

/* What one stage did, for the summary. */
struct sg_stage {
    const char *name; /* "generate", "verify", "load", "constraints" ... */
    uint64_t rows;    /* of all ranks */
    uint64_t text_bytes;
    double seconds;
    double cpu_seconds; /* of this rank's process */
};

struct sg_progress;

/* Collective. */
enum sg_code sg_progress_open(struct sg_progress **progress, const struct sg_comm *comm, bool quiet,
                              struct sg_error *err);
/* Local. */
void sg_progress_close(struct sg_progress *progress);

/* Called by all ranks in the same order, main thread. name must outlive the progress. rows_here is what this
 * rank expects to do, rows_all the sum over ranks (0 = a stage without rows); text_bytes_all is for the
 * summary, 0 = not of interest. At most SG_STAGES_MAX stages are kept; stages do not nest. */
void sg_progress_begin(struct sg_progress *progress, const char *name, uint64_t rows_here, uint64_t rows_all,
                       uint64_t text_bytes_all);
/* Local, any thread, cheap: call it once a batch or frame. */
void sg_progress_add(struct sg_progress *progress, uint64_t rows);
/* Local, any thread: a few words on what is being done (a table's name); must outlive the stage. */
void sg_progress_doing(struct sg_progress *progress, const char *what);
/* Main thread. Ends the stage, also after a failure. Call it after the agreement, so that the seconds are
 * those of the slowest rank. */
void sg_progress_end(struct sg_progress *progress);
/* Rank 0: corrects the last stage's text bytes when they are known better. */
void sg_progress_text_bytes(struct sg_progress *progress, uint64_t text_bytes);

/* Pure. Stages so far. */
const struct sg_stage *sg_progress_stages(const struct sg_progress *progress, size_t *count);

#endif
