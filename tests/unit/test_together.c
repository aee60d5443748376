/* Planning together: members of a team, here threads, leave with the sums and the world that one process
 * would make. labels: quick */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "datasets/barsaas/billing.h"
#include "datasets/barsaas/marketing.h"
#include "datasets/barsaas/tables.h"
#include "datasets/registry.h"
#include "partition/sweep.h"

enum { MEMBERS_MAX = 5 };

/* What members see of each other. */
struct meeting {
    int members;
    pthread_barrier_t barrier;
    enum sg_code codes[MEMBERS_MAX];
    uint64_t *values[MEMBERS_MAX];
    const void *bytes[MEMBERS_MAX];
    size_t sizes[MEMBERS_MAX];
};

struct member {
    struct meeting *meeting;
    int rank;
    const void *task;
    void *result;
    struct sg_error err;
    enum sg_code code;
};

static enum sg_code agree(void *context, enum sg_code code, struct sg_error *err) {
    struct member *me = context;
    struct meeting *meeting = me->meeting;
    (void)err;
    meeting->codes[me->rank] = code;
    pthread_barrier_wait(&meeting->barrier);
    for (int r = meeting->members; r-- > 0;)
        if (meeting->codes[r] != SG_OK) code = meeting->codes[r];
    pthread_barrier_wait(&meeting->barrier);
    return code;
}

static void sum(void *context, uint64_t *values, size_t count) {
    struct member *me = context;
    struct meeting *meeting = me->meeting;
    uint64_t *own = malloc(count * sizeof *own);
    memcpy(own, values, count * sizeof *own);
    meeting->values[me->rank] = own;
    pthread_barrier_wait(&meeting->barrier);
    memset(values, 0, count * sizeof *values);
    for (int r = 0; r < meeting->members; r++)
        for (size_t i = 0; i < count; i++)
            values[i] += meeting->values[r][i];
    pthread_barrier_wait(&meeting->barrier);
    free(own);
}

static enum sg_code share(void *context, enum sg_code code, const void *bytes, size_t size, void **all,
                          size_t *starts, struct sg_error *err) {
    struct member *me = context;
    struct meeting *meeting = me->meeting;
    *all = NULL;
    SG_TRY(agree(context, code, err));
    meeting->bytes[me->rank] = bytes;
    meeting->sizes[me->rank] = size;
    pthread_barrier_wait(&meeting->barrier);
    starts[0] = 0;
    for (int r = 0; r < meeting->members; r++)
        starts[r + 1] = starts[r] + meeting->sizes[r];
    *all = malloc(starts[meeting->members] + 1);
    for (int r = 0; r < meeting->members; r++)
        memcpy((char *)*all + starts[r], meeting->bytes[r], meeting->sizes[r]);
    pthread_barrier_wait(&meeting->barrier);
    return SG_OK;
}

static struct sg_team team_of(struct member *me) {
    return (struct sg_team){me->rank, me->meeting->members, 0, me, sum, share, agree};
}

/* Runs `act` as every member of a team. */
static void meet(struct member *members, int count, const void *task, void *(*act)(void *)) {
    struct meeting meeting = {.members = count};
    pthread_t threads[MEMBERS_MAX];
    pthread_barrier_init(&meeting.barrier, NULL, (unsigned)count);
    for (int r = 0; r < count; r++) {
        members[r] = (struct member){.meeting = &meeting, .rank = r, .task = task};
        assert_int_equal(pthread_create(&threads[r], NULL, act, &members[r]), 0);
    }
    for (int r = 0; r < count; r++)
        pthread_join(threads[r], NULL);
    pthread_barrier_destroy(&meeting.barrier);
}

struct sweep {
    uint64_t units;
    uint32_t block_units;
    int fails; /* member without memory, -1 = none */
    uint64_t light_from;
};

enum { FIELDS = 3 };

static void add(const void *context, uint64_t first, uint64_t end, uint64_t *sums) {
    (void)context;
    for (uint64_t unit = first; unit < end; unit++) {
        sums[0] += unit % 3;
        sums[1] += unit * unit * unit * 1000003; /* needs many bytes */
        sums[2] += 127 + unit % 2;
    }
}

static void *sweep(void *argument) {
    struct member *me = argument;
    const struct sweep *task = me->task;
    struct sg_team team = team_of(me);
    uint64_t *rows = NULL, totals[FIELDS];
    team.light_from = task->light_from;
    if (me->rank == task->fails)
        me->code = sg_team_agree(&team, sg_fail(&me->err, SG_SYSTEM, "no memory"), &me->err);
    else
        me->code = sg_sweep_blocks(&team, task->units, task->block_units, FIELDS, add, NULL, &rows, &me->err);
    if (me->code != SG_OK) return NULL;
    me->code = sg_sweep_total(&team, task->units, task->block_units, FIELDS, add, NULL, totals, &me->err);
    uint64_t last = sg_sweep_rows(task->units, task->block_units) - 1;
    if (memcmp(rows + last * FIELDS, totals, sizeof totals) != 0) me->code = SG_INTERNAL;
    me->result = rows;
    return NULL;
}

