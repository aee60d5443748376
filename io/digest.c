/* Wraps xxHash. */
#include "io/digest.h"

#include <string.h>
#define XXH_STATIC_LINKING_ONLY /* the size of a state */
#include <xxhash.h>

_Static_assert(sizeof(struct sg_checksum) >= sizeof(XXH64_state_t), "a checksum holds its state");

static struct sg_digest canonical(XXH128_hash_t hash) {
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, hash);
    struct sg_digest digest;
    memcpy(digest.bytes, bytes.digest, sizeof digest.bytes);
    return digest;
}

struct sg_digest sg_digest_of(const void *bytes, size_t size) {
    return canonical(XXH3_128bits(bytes, size));
}

struct sg_digest_state *sg_digest_open(void) {
    XXH3_state_t *state = XXH3_createState();
    if (state) XXH3_128bits_reset(state);
    return (struct sg_digest_state *)state;
}

void sg_digest_restart(struct sg_digest_state *state) {
    XXH3_128bits_reset((XXH3_state_t *)state);
}

void sg_digest_update(struct sg_digest_state *state, const void *bytes, size_t size) {
    XXH3_128bits_update((XXH3_state_t *)state, bytes, size);
}

struct sg_digest sg_digest_result(const struct sg_digest_state *state) {
    return canonical(XXH3_128bits_digest((const XXH3_state_t *)state));
}

void sg_digest_close(struct sg_digest_state *state) {
    XXH3_freeState((XXH3_state_t *)state);
}

struct sg_digest sg_digest_fed(sg_digest_feed *feed, const void *context) {
    XXH3_state_t state;
    XXH3_INITSTATE(&state);
    XXH3_128bits_reset(&state);
    feed(context, (struct sg_digest_state *)&state);
    return canonical(XXH3_128bits_digest(&state));
}

void sg_digest_text(struct sg_digest digest, char out[33]) {
    static const char hex[] = "0123456789abcdef";
    for (int i = 0; i < SG_DIGEST_BYTES; i++) {
        out[2 * i] = hex[digest.bytes[i] >> 4];
        out[2 * i + 1] = hex[digest.bytes[i] & 15];
    }
    out[32] = '\0';
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool sg_digest_parse(const char *text, struct sg_digest *digest) {
    if (strlen(text) != 2 * SG_DIGEST_BYTES) return false;
    for (int i = 0; i < SG_DIGEST_BYTES; i++) {
        int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        digest->bytes[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

void sg_checksum_start(struct sg_checksum *checksum) {
    XXH64_reset((XXH64_state_t *)checksum, 0);
}

void sg_checksum_add(struct sg_checksum *checksum, const void *bytes, size_t size) {
    XXH64_update((XXH64_state_t *)checksum, bytes, size);
}

uint64_t sg_checksum_result(const struct sg_checksum *checksum) {
    return XXH64_digest((const XXH64_state_t *)checksum);
}
