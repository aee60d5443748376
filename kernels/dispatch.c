/* Which build of the kernels to run: a table of builds, each with the question whether the processor has it.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "kernels/kernels.h"

static bool always(void) {
    return true;
}

#if defined(__x86_64__)
static bool has_avx2(void) {
    return __builtin_cpu_supports("avx2");
}

static bool has_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

/* Narrowest first. */
static const struct build {
    const struct sg_kernels *kernels;
    bool (*runs_here)(void);
} builds[] = {
    {&sg_kernels_portable, always},
#if defined(__x86_64__)
    {&sg_kernels_avx2, has_avx2},
    {&sg_kernels_avx512, has_avx512},
#endif
};
enum { BUILD_COUNT = sizeof builds / sizeof *builds };

const struct sg_kernels *sg_kernels_at(unsigned k) {
    for (unsigned i = 0; i < BUILD_COUNT; i++)
        if (builds[i].runs_here() && k-- == 0) return builds[i].kernels;
    return NULL;
}

static enum sg_code refuse(const char *forced, struct sg_error *err) {
    char names[128] = "";
    const struct sg_kernels *kernels;
    for (unsigned k = 0; (kernels = sg_kernels_at(k)); k++)
        sg_append_name(names, sizeof names, kernels->name);
    return sg_fail(err, SG_USAGE, "SYNTHGEN_ISA=%.32s: this processor and build offer %s", forced, names);
}

enum sg_code sg_kernels_select(const char *forced, const struct sg_kernels **kernels, struct sg_error *err) {
    const struct sg_kernels *candidate;
    *kernels = NULL;
    bool any = !forced || !*forced;
    for (unsigned k = 0; (candidate = sg_kernels_at(k)); k++)
        if (any || strcmp(candidate->name, forced) == 0) *kernels = candidate;
    return *kernels ? SG_OK : refuse(forced, err);
}

enum sg_code sg_kernels_default(const struct sg_kernels **kernels, struct sg_error *err) {
    return sg_kernels_select(getenv("SYNTHGEN_ISA"), kernels, err);
}
