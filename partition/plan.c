/* Cuts tables into shards and hands shards to ranks. Everything is integer arithmetic on the data set's
 * sizes, so every rank computes the same plan without talking. */
#include "partition/plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"

/* A cut may miss its ideal row by this part of a shard: rarely more than two looks at rows_before. */
enum { CUT_SLACK = 16, SHARD_FIXED_BYTES = 4096 };

struct cutter {
    struct sg_plan *plan;
    size_t capacity;
    uint16_t table;
    uint64_t units, rows, shards;
};

/* A place in a table: rows_before of a unit. */
struct place {
    uint64_t unit, row;
};

static enum sg_code add_shard(struct cutter *cutter, uint32_t number, struct place first, struct place end,
                              struct sg_error *err) {
    struct sg_plan *plan = cutter->plan;
    if (plan->shard_count == cutter->capacity) {
        size_t capacity = cutter->capacity ? cutter->capacity * 2 : 64;
        struct sg_shard *grown = realloc(plan->shards, capacity * sizeof *grown);
        if (!grown) return sg_fail(err, SG_SYSTEM, "no memory for a plan of %zu shards", capacity);
        plan->shards = grown;
        cutter->capacity = capacity;
    }
    plan->shards[plan->shard_count++] = (struct sg_shard){.table = cutter->table,
                                                          .number = number,
                                                          .unit_first = first.unit,
                                                          .unit_end = end.unit,
                                                          .row_first = first.row,
                                                          .rows = end.row - first.row};
    return SG_OK;
}

static uint64_t distance(uint64_t a, uint64_t b) {
    return a > b ? a - b : b - a;
}

/* The unit boundary near row `target`, by interpolation between low and high (low.row <= target < high.row).
 */
static struct place find_cut(const struct cutter *cutter, uint64_t target, struct place low,
                             struct place high) {
    const struct sg_plan *plan = cutter->plan;
    uint64_t slack = cutter->rows / cutter->shards / CUT_SLACK;
    for (bool halve = false; high.unit - low.unit > 1; halve = !halve) {
        uint64_t span = high.unit - low.unit;
        uint64_t step = halve ? span / 2 : sg_muldiv(span, target - low.row, high.row - low.row);
        step = step < 1 ? 1 : step > span - 1 ? span - 1 : step;
        struct place middle = {low.unit + step, 0};
        middle.row = plan->dataset->rows_before(plan->world, cutter->table, middle.unit);
        if (distance(middle.row, target) <= slack) return middle;
        if (middle.row <= target)
            low = middle;
        else
            high = middle;
    }
    return distance(low.row, target) <= distance(high.row, target) ? low : high;
}

/* Cuts one table evenly by rows, at unit boundaries. Cuts that fall together make fewer, bigger shards. */
static enum sg_code cut_table(struct cutter *cutter, struct sg_error *err) {
    const struct sg_table *table = cutter->plan->dataset->tables[cutter->table];
    uint64_t row_bytes = table->row_text_bytes ? table->row_text_bytes : 1;
    uint64_t row_shard = SG_SHARD_TEXT_BYTES / row_bytes;
    cutter->shards = cutter->rows ? (cutter->rows + row_shard - 1) / row_shard : 1;
    struct place first = {0, 0}, last = {cutter->units, cutter->rows};
    uint32_t number = 0;
    for (uint64_t k = 1; k < cutter->shards; k++) {
        uint64_t target = sg_muldiv(cutter->rows, k, cutter->shards);
        if (target < first.row) continue;
        struct place cut = find_cut(cutter, target, first, last);
        if (cut.row == first.row || cut.row == last.row) continue;
        SG_TRY(add_shard(cutter, number++, first, cut, err));
        first = cut;
    }
    return add_shard(cutter, number, first, last, err);
}

