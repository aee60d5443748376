/* PostgreSQL's extended hash functions with seed 0 and the row hash built from them.
 *
 * Follows src/common/hashfn.c, hashfunc.c, numeric.c and rowtypes.c of PostgreSQL 15; stable across versions
 * because hash partitioning stores its results. Invariant: little-endian byte order, as on every supported
 * machine (PostgreSQL's own hashes differ between byte orders).
 */
#include "io/fingerprint.h"

#include <string.h>

#include "base/calendar.h"
#include "base/wide.h"
#include "io/cell_text.h"

/* Postgres counts microseconds from 2000-01-01 and days from the same date. */
enum { PG_EPOCH_DAY = 10957 };

struct lookup3 {
    uint32_t a, b, c;
};

SG_WIDE_INLINE uint32_t rotate(uint32_t x, unsigned k) {
    return x << k | x >> (32 - k);
}

SG_WIDE_INLINE struct lookup3 mix(struct lookup3 s) {
    s.a -= s.c, s.a ^= rotate(s.c, 4), s.c += s.b;
    s.b -= s.a, s.b ^= rotate(s.a, 6), s.a += s.c;
    s.c -= s.b, s.c ^= rotate(s.b, 8), s.b += s.a;
    s.a -= s.c, s.a ^= rotate(s.c, 16), s.c += s.b;
    s.b -= s.a, s.b ^= rotate(s.a, 19), s.a += s.c;
    s.c -= s.b, s.c ^= rotate(s.b, 4), s.b += s.a;
    return s;
}

SG_WIDE_INLINE uint64_t final(struct lookup3 s) {
    s.c ^= s.b, s.c -= rotate(s.b, 14);
    s.a ^= s.c, s.a -= rotate(s.c, 11);
    s.b ^= s.a, s.b -= rotate(s.a, 25);
    s.c ^= s.b, s.c -= rotate(s.b, 16);
    s.a ^= s.c, s.a -= rotate(s.c, 4);
    s.b ^= s.a, s.b -= rotate(s.a, 14);
    s.c ^= s.b, s.c -= rotate(s.b, 24);
    return (uint64_t)s.b << 32 | s.c;
}

SG_WIDE_INLINE struct lookup3 start(uint32_t size) {
    uint32_t value = 0x9e3779b9u + size + 3923095u;
    return (struct lookup3){value, value, value};
}

static inline uint32_t load32(const unsigned char *bytes) {
    uint32_t word;
    memcpy(&word, bytes, 4);
    return word;
}

uint64_t sg_hash_bytes(const void *bytes, size_t size) {
    const unsigned char *at = bytes;
    struct lookup3 s = start((uint32_t)size);
    for (; size >= 12; size -= 12, at += 12) {
        s.a += load32(at);
        s.b += load32(at + 4);
        s.c += load32(at + 8);
        s = mix(s);
    }
    /* The lowest byte of c is the length's: the last word takes its bytes from bit 8 on. */
    unsigned char tail[12] = {0};
    memcpy(tail, at, size);
    s.a += load32(tail);
    s.b += load32(tail + 4);
    s.c += load32(tail + 8) << 8;
    return final(s);
}

SG_WIDE_INLINE uint64_t hash_u32(uint32_t value) {
    struct lookup3 s = start(sizeof value);
    s.a += value;
    return final(s);
}

/* hashint8extended: equal to the hash of the same value as integer. */
SG_WIDE_INLINE uint64_t hash_i64(int64_t value) {
    uint32_t low = (uint32_t)value;
    uint32_t high = (uint32_t)((uint64_t)value >> 32);
    return hash_u32(low ^ (value >= 0 ? high : ~high));
}

uint64_t sg_hash_i64(int64_t value) {
    return hash_i64(value);
}

enum { NUMERIC_DIGITS_MAX = 12 };

/* Base-10000 digits around the decimal point, most significant first, without leading zeros. Returns how
 * many; *weight is the power of 10000 of the first one. */
