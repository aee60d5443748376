/* Connection strings are parsed by libpq; what it says about a malformed one may quote the password, so it is
 * never shown. */
#include "io/pg_url.h"

#include <ctype.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_url(const char *text) {
    return strncmp(text, "postgresql://", 13) == 0 || strncmp(text, "postgres://", 11) == 0;
}

/* A bare database name: libpq takes anything else without "=" as one, a misspelt URL too. */
static bool is_name(const char *text) {
    return *text &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == 0;
}

static PQconninfoOption *parse(const char *url) {
    if (!is_url(url) && !strchr(url, '=')) return NULL;
    return PQconninfoParse(url, NULL);
}

static const char *value_of(const PQconninfoOption *options, const char *keyword) {
    for (; options && options->keyword; options++)
        if (strcmp(options->keyword, keyword) == 0 && options->val && options->val[0]) return options->val;
    return NULL;
}

static bool port_is_number(const PQconninfoOption *options) {
    const char *port = value_of(options, "port");
    return !port || port[strspn(port, "0123456789,")] == 0;
}

enum sg_code sg_pg_check_url(const char *url, struct sg_error *err) {
    PQconninfoOption *options = parse(url);
    bool good = options ? port_is_number(options) && strlen(url) < SG_PG_URL_BYTES : is_name(url);
    PQconninfoFree(options);
    if (good) return SG_OK;
    return sg_fail(err, SG_USAGE,
                   "the database URL is not understood; write postgresql://USER:PASSWORD@HOST:PORT/DATABASE "
                   "(in a password, write @ : / %% as %%40 %%3A %%2F %%25) or \"host=... dbname=...\"");
}

/* The value, or the environment's, or the fallback. */
static const char *or_environment(const char *value, const char *variable, const char *fallback) {
    if (value) return value;
    const char *set = getenv(variable);
    return set && set[0] ? set : fallback;
}

void sg_pg_label(const char *url, char out[SG_PG_LABEL_BYTES]) {
    PQconninfoOption *options = parse(url);
    bool readable = options ? port_is_number(options) : is_name(url);
    if (!readable) { /* a password with a bare / or : spills into port and database */
        PQconninfoFree(options);
        snprintf(out, SG_PG_LABEL_BYTES, "the database URL");
        return;
    }
    const char *user = or_environment(value_of(options, "user"), "PGUSER", NULL);
    const char *database = or_environment(options ? value_of(options, "dbname") : url, "PGDATABASE", NULL);
    const char *host = value_of(options, "host");
    if (!host) host = value_of(options, "hostaddr");
    host = or_environment(host, "PGHOST", "the local socket");
    const char *port = or_environment(value_of(options, "port"), "PGPORT", "5432");
    snprintf(out, SG_PG_LABEL_BYTES, "database %.60s on %.100s port %.20s%s%.40s",
             database ? database : "(default)", host, port, user ? " as " : "", user ? user : "");
    PQconninfoFree(options);
    /* A password with a bare @ spills into the host. */
    struct sg_pg_secret secret;
    sg_pg_secret_of(url, &secret);
    sg_pg_redact(&secret, out);
}

bool sg_pg_is_local(const char *url) {
    PQconninfoOption *options = parse(url);
    const char *address = value_of(options, "hostaddr");
    const char *host = or_environment(value_of(options, "host"), "PGHOST", "/");
    bool local = !address && (host[0] == '/' || host[0] == '@');
    PQconninfoFree(options);
    return local;
}

static void keep(char out[SG_PG_SECRET_BYTES], const char *text, size_t length) {
    if (length >= SG_PG_SECRET_BYTES) length = SG_PG_SECRET_BYTES - 1;
    memcpy(out, text, length);
    out[length] = 0;
}

void sg_pg_secret_of(const char *url, struct sg_pg_secret *secret) {
    memset(secret, 0, sizeof *secret);
    PQconninfoOption *options = parse(url);
    const char *password = or_environment(value_of(options, "password"), "PGPASSWORD", NULL);
    const char *key_password = value_of(options, "sslpassword");
    if (password) keep(secret->texts[0], password, strlen(password));
    if (key_password) keep(secret->texts[1], key_password, strlen(key_password));
    PQconninfoFree(options);
    /* As written between the user's ":" and the last "@", whatever the parser made of it. */
    const char *authority = is_url(url) ? strstr(url, "://") + 3 : NULL;
    const char *at = authority ? strrchr(authority, '@') : NULL;
    const char *colon = authority ? strchr(authority, ':') : NULL;
    if (at && colon && colon < at) keep(secret->texts[2], colon + 1, (size_t)(at - colon - 1));
}

void sg_pg_redact(const struct sg_pg_secret *secret, char *text) {
    for (int i = 0; i < SG_PG_SECRETS; i++) {
        size_t length = strlen(secret->texts[i]);
        if (length < 2) continue;
        for (char *found = text; (found = strstr(found, secret->texts[i])); found += length)
            memset(found, '*', length);
    }
}
