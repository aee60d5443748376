/* Sweeps over units in blocks: each member of a team takes a contiguous range of blocks, its threads share
 * them. */
#include "partition/sweep.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"

/* Below, waking threads costs more than they save; and the units a thread takes at a time. */
enum { PARALLEL_UNITS_MIN = 4096, STRETCH_UNITS = 256 };

enum sg_code sg_team_agree(const struct sg_team *team, enum sg_code code, struct sg_error *err) {
    return team ? team->agree(team->context, code, err) : code;
}

static uint64_t least(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

/* Units in blocks, shared out among a team. */
struct share {
    const struct sg_team *team; /* NULL = alone */
    uint64_t blocks, heavy;     /* the first `heavy` ones cost HEAVY times as much as the others */
};

enum { HEAVY = 32 };

static struct share share_out(const struct sg_team *team, uint64_t units, uint32_t block_units) {
    uint64_t blocks = units / block_units + 1;
    uint64_t heavy = team && team->light_from ? team->light_from / block_units + 1 : blocks;
    return (struct share){team, blocks, least(heavy, blocks)};
}

/* The first block of a member. */
static uint64_t block_of(const struct share *share, int rank) {
    uint64_t cost = share->heavy * HEAVY + share->blocks - share->heavy;
    uint64_t at = sg_muldiv(cost, (uint64_t)rank, (uint64_t)share->team->ranks);
    return at < share->heavy * HEAVY ? at / HEAVY : at - share->heavy * (HEAVY - 1);
}

static void own_blocks(const struct share *share, uint64_t *first, uint64_t *end) {
    *first = share->team ? block_of(share, share->team->rank) : 0;
    *end = share->team ? block_of(share, share->team->rank + 1) : share->blocks;
}

void sg_team_share(const struct sg_team *team, uint64_t units, uint32_t block_units, uint64_t *first,
                   uint64_t *end) {
    struct share share = share_out(team, units, block_units);
    own_blocks(&share, first, end);
    *first = least(*first * block_units, units);
    *end = least(*end * block_units, units);
}

enum sg_code sg_team_gather(const struct sg_team *team, void *elements, size_t element_bytes, uint64_t count,
                            struct sg_error *err) {
    if (!team) return SG_OK;
    uint64_t first, end;
    void *all = NULL;
    size_t *starts = sg_alloc_array((size_t)team->ranks + 1, sizeof *starts);
    enum sg_code code = starts ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory to share among ranks");
    sg_team_share(team, count, 1, &first, &end);
    code = team->share(team->context, code, (char *)elements + first * element_bytes,
                       (size_t)(end - first) * element_bytes, &all, starts, err);
    if (code == SG_OK) memcpy(elements, all, starts[team->ranks]);
    free(all);
    free(starts);
    return code;
}

/* Sums travel seven bits to a byte, low ones first, the last byte of each below 128: most are small. */
enum { PACKED_MAX = 10 };

static unsigned char *pack(const uint64_t *values, size_t count, unsigned char *at) {
    for (size_t i = 0; i < count; i++) {
        uint64_t value = values[i];
        for (; value > 127; value >>= 7)
            *at++ = (unsigned char)(128 | (value & 127));
        *at++ = (unsigned char)value;
    }
    return at;
}

static void unpack(const unsigned char *at, size_t count, uint64_t *values) {
    for (size_t i = 0; i < count; i++) {
        uint64_t value = *at & 127;
        for (unsigned shift = 7; *at++ > 127; shift += 7)
            value |= (uint64_t)(*at & 127) << shift;
        values[i] = value;
    }
}

/* The sums of blocks, own and everybody's. */
struct blocks {
    struct share share;
    uint32_t fields;
    uint64_t *sums; /* of block b from b x fields on */
};

static size_t values_before(const struct blocks *blocks, int rank) {
    return (size_t)(block_of(&blocks->share, rank) * blocks->fields);
}

/* Everybody's blocks to everybody. */
static enum sg_code share_blocks(const struct blocks *blocks, enum sg_code code, struct sg_error *err) {
    const struct sg_team *team = blocks->share.team;
    if (!team) return code;
    size_t first = values_before(blocks, team->rank), own = values_before(blocks, team->rank + 1) - first;
    unsigned char *packed = malloc(own * PACKED_MAX + 1), *end = packed;
    size_t *starts = sg_alloc_array((size_t)team->ranks + 1, sizeof *starts);
    void *all = NULL;
    if (code == SG_OK && (!packed || !starts))
        code = sg_fail(err, SG_SYSTEM, "no memory to share sums among ranks");
    if (code == SG_OK) end = pack(blocks->sums + first, own, packed);
    code = team->share(team->context, code, packed, (size_t)(end - packed), &all, starts, err);
    for (int rank = 0; code == SG_OK && rank < team->ranks; rank++) {
        size_t at = values_before(blocks, rank);
        unpack((unsigned char *)all + starts[rank], values_before(blocks, rank + 1) - at, blocks->sums + at);
    }
    free(all);
    free(packed);
    free(starts);
    return code;
}

enum sg_code sg_sweep_blocks(const struct sg_team *team, uint64_t units, uint32_t block_units,
                             uint32_t fields, sg_add_fn *add, const void *context, uint64_t **sums,
                             struct sg_error *err) {
    struct share share = share_out(team, units, block_units);
    uint64_t count = share.blocks, first, end;
    uint64_t *rows = *sums = sg_alloc_array(count + 1, fields * sizeof *rows);
    enum sg_code code =
        rows ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for the sums of %zu units", (size_t)units);
    if (code == SG_OK) {
        own_blocks(&share, &first, &end);
        uint64_t stretch = STRETCH_UNITS / block_units + 1;
#pragma omp parallel for schedule(dynamic, stretch) if ((end - first) * block_units >= PARALLEL_UNITS_MIN)
        for (uint64_t block = first; block < end; block++)
            add(context, block * block_units, least((block + 1) * block_units, units),
                rows + (block + 1) * fields);
    }
    struct blocks blocks = {share, fields, rows ? rows + fields : NULL};
    code = share_blocks(&blocks, code, err);
    if (code != SG_OK) {
        free(rows);
        *sums = NULL;
        return code;
    }
    for (uint64_t i = fields; i < (count + 1) * fields; i++)
        rows[i] += rows[i - fields];
    return SG_OK;
}

enum sg_code sg_sweep_total(const struct sg_team *team, uint64_t units, uint32_t block_units, uint32_t fields,
                            sg_add_fn *add, const void *context, uint64_t *totals, struct sg_error *err) {
    uint64_t first, end;
    sg_team_share(team, units, block_units, &first, &end);
    uint64_t stretch = (STRETCH_UNITS / block_units + 1) * block_units;
    size_t threads = end - first >= PARALLEL_UNITS_MIN ? (size_t)omp_get_max_threads() : 1;
    uint64_t *own = sg_alloc_array(threads * fields, sizeof *own);
    enum sg_code code = own ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for %u sums", fields);
    code = sg_team_agree(team, code, err);
    memset(totals, 0, fields * sizeof *totals);
    if (code == SG_OK) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
        for (uint64_t at = first; at < end; at += stretch)
            add(context, at, least(at + stretch, end), own + (size_t)omp_get_thread_num() * fields);
        for (size_t i = 0; i < threads * fields; i++)
            totals[i % fields] += own[i];
        if (team) team->sum(team->context, totals, fields);
    }
    free(own);
    return code;
}
