/* Settings of the private cluster. Internal to io/pg_cluster.c. */
#ifndef SG_IO_PG_CLUSTER_CONF_H
#define SG_IO_PG_CLUSTER_CONF_H

#include "io/pg_cluster.h"

/* In the data directory: the name of the superuser. */
#define SG_PG_ROLE_FILE "synthgen.role"

/* Local. Lets a fresh data directory read synthgen.conf after its own postgresql.conf, and notes the role. */
enum sg_code sg_pg_conf_include(const char *data, struct sg_error *err);

/* Local. Writes synthgen.conf for this machine: socket only, tuned for bulk loading, durable. */
enum sg_code sg_pg_conf_write(const struct sg_pg_cluster *cluster, int port, struct sg_error *err);

#endif
