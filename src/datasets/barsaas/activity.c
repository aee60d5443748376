/* Set-up of the activity part. */
#include "datasets/barsaas/activity.h"

#include <stdlib.h>

static void part_close(struct sg_world *world) {
    free(world->activity);
    world->activity = NULL;
}

static enum sg_code part_open(struct sg_world *world, struct sg_error *err) {
    world->sizes.rows[BS_PAGES] = BS_PAGE_COUNT;
    world->sizes.rows[BS_FEATURES] = BS_FEATURE_COUNT;
    world->activity = calloc(1, sizeof *world->activity);
    if (!world->activity) return sg_fail(err, SG_SYSTEM, "no memory for the usage tables");
    bs_traffic_build(world, &world->activity->traffic);
    return SG_OK;
}

const struct bs_part bs_activity_part = {"activity", part_open, part_close};
