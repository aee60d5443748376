/* Every rule and every entry of a dataset must catch a fault: columns are spoilt one after the other in all
 * ways that their types take, in the shards of a run, and what fails is noted. Rules of uniqueness are left
 * out: all workers together prove them. */
#ifndef TESTS_SPOIL_H
#define TESTS_SPOIL_H

#include "distortions.h"

/* Ways to spoil a cell: false when the column does not take them. */
static bool add(struct sg_batch *batch, size_t row, int column, int64_t steps) {
    enum sg_type type = batch->table->columns[column].type;
    int64_t amount = steps * (type == SG_TIMESTAMP ? 35 * SG_DAY_S : 1);
    if (type == SG_I16)
        CELL(int16_t) = (int16_t)(CELL(int16_t) + amount);
    else if (type == SG_I32 || type == SG_DATE)
        CELL(int32_t) += (int32_t)amount;
    else if (type == SG_I64 || type == SG_DECIMAL || type == SG_TIMESTAMP || type == SG_TOKEN)
        CELL(int64_t) += amount;
    else
        return false;
    return true;
}

static bool more(struct sg_batch *batch, size_t row, int column) {
    return add(batch, row, column, 1);
}

static bool less(struct sg_batch *batch, size_t row, int column) {
    return add(batch, row, column, -1);
}

static bool much_more(struct sg_batch *batch, size_t row, int column) {
    return add(batch, row, column, 9999);
}

static bool somewhat_more(struct sg_batch *batch, size_t row, int column) {
    return add(batch, row, column, 1500);
}

/* All rows of one parent. */
static bool like_the_first(struct sg_batch *batch, size_t row, int column) {
    enum sg_type type = batch->table->columns[column].type;
    if (type == SG_I32) CELL(int32_t) = ((const int32_t *)batch->vectors[column].data)[0];
    if (type == SG_I64) CELL(int64_t) = ((const int64_t *)batch->vectors[column].data)[0];
    return type == SG_I32 || type == SG_I64;
}

/* Every other row, so that neighbours and parents differ. */
static bool every_other(struct sg_batch *batch, size_t row, int column) {
    return add(batch, row, column, (int64_t)(row & 1));
}

static bool thousandfold(struct sg_batch *batch, size_t row, int column) {
    bool decimal = batch->table->columns[column].type == SG_DECIMAL;
    if (decimal) CELL(int64_t) *= 1000;
    return decimal;
}

static bool nothing(struct sg_batch *batch, size_t row, int column) {
    bool decimal = batch->table->columns[column].type == SG_DECIMAL;
    if (decimal) CELL(int64_t) = 0;
    return decimal;
}

static bool hours_later(struct sg_batch *batch, size_t row, int column) {
    bool instant = batch->table->columns[column].type == SG_TIMESTAMP;
    if (instant) CELL(int64_t) += 3 * SG_HOUR_S;
    return instant;
}

static bool twenty_years(struct sg_batch *batch, size_t row, int column, int sign) {
    if (batch->table->columns[column].type != SG_TIMESTAMP) return false;
    CELL(int64_t) += sign * 20 * 365 * SG_DAY_S;
    return true;
}

static bool long_after(struct sg_batch *batch, size_t row, int column) {
    return twenty_years(batch, row, column, 1);
}

static bool long_before(struct sg_batch *batch, size_t row, int column) {
    return twenty_years(batch, row, column, -1);
}

static bool other_flag(struct sg_batch *batch, size_t row, int column) {
    bool flag = batch->table->columns[column].type == SG_BOOL;
    if (flag) CELL(uint8_t) ^= 1;
    return flag;
}

/* Without its first and last byte. */
static bool cut(struct sg_batch *batch, size_t row, int column) {
    if (batch->table->columns[column].type != SG_TEXT) return false;
    struct sg_text *text = &CELL(struct sg_text);
    if (text->length > 2) *text = (struct sg_text){text->offset + 1, text->length - 2};
    return true;
}

static bool next_label(struct sg_batch *batch, size_t row, int column) {
    const struct sg_enum *labels = batch->table->columns[column].labels;
    if (labels) CELL(uint16_t) = (uint16_t)((CELL(uint16_t) + 1) % labels->count);
    return labels != NULL;
}

static bool first_label(struct sg_batch *batch, size_t row, int column) {
    bool labels = batch->table->columns[column].labels != NULL;
    if (labels) CELL(uint16_t) = 0;
    return labels;
}

/* NULL to what the bytes say, anything else to NULL. */
static bool other_presence(struct sg_batch *batch, size_t row, int column) {
    bool nullable = batch->table->columns[column].nullable;
    if (nullable) batch->vectors[column].null[row] ^= 1;
    return nullable;
}

static bool like_row(struct sg_batch *batch, size_t row, size_t other, int column) {
    enum sg_type type = batch->table->columns[column].type;
    size_t bytes = sg_type_bytes(type);
    char *cells = batch->vectors[column].data;
    if (other < batch->rows) memmove(cells + row * bytes, cells + other * bytes, bytes);
    return type == SG_TEXT || type == SG_TOKEN || type == SG_UUID;
}

/* Which is like the one before that: all become the first. */
static bool like_the_row_before(struct sg_batch *batch, size_t row, int column) {
    return like_row(batch, row, row - 1, column);
}

static bool like_the_row_after(struct sg_batch *batch, size_t row, int column) {
    return like_row(batch, row, row + 1, column);
}

