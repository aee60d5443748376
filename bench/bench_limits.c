/* What this machine can do at best, in nanoseconds for 1,024 bytes: the limits that the stages of the
 * pipeline are compared with. One thread: CPU time, and wall time of the disk.
 *
 *   memcpy     between buffers far larger than the caches, and within L2
 *   entropy    zstd's Huffman coding of digits without any search or match, for 1,024 bytes of output
 *   disk       writing files as large as a shard, and fsync
 *
 *   bench_limits [--rounds 5] [--out /tmp]
 */
#define ZSTD_STATIC_LINKING_ONLY
#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

#include "bench.h"

enum { MEMORY_BYTES = 64 << 20, CACHE_BYTES = 512 << 10, BLOCK_BYTES = 128 << 10, FILE_BYTES = 4 << 20 };
enum { CACHE_REPEATS = 400, BLOCKS = 64, FILES = 8 };

struct bytes {
    char *from, *to;
    const char *folder;
    double output; /* bytes of the measured kind that a case moved */
};

static double wall_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int copy_memory(struct bytes *bytes) {
    memcpy(bytes->to, bytes->from, MEMORY_BYTES);
    bytes->output = MEMORY_BYTES;
    return 1;
}

static int copy_cache(struct bytes *bytes) {
    for (int i = 0; i < CACHE_REPEATS; i++) {
        memcpy(bytes->to, bytes->from, CACHE_BYTES);
        __asm__ volatile("" ::: "memory");
    }
    bytes->output = (double)CACHE_REPEATS * CACHE_BYTES;
    return 1;
}

/* Every block is one sequence of literals: nothing is left but the entropy coder. */
static int code_literals(struct bytes *bytes) {
    ZSTD_Sequence literals[2] = {{.litLength = BLOCK_BYTES}, {0}};
    ZSTD_CCtx *context = ZSTD_createCCtx();
    size_t sum = 0;
    ZSTD_CCtx_setParameter(context, ZSTD_c_blockDelimiters, ZSTD_sf_explicitBlockDelimiters);
    for (size_t i = 0; i < BLOCKS; i++) {
        size_t size = ZSTD_compressSequences(context, bytes->to, MEMORY_BYTES, literals, 1,
                                             bytes->from + i * BLOCK_BYTES, BLOCK_BYTES);
        if (ZSTD_isError(size)) return fprintf(stderr, "bench_limits: %s\n", ZSTD_getErrorName(size)), 0;
        sum += size;
    }
    ZSTD_freeCCtx(context);
    bytes->output = (double)sum;
    return 1;
}

static int write_files(struct bytes *bytes) {
    char path[4096];
    for (int i = 0; i < FILES; i++) {
        snprintf(path, sizeof path, "%s/bench-limits-%d", bytes->folder, i);
        int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
        int fine = fd >= 0 && write(fd, bytes->from, FILE_BYTES) == FILE_BYTES && fsync(fd) == 0;
        if (!fine) perror("bench_limits");
        if (fd >= 0) close(fd);
        unlink(path);
        if (!fine) return 0;
    }
    bytes->output = (double)FILES * FILE_BYTES;
    return 1;
}

static const struct {
    const char *name;
    int (*run)(struct bytes *bytes);
    double (*now_ns)(void);
} cases[] = {{"memcpy, memory", copy_memory, bench_cpu_ns},
             {"memcpy, cache", copy_cache, bench_cpu_ns},
             {"entropy coding", code_literals, bench_cpu_ns},
             {"disk, write and fsync", write_files, wall_ns}};

static void fill_digits(char *bytes, size_t size) {
    uint64_t state = 88172645463325252u;
    for (size_t i = 0; i < size; i++) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        bytes[i] = (char)('0' + state % 10);
    }
}

int main(int argc, char **argv) {
    int rounds = atoi(bench_option(argc, argv, "--rounds", "5"));
    struct bytes bytes = {malloc(MEMORY_BYTES), malloc(MEMORY_BYTES),
                          bench_option(argc, argv, "--out", "/tmp"), 0};
    if (rounds < 1 || rounds > BENCH_ROUNDS_MAX || !bytes.from || !bytes.to) {
        fprintf(stderr, "bench_limits: see the comment at the head of bench/bench_limits.c\n");
        return 64;
    }
    fill_digits(bytes.from, MEMORY_BYTES);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bench_case result = {.name = cases[i].name};
        for (int round = -1; round < rounds; round++) { /* the first warms up */
            double start = cases[i].now_ns();
            if (!cases[i].run(&bytes)) return 1;
            if (round >= 0) result.ns[round] = cases[i].now_ns() - start;
        }
        bench_report("limit for 1,024 bytes", &result, rounds, bytes.output / 1024, bytes.output);
    }
    free(bytes.from);
    free(bytes.to);
    return 0;
}
