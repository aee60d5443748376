/* The sums that a plan of barsaas knows: declared once, and what each account, company and campaign adds.
 *
 * Money, deals, campaigns and touches are walked over, since their rows follow from a few draws each. Taps,
 * sessions and page views are never walked: only sums that the apportionment gives are here, so that poured
 * volume, which is drawn tap by tap, is not. */
#include "base/calendar.h"
#include "datasets/barsaas/billing.h"
#include "datasets/barsaas/crm.h"
#include "datasets/barsaas/iot.h"
#include "datasets/barsaas/marketing.h"
#include "datasets/barsaas/tables.h"
#include "model/total.h"

/* In the order of the enums that the classes are taken from: a class is added to the first of its totals. */
enum total {
    MRR_ACTIVE,
    MRR_ACTIVE_TIER, /* by enum bs_tier */
    MRR_LOST = MRR_ACTIVE_TIER + BS_TIER_COUNT,
    ACCOUNTS_ACTIVE,
    ACCOUNTS_LOST,
    EMPLOYEES,
    DEVICES_IN_SERVICE,
    DEVICES_STATUS,                                          /* by enum bs_device_status */
    SUBSCRIPTIONS = DEVICES_STATUS + BS_DEVICE_STATUS_COUNT, /* by enum bs_subscription_status */
    SUBSCRIPTION_MRR = SUBSCRIPTIONS + BS_SUB_STATUS_COUNT,
    SUBSCRIPTION_MRR_CURRENT,
    SUBSCRIPTION_MRR_PAYING,
    ITEM_QUANTITY,
    ITEM_AMOUNT,
    INVOICES_PAID,
    INVOICED,
    INVOICES_COLLECTED,
    INVOICED_PAID,
    INVOICED_OPEN,
    INVOICED_VOID,
    INVOICED_UNCOLLECTIBLE,
    CHARGES_SUCCEEDED,
    CHARGED,
    INTENTS_SUCCEEDED,
    INTENDED,
    RECEIVED,
    EVENTS_PAYMENT_FAILED,
    EVENTS_INVOICE_PAID,
    DEALS_WON,
    DEALS_LOST,
    DEALS_OPEN,
    WON,
    LOST,
    PIPELINE,
    ENGAGEMENTS_OF_DEALS,
    SPEND,
    SPEND_PLATFORM, /* by enum bs_platform */
    IMPRESSIONS = SPEND_PLATFORM + BS_PLATFORM_COUNT,
    CLICKS,
    AD_CONVERSIONS,
    PERFORMANCE_SPEND,
    PERFORMANCE_CLICKS,
    LEADS_OF_ACCOUNTS,
    LEAD_TOUCHES,
    CREDIT,
    CREDIT_CHANNEL,                                      /* by enum bs_channel */
    TOUCHES_CHANNEL = CREDIT_CHANNEL + BS_CHANNEL_COUNT, /* by enum bs_channel */
    SESSION_PAGES = TOUCHES_CHANNEL + BS_CHANNEL_COUNT,
    SESSION_FEATURES,
    HEALTH_EVENTS,
    HEALTH_OBSERVED,
    TOTALS
};
_Static_assert((int)TOTALS == (int)BS_TOTAL_COUNT, "every total is declared");

#define ACTIVE_TIER(name_, tier_)                                                                            \
    SG_TOTAL(name_, "cents", "accounts", "mrr", "seed 5", SG_IS_TRUE("is_active"),                           \
             SG_IS("subscription_tier", tier_))
#define IN_SERVICE(name_, status_)                                                                           \
    SG_ROWS(name_, "devices", "seed 8", SG_IS_TRUE("is_active"), SG_IS("status", status_))
#define SUBSCRIBED(name_, status_) SG_ROWS(name_, "subscriptions", "seed 9", SG_IS("status", status_))
#define BILLED(name_, status_)                                                                               \
    SG_TOTAL(name_, "cents", "stripe_invoices", "amount_due", "seed 14", SG_IS("status", status_))
#define SPENT(name_, platform_)                                                                              \
    SG_TOTAL(name_, "cents", "campaigns", "cost", "seed 22", SG_IS("platform", platform_))
#define CREDITED(name_, channel_)                                                                            \
    SG_TOTAL(name_, "ten-thousandths", "attribution_touchpoints", "attribution_credit", "seed 24",           \
             SG_IS("channel", channel_))
#define TOUCHED(name_, channel_)                                                                             \
    SG_ROWS(name_, "attribution_touchpoints", "seed 24", SG_IS("channel", channel_))

