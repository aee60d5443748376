/* Reading and checking the variables around a Cognito user pool. */
#include "app/identity_settings.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/stages.h"
#include "io/cell_parse.h"

enum { POOL_BYTES_MAX = 55, PASSWORD_BYTES_MAX = 256 };

#define REGION_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define POOL_LETTERS   REGION_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"

static const char *variable(const char *name, const char *other) {
    const char *value = getenv(name);
    if ((!value || !value[0]) && other) value = getenv(other);
    return value && value[0] ? value : NULL;
}

const char *sg_identity_pool(void) {
    return variable("COGNITO_USER_POOL_ID", NULL);
}

/* Pool ids are their region, an underscore, and letters and digits. */
static enum sg_code read_pool(struct sg_identity_settings *settings, struct sg_error *err) {
    const char *pool = settings->cognito.pool = sg_identity_pool();
    size_t region = strcspn(pool, "_"), length = strlen(pool);
    bool fine = length <= POOL_BYTES_MAX && region > 0 && region + 1 < length &&
                pool[strspn(pool, POOL_LETTERS)] == '\0';
    if (!fine)
        return sg_fail(err, SG_USAGE,
                       "COGNITO_USER_POOL_ID is not the id of a user pool: these look like "
                       "eu-central-1_AbCdEfGhI");
    snprintf(settings->region, sizeof settings->region, "%.*s", (int)region, pool);
    return SG_OK;
}

/* "eu-central-1": emulators' pools may begin with something else. */
static bool is_region_of_amazon(const char *name) {
    const char *last = strrchr(name, '-');
    return last && last != strchr(name, '-') && isdigit((unsigned char)last[1]);
}

static enum sg_code read_region(struct sg_identity_settings *settings, struct sg_error *err) {
    const char *own = settings->region, *region = variable("AWS_REGION", "AWS_DEFAULT_REGION");
    settings->cognito.region = region ? region : own;
    if (!region) return SG_OK;
    if (strlen(region) >= sizeof settings->region || region[strspn(region, REGION_LETTERS)] != '\0')
        return sg_fail(err, SG_USAGE,
                       "AWS_REGION (or AWS_DEFAULT_REGION) is '%.40s', which is no region of AWS", region);
    if (is_region_of_amazon(own) && strcmp(own, region) != 0)
        return sg_fail(err, SG_USAGE,
                       "the pool of COGNITO_USER_POOL_ID is in region %s, but AWS_REGION (or "
                       "AWS_DEFAULT_REGION) is %s: unset that, or name another pool",
                       own, region);
    return SG_OK;
}

/* A value that goes into a header: no blanks, no line ends. */
static enum sg_code read_credential(const char *name, bool needed, const char **value, struct sg_error *err) {
    *value = variable(name, NULL);
    if (!*value && needed)
        return sg_fail(err, SG_USAGE,
                       "COGNITO_USER_POOL_ID is set, but %s is not: set it, or unset COGNITO_USER_POOL_ID "
                       "for user ids without Cognito",
                       name);
    for (const char *c = *value; c && *c; c++)
        if (*c <= ' ' || *c > '~')
            return sg_fail(err, SG_USAGE,
                           "%s holds a blank, a line's end or another character that no key has", name);
    return SG_OK;
}

static enum sg_code read_endpoint(struct sg_identity_settings *settings, struct sg_error *err) {
    const char *url = variable("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "AWS_ENDPOINT_URL");
    settings->cognito.endpoint = url;
    if (!url) return SG_OK;
    const char *host = strncmp(url, "http://", 7) == 0    ? url + 7
                       : strncmp(url, "https://", 8) == 0 ? url + 8
                                                          : "";
    if (*host && !strchr("/?#", *host) && !strpbrk(host, "?# \t\r\n")) return SG_OK;
    return sg_fail(err, SG_USAGE,
                   "AWS_ENDPOINT_URL is not the address of a service: these look like http://localhost:5000 "
                   "or https://HOST, without ? and #");
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

static enum sg_code read_password(struct sg_identity_settings *settings, struct sg_error *err) {
    const char *password = settings->password = variable("COGNITO_DEMO_PASSWORD", NULL);
    size_t length = password ? strlen(password) : 0;
    if (length <= PASSWORD_BYTES_MAX && (!length || sg_utf8_characters(password, length) != SIZE_MAX))
        return SG_OK;
    return sg_fail(err, SG_USAGE, "COGNITO_DEMO_PASSWORD is longer than %d bytes or no UTF-8",
                   PASSWORD_BYTES_MAX);
}

enum sg_code sg_identity_settings_read(struct sg_identity_settings *settings, struct sg_error *err) {
    SG_TRY(read_pool(settings, err));
    SG_TRY(read_region(settings, err));
    SG_TRY(read_credential("AWS_ACCESS_KEY_ID", true, &settings->cognito.access_key, err));
    SG_TRY(read_credential("AWS_SECRET_ACCESS_KEY", true, &settings->cognito.secret_key, err));
    SG_TRY(read_credential("AWS_SESSION_TOKEN", false, &settings->cognito.session_token, err));
    SG_TRY(read_endpoint(settings, err));
    SG_TRY(read_password(settings, err));
    return read_limits(&settings->limits, err);
}
