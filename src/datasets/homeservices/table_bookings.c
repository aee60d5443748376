/* bookings: orders with payment and GST. */
#include "base/calendar.h"
#include "datasets/homeservices/tables.h"
#include "datasets/homeservices/text.h"

enum {
    ID,
    USER_ID,
    ORDER_ID,
    INVOICE,
    GATEWAY,
    TRANSACTION,
    PAYMENT_STATUS,
    METHOD,
    SUBTOTAL,
    DISCOUNT,
    SGST,
    CGST,
    IGST,
    SGST_AMOUNT,
    CGST_AMOUNT,
    IGST_AMOUNT,
    TOTAL_GST,
    CONVENIENCE,
    TOTAL,
    IS_PARTIAL,
    PARTIAL,
    REMAINING,
    SETTLEMENT,
    STATUS,
    CREATED,
    UPDATED,
    COLUMNS
};
enum { ORDER_BYTES = 32, INVOICE_BYTES = 32, MONEY_MAX = 100000000, GST_PERCENT_X100 = HS_GST_PERCENT * 100 };

static const struct sg_enum payments = {"payment_status",
                                        (const char *const[]){"PENDING", "PAID", "FAILED", "REFUNDED"}, 4};
static const struct sg_enum methods = {"payment_method",
                                       (const char *const[]){"CARD", "UPI", "WALLET", "CASH"}, 4};
static const struct sg_enum settlements = {
    "settlement", (const char *const[]){"PENDING", "COMPLETE", "FAILED", "INPROGRESS"}, 4};
static const struct sg_enum statuses = {
    "booking_status", (const char *const[]){"PENDING", "CONFIRMED", "COMPLETED", "CANCELLED"}, 4};
static const struct sg_token gateway_token = {.prefix = "order_", .lead = "Hs", .infix = "", .length = 19};
static const struct sg_token transaction_token = {.prefix = "pay_", .lead = "Hs", .infix = "", .length = 17};

