/* The cache of parent shards. An entry holds, of one shard, the key images and every column that some child's
 * rule asks for. It is filled as plain arrays and then packed.
 *
 * Keys ascend and are found by bisection, but for the external keys of a run: those are few, belong to the
 * first rows of their table, and are found in a sorted list. */
#include "verify/parents.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "verify/scan.h"

struct entry {
    size_t table, shard;
    int key_column;
    size_t rows, last_found;
    struct sg_key_image first, last;
    struct sg_key_image *keys; /* NULL once packed, when they ascend from the first by one */
    struct sg_packed *columns; /* per column of the table; empty unless wanted */
    int64_t **values;          /* while it is filled: per column, NULL unless wanted */
    uint8_t **nulls;
    size_t bytes;
    uint64_t used_at;
};

struct wanted {
    uint8_t *columns; /* per column: somebody reads it through a foreign key */
    bool looked_up;
    int key_column; /* the first that rows are looked up by */
};

/* By shard, once asked for. */
struct firsts {
    int key_column;
    struct sg_key_image *images;
};

/* An external key and the row of its table that holds it. */
struct external {
    struct sg_key_image image;
    uint64_t row;
};

struct sg_parents {
    const struct sg_manifest *manifest;
    const char *out;
    struct wanted *wanted;
    struct firsts *firsts;      /* per table */
    struct external *externals; /* the run's, by image; as many as it has */
    struct entry **entries;
    size_t entry_count, entry_capacity, bytes;
    size_t budget;      /* bytes that entries may take; grows where shards keep coming back */
    struct entry ***at; /* per table and shard: the entry used for it last, or NULL; rows on demand */
    uint64_t **read_in; /* per table and shard: the child shard for which it was last read */
    uint64_t child;     /* number of the child shard in hand */
    uint64_t loads;
    uint64_t clock;
    struct entry *latest;
    struct entry *kept; /* of the shard that is being read anyway */
    /* scratch of the load in progress */
    struct entry *loading;
};

static void free_plain(struct entry *entry, size_t columns) {
    for (size_t c = 0; entry->values && c < columns; c++)
        free(entry->values[c]);
    for (size_t c = 0; entry->nulls && c < columns; c++)
        free(entry->nulls[c]);
    free(entry->values);
    free(entry->nulls);
    entry->values = NULL;
    entry->nulls = NULL;
}

static void free_entry(struct entry *entry, size_t columns) {
    if (!entry) return;
    free_plain(entry, columns);
    for (size_t c = 0; entry->columns && c < columns; c++)
        sg_packed_free(&entry->columns[c]);
    free(entry->columns);
    free(entry->keys);
    free(entry);
}

static int compare_externals(const void *a, const void *b) {
    const struct sg_key_image *x = &((const struct external *)a)->image;
    const struct sg_key_image *y = &((const struct external *)b)->image;
    if (x->order != y->order) return x->order < y->order ? -1 : 1;
    return (x->identity > y->identity) - (x->identity < y->identity);
}

static enum sg_code list_externals(struct sg_parents *parents, struct sg_error *err) {
    const struct sg_run *run = &parents->manifest->run;
    if (run->key_count == 0) return SG_OK;
    parents->externals = sg_alloc_array(run->key_count, sizeof *parents->externals);
    if (!parents->externals) return sg_fail(err, SG_SYSTEM, "no memory for the external keys");
    for (uint64_t i = 0; i < run->key_count; i++)
        parents->externals[i] =
            (struct external){sg_key_image_of_uuid(run->keys[i].high, run->keys[i].low), i};
    qsort(parents->externals, run->key_count, sizeof *parents->externals, compare_externals);
    return SG_OK;
}

enum sg_code sg_parents_open(struct sg_parents **out_parents, const struct sg_manifest *manifest,
                             const char *out, struct sg_error *err) {
    struct sg_parents *parents = *out_parents = calloc(1, sizeof *parents);
    if (!parents) return sg_fail(err, SG_SYSTEM, "no memory for the parent cache");
    parents->manifest = manifest;
    parents->out = out;
    parents->budget = SG_PARENT_CACHE_BYTES;
    parents->at = sg_alloc_array(manifest->table_count, sizeof *parents->at);
    parents->read_in = sg_alloc_array(manifest->table_count, sizeof *parents->read_in);
    parents->wanted = sg_alloc_array(manifest->table_count, sizeof *parents->wanted);
    parents->firsts = sg_alloc_array(manifest->table_count, sizeof *parents->firsts);
    if (!parents->wanted || !parents->firsts || !parents->at || !parents->read_in)
        return sg_fail(err, SG_SYSTEM, "no memory for the parent cache");
    for (size_t t = 0; t < manifest->table_count; t++) {
        size_t shards = manifest->tables[t].shard_count;
        parents->wanted[t].columns = sg_alloc_array(manifest->tables[t].table->column_count, 1);
        parents->at[t] = sg_alloc_array(shards, sizeof *parents->at[t]);
        parents->read_in[t] = sg_alloc_array(shards, sizeof *parents->read_in[t]);
        if (!parents->wanted[t].columns || !parents->at[t] || !parents->read_in[t])
            return sg_fail(err, SG_SYSTEM, "no memory for the parent cache");
    }
    return list_externals(parents, err);
}

