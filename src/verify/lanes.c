/* Buffers of a batch and what fills them. */
#include "verify/lanes.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/wide.h"

/* Values and marks of one batch. */
struct buffer {
    int64_t *values;
    uint8_t *null;
};

/* A foreign key through which something is wanted. */
struct link {
    int via, parent, key;
    int beyond;   /* column of the row's parent that refers to `parent`; -1 = via does */
    int *columns; /* of the parent */
    size_t column_count;
    /* of the batch in hand */
    bool looked_up;
    size_t first_buffer; /* of the wanted columns' */
};

struct table_lanes {
    struct link *links;
    size_t link_count;
};

/* Stretches of a foreign key column in the batch in hand. */
struct cut {
    int via;
    size_t count;
    uint32_t *first;
    uint8_t *found;
};

struct sg_lanes {
    const struct sg_manifest *manifest;
    struct sg_parents *parents;
    struct table_lanes *tables;
    struct buffer *buffers;
    size_t buffer_count, buffers_used;
    struct cut *cuts;
    size_t cut_count, cuts_used;
    /* the batch in hand */
    struct table_lanes *table;
    const struct sg_batch *batch;
    const int64_t **columns; /* values per column, NULL = not made yet */
    size_t columns_most;
};

enum sg_code sg_lanes_open(struct sg_lanes **out, const struct sg_manifest *manifest,
                           struct sg_parents *parents, struct sg_error *err) {
    struct sg_lanes *lanes = *out = calloc(1, sizeof *lanes);
    if (!lanes) return sg_fail(err, SG_SYSTEM, "no memory for batches");
    lanes->manifest = manifest;
    lanes->parents = parents;
    lanes->tables = sg_alloc_array(manifest->table_count, sizeof *lanes->tables);
    return lanes->tables ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for batches");
}

void sg_lanes_close(struct sg_lanes *lanes) {
    if (!lanes) return;
    for (size_t t = 0; lanes->tables && t < lanes->manifest->table_count; t++) {
        for (size_t l = 0; l < lanes->tables[t].link_count; l++)
            free(lanes->tables[t].links[l].columns);
        free(lanes->tables[t].links);
    }
    for (size_t b = 0; lanes->buffers && b < lanes->buffer_count; b++) {
        free(lanes->buffers[b].values);
        free(lanes->buffers[b].null);
    }
    for (size_t c = 0; lanes->cuts && c < lanes->cut_count; c++) {
        free(lanes->cuts[c].first);
        free(lanes->cuts[c].found);
    }
    free(lanes->tables);
    free(lanes->buffers);
    free(lanes->cuts);
    free(lanes->columns);
    free(lanes);
}

static struct link *link_of(struct table_lanes *table, int via, int beyond) {
    for (size_t l = 0; l < table->link_count; l++)
        if (table->links[l].via == via && table->links[l].beyond == beyond) return &table->links[l];
    return NULL;
}

/* Table and key column that a foreign key column refers to; false when the run lacks the table. */
static bool find_parent(const struct sg_lanes *lanes, size_t table, int via, int *parent, int *key) {
    const struct sg_manifest *manifest = lanes->manifest;
    const struct sg_table *child = manifest->tables[table].table;
    for (int k = 0; k < child->foreign_key_count; k++) {
        const struct sg_foreign_key *declared = &child->foreign_keys[k];
        if (strcmp(declared->column, child->columns[via].name) != 0) continue;
        for (size_t t = 0; t < manifest->table_count; t++) {
            if (strcmp(manifest->tables[t].table->name, declared->parent) != 0) continue;
            *parent = (int)t;
            *key = sg_column_index(manifest->tables[t].table, declared->parent_column);
            return *key >= 0;
        }
    }
    return false;
}

/* The table behind a foreign key column of a table, and behind one of that table. */
static bool find_end(const struct sg_lanes *lanes, size_t table, int via, int beyond, int *parent, int *key) {
    if (!find_parent(lanes, table, via, parent, key)) return false;
    return beyond < 0 || find_parent(lanes, (size_t)*parent, beyond, parent, key);
}

