/* What the catalog says of barsaas beyond its declarations: simplifications, and exact figures of a plan. */
#include "datasets/barsaas/crm.h"
#include "datasets/barsaas/tables.h"

const char *const bs_notes[] = {
    "Row counts win over ratios. \"About 5,000 tap events per device\" (dev) cannot hold with 500,000 events "
    "of 450 devices, which is 1,111 each: it is 5,000 per account. qa and production have 1,111 per device.",
    "At most one location of an account is its Main one, and 40 % of locations are Main: there are fewer "
    "Main locations than accounts, and the rest of the accounts have branches or franchises only.",
    "At most one user of an account is its Admin until every account has one; with 10 % of users that leaves "
    "most accounts to managers.",
    "Not every account has a won deal: the others signed up by themselves. Won deals are a quarter of the "
    "closed ones.",
    "A lost account keeps its tier and last MRR with is_active false; its devices are offline and not "
    "active, without events after the end. The quota 85/10/5 of device status holds exactly over the devices "
    "of accounts not lost.",
    "Churn is paying accounts lost within a year over those paying at its start, 10 %. A failed trial is not "
    "churn, though the account's status shows churned for both.",
    "MRR is never drawn: it is the sum of unit price times quantity over the items of the current "
    "subscription, yearly prices by twelve.",
    "stripe_invoices holds each subscription's latest consecutive periods, apportioned to the exact total; "
    "earlier ones count as archived.",
    "Stripe events tell every creation, finalization, payment, failure and end once; customer.updated and "
    "customer.subscription.updated fill up to the exact count.",
    "HubSpot owners (the larger of 50 and a hundredth of the companies) and payment intents (one per "
    "invoice) have no count in the demands and are chosen here.",
    "The mean number of touches of a journey follows from the exact counts (75 in dev, 37.5 above) and is "
    "far higher than in practice.",
    "Conversion is becoming a marketing qualified lead: every touchpoint belongs to one and precedes its "
    "date.",
    "google_analytics_sessions is session-grained here; the raw relation of that name is its daily roll-up.",
    "device_health has a row for each device and ISO week in which the device lived within the last 365 "
    "days; its row count therefore depends slightly on seed and as-of date.",
    "Tap events and device health span the last 365 days, everything else five years.",
    "Company names and people are invented; cities, states, zip prefixes and time zones are real and belong "
    "together.",
    NULL,
};

static uint64_t count_accounts(const struct sg_world *world, bool (*test)(const struct bs_account *account)) {
    uint64_t count = 0;
    struct bs_account account;
    for (uint64_t i = 0; i < world->accounts; i++) {
        bs_account_get(world, i, &account);
        count += test(&account);
    }
    return count;
}

static bool failed_trial(const struct bs_account *account) {
    return account->failed_trial;
}

static bool lacks_main(const struct bs_account *account) {
    for (unsigned i = 0; i < account->location_count; i++)
        if (account->locations[i].type == BS_MAIN) return false;
    return true;
}

static bool lacks_admin(const struct bs_account *account) {
    return account->admin_count == 0;
}

static uint64_t failed_trials(const struct sg_world *world) {
    return count_accounts(world, failed_trial);
}

static uint64_t without_main(const struct sg_world *world) {
    return count_accounts(world, lacks_main);
}

static uint64_t without_admin(const struct sg_world *world) {
    return count_accounts(world, lacks_admin);
}

static uint64_t without_won_deal(const struct sg_world *world) {
    return world->accounts - world->crm->deals_won;
}

const struct sg_figure bs_figures[] = {
    {"accounts whose trial failed", failed_trials},
    {"accounts without a Main location", without_main},
    {"accounts without an Admin", without_admin},
    {"accounts without a won deal", without_won_deal},
    {NULL, NULL},
};
