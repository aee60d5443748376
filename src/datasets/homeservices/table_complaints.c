/* complaints: what customers were unhappy with, and what was done about it in which time. */
#include "base/calendar.h"
#include "datasets/homeservices/tables.h"
#include "datasets/homeservices/text.h"

enum {
    ID,
    BOOKING_ID,
    USER_ID,
    ASSIGNED_TO,
    RESOLVED_BY,
    SESSION_ID,
    TYPE,
    SUBJECT,
    DESCRIPTION,
    PRIORITY,
    STATUS,
    ASSIGNED_AT,
    RESOLUTION,
    RESOLVED_AT,
    RESPONSE_DUE,
    RESOLUTION_DUE,
    CREATED,
    UPDATED,
    COLUMNS
};
enum { SUBJECT_BYTES = 96, TEXT_BYTES = 200, DESCRIPTIONS = 3, RESOLUTIONS = 4, PRIORITIES = 4 };

static const struct sg_enum types = {"complaint_type",
                                     (const char *const[]){"SERVICE_QUALITY", "PROVIDER_BEHAVIOR", "BILLING",
                                                           "DELAY", "CANCELLATION_ISSUE", "REFUND_ISSUE",
                                                           "OTHER"},
                                     HS_COMPLAINT_TYPES};
static const struct sg_enum priorities = {
    "complaint_priority", (const char *const[]){"LOW", "MEDIUM", "HIGH", "CRITICAL"}, PRIORITIES};
static const struct sg_enum statuses = {
    "complaint_status", (const char *const[]){"OPEN", "IN_PROGRESS", "RESOLVED", "CLOSED", "ESCALATED"}, 5};

static const struct {
    const char *subject;
    const char *descriptions[DESCRIPTIONS];
} words[HS_COMPLAINT_TYPES] = {
    [HS_SERVICE_QUALITY] = {"Poor quality of work",
                            {"The work was not done properly and the problem is back.",
                             "Corners were left dirty and a stain was made worse.",
                             "The part that was fitted stopped working the next day."}},
    [HS_PROVIDER_BEHAVIOR] = {"Behaviour of the professional",
                              {"The professional was rude to my family.",
                               "He asked for extra cash and argued when I refused.",
                               "He was on the phone most of the time and left early."}},
    [HS_BILLING] = {"Wrong amount billed",
                    {"The invoice shows a higher price than the app.", "My coupon was not applied.",
                     "I was charged for a part that was not replaced."}},
    [HS_DELAY] = {"Late arrival",
                  {"The professional came two hours late without calling.",
                   "The visit was moved twice on the same day.", "Nobody came in the agreed slot."}},
    [HS_CANCELLATION_ISSUE] = {"Problem with a cancellation",
                               {"My booking was cancelled without asking me.",
                                "The app does not let me cancel.",
                                "A cancellation fee was charged although I cancelled in time."}},
    [HS_REFUND_ISSUE] = {"Refund not received",
                         {"I have been waiting for my refund for ten days.",
                          "Only part of the amount came back.",
                          "The refund went to the wallet and not to my bank account."}},
    [HS_OTHER] = {"Other concern",
                  {"I could not reach anybody at support.", "My address is shown wrongly in the app.",
                   "I keep receiving messages for another customer."}},
};

