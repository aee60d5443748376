/* Connections over libpq: every wait polls the socket so that a stop request is seen, every failure leaves as
 * an exit code with SQLSTATE and text. */
#include "io/pg.h"

#include <ctype.h>
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "io/pg_sql.h"
#include "io/pg_url.h"

enum {
    POLL_MS = 200,
    CONNECT_WAIT_S = 15,
    STARTING_WAIT_S = 60,
    COPY_CHUNK_BYTES = 256 << 10,
    SOCKET_BYTES = 4 << 20
};

struct sg_pg {
    PGconn *connection;
    sg_pg_stop *stop;
    void *context;
    bool copying;
    bool starting; /* the server answered that it starts, stops or recovers */
    char label[SG_PG_LABEL_BYTES];
    struct sg_pg_secret secret;
};

struct sg_pg_rows {
    PGresult *result;
};

/* SQLSTATE prefixes and what they mean for the user; the first match counts. */
static const struct state_info {
    const char *prefix;
    enum sg_code code;
    const char *hint;
} states[] = {
    {"57014", SG_STOPPED, ""},
    {"57P", SG_UNAVAILABLE, "; run the same command again: the load continues"},
    {"08", SG_UNAVAILABLE, "; run the same command again: the load continues"},
    {"40", SG_UNAVAILABLE, "; run the same command again: the load continues"},
    {"53100", SG_IO, " (free space on the server's disk, then run the same command again)"},
    {"53300", SG_UNAVAILABLE, " (too many connections: free some, or use fewer)"},
    {"53", SG_SYSTEM, ""},
    {"54000", SG_SYSTEM, ""},
    {"42501", SG_DENIED, ""},
    {"25006", SG_DENIED, " (the server only reads: is it a standby?)"},
    {"28", SG_DENIED, ""},
    {"3D000", SG_NO_INPUT, " (create the database first)"},
    {"42P01", SG_NO_INPUT, ""},
    {"3F000", SG_NO_INPUT, ""},
    {"22", SG_INVALID, ""},
    {"23", SG_INVALID, ""},
    {"58", SG_IO, ""},
};

static const struct state_info *state_find(const char *state) {
    static const struct state_info other = {"", SG_INTERNAL, ""};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (strncmp(state, states[i].prefix, strlen(states[i].prefix)) == 0) return &states[i];
    return &other;
}

static bool stop_wanted(const struct sg_pg *pg) {
    return pg->stop && pg->stop(pg->context);
}

static int64_t now_ms(void) {
    return (int64_t)(sg_clock_us() / 1000);
}

static void wait_socket(PGconn *connection, short events, int wait_ms) {
    struct pollfd fd = {.fd = PQsocket(connection), .events = events};
    poll(&fd, 1, wait_ms);
}

static enum sg_code fail_stopped(struct sg_error *err) {
    return sg_fail(err, SG_STOPPED,
                   "stopped on request; what was loaded is kept, run the same command again to continue");
}

/* libpq's own text: one line, without password. */
static void connection_text(const struct sg_pg *pg, char *out, size_t size) {
    snprintf(out, size, "%s", PQerrorMessage(pg->connection));
    sg_pg_redact(&pg->secret, out);
    char *end = strstr(out, "\nLOCATION:");
    if (end) *end = 0;
    for (char *c = out; *c; c++)
        if (*c == '\n' || *c == '\t') *c = ' ';
    for (size_t n = strlen(out); n && out[n - 1] == ' '; n--)
        out[n - 1] = 0;
}

static enum sg_code fail_lost(const struct sg_pg *pg, struct sg_error *err) {
    char text[512];
    connection_text(pg, text, sizeof text);
    return sg_fail(err, SG_UNAVAILABLE,
                   "the connection to %s was lost: %s; run the same command again: the load continues",
                   pg->label, text);
}

