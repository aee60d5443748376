/* Emptying a loaded dataset, and telling an emptied one from something else.
 *
 * Tables, constraints, indexes and views stay; the ledger remembers that the rows were cleared, so that a
 * later load may begin anew without --overwrite.
 */
#ifndef SG_IO_PG_CLEAR_H
#define SG_IO_PG_CLEAR_H

#include "io/pg_ledger.h"
#include "model/dataset.h"

struct sg_pg_holding {
    bool known;                              /* the ledger has a run of this schema */
    bool cleared;                            /* ... which was emptied */
    char identity[SG_LEDGER_IDENTITY_BYTES]; /* of the run, "" when unknown */
    uint64_t rows;                           /* that were loaded into the tables */
    int tables;                              /* of the run that are there */
    char missing[256];                       /* names of those that are not, perhaps cut; "" when all are */
};

/* Local. What the ledger knows of a schema. */
enum sg_code sg_pg_holding_look(struct sg_pg *pg, const char *schema, struct sg_pg_holding *holding,
                                struct sg_error *err);

/* Local. Empties all tables of the dataset's run, children before parents, in one transaction. Foreign keys
 * of other tables that refer to them make it fail (SG_EXISTS) without effect. */
enum sg_code sg_pg_clear(struct sg_pg *pg, const struct sg_dataset *dataset, struct sg_error *err);

/* Local. Does any table of the run hold a row, whoever wrote it? */
enum sg_code sg_pg_holds_rows(struct sg_pg *pg, const char *schema, bool *holds, struct sg_error *err);

/* Local. Was the schema cleared, and does it hold nothing else since: no row and no further table? */
enum sg_code sg_pg_is_cleared(struct sg_pg *pg, const char *schema, bool *cleared, struct sg_error *err);

#endif
