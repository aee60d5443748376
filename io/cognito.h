/* Users of an Amazon Cognito user pool, through its API (AdminGetUser, AdminCreateUser,
 * AdminSetUserPassword). Every call is safe to repeat.
 *
 * Failures come with one sentence that says what to do: SG_DENIED for credentials that are wrong, expired or
 * may not do this, SG_NO_INPUT for a pool that is not there, SG_UNAVAILABLE when the service does not answer
 * or throttles all tries, SG_USAGE for a password that the pool's policy refuses, SG_PROTOCOL for answers
 * that make no sense. No message holds a password, key or token.
 */
#ifndef SG_IO_COGNITO_H
#define SG_IO_COGNITO_H

#include "io/http.h"
#include "model/run.h"

/* Borrowed for as long as the client lives. */
struct sg_cognito_settings {
    const char *pool;     /* "us-east-1_AbCdEfGhI" */
    const char *region;   /* "us-east-1" */
    const char *endpoint; /* address instead of Amazon's, for emulators; NULL = Amazon's */
    const char *access_key, *secret_key;
    const char *session_token; /* of temporary credentials, else NULL */
};

enum sg_cognito_state {
    SG_COGNITO_ABSENT,     /* not in the pool */
    SG_COGNITO_UNFINISHED, /* created, but no password of its own was set yet */
    SG_COGNITO_READY
};

struct sg_cognito_user {
    enum sg_cognito_state state;
    bool locked;          /* there, but not able to sign in: disabled, unconfirmed, to be reset */
    struct sg_key128 sub; /* unless absent */
};

struct sg_cognito;

/* Free with sg_cognito_close even after failure. */
enum sg_code sg_cognito_open(struct sg_cognito **cognito, const struct sg_cognito_settings *settings,
                             const struct sg_http_limits *limits, struct sg_error *err);
void sg_cognito_close(struct sg_cognito *cognito);

/* Looks a user up by e-mail address. Nobody there is SG_OK with state SG_COGNITO_ABSENT; somebody whose
 * attributes tell another address is SG_PROTOCOL. */
enum sg_code sg_cognito_find(struct sg_cognito *cognito, const char *email, struct sg_cognito_user *user,
                             struct sg_error *err);

/* Creates a user, without sending any invitation; one that is there already is taken as it is. */
enum sg_code sg_cognito_create(struct sg_cognito *cognito, const char *email, const char *name,
                               struct sg_cognito_user *user, struct sg_error *err);

/* Sets a permanent password, which makes an unfinished user ready. */
enum sg_code sg_cognito_set_password(struct sg_cognito *cognito, const char *email, const char *password,
                                     struct sg_error *err);

#endif
