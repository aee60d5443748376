/* Publishing finished files in the background: syncing a file waits for the disk, and what makes the next one
 * need not.
 *
 * The rule of files.h holds: a name appears only with complete, synced content behind it. Folders are synced
 * once, in sg_publisher_wait; until then a crash of the machine may take back a name, never the content
 * behind one that stays.
 *
 * Threads: sg_publisher_add may be called by many threads at once; open, wait and close by one.
 */
#ifndef SG_IO_PUBLISHER_H
#define SG_IO_PUBLISHER_H

#include "io/files.h"

struct sg_publisher;

/* Local. Starts the thread that syncs. */
enum sg_code sg_publisher_open(struct sg_publisher **publisher, struct sg_error *err);

/* Local. Hands over a written file: fd is synced and closed, then `temporary` renamed to `path`. After a
 * failure, here or later, the temporary is removed. Waits while many files are pending. Returns the failure
 * of any file added before, its own fd being closed and its temporary removed then, too. */
enum sg_code sg_publisher_add(struct sg_publisher *publisher, int fd, const char *kind, const char *temporary,
                              const char *path, struct sg_error *err);

/* Local. Waits until all files have their names and syncs their folders; the first failure of any. */
enum sg_code sg_publisher_wait(struct sg_publisher *publisher, struct sg_error *err);

/* Local. Ends the thread behind what is pending; NULL is fine. */
void sg_publisher_close(struct sg_publisher *publisher);

#endif
