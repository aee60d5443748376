/* catalog: plans every preset of the chosen datasets and writes their pages, schemas and dbt sources. */
#include "app/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/totals.h"
#include "base/calendar.h"
#include "base/checked.h"
#include "datasets/registry.h"
#include "io/files.h"

enum { CATALOG_SEED = 42, CATALOG_YEAR = 2026, CATALOG_MONTH = 6, CATALOG_DAY = 30 };

static enum sg_code count(struct sg_catalog *catalog, const struct sg_world *world, size_t size,
                          struct sg_error *err) {
    const struct sg_dataset *dataset = catalog->dataset;
    for (uint16_t t = 0; t < dataset->table_count; t++)
        catalog->rows[t * catalog->sizes + size] =
            (int64_t)dataset->rows_before(world, t, dataset->unit_count(world, dataset->tables[t]->domain));
    for (size_t f = 0; dataset->figures && dataset->figures[f].name; f++)
        catalog->figures[f * catalog->sizes + size] = (int64_t)dataset->figures[f].value(world);
    if (!dataset->total_count) return SG_OK;
    return sg_totals_plan(dataset, world, catalog->threads, 0, 1,
                          catalog->totals + size * dataset->total_count, err);
}

static enum sg_code plan_sizes(struct sg_catalog *catalog, struct sg_error *err) {
    const struct sg_dataset *dataset = catalog->dataset;
    size_t figures = 0;
    while (dataset->presets[catalog->sizes].name && catalog->sizes < SG_CATALOG_SIZES_MAX)
        catalog->sizes++;
    while (dataset->figures && dataset->figures[figures].name)
        figures++;
    catalog->rows = sg_alloc_array(dataset->table_count * catalog->sizes, sizeof *catalog->rows);
    catalog->figures = sg_alloc_array(figures * catalog->sizes, sizeof *catalog->figures);
    catalog->totals = sg_alloc_array(dataset->total_count * catalog->sizes, sizeof *catalog->totals);
    if (!catalog->rows || !catalog->figures || !catalog->totals)
        return sg_fail(err, SG_SYSTEM, "no memory for the catalog");
    for (size_t i = 0; i < catalog->sizes; i++) {
        struct sg_world *world;
        catalog->run.units = dataset->presets[i].units;
        SG_TRY(dataset->world_open(&catalog->run, &world, err));
        enum sg_code code = count(catalog, world, i, err);
        dataset->world_close(world);
        SG_TRY(code);
    }
    return SG_OK;
}

static enum sg_code print_page(const struct sg_catalog *catalog, FILE *out, struct sg_error *err) {
    (void)err;
    sg_catalog_page(catalog, out);
    return SG_OK;
}

static enum sg_code print_schema(const struct sg_catalog *catalog, FILE *out, struct sg_error *err) {
    return sg_catalog_schema(catalog->dataset, out, err);
}

static enum sg_code print_sources(const struct sg_catalog *catalog, FILE *out, struct sg_error *err) {
    (void)err;
    sg_catalog_sources(catalog->dataset, out);
    return SG_OK;
}

/* The files of a dataset. */
static const struct file {
    const char *suffix;
    enum sg_code (*print)(const struct sg_catalog *catalog, FILE *out, struct sg_error *err);
    bool relations; /* only of datasets that have some */
} files[] = {
    {".md", print_page, false},
    {".schema.json", print_schema, false},
    {".dbt.yml", print_sources, true},
};

static enum sg_code write_one(struct sg_job *job, const struct sg_catalog *catalog, const struct file *file,
                              struct sg_error *err) {
    char path[SG_PATH_BYTES], name[128], *text = NULL;
    size_t size = 0;
    snprintf(name, sizeof name, "%s%s", catalog->dataset->name, file->suffix);
    SG_TRY(sg_path_join(path, job->out, name, err));
    SG_TRY(sg_make_parents(path, err));
    FILE *memory = open_memstream(&text, &size);
    if (!memory) return sg_fail(err, SG_SYSTEM, "no memory for the catalog");
    enum sg_code code = file->print(catalog, memory, err);
    if (fclose(memory) != 0 && code == SG_OK) code = sg_fail(err, SG_SYSTEM, "no memory for the catalog");
    if (code == SG_OK) code = sg_write_file("catalog", path, text, size, err);
    if (code == SG_OK) sg_say(job, "%s\n", path);
    if (code == SG_OK) sg_result_text(job->result, NULL, path);
    free(text);
    return code;
}

static enum sg_code write_dataset(struct sg_job *job, const struct sg_dataset *dataset,
                                  struct sg_error *err) {
    struct sg_catalog catalog = {
        .dataset = dataset,
        .threads = job->threads,
        .run = {.seed = CATALOG_SEED,
                .as_of_day = sg_day_from_civil(CATALOG_YEAR, CATALOG_MONTH, CATALOG_DAY)}};
    enum sg_code code = plan_sizes(&catalog, err);
    for (size_t i = 0; i < sizeof files / sizeof *files && code == SG_OK; i++)
        if (!files[i].relations || dataset->relation_count) code = write_one(job, &catalog, &files[i], err);
    free(catalog.rows);
    free(catalog.figures);
    free(catalog.totals);
    return code;
}

enum sg_code sg_command_catalog(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    enum sg_code code = SG_OK;
    if (!options->out_given) strcpy(options->out, "docs/catalog");
    sg_result_array(job->result, "files");
    for (const struct sg_dataset *const *dataset = sg_datasets(); *dataset && job->comm->rank == 0; dataset++)
        if (code == SG_OK && (!options->dataset_given || *dataset == options->dataset))
            code = write_dataset(job, *dataset, err);
    sg_result_end(job->result);
    return sg_comm_agree(job->comm, code, err);
}
