/* feature_usage: what users did with the product's features, inside their sessions.
 *
 * A feature is of the category that the session's focus asks for, in the account's plan at that time, and
 * launched; young features are used less and fail more.
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
    FEATURE_ID,
    USAGE_COUNT,
    SUCCESS,
    ERROR_MESSAGE,
    COLUMN_COUNT
};

enum { STREAM_USE = 1, CHUNK = 1024, USES_MAX = 1000, YOUNG_ERAS = 4 };

enum failure { TIMEOUT, INVALID_INPUT, PERMISSION, RATE_LIMIT, PARTNER, DEVICE_OFFLINE, INTERNAL, FAILURES };
static const char *const failures[FAILURES] = {
    "Request timed out",   "Invalid input",     "Permission denied", "Rate limit exceeded",
    "Partner unavailable", "Device is offline", "Internal error"};
static const struct sg_enum failure_enum = {"feature_error", failures, FAILURES};

/* Failures of a category, sixteen equal slots. */
#define SLOTS(a, b, c, d, e, f)                                                                              \
    { a, a, a, a, a, b, b, b, b, c, c, c, d, d, e, f }
static const uint8_t failure_of[BS_CATEGORY_COUNT][16] = {
    [BS_CATEGORY_DASHBOARD] = SLOTS(TIMEOUT, DEVICE_OFFLINE, INTERNAL, PERMISSION, INTERNAL, TIMEOUT),
    [BS_CATEGORY_REPORT] = SLOTS(TIMEOUT, INVALID_INPUT, PERMISSION, INTERNAL, INTERNAL, TIMEOUT),
    [BS_CATEGORY_ANALYTICS] = SLOTS(TIMEOUT, INTERNAL, INVALID_INPUT, PERMISSION, TIMEOUT, INTERNAL),
    [BS_CATEGORY_INVENTORY] = SLOTS(INVALID_INPUT, TIMEOUT, DEVICE_OFFLINE, PERMISSION, PARTNER, INTERNAL),
    [BS_CATEGORY_ALERT] = SLOTS(DEVICE_OFFLINE, INVALID_INPUT, TIMEOUT, PERMISSION, INTERNAL, TIMEOUT),
    [BS_CATEGORY_EXPORT] = SLOTS(TIMEOUT, PERMISSION, RATE_LIMIT, INTERNAL, INVALID_INPUT, TIMEOUT),
    [BS_CATEGORY_FORECAST] = SLOTS(INVALID_INPUT, TIMEOUT, INTERNAL, PERMISSION, INTERNAL, TIMEOUT),
    [BS_CATEGORY_INTEGRATION] = SLOTS(PARTNER, TIMEOUT, INVALID_INPUT, RATE_LIMIT, PERMISSION, INTERNAL),
    [BS_CATEGORY_AUTOMATION] = SLOTS(DEVICE_OFFLINE, INVALID_INPUT, PERMISSION, TIMEOUT, INTERNAL, PARTNER),
    [BS_CATEGORY_API] = SLOTS(RATE_LIMIT, INVALID_INPUT, TIMEOUT, PERMISSION, INTERNAL, PARTNER),
};

