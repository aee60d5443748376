/* The documents of a dataset: files beside the shards for other programs. */
#ifndef SG_APP_DOCUMENTS_H
#define SG_APP_DOCUMENTS_H

#include "app/check.h"
#include "app/stages.h"

/* Collective. All ranks write all documents of the planned run below job->out, each complete under its name
 * or not there, and the manifest knows their facts on all of them. */
enum sg_code sg_documents_write(struct sg_job *job, struct sg_error *err);

/* Local. Reads the documents below job->out again: one result each, failed when it is not there or holds
 * other bytes than the manifest says. */
enum sg_code sg_documents_check(const struct sg_job *job, struct sg_check_list *list, struct sg_error *err);

#endif
