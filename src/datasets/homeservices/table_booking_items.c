/* booking_items: the services of each booking, when, where and by whom. */
#include "datasets/homeservices/tables.h"
#include "datasets/homeservices/text.h"

enum {
    ID,
    BOOKING_ID,
    USER_ID,
    RATE_CARD_ID,
    PROVIDER_ID,
    ADDRESS_ID,
    SERVICE_NAME,
    QUANTITY,
    PRICE,
    TOTAL,
    DISCOUNT,
    FINAL,
    SCHEDULED_DATE,
    TIME_FROM,
    TIME_TO,
    ACTUAL_START,
    ACTUAL_END,
    CANCEL_BY,
    CANCEL_REASON,
    PAYMENT_STATUS,
    STATUS,
    CREATED,
    UPDATED,
    COLUMNS
};
enum { SERVICE_BYTES = 160, REASON_BYTES = 96, MONEY_MAX = 100000000, QUANTITY_MAX = 3, REASONS = 4 };

static const struct sg_enum cancellers = {"cancel_by", (const char *const[]){"EMPTY", "PROVIDER", "CUSTOMER"},
                                          3};
static const struct sg_enum payments = {"item_payment_status",
                                        (const char *const[]){"UNPAID", "PAID", "REFUND", "FAILED"}, 4};
static const struct sg_enum statuses = {
    "item_status", (const char *const[]){"PENDING", "ACCEPTED", "IN_PROGRESS", "COMPLETED", "CANCELLED"}, 5};

