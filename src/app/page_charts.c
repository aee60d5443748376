/* Charts of the report as SVG: measured classes beside what was declared, and months. */
#include <stdio.h>
#include <string.h>

#include "app/numbers.h"
#include "app/page.h"
#include "base/calendar.h"
#include "verify/kind.h"

enum {
    WIDTH = 320,
    HEIGHT = 150,
    LEFT = 4,
    TOP = 20,
    BOTTOM = 128,
    CLASSES_MAX = 40,
    LABELS_EVERY_MAX = 8,
    CHARACTER = 7,
    YEAR_WIDTH = 26,
    YEAR = 12, /* months */
    LABEL_BYTES = 48
};

/* `what` (may be NULL) is what of the name is drawn, `note` stands above the drawing. */
static void open_figure(const char *name, const char *what, const char *note, FILE *out) {
    fprintf(out, "<figure><h3>");
    sg_page_title(out, name);
    if (what) {
        fprintf(out, ": ");
        sg_page_title(out, what);
    }
    fprintf(out, "</h3><svg viewBox=\"0 0 %d %d\" role=img aria-label=\"", WIDTH, HEIGHT);
    sg_page_title(out, name);
    fprintf(out, "\"><line class=g x1=%d x2=%d y1=%d y2=%d />", LEFT, WIDTH - LEFT, BOTTOM, BOTTOM);
    if (note) fprintf(out, "<text x=%d y=9>%s</text>", LEFT, note);
}

static void put_shown(bool share, double value, FILE *out) {
    if (share)
        fprintf(out, "%.2f %%", 100 * value);
    else
        fprintf(out, "%.6g", value);
}

static void put_bar(const char *label, double x, double step, double unit, double measured, double declared,
                    bool share, FILE *out) {
    fprintf(out, "<rect class=b x=%.1f y=%.1f width=%.1f height=%.1f><title>", x + step * 0.12,
            BOTTOM - measured * unit, step * 0.76, measured * unit);
    sg_page_text(out, label);
    fprintf(out, ": ");
    put_shown(share, measured, out);
    fprintf(out, ", declared ");
    put_shown(share, declared, out);
    fprintf(out, "</title></rect><line class=m x1=%.1f x2=%.1f y1=%.1f y2=%.1f />", x + step * 0.04,
            x + step * 0.96, BOTTOM - declared * unit, BOTTOM - declared * unit);
}

static void put_bar_label(const char *label, double x, double width, FILE *out) {
    char text[LABEL_BYTES];
    size_t room = (size_t)(width / CHARACTER) + 1;
    const char *last = strrchr(label, '/'); /* of "America/New_York" the city */
    snprintf(text, room < sizeof text ? room : sizeof text, "%s", last ? last + 1 : label);
    fprintf(out, "<text text-anchor=middle x=%.1f y=%d>", x, BOTTOM + 14);
    sg_page_text(out, text);
    fprintf(out, "</text>");
}

static void put_classes(const struct sg_resolved *entry, const uint64_t *cells, FILE *out) {
    const struct sg_statistic *statistic = entry->statistic;
    const struct sg_kind *kind = sg_kind_of(statistic);
    double measured[CLASSES_MAX], declared[CLASSES_MAX], most = 0;
    uint16_t count = statistic->class_count;
    if (count > CLASSES_MAX) return;
    kind->show(entry, cells, measured, declared);
    for (uint16_t i = 0; i < count; i++) {
        most = measured[i] > most ? measured[i] : most;
        most = declared[i] > most ? declared[i] : most;
    }
    if (most <= 0) return;
    double step = (double)(WIDTH - 2 * LEFT) / count, unit = (BOTTOM - TOP) / most;
    int every = (count + LABELS_EVERY_MAX - 1) / LABELS_EVERY_MAX;
    open_figure(statistic->name, kind->shows_means ? statistic->by.column : NULL, NULL, out);
    for (uint16_t i = 0; i < count; i++) {
        double x = LEFT + i * step;
        char label[LABEL_BYTES];
        sg_class_name(entry, i, label, sizeof label);
        put_bar(label, x, step, unit, measured[i], declared[i], !kind->shows_means, out);
        if (i % every == 0) put_bar_label(label, x + step / 2, step * every, out);
    }
    fprintf(out, "</svg></figure>");
}

/* Sums may be debits. */
static double size_of(uint64_t cell) {
    double value = (double)(int64_t)cell;
    return value < 0 ? -value : value;
}

