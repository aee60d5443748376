/* The sessions of an account's people, recomputed for every table that hangs on them.
 *
 * A walk goes from account to account and holds one account's sessions at a time, ordered by user and start;
 * row numbers of sessions, page views and feature events follow from the walk. Sessions of a user do not
 * overlap, and lie between the user's creation and end. Memory is that of the busiest account (about 60 bytes
 * a session).
 */
#ifndef SG_BARSAAS_SESSIONS_H
#define SG_BARSAAS_SESSIONS_H

#include "datasets/barsaas/activity.h"

struct bs_session {
    int64_t start;
    uint32_t duration;        /* seconds, at most BS_SESSION_MAX_S */
    uint32_t pages, features; /* page views (>= 1) and feature events */
    uint8_t user;             /* index in the account */
    uint8_t role, tier;       /* of the user; plan at the start */
    uint8_t focus;            /* enum bs_area: what the session is about */
    uint8_t device, browser;  /* enum bs_session_device, enum bs_browser */
};
enum { BS_SESSION_MAX_S = 4 * 3600 };

/* Streams of user_sessions rows. Block 1: gap, pages, pace, choices; block 2: features, actions, address. */
enum { BS_STREAM_VISIT = 1, BS_STREAM_WORK = 2, BS_STREAM_HABIT = 10 /* by user number */ };

struct bs_walk {
    const struct sg_world *world;
    struct bs_account account;
    struct bs_user users[BS_USERS_MAX];
    uint64_t before[BS_USAGE_WEIGHTS]; /* weights of the accounts before */
    /* Rows of this account: 0-based number of the first, and how many. */
    uint64_t session_first, session_count;
    uint64_t page_first, page_count;
    uint64_t feature_first, feature_count;
    uint64_t next; /* number of the next account */
    struct bs_session *sessions;
    uint32_t *words; /* eight arrays of `capacity` words: stream 1, then stream 2 */
    uint64_t capacity;
};

/* Pure. Row numbers before an account, without walking. */
struct bs_usage_rows {
    uint64_t sessions, pages, features;
};
struct bs_usage_rows bs_usage_rows_before(const struct sg_world *world, uint64_t number);

/* Stands before account `number`; zero memory is taken yet. Free with bs_walk_close even after failure. */
void bs_walk_open(struct bs_walk *walk, const struct sg_world *world, uint64_t number);
void bs_walk_close(struct bs_walk *walk);

/* Recomputes the next account with its sessions. */
enum sg_code bs_walk_next(struct bs_walk *walk, struct sg_error *err);

/* Calls fill for each account of [first, end) in turn. */
typedef enum sg_code bs_walk_fill(const struct bs_walk *walk, struct sg_emitter *e, struct sg_error *err);
enum sg_code bs_walk_accounts(const struct sg_world *world, uint64_t first, uint64_t end, bs_walk_fill *fill,
                              struct sg_emitter *e, struct sg_error *err);

/* Words of a session's second block: feature weight, actions, address. */
static inline uint32_t bs_walk_word(const struct bs_walk *walk, unsigned word, uint64_t session) {
    return walk->words[(4 + word) * walk->capacity + session];
}

#endif