static const struct sg_column columns[COLUMN_COUNT] = {
    [ID] = {.name = "id",
            .type = SG_I64,
            .origin = {0, 0, "key"},
            .note = "Dense key from 1, by session and time."},
    [SESSION_ID] = {.name = "session_id",
                    .type = SG_I64,
                    .origin = {0, 0, "share of the account's events, see user_sessions.feature_events"},
                    .note = "Session in which it happened."},
    [TIMESTAMP] = {.name = "timestamp",
                   .type = SG_TIMESTAMP,
                   .origin = {STREAM_USE, 0, "stratified over the session"},
                   .note = "When the feature was used."},
    [USER_ID] = {.name = "user_id", .type = SG_I32, .origin = {0, 0, "the session's"}, .note = "The user."},
    [ACCOUNT_ID] = {.name = "account_id",
                    .type = SG_I32,
                    .origin = {0, 0, "the session's"},
                    .note = "The user's account."},
    [FEATURE_ID] = {.name = "feature_id",
                    .type = SG_I16,
                    .origin = {STREAM_USE, 1,
                               "category by focus and plan, then popularity x adoption since launch"},
                    .note = "The feature; name and category are in features."},
    [USAGE_COUNT] = {.name = "usage_count",
                     .type = SG_I16,
                     .origin = {STREAM_USE, 2, "1 + the feature's repeats x exponential"},
                     .note = "Uses told by this event."},
    [SUCCESS] = {.name = "success",
                 .type = SG_BOOL,
                 .origin = {STREAM_USE, 3, "the feature's failure rate, twice as high in its first 120 days"},
                 .note = "Whether it worked."},
    [ERROR_MESSAGE] = {.name = "error_message",
                       .type = SG_ENUM,
                       .labels = &failure_enum,
                       .nullable = true,
                       .origin = {STREAM_USE, 3, "by the feature's category"},
                       .note = "What went wrong, NULL when it worked."},
};

static const struct sg_foreign_key foreign_keys[] = {
    {"session_id", "user_sessions", "id", SG_CASCADE},
    {"user_id", "users", "id", SG_CASCADE},
    {"account_id", "accounts", "id", SG_CASCADE},
    {"feature_id", "features", "id", SG_NO_ACTION},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "feature_usage_ids_dense", .a = "id"},
    {.kind = SG_RULE_COUNT_EQ,
     .name = "feature_events_as_session_says",
     .b = "feature_events",
     .via = "session_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "feature_usage_not_before_session",
     .a = "timestamp",
     .b = "session_start",
     .via = "session_id"},
    {.kind = SG_RULE_PARENT_LE,
     .name = "feature_usage_not_after_session",
     .a = "timestamp",
     .b = "session_end",
     .via = "session_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "feature_usage_not_before_launch",
     .a = "timestamp",
     .b = "launched_at",
     .via = "feature_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "feature_usage_user_is_sessions",
     .a = "user_id",
     .b = "user_id",
     .via = "session_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "feature_usage_account_is_sessions",
     .a = "account_id",
     .b = "account_id",
     .via = "session_id"},
    {.kind = SG_RULE_RANGE,
     .name = "feature_usage_count_range",
     .a = "usage_count",
     .low = 1,
     .high = USES_MAX},
    {.kind = SG_RULE_PAST, .name = "feature_usage_in_past", .a = "timestamp"},
};

static const struct sg_index indexes[] = {
    {.name = "feature_usage_session", .columns = "session_id", .brin = true},
    {.name = "feature_usage_timestamp", .columns = "timestamp", .brin = true},
};

/* Words of a chunk of rows: time, feature, repeats, failure. */
struct uses {
    const struct bs_walk *walk;
    struct sg_source source;
    uint64_t row_end, chunk;
    uint32_t held;
    uint32_t w[4][CHUNK];
};

static void hold(struct uses *u, uint64_t row) {
    uint64_t left = u->row_end - row;
    u->chunk = row;
    u->held = left < CHUNK ? (uint32_t)left : CHUNK;
    u->walk->world->kernels->philox(&u->source, row, STREAM_USE, 0, u->held, u->w[0], u->w[1], u->w[2],
                                    u->w[3]);
}

/* What the rows of a session have in common. */
struct visit {
    const struct bs_session *s;
    int64_t session_id;
    int32_t user_id, account_id;
    uint64_t step_q16; /* seconds of an event's stratum */
    uint32_t era;
};

