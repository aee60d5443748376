/* Parquet shards give back every type, NULLs and hostile text, over row group and page borders; damage is
 * noticed. labels: quick */
#include "io/cell_parse.h"
#include "io/fingerprint.h"
#include "io/hybrid.h"
#include "io/parquet.h"
#include "io_fixture.h"
#include "shard_fixture.h"

static struct sg_shard_facts write_rows(const char *path, enum sg_compress how, uint64_t row_first,
                                        size_t rows, struct beside *beside) {
    struct sg_error err = {0};
    struct sg_shard_facts facts;
    struct sg_emitter e;
    if (sg_shard_create(&beside->writer, folder, path, &fix_table, format, (struct sg_compression){how, 1},
                        row_first, &err))
        fail_msg("%s", err.text);
    assert_int_equal(sg_emitter_open(&e, &fix_table, keep, beside, &err), SG_OK);
    fix_fill(&e, 5, row_first, rows);
    sg_emitter_close(&e);
    if (sg_shard_finish(beside->writer, &facts, &err)) fail_msg("%s", err.text);
    beside->writer = NULL;
    return facts;
}

static void round_trip(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 7, 4097, 150000}; /* pages hold 65536, row groups some 140000 */
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int how = SG_COMPRESS_PLAIN; how <= SG_COMPRESS_NONE; how++) {
            struct beside wrote = {0}, got = {0};
            struct sg_error err = {0};
            __int128 fingerprint = 0;
            struct sg_shard_facts facts =
                write_rows("some/everything-00000.parquet", (enum sg_compress)how, 1000, sizes[i], &wrote);
            struct sg_shard_facts inside;
            if (sg_batches_facts(&inside, format, folder, facts.path, &err)) fail_msg("%s", err.text);
            assert_int_equal(inside.rows, sizes[i]);
            assert_int_equal(inside.file_bytes, facts.file_bytes);
            assert_memory_equal(&inside.digest, &facts.digest, sizeof facts.digest);
            if (read_rows(&facts, &fix_table, &got, &fingerprint, &err)) fail_msg("%s", err.text);
            assert_int_equal(got.text.used, wrote.text.used);
            if (wrote.text.used) assert_memory_equal(got.text.bytes, wrote.text.bytes, wrote.text.used);
            assert_true(fingerprint == facts.fingerprint);
            sg_buffer_free(&wrote.text);
            sg_buffer_free(&got.text);
        }
}

/* Digests do not depend on compression. */
static void digest_is_of_the_content(void **state) {
    (void)state;
    struct beside wrote = {0};
    struct sg_shard_facts a = write_rows("a.parquet", SG_COMPRESS_PLAIN, 0, 5000, &wrote);
    struct sg_shard_facts b = write_rows("b.parquet", SG_COMPRESS_NONE, 0, 5000, &wrote);
    assert_memory_equal(&a.digest, &b.digest, sizeof a.digest);
    assert_true(a.file_bytes < b.file_bytes);
    sg_buffer_free(&wrote.text);
}

/* Whatever byte is damaged, reading says so, or the byte meant nothing: then all rows are as written. */
static void damage_is_noticed(void **state) {
    (void)state;
    struct beside wrote = {0};
    struct sg_shard_facts facts = write_rows("damaged.parquet", SG_COMPRESS_NONE, 0, 40, &wrote);
    size_t noticed = 0, harmless = 0;
    for (uint64_t at = 0; at < facts.file_bytes; at++) {
        struct beside got = {0};
        struct sg_error err = {0};
        __int128 fingerprint = 0;
        unsigned char bits = (unsigned char)(1u << at % 8);
        flip("damaged.parquet", at, bits);
        enum sg_code code = read_rows(&facts, &fix_table, &got, &fingerprint, &err);
        if (code != SG_OK) {
            if (code != SG_CORRUPT && code != SG_INVALID) fail_msg("byte %d: %s", (int)at, err.text);
            noticed++;
        } else {
            assert_true(fingerprint == facts.fingerprint);
            assert_int_equal(got.text.used, wrote.text.used);
            assert_memory_equal(got.text.bytes, wrote.text.bytes, wrote.text.used);
            harmless++;
        }
        flip("damaged.parquet", at, bits);
        sg_buffer_free(&got.text);
    }
    /* magic at the front, the program's name, encodings that only say what pages say again, offsets not used
     */
    assert_true(noticed > facts.file_bytes * 9 / 10);
    assert_true(harmless < 400);
    sg_buffer_free(&wrote.text);
}

