/* From declared statistics to resolved ones: names become indices, bounds become stored units. */
#include "verify/certificate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/checked.h"
#include "io/fingerprint.h"
#include "model/rule.h"
#include "model/shape.h"
#include "verify/ask.h"
#include "verify/kind.h"
#include "verify/zones.h"

static int find_table(const struct sg_manifest *manifest, const char *name) {
    for (size_t i = 0; name && i < manifest->table_count; i++)
        if (strcmp(manifest->tables[i].table->name, name) == 0) return (int)i;
    return -1;
}

static const struct sg_slot NO_SLOT = {
    .column = -1, .via = -1, .parent = -1, .beyond = -1, .middle = -1, .less = -1, .less_via = -1};

static enum sg_code unknown(const struct sg_resolved *entry, const char *what, struct sg_error *err) {
    return sg_fail(err, SG_INTERNAL, "statistic %s names %s, which its table does not have",
                   entry->statistic->name, what);
}

/* Follows a foreign key column of a table: which column, and where it leads. */
static enum sg_code resolve_step(const struct sg_manifest *manifest, struct sg_resolved *entry, int table,
                                 const char *name, size_t length, int *column, struct sg_slot *slot,
                                 struct sg_error *err) {
    const struct sg_table *holder = manifest->tables[table].table;
    for (int i = 0; i < holder->foreign_key_count; i++) {
        const struct sg_foreign_key *key = &holder->foreign_keys[i];
        if (strlen(key->column) != length || strncmp(key->column, name, length) != 0) continue;
        *column = sg_column_index(holder, key->column);
        slot->parent = find_table(manifest, key->parent);
        entry->absent |= slot->parent < 0;
        if (slot->parent < 0) return SG_OK;
        slot->key = sg_column_index(manifest->tables[slot->parent].table, key->parent_column);
        return *column < 0 || slot->key < 0 ? unknown(entry, name, err) : SG_OK;
    }
    return unknown(entry, name, err);
}

static enum sg_code resolve_slot(const struct sg_manifest *manifest, struct sg_resolved *entry, int table,
                                 const char *column, const char *via, struct sg_slot *slot,
                                 struct sg_error *err) {
    *slot = NO_SLOT;
    if (!column) return SG_OK;
    if (via) {
        const char *rest = strchr(via, '.');
        size_t length = rest ? (size_t)(rest - via) : strlen(via);
        SG_TRY(resolve_step(manifest, entry, table, via, length, &slot->via, slot, err));
        if (entry->absent) return SG_OK;
        if (slot->via >= SG_ASK_COLUMNS_MAX) return unknown(entry, via, err);
        slot->middle = slot->parent;
        if (rest)
            SG_TRY(resolve_step(manifest, entry, slot->middle, rest + 1, strlen(rest + 1), &slot->beyond,
                                slot, err));
        if (entry->absent) return SG_OK;
        if (slot->beyond >= SG_BEYOND_MAX) return unknown(entry, via, err);
        table = slot->parent;
    }
    const struct sg_table *holder = manifest->tables[table].table;
    slot->column = sg_column_index(holder, column);
    if (slot->column < 0) return unknown(entry, column, err);
    slot->declared = &holder->columns[slot->column];
    return SG_OK;
}

/* The column beside a slot: of the same type, scale and labels. */
static enum sg_code resolve_less(const struct sg_manifest *manifest, struct sg_resolved *entry, int table,
                                 const char *less, const char *via, struct sg_slot *slot,
                                 struct sg_error *err) {
    struct sg_slot beside;
    if (!less || entry->absent) return SG_OK;
    SG_TRY(resolve_slot(manifest, entry, table, less, via, &beside, err));
    if (entry->absent) return SG_OK;
    if (beside.beyond >= 0) return unknown(entry, via, err);
    slot->less = beside.column;
    slot->less_via = beside.via;
    slot->less_declared = beside.declared;
    const struct sg_column *a = slot->declared, *b = slot->less_declared;
    bool alike = a && a->type == b->type && a->scale == b->scale && a->labels == b->labels;
    return alike ? SG_OK : unknown(entry, less, err);
}

/* The month some months before a day's, "2026-05". */
static void month_text(int32_t day, int64_t months, char out[8]) {
    struct sg_civil date = sg_civil_from_day(day);
    date = sg_civil_from_day(sg_add_months(sg_day_from_civil(date.year, date.month, 1), -(int32_t)months));
    snprintf(out, 8, "%04u-%02u", (unsigned)date.year % 10000, (unsigned)date.month % 100);
}