/* clang-format off */
#define RUPEES .type = SG_DECIMAL, .precision = 12, .scale = 2
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_I64, .origin = {0, 0, "key"}, .note = "Dense from 1, by booking."},
    [BOOKING_ID] = {.name = "booking_id", .type = SG_I64, .origin = {0, 0, "the booking's number"}, .note = "The booking."},
    [USER_ID] = {.name = "user_id", .type = SG_I64, .origin = {0, 0, "the booking's"}, .note = "The customer."},
    [RATE_CARD_ID] = {.name = "rate_card_id", .type = SG_I32, .origin = {HS_STREAM_MORE, 0, "uniform in the booking's trade, of those offered in the city"}, .note = "What was ordered."},
    [PROVIDER_ID] = {.name = "provider_id", .type = SG_I64, .nullable = true, .origin = {0, 0, "dealt over a permutation of the team's items, weights 0.3 to 1.7"}, .note = "Who does it: active, verified, serves the address."},
    [ADDRESS_ID] = {.name = "address_id", .type = SG_I64, .origin = {0, 0, "the booking's"}, .note = "Where: an address of the customer."},
    [SERVICE_NAME] = {.name = "service_name", .type = SG_TEXT, .length_max = 255, .origin = {0, 0, "service and variant"}, .note = "As on the invoice."},
    [QUANTITY] = {.name = "quantity", .type = SG_I32, .origin = {HS_STREAM_MONEY, 0, "84/12/4; 1 above 2,000 rupees"}, .note = "How many."},
    [PRICE] = {.name = "price", RUPEES, .origin = {0, 0, "the rate card's"}, .note = "Rupees each."},
    [TOTAL] = {.name = "total_amount", RUPEES, .origin = {0, 0, "price x quantity"}, .note = "Rupees."},
    [DISCOUNT] = {.name = "discount_amount", RUPEES, .origin = {HS_STREAM_MONEY, 1, "70 % none, else 5, 10 or 15 %"}, .note = "Rupees."},
    [FINAL] = {.name = "final_amount", RUPEES, .origin = {0, 0, "total - discount"}, .note = "Rupees before tax."},
    [SCHEDULED_DATE] = {.name = "scheduled_date", .type = SG_DATE, .origin = {0, 0, "the booking's day of work"}, .note = "Agreed day."},
    [TIME_FROM] = {.name = "scheduled_time_from", .type = SG_TIMESTAMP, .origin = {HS_STREAM_TIMES, 0, "uniform half hours, 08:00 to 17:30 in India"}, .note = "Agreed start."},
    [TIME_TO] = {.name = "scheduled_time_to", .type = SG_TIMESTAMP, .origin = {HS_STREAM_TIMES, 1, "one to three hours later, uniform half hours"}, .note = "Agreed end."},
    [ACTUAL_START] = {.name = "actual_start_time", .type = SG_TIMESTAMP, .nullable = true, .origin = {HS_STREAM_TIMES, 2, "up to half an hour after the agreed start, uniform"}, .note = "Of completed ones."},
    [ACTUAL_END] = {.name = "actual_end_time", .type = SG_TIMESTAMP, .nullable = true, .origin = {HS_STREAM_TIMES, 3, "50 to 130 % of the agreed time, uniform"}, .note = "Of completed ones."},
    [CANCEL_BY] = {.name = "cancel_by", .type = SG_ENUM, .labels = &cancellers, .origin = {0, 0, "the booking's: 28 % by the provider"}, .note = "Who cancelled, EMPTY = nobody."},
    [CANCEL_REASON] = {.name = "cancel_reason", .type = SG_TEXT, .length_max = 255, .nullable = true, .origin = {HS_STREAM_MORE, 1, "uniform by who cancelled"}, .note = "Of cancelled ones."},
    [PAYMENT_STATUS] = {.name = "payment_status", .type = SG_ENUM, .labels = &payments, .origin = {0, 0, "by the booking's payment; REFUND when cancelled after payment"}, .note = "Payment of this item."},
    [STATUS] = {.name = "status", .type = SG_ENUM, .labels = &statuses, .origin = {0, 0, "by the booking's status"}, .note = "Where it stands."},
    [CREATED] = {.name = "created_at", .type = SG_TIMESTAMP, .origin = {0, 0, "the booking's"}, .note = "Ordered."},
    [UPDATED] = {.name = "updated_at", .type = SG_TIMESTAMP, .origin = {0, 0, "actual end, else the booking's"}, .note = "Last change."},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"booking_id", "bookings", "id", SG_CASCADE},      {"user_id", "users", "id", SG_NO_ACTION},
    {"rate_card_id", "rate_cards", "id", SG_RESTRICT}, {"provider_id", "providers", "id", SG_SET_NULL},
    {"address_id", "addresses", "id", SG_RESTRICT},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "item_ids_dense", .a = "id"},
    {.kind = SG_RULE_SUM_EQ,
     .name = "item_amounts_make_subtotal",
     .a = "final_amount",
     .b = "subtotal",
     .via = "booking_id"},
    {.kind = SG_RULE_COUNT_EQ,
     .name = "items_of_provider",
     .b = "total_bookings",
     .via = "provider_id",
     .scattered = true},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "item_user_is_bookings",
     .a = "user_id",
     .b = "user_id",
     .via = "booking_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "item_address_is_users",
     .a = "user_id",
     .b = "user_id",
     .via = "address_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "item_price_is_cards",
     .a = "price",
     .b = "price",
     .via = "rate_card_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "item_created_with_booking",
     .a = "created_at",
     .b = "created_at",
     .via = "booking_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "item_not_before_address",
     .a = "created_at",
     .b = "created_at",
     .via = "address_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "item_not_before_provider",
     .a = "created_at",
     .b = "created_at",
     .via = "provider_id"},
    {.kind = SG_RULE_PARENT_LE,
     .name = "item_updated_not_after_booking",
     .a = "updated_at",
     .b = "updated_at",
     .via = "booking_id"},
    {.kind = SG_RULE_RANGE, .name = "item_quantity_range", .a = "quantity", .low = 1, .high = QUANTITY_MAX},
    {.kind = SG_RULE_PRODUCT, .name = "item_total_is_product", .a = "total_amount", .b = "price * quantity"},
    {.kind = SG_RULE_LE, .name = "item_price_at_most_total", .a = "price", .b = "total_amount"},
    {.kind = SG_RULE_RANGE,
     .name = "item_discount_range",
     .a = "discount_amount",
     .low = 0,
     .high = MONEY_MAX},
    {.kind = SG_RULE_LE, .name = "item_final_at_most_total", .a = "final_amount", .b = "total_amount"},
    {.kind = SG_RULE_LT, .name = "item_created_before_start", .a = "created_at", .b = "scheduled_time_from"},
    {.kind = SG_RULE_LT,
     .name = "item_schedule_ordered",
     .a = "scheduled_time_from",
     .b = "scheduled_time_to"},
    {.kind = SG_RULE_LE,
     .name = "item_start_not_before_schedule",
     .a = "scheduled_time_from",
     .b = "actual_start_time"},
    {.kind = SG_RULE_LT, .name = "item_work_ordered", .a = "actual_start_time", .b = "actual_end_time"},
    {.kind = SG_RULE_PAST, .name = "item_work_in_past", .a = "actual_end_time"},
    {.kind = SG_RULE_LE, .name = "item_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "item_updated_in_past", .a = "updated_at"},
    /* clang-format off */
    HS_SUM("item_final_adds_up", "final_amount", "total_amount - discount_amount - final_amount", 0, 0, NULL, NULL),
    {.kind = SG_RULE_PARENT_IS, .name = "item_provider_is_active", .b = "is_active", .via = "provider_id", .is = "true"},
    {.kind = SG_RULE_PARENT_IS, .name = "item_provider_is_verified", .b = "is_verified", .via = "provider_id", .is = "true"},
    {.kind = SG_RULE_FUTURE, .name = "item_open_in_future", .a = "scheduled_time_from", .when = "status", .is = "PENDING|ACCEPTED"},
    {.kind = SG_RULE_PAST, .name = "item_completed_in_past", .a = "scheduled_time_from", .when = "status", .is = "COMPLETED"},
    HS_NOT_NULL("item_completed_has_start", "actual_start_time", "status", "COMPLETED"),
    HS_NOT_NULL("item_completed_has_end", "actual_end_time", "status", "COMPLETED"),
    HS_NULL("item_open_has_no_end", "actual_end_time", "status", "PENDING|ACCEPTED|CANCELLED"),
    HS_AMONG("item_cancelled_by_somebody", "cancel_by", "PROVIDER|CUSTOMER", "status", "CANCELLED"),
    HS_AMONG("item_cancelled_by_nobody", "cancel_by", "EMPTY", "status", "PENDING|ACCEPTED|IN_PROGRESS|COMPLETED"),
    HS_NOT_NULL("item_cancelled_has_reason", "cancel_reason", "status", "CANCELLED"),
    HS_AMONG("item_done_when_paid", "payment_status", "PAID", "status", "ACCEPTED|COMPLETED"),
    HS_SAME("item_address_is_siblings", "address_id", "booking_id"),
    HS_SUM("item_scheduled_on_its_date", "scheduled_time_from", "scheduled_time_from - 86400 scheduled_date", 0, 86399, NULL, NULL),
    HS_TOGETHER("item_start_with_end", "actual_start_time", "actual_end_time"),
    HS_AMONG("item_refunded_when_cancelled", "status", "CANCELLED", "payment_status", "REFUND"),
    /* clang-format on */
};