/* One shard with what belongs to the chosen root unit. */
static enum sg_code cut_only(struct cutter *cutter, struct sg_error *err) {
    const struct sg_plan *plan = cutter->plan;
    const struct sg_dataset *dataset = plan->dataset;
    enum sg_only only = dataset->domains[dataset->tables[cutter->table]->domain].only;
    struct place first = {0, 0}, end = {cutter->units, cutter->rows};
    if (only == SG_ONLY_NOTHING) {
        end = first;
    } else if (only == SG_ONLY_UNIT) {
        first.unit = plan->run.only_unit - 1 < cutter->units ? plan->run.only_unit - 1 : cutter->units;
        end.unit = first.unit < cutter->units ? first.unit + 1 : cutter->units;
        first.row = dataset->rows_before(plan->world, cutter->table, first.unit);
        end.row = dataset->rows_before(plan->world, cutter->table, end.unit);
    }
    return add_shard(cutter, 0, first, end, err);
}

enum sg_code sg_plan_open(struct sg_plan *plan, const struct sg_dataset *dataset,
                          const struct sg_world *world, const struct sg_run *run, const bool *wanted,
                          struct sg_error *err) {
    *plan = (struct sg_plan){.dataset = dataset, .world = world, .run = *run};
    struct cutter cutter = {.plan = plan};
    for (uint16_t table = 0; table < dataset->table_count; table++) {
        if ((wanted && !wanted[table]) || !sg_table_of_run(dataset->tables[table], run)) continue;
        cutter.table = table;
        cutter.units = dataset->unit_count(world, dataset->tables[table]->domain);
        cutter.rows = dataset->rows_before(world, table, cutter.units);
        SG_TRY(run->only_unit ? cut_only(&cutter, err) : cut_table(&cutter, err));
    }
    return SG_OK;
}

void sg_plan_close(struct sg_plan *plan) {
    free(plan->shards);
    *plan = (struct sg_plan){0};
}

uint64_t sg_plan_rows(const struct sg_plan *plan, uint16_t table) {
    uint64_t rows = 0;
    for (size_t i = 0; i < plan->shard_count; i++)
        if (plan->shards[i].table == table) rows += plan->shards[i].rows;
    return rows;
}

uint64_t sg_shard_bytes_estimate(const struct sg_plan *plan, const struct sg_shard *shard) {
    return shard->rows * plan->dataset->tables[shard->table]->row_text_bytes;
}

enum sg_code sg_plan_make(const struct sg_plan *plan, const struct sg_shard *shard, sg_sink *sink,
                          void *context, struct sg_error *err) {
    const struct sg_table *table = plan->dataset->tables[shard->table];
    struct sg_emitter emitter;
    enum sg_code code = sg_emitter_open(&emitter, table, sink, context, err);
    if (code == SG_OK) {
        sg_emitter_seek(&emitter, shard->row_first);
        code = plan->dataset->generate(plan->world, shard->table, shard->unit_first, shard->unit_end,
                                       &emitter, err);
    }
    if (code == SG_OK) code = sg_emitter_flush(&emitter, err);
    uint64_t rows = emitter.batch.row_first - shard->row_first;
    sg_emitter_close(&emitter);
    if (code == SG_OK && rows != shard->rows)
        code = sg_fail(err, SG_INTERNAL,
                       "%s shard %" PRIu32 " made %" PRIu64 " rows where the plan has %" PRIu64, table->name,
                       shard->number, rows, shard->rows);
    return code;
}

/* A shard's middle in the key space normalised to [0, 2^32), and what making it costs. */
struct spot {
    uint64_t position;
    uint64_t weight;
    size_t shard;
};

static int by_position(const void *left, const void *right) {
    const struct spot *a = left, *b = right;
    if (a->position != b->position) return a->position < b->position ? -1 : 1;
    return a->shard < b->shard ? -1 : a->shard > b->shard;
}

static uint64_t middle_of(const struct sg_plan *plan, const struct sg_shard *shard) {
    uint16_t domain = plan->dataset->tables[shard->table]->domain;
    uint64_t units = plan->dataset->unit_count(plan->world, domain);
    if (units == 0) return 0;
    return sg_muldiv(shard->unit_first + shard->unit_end, (uint64_t)1 << 31, units);
}

