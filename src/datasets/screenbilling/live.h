/* The live way: the plan of the offline run, played into Stripe's test mode with test clocks.
 *
 * A run is named by its description (seed, months, customers) and a generation. Clocks carry that name,
 * idempotency keys derive from it, and Stripe answers a repeated request as it did the first time: so a run
 * that broke off continues when it is repeated (within the 24 hours that Stripe keeps answers), and nothing
 * is made twice. A generation whose clocks were deleted is never used again.
 */
#ifndef SB_LIVE_H
#define SB_LIVE_H

#include "datasets/screenbilling/config.h"
#include "datasets/screenbilling/stripe.h"

#define SB_CLOCK_NAME "synthgen-hpc screenbilling"

struct sb_subscriber {
    char customer[SB_ID_BYTES], subscription[SB_ID_BYTES], item[SB_ID_BYTES];
};

struct sb_play {
    const struct sg_world *world;
    const struct sg_live *live;
    struct sb_stripe *stripe;
    uint64_t run; /* hash of the description */
    uint32_t generation;
    int month; /* being played */
    char prices[SB_PLAN_COUNT][SB_ID_BYTES];
    char (*clocks)[SB_ID_BYTES];
    struct sb_subscriber *subscribers;
    bool *ready; /* by clock: has reached the month */
};

/* An idempotency key of this run and generation. */
void sb_play_key(const struct sb_play *play, struct sb_call *call, const char *what, uint64_t number);

/* A call that answers with an object: makes it and copies its id. */
enum sg_code sb_play_create(const struct sb_play *play, int worker, const struct sb_call *call,
                            char id[SB_ID_BYTES], struct sg_error *err);

/* Clocks of this program: finds the generation to play, deletes those of other runs. (live_clocks.c) */
enum sg_code sb_live_clean(struct sb_play *play, struct sg_error *err);
/* Brings all clocks to the start of play->month and waits, at most five minutes. (live_clocks.c) */
enum sg_code sb_live_advance(struct sb_play *play, struct sg_error *err);

/* Products and prices, found or made. (live_objects.c) */
enum sg_code sb_live_prices(struct sb_play *play, struct sg_error *err);
/* Clocks with their customers and subscriptions. (live_objects.c) */
enum sg_code sb_live_subscribe(struct sb_play *play, struct sg_error *err);
/* The events of play->month. (live_objects.c) */
enum sg_code sb_live_events(struct sb_play *play, struct sg_error *err);
/* Stripe's own status of those past due since the month before play->month; SG_INVALID when it does not
 * follow. (live_check.c) */
enum sg_code sb_live_check_past_due(struct sb_play *play, struct sg_error *err);
/* Every subscription as the plan ends. (live_check.c) */
enum sg_code sb_live_check_end(struct sb_play *play, struct sg_error *err);

/* The dataset's live function. (live.c) */
enum sg_code sb_live(const struct sg_world *world, const struct sg_live *live, struct sg_error *err);

#endif