static enum sg_code fail_result(struct sg_pg *pg, const PGresult *result, struct sg_error *err) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *where = PQresultErrorField(result, PG_DIAG_CONTEXT);
    if (!state) return fail_lost(pg, err);
    if (strcmp(state, "57014") == 0 && stop_wanted(pg)) return fail_stopped(err);
    const struct state_info *info = state_find(state);
    enum sg_code code = info->code == SG_STOPPED ? SG_UNAVAILABLE : info->code;
    char text[768];
    snprintf(text, sizeof text, "%s%s%.300s%s%.200s", primary ? primary : "no message", detail ? " - " : "",
             detail ? detail : "", where ? " - " : "", where ? where : "");
    sg_pg_redact(&pg->secret, text);
    return sg_fail(err, code, "PostgreSQL refused (SQLSTATE %s, %s): %s%s", state, pg->label, text,
                   info->hint);
}

static void cancel(struct sg_pg *pg) {
    char ignored[256];
    PGcancel *handle = PQgetCancel(pg->connection);
    if (!handle) return;
    PQcancel(handle, ignored, sizeof ignored);
    PQfreeCancel(handle);
}

/* Waits until a result can be taken without blocking; cancels the statement once when asked to stop. */
static enum sg_code await(struct sg_pg *pg, struct sg_error *err) {
    bool cancelled = false;
    while (PQisBusy(pg->connection)) {
        if (!cancelled && stop_wanted(pg)) {
            cancel(pg);
            cancelled = true;
        }
        wait_socket(pg->connection, POLLIN, POLL_MS);
        if (!PQconsumeInput(pg->connection)) return fail_lost(pg, err);
    }
    return SG_OK;
}

/* Takes all results of what was sent; the last good one goes to *kept, the first bad one to err. */
static enum sg_code collect(struct sg_pg *pg, PGresult **kept, struct sg_error *err) {
    enum sg_code code = SG_OK;
    for (;;) {
        SG_TRY(await(pg, err));
        PGresult *result = PQgetResult(pg->connection);
        if (!result) return code;
        ExecStatusType status = PQresultStatus(result);
        bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN ||
                    status == PGRES_EMPTY_QUERY;
        if (!good && code == SG_OK) code = fail_result(pg, result, err);
        if (good && kept) {
            PQclear(*kept);
            *kept = result;
        } else
            PQclear(result);
        if (status == PGRES_COPY_IN) return code;
    }
}

enum sg_code sg_pg_run_text(struct sg_pg *pg, const char *sql, struct sg_error *err) {
    if (!PQsendQuery(pg->connection, sql)) return fail_lost(pg, err);
    return collect(pg, NULL, err);
}

enum sg_code sg_pg_run(struct sg_pg *pg, struct sg_error *err, const char *format, ...) {
    char *sql = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&sql, format, arguments);
    va_end(arguments);
    if (length < 0) return sg_fail(err, SG_SYSTEM, "no memory for a SQL statement");
    enum sg_code code = sg_pg_run_text(pg, sql, err);
    free(sql);
    return code;
}

enum sg_code sg_pg_ask(struct sg_pg *pg, struct sg_pg_rows **rows, const char *sql, int parameter_count,
                       const char *const *parameters, struct sg_error *err) {
    *rows = NULL;
    if (!PQsendQueryParams(pg->connection, sql, parameter_count, NULL, parameters, NULL, NULL, 0))
        return fail_lost(pg, err);
    PGresult *result = NULL;
    enum sg_code code = collect(pg, &result, err);
    if (code == SG_OK && !(*rows = malloc(sizeof **rows)))
        code = sg_fail(err, SG_SYSTEM, "no memory for a query result");
    if (code == SG_OK)
        (*rows)->result = result;
    else
        PQclear(result);
    return code;
}

enum sg_code sg_pg_ask_text(struct sg_pg *pg, char *out, size_t out_bytes, const char *sql,
                            int parameter_count, const char *const *parameters, struct sg_error *err) {
    struct sg_pg_rows *rows;
    out[0] = 0;
    SG_TRY(sg_pg_ask(pg, &rows, sql, parameter_count, parameters, err));
    const char *cell = sg_pg_row_count(rows) ? sg_pg_cell(rows, 0, 0) : NULL;
    snprintf(out, out_bytes, "%s", cell ? cell : "");
    sg_pg_rows_free(rows);
    return SG_OK;
}