static bool negative(struct sg_batch *batch, size_t row, int column) {
    enum sg_type type = batch->table->columns[column].type;
    bool amount = type == SG_I64 || type == SG_DECIMAL;
    if (amount) CELL(int64_t) = -CELL(int64_t);
    return amount;
}

/* The beginning of its fortnight. */
static bool fortnightly(struct sg_batch *batch, size_t row, int column) {
    bool date = batch->table->columns[column].type == SG_DATE;
    if (date) CELL(int32_t) -= CELL(int32_t) % 14;
    return date;
}

/* Other amounts in each month. */
static bool times_month(struct sg_batch *batch, size_t row, int column) {
    int month = sg_column_index(batch->table, "month");
    if (month < 0 || batch->table->columns[column].type != SG_I64) return false;
    const struct sg_text *text = batch->vectors[month].data;
    CELL(int64_t) *= 1 + batch->pool[text[row].offset + 6] - '0';
    return true;
}

static change_fn *const ways[] = {more,           less,        much_more,           somewhat_more,
                                  like_the_first, every_other, thousandfold,        nothing,
                                  hours_later,    next_label,  first_label,         negative,
                                  times_month,    long_after,  long_before,         other_flag,
                                  other_presence, cut,         like_the_row_before, like_the_row_after,
                                  fortnightly};

/* Does the column take this way? Asked of a row that nobody keeps. */
static bool takes(const struct sg_table *table, int column, change_fn *way) {
    int64_t cells[4] = {0};
    uint8_t null[4] = {0};
    char text[] = "2026-01";
    struct sg_vector vectors[32];
    struct sg_batch batch = {.table = table, .vectors = vectors, .rows = 1, .pool = text};
    assert_true(table->column_count <= 32);
    for (int c = 0; c < table->column_count; c++)
        vectors[c] = (struct sg_vector){.data = cells, .null = null};
    return way(&batch, 0, column);
}

struct seen {
    char names[65536];
};

static bool has_seen(const struct seen *seen, const char *name) {
    char wanted[128];
    snprintf(wanted, sizeof wanted, " %s ", name);
    return strstr(seen->names, wanted) != NULL;
}

static void note(struct seen *seen, char *names) {
    for (char *name = strtok(names, " "); name; name = strtok(NULL, " ")) {
        size_t used = strlen(seen->names);
        if (!has_seen(seen, name)) snprintf(seen->names + used, sizeof seen->names - used, " %s ", name);
    }
}

/* Spoils a column in every way that it takes, and leaves the table as it should be. */
static void spoil(struct seen *seen, struct planted *planted, uint16_t t, int column) {
    const struct sg_dataset *dataset = planted->manifest.dataset;
    const struct sg_table *table = dataset->tables[t];
    char checks[NAMES_BYTES], entries[NAMES_BYTES];
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        if (!takes(table, column, ways[w])) continue;
        struct distortion distortion = {
            "", table->name, table->columns[column].name, 0, UINT64_MAX, 0, ways[w], "", NULL};
        write_table(dataset, planted->world, t, &planted->manifest.tables[t], &distortion);
        sg_manifest_seal(&planted->manifest);
        verify_run(&planted->manifest, checks, entries);
        note(seen, checks);
        note(seen, entries);
    }
    write_table(dataset, planted->world, t, &planted->manifest.tables[t], NULL);
}

/* Every column of a run. */
static void spoil_all(struct seen *seen, const struct sg_dataset *dataset, uint64_t units) {
    struct planted planted;
    plant(&planted, dataset, (struct sg_run){.units = units}, true);
    for (uint16_t t = 0; t < dataset->table_count; t++)
        for (int column = 0; column < dataset->tables[t]->column_count; column++)
            spoil(seen, &planted, t, column);
    uproot(&planted, dataset);
}

struct spoilt {
    const char *table, *column;
};

/* Some columns of a run that is large enough for what is drawn by chance. */
static inline void spoil_some(struct seen *seen, const struct sg_dataset *dataset, uint64_t units,
                              const struct spoilt *columns, size_t count) {
    struct planted planted;
    plant(&planted, dataset, (struct sg_run){.units = units}, true);
    for (size_t i = 0; i < count; i++) {
        uint16_t t = (uint16_t)sg_table_index(dataset, columns[i].table);
        spoil(seen, &planted, t, sg_column_index(dataset->tables[t], columns[i].column));
    }
    uproot(&planted, dataset);
}

static int missed(const struct seen *seen, const char *what, const char *name) {
    if (has_seen(seen, name)) return 0;
    print_error("%s %s caught no fault\n", what, name);
    return 1;
}

/* Was everything declared seen to fail? Takes `seen`. */
static void check_seen(struct seen *seen, const struct sg_dataset *dataset) {
    int blind = 0;
    for (uint16_t t = 0; t < dataset->table_count; t++)
        for (int r = 0; r < dataset->tables[t]->rule_count; r++)
            if (dataset->tables[t]->rules[r].kind != SG_RULE_UNIQUE)
                blind += missed(seen, "rule", dataset->tables[t]->rules[r].name);
    for (uint16_t i = 0; i < dataset->statistic_count; i++)
        if (dataset->statistics[i].kind != SG_STAT_SERIES)
            blind += missed(seen, "entry", dataset->statistics[i].name);
    for (uint16_t i = 0; i < dataset->total_count; i++)
        blind += missed(seen, "total", dataset->totals[i].name);
    free(seen);
    assert_int_equal(blind, 0);
}

#endif
