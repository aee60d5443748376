/* conversations: questions to the assistant and its answers, in turn. */
#include "datasets/homeservices/tables.h"
#include "datasets/homeservices/text.h"

enum {
    ID,
    USER_ID,
    SESSION_ID,
    ROLE,
    MESSAGE,
    INTENT,
    CONFIDENCE,
    AGENT_CALLS,
    PROVENANCE,
    GROUNDING,
    FAITHFULNESS,
    RELEVANCY,
    RESPONSE_MS,
    FLAGGED,
    REVIEW_REASON,
    CHANNEL,
    CREATED,
    UPDATED,
    COLUMNS
};
enum { JSON_BYTES = 192, REASON_BYTES = 64, SCORE_LOW = 800, SCORE_HIGH = 1000, REASONS = 4, LAST_S = 600 };

static const char *const intent_words[HS_INTENTS] = {
    [HS_INTENT_COMPLAINT] = "COMPLAINT",
    [HS_INTENT_REFUND] = "REFUND",
    [HS_INTENT_CANCELLATION] = "CANCELLATION",
    [HS_INTENT_BOOKING] = "BOOKING",
    [HS_INTENT_PRICING] = "PRICING",
    [HS_INTENT_RESCHEDULE] = "RESCHEDULE",
    [HS_INTENT_STATUS] = "STATUS",
    [HS_INTENT_GENERAL] = "GENERAL",
};
static const char *const agents[HS_INTENTS] = {
    [HS_INTENT_COMPLAINT] = "complaint_agent",
    [HS_INTENT_REFUND] = "billing_agent",
    [HS_INTENT_CANCELLATION] = "cancellation_agent",
    [HS_INTENT_BOOKING] = "booking_agent",
    [HS_INTENT_PRICING] = "catalogue_agent",
    [HS_INTENT_RESCHEDULE] = "booking_agent",
    [HS_INTENT_STATUS] = "booking_agent",
    [HS_INTENT_GENERAL] = "faq_agent",
};
static const struct sg_enum intents = {"intent", intent_words, HS_INTENTS};
static const struct sg_enum roles = {"role", (const char *const[]){"USER", "ASSISTANT"}, 2};
static const struct sg_enum channels = {"channel", (const char *const[]){"WEB", "MOBILE", "WHATSAPP"}, 3};