int sg_pg_row_count(const struct sg_pg_rows *rows) {
    return PQntuples(rows->result);
}

const char *sg_pg_cell(const struct sg_pg_rows *rows, int row, int column) {
    if (PQgetisnull(rows->result, row, column)) return NULL;
    return PQgetvalue(rows->result, row, column);
}

uint64_t sg_pg_cell_u64(const struct sg_pg_rows *rows, int row, int column) {
    const char *text = sg_pg_cell(rows, row, column);
    return text ? strtoull(text, NULL, 10) : 0;
}

void sg_pg_rows_free(struct sg_pg_rows *rows) {
    if (!rows) return;
    PQclear(rows->result);
    free(rows);
}

enum sg_code sg_pg_copy_begin(struct sg_pg *pg, const char *sql, struct sg_error *err) {
    if (!PQsendQuery(pg->connection, sql)) return fail_lost(pg, err);
    PGresult *result = NULL;
    enum sg_code code = collect(pg, &result, err);
    bool copying = code == SG_OK && PQresultStatus(result) == PGRES_COPY_IN;
    PQclear(result);
    SG_TRY(code);
    if (!copying) return sg_fail(err, SG_INTERNAL, "not a COPY FROM STDIN statement: %s", sql);
    PQsetnonblocking(pg->connection, 1);
    pg->copying = true;
    return SG_OK;
}

/* Leaves COPY; the results (an error, as a rule) go to err. */
static enum sg_code copy_leave(struct sg_pg *pg, const char *reason, PGresult **result,
                               struct sg_error *err) {
    pg->copying = false;
    int sent;
    while ((sent = PQputCopyEnd(pg->connection, reason)) == 0)
        wait_socket(pg->connection, POLLOUT, POLL_MS);
    PQsetnonblocking(pg->connection, 0);
    if (sent < 0 && PQstatus(pg->connection) == CONNECTION_BAD) return fail_lost(pg, err);
    return collect(pg, result, err);
}

/* Pushes what libpq has buffered, taking in what the server says so that neither side waits for the other. */
static enum sg_code copy_flush(struct sg_pg *pg, struct sg_error *err) {
    int pending;
    while ((pending = PQflush(pg->connection)) == 1) {
        if (stop_wanted(pg)) return fail_stopped(err);
        wait_socket(pg->connection, POLLIN | POLLOUT, POLL_MS);
        if (!PQconsumeInput(pg->connection)) break;
    }
    return pending == 0 ? SG_OK : SG_UNAVAILABLE;
}

static enum sg_code copy_send_chunk(struct sg_pg *pg, const char *bytes, int size, struct sg_error *err) {
    int sent;
    while ((sent = PQputCopyData(pg->connection, bytes, size)) == 0)
        SG_TRY(copy_flush(pg, err));
    return sent < 0 ? SG_UNAVAILABLE : copy_flush(pg, err);
}

enum sg_code sg_pg_copy_send(struct sg_pg *pg, const char *bytes, size_t size, struct sg_error *err) {
    for (size_t at = 0; at < size;) {
        size_t chunk = size - at < COPY_CHUNK_BYTES ? size - at : COPY_CHUNK_BYTES;
        enum sg_code code =
            stop_wanted(pg) ? fail_stopped(err) : copy_send_chunk(pg, bytes + at, (int)chunk, err);
        if (code == SG_STOPPED) {
            sg_pg_copy_abandon(pg);
            return code;
        }
        if (code != SG_OK) { /* the server's own reason, when it left one, is better than ours */
            enum sg_code reason = copy_leave(pg, "the client failed", NULL, err);
            return reason != SG_OK ? reason : fail_lost(pg, err);
        }
        at += chunk;
    }
    return SG_OK;
}