static const struct sg_index indexes[] = {
    {"booking_items_booking", "booking_id", false, false},
    {"booking_items_user", "user_id", false, false},
    {"booking_items_rate_card", "rate_card_id", false, false},
    {"booking_items_provider", "provider_id", false, false},
    {"booking_items_address", "address_id", false, false},
    {"booking_items_status", "status", false, false},
    {"booking_items_payment_status", "payment_status", false, false},
    {"booking_items_scheduled_date", "scheduled_date", false, false},
};

static const char *const reasons[3][REASONS] = {
    [HS_BY_PROVIDER] = {"Professional not available", "Spare part not in stock",
                        "Address could not be reached", "Too many jobs on that day"},
    [HS_BY_CUSTOMER] = {"Change of plans", "Found another professional", "Booked by mistake",
                        "Price too high"},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return hs_field_before(world, unit, HS_AT_ITEMS);
}

static uint16_t item_status(const struct hs_booking *b) {
    enum { PENDING, ACCEPTED, IN_PROGRESS, COMPLETED, CANCELLED };
    static const uint16_t of[4] = {[HS_PENDING] = PENDING,
                                   [HS_CONFIRMED] = ACCEPTED,
                                   [HS_COMPLETED] = COMPLETED,
                                   [HS_CANCELLED] = CANCELLED};
    return of[b->status];
}

