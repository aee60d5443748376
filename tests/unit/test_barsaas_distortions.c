/* Distortions planted in the shards of barsaas, as a wrong generator would write them (with digests and a
 * manifest that agree): verification must name each by its own checks and its own entries of the certificate,
 * and by no other entry. tests/cli/test_certificate_database.py plants the same in PostgreSQL. timeout: 300
 */
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
#include "datasets/barsaas/tables.h"
#include "verify/verify.h"

enum { ACCOUNTS = 50, NAMES_BYTES = 2048 };

/* Changes one cell; true when it did. */
typedef bool change_fn(struct sg_batch *batch, size_t row, int column);

static const struct distortion {
    const char *name, *table, *column;
    uint64_t first, rows; /* of the table, 0-based: rows the change is tried on */
    uint64_t most;        /* rows changed at most, 0 = all */
    change_fn *change;
    const char *entries; /* of the certificate that fail, in order */
    const char *check;   /* that fails, too; NULL = whichever do */
} distortions[];

#define CELL(ctype) (((ctype *)batch->vectors[column].data)[row])

static uint16_t code_of(const struct sg_batch *batch, int column, const char *label) {
    uint64_t bit = sg_rule_labels(&batch->table->columns[column], label);
    assert_true(bit != 0);
    return (uint16_t)__builtin_ctzll(bit);
}

static bool earlier(struct sg_batch *batch, size_t row, int column) {
    CELL(int64_t) -= 3 * SG_HOUR_S;
    return true;
}

static bool much_later(struct sg_batch *batch, size_t row, int column) {
    CELL(int64_t) += 100 * SG_DAY_S;
    return true;
}

static bool doubled(struct sg_batch *batch, size_t row, int column) {
    CELL(int64_t) *= 2;
    return true;
}

static bool one_more(struct sg_batch *batch, size_t row, int column) {
    if (sg_type_bytes(batch->table->columns[column].type) == 8)
        CELL(int64_t)++;
    else
        CELL(int32_t)++;
    return true;
}

static bool to_nobody(struct sg_batch *batch, size_t row, int column) {
    CELL(int64_t) = 99999999;
    return true;
}

static bool minute_longer(struct sg_batch *batch, size_t row, int column) {
    int views = sg_column_index(batch->table, "page_views");
    if (((const int16_t *)batch->vectors[views].data)[row] != 2) return false;
    CELL(int16_t) += 60;
    return true;
}

static bool to_enterprise(struct sg_batch *batch, size_t row, int column) {
    if (CELL(uint16_t) != code_of(batch, column, "Basic")) return false;
    CELL(uint16_t) = code_of(batch, column, "Enterprise");
    return true;
}

static bool to_admin(struct sg_batch *batch, size_t row, int column) {
    if (CELL(uint16_t) != code_of(batch, column, "Staff")) return false;
    CELL(uint16_t) = code_of(batch, column, "Admin");
    return true;
}

static bool taken_back(struct sg_batch *batch, size_t row, int column) {
    if (CELL(uint16_t) != code_of(batch, column, "paid")) return false;
    CELL(uint16_t) = code_of(batch, column, "open");
    return true;
}

static bool urgent(struct sg_batch *batch, size_t row, int column) {
    if (!batch->vectors[sg_column_index(batch->table, "device_id")].null[row]) return false;
    CELL(uint16_t) = code_of(batch, column, "URGENT");
    return true;
}

static const struct distortion distortions[] = {
    {"nothing", "accounts", "id", 0, 0, 0, NULL, "", NULL},
    {"hours shifted by three", "tap_events", "timestamp", 0, UINT64_MAX, 0, earlier, "tap_hours ",
     "tap_not_before_installation"},
    {"one account of another tier", "accounts", "subscription_tier", 0, UINT64_MAX, 1, to_enterprise,
     "account_tiers ", "account_mrr_of_enterprise"},
    {"a doubled charge", "stripe_charges", "amount", 0, 1, 0, doubled,
     "charged_is_invoiced received_is_charged ", "charges_pay_their_invoice"},
    {"a touchpoint after its conversion", "attribution_touchpoints", "timestamp", 39, 1, 0, much_later, "",
     "touch_before_mql"},
    {"a device that moves", "tap_events", "location_id", 500, 3, 0, one_more, "", "tap_location_is_devices"},
    {"an orphan", "page_views", "session_id", 77, 1, 0, to_nobody, "", "foreign key session_id"},
    {"a user of another role", "users", "role", 0, UINT64_MAX, 1, to_admin, "user_roles ", NULL},
    {"paid invoices taken back", "stripe_invoices", "status", 0, UINT64_MAX, 40, taken_back,
     "payment_success charges_of_paid_invoices ", "invoice_unpaid_takes_nothing"},
    {"urgent tickets only", "hubspot_tickets", "priority", 0, UINT64_MAX, 0, urgent,
     "ticket_priorities seconds_to_first_response_urgent seconds_to_close_urgent ", NULL},
    {"a spend that nobody reported", "campaign_performance", "spend", 0, 1, 0, one_more,
     "campaign_spend_by_day ", "performance_spend_sum"},
    {"an event that was not counted", "device_health", "event_count", 5, 1, 0, one_more, "health_events ",
     NULL},
    {"visits that all last longer", "google_analytics_sessions", "session_duration", 0, UINT64_MAX, 0,
     minute_longer, "web_visit_of_two_pages ", NULL},
};

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

