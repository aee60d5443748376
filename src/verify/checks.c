/* From declarations to the list of checks, and what is judged across shards. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "model/rule.h"
#include "model/shape.h"
#include "verify/kind.h"
#include "verify/tally.h"
#include "verify/values.h"
#include "verify/verify.h"

static int manifest_table(const struct sg_manifest *manifest, const char *name) {
    for (size_t i = 0; i < manifest->table_count; i++)
        if (strcmp(manifest->tables[i].table->name, name) == 0) return (int)i;
    return -1;
}

static const struct sg_foreign_key *foreign_key_of(const struct sg_table *table, const char *column) {
    for (int i = 0; column && i < table->foreign_key_count; i++)
        if (strcmp(table->foreign_keys[i].column, column) == 0) return &table->foreign_keys[i];
    return NULL;
}

static struct sg_verify_check *add_check(struct sg_verify *verify, size_t table, enum sg_proof_kind kind,
                                         const char *format, const char *subject) {
    struct sg_verify_check *check = &verify->checks[verify->check_count++];
    *check = (struct sg_verify_check){.table = (uint16_t)table, .kind = kind, .parent = -1};
    snprintf(check->name, sizeof check->name, format, subject);
    return check;
}

/* What declarations tell of a kind of rule, before any row is read. */
enum trait {
    NEEDS_A = 1,
    NEEDS_B = 2,      /* b is a column of the table, too */
    OF_PARENT = 4,    /* b is a column of the parent */
    LABELLED = 8,     /* b is a list of a's labels */
    TIMED = 16,       /* low and high follow from the as-of date */
    DIFFERENCE = 32,  /* what is compared is how far off a row is: it has to be 0 */
    SUM_OF_TERMS = 64 /* b is a sum of columns */
};

static bool labels_alike(const struct sg_table *table, const struct sg_rule *rule, const struct sg_run *run) {
    (void)run;
    return table->columns[sg_column_index(table, rule->a)].labels ==
           table->columns[sg_column_index(table, rule->b)].labels;
}

static bool labels_read(const struct sg_table *table, const struct sg_rule *rule, const struct sg_run *run) {
    (void)run;
    return sg_rule_labels(&table->columns[sg_column_index(table, rule->a)], rule->b) != 0;
}

static bool window_reads(const struct sg_table *table, const struct sg_rule *rule, const struct sg_run *run) {
    int64_t low, high;
    return sg_rule_window(rule, run, table->columns[sg_column_index(table, rule->a)].type, &low, &high);
}

static bool terms_read(const struct sg_table *table, const struct sg_rule *rule, const struct sg_run *run) {
    struct sg_term terms[SG_TERMS_MAX];
    (void)run;
    return sg_rule_terms(table, rule->b, terms) > 0;
}

static bool factors_read(const struct sg_table *table, const struct sg_rule *rule, const struct sg_run *run) {
    int factors[2];
    (void)run;
    return sg_rule_factors(table, rule, factors);
}

static bool percent_reads(const struct sg_table *table, const struct sg_rule *rule,
                          const struct sg_run *run) {
    (void)run;
    return sg_rule_percent(table, rule);
}

static bool shape_reads(const struct sg_table *table, const struct sg_rule *rule, const struct sg_run *run) {
    (void)run;
    return table->columns[sg_column_index(table, rule->a)].type == SG_TEXT && rule->b &&
           sg_shape_reads(rule->b);
}

static bool step_reads(const struct sg_table *table, const struct sg_rule *rule, const struct sg_run *run) {
    (void)table, (void)run;
    return rule->low > 0;
}

