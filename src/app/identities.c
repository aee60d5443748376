/* Persons of a run in a Cognito user pool: finding and creating them. Keys and states are arrays over the
 * first root entities; they are all that is kept of a person. */
#include "app/identities.h"

#include <inttypes.h>
#include <omp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "app/identity_settings.h"
#include "base/checked.h"

enum { PASSWORD_BYTES = 24, CLIENTS_MAX = 8, USERS_A_CLIENT = 16 };

struct sg_identities {
    uint64_t count;
    struct sg_key128 *keys;
    uint8_t *states; /* enum sg_cognito_state, as found; rank 0 */
    struct sg_identity_settings settings;
    struct sg_cognito *clients[CLIENTS_MAX]; /* a connection each, for as many threads */
    int client_count;
    uint64_t created, finished, locked;
};

/* How many root entities get keys: 0 without a pool. */
static enum sg_code count_persons(const struct sg_options *options, uint64_t *count, struct sg_error *err) {
    const struct sg_dataset *dataset = options->dataset;
    *count = 0;
    if (options->cognito_all && !dataset->person)
        return sg_fail(err, SG_USAGE, "--cognito-all: %s has no users that Cognito could know",
                       dataset->name);
    if (!dataset->person) return SG_OK;
    if (!sg_identity_pool()) {
        if (!options->cognito_all) return SG_OK;
        return sg_fail(err, SG_USAGE, "--cognito-all needs the user pool in COGNITO_USER_POOL_ID");
    }
    uint64_t units = options->run.units;
    *count = options->cognito_all || units < dataset->persons ? units : dataset->persons;
    return SG_OK;
}

static enum sg_code allocate(struct sg_job *job, uint64_t count, struct sg_error *err) {
    struct sg_identities *all = job->identities = calloc(1, sizeof *all);
    if (all) {
        all->count = count;
        all->keys = calloc(count + 1, sizeof *all->keys);
        all->states = calloc(count + 1, sizeof *all->states);
        if (all->keys && all->states) return SG_OK;
    }
    return sg_fail(err, SG_SYSTEM, "no memory for %" PRIu64 " identities", count);
}

/* What is done about one person, by a client of its own thread. */
typedef enum sg_code task_fn(struct sg_job *job, struct sg_cognito *cognito, const struct sg_run *run,
                             uint64_t i, struct sg_error *err);

/* Does something about every person, a few at a time where there are many. Stops early at a failure, of which
 * the first is told. */
static enum sg_code for_all(struct sg_job *job, const struct sg_run *run, task_fn *task,
                            struct sg_error *err) {
    struct sg_identities *all = job->identities;
    atomic_bool failed = false;
    enum sg_code code = SG_OK;
#pragma omp parallel for schedule(dynamic) num_threads(all->client_count)
    for (uint64_t i = 0; i < all->count; i++) {
        struct sg_error why = {0};
        if (atomic_load(&failed)) continue;
        enum sg_code result = sg_stop_requested()
                                  ? sg_stopped(job, &why)
                                  : task(job, all->clients[omp_get_thread_num()], run, i, &why);
        if (result == SG_OK) continue;
#pragma omp critical
        if (!atomic_exchange(&failed, true)) code = sg_fail(err, result, "%s", why.text);
    }
    return code;
}

/* Addresses are names in the pool, so that a user found by another address is someone else's. */
static enum sg_code find_one(struct sg_job *job, struct sg_cognito *cognito, const struct sg_run *run,
                             uint64_t i, struct sg_error *err) {
    struct sg_identities *all = job->identities;
    struct sg_person person;
    struct sg_cognito_user user;
    job->options->dataset->person(run, i, &person);
    SG_TRY(sg_cognito_find(cognito, person.email, &user, err));
    all->states[i] = (uint8_t)user.state;
    if (user.state != SG_COGNITO_ABSENT) all->keys[i] = user.sub;
    if (user.locked) {
#pragma omp atomic
        all->locked++;
    }
    return SG_OK;
}

