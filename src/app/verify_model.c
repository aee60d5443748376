/* Statements that count for the certificate.
 *
 * Entries that sum rows become aggregates with a FILTER; entries that count rows by counter become keys of
 * one GROUP BY, so that a table is scanned once. Where keys could multiply to more groups than GROUPS_MAX,
 * the table is scanned again for the rest of them.
 */
#include "app/verify_model.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "io/pg_ddl.h"
#include "verify/ask.h"
#include "verify/kind.h"

enum { GROUPS_MAX = 1 << 16 };

/* What one statement asks of a table. */
struct question {
    const struct sg_certificate *certificate;
    size_t table;
    size_t *keys; /* entries that count by counter */
    size_t key_count;
    struct term *terms;
    size_t term_count;
    struct sg_ask_parents parents;
};

/* Rows and sum of one side of an entry. */
struct term {
    const struct sg_selection *declared;
    const struct sg_resolved_selection *resolved;
    size_t cell;
    size_t like; /* the first term that asks the same: itself, or one that is asked in its place */
};

enum sg_code sg_db_model_open(struct sg_db_model *model, const struct sg_manifest *manifest,
                              struct sg_error *err) {
    const struct sg_dataset *dataset = manifest->dataset;
    *model = (struct sg_db_model){0};
    SG_TRY(sg_certificate_open(&model->certificate, manifest, dataset->statistics, dataset->statistic_count,
                               err));
    model->cells = sg_alloc_array(model->certificate.cells, sizeof *model->cells);
    model->lost = sg_alloc_array(model->certificate.count, sizeof *model->lost);
    return model->cells && model->lost ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for the certificate");
}

void sg_db_model_close(struct sg_db_model *model) {
    sg_certificate_close(&model->certificate);
    free(model->cells);
    free(model->lost);
}

void sg_db_model_finish(struct sg_db_model *model) {
    for (size_t i = 0; i < model->certificate.count; i++)
        model->certificate.entries[i].absent |= atomic_load(&model->lost[i]);
}

static bool is_about(const struct sg_resolved *entry, size_t table) {
    return entry->of.table == (int)table || entry->by.table == (int)table;
}

static void add_term(struct question *question, const struct sg_selection *declared,
                     const struct sg_resolved_selection *resolved, size_t cell) {
    if (resolved->table != (int)question->table) return;
    size_t at = question->term_count++;
    question->terms[at] = (struct term){declared, resolved, cell, at};
    sg_ask_parents_add(&question->parents, declared, resolved, NULL);
}

static void add_terms(struct question *question) {
    for (size_t i = 0; i < question->certificate->count; i++) {
        const struct sg_resolved *entry = &question->certificate->entries[i];
        const struct sg_kind *kind = sg_kind_of(entry->statistic);
        if (entry->absent || kind->ask != SG_ASK_TERMS) continue;
        add_term(question, &entry->statistic->of, &entry->of, entry->cell);
        if (kind->count_by) add_term(question, &entry->statistic->by, &entry->by, entry->cell + 2);
    }
}

/* Counters that rows are counted in; those of sums lie behind them. */
static size_t counted_cells(const struct sg_resolved *entry) {
    return sg_kind_of(entry->statistic)->sums ? entry->cells / 2 : entry->cells;
}

static bool has_sums(const struct sg_resolved *entry) {
    return sg_kind_of(entry->statistic)->sums && entry->by.slot.column >= 0;
}

/* Keys from entry *next on until their counters multiply to too many groups; *next moves behind them. */
static void add_keys(struct question *question, size_t *next) {
    const struct sg_certificate *certificate = question->certificate;
    bool small = certificate->manifest->tables[question->table].rows <= GROUPS_MAX;
    size_t groups = 1;
    for (; *next < certificate->count; ++*next) {
        const struct sg_resolved *entry = &certificate->entries[*next];
        bool asked = !entry->absent && sg_kind_of(entry->statistic)->ask == SG_ASK_CELLS &&
                     entry->of.table == (int)question->table;
        if (!asked) continue;
        if (!small && question->key_count && groups > GROUPS_MAX / (counted_cells(entry) + 1)) return;
        groups *= counted_cells(entry) + 1;
        question->keys[question->key_count++] = *next;
        sg_ask_parents_add(&question->parents, &entry->statistic->of, &entry->of, &entry->zone);
        if (sg_kind_of(entry->statistic)->pairs)
            sg_ask_parents_add(&question->parents, &entry->statistic->by, &entry->by, NULL);
    }
}