static int numeric_digits(uint64_t magnitude, unsigned scale, uint16_t digits[NUMERIC_DIGITS_MAX],
                          int *weight) {
    static const uint16_t pads[4] = {1, 1000, 100, 10};
    uint16_t reversed[NUMERIC_DIGITS_MAX];
    int count = 0;
    uint64_t pad = pads[scale % 4]; /* fills the fraction to whole base-10000 digits */
    uint64_t small = 0;
    if (magnitude <= UINT64_MAX / 1000) {
        small = magnitude * pad;
    } else {
        unsigned __int128 padded = (unsigned __int128)magnitude * pad;
        reversed[count++] = (uint16_t)(padded % 10000);
        small = (uint64_t)(padded / 10000);
    }
    for (; small; small /= 10000)
        reversed[count++] = (uint16_t)(small % 10000);
    for (int i = 0; i < count; i++)
        digits[i] = reversed[count - 1 - i];
    *weight = count - 1 - (int)((scale + 3) / 4);
    return count;
}

uint64_t sg_hash_decimal(int64_t value, unsigned scale) {
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    uint16_t digits[NUMERIC_DIGITS_MAX];
    int weight;
    int count = numeric_digits(magnitude, scale, digits, &weight);
    while (count && digits[count - 1] == 0)
        count--;
    /* Zero hashes to the seed minus one; the sign takes no part. */
    if (count == 0) return UINT64_MAX;
    return sg_hash_bytes(digits, (size_t)count * sizeof digits[0]) ^ (uint64_t)(int64_t)weight;
}

/* Rows hashed at a time, and labels of all enums whose hashes are kept for a batch. */
enum { BLOCK_ROWS = 256, LABELS_KEPT = 1024 };

struct column_hash {
    const struct sg_batch *batch;
    const struct sg_column *column;
    const void *data;
    /* SG_ENUM: hashes of the column's first labels, and those of all columns one behind the other */
    uint64_t *labels;
    size_t labels_kept;
    uint64_t all_labels[LABELS_KEPT];
};

static uint64_t hash_label(const struct column_hash *h, unsigned code) {
    const struct sg_enum *labels = h->column->labels;
    if (code < h->labels_kept) return h->labels[code];
    if (code >= labels->count) return 0; /* only under a NULL mark */
    return sg_hash_bytes(labels->labels[code], strlen(labels->labels[code]));
}

/* The labels of the enum in hand follow those of the one before; the first block of a batch hashes them. */
static void next_labels(struct column_hash *h, bool first_block) {
    const struct sg_enum *labels = h->column->labels;
    h->labels += h->labels_kept;
    size_t room = (size_t)(h->all_labels + LABELS_KEPT - h->labels);
    h->labels_kept = labels->count < room ? labels->count : room;
    for (size_t i = 0; first_block && i < h->labels_kept; i++)
        h->labels[i] = sg_hash_bytes(labels->labels[i], strlen(labels->labels[i]));
}

/* Takes the next column's hash, 0 where it is NULL, into a row's. */
SG_WIDE_INLINE uint64_t fold(uint64_t row_hash, uint64_t hash, uint8_t null) {
    return row_hash * 31 + (hash & ((uint64_t)null - 1));
}

/* Defines hash_column_<name>, which folds `expression` into the row hashes; v is the cell. Straight loops
 * that compilers turn into vector code. */
#define HASH_COLUMN(name, ctype, expression)                                                                 \
    SG_WIDE static void hash_column_##name(const struct column_hash *h, size_t first, size_t rows,           \
                                           const uint8_t *restrict null, uint64_t *restrict rows_hash) {     \
        const ctype *restrict data = (const ctype *)h->data + first;                                         \
        for (size_t row = 0; row < rows; row++) {                                                            \
            ctype v = data[row];                                                                             \
            rows_hash[row] = fold(rows_hash[row], (expression), null[row]);                                  \
        }                                                                                                    \
    }