static int by_key(const void *a, const void *b) {
    const struct sg_key128 *x = a, *y = b;
    if (x->high != y->high) return x->high < y->high ? -1 : 1;
    return (x->low > y->low) - (x->low < y->low);
}

/* Two addresses that lead to one user would make two profiles with one key. */
static enum sg_code check_distinct(const struct sg_identities *all, struct sg_error *err) {
    struct sg_key128 *sorted = sg_alloc_array(all->count, sizeof *sorted);
    if (!sorted) return sg_fail(err, SG_SYSTEM, "no memory for %" PRIu64 " identities", all->count);
    uint64_t known = 0;
    enum sg_code code = SG_OK;
    for (uint64_t i = 0; i < all->count; i++)
        if (all->keys[i].high || all->keys[i].low) sorted[known++] = all->keys[i];
    qsort(sorted, known, sizeof *sorted, by_key);
    for (uint64_t i = 1; i < known && code == SG_OK; i++)
        if (by_key(&sorted[i - 1], &sorted[i]) == 0)
            code = sg_fail(err, SG_PROTOCOL,
                           "Cognito pool %s gives the sub %08x-... for two addresses: is one an alias of the "
                           "other? Remove it there, or use another pool",
                           all->settings.cognito.pool, (unsigned)(sorted[i].high >> 32));
    free(sorted);
    return code;
}

static enum sg_code find_all(struct sg_job *job, const struct sg_run *run, struct sg_error *err) {
    struct sg_identities *all = job->identities;
    SG_TRY(sg_identity_settings_read(&all->settings, err));
    uint64_t clients = all->count / USERS_A_CLIENT;
    all->client_count = clients < 1 ? 1 : clients > CLIENTS_MAX ? CLIENTS_MAX : (int)clients;
    for (int c = 0; c < all->client_count; c++)
        SG_TRY(sg_cognito_open(&all->clients[c], &all->settings.cognito, &all->settings.limits, err));
    SG_TRY(for_all(job, run, find_one, err));
    return check_distinct(all, err);
}

static void share_keys(struct sg_job *job, struct sg_options *options) {
    enum { PIECE = 1 << 20 }; /* a broadcast counts in int */
    struct sg_identities *all = job->identities;
    for (uint64_t at = 0; at < all->count; at += PIECE) {
        uint64_t rest = all->count - at;
        sg_comm_broadcast(job->comm, all->keys + at, (rest < PIECE ? rest : PIECE) * sizeof *all->keys, 0);
    }
    options->run.keys = all->keys;
    options->run.key_count = all->count;
}

enum sg_code sg_identities_look(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    uint64_t count = 0;
    enum sg_code code = SG_OK;
    if (job->comm->rank == 0) code = count_persons(options, &count, err);
    SG_TRY(sg_comm_agree(job->comm, code, err));
    sg_comm_broadcast(job->comm, &count, sizeof count, 0);
    if (count == 0) return SG_OK;
    code = allocate(job, count, err);
    SG_TRY(sg_comm_agree(job->comm, code, err));
    if (job->comm->rank == 0) code = find_all(job, &options->run, err);
    SG_TRY(sg_comm_agree(job->comm, code, err));
    share_keys(job, options);
    return SG_OK;
}

/* Letters of all kinds, as strict policies want them: 24 characters, 140 bits. */
static enum sg_code make_password(char out[PASSWORD_BYTES + 1], struct sg_error *err) {
    static const char *const alphabets[] = {"ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz",
                                            "23456789", "!@#$%^&*-_=+"};
    static const char all[] = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789!@#$%^&";
    unsigned char random[PASSWORD_BYTES];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return sg_fail(err, SG_SYSTEM, "the system gives no random bytes for a password");
    for (size_t i = 0; i < PASSWORD_BYTES; i++) {
        const char *alphabet = i < 4 ? alphabets[i] : all;
        out[i] = alphabet[random[i] % strlen(alphabet)];
    }
    out[PASSWORD_BYTES] = '\0';
    explicit_bzero(random, sizeof random);
    return SG_OK;
}