static void fill_row(struct sg_emitter *e, const struct uses *u, const struct visit *visit, uint64_t row,
                     uint32_t k) {
    const struct bs_session *s = visit->s;
    const struct bs_flow *flow = &u->walk->world->activity->flow;
    uint64_t at = row - u->chunk;
    uint32_t choice = u->w[1][at], luck = u->w[3][at];
    uint8_t category = flow->category[s->tier][s->focus][choice >> 24];
    unsigned feature = flow->feature[visit->era][s->tier][category][choice & (BS_FEATURE_SLOTS - 1)];
    const struct bs_feature *f = &bs_features[feature];
    uint64_t passed = visit->step_q16 * k + (visit->step_q16 * (u->w[0][at] >> 16) >> 16);
    uint32_t uses = 1 + (uint32_t)((uint64_t)sg_exponential(u->w[2][at]) * f->repeats_q4 >> 20);
    bool young = f->launch_era && visit->era < (uint32_t)f->launch_era + YOUNG_ERAS;
    bool failed = luck >> 16 < (uint32_t)f->error_q16 << young;
    SG_CELL(e, int64_t, ID) = (int64_t)row + 1;
    SG_CELL(e, int64_t, SESSION_ID) = visit->session_id;
    SG_CELL(e, int64_t, TIMESTAMP) = s->start + (int64_t)(passed >> 16);
    SG_CELL(e, int32_t, USER_ID) = visit->user_id;
    SG_CELL(e, int32_t, ACCOUNT_ID) = visit->account_id;
    SG_CELL(e, int16_t, FEATURE_ID) = (int16_t)(feature + 1);
    SG_CELL(e, int16_t, USAGE_COUNT) = (int16_t)(uses > USES_MAX ? USES_MAX : uses);
    SG_CELL(e, uint8_t, SUCCESS) = !failed;
    SG_CELL(e, uint16_t, ERROR_MESSAGE) = failed ? failure_of[f->category][luck & 15] : 0;
    e->batch.vectors[ERROR_MESSAGE].null[e->batch.rows] = !failed;
}

static uint32_t era_of(const struct sg_world *world, int64_t instant) {
    int32_t day = sg_day_of(instant) - (world->run.as_of_day - BS_HISTORY_DAYS);
    uint32_t era = day < 0 ? 0 : (uint32_t)day / BS_ERA_DAYS;
    return era < BS_ERAS ? era : BS_ERAS - 1;
}

static enum sg_code fill_session(struct uses *u, uint64_t j, uint64_t row, struct sg_emitter *e,
                                 struct sg_error *err) {
    const struct bs_walk *walk = u->walk;
    const struct bs_session *s = &walk->sessions[j];
    if (s->features == 0) return SG_OK;
    struct visit visit = {.s = s,
                          .session_id = (int64_t)(walk->session_first + j) + 1,
                          .user_id = (int32_t)(walk->account.user_first + s->user) + 1,
                          .account_id = (int32_t)walk->account.number + 1,
                          .step_q16 = ((uint64_t)s->duration << 16) / s->features,
                          .era = era_of(walk->world, s->start)};
    for (uint32_t k = 0; k < s->features; k++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        if (row + k >= u->chunk + u->held) hold(u, row + k);
        fill_row(e, u, &visit, row + k, k);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

static enum sg_code fill_account(const struct bs_walk *walk, struct sg_emitter *e, struct sg_error *err) {
    struct uses u;
    u.walk = walk;
    u.source = sg_source(walk->world->run.seed, BS_DATASET_ID, BS_FEATURE_USAGE);
    u.row_end = walk->feature_first + walk->feature_count;
    u.chunk = u.held = 0;
    uint64_t row = walk->feature_first;
    for (uint64_t j = 0; j < walk->session_count; j++) {
        SG_TRY(fill_session(&u, j, row, e, err));
        row += walk->sessions[j].features;
    }
    return SG_OK;
}

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return bs_usage_rows_before(world, unit).features;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return bs_walk_accounts(world, unit_first, unit_end, fill_account, e, err);
}

const struct bs_table_logic bs_table_feature_usage = {
    .declaration = {.name = "feature_usage",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = COLUMN_COUNT,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 65,
                    .note = "Uses of features, each inside a session of its user."},
    .rows_before = rows_before,
    .generate = generate,
};
