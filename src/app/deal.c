/* Positions, a sort, and shares by running sums. */
#include "app/deal.h"

#include <stdlib.h>

#include "base/checked.h"

static int by_position(const void *left, const void *right) {
    const struct sg_dealt *a = left, *b = right;
    if (a->position != b->position) return a->position < b->position ? -1 : 1;
    if (a->table != b->table) return a->table < b->table ? -1 : 1;
    return (a->shard > b->shard) - (a->shard < b->shard);
}

static uint64_t position_of(const struct sg_manifest_table *table, const struct sg_shard_facts *shard) {
    uint64_t before = shard->row_first - table->shards[0].row_first;
    return table->rows ? sg_muldiv(before + shard->rows / 2, (uint64_t)1 << 32, table->rows) : 0;
}

/* What a shard weighs: text, and something for opening it. */
static uint64_t weight_of(const struct sg_manifest *manifest, const struct sg_dealt *dealt) {
    enum { OPENING_BYTES = 64 << 10 };
    return manifest->tables[dealt->table].shards[dealt->shard].text_bytes + OPENING_BYTES;
}

static void share_out(struct sg_deal *deal, const struct sg_manifest *manifest, size_t ranks) {
    uint64_t total = 0, before = 0;
    for (size_t i = 0; i < deal->count; i++)
        total += weight_of(manifest, &deal->shards[i]);
    for (size_t i = 0; i < deal->count; i++) {
        uint64_t weight = weight_of(manifest, &deal->shards[i]);
        deal->counts[sg_muldiv(before + weight / 2, ranks, total)]++;
        before += weight;
    }
    for (size_t rank = 0; rank < ranks; rank++)
        deal->starts[rank + 1] = deal->starts[rank] + deal->counts[rank];
}

enum sg_code sg_deal_open(struct sg_deal *deal, const struct sg_manifest *manifest, int ranks,
                          struct sg_error *err) {
    size_t count = 0;
    *deal = (struct sg_deal){0};
    for (size_t t = 0; t < manifest->table_count; t++)
        count += manifest->tables[t].shard_count;
    deal->shards = sg_alloc_array(count, sizeof *deal->shards);
    deal->counts = sg_alloc_array((size_t)ranks, sizeof *deal->counts);
    deal->starts = sg_alloc_array((size_t)ranks + 1, sizeof *deal->starts);
    if (!deal->shards || !deal->counts || !deal->starts)
        return sg_fail(err, SG_SYSTEM, "no memory for a list of %zu shards", count);
    for (size_t t = 0; t < manifest->table_count; t++) {
        const struct sg_manifest_table *table = &manifest->tables[t];
        for (size_t s = 0; s < table->shard_count; s++)
            deal->shards[deal->count++] = (struct sg_dealt){.position = position_of(table, &table->shards[s]),
                                                            .table = (uint16_t)t,
                                                            .shard = (uint32_t)s};
    }
    qsort(deal->shards, deal->count, sizeof *deal->shards, by_position);
    share_out(deal, manifest, (size_t)ranks);
    return SG_OK;
}

void sg_deal_close(struct sg_deal *deal) {
    free(deal->shards);
    free(deal->counts);
    free(deal->starts);
    *deal = (struct sg_deal){0};
}
