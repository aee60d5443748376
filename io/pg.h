/* Connections to PostgreSQL: open, ask, copy in, cancel. Together with the other io/pg*.c the only code that
 * knows libpq.
 *
 * Every failure carries the SQLSTATE and the server's primary message, and is mapped to an exit code: not
 * reachable or lost is SG_UNAVAILABLE, missing rights SG_DENIED, a full disk SG_IO, ... A password never
 * appears in a message: targets are named by host, port, database and user, and libpq's own texts are cleaned
 * of it.
 *
 * All waiting is interruptible: while a statement runs, the stop function is asked several times a second;
 * when it says yes, the statement is cancelled on the server and the call returns SG_STOPPED.
 *
 * Threads: a connection belongs to one thread at a time; different connections are independent.
 */
#ifndef SG_IO_PG_H
#define SG_IO_PG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum { SG_PG_VERSION_MIN = 14, SG_PG_LABEL_BYTES = 256, SG_PG_URL_BYTES = 2048 };

struct sg_pg;      /* one connection */
struct sg_pg_rows; /* a result, cells as text */

/* Should waiting end? Called from the thread that owns the connection. */
typedef bool sg_pg_stop(void *context);

/* Local. Connects to a URL (postgresql://user@host:port/database?...) or conninfo string and proves that the
 * server is new enough (else SG_PROTOCOL) and the database UTF-8. A server that starts
 * or recovers is waited for, up to a minute. stop may be NULL. *pg is NULL on failure.
 * Sets what bulk work needs for this session only: ISO dates, UTC, no timeouts, no JIT. */
enum sg_code sg_pg_open(struct sg_pg **pg, const char *url, sg_pg_stop *stop, void *context,
                        struct sg_error *err);
void sg_pg_close(struct sg_pg *pg);

/* Pure. Names a target without its password: "database saas on db.example port 5432 as ana". A text that
 * libpq cannot read becomes "the database URL". */
void sg_pg_label(const char *url, char out[SG_PG_LABEL_BYTES]);

/* Pure. Is the text a readable connection string? SG_USAGE, without quoting it, when not. */
enum sg_code sg_pg_check_url(const char *url, struct sg_error *err);

/* Pure. Does the target live on this host alone (unix socket)? */
bool sg_pg_is_local(const char *url);

/* Local. Runs statements (several may be separated by semicolons) whose results are not wanted. */
enum sg_code sg_pg_run(struct sg_pg *pg, struct sg_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
enum sg_code sg_pg_run_text(struct sg_pg *pg, const char *sql, struct sg_error *err);

/* Local. Runs one statement with text parameters $1.. (NULL = SQL NULL); *rows is the caller's to free, NULL
 * on failure. */
enum sg_code sg_pg_ask(struct sg_pg *pg, struct sg_pg_rows **rows, const char *sql, int parameter_count,
                       const char *const *parameters, struct sg_error *err);

/* Local. One row, one column expected: its text into out ("" for NULL or no row). */
enum sg_code sg_pg_ask_text(struct sg_pg *pg, char *out, size_t out_bytes, const char *sql,
                            int parameter_count, const char *const *parameters, struct sg_error *err);

/* Pure. */
int sg_pg_row_count(const struct sg_pg_rows *rows);
/* Pure. Text of a cell, NULL for SQL NULL; lives as long as the rows. */
const char *sg_pg_cell(const struct sg_pg_rows *rows, int row, int column);
/* Pure. Unsigned number in a cell, 0 for NULL. */
uint64_t sg_pg_cell_u64(const struct sg_pg_rows *rows, int row, int column);
void sg_pg_rows_free(struct sg_pg_rows *rows);

/* Local. COPY ... FROM STDIN: begin with the statement, send whole chunks, end; *rows receives the number
 * that the server stored. After any failure the connection is out of COPY and its transaction is aborted. */
enum sg_code sg_pg_copy_begin(struct sg_pg *pg, const char *sql, struct sg_error *err);
enum sg_code sg_pg_copy_send(struct sg_pg *pg, const char *bytes, size_t size, struct sg_error *err);
enum sg_code sg_pg_copy_end(struct sg_pg *pg, uint64_t *rows, struct sg_error *err);
/* Local. Gives the copy up because of the caller's own failure. */
void sg_pg_copy_abandon(struct sg_pg *pg);

/* Local. Ends an open transaction without effect; never reports, so that the first error stands. */
void sg_pg_rollback(struct sg_pg *pg);

/* Local. Waits up to wait_ms for a NOTIFY on a channel the session listens to; forgets those pending. */
enum sg_code sg_pg_wait_notify(struct sg_pg *pg, int wait_ms, struct sg_error *err);

#endif