/* clang-format off */
#define RUPEES .type = SG_DECIMAL, .precision = 12, .scale = 2
#define PERCENT .type = SG_DECIMAL, .precision = 5, .scale = 2
static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_I64, .origin = {0, 0, "key"}, .note = "Dense from 1, by customer."},
    [USER_ID] = {.name = "user_id", .type = SG_I64, .origin = {0, 0, "the customer's number"}, .note = "The customer."},
    [ORDER_ID] = {.name = "order_id", .type = SG_TEXT, .length_max = 50, .origin = {0, 0, "date and permutation of all numbers"}, .note = "Order number, unique."},
    [INVOICE] = {.name = "invoice_number", .type = SG_TEXT, .length_max = 50, .nullable = true, .origin = {0, 0, "financial year and permutation of all numbers"}, .note = "Only when paid, unique."},
    [GATEWAY] = {.name = "payment_gateway_order_id", .type = SG_TOKEN, .token = &gateway_token, .nullable = true, .origin = {0, 0, "permutation of all keys"}, .note = "Unless payment is pending."},
    [TRANSACTION] = {.name = "transaction_id", .type = SG_TOKEN, .token = &transaction_token, .nullable = true, .origin = {0, 0, "permutation of all keys"}, .note = "Only when paid."},
    [PAYMENT_STATUS] = {.name = "payment_status", .type = SG_ENUM, .labels = &payments, .origin = {0, 0, "quota 80/15/5 paid, pending, failed jointly with status"}, .note = "What became of the payment."},
    [METHOD] = {.name = "payment_method", .type = SG_ENUM, .labels = &methods, .origin = {HS_STREAM_MORE, 0, "25/55/12/8; cash only for completed ones"}, .note = "Means of payment."},
    [SUBTOTAL] = {.name = "subtotal", RUPEES, .origin = {0, 0, "sum of the items' final amounts"}, .note = "Rupees before discount and tax."},
    [DISCOUNT] = {.name = "discount", RUPEES, .origin = {HS_STREAM_MONEY, 1, "45 % none, else 0.01 to 20 % of the subtotal, uniform"}, .note = "Rupees."},
    [SGST] = {.name = "sgst", PERCENT, .origin = {0, 0, "9 within the state, else 0"}, .note = "Percent."},
    [CGST] = {.name = "cgst", PERCENT, .origin = {0, 0, "9 within the state, else 0"}, .note = "Percent."},
    [IGST] = {.name = "igst", PERCENT, .origin = {0, 0, "18 across a state border, else 0"}, .note = "Percent."},
    [SGST_AMOUNT] = {.name = "sgst_amount", RUPEES, .origin = {0, 0, "9 % of subtotal - discount, halves to even"}, .note = "Rupees."},
    [CGST_AMOUNT] = {.name = "cgst_amount", RUPEES, .origin = {0, 0, "9 % of subtotal - discount, halves to even"}, .note = "Rupees."},
    [IGST_AMOUNT] = {.name = "igst_amount", RUPEES, .origin = {0, 0, "18 % of subtotal - discount, halves to even"}, .note = "Rupees."},
    [TOTAL_GST] = {.name = "total_gst", RUPEES, .origin = {0, 0, "sum of the three"}, .note = "Rupees."},
    [CONVENIENCE] = {.name = "convenience_charge", RUPEES, .origin = {HS_STREAM_MONEY, 2, "uniform 10 to 50 in steps of 0.50"}, .note = "Rupees, untaxed."},
    [TOTAL] = {.name = "total", RUPEES, .origin = {0, 0, "subtotal - discount + GST + convenience charge"}, .note = "Rupees to pay."},
    [IS_PARTIAL] = {.name = "is_partial", .type = SG_BOOL, .origin = {0, 0, "quota 10 % over a permutation"}, .note = "Paid in two parts."},
    [PARTIAL] = {.name = "partial_amount", RUPEES, .origin = {HS_STREAM_MONEY, 3, "20 to 50 % of the total, uniform"}, .note = "First part, 0 unless partial."},
    [REMAINING] = {.name = "remaining_amount", RUPEES, .origin = {0, 0, "total - first part"}, .note = "Second part, 0 unless partial."},
    [SETTLEMENT] = {.name = "is_settlement", .type = SG_ENUM, .labels = &settlements, .origin = {HS_STREAM_MORE, 2, "pending until completed, under way for nine days, then 97 % complete"}, .note = "Payout to providers."},
    [STATUS] = {.name = "status", .type = SG_ENUM, .labels = &statuses, .origin = {0, 0, "quota 14/28/81/16 of 139 over a permutation"}, .note = "Where the booking stands."},
    [CREATED] = {.name = "created_at", .type = SG_TIMESTAMP, .origin = {HS_STREAM_TIMES, 0, "uniform since sign-up; open ones in the last 14 days"}, .note = "Ordered."},
    [UPDATED] = {.name = "updated_at", .type = SG_TIMESTAMP, .origin = {HS_STREAM_MORE, 1, "completion, cancellation or confirmation"}, .note = "Last change."},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {{"user_id", "users", "id", SG_RESTRICT}};

#define MONEY_RULE(name_, column_)                                                                           \
    { .kind = SG_RULE_RANGE, .name = name_, .a = column_, .low = 0, .high = MONEY_MAX }

