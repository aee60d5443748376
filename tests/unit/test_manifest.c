/* Manifests read back as written; every altered field is named; no altered byte is overlooked or crashes.
 * labels: quick */
#include <unistd.h>

#include "base/fault.h"
#include "folder.h"
#include "io/files.h"
#include "io/manifest.h"
#include "io_fixture.h"

static const struct sg_table one = {.name = "one"}, two = {.name = "two"}, three = {.name = "three"};
static const struct sg_table *const tables[] = {&one, &two, &three};
static const struct sg_dataset dataset = {.name = "little", .tables = tables, .table_count = 3};

static const struct sg_dataset *find(const char *name) {
    return strcmp(name, "little") == 0 ? &dataset : NULL;
}

static const struct sg_key128 keys[] = {{0x0123456789abcdef, 1}, {UINT64_MAX, 0}};

static void make(struct sg_manifest *m) {
    *m = (struct sg_manifest){
        .dataset = &dataset,
        .run = {.seed = UINT64_MAX, .as_of_day = 20777, .units = 100, .keys = keys, .key_count = 2},
        .compression = {SG_COMPRESS_PLAIN, 3}};
    strcpy(m->version, "0.1.0");
    strcpy(m->format, "copy");
    m->tables = calloc(3, sizeof *m->tables);
    m->table_count = 3;
    for (size_t t = 0; t < 3; t++) {
        struct sg_manifest_table *table = &m->tables[t];
        table->table = tables[t];
        table->shard_count = t + 1;
        table->shards = calloc(t + 1, sizeof *table->shards);
        for (size_t i = 0; i <= t; i++) {
            struct sg_shard_facts *facts = &table->shards[i];
            snprintf(facts->path, sizeof facts->path, "%s/%s-%05zu.copy.zst", tables[t]->name,
                     tables[t]->name, i);
            facts->row_first = i * 10;
            facts->rows = 10;
            facts->text_bytes = 1000 * (t + 1) + i;
            facts->file_bytes = 300 * (t + 1) + i;
            facts->digest.bytes[5] = (unsigned char)(16 * t + i);
            facts->fingerprint = -((__int128)7 << 80) * (__int128)(i + 1);
            snprintf(facts->key_first, sizeof facts->key_first, "%zu\\\\\tx", i * 10 + 1);
            snprintf(facts->key_last, sizeof facts->key_last, "%zu", i * 10 + 10);
        }
    }
    sg_manifest_seal(m);
}

static void round_trip(void **state) {
    (void)state;
    struct sg_manifest m, got;
    struct sg_error err = {0};
    make(&m);
    if (sg_manifest_write(&m, folder, &err)) fail_msg("%s", err.text);
    if (sg_manifest_read(&got, folder, find, &err)) fail_msg("%s", err.text);
    const char *why = NULL;
    assert_true(sg_manifest_same_run(&m, &got, &why));
    assert_int_equal(got.compression.how, SG_COMPRESS_PLAIN);
    assert_int_equal(got.compression.level, 3);
    assert_int_equal(got.run.seed, UINT64_MAX);
    assert_int_equal(got.table_count, 3);
    assert_int_equal(got.run.key_count, 2);
    assert_memory_equal(got.run.keys, keys, sizeof keys);
    assert_memory_equal(&got.root, &m.root, sizeof m.root);
    for (size_t t = 0; t < 3; t++) {
        assert_ptr_equal(got.tables[t].table, tables[t]);
        assert_int_equal(got.tables[t].rows, 10 * (t + 1));
        assert_true(got.tables[t].fingerprint == m.tables[t].fingerprint);
        assert_memory_equal(got.tables[t].shards, m.tables[t].shards, sizeof *m.tables[t].shards * (t + 1));
    }
    sg_manifest_free(&got);
    sg_manifest_free(&m);
}

