/* Batches into counters. Every entry is a mask of rows, a column of values, and something that counts them.
 */
#include "verify/measure.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/checked.h"
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
    struct sg_key_image group; /* DEGREE: the parent in hand */
    uint64_t group_rows;
};

struct sg_measure {
    const struct sg_certificate *certificate;
    struct sg_parents *parents;
    uint64_t *cells;
    struct progress *progress;
    int64_t *values, *other; /* one batch each */
    uint8_t *keep, *null;
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
    if (!m->cells || !m->progress || !m->values || !m->other || !m->keep || !m->null)
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
                          const struct sg_batch *batch, int64_t *values, struct sg_error *err) {
    if (slot->via < 0) {
        sg_values_of_column(batch, slot->column, values);
        memcpy(m->null, batch->vectors[slot->column].null, batch->rows);
        return SG_OK;
    }
    const uint8_t *via_null = batch->vectors[slot->via].null;
    for (size_t i = 0; i < batch->rows; i++) {
        m->null[i] = 1;
        if (via_null[i] || !m->keep[i]) continue;
        SG_TRY(look_up(m, slot, cursor, sg_key_image_of_cell(batch, i, slot->via), err));
        m->null[i] = !cursor->found || cursor->null;
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
        SG_TRY(fetch(m, &resolved->where[w].slot, &cursors[w], batch, m->values, err));
        keep_matching(m, batch->rows, term->where[w].test, &resolved->where[w]);
    }
    if (resolved->slot.column < 0) return SG_OK;
    SG_TRY(fetch(m, &resolved->slot, &cursors[SG_WHERES_MAX], batch, values, err));
    for (size_t i = 0; i < batch->rows; i++)
        m->keep[i] &= !m->null[i];
    return SG_OK;
}

static uint64_t class_of(const struct sg_statistic *statistic, int64_t value) {
    int32_t day;
    int64_t at;
    switch (statistic->classes) {
    case SG_CLASSES_LABEL:
        return (uint64_t)value;
    case SG_CLASSES_VALUE:
        if (value < statistic->bins.low) return UINT64_MAX;
        return (uint64_t)(value - statistic->bins.low) /
               (uint64_t)(statistic->bins.width ? statistic->bins.width : 1);
    case SG_CLASSES_HOUR:
        at = value % SG_DAY_S;
        return (uint64_t)(at < 0 ? at + SG_DAY_S : at) / SG_HOUR_S;
    case SG_CLASSES_WEEKDAY:
        return (uint64_t)sg_weekday(sg_day_of(value));
    default:
        day = sg_day_of(value);
        return (uint64_t)sg_civil_from_day(day).month - 1;
    }
}

/* Instants become local ones; rows without a zone drop out. Days become their midnight. */
static enum sg_code localise(struct sg_measure *m, const struct sg_resolved *entry, struct progress *progress,
                             const struct sg_batch *batch, struct sg_error *err) {
    bool is_day = entry->of.slot.declared->type == SG_DATE && entry->statistic->classes >= SG_CLASSES_HOUR;
    for (size_t i = 0; is_day && i < batch->rows; i++)
        m->values[i] *= SG_DAY_S;
    if (entry->zone.column < 0) return SG_OK;
    SG_TRY(fetch(m, &entry->zone, &progress->cursors[CURSORS - 1], batch, m->other, err));
    for (size_t i = 0; i < batch->rows; i++) {
        m->keep[i] &= !m->null[i];
        if (!m->keep[i]) continue;
        uint64_t label = (uint64_t)m->other[i] % SG_ZONES_MAX;
        m->values[i] = sg_zone_local(entry->zones[label], m->values[i], &progress->spans[label]);
    }
    return SG_OK;
}

static enum sg_code count_classes(struct sg_measure *m, const struct sg_resolved *entry,
                                  struct progress *progress, const struct sg_batch *batch,
                                  struct sg_error *err) {
    const struct sg_statistic *statistic = entry->statistic;
    uint64_t *cells = m->cells + entry->cell;
    SG_TRY(localise(m, entry, progress, batch, err));
    for (size_t i = 0; i < batch->rows; i++) {
        if (!m->keep[i]) continue;
        uint64_t class = class_of(statistic, m->values[i]);
        cells[class < statistic->class_count ? class : statistic->class_count]++;
    }
    return SG_OK;
}

/* Cell k counts values below knot k and not below the one before. */
static void count_curve(struct sg_measure *m, const struct sg_resolved *entry, size_t rows) {
    const struct sg_statistic *statistic = entry->statistic;
    uint64_t *cells = m->cells + entry->cell;
    for (size_t i = 0; i < rows; i++) {
        if (!m->keep[i]) continue;
        uint16_t k = 0;
        while (k < statistic->curve_count && m->values[i] >= statistic->curve[k].value)
            k++;
        cells[k]++;
    }
}

static void add_up(const struct sg_measure *m, size_t rows, const int64_t *values, uint64_t *cells) {
    for (size_t i = 0; i < rows; i++) {
        if (!m->keep[i]) continue;
        cells[0]++;
        if (values) cells[1] += (uint64_t)values[i];
    }
}

static void close_group(struct progress *progress, uint64_t *cells) {
    if (!progress->group_rows) return;
    cells[progress->group_rows <= SG_DEGREES ? progress->group_rows - 1 : SG_DEGREES]++;
    progress->group_rows = 0;
}

