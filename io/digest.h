/* XXH3-128 digests of bytes, canonical (big-endian), as xxhsum -H2 prints them. */
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

#endif
