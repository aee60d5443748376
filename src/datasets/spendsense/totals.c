/* The sums that a plan of spendsense knows: balances, limits, and the monthly matters. Purchases are drawn
 * one by one and not known. */
#include "datasets/spendsense/spendsense.h"
#include "model/total.h"

enum total {
    CHECKING, /* by enum ss_account_type */
    SAVINGS,
    HIGH_YIELD,
    OWED,
    CARD_LIMIT,
    INTEREST_ROWS,
    INTEREST,
    TRANSFER_ROWS,
    TRANSFERRED,
    TRANSFER_BALANCE,
    TOTALS
};
_Static_assert((int)TOTALS == (int)SS_TOTAL_COUNT, "every total is declared");

#define BALANCE(name_, type_)                                                                                \
    SG_TOTAL(name_, "cents", "accounts", "balance", "contract", SG_IS("account_type", type_))

const struct sg_statistic ss_totals[SS_TOTAL_COUNT] = {
    [CHECKING] = BALANCE("balance_checking", "checking"),
    [SAVINGS] = BALANCE("balance_savings", "savings"),
    [HIGH_YIELD] = BALANCE("balance_high_yield", "high_yield_savings"),
    [OWED] = BALANCE("balance_cards", "credit_card"),
    [CARD_LIMIT] = SG_TOTAL("card_limits", "cents", "accounts", "limit", "contract", SG_ALL),
    [INTEREST_ROWS] =
        SG_ROWS("interest_charges", "transactions", "contract", SG_IS("category", "Interest Charge")),
    [INTEREST] = SG_TOTAL("interest", "cents", "transactions", "amount", "contract",
                          SG_IS("category", "Interest Charge")),
    [TRANSFER_ROWS] = SG_ROWS("transfers", "transactions", "contract", SG_IS("category", "Transfer")),
    [TRANSFERRED] = SG_TOTAL("transferred_out", "cents", "transactions", "amount", "contract",
                             SG_IS("category", "Transfer"), SG_IS_NEGATIVE("amount")),
    [TRANSFER_BALANCE] = SG_TOTAL("transferred_net", "cents", "transactions", "amount", "contract",
                                  SG_IS("category", "Transfer")),
};

static void add_user(const struct ss_user *user, int64_t *sums) {
    sums[CHECKING] += user->balance[SS_CHECKING];
    sums[CHECKING + user->savings_type] += user->balance[SS_SAVINGS];
    sums[OWED] += user->balance[SS_CARD];
    sums[CARD_LIMIT] += user->card_limit;
    sums[INTEREST_ROWS] += user->interest ? SS_MONTHS : 0;
    sums[INTEREST] -= SS_MONTHS * user->interest;
    sums[TRANSFER_ROWS] += user->transfer ? 2 * SS_MONTHS : 0;
    sums[TRANSFERRED] -= SS_MONTHS * user->transfer;
}

void ss_add_totals(const struct sg_world *world, uint16_t domain, uint64_t first, uint64_t end,
                   int64_t *sums) {
    (void)domain;
    for (uint64_t number = first; number < end; number++) {
        struct ss_user user;
        ss_user_get(world, number, &user);
        add_user(&user, sums);
    }
}
