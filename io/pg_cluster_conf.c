/* The private cluster's synthgen.conf: fixed settings as data, a few sized by the machine. */
#include "io/pg_cluster_conf.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const char fixed_settings[] = "listen_addresses = ''\n"
                                     "unix_socket_permissions = 0700\n"
                                     "max_connections = 100\n"
                                     "wal_level = minimal\n"
                                     "max_wal_senders = 0\n"
                                     "max_wal_size = '8GB'\n"
                                     "checkpoint_timeout = '30min'\n"
                                     "checkpoint_completion_target = 0.9\n"
                                     "fsync = on\n"
                                     "jit = off\n"
                                     "random_page_cost = 1.1\n"
                                     "default_statistics_target = 100\n"
                                     "log_min_messages = warning\n"
                                     "log_checkpoints = off\n"
                                     "log_timezone = 'UTC'\n"
                                     "timezone = 'UTC'\n"
                                     "logging_collector = off\n";

static long long clamp(long long value, long long low, long long high) {
    return value < low ? low : value > high ? high : value;
}

/* Memory we may count on: the machine's, or less when a control group limits us. */
static long long memory_mb(void) {
    long long mb = (long long)sysconf(_SC_PHYS_PAGES) / (1 << 10) * sysconf(_SC_PAGESIZE) >> 10;
    long long limit = 0;
    FILE *file = fopen("/sys/fs/cgroup/memory.max", "r");
    if (!file) return mb;
    if (fscanf(file, "%lld", &limit) == 1 && limit >> 20 > 0 && limit >> 20 < mb) mb = limit >> 20;
    fclose(file);
    return mb;
}

/* Parallel index builds share memory through /dev/shm, which containers often keep tiny. */
static const char *shared_memory_kind(void) {
    struct statvfs shm;
    bool roomy =
        statvfs("/dev/shm", &shm) == 0 && (long long)shm.f_bavail * (long long)shm.f_frsize >> 30 >= 1;
    return roomy ? "posix" : "mmap";
}

static void write_sized(FILE *file) {
    long long mb = memory_mb();
    long long cores = clamp(sysconf(_SC_NPROCESSORS_ONLN), 1, 64);
    fprintf(file, "shared_buffers = '%lldMB'\n", clamp(mb / 8, 64, 512));
    fprintf(file, "maintenance_work_mem = '%lldMB'\n", clamp(mb / 16, 64, 512));
    fprintf(file, "work_mem = '%lldMB'\n", clamp(mb / 128, 16, 128));
    fprintf(file, "effective_cache_size = '%lldMB'\n", clamp(mb / 2, 128, 1 << 20));
    fprintf(file, "max_worker_processes = %lld\n", cores * 2 + 4);
    fprintf(file, "max_parallel_workers = %lld\n", cores);
    fprintf(file, "max_parallel_workers_per_gather = %lld\n", clamp(cores, 1, 8));
    fprintf(file, "max_parallel_maintenance_workers = %lld\n", clamp(cores, 1, 8));
    fprintf(file, "dynamic_shared_memory_type = %s\n", shared_memory_kind());
}

static enum sg_code close_written(FILE *file, const char *path, struct sg_error *err) {
    bool bad = ferror(file) != 0;
    if (fchmod(fileno(file), 0644) != 0) bad = true;
    if (fclose(file) != 0 || bad) return sg_fail_errno(err, SG_IO, errno, "cannot write %s", path);
    return SG_OK;
}

static enum sg_code open_in(const char *data, const char *name, const char *mode, char path[], FILE **file,
                            struct sg_error *err) {
    snprintf(path, SG_PG_PATH_BYTES + 32, "%s/%s", data, name);
    *file = fopen(path, mode);
    return *file ? SG_OK : sg_fail_errno(err, SG_IO, errno, "cannot write %s", path);
}

enum sg_code sg_pg_conf_include(const char *data, struct sg_error *err) {
    char path[SG_PG_PATH_BYTES + 32];
    FILE *file;
    SG_TRY(open_in(data, "postgresql.conf", "a", path, &file, err));
    fprintf(file, "\ninclude_if_exists = 'synthgen.conf'\n");
    SG_TRY(close_written(file, path, err));
    SG_TRY(open_in(data, SG_PG_ROLE_FILE, "w", path, &file, err));
    const struct passwd *entry = getpwuid(geteuid());
    if (entry)
        fprintf(file, "%.60s\n", entry->pw_name);
    else
        fprintf(file, "uid%u\n", (unsigned)geteuid());
    return close_written(file, path, err);
}

enum sg_code sg_pg_conf_write(const struct sg_pg_cluster *cluster, int port, struct sg_error *err) {
    char path[SG_PG_PATH_BYTES + 32];
    FILE *file;
    SG_TRY(open_in(cluster->data, "synthgen.conf", "w", path, &file, err));
    fprintf(file,
            "# Written by synthgen-hpc at every start; put your own settings into postgresql.auto.conf\n"
            "# with ALTER SYSTEM.\n");
    fprintf(file, "port = %d\nunix_socket_directories = '%s'\n", port, cluster->socket);
    fputs(fixed_settings, file);
    write_sized(file);
    return close_written(file, path, err);
}