static const char *const resolutions[RESOLUTIONS] = {
    "Free repeat visit done, customer satisfied.",
    "Amount refunded to the original means of payment.",
    "Professional counselled, apology given to the customer.",
    "Explained to the customer, goodwill credit added to the wallet.",
};
static const char withdrawn[] = "Withdrawn by the customer.";

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_I64, .origin = {0, 0, "key"}, .note = "Dense from 1, by customer."},
    [BOOKING_ID] = {.name = "booking_id", .type = SG_I64, .nullable = true, .origin = {0, 0, "quota of 70 % of complaints over a permutation of bookings"}, .note = "A booking of the customer, NULL in general."},
    [USER_ID] = {.name = "user_id", .type = SG_I64, .origin = {0, 0, "the booking's, else over a permutation of customers"}, .note = "Who complains."},
    [ASSIGNED_TO] = {.name = "assigned_to", .type = SG_I64, .nullable = true, .origin = {HS_STREAM_MORE, 1, "uniform among staff; quota of 70 % assigned"}, .note = "Who works on it."},
    [RESOLVED_BY] = {.name = "resolved_by", .type = SG_I64, .nullable = true, .origin = {0, 0, "the assignee of resolved ones"}, .note = "Who resolved it."},
    [SESSION_ID] = {.name = "session_id", .type = SG_TEXT, .length_max = 100, .nullable = true, .origin = {0, 0, "the customer's latest session before"}, .note = "The conversation before."},
    [TYPE] = {.name = "complaint_type", .type = SG_ENUM, .labels = &types, .origin = {HS_STREAM_MORE, 0, "by status of the booking"}, .note = "What it is about."},
    [SUBJECT] = {.name = "subject", .type = SG_TEXT, .length_max = 255, .origin = {0, 0, "by type"}, .note = "Headline."},
    [DESCRIPTION] = {.name = "description", .type = SG_TEXT, .origin = {HS_STREAM_MORE, 3, "uniform by type"}, .note = "In the customer's words."},
    [PRIORITY] = {.name = "priority", .type = SG_ENUM, .labels = &priorities, .origin = {0, 0, "by type"}, .note = "Decides the due times."},
    [STATUS] = {.name = "status", .type = SG_ENUM, .labels = &statuses, .origin = {0, 0, "quota 27/25/42/26 of 120 over a permutation"}, .note = "Where it stands."},
    [ASSIGNED_AT] = {.name = "assigned_at", .type = SG_TIMESTAMP, .nullable = true, .origin = {HS_STREAM_TIMES, 1, "uniform within the time to respond"}, .note = "Of assigned ones."},
    [RESOLUTION] = {.name = "resolution", .type = SG_TEXT, .nullable = true, .origin = {HS_STREAM_TIMES, 3, "uniform"}, .note = "Of resolved and withdrawn ones."},
    [RESOLVED_AT] = {.name = "resolved_at", .type = SG_TIMESTAMP, .nullable = true, .origin = {HS_STREAM_TIMES, 2, "uniform within five times the time to respond"}, .note = "Of resolved ones."},
    [RESPONSE_DUE] = {.name = "response_due_at", .type = SG_TIMESTAMP, .origin = {0, 0, "48, 24, 8 or 2 hours after creation by priority"}, .note = "A plan."},
    [RESOLUTION_DUE] = {.name = "resolution_due_at", .type = SG_TIMESTAMP, .origin = {0, 0, "7, 5, 3 or 1 days after creation by priority"}, .note = "A plan."},
    [CREATED] = {.name = "created_at", .type = SG_TIMESTAMP, .origin = {HS_STREAM_TIMES, 0, "uniform in ten days after what it is about; unfinished ones in the last seven days"}, .note = "Received."},
    [UPDATED] = {.name = "updated_at", .type = SG_TIMESTAMP, .origin = {0, 0, "last step"}, .note = "Last change."},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"booking_id", "bookings", "id", SG_SET_NULL},
    {"user_id", "users", "id", SG_RESTRICT},
    {"assigned_to", "users", "id", SG_SET_NULL},
    {"resolved_by", "users", "id", SG_SET_NULL},
};

