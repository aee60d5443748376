/* COPY text by columns: finds all separators of a block of rows at once, then reads one column after the
 * other in a loop of its own.
 *
 * It only ever takes blocks in which every cell is good, and then gives what the row loop gives. Everything
 * else (a malformed cell, too few columns, rows at the very end of the text) it leaves alone, and the row
 * loop, which is the specification, says what is wrong.
 */
#include "base/calendar.h"
#include "io/cell_ends.h"
#include "io/parse_rows.h"

enum { INSTANT_BYTES = 22 };

size_t sg_parse_block_ends(size_t columns) {
    return sg_cell_ends_room(SG_PARSE_BLOCK_ROWS, columns);
}

/* The 1 to 8 digits at text as the last of eight digits from 0 to 9, a byte each. */
static inline uint64_t digits_of(const char *text, size_t size) {
    return (sg_load8(text) ^ 0x3030303030303030u) << ((64 - 8 * size) & 63);
}

static inline int are_digits(uint64_t digits) {
    return ((digits | (digits + 0x0606060606060606u)) & 0xF0F0F0F0F0F0F0F0u) == 0;
}

/* sg_parse_i64, with a short way for 9 to 16 digits. */
static __attribute__((noinline)) bool read_long(const char *text, size_t size, int64_t *value) {
    if (size > 8 && size <= 16 && *text != '0') {
        uint64_t high = digits_of(text, size - 8), low = digits_of(text + size - 8, 8);
        *value = (int64_t)sg_value8(high) * 100000000 + sg_value8(low);
        if (are_digits(high) & are_digits(low)) return true;
    }
    return sg_parse_i64(text, size, value);
}

#define INLINE static inline __attribute__((always_inline)) bool

/* sg_parse_i64, quick for up to 8 digits without sign. */
INLINE read_i64(const char *text, size_t size, int64_t *value) {
    uint64_t digits = digits_of(text, size);
    *value = sg_value8(digits);
    if ((size - 1 < 8) & are_digits(digits) & ((*text != '0') | (size == 1))) return true;
    return read_long(text, size, value);
}

/* A cell of each type, as the store functions of the row loop take it. */
INLINE read_bool(struct sg_cell_rule *rule, const char *text, size_t size, size_t row) {
    ((uint8_t *)rule->data)[row] = *text == 't';
    return (size == 1) & ((*text == 't') | (*text == 'f'));
}

INLINE read_small(struct sg_cell_rule *rule, const char *text, size_t size, size_t row) {
    int64_t value = 0;
    bool good = read_i64(text, size, &value);
    ((int16_t *)rule->data)[row] = (int16_t)value;
    return good & (value == (int16_t)value);
}

INLINE read_middle(struct sg_cell_rule *rule, const char *text, size_t size, size_t row) {
    int64_t value = 0;
    bool good = read_i64(text, size, &value);
    ((int32_t *)rule->data)[row] = (int32_t)value;
    return good & (value == (int32_t)value);
}

INLINE read_big(struct sg_cell_rule *rule, const char *text, size_t size, size_t row) {
    return read_i64(text, size, (int64_t *)rule->data + row);
}

INLINE read_decimal(struct sg_cell_rule *rule, const char *text, size_t size, size_t row) {
    const unsigned scale = rule->column->scale, precision = rule->column->precision;
    int64_t *value = (int64_t *)rule->data + row;
    size_t whole = size - scale - 1;
    if (scale == 0 || scale > 8 || size < scale + 2 || whole > 8 || precision > SG_SCALE_MAX)
        return sg_parse_decimal(text, size, precision, scale, value);
    uint64_t high = digits_of(text, whole), low = digits_of(text + whole + 1, scale);
    *value = (int64_t)(sg_value8(high) * sg_powers_of_ten[scale] + sg_value8(low));
    bool good = are_digits(high) & are_digits(low) & (text[whole] == '.');
    good &= ((*text != '0') | (whole == 1)) & ((uint64_t)*value < sg_powers_of_ten[precision]);
    return good || sg_parse_decimal(text, size, precision, scale, value);
}

/* The day of "YYYY-MM-DD"; months are remembered. */
INLINE read_day(struct sg_cell_rule *rule, const char *text, int32_t *day) {
    uint64_t head = sg_load8(text);
    struct sg_month_memory *month = &rule->months[head * 0x9e3779b97f4a7c15u >> (64 - SG_MONTH_BITS)];
    if (month->head != head) {
        char first[SG_DATE_BYTES];
        memcpy(first, text, 8);
        memcpy(first + 8, "01", 2);
        if (!sg_parse_date(first, SG_DATE_BYTES, &month->first_day)) return false;
        struct sg_civil civil = sg_civil_from_day(month->first_day);
        month->days = sg_days_in_month(civil.year, civil.month);
        month->head = head;
    }
    int32_t date;
    bool good = sg_parse_pair(text + 8, &date);
    *day = month->first_day + date - 1;
    return good & (date >= 1) & (date <= month->days);
}

INLINE read_date(struct sg_cell_rule *rule, const char *text, size_t size, size_t row) {
    return size == SG_DATE_BYTES && read_day(rule, text, (int32_t *)rule->data + row);
}

/* Seconds of "HH:MM:SS". */
INLINE read_time(const char *text, int32_t *seconds) {
    const uint64_t colons = 0x00003A00003A0000u, colon_bytes = 0x0000FF0000FF0000u;
    uint64_t w = sg_load8(text), digits = (w ^ 0x00000A00000A0000u) & 0x0F0F0F0F0F0F0F0Fu;
    int32_t hour = (int32_t)((digits & 15) * 10 + (digits >> 8 & 15));
    int32_t minute = (int32_t)((digits >> 24 & 15) * 10 + (digits >> 32 & 15));
    int32_t second = (int32_t)((digits >> 48 & 15) * 10 + (digits >> 56 & 15));
    *seconds = hour * SG_HOUR_S + minute * 60 + second;
    return ((w & colon_bytes) == colons) & sg_digits8(w ^ 0x00000A00000A0000u) & (hour <= 23) &
           (minute <= 59) & (second <= 59);
}