static enum sg_code add_link(struct sg_lanes *lanes, size_t table, int via, int beyond, struct link **link,
                             struct sg_error *err) {
    struct table_lanes *into = &lanes->tables[table];
    int parent, key;
    *link = via < 0 ? NULL : link_of(into, via, beyond);
    if (via < 0 || *link || !find_end(lanes, table, via, beyond, &parent, &key)) return SG_OK;
    struct link *grown = realloc(into->links, (into->link_count + 1) * sizeof *grown);
    if (!grown) return sg_fail(err, SG_SYSTEM, "no memory for batches");
    into->links = grown;
    *link = &into->links[into->link_count++];
    **link = (struct link){.via = via, .parent = parent, .key = key, .beyond = beyond};
    return SG_OK;
}

static enum sg_code want(struct sg_lanes *lanes, size_t table, int via, int beyond, int column,
                         struct sg_error *err) {
    struct link *link;
    SG_TRY(add_link(lanes, table, via, beyond, &link, err));
    if (!link) return SG_OK;
    sg_parents_want(lanes->parents, (size_t)link->parent, link->key, column);
    if (column < 0) return SG_OK;
    for (size_t i = 0; i < link->column_count; i++)
        if (link->columns[i] == column) return SG_OK;
    int *grown = realloc(link->columns, (link->column_count + 1) * sizeof *grown);
    if (!grown) return sg_fail(err, SG_SYSTEM, "no memory for batches");
    link->columns = grown;
    link->columns[link->column_count++] = column;
    return SG_OK;
}

enum sg_code sg_lanes_want(struct sg_lanes *lanes, size_t table, int via, int column, struct sg_error *err) {
    return want(lanes, table, via, -1, column, err);
}

enum sg_code sg_lanes_want_beyond(struct sg_lanes *lanes, size_t table, int via, int beyond, int column,
                                  struct sg_error *err) {
    SG_TRY(want(lanes, table, via, -1, beyond, err));
    return want(lanes, table, via, beyond, column, err);
}

static bool make_buffers(struct sg_lanes *lanes) {
    lanes->buffers = sg_alloc_array(lanes->buffer_count, sizeof *lanes->buffers);
    lanes->cuts = sg_alloc_array(lanes->cut_count, sizeof *lanes->cuts);
    lanes->columns = sg_alloc_array(lanes->columns_most, sizeof(const int64_t *));
    if (!lanes->buffers || !lanes->cuts || !lanes->columns) return false;
    for (size_t b = 0; b < lanes->buffer_count; b++) {
        lanes->buffers[b].values = sg_alloc_array(SG_BATCH_ROWS, sizeof(int64_t));
        lanes->buffers[b].null = sg_alloc_array(SG_BATCH_ROWS, 1);
        if (!lanes->buffers[b].values || !lanes->buffers[b].null) return false;
    }
    for (size_t c = 0; c < lanes->cut_count; c++) {
        lanes->cuts[c].first = sg_alloc_array(SG_BATCH_ROWS + 1, sizeof(uint32_t));
        lanes->cuts[c].found = sg_alloc_array(SG_BATCH_ROWS, 1);
        if (!lanes->cuts[c].first || !lanes->cuts[c].found) return false;
    }
    return true;
}

/* Columns by which rows may be taken together: foreign keys, and what rules on order go by. At most. */
static size_t stretched_columns(const struct sg_table *table) {
    size_t count = table->foreign_key_count;
    for (int r = 0; r < table->rule_count; r++)
        count += sg_rule_on_order(table->rules[r].kind);
    return count;
}

enum sg_code sg_lanes_ready(struct sg_lanes *lanes, struct sg_error *err) {
    for (size_t t = 0; t < lanes->manifest->table_count; t++) {
        const struct sg_table *table = lanes->manifest->tables[t].table;
        size_t buffers = table->column_count;
        for (size_t l = 0; l < lanes->tables[t].link_count; l++)
            buffers += lanes->tables[t].links[l].column_count;
        if (buffers > lanes->buffer_count) lanes->buffer_count = buffers;
        if (table->column_count > lanes->columns_most) lanes->columns_most = table->column_count;
        size_t cuts = stretched_columns(table);
        if (cuts > lanes->cut_count) lanes->cut_count = cuts;
    }
    return make_buffers(lanes) ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for batches");
}