HASH_COLUMN(bool, uint8_t, hash_u32((uint32_t)v))
HASH_COLUMN(i16, int16_t, hash_u32((uint32_t)(int32_t)v))
HASH_COLUMN(i32, int32_t, hash_u32((uint32_t)v))
HASH_COLUMN(i64, int64_t, hash_i64(v))
HASH_COLUMN(date, int32_t, hash_u32((uint32_t)v - PG_EPOCH_DAY))
HASH_COLUMN(timestamp, int64_t, hash_i64((v - (int64_t)PG_EPOCH_DAY * SG_DAY_S) * 1000000))

static void hash_column_decimal(const struct column_hash *h, size_t first, size_t rows, const uint8_t *null,
                                uint64_t *rows_hash) {
    const int64_t *data = (const int64_t *)h->data + first;
    uint64_t hash = 0;
    for (size_t row = 0; row < rows; row++) {
        if (!row || data[row] != data[row - 1]) hash = sg_hash_decimal(data[row], h->column->scale);
        rows_hash[row] = fold(rows_hash[row], hash, null[row]);
    }
}

static void hash_column_enum(const struct column_hash *h, size_t first, size_t rows, const uint8_t *null,
                             uint64_t *rows_hash) {
    const uint16_t *data = (const uint16_t *)h->data + first;
    for (size_t row = 0; row < rows; row++)
        rows_hash[row] = fold(rows_hash[row], hash_label(h, data[row]), null[row]);
}

static void hash_column_text(const struct column_hash *h, size_t first, size_t rows, const uint8_t *null,
                             uint64_t *rows_hash) {
    const struct sg_text *data = (const struct sg_text *)h->data + first;
    for (size_t row = 0; row < rows; row++) {
        uint64_t hash = null[row] ? 0 : sg_hash_bytes(h->batch->pool + data[row].offset, data[row].length);
        rows_hash[row] = fold(rows_hash[row], hash, null[row]);
    }
}

static void hash_column_uuid(const struct column_hash *h, size_t first, size_t rows, const uint8_t *null,
                             uint64_t *rows_hash) {
    const uint64_t *halves = (const uint64_t *)h->data + 2 * first;
    for (size_t row = 0; row < rows; row++) {
        uint64_t bytes[2] = {__builtin_bswap64(halves[2 * row]), __builtin_bswap64(halves[2 * row + 1])};
        rows_hash[row] = fold(rows_hash[row], sg_hash_bytes(bytes, sizeof bytes), null[row]);
    }
}

static void hash_column_token(const struct column_hash *h, size_t first, size_t rows, const uint8_t *null,
                              uint64_t *rows_hash) {
    const uint64_t *keys = (const uint64_t *)h->data + first;
    const struct sg_token *token = h->column->token;
    const size_t head = strlen(token->prefix) + strlen(token->lead);
    char text[UINT8_MAX + 2 * SG_TOKEN_SLACK_BYTES] = {0};
    uint64_t hash = 0;
    sg_token_format(token, 0, text);
    for (size_t row = 0; row < rows; row++) {
        if (!row || keys[row] != keys[row - 1]) { /* children follow their parent */
            sg_put_token_key(text, token, head, keys[row]);
            hash = sg_hash_bytes(text, token->length);
        }
        rows_hash[row] = fold(rows_hash[row], hash, null[row]);
    }
}

typedef void hash_column_fn(const struct column_hash *h, size_t first, size_t rows, const uint8_t *null,
                            uint64_t *rows_hash);

static hash_column_fn *const hash_column[] = {
    [SG_BOOL] = hash_column_bool, [SG_I16] = hash_column_i16,         [SG_I32] = hash_column_i32,
    [SG_I64] = hash_column_i64,   [SG_DATE] = hash_column_date,       [SG_TIMESTAMP] = hash_column_timestamp,
    [SG_ENUM] = hash_column_enum, [SG_DECIMAL] = hash_column_decimal, [SG_TEXT] = hash_column_text,
    [SG_UUID] = hash_column_uuid, [SG_TOKEN] = hash_column_token,
};

