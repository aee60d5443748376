/* The declared model and the planned totals, measured by PostgreSQL: the counters that measuring shards fills
 * (verify/kind.h), from one scan per table where possible, for the same judge. */
#ifndef SG_APP_VERIFY_MODEL_H
#define SG_APP_VERIFY_MODEL_H

#include <stdatomic.h>

#include "app/verify_tables.h"
#include "verify/certificate.h"

struct sg_db_model {
    struct sg_certificate certificate;
    uint64_t *cells;
    atomic_bool *lost; /* per entry: a table of it could not be asked */
};

/* Local. Free with sg_db_model_close even after failure. The manifest must outlive it. */
enum sg_code sg_db_model_open(struct sg_db_model *model, const struct sg_manifest *manifest,
                              struct sg_error *err);
void sg_db_model_close(struct sg_db_model *model);

/* Local, different tables at once. Asks for everything that entries want of a table whose columns are as
 * declared, as are those of its parents; entries about other tables are lost. */
enum sg_code sg_db_model_ask(struct sg_db_model *model, const struct sg_db_table *table, struct sg_pg *pg,
                             struct sg_error *err);

/* After all tables: lost entries become absent, and the counters can be judged. */
void sg_db_model_finish(struct sg_db_model *model);

#endif
