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

/* The first block of a member. */
static uint64_t block_of(const struct sg_team *team, uint64_t blocks, int rank) {
    return sg_muldiv(blocks, (uint64_t)rank, (uint64_t)team->ranks);
}

static void own_blocks(const struct sg_team *team, uint64_t blocks, uint64_t *first, uint64_t *end) {
    *first = team ? block_of(team, blocks, team->rank) : 0;
    *end = team ? block_of(team, blocks, team->rank + 1) : blocks;
}

static uint64_t least(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

void sg_team_share(const struct sg_team *team, uint64_t units, uint32_t block_units, uint64_t *first,
                   uint64_t *end) {
    own_blocks(team, units / block_units + 1, first, end);
    *first = least(*first * block_units, units);
    *end = least(*end * block_units, units);
}

/* Everybody's block sums to everybody; row b + 1 of `sums` holds block b. */
static enum sg_code share_blocks(const struct sg_team *team, uint64_t blocks, uint32_t fields, uint64_t *sums,
                                 struct sg_error *err) {
    if (!team) return SG_OK;
    size_t *starts = sg_alloc_array((size_t)team->ranks + 1, sizeof *starts);
    enum sg_code code = starts ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory to share sums among ranks");
    code = sg_team_agree(team, code, err);
    for (int rank = 0; code == SG_OK && rank <= team->ranks; rank++)
        starts[rank] = (size_t)(block_of(team, blocks, rank) * fields);
    if (code == SG_OK) code = team->share(team->context, sums + fields, starts, err);
    free(starts);
    return code;
}

enum sg_code sg_sweep_blocks(const struct sg_team *team, uint64_t units, uint32_t block_units,
                             uint32_t fields, sg_add_fn *add, const void *context, uint64_t **sums,
                             struct sg_error *err) {
    uint64_t blocks = units / block_units + 1, first, end;
    uint64_t *rows = *sums = sg_alloc_array(blocks + 1, fields * sizeof *rows);
    enum sg_code code =
        rows ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for the sums of %zu units", (size_t)units);
    code = sg_team_agree(team, code, err);
    if (code == SG_OK) {
        own_blocks(team, blocks, &first, &end);
        uint64_t stretch = STRETCH_UNITS / block_units + 1;
#pragma omp parallel for schedule(dynamic, stretch) if ((end - first) * block_units >= PARALLEL_UNITS_MIN)
        for (uint64_t block = first; block < end; block++)
            add(context, block * block_units, least((block + 1) * block_units, units),
                rows + (block + 1) * fields);
        code = share_blocks(team, blocks, fields, rows, err);
    }
    if (code != SG_OK) {
        free(rows);
        *sums = NULL;
        return code;
    }
    for (uint64_t i = fields; i < (blocks + 1) * fields; i++)
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
