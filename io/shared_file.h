/* A file that several processes fill together: one makes it in its full length under a temporary name, each
 * opens it and writes its pieces where they belong, and once all have closed it the maker gives it its name.
 * So the name appears only with complete, synced content, and what a killed run left is swept by the next.
 *
 * Fault points are document.write, .sync, .close and .rename. Any thread may write pieces. */
#ifndef SG_IO_SHARED_FILE_H
#define SG_IO_SHARED_FILE_H

#include "io/files.h"

struct sg_shared_file {
    char path[SG_PATH_BYTES];      /* the name it gets */
    char temporary[SG_PATH_BYTES]; /* the name it has */
};

/* Local, the maker. Makes <folder>/<name> with all its bytes reserved where the file system can (a full disk
 * shows here), and its folders as needed; removes what other runs had in hand of it. The others need *file,
 * too. */
enum sg_code sg_shared_file_make(struct sg_shared_file *file, const char *folder, const char *name,
                                 uint64_t bytes, struct sg_error *err);

/* Local, everybody who writes. Close with sg_shared_file_close, also after a failure; *fd is -1 then. */
enum sg_code sg_shared_file_open(const struct sg_shared_file *file, int *fd, struct sg_error *err);
enum sg_code sg_shared_file_write(const struct sg_shared_file *file, int fd, const void *bytes, size_t size,
                                  uint64_t offset, struct sg_error *err);
/* Syncs what this process wrote. */
enum sg_code sg_shared_file_close(const struct sg_shared_file *file, int fd, struct sg_error *err);

/* Local, the maker, when all have closed: gives the file its name, or removes it when `code` (how writing
 * went) is not SG_OK. Returns `code`, or what failed now. */
enum sg_code sg_shared_file_end(const struct sg_shared_file *file, enum sg_code code, struct sg_error *err);

/* Local. Removes what killed runs had in hand of <folder>/<name>. */
enum sg_code sg_shared_file_sweep(const char *folder, const char *name, struct sg_error *err);

#endif