/* clang-format off */
#define SCORE .type = SG_DECIMAL, .precision = 4, .scale = 3, .nullable = true
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_I64, .origin = {0, 0, "key"}, .note = "Dense from 1, by customer and time."},
    [USER_ID] = {.name = "user_id", .type = SG_I64, .nullable = true, .origin = {0, 0, "cumulative rounding of weights, more with bookings"}, .note = "The customer."},
    [SESSION_ID] = {.name = "session_id", .type = SG_TEXT, .length_max = 100, .origin = {HS_STREAM_ID, 0, "128 random bits, drawn at the session's first row"}, .note = "Groups the messages of a session of 1 to 6 pairs."},
    [ROLE] = {.name = "role", .type = SG_ENUM, .labels = &roles, .origin = {0, 0, "in turn"}, .note = "Who speaks."},
    [MESSAGE] = {.name = "message", .type = SG_TEXT, .origin = {HS_STREAM_MESSAGE, 0, "uniform among sentences of the intent"}, .note = "What is said."},
    [INTENT] = {.name = "intent", .type = SG_ENUM, .labels = &intents, .nullable = true, .origin = {HS_STREAM_SESSION, 1, "12/8/9/28/14/9/13/7, drawn at the session's first row"}, .note = "Detected in questions."},
    [CONFIDENCE] = {.name = "intent_confidence", SCORE, .origin = {HS_STREAM_MORE, 0, "uniform 0.700 to 0.999"}, .note = "Of the intent."},
    [AGENT_CALLS] = {.name = "agent_calls", .type = SG_TEXT, .json = true, .sql_json = true, .nullable = true, .origin = {HS_STREAM_MORE, 3, "by intent"}, .note = "What the assistant called."},
    [PROVENANCE] = {.name = "provenance", .type = SG_TEXT, .json = true, .sql_json = true, .nullable = true, .origin = {HS_STREAM_MESSAGE, 1, "uniform article"}, .note = "What the answer rests on."},
    [GROUNDING] = {.name = "grounding_score", SCORE, .origin = {HS_STREAM_MORE, 0, "uniform 0.800 to 1.000"}, .note = "Of answers."},
    [FAITHFULNESS] = {.name = "faithfulness_score", SCORE, .origin = {HS_STREAM_MORE, 1, "uniform 0.800 to 1.000"}, .note = "Of answers."},
    [RELEVANCY] = {.name = "relevancy_score", SCORE, .origin = {HS_STREAM_MORE, 2, "uniform 0.800 to 1.000"}, .note = "Of answers."},
    [RESPONSE_MS] = {.name = "response_time_ms", .type = SG_I32, .nullable = true, .origin = {HS_STREAM_TIMES, 1, "uniform 350 to 5,200, drawn at the question"}, .note = "Milliseconds."},
    [FLAGGED] = {.name = "flagged_for_review", .type = SG_BOOL, .origin = {0, 0, "quota of 5 % of all rows over a permutation of answers"}, .note = "Someone should look."},
    [REVIEW_REASON] = {.name = "review_reason", .type = SG_TEXT, .length_max = 255, .nullable = true, .origin = {HS_STREAM_MESSAGE, 2, "uniform"}, .note = "Of flagged ones."},
    [CHANNEL] = {.name = "channel", .type = SG_ENUM, .labels = &channels, .origin = {HS_STREAM_SESSION, 2, "40/38/22, drawn at the session's first row"}, .note = "How the customer came."},
    [CREATED] = {.name = "created_at", .type = SG_TIMESTAMP, .origin = {HS_STREAM_TIMES, 0, "sessions spread over the time since sign-up"}, .note = "Said."},
    [UPDATED] = {.name = "updated_at", .type = SG_TIMESTAMP, .origin = {0, 0, "creation"}, .note = "Last change."},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {{"user_id", "users", "id", SG_SET_NULL}};

#define SCORE_RULE(name_, column_, low_, high_)                                                              \
    { .kind = SG_RULE_RANGE, .name = name_, .a = column_, .low = low_, .high = high_ }

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "conversation_ids_dense", .a = "id"},
    SCORE_RULE("conversation_confidence_range", "intent_confidence", 0, 1000),
    SCORE_RULE("conversation_grounding_range", "grounding_score", SCORE_LOW, SCORE_HIGH),
    SCORE_RULE("conversation_faithfulness_range", "faithfulness_score", SCORE_LOW, SCORE_HIGH),
    SCORE_RULE("conversation_relevancy_range", "relevancy_score", SCORE_LOW, SCORE_HIGH),
    SCORE_RULE("conversation_response_range", "response_time_ms", 1, 60000),
    {.kind = SG_RULE_PARENT_GE,
     .name = "conversation_not_before_user",
     .a = "created_at",
     .b = "created_at",
     .via = "user_id"},
    {.kind = SG_RULE_LE, .name = "conversation_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "conversation_updated_in_past", .a = "updated_at"},
    /* clang-format off */
    {.kind = SG_RULE_NEXT_GE, .name = "conversation_in_order", .a = "created_at", .b = "created_at", .via = "user_id"},
    HS_NOT_NULL("conversation_question_has_intent", "intent", "role", "USER"),
    HS_NULL("conversation_answer_has_no_intent", "intent", "role", "ASSISTANT"),
    HS_NOT_NULL("conversation_answer_has_grounding", "grounding_score", "role", "ASSISTANT"),
    HS_NULL("conversation_question_has_no_scores", "grounding_score", "role", "USER"),
    HS_NOT_NULL("conversation_flagged_has_reason", "review_reason", "flagged_for_review", "true"),
    HS_NULL("conversation_unflagged_has_no_reason", "review_reason", "flagged_for_review", "false"),
    {.kind = SG_RULE_FIRST_IN, .name = "conversation_begins_with_question", .a = "role", .b = "USER", .via = "session_id"},
    {.kind = SG_RULE_NEXT_NE, .name = "conversation_alternates", .a = "role", .b = "role", .via = "session_id"},
    HS_SAME("conversation_session_of_one_user", "user_id", "session_id"),
    HS_SAME("conversation_session_in_one_channel", "channel", "session_id"),
    HS_TOGETHER("conversation_confidence_of_intent", "intent_confidence", "intent"),
    HS_TOGETHER("conversation_faithfulness_of_answers", "faithfulness_score", "grounding_score"),
    HS_TOGETHER("conversation_relevancy_of_answers", "relevancy_score", "grounding_score"),
    HS_TOGETHER("conversation_response_of_answers", "response_time_ms", "grounding_score"),
    HS_TOGETHER("conversation_calls_of_answers", "agent_calls", "grounding_score"),
    HS_TOGETHER("conversation_provenance_of_answers", "provenance", "grounding_score"),
    HS_SHAPE("conversation_session_shape", "session_id", HS_SESSION_SHAPE),
    /* clang-format on */
};

