/* The three JSON files that other programs read, written alike by the offline and the live way: only where
 * the identifiers come from differs. */
#ifndef SB_CONFIG_H
#define SB_CONFIG_H

#include "datasets/screenbilling/screenbilling.h"

enum { SB_ID_BYTES = 80 }; /* as SB_STRIPE_ID_BYTES of stripe.h */

/* Who knows the identifiers: `id` writes that of a price, clock, customer or subscription, NUL-terminated. */
struct sb_ids {
    const void *context;
    void (*id)(const void *context, enum sb_table table, uint64_t number, char out[SB_ID_BYTES]);
    int64_t run_at; /* run_timestamp */
};

/* The files, in the order of writing. Where they go and how many sections they have is in sb_documents. */
enum { SB_CONFIG_PRICES, SB_CONFIG_RUN, SB_CONFIG_SNAPSHOTS, SB_CONFIG_COUNT };

/* Pure. What customers [first, end) add to each section of a file, as of struct sg_document; snapshots come
 * by month, then customer. */
enum sg_code sb_config_write(int file, const struct sg_world *world, const struct sb_ids *ids, uint64_t first,
                             uint64_t end, const struct sg_sections *out, struct sg_error *err);

/* The files of an offline run. */
extern const struct sg_document sb_documents[SB_CONFIG_COUNT];

#endif
