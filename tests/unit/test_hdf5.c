/* HDF5 files of tables give back every type, NULLs and hostile text, shard by shard; damage is noticed.
 * labels: quick */
#include <sys/stat.h>

#include "datasets/registry.h"
#include "io/rowset.h"
#include "io/table_file.h"
#include "shard_fixture.h"

enum { SHARDS = 3 };

static const char path[] = "everything/everything.h5";

/* Rows of one shard in memory, with their facts and COPY text. */
struct shard {
    struct sg_rowset rows;
    struct sg_shard_facts facts;
    struct beside beside;
};

static enum sg_code gather(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct shard *shard = context;
    SG_TRY(sg_shard_facts_add(&shard->facts, batch, err));
    SG_TRY(keep(&shard->beside, batch, err));
    return sg_rowset_append(&shard->rows, batch, err);
}

static void make_shard(struct shard *shard, uint64_t row_first, size_t rows) {
    struct sg_error err = {0};
    struct sg_emitter e;
    *shard = (struct shard){.facts = {.row_first = row_first}};
    strcpy(shard->facts.path, path);
    assert_int_equal(sg_rowset_open(&shard->rows, &fix_table, &err), SG_OK);
    assert_int_equal(sg_emitter_open(&e, &fix_table, gather, shard, &err), SG_OK);
    fix_fill(&e, row_first + 1, row_first, rows);
    sg_emitter_close(&e);
    struct sg_digest_state *state = sg_digest_open();
    for (size_t first = 0; first < rows; first += SG_TABLE_FILE_BLOCK_ROWS) {
        size_t part = rows - first < SG_TABLE_FILE_BLOCK_ROWS ? rows - first : SG_TABLE_FILE_BLOCK_ROWS;
        struct sg_batch block = sg_rowset_view(&shard->rows, first, part);
        sg_table_file_feed(&block, state, &shard->facts.text_bytes);
    }
    shard->facts.digest = sg_digest_result(state);
    sg_digest_close(state);
}

static uint64_t bytes_of(const struct shard *shard, int column) {
    const struct sg_text *texts = shard->rows.batch.vectors[column].data;
    uint64_t bytes = 0;
    for (size_t row = 0; row < shard->rows.batch.rows && fix_columns[column].type == SG_TEXT; row++)
        bytes += texts[row].length;
    return bytes;
}

static void write_file(struct shard shards[SHARDS], const size_t rows[SHARDS], enum sg_compress how) {
    static const struct sg_run run = {.seed = 9, .as_of_day = 20000, .units = 3};
    struct sg_error err = {0};
    struct sg_shard_facts facts[SHARDS];
    struct sg_table_file_plan plan = {.first = true,
                                      .out = folder,
                                      .path = path,
                                      .dataset = sg_datasets()[0],
                                      .run = &run,
                                      .table = &fix_table,
                                      .row_first = 500,
                                      .shards = SHARDS,
                                      .compression = {how, 1}};
    for (size_t i = 0; i < SHARDS; i++)
        plan.rows += rows[i];
    char name[128];
    snprintf(name, sizeof name, "%s/everything", folder);
    mkdir(name, 0777);
    void *file;
    if (sg_table_file_hdf5.open(&file, &plan, &err)) fail_msg("%s", err.text);
    uint64_t at = 500;
    for (size_t i = 0; i < SHARDS; at += rows[i++]) {
        make_shard(&shards[i], at, rows[i]);
        facts[i] = shards[i].facts;
        struct sg_table_file_text texts[FIX_COLUMNS];
        for (int c = 0; c < FIX_COLUMNS; c++)
            texts[c] = (struct sg_table_file_text){0, bytes_of(&shards[i], c)};
        if (sg_table_file_hdf5.put(file, &shards[i].rows, texts, &err)) fail_msg("%s", err.text);
    }
    if (sg_table_file_hdf5.end(file, facts, facts[0].digest, 1, &err)) fail_msg("%s", err.text);
    sg_table_file_hdf5.close(file);
    if (sg_table_file_hdf5.publish(&plan, &shards[0].facts.file_bytes, &err)) fail_msg("%s", err.text);
}

static void drop(struct shard shards[SHARDS]) {
    for (size_t i = 0; i < SHARDS; i++) {
        sg_rowset_close(&shards[i].rows);
        sg_buffer_free(&shards[i].beside.text);
    }
}

static void check_shard(const struct shard *shard) {
    struct beside got = {0};
    struct sg_error err = {0};
    __int128 fingerprint = 0;
    if (read_rows(&shard->facts, &fix_table, &got, &fingerprint, &err)) fail_msg("%s", err.text);
    assert_int_equal(got.text.used, shard->beside.text.used);
    if (got.text.used) assert_memory_equal(got.text.bytes, shard->beside.text.bytes, got.text.used);
    assert_true(fingerprint == shard->facts.fingerprint);
    sg_buffer_free(&got.text);
}