static const struct sg_index indexes[] = {
    {"conversations_user", "user_id", false, false},
    {"conversations_session", "session_id", false, false},
    {"conversations_flagged", "flagged_for_review", false, false},
    {"conversations_intent", "intent", false, false},
    {"conversations_created_at", "created_at", false, false},
};

static const char *const reasons[REASONS] = {"Low confidence", "Customer asked for a person", "Policy check",
                                             "Unclear answer"};

/* A question left without answer closes an odd table. */
static bool has_last(const struct sg_world *world, uint64_t customers) {
    return world->rows[HS_CONVERSATIONS] % 2 && customers == world->customers;
}

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return 2 * hs_field_before(world, unit, HS_AT_TALK) + has_last(world, unit);
}

/* What both sides of a session share. */
static void set_common(const struct sg_world *world, const struct hs_customer *customer,
                       const struct hs_session *session, uint64_t row, struct sg_emitter *e) {
    char id[HS_SESSION_TEXT_BYTES];
    static const uint8_t optional[] = {INTENT,       CONFIDENCE, AGENT_CALLS, PROVENANCE,   GROUNDING,
                                       FAITHFULNESS, RELEVANCY,  RESPONSE_MS, REVIEW_REASON};
    for (size_t i = 0; i < sizeof optional; i++)
        sg_set_null(e, optional[i]);
    sg_set_i64(e, ID, (int64_t)row + 1);
    sg_set_i64(e, USER_ID, (int64_t)(world->ops + customer->number + 1));
    sg_set_text(e, SESSION_ID, id, hs_session_id(world, session->pair, id));
    sg_set_enum(e, CHANNEL, session->channel);
    sg_set_bool(e, FLAGGED, false);
}

static void fill_question(const struct sg_world *world, const struct hs_session *session, unsigned j,
                          int64_t at, struct sg_emitter *e) {
    uint64_t row = 2 * (session->pair + j);
    char text[HS_MESSAGE_BYTES];
    uint32_t word = sg_draw(&world->sources[HS_CONVERSATIONS], row, HS_STREAM_MORE, 0).w[0];
    sg_set_enum(e, ROLE, 0);
    sg_set_text(e, MESSAGE, text, hs_question(world, session, j, text));
    sg_set_enum(e, INTENT, session->intent);
    sg_set_i64(e, CONFIDENCE, sg_between(word, 700, 999));
    sg_set_i64(e, CREATED, at);
    sg_set_i64(e, UPDATED, at);
}

static void set_sources(const struct hs_session *session, struct sg_block more, struct sg_block message,
                        struct sg_emitter *e) {
    char text[JSON_BYTES];
    char *at = hs_append(hs_append(text, "[{\"agent\": \""), agents[session->intent]);
    at = hs_append_number(hs_append(at, "\", \"ms\": "), 40 + sg_below(more.w[3], 300));
    sg_set_text(e, AGENT_CALLS, text, (size_t)(hs_append(at, "}]") - text));
    at = hs_append_digits(hs_append(text, "[{\"source\": \"help-centre\", \"article\": \"kb-"),
                          1 + sg_below(message.w[1], 240), 4);
    sg_set_text(e, PROVENANCE, text, (size_t)(hs_append(at, "\"}]") - text));
}

