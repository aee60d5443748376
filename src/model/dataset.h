/* The interface of a dataset: declarations plus four pure functions over its world.
 *
 * A dataset's key spaces are its domains. Domain 0 is the root (accounts, users, customers): ranks divide it
 * into contiguous ranges. Every table belongs to one domain; its rows are ordered by unit of that domain, and
 * rows_before() gives the exact number of rows before a unit, so any rank can make any shard alone.
 *
 * A world is the read-only result of planning a run: sizes, quotas and prefix sums at block granularity (its
 * memory grows with units / block size, never with rows). All threads share one world.
 */
#ifndef SG_MODEL_DATASET_H
#define SG_MODEL_DATASET_H

#include "base/status.h"
#include "model/batch.h"
#include "model/relation.h"
#include "model/run.h"
#include "model/statistic.h"
#include "model/table.h"

/* How a domain takes part in --only: rows of the chosen root unit, everything, or nothing. */
enum sg_only {
    SG_ONLY_UNIT,   /* unit index = root index: that unit alone */
    SG_ONLY_WHOLE,  /* small shared parents: all rows, so that foreign keys hold */
    SG_ONLY_NOTHING /* belongs to no root entity */
};

struct sg_domain {
    const char *name; /* "account" */
    enum sg_only only;
};

/* Named size of a dataset. */
struct sg_preset {
    const char *name; /* "dev" */
    uint64_t units;
};

/* SQL run after load and constraints, in one transaction per script (views, raw contract). {schema} stands
 * for the dataset's schema. */
struct sg_script {
    const char *name;
    const char *sql;
};

struct sg_world; /* defined by each dataset, opaque to everyone else */
struct sg_team;

/* An exact number of a planned run that neither row counts nor totals show; the catalog has it for every
 * preset. */
struct sg_figure {
    const char *name;                                /* "accounts without a Main location" */
    uint64_t (*value)(const struct sg_world *world); /* Pure */
};

/* Who a root entity is, as a user directory outside knows it. */
struct sg_person {
    char name[64];
    char email[128];
};

/* Takes the next bytes of a document. */
typedef enum sg_code sg_write_fn(void *context, const void *bytes, size_t size, struct sg_error *err);

enum { SG_SECTIONS_MAX = 8 };

/* Where the text of a document goes: each section to its context; NULL = nobody wants that section now. */
struct sg_sections {
    sg_write_fn *write;
    void *contexts[SG_SECTIONS_MAX];
};

/* A file beside the shards for other programs, derived from the world alone; written for whole runs (not with
 * --only or --tables) before the manifest makes the run complete. It is its sections, one behind the other,
 * and a section is what all root units add to it, in order: so any rank can write the part of any units once
 * the lengths are known. */
struct sg_document {
    const char *path;  /* below the output folder: "config/prices.json" */
    uint16_t sections; /* 1..SG_SECTIONS_MAX */
    /* Pure. Writes what root units [first, end) add to each section. Thread-safe: several at once. */
    enum sg_code (*write)(const struct sg_world *world, uint64_t first, uint64_t end,
                          const struct sg_sections *out, struct sg_error *err);
};

/* What playing a plan into a live service may use. */
struct sg_live {
    const char *out; /* where its files go */
    /* Takes the folder for the run that a text describes, before anything is sent; SG_EXISTS when it is
     * another's or in use. Main thread. */
    enum sg_code (*claim)(void *context, const char *run, struct sg_error *err);
    bool overwrite;                               /* start anew instead of continuing */
    bool (*stopped)(void);                        /* asked to stop? Any thread */
    void (*say)(void *context, const char *text); /* a line of progress, main thread */
    void *context;
};

