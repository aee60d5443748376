/* The private cluster: a PostgreSQL server of our own under an output folder.
 *
 *   <out>/postgresql/data        the cluster, made by initdb (UTF-8, C locale)
 *   <out>/postgresql/run         the folder of its unix socket; when that path is too long for a socket, a
 *                                link to a private folder in /tmp
 *   <out>/postgresql/server.log  what the server says; setup.log what initdb and pg_ctl say
 *
 * Where the user that runs the server cannot reach <out> (root's data below a closed home folder),
 * <out>/postgresql is a link to a folder of that user in /var/tmp.
 *
 * The server listens on the unix socket only; only the user that made it (and root) can reach the socket. It
 * is tuned for bulk loading and stays running after the program has ended. fsync stays on.
 */
#ifndef SG_IO_PG_CLUSTER_H
#define SG_IO_PG_CLUSTER_H

#include <stdbool.h>

#include "io/pg.h"
#include "io/pg_process.h"

enum { SG_PG_PATH_BYTES = 1024 };

struct sg_pg_cluster {
    char folder[SG_PG_PATH_BYTES];   /* <out>/postgresql, absolute, links followed */
    char data[SG_PG_PATH_BYTES];     /* its data directory */
    char binaries[SG_PG_PATH_BYTES]; /* folder of initdb, pg_ctl, postgres */
    char socket[SG_PG_PATH_BYTES];   /* folder of the socket */
    char role[64];                   /* superuser: the name of the user who made it */
    char url[SG_PG_URL_BYTES];       /* connection string of the database, set by start */
    struct sg_pg_user user;          /* who runs the server */
    bool started;                    /* by this call */
};

/* Local. Makes the cluster unless it exists, starts it unless it runs, creates the database unless it is
 * there. Missing server programs are SG_SYSTEM naming the package; a server that does not start is SG_SYSTEM
 * with the end of its log. One caller at a time per folder; others wait. */
enum sg_code sg_pg_cluster_start(struct sg_pg_cluster *cluster, const char *out, const char *database,
                                 sg_pg_stop *stop, void *context, struct sg_error *err);

/* Local. Stops the server of `out` if it runs. SG_NO_INPUT when there is no cluster. */
enum sg_code sg_pg_cluster_stop(struct sg_pg_cluster *cluster, const char *out, struct sg_error *err);

/* Local. Fills folder, data, binaries, socket; *running tells whether the server runs. SG_NO_INPUT when there
 * is no cluster. */
enum sg_code sg_pg_cluster_status(struct sg_pg_cluster *cluster, const char *out, bool *running,
                                  struct sg_error *err);

/* Pure. How to connect to a started cluster and how to stop it, as two lines for people. */
void sg_pg_cluster_help(const struct sg_pg_cluster *cluster, const char *database, char *out, size_t size);

#endif
