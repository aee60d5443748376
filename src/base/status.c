/* The table of exit codes and the two functions that record a failure. */
#include "base/status.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const struct sg_code_info code_table[] = {
    {SG_OK, "ok", "The work was done and verified."},
    {SG_INVALID, "invalid", "Verification found a fault in the data; the offending rows are named."},
    {SG_USAGE, "usage", "Unknown command or option, or an impossible value."},
    {SG_CORRUPT, "corrupt", "A manifest or shard does not read back; generate it again."},
    {SG_NO_INPUT, "no-input", "A folder, file, table or user pool that should exist does not."},
    {SG_UNAVAILABLE, "unavailable",
     "The database server or a service cannot be reached, went away, or throttles."},
    {SG_INTERNAL, "internal", "A bug in this program; please report it."},
    {SG_SYSTEM, "system", "The machine refused memory, threads or processes, or a server binary is missing."},
    {SG_EXISTS, "exists", "The target holds something else; use --resume or --overwrite."},
    {SG_IO, "io", "Reading or writing failed, or the disk is full."},
    {SG_STOPPED, "stopped", "Stopped on request; requeue and run again with --resume."},
    {SG_PROTOCOL, "protocol", "A peer speaks an unsupported version."},
    {SG_DENIED, "denied", "Insufficient rights on a folder, database or service, or expired credentials."},
    {SG_CONFIG, "config", "Ranks disagree about binary, options or dataset."},
};

const struct sg_code_info *sg_code_table(size_t *count) {
    *count = sizeof code_table / sizeof code_table[0];
    return code_table;
}

const char *sg_code_name(enum sg_code code) {
    for (size_t i = 0; i < sizeof code_table / sizeof code_table[0]; i++)
        if (code_table[i].code == code) return code_table[i].name;
    return "unknown";
}

static void record(struct sg_error *err, enum sg_code code, const char *format, va_list arguments) {
    err->code = code;
    vsnprintf(err->text, sizeof err->text, format, arguments);
}

enum sg_code sg_fail(struct sg_error *err, enum sg_code code, const char *format, ...) {
    if (!err || err->code != SG_OK) return code;
    va_list arguments;
    va_start(arguments, format);
    record(err, code, format, arguments);
    va_end(arguments);
    return code;
}

/* What the number of a failed system call says beyond "it failed". */
static const struct errno_info {
    int number;
    enum sg_code code; /* SG_OK: the caller's */
    const char *hint;
} errno_table[] = {
    {ENOSPC, SG_OK, " (free space or choose another place, then try again; a run continues with --resume)"},
    {EDQUOT, SG_OK, " (free space or choose another place, then try again; a run continues with --resume)"},
    {EROFS, SG_DENIED, " (choose a place that can be written to)"},
    {EACCES, SG_DENIED, " (change the permissions, or choose another place)"},
    {EPERM, SG_DENIED, " (change the permissions, or choose another place)"},
    {ENOMEM, SG_SYSTEM, ""},
    {EMFILE, SG_SYSTEM, " (raise the limit of open files: ulimit -n)"},
    {ENFILE, SG_SYSTEM, ""},
};

enum sg_code sg_fail_errno(struct sg_error *err, enum sg_code otherwise, int saved_errno, const char *format,
                           ...) {
    struct errno_info info = {saved_errno, SG_OK, ""};
    for (size_t i = 0; i < sizeof errno_table / sizeof errno_table[0]; i++)
        if (errno_table[i].number == saved_errno) info = errno_table[i];
    enum sg_code code = info.code == SG_OK ? otherwise : info.code;
    if (!err || err->code != SG_OK) return code;
    va_list arguments;
    va_start(arguments, format);
    record(err, code, format, arguments);
    va_end(arguments);
    sg_append(err->text, sizeof err->text, ": %s%s", strerror(saved_errno), info.hint);
    return code;
}
