/* What a manifest says of itself: sums, digests, root, and whether two describe the same run. */
#include "io/manifest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/cell_text.h"

static void feed_shards(const void *context, struct sg_digest_state *state) {
    const struct sg_manifest_table *table = context;
    for (size_t i = 0; i < table->shard_count; i++)
        sg_digest_update(state, table->shards[i].digest.bytes, SG_DIGEST_BYTES);
}

void sg_manifest_seal_table(struct sg_manifest_table *table) {
    unsigned __int128 fingerprint = 0; /* wraps where hostile numbers would overflow */
    table->rows = table->text_bytes = table->file_bytes = 0;
    for (size_t i = 0; i < table->shard_count; i++) {
        table->rows += table->shards[i].rows;
        table->text_bytes += table->shards[i].text_bytes;
        table->file_bytes += table->shards[i].file_bytes;
        fingerprint += (unsigned __int128)table->shards[i].fingerprint;
    }
    table->fingerprint = (__int128)fingerprint;
    table->digest = sg_digest_fed(feed_shards, table);
}

/* One line of the text that the root digests. */
static void feed_line(struct sg_digest_state *state, const char *name, const char *value) {
    sg_digest_update(state, name, strlen(name));
    sg_digest_update(state, "=", 1);
    sg_digest_update(state, value, strlen(value));
    sg_digest_update(state, "\n", 1);
}

static void feed_number(struct sg_digest_state *state, const char *name, uint64_t value) {
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, value);
    feed_line(state, name, text);
}

static void feed_root(const void *context, struct sg_digest_state *state) {
    const struct sg_manifest *manifest = context;
    char as_of[SG_DATE_BYTES + 1];
    sg_date_text(manifest->run.as_of_day, as_of);
    feed_line(state, "dataset", manifest->dataset->name);
    feed_number(state, "seed", manifest->run.seed);
    feed_line(state, "as_of", as_of);
    feed_number(state, "units", manifest->run.units);
    feed_number(state, "only_unit", manifest->run.only_unit);
    if (manifest->run.anomalies_ppm) feed_number(state, "anomalies_ppm", manifest->run.anomalies_ppm);
    for (uint64_t i = 0; i < manifest->run.key_count; i++) {
        char key[SG_UUID_BYTES + 1] = "";
        sg_put_uuid(key, (const uint64_t[]){manifest->run.keys[i].high, manifest->run.keys[i].low});
        feed_line(state, "external_key", key);
    }
    feed_line(state, "tables", manifest->tables_option);
    feed_line(state, "format", manifest->format);
    for (size_t i = 0; i < manifest->table_count; i++) {
        char digest[33];
        sg_digest_text(manifest->tables[i].digest, digest);
        feed_line(state, manifest->tables[i].table->name, digest);
    }
}

void sg_manifest_seal(struct sg_manifest *manifest) {
    for (size_t i = 0; i < manifest->table_count; i++)
        sg_manifest_seal_table(&manifest->tables[i]);
    manifest->root = sg_digest_fed(feed_root, manifest);
}

void sg_manifest_free(struct sg_manifest *manifest) {
    for (size_t i = 0; i < manifest->table_count; i++)
        free(manifest->tables[i].shards);
    free(manifest->tables);
    free(manifest->totals);
    free(manifest->documents);
    free(manifest->keys);
    memset(manifest, 0, sizeof *manifest);
}

static bool same_keys(const struct sg_run *a, const struct sg_run *b) {
    return a->key_count == b->key_count &&
           (a->key_count == 0 || memcmp(a->keys, b->keys, a->key_count * sizeof *a->keys) == 0);
}

bool sg_manifest_same_run(const struct sg_manifest *a, const struct sg_manifest *b, const char **why) {
    const struct {
        const char *name;
        bool same;
    } fields[] = {
        {"dataset", strcmp(a->dataset->name, b->dataset->name) == 0},
        {"units", a->run.units == b->run.units},
        {"seed", a->run.seed == b->run.seed},
        {"as_of", a->run.as_of_day == b->run.as_of_day},
        {"only_unit", a->run.only_unit == b->run.only_unit},
        {"anomalies_ppm", a->run.anomalies_ppm == b->run.anomalies_ppm},
        {"external_keys", same_keys(&a->run, &b->run)},
        {"tables_option", strcmp(a->tables_option, b->tables_option) == 0},
        {"format", strcmp(a->format, b->format) == 0},
        {"program_version", strcmp(a->version, b->version) == 0},
        {"root", !a->table_count || !b->table_count || memcmp(&a->root, &b->root, sizeof a->root) == 0},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (fields[i].same) continue;
        *why = fields[i].name;
        return false;
    }
    return true;
}