/* A month on the axis: the year at its January; the others by name where there are few. */
static void put_month(int month, double x, bool few, FILE *out) {
    static const char *const names[YEAR] = {"",    "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    bool january = month % YEAR == 0, late = x > WIDTH - YEAR_WIDTH;
    if (!january && !few) return;
    fprintf(out, "<line class=g x1=%.1f x2=%.1f y1=%d y2=%d />", x, x, BOTTOM, BOTTOM + 5);
    fprintf(out, "<text x=%.1f y=%d%s>", late ? x - 2 : x + 2, BOTTOM + 16, late ? " text-anchor=end" : "");
    if (january)
        fprintf(out, "%d</text>", month / YEAR);
    else
        fprintf(out, "%s</text>", names[month % YEAR]);
}

/* One curve over the months with data, oldest first; the month of the as-of date is not over and left out. */
static void put_months(const struct sg_certificate *certificate, const char *name, const char *what,
                       const uint64_t *cells, double unit_of_sum, const char *unit_name, FILE *out) {
    struct sg_civil now = sg_civil_from_day(certificate->manifest->run.as_of_day);
    int oldest = SG_MONTHS - 1, newest = 1;
    double most = 0;
    char text[64], top[16];
    while (oldest > newest && cells[oldest] == 0)
        oldest--;
    for (int i = newest; i <= oldest; i++)
        most = size_of(cells[i]) > most ? size_of(cells[i]) : most;
    if (most <= 0 || oldest == newest) return;
    double step = (double)(WIDTH - 2 * LEFT) / (oldest - newest), unit = (BOTTOM - TOP) / most;
    sg_short_number(most / unit_of_sum, top);
    snprintf(text, sizeof text, "by month, up to %s%s%s", top, unit_name ? " " : "",
             unit_name ? unit_name : "");
    open_figure(name, what, text, out);
    fprintf(out, "<polyline class=l points=\"");
    for (int i = oldest; i >= newest; i--)
        fprintf(out, "%.1f,%.1f ", LEFT + (oldest - i) * step, BOTTOM - size_of(cells[i]) * unit);
    fprintf(out, "\"/>");
    for (int i = oldest; i >= newest; i--)
        put_month(now.year * 12 + now.month - 1 - i, LEFT + (oldest - i) * step, oldest - newest < YEAR, out);
    fprintf(out, "</svg></figure>");
}

static void put_both(const struct sg_certificate *certificate, const struct sg_statistic *statistic,
                     const char *what, const uint64_t *cells, double unit, const char *unit_name, FILE *out) {
    uint64_t so_far[SG_MONTHS], sum = 0;
    char title[64];
    put_months(certificate, statistic->name, what, cells, unit, unit_name, out);
    if (!statistic->accumulates) return;
    for (int back = SG_MONTHS - 1; back >= 0; back--)
        so_far[back] = sum += cells[back];
    snprintf(title, sizeof title, "%s so far", what);
    put_months(certificate, statistic->name, title, so_far, unit, unit_name, out);
}

static void put_series(const struct sg_certificate *certificate, const struct sg_resolved *entry,
                       const uint64_t *cells, FILE *out) {
    const struct sg_statistic *statistic = entry->statistic;
    put_both(certificate, statistic, "rows", cells, 1, NULL, out);
    if (entry->by.slot.column < 0) return;
    double unit = 1;
    const struct sg_column *column = entry->by.slot.declared;
    for (unsigned i = 0; column->type == SG_DECIMAL && i < column->scale; i++)
        unit *= 10;
    char what[64];
    snprintf(what, sizeof what, "%.30s", statistic->by.column);
    put_both(certificate, statistic, what, cells + SG_MONTHS, unit, statistic->unit, out);
}

/* Bars of the entries that share a chart; the first of them draws it. */
static void put_chart(const struct sg_certificate *certificate, const struct sg_fit *fits, size_t first,
                      FILE *out) {
    const char *name = certificate->entries[first].statistic->chart.name;
    size_t members[CLASSES_MAX], count = 0;
    double most = 0;
    for (size_t i = 0; i < certificate->count && count < CLASSES_MAX; i++) {
        const char *other = certificate->entries[i].statistic->chart.name;
        if (!other || strcmp(other, name) != 0 || fits[i].status == SG_FIT_SKIP) continue;
        if (i < first) return;
        members[count++] = i;
        most = fits[i].measured > most ? fits[i].measured : most;
        most = fits[i].expected > most ? fits[i].expected : most;
    }
    if (!count || most <= 0) return;
    double step = (double)(WIDTH - 2 * LEFT) / (double)count, unit = (BOTTOM - TOP) / most;
    open_figure(name, NULL, NULL, out);
    for (size_t i = 0; i < count; i++) {
        const char *label = certificate->entries[members[i]].statistic->chart.label;
        double x = LEFT + (double)i * step;
        put_bar(label, x, step, unit, fits[members[i]].measured, fits[members[i]].expected, true, out);
        put_bar_label(label, x + step / 2, step, out);
    }
    fprintf(out, "</svg></figure>");
}

void sg_page_charts(const struct sg_certificate *certificate, const uint64_t *cells,
                    const struct sg_fit *fits, FILE *out) {
    fprintf(out, "<h2>Charts</h2><p class=soft>Bars are measured; the marks across them are declared.</p>"
                 "<div class=charts>");
    for (size_t i = 0; i < certificate->count; i++) {
        const struct sg_resolved *entry = &certificate->entries[i];
        const struct sg_statistic *statistic = entry->statistic;
        if (entry->absent || fits[i].rows == 0) continue;
        if (statistic->kind == SG_STAT_SERIES)
            put_series(certificate, entry, cells + entry->cell, out);
        else if (sg_kind_of(statistic)->show)
            put_classes(entry, cells + entry->cell, out);
        else if (statistic->chart.name)
            put_chart(certificate, fits, i, out);
    }
    fprintf(out, "</div>");
}
