/* The declared model of a dataset for its catalog page: each entry in words. */
#include <inttypes.h>
#include <string.h>

#include "app/catalog.h"
#include "verify/kind.h"

static const char *const class_names[] = {
    [SG_CLASSES_LABEL] = "",          [SG_CLASSES_VALUE] = "",
    [SG_CLASSES_HOUR] = "hour of ",   [SG_CLASSES_WEEKDAY] = "weekday of ",
    [SG_CLASSES_MONTH] = "month of ",
};

enum { LABELS_SHOWN = 8 };

/* "A or B"; of long lists the ends and how many there are. */
static void put_labels(const char *verb, const char *labels, FILE *out) {
    unsigned count = 1, at = 0;
    for (const char *c = labels; *c; c++)
        count += *c == '|';
    bool all = count <= LABELS_SHOWN;
    fprintf(out, all ? "%s" : "%sone of %u: ", verb, count);
    for (; *labels; labels++)
        if (*labels != '|' && (all || at < 2 || at == count - 1))
            fputc(*labels, out);
        else if (*labels == '|' && (all || ++at < 2))
            fprintf(out, all ? " or " : ", ");
        else if (*labels == '|' && at == count - 1)
            fprintf(out, ", ..., ");
}

static void put_less(const char *less, const char *via, FILE *out) {
    fprintf(out, " less %s%s%s", via ? via : "", via ? "'s " : "", less);
}

/* In a table, where | ends a cell. */
static void put_shape(const char *shape, FILE *out) {
    fprintf(out, " has the shape `");
    for (; *shape; shape++)
        fprintf(out, "%s%c", *shape == '|' ? "\\" : "", *shape);
    fputc('`', out);
}

static void put_where(const struct sg_where *where, FILE *out) {
    static const char *const words[] = {
        [SG_TEST_FROM] = "at least",
        [SG_TEST_BELOW] = "below",
        [SG_TEST_PERCENT_FROM] = "at least",
        [SG_TEST_PERCENT_BELOW] = "below",
        [SG_TEST_NULL] = "is null",
        [SG_TEST_NOT_NULL] = "is not null",
        [SG_TEST_DIFFERS] = "is not",
        [SG_TEST_SAME] = "is",
        [SG_TEST_MONTH] = "is",
        [SG_TEST_SINCE] = "not before",
        [SG_TEST_BEFORE] = "before",
        [SG_TEST_OPEN_OR_SINCE] = "null or not before",
    };
    if (where->via) fprintf(out, "%s's ", where->via);
    fprintf(out, "%s", where->column);
    if (where->less) put_less(where->less, where->less_via, out);
    bool percent = where->test == SG_TEST_PERCENT_FROM || where->test == SG_TEST_PERCENT_BELOW;
    if (where->test == SG_TEST_TEXT || where->test == SG_TEST_LABEL)
        put_labels(" is ", where->labels, out);
    else if (where->test == SG_TEST_SHAPE)
        put_shape(where->labels, out);
    else if (where->test == SG_TEST_OTHER_TEXT)
        put_labels(" is not ", where->labels, out);
    else
        fprintf(out, " %s", words[where->test]);
    if (percent) fprintf(out, " %" PRId64 " %% of", where->value);
    if (where->other_via) fprintf(out, " %s's", where->other_via);
    if (where->other) fprintf(out, " %s", where->other);
    if (where->test == SG_TEST_FROM || where->test == SG_TEST_BELOW) fprintf(out, " %" PRId64, where->value);
    if (where->test < SG_TEST_MONTH) return;
    bool month = where->test == SG_TEST_MONTH;
    fprintf(out, month ? " the as-of month" : where->month_start ? " the as-of month's first day" : " as-of");
    if (where->value) fprintf(out, " less %" PRId64 " %s", where->value, where->days ? "days" : "months");
}

static void put_term(const struct sg_selection *term, const char *classes, FILE *out) {
    if (term->column && term->via)
        fprintf(out, "%s%s' %s's %s", classes, term->table, term->via, term->column);
    else if (term->column)
        fprintf(out, "%s%s.%s", classes, term->table, term->column);
    else
        fprintf(out, "rows of %s", term->table);
    if (term->less) put_less(term->less, term->less_via, out);
    for (int i = 0; i < SG_WHERES_MAX && term->where[i].test != SG_TEST_END; i++) {
        fprintf(out, i ? " and " : ", where ");
        put_where(&term->where[i], out);
    }
}

void sg_catalog_selection(const struct sg_selection *selection, FILE *out) {
    put_term(selection, "", out);
}

/* Of a long list, which is a series, its ends. */
static void put_features(const struct sg_statistic *statistic, FILE *out) {
    enum { FEATURES_SHOWN = 8 };
    uint16_t count = statistic->feature_count;
    for (uint16_t i = 0; i < count; i++) {
        bool series = count > FEATURES_SHOWN;
        if (series && i > 0 && i + 1 < count) continue;
        fprintf(out, "%s%s: ",
                !i       ? ", from "
                : series ? "; and so on until "
                         : "; ",
                statistic->features[i].name);
        put_term(&statistic->features[i].of, "", out);
    }
}

static void put_subject(const struct sg_statistic *statistic, FILE *out) {
    bool weighted = statistic->class_count > 0;
    put_term(&statistic->of, weighted ? class_names[statistic->classes] : "", out);
    if (statistic->zone.column) fprintf(out, ", local time");
    put_features(statistic, out);
    if (!statistic->by.table) return;
    fprintf(out, sg_kind_of(statistic)->pairs ? " and " : " : ");
    put_term(&statistic->by, "", out);
}

static void put_tolerance(const struct sg_statistic *statistic, FILE *out) {
    if (statistic->tolerance > 0) fprintf(out, "± %g; ", statistic->tolerance);
    if (statistic->spread > 0) fprintf(out, "± %g / √rows; ", statistic->spread);
    if (statistic->slack > 0) fprintf(out, "± %g rows", statistic->slack);
    if (statistic->even) fprintf(out, ", none where the base is a multiple of %" PRIu64, statistic->even);
    if (statistic->slack > 0) fprintf(out, "; ");
    fprintf(out, "%s", statistic->reason);
    if (statistic->rows_min > 1) fprintf(out, "; from %" PRIu64 " rows", statistic->rows_min);
}

void sg_catalog_model(const struct sg_dataset *dataset, FILE *out) {
    if (!dataset->statistic_count) return;
    fprintf(
        out,
        "## Declared model\n\n`verify` measures each entry on the written rows; one that does not fit makes "
        "the run invalid. Values are in stored units (cents, tenths, seconds). p-values are corrected for "
        "the number of tests, so that a sound run fails with probability %g at most.\n\n"
        "| entry | statistic | of | expected | tolerance | source |\n|---|---|---|---|---|---|\n",
        SG_FALSE_ALARM);
    for (uint16_t i = 0; i < dataset->statistic_count; i++) {
        const struct sg_statistic *statistic = &dataset->statistics[i];
        fprintf(out, "| `%s` | %s | ", statistic->name, sg_kind_of(statistic)->name);
        put_subject(statistic, out);
        fprintf(out, " | ");
        sg_kind_of(statistic)->print_expected(statistic, out);
        fprintf(out, " | ");
        put_tolerance(statistic, out);
        fprintf(out, " | %s |\n", statistic->source);
    }
    fputc('\n', out);
}
