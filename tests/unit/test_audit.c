/* The CSV reader on well and badly formed files, and the customers audit on rows of every fault.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "datasets/cardholders/audit.h"
#include "io/cell_parse.h"
#include "io/csv_read.h"

/* Reads a text; writes fields between | and records between newlines; the code of the end. */
static enum sg_code read_text(const char *text, size_t size, char *out, struct sg_error *err) {
    char path[] = "/tmp/synthgen-csv-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, size), size);
    close(fd);
    struct sg_csv *csv;
    const struct sg_csv_field *fields;
    size_t count = 0;
    *out = '\0';
    enum sg_code code = sg_csv_open(&csv, path, err);
    while (code == SG_OK && (code = sg_csv_next(csv, &fields, &count, err)) == SG_OK && count) {
        out += sprintf(out, "%llu:", (unsigned long long)sg_csv_line(csv));
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(strlen(fields[i].text), fields[i].size);
            out += sprintf(out, "%s|", fields[i].text);
        }
        out += sprintf(out, "\n");
    }
    sg_csv_close(csv);
    unlink(path);
    return code;
}

#define TEXT(literal) literal, sizeof literal - 1

static void well_formed_files_are_read(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t size;
        const char *records;
    } files[] = {
        {TEXT(""), ""},
        {TEXT("\xef\xbb\xbf"), ""},
        {TEXT("a,b\r\nc,d\r\n"), "1:a|b|\n2:c|d|\n"},
        {TEXT("\xef\xbb\xbf"
              "a,b\nc,\n"),
         "1:a|b|\n2:c||\n"},
        {TEXT("a,b\nc,d"), "1:a|b|\n2:c|d|\n"},
        {TEXT("a,b\n\n\r\n,\n"), "1:a|b|\n4:||\n"},
        {TEXT("\"a,1\",\"say \"\"hi\"\"\"\n\"\",x"), "1:a,1|say \"hi\"|\n2:|x|\n"},
        {TEXT("\"two\r\nlines\",b\nc,d\n"), "1:two\r\nlines|b|\n3:c|d|\n"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char out[256];
        struct sg_error err = {0};
        assert_int_equal(read_text(files[i].text, files[i].size, out, &err), SG_OK);
        assert_string_equal(out, files[i].records);
    }
}

static void malformed_files_are_refused_with_the_line(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t size;
        const char *message;
    } files[] = {
        {TEXT("a,b\nc,d\"e\n"), "line 2: a quote inside a field that is not quoted"},
        {TEXT("a,b\n\"c\"d,e\n"), "line 2: text behind a closing quote"},
        {TEXT("a,b\nc,\"d\ne,f\n"), "line 2: a quote that is never closed"},
        {TEXT("a,b\nc\rd\n"), "line 2: a carriage return without line feed"},
        {TEXT("a,b\nc\0d\n"), "line 2: a NUL byte"},
        {TEXT("a,b\nc,Jos\xe9\n"), "line 2: field 2 is not UTF-8"},
        {TEXT("a,b\nc,\"\xe2\x82\"\n"), "line 2: field 2 is not UTF-8"},
        {TEXT("\x28\xb5\x2f\xfd....."), "compressed with zstd"},
        {TEXT("\x1f\x8b....."), "compressed with gzip"},
        {TEXT("\xff\xfe"
              "a\0"),
         "UTF-16"},
        {TEXT("PK\x03\x04..."), "ZIP"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char out[256];
        struct sg_error err = {0};
        assert_int_equal(read_text(files[i].text, files[i].size, out, &err), SG_CORRUPT);
        if (!strstr(err.text, files[i].message)) fail_msg("'%s' lacks '%s'", err.text, files[i].message);
    }
}

static void endless_records_are_refused(void **state) {
    (void)state;
    size_t size = (2 << 20) + 8;
    char *text = malloc(size), out[64];
    struct sg_error err = {0};
    memset(text, 'x', size);
    memcpy(text, "h\n\"", 3);
    assert_int_equal(read_text(text, size, out, &err), SG_CORRUPT);
    assert_non_null(strstr(err.text, "longer than 1 MiB"));
    struct sg_error many = {0};
    memset(text, ',', 5000);
    assert_int_equal(read_text(text, 5000, out, &many), SG_CORRUPT);
    assert_non_null(strstr(many.text, "more than 1024 fields"));
    free(text);
}

/* The reader keeps its place wherever its block ends. */
static void blocks_do_not_show(void **state) {
    (void)state;
    enum { RECORDS = 60000, RECORD_BYTES = 16 };
    char *text = malloc(RECORDS * RECORD_BYTES + 1), *out = malloc(RECORDS * 32),
         *expected = malloc(RECORDS * 32);
    size_t size = 0, at = 0;
    for (int i = 0; i < RECORDS; i++) {
        size += (size_t)sprintf(text + size, "%d,\"q\"\"%d\"%s", i, i % 7, i % 2 ? "\r\n" : "\n");
        at += (size_t)sprintf(expected + at, "%d:%d|q\"%d|\n", i + 1, i, i % 7);
    }
    struct sg_error err = {0};
    assert_int_equal(read_text(text, size, out, &err), SG_OK);
    assert_int_equal(strcmp(out, expected), 0);
    free(text);
    free(out);
    free(expected);
}

