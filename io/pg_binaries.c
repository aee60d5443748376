/* Finding the programs of a PostgreSQL server: a list of candidates, the first that has them all and the
 * right version wins. */
#include "io/pg_binaries.h"

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool has_program(const char *folder, const char *program) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, program);
    return access(path, X_OK) == 0;
}

/* Major version that <folder>/postgres reports, 0 when it does not run. */
static int version_of(const char *folder) {
    char command[PATH_MAX + 64], line[128] = "";
    if (strchr(folder, '\'')) return 0;
    snprintf(command, sizeof command, "'%s/postgres' --version 2>/dev/null", folder);
    FILE *pipe = popen(command, "r");
    if (!pipe) return 0;
    if (!fgets(line, sizeof line, pipe)) line[0] = 0;
    pclose(pipe);
    const char *number = strpbrk(line, "0123456789");
    return number ? atoi(number) : 0;
}

static bool usable(const char *folder, int major) {
    if (!has_program(folder, "initdb") || !has_program(folder, "pg_ctl") || !has_program(folder, "postgres"))
        return false;
    int version = version_of(folder);
    return major ? version == major : version >= SG_PG_VERSION_MIN;
}

static bool take(const char *folder, int major, char out[SG_PG_PATH_BYTES]) {
    if (!folder[0] || strlen(folder) >= SG_PG_PATH_BYTES || !usable(folder, major)) return false;
    snprintf(out, SG_PG_PATH_BYTES, "%s", folder);
    return true;
}

static bool take_pg_config(int major, char out[SG_PG_PATH_BYTES]) {
    char line[PATH_MAX] = "";
    FILE *pipe = popen("pg_config --bindir 2>/dev/null", "r");
    if (!pipe) return false;
    if (!fgets(line, sizeof line, pipe)) line[0] = 0;
    pclose(pipe);
    line[strcspn(line, "\n")] = 0;
    return take(line, major, out);
}

/* The highest version among the customary places of Debian, PGDG's RPMs and sources. */
static bool take_customary(int major, char out[SG_PG_PATH_BYTES]) {
    static const char *const patterns[] = {"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin",
                                           "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql@*/bin"};
    glob_t found = {0};
    int best = 0;
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
        glob(patterns[i], i ? GLOB_APPEND : 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (!usable(found.gl_pathv[i], major)) continue;
        int version = version_of(found.gl_pathv[i]);
        if (version > best && take(found.gl_pathv[i], major, out)) best = version;
    }
    globfree(&found);
    return best > 0;
}

static bool take_path(int major, char out[SG_PG_PATH_BYTES]) {
    const char *path = getenv("PATH");
    char *copy = path ? strdup(path) : NULL, *rest = NULL;
    bool found = false;
    for (char *folder = copy ? strtok_r(copy, ":", &rest) : NULL; folder && !found;
         folder = strtok_r(NULL, ":", &rest))
        found = take(folder, major, out);
    free(copy);
    return found;
}

enum sg_code sg_pg_binaries_find(int major, char out[SG_PG_PATH_BYTES], struct sg_error *err) {
    const char *given = getenv("PG_BINDIR");
    if (given && given[0]) {
        if (take(given, major, out)) return SG_OK;
        return sg_fail(err, SG_SYSTEM,
                       "PG_BINDIR=%s does not hold initdb, pg_ctl and postgres of version %d%s", given,
                       major ? major : SG_PG_VERSION_MIN, major ? "" : " or later");
    }
    if (take_pg_config(major, out) || take_customary(major, out) || take_path(major, out)) return SG_OK;
    if (major)
        return sg_fail(err, SG_SYSTEM,
                       "the private cluster was made by PostgreSQL %d and its server programs are not "
                       "found; install the package postgresql-%d or set PG_BINDIR",
                       major, major);
    return sg_fail(err, SG_SYSTEM,
                   "no PostgreSQL server programs (initdb, pg_ctl, postgres %d or later) found for the "
                   "private cluster; install the package postgresql, set PG_BINDIR, or give the URL of a "
                   "server",
                   SG_PG_VERSION_MIN);
}
