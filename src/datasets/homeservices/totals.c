/* The sums that a plan of homeservices knows: every booking with its items and its GST, recomputed as for the
 * rows. Money is in paise. */
#include "datasets/homeservices/tables.h"
#include "model/total.h"

enum total {
    BOOKINGS,              /* by enum hs_status */
    BOOKED = BOOKINGS + 4, /* total of bookings by enum hs_payment */
    SUBTOTAL = BOOKED + 4,
    DISCOUNT,
    SGST,
    CGST,
    IGST,
    GST,
    CONVENIENCE,
    TOTAL,
    TOTAL_COMPLETED,
    PARTIAL,
    REMAINING,
    ITEM_QUANTITY,
    ITEM_DISCOUNT,
    ITEM_FINAL,
    COMPLAINTS, /* by enum hs_complaint_status */
    TOTALS = COMPLAINTS + HS_ESCALATED + 1
};
_Static_assert((int)TOTALS == (int)HS_TOTAL_COUNT, "every total is declared");

#define STATUS(name_, label_) SG_ROWS(name_, "bookings", "contract", SG_IS("status", label_))
#define PAYMENT(name_, label_)                                                                               \
    SG_TOTAL(name_, "paise", "bookings", "total", "contract", SG_IS("payment_status", label_))
#define BOOKING(name_, column_)  SG_TOTAL(name_, "paise", "bookings", column_, "contract", SG_ALL)
#define COMPLAINT(name_, label_) SG_ROWS(name_, "complaints", "contract", SG_IS("status", label_))

const struct sg_statistic hs_totals[HS_TOTAL_COUNT] = {
    [BOOKINGS + HS_PENDING] = STATUS("bookings_pending", "PENDING"),
    [BOOKINGS + HS_CONFIRMED] = STATUS("bookings_confirmed", "CONFIRMED"),
    [BOOKINGS + HS_COMPLETED] = STATUS("bookings_completed", "COMPLETED"),
    [BOOKINGS + HS_CANCELLED] = STATUS("bookings_cancelled", "CANCELLED"),
    [BOOKED + HS_PAYMENT_PENDING] = PAYMENT("booked_unpaid", "PENDING"),
    [BOOKED + HS_PAYMENT_PAID] = PAYMENT("booked_paid", "PAID"),
    [BOOKED + HS_PAYMENT_FAILED] = PAYMENT("booked_failed", "FAILED"),
    [BOOKED + HS_PAYMENT_REFUNDED] = PAYMENT("booked_refunded", "REFUNDED"),
    [SUBTOTAL] = BOOKING("subtotal", "subtotal"),
    [DISCOUNT] = BOOKING("discount", "discount"),
    [SGST] = BOOKING("sgst", "sgst_amount"),
    [CGST] = BOOKING("cgst", "cgst_amount"),
    [IGST] = BOOKING("igst", "igst_amount"),
    [GST] = BOOKING("gst", "total_gst"),
    [CONVENIENCE] = BOOKING("convenience", "convenience_charge"),
    [TOTAL] = BOOKING("booked", "total"),
    [TOTAL_COMPLETED] =
        SG_TOTAL("booked_completed", "paise", "bookings", "total", "contract", SG_IS("status", "COMPLETED")),
    [PARTIAL] = BOOKING("paid_in_part", "partial_amount"),
    [REMAINING] = BOOKING("remaining", "remaining_amount"),
    [ITEM_QUANTITY] = SG_TOTAL("item_quantity", "units", "booking_items", "quantity", "contract", SG_ALL),
    [ITEM_DISCOUNT] =
        SG_TOTAL("item_discount", "paise", "booking_items", "discount_amount", "contract", SG_ALL),
    [ITEM_FINAL] = SG_TOTAL("item_amount", "paise", "booking_items", "final_amount", "contract", SG_ALL),
    [COMPLAINTS + HS_OPEN] = COMPLAINT("complaints_open", "OPEN"),
    [COMPLAINTS + HS_IN_PROGRESS] = COMPLAINT("complaints_in_progress", "IN_PROGRESS"),
    [COMPLAINTS + HS_RESOLVED] = COMPLAINT("complaints_resolved", "RESOLVED"),
    [COMPLAINTS + HS_CLOSED] = COMPLAINT("complaints_closed", "CLOSED"),
    [COMPLAINTS + HS_ESCALATED] = COMPLAINT("complaints_escalated", "ESCALATED"),
};

static void add_booking(const struct hs_booking *booking, int64_t *sums) {
    sums[BOOKINGS + booking->status]++;
    sums[BOOKED + booking->payment] += booking->total;
    sums[SUBTOTAL] += booking->subtotal;
    sums[DISCOUNT] += booking->discount;
    sums[SGST] += booking->sgst;
    sums[CGST] += booking->cgst;
    sums[IGST] += booking->igst;
    sums[GST] += booking->gst;
    sums[CONVENIENCE] += booking->convenience;
    sums[TOTAL] += booking->total;
    sums[TOTAL_COMPLETED] += booking->status == HS_COMPLETED ? booking->total : 0;
    sums[PARTIAL] += booking->partial_amount;
    sums[REMAINING] += booking->remaining;
    for (unsigned i = 0; i < booking->item_count; i++) {
        sums[ITEM_QUANTITY] += booking->items[i].quantity;
        sums[ITEM_DISCOUNT] += booking->items[i].discount;
        sums[ITEM_FINAL] += booking->items[i].final;
    }
}

void hs_add_totals(const struct sg_world *world, uint16_t domain, uint64_t first, uint64_t end,
                   int64_t *sums) {
    struct hs_booking bookings[HS_BOOKINGS_MAX];
    struct hs_complaint complaints[HS_COMPLAINTS_MAX];
    struct hs_customer customer;
    struct hs_walk walk;
    if (domain != HS_CUSTOMER) return;
    hs_walk_start(&walk, world, first);
    while (walk.next < end) {
        hs_walk_next(&walk, &customer);
        hs_bookings_get(world, &customer, bookings);
        for (uint64_t k = 0; k < customer.count[HS_AT_BOOKINGS]; k++)
            add_booking(&bookings[k], sums);
        unsigned count = hs_complaints_get(world, &customer, complaints);
        for (unsigned k = 0; k < count; k++)
            sums[COMPLAINTS + complaints[k].status]++;
    }
}
