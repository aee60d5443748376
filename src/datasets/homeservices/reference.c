/* Reads the embedded tables: one in-place split of each file, whose cells the structures then point to. */
#include "datasets/homeservices/reference.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

extern const char sg_data_homeservices_cities[], sg_data_homeservices_pins[], sg_data_homeservices_names[],
    sg_data_homeservices_categories[], sg_data_homeservices_subcategories[],
    sg_data_homeservices_rate_cards[];

enum { CELLS_MAX = 5 };

/* Rows read so far of each file, and where children of a parent continue. */
struct reader {
    struct hs_reference *reference;
    uint32_t rows;
    uint32_t of_parent;
    char *cells[CELLS_MAX];
};

/* False when a row does not fit what is there. */
typedef bool row_fn(struct reader *reader);

static int find_city(const struct hs_reference *reference, const char *name) {
    for (int i = 0; i < HS_CITIES; i++)
        if (reference->cities[i].name && strcmp(reference->cities[i].name, name) == 0) return i;
    return -1;
}

static int find_region(const struct hs_reference *reference, const char *name) {
    for (uint32_t i = 0; i < reference->region_count; i++)
        if (strcmp(reference->regions[i].region, name) == 0) return (int)i;
    return -1;
}

static bool read_name(struct reader *reader) {
    struct hs_reference *reference = reader->reference;
    int at = find_region(reference, reader->cells[0]);
    if (at < 0) {
        if (reference->region_count == HS_REGIONS_MAX) return false;
        at = (int)reference->region_count++;
        reference->regions[at].region = reader->cells[0];
    }
    struct hs_names *names = &reference->regions[at];
    bool first = strcmp(reader->cells[1], "first") == 0;
    uint32_t *count = first ? &names->first_count : &names->last_count;
    if (*count == HS_NAMES_MAX) return false;
    (first ? names->first : names->last)[(*count)++] = reader->cells[2];
    return true;
}

static bool read_city(struct reader *reader) {
    if (reader->rows == HS_CITIES) return false;
    struct hs_city *city = &reader->reference->cities[reader->rows];
    int region = find_region(reader->reference, reader->cells[2]);
    *city = (struct hs_city){.name = reader->cells[0],
                             .state = reader->cells[1],
                             .region = (uint8_t)region,
                             .weight = (uint8_t)atoi(reader->cells[3]),
                             .twin = -1};
    city->metro = city->weight >= HS_METRO_WEIGHT;
    int twin = find_city(reader->reference, reader->cells[4]);
    if (twin >= 0) {
        city->twin = (int8_t)twin;
        reader->reference->cities[twin].twin = (int8_t)reader->rows;
    }
    return region >= 0;
}

static bool read_pin(struct reader *reader) {
    uint32_t at = reader->rows / HS_CITY_PINS;
    if (at >= HS_CITIES || find_city(reader->reference, reader->cells[0]) != (int)at) return false;
    struct hs_city *city = &reader->reference->cities[at];
    city->pins[reader->rows % HS_CITY_PINS] = reader->cells[1];
    city->localities[reader->rows % HS_CITY_PINS] = reader->cells[2];
    return true;
}

static bool read_category(struct reader *reader) {
    if (reader->rows == HS_CATEGORY_COUNT) return false;
    struct hs_category *category = &reader->reference->categories[reader->rows];
    category->name = reader->cells[0];
    category->description = reader->cells[1];
    category->weight = (uint32_t)atoi(reader->cells[2]);
    return true;
}

static bool read_subcategory(struct reader *reader) {
    if (reader->rows == HS_SUBCATEGORY_COUNT) return false;
    const struct hs_category *categories = reader->reference->categories;
    if (strcmp(categories[reader->of_parent].name, reader->cells[0]) != 0) reader->of_parent++;
    if (reader->of_parent == HS_CATEGORY_COUNT ||
        strcmp(categories[reader->of_parent].name, reader->cells[0]) != 0)
        return false;
    reader->reference->subcategories[reader->rows] =
        (struct hs_subcategory){reader->cells[1], reader->cells[2], (uint8_t)reader->of_parent, 0};
    return true;
}

