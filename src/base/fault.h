/* Fault points: places where a test build can be told to fail as the operating system would.
 *
 * SYNTHGEN_FAULT="name:nth[:what][@rank]", several separated by commas. The name is subject.step, such as
 * shard.write. The nth call (1 = first, counted per process over all threads) of SG_FAULT("shard", "write")
 * gives the errno `what` (a name such as ENOSPC or a number; default EIO), or ends the process with SIGKILL
 * when `what` is "kill", or takes 50 ms longer, like every later one, when `what` is "slow", or waits
 * while the file that SYNTHGEN_HOLD names exists (a signal ends the wait, too) when it is "hold". With @rank
 * only the process of that MPI rank fails. Builds without SG_FAULTS compile every point to 0.
 *
 * Threads: SG_FAULT is safe from any thread; sg_fault_arm must not run while other threads pass points.
 */
#ifndef SG_BASE_FAULT_H
#define SG_BASE_FAULT_H

#include <stdbool.h>

#ifdef SG_FAULTS
/* The errno to fail with now, 0 = go on. The point is <subject>.<step>. */
int sg_fault(const char *subject, const char *step);

/* Arms the points of a specification in place of those of the environment and restarts their counts; NULL or
 * "" disarms. False when the text does not read: nothing is armed then. */
bool sg_fault_arm(const char *specification);

#define SG_FAULT(subject, step) sg_fault(subject, step)
#else
#define SG_FAULT(subject, step) ((void)(subject), 0)
#endif

#endif
