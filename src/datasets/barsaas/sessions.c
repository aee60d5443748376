/* Sessions of an account: how many each person has, when, how long, how many pages and feature events.
 *
 * Counts are cumulative roundings, so that totals are exact. Starts are a Poisson process of the role's
 * rhythm, conditioned on its count: normalised exponential gaps between creation and the last log-in, bent
 * towards the end of the life for those who grow into the product and towards its beginning for those who
 * leave it.
 */
#include "datasets/barsaas/sessions.h"

#include <stdlib.h>

#include "base/calendar.h"

enum { SPACING_S = 900, PAUSE_S = 60, GAP_FLOOR_Q16 = 600, SECONDS_A_PAGE_MIN = 2 };

/* Seconds on a page, mean by role; page views and feature events relative to others, in 16ths. */
static const uint8_t dwell_s[BS_ROLE_COUNT] = {96, 84, 48};
static const uint8_t pages_q4[BS_ROLE_COUNT] = {19, 17, 12};

struct bs_usage_rows bs_usage_rows_before(const struct sg_world *world, uint64_t number) {
    const uint64_t *rows = world->sizes.rows;
    const struct sg_prefix *weights = &world->activity->weights;
    uint64_t before[BS_USAGE_WEIGHTS], users = rows[BS_USERS];
    sg_prefix_before(weights, number, before);
    if (number < world->accounts) users = bs_users_before(world, number);
    uint64_t sessions = users + sg_share(rows[BS_USER_SESSIONS] - rows[BS_USERS], before[BS_WEIGHT_SESSIONS],
                                         sg_prefix_total(weights, BS_WEIGHT_SESSIONS));
    return (struct bs_usage_rows){.sessions = sessions,
                                  .pages = sessions + sg_share(rows[BS_PAGE_VIEWS] - rows[BS_USER_SESSIONS],
                                                               before[BS_WEIGHT_PAGES],
                                                               sg_prefix_total(weights, BS_WEIGHT_PAGES)),
                                  .features = sg_share(rows[BS_FEATURE_USAGE], before[BS_WEIGHT_FEATURES],
                                                       sg_prefix_total(weights, BS_WEIGHT_FEATURES))};
}

void bs_walk_open(struct bs_walk *walk, const struct sg_world *world, uint64_t number) {
    *walk = (struct bs_walk){.world = world, .next = number};
    sg_prefix_before(&world->activity->weights, number, walk->before);
    struct bs_usage_rows rows = bs_usage_rows_before(world, number);
    walk->session_first = rows.sessions;
    walk->page_first = rows.pages;
    walk->feature_first = rows.features;
}

void bs_walk_close(struct bs_walk *walk) {
    free(walk->sessions);
    free(walk->words);
    walk->sessions = NULL;
    walk->words = NULL;
}

static enum sg_code reserve(struct bs_walk *walk, struct sg_error *err) {
    if (walk->session_count <= walk->capacity) return SG_OK;
    bs_walk_close(walk);
    walk->capacity = walk->session_count + walk->session_count / 2;
    walk->sessions = sg_alloc_array(walk->capacity, sizeof *walk->sessions);
    walk->words = sg_alloc_array(walk->capacity, 8 * sizeof *walk->words);
    if (!walk->sessions || !walk->words)
        return sg_fail(err, SG_SYSTEM, "no memory for the %zu sessions of an account",
                       (size_t)walk->capacity);
    return SG_OK;
}

/* Rows of an account with these weights: what its share ends at, less what it begins at. */
static void count_rows(struct bs_walk *walk, const uint64_t weights[BS_USAGE_WEIGHTS]) {
    const uint64_t *rows = walk->world->sizes.rows;
    const struct sg_prefix *prefix = &walk->world->activity->weights;
    uint64_t end[BS_USAGE_WEIGHTS];
    for (int w = 0; w < BS_USAGE_WEIGHTS; w++)
        end[w] = walk->before[w] + weights[w];
    uint64_t sessions = walk->account.user_first + walk->account.user_count +
                        sg_share(rows[BS_USER_SESSIONS] - rows[BS_USERS], end[BS_WEIGHT_SESSIONS],
                                 sg_prefix_total(prefix, BS_WEIGHT_SESSIONS));
    uint64_t pages = sessions + sg_share(rows[BS_PAGE_VIEWS] - rows[BS_USER_SESSIONS], end[BS_WEIGHT_PAGES],
                                         sg_prefix_total(prefix, BS_WEIGHT_PAGES));
    uint64_t features = sg_share(rows[BS_FEATURE_USAGE], end[BS_WEIGHT_FEATURES],
                                 sg_prefix_total(prefix, BS_WEIGHT_FEATURES));
    walk->session_count = sessions - walk->session_first;
    walk->page_count = pages - walk->page_first;
    walk->feature_count = features - walk->feature_first;
    for (int w = 0; w < BS_USAGE_WEIGHTS; w++)
        walk->before[w] = end[w];
}