static void the_mark_has_no_tables(void **state) {
    (void)state;
    struct sg_manifest m, got;
    struct sg_error err = {0};
    make(&m);
    assert_int_equal(sg_run_mark_read(&got, folder, find, &err), SG_NO_INPUT);
    sg_manifest_free(&got);
    err = (struct sg_error){0};
    assert_int_equal(sg_run_mark_write(&m, folder, &err), SG_OK);
    assert_int_equal(sg_run_mark_read(&got, folder, find, &err), SG_OK);
    assert_int_equal(got.table_count, 0);
    const char *why = NULL;
    assert_true(sg_manifest_same_run(&m, &got, &why));
    sg_manifest_free(&got);
    assert_int_equal(sg_run_mark_remove(folder, &err), SG_OK);
    assert_int_equal(sg_run_mark_remove(folder, &err), SG_OK);
    assert_int_equal(sg_run_mark_read(&got, folder, find, &err), SG_NO_INPUT);
    sg_manifest_free(&got);
    sg_manifest_free(&m);
}

#define COMMA ,
#define DIFFERS(field, change)                                                                               \
    do {                                                                                                     \
        struct sg_manifest b;                                                                                \
        make(&b);                                                                                            \
        change;                                                                                              \
        sg_manifest_seal(&b);                                                                                \
        const char *why = "";                                                                                \
        assert_false(sg_manifest_same_run(&a, &b, &why));                                                    \
        assert_string_equal(why, field);                                                                     \
        sg_manifest_free(&b);                                                                                \
    } while (0)

static void differences_are_named(void **state) {
    (void)state;
    struct sg_manifest a;
    make(&a);
    DIFFERS("units", b.run.units++);
    DIFFERS("seed", b.run.seed--);
    DIFFERS("as_of", b.run.as_of_day++);
    DIFFERS("only_unit", b.run.only_unit = 4);
    DIFFERS("external_keys", b.run.key_count--);
    DIFFERS("external_keys", b.run.keys = (const struct sg_key128[]){keys[1] COMMA keys[0]});
    DIFFERS("tables_option", strcpy(b.tables_option, "one"));
    DIFFERS("format", strcpy(b.format, "csv"));
    DIFFERS("program_version", strcpy(b.version, "9"));
    DIFFERS("root", b.tables[1].shards[1].digest.bytes[0]++);
    sg_manifest_free(&a);
}

static void the_root_covers_identity_and_digests(void **state) {
    (void)state;
    struct sg_manifest m;
    make(&m);
    struct sg_digest roots[9];
    int n = 0;
    roots[n++] = m.root;
    m.run.seed++, sg_manifest_seal(&m), roots[n++] = m.root;
    m.run.as_of_day++, sg_manifest_seal(&m), roots[n++] = m.root;
    m.run.units++, sg_manifest_seal(&m), roots[n++] = m.root;
    m.run.only_unit++, sg_manifest_seal(&m), roots[n++] = m.root;
    m.run.keys++, m.run.key_count--, sg_manifest_seal(&m), roots[n++] = m.root;
    strcpy(m.tables_option, "x"), sg_manifest_seal(&m), roots[n++] = m.root;
    strcpy(m.format, "csv"), sg_manifest_seal(&m), roots[n++] = m.root;
    m.tables[2].shards[2].digest.bytes[15]++, sg_manifest_seal(&m), roots[n++] = m.root;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++)
            assert_memory_not_equal(&roots[i], &roots[j], sizeof roots[i]);
    sg_manifest_free(&m);
}

/* Writes the text as manifest.json and reads it. */
static enum sg_code read_text(const char *text, size_t size, struct sg_error *err) {
    struct sg_manifest got;
    char path[128];
    snprintf(path, sizeof path, "%s/manifest.json", folder);
    unlink(path); /* some file systems sync a file that is cut to nothing and rewritten */
    FILE *file = fopen(path, "w");
    fwrite(text, 1, size, file);
    fclose(file);
    enum sg_code code = sg_manifest_read(&got, folder, find, err);
    sg_manifest_free(&got);
    return code;
}

/* The good manifest as text. */
static void good_text(struct sg_buffer *text) {
    struct sg_manifest m;
    struct sg_error err = {0};
    char path[128];
    make(&m);
    assert_int_equal(sg_manifest_write(&m, folder, &err), SG_OK);
    snprintf(path, sizeof path, "%s/manifest.json", folder);
    assert_int_equal(sg_read_file("manifest", path, 1 << 20, text, &err), SG_OK);
    sg_manifest_free(&m);
}

