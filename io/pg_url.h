/* Connection strings: read without connecting, named without their secrets. Internal to io/pg*.c. */
#ifndef SG_IO_PG_URL_H
#define SG_IO_PG_URL_H

#include "io/pg.h"

enum { SG_PG_SECRET_BYTES = 256, SG_PG_SECRETS = 3 };

/* Texts that must not be shown: the password as given and as decoded, the SSL key's password. */
struct sg_pg_secret {
    char texts[SG_PG_SECRETS][SG_PG_SECRET_BYTES];
};

/* Pure. Collects the secrets of a connection string and of the environment. */
void sg_pg_secret_of(const char *url, struct sg_pg_secret *secret);

/* Pure. Overwrites every secret in a text with asterisks, in place. */
void sg_pg_redact(const struct sg_pg_secret *secret, char *text);

#endif
