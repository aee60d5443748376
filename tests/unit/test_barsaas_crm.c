/* HubSpot tables: counts, win rate, order of times, references and unique addresses at many sizes.
 * labels: quick */
#include "rows.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(declarations_hold),
        cmocka_unit_test(a_quarter_is_won),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
