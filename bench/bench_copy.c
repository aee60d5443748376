/* COPY of one table: by the loader from zstd shards, and by the server itself from ready files of binary
 * COPY, in turn, the same rows over the same number of connections into tables made in the same transaction.
 *
 *   bench_copy --out RUN --database URL [--table tap_events] [--binary RUN2 --files DIR] [--connections 1]
 *              [--rounds 3]
 *
 * RUN is of any format. RUN2 is the same run with --format binary --compress none, DIR holds its shards
 * decompressed, named like the shards without .zst and readable by the server. Seconds are wall time from the
 * first BEGIN to the last COMMIT; cpu_s are those of the server's processes for these connections (on this
 * machine) and of this program: what counts where cores are shared. The log's bytes are those of the whole
 * server.
 */
#include <omp.h>
#include <sys/resource.h>

#include "app/load_part.h"
#include "bench.h"
#include "datasets/registry.h"

struct copy_case {
    const char *name;
    struct sg_manifest manifest;
    const struct sg_manifest_table *table;
    struct sg_job job;
    const char *files; /* NULL: by the loader */
    double seconds[BENCH_ROUNDS_MAX], cpu_s[BENCH_ROUNDS_MAX];
    double log_bytes;
};

static double wall_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* CPU seconds of this program and, if it runs here, of the server process of each connection. */
static double cpu_s(const long *servers, int connections) {
    struct rusage own;
    getrusage(RUSAGE_SELF, &own);
    double sum = (double)(own.ru_utime.tv_sec + own.ru_stime.tv_sec) +
                 (double)(own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6;
    for (int i = 0; i < connections; i++) {
        char path[64];
        double ns = 0;
        snprintf(path, sizeof path, "/proc/%ld/schedstat", servers[i]);
        FILE *file = fopen(path, "r");
        if (!file) continue;
        if (fscanf(file, "%lf", &ns) == 1) sum += ns / 1e9;
        fclose(file);
    }
    return sum;
}

static enum sg_code server_copy(struct sg_pg *pg, const char *table, const char *files,
                                const struct sg_shard_facts *facts, struct sg_error *err) {
    const char *name = strrchr(facts->path, '/') + 1;
    return sg_pg_run(pg, err, "COPY %s FROM '%s/%.*s' WITH (FORMAT binary, FREEZE true)", table, files,
                     (int)(strlen(name) - strlen(".zst")), name);
}

/* One connection's shards into a table of its own. */
static enum sg_code copy_share(struct copy_case *c, struct sg_pg *pg, int number, int connections,
                               struct sg_error *err) {
    struct sg_table own = *c->table->table;
    struct sg_sql create = {0}, copy = {0};
    char name[32];
    snprintf(name, sizeof name, "copy_%d", number);
    own.name = name;
    sg_sql_add(&create, "BEGIN; DROP TABLE IF EXISTS bench.%s;", name);
    sg_ddl_create_table(&create, "bench", &own, NULL);
    sg_ddl_copy(&copy, "bench", &own, true);
    enum sg_code code = sg_pg_run_text(pg, create.text, err);
    size_t first = c->table->shard_count * (size_t)number / (size_t)connections;
    size_t end = c->table->shard_count * (size_t)(number + 1) / (size_t)connections;
    for (size_t i = first; code == SG_OK && i < end; i++) {
        const struct sg_shard_facts *facts = &c->table->shards[i];
        code = c->files ? server_copy(pg, SG_DDL_TABLE("bench", name), c->files, facts, err)
                        : sg_load_shard(&c->job, pg, copy.text, c->table->table, facts, err);
    }
    if (code == SG_OK) code = sg_pg_run_text(pg, "COMMIT", err);
    sg_sql_free(&create);
    sg_sql_free(&copy);
    return code;
}

static enum sg_code log_position(struct sg_pg *pg, double *bytes, struct sg_error *err) {
    char text[64];
    SG_TRY(sg_pg_ask_text(pg, text, sizeof text, "SELECT pg_current_wal_insert_lsn() - '0/0'", 0, NULL, err));
    *bytes = atof(text);
    return SG_OK;
}

static enum sg_code run_case(struct copy_case *c, struct sg_pg **pgs, const long *servers, int connections,
                             int round, struct sg_error *err) {
    enum sg_code code = SG_OK;
    double before, after = 0;
    SG_TRY(sg_pg_run_text(pgs[0], "CHECKPOINT", err));
    SG_TRY(log_position(pgs[0], &before, err));
    double start = wall_s(), cpu_start = cpu_s(servers, connections);
#pragma omp parallel num_threads(connections)
    {
        struct sg_error own = {0};
        int number = omp_get_thread_num();
        enum sg_code own_code = copy_share(c, pgs[number], number, connections, &own);
#pragma omp critical
        if (own_code != SG_OK && code == SG_OK) {
            code = own_code;
            *err = own;
        }
    }
    c->seconds[round] = wall_s() - start;
    c->cpu_s[round] = cpu_s(servers, connections) - cpu_start;
    if (code == SG_OK) code = log_position(pgs[0], &after, err);
    c->log_bytes = after - before;
    return code;
}

static enum sg_code open_case(struct copy_case *c, const char *out, const char *table, struct sg_error *err) {
    SG_TRY(sg_manifest_read(&c->manifest, out, sg_dataset_find, err));
    for (size_t i = 0; i < c->manifest.table_count; i++)
        if (strcmp(c->manifest.tables[i].table->name, table) == 0) c->table = &c->manifest.tables[i];
    if (!c->table) return sg_fail(err, SG_NO_INPUT, "%s holds no %s", out, table);
    c->job = (struct sg_job){.out = out, .manifest = c->manifest};
    return SG_OK;
}

static void print_rounds(const char *name, const double *values, int rounds) {
    printf(", \"%s\": [", name);
    for (int i = 0; i < rounds; i++)
        printf("%s%.4f", i ? ", " : "", values[i]);
    printf("]");
}

static void report(struct copy_case *c, int connections, int rounds) {
    printf("{\"bench\": \"copy\", \"case\": \"%s\", \"connections\": %d, \"rows\": %llu, "
           "\"log_bytes_per_row\": %.3f",
           c->name, connections, (unsigned long long)c->table->rows, c->log_bytes / (double)c->table->rows);
    print_rounds("seconds", c->seconds, rounds);
    print_rounds("cpu_s", c->cpu_s, rounds);
    printf("}\n");
}

static enum sg_code bench(struct copy_case *cases, int count, const char *url, int connections, int rounds,
                          struct sg_error *err) {
    struct sg_pg *pgs[64];
    long servers[64];
    for (int i = 0; i < connections; i++) {
        char pid[32];
        SG_TRY(sg_pg_open(&pgs[i], url, NULL, NULL, err));
        SG_TRY(sg_pg_ask_text(pgs[i], pid, sizeof pid, "SELECT pg_backend_pid()", 0, NULL, err));
        servers[i] = atol(pid);
    }
    SG_TRY(sg_pg_run_text(pgs[0], "CREATE SCHEMA IF NOT EXISTS bench", err));
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++)
            SG_TRY(run_case(&cases[i], pgs, servers, connections, round, err));
    SG_TRY(sg_pg_run_text(pgs[0], "SET client_min_messages = error; DROP SCHEMA bench CASCADE", err));
    for (int i = 0; i < connections; i++)
        sg_pg_close(pgs[i]);
    for (int i = 0; i < count; i++)
        report(&cases[i], connections, rounds);
    return SG_OK;
}