void sg_parents_want(struct sg_parents *parents, size_t table, int key_column, int column) {
    struct wanted *wanted = &parents->wanted[table];
    if (!wanted->looked_up) wanted->key_column = key_column;
    wanted->looked_up = true;
    if (column >= 0) wanted->columns[column] = 1;
}

void sg_parents_close(struct sg_parents *parents) {
    if (!parents) return;
    sg_parents_keep_end(parents, false);
    for (size_t i = 0; i < parents->entry_count; i++)
        free_entry(parents->entries[i],
                   parents->manifest->tables[parents->entries[i]->table].table->column_count);
    free(parents->entries);
    for (size_t t = 0; parents->at && t < parents->manifest->table_count; t++)
        free(parents->at[t]);
    for (size_t t = 0; parents->read_in && t < parents->manifest->table_count; t++)
        free(parents->read_in[t]);
    free(parents->at);
    free(parents->read_in);
    for (size_t t = 0; parents->firsts && t < parents->manifest->table_count; t++)
        free(parents->firsts[t].images);
    free(parents->firsts);
    for (size_t t = 0; parents->wanted && t < parents->manifest->table_count; t++)
        free(parents->wanted[t].columns);
    free(parents->wanted);
    free(parents->externals);
    free(parents);
}

/* Copies keys and wanted columns of a batch into an entry; rows beyond those of the manifest are none of it.
 */
static void add_rows(const struct sg_parents *parents, struct entry *entry, const struct sg_batch *batch) {
    size_t capacity = parents->manifest->tables[entry->table].shards[entry->shard].rows;
    if (entry->rows + batch->rows > capacity) return;
    for (size_t i = 0; i < batch->rows; i++)
        entry->keys[entry->rows + i] = sg_key_image_of_cell(batch, i, entry->key_column);
    for (int c = 0; c < batch->table->column_count; c++) {
        if (!entry->values[c]) continue;
        sg_values_of_column(batch, c, entry->values[c] + entry->rows);
        memcpy(entry->nulls[c] + entry->rows, batch->vectors[c].null, batch->rows);
    }
    entry->rows += batch->rows;
}

/* sg_sink */
static enum sg_code take_batch(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct sg_parents *parents = context;
    (void)err;
    add_rows(parents, parents->loading, batch);
    return SG_OK;
}

static bool allocate_entry(struct sg_parents *parents, struct entry *entry) {
    const struct sg_manifest_table *table = &parents->manifest->tables[entry->table];
    size_t rows = table->shards[entry->shard].rows, columns = table->table->column_count;
    entry->keys = sg_alloc_array(rows, sizeof *entry->keys);
    entry->columns = sg_alloc_array(columns, sizeof *entry->columns);
    entry->values = sg_alloc_array(columns, sizeof *entry->values);
    entry->nulls = sg_alloc_array(columns, sizeof *entry->nulls);
    if (!entry->keys || !entry->columns || !entry->values || !entry->nulls) return false;
    entry->bytes = rows * sizeof *entry->keys;
    for (size_t c = 0; c < columns; c++) {
        if (!parents->wanted[entry->table].columns[c]) continue;
        entry->values[c] = sg_alloc_array(rows, sizeof **entry->values);
        entry->nulls[c] = sg_alloc_array(rows, 1);
        if (!entry->values[c] || !entry->nulls[c]) return false;
        entry->bytes += rows * 9;
    }
    return true;
}

static void evict(struct sg_parents *parents, size_t index) {
    struct entry *entry = parents->entries[index];
    if (parents->latest == entry) parents->latest = NULL;
    if (parents->at[entry->table][entry->shard] == entry) parents->at[entry->table][entry->shard] = NULL;
    parents->bytes -= entry->bytes;
    free_entry(entry, parents->manifest->tables[entry->table].table->column_count);
    parents->entries[index] = parents->entries[--parents->entry_count];
}