/* Hours from a complaint of a priority until something is due. */
#define DUE(name_, due_, hours_, priority_)                                                                  \
    HS_SUM(name_, due_, due_ " - created_at", (hours_)*SG_HOUR_S, (hours_)*SG_HOUR_S, "priority", priority_)

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "complaint_ids_dense", .a = "id"},
    {.kind = SG_RULE_UNIQUE, .name = "complaint_one_per_booking", .a = "booking_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "complaint_booking_is_users",
     .a = "user_id",
     .b = "user_id",
     .via = "booking_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "complaint_not_before_booking",
     .a = "created_at",
     .b = "created_at",
     .via = "booking_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "complaint_not_before_user",
     .a = "created_at",
     .b = "created_at",
     .via = "user_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "complaint_not_before_assignee",
     .a = "assigned_at",
     .b = "created_at",
     .via = "assigned_to"},
    {.kind = SG_RULE_LE, .name = "complaint_created_before_assigned", .a = "created_at", .b = "assigned_at"},
    {.kind = SG_RULE_LE,
     .name = "complaint_assigned_before_resolved",
     .a = "assigned_at",
     .b = "resolved_at"},
    {.kind = SG_RULE_LT, .name = "complaint_response_due_after", .a = "created_at", .b = "response_due_at"},
    {.kind = SG_RULE_LT, .name = "complaint_dues_ordered", .a = "response_due_at", .b = "resolution_due_at"},
    {.kind = SG_RULE_LE, .name = "complaint_resolved_before_updated", .a = "resolved_at", .b = "updated_at"},
    {.kind = SG_RULE_LE, .name = "complaint_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "complaint_updated_in_past", .a = "updated_at"},
    /* clang-format off */
    HS_AMONG("complaint_priority_low", "priority", "LOW", "complaint_type", "OTHER"),
    HS_AMONG("complaint_priority_medium", "priority", "MEDIUM", "complaint_type", "SERVICE_QUALITY|DELAY|CANCELLATION_ISSUE"),
    HS_AMONG("complaint_priority_high", "priority", "HIGH", "complaint_type", "BILLING|REFUND_ISSUE"),
    HS_AMONG("complaint_priority_critical", "priority", "CRITICAL", "complaint_type", "PROVIDER_BEHAVIOR"),
    HS_NULL("complaint_open_is_unassigned", "assigned_to", "status", "OPEN"),
    HS_NOT_NULL("complaint_worked_on_is_assigned", "assigned_to", "status", "IN_PROGRESS|RESOLVED"),
    HS_NOT_NULL("complaint_resolved_has_time", "resolved_at", "status", "RESOLVED"),
    HS_NULL("complaint_unfinished_has_no_time", "resolved_at", "status", "OPEN|IN_PROGRESS"),
    HS_NOT_NULL("complaint_ended_has_resolution", "resolution", "status", "RESOLVED|CLOSED"),
    DUE("complaint_response_of_low", "response_due_at", 48, "LOW"),
    DUE("complaint_resolution_of_low", "resolution_due_at", 168, "LOW"),
    DUE("complaint_response_of_medium", "response_due_at", 24, "MEDIUM"),
    DUE("complaint_resolution_of_medium", "resolution_due_at", 120, "MEDIUM"),
    DUE("complaint_response_of_high", "response_due_at", 8, "HIGH"),
    DUE("complaint_resolution_of_high", "resolution_due_at", 72, "HIGH"),
    DUE("complaint_response_of_critical", "response_due_at", 2, "CRITICAL"),
    DUE("complaint_resolution_of_critical", "resolution_due_at", 24, "CRITICAL"),
    HS_TOGETHER("complaint_assignee_with_time", "assigned_to", "assigned_at"),
    HS_TOGETHER("complaint_resolver_with_time", "resolved_by", "resolved_at"),
    HS_NULL("complaint_open_has_no_resolution", "resolution", "status", "OPEN|IN_PROGRESS"),
    HS_SHAPE("complaint_session_shape", "session_id", HS_SESSION_SHAPE),
    /* clang-format on */
};

static const struct sg_index indexes[] = {
    {"complaints_booking", "booking_id", false, false},
    {"complaints_user", "user_id", false, false},
    {"complaints_assigned_to", "assigned_to", false, false},
    {"complaints_resolved_by", "resolved_by", false, false},
    {"complaints_session", "session_id", false, false},
    {"complaints_type", "complaint_type", false, false},
    {"complaints_status_priority", "status, priority", false, false},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return hs_field_before(world, unit, HS_AT_COMPLAINTS);
}

static void set_id(struct sg_emitter *e, int column, bool there, uint64_t number) {
    if (there)
        sg_set_i64(e, column, (int64_t)number + 1);
    else
        sg_set_null(e, column);
}

