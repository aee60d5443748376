/* What homeservices simplifies and how it reads its seed; the catalog prints it. */
#include "datasets/homeservices/tables.h"

const char *const hs_notes[] = {
    "Operations staff grow with customers as all else does: one for two customers, 50 for the seed's 100.",
    "All addresses of a customer lie in one zone, three PIN codes of one city, and every provider of the "
    "zone "
    "serves all three; customers are spread over zones in proportion to their active and verified providers.",
    "IGST occurs between twin cities on both sides of a state border: Delhi and Gurugram, Noida and "
    "Faridabad, Chandigarh and Mohali. Below about 30 customers these may have no provider who crosses it.",
    "Every item has a provider, pending ones the one who was asked; total_bookings counts items of any "
    "status.",
    "Providers and staff registered in the year before the first customer, and customers signed up at least "
    "ten days before the as-of date, so that whatever they do lies after.",
    "scheduled_time_from and scheduled_time_to are instants in UTC, not times of the day.",
    "The payment quotas 80/15/5 leave no booking REFUNDED: a cancelled booking that was paid stays PAID and "
    "its items are REFUND. No item is IN_PROGRESS at midnight UTC, and no complaint is ESCALATED.",
    "A complaint withdrawn by the customer is CLOSED with a resolution, but was neither assigned nor "
    "resolved "
    "by anyone. At most one complaint concerns a booking.",
    "When the number of conversation rows is odd, the last question waits for its answer.",
    "That a provider's PIN codes include that of the address is not among the rules that verify proves; the "
    "tests of the generator check it row by row.",
    NULL,
};
