/* For the catalog: what was simplified or settled. */
#include "datasets/cardholders/cardholders.h"

const char *const ch_notes[] = {
    "Segments are quotas in the order of the demands: every share rounded down, New & Growing takes the "
    "remainder. So the smallest portfolios hold New & Growing only, with 270 transactions each.",
    "A Premium card has p = .30 in High-Value Travelers: an exact quota of 30 %, as are the 70 % of the "
    "Declining that decline gradually.",
    "An account month lies between two anniversaries of the as-of date, for New & Growing of the opening "
    "day. "
    "Approved amounts of a month sum to its planned budget to the cent; declined ones come on top.",
    "Base rates keep away from the ends of the segment's range, so that spending lies in it however months "
    "are cut, save for single large tickets at the edge of a cut.",
    "New & Growing accounts are at least 30 days old, so that each has one full month; they grow 5 % from "
    "one "
    "account month to the next.",
    "transaction_date is the clock at the merchant, written as if it were UTC; customers do not travel "
    "between "
    "zones.",
    "Merchants are invented, 24 to a category, and the same everywhere; people keep to three favourites of "
    "each category.",
    "There are no refunds, fees or payments, and no seasons in monthly spending: seasons move transactions "
    "within a month only.",
    "E-mail addresses are first.last at one of eight providers; namesakes with the same provider share one.",
    NULL,
};