static void set_instant(struct sg_emitter *e, int column, int64_t at) {
    if (at)
        sg_set_i64(e, column, at);
    else
        sg_set_null(e, column);
}

static void set_texts(const struct sg_world *world, const struct hs_complaint *c, struct sg_emitter *e) {
    uint32_t told = sg_draw(&world->sources[HS_COMPLAINTS], c->row, HS_STREAM_MORE, 0).w[3];
    uint32_t done = sg_draw(&world->sources[HS_COMPLAINTS], c->row, HS_STREAM_TIMES, 0).w[3];
    const char *subject = words[c->type].subject;
    const char *description = words[c->type].descriptions[sg_below(told, DESCRIPTIONS)];
    const char *resolution = resolutions[sg_below(done, RESOLUTIONS)];
    if (c->status == HS_CLOSED && !c->assigned) resolution = withdrawn;
    sg_set_text(e, SUBJECT, subject, strlen(subject));
    sg_set_text(e, DESCRIPTION, description, strlen(description));
    if (c->status == HS_OPEN || c->status == HS_IN_PROGRESS)
        sg_set_null(e, RESOLUTION);
    else
        sg_set_text(e, RESOLUTION, resolution, strlen(resolution));
}

static void fill(const struct sg_world *world, const struct hs_customer *customer,
                 const struct hs_complaint *c, struct sg_emitter *e) {
    static const int32_t response_hours[PRIORITIES] = {48, 24, 8, 2},
                         resolution_days[PRIORITIES] = {7, 5, 3, 1};
    struct hs_session session;
    char text[HS_SESSION_TEXT_BYTES];
    sg_set_i64(e, ID, (int64_t)c->row + 1);
    set_id(e, BOOKING_ID, c->booking >= 0, (uint64_t)c->booking);
    set_id(e, USER_ID, true, world->ops + customer->number);
    set_id(e, ASSIGNED_TO, c->assigned, c->agent);
    set_id(e, RESOLVED_BY, c->resolved_at, c->agent);
    if (hs_session_before(world, customer, c->created, &session))
        sg_set_text(e, SESSION_ID, text, hs_session_id(world, session.pair, text));
    else
        sg_set_null(e, SESSION_ID);
    sg_set_enum(e, TYPE, c->type);
    set_texts(world, c, e);
    sg_set_enum(e, PRIORITY, c->priority);
    sg_set_enum(e, STATUS, c->status);
    set_instant(e, ASSIGNED_AT, c->assigned_at);
    set_instant(e, RESOLVED_AT, c->resolved_at);
    sg_set_i64(e, RESPONSE_DUE, c->created + (int64_t)response_hours[c->priority] * SG_HOUR_S);
    sg_set_i64(e, RESOLUTION_DUE, c->created + (int64_t)resolution_days[c->priority] * SG_DAY_S);
    sg_set_i64(e, CREATED, c->created);
    sg_set_i64(e, UPDATED, c->updated);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct hs_complaint complaints[HS_COMPLAINTS_MAX];
    struct hs_customer customer;
    struct hs_walk walk;
    size_t room;
    hs_walk_start(&walk, world, unit_first);
    while (walk.next < unit_end) {
        hs_walk_next(&walk, &customer);
        unsigned count = hs_complaints_get(world, &customer, complaints);
        for (unsigned k = 0; k < count; k++) {
            SG_TRY(sg_emitter_room(e, &room, err));
            fill(world, &customer, &complaints[k], e);
            sg_emitter_advance(e, 1);
        }
    }
    return SG_OK;
}

const struct hs_table_logic hs_table_complaints = {
    .declaration = {.name = "complaints",
                    .domain = HS_CUSTOMER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 380,
                    .text_bytes_max = HS_SESSION_TEXT_BYTES + SUBJECT_BYTES + 2 * TEXT_BYTES,
                    .note = "Complaints and their handling."},
    .rows_before = rows_before,
    .generate = generate,
};
