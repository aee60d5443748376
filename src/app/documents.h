/* The documents of a dataset: files beside the shards for other programs. */
#ifndef SG_APP_DOCUMENTS_H
#define SG_APP_DOCUMENTS_H

#include "app/stages.h"

/* Local. Writes all documents of the planned run below job->out, each complete under its name or not there.
 */
enum sg_code sg_documents_write(const struct sg_job *job, struct sg_error *err);

#endif
