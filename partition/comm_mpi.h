/* What the files with mpi.h share. Private to partition/comm*.c. */
#ifndef SG_PARTITION_COMM_MPI_H
#define SG_PARTITION_COMM_MPI_H

#include <mpi.h>

#include "partition/comm.h"

/* Waits for a request with short sleeps, so that a waiting rank leaves its core to others. */
void sg_mpi_wait(MPI_Request *request);

/* MPI runs "serialized": between threads of one rank, calls take turns. */
void sg_mpi_lock(void);
void sg_mpi_unlock(void);

/* The ranks that work. Pure after sg_comm_stand_by. */
MPI_Comm sg_mpi_working(void);

/* Pure. Is there nobody to talk to? */
bool sg_mpi_alone(const struct sg_comm *comm);

#endif
