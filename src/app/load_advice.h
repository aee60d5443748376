/* What settings of a server that is not ours would speed a load; they are proposed, never changed. */
#ifndef SG_APP_LOAD_ADVICE_H
#define SG_APP_LOAD_ADVICE_H

#include "io/pg.h"

enum { SG_LOAD_ADVICE_BYTES = 1024 };

/* Local. Lines "  name = value   why", "" when the server is set well. */
enum sg_code sg_load_advice(struct sg_pg *pg, char out[SG_LOAD_ADVICE_BYTES], struct sg_error *err);

#endif
