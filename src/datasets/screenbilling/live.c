/* The live run from start to end: clean up, prices, customers on clocks, six months, checks, files. */
#include "datasets/screenbilling/live.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io/stream_file.h"

__attribute__((format(printf, 2, 3))) static void say(const struct sb_play *play, const char *format, ...) {
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    play->live->say(play->live->context, line);
}

void sb_play_key(const struct sb_play *play, struct sb_call *call, const char *what, uint64_t number) {
    snprintf(call->idempotency, sizeof call->idempotency, "synthgen-%016" PRIx64 "-%" PRIu32 "-%s-%" PRIu64,
             play->run, play->generation, what, number);
}

enum sg_code sb_play_create(const struct sb_play *play, int worker, const struct sb_call *call,
                            char id[SB_ID_BYTES], struct sg_error *err) {
    struct sg_json_view *view;
    SG_TRY(sb_stripe_call(play->stripe, worker, call, &view, NULL, err));
    bool fine = sb_stripe_id(sg_json_view_text(view, "id"), id);
    sg_json_view_close(view);
    return fine ? SG_OK : sg_fail(err, SG_PROTOCOL, "Stripe's answer to %s has no usable id", call->path);
}

/* Names the run by all that decides the plan: seed, first month and size, in the counter of a block. */
static uint64_t run_name(const struct sg_world *world) {
    struct sg_source source = sg_source(world->run.seed, SB_DATASET_ID, SB_TABLE_COUNT);
    struct sg_block w = sg_draw(&source, world->customers, 0, (uint32_t)world->month_day[0]);
    return (uint64_t)w.w[0] << 32 | w.w[1];
}

static void live_id(const void *context, enum sb_table table, uint64_t number, char out[SB_ID_BYTES]) {
    const struct sb_play *play = context;
    const char *id = table == SB_PRICES        ? play->prices[number]
                     : table == SB_TEST_CLOCKS ? play->clocks[number]
                     : table == SB_CUSTOMERS   ? play->subscribers[number].customer
                                               : play->subscribers[number].subscription;
    memcpy(out, id, SB_ID_BYTES);
}

static enum sg_code write_file(const struct sb_play *play, int file, struct sg_error *err) {
    struct sb_ids ids = {play, live_id, (int64_t)time(NULL)};
    const struct sg_document *document = &sb_documents[file];
    struct sg_stream_file *out;
    SG_TRY(sg_stream_file_open(&out, play->live->out, document->path, err));
    enum sg_code code = SG_OK;
    for (int s = 0; s < document->sections && code == SG_OK; s++) {
        struct sg_sections sections = {.write = sg_stream_file_write};
        sections.contexts[s] = out;
        code = sb_config_write(file, play->world, &ids, 0, play->world->customers, &sections, err);
    }
    return sg_stream_file_close(out, code, NULL, err);
}

static enum sg_code play_months(struct sb_play *play, struct sg_error *err) {
    for (play->month = 1; play->month < SB_MONTHS; play->month++) {
        SG_TRY(sb_live_advance(play, err));
        SG_TRY(sb_live_check_past_due(play, err));
        SG_TRY(sb_live_events(play, err));
        say(play, "%s: clocks advanced, events played", play->world->month_text[play->month]);
    }
    return SG_OK;
}

static enum sg_code play_all(struct sb_play *play, struct sg_error *err) {
    SG_TRY(sb_live_clean(play, err));
    SG_TRY(sb_live_prices(play, err));
    SG_TRY(write_file(play, SB_CONFIG_PRICES, err));
    say(play, "%d prices", SB_PLAN_COUNT);
    SG_TRY(sb_live_subscribe(play, err));
    say(play, "%s: %" PRIu64 " customers on %" PRIu64 " clocks", play->world->month_text[0],
        play->world->customers, play->world->clocks);
    SG_TRY(play_months(play, err));
    SG_TRY(sb_live_check_end(play, err));
    SG_TRY(write_file(play, SB_CONFIG_RUN, err));
    SG_TRY(write_file(play, SB_CONFIG_SNAPSHOTS, err));
    say(play, "every subscription is in Stripe as planned; files are in %s/config", play->live->out);
    return SG_OK;
}

static enum sg_code open_play(struct sb_play *play, struct sg_error *err) {
    const struct sg_world *world = play->world;
    SG_TRY(sb_stripe_open(&play->stripe, play->live->stopped, err));
    play->clocks = calloc(world->clocks, sizeof *play->clocks);
    play->ready = calloc(world->clocks, sizeof *play->ready);
    play->subscribers = calloc(world->customers, sizeof *play->subscribers);
    if (play->clocks && play->ready && play->subscribers) return SG_OK;
    return sg_fail(err, SG_SYSTEM, "no memory for the identifiers of a live run");
}

/* The folder is this run's before anything is sent. */
static enum sg_code claim(const struct sb_play *play, struct sg_error *err) {
    const struct sg_world *world = play->world;
    char run[128];
    snprintf(run, sizeof run, "seed %" PRIu64 ", %" PRIu64 " customers, %s to %s", world->run.seed,
             world->customers, world->month_text[0], world->month_text[SB_MONTHS - 1]);
    return play->live->claim(play->live->context, run, err);
}

enum sg_code sb_live(const struct sg_world *world, const struct sg_live *live, struct sg_error *err) {
    struct sb_play play = {.world = world, .live = live, .run = run_name(world)};
    enum sg_code code = open_play(&play, err);
    if (code == SG_OK) code = claim(&play, err);
    if (code == SG_OK) code = play_all(&play, err);
    free(play.clocks);
    free(play.ready);
    free(play.subscribers);
    sb_stripe_close(play.stripe);
    return code;
}
