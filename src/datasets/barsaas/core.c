/* Opens the core: quotas, lifecycle, counts and prefix sums, invoice apportionment, names; in that order,
 * because each needs the ones before. */
#include "datasets/barsaas/core.h"

#include <stdlib.h>

static void open_sources(struct sg_world *world) {
    struct bs_core *core = world->core;
    uint64_t seed = world->run.seed;
    core->accounts = sg_source(seed, BS_DATASET_ID, BS_ACCOUNTS);
    core->locations = sg_source(seed, BS_DATASET_ID, BS_LOCATIONS);
    core->users = sg_source(seed, BS_DATASET_ID, BS_USERS);
    core->devices = sg_source(seed, BS_DATASET_ID, BS_DEVICES);
    core->subscriptions = sg_source(seed, BS_DATASET_ID, BS_SUBSCRIPTIONS);
}

/* Add-ons: exactly items - subscriptions of them, none to three per subscription row. */
static enum sg_code open_addons(struct sg_world *world, struct sg_error *err) {
    struct bs_core *core = world->core;
    static const uint32_t shares[BS_ITEMS_MAX] = {71, 20, 7, 2};
    uint64_t subs = world->sizes.rows[BS_SUBSCRIPTIONS];
    uint64_t items = world->sizes.rows[BS_STRIPE_SUBSCRIPTION_ITEMS];
    core->addons = sg_permutation(subs, world->run.seed, BS_DATASET_ID, BS_PERM_ADDONS);
    if (items < subs || !sg_quota_values(subs, items - subs, 0, shares, BS_ITEMS_MAX, core->addon_rows))
        return sg_fail(err, SG_INTERNAL, "%zu subscription items do not fit %zu subscriptions", (size_t)items,
                       (size_t)subs);
    return SG_OK;
}

/* 20 MB. */
enum { HINTS_MAX = 1 << 17 };

enum sg_code bs_hints_open(struct sg_world *world, struct sg_error *err) {
    struct bs_core *core = world->core;
    sg_team_share(world->team, world->accounts, bs_block_units(world->accounts), &core->hints_first,
                  &core->hints_end);
    if (core->hints_end - core->hints_first > HINTS_MAX) core->hints_end = core->hints_first;
    core->hints = sg_alloc_array(core->hints_end - core->hints_first, sizeof *core->hints);
    return core->hints ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for the plan of accounts");
}

void bs_hints_close(struct sg_world *world) {
    struct bs_core *core = world->core;
    free(core->hints);
    core->hints = NULL;
    core->hints_end = core->hints_first;
    core->hints_complete = false;
}

static enum sg_code core_open(struct sg_world *world, struct sg_error *err) {
    world->core = calloc(1, sizeof *world->core);
    enum sg_code code = world->core ? bs_hints_open(world, err)
                                    : sg_fail(err, SG_SYSTEM, "no memory for the plan of accounts");
    SG_TRY(sg_team_agree(world->team, code, err));
    open_sources(world);
    bs_quotas_open(world);
    bs_lifecycle_open(world);
    SG_TRY(bs_account_open(world, err));
    SG_TRY(open_addons(world, err));
    SG_TRY(bs_invoices_open(world, err));
    return sg_team_agree(world->team, bs_names_open(world, err), err);
}

static void core_close(struct sg_world *world) {
    if (!world->core) return;
    bs_hints_close(world);
    sg_prefix_close(&world->core->prefix);
    sg_prefix_close(&world->core->invoices);
    bs_names_close(world);
    free(world->core);
    world->core = NULL;
}

const struct bs_part bs_core_part = {"core", NULL, NULL, core_open, core_close};
