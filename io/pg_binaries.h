/* Finding the programs of a PostgreSQL server. */
#ifndef SG_IO_PG_BINARIES_H
#define SG_IO_PG_BINARIES_H

#include "base/status.h"
#include "io/pg_cluster.h"

/* Local. The folder that holds initdb, pg_ctl and postgres: $PG_BINDIR, then `pg_config --bindir`, then the
 * highest version in /usr/lib/postgresql and other customary places, then PATH. major > 0 asks for that
 * version alone (an existing data directory's). SG_SYSTEM naming the package to install when there is none.
 */
enum sg_code sg_pg_binaries_find(int major, char out[SG_PG_PATH_BYTES], struct sg_error *err);

#endif
