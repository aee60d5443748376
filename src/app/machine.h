/* What the machine offers this process: threads, memory, stop signals. */
#ifndef SG_APP_MACHINE_H
#define SG_APP_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "partition/comm.h"

/* Threads for this rank: as asked (> 0), else OMP_NUM_THREADS or SLURM_CPUS_PER_TASK, else the cores this
 * process may use, divided among the ranks of the host unless each is bound to its own. */
int sg_threads(const struct sg_comm *comm, int asked);

/* Should this rank stand by? Where a host has more than SG_CROWD threads of ranks for each core, only as many
 * ranks work as there are cores for: more would each plan the run anew and push each other out of the caches.
 * Never the first rank of a host. */
enum { SG_CROWD = 4 };
bool sg_rank_stands_by(const struct sg_comm *comm, int threads);

/* Local. Memory this process holds now. 0 when unknown. */
uint64_t sg_resident_bytes(void);

/* Local. Hash of the program file: equal on ranks that run the same build. 0 when it cannot be read. */
uint64_t sg_program_hash(void);

/* Local. From here SIGTERM, SIGINT and SIGUSR1 only raise the flag that sg_stop_requested reads; a second
 * SIGINT ends the process. */
void sg_signals_catch(void);

#endif
