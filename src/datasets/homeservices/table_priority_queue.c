/* priority_queue: messages that the operations staff should see first. */
#include "base/calendar.h"
#include "datasets/homeservices/tables.h"
#include "datasets/homeservices/text.h"

enum {
    ID,
    USER_ID,
    REVIEWED_BY,
    SESSION_ID,
    INTENT,
    CONFIDENCE,
    PRIORITY,
    SENTIMENT,
    SNIPPET,
    IS_REVIEWED,
    REVIEWED_AT,
    ACTION,
    CREATED,
    UPDATED,
    COLUMNS
};
enum { ACTION_BYTES = 96, REVIEWED_PERCENT = 62, REVIEW_WITHIN_DAYS = 2, ACTIONS = 3 };

static const struct sg_enum intents = {
    "intent_type", (const char *const[]){"COMPLAINT", "REFUND", "CANCELLATION", "BOOKING"}, HS_QUEUE_INTENTS};

/* What follows from the intent: priority 0 to 100, sentiment in thousandths. */
static const struct {
    int32_t priority_low, priority_high, sentiment_low, sentiment_high;
    const char *actions[ACTIONS];
} kinds[HS_QUEUE_INTENTS] = {
    [HS_INTENT_COMPLAINT] = {80,
                             100,
                             -950,
                             -300,
                             {"Called the customer and opened a complaint", "Assigned to a supervisor",
                              "Offered a free repeat visit"}},
    [HS_INTENT_REFUND] =
        {60, 79, -800, -100, {"Refund started", "Explained the refund policy", "Forwarded to billing"}},
    [HS_INTENT_CANCELLATION] =
        {40, 59, -500, 200, {"Booking cancelled", "Offered a new slot", "Waived the cancellation fee"}},
    [HS_INTENT_BOOKING] = {10,
                           39,
                           -100,
                           900,
                           {"Helped to complete the booking", "Sent a list of free slots",
                            "No action needed"}},
};

