/* Batches into counters. Every entry is a mask of rows and a column of values; its kind counts them. */
#include "verify/measure.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/checked.h"
#include "base/wide.h"
#include "model/shape.h"
#include "verify/kind.h"
#include "verify/zones.h"

/* A column of instants in local time, made once per batch for all entries that look at it. */
struct local {
    const struct sg_resolved *like; /* the first entry that asked; it names table, column and zone */
    struct sg_zone_span spans[SG_ZONES_MAX];
    bool made; /* for the batch in hand */
    int64_t *values;
    uint8_t *null;
};

/* The rows that pass the conditions of a term, found once per batch for all terms with the same. */
struct mask {
    const struct sg_selection *declared;
    const struct sg_resolved_selection *resolved;
    bool made; /* for the batch in hand */
    uint8_t *keep;
};

enum { OF, BY, FIRST_FEATURE, TERMS = FIRST_FEATURE + SG_FEATURES_MAX }; /* of an entry */

struct sg_measure {
    const struct sg_certificate *certificate;
    struct sg_lanes *lanes;
    uint64_t *cells;
    struct sg_kind_state *states;
    struct local *locals;
    size_t local_count;
    struct mask *masks;
    size_t mask_count;
    size_t (*mask_of)[TERMS]; /* per entry: index of the masks of its terms */
    size_t *local_of;         /* per entry: index of its local column, if it has one */
    int64_t *made;            /* one batch: of the column that a term looks at */
    int64_t *ages;            /* of one that a condition compares */
    uint8_t *keep;
    uint8_t *keep_parents; /* one batch, for entries that judge parents; NULL without such */
    int64_t *sums;         /* their features, by stretch */
};

static bool has_local(const struct sg_resolved *entry) {
    return !entry->absent && entry->of.slot.column >= 0 && entry->zone.column >= 0;
}

static bool same_slot(const struct sg_slot *a, const struct sg_slot *b) {
    return a->column == b->column && a->via == b->via && a->beyond == b->beyond && a->less == b->less &&
           a->less_via == b->less_via;
}

/* Finds or adds the entry's local column. */
static enum sg_code add_local(struct sg_measure *m, size_t at, struct sg_error *err) {
    const struct sg_resolved *entry = &m->certificate->entries[at];
    for (m->local_of[at] = 0; m->local_of[at] < m->local_count; m->local_of[at]++) {
        const struct sg_resolved *like = m->locals[m->local_of[at]].like;
        if (like->of.table == entry->of.table && same_slot(&like->of.slot, &entry->of.slot) &&
            same_slot(&like->zone, &entry->zone))
            return SG_OK;
    }
    struct local *local = &m->locals[m->local_count++];
    local->like = entry;
    local->values = sg_alloc_array(SG_BATCH_ROWS, sizeof *local->values);
    local->null = sg_alloc_array(SG_BATCH_ROWS, 1);
    return local->values && local->null ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for measurements");
}

static enum sg_code want(struct sg_measure *m, int table, const struct sg_slot *slot, struct sg_error *err) {
    if (slot->less_via >= 0) SG_TRY(sg_lanes_want(m->lanes, (size_t)table, slot->less_via, slot->less, err));
    if (slot->via < 0 || slot->parent < 0) return SG_OK;
    if (slot->beyond >= 0)
        return sg_lanes_want_beyond(m->lanes, (size_t)table, slot->via, slot->beyond, slot->column, err);
    return sg_lanes_want(m->lanes, (size_t)table, slot->via, slot->column, err);
}

static int condition_count(const struct sg_selection *term) {
    int count = 0;
    while (count < SG_WHERES_MAX && term->where[count].test != SG_TEST_END)
        count++;
    return count;
}