static char folder[] = "/tmp/synthgen-distortions-XXXXXX";

static void write_table(const struct sg_world *world, uint16_t number, struct sg_manifest_table *into,
                        const struct distortion *distortion) {
    struct sg_error err = {0};
    struct passage passage = {.distortion = distortion};
    struct sg_emitter emitter;
    char path[96];
    const struct sg_table *table = into->table = bs_dataset.tables[number];
    snprintf(path, sizeof path, "%s/%s-00000.copy.zst", table->name, table->name);
    assert_int_equal(sg_shard_create(&passage.writer, folder, path, table, sg_format_find("copy"),
                                     (struct sg_compression){SG_COMPRESS_PLAIN, 1}, 0, &err),
                     SG_OK);
    assert_int_equal(sg_emitter_open(&emitter, table, pass, &passage, &err), SG_OK);
    uint64_t units = bs_dataset.unit_count(world, table->domain);
    assert_int_equal(bs_dataset.generate(world, number, 0, units, &emitter, &err), SG_OK);
    assert_int_equal(sg_emitter_flush(&emitter, &err), SG_OK);
    sg_emitter_close(&emitter);
    assert_int_equal(sg_shard_finish(passage.writer, into->shards, &err), SG_OK);
    assert_true(!distortion || passage.changed > 0);
}

static void add_name(char names[NAMES_BYTES], const char *name) {
    size_t used = strlen(names);
    snprintf(names + used, NAMES_BYTES - used, "%s ", name);
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
    memcpy(tallies, sg_verify_tallies(worker), verify.check_count * sizeof *tallies);
    sg_verify_finish(&verify, tallies);
    sg_certificate_judge(&verify.certificate, sg_verify_cells(worker), fits);
    checks[0] = entries[0] = 0;
    for (size_t c = 0; c < verify.check_count; c++)
        if (tallies[c].offending) add_name(checks, verify.checks[c].name);
    for (size_t i = 0; i < verify.certificate.count; i++)
        if (fits[i].status == SG_FIT_FAIL) add_name(entries, verify.certificate.entries[i].statistic->name);
    free(tallies);
    free(fits);
    sg_verify_worker_close(worker);
    sg_verify_close(&verify);
}

static void check_distortion(const struct distortion *distortion, struct sg_manifest *manifest) {
    char checks[NAMES_BYTES], entries[NAMES_BYTES];
    sg_manifest_seal(manifest);
    verify_run(manifest, checks, entries);
    if (strcmp(entries, distortion->entries) != 0 ||
        (distortion->check && !strstr(checks, distortion->check)) || (!distortion->change && *checks))
        fail_msg("%s: entries '%s', checks '%s'", distortion->name, entries, checks);
}

static void each_distortion_is_named(void **state) {
    (void)state;
    struct sg_error err = {0};
    struct sg_run run = {.seed = 7, .as_of_day = sg_day_from_civil(2026, 6, 30), .units = ACCOUNTS};
    struct sg_world *world;
    assert_int_equal(bs_dataset.world_open(&run, &world, &err), SG_OK);
    struct sg_manifest manifest = {.dataset = &bs_dataset, .run = run, .format = "copy"};
    manifest.table_count = sg_tables_of_run(&bs_dataset, &run);
    manifest.tables = calloc(manifest.table_count, sizeof *manifest.tables);
    for (uint16_t t = 0; t < manifest.table_count; t++) {
        manifest.tables[t].shards = calloc(1, sizeof *manifest.tables[t].shards);
        manifest.tables[t].shard_count = 1;
        write_table(world, t, &manifest.tables[t], NULL);
    }
    for (size_t d = 0; d < sizeof distortions / sizeof *distortions; d++) {
        const struct distortion *distortion = &distortions[d];
        uint16_t t = (uint16_t)sg_table_index(&bs_dataset, distortion->table);
        if (distortion->change) write_table(world, t, &manifest.tables[t], distortion);
        check_distortion(distortion, &manifest);
        if (distortion->change) write_table(world, t, &manifest.tables[t], NULL);
    }
    sg_manifest_free(&manifest);
    bs_dataset.world_close(world);
}

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_distortion_is_named)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
