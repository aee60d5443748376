/* Bodies of Cognito's requests and replies. Private to cognito.c; cognito_json.c uses jansson. */
#ifndef SG_IO_COGNITO_JSON_H
#define SG_IO_COGNITO_JSON_H

#include "io/cognito.h"

enum { SG_COGNITO_TYPE_BYTES = 64, SG_COGNITO_MESSAGE_BYTES = 256 };

/* Request bodies; NULL without memory. Free with free. name and password may be NULL: left out. */
char *sg_cognito_user_body(const char *pool, const char *email, const char *name, const char *password);

enum { SG_COGNITO_EMAIL_BYTES = 256 };

/* Reads the user in a reply of AdminGetUser or AdminCreateUser, and the address in its attributes ("" when
 * there is none). False when it is malformed. */
bool sg_cognito_read_user(const char *body, struct sg_cognito_user *user, char email[SG_COGNITO_EMAIL_BYTES]);

/* Pure. Type of an error reply without its name space ("UserNotFoundException"), "" when it has none, and
 * its message. */
void sg_cognito_read_error(const char *body, char type[SG_COGNITO_TYPE_BYTES],
                           char message[SG_COGNITO_MESSAGE_BYTES]);

#endif
