/* The Cognito client: one POST a call, and a table that turns the service's errors into advice. */
#include "io/cognito.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/cognito_json.h"

struct sg_cognito {
    struct sg_cognito_settings settings;
    struct sg_http *http;
    char url[512];
};

enum sg_code sg_cognito_open(struct sg_cognito **out, const struct sg_cognito_settings *settings,
                             const struct sg_http_limits *limits, struct sg_error *err) {
    struct sg_cognito *cognito = *out = calloc(1, sizeof *cognito);
    if (!cognito) return sg_fail(err, SG_SYSTEM, "no memory for the Cognito client");
    cognito->settings = *settings;
    int length = settings->endpoint ? snprintf(cognito->url, sizeof cognito->url, "%s", settings->endpoint)
                                    : snprintf(cognito->url, sizeof cognito->url,
                                               "https://cognito-idp.%s.amazonaws.com/", settings->region);
    if (length < 0 || (size_t)length >= sizeof cognito->url)
        return sg_fail(err, SG_USAGE, "the address of the Cognito service is too long");
    return sg_http_open(&cognito->http, limits, err);
}

void sg_cognito_close(struct sg_cognito *cognito) {
    if (!cognito) return;
    sg_http_close(cognito->http);
    free(cognito);
}

/* What an error of the service means here. */
struct advice {
    const char *type;
    enum sg_code code;
    bool again; /* may pass */
    const char *text;
};

