/* Hashes against the answers PostgreSQL 15 gave (pg_hashes.inc), column by column and as whole rows.
 * labels: quick */
#include "io/fingerprint.h"
#include "io_fixture.h"

static const struct {
    enum sg_type type;
    int64_t value; /* SG_TEXT: size; SG_UUID: high half */
    int64_t extra; /* SG_DECIMAL: scale; SG_UUID: low half */
    const char *text;
    int64_t hash;
} answers[] = {
#include "pg_hashes.inc"
};
enum { ANSWERS = sizeof answers / sizeof *answers };

static enum sg_code add(void *sum, const struct sg_batch *batch, struct sg_error *err) {
    (void)err;
    sg_fingerprint_batch(batch, sum);
    return SG_OK;
}

/* What a row of one column with this hash adds. */
static int64_t row_hash(uint64_t column_hash) {
    return (int64_t)sg_hash_i64((int64_t)column_hash);
}

/* Fills the only column of the row in hand with an answer's value. */
static void set_answer(struct sg_emitter *e, size_t i) {
    switch (answers[i].type) {
    case SG_BOOL:
        sg_set_bool(e, 0, answers[i].value);
        break;
    case SG_I16:
        sg_set_i16(e, 0, (int16_t)answers[i].value);
        break;
    case SG_I32:
    case SG_DATE:
        sg_set_i32(e, 0, (int32_t)answers[i].value);
        break;
    case SG_UUID:
        sg_set_uuid(e, 0, (uint64_t)answers[i].value, (uint64_t)answers[i].extra);
        break;
    case SG_TEXT:
        sg_set_text(e, 0, answers[i].text, (size_t)answers[i].value);
        break;
    default:
        sg_set_i64(e, 0, answers[i].value);
        break;
    }
}

static void known_answers(void **state) {
    (void)state;
    for (size_t i = 0; i < ANSWERS; i++) {
        struct sg_error err = {0};
        struct sg_column column = {.name = "v", .type = answers[i].type};
        if (column.type == SG_DECIMAL) column.scale = (uint8_t)answers[i].extra;
        struct sg_table table = {.name = "one", .columns = &column, .column_count = 1, .text_bytes_max = 50};
        struct sg_emitter e;
        __int128 sum = 0;
        assert_int_equal(sg_emitter_open(&e, &table, add, &sum, &err), SG_OK);
        set_answer(&e, i);
        sg_emitter_advance(&e, 1);
        assert_int_equal(sg_emitter_flush(&e, &err), SG_OK);
        sg_emitter_close(&e);
        if (sum != row_hash((uint64_t)answers[i].hash))
            fail_msg("answer %zu (type %d, %lld, %lld, %s): %lld", i, answers[i].type,
                     (long long)answers[i].value, (long long)answers[i].extra, answers[i].text,
                     (long long)sum);
    }
}

/* Labels and tokens hash as their text. */
static void words_hash_as_text(void **state) {
    (void)state;
    static const char *const quick[] = {"The quick brown fox jumps over the lazy dog", "The", ""};
    static const struct sg_enum labels = {"quick", quick, 3};
    static const size_t sizes[] = {43, 3, 0};
    struct sg_column column = {.name = "v", .type = SG_ENUM, .labels = &labels};
    struct sg_table table = {.name = "one", .columns = &column, .column_count = 1};
    struct sg_error err = {0};
    for (int k = 0; k < 3; k++) {
        struct sg_emitter e;
        __int128 sum = 0;
        assert_int_equal(sg_emitter_open(&e, &table, add, &sum, &err), SG_OK);
        sg_set_enum(&e, 0, (uint16_t)k);
        sg_emitter_advance(&e, 1);
        assert_int_equal(sg_emitter_flush(&e, &err), SG_OK);
        sg_emitter_close(&e);
        assert_true(sum == row_hash(sg_hash_bytes(quick[k], sizes[k])));
    }
    column = (struct sg_column){.name = "v", .type = SG_TOKEN, .token = &fix_infix_token};
    struct sg_emitter e;
    __int128 sum = 0;
    assert_int_equal(sg_emitter_open(&e, &table, add, &sum, &err), SG_OK);
    sg_set_token(&e, 0, UINT64_MAX);
    sg_emitter_advance(&e, 1);
    assert_int_equal(sg_emitter_flush(&e, &err), SG_OK);
    sg_emitter_close(&e);
    assert_true(sum == row_hash(sg_hash_bytes("in_1LygHLkdIwHu7ixa16AHYF", 25)));
}

/* select sum(hashint8extended(hash_record_extended(t, 0), 0)) from a PostgreSQL table that holds these very
 * rows. */
