/* Persons of a run in a Cognito user pool: finding and creating them. Keys and states are arrays over the
 * first root entities; they are all that is kept of a person. */
#include "app/identities.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "io/cognito.h"

enum { PASSWORD_BYTES = 24 };
#define REGION_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

struct sg_identities {
    uint64_t count;
    struct sg_key128 *keys;
    uint8_t *states; /* enum sg_cognito_state, as found; rank 0 */
    struct sg_cognito *cognito;
    struct sg_cognito_settings settings;
    char region[64];
    const char *password; /* from the environment, NULL = a random one each */
    uint64_t created, finished;
};

static const char *variable(const char *name, const char *other) {
    const char *value = getenv(name);
    if ((!value || !value[0]) && other) value = getenv(other);
    return value && value[0] ? value : NULL;
}

/* Pool ids begin with their region. */
static const char *region_of_pool(const char *pool, char *out, size_t size) {
    size_t length = strcspn(pool, "_");
    if (!pool[length] || length == 0 || length >= size) return NULL;
    snprintf(out, size, "%.*s", (int)length, pool);
    return out;
}

static enum sg_code read_environment(struct sg_cognito_settings *settings, char *region, size_t size,
                                     struct sg_error *err) {
    settings->access_key = variable("AWS_ACCESS_KEY_ID", NULL);
    settings->secret_key = variable("AWS_SECRET_ACCESS_KEY", NULL);
    settings->session_token = variable("AWS_SESSION_TOKEN", NULL);
    settings->endpoint = variable("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "AWS_ENDPOINT_URL");
    settings->region = variable("AWS_REGION", "AWS_DEFAULT_REGION");
    if (!settings->region) settings->region = region_of_pool(settings->pool, region, size);
    const char *missing = !settings->access_key   ? "AWS_ACCESS_KEY_ID"
                          : !settings->secret_key ? "AWS_SECRET_ACCESS_KEY"
                          : !settings->region     ? "AWS_REGION"
                                                  : NULL;
    bool named = settings->region && settings->region[strspn(settings->region, REGION_LETTERS)] == '\0';
    if (!missing && !named)
        return sg_fail(err, SG_USAGE, "'%.40s' is not the name of an AWS region", settings->region);
    if (!missing) return SG_OK;
    return sg_fail(err, SG_USAGE,
                   "COGNITO_USER_POOL_ID is set, but %s is not: set it, or unset COGNITO_USER_POOL_ID for "
                   "user ids without Cognito",
                   missing);
}

/* AWS_MAX_ATTEMPTS is the usual variable for the number of tries. */
static enum sg_code read_limits(struct sg_http_limits *limits, struct sg_error *err) {
    const char *tries = variable("AWS_MAX_ATTEMPTS", NULL);
    *limits = sg_http_limits_default;
    limits->stopped = sg_stop_requested;
    if (!tries) return SG_OK;
    char *end;
    unsigned long value = strtoul(tries, &end, 10);
    if (*end || value < 1 || value > 100)
        return sg_fail(err, SG_USAGE, "AWS_MAX_ATTEMPTS is not a number from 1 to 100");
    limits->tries = (uint32_t)value;
    return SG_OK;
}

/* How many root entities get keys: 0 without a pool. */
static enum sg_code count_persons(const struct sg_options *options, uint64_t *count, struct sg_error *err) {
    const struct sg_dataset *dataset = options->dataset;
    *count = 0;
    if (options->cognito_all && !dataset->person)
        return sg_fail(err, SG_USAGE, "--cognito-all: %s has no users that Cognito could know",
                       dataset->name);
    if (!dataset->person) return SG_OK;
    if (!variable("COGNITO_USER_POOL_ID", NULL)) {
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

static enum sg_code find_all(struct sg_job *job, const struct sg_run *run, struct sg_error *err) {
    struct sg_identities *all = job->identities;
    struct sg_person person;
    struct sg_cognito_user user;
    struct sg_http_limits limits;
    all->settings.pool = variable("COGNITO_USER_POOL_ID", NULL);
    all->password = variable("COGNITO_DEMO_PASSWORD", NULL);
    SG_TRY(read_environment(&all->settings, all->region, sizeof all->region, err));
    SG_TRY(read_limits(&limits, err));
    SG_TRY(sg_cognito_open(&all->cognito, &all->settings, &limits, err));
    for (uint64_t i = 0; i < all->count; i++) {
        job->options->dataset->person(run, i, &person);
        SG_TRY(sg_cognito_find(all->cognito, person.email, &user, err));
        all->states[i] = (uint8_t)user.state;
        if (user.state != SG_COGNITO_ABSENT) all->keys[i] = user.sub;
        if (sg_stop_requested()) return sg_stopped(job, err);
    }
    return SG_OK;
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
static enum sg_code complete_one(struct sg_identities *all, const struct sg_person *person, uint64_t i,
                                 struct sg_error *err) {
    char generated[PASSWORD_BYTES + 1] = "";
    struct sg_cognito_user user = {.state = (enum sg_cognito_state)all->states[i], .sub = all->keys[i]};
    bool absent = user.state == SG_COGNITO_ABSENT;
    if (user.state == SG_COGNITO_READY) return SG_OK;
    if (!all->password) SG_TRY(make_password(generated, err));
    if (absent) SG_TRY(sg_cognito_create(all->cognito, person->email, person->name, &user, err));
    all->keys[i] = user.sub;
    enum sg_code code = SG_OK;
    if (user.state == SG_COGNITO_UNFINISHED)
        code = sg_cognito_set_password(all->cognito, person->email, all->password ? all->password : generated,
                                       err);
    explicit_bzero(generated, sizeof generated);
    if (code == SG_OK) *(absent ? &all->created : &all->finished) += 1;
    return code;
}

static enum sg_code complete_all(struct sg_job *job, const struct sg_run *run, struct sg_error *err) {
    struct sg_identities *all = job->identities;
    struct sg_person person;
    for (uint64_t i = 0; i < all->count; i++) {
        if (all->states[i] == SG_COGNITO_READY) continue;
        if (sg_stop_requested()) return sg_stopped(job, err);
        job->options->dataset->person(run, i, &person);
        struct sg_error why = {0};
        enum sg_code code = complete_one(all, &person, i, &why);
        if (code != SG_OK)
            return sg_fail(err, code,
                           "%s; %" PRIu64 " users were created before, the next run creates the rest",
                           why.text, all->created);
    }
    return SG_OK;
}

static void report(struct sg_job *job) {
    const struct sg_identities *all = job->identities;
    const char *pool = all->settings.pool;
    uint64_t skipped = all->count - all->created - all->finished;
    sg_say(job,
           "Cognito pool %s: %" PRIu64 " users created, %" PRIu64 " finished, %" PRIu64
           " skipped (there already); their subs are the keys of users 1 to %" PRIu64 "\n",
           pool, all->created, all->finished, skipped, all->count);
    sg_result_object(job->result, "cognito");
    sg_result_text(job->result, "pool", pool);
    sg_result_u64(job->result, "created", all->created);
    sg_result_u64(job->result, "finished", all->finished);
    sg_result_u64(job->result, "skipped", skipped);
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
    sg_cognito_close(all->cognito);
    free(all->keys);
    free(all->states);
    free(all);
    job->identities = NULL;
}
