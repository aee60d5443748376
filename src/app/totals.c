/* Adding up planned totals on all threads and ranks, and telling them. */
#include "app/totals.h"

#include <inttypes.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"

/* Units added up at a time: many enough to start a walk for, few enough to share out. */
enum { TOTAL_BLOCK = 256 };

static void add_domain(const struct sg_dataset *dataset, const struct sg_world *world, uint16_t domain,
                       int rank, int ranks, int64_t *sums) {
    uint64_t units = dataset->unit_count(world, domain);
    uint64_t blocks = (units + TOTAL_BLOCK - 1) / TOTAL_BLOCK;
#pragma omp for schedule(dynamic, 1) nowait
    for (uint64_t block = (uint64_t)rank; block < blocks; block += (uint64_t)ranks) {
        if (sg_stop_requested()) continue;
        uint64_t first = block * TOTAL_BLOCK, end = first + TOTAL_BLOCK;
        dataset->add_totals(world, domain, first, end < units ? end : units, sums);
    }
}

enum sg_code sg_totals_plan(const struct sg_dataset *dataset, const struct sg_world *world, int threads,
                            int rank, int ranks, int64_t *sums, struct sg_error *err) {
    size_t count = dataset->total_count;
    int64_t *own = sg_alloc_array((size_t)threads * count, sizeof *own);
    if (!own) return sg_fail(err, SG_SYSTEM, "no memory for %zu totals", count);
#pragma omp parallel num_threads(threads)
    for (uint16_t domain = 0; domain < dataset->domain_count; domain++)
        add_domain(dataset, world, domain, rank, ranks, own + (size_t)omp_get_thread_num() * count);
    memset(sums, 0, count * sizeof *sums);
    for (size_t i = 0; i < (size_t)threads * count; i++)
        sums[i % count] += own[i];
    free(own);
    if (sg_stop_requested()) return sg_fail(err, SG_STOPPED, "stopped while totals were added up");
    return SG_OK;
}

enum sg_code sg_totals_keep(struct sg_job *job, struct sg_error *err) {
    const struct sg_dataset *dataset = job->plan.dataset;
    const struct sg_comm *comm = job->comm;
    struct sg_manifest *manifest = &job->manifest;
    if (!dataset->total_count || manifest->run.only_unit) return SG_OK;
    enum sg_code code = SG_OK;
    manifest->totals = sg_alloc_array(dataset->total_count, sizeof *manifest->totals);
    if (!manifest->totals) code = sg_fail(err, SG_SYSTEM, "no memory for %u totals", dataset->total_count);
    if (code == SG_OK)
        code =
            sg_totals_plan(dataset, job->world, job->threads, comm->rank, comm->ranks, manifest->totals, err);
    SG_TRY(sg_comm_agree(comm, code, err));
    sg_comm_sum(comm, (uint64_t *)manifest->totals, dataset->total_count);
    return SG_OK;
}

static bool planned(const struct sg_plan *plan, const char *table) {
    for (size_t i = 0; i < plan->shard_count; i++)
        if (strcmp(plan->dataset->tables[plan->shards[i].table]->name, table) == 0) return true;
    return false;
}

static void report(struct sg_job *job, const struct sg_statistic *total, int64_t sum) {
    const struct sg_selection *of = &total->of;
    sg_say(job, "%-36s %18" PRId64 "  %-16s %s%s%s\n", total->name, sum, total->unit, of->table,
           of->column ? "." : "", of->column ? of->column : "");
    sg_result_object(job->result, NULL);
    sg_result_text(job->result, "name", total->name);
    sg_result_decimal(job->result, "value", sum, 0);
    sg_result_text(job->result, "unit", total->unit);
    sg_result_text(job->result, "table", of->table);
    sg_result_text(job->result, "column", of->column);
    sg_result_end(job->result);
}

enum sg_code sg_totals_report(struct sg_job *job, struct sg_error *err) {
    const struct sg_dataset *dataset = job->plan.dataset;
    if (!dataset->total_count || job->options->run.only_unit) return SG_OK;
    int64_t *sums = sg_alloc_array(dataset->total_count, sizeof *sums);
    if (!sums) return sg_fail(err, SG_SYSTEM, "no memory for %u totals", dataset->total_count);
    enum sg_code code = sg_totals_plan(dataset, job->world, job->threads, 0, 1, sums, err);
    if (code == SG_OK) {
        sg_say(job, "\n%-36s %18s  %-16s %s\n", "total", "planned", "unit", "of");
        sg_result_array(job->result, "totals");
        for (uint16_t i = 0; i < dataset->total_count; i++)
            if (planned(&job->plan, dataset->totals[i].of.table)) report(job, &dataset->totals[i], sums[i]);
        sg_result_end(job->result);
    }
    free(sums);
    return code;
}