static void cut_files_are_noticed(void **state) {
    (void)state;
    struct beside wrote = {0}, got = {0};
    struct sg_shard_facts facts = write_rows("cut.parquet", SG_COMPRESS_PLAIN, 0, 40, &wrote), inside;
    char full[256];
    snprintf(full, sizeof full, "%s/cut.parquet", folder);
    for (uint64_t size = facts.file_bytes; size-- > 0;) {
        struct sg_error err = {0};
        __int128 fingerprint = 0;
        assert_int_equal(truncate(full, (off_t)size), 0);
        assert_int_equal(read_rows(&facts, &fix_table, &got, &fingerprint, &err), SG_CORRUPT);
        assert_int_equal(sg_batches_facts(&inside, format, folder, "cut.parquet", &err), SG_CORRUPT);
    }
    sg_buffer_free(&got.text);
    sg_buffer_free(&wrote.text);
}

static void other_columns_are_refused(void **state) {
    (void)state;
    struct beside wrote = {0}, got = {0};
    struct sg_error err = {0};
    __int128 fingerprint = 0;
    struct sg_column columns[FIX_COLUMNS];
    struct sg_table table = fix_table;
    memcpy(columns, fix_columns, sizeof columns);
    columns[FIX_DEC2].scale = 3;
    table.columns = columns;
    struct sg_shard_facts facts = write_rows("schema.parquet", SG_COMPRESS_PLAIN, 0, 4, &wrote);
    assert_int_equal(read_rows(&facts, &table, &got, &fingerprint, &err), SG_CORRUPT);
    assert_non_null(strstr(err.text, "its columns are not those of table everything"));
    sg_buffer_free(&wrote.text);
}

static void hybrid_round_trip(void **state) {
    (void)state;
    uint64_t random = 3;
    for (unsigned width = 1; width <= 17; width++)
        for (int round = 0; round < 200; round++) {
            size_t count = fix_random(&random) % 700;
            uint32_t *values = calloc(count + 1, sizeof *values), *again = calloc(count + 1, sizeof *again);
            struct sg_buffer out = {0};
            struct sg_error err = {0};
            for (size_t i = 0; i < count;) { /* runs of any length */
                size_t run = fix_random(&random) % 4 ? 1 : fix_random(&random) % 40;
                uint32_t value = (uint32_t)(fix_random(&random) & ((1u << width) - 1));
                for (; run && i < count; run--)
                    values[i++] = value;
            }
            assert_int_equal(sg_hybrid_write(values, count, width, &out, &err), SG_OK);
            unsigned char *exact = malloc(out.used + 1);
            if (out.used) memcpy(exact, out.bytes, out.used);
            assert_true(sg_hybrid_read(exact, out.used, width, again, count));
            assert_memory_equal(values, again, count * sizeof *values);
            assert_false(out.used && sg_hybrid_read(exact, out.used - 1, width, again, count));
            free(exact);
            free(values);
            free(again);
            sg_buffer_free(&out);
        }
}

static void tokens_parse(void **state) {
    (void)state;
    static const struct sg_token decimal = {"CUST", "", "", 0, 12, 8};
    static const struct sg_token *const tokens[] = {&fix_plain_token, &fix_infix_token, &decimal};
    uint64_t random = 9;
    for (int i = 0; i < 3000; i++) {
        const struct sg_token *token = tokens[i % 3];
        uint64_t key = fix_random(&random), again;
        if (token->decimal_digits) key %= 100000000;
        char text[64];
        sg_token_format(token, key, text);
        assert_true(sg_parse_token(token, text, token->length, &again));
        assert_int_equal(key, again);
        text[fix_random(&random) % token->length] ^= 0x40;
        if (sg_parse_token(token, text, token->length, &again)) assert_int_not_equal(key, again);
        assert_false(sg_parse_token(token, text, token->length - 1u, &again));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(digest_is_of_the_content),
        cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(cut_files_are_noticed),
        cmocka_unit_test(other_columns_are_refused),
        cmocka_unit_test(hybrid_round_trip),
        cmocka_unit_test(tokens_parse),
    };
    format = sg_format_find("parquet");
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