static bool same_texts(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_conditions(const struct mask *mask, const struct sg_selection *declared,
                            const struct sg_resolved_selection *term) {
    int count = condition_count(declared);
    if (mask->resolved->table != term->table || condition_count(mask->declared) != count) return false;
    for (int w = 0; w < count; w++) {
        const struct sg_resolved_where *a = &mask->resolved->where[w], *b = &term->where[w];
        if (mask->declared->where[w].test != declared->where[w].test || !same_slot(&a->slot, &b->slot) ||
            a->labels != b->labels || a->bound != b->bound ||
            !same_texts(mask->declared->where[w].labels, declared->where[w].labels))
            return false;
    }
    return true;
}

/* Finds or adds the mask of the term's conditions. */
static enum sg_code add_mask(struct sg_measure *m, const struct sg_selection *declared,
                             const struct sg_resolved_selection *term, size_t *index, struct sg_error *err) {
    for (*index = 0; *index < m->mask_count; ++*index)
        if (same_conditions(&m->masks[*index], declared, term)) return SG_OK;
    struct mask *mask = &m->masks[m->mask_count++];
    *mask = (struct mask){declared, term, false, sg_alloc_array(SG_BATCH_ROWS, 1)};
    return mask->keep ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for measurements");
}

static enum sg_code want_term(struct sg_measure *m, const struct sg_selection *declared,
                              const struct sg_resolved_selection *term, size_t *mask, struct sg_error *err) {
    if (term->table < 0) return SG_OK;
    SG_TRY(add_mask(m, declared, term, mask, err));
    SG_TRY(want(m, term->table, &term->slot, err));
    for (int w = 0; w < SG_WHERES_MAX && declared->where[w].test != SG_TEST_END; w++)
        SG_TRY(want(m, term->table, &term->where[w].slot, err));
    return SG_OK;
}

static enum sg_code open_features(struct sg_measure *m, size_t at, struct sg_error *err) {
    const struct sg_resolved *entry = &m->certificate->entries[at];
    uint16_t count = entry->statistic->feature_count;
    for (uint16_t i = 0; i < count; i++)
        SG_TRY(want_term(m, &entry->statistic->features[i].of, &entry->features[i],
                         &m->mask_of[at][FIRST_FEATURE + i], err));
    if (!count || m->sums) return SG_OK;
    m->sums = sg_alloc_array((size_t)SG_BATCH_ROWS * SG_FEATURES_MAX, sizeof *m->sums);
    m->keep_parents = sg_alloc_array(SG_BATCH_ROWS, 1);
    return m->sums && m->keep_parents ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for measurements");
}

/* Room that the entry's kind carries along. */
static enum sg_code open_state(struct sg_measure *m, size_t at, struct sg_error *err) {
    const struct sg_kind *kind = sg_kind_of(m->certificate->entries[at].statistic);
    if (!kind->more_bytes) return SG_OK;
    m->states[at].more = calloc(1, kind->more_bytes());
    return m->states[at].more ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for measurements");
}

static enum sg_code open_entries(struct sg_measure *m, struct sg_error *err) {
    for (size_t i = 0; i < m->certificate->count; i++) {
        const struct sg_resolved *entry = &m->certificate->entries[i];
        if (entry->absent) continue;
        SG_TRY(want_term(m, &entry->statistic->of, &entry->of, &m->mask_of[i][OF], err));
        SG_TRY(want_term(m, &entry->statistic->by, &entry->by, &m->mask_of[i][BY], err));
        SG_TRY(open_features(m, i, err));
        SG_TRY(open_state(m, i, err));
        if (!has_local(entry)) continue;
        SG_TRY(want(m, entry->of.table, &entry->zone, err));
        SG_TRY(add_local(m, i, err));
    }
    return SG_OK;
}

enum sg_code sg_measure_open(struct sg_measure **out, const struct sg_certificate *certificate,
                             struct sg_lanes *lanes, struct sg_error *err) {
    struct sg_measure *m = *out = calloc(1, sizeof *m);
    if (!m) return sg_fail(err, SG_SYSTEM, "no memory for measurements");
    m->certificate = certificate;
    m->lanes = lanes;
    m->cells = sg_alloc_array(certificate->cells, sizeof *m->cells);
    m->states = sg_alloc_array(certificate->count, sizeof *m->states);
    m->locals = sg_alloc_array(certificate->count, sizeof *m->locals);
    m->masks = sg_alloc_array(TERMS * certificate->count, sizeof *m->masks);
    m->mask_of = sg_alloc_array(certificate->count, sizeof *m->mask_of);
    m->local_of = sg_alloc_array(certificate->count, sizeof *m->local_of);
    m->made = sg_alloc_array(SG_BATCH_ROWS, sizeof *m->made);
    m->ages = sg_alloc_array(SG_BATCH_ROWS, sizeof *m->ages);
    m->keep = sg_alloc_array(SG_BATCH_ROWS, 1);
    if (!m->cells || !m->states || !m->locals || !m->masks || !m->mask_of || !m->local_of || !m->made ||
        !m->ages || !m->keep)
        return sg_fail(err, SG_SYSTEM, "no memory for measurements");
    return open_entries(m, err);
}

void sg_measure_close(struct sg_measure *m) {
    if (!m) return;
    for (size_t i = 0; i < m->local_count; i++) {
        free(m->locals[i].values);
        free(m->locals[i].null);
    }
    for (size_t i = 0; i < m->mask_count; i++)
        free(m->masks[i].keep);
    for (size_t i = 0; m->states && i < m->certificate->count; i++)
        free(m->states[i].more);
    free(m->masks);
    free(m->mask_of);
    free(m->cells);
    free(m->states);
    free(m->locals);
    free(m->local_of);
    free(m->made);
    free(m->ages);
    free(m->keep);
    free(m->keep_parents);
    free(m->sums);
    free(m);
}

const uint64_t *sg_measure_cells(const struct sg_measure *measure) {
    return measure->cells;
}

/* Orphans count as NULL, their foreign key names them. */
static enum sg_code fetch(struct sg_measure *m, const struct sg_slot *slot, struct sg_lane *lane,
                          struct sg_error *err) {
    if (slot->beyond >= 0)
        return sg_lanes_parent_beyond(m->lanes, slot->via, slot->beyond, slot->column, lane, err);
    if (slot->via >= 0) return sg_lanes_parent(m->lanes, slot->via, slot->column, lane, err);
    *lane = sg_lanes_column(m->lanes, slot->column);
    return SG_OK;
}

SG_WIDE static void keep_from(const struct sg_lane lane, int64_t bound, size_t rows, uint8_t *restrict keep) {
    for (size_t i = 0; i < rows; i++)
        keep[i] &= (uint8_t)((lane.values[i] >= bound) & !lane.null[i]);
}

SG_WIDE static void keep_below(const struct sg_lane lane, int64_t bound, size_t rows,
                               uint8_t *restrict keep) {
    for (size_t i = 0; i < rows; i++)
        keep[i] &= (uint8_t)((lane.values[i] < bound) & !lane.null[i]);
}

SG_WIDE static void keep_open_or_from(const struct sg_lane lane, int64_t bound, size_t rows,
                                      uint8_t *restrict keep) {
    for (size_t i = 0; i < rows; i++)
        keep[i] &= (uint8_t)((lane.values[i] >= bound) | lane.null[i]);
}

SG_WIDE static void keep_labels(const struct sg_lane lane, uint64_t labels, size_t rows,
                                uint8_t *restrict keep) {
    for (size_t i = 0; i < rows; i++)
        keep[i] &= (uint8_t)((labels >> (lane.values[i] & 63) & 1) & !lane.null[i]);
}

/* Leaves rows with one of the texts, or with none of them. */
SG_WIDE static void keep_texts(const struct sg_lane lane, const struct sg_resolved_where *where, bool others,
                               size_t rows, uint8_t *restrict keep) {
    uint8_t found[SG_BATCH_ROWS];
    memset(found, others, rows);
    for (int t = 0; t < where->text_count; t++)
        for (size_t i = 0; i < rows; i++)
            found[i] ^= (uint8_t)(lane.values[i] == where->texts[t]);
    for (size_t i = 0; i < rows; i++)
        keep[i] &= found[i] & !lane.null[i];
}

SG_WIDE static void keep_null(const struct sg_lane lane, bool null, size_t rows, uint8_t *restrict keep) {
    const uint8_t *restrict mark = lane.null, flip = !null;
    for (size_t i = 0; i < rows; i++)
        keep[i] &= mark[i] ^ flip;
}

SG_WIDE static void take_off(const int64_t *restrict a, const int64_t *restrict b, size_t rows,
                             int64_t *restrict difference) {
    for (size_t i = 0; i < rows; i++)
        difference[i] = (int64_t)((uint64_t)a[i] - (uint64_t)b[i]);
}

static void keep_same(const struct sg_lane lane, const struct sg_lane other, bool same, size_t rows,
                      uint8_t *keep) {
    for (size_t i = 0; i < rows; i++)
        keep[i] &= (uint8_t)(((lane.values[i] == other.values[i]) == same) & !lane.null[i] & !other.null[i]);
}

/* A cell and another of the same row. */
static void keep_compared(const struct sg_lane lane, const struct sg_lane other, const struct sg_where *where,
                          size_t rows, uint8_t *keep) {
    if (where->test == SG_TEST_DIFFERS || where->test == SG_TEST_SAME) {
        keep_same(lane, other, where->test == SG_TEST_SAME, rows, keep);
        return;
    }
    bool below = where->test == SG_TEST_PERCENT_BELOW;
    for (size_t i = 0; i < rows; i++)
        keep[i] &= (uint8_t)(((lane.values[i] * 100 < where->value * other.values[i]) == below) &
                             !lane.null[i] & !other.null[i]);
}

static void keep_shaped(const struct sg_batch *batch, int column, const char *text, uint8_t *keep) {
    struct sg_text_shape shape;
    sg_shape_ready(&shape, text);
    const struct sg_text *texts = batch->vectors[column].data;
    const uint8_t *null = batch->vectors[column].null;
    for (size_t i = 0; i < batch->rows; i++)
        keep[i] &=
            keep[i] && !null[i] && sg_shape_fits(&shape, batch->pool + texts[i].offset, texts[i].length);
}

static void keep_matching(const struct sg_lane lane, enum sg_test test, const struct sg_resolved_where *where,
                          size_t rows, uint8_t *keep) {
    switch (test) {
    case SG_TEST_LABEL:
        keep_labels(lane, where->labels, rows, keep);
        return;
    case SG_TEST_TEXT:
    case SG_TEST_MONTH:
    case SG_TEST_OTHER_TEXT:
        keep_texts(lane, where, test == SG_TEST_OTHER_TEXT, rows, keep);
        return;
    case SG_TEST_NULL:
    case SG_TEST_NOT_NULL:
        keep_null(lane, test == SG_TEST_NULL, rows, keep);
        return;
    case SG_TEST_FROM:
    case SG_TEST_SINCE:
        keep_from(lane, where->bound, rows, keep);
        return;
    case SG_TEST_OPEN_OR_SINCE:
        keep_open_or_from(lane, where->bound, rows, keep);
        return;
    default:
        keep_below(lane, where->bound, rows, keep);
    }
}

/* The slot's other column. */
static enum sg_code fetch_beside(struct sg_measure *m, const struct sg_slot *slot, struct sg_lane *lane,
                                 struct sg_error *err) {
    if (slot->less_via >= 0) return sg_lanes_parent(m->lanes, slot->less_via, slot->less, lane, err);
    *lane = sg_lanes_column(m->lanes, slot->less);
    return SG_OK;
}

/* Takes the slot's other column off the lane, into `made`; rows in which that is NULL drop out. */
static enum sg_code subtract(struct sg_measure *m, const struct sg_slot *slot, size_t rows, int64_t *made,
                             struct sg_lane *lane, struct sg_error *err) {
    struct sg_lane less;
    if (slot->less < 0) return SG_OK;
    SG_TRY(fetch_beside(m, slot, &less, err));
    keep_null(less, false, rows, m->keep);
    take_off(lane->values, less.values, rows, made);
    lane->values = made;
    return SG_OK;
}

/* Leaves in m->keep the rows that pass a term's conditions. */
static enum sg_code find_mask(struct sg_measure *m, const struct mask *mask, size_t rows,
                              struct sg_error *err) {
    const struct sg_selection *term = mask->declared;
    const struct sg_resolved_selection *resolved = mask->resolved;
    struct sg_lane found, other, *lane = &found;
    memset(m->keep, 1, rows);
    for (int w = 0; w < SG_WHERES_MAX && term->where[w].test != SG_TEST_END; w++) {
        if (term->where[w].test == SG_TEST_SHAPE) {
            keep_shaped(sg_lanes_batch(m->lanes), resolved->where[w].slot.column, term->where[w].labels,
                        m->keep);
            continue;
        }
        SG_TRY(fetch(m, &resolved->where[w].slot, lane, err));
        if (term->where[w].other) {
            SG_TRY(fetch_beside(m, &resolved->where[w].slot, &other, err));
            keep_compared(*lane, other, &term->where[w], rows, m->keep);
            continue;
        }
        SG_TRY(subtract(m, &resolved->where[w].slot, rows, m->ages, lane, err));
        keep_matching(*lane, term->where[w].test, &resolved->where[w], rows, m->keep);
    }
    return SG_OK;
}

/* Leaves in m->keep the rows of a term; `lane` receives the column it looks at. */
static enum sg_code select_rows(struct sg_measure *m, size_t index,
                                const struct sg_resolved_selection *resolved, size_t rows,
                                struct sg_lane *lane, struct sg_error *err) {
    struct mask *mask = &m->masks[index];
    if (!mask->made) {
        SG_TRY(find_mask(m, mask, rows, err));
        memcpy(mask->keep, m->keep, rows);
        mask->made = true;
    } else
        memcpy(m->keep, mask->keep, rows);
    *lane = (struct sg_lane){NULL, NULL};
    if (resolved->slot.column < 0) return SG_OK;
    SG_TRY(fetch(m, &resolved->slot, lane, err));
    keep_null(*lane, false, rows, m->keep);
    return subtract(m, &resolved->slot, rows, m->made, lane, err);
}

static enum sg_code make_local(struct sg_measure *m, struct local *local, size_t rows, struct sg_error *err) {
    struct sg_lane instants, zones;
    SG_TRY(fetch(m, &local->like->of.slot, &instants, err));
    SG_TRY(fetch(m, &local->like->zone, &zones, err));
    local->made = true;
    for (size_t i = 0; i < rows; i++) {
        local->null[i] = instants.null[i] | zones.null[i];
        uint64_t label = (uint64_t)zones.values[i] % SG_ZONES_MAX;
        int zone = local->like->zones[local->null[i] ? 0 : label];
        local->values[i] = sg_zone_local(zone, instants.values[i], &local->spans[local->null[i] ? 0 : label]);
    }
    return SG_OK;
}

/* Instants become local ones; rows without a zone drop out. Days become their midnight. */
static enum sg_code localise(struct sg_measure *m, size_t at, size_t rows, struct sg_lane *lane,
                             struct sg_error *err) {
    const struct sg_resolved *entry = &m->certificate->entries[at];
    bool is_day = entry->of.slot.declared->type == SG_DATE && entry->statistic->class_count &&
                  entry->statistic->classes >= SG_CLASSES_HOUR;
    if (has_local(entry)) {
        struct local *local = &m->locals[m->local_of[at]];
        if (!local->made) SG_TRY(make_local(m, local, rows, err));
        *lane = (struct sg_lane){local->values, local->null};
        keep_null(*lane, false, rows, m->keep);
    } else if (is_day) {
        for (size_t i = 0; i < rows; i++)
            m->made[i] = lane->values[i] * SG_DAY_S;
        lane->values = m->made;
    }
    return SG_OK;
}

/* A feature of every stretch. */
static enum sg_code sum_feature(struct sg_measure *m, size_t at, int feature,
                                const struct sg_stretches *stretches, size_t rows, struct sg_error *err) {
    const struct sg_resolved *entry = &m->certificate->entries[at];
    struct sg_lane lane;
    SG_TRY(
        select_rows(m, m->mask_of[at][FIRST_FEATURE + feature], &entry->features[feature], rows, &lane, err));
    for (size_t s = 0; s < stretches->count; s++) {
        int64_t sum = 0;
        for (uint32_t i = stretches->first[s]; i < stretches->first[s + 1]; i++)
            sum += (lane.values ? lane.values[i] : 1) & -(int64_t)m->keep[i];
        m->sums[s * SG_FEATURES_MAX + (size_t)feature] = sum;
    }
    return SG_OK;
}

static enum sg_code measure_parents(struct sg_measure *m, size_t at, const struct sg_batch *batch,
                                    struct sg_error *err) {
    const struct sg_resolved *entry = &m->certificate->entries[at];
    struct sg_stretches stretches = sg_lanes_stretches(m->lanes, entry->of.slot.via);
    struct sg_lane labels;
    SG_TRY(select_rows(m, m->mask_of[at][OF], &entry->of, batch->rows, &labels, err));
    memcpy(m->keep_parents, m->keep, batch->rows);
    for (int f = 0; f < entry->statistic->feature_count; f++)
        SG_TRY(sum_feature(m, at, f, &stretches, batch->rows, err));
    struct sg_taken_parents taken = {batch, stretches, m->keep_parents, labels.values, m->sums};
    sg_kind_of(entry->statistic)->count_parents(entry, &taken, &m->states[at], m->cells + entry->cell);
    return SG_OK;
}

static enum sg_code measure_of(struct sg_measure *m, size_t at, const struct sg_batch *batch,
                               struct sg_error *err) {
    const struct sg_resolved *entry = &m->certificate->entries[at];
    const struct sg_kind *kind = sg_kind_of(entry->statistic);
    struct sg_lane lane, other = {NULL, NULL};
    if (kind->count_parents) return measure_parents(m, at, batch, err);
    SG_TRY(select_rows(m, m->mask_of[at][OF], &entry->of, batch->rows, &lane, err));
    if (entry->of.slot.column >= 0) SG_TRY(localise(m, at, batch->rows, &lane, err));
    if (kind->pairs && entry->by.slot.column >= 0) SG_TRY(fetch(m, &entry->by.slot, &other, err));
    struct sg_taken taken = {batch, batch->rows, m->keep, lane.values, other.values, other.null};
    kind->count(entry, &taken, &m->states[at], m->cells + entry->cell);
    return SG_OK;
}

static enum sg_code measure_by(struct sg_measure *m, size_t at, const struct sg_batch *batch,
                               struct sg_error *err) {
    const struct sg_resolved *entry = &m->certificate->entries[at];
    struct sg_lane lane;
    SG_TRY(select_rows(m, m->mask_of[at][BY], &entry->by, batch->rows, &lane, err));
    struct sg_taken taken = {batch, batch->rows, m->keep, lane.values, NULL, NULL};
    sg_kind_of(entry->statistic)->count_by(entry, &taken, &m->states[at], m->cells + entry->cell);
    return SG_OK;
}

enum sg_code sg_measure_batch(struct sg_measure *m, uint16_t table, const struct sg_batch *batch,
                              struct sg_error *err) {
    for (size_t l = 0; l < m->local_count; l++)
        m->locals[l].made = false;
    for (size_t i = 0; i < m->mask_count; i++)
        m->masks[i].made = false;
    for (size_t i = 0; i < m->certificate->count; i++) {
        const struct sg_resolved *entry = &m->certificate->entries[i];
        if (entry->absent) continue;
        if (entry->of.table == table) SG_TRY(measure_of(m, i, batch, err));
        if (entry->by.table == table && sg_kind_of(entry->statistic)->count_by)
            SG_TRY(measure_by(m, i, batch, err));
    }
    return SG_OK;
}

void sg_measure_end_shard(struct sg_measure *m, uint16_t table) {
    for (size_t i = 0; i < m->certificate->count; i++) {
        const struct sg_resolved *entry = &m->certificate->entries[i];
        const struct sg_kind *kind = sg_kind_of(entry->statistic);
        if (kind->end_shard && !entry->absent && entry->of.table == table)
            kind->end_shard(entry, &m->states[i], m->cells + entry->cell);
    }
}