static void make_room(struct sg_parents *parents, size_t bytes) {
    while (parents->entry_count && parents->bytes + bytes > parents->budget) {
        size_t oldest = 0;
        for (size_t i = 1; i < parents->entry_count; i++)
            if (parents->entries[i]->used_at < parents->entries[oldest]->used_at) oldest = i;
        evict(parents, oldest);
    }
}

/* An empty entry for a shard. */
static enum sg_code new_entry(struct sg_parents *parents, size_t table, size_t shard, int key_column,
                              struct entry **out, struct sg_error *err) {
    struct entry *entry = *out = calloc(1, sizeof *entry);
    const struct sg_table *declared = parents->manifest->tables[table].table;
    if (entry) *entry = (struct entry){.table = table, .shard = shard, .key_column = key_column};
    if (!entry || !allocate_entry(parents, entry)) {
        free_entry(entry, declared->column_count);
        *out = NULL;
        return sg_fail(err, SG_SYSTEM, "no memory for a shard of %s", declared->name);
    }
    return SG_OK;
}

static bool dense(const struct entry *entry) {
    for (size_t i = 0; i < entry->rows; i++)
        if ((uint64_t)entry->keys[i].order != (uint64_t)entry->first.order + i ||
            entry->keys[i].identity != entry->first.identity + i)
            return false;
    return true;
}

/* Plain arrays become packed ones. */
static bool pack(struct entry *entry, size_t columns) {
    for (size_t c = 0; c < columns; c++)
        if (entry->values[c] && !sg_pack(&entry->columns[c], entry->values[c], entry->nulls[c], entry->rows))
            return false;
    free_plain(entry, columns);
    if (entry->rows) {
        entry->first = entry->keys[0];
        entry->last = entry->keys[entry->rows - 1];
    }
    if (dense(entry)) {
        free(entry->keys);
        entry->keys = NULL;
    }
    entry->bytes = sizeof *entry + columns * sizeof *entry->columns;
    entry->bytes += entry->keys ? entry->rows * sizeof *entry->keys : 0;
    for (size_t c = 0; c < columns; c++)
        entry->bytes += sg_packed_bytes(&entry->columns[c], entry->rows);
    return true;
}

/* Packs an entry and keeps it; frees it when there is no memory. */
static enum sg_code add_entry(struct sg_parents *parents, struct entry *entry, struct sg_error *err) {
    const struct sg_table *declared = parents->manifest->tables[entry->table].table;
    if (parents->entry_count == parents->entry_capacity) {
        size_t capacity = 2 * parents->entry_capacity + 32;
        struct entry **grown = realloc(parents->entries, capacity * sizeof *grown);
        if (grown) {
            parents->entries = grown;
            parents->entry_capacity = capacity;
        }
    }
    if (parents->entry_count == parents->entry_capacity || !pack(entry, declared->column_count)) {
        free_entry(entry, declared->column_count);
        return sg_fail(err, SG_SYSTEM, "no memory for a shard of %s", declared->name);
    }
    make_room(parents, entry->bytes);
    entry->used_at = ++parents->clock;
    parents->entries[parents->entry_count++] = entry;
    parents->bytes += entry->bytes;
    parents->at[entry->table][entry->shard] = entry;
    return SG_OK;
}

/* A shard that comes back while the same child shard is read was let go too early. */
static void note_reading(struct sg_parents *parents, size_t table, size_t shard) {
    uint64_t *read_in = &parents->read_in[table][shard];
    parents->loads++;
    if (*read_in == parents->child && parents->budget < SG_PARENT_CACHE_BYTES_MAX) parents->budget *= 2;
    *read_in = parents->child;
}

static enum sg_code load(struct sg_parents *parents, size_t table, size_t shard, int key_column,
                         struct sg_error *err) {
    struct entry *entry;
    const struct sg_manifest_table *from = &parents->manifest->tables[table];
    note_reading(parents, table, shard);
    SG_TRY(new_entry(parents, table, shard, key_column, &entry, err));
    parents->loading = entry;
    struct sg_scan_fault fault = {0};
    enum sg_code code = sg_scan_shard(parents->out, from->table, parents->manifest->format,
                                      &from->shards[shard], take_batch, parents, &fault, err);
    if (code != SG_OK) {
        free_entry(entry, from->table->column_count);
        return code;
    }
    /* A faulty parent shard is reported by its own scan; here its readable rows count. */
    SG_TRY(add_entry(parents, entry, err));
    parents->latest = entry;
    return SG_OK;
}

