/* Batches into counters. Every entry is a mask of rows and a column of values; its kind counts them. */
#include "verify/measure.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/checked.h"
#include "verify/kind.h"
#include "verify/zones.h"

/* The parent last looked up for a slot. */
struct cursor {
    bool have, found, null;
    struct sg_key_image image;
    int64_t value;
};

enum { CURSORS = 2 * SG_WHERES_MAX + 3 };

/* What an entry carries from batch to batch. */
struct progress {
    struct cursor cursors[CURSORS];
    struct sg_zone_span spans[SG_ZONES_MAX];
    struct sg_kind_state kind;
};

struct sg_measure {
    const struct sg_certificate *certificate;
    struct sg_parents *parents;
    uint64_t *cells;
    struct progress *progress;
    int64_t *values, *other; /* one batch each */
    uint8_t *keep, *null, *other_null;
};

static void want(struct sg_parents *parents, const struct sg_slot *slot) {
    if (slot->via >= 0 && slot->parent >= 0) sg_parents_want(parents, (size_t)slot->parent, slot->column);
}

static void want_columns(struct sg_parents *parents, const struct sg_resolved *entry) {
    const struct sg_resolved_selection *terms[] = {&entry->of, &entry->by};
    const struct sg_selection *declared[] = {&entry->statistic->of, &entry->statistic->by};
    if (entry->absent) return;
    for (int t = 0; t < 2; t++) {
        if (terms[t]->table < 0) continue;
        want(parents, &terms[t]->slot);
        for (int w = 0; w < SG_WHERES_MAX && declared[t]->where[w].test != SG_TEST_END; w++)
            want(parents, &terms[t]->where[w].slot);
    }
    want(parents, &entry->zone);
}

enum sg_code sg_measure_open(struct sg_measure **out, const struct sg_certificate *certificate,
                             struct sg_parents *parents, struct sg_error *err) {
    struct sg_measure *m = *out = calloc(1, sizeof *m);
    if (!m) return sg_fail(err, SG_SYSTEM, "no memory for measurements");
    m->certificate = certificate;
    m->parents = parents;
    m->cells = sg_alloc_array(certificate->cells, sizeof *m->cells);
    m->progress = sg_alloc_array(certificate->count, sizeof *m->progress);
    m->values = sg_alloc_array(SG_BATCH_ROWS, sizeof *m->values);
    m->other = sg_alloc_array(SG_BATCH_ROWS, sizeof *m->other);
    m->keep = sg_alloc_array(SG_BATCH_ROWS, 1);
    m->null = sg_alloc_array(SG_BATCH_ROWS, 1);
    m->other_null = sg_alloc_array(SG_BATCH_ROWS, 1);
    if (!m->cells || !m->progress || !m->values || !m->other || !m->keep || !m->null || !m->other_null)
        return sg_fail(err, SG_SYSTEM, "no memory for measurements");
    for (size_t i = 0; i < certificate->count; i++)
        want_columns(parents, &certificate->entries[i]);
    return SG_OK;
}

void sg_measure_close(struct sg_measure *m) {
    if (!m) return;
    free(m->cells);
    free(m->progress);
    free(m->values);
    free(m->other);
    free(m->keep);
    free(m->null);
    free(m->other_null);
    free(m);
}

const uint64_t *sg_measure_cells(const struct sg_measure *measure) {
    return measure->cells;
}

static enum sg_code look_up(struct sg_measure *m, const struct sg_slot *slot, struct cursor *cursor,
                            struct sg_key_image image, struct sg_error *err) {
    if (cursor->have && cursor->image.order == image.order && cursor->image.identity == image.identity)
        return SG_OK;
    cursor->null = false;
    SG_TRY(sg_parents_find(m->parents, (size_t)slot->parent, slot->key, image, slot->column, &cursor->found,
                           &cursor->value, &cursor->null, err));
    cursor->have = true;
    cursor->image = image;
    return SG_OK;
}

/* The values of a slot in a batch, and which are NULL; orphans count as NULL, their foreign key names them.
 */
static enum sg_code fetch(struct sg_measure *m, const struct sg_slot *slot, struct cursor *cursor,
                          const struct sg_batch *batch, int64_t *values, uint8_t *null,
                          struct sg_error *err) {
    if (slot->via < 0) {
        sg_values_of_column(batch, slot->column, values);
        memcpy(null, batch->vectors[slot->column].null, batch->rows);
        return SG_OK;
    }
    const uint8_t *via_null = batch->vectors[slot->via].null;
    for (size_t i = 0; i < batch->rows; i++) {
        null[i] = 1;
        if (via_null[i] || !m->keep[i]) continue;
        SG_TRY(look_up(m, slot, cursor, sg_key_image_of_cell(batch, i, slot->via), err));
        null[i] = !cursor->found || cursor->null;
        values[i] = cursor->value;
    }
    return SG_OK;
}