/* How a life's activity is bent, in 65536ths of +-1: above 0 it grows, below it fades. */
static int64_t bend_of(const struct bs_account *account, const struct bs_user *user) {
    if (!user->active) return -36000 + (int64_t)account->engagement_q16 / 4;
    return -6000 + (int64_t)account->engagement_q16 / 2;
}

/* Starts of sessions [0, n - 1) as positions in the role's rhythm; the last one is the last log-in. */
static void place_starts(const struct bs_walk *walk, const struct bs_user *user, struct bs_session *s,
                         const uint32_t *gap_words, uint64_t n) {
    const struct bs_rhythm *rhythm = &walk->world->activity->rhythm;
    unsigned zone = walk->account.locations[0].zone;
    uint64_t low = bs_rhythm_position(rhythm, user->role, zone, user->created);
    uint64_t high = bs_rhythm_position(rhythm, user->role, zone, user->last_login);
    uint64_t span = high > low ? high - low : 0, total = 0, at = 0;
    for (uint64_t j = 0; j < n; j++)
        total += GAP_FLOOR_Q16 + (uint64_t)sg_exponential(gap_words[j]);
    uint64_t scale = ((uint64_t)1 << 62) / total; /* at * scale >> 32 is the quantile in 2^30ths */
    int64_t bend = bend_of(&walk->account, user);
    for (uint64_t j = 0; j + 1 < n; j++) {
        at += GAP_FLOOR_Q16 + (uint64_t)sg_exponential(gap_words[j]);
        int64_t q = (int64_t)(at * scale >> 32);
        q += (q * (((int64_t)1 << 30) - q) >> 30) * bend >> 16;
        s[j].start =
            bs_rhythm_instant(rhythm, user->role, zone, (uint32_t)(low + (span * (uint64_t)q >> 30)));
    }
    s[n - 1].start = user->last_login;
}

/* Keeps starts in order and apart, inside [created, last log-in], as far as the life is long enough. */
static void space_starts(const struct bs_user *user, struct bs_session *s, uint64_t n) {
    int64_t spacing = (user->last_login - user->created) / (int64_t)n;
    if (spacing > SPACING_S) spacing = SPACING_S;
    int64_t least = user->created, most = user->last_login - spacing * (int64_t)(n - 1);
    for (uint64_t j = 0; j < n; j++, most += spacing) {
        int64_t start = s[j].start < least ? least : s[j].start;
        s[j].start = start > most ? most : start;
        least = s[j].start + spacing;
    }
}

static uint8_t tier_at(const struct bs_account *account, int64_t instant) {
    unsigned k = 0;
    while (k + 1u < account->sub_count && account->subs[k + 1].start <= instant)
        k++;
    return account->subs[k].tier;
}

/* What is drawn for each session of a person, and the habits they share. */
static void choose(const struct bs_walk *walk, unsigned k, struct bs_session *s, const uint32_t *choices,
                   uint64_t n) {
    const struct bs_flow *flow = &walk->world->activity->flow;
    const struct bs_user *user = &walk->users[k];
    struct sg_source source = sg_source(walk->world->run.seed, BS_DATASET_ID, BS_USER_SESSIONS);
    struct sg_block habit = sg_draw(&source, user->number, BS_STREAM_HABIT, 0);
    uint8_t usual = flow->device[user->role][habit.w[0] >> 26], browsers[BS_SESSION_DEVICES];
    for (int device = 0; device < BS_SESSION_DEVICES; device++)
        browsers[device] = flow->browser[device][habit.w[1] >> (26 - 6 * device) & 63];
    for (uint64_t j = 0; j < n; j++) {
        uint32_t word = choices[j];
        bool other = (word & 255) < 42; /* 16 % away from the usual device */
        s[j].user = (uint8_t)k;
        s[j].role = user->role;
        s[j].tier = tier_at(&walk->account, s[j].start);
        s[j].focus = flow->focus[user->role][word >> 26];
        s[j].device = other ? flow->device[user->role][word >> 20 & 63] : usual;
        s[j].browser = browsers[s[j].device];
    }
}