INLINE read_timestamp(struct sg_cell_rule *rule, const char *text, size_t size, size_t row) {
    int32_t day, seconds;
    if (size != INSTANT_BYTES || !read_day(rule, text, &day)) return false;
    bool good = read_time(text + 11, &seconds) & (text[10] == ' ') & (memcmp(text + 19, "+00", 3) == 0);
    ((int64_t *)rule->data)[row] = (int64_t)day * SG_DAY_S + seconds;
    return good;
}

INLINE read_label(struct sg_cell_rule *rule, const char *text, size_t size, size_t row) {
    uint64_t head = size >= 8 ? sg_load8(text) : sg_load8(text) & (((uint64_t)1 << 8 * size) - 1);
    size_t mask = ((size_t)1 << rule->slot_bits) - 1;
    for (size_t at = sg_label_slot_of(head, size, rule->slot_bits);; at = (at + 1) & mask) {
        const struct sg_label_slot *slot = &rule->slots[at];
        if (slot->code_plus_one == 0) return false;
        if (slot->head != head || slot->size != size) continue;
        const char *label = rule->labels.bytes + rule->label_offsets[slot->code_plus_one - 1];
        if (size > 8 && memcmp(label, text, size) != 0) continue;
        ((uint16_t *)rule->data)[row] = (uint16_t)(slot->code_plus_one - 1);
        return true;
    }
}

/* Children repeat their parent's key. */
INLINE read_token(struct sg_cell_rule *rule, const char *text, size_t size, size_t row) {
    uint64_t *keys = rule->data;
    if (size == rule->column->token->length && rule->token_before &&
        memcmp(text, rule->token_before, size) == 0) {
        keys[row] = rule->token_before_key;
        return true;
    }
    if (sg_store_token(rule, (struct sg_cell){text, size}, row) != SG_PARSE_FINE) return false;
    rule->token_before = text;
    rule->token_before_key = keys[row];
    return true;
}

INLINE read_text(struct sg_cell_rule *rule, const char *text, size_t size, size_t row) {
    return rule->store(rule, (struct sg_cell){text, size}, row) == SG_PARSE_FINE;
}

INLINE read_uuid(struct sg_cell_rule *rule, const char *text, size_t size, size_t row) {
    return sg_parse_uuid(text, size, (uint64_t *)rule->data + 2 * row);
}

/* The cells of one column: cell r lies between ends[r * columns] and ends[r * columns + 1]. */
typedef bool read_column_fn(struct sg_cell_rule *rule, const char *text, const uint32_t *ends, size_t columns,
                            size_t rows, size_t row_first);

#define READ_COLUMN(name)                                                                                    \
    static bool column_##name(struct sg_cell_rule *rule, const char *text, const uint32_t *ends,             \
                              size_t columns, size_t rows, size_t row_first) {                               \
        bool nullable = rule->column->nullable;                                                              \
        for (size_t r = 0; r < rows; r++, ends += columns) {                                                 \
            const char *cell = text + (uint32_t)(ends[0] + 1);                                               \
            size_t size = ends[1] - (uint32_t)(ends[0] + 1);                                                 \
            if (nullable && sg_copy_is_null(cell, size))                                                     \
                sg_store_null(rule, row_first + r);                                                          \
            else if (!read_##name(rule, cell, size, row_first + r))                                          \
                return false;                                                                                \
            else                                                                                             \
                rule->null[row_first + r] = 0;                                                               \
        }                                                                                                    \
        return true;                                                                                         \
    }

READ_COLUMN(bool)
READ_COLUMN(small)
READ_COLUMN(middle)
READ_COLUMN(big)
READ_COLUMN(decimal)
READ_COLUMN(date)
READ_COLUMN(timestamp)
READ_COLUMN(label)
READ_COLUMN(token)
READ_COLUMN(text)
READ_COLUMN(uuid)

static read_column_fn *const read_column[] = {
    [SG_BOOL] = column_bool,           [SG_I16] = column_small,
    [SG_I32] = column_middle,          [SG_I64] = column_big,
    [SG_DECIMAL] = column_decimal,     [SG_DATE] = column_date,
    [SG_TIMESTAMP] = column_timestamp, [SG_ENUM] = column_label,
    [SG_TOKEN] = column_token,         [SG_TEXT] = column_text,
    [SG_UUID] = column_uuid,
};

bool sg_parse_block(struct sg_parser *parser) {
    struct sg_batch *batch = parser->batch;
    size_t columns = batch->table->column_count, room = batch->capacity - batch->rows;
    size_t wanted = room < SG_PARSE_BLOCK_ROWS ? room : SG_PARSE_BLOCK_ROWS;
    size_t size = (size_t)(parser->end - parser->at), pool_used = batch->pool_used;
    if (parser->by_rows) return false;
    if (size > SG_PARSE_BLOCK_BYTES) size = SG_PARSE_BLOCK_BYTES;
    size_t rows = sg_cell_ends(parser->at, size, columns, wanted, parser->ends);
    if (rows == 0) return false;
    for (size_t c = 0; c < columns; c++) {
        struct sg_cell_rule *rule = &parser->rules[c];
        rule->token_before = NULL;
        if (read_column[rule->column->type](rule, parser->at, parser->ends + c, columns, rows, batch->rows))
            continue;
        batch->pool_used = pool_used;
        return false;
    }
    parser->at += parser->ends[rows * columns] + 1;
    batch->rows += rows;
    return true;
}