/* Images of the texts "a|b". */
static enum sg_code resolve_texts(const struct sg_resolved *entry, const char *texts,
                                  struct sg_resolved_where *resolved, struct sg_error *err) {
    if (resolved->slot.declared->type != SG_TEXT) return unknown(entry, texts, err);
    resolved->bound = (int64_t)sg_hash_bytes(texts, strlen(texts));
    for (const char *text = texts;; text++) {
        size_t length = strcspn(text, "|");
        if (resolved->text_count == SG_TEXTS_MAX) return unknown(entry, texts, err);
        resolved->texts[resolved->text_count++] = (int64_t)sg_hash_bytes(text, length);
        text += length;
        if (!*text) return SG_OK;
    }
}

static enum sg_code resolve_where(const struct sg_manifest *manifest, struct sg_resolved *entry, int table,
                                  const struct sg_where *where, struct sg_resolved_where *resolved,
                                  struct sg_error *err) {
    SG_TRY(resolve_slot(manifest, entry, table, where->column, where->via, &resolved->slot, err));
    if (entry->absent) return SG_OK;
    resolved->bound = where->value;
    if (where->other)
        return resolve_less(manifest, entry, table, where->other, where->other_via, &resolved->slot, err);
    if (where->less)
        return resolve_less(manifest, entry, table, where->less, where->less_via, &resolved->slot, err);
    if (where->test == SG_TEST_LABEL) {
        resolved->labels = sg_rule_labels(resolved->slot.declared, where->labels);
        return resolved->labels ? SG_OK : unknown(entry, where->labels, err);
    }
    if (where->test == SG_TEST_MONTH) {
        month_text(manifest->run.as_of_day, where->value, resolved->month);
        return resolve_texts(entry, resolved->month, resolved, err);
    }
    if (where->test == SG_TEST_SHAPE) {
        bool own_text = !where->via && resolved->slot.declared->type == SG_TEXT;
        return own_text && sg_shape_reads(where->labels) ? SG_OK : unknown(entry, where->labels, err);
    }
    if (where->test == SG_TEST_TEXT || where->test == SG_TEST_OTHER_TEXT)
        return resolve_texts(entry, where->labels, resolved, err);
    if (where->test >= SG_TEST_SINCE) {
        struct sg_civil now = sg_civil_from_day(manifest->run.as_of_day);
        int32_t from =
            where->month_start ? sg_day_from_civil(now.year, now.month, 1) : manifest->run.as_of_day;
        int32_t day =
            where->days ? from - (int32_t)where->value : sg_add_months(from, -(int32_t)where->value);
        resolved->bound = resolved->slot.declared->type == SG_DATE ? day : (int64_t)day * SG_DAY_S;
    }
    return SG_OK;
}

/* The row's own dates: what holds of a parent's does not bound the rows. */
static int32_t days_of(const struct sg_manifest *manifest, const struct sg_selection *term,
                       const struct sg_resolved_selection *resolved) {
    int64_t since = INT64_MAX, before = manifest->run.as_of_day;
    for (int i = 0; i < SG_WHERES_MAX && term->where[i].test != SG_TEST_END; i++) {
        const struct sg_slot *slot = &resolved->where[i].slot;
        if (slot->via >= 0) continue;
        int64_t bound = resolved->where[i].bound;
        int64_t day = slot->declared->type == SG_DATE ? bound : bound / SG_DAY_S;
        if (term->where[i].test == SG_TEST_SINCE) since = day;
        if (term->where[i].test == SG_TEST_BEFORE) before = day;
    }
    return since < before ? (int32_t)(before - since) : 0;
}

static enum sg_code resolve_term(const struct sg_manifest *manifest, struct sg_resolved *entry,
                                 const struct sg_selection *term, struct sg_resolved_selection *resolved,
                                 struct sg_error *err) {
    resolved->table = find_table(manifest, term->table);
    if (!term->table) return SG_OK;
    if (resolved->table < 0) {
        entry->absent = true;
        return SG_OK;
    }
    SG_TRY(resolve_slot(manifest, entry, resolved->table, term->column, term->via, &resolved->slot, err));
    SG_TRY(resolve_less(manifest, entry, resolved->table, term->less, term->less_via, &resolved->slot, err));
    for (int i = 0; i < SG_WHERES_MAX && term->where[i].test != SG_TEST_END; i++)
        SG_TRY(resolve_where(manifest, entry, resolved->table, &term->where[i], &resolved->where[i], err));
    if (!entry->absent) resolved->days = days_of(manifest, term, resolved);
    return SG_OK;
}

