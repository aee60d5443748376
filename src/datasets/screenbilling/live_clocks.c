/* Test clocks of a live run: cleaning up, and the advances of all clocks together. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "datasets/screenbilling/live.h"

enum { PAGE = 100, ADVANCE_LIMIT_S = 300 };

/* Clocks of this program that Stripe holds. */
struct found {
    char (*ids)[SB_ID_BYTES];
    uint64_t count, capacity;
    int64_t own; /* newest generation of this run, -1 = none */
    bool *mine;  /* belongs to a generation of this run */
    uint32_t *generation;
    struct sb_play *play;
};

static enum sg_code remember(struct found *found, const char *id, bool mine, uint32_t generation,
                             struct sg_error *err) {
    if (found->count == found->capacity) {
        uint64_t more = found->capacity ? found->capacity * 2 : 64;
        void *ids = realloc(found->ids, more * sizeof *found->ids);
        if (ids) found->ids = ids;
        void *flags = realloc(found->mine, more * sizeof *found->mine);
        if (flags) found->mine = flags;
        void *generations = realloc(found->generation, more * sizeof *found->generation);
        if (generations) found->generation = generations;
        if (!ids || !flags || !generations) return sg_fail(err, SG_SYSTEM, "no memory for clocks");
        found->capacity = more;
    }
    snprintf(found->ids[found->count], SB_ID_BYTES, "%s", id);
    found->mine[found->count] = mine;
    found->generation[found->count++] = generation;
    if (mine && (int64_t)generation > found->own) found->own = generation;
    return SG_OK;
}

/* Names that do not follow the pattern belong to others. */
static enum sg_code look_at(struct found *found, const char *id, const char *name, struct sg_error *err) {
    uint64_t run;
    uint32_t generation;
    int end = 0;
    if (!name) return SG_OK;
    if (sscanf(name, SB_CLOCK_NAME " %16" SCNx64 " %" SCNu32 " clock %*u%n", &run, &generation, &end) != 2 ||
        !end || name[end])
        return SG_OK;
    return remember(found, id, run == found->play->run, generation, err);
}

static enum sg_code list_page(struct found *found, char after[SB_ID_BYTES], bool *more,
                              struct sg_error *err) {
    struct sb_call call;
    struct sg_json_view *view;
    char last[SB_ID_BYTES] = "";
    int64_t has_more = 0;
    sb_call_begin(&call, "GET", "/v1/test_helpers/test_clocks?limit=%d%s%s", PAGE,
                  after[0] ? "&starting_after=" : "", after);
    SG_TRY(sb_stripe_call(found->play->stripe, 0, &call, &view, NULL, err));
    const char *object = sg_json_view_text(view, "object");
    enum sg_code code = SG_OK;
    if (!object || strcmp(object, "list") != 0)
        code = sg_fail(err, SG_PROTOCOL, "%s has no list of test clocks: is STRIPE_API_BASE Stripe's API?",
                       call.path);
    size_t count = sg_json_view_count(view, "data");
    for (size_t i = 0; code == SG_OK && i < count; i++) {
        char id_path[32], name_path[32];
        snprintf(id_path, sizeof id_path, "data.%zu.id", i);
        snprintf(name_path, sizeof name_path, "data.%zu.name", i);
        if (sb_stripe_id(sg_json_view_text(view, id_path), last))
            code = look_at(found, last, sg_json_view_text(view, name_path), err);
    }
    *more = sg_json_view_i64(view, "has_more", &has_more) && has_more && count;
    sg_json_view_close(view);
    if (code == SG_OK && *more && (!last[0] || strcmp(last, after) == 0))
        return sg_fail(err, SG_PROTOCOL, "Stripe's list of test clocks goes on after %s for ever", after);
    memcpy(after, last, SB_ID_BYTES);
    return code;
}

static enum sg_code delete_clock(void *context, int worker, uint64_t item, struct sg_error *err) {
    struct found *found = context;
    const struct sb_play *play = found->play;
    if (found->mine[item] && found->generation[item] == play->generation) return SG_OK;
    struct sb_call call;
    sb_call_begin(&call, "DELETE", "/v1/test_helpers/test_clocks/%s", found->ids[item]);
    call.allowed[0] = SB_STATUS_NOT_FOUND;
    return sb_stripe_call(play->stripe, worker, &call, NULL, NULL, err);
}