static void round_trip(void **state) {
    (void)state;
    static const size_t sizes[][SHARDS] = {{0, 0, 0}, {1, 0, 2}, {4097, 30000, 5}, {40000, 33000, 1}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int how = SG_COMPRESS_PLAIN; how <= SG_COMPRESS_NONE; how++) {
            struct shard shards[SHARDS];
            struct sg_shard_facts facts[SHARDS];
            struct sg_error err = {0};
            write_file(shards, sizes[i], (enum sg_compress)how);
            if (sg_table_file_hdf5.facts(facts, SHARDS, folder, path, &err)) fail_msg("%s", err.text);
            for (size_t s = 0; s < SHARDS; s++) {
                assert_int_equal(facts[s].row_first, shards[s].facts.row_first);
                assert_int_equal(facts[s].file_bytes, shards[s].facts.file_bytes);
                assert_memory_equal(&facts[s].digest, &shards[s].facts.digest, sizeof facts[s].digest);
                check_shard(&shards[s]);
            }
            assert_int_equal(sg_table_file_hdf5.facts(facts, SHARDS - 1, folder, path, &err), SG_CORRUPT);
            drop(shards);
        }
}

/* Stored values: no bit of them can change unseen. */
static void damage_is_noticed(void **state) {
    (void)state;
    static const size_t rows[SHARDS] = {1500, 10, 1500};
    struct shard shards[SHARDS];
    write_file(shards, rows, SG_COMPRESS_NONE);
    char full[256], needle[64];
    snprintf(full, sizeof full, "%s/%s", folder, path);
    /* ids are in no other column: 501, 502, 503 as eight bytes each */
    uint64_t ids[3] = {501, 502, 503};
    memcpy(needle, ids, sizeof ids);
    struct stat status;
    assert_int_equal(stat(full, &status), 0);
    char *bytes = malloc((size_t)status.st_size);
    int fd = open(full, O_RDONLY);
    assert_int_equal(read(fd, bytes, (size_t)status.st_size), status.st_size);
    close(fd);
    char *at = memmem(bytes, (size_t)status.st_size, needle, sizeof ids);
    assert_non_null(at);
    for (int bit = 0; bit < 8; bit++) {
        struct beside got = {0};
        struct sg_error err = {0};
        __int128 fingerprint = 0;
        flip(path, (uint64_t)(at - bytes) + (uint64_t)bit, (unsigned char)(1 << bit));
        assert_int_equal(read_rows(&shards[0].facts, &fix_table, &got, &fingerprint, &err), SG_CORRUPT);
        assert_non_null(strstr(err.text, "digest"));
        check_shard(&shards[2]); /* in the same file */
        flip(path, (uint64_t)(at - bytes) + (uint64_t)bit, (unsigned char)(1 << bit));
        sg_buffer_free(&got.text);
    }
    check_shard(&shards[0]);
    free(bytes);
    drop(shards);
}

static void other_files_are_refused(void **state) {
    (void)state;
    static const size_t rows[SHARDS] = {20, 20, 20};
    struct shard shards[SHARDS];
    struct beside got = {0};
    struct sg_error err = {0};
    __int128 fingerprint = 0;
    write_file(shards, rows, SG_COMPRESS_PLAIN);
    struct sg_column columns[FIX_COLUMNS];
    struct sg_table table = fix_table;
    memcpy(columns, fix_columns, sizeof columns);
    columns[FIX_I32].type = SG_I64;
    table.columns = columns;
    assert_int_equal(read_rows(&shards[1].facts, &table, &got, &fingerprint, &err), SG_CORRUPT);
    assert_non_null(strstr(err.text, "middle"));
    struct sg_shard_facts facts = shards[1].facts;
    facts.fingerprint++;
    err = (struct sg_error){0};
    assert_int_equal(read_rows(&facts, &fix_table, &got, &fingerprint, &err), SG_CORRUPT);
    assert_non_null(strstr(err.text, "fingerprint"));
    char full[256];
    snprintf(full, sizeof full, "%s/%s", folder, path);
    err = (struct sg_error){0};
    assert_int_equal(truncate(full, (off_t)shards[0].facts.file_bytes / 2), 0);
    assert_int_equal(read_rows(&shards[0].facts, &fix_table, &got, &fingerprint, &err), SG_CORRUPT);
    err = (struct sg_error){0};
    assert_int_equal(unlink(full), 0);
    assert_int_equal(read_rows(&shards[0].facts, &fix_table, &got, &fingerprint, &err), SG_NO_INPUT);
    sg_buffer_free(&got.text);
    drop(shards);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(other_files_are_refused),
    };
    format = sg_format_find("hdf5");
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