static void count_degrees(struct sg_measure *m, const struct sg_resolved *entry, struct progress *progress,
                          const struct sg_batch *batch) {
    uint64_t *cells = m->cells + entry->cell;
    for (size_t i = 0; i < batch->rows; i++) {
        if (!m->keep[i]) continue;
        struct sg_key_image image = sg_key_image_of_cell(batch, i, entry->of.slot.column);
        if (image.order != progress->group.order || image.identity != progress->group.identity)
            close_group(progress, cells);
        progress->group = image;
        progress->group_rows++;
        cells[SG_DEGREES + 1]++;
    }
}

static size_t bin_of(const struct sg_bins *bins, int64_t value) {
    int64_t bin = (value - bins->low) / (bins->width ? bins->width : 1);
    return bin < 0 ? 0 : bin >= SG_CORRELATION_BINS ? SG_CORRELATION_BINS - 1 : (size_t)bin;
}

static enum sg_code count_pairs(struct sg_measure *m, const struct sg_resolved *entry,
                                struct progress *progress, const struct sg_batch *batch,
                                struct sg_error *err) {
    uint64_t *cells = m->cells + entry->cell;
    SG_TRY(fetch(m, &entry->by.slot, &progress->cursors[2 * SG_WHERES_MAX + 1], batch, m->other, err));
    for (size_t i = 0; i < batch->rows; i++) {
        if (!m->keep[i] || m->null[i]) continue;
        size_t a = bin_of(&entry->statistic->bins, m->values[i]);
        size_t b = bin_of(&entry->statistic->by_bins, m->other[i]);
        cells[a * SG_CORRELATION_BINS + b]++;
    }
    return SG_OK;
}

/* Months back from the as-of date; older ones than SG_MONTHS drop out. */
static enum sg_code count_months(struct sg_measure *m, const struct sg_resolved *entry,
                                 struct progress *progress, const struct sg_batch *batch,
                                 struct sg_error *err) {
    struct sg_civil now = sg_civil_from_day(m->certificate->manifest->run.as_of_day);
    bool is_day = entry->of.slot.declared->type == SG_DATE, sums = entry->by.slot.column >= 0;
    uint64_t *cells = m->cells + entry->cell;
    if (sums)
        SG_TRY(fetch(m, &entry->by.slot, &progress->cursors[2 * SG_WHERES_MAX + 1], batch, m->other, err));
    for (size_t i = 0; i < batch->rows; i++) {
        if (!m->keep[i]) continue;
        struct sg_civil then = sg_civil_from_day(is_day ? (int32_t)m->values[i] : sg_day_of(m->values[i]));
        int32_t back = (now.year - then.year) * 12 + now.month - then.month;
        if (back < 0 || back >= SG_MONTHS) continue;
        cells[back]++;
        if (sums && !m->null[i]) cells[SG_MONTHS + back] += (uint64_t)m->other[i];
    }
    return SG_OK;
}

static enum sg_code measure_of(struct sg_measure *m, const struct sg_resolved *entry,
                               struct progress *progress, const struct sg_batch *batch,
                               struct sg_error *err) {
    SG_TRY(select_rows(m, &entry->statistic->of, &entry->of, progress->cursors, batch, m->values, err));
    switch (entry->statistic->kind) {
    case SG_STAT_QUOTA:
    case SG_STAT_PROFILE:
    case SG_STAT_CHI_SQUARED:
        return count_classes(m, entry, progress, batch, err);
    case SG_STAT_KS:
        count_curve(m, entry, batch->rows);
        return SG_OK;
    case SG_STAT_DEGREE:
        count_degrees(m, entry, progress, batch);
        return SG_OK;
    case SG_STAT_SERIES:
        return count_months(m, entry, progress, batch, err);
    case SG_STAT_CORRELATION:
        return count_pairs(m, entry, progress, batch, err);
    default:
        add_up(m, batch->rows, entry->of.slot.column < 0 ? NULL : m->values, m->cells + entry->cell);
        return SG_OK;
    }
}

static enum sg_code measure_by(struct sg_measure *m, const struct sg_resolved *entry,
                               struct progress *progress, const struct sg_batch *batch,
                               struct sg_error *err) {
    SG_TRY(select_rows(m, &entry->statistic->by, &entry->by, progress->cursors + SG_WHERES_MAX + 1, batch,
                       m->values, err));
    add_up(m, batch->rows, entry->by.slot.column < 0 ? NULL : m->values, m->cells + entry->cell + 2);
    return SG_OK;
}

enum sg_code sg_measure_batch(struct sg_measure *m, uint16_t table, const struct sg_batch *batch,
                              struct sg_error *err) {
    for (size_t i = 0; i < m->certificate->count; i++) {
        const struct sg_resolved *entry = &m->certificate->entries[i];
        if (entry->absent) continue;
        if (entry->of.table == table) SG_TRY(measure_of(m, entry, &m->progress[i], batch, err));
        if (entry->by.table == table && entry->statistic->kind == SG_STAT_RATIO)
            SG_TRY(measure_by(m, entry, &m->progress[i], batch, err));
    }
    return SG_OK;
}

void sg_measure_end_shard(struct sg_measure *m, uint16_t table) {
    for (size_t i = 0; i < m->certificate->count; i++) {
        const struct sg_resolved *entry = &m->certificate->entries[i];
        if (entry->statistic->kind == SG_STAT_DEGREE && entry->of.table == table)
            close_group(&m->progress[i], m->cells + entry->cell);
    }
}