void sg_lanes_take(struct sg_lanes *lanes, size_t table, const struct sg_batch *batch) {
    lanes->table = &lanes->tables[table];
    lanes->batch = batch;
    lanes->buffers_used = lanes->cuts_used = 0;
    for (int c = 0; c < batch->table->column_count; c++)
        lanes->columns[c] = NULL;
    for (size_t l = 0; l < lanes->table->link_count; l++)
        lanes->table->links[l].looked_up = false;
}

const struct sg_batch *sg_lanes_batch(const struct sg_lanes *lanes) {
    return lanes->batch;
}

static bool is_wide(enum sg_type type) {
    return type == SG_I64 || type == SG_DECIMAL || type == SG_TIMESTAMP || type == SG_TOKEN;
}

struct sg_lane sg_lanes_column(struct sg_lanes *lanes, int column) {
    const struct sg_vector *vector = &lanes->batch->vectors[column];
    if (is_wide(lanes->batch->table->columns[column].type))
        return (struct sg_lane){vector->data, vector->null};
    if (!lanes->columns[column]) {
        int64_t *values = lanes->buffers[lanes->buffers_used++].values;
        sg_values_of_column(lanes->batch, column, values);
        lanes->columns[column] = values;
    }
    return (struct sg_lane){lanes->columns[column], vector->null};
}

/* Are values all there is to a key of this type? Texts and UUIDs have more. */
static bool values_tell(enum sg_type type) {
    return type != SG_TEXT && type != SG_UUID;
}

static bool same_parent(const struct sg_batch *batch, int via, size_t a, size_t b) {
    const uint8_t *null = batch->vectors[via].null;
    if (null[a] || null[b]) return null[a] == null[b];
    struct sg_key_image x = sg_key_image_of_cell(batch, a, via), y = sg_key_image_of_cell(batch, b, via);
    return x.order == y.order && x.identity == y.identity;
}

/* Is the row's value another than that of the row before? */
static inline bool differs(struct sg_lane lane, size_t i) {
    return ((lane.values[i] != lane.values[i - 1]) & !lane.null[i]) | (lane.null[i] != lane.null[i - 1]);
}

/* Rows [first, end) all like the row before them? */
SG_WIDE static bool all_same(struct sg_lane lane, size_t first, size_t end) {
    uint64_t values = 0;
    uint8_t nulls = 0;
    for (size_t i = first; i < end; i++)
        values |= (uint64_t)(lane.values[i] ^ lane.values[i - 1]);
    for (size_t i = first; i < end; i++)
        nulls |= lane.null[i] ^ lane.null[i - 1];
    return !values && !nulls;
}

static size_t cut_by_values(struct sg_lane lane, size_t rows, uint32_t *first) {
    enum { STRIDE = 64 };
    size_t count = 1;
    first[0] = 0;
    for (size_t from = 1; from < rows; from += STRIDE) {
        size_t end = from + STRIDE < rows ? from + STRIDE : rows;
        if (all_same(lane, from, end)) continue;
        for (size_t i = from; i < end; i++) {
            first[count] = (uint32_t)i;
            count += differs(lane, i);
        }
    }
    return count;
}

static size_t cut_by_images(const struct sg_batch *batch, int via, uint32_t *first) {
    size_t count = 1;
    first[0] = 0;
    for (size_t i = 1; i < batch->rows; i++)
        if (!same_parent(batch, via, i - 1, i)) first[count++] = (uint32_t)i;
    return count;
}

static struct cut *cut_of(struct sg_lanes *lanes, int via) {
    for (size_t c = 0; c < lanes->cuts_used; c++)
        if (lanes->cuts[c].via == via) return &lanes->cuts[c];
    struct cut *cut = &lanes->cuts[lanes->cuts_used++];
    const struct sg_batch *batch = lanes->batch;
    cut->via = via;
    cut->count = values_tell(batch->table->columns[via].type)
                     ? cut_by_values(sg_lanes_column(lanes, via), batch->rows, cut->first)
                     : cut_by_images(batch, via, cut->first);
    cut->first[cut->count] = (uint32_t)batch->rows;
    return cut;
}

struct sg_stretches sg_lanes_stretches(struct sg_lanes *lanes, int via) {
    const struct cut *cut = cut_of(lanes, via);
    return (struct sg_stretches){cut->count, cut->first};
}