const struct sg_statistic bs_totals[BS_TOTAL_COUNT] = {
    [MRR_ACTIVE] = SG_TOTAL("mrr_active", "cents", "accounts", "mrr", "seed 5", SG_IS_TRUE("is_active")),
    [MRR_ACTIVE_TIER + BS_BASIC] = ACTIVE_TIER("mrr_active_basic", "Basic"),
    [MRR_ACTIVE_TIER + BS_PRO] = ACTIVE_TIER("mrr_active_pro", "Pro"),
    [MRR_ACTIVE_TIER + BS_ENTERPRISE] = ACTIVE_TIER("mrr_active_enterprise", "Enterprise"),
    [MRR_LOST] = SG_TOTAL("mrr_lost", "cents", "accounts", "mrr", "seed 9", SG_IS_FALSE("is_active")),
    [ACCOUNTS_ACTIVE] = SG_ROWS("accounts_active", "accounts", "seed 5", SG_IS_TRUE("is_active")),
    [ACCOUNTS_LOST] = SG_ROWS("accounts_lost", "accounts", "seed 9", SG_IS_FALSE("is_active")),
    [EMPLOYEES] = SG_TOTAL("employees", "persons", "accounts", "employee_count", "seed 5", SG_ALL),
    [DEVICES_IN_SERVICE] = SG_ROWS("devices_in_service", "devices", "seed 8", SG_IS_TRUE("is_active")),
    [DEVICES_STATUS + BS_ONLINE] = IN_SERVICE("devices_online", "online"),
    [DEVICES_STATUS + BS_OFFLINE] = IN_SERVICE("devices_offline", "offline"),
    [DEVICES_STATUS + BS_MAINTENANCE] = IN_SERVICE("devices_maintenance", "maintenance"),
    [SUBSCRIPTIONS + BS_SUB_ACTIVE] = SUBSCRIBED("subscriptions_active", "active"),
    [SUBSCRIPTIONS + BS_SUB_TRIAL] = SUBSCRIBED("subscriptions_trial", "trial"),
    [SUBSCRIPTIONS + BS_SUB_PENDING] = SUBSCRIBED("subscriptions_pending", "pending"),
    [SUBSCRIPTIONS + BS_SUB_CONVERTED] = SUBSCRIBED("subscriptions_converted", "converted"),
    [SUBSCRIPTIONS + BS_SUB_EXPIRED] = SUBSCRIBED("subscriptions_expired", "expired"),
    [SUBSCRIPTIONS + BS_SUB_SUPERSEDED] = SUBSCRIBED("subscriptions_superseded", "superseded"),
    [SUBSCRIPTIONS + BS_SUB_CHURNED] = SUBSCRIBED("subscriptions_churned", "churned"),
    [SUBSCRIPTION_MRR] = SG_TOTAL("subscription_mrr", "cents", "subscriptions", "mrr", "seed 9", SG_ALL),
    [SUBSCRIPTION_MRR_CURRENT] = SG_TOTAL("subscription_mrr_current", "cents", "subscriptions", "mrr",
                                          "seed 9", SG_IS("status", "active|trial|pending")),
    [SUBSCRIPTION_MRR_PAYING] =
        SG_TOTAL("mrr_paying", "cents", "subscriptions", "mrr", "seed 9", SG_IS("status", "active")),
    [ITEM_QUANTITY] =
        SG_TOTAL("item_quantity", "units", "stripe_subscription_items", "quantity", "seed 13", SG_ALL),
    [ITEM_AMOUNT] =
        SG_TOTAL("item_amount", "cents", "stripe_subscription_items", "amount", "seed 13", SG_ALL),
    [INVOICES_PAID] = SG_ROWS("invoices_paid", "stripe_invoices", "seed 14", SG_IS("status", "paid")),
    [INVOICED] = SG_TOTAL("invoiced", "cents", "stripe_invoices", "amount_due", "seed 14", SG_ALL),
    [INVOICES_COLLECTED] =
        SG_TOTAL("invoices_collected", "cents", "stripe_invoices", "amount_paid", "seed 14", SG_ALL),
    [INVOICED_PAID] = BILLED("invoiced_paid", "paid"),
    [INVOICED_OPEN] = BILLED("invoiced_open", "open|draft"),
    [INVOICED_VOID] = BILLED("invoiced_void", "void"),
    [INVOICED_UNCOLLECTIBLE] = BILLED("invoiced_uncollectible", "uncollectible"),
    [CHARGES_SUCCEEDED] =
        SG_ROWS("charges_succeeded", "stripe_charges", "seed 15", SG_IS("status", "succeeded")),
    [CHARGED] =
        SG_TOTAL("charged", "cents", "stripe_charges", "amount", "seed 15", SG_IS("status", "succeeded")),
    [INTENTS_SUCCEEDED] =
        SG_ROWS("intents_succeeded", "stripe_payment_intents", "seed 15", SG_IS("status", "succeeded")),
    [INTENDED] = SG_TOTAL("intended", "cents", "stripe_payment_intents", "amount", "seed 15", SG_ALL),
    [RECEIVED] =
        SG_TOTAL("received", "cents", "stripe_payment_intents", "amount_received", "seed 15", SG_ALL),
    [EVENTS_PAYMENT_FAILED] =
        SG_ROWS("events_payment_failed", "stripe_events", "seed 16", SG_IS("type", "invoice.payment_failed")),
    [EVENTS_INVOICE_PAID] =
        SG_ROWS("events_invoice_paid", "stripe_events", "seed 16", SG_IS("type", "invoice.paid")),
    [DEALS_WON] = SG_ROWS("deals_won", "hubspot_deals", "seed 19", SG_IS("stage", "closedwon")),
    [DEALS_LOST] = SG_ROWS("deals_lost", "hubspot_deals", "seed 19", SG_IS("stage", "closedlost")),
    [DEALS_OPEN] = SG_ROWS("deals_open", "hubspot_deals", "seed 19",
                           SG_IS("stage", "appointmentscheduled|qualifiedtobuy|presentationscheduled|"
                                          "decisionmakerboughtin|contractsent")),
    [WON] = SG_TOTAL("won", "cents", "hubspot_deals", "amount", "seed 19", SG_IS("stage", "closedwon")),
    [LOST] = SG_TOTAL("lost", "cents", "hubspot_deals", "amount", "seed 19", SG_IS("stage", "closedlost")),
    [PIPELINE] = SG_TOTAL("pipeline", "cents", "hubspot_deals", "amount", "seed 19",
                          SG_IS("stage", "appointmentscheduled|qualifiedtobuy|presentationscheduled|"
                                         "decisionmakerboughtin|contractsent")),
    [ENGAGEMENTS_OF_DEALS] =
        SG_TOTAL("engagements_of_deals", "rows", "hubspot_deals", "engagement_count", "seed 20", SG_ALL),
    [SPEND] = SG_TOTAL("spend", "cents", "campaigns", "cost", "seed 22", SG_ALL),
    [SPEND_PLATFORM + BS_ITERABLE] = SPENT("spend_iterable", "iterable"),
    [SPEND_PLATFORM + BS_LINKEDIN] = SPENT("spend_linkedin", "linkedin"),
    [SPEND_PLATFORM + BS_GOOGLE] = SPENT("spend_google", "google"),
    [SPEND_PLATFORM + BS_META] = SPENT("spend_meta", "meta"),
    [IMPRESSIONS] = SG_TOTAL("impressions", "views", "campaigns", "impressions", "seed 22", SG_ALL),
    [CLICKS] = SG_TOTAL("clicks", "clicks", "campaigns", "clicks", "seed 22", SG_ALL),
    [AD_CONVERSIONS] =
        SG_TOTAL("ad_conversions", "conversions", "campaigns", "conversions", "seed 22", SG_ALL),
    [PERFORMANCE_SPEND] =
        SG_TOTAL("performance_spend", "cents", "campaign_performance", "spend", "seed 23", SG_ALL),
    [PERFORMANCE_CLICKS] =
        SG_TOTAL("performance_clicks", "clicks", "campaign_performance", "clicks", "seed 23", SG_ALL),
    [LEADS_OF_ACCOUNTS] =
        SG_ROWS("leads_of_accounts", "marketing_qualified_leads", "seed 25", SG_IS_PRESENT("account_id")),
    [LEAD_TOUCHES] =
        SG_TOTAL("lead_touches", "rows", "marketing_qualified_leads", "touchpoint_count", "seed 25", SG_ALL),
    [CREDIT] = SG_TOTAL("attribution_credit", "ten-thousandths", "attribution_touchpoints",
                        "attribution_credit", "seed 24", SG_ALL),
    [CREDIT_CHANNEL + BS_ORGANIC] = CREDITED("credit_organic", "organic"),
    [CREDIT_CHANNEL + BS_PAID_SEARCH] = CREDITED("credit_paid_search", "paid_search"),
    [CREDIT_CHANNEL + BS_PAID_SOCIAL] = CREDITED("credit_paid_social", "paid_social"),
    [CREDIT_CHANNEL + BS_EMAIL] = CREDITED("credit_email", "email"),
    [CREDIT_CHANNEL + BS_DIRECT] = CREDITED("credit_direct", "direct"),
    [CREDIT_CHANNEL + BS_REFERRAL] = CREDITED("credit_referral", "referral"),
    [TOUCHES_CHANNEL + BS_ORGANIC] = TOUCHED("touches_organic", "organic"),
    [TOUCHES_CHANNEL + BS_PAID_SEARCH] = TOUCHED("touches_paid_search", "paid_search"),
    [TOUCHES_CHANNEL + BS_PAID_SOCIAL] = TOUCHED("touches_paid_social", "paid_social"),
    [TOUCHES_CHANNEL + BS_EMAIL] = TOUCHED("touches_email", "email"),
    [TOUCHES_CHANNEL + BS_DIRECT] = TOUCHED("touches_direct", "direct"),
    [TOUCHES_CHANNEL + BS_REFERRAL] = TOUCHED("touches_referral", "referral"),
    [SESSION_PAGES] =
        SG_TOTAL("session_page_views", "rows", "user_sessions", "page_views", "seed 28", SG_ALL),
    [SESSION_FEATURES] =
        SG_TOTAL("session_feature_events", "rows", "user_sessions", "feature_events", "seed 29", SG_ALL),
    [HEALTH_EVENTS] = SG_TOTAL("device_events", "rows", "device_health", "event_count", "seed 31", SG_ALL),
    [HEALTH_OBSERVED] =
        SG_TOTAL("device_observed", "seconds", "device_health", "observed_s", "seed 31", SG_ALL),
};