static void every_altered_field_is_named(void **state) {
    (void)state;
    static const struct {
        const char *from, *to, *named;
    } cases[] = {
        {"\"manifest_version\": 1", "\"manifest_version\": 2", "manifest_version"},
        {"\"manifest_version\": 1,", "", "manifest_version is missing"},
        {"\"program_version\": \"0.1.0\"", "\"program_version\": 1", "program_version is not text"},
        {"\"program_version\": \"0.1.0\"", "\"program_version\": \"0123456789012345678901234567890123\"",
         "too long"},
        {"\"little\"", "\"large\"", "field dataset names no dataset"},
        {"\"18446744073709551615\"", "\"18446744073709551616\"", "field seed"},
        {"\"18446744073709551615\"", "\"42\"", "field seed"},
        {"\"18446744073709551615\"", "-1", "field seed"},
        {"\"18446744073709551615\"", "42", "field root"},
        {"\"2026-11-20\"", "\"2026-02-29\"", "field as_of"},
        {"\"2026-11-20\"", "\"2026-11-2\"", "field as_of"},
        {"\"2026-11-20\"", "\"2026-11-200\"", "field as_of"},
        {"\"2026-11-20\"", "20261120", "field as_of"},
        {"\"units\": 100", "\"units\": 0", "field units"},
        {"\"units\": 100", "\"units\": 1.5", "field units"},
        {"\"only_unit\": 0", "\"only_unit\": 101", "field only_unit"},
        {"ffffffff-ffff-ffff-0000-000000000000", "ffffffff-ffff-ffff-0000-00000000000",
         "field external_keys"},
        {"ffffffff-ffff-ffff-0000-000000000000", "ffffffff-ffff-ffff-0000-000000000001", "field root"},
        {"\"external_keys\": [", "\"external_keys\": [], \"x\": [", "field external_keys has a wrong length"},
        {"\"external_keys\": [", "\"external_keys\": 7, \"x\": [", "field external_keys is not an array"},
        {"\"external_keys\": [", "\"external_keys\": [3,", "field external_keys holds"},
        {"\"partial\": false", "\"partial\": 0", "field partial"},
        {"\"copy\"", "\"xml\"", "field format"},
        {"\"compress\": \"plain\"", "\"compress\": \"plane\"", "field compress"},
        {"\"level\": 3", "\"level\": 101", "field level"},
        {"\"root\": \"", "\"root\": \"z", "field root"},
        {"\"root\":", "\"toor\":", "field root is missing"},
        {"\"tables\": [", "\"tables\": 1, \"x\": [", "field tables is not an array"},
        {"\"name\": \"two\"", "\"name\": \"four\"", "tables[1]: field name names no table"},
        {"\"name\": \"two\"", "\"name\": \"three\"", "tables[2]: field name is out of order"},
        {"\"name\": \"two\"", "\"name\": \"one\"", "tables[1]: field name is out of order"},
        {"\"rows\": 30", "\"rows\": 31", "tables[2]: field rows disagrees"},
        {"\"rows\": 10", "\"rows\": 11", "tables[0]: field rows disagrees"},
        {"\"text_bytes\": 4001", "\"text_bytes\": 4002", "tables[1]: field text_bytes disagrees"},
        {"\"file_bytes\": 1201", "\"file_bytes\": 1202", "tables[1]: field file_bytes disagrees"},
        {"\"row_first\": 20", "\"row_first\": 21", "tables[2]: shards[2]: field row_first leaves a gap"},
        {"\"row_first\": 0", "\"row_first\": 1", "tables[0]: shards[0]: field row_first leaves a gap"},
        {"\"path\": \"two/two-00001.copy.zst\"", "\"path\": \"../x\"", "shards[1]: field path leaves"},
        {"\"path\": \"two/two-00001.copy.zst\"", "\"path\": \"/etc/x\"", "shards[1]: field path leaves"},
        {"\"digest\": \"000000000011", "\"digest\": \"000000000012", "tables[1]: field digest disagrees"},
        {"\"digest\": \"000000000011", "\"digest\": \"0000000000112", "tables[1]: shards[1]: field digest"},
        {"\"fingerprint\": \"-1692496", "\"fingerprint\": \"-01692496", "field fingerprint"},
        {"\"key_first\": \"21", "\"kee_first\": \"21", "tables[2]: shards[2]: field key_first is missing"},
        {"\"key_last\": \"30\"", "\"key_last\": null", "tables[2]: shards[2]: field key_last is not text"},
        {"\"seed\"", "\"units\": 1, \"seed\"", "duplicate"},
        {"{", "[1]", "not JSON"},
    };
    struct sg_buffer good = {0};
    good_text(&good);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sg_error err = {0};
        char *at = strstr(good.bytes, cases[i].from), *text = malloc(good.used + 200);
        if (!at) fail_msg("no %s in %s", cases[i].from, good.bytes);
        size_t before = (size_t)(at - good.bytes);
        memcpy(text, good.bytes, before);
        strcpy(text + before, cases[i].to);
        strcat(text + before, at + strlen(cases[i].from));
        enum sg_code code = read_text(text, strlen(text), &err);
        if (code != SG_CORRUPT || !strstr(err.text, cases[i].named))
            fail_msg("%s: code %d, %s", cases[i].to, code, err.text);
        free(text);
    }
    sg_buffer_free(&good);
}

