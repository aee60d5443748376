/* The sums that a plan of cardholders knows: people and limits, and what the account months are planned to
 * spend, which the approved transactions of a month make to the cent. Declined amounts are drawn row by row
 * and not known. */
#include "datasets/cardholders/cardholders.h"
#include "model/total.h"

enum total {
    SEGMENT,                              /* by enum ch_segment */
    GRADUAL = SEGMENT + CH_SEGMENT_COUNT, /* by enum ch_decline */
    SUDDEN,
    PREMIUM,
    CREDIT_LIMIT,
    CREDIT_LIMIT_PREMIUM,
    APPROVED,
    TOTALS
};
_Static_assert((int)TOTALS == (int)CH_TOTAL_COUNT, "every total is declared");

#define SEGMENT_ROWS(name_, label_) SG_ROWS(name_, "customers", "seed", SG_IS("customer_segment", label_))
#define DECLINE_ROWS(name_, label_) SG_ROWS(name_, "customers", "seed", SG_IS("decline_type", label_))

const struct sg_statistic ch_totals[CH_TOTAL_COUNT] = {
    [SEGMENT + CH_TRAVELER] = SEGMENT_ROWS("high_value_travelers", "High-Value Travelers"),
    [SEGMENT + CH_STABLE] = SEGMENT_ROWS("stable_mid_spenders", "Stable Mid-Spenders"),
    [SEGMENT + CH_BUDGET] = SEGMENT_ROWS("budget_conscious", "Budget-Conscious"),
    [SEGMENT + CH_DECLINING] = SEGMENT_ROWS("declining", "Declining"),
    [SEGMENT + CH_NEW] = SEGMENT_ROWS("new_and_growing", "New & Growing"),
    [GRADUAL] = DECLINE_ROWS("declining_gradually", "gradual"),
    [SUDDEN] = DECLINE_ROWS("declining_suddenly", "sudden"),
    [PREMIUM] = SG_ROWS("premium_cards", "customers", "seed", SG_IS("card_type", "Premium")),
    [CREDIT_LIMIT] = SG_TOTAL("credit_limit", "dollars", "customers", "credit_limit", "seed", SG_ALL),
    [CREDIT_LIMIT_PREMIUM] = SG_TOTAL("credit_limit_premium", "dollars", "customers", "credit_limit", "seed",
                                      SG_IS("card_type", "Premium")),
    [APPROVED] = SG_TOTAL("approved", "cents", "transactions", "transaction_amount", "seed",
                          SG_IS("status", "approved")),
};

static void add_customer(const struct sg_world *world, const struct ch_customer *customer, uint64_t rows,
                         int64_t *sums) {
    struct ch_month months[CH_MONTHS];
    int64_t limit = ch_credit_limit(world, customer);
    sums[SEGMENT + customer->segment]++;
    if (customer->decline != CH_NO_DECLINE) sums[GRADUAL + customer->decline]++;
    sums[PREMIUM] += customer->premium;
    sums[CREDIT_LIMIT] += limit;
    sums[CREDIT_LIMIT_PREMIUM] += customer->premium ? limit : 0;
    unsigned count = ch_months_plan(world, customer, rows, months);
    for (unsigned k = 0; k < count; k++)
        sums[APPROVED] += months[k].count ? months[k].budget_cents : 0;
}

void ch_add_totals(const struct sg_world *world, uint16_t domain, uint64_t first, uint64_t end,
                   int64_t *sums) {
    uint64_t weight, total = sg_prefix_total(&world->weights, 0);
    (void)domain;
    sg_prefix_before(&world->weights, first, &weight);
    for (uint64_t number = first; number < end; number++) {
        struct ch_customer customer;
        ch_customer_get(world, number, &customer);
        uint64_t row = sg_share(world->transactions, weight, total);
        weight += customer.weight;
        add_customer(world, &customer, sg_share(world->transactions, weight, total) - row, sums);
    }
}