struct sg_dataset {
    const char *name;                /* "barsaas" */
    const char *title;               /* one line for people */
    const char *schema;              /* PostgreSQL schema of its tables */
    const char *database;            /* default name of the private database */
    uint32_t id;                     /* part of every counter; never changes, unique among datasets */
    const char *unit;                /* singular root entity, also the word of --only: "account" */
    const char *units_option;        /* long option that sets the size: "accounts" */
    const struct sg_preset *presets; /* NULL-name terminated; [0] is the default size */
    bool env_presets;                /* --env and DATAGEN_ENV choose among presets */
    uint64_t units_min, units_max;
    const struct sg_domain *domains;
    uint16_t domain_count;
    const struct sg_table *const *tables; /* parents before children */
    uint16_t table_count;
    const struct sg_script *scripts;
    uint16_t script_count;
    const char *relation_schema; /* what the scripts make for readers, NULL and none without */
    const struct sg_relation *relations;
    uint16_t relation_count;
    const struct sg_statistic *statistics; /* the declared model */
    uint16_t statistic_count;
    /* Sums that the plan knows before a byte is written, all of kind SG_STAT_TOTAL: `plan` prints them, the
     * manifest keeps them, verification finds the same in the rows. */
    const struct sg_statistic *totals;
    uint16_t total_count;
    /* For the catalog; either may be NULL. */
    const char *const *notes;        /* NULL-terminated sentences: what was simplified, and what bends where
                                        demands contradict each other */
    const struct sg_figure *figures; /* NULL-name terminated */
    const struct sg_document *documents;
    uint16_t document_count;

    /* Datasets whose root entities are persons with a key from a user directory (key_external); else NULL.
     * Pure. The person of a root entity (0-based), whatever the run's size; the first `persons` of them are
     * kept in the directory unless a run asks for all. */
    void (*person)(const struct sg_run *run, uint64_t unit, struct sg_person *person);
    uint64_t persons;

    /* Plans a run: Pure apart from memory. *world is NULL on failure. */
    enum sg_code (*world_open)(const struct sg_run *run, struct sg_world **world, struct sg_error *err);
    /* Collective in the team (partition/sweep.h; NULL = alone). The same world, its cost divided among the
     * members; NULL where planning is cheap. */
    enum sg_code (*world_open_together)(const struct sg_run *run, const struct sg_team *team,
                                        struct sg_world **world, struct sg_error *err);
    void (*world_close)(struct sg_world *world);

    /* Pure. Number of units of a domain. */
    uint64_t (*unit_count)(const struct sg_world *world, uint16_t domain);

    /* Pure. Rows of `table` (index into tables) in units [0, unit); unit may equal unit_count: the total. */
    uint64_t (*rows_before)(const struct sg_world *world, uint16_t table, uint64_t unit);

    /* Pushes the rows of `table` of units [unit_first, unit_end) in key order. The emitter has been
     * positioned at rows_before(unit_first); the caller flushes. Thread-safe: different emitters at once on
     * one world. */
    enum sg_code (*generate)(const struct sg_world *world, uint16_t table, uint64_t unit_first,
                             uint64_t unit_end, struct sg_emitter *emitter, struct sg_error *err);

    /* Pure. Adds to sums[total_count] what the units [unit_first, unit_end) of a domain contribute to each
     * total, in stored units. Thread-safe. NULL without totals. */
    void (*add_totals)(const struct sg_world *world, uint16_t domain, uint64_t unit_first, uint64_t unit_end,
                       int64_t *sums);

    /* Plays the plan into the service that the dataset imitates (the command live); NULL = there is none. */
    enum sg_code (*live)(const struct sg_world *world, const struct sg_live *live, struct sg_error *err);
};

/* Pure. Index of a table by name, -1 when there is none. */
int sg_table_index(const struct sg_dataset *dataset, const char *name);

/* Pure. Is a table part of runs like this one? And the number of those that are. */
bool sg_table_of_run(const struct sg_table *table, const struct sg_run *run);
uint16_t sg_tables_of_run(const struct sg_dataset *dataset, const struct sg_run *run);

/* Pure. Has the dataset anomalies to label? */
bool sg_has_anomalies(const struct sg_dataset *dataset);

/* Pure. The unit whose rows include `row` (0-based), by bisection over rows_before. row < total. */
uint64_t sg_unit_of_row(const struct sg_dataset *dataset, const struct sg_world *world, uint16_t table,
                        uint64_t row);

#endif
