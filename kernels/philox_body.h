/* Philox4x32-10 over the vectors of lanes_*.h; part of kernels_body.h.
 *
 * A vector holds one counter word of every other row in 64-bit lanes, so that a round is two widening
 * multiplications and no shuffle: what is in the high halves does not matter, the next multiplication looks
 * at the low ones alone. Vectors of even and odd rows alternate, which puts all four words in order by one
 * blend each. SG_ISA_UNROLL vectors are in flight: a round's latency is several times its cost.
 */
enum { UNROLL = SG_ISA_UNROLL, GROUP = UNROLL * LANES / 2, ROUNDS = 10, FIRST_FULL_ROUND = 3 };

/* What the rows of a span share: half of the words of rounds one and two depend on the counter's fixed words
 * alone; round keys from FIRST_FULL_ROUND on, in all lanes. */
struct shared {
    wides c2_first, c0_second, c2_second, c2_third, m0, m1;
    words key[ROUNDS - FIRST_FULL_ROUND + 1][2];
};

static inline wides in_low(uint32_t word) {
    return (wides){0} + word;
}

static inline void share(struct shared *s, const struct sg_source *source, uint32_t high, uint32_t scope,
                         uint32_t draw) {
    const uint32_t m0 = 0xD2511F53u, m1 = 0xCD9E8D57u, step0 = 0x9E3779B9u, step1 = 0xBB67AE85u;
    uint32_t k0 = source->key[0], k1 = source->key[1];
    uint64_t p1 = (uint64_t)scope * m1;
    uint64_t p0 = (uint64_t)((uint32_t)(p1 >> 32) ^ high ^ k0) * m0;
    s->m0 = in_low(m0);
    s->m1 = in_low(m1);
    s->c2_first = in_low(draw ^ k1);
    s->c0_second = in_low((uint32_t)p1 ^ (k0 + step0));
    s->c2_second = in_low((uint32_t)(p0 >> 32) ^ (k1 + step1));
    s->c2_third = in_low((uint32_t)p0);
    for (uint32_t round = FIRST_FULL_ROUND; round <= ROUNDS; round++) {
        s->key[round - FIRST_FULL_ROUND][0] = all_words(k0 + (round - 1) * step0);
        s->key[round - FIRST_FULL_ROUND][1] = all_words(k1 + (round - 1) * step1);
    }
}

/* The state behind the third round of LANES / 2 rows. */
struct counters {
    wides c0, c1, c2, c3;
};

static inline struct counters begin(const struct shared *s, wides row) {
    wides first = multiply_low(row, s->m0);
    wides second = multiply_low((first >> 32) ^ s->c2_first, s->m1);
    wides p0 = multiply_low((second >> 32) ^ s->c0_second, s->m0);
    wides p1 = multiply_low(first ^ s->c2_second, s->m1);
    return (struct counters){(p1 >> 32) ^ second ^ (wides)s->key[0][0], p1,
                             (p0 >> 32) ^ s->c2_third ^ (wides)s->key[0][1], p0};
}

static inline struct counters go_on(const struct shared *s, const words key[2], struct counters c) {
    wides p0 = multiply_low(c.c0, s->m0), p1 = multiply_low(c.c2, s->m1);
    return (struct counters){(p1 >> 32) ^ (c.c1 ^ (wides)key[0]), p1, (p0 >> 32) ^ (c.c3 ^ (wides)key[1]),
                             p0};
}

/* The last round of even and odd rows, and their words. */
static inline void finish(const struct shared *s, struct counters even, struct counters odd, uint32_t *w0,
                          uint32_t *w1, uint32_t *w2, uint32_t *w3) {
    const words *key = s->key[ROUNDS - FIRST_FULL_ROUND];
    wides p0 = multiply_low(even.c0, s->m0), q0 = multiply_low(odd.c0, s->m0);
    wides p1 = multiply_low(even.c2, s->m1), q1 = multiply_low(odd.c2, s->m1);
    store_words(w0, high_halves(p1, q1) ^ low_halves(even.c1, odd.c1) ^ key[0]);
    store_words(w1, low_halves(p1, q1));
    store_words(w2, high_halves(p0, q0) ^ low_halves(even.c3, odd.c3) ^ key[1]);
    store_words(w3, low_halves(p0, q0));
}

/* GROUP rows from `low` on. */
static inline void philox_group(const struct shared *s, uint32_t low, uint32_t *w0, uint32_t *w1,
                                uint32_t *w2, uint32_t *w3) {
    struct counters c[UNROLL];
    wides even = {0};
    for (int l = 0; l < LANES / 2; l++)
        even[l] = (uint64_t)(2 * l);
#pragma GCC unroll 8
    for (uint32_t u = 0; u < UNROLL; u++)
        c[u] = begin(s, even + ((uint64_t)low + u / 2 * LANES + u % 2));
#pragma GCC unroll 8
    for (int round = 1; round < ROUNDS - FIRST_FULL_ROUND; round++) {
#pragma GCC unroll 8
        for (int u = 0; u < UNROLL; u++)
            c[u] = go_on(s, s->key[round], c[u]);
    }
#pragma GCC unroll 8
    for (int u = 0; u < UNROLL; u += 2) {
        const int at = u / 2 * LANES;
        finish(s, c[u], c[u + 1], w0 + at, w1 + at, w2 + at, w3 + at);
    }
}

/* Rows whose counters share their high half. Fewer than a group are made aside, not to write behind. */
static void philox_span(const struct sg_source *source, uint64_t row_first, uint32_t stream, uint32_t draw,
                        size_t rows, uint32_t *w0, uint32_t *w1, uint32_t *w2, uint32_t *w3) {
    const uint32_t low = (uint32_t)row_first;
    struct shared s;
    share(&s, source, (uint32_t)(row_first >> 32), source->scope | stream, draw);
    size_t i = 0;
    for (; i + GROUP <= rows; i += GROUP)
        philox_group(&s, low + (uint32_t)i, w0 + i, w1 + i, w2 + i, w3 + i);
    if (i == rows) return;
    uint32_t last[4][GROUP];
    philox_group(&s, low + (uint32_t)i, last[0], last[1], last[2], last[3]);
    memcpy(w0 + i, last[0], (rows - i) * sizeof *w0);
    memcpy(w1 + i, last[1], (rows - i) * sizeof *w1);
    memcpy(w2 + i, last[2], (rows - i) * sizeof *w2);
    memcpy(w3 + i, last[3], (rows - i) * sizeof *w3);
}

static void k_philox(const struct sg_source *source, uint64_t row_first, uint32_t stream, uint32_t draw,
                     size_t rows, uint32_t *w0, uint32_t *w1, uint32_t *w2, uint32_t *w3) {
    while (rows) {
        uint64_t to_carry = ((uint64_t)1 << 32) - (uint32_t)row_first;
        size_t span = rows < to_carry ? rows : (size_t)to_carry;
        philox_span(source, row_first, stream, draw, span, w0, w1, w2, w3);
        row_first += span;
        rows -= span;
        w0 += span;
        w1 += span;
        w2 += span;
        w3 += span;
    }
}
