/* The pages of the catalog. They read declarations and nothing else, so a new dataset has its catalog at
 * once. */
#ifndef SG_APP_CATALOG_H
#define SG_APP_CATALOG_H

#include <stdio.h>

#include "model/dataset.h"

enum { SG_CATALOG_SIZES_MAX = 8 };

/* What every preset of a dataset holds, under the run that all committed catalogs describe. */
struct sg_catalog {
    const struct sg_dataset *dataset;
    struct sg_run run; /* units are those of the preset in hand */
    size_t sizes;      /* presets, at most SG_CATALOG_SIZES_MAX */
    int64_t *rows;     /* [table * sizes + preset] */
    int64_t *figures;  /* [figure * sizes + preset] */
    int64_t *totals;   /* [preset * total_count + total] */
    int threads;       /* to add totals up with */
};

/* Writes the Markdown page. */
void sg_catalog_page(const struct sg_catalog *catalog, FILE *out);

/* Writes the entity diagram (Mermaid) of a dataset. */
void sg_catalog_diagram(const struct sg_dataset *dataset, FILE *out);

/* Writes which rows and column a selection is about: "accounts.mrr, where is_active at least 1". */
void sg_catalog_selection(const struct sg_selection *selection, FILE *out);

/* Writes the entries of the declared model. */
void sg_catalog_model(const struct sg_dataset *dataset, FILE *out);

/* Writes the relations as dbt sources (YAML). */
void sg_catalog_sources(const struct sg_dataset *dataset, FILE *out);

/* Writes the JSON Schema (draft 2020-12): one definition per table. */
enum sg_code sg_catalog_schema(const struct sg_dataset *dataset, FILE *out, struct sg_error *err);

#endif
