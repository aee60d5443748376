/* complaint_updates: what assignee and complainant wrote, in order. */
#include "datasets/homeservices/tables.h"
#include "datasets/homeservices/text.h"

enum { ID, COMPLAINT_ID, USER_ID, COMMENT, IS_INTERNAL, ATTACHMENTS, CREATED, UPDATED, COLUMNS };
enum {
    COMMENT_BYTES = 160,
    ATTACHMENTS_BYTES = 96,
    COMMENTS = 4,
    INTERNAL_PERCENT = 30,
    ATTACHED_PERCENT = 20
};

/* clang-format off */
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_I64, .origin = {0, 0, "key"}, .note = "Dense from 1, by complaint and time."},
    [COMPLAINT_ID] = {.name = "complaint_id", .type = SG_I64, .origin = {0, 0, "quota of 1 to 3 per complaint over a permutation"}, .note = "The complaint."},
    [USER_ID] = {.name = "user_id", .type = SG_I64, .origin = {HS_STREAM_MORE, 0, "half by the assignee once there is one, else the complainant"}, .note = "Who wrote it."},
    [COMMENT] = {.name = "comment", .type = SG_TEXT, .origin = {HS_STREAM_MORE, 1, "uniform by who writes"}, .note = "What was written."},
    [IS_INTERNAL] = {.name = "is_internal", .type = SG_BOOL, .origin = {HS_STREAM_MORE, 2, "30 % of the assignee's"}, .note = "Hidden from the customer."},
    [ATTACHMENTS] = {.name = "attachments", .type = SG_TEXT, .json = true, .sql_json = true, .nullable = true, .origin = {HS_STREAM_MORE, 3, "20 % of the complainant's"}, .note = "Paths of pictures."},
    [CREATED] = {.name = "created_at", .type = SG_TIMESTAMP, .origin = {HS_STREAM_TIMES, 0, "uniform in equal parts of the time from creation to the last step"}, .note = "Written."},
    [UPDATED] = {.name = "updated_at", .type = SG_TIMESTAMP, .origin = {0, 0, "creation"}, .note = "Last change."},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"complaint_id", "complaints", "id", SG_CASCADE},
    {"user_id", "users", "id", SG_RESTRICT},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "update_ids_dense", .a = "id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "update_not_before_complaint",
     .a = "created_at",
     .b = "created_at",
     .via = "complaint_id"},
    {.kind = SG_RULE_PARENT_LE,
     .name = "update_not_after_complaint_updated",
     .a = "created_at",
     .b = "updated_at",
     .via = "complaint_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "update_not_before_user",
     .a = "created_at",
     .b = "created_at",
     .via = "user_id"},
    {.kind = SG_RULE_LE, .name = "update_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_NEXT_GE,
     .name = "update_in_order",
     .a = "created_at",
     .b = "created_at",
     .via = "complaint_id"},
    {.kind = SG_RULE_PAST, .name = "update_in_past", .a = "updated_at"},
};

static const struct sg_index indexes[] = {
    {"complaint_updates_complaint", "complaint_id", false, false},
    {"complaint_updates_user", "user_id", false, false},
};

static const char *const by_staff[COMMENTS] = {
    "Called the customer and listened to the details.",
    "Asked the professional for a statement.",
    "Shared the case with the quality team.",
    "Informed the customer about the next step.",
};
static const char *const by_customer[COMMENTS] = {
    "Any news on this?",
    "I have added a picture.",
    "Please call me after 6 pm.",
    "Thank you for looking into it.",
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return hs_field_before(world, unit, HS_AT_UPDATES);
}

/* The j-th of n moments between the complaint's creation and its last step. */
static int64_t moment(const struct hs_complaint *c, unsigned j, uint32_t word) {
    uint64_t span = (uint64_t)(c->updated - c->created), parts = (uint64_t)j << 32 | word;
    return c->created + (int64_t)sg_muldiv(span, parts, (uint64_t)c->updates << 32);
}

static void fill(const struct sg_world *world, const struct hs_customer *customer,
                 const struct hs_complaint *c, unsigned j, struct sg_emitter *e) {
    uint64_t row = c->update_first + j;
    struct sg_block w = sg_draw(&world->sources[HS_COMPLAINT_UPDATES], row, HS_STREAM_MORE, 0);
    int64_t at = moment(c, j, sg_draw(&world->sources[HS_COMPLAINT_UPDATES], row, HS_STREAM_TIMES, 0).w[0]);
    bool staff = c->assigned && at >= c->assigned_at && w.w[0] >> 31;
    const char *comment = (staff ? by_staff : by_customer)[sg_below(w.w[1], COMMENTS)];
    char text[ATTACHMENTS_BYTES];
    sg_set_i64(e, ID, (int64_t)row + 1);
    sg_set_i64(e, COMPLAINT_ID, (int64_t)c->row + 1);
    sg_set_i64(e, USER_ID, (int64_t)(staff ? c->agent : world->ops + customer->number) + 1);
    sg_set_text(e, COMMENT, comment, strlen(comment));
    sg_set_bool(e, IS_INTERNAL, staff && sg_below(w.w[2], 100) < INTERNAL_PERCENT);
    if (!staff && sg_below(w.w[3], 100) < ATTACHED_PERCENT) {
        char *end = hs_append_number(hs_append(text, "[\"/uploads/complaints/"), row + 1);
        sg_set_text(e, ATTACHMENTS, text, (size_t)(hs_append(end, ".jpg\"]") - text));
    } else {
        sg_set_null(e, ATTACHMENTS);
    }
    sg_set_i64(e, CREATED, at);
    sg_set_i64(e, UPDATED, at);
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
        for (unsigned k = 0; k < count; k++)
            for (unsigned j = 0; j < complaints[k].updates; j++) {
                SG_TRY(sg_emitter_room(e, &room, err));
                fill(world, &customer, &complaints[k], j, e);
                sg_emitter_advance(e, 1);
            }
    }
    return SG_OK;
}

const struct hs_table_logic hs_table_complaint_updates = {
    .declaration = {.name = "complaint_updates",
                    .domain = HS_CUSTOMER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 150,
                    .text_bytes_max = COMMENT_BYTES + ATTACHMENTS_BYTES,
                    .note = "Comments on complaints."},
    .rows_before = rows_before,
    .generate = generate,
};