/* id, email, state, card, limit, segment, decline */
typedef const char *const row[CH_AUDIT_COLUMNS];

static void judge(struct ch_audit *audit, uint64_t line, row cells) {
    struct ch_audit_text values[CH_AUDIT_COLUMNS];
    for (int c = 0; c < CH_AUDIT_COLUMNS; c++)
        values[c] = (struct ch_audit_text){cells[c], strlen(cells[c])};
    ch_audit_row(audit, line, values);
}

#define GOOD_TAIL "CA", "Standard", "12000", "Budget-Conscious", ""

static void every_fault_is_found_alone(void **state) {
    (void)state;
    static const struct {
        int check; /* -1: none */
        const char *const cells[CH_AUDIT_COLUMNS];
    } rows[] = {
        {-1, {"CUST00000001", "a@b.co", GOOD_TAIL}},
        {-1, {"CUST00000001", "a@b.co", "CA", "Premium", "50000.0", "Declining", "sudden"}},
        {CH_CHECK_REQUIRED, {"", "a@b.co", GOOD_TAIL}},
        {CH_CHECK_REQUIRED, {"CUST00000001", "", GOOD_TAIL}},
        {CH_CHECK_REQUIRED, {"CUST00000001", "a@b.co", "", "Standard", "12000", "Budget-Conscious", ""}},
        {CH_CHECK_REQUIRED, {"CUST00000001", "a@b.co", "CA", "", "12000", "Budget-Conscious", ""}},
        {CH_CHECK_REQUIRED, {"CUST00000001", "a@b.co", "CA", "Standard", "", "Budget-Conscious", ""}},
        {CH_CHECK_ID_FORMAT, {"CUST0000001", "a@b.co", GOOD_TAIL}},
        {CH_CHECK_ID_FORMAT, {"cust00000001", "a@b.co", GOOD_TAIL}},
        {CH_CHECK_ID_FORMAT, {"CUST0000000A", "a@b.co", GOOD_TAIL}},
        {CH_CHECK_ID_SEQUENCE, {"CUST00000002", "a@b.co", GOOD_TAIL}},
        {CH_CHECK_EMAIL, {"CUST00000001", "a.b.co", GOOD_TAIL}},
        {CH_CHECK_EMAIL, {"CUST00000001", "@b.co", GOOD_TAIL}},
        {CH_CHECK_EMAIL, {"CUST00000001", "a@bco", GOOD_TAIL}},
        {CH_CHECK_EMAIL, {"CUST00000001", "a@b..co", GOOD_TAIL}},
        {CH_CHECK_EMAIL, {"CUST00000001", "a@b.co.", GOOD_TAIL}},
        {CH_CHECK_EMAIL, {"CUST00000001", "a@b@c.co", GOOD_TAIL}},
        {CH_CHECK_EMAIL, {"CUST00000001", "a b@c.co", GOOD_TAIL}},
        {CH_CHECK_LIMIT_RANGE, {"CUST00000001", "a@b.co", "CA", "Standard", "4000", "Budget-Conscious", ""}},
        {CH_CHECK_LIMIT_RANGE, {"CUST00000001", "a@b.co", "CA", "Standard", "51000", "Budget-Conscious", ""}},
        {CH_CHECK_LIMIT_RANGE, {"CUST00000001", "a@b.co", "CA", "Standard", "many", "Budget-Conscious", ""}},
        {CH_CHECK_LIMIT_RANGE,
         {"CUST00000001", "a@b.co", "CA", "Standard", "5000.5", "Budget-Conscious", ""}},
        {CH_CHECK_LIMIT_STEP, {"CUST00000001", "a@b.co", "CA", "Standard", "12500", "Budget-Conscious", ""}},
        {CH_CHECK_SEGMENT, {"CUST00000001", "a@b.co", "CA", "Standard", "12000", "budget", ""}},
        {CH_CHECK_DECLINE,
         {"CUST00000001", "a@b.co", "CA", "Standard", "12000", "Budget-Conscious", "gradual"}},
        {CH_CHECK_DECLINE, {"CUST00000001", "a@b.co", "CA", "Standard", "12000", "Declining", "slowly"}},
        {CH_CHECK_DECLINE, {"CUST00000001", "a@b.co", "CA", "Standard", "12000", "Declining", ""}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ch_audit audit;
        struct sg_error err = {0};
        uint64_t faults;
        assert_int_equal(ch_audit_open(&audit, &err), SG_OK);
        judge(&audit, 2, rows[i].cells);
        if (ch_audit_failed(&audit, &faults) != (rows[i].check >= 0) ||
            audit.faulty_rows != (rows[i].check >= 0))
            fail_msg("row %zu: %d checks failed", i, ch_audit_failed(&audit, &faults));
        if (rows[i].check >= 0) {
            assert_int_equal(audit.results[rows[i].check].faults, 1);
            assert_int_equal(audit.results[rows[i].check].samples[0].line, 2);
            assert_int_equal(audit.results[rows[i].check].samples[0].row, 1);
        }
        ch_audit_close(&audit);
    }
}

static void order_and_uniqueness_are_told_apart(void **state) {
    (void)state;
    static const char *const ids[] = {"CUST00000001", "CUST00000002", "CUST00000004", "CUST00000005",
                                      "CUST00000003", "broken",       "CUST00000005", "CUST00000006"};
    struct ch_audit audit;
    struct sg_error err = {0};
    assert_int_equal(ch_audit_open(&audit, &err), SG_OK);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const char *const cells[] = {ids[i], "a@b.co", GOOD_TAIL};
        judge(&audit, i + 2, cells);
    }
    const struct ch_audit_result *sequence = &audit.results[CH_CHECK_ID_SEQUENCE];
    assert_int_equal(sequence->faults, 2); /* 4 after 2, 3 after 5; 5 follows 3 and the broken one */
    assert_int_equal(sequence->samples[0].row, 3);
    assert_non_null(strstr(sequence->samples[0].text, "'CUST00000004' where CUST00000003 follows"));
    assert_int_equal(sequence->samples[1].row, 5);
    assert_int_equal(audit.results[CH_CHECK_ID_UNIQUE].faults, 1);
    assert_int_equal(audit.results[CH_CHECK_ID_UNIQUE].samples[0].row, 7);
    assert_int_equal(audit.results[CH_CHECK_ID_FORMAT].faults, 1);
    assert_int_equal(audit.unique_ids, 6);
    ch_audit_row(&audit, 99, NULL);
    assert_int_equal(audit.results[CH_CHECK_COLUMNS].faults, 1);
    ch_audit_close(&audit);
}

