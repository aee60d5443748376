/* Looking at, locking, preparing and completing a load's ledger. Claiming is in pg_claim.c. */
#include "io/pg_ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "io/fingerprint.h"
#include "io/pg_clear.h"
#include "io/pg_ddl.h"

enum { LOCK_TRIES = 50, LOCK_WAIT_MS = 100 };

static const char ledger_tables[] =
    "CREATE SCHEMA IF NOT EXISTS synthgen;\n"
    "COMMENT ON SCHEMA synthgen IS 'Ledger of data sets loaded by synthgen-hpc.';\n"
    "CREATE TABLE IF NOT EXISTS synthgen.run (schema_name text PRIMARY KEY, dataset text NOT NULL,\n"
    "    identity text NOT NULL, root text NOT NULL, as_of date NOT NULL, only_unit bigint NOT NULL,\n"
    "    state text NOT NULL CHECK (state IN ('loading', 'complete', 'cleared')),\n"
    "    started_at timestamptz NOT NULL DEFAULT now(), completed_at timestamptz,\n"
    "    partition_rows bigint NOT NULL DEFAULT 0);\n"
    "CREATE TABLE IF NOT EXISTS synthgen.table_ledger (\n"
    "    schema_name text NOT NULL REFERENCES synthgen.run ON DELETE CASCADE, table_name text NOT NULL,\n"
    "    rows bigint NOT NULL, fingerprint numeric NOT NULL, digest text NOT NULL,\n"
    "    PRIMARY KEY (schema_name, table_name));\n"
    "CREATE TABLE IF NOT EXISTS synthgen.shard_ledger (\n"
    "    schema_name text NOT NULL REFERENCES synthgen.run ON DELETE CASCADE, table_name text NOT NULL,\n"
    "    shard integer NOT NULL, rows bigint NOT NULL, digest text NOT NULL, weight bigint NOT NULL,\n"
    "    loaded_at timestamptz, part integer NOT NULL, PRIMARY KEY (schema_name, table_name, shard));\n"
    "CREATE TABLE IF NOT EXISTS synthgen.step_ledger (\n"
    "    schema_name text NOT NULL REFERENCES synthgen.run ON DELETE CASCADE, step text NOT NULL,\n"
    "    place integer NOT NULL, needs text[] NOT NULL, waits_for_table text, weight bigint NOT NULL,\n"
    "    done_at timestamptz, seconds numeric(12,3), PRIMARY KEY (schema_name, step));\n"
    "CREATE TABLE IF NOT EXISTS synthgen.made_view (\n"
    "    schema_name text NOT NULL, view_schema text NOT NULL, view_name text NOT NULL,\n"
    "    PRIMARY KEY (schema_name, view_schema, view_name));\n";

/* Ledgers of earlier versions knew no parts, nor what views say. */
static const char ledger_columns[] =
    "ALTER TABLE synthgen.run ADD COLUMN IF NOT EXISTS partition_rows bigint NOT NULL DEFAULT 0;\n"
    "ALTER TABLE synthgen.shard_ledger ADD COLUMN IF NOT EXISTS part integer;\n"
    "ALTER TABLE synthgen.made_view ADD COLUMN IF NOT EXISTS definition text;\n";

/* A dataset's schema ($1) and that of its partitions. */
#define OWN_SCHEMAS "($1::text, left($1::text, 60) || '_parts')"

/* Relations outside a dataset's schemas that use its relations, directly or through other views. */
#define DEPENDENT_VIEWS                                                                                      \
    "WITH RECURSIVE used(oid) AS ("                                                                          \
    " SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname "           \
    "IN " OWN_SCHEMAS " UNION SELECT r.ev_class FROM used u"                                                 \
    " JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = u.oid"                        \
    "  AND d.classid = 'pg_rewrite'::regclass JOIN pg_rewrite r ON r.oid = d.objid),"                        \
    " views(view_schema, view_name) AS (SELECT n.nspname::text, c.relname::text FROM used"                   \
    " JOIN pg_class c USING (oid) JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname NOT "        \
    "IN " OWN_SCHEMAS ") "