/* clang-format off */
#define SCORE .type = SG_DECIMAL, .precision = 4, .scale = 3
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_I64, .origin = {0, 0, "key"}, .note = "Dense from 1, by customer."},
    [USER_ID] = {.name = "user_id", .type = SG_I64, .origin = {0, 0, "quota of 0 to 4 per customer over a permutation"}, .note = "The customer."},
    [REVIEWED_BY] = {.name = "reviewed_by", .type = SG_I64, .nullable = true, .origin = {HS_STREAM_TIMES, 1, "uniform among staff"}, .note = "Of reviewed ones."},
    [SESSION_ID] = {.name = "session_id", .type = SG_TEXT, .length_max = 100, .nullable = true, .origin = {HS_STREAM_SESSION, 0, "the customer's sessions of such an intent in turn, the first uniform"}, .note = "The conversation, NULL after a call."},
    [INTENT] = {.name = "intent_type", .type = SG_ENUM, .labels = &intents, .origin = {HS_STREAM_MORE, 1, "the session's; after a call 30/25/20/25"}, .note = "What the customer wants."},
    [CONFIDENCE] = {.name = "confidence_score", SCORE, .origin = {HS_STREAM_MORE, 2, "uniform 0.700 to 0.999"}, .note = "Of the intent."},
    [PRIORITY] = {.name = "priority_score", .type = SG_I32, .origin = {HS_STREAM_MONEY, 0, "uniform in the intent's band"}, .note = "0 to 100; COMPLAINT from 80, REFUND from 60, CANCELLATION from 40, BOOKING from 10."},
    [SENTIMENT] = {.name = "sentiment_score", SCORE, .origin = {HS_STREAM_MONEY, 1, "uniform in the intent's band"}, .note = "-1 to 1."},
    [SNIPPET] = {.name = "message_snippet", .type = SG_TEXT, .origin = {0, 0, "the session's first question"}, .note = "What was said."},
    [IS_REVIEWED] = {.name = "is_reviewed", .type = SG_BOOL, .origin = {HS_STREAM_TIMES, 0, "62 %"}, .note = "Somebody looked."},
    [REVIEWED_AT] = {.name = "reviewed_at", .type = SG_TIMESTAMP, .nullable = true, .origin = {HS_STREAM_TIMES, 2, "uniform within two days"}, .note = "Of reviewed ones."},
    [ACTION] = {.name = "action_taken", .type = SG_TEXT, .length_max = 255, .nullable = true, .origin = {HS_STREAM_MONEY, 2, "uniform by intent"}, .note = "Of reviewed ones."},
    [CREATED] = {.name = "created_at", .type = SG_TIMESTAMP, .origin = {HS_STREAM_TIMES, 3, "a minute into the session; after a call uniform since sign-up"}, .note = "Queued."},
    [UPDATED] = {.name = "updated_at", .type = SG_TIMESTAMP, .origin = {0, 0, "review, else creation"}, .note = "Last change."},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"user_id", "users", "id", SG_CASCADE},
    {"reviewed_by", "users", "id", SG_SET_NULL},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "queue_ids_dense", .a = "id"},
    {.kind = SG_RULE_RANGE,
     .name = "queue_confidence_range",
     .a = "confidence_score",
     .low = 0,
     .high = 1000},
    {.kind = SG_RULE_RANGE, .name = "queue_priority_range", .a = "priority_score", .low = 0, .high = 100},
    {.kind = SG_RULE_RANGE,
     .name = "queue_sentiment_range",
     .a = "sentiment_score",
     .low = -1000,
     .high = 1000},
    {.kind = SG_RULE_PARENT_GE,
     .name = "queue_not_before_user",
     .a = "created_at",
     .b = "created_at",
     .via = "user_id"},
    {.kind = SG_RULE_LE, .name = "queue_created_before_review", .a = "created_at", .b = "reviewed_at"},
    {.kind = SG_RULE_LE, .name = "queue_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "queue_updated_in_past", .a = "updated_at"},
    /* clang-format off */
    HS_WITHIN("queue_priority_of_complaint", "priority_score", 80, 100, "intent_type", "COMPLAINT"),
    HS_WITHIN("queue_priority_of_refund", "priority_score", 60, 79, "intent_type", "REFUND"),
    HS_WITHIN("queue_priority_of_cancellation", "priority_score", 40, 59, "intent_type", "CANCELLATION"),
    HS_WITHIN("queue_priority_of_booking", "priority_score", 10, 39, "intent_type", "BOOKING"),
    HS_NOT_NULL("queue_reviewed_has_reviewer", "reviewed_by", "is_reviewed", "true"),
    HS_NOT_NULL("queue_reviewed_has_time", "reviewed_at", "is_reviewed", "true"),
    HS_NULL("queue_unreviewed_has_no_time", "reviewed_at", "is_reviewed", "false"),
    HS_TOGETHER("queue_reviewer_with_time", "reviewed_by", "reviewed_at"),
    HS_TOGETHER("queue_action_with_time", "action_taken", "reviewed_at"),
    HS_SHAPE("queue_session_shape", "session_id", HS_SESSION_SHAPE),
    /* clang-format on */
};

static const struct sg_index indexes[] = {
    {"priority_queue_user", "user_id", false, false},
    {"priority_queue_reviewed_by", "reviewed_by", false, false},
    {"priority_queue_session", "session_id", false, false},
    {"priority_queue_open", "is_reviewed, priority_score", false, false},
    {"priority_queue_intent", "intent_type", false, false},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return hs_field_before(world, unit, HS_AT_QUEUED);
}

/* The k-th of the customer's sessions whose intent the queue knows, from a start of the customer's own; false
 * when there are not so many. */
static bool pick_session(const struct sg_world *world, const struct hs_customer *customer, unsigned k,
                         struct hs_session *session) {
    uint64_t first = customer->first[HS_AT_QUEUED];
    uint32_t word = sg_draw(&world->sources[HS_PRIORITY_QUEUE], first, HS_STREAM_SESSION, 0).w[0];
    uint32_t fitting = 0, seen = 0;
    for (uint64_t at = 0; at < customer->count[HS_AT_TALK]; at += session->pairs) {
        hs_session_get(world, customer, at, session);
        fitting += session->intent < HS_QUEUE_INTENTS;
    }
    if (k >= fitting) return false;
    uint32_t wanted = (sg_below(word, fitting) + k) % fitting;
    for (uint64_t at = 0; at < customer->count[HS_AT_TALK]; at += session->pairs) {
        hs_session_get(world, customer, at, session);
        if (session->intent < HS_QUEUE_INTENTS && seen++ == wanted) return true;
    }
    return false;
}