int main(int argc, char **argv) {
    const char *out = bench_option(argc, argv, "--out", NULL),
               *url = bench_option(argc, argv, "--database", NULL);
    const char *table = bench_option(argc, argv, "--table", "tap_events");
    const char *binary = bench_option(argc, argv, "--binary", NULL),
               *files = bench_option(argc, argv, "--files", NULL);
    int connections = atoi(bench_option(argc, argv, "--connections", "1"));
    int rounds = atoi(bench_option(argc, argv, "--rounds", "3")), count = 1;
    struct sg_error err = {0};
    struct copy_case cases[3] = {{.name = "loader, from its shards"}};
    if (!out || !url || connections < 1 || connections > 64 || rounds < 1 || rounds > BENCH_ROUNDS_MAX ||
        !binary != !files) {
        fprintf(stderr, "bench_copy: see the head of bench/bench_copy.c\n");
        return 64;
    }
    enum sg_code code = open_case(&cases[0], out, table, &err);
    if (code == SG_OK && binary) {
        cases[1] = (struct copy_case){.name = "loader, from binary shards that are not compressed"};
        cases[2] = (struct copy_case){.name = "server, from ready files", .files = files};
        code = open_case(&cases[1], binary, table, &err);
        if (code == SG_OK) code = open_case(&cases[2], binary, table, &err);
        count = 3;
    }
    if (code == SG_OK) code = bench(cases, count, url, connections, rounds, &err);
    if (code != SG_OK) fprintf(stderr, "bench_copy: %s\n", err.text);
    return code;
}
