/* XXH3-128 digests of bytes, canonical (big-endian), as xxhsum -H2 prints them; and the checksum of zstd's
 * frames. */
#ifndef SG_IO_DIGEST_H
#define SG_IO_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SG_DIGEST_BYTES = 16 };

struct sg_digest {
    unsigned char bytes[SG_DIGEST_BYTES];
};

/* 32 lower-case hexadecimal digits and a NUL. */
void sg_digest_text(struct sg_digest digest, char out[33]);
/* False when the text is anything but 32 lower-case hexadecimal digits. */
bool sg_digest_parse(const char *text, struct sg_digest *digest);

/* Pure. Digest of bytes that lie together. */
struct sg_digest sg_digest_of(const void *bytes, size_t size);

/* A running digest. NULL when there is no memory; free with sg_digest_close. */
struct sg_digest_state;
struct sg_digest_state *sg_digest_open(void);
void sg_digest_restart(struct sg_digest_state *state);
void sg_digest_update(struct sg_digest_state *state, const void *bytes, size_t size);
struct sg_digest sg_digest_result(const struct sg_digest_state *state);
void sg_digest_close(struct sg_digest_state *state);

/* Pure. Digest of what `feed` puts in; needs no memory. */
typedef void sg_digest_feed(const void *context, struct sg_digest_state *state);
struct sg_digest sg_digest_fed(sg_digest_feed *feed, const void *context);

/* A running XXH64 with seed 0, whose low half ends a zstd frame. */
struct sg_checksum {
    uint64_t state[11];
};
void sg_checksum_start(struct sg_checksum *checksum);
void sg_checksum_add(struct sg_checksum *checksum, const void *bytes, size_t size);
uint64_t sg_checksum_result(const struct sg_checksum *checksum);

#endif
