/* Historical transaction files: DIR/transactions_historical_00000.csv.zst and so on, one a shard of the plan,
 * each with its header line. */
#ifndef SG_APP_HISTORICAL_H
#define SG_APP_HISTORICAL_H

#include "app/stages.h"

/* Collective. Before anything is written: SG_EXISTS when the folder of --transactions holds such files
 * already, which --overwrite removes. */
enum sg_code sg_historical_check(struct sg_job *job, struct sg_error *err);

/* Collective. Writes the files of the planned transactions; ranks and threads share them. */
enum sg_code sg_historical_write(struct sg_job *job, struct sg_error *err);

#endif
