/* Manifests and marks of runs: whatever manifest.json holds is read or refused with a message; what was read
 * is written and read again to the same run. */
#include "datasets/registry.h"
#include "fuzz_folder.h"
#include "io/manifest.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    fuzz_folder_make();
    return 0;
}

/* One table, one shard, of a real dataset. */
static void make(struct sg_manifest *m, unsigned seed) {
    const struct sg_dataset *dataset = sg_dataset_find("cardholders");
    *m = (struct sg_manifest){.dataset = dataset,
                              .run = {.seed = seed, .as_of_day = 20777, .units = 100 + seed % 5},
                              .compression = {SG_COMPRESS_GUIDED, 1}};
    strcpy(m->version, "0.1.0");
    strcpy(m->format, seed & 1 ? "copy" : "parquet");
    m->table_count = dataset->table_count;
    m->tables = calloc(m->table_count, sizeof *m->tables);
    for (size_t t = 0; t < m->table_count; t++) {
        struct sg_manifest_table *table = &m->tables[t];
        table->table = dataset->tables[t];
        table->shard_count = 1;
        table->shards = calloc(1, sizeof *table->shards);
        *table->shards =
            (struct sg_shard_facts){.rows = 10, .text_bytes = 500, .file_bytes = 200, .key_first = "1"};
        snprintf(table->shards->path, sizeof table->shards->path, "%s/%s-00000", table->table->name,
                 table->table->name);
    }
    sg_manifest_seal(m);
}

static size_t fuzz_example(unsigned seed, uint8_t *out, size_t max) {
    struct sg_manifest m;
    struct sg_error err = {0};
    make(&m, seed);
    bool mark = seed / 2 % 4 == 0;
    enum sg_code code =
        mark ? sg_run_mark_write(&m, fuzz_folder, &err) : sg_manifest_write(&m, fuzz_folder, &err);
    FUZZ_DEMAND(code == SG_OK, "%s", err.text);
    sg_manifest_free(&m);
    return fuzz_file_read(mark ? "run.json" : "manifest.json", out, max);
}

static void read_again(const struct sg_manifest *m) {
    struct sg_manifest again;
    struct sg_error err = {0};
    const char *why = "";
    FUZZ_DEMAND(sg_manifest_write(m, fuzz_folder, &err) == SG_OK, "%s", err.text);
    FUZZ_DEMAND(sg_manifest_read(&again, fuzz_folder, sg_dataset_find, &err) == SG_OK, "%s", err.text);
    FUZZ_DEMAND(sg_manifest_same_run(m, &again, &why), "%s", why);
    sg_manifest_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct sg_manifest m;
    struct sg_error err = {0};
    fuzz_file_write("manifest.json", data, size);
    fuzz_file_write("run.json", data, size);
    enum sg_code code = sg_manifest_read(&m, fuzz_folder, sg_dataset_find, &err);
    FUZZ_DEMAND(code == SG_OK || err.text[0], "code %d without a message", code);
    if (code == SG_OK) read_again(&m);
    sg_manifest_free(&m);
    err = (struct sg_error){0};
    code = sg_run_mark_read(&m, fuzz_folder, sg_dataset_find, &err);
    FUZZ_DEMAND(code == SG_OK || err.text[0], "code %d without a message", code);
    sg_manifest_free(&m);
    return 0;
}