static enum sg_code resolve_zone(const struct sg_manifest *manifest, struct sg_resolved *entry,
                                 struct sg_error *err) {
    const struct sg_statistic *statistic = entry->statistic;
    SG_TRY(resolve_slot(manifest, entry, entry->of.table, statistic->zone.column, statistic->zone.via,
                        &entry->zone, err));
    if (entry->zone.column < 0) return SG_OK;
    const struct sg_enum *labels = entry->zone.declared->labels;
    if (!labels || labels->count > SG_ZONES_MAX) return unknown(entry, statistic->zone.column, err);
    for (uint16_t i = 0; i < labels->count; i++) {
        entry->zones[i] = sg_zone_find(labels->labels[i]);
        if (entry->zones[i] < 0) return unknown(entry, labels->labels[i], err);
    }
    return SG_OK;
}

static enum sg_code resolve_features(const struct sg_manifest *manifest, struct sg_resolved *entry,
                                     struct sg_error *err) {
    uint16_t count = entry->statistic->feature_count;
    if (!count) return SG_OK;
    if (count > SG_FEATURES_MAX) return unknown(entry, "more features than there may be", err);
    entry->features = sg_alloc_array(count, sizeof *entry->features);
    if (!entry->features) return sg_fail(err, SG_SYSTEM, "no memory for the certificate");
    for (uint16_t i = 0; i < count && !entry->absent; i++)
        SG_TRY(resolve_term(manifest, entry, &entry->statistic->features[i].of, &entry->features[i], err));
    return SG_OK;
}

static enum sg_code resolve(const struct sg_manifest *manifest, struct sg_resolved *entry,
                            struct sg_error *err) {
    const struct sg_statistic *statistic = entry->statistic;
    SG_TRY(resolve_term(manifest, entry, &statistic->of, &entry->of, err));
    SG_TRY(resolve_term(manifest, entry, &statistic->by, &entry->by, err));
    if (!entry->absent) SG_TRY(resolve_features(manifest, entry, err));
    if (entry->absent) return SG_OK;
    SG_TRY(resolve_zone(manifest, entry, err));
    const struct sg_kind *kind = sg_kind_of(statistic);
    return kind->resolve ? kind->resolve(manifest, entry, err) : SG_OK;
}

static enum sg_code add_entry(struct sg_certificate *certificate, const struct sg_statistic *statistic,
                              struct sg_error *err) {
    struct sg_resolved *entry = &certificate->entries[certificate->count++];
    const struct sg_run *run = &certificate->manifest->run;
    *entry = (struct sg_resolved){.statistic = statistic,
                                  .as_of_day = run->as_of_day,
                                  .expected = statistic->expected *
                                              (statistic->of_anomalies ? run->anomalies_ppm / 1e6 : 1),
                                  .of.table = -1,
                                  .by.table = -1};
    entry->cell = certificate->cells;
    entry->cells = sg_kind_of(statistic)->cells(statistic);
    certificate->cells += entry->cells;
    return resolve(certificate->manifest, entry, err);
}

static enum sg_code add_totals(struct sg_certificate *certificate, struct sg_error *err) {
    const struct sg_manifest *manifest = certificate->manifest;
    for (uint16_t i = 0; manifest->dataset && i < manifest->dataset->total_count; i++) {
        SG_TRY(add_entry(certificate, &manifest->dataset->totals[i], err));
        struct sg_resolved *entry = &certificate->entries[certificate->count - 1];
        entry->planned = manifest->totals != NULL;
        if (entry->planned) entry->total = manifest->totals[i];
    }
    return SG_OK;
}

enum sg_code sg_certificate_open(struct sg_certificate *certificate, const struct sg_manifest *manifest,
                                 const struct sg_statistic *statistics, size_t count, struct sg_error *err) {
    *certificate = (struct sg_certificate){.manifest = manifest};
    if (manifest->run.only_unit) return SG_OK;
    size_t all = count + (manifest->dataset ? manifest->dataset->total_count : 0);
    certificate->entries = sg_alloc_array(all, sizeof *certificate->entries);
    certificate->chances = sg_alloc_array(all, sizeof *certificate->chances);
    if (!certificate->entries || !certificate->chances)
        return sg_fail(err, SG_SYSTEM, "no memory for the certificate");
    for (size_t i = 0; i < count; i++)
        SG_TRY(add_entry(certificate, &statistics[i], err));
    return add_totals(certificate, err);
}

void sg_certificate_close(struct sg_certificate *certificate) {
    for (size_t i = 0; i < certificate->count; i++)
        free(certificate->entries[i].features);
    free(certificate->entries);
    free(certificate->chances);
    *certificate = (struct sg_certificate){0};
}
