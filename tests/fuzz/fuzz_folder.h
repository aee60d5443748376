/* A folder in memory for targets whose parsers read files. */
#ifndef TESTS_FUZZ_FOLDER_H
#define TESTS_FUZZ_FOLDER_H

#include <fcntl.h>
#include <unistd.h>

#include "fuzz.h"

static char fuzz_folder[64];

static inline void fuzz_folder_remove(void) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", fuzz_folder);
    if (system(command) != 0) fprintf(stderr, "cannot remove %s\n", fuzz_folder);
}

static inline void fuzz_folder_make(void) {
    strcpy(fuzz_folder, "/dev/shm/synthgen-fuzz-XXXXXX");
    FUZZ_DEMAND(mkdtemp(fuzz_folder), "no folder in /dev/shm");
    atexit(fuzz_folder_remove);
}

static inline void fuzz_file_write(const char *name, const void *bytes, size_t size) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", fuzz_folder, name);
    FILE *file = fopen(path, "wb");
    FUZZ_DEMAND(file, "%s", path);
    size_t written = size ? fwrite(bytes, 1, size, file) : 0;
    FUZZ_DEMAND(fclose(file) == 0 && written == size, "%s", path);
}

/* Size of the file, at most `max` of its bytes in out. */
static inline size_t fuzz_file_read(const char *name, uint8_t *out, size_t max) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", fuzz_folder, name);
    FILE *file = fopen(path, "rb");
    FUZZ_DEMAND(file, "%s", path);
    size_t size = fread(out, 1, max, file);
    fclose(file);
    return size;
}

#endif