static void rows_of_every_type(void **state) {
    (void)state;
    static const struct {
        size_t rows;
        const char *sum;
    } cases[] = {{1, "-5632842576230855094"},
                 {511, "-31276371416003758942"},
                 {513, "-38733993151580958788"},
                 {9001, "-123650188652670060616"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sg_error err = {0};
        struct sg_emitter e;
        __int128 sum = 0;
        char text[48];
        assert_int_equal(sg_emitter_open(&e, &fix_table, add, &sum, &err), SG_OK);
        fix_fill(&e, 4, 0, cases[i].rows);
        sg_emitter_close(&e);
        sg_fingerprint_text(sum, text);
        assert_string_equal(text, cases[i].sum);
    }
}

/* A sum of hashes that are linear in the columns would not see two rows exchange a cell. */
static void exchanged_cells_show(void **state) {
    (void)state;
    static const struct sg_column columns[] = {{.name = "a", .type = SG_I32}, {.name = "b", .type = SG_I32}};
    static const struct sg_table table = {.name = "two", .columns = columns, .column_count = 2};
    __int128 sums[2] = {0};
    for (int swap = 0; swap < 2; swap++) {
        struct sg_error err = {0};
        struct sg_emitter e;
        assert_int_equal(sg_emitter_open(&e, &table, add, &sums[swap], &err), SG_OK);
        for (int row = 0; row < 2; row++) {
            sg_set_i32(&e, 0, row);
            sg_set_i32(&e, 1, row ^ swap);
            sg_emitter_advance(&e, 1);
        }
        assert_int_equal(sg_emitter_flush(&e, &err), SG_OK);
        sg_emitter_close(&e);
    }
    assert_false(sums[0] == sums[1]);
}

enum { MANY_LABELS = 1500, STILL_ROWS = 3000 };
enum { FEW, MANY, MORE, PARENT, PRICE, TOKEN, COLUMNS };

/* A batch and each of its rows as a batch of its own. */
static enum sg_code add_both(void *sums, const struct sg_batch *batch, struct sg_error *err) {
    SG_TRY(add(&((__int128 *)sums)[0], batch, err));
    for (size_t row = 0; row < batch->rows; row++) {
        struct sg_vector vectors[COLUMNS];
        struct sg_batch one = *batch;
        one.vectors = vectors;
        one.rows = 1;
        for (int i = 0; i < COLUMNS; i++) {
            size_t bytes = sg_type_bytes(batch->table->columns[i].type);
            vectors[i].data = (char *)batch->vectors[i].data + row * bytes;
            vectors[i].null = batch->vectors[i].null + row;
        }
        SG_TRY(add(&((__int128 *)sums)[1], &one, err));
    }
    return SG_OK;
}

/* What is kept for a block changes nothing: hashes of labels, more of them than are kept; columns that stand
 * still, NULL or not; repeated decimals and tokens. */
static void blocks_equal_rows(void **state) {
    (void)state;
    static char texts[MANY_LABELS][16];
    static const char *many[MANY_LABELS];
    static const char *const few[] = {"a", "bc", "def"};
    for (int i = 0; i < MANY_LABELS; i++) {
        snprintf(texts[i], sizeof texts[i], "l%d", i);
        many[i] = texts[i];
    }
    const struct sg_enum few_labels = {"few", few, 3}, many_labels = {"many", many, MANY_LABELS};
    const struct sg_column columns[COLUMNS] = {
        [FEW] = {.name = "few", .type = SG_ENUM, .labels = &few_labels, .nullable = true},
        [MANY] = {.name = "many", .type = SG_ENUM, .labels = &many_labels},
        [MORE] = {.name = "more", .type = SG_ENUM, .labels = &few_labels, .nullable = true},
        [PARENT] = {.name = "parent", .type = SG_I32, .nullable = true},
        [PRICE] = {.name = "price", .type = SG_DECIMAL, .scale = 2},
        [TOKEN] = {.name = "token", .type = SG_TOKEN, .token = &fix_infix_token},
    };
    const struct sg_table table = {.name = "still", .columns = columns, .column_count = COLUMNS};
    struct sg_error err = {0};
    struct sg_emitter e;
    __int128 sums[2] = {0};
    uint64_t random = 1, parent = 0;
    assert_int_equal(sg_emitter_open(&e, &table, add_both, sums, &err), SG_OK);
    for (int row = 0; row < STILL_ROWS; row++) {
        if (fix_random(&random) % 400 == 0) parent = fix_random(&random);
        sg_set_enum(&e, FEW, (uint16_t)(parent % 3));
        sg_set_enum(&e, MANY, (uint16_t)(fix_random(&random) % MANY_LABELS));
        sg_set_enum(&e, MORE, (uint16_t)(fix_random(&random) % 3));
        sg_set_i32(&e, PARENT, (int32_t)parent);
        sg_set_i64(&e, PRICE, (int64_t)(fix_random(&random) % 3) - 1);
        sg_set_token(&e, TOKEN, fix_random(&random) % 2 ? parent : fix_random(&random));
        if (parent & 8) sg_set_null(&e, FEW);
        if (fix_random(&random) % 3 == 0) sg_set_null(&e, MORE);
        if ((parent & 16) && row % 1000 < 700) sg_set_null(&e, PARENT);
        sg_emitter_advance(&e, 1);
    }
    assert_int_equal(sg_emitter_flush(&e, &err), SG_OK);
    sg_emitter_close(&e);
    assert_true(sums[0] == sums[1] && sums[0] != 0);
}

static void sums_as_text(void **state) {
    (void)state;
    static const char *const good[] = {"0",
                                       "-1",
                                       "9",
                                       "10",
                                       "170141183460469231731687303715884105700",
                                       "-170141183460469231731687303715884105700",
                                       "18446744073709551616"};
    static const char *const bad[] = {"",
                                      "-",
                                      "-0",
                                      "01",
                                      "+1",
                                      "1 ",
                                      " 1",
                                      "0x1",
                                      "1.0",
                                      "170141183460469231731687303715884105728",
                                      "999999999999999999999999999999999999999",
                                      "99999999999999999999999999999999999999999999"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        __int128 sum;
        char text[48];
        assert_true(sg_fingerprint_parse(good[i], &sum));
        sg_fingerprint_text(sum, text);
        assert_string_equal(text, good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        __int128 sum;
        if (sg_fingerprint_parse(bad[i], &sum)) fail_msg("%s was taken", bad[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),      cmocka_unit_test(words_hash_as_text),
        cmocka_unit_test(rows_of_every_type), cmocka_unit_test(exchanged_cells_show),
        cmocka_unit_test(blocks_equal_rows),  cmocka_unit_test(sums_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