static void add_subscriptions(const struct bs_account *account, int64_t *sums) {
    for (int s = 0; s < account->sub_count; s++) {
        const struct bs_subscription *sub = &account->subs[s];
        sums[SUBSCRIPTIONS + sub->status]++;
        sums[SUBSCRIPTION_MRR] += sub->mrr_cents;
        if (sub->status <= BS_SUB_PENDING) sums[SUBSCRIPTION_MRR_CURRENT] += sub->mrr_cents;
        if (sub->status == BS_SUB_ACTIVE) sums[SUBSCRIPTION_MRR_PAYING] += sub->mrr_cents;
        sums[ITEM_AMOUNT] += bs_items_cents(sub);
        for (int i = 0; i < sub->item_count; i++)
            sums[ITEM_QUANTITY] += sub->items[i].quantity;
    }
}

static void add_devices(const struct sg_world *world, const struct bs_account *account, int64_t *sums) {
    for (unsigned k = 0; k < account->device_count; k++) {
        struct bs_device device;
        int32_t monday;
        int64_t from, to;
        bs_device_get(world, account, k, &device);
        if (device.active) sums[DEVICES_STATUS + device.status]++;
        sums[DEVICES_IN_SERVICE] += device.active;
        if (bs_health_weeks(world, &device, &monday, &from, &to)) sums[HEALTH_OBSERVED] += to - from;
    }
}