static bool read_card(struct reader *reader) {
    if (reader->rows == HS_RATE_CARD_COUNT) return false;
    struct hs_reference *reference = reader->reference;
    bool next = strcmp(reference->subcategories[reader->of_parent].name, reader->cells[0]) != 0;
    if (next && ++reader->of_parent == HS_SUBCATEGORY_COUNT) return false;
    struct hs_subcategory *subcategory = &reference->subcategories[reader->of_parent];
    struct hs_category *category = &reference->categories[subcategory->category];
    bool metro = strcmp(reader->cells[4], "metro") == 0;
    if (strcmp(subcategory->name, reader->cells[0]) != 0 || (next && metro)) return false;
    if (next || reader->rows == 0) subcategory->card_first = (uint16_t)reader->rows;
    if (!category->card_end) category->card_first = (uint16_t)reader->rows;
    category->card_end = (uint16_t)(reader->rows + 1);
    reference->cards[reader->rows] = (struct hs_rate_card){.name = reader->cells[1],
                                                           .subcategory = (uint8_t)reader->of_parent,
                                                           .metro = metro,
                                                           .price = atol(reader->cells[2]) * 100,
                                                           .strike = atol(reader->cells[3]) * 100};
    return true;
}

static const struct file {
    const char *name, *text;
    row_fn *row;
    uint32_t cells, rows; /* rows 0 = any number */
} files[HS_REFERENCE_FILES] = {
    {"names", sg_data_homeservices_names, read_name, 3, 0},
    {"cities", sg_data_homeservices_cities, read_city, 5, HS_CITIES},
    {"pins", sg_data_homeservices_pins, read_pin, 3, HS_CITIES *HS_CITY_PINS},
    {"categories", sg_data_homeservices_categories, read_category, 3, HS_CATEGORY_COUNT},
    {"subcategories", sg_data_homeservices_subcategories, read_subcategory, 3, HS_SUBCATEGORY_COUNT},
    {"rate_cards", sg_data_homeservices_rate_cards, read_card, 5, HS_RATE_CARD_COUNT},
};

/* Splits the line at *at into cells and moves on; false when the number of cells differs. */
static bool split_line(char **at, struct reader *reader, uint32_t cells) {
    char *end = strchr(*at, '\n');
    if (!end) return false;
    *end = 0;
    uint32_t n = 0;
    for (char *cell = *at; cell; n++) {
        char *tab = strchr(cell, '\t');
        if (tab) *tab++ = 0;
        if (n < cells) reader->cells[n] = cell;
        cell = tab;
    }
    *at = end + 1;
    return n == cells;
}

enum sg_code hs_reference_open(struct hs_reference **out, struct sg_error *err) {
    struct hs_reference *reference = *out = calloc(1, sizeof *reference);
    if (!reference) return sg_fail(err, SG_SYSTEM, "no memory for reference data");
    for (int f = 0; f < HS_REFERENCE_FILES; f++) {
        struct reader reader = {.reference = reference};
        char *at = reference->texts[f] = strdup(files[f].text);
        if (!at) return sg_fail(err, SG_SYSTEM, "no memory for reference data");
        for (; *at; reader.rows++)
            if (!split_line(&at, &reader, files[f].cells) || !files[f].row(&reader))
                return sg_fail(err, SG_INTERNAL, "homeservices %s.tsv: line %u does not fit", files[f].name,
                               reader.rows + 1);
        if (files[f].rows && reader.rows != files[f].rows)
            return sg_fail(err, SG_INTERNAL, "homeservices %s.tsv: %u lines, not %u", files[f].name,
                           reader.rows, files[f].rows);
    }
    return SG_OK;
}

void hs_reference_close(struct hs_reference *reference) {
    if (!reference) return;
    for (int f = 0; f < HS_REFERENCE_FILES; f++)
        free(reference->texts[f]);
    free(reference);
}