void sg_ledger_identity(const struct sg_manifest *manifest, char out[SG_LEDGER_IDENTITY_BYTES]) {
    struct sg_civil day = sg_civil_from_day(manifest->run.as_of_day);
    const size_t size = SG_LEDGER_IDENTITY_BYTES;
    const struct sg_run *run = &manifest->run;
    snprintf(out, size, "%s %ss=%llu seed=%llu as-of=%04d-%02d-%02d format=%s", manifest->dataset->name,
             manifest->dataset->unit, (unsigned long long)run->units, (unsigned long long)run->seed, day.year,
             day.month, day.day, manifest->format);
    if (run->only_unit) sg_append(out, size, " only=%llu", (unsigned long long)run->only_unit);
    if (run->anomalies_ppm) sg_append(out, size, " anomalies=%u", run->anomalies_ppm);
    if (run->key_count)
        sg_append(out, size, " keys=%llu/%016llx", (unsigned long long)run->key_count,
                  (unsigned long long)sg_hash_bytes(run->keys, run->key_count * sizeof *run->keys));
    if (manifest->tables_option[0]) sg_append(out, size, " tables=%s", manifest->tables_option);
    sg_append(out, size, " version=%s", manifest->version);
}

enum sg_code sg_ledger_check_rights(struct sg_pg *pg, struct sg_error *err) {
    char may[8], name[128];
    SG_TRY(sg_pg_ask_text(pg, name, sizeof name, "SELECT current_user || '@' || current_database()", 0, NULL,
                          err));
    SG_TRY(sg_pg_ask_text(pg, may, sizeof may, "SELECT has_database_privilege(current_database(), 'CREATE')",
                          0, NULL, err));
    if (may[0] == 't') return SG_OK;
    return sg_fail(err, SG_DENIED,
                   "%s may not create schemas; let the owner run GRANT CREATE ON DATABASE, or use "
                   "another role",
                   name);
}

static enum sg_code ledger_exists(struct sg_pg *pg, bool *exists, struct sg_error *err) {
    char found[64];
    SG_TRY(sg_pg_ask_text(pg, found, sizeof found, "SELECT to_regclass('synthgen.run')::text", 0, NULL, err));
    *exists = found[0] != 0;
    return SG_OK;
}

static enum sg_code look_run(struct sg_pg *pg, const struct sg_manifest *manifest, bool with_root,
                             struct sg_ledger_found *found, struct sg_error *err) {
    char identity[SG_LEDGER_IDENTITY_BYTES], root[33];
    struct sg_pg_rows *rows;
    sg_ledger_identity(manifest, identity);
    sg_digest_text(manifest->root, root);
    SG_TRY(sg_pg_ask(pg, &rows, "SELECT identity, root, state FROM synthgen.run WHERE schema_name = $1", 1,
                     (const char *const[]){manifest->dataset->schema}, err));
    if (sg_pg_row_count(rows)) {
        snprintf(found->identity, sizeof found->identity, "%s", sg_pg_cell(rows, 0, 0));
        bool same = strcmp(found->identity, identity) == 0 &&
                    (!with_root || strcmp(sg_pg_cell(rows, 0, 1), root) == 0);
        bool complete = strcmp(sg_pg_cell(rows, 0, 2), "complete") == 0;
        found->state = !same ? SG_LEDGER_OTHER_RUN : complete ? SG_LEDGER_COMPLETE : SG_LEDGER_LOADING;
        if (strcmp(sg_pg_cell(rows, 0, 2), "cleared") == 0) found->state = SG_LEDGER_EMPTY;
    }
    sg_pg_rows_free(rows);
    return SG_OK;
}

enum sg_code sg_ledger_look(struct sg_pg *pg, const struct sg_manifest *manifest, bool with_root,
                            struct sg_ledger_found *found, struct sg_error *err) {
    bool exists;
    char objects[32];
    *found = (struct sg_ledger_found){.state = SG_LEDGER_EMPTY};
    SG_TRY(ledger_exists(pg, &exists, err));
    if (exists) SG_TRY(look_run(pg, manifest, with_root, found, err));
    SG_TRY(sg_pg_ask_text(pg, objects, sizeof objects,
                          "SELECT count(*) FROM pg_depend d JOIN pg_namespace n ON n.oid = d.refobjid WHERE "
                          "d.refclassid = 'pg_namespace'::regclass AND n.nspname IN " OWN_SCHEMAS,
                          1, (const char *const[]){manifest->dataset->schema}, err));
    bool holds = strcmp(objects, "0") != 0;
    if (found->state == SG_LEDGER_EMPTY && holds) {
        bool cleared;
        SG_TRY(sg_pg_is_cleared(pg, manifest->dataset->schema, &cleared, err));
        if (!cleared) found->state = SG_LEDGER_OTHER_THING;
    }
    /* Somebody dropped the schema by hand: its ledger row says nothing any more. */
    if (!holds) found->state = SG_LEDGER_EMPTY;
    return SG_OK;
}

