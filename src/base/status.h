/* Status codes and error text.
 *
 * Every fallible function returns an enum sg_code and takes a struct sg_error that receives the message.
 * The code is also the process exit code; the table in status.c is the only list of codes, and --help and
 * docs/manual.md print it. A message says what failed, where, and what to do. Aborting is for bugs.
 */
#ifndef SG_BASE_STATUS_H
#define SG_BASE_STATUS_H

#include <stdarg.h>
#include <stddef.h>

enum sg_code {
    SG_OK = 0,
    SG_INVALID = 1,      /* verification found a fault in the data */
    SG_USAGE = 64,       /* unknown option, impossible value */
    SG_CORRUPT = 65,     /* a manifest or shard does not read back */
    SG_NO_INPUT = 66,    /* a folder, file, table or user pool that should exist does not */
    SG_UNAVAILABLE = 69, /* database server or service not reachable, gone, or throttling */
    SG_INTERNAL = 70,    /* a bug in this program */
    SG_SYSTEM = 71,      /* out of memory, threads, processes; missing server binaries */
    SG_EXISTS = 73,      /* output holds something else: needs --resume or --overwrite */
    SG_IO = 74,          /* write, fsync, close, read failed; disk full */
    SG_STOPPED = 75,     /* stopped on request; run again with --resume */
    SG_PROTOCOL = 76,    /* peer speaks an unsupported version (PostgreSQL too old, HTTP reply malformed) */
    SG_DENIED = 77,      /* insufficient rights on a folder, database or service; expired credentials */
    SG_CONFIG = 78       /* ranks disagree: different binary, options or dataset */
};

enum { SG_ERROR_BYTES = 1024 };

/* Message of the first failure. Zero-initialise before use. */
struct sg_error {
    enum sg_code code;
    char text[SG_ERROR_BYTES];
};

/* One row of the exit-code table. */
struct sg_code_info {
    enum sg_code code;
    const char *name;    /* short word, stable, used in JSON */
    const char *meaning; /* one sentence for the manual */
};

/* Pure. Table of all codes in ascending order; *count receives its length. */
const struct sg_code_info *sg_code_table(size_t *count);

/* Pure. The name of a code, "unknown" outside the table. */
const char *sg_code_name(enum sg_code code);

/* Records code and formatted text in err (keeps an earlier failure that err already holds) and returns code.
 * err may be NULL. */
enum sg_code sg_fail(struct sg_error *err, enum sg_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Like sg_fail for a failed system call, appending ": ", strerror(saved_errno) and what to do about it. The
 * code follows from the number where that says what is wrong (SG_DENIED for missing rights, SG_SYSTEM where
 * the machine has no more memory or files); it is `otherwise` for all others, a full disk among them. */
enum sg_code sg_fail_errno(struct sg_error *err, enum sg_code otherwise, int saved_errno, const char *format,
                           ...) __attribute__((format(printf, 4, 5)));

/* Leaves the calling function when an expression returns a code other than SG_OK. */
#define SG_TRY(expression)                                                                                   \
    do {                                                                                                     \
        enum sg_code sg_try_code = (expression);                                                             \
        if (sg_try_code != SG_OK) return sg_try_code;                                                        \
    } while (0)

#endif