static void statistics_count_every_value(void **state) {
    (void)state;
    struct ch_audit audit;
    struct sg_error err = {0};
    const char *name;
    uint32_t target, found;
    assert_int_equal(ch_audit_open(&audit, &err), SG_OK);
    for (int i = 0; i < 40; i++) {
        char id[16], segment[24];
        snprintf(id, sizeof id, "CUST%08d", i + 1);
        snprintf(segment, sizeof segment, "kind %d", i);
        const char *const cells[] = {id,
                                     "a@b.co",
                                     "CA",
                                     i % 4 ? "Standard" : "Premium",
                                     i % 2 ? "5000" : "8000",
                                     i < 20 ? "Budget-Conscious" : segment,
                                     ""};
        judge(&audit, (uint64_t)i + 2, cells);
    }
    ch_audit_end(&audit);
    assert_string_equal(audit.segments[0].text, "Budget-Conscious");
    assert_int_equal(audit.segments[0].count, 20);
    assert_string_equal(audit.segments[1].text, "(others)");
    assert_int_equal(audit.segments[1].count, 6);
    assert_string_equal(audit.cards[0].text, "Standard");
    assert_int_equal(audit.cards[0].count, 30);
    assert_int_equal(audit.limit_min, 5000);
    assert_int_equal(audit.limit_max, 8000);
    assert_int_equal((int64_t)audit.limit_sum, 40 * 6500);
    for (int s = 0; ch_audit_share(&audit, s, &name, &target, &found); s++)
        assert_int_equal(found, strcmp(name, "Budget-Conscious") == 0 ? 5000 : 0);
    ch_audit_close(&audit);
}

/* Control characters and cuts within a character reach neither terminal nor JSON. */
static void what_is_shown_is_text(void **state) {
    (void)state;
    char segment[3 * 30 + 2] = "\x1b";
    for (int i = 0; i < 30; i++)
        strcat(segment, "\xe2\x82\xac");
    struct ch_audit audit;
    struct sg_error err = {0};
    assert_int_equal(ch_audit_open(&audit, &err), SG_OK);
    const char *const cells[] = {"CUST00000001", "a@b.co", " ", "Standard", "12000", segment, ""};
    judge(&audit, 2, cells);
    assert_int_equal(audit.results[CH_CHECK_REQUIRED].faults, 1);
    const char *found = audit.results[CH_CHECK_SEGMENT].samples[0].text;
    assert_int_equal(sg_utf8_characters(found, strlen(found)),
                     strlen("customer_segment '.' is not one of the five") + 19);
    assert_int_equal(strlen(audit.segments[0].text), 1 + 3 * 12);
    ch_audit_close(&audit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_shown_is_text),
        cmocka_unit_test(well_formed_files_are_read),
        cmocka_unit_test(malformed_files_are_refused_with_the_line),
        cmocka_unit_test(endless_records_are_refused),
        cmocka_unit_test(blocks_do_not_show),
        cmocka_unit_test(every_fault_is_found_alone),
        cmocka_unit_test(order_and_uniqueness_are_told_apart),
        cmocka_unit_test(statistics_count_every_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
