/* fork, drop rights, exec; between fork and exec only async-signal-safe calls. */
#include "io/pg_process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ENVIRONMENT_MAX = 512, WAIT_NS = 20000000, EXIT_NO_EXEC = 127 };

extern char **environ;

static void fill(struct sg_pg_user *user, const struct passwd *entry) {
    user->uid = entry->pw_uid;
    user->gid = entry->pw_gid;
    snprintf(user->name, sizeof user->name, "%s", entry->pw_name);
}

enum sg_code sg_pg_user_find(struct sg_pg_user *user, struct sg_error *err) {
    *user = (struct sg_pg_user){.uid = geteuid(), .gid = getegid()};
    const struct passwd *entry = getpwuid(user->uid);
    if (entry)
        fill(user, entry);
    else
        snprintf(user->name, sizeof user->name, "uid%u", (unsigned)user->uid);
    if (user->uid != 0) return SG_OK;
    entry = getpwnam("postgres");
    if (!entry) entry = getpwnam("nobody");
    if (!entry || entry->pw_uid == 0)
        return sg_fail(err, SG_SYSTEM,
                       "PostgreSQL does not run as root and there is no user postgres or nobody; run as an "
                       "ordinary user, or give the URL of a server");
    fill(user, entry);
    user->change = true;
    return SG_OK;
}

/* In the child. */
static bool become(const struct sg_pg_user *user) {
    if (!user->change) return true;
    return setgroups(1, &user->gid) == 0 && setgid(user->gid) == 0 && setuid(user->uid) == 0;
}

static int wait_child(pid_t child) {
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool sg_pg_user_can_write(const struct sg_pg_user *user, const char *folder) {
    if (!user->change) return access(folder, W_OK | X_OK) == 0;
    pid_t child = fork();
    if (child == 0) _exit(become(user) && access(folder, W_OK | X_OK) == 0 ? 0 : 1);
    return child > 0 && wait_child(child) == 0;
}

/* Only what the server's programs may need: the server outlives the run and belongs to another user, so that
 * keys and passwords of the caller's environment must not live on in it. */
static bool wanted_variable(const char *variable) {
    static const char *const wanted[] = {
        "PATH=", "LD_LIBRARY_PATH=", "HOME=", "TZ=", "TMPDIR=", "TZDIR=", "ASAN_OPTIONS=", "UBSAN_OPTIONS="};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (strncmp(variable, wanted[i], strlen(wanted[i])) == 0) return true;
    return false;
}

static void child_environment(const char *kept[ENVIRONMENT_MAX]) {
    size_t count = 0;
    kept[count++] = "LC_ALL=C";
    for (char **variable = environ; *variable && count < ENVIRONMENT_MAX - 1; variable++)
        if (wanted_variable(*variable)) kept[count++] = *variable;
    kept[count] = NULL;
}

/* In the child: never returns. */
static void child_exec(const struct sg_pg_user *user, const char *const *arguments, int log,
                       const char *const *environment) {
    struct sigaction plain = {.sa_handler = SIG_DFL};
    sigset_t none;
    sigemptyset(&none);
    for (int i = 1; i < NSIG; i++)
        sigaction(i, &plain, NULL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0); /* a Ctrl-C for the launcher is not for the server's programs */
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) _exit(EXIT_NO_EXEC);
    for (int fd = 3; fd < 4096; fd++)
        close(fd);
    umask(077);
    if (chdir("/") != 0 || !become(user)) _exit(EXIT_NO_EXEC);
    execve(arguments[0], (char *const *)arguments, (char *const *)environment);
    _exit(EXIT_NO_EXEC);
}

static enum sg_code await_child(pid_t child, sg_pg_stop *stop, void *context, int *status,
                                struct sg_error *err) {
    for (;;) {
        int raw;
        pid_t ended = waitpid(child, &raw, WNOHANG);
        if (ended < 0 && errno != EINTR)
            return sg_fail_errno(err, SG_SYSTEM, errno, "waiting for a program of the server");
        if (ended == child) {
            *status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
            return SG_OK;
        }
        if (stop && stop(context)) {
            kill(child, SIGINT);
            wait_child(child);
            return sg_fail(err, SG_STOPPED, "stopped on request while preparing the private database server");
        }
        nanosleep(&(struct timespec){.tv_nsec = WAIT_NS}, NULL);
    }
}

enum sg_code sg_pg_process_run(const struct sg_pg_user *user, const char *const *arguments, const char *log,
                               sg_pg_stop *stop, void *context, int *status, struct sg_error *err) {
    const char *environment[ENVIRONMENT_MAX];
    child_environment(environment);
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return sg_fail_errno(err, SG_IO, errno, "cannot open the log %s", log);
    pid_t child = fork();
    if (child == 0) child_exec(user, arguments, fd, environment);
    int saved = errno;
    close(fd);
    if (child < 0) return sg_fail_errno(err, SG_SYSTEM, saved, "cannot start %s", arguments[0]);
    return await_child(child, stop, context, status, err);
}

void sg_pg_log_tail(const char *path, char *out, size_t size) {
    out[0] = 0;
    FILE *file = fopen(path, "r");
    if (!file) return;
    if (fseek(file, -(long)(size - 1), SEEK_END) != 0) rewind(file);
    size_t used = fread(out, 1, size - 1, file);
    fclose(file);
    while (used && (out[used - 1] == '\n' || out[used - 1] == ' '))
        used--;
    out[used] = 0;
    for (char *c = out; *c; c++)
        if (*c == '\n') *c = '|';
}
