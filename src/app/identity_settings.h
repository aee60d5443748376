/* What the environment says about the Cognito user pool: which, where, with whose rights. */
#ifndef SG_APP_IDENTITY_SETTINGS_H
#define SG_APP_IDENTITY_SETTINGS_H

#include "io/cognito.h"

/* Pure of effects. The pool, NULL when none is named. */
const char *sg_identity_pool(void);

struct sg_identity_settings {
    struct sg_cognito_settings cognito;
    struct sg_http_limits limits;
    const char *password; /* of users that are created; NULL = a random one each */
    char region[64];      /* of the pool's id */
};

/* Local. Reads and checks all variables before anything is sent; SG_USAGE names the one that is missing or
 * wrong, never a secret's value. What it points to lives as long as the environment and `settings`. */
enum sg_code sg_identity_settings_read(struct sg_identity_settings *settings, struct sg_error *err);

#endif