#define PERCENT_RULE(name_, column_, rate_)                                                                  \
    { .kind = SG_RULE_PERCENT, .name = name_, .a = column_, .b = "subtotal - discount", .times = rate_ }

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "booking_ids_dense", .a = "id"},
    {.kind = SG_RULE_UNIQUE, .name = "booking_order_unique", .a = "order_id"},
    {.kind = SG_RULE_UNIQUE, .name = "booking_invoice_unique", .a = "invoice_number"},
    {.kind = SG_RULE_UNIQUE, .name = "booking_transaction_unique", .a = "transaction_id"},
    {.kind = SG_RULE_UNIQUE, .name = "booking_gateway_unique", .a = "payment_gateway_order_id"},
    {.kind = SG_RULE_RANGE,
     .name = "booking_subtotal_positive",
     .a = "subtotal",
     .low = 1,
     .high = MONEY_MAX},
    MONEY_RULE("booking_discount_range", "discount"),
    {.kind = SG_RULE_LT, .name = "booking_discount_below_subtotal", .a = "discount", .b = "subtotal"},
    {.kind = SG_RULE_RANGE,
     .name = "booking_sgst_range",
     .a = "sgst",
     .low = 0,
     .high = GST_PERCENT_X100 / 2},
    {.kind = SG_RULE_RANGE,
     .name = "booking_cgst_range",
     .a = "cgst",
     .low = 0,
     .high = GST_PERCENT_X100 / 2},
    {.kind = SG_RULE_RANGE, .name = "booking_igst_range", .a = "igst", .low = 0, .high = GST_PERCENT_X100},
    {.kind = SG_RULE_LE, .name = "booking_sgst_at_most_cgst", .a = "sgst_amount", .b = "cgst_amount"},
    {.kind = SG_RULE_LE, .name = "booking_cgst_at_most_sgst", .a = "cgst_amount", .b = "sgst_amount"},
    {.kind = SG_RULE_LE, .name = "booking_igst_part_of_gst", .a = "igst_amount", .b = "total_gst"},
    {.kind = SG_RULE_LT, .name = "booking_gst_part_of_total", .a = "total_gst", .b = "total"},
    {.kind = SG_RULE_RANGE,
     .name = "booking_convenience_range",
     .a = "convenience_charge",
     .low = 1000,
     .high = 5000},
    {.kind = SG_RULE_LE, .name = "booking_partial_part_of_total", .a = "partial_amount", .b = "total"},
    {.kind = SG_RULE_LE, .name = "booking_remaining_part_of_total", .a = "remaining_amount", .b = "total"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "booking_not_before_user",
     .a = "created_at",
     .b = "created_at",
     .via = "user_id"},
    {.kind = SG_RULE_LE, .name = "booking_created_before_updated", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_PAST, .name = "booking_updated_in_past", .a = "updated_at"},
    /* clang-format off */
    HS_SUM("booking_total_adds_up", "total", "total - subtotal + discount - total_gst - convenience_charge", 0, 0, NULL, NULL),
    HS_SUM("booking_gst_adds_up", "total_gst", "total_gst - sgst_amount - cgst_amount - igst_amount", 0, 0, NULL, NULL),
    HS_SUM("booking_rates_make_eighteen", "igst", "sgst + cgst + igst", GST_PERCENT_X100, GST_PERCENT_X100, NULL, NULL),
    HS_SUM("booking_discount_at_most_fifth", "discount", "subtotal - 5 discount", 0, MONEY_MAX, NULL, NULL),
    HS_SUM("booking_parts_make_total", "partial_amount", "partial_amount + remaining_amount - total", 0, 0, "is_partial", "true"),
    HS_WITHIN("booking_no_first_part", "partial_amount", 0, 0, "is_partial", "false"),
    HS_WITHIN("booking_no_second_part", "remaining_amount", 0, 0, "is_partial", "false"),
    HS_AMONG("booking_confirmed_when_paid", "payment_status", "PAID", "status", "CONFIRMED|COMPLETED"),
    HS_AMONG("booking_settled_when_completed", "status", "COMPLETED", "is_settlement", "COMPLETE"),
    HS_NOT_NULL("booking_paid_has_invoice", "invoice_number", "payment_status", "PAID"),
    HS_NULL("booking_unpaid_has_no_invoice", "invoice_number", "payment_status", "PENDING|FAILED"),
    HS_NOT_NULL("booking_paid_has_transaction", "transaction_id", "payment_status", "PAID"),
    HS_NULL("booking_unpaid_has_no_transaction", "transaction_id", "payment_status", "PENDING|FAILED"),
    HS_NULL("booking_pending_has_no_gateway", "payment_gateway_order_id", "payment_status", "PENDING"),
    HS_NOT_NULL("booking_tried_has_gateway", "payment_gateway_order_id", "payment_status", "PAID|FAILED|REFUNDED"),
    {.kind = SG_RULE_MULTIPLE, .name = "booking_igst_all_or_nothing", .a = "igst", .low = GST_PERCENT_X100},
    PERCENT_RULE("booking_sgst_to_the_paisa", "sgst_amount", "sgst"),
    PERCENT_RULE("booking_cgst_to_the_paisa", "cgst_amount", "cgst"),
    PERCENT_RULE("booking_igst_to_the_paisa", "igst_amount", "igst"),
    HS_TOGETHER("booking_invoice_with_transaction", "invoice_number", "transaction_id"),
    HS_SHAPE("booking_order_shape", "order_id", "ORD-[0-9]{8}-[0-9]{9}"),
    HS_SHAPE("booking_invoice_shape", "invoice_number", "INV/[0-9]{4}-[0-9]{2}/[0-9]{9}"),
    /* clang-format on */
};

static const struct sg_index indexes[] = {
    {"bookings_user", "user_id", false, false},
    {"bookings_order_id", "order_id", true, false},
    {"bookings_status", "status", false, false},
    {"bookings_payment_status", "payment_status", false, false},
    {"bookings_created_at", "created_at", false, false},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return hs_field_before(world, unit, HS_AT_BOOKINGS);
}