/* reads: does the rule make sense of its columns, which are there? NULL = always. */
static const struct kind_info {
    unsigned traits;
    bool (*reads)(const struct sg_table *table, const struct sg_rule *rule, const struct sg_run *run);
} kinds[] = {
    [SG_RULE_LE] = {NEEDS_A | NEEDS_B, labels_alike},
    [SG_RULE_LT] = {NEEDS_A | NEEDS_B, labels_alike},
    [SG_RULE_RANGE] = {NEEDS_A, NULL},
    [SG_RULE_PARENT_EQ] = {NEEDS_A | OF_PARENT, NULL},
    [SG_RULE_PARENT_GE] = {NEEDS_A | OF_PARENT, NULL},
    [SG_RULE_PARENT_LE] = {NEEDS_A | OF_PARENT, NULL},
    [SG_RULE_COUNT_EQ] = {OF_PARENT, NULL},
    [SG_RULE_SUM_EQ] = {NEEDS_A | OF_PARENT, NULL},
    [SG_RULE_PAST] = {NEEDS_A | TIMED, window_reads},
    [SG_RULE_UNIQUE] = {NEEDS_A, NULL},
    [SG_RULE_CONSECUTIVE] = {NEEDS_A, NULL},
    [SG_RULE_LINEAR] = {NEEDS_A | SUM_OF_TERMS, terms_read},
    [SG_RULE_IN] = {NEEDS_A | LABELLED, labels_read},
    [SG_RULE_NULL] = {NEEDS_A, NULL},
    [SG_RULE_NOT_NULL] = {NEEDS_A, NULL},
    [SG_RULE_NEXT_EQ] = {NEEDS_A | NEEDS_B, NULL},
    [SG_RULE_NEXT_GE] = {NEEDS_A | NEEDS_B, NULL},
    [SG_RULE_NEXT_NE] = {NEEDS_A | NEEDS_B, NULL},
    [SG_RULE_FIRST_IN] = {NEEDS_A | LABELLED, labels_read},
    [SG_RULE_LAST_EQ] = {NEEDS_A | OF_PARENT, NULL},
    [SG_RULE_FUTURE] = {NEEDS_A | TIMED, window_reads},
    [SG_RULE_PARENT_IS] = {OF_PARENT, NULL},
    [SG_RULE_PRODUCT] = {NEEDS_A | DIFFERENCE, factors_read},
    [SG_RULE_MULTIPLE] = {NEEDS_A | DIFFERENCE, step_reads},
    [SG_RULE_WINDOW] = {NEEDS_A | TIMED, window_reads},
    [SG_RULE_TOGETHER] = {NEEDS_A | NEEDS_B, NULL},
    [SG_RULE_PERCENT] = {NEEDS_A | DIFFERENCE | SUM_OF_TERMS, percent_reads},
    [SG_RULE_SHAPE] = {NEEDS_A | DIFFERENCE, shape_reads},
};

static bool is(const struct sg_rule *rule, enum trait trait) {
    return kinds[rule->kind].traits & trait;
}

static int find_column(const struct sg_table *table, const char *name) {
    return table && name ? sg_column_index(table, name) : -1;
}

static enum sg_code check_columns(const struct sg_table *table, const struct sg_rule *rule,
                                  const struct sg_run *run, bool has_parent, struct sg_error *err) {
    const struct kind_info *kind = &kinds[rule->kind];
    bool grouped = sg_rule_on_neighbours(rule->kind) && find_column(table, rule->via) >= 0;
    if ((is(rule, NEEDS_A) && find_column(table, rule->a) < 0) ||
        (is(rule, NEEDS_B) && find_column(table, rule->b) < 0) || (rule->via && !has_parent && !grouped))
        return sg_fail(err, SG_INTERNAL, "rule %s of %s names a column that is not there", rule->name,
                       table->name);
    int when = find_column(table, rule->when);
    bool conditional = !rule->when || (when >= 0 && sg_rule_labels(&table->columns[when], rule->is) != 0);
    if (conditional && (!kind->reads || kind->reads(table, rule, run))) return SG_OK;
    return sg_fail(err, SG_INTERNAL, "rule %s of %s does not read: '%s', when '%s' is '%s'", rule->name,
                   table->name, rule->b ? rule->b : "", rule->when ? rule->when : "",
                   rule->is ? rule->is : "");
}