enum sg_code sg_ledger_refuse_other(const struct sg_ledger_found *found, const struct sg_manifest *manifest,
                                    const char *target, struct sg_error *err) {
    char identity[SG_LEDGER_IDENTITY_BYTES];
    sg_ledger_identity(manifest, identity);
    if (found->state == SG_LEDGER_OTHER_RUN && strcmp(found->identity, identity) == 0)
        return sg_fail(err, SG_EXISTS,
                       "schema %s in %s holds a run of this description (%.300s) with other content; use "
                       "--overwrite to replace it, or another database",
                       manifest->dataset->schema, target, found->identity);
    if (found->state == SG_LEDGER_OTHER_RUN)
        return sg_fail(err, SG_EXISTS,
                       "schema %s in %s holds another run (%.300s), not this one (%.300s); use --overwrite "
                       "to replace it, or another database",
                       manifest->dataset->schema, target, found->identity, identity);
    if (found->state == SG_LEDGER_OTHER_THING)
        return sg_fail(err, SG_EXISTS,
                       "schema %s in %s holds relations that were not loaded by this program; use "
                       "--overwrite to drop that schema, or another database",
                       manifest->dataset->schema, target);
    return SG_OK;
}

enum sg_code sg_ledger_lock(struct sg_pg *pg, const char *schema, struct sg_error *err) {
    char got[8], holder[256];
    for (int i = 0; i < LOCK_TRIES; i++) {
        SG_TRY(sg_pg_ask_text(pg, got, sizeof got,
                              "SELECT pg_try_advisory_lock(hashtext('synthgen.load'), hashtext($1))", 1,
                              &schema, err));
        if (got[0] == 't') return SG_OK;
        SG_TRY(sg_pg_wait_notify(pg, LOCK_WAIT_MS, err));
    }
    SG_TRY(sg_pg_ask_text(
        pg, holder, sizeof holder,
        "SELECT format('server process %s, connected since %s%s', a.pid, "
        "date_trunc('second', a.backend_start), ' from ' || host(a.client_addr)) FROM pg_locks l "
        "JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted AND "
        "l.classid::bigint = hashtext('synthgen.load')::bigint & 4294967295 AND "
        "l.objid::bigint = hashtext($1)::bigint & 4294967295 LIMIT 1",
        1, &schema, err));
    return sg_fail(err, SG_UNAVAILABLE,
                   "another load or clear of schema %s is running in this database (%s); wait for it to end",
                   schema, holder[0] ? holder : "it has just ended");
}

/* Views that hang on the schema and that no earlier run made. */
static enum sg_code refuse_foreign_views(struct sg_pg *pg, const char *schema, struct sg_error *err) {
    char names[512];
    SG_TRY(sg_pg_ask_text(pg, names, sizeof names,
                          DEPENDENT_VIEWS
                          "SELECT string_agg(format('%I.%I', view_schema, view_name), ', ') FROM views v "
                          "WHERE NOT EXISTS (SELECT FROM synthgen.made_view m WHERE m.schema_name = $1 "
                          "AND m.view_schema = v.view_schema AND m.view_name = v.view_name)",
                          1, &schema, err));
    if (!names[0]) return SG_OK;
    return sg_fail(err, SG_EXISTS, "views that this program did not make use schema %s: %s; drop them first",
                   schema, names);
}

enum sg_code sg_ledger_note_views(struct sg_pg *pg, const char *schema, struct sg_error *err) {
    struct sg_pg_rows *rows;
    SG_TRY(sg_pg_ask(
        pg, &rows,
        DEPENDENT_VIEWS
        "INSERT INTO synthgen.made_view SELECT $1, v.view_schema, v.view_name, "
        "md5(pg_get_viewdef(format('%I.%I', v.view_schema, v.view_name)::regclass)) FROM (TABLE "
        "views UNION SELECT schemaname::text, viewname::text FROM pg_views WHERE schemaname = $1) v "
        "ON CONFLICT (schema_name, view_schema, view_name) DO UPDATE SET definition = "
        "excluded.definition",
        1, &schema, err));
    sg_pg_rows_free(rows);
    return SG_OK;
}

