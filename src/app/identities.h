/* The keys that a user directory (an Amazon Cognito pool) gives to a run's first root entities.
 *
 * Only rank 0 talks to the directory, and only for datasets whose root entities are persons; the others learn
 * the keys. Looking changes nothing anywhere, so a run first looks, then checks its folder and its database,
 * and creates who is missing last. Without COGNITO_USER_POOL_ID there are no such keys. Secrets come from
 * the environment and go nowhere but to the service. */
#ifndef SG_APP_IDENTITIES_H
#define SG_APP_IDENTITIES_H

#include "app/stages.h"

/* Collective. Reads the environment and looks everybody up; sets options->run.keys. Keys of persons who are
 * not in the directory yet are zero. */
enum sg_code sg_identities_look(struct sg_job *job, struct sg_options *options, struct sg_error *err);

/* Collective. Creates who is missing, gives passwords to those who have none yet, completes
 * options->run.keys, and reports. */
enum sg_code sg_identities_complete(struct sg_job *job, struct sg_options *options, struct sg_error *err);

/* Local. Frees job->identities, and with it the keys. */
void sg_identities_close(struct sg_job *job);

#endif
