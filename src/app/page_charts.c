/* Charts of the report as SVG: measured classes beside what was declared, and months. */
#include <string.h>

#include "app/numbers.h"
#include "app/page.h"
#include "base/calendar.h"

enum {
    WIDTH = 320,
    HEIGHT = 150,
    LEFT = 4,
    TOP = 20,
    BOTTOM = 128,
    CLASSES_MAX = 40,
    LABELS_EVERY_MAX = 8,
    CHARACTER = 6,
    YEAR_WIDTH = 26
};

static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

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

void sg_page_label(const struct sg_resolved *entry, uint16_t class, char out[SG_PAGE_LABEL_BYTES]) {
    const struct sg_statistic *statistic = entry->statistic;
    const struct sg_enum *labels = entry->of.slot.declared->labels;
    if (statistic->classes == SG_CLASSES_WEEKDAY)
        snprintf(out, SG_PAGE_LABEL_BYTES, "%s", weekdays[class % 7]);
    else if (statistic->classes == SG_CLASSES_MONTH)
        snprintf(out, SG_PAGE_LABEL_BYTES, "%s", months[class % 12]);
    else if (statistic->classes == SG_CLASSES_LABEL && labels && class < labels->count)
        snprintf(out, SG_PAGE_LABEL_BYTES, "%.20s", labels->labels[class]);
    else
        snprintf(out, SG_PAGE_LABEL_BYTES, "%lld",
                 statistic->classes == SG_CLASSES_VALUE ? (long long)(statistic->bins.low + class) : class);
}

static void put_classes(const struct sg_resolved *entry, const uint64_t *cells, FILE *out) {
    const struct sg_statistic *statistic = entry->statistic;
    double rows = 0, weights = 0, most = 0;
    uint16_t count = statistic->class_count;
    for (uint16_t i = 0; i < count; i++) {
        rows += (double)cells[i];
        weights += statistic->weights[i];
    }
    if (rows <= 0 || count > CLASSES_MAX) return;
    for (uint16_t i = 0; i < count; i++) {
        double share = (double)cells[i] / rows, wanted = statistic->weights[i] / weights;
        most = share > most ? share : most;
        most = wanted > most ? wanted : most;
    }
    double step = (double)(WIDTH - 2 * LEFT) / count, unit = (BOTTOM - TOP) / most;
    int every = (count + LABELS_EVERY_MAX - 1) / LABELS_EVERY_MAX;
    open_figure(statistic->name, NULL, NULL, out);
    for (uint16_t i = 0; i < count; i++) {
        double share = (double)cells[i] / rows, wanted = statistic->weights[i] / weights, x = LEFT + i * step;
        char label[SG_PAGE_LABEL_BYTES];
        sg_page_label(entry, i, label);
        fprintf(out, "<rect class=b x=%.1f y=%.1f width=%.1f height=%.1f><title>", x + step * 0.12,
                BOTTOM - share * unit, step * 0.76, share * unit);
        sg_page_text(out, label);
        fprintf(out,
                ": %.2f %%, declared %.2f %%</title></rect><line class=m x1=%.1f x2=%.1f y1=%.1f y2=%.1f />",
                100 * share, 100 * wanted, x + step * 0.04, x + step * 0.96, BOTTOM - wanted * unit,
                BOTTOM - wanted * unit);
        if (i % every) continue;
        fprintf(out, "<text text-anchor=middle x=%.1f y=%d>", x + step / 2, BOTTOM + 14);
        label[(size_t)(step * every / CHARACTER)] = 0;
        sg_page_text(out, label);
        fprintf(out, "</text>");
    }
    fprintf(out, "</svg></figure>");
}

/* Sums may be debits. */
static double size_of(uint64_t cell) {
    double value = (double)(int64_t)cell;
    return value < 0 ? -value : value;
}

/* One curve over the months with data, oldest first; the month of the as-of date is not over and left out. */
static void put_months(const struct sg_certificate *certificate, const char *name, const char *what,
                       const uint64_t *cells, double unit_of_sum, FILE *out) {
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
    snprintf(text, sizeof text, "by month, up to %s", top);
    open_figure(name, what, text, out);
    fprintf(out, "<polyline class=l points=\"");
    for (int i = oldest; i >= newest; i--)
        fprintf(out, "%.1f,%.1f ", LEFT + (oldest - i) * step, BOTTOM - size_of(cells[i]) * unit);
    fprintf(out, "\"/>");
    for (int i = oldest; i >= newest; i--) {
        int month = now.year * 12 + now.month - 1 - i;
        if (month % 12) continue;
        double x = LEFT + (oldest - i) * step;
        bool late = x > WIDTH - YEAR_WIDTH;
        fprintf(out, "<line class=g x1=%.1f x2=%.1f y1=%d y2=%d />", x, x, BOTTOM, BOTTOM + 5);
        fprintf(out, "<text x=%.1f y=%d%s>%d</text>", late ? x - 2 : x + 2, BOTTOM + 16,
                late ? " text-anchor=end" : "", month / 12);
    }
    fprintf(out, "</svg></figure>");
}

static void put_series(const struct sg_certificate *certificate, const struct sg_resolved *entry,
                       const uint64_t *cells, FILE *out) {
    const struct sg_statistic *statistic = entry->statistic;
    put_months(certificate, statistic->name, "rows", cells, 1, out);
    if (entry->by.slot.column < 0) return;
    double unit = 1;
    const struct sg_column *column = entry->by.slot.declared;
    for (unsigned i = 0; column->type == SG_DECIMAL && i < column->scale; i++)
        unit *= 10;
    char what[64];
    snprintf(what, sizeof what, "%.30s", statistic->by.column);
    put_months(certificate, statistic->name, what, cells + SG_MONTHS, unit, out);
}

void sg_page_charts(const struct sg_certificate *certificate, const uint64_t *cells,
                    const struct sg_fit *fits, FILE *out) {
    bool any = false;
    for (size_t i = 0; i < certificate->count; i++) {
        const struct sg_resolved *entry = &certificate->entries[i];
        enum sg_statistic_kind kind = entry->statistic->kind;
        bool series = kind == SG_STAT_SERIES, classes = entry->statistic->class_count > 0;
        if (entry->absent || fits[i].rows == 0 || !(series || classes)) continue;
        if (!any)
            fprintf(out,
                    "<h2>Charts</h2><p class=soft>Bars are measured; the marks across them are declared.</p>"
                    "<div class=charts>");
        any = true;
        if (series)
            put_series(certificate, entry, cells + entry->cell, out);
        else
            put_classes(entry, cells + entry->cell, out);
    }
    if (any) fprintf(out, "</div>");
}