/* Queued after a telephone call: no session, but words of its own. */
static void make_call(const struct sg_world *world, const struct hs_customer *customer, uint64_t row,
                      struct sg_block more, struct sg_block times, struct hs_session *session) {
    static const uint32_t shares[HS_QUEUE_INTENTS] = {30, 25, 20, 25};
    int32_t first = sg_day_of(customer->created) + 1;
    *session = (struct hs_session){.pair = world->pairs + 1 + row};
    session->intent = (uint8_t)sg_pick(more.w[1], shares, HS_QUEUE_INTENTS, 100);
    session->category = (uint8_t)sg_below(more.w[3], HS_CATEGORY_COUNT);
    session->start = hs_instant_on(first, times.w[3]);
    session->start += (int64_t)sg_below(more.w[0], (uint32_t)(world->run.as_of_day - first)) * SG_DAY_S;
}

static void set_review(const struct sg_world *world, uint8_t intent, int64_t created, struct sg_block times,
                       uint32_t word, struct sg_emitter *e) {
    bool reviewed = sg_below(times.w[0], 100) < REVIEWED_PERCENT && world->ops;
    int64_t room = world->as_of - 1 - created, within = (int64_t)REVIEW_WITHIN_DAYS * SG_DAY_S;
    int64_t at = created + (int64_t)((uint64_t)(room < within ? room : within) * times.w[2] >> 32);
    const char *action = kinds[intent].actions[sg_below(word, ACTIONS)];
    sg_set_bool(e, IS_REVIEWED, reviewed);
    sg_set_i64(e, UPDATED, reviewed ? at : created);
    sg_set_null(e, REVIEWED_BY);
    sg_set_null(e, REVIEWED_AT);
    sg_set_null(e, ACTION);
    if (!reviewed) return;
    sg_set_i64(e, REVIEWED_BY, (int64_t)sg_below64(times.w[1], word, world->ops) + 1);
    sg_set_i64(e, REVIEWED_AT, at);
    sg_set_text(e, ACTION, action, strlen(action));
}

static void fill(const struct sg_world *world, const struct hs_customer *customer, unsigned k,
                 struct sg_emitter *e) {
    uint64_t row = customer->first[HS_AT_QUEUED] + k;
    const struct sg_source *source = &world->sources[HS_PRIORITY_QUEUE];
    struct sg_block more = sg_draw(source, row, HS_STREAM_MORE, 0);
    struct sg_block times = sg_draw(source, row, HS_STREAM_TIMES, 0);
    struct sg_block scores = sg_draw(source, row, HS_STREAM_MONEY, 0);
    struct hs_session session = {0};
    char text[HS_MESSAGE_BYTES];
    bool talked = pick_session(world, customer, k, &session);
    if (talked)
        sg_set_text(e, SESSION_ID, text, hs_session_id(world, session.pair, text));
    else
        sg_set_null(e, SESSION_ID);
    if (!talked) make_call(world, customer, row, more, times, &session);
    int64_t created = session.start + (talked ? 60 + sg_below(times.w[3], 60) : 0);
    uint8_t intent = session.intent;
    sg_set_i64(e, ID, (int64_t)row + 1);
    sg_set_i64(e, USER_ID, (int64_t)(world->ops + customer->number + 1));
    sg_set_enum(e, INTENT, intent);
    sg_set_i64(e, CONFIDENCE, sg_between(more.w[2], 700, 999));
    sg_set_i32(e, PRIORITY, sg_between(scores.w[0], kinds[intent].priority_low, kinds[intent].priority_high));
    sg_set_i64(e, SENTIMENT,
               sg_between(scores.w[1], kinds[intent].sentiment_low, kinds[intent].sentiment_high));
    sg_set_text(e, SNIPPET, text, hs_question(world, &session, 0, text));
    set_review(world, intent, created, times, scores.w[2], e);
    sg_set_i64(e, CREATED, created);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return hs_generate_rows(world, unit_first, unit_end, HS_AT_QUEUED, fill, e, err);
}

const struct hs_table_logic hs_table_priority_queue = {
    .declaration = {.name = "priority_queue",
                    .domain = HS_CUSTOMER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 250,
                    .text_bytes_max = HS_SESSION_TEXT_BYTES + HS_MESSAGE_BYTES + ACTION_BYTES,
                    .note = "Messages for the staff, most urgent first."},
    .rows_before = rows_before,
    .generate = generate,
};