/* A parent whose key column is dense over one run of rows: existence is a range test. */
static bool dense_range(const struct sg_manifest_table *table, const char *key, int64_t *low, int64_t *high) {
    for (int r = 0; r < table->table->rule_count; r++) {
        const struct sg_rule *rule = &table->table->rules[r];
        if (rule->kind != SG_RULE_CONSECUTIVE || strcmp(rule->a, key) != 0) continue;
        *low = table->shard_count ? (int64_t)table->shards[0].row_first + 1 : 1;
        *high = *low + (int64_t)table->rows - 1;
        return true;
    }
    return false;
}

/* What a check has to know of its parent. */
static void resolve_parent(const struct sg_manifest *manifest, struct sg_verify_check *check) {
    const struct sg_table *table = manifest->tables[check->table].table;
    check->a = check->b = check->via = check->when = check->key = -1;
    if (check->parent < 0) return;
    const struct sg_manifest_table *parent = &manifest->tables[check->parent];
    check->key = find_column(parent->table, check->foreign_key->parent_column);
    check->via = find_column(table, check->foreign_key->column);
    if (check->kind == SG_PROOF_FOREIGN_KEY)
        check->parent_dense =
            dense_range(parent, check->foreign_key->parent_column, &check->low, &check->high);
}

static enum sg_code resolve_rule(const struct sg_manifest *manifest, struct sg_verify_check *check,
                                 struct sg_error *err) {
    const struct sg_table *table = manifest->tables[check->table].table;
    const struct sg_rule *rule = check->rule;
    bool of_parent = is(rule, OF_PARENT);
    const struct sg_table *other = !of_parent          ? table
                                   : check->parent < 0 ? NULL
                                                       : manifest->tables[check->parent].table;
    resolve_parent(manifest, check);
    check->a = find_column(table, rule->a);
    check->b = find_column(other, rule->b);
    if (check->via < 0) check->via = find_column(table, rule->via);
    check->when = find_column(table, rule->when);
    check->times = find_column(table, rule->times);
    if (rule->times && check->times < 0)
        return sg_fail(err, SG_INTERNAL, "rule %s: %s has no column %s", check->name, table->name,
                       rule->times);
    if (of_parent && other && check->b < 0)
        return sg_fail(err, SG_INTERNAL, "rule %s: %s has no column %s", check->name, other->name, rule->b);
    check->a_factor = check->b_factor = 1;
    if (check->a >= 0 && check->b >= 0) {
        enum sg_type a = table->columns[check->a].type, b = other->columns[check->b].type;
        check->a_factor = sg_value_factor(a, b);
        check->b_factor = sg_value_factor(b, a);
    }
    if (check->when >= 0) check->when_labels = sg_rule_labels(&table->columns[check->when], rule->is);
    if (is(rule, LABELLED)) check->labels = sg_rule_labels(&table->columns[check->a], rule->b);
    if (rule->kind == SG_RULE_PARENT_IS && other) {
        check->labels = sg_rule_labels(&other->columns[check->b], rule->is);
        if (!check->labels)
            return sg_fail(err, SG_INTERNAL, "rule %s: %s.%s is never '%s'", check->name, other->name,
                           rule->b, rule->is);
    }
    return SG_OK;
}

/* Bounds of a value that kinds bring themselves, and the columns that others compute it from. */
static void resolve_values(const struct sg_manifest *manifest, struct sg_verify_check *check) {
    const struct sg_table *table = manifest->tables[check->table].table;
    const struct sg_rule *rule = check->rule;
    check->low = rule->low;
    check->high = rule->high;
    if (is(rule, TIMED))
        (void)sg_rule_window(rule, &manifest->run, table->columns[check->a].type, &check->low, &check->high);
    if (is(rule, DIFFERENCE)) check->low = check->high = 0;
    if (rule->kind == SG_RULE_PRODUCT) (void)sg_rule_factors(table, rule, check->factors);
    if (is(rule, SUM_OF_TERMS)) check->term_count = sg_rule_terms(table, rule->b, check->terms);
}

/* With --only, a count or sum over rows of one unit says nothing about parents that are there whole. */
static bool adds_up(const struct sg_manifest *manifest, size_t child, int parent,
                    const struct sg_rule *rule) {
    if (!manifest->run.only_unit || parent < 0) return true;
    if (rule->kind != SG_RULE_COUNT_EQ && rule->kind != SG_RULE_SUM_EQ) return true;
    const struct sg_domain *domains = manifest->dataset->domains;
    return domains[manifest->tables[child].table->domain].only ==
           domains[manifest->tables[parent].table->domain].only;
}