/* A value for each wanted column and row from first to end, of one parent. */
static void fill(struct sg_lanes *lanes, const struct link *link, const struct sg_parent_row *found,
                 uint32_t first, uint32_t end) {
    const struct sg_parent_row row = *found;
    for (size_t k = 0; k < link->column_count; k++) {
        const struct buffer *buffer = &lanes->buffers[link->first_buffer + k];
        bool null = true;
        int64_t value = row.found ? sg_parent_value(&row, link->columns[k], &null) : 0;
        for (uint32_t i = first; i < end; i++) {
            buffer->values[i] = value;
            buffer->null[i] = null;
        }
    }
}

/* One stretch's parent. */
static enum sg_code look_up(struct sg_lanes *lanes, const struct link *link, struct cut *cut, size_t stretch,
                            struct sg_error *err) {
    uint32_t first = cut->first[stretch], end = cut->first[stretch + 1];
    struct sg_parent_row row = {0};
    if (!lanes->batch->vectors[link->via].null[first])
        SG_TRY(sg_parents_find(lanes->parents, (size_t)link->parent, link->key,
                               sg_key_image_of_cell(lanes->batch, first, link->via), &row, err));
    cut->found[stretch] = row.found;
    fill(lanes, link, &row, first, end);
    return SG_OK;
}

/* Parents by the keys that a lane holds, rows of the same key together. */
static enum sg_code look_up_keys(struct sg_lanes *lanes, const struct link *link, struct sg_lane keys,
                                 struct sg_error *err) {
    uint32_t rows = (uint32_t)lanes->batch->rows, end;
    for (uint32_t first = 0; first < rows; first = end) {
        struct sg_parent_row row = {0};
        for (end = first + 1; end < rows && !differs(keys, end);)
            end++;
        struct sg_key_image image = {keys.values[first], (uint64_t)keys.values[first]};
        if (!keys.null[first])
            SG_TRY(sg_parents_find(lanes->parents, (size_t)link->parent, link->key, image, &row, err));
        fill(lanes, link, &row, first, end);
    }
    return SG_OK;
}

static void take_buffers(struct sg_lanes *lanes, struct link *link) {
    link->looked_up = true;
    link->first_buffer = lanes->buffers_used;
    lanes->buffers_used += link->column_count;
}

static enum sg_code lane_of(const struct sg_lanes *lanes, const struct link *link, int column,
                            struct sg_lane *lane, struct sg_error *err) {
    for (size_t k = 0; link && k < link->column_count; k++) {
        if (link->columns[k] != column) continue;
        const struct buffer *buffer = &lanes->buffers[link->first_buffer + k];
        *lane = (struct sg_lane){buffer->values, buffer->null};
        return SG_OK;
    }
    return sg_fail(err, SG_INTERNAL, "nobody wanted column %d of the parents of %s", column,
                   lanes->batch->table->name);
}

enum sg_code sg_lanes_parents(struct sg_lanes *lanes, int via, const uint8_t **found, struct sg_error *err) {
    struct link *link = link_of(lanes->table, via, -1);
    if (!link)
        return sg_fail(err, SG_INTERNAL, "nobody wanted the parents of %s through %s",
                       lanes->batch->table->name, lanes->batch->table->columns[via].name);
    struct cut *cut = cut_of(lanes, via);
    *found = cut->found;
    if (link->looked_up) return SG_OK;
    take_buffers(lanes, link);
    for (size_t s = 0; s < cut->count; s++)
        SG_TRY(look_up(lanes, link, cut, s, err));
    return SG_OK;
}

enum sg_code sg_lanes_parent(struct sg_lanes *lanes, int via, int column, struct sg_lane *lane,
                             struct sg_error *err) {
    const uint8_t *found;
    SG_TRY(sg_lanes_parents(lanes, via, &found, err));
    return lane_of(lanes, link_of(lanes->table, via, -1), column, lane, err);
}

enum sg_code sg_lanes_parent_beyond(struct sg_lanes *lanes, int via, int beyond, int column,
                                    struct sg_lane *lane, struct sg_error *err) {
    struct link *link = link_of(lanes->table, via, beyond);
    if (link && !link->looked_up) {
        SG_TRY(sg_lanes_parent(lanes, via, beyond, lane, err));
        take_buffers(lanes, link);
        SG_TRY(look_up_keys(lanes, link, *lane, err));
    }
    return lane_of(lanes, link, column, lane, err);
}