static void hostile_bytes_do_no_harm(void **state) {
    (void)state;
    struct sg_buffer good = {0};
    good_text(&good);
    uint64_t random = 3;
    for (size_t size = 0; size + 2 < good.used; size += 41) {
        struct sg_error err = {0};
        assert_int_equal(read_text(good.bytes, size, &err), SG_CORRUPT);
    }
    for (int i = 0; i < 2000; i++) {
        struct sg_error err = {0};
        char *text = malloc(good.used);
        memcpy(text, good.bytes, good.used);
        for (uint64_t n = fix_random(&random) % 3 + 1; n; n--)
            text[fix_random(&random) % good.used] = "0019\"{}[],:-a\x00\xff"[fix_random(&random) % 15];
        enum sg_code code = read_text(text, good.used, &err);
        assert_true(code == SG_OK || code == SG_CORRUPT);
        free(text);
    }
    sg_buffer_free(&good);
}

#ifdef SG_FAULTS

static void failures_leave_the_old_manifest(void **state) {
    (void)state;
    static const char *const faults[] = {"manifest.write:1:ENOSPC", "manifest.sync:1", "manifest.close:1",
                                         "manifest.rename:1"};
    struct sg_manifest m, got;
    struct sg_error err = {0};
    make(&m);
    assert_int_equal(sg_manifest_write(&m, folder, &err), SG_OK);
    strcpy(m.version, "newer");
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        assert_true(sg_fault_arm(faults[i]));
        err = (struct sg_error){0};
        assert_int_equal(sg_manifest_write(&m, folder, &err), SG_IO);
        assert_non_null(strstr(err.text, "manifest.json"));
        char path[128];
        snprintf(path, sizeof path, "%s/manifest.json.tmp", folder);
        assert_int_equal(access(path, F_OK), -1);
        err = (struct sg_error){0};
        assert_int_equal(sg_manifest_read(&got, folder, find, &err), SG_OK);
        assert_string_equal(got.version, "0.1.0");
        sg_manifest_free(&got);
    }
    assert_true(sg_fault_arm("manifest.read:1"));
    assert_int_equal(sg_manifest_read(&got, folder, find, &err), SG_IO);
    sg_manifest_free(&got);
    assert_true(sg_fault_arm(NULL));
    sg_manifest_free(&m);
}

#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(the_mark_has_no_tables),
        cmocka_unit_test(differences_are_named),
        cmocka_unit_test(the_root_covers_identity_and_digests),
        cmocka_unit_test(every_altered_field_is_named),
        cmocka_unit_test(hostile_bytes_do_no_harm),
#ifdef SG_FAULTS
        cmocka_unit_test(failures_leave_the_old_manifest),
#endif
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