/* Does a column hold one value, or NULL, in all these rows? Parents' keys and what follows from them do. */
static bool stands_still(const struct column_hash *h, size_t first, size_t rows, const uint8_t *null) {
    size_t bytes = sg_type_bytes(h->column->type);
    const char *data = (const char *)h->data + first * bytes;
    if (rows < 2 || h->column->type == SG_TEXT || memcmp(data, data + bytes, bytes) != 0) return false;
    return memcmp(data, data + bytes, (rows - 1) * bytes) == 0 && memcmp(null, null + 1, rows - 1) == 0;
}

SG_WIDE static void fold_same(uint64_t hash, size_t rows, uint64_t *restrict rows_hash) {
    for (size_t row = 0; row < rows; row++)
        rows_hash[row] = rows_hash[row] * 31 + hash;
}

/* The row hashes of a batch's rows [first, first + rows). */
static void hash_block(struct column_hash *h, const struct sg_batch *batch, size_t first, size_t rows,
                       uint64_t rows_hash[BLOCK_ROWS]) {
    memset(rows_hash, 0, BLOCK_ROWS * sizeof *rows_hash);
    h->labels = h->all_labels;
    h->labels_kept = 0;
    for (int i = 0; i < batch->table->column_count; i++) {
        const uint8_t *null = batch->vectors[i].null + first;
        h->column = &batch->table->columns[i];
        h->data = batch->vectors[i].data;
        if (h->column->type == SG_ENUM) next_labels(h, first == 0);
        if (stands_still(h, first, rows, null)) {
            uint64_t hash = 0;
            hash_column[h->column->type](h, first, 1, null, &hash);
            fold_same(hash, rows, rows_hash);
        } else {
            hash_column[h->column->type](h, first, rows, null, rows_hash);
        }
    }
}

/* Sum of the hashes of row hashes as numbers with a sign. */
SG_WIDE static void sum_rows(const uint64_t *restrict rows_hash, size_t rows, int64_t *high, uint64_t *low) {
    int64_t high_sum = 0;
    uint64_t low_sum = 0;
    for (size_t row = 0; row < rows; row++) {
        uint64_t hash = hash_i64((int64_t)rows_hash[row]);
        high_sum += (int32_t)(hash >> 32);
        low_sum += (uint32_t)hash;
    }
    *high = high_sum;
    *low = low_sum;
}

void sg_fingerprint_batch(const struct sg_batch *batch, __int128 *sum) {
    struct column_hash scratch; /* large: what is used of it is set */
    uint64_t rows_hash[BLOCK_ROWS], low;
    int64_t high;
    scratch.batch = batch;
    for (size_t first = 0; first < batch->rows; first += BLOCK_ROWS) {
        size_t rows = batch->rows - first < BLOCK_ROWS ? batch->rows - first : BLOCK_ROWS;
        hash_block(&scratch, batch, first, rows, rows_hash);
        sum_rows(rows_hash, rows, &high, &low);
        *sum += (__int128)high * ((__int128)1 << 32) + low;
    }
}

void sg_fingerprint_text(__int128 sum, char out[48]) {
    char reversed[48];
    size_t count = 0;
    unsigned __int128 magnitude = sum < 0 ? 0 - (unsigned __int128)sum : (unsigned __int128)sum;
    do {
        reversed[count++] = (char)('0' + (int)(magnitude % 10));
        magnitude /= 10;
    } while (magnitude);
    if (sum < 0) reversed[count++] = '-';
    for (size_t i = 0; i < count; i++)
        out[i] = reversed[count - 1 - i];
    out[count] = '\0';
}

bool sg_fingerprint_parse(const char *text, __int128 *sum) {
    bool negative = *text == '-';
    text += negative;
    if (*text == '\0' || (*text == '0' && (text[1] || negative))) return false;
    unsigned __int128 magnitude = 0;
    const unsigned __int128 most = (unsigned __int128)1 << 127;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || magnitude > (most - 9) / 10) return false;
        magnitude = magnitude * 10 + (unsigned)(*text - '0');
    }
    *sum = (__int128)(negative ? 0 - magnitude : magnitude);
    return true;
}