static void compose_condition(struct sg_sql *sql, const struct term *term) {
    sg_sql_add(sql, " FILTER (WHERE ");
    sg_ask_condition(sql, term->declared, term->resolved);
    sg_sql_add(sql, ")");
}

static void compose_term(struct sg_sql *sql, const struct term *term, size_t number) {
    sg_sql_add(sql, ", count(*)");
    compose_condition(sql, term);
    sg_sql_add(sql, " AS r%zu, ", number);
    if (term->resolved->slot.column < 0) {
        sg_sql_add(sql, "0 AS s%zu", number);
        return;
    }
    sg_sql_add(sql, "sum(");
    sg_ask_value(sql, &term->resolved->slot);
    sg_sql_add(sql, ")");
    compose_condition(sql, term);
    sg_sql_add(sql, " AS s%zu", number);
}

/* Finds terms that ask the same in the same words: the rows of a category, all rows. */
static void find_likes(struct question *question) {
    struct sg_sql *texts = calloc(question->term_count, sizeof *texts);
    for (size_t i = 0; texts && i < question->term_count; i++) {
        size_t *like = &question->terms[i].like;
        compose_term(&texts[i], &question->terms[i], 0);
        for (*like = 0; *like < i; ++*like)
            if (texts[i].text && texts[*like].text && strcmp(texts[i].text, texts[*like].text) == 0) break;
    }
    for (size_t i = 0; texts && i < question->term_count; i++)
        sg_sql_free(&texts[i]);
    free(texts);
}

/* The groups: a column k<i> for each key, rows and sum of each term as r<i> and s<i>. */
static void compose_groups(struct sg_sql *sql, const struct question *question) {
    const struct sg_manifest *manifest = question->certificate->manifest;
    sg_sql_add(sql, "WITH g AS MATERIALIZED (SELECT count(*) AS n");
    for (size_t i = 0; i < question->key_count; i++) {
        const struct sg_resolved *entry = &question->certificate->entries[question->keys[i]];
        sg_sql_add(sql, ", (CASE WHEN ");
        sg_ask_condition(sql, &entry->statistic->of, &entry->of);
        sg_sql_add(sql, " THEN ");
        sg_kind_of(entry->statistic)->sql_cell(sql, entry);
        sg_sql_add(sql, " END)::bigint AS k%zu", i);
    }
    for (size_t i = 0; i < question->key_count; i++) {
        const struct sg_resolved *entry = &question->certificate->entries[question->keys[i]];
        if (!has_sums(entry)) continue;
        sg_sql_add(sql, ", sum(");
        sg_ask_value(sql, &entry->by.slot);
        sg_sql_add(sql, ") AS m%zu", i);
    }
    for (size_t i = 0; i < question->term_count; i++)
        if (question->terms[i].like == i) compose_term(sql, &question->terms[i], i);
    sg_sql_add(sql, " FROM %s c",
               SG_DDL_TABLE(manifest->dataset->schema, manifest->tables[question->table].table->name));
    sg_ask_joins(sql, manifest, question->table, &question->parents);
    for (size_t i = 0; i < question->key_count; i++)
        sg_sql_add(sql, "%s%zu", i ? ", " : " GROUP BY ", i + 2);
    sg_sql_add(sql, ") ");
}

/* Rows (counter, amount): those of keys counted from their entry's first, those of terms as they are. */
static void compose(struct sg_sql *sql, const struct question *question) {
    const char *joint = "";
    compose_groups(sql, question);
    for (size_t i = 0; i < question->key_count; i++) {
        const struct sg_resolved *entry = &question->certificate->entries[question->keys[i]];
        size_t cells = counted_cells(entry);
        sg_sql_add(sql, "%sSELECT %zu + least(k%zu, %zu), sum(n)::bigint FROM g WHERE k%zu >= 0 GROUP BY 1",
                   joint, entry->cell, i, cells - 1, i);
        joint = " UNION ALL ";
        if (!has_sums(entry)) continue;
        sg_sql_add(sql,
                   " UNION ALL SELECT %zu + least(k%zu, %zu), sum(m%zu)::bigint FROM g WHERE k%zu >= 0 GROUP "
                   "BY 1",
                   entry->cell + cells, i, cells - 1, i, i);
    }
    for (size_t i = 0; i < question->term_count; i++) {
        size_t cell = question->terms[i].cell, like = question->terms[i].like;
        sg_sql_add(sql,
                   "%sSELECT %zu, sum(r%zu)::bigint FROM g UNION ALL SELECT %zu, sum(s%zu)::bigint FROM g",
                   joint, cell, like, cell + 1, like);
        joint = " UNION ALL ";
    }
}