static void keep_matching(struct sg_measure *m, size_t rows, enum sg_test test,
                          const struct sg_resolved_where *where) {
    const int64_t *v = m->values, bound = where->bound;
    const uint8_t *null = m->null;
    uint8_t *keep = m->keep;
    for (size_t i = 0; i < rows; i++) {
        bool holds = false;
        switch (test) {
        case SG_TEST_LABEL:
            holds = !null[i] && (where->labels >> (v[i] & 63) & 1);
            break;
        case SG_TEST_NULL:
            holds = null[i];
            break;
        case SG_TEST_NOT_NULL:
            holds = !null[i];
            break;
        case SG_TEST_FROM:
        case SG_TEST_SINCE:
            holds = !null[i] && v[i] >= bound;
            break;
        case SG_TEST_OPEN_OR_SINCE:
            holds = null[i] || v[i] >= bound;
            break;
        default:
            holds = !null[i] && v[i] < bound;
        }
        keep[i] &= holds;
    }
}

/* Leaves in m->keep the rows of a term, and in `values` the column it looks at. */
static enum sg_code select_rows(struct sg_measure *m, const struct sg_selection *term,
                                const struct sg_resolved_selection *resolved, struct cursor *cursors,
                                const struct sg_batch *batch, int64_t *values, struct sg_error *err) {
    memset(m->keep, 1, batch->rows);
    for (int w = 0; w < SG_WHERES_MAX && term->where[w].test != SG_TEST_END; w++) {
        SG_TRY(fetch(m, &resolved->where[w].slot, &cursors[w], batch, m->values, m->null, err));
        keep_matching(m, batch->rows, term->where[w].test, &resolved->where[w]);
    }
    if (resolved->slot.column < 0) return SG_OK;
    SG_TRY(fetch(m, &resolved->slot, &cursors[SG_WHERES_MAX], batch, values, m->null, err));
    for (size_t i = 0; i < batch->rows; i++)
        m->keep[i] &= !m->null[i];
    return SG_OK;
}

/* Instants become local ones; rows without a zone drop out. Days become their midnight. */
static enum sg_code localise(struct sg_measure *m, const struct sg_resolved *entry, struct progress *progress,
                             const struct sg_batch *batch, struct sg_error *err) {
    bool is_day = entry->of.slot.declared->type == SG_DATE && entry->statistic->class_count &&
                  entry->statistic->classes >= SG_CLASSES_HOUR;
    for (size_t i = 0; is_day && i < batch->rows; i++)
        m->values[i] *= SG_DAY_S;
    if (entry->zone.column < 0) return SG_OK;
    SG_TRY(fetch(m, &entry->zone, &progress->cursors[CURSORS - 1], batch, m->other, m->null, err));
    for (size_t i = 0; i < batch->rows; i++) {
        m->keep[i] &= !m->null[i];
        if (!m->keep[i]) continue;
        uint64_t label = (uint64_t)m->other[i] % SG_ZONES_MAX;
        m->values[i] = sg_zone_local(entry->zones[label], m->values[i], &progress->spans[label]);
    }
    return SG_OK;
}

static enum sg_code measure_of(struct sg_measure *m, const struct sg_resolved *entry,
                               struct progress *progress, const struct sg_batch *batch,
                               struct sg_error *err) {
    const struct sg_kind *kind = sg_kind_of(entry->statistic);
    bool column = entry->of.slot.column >= 0, pair = kind->pairs && entry->by.slot.column >= 0;
    struct sg_taken taken = {batch, batch->rows, m->keep, column ? m->values : NULL, NULL, NULL};
    SG_TRY(select_rows(m, &entry->statistic->of, &entry->of, progress->cursors, batch, m->values, err));
    if (column) SG_TRY(localise(m, entry, progress, batch, err));
    if (pair) {
        SG_TRY(fetch(m, &entry->by.slot, &progress->cursors[2 * SG_WHERES_MAX + 1], batch, m->other,
                     m->other_null, err));
        taken.other = m->other;
        taken.other_null = m->other_null;
    }
    kind->count(entry, &taken, &progress->kind, m->cells + entry->cell);
    return SG_OK;
}

static enum sg_code measure_by(struct sg_measure *m, const struct sg_resolved *entry,
                               struct progress *progress, const struct sg_batch *batch,
                               struct sg_error *err) {
    int64_t *values = entry->by.slot.column < 0 ? NULL : m->values;
    struct sg_taken taken = {batch, batch->rows, m->keep, values, NULL, NULL};
    SG_TRY(select_rows(m, &entry->statistic->by, &entry->by, progress->cursors + SG_WHERES_MAX + 1, batch,
                       m->values, err));
    sg_kind_of(entry->statistic)->count_by(entry, &taken, &progress->kind, m->cells + entry->cell);
    return SG_OK;
}

enum sg_code sg_measure_batch(struct sg_measure *m, uint16_t table, const struct sg_batch *batch,
                              struct sg_error *err) {
    for (size_t i = 0; i < m->certificate->count; i++) {
        const struct sg_resolved *entry = &m->certificate->entries[i];
        if (entry->absent) continue;
        if (entry->of.table == table) SG_TRY(measure_of(m, entry, &m->progress[i], batch, err));
        if (entry->by.table == table && sg_kind_of(entry->statistic)->count_by)
            SG_TRY(measure_by(m, entry, &m->progress[i], batch, err));
    }
    return SG_OK;
}

void sg_measure_end_shard(struct sg_measure *m, uint16_t table) {
    for (size_t i = 0; i < m->certificate->count; i++) {
        const struct sg_resolved *entry = &m->certificate->entries[i];
        const struct sg_kind *kind = sg_kind_of(entry->statistic);
        if (kind->end_shard && entry->of.table == table)
            kind->end_shard(&m->progress[i].kind, m->cells + entry->cell);
    }
}