static const struct advice advices[] = {
    {"ThrottlingException", SG_UNAVAILABLE, true, "throttles requests: wait a while and run again"},
    {"Throttling", SG_UNAVAILABLE, true, "throttles requests: wait a while and run again"},
    {"TooManyRequestsException", SG_UNAVAILABLE, true, "throttles requests: wait a while and run again"},
    {"RequestLimitExceeded", SG_UNAVAILABLE, true, "throttles requests: wait a while and run again"},
    {"LimitExceededException", SG_UNAVAILABLE, false,
     "has reached a limit of the account or the pool: raise it, or use another pool"},
    {"ServiceUnavailable", SG_UNAVAILABLE, true, "is not available: run again later"},
    {"InternalErrorException", SG_UNAVAILABLE, true, "has an internal error: run again later"},
    {"ResourceNotFoundException", SG_NO_INPUT, false,
     "has no such user pool: check COGNITO_USER_POOL_ID and AWS_REGION"},
    {"ExpiredTokenException", SG_DENIED, false, "says the AWS credentials have expired: renew them"},
    {"ExpiredToken", SG_DENIED, false, "says the AWS credentials have expired: renew them"},
    {"RequestExpired", SG_DENIED, false, "says the request has expired: check this machine's clock"},
    {"UnrecognizedClientException", SG_DENIED, false,
     "does not know the AWS credentials: check AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN"},
    {"InvalidClientTokenId", SG_DENIED, false,
     "does not know the AWS credentials: check AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN"},
    {"InvalidSignatureException", SG_DENIED, false,
     "does not accept the signature: check AWS_SECRET_ACCESS_KEY and this machine's clock"},
    {"IncompleteSignatureException", SG_DENIED, false,
     "does not accept the signature: check the AWS credentials"},
    {"MissingAuthenticationTokenException", SG_DENIED, false,
     "wants AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
    {"AccessDeniedException", SG_DENIED, false,
     "denies this: the credentials need cognito-idp:AdminGetUser, AdminCreateUser and AdminSetUserPassword"},
    {"NotAuthorizedException", SG_DENIED, false,
     "denies this: the credentials need cognito-idp:AdminGetUser, AdminCreateUser and AdminSetUserPassword"},
    {"InvalidPasswordException", SG_USAGE, false,
     "refuses the password: COGNITO_DEMO_PASSWORD must satisfy the pool's policy"},
};

static const struct advice *find_advice(const char *type) {
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (strcmp(advices[i].type, type) == 0) return &advices[i];
    return NULL;
}

/* Throttling comes with status 400. */
static bool may_pass(const struct sg_http_reply *reply) {
    char type[SG_COGNITO_TYPE_BYTES], message[SG_COGNITO_MESSAGE_BYTES];
    if (reply->status < 400) return false;
    sg_cognito_read_error(reply->body, type, message);
    const struct advice *advice = find_advice(type);
    return advice && advice->again;
}

/* The service's own words, unless a secret is among them. */
static bool tells_secret(const struct sg_cognito *cognito, const char *body, const char *message) {
    const char *const secrets[] = {cognito->settings.secret_key, cognito->settings.session_token};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (secrets[i] && secrets[i][0] && strstr(message, secrets[i])) return true;
    return strstr(body, "\"Password\"") != NULL;
}

static enum sg_code fail_reply(const struct sg_cognito *cognito, const char *action, const char *sent,
                               const struct sg_http_reply *reply, const char *type, const char *message,
                               struct sg_error *err) {
    char address[256];
    sg_http_address(cognito->url, address, sizeof address);
    const struct advice *advice = find_advice(type);
    if (advice)
        return sg_fail(err, advice->code, "%s of Cognito pool %s: %s %s (%s, %u tries)", action,
                       cognito->settings.pool, address, advice->text, type, (unsigned)reply->tries);
    if (reply->status >= 500 || reply->status == 429)
        return sg_fail(
            err, SG_UNAVAILABLE,
            "%s of Cognito pool %s: %s answers with status %ld, also after %u tries: run again later", action,
            cognito->settings.pool, address, reply->status, (unsigned)reply->tries);
    bool quiet = !message[0] || tells_secret(cognito, sent, message);
    return sg_fail(err, SG_PROTOCOL, "%s of Cognito pool %s: %s answers with status %ld%s%s%s%s", action,
                   cognito->settings.pool, address, reply->status, type[0] ? " " : "", type,
                   quiet ? "" : ": ", quiet ? "" : message);
}

/* Sends a body (and frees it, overwritten). A 2xx reply stays in *reply with type ""; an error whose type is
 * `expected` is no failure: type then tells it. */
static enum sg_code call(struct sg_cognito *cognito, const char *action, char *body, const char *expected,
                         struct sg_http_reply *reply, char type[SG_COGNITO_TYPE_BYTES],
                         struct sg_error *err) {
    char target[96], message[SG_COGNITO_MESSAGE_BYTES];
    type[0] = '\0';
    *reply = (struct sg_http_reply){0};
    if (!body) return sg_fail(err, SG_SYSTEM, "no memory for a Cognito request");
    snprintf(target, sizeof target, "X-Amz-Target: AWSCognitoIdentityProviderService.%s", action);
    const char *headers[] = {"Content-Type: application/x-amz-json-1.1", target, NULL};
    const struct sg_http_signing signing = {cognito->settings.access_key, cognito->settings.secret_key,
                                            cognito->settings.session_token, cognito->settings.region,
                                            "cognito-idp"};
    const struct sg_http_request request = {.method = "POST",
                                            .url = cognito->url,
                                            .headers = headers,
                                            .body = body,
                                            .body_bytes = strlen(body),
                                            .signing = &signing,
                                            .again = may_pass};
    enum sg_code code = sg_http_send(cognito->http, &request, reply, err);
    if (code == SG_OK && (reply->status < 200 || reply->status > 299)) {
        sg_cognito_read_error(reply->body, type, message);
        if (strcmp(type, expected) != 0) code = fail_reply(cognito, action, body, reply, type, message, err);
    }
    explicit_bzero(body, strlen(body));
    free(body);
    return code;
}

static enum sg_code take_user(const struct sg_cognito *cognito, const char *action, const char *email,
                              const struct sg_http_reply *reply, struct sg_cognito_user *user,
                              struct sg_error *err) {
    char theirs[SG_COGNITO_EMAIL_BYTES];
    bool read = sg_cognito_read_user(reply->body, user, theirs);
    if (read && (!theirs[0] || strcasecmp(theirs, email) == 0)) return SG_OK;
    if (read)
        return sg_fail(err, SG_PROTOCOL,
                       "%s of Cognito pool %s: its user %s has the e-mail address %s: remove or rename that "
                       "user, or use another pool",
                       action, cognito->settings.pool, email, theirs);
    return sg_fail(err, SG_PROTOCOL,
                   "%s of Cognito pool %s: the answer holds no user with a status and a UUID as sub", action,
                   cognito->settings.pool);
}

enum sg_code sg_cognito_find(struct sg_cognito *cognito, const char *email, struct sg_cognito_user *user,
                             struct sg_error *err) {
    static const char action[] = "AdminGetUser";
    struct sg_http_reply reply;
    char type[SG_COGNITO_TYPE_BYTES];
    *user = (struct sg_cognito_user){.state = SG_COGNITO_ABSENT};
    enum sg_code code = call(cognito, action, sg_cognito_user_body(cognito->settings.pool, email, NULL, NULL),
                             "UserNotFoundException", &reply, type, err);
    if (code == SG_OK && !type[0]) code = take_user(cognito, action, email, &reply, user, err);
    sg_http_reply_free(&reply);
    return code;
}

enum sg_code sg_cognito_create(struct sg_cognito *cognito, const char *email, const char *name,
                               struct sg_cognito_user *user, struct sg_error *err) {
    static const char action[] = "AdminCreateUser";
    struct sg_http_reply reply;
    char type[SG_COGNITO_TYPE_BYTES];
    enum sg_code code = call(cognito, action, sg_cognito_user_body(cognito->settings.pool, email, name, NULL),
                             "UsernameExistsException", &reply, type, err);
    bool there = code == SG_OK && type[0];
    if (code == SG_OK && !there) code = take_user(cognito, action, email, &reply, user, err);
    sg_http_reply_free(&reply);
    /* An earlier try arrived although its answer did not. */
    if (there) code = sg_cognito_find(cognito, email, user, err);
    if (code == SG_OK && user->state == SG_COGNITO_ABSENT)
        code =
            sg_fail(err, SG_PROTOCOL, "Cognito pool %s both has and lacks %s", cognito->settings.pool, email);
    return code;
}

enum sg_code sg_cognito_set_password(struct sg_cognito *cognito, const char *email, const char *password,
                                     struct sg_error *err) {
    struct sg_http_reply reply;
    char type[SG_COGNITO_TYPE_BYTES];
    enum sg_code code =
        call(cognito, "AdminSetUserPassword",
             sg_cognito_user_body(cognito->settings.pool, email, NULL, password), "-", &reply, type, err);
    sg_http_reply_free(&reply);
    return code;
}
