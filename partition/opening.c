/* The steps of opening a world, in the one order that leaves no rank waiting for another that failed. */
#include "partition/opening.h"

enum sg_code sg_open_world(const struct sg_opening *opening, const struct sg_run *run,
                           const struct sg_team *team, struct sg_world **out, struct sg_error *err) {
    struct sg_world *world = NULL;
    if (run->units < opening->together_min) team = NULL;
    enum sg_code code = sg_team_agree(team, opening->start(run, &world, err), err);
    if (code == SG_OK) code = opening->fill(world, team, err);
    *out = code == SG_OK ? world : NULL;
    if (code != SG_OK) opening->close(world);
    return code;
}