/* ORD-20260814-012345678 */
static size_t write_order(const struct sg_world *world, const struct hs_booking *b, char out[ORDER_BYTES]) {
    struct sg_civil date = sg_civil_from_day(sg_day_of(b->created));
    char *at = hs_append(out, "ORD-");
    at = hs_append_digits(at, (uint64_t)date.year, 4);
    at = hs_append_digits(at, (uint64_t)date.month, 2);
    at = hs_append_digits(at, (uint64_t)date.day, 2);
    *at++ = '-';
    return (size_t)(hs_append_digits(at, sg_permute(&world->order, b->key), 9) - out);
}

/* INV/2026-27/012345678: Indian financial years begin in April. */
static size_t write_invoice(const struct sg_world *world, const struct hs_booking *b,
                            char out[INVOICE_BYTES]) {
    enum { FIRST_MONTH = 4 };
    struct sg_civil date = sg_civil_from_day(sg_day_of(b->created));
    uint64_t year = (uint64_t)(date.month < FIRST_MONTH ? date.year - 1 : date.year);
    char *at = hs_append_digits(hs_append(out, "INV/"), year, 4);
    *at++ = '-';
    at = hs_append_digits(at, (year + 1) % 100, 2);
    *at++ = '/';
    return (size_t)(hs_append_digits(at, sg_permute(&world->invoice, b->key), 9) - out);
}

static void set_payment(const struct sg_world *world, const struct hs_booking *b, struct sg_emitter *e) {
    char text[INVOICE_BYTES];
    sg_set_null(e, INVOICE);
    sg_set_null(e, GATEWAY);
    sg_set_null(e, TRANSACTION);
    if (b->payment != HS_PAYMENT_PENDING) sg_set_token(e, GATEWAY, sg_permute(&world->gateway, b->key));
    if (b->payment == HS_PAYMENT_PAID) {
        sg_set_text(e, INVOICE, text, write_invoice(world, b, text));
        sg_set_token(e, TRANSACTION, sg_permute(&world->transaction, b->key));
    }
    sg_set_enum(e, PAYMENT_STATUS, b->payment);
    sg_set_enum(e, METHOD, b->method);
    sg_set_enum(e, SETTLEMENT, b->settlement);
}

static void set_money(const struct hs_booking *b, struct sg_emitter *e) {
    int64_t within = b->visiting ? 0 : GST_PERCENT_X100 / 2;
    sg_set_i64(e, SUBTOTAL, b->subtotal);
    sg_set_i64(e, DISCOUNT, b->discount);
    sg_set_i64(e, SGST, within);
    sg_set_i64(e, CGST, within);
    sg_set_i64(e, IGST, b->visiting ? GST_PERCENT_X100 : 0);
    sg_set_i64(e, SGST_AMOUNT, b->sgst);
    sg_set_i64(e, CGST_AMOUNT, b->cgst);
    sg_set_i64(e, IGST_AMOUNT, b->igst);
    sg_set_i64(e, TOTAL_GST, b->gst);
    sg_set_i64(e, CONVENIENCE, b->convenience);
    sg_set_i64(e, TOTAL, b->total);
    sg_set_bool(e, IS_PARTIAL, b->partial);
    sg_set_i64(e, PARTIAL, b->partial_amount);
    sg_set_i64(e, REMAINING, b->remaining);
}

static void fill(const struct sg_world *world, const struct hs_customer *customer, const struct hs_booking *b,
                 struct sg_emitter *e) {
    char text[ORDER_BYTES];
    sg_set_i64(e, ID, (int64_t)b->row + 1);
    sg_set_i64(e, USER_ID, (int64_t)(world->ops + customer->number + 1));
    sg_set_text(e, ORDER_ID, text, write_order(world, b, text));
    set_payment(world, b, e);
    set_money(b, e);
    sg_set_enum(e, STATUS, b->status);
    sg_set_i64(e, CREATED, b->created);
    sg_set_i64(e, UPDATED, b->updated);
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
        for (uint64_t k = 0; k < customer.count[HS_AT_BOOKINGS]; k++) {
            SG_TRY(sg_emitter_room(e, &room, err));
            fill(world, &customer, &bookings[k], e);
            sg_emitter_advance(e, 1);
        }
    }
    return SG_OK;
}

const struct hs_table_logic hs_table_bookings = {
    .declaration = {.name = "bookings",
                    .domain = HS_CUSTOMER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 310,
                    .text_bytes_max = ORDER_BYTES + INVOICE_BYTES,
                    .note = "Orders with payment and GST."},
    .rows_before = rows_before,
    .generate = generate,
};
