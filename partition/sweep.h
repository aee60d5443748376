/* Adding up what many units count, on all threads and, where a team plans together, on all its members.
 *
 * A team is several processes that plan the same run: each adds up its own share of the units and all leave
 * with everybody's sums, so that the whole costs each of them a part of the work. The messages are handed in
 * as functions (comm.h has them); without a team (NULL) a process does everything itself. Sums are integers:
 * they are the same however many took part.
 */
#ifndef SG_PARTITION_SWEEP_H
#define SG_PARTITION_SWEEP_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct sg_team {
    int rank, ranks;
    uint64_t light_from; /* units from here on cost a fraction of those before; 0 = all are alike */
    void *context;
    /* Collective. Sums of count values, in place. */
    void (*sum)(void *context, uint64_t *values, size_t count);
    /* Collective. Everybody's bytes to everybody: as sg_comm_share of comm.h. */
    enum sg_code (*share)(void *context, enum sg_code code, const void *bytes, size_t size, void **all,
                          size_t *starts, struct sg_error *err);
    /* Collective. All leave with the code of the first member that failed. */
    enum sg_code (*agree)(void *context, enum sg_code code, struct sg_error *err);
};

/* Collective in the team. */
enum sg_code sg_team_agree(const struct sg_team *team, enum sg_code code, struct sg_error *err);

/* Pure. The units [*first, *end) that this process adds up when they come in blocks of block_units. */
void sg_team_share(const struct sg_team *team, uint64_t units, uint32_t block_units, uint64_t *first,
                   uint64_t *end);

/* Collective in the team. Each member has filled its share (sg_team_share with blocks of one) of `count`
 * elements; all leave with all of them. */
enum sg_code sg_team_gather(const struct sg_team *team, void *elements, size_t element_bytes, uint64_t count,
                            struct sg_error *err);

/* Adds what units [first, end) count to sums[fields]. Thread-safe. */
typedef void sg_add_fn(const void *context, uint64_t first, uint64_t end, uint64_t *sums);

/* Collective in the team. The sums before each block: sg_sweep_rows rows of `fields` values, row b for the
 * units before b x block_units, the last one for all of them. `add` is called once per block. *sums is
 * malloc'd, NULL on failure. */
enum sg_code sg_sweep_blocks(const struct sg_team *team, uint64_t units, uint32_t block_units,
                             uint32_t fields, sg_add_fn *add, const void *context, uint64_t **sums,
                             struct sg_error *err);

/* Pure. Rows of such a table; its last two are equal when the last block is empty. */
static inline uint64_t sg_sweep_rows(uint64_t units, uint32_t block_units) {
    return units / block_units + 2;
}

/* Collective in the team. totals[fields] of all units. `add` is called for stretches of a few blocks. */
enum sg_code sg_sweep_total(const struct sg_team *team, uint64_t units, uint32_t block_units, uint32_t fields,
                            sg_add_fn *add, const void *context, uint64_t *totals, struct sg_error *err);

#endif
