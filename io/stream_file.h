/* A file of any size, written in pieces through a buffer; its name appears only with complete, synced
 * content.
 *
 * Fault points are document.write, document.sync, document.close and document.rename. One thread a file. */
#ifndef SG_IO_STREAM_FILE_H
#define SG_IO_STREAM_FILE_H

#include "io/digest.h"
#include "io/files.h"

struct sg_stream_file;

/* What a file holds. */
struct sg_file_facts {
    uint64_t bytes;
    struct sg_digest digest;
};

/* Local. Begins <folder>/<name>.tmp, making folders as needed. *file is NULL on failure. */
enum sg_code sg_stream_file_open(struct sg_stream_file **file, const char *folder, const char *name,
                                 struct sg_error *err);

/* Local. Adds bytes; `file` is a struct sg_stream_file (the type of sg_write_fn). */
enum sg_code sg_stream_file_write(void *file, const void *bytes, size_t size, struct sg_error *err);

/* Local. Gives the file its name when `code` (how writing went) is SG_OK, else removes it; frees it. Returns
 * `code`, or what failed now. `facts` (NULL: nobody asks) are those of the whole file. */
enum sg_code sg_stream_file_close(struct sg_stream_file *file, enum sg_code code, struct sg_file_facts *facts,
                                  struct sg_error *err);

/* Local. Reads a file of any size for its facts. */
enum sg_code sg_file_facts_of(const char *path, struct sg_file_facts *facts, struct sg_error *err);
/* Local. The same of <folder>/<name>: SG_NO_INPUT when it is not there. */
enum sg_code sg_file_facts_read(const char *folder, const char *name, struct sg_file_facts *facts,
                                struct sg_error *err);

#endif
