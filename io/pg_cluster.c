/* Life of the private cluster: make, configure, start, find running, stop. */
#include "io/pg_cluster.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/pg_binaries.h"
#include "io/pg_cluster_conf.h"
#include "io/pg_sql.h"

enum {
    SOCKET_FOLDER_MAX = 85,
    PORT = 5432,
    START_WAIT_S = 600,
    LISTEN_WAIT_MS = 30000,
    LISTEN_MS = 200,
    TAIL_BYTES = 500
};

static enum sg_code join(char out[SG_PG_PATH_BYTES], const char *folder, const char *name,
                         struct sg_error *err) {
    int length = snprintf(out, SG_PG_PATH_BYTES, "%s/%s", folder, name);
    if (length < SG_PG_PATH_BYTES) return SG_OK;
    return sg_fail(err, SG_USAGE, "the path %.200s... is too long; choose a shorter --out", folder);
}

static bool owned_folder(const struct sg_pg_cluster *cluster, const char *path) {
    struct stat info;
    return lstat(path, &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == cluster->user.uid;
}

/* <out>/postgresql may be a link to where the server's user can live (see move_aside). */
static enum sg_code follow_link(struct sg_pg_cluster *cluster, struct sg_error *err) {
    char target[SG_PG_PATH_BYTES];
    ssize_t size = readlink(cluster->folder, target, sizeof target - 1);
    if (size < 0) return SG_OK;
    target[size] = 0;
    if (!owned_folder(cluster, target))
        return sg_fail(err, SG_DENIED, "%s links to %s, which is not a folder of user %s; remove the link",
                       cluster->folder, target, cluster->user.name);
    memcpy(cluster->folder, target, (size_t)size + 1);
    return SG_OK;
}

static enum sg_code locate(struct sg_pg_cluster *cluster, const char *out, struct sg_error *err) {
    char whole[PATH_MAX];
    memset(cluster, 0, sizeof *cluster);
    if (!realpath(out, whole))
        return sg_fail_errno(err, SG_NO_INPUT, errno, "cannot open the output folder %s", out);
    SG_TRY(join(cluster->folder, whole, "postgresql", err));
    SG_TRY(sg_pg_user_find(&cluster->user, err));
    SG_TRY(follow_link(cluster, err));
    return join(cluster->data, cluster->folder, "data", err);
}

static bool exists(const char *folder, const char *name) {
    char path[SG_PG_PATH_BYTES + 64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

/* First number in a small file, 0 when there is none. */
static int number_in(const char *folder, const char *name) {
    char path[SG_PG_PATH_BYTES + 64], line[64] = "";
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    if (!fgets(line, sizeof line, file)) line[0] = 0;
    fclose(file);
    return atoi(line);
}

/* Folder below ours that the server's user owns. */
static enum sg_code own_folder(const struct sg_pg_cluster *cluster, const char *path, struct sg_error *err) {
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return sg_fail_errno(err, SG_IO, errno, "cannot create the folder %s", path);
    if (cluster->user.change && lchown(path, cluster->user.uid, cluster->user.gid) != 0)
        return sg_fail_errno(err, SG_IO, errno, "cannot give the folder %s to user %s", path,
                             cluster->user.name);
    return SG_OK;
}

/* The server's user cannot reach <out> (a home folder, say): the cluster lives in a folder of its own in
 * /var/tmp, and <out>/postgresql becomes a link to it. */
static enum sg_code move_aside(struct sg_pg_cluster *cluster, struct sg_error *err) {
    char place[] = "/var/tmp/synthgen-postgresql-XXXXXX";
    if (rmdir(cluster->folder) != 0)
        return sg_fail(
            err, SG_DENIED,
            "user %s, who must run the private PostgreSQL server, cannot enter %s; choose an --out "
            "whose parent folders are open to others (chmod o+x), or give the URL of a server",
            cluster->user.name, cluster->folder);
    if (!mkdtemp(place)) return sg_fail_errno(err, SG_IO, errno, "cannot create a folder in /var/tmp");
    SG_TRY(own_folder(cluster, place, err));
    if (symlink(place, cluster->folder) != 0) {
        int saved = errno;
        rmdir(place);
        return sg_fail_errno(err, SG_IO, saved, "cannot create the link %s", cluster->folder);
    }
    SG_TRY(follow_link(cluster, err));
    return join(cluster->data, cluster->folder, "data", err);
}

static enum sg_code make_folder(struct sg_pg_cluster *cluster, struct sg_error *err) {
    SG_TRY(own_folder(cluster, cluster->folder, err));
    return sg_pg_user_can_write(&cluster->user, cluster->folder) ? SG_OK : move_aside(cluster, err);
}

/* Keeps two programs from making or starting the same cluster at once; the lock ends with the descriptor. */
static enum sg_code lock_folder(const struct sg_pg_cluster *cluster, int *lock, struct sg_error *err) {
    char path[SG_PG_PATH_BYTES];
    SG_TRY(join(path, cluster->folder, "lock", err));
    *lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*lock < 0) return sg_fail_errno(err, SG_IO, errno, "cannot open %s", path);
    while (flock(*lock, LOCK_EX) != 0)
        if (errno != EINTR) return sg_fail_errno(err, SG_IO, errno, "cannot lock %s", path);
    return SG_OK;
}

struct waiting {
    sg_pg_stop *stop;
    void *context;
};

static enum sg_code run(const struct sg_pg_cluster *cluster, const char *const *arguments,
                        const struct waiting *waiting, int *status, struct sg_error *err) {
    char log[SG_PG_PATH_BYTES];
    SG_TRY(join(log, cluster->folder, "setup.log", err));
    return sg_pg_process_run(&cluster->user, arguments, log, waiting->stop, waiting->context, status, err);
}

static enum sg_code fail_tail(const struct sg_pg_cluster *cluster, const char *what, const char *log,
                              struct sg_error *err) {
    char path[SG_PG_PATH_BYTES], tail[TAIL_BYTES];
    SG_TRY(join(path, cluster->folder, log, err));
    sg_pg_log_tail(path, tail, sizeof tail);
    return sg_fail(err, SG_SYSTEM, "%s; the end of %s: %s", what, path, tail[0] ? tail : "(empty)");
}

/* initdb into data.new, renamed when complete: an interrupted one leaves nothing that looks like a cluster.
 */
static enum sg_code make_cluster(struct sg_pg_cluster *cluster, const struct waiting *waiting,
                                 struct sg_error *err) {
    char fresh[SG_PG_PATH_BYTES], initdb[SG_PG_PATH_BYTES], role[80];
    int status;
    SG_TRY(join(fresh, cluster->folder, "data.new", err));
    SG_TRY(join(initdb, cluster->binaries, "initdb", err));
    const struct passwd *entry = getpwuid(geteuid());
    snprintf(role, sizeof role, "--username=%.60s", entry ? entry->pw_name : cluster->user.name);
    if (access(fresh, F_OK) == 0) {
        const char *const clean[] = {"/bin/rm", "-rf", "--", fresh, NULL};
        SG_TRY(run(cluster, clean, waiting, &status, err));
    }
    const char *const make[] = {initdb, "--encoding=UTF8",   "--locale=C", "--auth=trust",
                                role,   "--no-instructions", "-D",         fresh,
                                NULL};
    SG_TRY(run(cluster, make, waiting, &status, err));
    if (status != 0) return fail_tail(cluster, "initdb failed", "setup.log", err);
    SG_TRY(sg_pg_conf_include(fresh, err));
    if (rename(fresh, cluster->data) != 0) return sg_fail_errno(err, SG_IO, errno, "cannot rename %s", fresh);
    return SG_OK;
}

static bool plain_path(const char *path) {
    return path[strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+@")] == 0;
}

/* A folder in /tmp for the socket, private to the server's user; a squatter's is refused. */
static enum sg_code short_socket(struct sg_pg_cluster *cluster, const char *link_path, struct sg_error *err) {
    uint64_t hash = 14695981039346656037u; /* FNV-1a of the folder names the place */
    for (const char *c = cluster->folder; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    snprintf(cluster->socket, SG_PG_PATH_BYTES, "/tmp/synthgen-%u-%016llx", (unsigned)cluster->user.uid,
             (unsigned long long)hash);
    SG_TRY(own_folder(cluster, cluster->socket, err));
    struct stat info;
    if (lstat(cluster->socket, &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != cluster->user.uid ||
        (info.st_mode & 077) != 0)
        return sg_fail(err, SG_DENIED, "%s belongs to somebody else; remove it or choose a shorter --out",
                       cluster->socket);
    unlink(link_path);
    if (symlink(cluster->socket, link_path) != 0)
        return sg_fail_errno(err, SG_IO, errno, "cannot create the link %s", link_path);
    return SG_OK;
}

static enum sg_code make_socket_folder(struct sg_pg_cluster *cluster, struct sg_error *err) {
    char path[SG_PG_PATH_BYTES];
    SG_TRY(join(path, cluster->folder, "run", err));
    if (strlen(path) > SOCKET_FOLDER_MAX || !plain_path(path)) return short_socket(cluster, path, err);
    snprintf(cluster->socket, SG_PG_PATH_BYTES, "%s", path);
    return own_folder(cluster, path, err);
}

/* Asks pg_ctl; a running server's own word (postmaster.pid, line 5) says where its socket is. */
static enum sg_code ask_running(struct sg_pg_cluster *cluster, const struct waiting *waiting, bool *running,
                                struct sg_error *err) {
    char pg_ctl[SG_PG_PATH_BYTES], path[SG_PG_PATH_BYTES];
    int status;
    SG_TRY(join(pg_ctl, cluster->binaries, "pg_ctl", err));
    SG_TRY(join(path, cluster->data, "postmaster.pid", err));
    const char *const ask[] = {pg_ctl, "status", "-s", "-D", cluster->data, NULL};
    SG_TRY(run(cluster, ask, waiting, &status, err));
    *running = status == 0;
    FILE *file = *running ? fopen(path, "r") : NULL;
    if (!file) return SG_OK;
    char line[SG_PG_PATH_BYTES];
    for (int i = 1; fgets(line, sizeof line, file); i++) {
        line[strcspn(line, "\n")] = 0;
        if (i == 5) memcpy(cluster->socket, line, sizeof line);
    }
    fclose(file);
    return SG_OK;
}

static enum sg_code start_server(struct sg_pg_cluster *cluster, const struct waiting *waiting,
                                 struct sg_error *err) {
    char pg_ctl[SG_PG_PATH_BYTES], log[SG_PG_PATH_BYTES], wait_s[16];
    int status;
    SG_TRY(make_socket_folder(cluster, err));
    SG_TRY(sg_pg_conf_write(cluster, PORT, err));
    SG_TRY(join(pg_ctl, cluster->binaries, "pg_ctl", err));
    SG_TRY(join(log, cluster->folder, "server.log", err));
    snprintf(wait_s, sizeof wait_s, "%d", START_WAIT_S);
    const char *const start[] = {pg_ctl, "start",       "-w", "-t", wait_s, "-s",
                                 "-D",   cluster->data, "-l", log,  NULL};
    SG_TRY(run(cluster, start, waiting, &status, err));
    if (status != 0)
        return fail_tail(cluster, "the private PostgreSQL server did not start", "server.log", err);
    cluster->started = true;
    return SG_OK;
}

/* Appends key=value with the value in conninfo quotes. */
static void add_pair(struct sg_sql *text, const char *key, const char *value) {
    sg_sql_add(text, "%s%s='", text->used ? " " : "", key);
    for (; *value; value++) {
        if (*value == '\'' || *value == '\\') sg_sql_add(text, "\\");
        sg_sql_add(text, "%c", *value);
    }
    sg_sql_add(text, "'");
}

static enum sg_code conninfo(const struct sg_pg_cluster *cluster, const char *database,
                             char out[SG_PG_URL_BYTES], struct sg_error *err) {
    struct sg_sql text = {0};
    char port[16];
    snprintf(port, sizeof port, "%d", PORT);
    add_pair(&text, "host", cluster->socket);
    add_pair(&text, "port", port);
    add_pair(&text, "user", cluster->role);
    add_pair(&text, "dbname", database);
    enum sg_code code = sg_sql_check(&text, err);
    if (code == SG_OK && text.used >= SG_PG_URL_BYTES)
        code = sg_fail(err, SG_USAGE, "the path of the private cluster is too long");
    if (code == SG_OK) memcpy(out, text.text, text.used + 1);
    sg_sql_free(&text);
    return code;
}

/* The role is the one user that initdb made: the owner of database postgres. */
static enum sg_code read_role(struct sg_pg_cluster *cluster, struct sg_error *err) {
    char path[SG_PG_PATH_BYTES];
    SG_TRY(join(path, cluster->data, SG_PG_ROLE_FILE, err));
    FILE *file = fopen(path, "r");
    if (!file || !fgets(cluster->role, sizeof cluster->role, file)) cluster->role[0] = 0;
    if (file) fclose(file);
    cluster->role[strcspn(cluster->role, "\n")] = 0;
    return cluster->role[0] ? SG_OK : sg_fail(err, SG_CORRUPT, "%s is missing or empty", path);
}

/* A server that runs but has only been started, perhaps by a program killed since, may not listen yet. */
static enum sg_code connect_started(struct sg_pg **pg, const char *url, const struct waiting *waiting,
                                    struct sg_error *err) {
    for (int tries = LISTEN_WAIT_MS / LISTEN_MS;; tries--) {
        enum sg_code code = sg_pg_open(pg, url, waiting->stop, waiting->context, err);
        if (code != SG_UNAVAILABLE || tries == 0) return code;
        poll(NULL, 0, LISTEN_MS);
    }
}

static enum sg_code make_database(struct sg_pg_cluster *cluster, const char *database,
                                  const struct waiting *waiting, struct sg_error *err) {
    char first[SG_PG_URL_BYTES], found[8];
    struct sg_pg *pg;
    SG_TRY(conninfo(cluster, "postgres", first, err));
    SG_TRY(conninfo(cluster, database, cluster->url, err));
    SG_TRY(connect_started(&pg, first, waiting, err));
    enum sg_code code = sg_pg_ask_text(pg, found, sizeof found,
                                       "SELECT 1 FROM pg_database WHERE datname = $1", 1, &database, err);
    if (code == SG_OK && !found[0]) code = sg_pg_run(pg, err, "CREATE DATABASE %s", SG_SQL_NAME(database));
    sg_pg_close(pg);
    return code;
}

static enum sg_code start_locked(struct sg_pg_cluster *cluster, const char *database,
                                 const struct waiting *waiting, struct sg_error *err) {
    bool running = false;
    bool made = exists(cluster->data, "PG_VERSION");
    SG_TRY(sg_pg_binaries_find(made ? number_in(cluster->data, "PG_VERSION") : 0, cluster->binaries, err));
    if (!made) SG_TRY(make_cluster(cluster, waiting, err));
    SG_TRY(ask_running(cluster, waiting, &running, err));
    if (!running) SG_TRY(start_server(cluster, waiting, err));
    SG_TRY(read_role(cluster, err));
    return make_database(cluster, database, waiting, err);
}

enum sg_code sg_pg_cluster_start(struct sg_pg_cluster *cluster, const char *out, const char *database,
                                 sg_pg_stop *stop, void *context, struct sg_error *err) {
    const struct waiting waiting = {stop, context};
    int lock = -1;
    SG_TRY(locate(cluster, out, err));
    SG_TRY(make_folder(cluster, err));
    enum sg_code code = lock_folder(cluster, &lock, err);
    if (code == SG_OK) code = start_locked(cluster, database, &waiting, err);
    if (lock >= 0) close(lock);
    return code;
}

enum sg_code sg_pg_cluster_status(struct sg_pg_cluster *cluster, const char *out, bool *running,
                                  struct sg_error *err) {
    const struct waiting waiting = {NULL, NULL};
    *running = false;
    SG_TRY(locate(cluster, out, err));
    int major = number_in(cluster->data, "PG_VERSION");
    if (!major) return sg_fail(err, SG_NO_INPUT, "there is no private cluster in %s", cluster->folder);
    SG_TRY(sg_pg_binaries_find(major, cluster->binaries, err));
    SG_TRY(ask_running(cluster, &waiting, running, err));
    return read_role(cluster, err);
}

enum sg_code sg_pg_cluster_stop(struct sg_pg_cluster *cluster, const char *out, struct sg_error *err) {
    const struct waiting waiting = {NULL, NULL};
    char pg_ctl[SG_PG_PATH_BYTES];
    bool running;
    int status;
    SG_TRY(sg_pg_cluster_status(cluster, out, &running, err));
    if (!running) return SG_OK;
    SG_TRY(join(pg_ctl, cluster->binaries, "pg_ctl", err));
    const char *const stop[] = {pg_ctl, "stop", "-w", "-t",          "600", "-s",
                                "-m",   "fast", "-D", cluster->data, NULL};
    SG_TRY(run(cluster, stop, &waiting, &status, err));
    return status == 0 ? SG_OK : fail_tail(cluster, "the private server did not stop", "setup.log", err);
}

/* A path as a word of the shell. */
static void add_word(struct sg_sql *text, const char *word) {
    if (plain_path(word)) {
        sg_sql_add(text, "%s", word);
        return;
    }
    sg_sql_add(text, "'");
    for (; *word; word++)
        if (*word == '\'')
            sg_sql_add(text, "'\\''");
        else
            sg_sql_add(text, "%c", *word);
    sg_sql_add(text, "'");
}

void sg_pg_cluster_help(const struct sg_pg_cluster *cluster, const char *database, char *out, size_t size) {
    struct sg_sql text = {0};
    sg_sql_add(&text, "connect: psql -h %s -U %s -d %s\nstop:    ", cluster->socket, cluster->role, database);
    if (cluster->user.change) sg_sql_add(&text, "runuser -u %s -- ", cluster->user.name);
    add_word(&text, cluster->binaries);
    sg_sql_add(&text, "/pg_ctl -D ");
    add_word(&text, cluster->data);
    sg_sql_add(&text, " stop\n");
    snprintf(out, size, "%s", text.failed ? "" : text.text);
    sg_sql_free(&text);
}
