/* Opening a dataset's world, alone or together with other ranks: what one process may fail in alone is agreed
 * upon before anything is done together. */
#ifndef SG_PARTITION_OPENING_H
#define SG_PARTITION_OPENING_H

#include "model/dataset.h"
#include "partition/sweep.h"

struct sg_opening {
    uint64_t together_min; /* units of a run below which asking other ranks costs more than it saves */
    /* Local. *world may be half open after failure, or NULL. */
    enum sg_code (*start)(const struct sg_run *run, struct sg_world **world, struct sg_error *err);
    /* Collective in the team, NULL = alone. */
    enum sg_code (*fill)(struct sg_world *world, const struct sg_team *team, struct sg_error *err);
    void (*close)(struct sg_world *world);
};

/* Collective in the team (NULL = alone). world_open_together of struct sg_dataset: *world is NULL after
 * failure. */
enum sg_code sg_open_world(const struct sg_opening *opening, const struct sg_run *run,
                           const struct sg_team *team, struct sg_world **world, struct sg_error *err);

#endif