/* Runs a statement whose rows are (counter, amount); `first` is added to the counters. */
static enum sg_code count_rows(struct sg_db_model *model, const struct sg_sql *sql, size_t first,
                               struct sg_pg *pg, struct sg_error *err) {
    struct sg_pg_rows *rows;
    SG_TRY(sg_sql_check(sql, err));
    SG_TRY(sg_pg_ask(pg, &rows, sql->text, 0, NULL, err));
    enum sg_code code = SG_OK;
    for (int i = 0; i < sg_pg_row_count(rows) && code == SG_OK; i++) {
        size_t cell = first + (size_t)sg_pg_cell_u64(rows, i, 0);
        const char *amount = sg_pg_cell(rows, i, 1); /* NULL: the sum of no rows */
        if (cell >= model->certificate.cells)
            code = sg_fail(err, SG_INTERNAL, "counter %zu of the certificate is not there", cell);
        else
            model->cells[cell] += amount ? (uint64_t)strtoll(amount, NULL, 10) : 0;
    }
    sg_pg_rows_free(rows);
    return code;
}

static enum sg_code ask_scans(struct sg_db_model *model, struct question *question, struct sg_pg *pg,
                              struct sg_error *err) {
    size_t next = 0;
    enum sg_code code = SG_OK;
    add_terms(question);
    find_likes(question);
    for (; code == SG_OK; question->term_count = 0) {
        struct sg_sql sql = {0};
        question->key_count = 0;
        add_keys(question, &next);
        if (question->key_count == 0 && question->term_count == 0) break;
        compose(&sql, question);
        code = count_rows(model, &sql, 0, pg, err);
        sg_sql_free(&sql);
    }
    return code;
}

static enum sg_code ask_alone(struct sg_db_model *model, size_t table, struct sg_pg *pg,
                              struct sg_error *err) {
    enum sg_code code = SG_OK;
    for (size_t i = 0; i < model->certificate.count && code == SG_OK; i++) {
        const struct sg_resolved *entry = &model->certificate.entries[i];
        const struct sg_kind *kind = sg_kind_of(entry->statistic);
        if (entry->absent || kind->ask != SG_ASK_ROWS || entry->of.table != (int)table) continue;
        struct sg_sql sql = {0};
        kind->sql_rows(&sql, &model->certificate, entry);
        code = count_rows(model, &sql, entry->cell, pg, err);
        sg_sql_free(&sql);
    }
    return code;
}

/* Are the table and all its parents in the run there as declared? */
static bool can_be_asked(const struct sg_db_table *table) {
    const struct sg_table *declared = table->item->table;
    bool can = table->present;
    for (int i = 0; i < declared->foreign_key_count; i++) {
        const struct sg_db_table *parent = sg_db_table_find(table, declared->foreign_keys[i].parent);
        can &= !parent || parent->present;
    }
    return can;
}

enum sg_code sg_db_model_ask(struct sg_db_model *model, const struct sg_db_table *table, struct sg_pg *pg,
                             struct sg_error *err) {
    size_t index = (size_t)(table - table->tables), count = model->certificate.count;
    if (!can_be_asked(table)) {
        for (size_t i = 0; i < count; i++)
            if (is_about(&model->certificate.entries[i], index)) atomic_store(&model->lost[i], true);
        return SG_OK;
    }
    struct question question = {.certificate = &model->certificate,
                                .table = index,
                                .keys = sg_alloc_array(count, sizeof *question.keys),
                                .terms = sg_alloc_array(2 * count, sizeof *question.terms)};
    enum sg_code code = question.keys && question.terms
                            ? ask_scans(model, &question, pg, err)
                            : sg_fail(err, SG_SYSTEM, "no memory for the certificate");
    free(question.keys);
    free(question.terms);
    return code == SG_OK ? ask_alone(model, index, pg, err) : code;
}
