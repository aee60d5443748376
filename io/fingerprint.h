/* Row fingerprints that the generator, the shards and PostgreSQL compute alike.
 *
 * The hash of a row starts from PostgreSQL's hash_record_extended(row, 0): per column the type's extended
 * hash function, the one hash partitioning uses and therefore stable on disk; NULL counts 0; combined as h =
 * h * 31 + column. That is linear in the columns, so that two rows exchanging a cell would leave a sum as it
 * was; therefore it is hashed once more, by hashint8extended. The fingerprint of a table is the sum over its
 * rows as signed 64-bit integers, exact in 128 bits, so it does not depend on row order. In SQL: select
 * sum(hashint8extended(hash_record_extended(t, 0), 0)) from table t.
 */
#ifndef SG_IO_FINGERPRINT_H
#define SG_IO_FINGERPRINT_H

#include "model/batch.h"

/* Pure. PostgreSQL's extended hashes with seed 0 (src/common/hashfn.c, lookup3 by Bob Jenkins, public
 * domain). */
uint64_t sg_hash_bytes(const void *bytes, size_t size);
uint64_t sg_hash_i64(int64_t value);
/* hash_numeric_extended of value / 10^scale. */
uint64_t sg_hash_decimal(int64_t value, unsigned scale);

/* Adds the row hashes of a batch to *sum. Enum and token columns hash as their text. */
void sg_fingerprint_batch(const struct sg_batch *batch, __int128 *sum);

/* Decimal text of a 128-bit sum, as SQL prints it; out has 48 bytes. */
void sg_fingerprint_text(__int128 sum, char out[48]);

/* Its inverse. False when the text is not a canonical integer of less than 2^127 - 10 in size. */
bool sg_fingerprint_parse(const char *text, __int128 *sum);

#endif