enum sg_code sg_ledger_lost_views(struct sg_pg *pg, const char *schema, char *names, size_t names_bytes,
                                  struct sg_error *err) {
    bool exists;
    names[0] = 0;
    SG_TRY(ledger_exists(pg, &exists, err));
    if (!exists) return SG_OK;
    return sg_pg_ask_text(
        pg, names, names_bytes,
        "SELECT string_agg(format('%s %s', name, CASE WHEN there IS NULL THEN 'is gone' ELSE "
        "'says something else' END), ', ' ORDER BY name) FROM (SELECT name, "
        "to_regclass(name) AS there, definition FROM (SELECT format('%I.%I', view_schema, "
        "view_name) AS name, to_jsonb(m) ->> 'definition' AS definition FROM synthgen.made_view "
        "m WHERE schema_name = $1) m) m WHERE there IS NULL OR definition <> "
        "md5(pg_get_viewdef(there))",
        1, &schema, err);
}

static enum sg_code drop_old(struct sg_pg *pg, const char *schema, struct sg_error *err) {
    SG_TRY(refuse_foreign_views(pg, schema, err));
    struct sg_sql sql = {0};
    char parts[SG_PG_PARTS_SCHEMA_BYTES];
    sg_sql_add(&sql,
               "DROP SCHEMA IF EXISTS %s CASCADE;\nDROP SCHEMA IF EXISTS %s CASCADE;\n"
               "DELETE FROM synthgen.made_view WHERE schema_name = ",
               SG_SQL_NAME(schema), SG_SQL_NAME(sg_pg_parts_schema(schema, parts)));
    sg_sql_add_literal(&sql, schema);
    sg_sql_add(&sql, ";\nDELETE FROM synthgen.run WHERE schema_name = ");
    sg_sql_add_literal(&sql, schema);
    enum sg_code code = sg_sql_check(&sql, err);
    if (code == SG_OK) code = sg_pg_run_text(pg, sql.text, err);
    sg_sql_free(&sql);
    return code;
}

/* The schema of the partitions, when there are any. */
static void create_parts_schema(struct sg_sql *sql, const char *schema, const struct sg_pg_steps *steps) {
    char name[SG_PG_PARTS_SCHEMA_BYTES];
    bool any = false;
    for (size_t i = 0; i < steps->table_count; i++)
        any = any || steps->parts[i].layout == SG_PG_PARTITIONED;
    if (!any) return;
    sg_pg_parts_schema(schema, name);
    sg_sql_add(sql, "CREATE SCHEMA %s;\nCOMMENT ON SCHEMA %s IS ", SG_SQL_NAME(name), SG_SQL_NAME(name));
    sg_sql_add_literal(sql, "Partitions of big tables; use the tables themselves.");
    sg_sql_add(sql, ";\n");
}

static enum sg_code create_tables(struct sg_pg *pg, const struct sg_manifest *manifest,
                                  const struct sg_pg_steps *steps, struct sg_error *err) {
    const struct sg_dataset *dataset = manifest->dataset;
    struct sg_sql sql = {0};
    sg_sql_add(&sql, "CREATE SCHEMA %s;\nCOMMENT ON SCHEMA %s IS ", SG_SQL_NAME(dataset->schema),
               SG_SQL_NAME(dataset->schema));
    sg_sql_add_literal(&sql, dataset->title ? dataset->title : dataset->name);
    sg_sql_add(&sql, ";\n");
    create_parts_schema(&sql, dataset->schema, steps);
    for (size_t i = 0; i < manifest->table_count; i++) {
        sg_ddl_create_parts(&sql, dataset->schema, &manifest->tables[i], &steps->parts[i]);
        sg_ddl_comments(&sql, dataset->schema, manifest->tables[i].table);
    }
    enum sg_code code = sg_sql_check(&sql, err);
    if (code == SG_OK) code = sg_pg_run_text(pg, sql.text, err);
    sg_sql_free(&sql);
    return code;
}

/* Sends text collected as COPY lines into a ledger table. */
static enum sg_code copy_lines(struct sg_pg *pg, const char *statement, struct sg_sql *lines,
                               struct sg_error *err) {
    uint64_t rows;
    enum sg_code code = sg_sql_check(lines, err);
    if (code == SG_OK) code = sg_pg_copy_begin(pg, statement, err);
    if (code == SG_OK && lines->used) code = sg_pg_copy_send(pg, lines->text, lines->used, err);
    if (code == SG_OK) code = sg_pg_copy_end(pg, &rows, err);
    sg_sql_free(lines);
    return code;
}