enum sg_code sg_pg_copy_end(struct sg_pg *pg, uint64_t *rows, struct sg_error *err) {
    PGresult *result = NULL;
    enum sg_code code = copy_leave(pg, NULL, &result, err);
    *rows = code == SG_OK && result ? strtoull(PQcmdTuples(result), NULL, 10) : 0;
    PQclear(result);
    return code;
}

void sg_pg_copy_abandon(struct sg_pg *pg) {
    struct sg_error ignored = {0};
    if (pg->copying) copy_leave(pg, "given up by the client", NULL, &ignored);
}

void sg_pg_rollback(struct sg_pg *pg) {
    struct sg_error ignored = {0};
    sg_pg_copy_abandon(pg);
    if (PQtransactionStatus(pg->connection) == PQTRANS_ACTIVE) {
        cancel(pg);
        collect(pg, NULL, &ignored);
    }
    PGTransactionStatusType status = PQtransactionStatus(pg->connection);
    if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR) {
        ignored = (struct sg_error){0};
        sg_pg_run_text(pg, "ROLLBACK", &ignored);
    }
}

enum sg_code sg_pg_wait_notify(struct sg_pg *pg, int wait_ms, struct sg_error *err) {
    bool heard = false;
    for (int64_t end = now_ms() + wait_ms; !heard;) {
        if (stop_wanted(pg)) return fail_stopped(err);
        if (!PQconsumeInput(pg->connection)) return fail_lost(pg, err);
        for (PGnotify *note; (note = PQnotifies(pg->connection)); PQfreemem(note))
            heard = true;
        int64_t left = end - now_ms();
        if (heard || left <= 0) break;
        wait_socket(pg->connection, POLLIN, left < POLL_MS ? (int)left : POLL_MS);
    }
    return SG_OK;
}