static void choose_generation(struct sb_play *play, const struct found *found) {
    if (found->own < 0) return;
    play->generation = (uint32_t)found->own + play->live->overwrite;
}

enum sg_code sb_live_clean(struct sb_play *play, struct sg_error *err) {
    struct found found = {.own = -1, .play = play};
    char after[SB_ID_BYTES] = "";
    enum sg_code code = SG_OK;
    for (bool more = true; code == SG_OK && more;)
        code = list_page(&found, after, &more, err);
    choose_generation(play, &found);
    if (code == SG_OK) code = sb_stripe_parallel(play->stripe, found.count, delete_clock, &found, err);
    free(found.ids);
    free(found.mine);
    free(found.generation);
    return code;
}

/* Frozen time and status of a clock. */
static enum sg_code look(const struct sb_play *play, int worker, uint64_t clock, int64_t *frozen, bool *ready,
                         struct sg_error *err) {
    struct sb_call call;
    struct sg_json_view *view;
    sb_call_begin(&call, "GET", "/v1/test_helpers/test_clocks/%s", play->clocks[clock]);
    SG_TRY(sb_stripe_call(play->stripe, worker, &call, &view, NULL, err));
    const char *status = sg_json_view_text(view, "status");
    bool known = status && sg_json_view_i64(view, "frozen_time", frozen);
    *ready = known && strcmp(status, "ready") == 0;
    bool broken = !known || strcmp(status, "internal_failure") == 0;
    sg_json_view_close(view);
    if (!broken) return SG_OK;
    return sg_fail(err, SG_UNAVAILABLE,
                   "Stripe could not advance clock %s: start again with --overwrite, which makes new clocks",
                   play->clocks[clock]);
}

static enum sg_code advance(void *context, int worker, uint64_t clock, struct sg_error *err) {
    struct sb_play *play = context;
    struct sb_call call;
    long status;
    int64_t frozen, target = sb_month_start(play->world, play->month);
    bool ready;
    play->ready[clock] = false;
    sb_call_begin(&call, "POST", "/v1/test_helpers/test_clocks/%s/advance", play->clocks[clock]);
    sb_form_add_i64(&call.form, "frozen_time", target);
    sb_play_key(play, &call, "advance", clock * SB_MONTHS + (uint64_t)play->month);
    call.allowed[0] = SB_STATUS_BAD; /* a repeated run may find it further on, or still advancing */
    SG_TRY(sb_stripe_call(play->stripe, worker, &call, NULL, &status, err));
    if (status != SB_STATUS_BAD) return SG_OK;
    SG_TRY(look(play, worker, clock, &frozen, &ready, err));
    if (!ready || frozen >= target) return SG_OK;
    return sg_fail(err, SG_PROTOCOL, "Stripe refuses to advance clock %s to %s", play->clocks[clock],
                   play->world->month_text[play->month]);
}

static enum sg_code poll(void *context, int worker, uint64_t clock, struct sg_error *err) {
    struct sb_play *play = context;
    int64_t frozen = 0;
    bool ready;
    if (play->ready[clock]) return SG_OK;
    SG_TRY(look(play, worker, clock, &frozen, &ready, err));
    play->ready[clock] = ready && frozen >= sb_month_start(play->world, play->month);
    return SG_OK;
}

static int64_t now_s(void) {
    return (int64_t)(sg_clock_us() / 1000000);
}

enum sg_code sb_live_advance(struct sb_play *play, struct sg_error *err) {
    int64_t limit = now_s() + ADVANCE_LIMIT_S;
    SG_TRY(sb_stripe_parallel(play->stripe, play->world->clocks, advance, play, err));
    while (true) {
        uint64_t behind = 0;
        SG_TRY(sb_stripe_parallel(play->stripe, play->world->clocks, poll, play, err));
        for (uint64_t i = 0; i < play->world->clocks; i++)
            behind += !play->ready[i];
        if (!behind) return SG_OK;
        if (now_s() >= limit || SG_FAULT("clocks", "wait"))
            return sg_fail(err, SG_UNAVAILABLE,
                           "%" PRIu64 " clocks have not reached %s after five minutes; run the same command "
                           "again: it continues",
                           behind, play->world->month_text[play->month]);
    }
}