static void fill_answer(const struct sg_world *world, const struct hs_session *session, unsigned j,
                        int64_t at, int32_t response_ms, struct sg_emitter *e) {
    uint64_t row = 2 * (session->pair + j) + 1;
    char text[HS_MESSAGE_BYTES];
    struct sg_block w = sg_draw(&world->sources[HS_CONVERSATIONS], row, HS_STREAM_MORE, 0);
    struct sg_block message = sg_draw(&world->sources[HS_CONVERSATIONS], row, HS_STREAM_MESSAGE, 0);
    sg_set_enum(e, ROLE, 1);
    sg_set_text(e, MESSAGE, text, hs_answer(world, session, j, text));
    set_sources(session, w, message, e);
    for (int k = 0; k < 3; k++)
        sg_set_i64(e, GROUNDING + k, sg_between(w.w[k], SCORE_LOW, SCORE_HIGH));
    sg_set_i32(e, RESPONSE_MS, response_ms);
    if (sg_permute(&world->flag_mix, session->pair + j) < world->flagged) {
        const char *reason = reasons[sg_below(message.w[2], REASONS)];
        sg_set_bool(e, FLAGGED, true);
        sg_set_text(e, REVIEW_REASON, reason, strlen(reason));
    }
    sg_set_i64(e, CREATED, at);
    sg_set_i64(e, UPDATED, at);
}

static enum sg_code generate_session(const struct sg_world *world, const struct hs_customer *customer,
                                     const struct hs_session *session, struct sg_emitter *e,
                                     struct sg_error *err) {
    for (unsigned j = 0; j < session->pairs; j++) {
        int64_t asked, answered;
        int32_t response_ms;
        size_t room;
        hs_pair_times(world, session, j, &asked, &answered, &response_ms);
        SG_TRY(sg_emitter_room(e, &room, err));
        set_common(world, customer, session, 2 * (session->pair + j), e);
        fill_question(world, session, j, asked, e);
        sg_emitter_advance(e, 1);
        SG_TRY(sg_emitter_room(e, &room, err));
        set_common(world, customer, session, 2 * (session->pair + j) + 1, e);
        fill_answer(world, session, j, answered, response_ms, e);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

static enum sg_code generate_last(const struct sg_world *world, const struct hs_customer *customer,
                                  struct sg_emitter *e, struct sg_error *err) {
    struct hs_session session = {
        .pair = world->pairs, .intent = HS_INTENT_STATUS, .start = world->as_of - LAST_S};
    size_t room;
    SG_TRY(sg_emitter_room(e, &room, err));
    set_common(world, customer, &session, 2 * world->pairs, e);
    fill_question(world, &session, 0, session.start, e);
    sg_emitter_advance(e, 1);
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct hs_customer customer;
    struct hs_session session;
    struct hs_walk walk;
    hs_walk_start(&walk, world, unit_first);
    while (walk.next < unit_end) {
        hs_walk_next(&walk, &customer);
        for (uint64_t at = 0; at < customer.count[HS_AT_TALK]; at += session.pairs) {
            hs_session_get(world, &customer, at, &session);
            SG_TRY(generate_session(world, &customer, &session, e, err));
        }
        if (has_last(world, walk.next)) SG_TRY(generate_last(world, &customer, e, err));
    }
    return SG_OK;
}

const struct hs_table_logic hs_table_conversations = {
    .declaration = {.name = "conversations",
                    .domain = HS_CUSTOMER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 250,
                    .text_bytes_max =
                        HS_SESSION_TEXT_BYTES + HS_MESSAGE_BYTES + 2 * JSON_BYTES + REASON_BYTES,
                    .note = "Messages between customers and the assistant."},
    .rows_before = rows_before,
    .generate = generate,
};