/* Creates one person, or only gives the password that an interrupted run still owes. */
static enum sg_code complete_one(struct sg_job *job, struct sg_cognito *cognito, const struct sg_run *run,
                                 uint64_t i, struct sg_error *err) {
    struct sg_identities *all = job->identities;
    char generated[PASSWORD_BYTES + 1] = "";
    struct sg_person person;
    struct sg_cognito_user user = {.state = (enum sg_cognito_state)all->states[i], .sub = all->keys[i]};
    bool absent = user.state == SG_COGNITO_ABSENT;
    const char *password = all->settings.password;
    if (user.state == SG_COGNITO_READY) return SG_OK;
    job->options->dataset->person(run, i, &person);
    if (!password) SG_TRY(make_password(generated, err));
    if (absent) SG_TRY(sg_cognito_create(cognito, person.email, person.name, &user, err));
    all->keys[i] = user.sub;
    enum sg_code code = SG_OK;
    if (user.state == SG_COGNITO_UNFINISHED)
        code = sg_cognito_set_password(cognito, person.email, password ? password : generated, err);
    explicit_bzero(generated, sizeof generated);
    if (code != SG_OK) return code;
    uint64_t *done = absent ? &all->created : &all->finished;
#pragma omp atomic
    (*done)++;
    return SG_OK;
}

static enum sg_code complete_all(struct sg_job *job, const struct sg_run *run, struct sg_error *err) {
    const struct sg_identities *all = job->identities;
    struct sg_error why = {0};
    enum sg_code code = for_all(job, run, complete_one, &why);
    if (code == SG_OK) return check_distinct(all, err);
    return sg_fail(err, code, "%s; %" PRIu64 " users were created before, the next run creates the rest",
                   why.text, all->created);
}

static void report(struct sg_job *job) {
    const struct sg_identities *all = job->identities;
    const char *pool = all->settings.cognito.pool;
    uint64_t skipped = all->count - all->created - all->finished;
    sg_say(job,
           "Cognito pool %s: %" PRIu64 " users created, %" PRIu64 " finished, %" PRIu64
           " skipped (there already); their subs are the keys of users 1 to %" PRIu64 "\n",
           pool, all->created, all->finished, skipped, all->count);
    if (all->locked)
        sg_say(job,
               "%" PRIu64 " of them cannot sign in: disabled, not confirmed, or with a password to reset\n",
               all->locked);
    sg_result_object(job->result, "cognito");
    sg_result_text(job->result, "pool", pool);
    sg_result_u64(job->result, "created", all->created);
    sg_result_u64(job->result, "finished", all->finished);
    sg_result_u64(job->result, "skipped", skipped);
    sg_result_u64(job->result, "locked", all->locked);
    sg_result_end(job->result);
}

enum sg_code sg_identities_complete(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    enum sg_code code = SG_OK;
    if (!job->identities) {
        if (options->dataset->person)
            sg_say(job, "no Cognito pool (COGNITO_USER_POOL_ID): all keys of %s are made from the seed\n",
                   options->dataset->units_option);
        return SG_OK;
    }
    if (job->comm->rank == 0) code = complete_all(job, &options->run, err);
    SG_TRY(sg_comm_agree(job->comm, code, err));
    share_keys(job, options);
    if (job->comm->rank == 0) report(job);
    return SG_OK;
}

void sg_identities_close(struct sg_job *job) {
    struct sg_identities *all = job->identities;
    if (!all) return;
    for (int c = 0; c < CLIENTS_MAX; c++)
        sg_cognito_close(all->clients[c]);
    free(all->keys);
    free(all->states);
    free(all);
    job->identities = NULL;
}
