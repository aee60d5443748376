/* HubSpot tables: counts, win rate, order of times, references and unique addresses at many sizes.
 * labels: quick */
#include "rows.h"

#include <stdio.h>

#include "datasets/barsaas/crm.h"
#include "datasets/barsaas/tables.h"

struct size {
    uint64_t accounts, seed;
    int32_t as_of_day;
};

static const struct size sizes[] = {{1, 42, 20000}, {2, 42, 20000},   {3, 7, 20000},    {5, 1, 19999},
                                    {17, 3, 20100}, {100, 42, 20400}, {1000, 5, 20400}, {10000, 42, 20400}};
enum { SIZES = sizeof sizes / sizeof *sizes };

static struct sg_world *open_world(const struct size *size) {
    struct sg_run run = {.seed = size->seed, .as_of_day = size->as_of_day, .units = size->accounts};
    struct sg_world *world;
    struct sg_error err = {0};
    if (bs_dataset.world_open(&run, &world, &err) != SG_OK) fail_msg("%s", err.text);
    return world;
}

static void declarations_hold(void **state) {
    (void)state;
    const int tables[] = {BS_HUBSPOT_OWNERS, BS_HUBSPOT_COMPANIES,   BS_HUBSPOT_CONTACTS,
                          BS_HUBSPOT_DEALS,  BS_HUBSPOT_ENGAGEMENTS, BS_HUBSPOT_TICKETS};
    for (size_t i = 0; i < SIZES; i++) {
        struct sg_world *world = open_world(&sizes[i]);
        for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
            rows_check(&bs_dataset, world, tables[t], world->as_of);
        bs_dataset.world_close(world);
    }
}

/* A quarter of the closed deals is won (rounded), at most one an account, and never by a failed trial. */
static void a_quarter_is_won(void **state) {
    (void)state;
    for (size_t i = 0; i < SIZES; i++) {
        struct sg_world *world = open_world(&sizes[i]);
        uint64_t won = 0, lost = 0, open = 0, eligible = 0;
        struct bs_company_walk walk;
        bs_company_walk_to(&walk, world, 0);
        while (walk.next < world->sizes.companies) {
            struct bs_company c;
            bs_company_next(&walk, &c);
            bool may = c.customer && bs_first_paid(&c.account) < world->as_of;
            assert_true(c.won <= may && (!c.open || !c.customer || !c.account.lost));
            assert_true(c.contacts >= 1 && c.mqls <= c.contacts);
            eligible += may;
            won += c.won;
            lost += c.lost;
            open += c.open;
        }
        assert_int_equal(won + lost + open, world->sizes.rows[BS_HUBSPOT_DEALS]);
        uint64_t quarter = (won + lost + 2) / 4;
        assert_int_equal(won, quarter < eligible ? quarter : eligible);
        if (sizes[i].accounts >= 100) assert_int_equal(won, quarter);
        bs_dataset.world_close(world);
    }
}

/* Tickets of accounts with devices down and of the others: more of them for the time lived, less satisfied.
 */
static void downtime_moves_tickets_and_satisfaction(void **state) {
    (void)state;
    struct sg_world *world = open_world(&(struct size){10000, 42, 20400});
    struct rows tickets = rows_of(&bs_dataset, world, BS_HUBSPOT_TICKETS);
    double rated[2] = {0}, sum[2] = {0}, asked[2] = {0}, lived[2] = {0};
    bool *down = calloc(world->accounts, 1);
    for (uint64_t n = 0; n < world->accounts; n++) {
        struct bs_account account;
        bs_account_get(world, n, &account);
        for (unsigned k = 0; !account.lost && k < account.device_count; k++) {
            struct bs_device device;
            bs_device_get(world, &account, k, &device);
            down[n] |= device.status != BS_ONLINE;
        }
        lived[down[n]] += (double)(account.end - account.created) * account.device_count;
    }
    for (uint64_t r = 0; r < tickets.count; r++) {
        bool d = down[rows_values(&tickets, "account_id")[r] - 1];
        asked[d]++;
        if (rows_nulls(&tickets, "satisfaction_rating")[r]) continue;
        rated[d]++;
        sum[d] += (double)rows_values(&tickets, "satisfaction_rating")[r];
    }
    assert_true(sum[1] / rated[1] < sum[0] / rated[0] - 0.2);
    assert_true(asked[1] / lived[1] > 1.3 * asked[0] / lived[0]);
    free(down);
    rows_free(&tickets);
    bs_dataset.world_close(world);
}

