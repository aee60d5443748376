/* page_views: the pages of each session in order, the first at its start, until its end.
 *
 * Times divide the session by exponential weights; pages are a Markov chain of the role drawn towards what
 * the session is about.
 */
#include "base/calendar.h"
#include "datasets/barsaas/sessions.h"
#include "datasets/barsaas/tables.h"

enum column {
    ID,
    SESSION_ID,
    TIMESTAMP,
    USER_ID,
    ACCOUNT_ID,
    PAGE_ID,
    REFERRER_PAGE_ID,
    TIME_ON_PAGE,
    EXIT_PAGE,
    COLUMN_COUNT
};

enum { STREAM_VIEW = 1, CHUNK = 1024, DWELL_FLOOR_Q16 = 4000 };

static const struct sg_column columns[COLUMN_COUNT] = {
    [ID] = {.name = "id",
            .type = SG_I64,
            .origin = {0, 0, "key"},
            .note = "Dense key from 1, by session and time."},
    [SESSION_ID] = {.name = "session_id",
                    .type = SG_I64,
                    .origin = {0, 0, "share of the account's page views, see user_sessions.page_views"},
                    .note = "The session."},
    [TIMESTAMP] = {.name = "timestamp",
                   .type = SG_TIMESTAMP,
                   .origin = {STREAM_VIEW, 0, "session divided by exponential weights"},
                   .note = "When the page was opened."},
    [USER_ID] = {.name = "user_id", .type = SG_I32, .origin = {0, 0, "the session's"}, .note = "The user."},
    [ACCOUNT_ID] = {.name = "account_id",
                    .type = SG_I32,
                    .origin = {0, 0, "the session's"},
                    .note = "The user's account."},
    [PAGE_ID] = {.name = "page_id",
                 .type = SG_I16,
                 .origin = {STREAM_VIEW, 1,
                            "Markov chain by role: 35 % a page of the session's focus, else by habit"},
                 .note = "The page; its URL and title are in pages."},
    [REFERRER_PAGE_ID] = {.name = "referrer_page_id",
                          .type = SG_I16,
                          .nullable = true,
                          .origin = {0, 0, "the page before"},
                          .note = "Page seen before in the session, NULL on its first."},
    [TIME_ON_PAGE] = {.name = "time_on_page_seconds",
                      .type = SG_I16,
                      .origin = {0, 0, "until the next page or the session's end"},
                      .note = "Seconds on the page; a session's sum is its duration."},
    [EXIT_PAGE] = {.name = "exit_page",
                   .type = SG_BOOL,
                   .origin = {0, 0, "last of the session"},
                   .note = "Whether the session ended here."},
};

static const struct sg_foreign_key foreign_keys[] = {
    {"session_id", "user_sessions", "id", SG_CASCADE}, {"user_id", "users", "id", SG_CASCADE},
    {"account_id", "accounts", "id", SG_CASCADE},      {"page_id", "pages", "id", SG_NO_ACTION},
    {"referrer_page_id", "pages", "id", SG_NO_ACTION},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "page_view_ids_dense", .a = "id"},
    {.kind = SG_RULE_COUNT_EQ, .name = "page_views_as_session_says", .b = "page_views", .via = "session_id"},
    {.kind = SG_RULE_SUM_EQ,
     .name = "page_times_fill_session",
     .a = "time_on_page_seconds",
     .b = "duration_seconds",
     .via = "session_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "page_view_not_before_session",
     .a = "timestamp",
     .b = "session_start",
     .via = "session_id"},
    {.kind = SG_RULE_PARENT_LE,
     .name = "page_view_not_after_session",
     .a = "timestamp",
     .b = "session_end",
     .via = "session_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "page_view_user_is_sessions",
     .a = "user_id",
     .b = "user_id",
     .via = "session_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "page_view_account_is_sessions",
     .a = "account_id",
     .b = "account_id",
     .via = "session_id"},
    {.kind = SG_RULE_RANGE,
     .name = "page_time_range",
     .a = "time_on_page_seconds",
     .low = 0,
     .high = BS_SESSION_MAX_S},
    {.kind = SG_RULE_PAST, .name = "page_view_in_past", .a = "timestamp"},
};

static const struct sg_index indexes[] = {
    {.name = "page_views_session", .columns = "session_id", .brin = true},
    {.name = "page_views_timestamp", .columns = "timestamp", .brin = true},
};

/* Where a fill stands: words of a chunk of rows, and the chain within the session. */
struct views {
    const struct bs_walk *walk;
    struct sg_source source;
    uint64_t row_end; /* first row behind the account's */
    uint64_t chunk;   /* row of the first word held */
    uint32_t held;
    uint32_t dwell[CHUNK], turn[CHUNK], spare[2][CHUNK];
};

