/* Distortions planted in the shards of a dataset, as a wrong generator would write them (with digests and a
 * manifest that agree): verification must name each by its own checks and its own entries of the certificate,
 * and by no other entry. */
#ifndef TESTS_DISTORTIONS_H
#define TESTS_DISTORTIONS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "folder.h"
#include "model/dataset.h"
#include "verify/verify.h"

enum { NAMES_BYTES = 16384 };

/* The names of all that a distortion was caught by, for tests that demand every check to have caught one. */
static char caught[1 << 16];

/* Changes one cell; true when it did. */
typedef bool change_fn(struct sg_batch *batch, size_t row, int column);

struct distortion {
    const char *name, *table, *column;
    uint64_t first, rows; /* of the table, 0-based: rows the change is tried on */
    uint64_t most;        /* rows changed at most, 0 = all */
    change_fn *change;
    const char *entries; /* of the certificate that fail, in order */
    const char *check;   /* that fails, too; NULL = whichever do */
};

#define CELL(ctype) (((ctype *)batch->vectors[column].data)[row])

static inline uint16_t code_of(const struct sg_batch *batch, int column, const char *label) {
    uint64_t bit = sg_rule_labels(&batch->table->columns[column], label);
    assert_true(bit != 0);
    return (uint16_t)__builtin_ctzll(bit);
}

/* Changes of several datasets. */
static inline bool one_more(struct sg_batch *batch, size_t row, int column) {
    if (sg_type_bytes(batch->table->columns[column].type) == 8)
        CELL(int64_t)++;
    else
        CELL(int32_t)++;
    return true;
}

static inline bool doubled(struct sg_batch *batch, size_t row, int column) {
    CELL(int64_t) *= 2;
    return true;
}

/* For changes of one label to another. */
static inline bool relabel(struct sg_batch *batch, size_t row, int column, const char *from, const char *to) {
    if (batch->vectors[column].null[row] || CELL(uint16_t) != code_of(batch, column, from)) return false;
    CELL(uint16_t) = code_of(batch, column, to);
    return true;
}

/* A table on its way to its shard. */
struct passage {
    const struct distortion *distortion; /* NULL = as it is */
    struct sg_shard_writer *writer;
    uint64_t changed;
};

static enum sg_code pass(void *context, const struct sg_batch *made, struct sg_error *err) {
    struct passage *passage = context;
    const struct distortion *distortion = passage->distortion;
    struct sg_batch *batch = (struct sg_batch *)made;
    for (size_t row = 0; distortion && row < batch->rows; row++) {
        uint64_t at = batch->row_first + row;
        if (at < distortion->first || at - distortion->first >= distortion->rows) continue;
        if (distortion->most && passage->changed == distortion->most) break;
        int column = sg_column_index(batch->table, distortion->column);
        assert_true(column >= 0);
        passage->changed += distortion->change(batch, row, column);
    }
    return sg_shard_write(passage->writer, batch, err);
}

static void write_table(const struct sg_dataset *dataset, const struct sg_world *world, uint16_t number,
                        struct sg_manifest_table *into, const struct distortion *distortion) {
    struct sg_error err = {0};
    struct passage passage = {.distortion = distortion};
    struct sg_emitter emitter;
    char path[96];
    const struct sg_table *table = into->table = dataset->tables[number];
    snprintf(path, sizeof path, "%s/%s-00000.copy.zst", table->name, table->name);
    assert_int_equal(sg_shard_create(&passage.writer, folder, path, table, sg_format_find("copy"),
                                     (struct sg_compression){SG_COMPRESS_PLAIN, 1}, 0, &err),
                     SG_OK);
    assert_int_equal(sg_emitter_open(&emitter, table, pass, &passage, &err), SG_OK);
    uint64_t units = dataset->unit_count(world, table->domain);
    assert_int_equal(dataset->generate(world, number, 0, units, &emitter, &err), SG_OK);
    assert_int_equal(sg_emitter_flush(&emitter, &err), SG_OK);
    sg_emitter_close(&emitter);
    assert_int_equal(sg_shard_finish(passage.writer, into->shards, &err), SG_OK);
    assert_true(!distortion || passage.changed > 0);
}

static void add_name(char names[NAMES_BYTES], const char *name) {
    size_t used = strlen(names);
    snprintf(names + used, NAMES_BYTES - used, "%s ", name);
}

static void judge_gatherings(const struct sg_verify *verify, const struct sg_verify_worker *worker,
                             struct sg_tally *tallies, uint64_t *cells) {
    struct sg_error err = {0};
    for (size_t g = 0; g < verify->gathering_count; g++) {
        size_t count;
        uint64_t *hashes = (uint64_t *)(uintptr_t)sg_verify_unique_hashes(worker, g, &count);
        assert_int_equal(sg_verify_unique_judge(verify, g, hashes, count, tallies, cells, &err), SG_OK);
    }
}