static enum sg_code add_table(struct sg_verify *verify, size_t t, struct sg_error *err) {
    const struct sg_table *table = verify->manifest->tables[t].table;
    verify->first_check[t] = verify->check_count;
    add_check(verify, t, SG_PROOF_READABLE, "%s", "shards readable");
    add_check(verify, t, SG_PROOF_ROWS, "%s", "row count");
    add_check(verify, t, SG_PROOF_FINGERPRINT, "%s", "fingerprint");
    if (!table->key_unordered) add_check(verify, t, SG_PROOF_KEY, "%s", "primary key unique");
    for (int i = 0; i < table->foreign_key_count; i++) {
        const struct sg_foreign_key *key = &table->foreign_keys[i];
        struct sg_verify_check *check =
            add_check(verify, t, SG_PROOF_FOREIGN_KEY, "foreign key %s", key->column);
        check->foreign_key = key;
        check->parent = manifest_table(verify->manifest, key->parent);
        resolve_parent(verify->manifest, check);
    }
    for (int i = 0; i < table->rule_count; i++) {
        const struct sg_rule *rule = &table->rules[i];
        struct sg_verify_check *check = add_check(verify, t, SG_PROOF_RULE, "%s", rule->name);
        check->rule = rule;
        if (!sg_rule_on_neighbours(rule->kind)) check->foreign_key = foreign_key_of(table, rule->via);
        if (check->foreign_key) check->parent = manifest_table(verify->manifest, check->foreign_key->parent);
        if (!adds_up(verify->manifest, t, check->parent, rule)) check->parent = -1;
        SG_TRY(check_columns(table, rule, &verify->manifest->run, check->foreign_key != NULL, err));
        SG_TRY(resolve_rule(verify->manifest, check, err));
        resolve_values(verify->manifest, check);
    }
    return SG_OK;
}

static void add_gathering(struct sg_verify *verify, struct sg_gathering gathering) {
    verify->gatherings[verify->gathering_count++] = gathering;
}

static enum sg_code add_gatherings(struct sg_verify *verify, struct sg_error *err) {
    const struct sg_certificate *certificate = &verify->certificate;
    verify->gatherings = sg_alloc_array(verify->check_count + certificate->count, sizeof *verify->gatherings);
    if (!verify->gatherings) return sg_fail(err, SG_SYSTEM, "no memory for the list of checks");
    for (size_t c = 0; c < verify->check_count; c++) {
        const struct sg_verify_check *check = &verify->checks[c];
        if (check->rule && check->rule->kind == SG_RULE_UNIQUE)
            add_gathering(verify, (struct sg_gathering){check->table, check->a, c, SG_NONE});
    }
    for (size_t i = 0; i < certificate->count; i++) {
        const struct sg_resolved *entry = &certificate->entries[i];
        if (!entry->absent && sg_kind_of(entry->statistic)->gathers)
            add_gathering(
                verify, (struct sg_gathering){(uint16_t)entry->of.table, entry->of.slot.column, SG_NONE, i});
    }
    return SG_OK;
}

enum sg_code sg_verify_open(struct sg_verify *verify, const struct sg_manifest *manifest, const char *out,
                            struct sg_error *err) {
    *verify = (struct sg_verify){.manifest = manifest, .out = out};
    size_t most = 0;
    for (size_t t = 0; t < manifest->table_count; t++)
        most += 4u + manifest->tables[t].table->foreign_key_count + manifest->tables[t].table->rule_count;
    verify->checks = sg_alloc_array(most, sizeof *verify->checks);
    verify->first_check = sg_alloc_array(manifest->table_count + 1, sizeof *verify->first_check);
    if (!verify->checks || !verify->first_check)
        return sg_fail(err, SG_SYSTEM, "no memory for the list of checks");
    for (size_t t = 0; t < manifest->table_count; t++)
        SG_TRY(add_table(verify, t, err));
    verify->first_check[manifest->table_count] = verify->check_count;
    const struct sg_dataset *dataset = manifest->dataset;
    SG_TRY(sg_certificate_open(&verify->certificate, manifest, dataset ? dataset->statistics : NULL,
                               dataset ? dataset->statistic_count : 0, err));
    return add_gatherings(verify, err);
}

