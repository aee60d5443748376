/* The output folder: what it holds, whether a run may use it, and clearing it.
 *
 * A folder with manifest.json holds a complete run, one with run.json an incomplete run; anything else in it
 * is foreign and never touched.
 */
#ifndef SG_APP_FOLDER_H
#define SG_APP_FOLDER_H

#include "app/stages.h"

enum sg_folder {
    SG_FOLDER_FRESH,    /* absent or empty: make it */
    SG_FOLDER_RESUME,   /* an incomplete run of the same description: keep whole shards */
    SG_FOLDER_COMPLETE, /* the complete run of the same description: nothing to make */
    SG_FOLDER_OVERWRITE /* something else, which --overwrite allows to replace */
};

/* Fills the identity of the run that options describe; tables stay empty. */
void sg_folder_identity(const struct sg_options *options, struct sg_manifest *identity);

/* Collective. Decides what to do with options->out. Takes over the as-of date of the same run there when
 * --as-of was not given. SG_EXISTS with the reason when the folder may not be used. */
enum sg_code sg_folder_inspect(const struct sg_comm *comm, struct sg_options *options, enum sg_folder *found,
                               struct sg_error *err);

/* Collective. Makes or clears the folder and marks it with run.json; every rank then sees it. */
enum sg_code sg_folder_prepare(struct sg_job *job, enum sg_folder found, struct sg_error *err);

/* Local, rank 0. Makes the folder where it is missing and keeps others out of it while this process lives:
 * SG_EXISTS when one is at work there. */
enum sg_code sg_folder_claim(struct sg_job *job, struct sg_error *err);

/* Local. Reads the manifest of a complete run; SG_NO_INPUT with advice where there is none. Free with
 * sg_manifest_free, also after failure. */
enum sg_code sg_folder_manifest(struct sg_manifest *manifest, const char *out, struct sg_error *err);

/* Collective. Reads the manifest in `out` on all ranks, equal everywhere. */
enum sg_code sg_folder_read(struct sg_job *job, struct sg_error *err);

/* Rank 0. Notes a verification's verdict in the manifest, when it changes what stands there: SG_INVALID with
 * the first fault as err tells it, SG_OK; other codes say nothing of the data. Gives the verdict back, or the
 * failure to take a mark off. */
enum sg_code sg_folder_note_verdict(struct sg_job *job, enum sg_code verdict, struct sg_error *err);

/* Collective. SG_INVALID when the run is marked INVALID and the options do not accept that. */
enum sg_code sg_folder_demand_valid(const struct sg_job *job, struct sg_error *err);

#endif