static void add_account(const struct sg_world *world, const struct bs_account *account, int64_t *sums) {
    if (account->lost) {
        sums[MRR_LOST] += account->mrr_cents;
    } else {
        sums[MRR_ACTIVE] += account->mrr_cents;
        sums[MRR_ACTIVE_TIER + account->tier] += account->mrr_cents;
    }
    sums[ACCOUNTS_ACTIVE] += !account->lost;
    sums[ACCOUNTS_LOST] += account->lost;
    sums[EMPLOYEES] += account->employees;
    add_subscriptions(account, sums);
    add_devices(world, account, sums);
}

static void add_bill(const struct bs_bill *bill, int64_t *sums) {
    static const uint8_t owed[BS_INVOICE_STATUS_COUNT] = {
        [BS_INVOICE_DRAFT] = INVOICED_OPEN,
        [BS_INVOICE_OPEN] = INVOICED_OPEN,
        [BS_INVOICE_PAID] = INVOICED_PAID,
        [BS_INVOICE_VOID] = INVOICED_VOID,
        [BS_INVOICE_UNCOLLECTIBLE] = INVOICED_UNCOLLECTIBLE,
    };
    static const uint8_t paid_rows[] = {INVOICES_PAID, CHARGES_SUCCEEDED, INTENTS_SUCCEEDED,
                                        EVENTS_INVOICE_PAID};
    static const uint8_t paid_cents[] = {INVOICES_COLLECTED, CHARGED, RECEIVED};
    sums[INVOICED] += bill->cents;
    sums[INTENDED] += bill->cents;
    sums[owed[bill->status]] += bill->cents;
    sums[EVENTS_PAYMENT_FAILED] += bill->failures;
    if (bill->status != BS_INVOICE_PAID) return;
    for (size_t i = 0; i < sizeof paid_rows; i++)
        sums[paid_rows[i]]++;
    for (size_t i = 0; i < sizeof paid_cents; i++)
        sums[paid_cents[i]] += bill->cents;
}