/* Rows of a table, counted from its first, whose keys come from outside and do not ascend. */
static uint64_t external_rows(const struct sg_parents *parents, size_t table, int key_column) {
    const struct sg_table *declared = parents->manifest->tables[table].table;
    bool is_key = declared->key[0] && sg_column_index(declared, declared->key[0]) == key_column;
    return is_key && declared->key_external ? parents->manifest->run.key_count : 0;
}

/* The first keys of a table's shards as images. */
static enum sg_code know_firsts(struct sg_parents *parents, size_t table, int key_column,
                                struct sg_error *err) {
    const struct sg_manifest_table *from = &parents->manifest->tables[table];
    struct firsts *firsts = &parents->firsts[table];
    if (firsts->images && firsts->key_column == key_column) return SG_OK;
    free(firsts->images);
    firsts->key_column = key_column;
    firsts->images = sg_alloc_array(from->shard_count, sizeof *firsts->images);
    if (!firsts->images) return sg_fail(err, SG_SYSTEM, "no memory for the keys of %s", from->table->name);
    for (size_t s = 0; s < from->shard_count; s++) {
        const char *first = from->shards[s].key_first;
        firsts->images[s] =
            sg_key_image_of_text(&from->table->columns[key_column], first, strcspn(first, "\t"));
    }
    return SG_OK;
}

/* The last shard whose first key is not after the image; shards without rows are passed over. A shard that
 * begins with external keys stands before all others. */
static bool locate(const struct sg_manifest_table *table, const struct sg_key_image *firsts,
                   uint64_t externals, struct sg_key_image image, size_t *shard) {
    size_t low = 0, high = table->shard_count;
    bool any = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2, at = middle;
        while (at > low && table->shards[at].rows == 0)
            at--;
        bool external = table->shards[at].row_first < externals;
        if (table->shards[at].rows == 0 || external || firsts[at].order <= image.order) {
            if (table->shards[at].rows) {
                any = true;
                *shard = at;
            }
            low = middle + 1;
        } else
            high = at;
    }
    return any;
}

static struct entry *cached(struct sg_parents *parents, size_t table, size_t shard, int key_column) {
    struct entry *entry = parents->at[table][shard];
    if (!entry || entry->key_column != key_column) {
        size_t i = 0;
        while (i < parents->entry_count &&
               (parents->entries[i]->table != table || parents->entries[i]->shard != shard ||
                parents->entries[i]->key_column != key_column))
            i++;
        if (i == parents->entry_count) return NULL;
        entry = parents->at[table][shard] = parents->entries[i];
    }
    if (parents->latest != entry) entry->used_at = ++parents->clock;
    parents->latest = entry;
    return entry;
}

static struct sg_key_image key_of(const struct entry *entry, size_t row) {
    if (entry->keys) return entry->keys[row];
    return (struct sg_key_image){(int64_t)((uint64_t)entry->first.order + row), entry->first.identity + row};
}

static bool holds_at(const struct entry *entry, size_t row, struct sg_key_image image) {
    if (row >= entry->rows) return false;
    struct sg_key_image key = key_of(entry, row);
    return key.order == image.order && key.identity == image.identity;
}

/* Row of the image in an entry, or entry->rows. Keys ascend from row `low` on; equal `order` runs are short.
 */
static size_t row_in(const struct entry *entry, struct sg_key_image image, size_t low) {
    size_t high = entry->rows;
    /* children follow their parents */
    if (entry->last_found >= low && holds_at(entry, entry->last_found + 1, image))
        return entry->last_found + 1;
    if (entry->rows && low == 0) {
        /* dense keys: the row is the distance from the first */
        uint64_t guess = (uint64_t)image.order - (uint64_t)entry->first.order;
        if (guess < entry->rows && holds_at(entry, guess, image)) return guess;
        if (!entry->keys) return entry->rows;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (key_of(entry, middle).order < image.order)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < entry->rows && key_of(entry, low).order == image.order; low++)
        if (key_of(entry, low).identity == image.identity) return low;
    return entry->rows;
}

int64_t sg_parent_value(const struct sg_parent_row *row, int column, bool *null) {
    *null = sg_packed_null(&row->columns[column], row->row);
    return sg_packed_value(&row->columns[column], row->row);
}

uint64_t sg_parents_loads(const struct sg_parents *parents) {
    return parents->loads;
}

static void give(struct entry *entry, size_t row, struct sg_parent_row *found) {
    entry->last_found = row;
    *found = (struct sg_parent_row){true, row, entry->columns};
}