/* Holds the words of `row` and as many after it as fit. */
static void hold(struct views *v, uint64_t row) {
    uint64_t left = v->row_end - row;
    v->chunk = row;
    v->held = left < CHUNK ? (uint32_t)left : CHUNK;
    v->walk->world->kernels->philox(&v->source, row, STREAM_VIEW, 0, v->held, v->dwell, v->turn, v->spare[0],
                                    v->spare[1]);
}

static uint64_t dwell_weight(uint32_t word) {
    return DWELL_FLOOR_Q16 + (uint64_t)sg_exponential(word);
}

/* Sum of a session's dwell weights; its rows may reach beyond the chunk. */
static uint64_t total_dwell(struct views *v, uint64_t row, uint32_t pages) {
    uint64_t total = 0;
    for (uint32_t p = 0; p < pages; p++) {
        if (row + p >= v->chunk + v->held) hold(v, row + p);
        total += dwell_weight(v->dwell[row + p - v->chunk]);
    }
    return total;
}

/* What the rows of a session have in common, and the chain so far. */
struct visit {
    const struct bs_session *s;
    int64_t session_id;
    int32_t user_id, account_id;
    uint64_t scale;  /* seconds of a dwell weight, in 2^-32 */
    uint64_t passed; /* dwell weight of the pages before */
    unsigned page;   /* the page before */
};

static void fill_row(struct sg_emitter *e, const struct views *v, struct visit *visit, uint64_t row,
                     uint32_t p) {
    const struct bs_session *s = visit->s;
    const struct bs_flow *flow = &v->walk->world->activity->flow;
    uint64_t at = row - v->chunk;
    bool last = p + 1 == s->pages;
    uint32_t opened = (uint32_t)(visit->passed * visit->scale >> 32);
    visit->passed += dwell_weight(v->dwell[at]);
    uint32_t closed = last ? s->duration : (uint32_t)(visit->passed * visit->scale >> 32);
    unsigned page = p == 0 ? bs_flow_first(flow, s->focus, v->turn[at])
                           : bs_flow_next(flow, s->role, s->focus, visit->page, v->turn[at]);
    SG_CELL(e, int64_t, ID) = (int64_t)row + 1;
    SG_CELL(e, int64_t, SESSION_ID) = visit->session_id;
    SG_CELL(e, int64_t, TIMESTAMP) = s->start + opened;
    SG_CELL(e, int32_t, USER_ID) = visit->user_id;
    SG_CELL(e, int32_t, ACCOUNT_ID) = visit->account_id;
    SG_CELL(e, int16_t, PAGE_ID) = (int16_t)(page + 1);
    SG_CELL(e, int16_t, REFERRER_PAGE_ID) = (int16_t)(p == 0 ? 0 : visit->page + 1);
    e->batch.vectors[REFERRER_PAGE_ID].null[e->batch.rows] = p == 0;
    SG_CELL(e, int16_t, TIME_ON_PAGE) = (int16_t)(closed - opened);
    SG_CELL(e, uint8_t, EXIT_PAGE) = last;
    visit->page = page;
}

static enum sg_code fill_session(struct views *v, uint64_t j, uint64_t row, struct sg_emitter *e,
                                 struct sg_error *err) {
    const struct bs_walk *walk = v->walk;
    const struct bs_session *s = &walk->sessions[j];
    if (row < v->chunk || row + s->pages > v->chunk + v->held) hold(v, row);
    struct visit visit = {.s = s,
                          .session_id = (int64_t)(walk->session_first + j) + 1,
                          .user_id = (int32_t)(walk->account.user_first + s->user) + 1,
                          .account_id = (int32_t)walk->account.number + 1};
    visit.scale = ((uint64_t)s->duration << 32) / total_dwell(v, row, s->pages);
    for (uint32_t p = 0; p < s->pages; p++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        if (row + p < v->chunk || row + p >= v->chunk + v->held) hold(v, row + p);
        fill_row(e, v, &visit, row + p, p);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

static enum sg_code fill_account(const struct bs_walk *walk, struct sg_emitter *e, struct sg_error *err) {
    struct views v;
    v.walk = walk;
    v.source = sg_source(walk->world->run.seed, BS_DATASET_ID, BS_PAGE_VIEWS);
    v.row_end = walk->page_first + walk->page_count;
    v.chunk = v.held = 0;
    uint64_t row = walk->page_first;
    for (uint64_t j = 0; j < walk->session_count; j++) {
        SG_TRY(fill_session(&v, j, row, e, err));
        row += walk->sessions[j].pages;
    }
    return SG_OK;
}

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return bs_usage_rows_before(world, unit).pages;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return bs_walk_accounts(world, unit_first, unit_end, fill_account, e, err);
}

const struct bs_table_logic bs_table_page_views = {
    .declaration = {.name = "page_views",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = COLUMN_COUNT,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 66,
                    .note = "Pages that users opened in the application."},
    .rows_before = rows_before,
    .generate = generate,
};