/* Sessions of each person: one, and a share of the rest by activity and time. */
static void deal_people(const struct bs_walk *walk, const uint32_t *words) {
    const struct bs_account *account = &walk->account;
    uint64_t rest = walk->session_count - account->user_count, total = 0, sum = 0, first = 0;
    uint64_t weight[BS_USERS_MAX];
    for (unsigned k = 0; k < account->user_count; k++) {
        const struct bs_user *user = &walk->users[k];
        total += weight[k] =
            (user->activity_q16 * ((uint64_t)(user->end - user->created) / SG_HOUR_S) >> 8) + 1;
    }
    for (unsigned k = 0; k < account->user_count; k++) {
        sum += weight[k];
        uint64_t end = k + 1 + sg_share(rest, sum, total), n = end - first;
        struct bs_session *s = walk->sessions + first;
        place_starts(walk, &walk->users[k], s, words + first, n);
        space_starts(&walk->users[k], s, n);
        choose(walk, k, s, words + 3 * walk->capacity + first, n);
        first = end;
    }
}

/* Page views: one each, the account's others by weights with a long tail. Feature events: by pages seen. */
static void deal_rows(const struct bs_walk *walk, const uint32_t *page_words, const uint32_t *feature_words) {
    uint64_t n = walk->session_count, extra = walk->page_count - n, total = 0, sum = 0, dealt = 0;
    struct bs_session *s = walk->sessions;
    for (uint64_t j = 0; j < n; j++) {
        uint64_t e = (uint64_t)sg_exponential(page_words[j]);
        s[j].pages = (uint32_t)(((e + (e * e >> 18)) * pages_q4[s[j].role] >> 12) + 1);
        total += s[j].pages;
    }
    for (uint64_t j = 0; j < n; j++) {
        sum += s[j].pages;
        uint64_t end = sg_muldiv(extra, sum, total);
        s[j].pages = 1 + (uint32_t)(end - dealt);
        dealt = end;
    }
    total = sum = dealt = 0;
    for (uint64_t j = 0; j < n; j++) {
        s[j].features = s[j].pages * ((uint32_t)sg_exponential(feature_words[j]) / 256 + 40);
        total += s[j].features;
    }
    for (uint64_t j = 0; j < n; j++) {
        sum += s[j].features;
        uint64_t end = sg_muldiv(walk->feature_count, sum, total);
        s[j].features = (uint32_t)(end - dealt);
        dealt = end;
    }
}

/* Durations by pages and pace, ending before the person's next session and within their life. */
static void set_durations(const struct bs_walk *walk, const uint32_t *pace_words) {
    struct bs_session *s = walk->sessions;
    for (uint64_t j = 0; j < walk->session_count; j++) {
        bool last = j + 1 == walk->session_count || s[j + 1].user != s[j].user;
        int64_t limit = (last ? walk->users[s[j].user].end : s[j + 1].start) - s[j].start;
        if (!last) limit -= limit / 8 < PAUSE_S ? (limit + 7) / 8 : PAUSE_S;
        uint64_t pace = 22938 + (uint64_t)sg_exponential(pace_words[j]) * 13 / 20;
        int64_t wanted = (int64_t)(s[j].pages * (SECONDS_A_PAGE_MIN + (dwell_s[s[j].role] * pace >> 16)));
        if (wanted > BS_SESSION_MAX_S) wanted = BS_SESSION_MAX_S;
        s[j].duration = (uint32_t)(wanted < limit ? wanted : limit);
    }
}

enum sg_code bs_walk_next(struct bs_walk *walk, struct sg_error *err) {
    const struct sg_world *world = walk->world;
    walk->session_first += walk->session_count;
    walk->page_first += walk->page_count;
    walk->feature_first += walk->feature_count;
    bs_account_get(world, walk->next++, &walk->account);
    for (unsigned k = 0; k < walk->account.user_count; k++)
        bs_user_get(world, &walk->account, k, &walk->users[k]);
    uint64_t weights[BS_USAGE_WEIGHTS];
    bs_usage_weights(&walk->account, walk->users, weights);
    count_rows(walk, weights);
    SG_TRY(reserve(walk, err));
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_USER_SESSIONS);
    uint32_t *w = walk->words;
    uint64_t c = walk->capacity;
    for (uint32_t block = 0; block < 2; block++, w += 4 * c)
        world->kernels->philox(&source, walk->session_first, BS_STREAM_VISIT + block, 0, walk->session_count,
                               w, w + c, w + 2 * c, w + 3 * c);
    w = walk->words;
    deal_people(walk, w);
    deal_rows(walk, w + c, w + 4 * c);
    set_durations(walk, w + 2 * c);
    return SG_OK;
}

enum sg_code bs_walk_accounts(const struct sg_world *world, uint64_t first, uint64_t end, bs_walk_fill *fill,
                              struct sg_emitter *e, struct sg_error *err) {
    struct bs_walk walk;
    enum sg_code code = SG_OK;
    bs_walk_open(&walk, world, first);
    for (uint64_t number = first; number < end && code == SG_OK; number++) {
        code = bs_walk_next(&walk, err);
        if (code == SG_OK) code = fill(&walk, e, err);
    }
    bs_walk_close(&walk);
    return code;
}