/* SQLSTATE inside a connection error of verbose form, "FATAL:  28P01: password ...", or "". */
static void state_of_text(const char *text, char state[6]) {
    state[0] = 0;
    for (const char *c = strstr(text, ":  "); c; c = strstr(c + 1, ":  ")) {
        size_t n = strspn(c + 3, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (n != 5 || c[8] != ':') continue;
        memcpy(state, c + 3, 5);
        state[5] = 0;
        return;
    }
}

static enum sg_code fail_connect(struct sg_pg *pg, bool late, struct sg_error *err) {
    char text[640], state[6];
    connection_text(pg, text, sizeof text);
    state_of_text(text, state);
    pg->starting = strcmp(state, "57P03") == 0;
    const struct state_info *info = state_find(state);
    enum sg_code code = state[0] && info->code != SG_INTERNAL ? info->code : SG_UNAVAILABLE;
    if (PQconnectionNeedsPassword(pg->connection))
        return sg_fail(
            err, SG_DENIED,
            "%s wants a password and none was found: put it into ~/.pgpass (mode 600) or PGPASSFILE",
            pg->label);
    return sg_fail(err, code, "cannot connect to %s: %s", pg->label,
                   late ? "no answer in time; is the server up and the host right?" : text);
}

static enum sg_code connect_poll(struct sg_pg *pg, struct sg_error *err) {
    PostgresPollingStatusType want = PGRES_POLLING_WRITING;
    int64_t end = now_ms() + (int64_t)CONNECT_WAIT_S * 1000;
    while (want != PGRES_POLLING_OK) {
        if (want == PGRES_POLLING_FAILED || PQstatus(pg->connection) == CONNECTION_BAD)
            return fail_connect(pg, false, err);
        if (stop_wanted(pg)) return fail_stopped(err);
        struct pollfd fd = {.fd = PQsocket(pg->connection),
                            .events = want == PGRES_POLLING_READING ? POLLIN : POLLOUT};
        if (poll(&fd, 1, POLL_MS) > 0) want = PQconnectPoll(pg->connection);
        if (want != PGRES_POLLING_OK && now_ms() > end) return fail_connect(pg, true, err);
    }
    return SG_OK;
}

static enum sg_code check_server(struct sg_pg *pg, struct sg_error *err) {
    int version = PQserverVersion(pg->connection) / 10000;
    if (version < SG_PG_VERSION_MIN)
        return sg_fail(err, SG_PROTOCOL, "%s runs PostgreSQL %d; version %d or later is needed", pg->label,
                       version, SG_PG_VERSION_MIN);
    const char *encoding = PQparameterStatus(pg->connection, "server_encoding");
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return sg_fail(err, SG_PROTOCOL,
                       "%s stores text as %s; create the database with ENCODING 'UTF8' (TEMPLATE template0)",
                       pg->label, encoding ? encoding : "unknown");
    return SG_OK;
}

static enum sg_code prepare_session(struct sg_pg *pg, struct sg_error *err) {
    static const char settings[] =
        "SET client_min_messages = error; SET datestyle = 'ISO, YMD'; SET timezone = 'UTC'; SET jit = off;"
        "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;"
        "SET standard_conforming_strings = on; SET search_path = pg_catalog";
    SG_TRY(sg_pg_run_text(pg, settings, err));
    /* A server that outlives its client should notice soon; not every platform can. */
    struct sg_error ignored = {0};
    sg_pg_run_text(pg, "SET client_connection_check_interval = '2s'", &ignored);
    return SG_OK;
}

/* As much on its way to a server on this host as the system allows, so that the server has rows to work on
 * while the next frame is decompressed; other sockets find their size themselves. */
static void widen_socket(PGconn *connection) {
    int wanted = SOCKET_BYTES;
    setsockopt(PQsocket(connection), SOL_SOCKET, SO_SNDBUF, &wanted, sizeof wanted);
}

static enum sg_code connect_start(struct sg_pg *pg, const char *url, struct sg_error *err) {
    const char *const keys[] = {"keepalives_idle",
                                "keepalives_interval",
                                "keepalives_count",
                                "fallback_application_name",
                                "dbname",
                                "client_encoding",
                                NULL};
    const char *const values[] = {"30", "10", "3", "synthgen-hpc", url, "UTF8", NULL};
    pg->connection = PQconnectStartParams(keys, values, 1);
    if (!pg->connection) return sg_fail(err, SG_SYSTEM, "no memory for a database connection");
    PQsetErrorVerbosity(pg->connection, PQERRORS_VERBOSE);
    SG_TRY(connect_poll(pg, err));
    if (sg_pg_is_local(url)) widen_socket(pg->connection);
    PQsetErrorVerbosity(pg->connection, PQERRORS_DEFAULT);
    SG_TRY(check_server(pg, err));
    return prepare_session(pg, err);
}

/* A server that starts or recovers from a crash will soon answer. */
static enum sg_code connect_patiently(struct sg_pg *pg, const char *url, struct sg_error *err) {
    int64_t end = now_ms() + (int64_t)STARTING_WAIT_S * 1000;
    for (;;) {
        pg->starting = false;
        enum sg_code code = connect_start(pg, url, err);
        if (code == SG_OK || !pg->starting || now_ms() > end) return code;
        PQfinish(pg->connection);
        pg->connection = NULL;
        if (stop_wanted(pg)) return fail_stopped(err);
        poll(NULL, 0, POLL_MS);
    }
}

enum sg_code sg_pg_open(struct sg_pg **pg, const char *url, sg_pg_stop *stop, void *context,
                        struct sg_error *err) {
    *pg = NULL;
    SG_TRY(sg_pg_check_url(url, err));
    struct sg_pg *made = calloc(1, sizeof *made);
    if (!made) return sg_fail(err, SG_SYSTEM, "no memory for a database connection");
    made->stop = stop;
    made->context = context;
    sg_pg_label(url, made->label);
    sg_pg_secret_of(url, &made->secret);
    enum sg_code code = connect_patiently(made, url, err);
    if (code == SG_OK)
        *pg = made;
    else
        sg_pg_close(made);
    return code;
}

void sg_pg_close(struct sg_pg *pg) {
    if (!pg) return;
    PQfinish(pg->connection);
    memset(&pg->secret, 0, sizeof pg->secret);
    free(pg);
}