/* Spots of all shards in key-space order; *total receives the sum of weights. NULL when out of memory. */
static struct spot *sorted_spots(const struct sg_plan *plan, uint64_t *total) {
    struct spot *spots = sg_alloc_array(plan->shard_count, sizeof *spots);
    if (!spots) return NULL;
    *total = 0;
    for (size_t i = 0; i < plan->shard_count; i++) {
        const struct sg_shard *shard = &plan->shards[i];
        uint64_t weight = SHARD_FIXED_BYTES + sg_shard_bytes_estimate(plan, shard);
        spots[i] = (struct spot){middle_of(plan, shard), weight, i};
        *total += weight;
    }
    qsort(spots, plan->shard_count, sizeof *spots, by_position);
    return spots;
}

enum sg_code sg_plan_assign(const struct sg_plan *plan, int ranks, int *owner, struct sg_error *err) {
    uint64_t total, before = 0;
    struct spot *spots = sorted_spots(plan, &total);
    if (!spots) return sg_fail(err, SG_SYSTEM, "no memory to assign %zu shards", plan->shard_count);
    for (size_t i = 0; i < plan->shard_count; i++) {
        owner[spots[i].shard] = (int)sg_muldiv(2 * before + spots[i].weight, (uint64_t)ranks, 2 * total);
        before += spots[i].weight;
    }
    free(spots);
    return SG_OK;
}

enum sg_code sg_plan_keep_part(struct sg_plan *plan, int part, int parts, struct sg_error *err) {
    int *owner = sg_alloc_array(plan->shard_count, sizeof *owner);
    enum sg_code code = owner ? sg_plan_assign(plan, parts, owner, err)
                              : sg_fail(err, SG_SYSTEM, "no memory to take a part of a plan");
    size_t kept = 0;
    for (size_t i = 0; code == SG_OK && i < plan->shard_count; i++)
        if (owner[i] == part - 1) plan->shards[kept++] = plan->shards[i];
    if (code == SG_OK) plan->shard_count = kept;
    free(owner);
    return code;
}

enum sg_code sg_plan_deal(const struct sg_plan *plan, int ranks, size_t *order, uint64_t *counts,
                          struct sg_error *err) {
    int *owner = sg_alloc_array(plan->shard_count, sizeof *owner);
    uint64_t *next = sg_alloc_array((size_t)ranks + 1, sizeof *next);
    enum sg_code code = owner && next ? sg_plan_assign(plan, ranks, owner, err)
                                      : sg_fail(err, SG_SYSTEM, "no memory to deal out shards");
    if (code == SG_OK) {
        for (size_t i = 0; i < plan->shard_count; i++)
            next[owner[i] + 1]++;
        for (int rank = 0; rank < ranks; rank++) {
            counts[rank] = next[rank + 1];
            next[rank + 1] += next[rank];
        }
        for (size_t i = 0; i < plan->shard_count; i++)
            order[next[owner[i]]++] = i;
    }
    free(owner);
    free(next);
    return code;
}

enum sg_code sg_plan_rank_units(const struct sg_plan *plan, int ranks, uint64_t *starts,
                                struct sg_error *err) {
    uint64_t total, before = 0, units = plan->dataset->unit_count(plan->world, 0);
    struct spot *spots = sorted_spots(plan, &total);
    if (!spots) return sg_fail(err, SG_SYSTEM, "no memory to assign %zu shards", plan->shard_count);
    int next = 0;
    starts[next++] = 0;
    for (size_t i = 0; i < plan->shard_count; i++) {
        int rank = (int)sg_muldiv(2 * before + spots[i].weight, (uint64_t)ranks, 2 * total);
        while (next <= rank)
            starts[next++] = sg_muldiv(spots[i].position, units, (uint64_t)1 << 32);
        before += spots[i].weight;
    }
    while (next <= ranks)
        starts[next++] = units;
    free(spots);
    return SG_OK;
}
