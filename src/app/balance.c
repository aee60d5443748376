/* Gathers and shows the ranks' parts of generating. */
#include "app/balance.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

enum { SLOW_RANKS_NAMED = 5, SLOW_US_MIN = 100000 };

enum sg_code sg_balance_gather(struct sg_job *job, struct sg_share *mine, struct sg_error *err) {
    if (gethostname(mine->host, sizeof mine->host) != 0) mine->host[0] = '\0';
    mine->host[sizeof mine->host - 1] = '\0';
    free(job->shares);
    job->shares = NULL;
    return sg_comm_gather(job->comm, mine, sizeof *mine, (void **)&job->shares, NULL, err);
}

bool sg_share_is_slow(const struct sg_share *share) {
    return share->compared_us > SLOW_US_MIN && 2 * share->compared_us > 3 * share->expected_us;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Least, median and most of a value over the ranks that made something. */
struct spread {
    double least, median, most;
};

static struct spread spread_of(const struct sg_job *job, double (*value)(const struct sg_share *),
                               double *work) {
    int count = 0;
    for (int rank = 0; rank < job->comm->ranks; rank++)
        if (job->shares[rank].shards) work[count++] = value(&job->shares[rank]);
    if (count == 0) return (struct spread){0};
    qsort(work, (size_t)count, sizeof *work, by_value);
    return (struct spread){work[0], work[count / 2], work[count - 1]};
}

static double busy_s(const struct sg_share *share) {
    return (double)share->busy_us / 1e6;
}

static double wait_s(const struct sg_share *share) {
    return (double)share->wait_us / 1e6;
}

static double write_s(const struct sg_share *share) {
    return (double)share->write_us / 1e6;
}

static const struct {
    const char *said, *key;
    double (*value)(const struct sg_share *share);
} times[] = {
    {"busy", "busy_s", busy_s},
    {"of it writing", "write_s", write_s},
    {"waiting", "wait_s", wait_s},
};
enum { TIMES = sizeof times / sizeof *times };

/* The slowest rank's way to its first shard. */
static void say_ready(struct sg_job *job) {
    uint64_t most = 0;
    for (int rank = 0; rank < job->comm->ranks; rank++)
        most = job->shares[rank].ready_us > most ? job->shares[rank].ready_us : most;
    if (most)
        sg_say(job, "\nfirst shard opened %.3f s after the start%s\n", (double)most / 1e6,
               job->comm->ranks > 1 ? ", on the slowest rank" : "");
}

static void say_slow(struct sg_job *job) {
    int slow = 0;
    for (int rank = 0; rank < job->comm->ranks; rank++) {
        const struct sg_share *share = &job->shares[rank];
        if (!sg_share_is_slow(share) || slow++ >= SLOW_RANKS_NAMED) continue;
        sg_say(job, "slow: rank %d on %s took %.2f s where others take %.2f s\n", rank, share->host,
               (double)share->compared_us / 1e6, (double)share->expected_us / 1e6);
    }
    if (slow > SLOW_RANKS_NAMED) sg_say(job, "slow: %d more ranks\n", slow - SLOW_RANKS_NAMED);
}

static void say(struct sg_job *job, double *work) {
    uint64_t taken = 0;
    for (int rank = 0; rank < job->comm->ranks; rank++)
        taken += job->shares[rank].shards_taken_over;
    sg_say(job, "\nranks, median (least to most) of thread seconds:");
    for (int i = 0; i < TIMES; i++) {
        struct spread spread = spread_of(job, times[i].value, work);
        sg_say(job, "%s %s %.2f (%.2f to %.2f)", i ? "," : "", times[i].said, spread.median, spread.least,
               spread.most);
    }
    sg_say(job, "; %" PRIu64 " shard%s taken over\n", taken, taken == 1 ? "" : "s");
    say_slow(job);
}

static void add_rank(struct sg_job *job, const struct sg_share *share) {
    sg_result_object(job->result, NULL);
    sg_result_text(job->result, "host", share->host);
    for (int i = 0; i < TIMES; i++)
        sg_result_number(job->result, times[i].key, times[i].value(share));
    sg_result_number(job->result, "first_shard_s", (double)share->ready_us / 1e6);
    sg_result_u64(job->result, "shards", share->shards);
    sg_result_u64(job->result, "shards_taken_over", share->shards_taken_over);
    sg_result_u64(job->result, "rows", share->rows);
    sg_result_u64(job->result, "requests", share->requests);
    sg_result_bool(job->result, "slow", sg_share_is_slow(share));
    sg_result_end(job->result);
}

void sg_balance_report(struct sg_job *job) {
    double *work = job->shares ? calloc((size_t)job->comm->ranks, sizeof *work) : NULL;
    if (!work) return; /* nothing was generated, or no memory for a few words */
    say_ready(job);
    if (job->comm->ranks > 1) say(job, work);
    sg_result_array(job->result, "balance");
    for (int rank = 0; rank < job->comm->ranks; rank++)
        add_rank(job, &job->shares[rank]);
    sg_result_end(job->result);
    sg_result_object(job->result, "rank_0_traffic");
    sg_result_u64(job->result, "collectives", job->shares[0].traffic.collectives);
    sg_result_u64(job->result, "bytes", job->shares[0].traffic.bytes);
    sg_result_end(job->result);
    free(work);
}