/* A won deal closes when its account begins to pay and is worth a year of its MRR. */
static void won_deals_fit_their_account(void **state) {
    (void)state;
    struct sg_world *world = open_world(&(struct size){1000, 42, 20400});
    struct bs_company_walk walk;
    bs_company_walk_to(&walk, world, 0);
    while (walk.next < world->accounts) {
        struct bs_company c;
        bs_company_next(&walk, &c);
        uint64_t weight = c.engagement_weight_first;
        for (uint32_t k = 0; k < bs_deal_count(&c); k++) {
            struct bs_deal deal;
            bs_deal_get(world, &c, k, &weight, &deal);
            assert_int_equal(deal.stage == BS_STAGE_WON, k == c.lost && c.won);
            if (deal.stage != BS_STAGE_WON) continue;
            assert_int_equal(deal.amount_cents, c.account.mrr_cents * 12);
            assert_int_equal(deal.end, bs_first_paid(&c.account));
            assert_in_range(deal.end - c.account.created, 0, 40 * 86400);
        }
    }
    bs_dataset.world_close(world);
}

/* JSON that readers cast is there and well formed: balanced quotes, braces at both ends, needed keys. */
static void properties_hold_what_readers_cast(void **state) {
    (void)state;
    const struct {
        int table;
        const char *column, *keys[12];
    } expect[] = {
        {BS_HUBSPOT_COMPANIES,
         "properties",
         {"numberofemployees", "num_associated_deals", "hs_analytics_num_page_views",
          "hs_analytics_num_visits", "annualrevenue", "total_revenue", "createdate", "hs_lastmodifieddate",
          "hs_analytics_first_visit_timestamp", "hs_analytics_last_visit_timestamp", "lifecyclestage"}},
        {BS_HUBSPOT_CONTACTS,
         "properties",
         {"hubspotscore", "hs_lead_score", "hs_email_optout", "hs_email_bounce", "hs_sequences_is_enrolled",
          "firstname", "lastname", "email"}},
        {BS_HUBSPOT_DEALS,
         "properties",
         {"dealname", "amount", "dealstage", "hs_deal_stage_probability", "num_notes"}},
        {BS_HUBSPOT_ENGAGEMENTS, "metadata", {NULL}},
        {BS_HUBSPOT_TICKETS, "properties", {"subject", "content", "hs_pipeline_stage", "hs_ticket_priority"}},
    };
    struct sg_world *world = open_world(&(struct size){100, 42, 20400});
    for (size_t t = 0; t < sizeof expect / sizeof *expect; t++) {
        struct rows rows = rows_of(&bs_dataset, world, expect[t].table);
        for (uint64_t r = 0; r < rows.count; r++) {
            const char *text = rows_text(&rows, expect[t].column, r);
            size_t length = strlen(text), quotes = 0;
            for (size_t i = 0; i < length; i++)
                quotes += text[i] == '"' && text[i - 1] != '\\';
            assert_true(quotes % 4 == 0 || expect[t].table == BS_HUBSPOT_ENGAGEMENTS);
            assert_true(quotes % 2 == 0 && text[0] == '{' && text[length - 1] == '}');
            for (int k = 0; expect[t].keys[k]; k++) {
                char key[80];
                snprintf(key, sizeof key, "\"%s\":\"", expect[t].keys[k]);
                if (!strstr(text, key)) fail_msg("%s lacks %s", text, key);
            }
        }
        rows_free(&rows);
    }
    bs_dataset.world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(declarations_hold),
        cmocka_unit_test(a_quarter_is_won),
        cmocka_unit_test(won_deals_fit_their_account),
        cmocka_unit_test(downtime_moves_tickets_and_satisfaction),
        cmocka_unit_test(properties_hold_what_readers_cast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
