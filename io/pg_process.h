/* Running the programs of a PostgreSQL server (initdb, pg_ctl) as a user that they accept.
 *
 * PostgreSQL refuses to run as root, so root hands the work to an unprivileged account. A child gets nothing
 * of ours but the three standard streams (nothing in, everything out to a log file), no open files, default
 * signals, and an environment without PG* and MPI variables: the server that pg_ctl leaves behind must not
 * hold pipes that a launcher waits for.
 */
#ifndef SG_IO_PG_PROCESS_H
#define SG_IO_PG_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/status.h"
#include "io/pg.h"

struct sg_pg_user {
    uid_t uid;
    gid_t gid;
    bool change;   /* children change to uid and gid; false = run as we are */
    char name[64]; /* of uid */
};

/* Local. Who runs the server: ourselves, or for root the user postgres, else nobody. SG_SYSTEM when root
 * finds neither. */
enum sg_code sg_pg_user_find(struct sg_pg_user *user, struct sg_error *err);

/* Local. May that user create files in the folder? */
bool sg_pg_user_can_write(const struct sg_pg_user *user, const char *folder);

/* Local. Runs arguments[0] (absolute path) to its end; *status is its exit status (128 + signal when
 * killed). Output goes to the end of the file `log`. A stop request ends the child and returns SG_STOPPED. */
enum sg_code sg_pg_process_run(const struct sg_pg_user *user, const char *const *arguments, const char *log,
                               sg_pg_stop *stop, void *context, int *status, struct sg_error *err);

/* Local. The last lines of a text file, joined by " | ", at most `size` bytes with the NUL; "" if none. */
void sg_pg_log_tail(const char *path, char *out, size_t size);

#endif