static int64_t rows_between(const struct sg_world *world, const struct bs_table_logic *table, uint64_t first,
                            uint64_t end) {
    return (int64_t)(table->rows_before(world, end) - table->rows_before(world, first));
}

static void add_accounts(const struct sg_world *world, uint64_t first, uint64_t end, int64_t *sums) {
    struct bs_billing_sums before = bs_billing_before(world, first);
    struct bs_ledger ledger;
    for (uint64_t unit = first; unit < end; unit++) {
        bs_ledger_get(world, unit, &before, &ledger);
        add_account(world, &ledger.account, sums);
        for (uint32_t i = 0; i < ledger.bill_count; i++)
            add_bill(&ledger.bills[i], sums);
        before = bs_ledger_after(world, &ledger);
    }
    sums[SESSION_PAGES] += rows_between(world, &bs_table_page_views, first, end);
    sums[SESSION_FEATURES] += rows_between(world, &bs_table_feature_usage, first, end);
    sums[HEALTH_EVENTS] += rows_between(world, &bs_table_tap_events, first, end);
}

static void add_deals(const struct sg_world *world, const struct bs_company *company, int64_t *sums) {
    uint64_t weight = company->engagement_weight_first;
    for (uint32_t k = 0; k < bs_deal_count(company); k++) {
        struct bs_deal deal;
        bs_deal_get(world, company, k, &weight, &deal);
        bool won = deal.stage == BS_STAGE_WON, lost = deal.stage == BS_STAGE_LOST;
        sums[won ? DEALS_WON : lost ? DEALS_LOST : DEALS_OPEN]++;
        sums[won ? WON : lost ? LOST : PIPELINE] += deal.amount_cents;
        sums[ENGAGEMENTS_OF_DEALS] += deal.engagements;
    }
}

static void add_leads(const struct sg_world *world, const struct bs_company *company, uint64_t *weight,
                      int64_t *sums) {
    for (uint32_t k = 0; k < company->mqls; k++) {
        struct bs_journey journey;
        bs_journey_get(world, company->mql_first + k, bs_mql_date(world, company, k), *weight, &journey);
        *weight += bs_journey_weight(world, journey.row);
        sums[LEADS_OF_ACCOUNTS] += company->customer;
        sums[LEAD_TOUCHES] += journey.touches;
        for (uint32_t i = 0; i < journey.touches; i++) {
            struct bs_touch touch;
            bs_touch_get(world, &journey, i, &touch);
            sums[CREDIT] += touch.credit;
            sums[CREDIT_CHANNEL + touch.channel] += touch.credit;
            sums[TOUCHES_CHANNEL + touch.channel]++;
        }
    }
}

static void add_companies(const struct sg_world *world, uint64_t first, uint64_t end, int64_t *sums) {
    struct bs_company_walk walk;
    uint64_t weight;
    bs_company_walk_to(&walk, world, first);
    sg_prefix_before(&world->marketing->touches, bs_mqls_before(world, first), &weight);
    while (walk.next < end) {
        struct bs_company company;
        bs_company_next(&walk, &company);
        add_deals(world, &company, sums);
        add_leads(world, &company, &weight, sums);
    }
}

static void add_campaigns(const struct sg_world *world, uint64_t first, uint64_t end, int64_t *sums) {
    for (uint64_t unit = first; unit < end; unit++) {
        struct bs_campaign campaign;
        bs_campaign_get(world, unit, &campaign);
        sums[SPEND] += campaign.spend_cents;
        sums[SPEND_PLATFORM + campaign.platform] += campaign.spend_cents;
        sums[IMPRESSIONS] += campaign.impressions;
        sums[CLICKS] += campaign.clicks;
        sums[AD_CONVERSIONS] += campaign.conversions;
        sums[PERFORMANCE_SPEND] += campaign.spend_cents;
        sums[PERFORMANCE_CLICKS] += campaign.clicks;
    }
}

void bs_add_totals(const struct sg_world *world, uint16_t domain, uint64_t first, uint64_t end,
                   int64_t *sums) {
    if (domain == BS_ACCOUNT)
        add_accounts(world, first, end, sums);
    else if (domain == BS_COMPANY)
        add_companies(world, first, end, sums);
    else if (domain == BS_CAMPAIGN)
        add_campaigns(world, first, end, sums);
}