static void members_leave_with_the_sums_of_all(void **state) {
    (void)state;
    static const struct sweep tasks[] = {{0, 1, -1, 0},     {1, 1, -1, 0},     {2, 4, -1, 0},
                                         {63, 64, -1, 0},   {64, 64, -1, 0},   {1000, 7, -1, 0},
                                         {5000, 1, -1, 0},  {9001, 64, -1, 0}, {5000, 1, -1, 4000},
                                         {9001, 64, -1, 1}, {700, 8, -1, 700}};
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
        const struct sweep *task = &tasks[i];
        uint64_t *alone, rows = sg_sweep_rows(task->units, task->block_units);
        assert_int_equal(
            sg_sweep_blocks(NULL, task->units, task->block_units, FIELDS, add, NULL, &alone, NULL), SG_OK);
        for (uint64_t row = 0; row + 1 < rows; row++) {
            uint64_t expected[FIELDS] = {0};
            add(NULL, 0, row * task->block_units, expected);
            assert_memory_equal(alone + row * FIELDS, expected, sizeof expected);
        }
        for (int count = 1; count <= MEMBERS_MAX; count++) {
            struct member members[MEMBERS_MAX];
            meet(members, count, task, sweep);
            for (int r = 0; r < count; r++) {
                assert_int_equal(members[r].code, SG_OK);
                assert_memory_equal(members[r].result, alone, rows * FIELDS * sizeof *alone);
                free(members[r].result);
            }
        }
        free(alone);
    }
}

static void all_members_fail_with_the_one_that_does(void **state) {
    (void)state;
    struct sweep task = {5000, 4, 1, 0};
    struct member members[3];
    meet(members, 3, &task, sweep);
    for (int r = 0; r < 3; r++) {
        assert_int_equal(members[r].code, SG_SYSTEM);
        assert_null(members[r].result);
    }
}

struct opening {
    const char *dataset;
    struct sg_run run;
};

static void *open_world(void *argument) {
    struct member *me = argument;
    const struct opening *task = me->task;
    struct sg_team team = team_of(me);
    struct sg_world *world = NULL;
    me->code = sg_dataset_find(task->dataset)->world_open_together(&task->run, &team, &world, &me->err);
    me->result = world;
    return NULL;
}

static void assert_same_rows(const struct sg_dataset *dataset, const struct sg_world *a,
                             const struct sg_world *b) {
    for (uint16_t table = 0; table < dataset->table_count; table++) {
        uint64_t units = dataset->unit_count(a, dataset->tables[table]->domain);
        assert_int_equal(dataset->unit_count(b, dataset->tables[table]->domain), units);
        for (uint64_t unit = 0; unit <= units; unit += 1 + units / 5000)
            if (dataset->rows_before(a, table, unit) != dataset->rows_before(b, table, unit))
                fail_msg("%s differs before unit %llu", dataset->tables[table]->name,
                         (unsigned long long)unit);
    }
}

/* What campaigns ran on each day, which members divide by days. */
static void assert_same_calendar(const struct sg_world *a, const struct sg_world *b) {
    size_t days = (size_t)BS_PLATFORM_COUNT * BS_HISTORY_DAYS;
    assert_memory_equal(a->marketing->running, b->marketing->running, days * sizeof *a->marketing->running);
}

static void a_world_opened_together_is_the_world_opened_alone(void **state) {
    (void)state;
    static const struct opening openings[] = {
        {"barsaas", {.seed = 7, .as_of_day = 20777, .units = 4500}},
        {"homeservices", {.seed = 7, .as_of_day = 20777, .units = 20001}},
        {"cardholders", {.seed = 7, .as_of_day = 20777, .units = 100100}},
    };
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        const struct opening *opening = &openings[i];
        const struct sg_dataset *dataset = sg_dataset_find(opening->dataset);
        struct sg_world *alone;
        assert_int_equal(dataset->world_open(&opening->run, &alone, NULL), SG_OK);
        struct member members[3];
        meet(members, 3, opening, open_world);
        for (int r = 0; r < 3; r++) {
            if (members[r].code != SG_OK) fail_msg("member %d: %s", r, members[r].err.text);
            assert_same_rows(dataset, alone, members[r].result);
            if (dataset == &bs_dataset) assert_same_calendar(alone, members[r].result);
            dataset->world_close(members[r].result);
        }
        dataset->world_close(alone);
    }
}

/* Counting invoices without making them gives what their ledgers hold. */
static void counted_bills_are_those_of_the_ledgers(void **state) {
    (void)state;
    const struct sg_run run = {.seed = 7, .as_of_day = 20777, .units = 4500};
    struct sg_world *world;
    assert_int_equal(bs_dataset.world_open(&run, &world, NULL), SG_OK);
    struct bs_billing_sums sums = {0};
    struct bs_ledger ledger;
    for (uint64_t number = 0; number < world->accounts; number++) {
        struct bs_billing_sums planned = bs_billing_before(world, number);
        assert_memory_equal(&planned, &sums, sizeof sums);
        bs_ledger_get(world, number, &sums, &ledger);
        sums = bs_ledger_after(world, &ledger);
    }
    assert_memory_equal(&world->billing->total, &sums, sizeof sums);
    bs_dataset.world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_leave_with_the_sums_of_all),
        cmocka_unit_test(all_members_fail_with_the_one_that_does),
        cmocka_unit_test(a_world_opened_together_is_the_world_opened_alone),
        cmocka_unit_test(counted_bills_are_those_of_the_ledgers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