/* The entry used last, when the key must be in it if anywhere: it lies between the entry's own. */
static struct entry *near(const struct sg_parents *parents, size_t table, int key_column, uint64_t externals,
                          struct sg_key_image image) {
    struct entry *latest = parents->latest;
    if (externals || !latest || latest->table != table || latest->key_column != key_column) return NULL;
    if (latest->rows == 0 || image.order < latest->first.order) return NULL;
    return image.order <= latest->last.order ? latest : NULL;
}

/* The shard's entry, read when it is not at hand. */
static enum sg_code hold(struct sg_parents *parents, size_t table, size_t shard, int key_column,
                         struct entry **entry, struct sg_error *err) {
    *entry = cached(parents, table, shard, key_column);
    if (*entry) return SG_OK;
    SG_TRY(load(parents, table, shard, key_column, err));
    *entry = parents->latest;
    return SG_OK;
}

/* An external key's row, when the table really holds the key there. */
static enum sg_code find_external(struct sg_parents *parents, size_t table, int key_column,
                                  struct sg_key_image image, struct entry **entry, size_t *row,
                                  struct sg_error *err) {
    const struct sg_manifest_table *from = &parents->manifest->tables[table];
    const struct external wanted = {image, 0};
    const struct external *known = bsearch(&wanted, parents->externals, parents->manifest->run.key_count,
                                           sizeof wanted, compare_externals);
    *entry = NULL;
    for (size_t s = 0; known && s < from->shard_count; s++) {
        const struct sg_shard_facts *shard = &from->shards[s];
        if (known->row < shard->row_first || known->row - shard->row_first >= shard->rows) continue;
        SG_TRY(hold(parents, table, s, key_column, entry, err));
        *row = (size_t)(known->row - shard->row_first);
        if (!holds_at(*entry, *row, image)) *entry = NULL;
        return SG_OK;
    }
    return SG_OK;
}

enum sg_code sg_parents_find(struct sg_parents *parents, size_t table, int key_column,
                             struct sg_key_image image, struct sg_parent_row *found, struct sg_error *err) {
    const struct sg_manifest_table *from = &parents->manifest->tables[table];
    uint64_t externals = external_rows(parents, table, key_column);
    struct entry *entry = near(parents, table, key_column, externals, image);
    size_t shard, row;
    *found = (struct sg_parent_row){0};
    if (entry) {
        row = row_in(entry, image, 0);
        if (row < entry->rows) {
            give(entry, row, found);
            return SG_OK;
        }
    }
    if (externals) {
        SG_TRY(find_external(parents, table, key_column, image, &entry, &row, err));
        if (entry) {
            give(entry, row, found);
            return SG_OK;
        }
    }
    SG_TRY(know_firsts(parents, table, key_column, err));
    if (!locate(from, parents->firsts[table].images, externals, image, &shard)) return SG_OK;
    for (;; shard--) {
        SG_TRY(hold(parents, table, shard, key_column, &entry, err));
        uint64_t first = from->shards[shard].row_first;
        uint64_t skip = externals > first ? externals - first : 0;
        row = row_in(entry, image, skip < entry->rows ? (size_t)skip : entry->rows);
        if (row < entry->rows) {
            give(entry, row, found);
            return SG_OK;
        }
        /* text keys that share eight bytes may lie at the end of the shard before */
        if (shard == 0 || entry->rows == 0 || entry->first.order != image.order) return SG_OK;
    }
}

enum sg_code sg_parents_keep_begin(struct sg_parents *parents, size_t table, size_t shard,
                                   struct sg_error *err) {
    const struct wanted *wanted = &parents->wanted[table];
    parents->kept = NULL;
    parents->child++;
    if (!wanted->looked_up || cached(parents, table, shard, wanted->key_column)) return SG_OK;
    SG_TRY(new_entry(parents, table, shard, wanted->key_column, &parents->kept, err));
    if (parents->kept->bytes > SG_PARENT_CACHE_BYTES / 2) sg_parents_keep_end(parents, false);
    return SG_OK;
}

void sg_parents_keep_add(struct sg_parents *parents, const struct sg_batch *batch) {
    if (parents->kept) add_rows(parents, parents->kept, batch);
}

/* One that children asked for meanwhile was read for them, and stays. Without memory it is not kept. */
void sg_parents_keep_end(struct sg_parents *parents, bool whole) {
    struct entry *entry = parents->kept;
    struct sg_error ignored;
    parents->kept = NULL;
    if (!entry) return;
    if (whole && !parents->at[entry->table][entry->shard])
        (void)add_entry(parents, entry, &ignored);
    else
        free_entry(entry, parents->manifest->tables[entry->table].table->column_count);
}