/* Names what fails: checks, and entries of the certificate. */
static void verify_run(const struct sg_manifest *manifest, char checks[NAMES_BYTES],
                       char entries[NAMES_BYTES]) {
    struct sg_error err = {0};
    struct sg_verify verify;
    struct sg_verify_worker *worker;
    assert_int_equal(sg_verify_open(&verify, manifest, folder, &err), SG_OK);
    assert_int_equal(sg_verify_worker_open(&worker, &verify, &err), SG_OK);
    for (uint16_t t = 0; t < manifest->table_count; t++)
        if (sg_verify_shard(worker, t, 0, &err) != SG_OK) fail_msg("%s", err.text);
    struct sg_tally *tallies = calloc(verify.check_count, sizeof *tallies);
    struct sg_fit *fits = calloc(verify.certificate.count, sizeof *fits);
    uint64_t *cells = calloc(verify.certificate.cells, sizeof *cells);
    memcpy(tallies, sg_verify_tallies(worker), verify.check_count * sizeof *tallies);
    memcpy(cells, sg_verify_cells(worker), verify.certificate.cells * sizeof *cells);
    judge_gatherings(&verify, worker, tallies, cells);
    sg_verify_finish(&verify, tallies);
    sg_certificate_judge(&verify.certificate, cells, fits);
    checks[0] = entries[0] = 0;
    for (size_t c = 0; c < verify.check_count; c++)
        if (tallies[c].offending) add_name(checks, verify.checks[c].name);
    for (size_t i = 0; i < verify.certificate.count; i++)
        if (fits[i].status == SG_FIT_FAIL) add_name(entries, verify.certificate.entries[i].statistic->name);
    free(tallies);
    free(cells);
    free(fits);
    sg_verify_worker_close(worker);
    sg_verify_close(&verify);
}

static void check_distortion(const struct distortion *distortion, struct sg_manifest *manifest) {
    char checks[NAMES_BYTES], entries[NAMES_BYTES];
    sg_manifest_seal(manifest);
    verify_run(manifest, checks, entries);
    assert_true(strlen(caught) + strlen(checks) + strlen(entries) + 1 < sizeof caught);
    strcat(strcat(strcat(caught, " "), checks), entries);
    if (strcmp(entries, distortion->entries) != 0 ||
        (distortion->check && !strstr(checks, distortion->check)) || (!distortion->change && *checks))
        fail_msg("%s: entries '%s', checks '%s'", distortion->name, entries, checks);
}

static void give_totals(const struct sg_dataset *dataset, const struct sg_world *world,
                        struct sg_manifest *manifest) {
    manifest->totals = calloc(dataset->total_count, sizeof *manifest->totals);
    for (uint16_t d = 0; d < dataset->domain_count; d++)
        dataset->add_totals(world, d, 0, dataset->unit_count(world, d), manifest->totals);
}

/* A run as it should be, in one shard a table. */
struct planted {
    struct sg_world *world;
    struct sg_manifest manifest;
};

static void plant(struct planted *planted, const struct sg_dataset *dataset, struct sg_run run, bool totals) {
    struct sg_error err = {0};
    run.seed = 7;
    run.as_of_day = sg_day_from_civil(2026, 6, 30);
    assert_int_equal(dataset->world_open(&run, &planted->world, &err), SG_OK);
    struct sg_manifest *manifest = &planted->manifest;
    *manifest = (struct sg_manifest){.dataset = dataset, .run = run, .format = "copy"};
    manifest->table_count = sg_tables_of_run(dataset, &run);
    manifest->tables = calloc(manifest->table_count, sizeof *manifest->tables);
    for (uint16_t t = 0; t < manifest->table_count; t++) {
        manifest->tables[t].shards = calloc(1, sizeof *manifest->tables[t].shards);
        manifest->tables[t].shard_count = 1;
        write_table(dataset, planted->world, t, &manifest->tables[t], NULL);
    }
    if (totals) give_totals(dataset, planted->world, manifest);
}

static void uproot(struct planted *planted, const struct sg_dataset *dataset) {
    sg_manifest_free(&planted->manifest);
    dataset->world_close(planted->world);
}

/* Plants one after the other in a run, and each must be named. */
static void check_distortions_of(const struct sg_dataset *dataset, struct sg_run run, bool totals,
                                 const struct distortion *distortions, size_t count) {
    struct planted planted;
    plant(&planted, dataset, run, totals);
    for (size_t d = 0; d < count; d++) {
        uint16_t t = (uint16_t)sg_table_index(dataset, distortions[d].table);
        struct sg_manifest_table *into = &planted.manifest.tables[t];
        if (distortions[d].change) write_table(dataset, planted.world, t, into, &distortions[d]);
        check_distortion(&distortions[d], &planted.manifest);
        if (distortions[d].change) write_table(dataset, planted.world, t, into, NULL);
    }
    uproot(&planted, dataset);
}

/* The same in a run of so many units. */
static inline void check_distortions(const struct sg_dataset *dataset, uint64_t units, bool totals,
                                     const struct distortion *distortions, size_t count) {
    check_distortions_of(dataset, (struct sg_run){.units = units}, totals, distortions, count);
}

#endif