/* Names of tables, steps and schemas are program text without tabs or backslashes. */
static void add_shard_lines(struct sg_sql *lines, const struct sg_manifest *manifest,
                            const struct sg_manifest_table *table, const struct sg_pg_parts *parts) {
    const char *schema = manifest->dataset->schema;
    uint64_t weight = sg_pg_weight(manifest, table);
    char digest[33];
    for (uint32_t p = 0; p < parts->count; p++)
        for (uint32_t i = parts->items[p].shard_first; i < parts->items[p].shard_end; i++) {
            const struct sg_shard_facts *facts = &table->shards[i];
            sg_digest_text(facts->digest, digest);
            sg_sql_add(lines, "%s\t%s\t%u\t%llu\t%s\t%llu\t%u\n", schema, table->table->name, i,
                       (unsigned long long)facts->rows, digest, (unsigned long long)weight,
                       parts->items[p].shard_first);
        }
}

static enum sg_code insert_ledger(struct sg_pg *pg, const struct sg_manifest *manifest,
                                  const struct sg_pg_steps *steps, struct sg_error *err) {
    const char *schema = manifest->dataset->schema;
    struct sg_sql tables = {0}, shards = {0}, work = {0};
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct sg_manifest_table *table = &manifest->tables[i];
        char digest[33], fingerprint[48];
        sg_digest_text(table->digest, digest);
        sg_fingerprint_text(table->fingerprint, fingerprint);
        sg_sql_add(&tables, "%s\t%s\t%llu\t%s\t%s\n", schema, table->table->name,
                   (unsigned long long)table->rows, fingerprint, digest);
        add_shard_lines(&shards, manifest, table, &steps->parts[i]);
    }
    for (size_t i = 0; i < steps->count; i++) {
        const struct sg_pg_step *step = &steps->items[i];
        sg_sql_add(&work, "%s\t%s\t%zu\t%s\t%s\t%llu\n", schema, step->name, i, step->needs.text,
                   step->waits_for_rows ? step->table : "\\N", (unsigned long long)step->weight);
    }
    enum sg_code code = copy_lines(
        pg, "COPY synthgen.table_ledger (schema_name, table_name, rows, fingerprint, digest) FROM STDIN",
        &tables, err);
    if (code == SG_OK)
        code = copy_lines(pg,
                          "COPY synthgen.shard_ledger (schema_name, table_name, shard, rows, digest, weight, "
                          "part) FROM STDIN",
                          &shards, err);
    if (code == SG_OK)
        code = copy_lines(pg,
                          "COPY synthgen.step_ledger (schema_name, step, place, needs, waits_for_table, "
                          "weight) FROM STDIN",
                          &work, err);
    sg_sql_free(&shards);
    sg_sql_free(&work);
    return code;
}

