/* Claiming and finishing work of the ledger: the queue side. */
#include <stdio.h>
#include <string.h>

#include "io/pg_ledger.h"

static const char claim_step[] =
    "SELECT s.step FROM synthgen.step_ledger s WHERE s.schema_name = $1 AND s.done_at IS NULL "
    "AND NOT EXISTS (SELECT FROM synthgen.step_ledger n WHERE n.schema_name = $1 AND n.done_at IS NULL "
    "AND n.step = ANY (s.needs)) "
    "AND NOT EXISTS (SELECT FROM synthgen.shard_ledger h WHERE h.schema_name = $1 AND h.loaded_at IS NULL "
    "AND h.table_name = s.waits_for_table) "
    "ORDER BY s.weight DESC, s.place LIMIT 1 FOR UPDATE OF s SKIP LOCKED";

static const char claim_part[] =
    "SELECT table_name, shard FROM synthgen.shard_ledger WHERE schema_name = $1 AND loaded_at IS NULL "
    "AND shard = part ORDER BY weight DESC, table_name, shard LIMIT 1 FOR UPDATE SKIP LOCKED";

enum sg_code sg_ledger_attach(struct sg_pg *pg, struct sg_error *err) {
    return sg_pg_run_text(pg, "LISTEN synthgen_load", err);
}

static enum sg_code try_step(struct sg_pg *pg, const char *schema, struct sg_ledger_claim *claim,
                             struct sg_error *err) {
    SG_TRY(sg_pg_ask_text(pg, claim->name, sizeof claim->name, claim_step, 1, &schema, err));
    if (claim->name[0]) claim->kind = SG_CLAIM_STEP;
    return SG_OK;
}

static enum sg_code try_part(struct sg_pg *pg, const char *schema, struct sg_ledger_claim *claim,
                             struct sg_error *err) {
    struct sg_pg_rows *rows;
    SG_TRY(sg_pg_ask(pg, &rows, claim_part, 1, &schema, err));
    if (sg_pg_row_count(rows)) {
        claim->kind = SG_CLAIM_PART;
        snprintf(claim->name, sizeof claim->name, "%s", sg_pg_cell(rows, 0, 0));
        claim->shard = (uint32_t)sg_pg_cell_u64(rows, 0, 1);
    }
    sg_pg_rows_free(rows);
    return SG_OK;
}

enum sg_code sg_ledger_claim(struct sg_pg *pg, const char *schema, struct sg_ledger_claim *claim,
                             struct sg_error *err) {
    uint64_t rows, shards, steps;
    *claim = (struct sg_ledger_claim){.kind = SG_CLAIM_WAIT};
    SG_TRY(sg_pg_run_text(pg, "BEGIN", err));
    SG_TRY(try_step(pg, schema, claim, err));
    if (claim->kind == SG_CLAIM_WAIT) SG_TRY(try_part(pg, schema, claim, err));
    if (claim->kind != SG_CLAIM_WAIT) return SG_OK;
    SG_TRY(sg_ledger_left(pg, schema, &rows, &shards, &steps, err));
    if (shards + steps == 0) claim->kind = SG_CLAIM_NOTHING_LEFT;
    return sg_pg_run_text(pg, "ROLLBACK", err);
}

static enum sg_code mark(struct sg_pg *pg, const char *sql, int count, const char *const *parameters,
                         struct sg_error *err) {
    struct sg_pg_rows *rows;
    SG_TRY(sg_pg_ask(pg, &rows, sql, count, parameters, err));
    int marked = sg_pg_row_count(rows);
    sg_pg_rows_free(rows);
    if (marked > 0) return SG_OK;
    return sg_fail(err, SG_INTERNAL, "the ledger lost the row of %s %s; was it changed by hand?",
                   parameters[0], parameters[1]);
}

enum sg_code sg_ledger_done(struct sg_pg *pg, const char *schema, const struct sg_ledger_claim *claim,
                            struct sg_error *err) {
    char shard[16];
    snprintf(shard, sizeof shard, "%u", (unsigned)claim->shard);
    const char *const parameters[] = {schema, claim->name, shard};
    if (claim->kind == SG_CLAIM_STEP)
        SG_TRY(mark(pg,
                    "UPDATE synthgen.step_ledger SET done_at = clock_timestamp(), seconds = extract(epoch "
                    "FROM clock_timestamp() - now()) WHERE schema_name = $1 AND step = $2 AND done_at IS "
                    "NULL RETURNING 1",
                    2, parameters, err));
    else
        SG_TRY(mark(pg,
                    "UPDATE synthgen.shard_ledger SET loaded_at = clock_timestamp() WHERE schema_name = $1 "
                    "AND table_name = $2 AND part = $3 AND loaded_at IS NULL RETURNING 1",
                    3, parameters, err));
    return sg_pg_run_text(pg, "NOTIFY synthgen_load; COMMIT", err);
}