static uint16_t item_payment(const struct hs_booking *b) {
    enum { UNPAID, PAID, REFUND, FAILED };
    if (b->payment == HS_PAYMENT_PAID) return b->status == HS_CANCELLED ? REFUND : PAID;
    return b->payment == HS_PAYMENT_FAILED ? FAILED : UNPAID;
}

static void set_order(const struct sg_world *world, const struct hs_item *item, struct sg_emitter *e) {
    const struct hs_rate_card *card = &world->reference->cards[item->card];
    char text[SERVICE_BYTES];
    char *at = hs_append(text, world->reference->subcategories[card->subcategory].name);
    at = hs_append(hs_append(at, " - "), card->name);
    sg_set_i32(e, RATE_CARD_ID, item->card + 1);
    sg_set_i64(e, PROVIDER_ID, (int64_t)item->provider + 1);
    sg_set_text(e, SERVICE_NAME, text, (size_t)(at - text));
    sg_set_i32(e, QUANTITY, item->quantity);
    sg_set_i64(e, PRICE, item->price);
    sg_set_i64(e, TOTAL, item->total);
    sg_set_i64(e, DISCOUNT, item->discount);
    sg_set_i64(e, FINAL, item->final);
}

static void set_progress(const struct sg_world *world, const struct hs_booking *b, const struct hs_item *item,
                         struct sg_emitter *e) {
    sg_set_date(e, SCHEDULED_DATE, item->day);
    sg_set_i64(e, TIME_FROM, item->from);
    sg_set_i64(e, TIME_TO, item->to);
    sg_set_null(e, ACTUAL_START);
    sg_set_null(e, ACTUAL_END);
    sg_set_null(e, CANCEL_REASON);
    if (item->ended) {
        sg_set_i64(e, ACTUAL_START, item->started);
        sg_set_i64(e, ACTUAL_END, item->ended);
    }
    if (b->canceller) {
        uint32_t word = sg_draw(&world->sources[HS_BOOKING_ITEMS], item->row, HS_STREAM_MORE, 0).w[1];
        const char *reason = reasons[b->canceller][sg_below(word, REASONS)];
        sg_set_text(e, CANCEL_REASON, reason, strlen(reason));
    }
    sg_set_enum(e, CANCEL_BY, b->canceller);
    sg_set_enum(e, PAYMENT_STATUS, item_payment(b));
    sg_set_enum(e, STATUS, item_status(b));
    sg_set_i64(e, CREATED, b->created);
    sg_set_i64(e, UPDATED, item->ended ? item->ended : b->updated);
}

static void fill(const struct sg_world *world, const struct hs_customer *customer, const struct hs_booking *b,
                 const struct hs_item *item, struct sg_emitter *e) {
    sg_set_i64(e, ID, (int64_t)item->row + 1);
    sg_set_i64(e, BOOKING_ID, (int64_t)b->row + 1);
    sg_set_i64(e, USER_ID, (int64_t)(world->ops + customer->number + 1));
    sg_set_i64(e, ADDRESS_ID, (int64_t)b->address + 1);
    set_order(world, item, e);
    set_progress(world, b, item, e);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct hs_booking bookings[HS_BOOKINGS_MAX];
    struct hs_customer customer;
    struct hs_walk walk;
    size_t room;
    hs_walk_start(&walk, world, unit_first);
    while (walk.next < unit_end) {
        hs_walk_next(&walk, &customer);
        hs_bookings_get(world, &customer, bookings);
        for (uint64_t k = 0; k < customer.count[HS_AT_BOOKINGS]; k++)
            for (unsigned i = 0; i < bookings[k].item_count; i++) {
                SG_TRY(sg_emitter_room(e, &room, err));
                fill(world, &customer, &bookings[k], &bookings[k].items[i], e);
                sg_emitter_advance(e, 1);
            }
    }
    return SG_OK;
}

const struct hs_table_logic hs_table_booking_items = {
    .declaration = {.name = "booking_items",
                    .domain = HS_CUSTOMER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 320,
                    .text_bytes_max = SERVICE_BYTES + REASON_BYTES,
                    .note = "Services of each booking."},
    .rows_before = rows_before,
    .generate = generate,
};