static enum sg_code insert_run(struct sg_pg *pg, const struct sg_manifest *manifest, uint64_t partition_rows,
                               struct sg_error *err) {
    char identity[SG_LEDGER_IDENTITY_BYTES], root[33], day[32], only[32], partition[32];
    struct sg_civil civil = sg_civil_from_day(manifest->run.as_of_day);
    struct sg_pg_rows *rows;
    sg_ledger_identity(manifest, identity);
    sg_digest_text(manifest->root, root);
    snprintf(day, sizeof day, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
    snprintf(only, sizeof only, "%llu", (unsigned long long)manifest->run.only_unit);
    snprintf(partition, sizeof partition, "%llu", (unsigned long long)partition_rows);
    const char *const values[] = {
        manifest->dataset->schema, manifest->dataset->name, identity, root, day, only, partition};
    SG_TRY(sg_pg_ask(pg, &rows,
                     "INSERT INTO synthgen.run (schema_name, dataset, identity, root, as_of, only_unit, "
                     "partition_rows, state) VALUES ($1, $2, $3, $4, $5, $6, $7, 'loading')",
                     7, values, err));
    sg_pg_rows_free(rows);
    return SG_OK;
}

static enum sg_code prepare_inside(struct sg_pg *pg, const struct sg_manifest *manifest,
                                   const struct sg_pg_steps *steps, struct sg_error *err) {
    SG_TRY(sg_pg_run(pg, err, "BEGIN; SELECT pg_advisory_xact_lock(hashtext('synthgen.prepare'))"));
    SG_TRY(sg_pg_run_text(pg, ledger_tables, err));
    SG_TRY(sg_pg_run_text(pg, ledger_columns, err));
    SG_TRY(drop_old(pg, manifest->dataset->schema, err));
    SG_TRY(create_tables(pg, manifest, steps, err));
    SG_TRY(insert_run(pg, manifest, steps->partition_rows, err));
    SG_TRY(insert_ledger(pg, manifest, steps, err));
    return sg_pg_run(pg, err, "COMMIT; ANALYZE synthgen.shard_ledger; ANALYZE synthgen.step_ledger");
}

enum sg_code sg_ledger_prepare(struct sg_pg *pg, const struct sg_manifest *manifest,
                               const struct sg_pg_steps *steps, struct sg_error *err) {
    enum sg_code code = prepare_inside(pg, manifest, steps, err);
    if (code != SG_OK) sg_pg_rollback(pg);
    return code;
}

enum sg_code sg_ledger_partition_rows(struct sg_pg *pg, const char *schema, uint64_t *partition_rows,
                                      struct sg_error *err) {
    struct sg_pg_rows *rows;
    /* The row as JSON: a ledger of an earlier version has no such column. */
    SG_TRY(sg_pg_ask(pg, &rows,
                     "SELECT to_json(r)->>'partition_rows' FROM synthgen.run r WHERE schema_name = $1", 1,
                     &schema, err));
    *partition_rows = sg_pg_row_count(rows) ? sg_pg_cell_u64(rows, 0, 0) : 0;
    sg_pg_rows_free(rows);
    return SG_OK;
}

enum sg_code sg_ledger_check_same(struct sg_pg *pg, const struct sg_manifest *manifest,
                                  const struct sg_pg_steps *steps, struct sg_error *err) {
    char counts[96], expected[96];
    size_t shards = 0, parts = 0;
    for (size_t i = 0; i < manifest->table_count; i++) {
        shards += manifest->tables[i].shard_count;
        parts += steps->parts[i].count;
    }
    snprintf(expected, sizeof expected, "%zu shards %zu parts %zu steps", shards, parts, steps->count);
    SG_TRY(sg_pg_ask_text(pg, counts, sizeof counts,
                          "SELECT format('%s shards %s parts %s steps', count(*), "
                          "count(*) FILTER (WHERE (to_json(l)->>'part')::int = shard), "
                          "(SELECT count(*) FROM synthgen.step_ledger WHERE schema_name = $1)) "
                          "FROM synthgen.shard_ledger l WHERE schema_name = $1",
                          1, (const char *const[]){manifest->dataset->schema}, err));
    if (strcmp(counts, expected) == 0) return SG_OK;
    return sg_fail(err, SG_EXISTS,
                   "the load in schema %s was begun by a different build of this program (%s, now %s); use "
                   "--overwrite to start again",
                   manifest->dataset->schema, counts, expected);
}

enum sg_code sg_ledger_left(struct sg_pg *pg, const char *schema, uint64_t *rows, uint64_t *shards,
                            uint64_t *steps, struct sg_error *err) {
    struct sg_pg_rows *answer;
    SG_TRY(sg_pg_ask(pg, &answer,
                     "SELECT coalesce(sum(rows), 0)::bigint, count(*), (SELECT count(*) FROM "
                     "synthgen.step_ledger WHERE schema_name = $1 AND done_at IS NULL) FROM "
                     "synthgen.shard_ledger WHERE schema_name = $1 AND loaded_at IS NULL",
                     1, &schema, err));
    *rows = sg_pg_cell_u64(answer, 0, 0);
    *shards = sg_pg_cell_u64(answer, 0, 1);
    *steps = sg_pg_cell_u64(answer, 0, 2);
    sg_pg_rows_free(answer);
    return SG_OK;
}

enum sg_code sg_ledger_complete(struct sg_pg *pg, const char *schema, struct sg_error *err) {
    uint64_t rows, shards, steps;
    SG_TRY(sg_ledger_left(pg, schema, &rows, &shards, &steps, err));
    if (shards || steps)
        return sg_fail(err, SG_INTERNAL, "the load ended with %llu shards and %llu steps left",
                       (unsigned long long)shards, (unsigned long long)steps);
    struct sg_pg_rows *done;
    SG_TRY(sg_pg_ask(pg, &done,
                     "UPDATE synthgen.run SET state = 'complete', completed_at = clock_timestamp() WHERE "
                     "schema_name = $1",
                     1, &schema, err));
    sg_pg_rows_free(done);
    return SG_OK;
}
