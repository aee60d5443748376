/* The sums that a plan of spendsense knows: balances, limits, and the monthly matters. What
 * purchases cost is drawn one by one and not known, only how many of each category there are. */
#include "datasets/spendsense/spendsense.h"
#include "model/total.h"

enum total {
    CHECKING, /* by enum ss_account_type */
    SAVINGS,
    HIGH_YIELD,
    OWED,
    CARD_LIMIT,
    ROWS, /* by enum ss_category */
    INTEREST = ROWS + SS_CATEGORY_COUNT,
    TRANSFERRED,
    TRANSFER_BALANCE,
    SUBSCRIBED,
    DEMO_USER, /* Hannah, Sam, Sarah */
    TOTALS = DEMO_USER + SS_DEMO_USERS
};
_Static_assert((int)TOTALS == (int)SS_TOTAL_COUNT, "every total is declared");

#define BALANCE(name_, type_)                                                                                \
    SG_TOTAL(name_, "cents", "accounts", "balance", "contract", SG_IS("account_type", type_))
#define CATEGORY(name_, label_) SG_ROWS(name_, "transactions", "contract", SG_IS("category", label_))

#define USER(name_, email_)                                                                                  \
    SG_ROWS(name_, "profiles", "seed 2", SG_IS_TEXT("email", email_), SG_IS("role", "consumer"))

const struct sg_statistic ss_totals[SS_TOTAL_COUNT] = {
    [CHECKING] = BALANCE("balance_checking", "checking"),
    [SAVINGS] = BALANCE("balance_savings", "savings"),
    [HIGH_YIELD] = BALANCE("balance_high_yield", "high_yield_savings"),
    [OWED] = BALANCE("balance_cards", "credit_card"),
    [CARD_LIMIT] = SG_TOTAL("card_limits", "cents", "accounts", "limit", "contract", SG_ALL),
    [ROWS + SS_FOOD] = CATEGORY("food_and_drink", "Food & Drink"),
    [ROWS + SS_SHOPPING] = CATEGORY("shopping", "Shopping"),
    [ROWS + SS_BILLS] = CATEGORY("bills", "Bills"),
    [ROWS + SS_DIGITAL] = CATEGORY("subscriptions", "Subscriptions"),
    [ROWS + SS_TRANSPORT] = CATEGORY("transportation", "Transportation"),
    [ROWS + SS_FUN] = CATEGORY("entertainment", "Entertainment"),
    [ROWS + SS_INTEREST] = CATEGORY("interest_charges", "Interest Charge"),
    [ROWS + SS_TRANSFER] = CATEGORY("transfers", "Transfer"),
    [INTEREST] = SG_TOTAL("interest", "cents", "transactions", "amount", "contract",
                          SG_IS("category", "Interest Charge")),
    [TRANSFERRED] = SG_TOTAL("transferred_out", "cents", "transactions", "amount", "contract",
                             SG_IS("category", "Transfer"), SG_IS_NEGATIVE("amount")),
    [TRANSFER_BALANCE] = SG_TOTAL("transferred_net", "cents", "transactions", "amount", "contract",
                                  SG_IS("category", "Transfer")),
    [SUBSCRIBED] = SG_TOTAL("subscribed", "cents", "transactions", "amount", "contract",
                            SG_IS_TEXT("merchant", SS_SERVICE_NAMES)),
    [DEMO_USER] = USER("hannah", "hannah@demo.com"),
    [DEMO_USER + 1] = USER("sam", "sam@demo.com"),
    [DEMO_USER + 2] = USER("sarah", "sarah@demo.com"),
};

static void add_user(const struct ss_user *user, int64_t *sums) {
    uint64_t counts[SS_CATEGORY_COUNT];
    ss_category_counts(user, counts);
    sums[CHECKING] += user->balance[SS_CHECKING];
    sums[CHECKING + user->savings_type] += user->balance[SS_SAVINGS];
    sums[OWED] += user->balance[SS_CARD];
    sums[CARD_LIMIT] += user->card_limit;
    for (int c = 0; c < SS_CATEGORY_COUNT; c++)
        sums[ROWS + c] += (int64_t)counts[c];
    sums[INTEREST] -= SS_MONTHS * user->interest;
    sums[TRANSFERRED] -= SS_MONTHS * user->transfer;
    for (uint32_t i = 0; i < user->service_count; i++)
        sums[SUBSCRIBED] -= SS_MONTHS * ss_services[user->services[i]].price;
    if (user->number < SS_DEMO_USERS) sums[DEMO_USER + user->number]++;
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