void sg_verify_close(struct sg_verify *verify) {
    free(verify->checks);
    free(verify->first_check);
    free(verify->gatherings);
    sg_certificate_close(&verify->certificate);
    *verify = (struct sg_verify){0};
}

void sg_tally_sample(struct sg_tally *tally, uint64_t row, const char *text) {
    uint32_t at = tally->samples;
    while (at > 0 && tally->sample_row[at - 1] > row)
        at--;
    if (at == SG_PROOF_SAMPLES) return;
    uint32_t last = tally->samples < SG_PROOF_SAMPLES ? tally->samples++ : SG_PROOF_SAMPLES - 1;
    for (uint32_t i = last; i > at; i--) {
        tally->sample_row[i] = tally->sample_row[i - 1];
        memcpy(tally->sample[i], tally->sample[i - 1], SG_PROOF_SAMPLE_BYTES);
    }
    tally->sample_row[at] = row;
    snprintf(tally->sample[at], SG_PROOF_SAMPLE_BYTES, "%s", text);
}

/* Totals of scattered rules wrap. */
static __int128 add_totals(__int128 a, __int128 b) {
    return (__int128)((unsigned __int128)a + (unsigned __int128)b);
}

void sg_tally_merge(struct sg_tally *into, const struct sg_tally *from) {
    into->tested += from->tested;
    into->offending += from->offending;
    into->child_total = add_totals(into->child_total, from->child_total);
    into->parent_total = add_totals(into->parent_total, from->parent_total);
    for (uint32_t i = 0; i < from->samples; i++)
        sg_tally_sample(into, from->sample_row[i], from->sample[i]);
}

static void judge_key_order(const struct sg_manifest_table *table, uint64_t externals,
                            struct sg_tally *tally) {
    const struct sg_shard_facts *previous = NULL;
    for (size_t s = 0; s < table->shard_count; s++) {
        const struct sg_shard_facts *shard = &table->shards[s];
        if (shard->rows == 0) continue;
        bool ordered = previous && shard->row_first > externals;
        if (ordered && sg_key_text_compare(table->table, previous->key_last, shard->key_first) >= 0) {
            char text[SG_PROOF_SAMPLE_BYTES];
            snprintf(text, sizeof text, "%.60s begins with key %.40s, not after %.40s", shard->path,
                     shard->key_first, previous->key_last);
            tally->offending++;
            sg_tally_sample(tally, shard->row_first, text);
        }
        previous = shard;
    }
}

static void judge_totals(const struct sg_verify_check *check, struct sg_tally *tally) {
    if (tally->child_total == tally->parent_total) return;
    char text[SG_PROOF_SAMPLE_BYTES];
    if (check->rule->scattered)
        snprintf(text, sizeof text, "some parent's %s is not what its rows here come to; SQL can tell which",
                 check->rule->b);
    else
        snprintf(text, sizeof text, "all parents' %s sum to %lld, their rows here to %lld", check->rule->b,
                 (long long)tally->parent_total, (long long)tally->child_total);
    tally->offending++;
    sg_tally_sample(tally, UINT64_MAX, text);
}

void sg_verify_finish(const struct sg_verify *verify, struct sg_tally *tallies) {
    for (size_t c = 0; c < verify->check_count; c++) {
        const struct sg_verify_check *check = &verify->checks[c];
        const struct sg_manifest_table *table = &verify->manifest->tables[check->table];
        if (check->kind == SG_PROOF_KEY)
            judge_key_order(table, sg_verify_external_rows(verify, table->table), &tallies[c]);
        bool totals =
            check->rule && (check->rule->kind == SG_RULE_COUNT_EQ || check->rule->kind == SG_RULE_SUM_EQ);
        if (totals && check->parent >= 0) judge_totals(check, &tallies[c]);
    }
}
