/* Binary COPY tuples into batches. Refuses what PostgreSQL would not write: other lengths, numerics with zero
 * digits at either end or another scale, truth values besides 0 and 1, instants within a second. */
#include "io/encode_binary.h"
#include "io/parse_rows.h"

enum {
    COUNT_BYTES = 2,
    LENGTH_BYTES = 4,
    NUMERIC_HEAD_BYTES = 8,
    NUMERIC_NEGATIVE = 0x4000,
    GROUP = 10000,
    GROUP_DIGITS = 4
};

static enum sg_parse_fault_kind kind_of(bool good) {
    return good ? SG_PARSE_FINE : SG_PARSE_VALUE;
}

static enum sg_parse_fault_kind store_bool(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    if (cell.size != 1 || (unsigned char)*cell.text > 1) return SG_PARSE_VALUE;
    ((uint8_t *)rule->data)[row] = (uint8_t)*cell.text;
    return SG_PARSE_FINE;
}

static enum sg_parse_fault_kind store_i16(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    if (cell.size != 2) return SG_PARSE_VALUE;
    ((uint16_t *)rule->data)[row] = sg_get_be16(cell.text);
    return SG_PARSE_FINE;
}

static enum sg_parse_fault_kind store_i32(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    if (cell.size != 4) return SG_PARSE_VALUE;
    ((uint32_t *)rule->data)[row] = sg_get_be32(cell.text);
    return SG_PARSE_FINE;
}

static enum sg_parse_fault_kind store_i64(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    if (cell.size != 8) return SG_PARSE_VALUE;
    ((uint64_t *)rule->data)[row] = sg_get_be64(cell.text);
    return SG_PARSE_FINE;
}

static enum sg_parse_fault_kind store_date(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    if (cell.size != 4) return SG_PARSE_VALUE;
    int64_t day = (int64_t)(int32_t)sg_get_be32(cell.text) + SG_BINARY_EPOCH_DAY;
    ((int32_t *)rule->data)[row] = (int32_t)day;
    return kind_of(day >= SG_DAY_MIN && day <= SG_DAY_MAX);
}

static enum sg_parse_fault_kind store_timestamp(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    if (cell.size != 8) return SG_PARSE_VALUE;
    int64_t since_us = (int64_t)sg_get_be64(cell.text);
    if (since_us % 1000000) return SG_PARSE_VALUE;
    int64_t instant_s = since_us / 1000000 + SG_BINARY_EPOCH_S;
    ((int64_t *)rule->data)[row] = instant_s;
    return kind_of(instant_s >= (int64_t)SG_DAY_MIN * SG_DAY_S &&
                   instant_s < ((int64_t)SG_DAY_MAX + 1) * SG_DAY_S);
}

static enum sg_parse_fault_kind store_uuid(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    uint64_t *halves = (uint64_t *)rule->data + 2 * row;
    if (cell.size != 16) return SG_PARSE_VALUE;
    halves[0] = sg_get_be64(cell.text);
    halves[1] = sg_get_be64(cell.text + 8);
    return SG_PARSE_FINE;
}

/* A group of four digits whose lowest has the value 10^place in stored units; false when that is no whole
 * number of them or too large. */
static bool add_group(uint64_t *magnitude, uint64_t group, int place) {
    if (place < 0) {
        if (place <= -GROUP_DIGITS || group % sg_powers_of_ten[-place]) return false;
        return !__builtin_add_overflow(*magnitude, group / sg_powers_of_ten[-place], magnitude);
    }
    uint64_t value;
    return place <= SG_SCALE_MAX && !__builtin_mul_overflow(group, sg_powers_of_ten[place], &value) &&
           !__builtin_add_overflow(*magnitude, value, magnitude);
}

static enum sg_parse_fault_kind store_decimal(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    if (cell.size < NUMERIC_HEAD_BYTES) return SG_PARSE_VALUE;
    const size_t count = sg_get_be16(cell.text);
    const int weight = (int16_t)sg_get_be16(cell.text + 2);
    const unsigned sign = sg_get_be16(cell.text + 4), scale = rule->column->scale;
    const char *groups = cell.text + NUMERIC_HEAD_BYTES;
    uint64_t magnitude = 0;
    if (cell.size != NUMERIC_HEAD_BYTES + 2 * count || sg_get_be16(cell.text + 6) != scale)
        return SG_PARSE_VALUE;
    if ((sign && sign != NUMERIC_NEGATIVE) || (count == 0 && (sign || weight))) return SG_PARSE_VALUE;
    for (size_t i = 0; i < count; i++) {
        unsigned group = sg_get_be16(groups + 2 * i);
        if (group >= GROUP || (group == 0 && (i == 0 || i + 1 == count))) return SG_PARSE_VALUE;
        if (!add_group(&magnitude, group, GROUP_DIGITS * (weight - (int)i) + (int)scale))
            return SG_PARSE_VALUE;
    }
    if (magnitude > (uint64_t)INT64_MAX + (sign != 0)) return SG_PARSE_VALUE;
    if (rule->column->precision <= SG_SCALE_MAX && magnitude >= sg_powers_of_ten[rule->column->precision])
        return SG_PARSE_VALUE;
    ((int64_t *)rule->data)[row] = (int64_t)(sign ? 0 - magnitude : magnitude);
    return SG_PARSE_FINE;
}

const struct sg_cell_type sg_binary_types[] = {
    [SG_BOOL] = {store_bool, "is not a truth value"},
    [SG_I16] = {store_i16, "is not a smallint"},
    [SG_I32] = {store_i32, "is not an integer"},
    [SG_I64] = {store_i64, "is not a bigint"},
    [SG_DECIMAL] = {store_decimal, "is not a number of the declared precision and scale"},
    [SG_DATE] = {store_date, "is not a date"},
    [SG_TIMESTAMP] = {store_timestamp, "is not a timestamp"},
    [SG_ENUM] = {sg_store_label, "is not one of the labels"},
    [SG_TOKEN] = {sg_store_token, "does not have the identifier's shape"},
    [SG_TEXT] = {sg_store_plain_text, "is not well-formed text"},
    [SG_UUID] = {store_uuid, "is not a uuid"},
};

/* The cells of a tuple whose count was read. */
static bool parse_cells(struct sg_parser *parser, const char *at) {
    struct sg_batch *batch = parser->batch;
    const char *const end = parser->end;
    for (int i = 0; i < batch->table->column_count; i++) {
        struct sg_cell_rule *rule = &parser->rules[i];
        struct sg_cell cell = {at, (size_t)(end - at)};
        if (cell.size < LENGTH_BYTES) return sg_parse_stumble(parser, SG_PARSE_CUT, i, "is cut", cell);
        uint32_t length = sg_get_be32(at);
        at += LENGTH_BYTES;
        if (length == UINT32_MAX) {
            sg_store_null(rule, batch->rows);
            if (!rule->column->nullable) return sg_parse_stumble_cell(parser, SG_PARSE_NULL, i, cell);
            continue;
        }
        if (length > (size_t)(end - at)) return sg_parse_stumble(parser, SG_PARSE_CUT, i, "is cut", cell);
        cell = (struct sg_cell){at, length};
        enum sg_parse_fault_kind kind = rule->store(rule, cell, batch->rows);
        if (kind != SG_PARSE_FINE) return sg_parse_stumble_cell(parser, kind, i, cell);
        rule->null[batch->rows] = 0;
        at += length;
    }
    parser->at = at;
    return true;
}

static bool parse_row(struct sg_parser *parser) {
    struct sg_cell rest = {parser->at, (size_t)(parser->end - parser->at)};
    if (parser->over)
        return sg_parse_stumble(parser, SG_PARSE_COLUMNS, -1, "stands behind the trailer", rest);
    if (rest.size < COUNT_BYTES) return sg_parse_stumble(parser, SG_PARSE_CUT, -1, "is cut", rest);
    unsigned count = sg_get_be16(parser->at), wanted = parser->batch->table->column_count;
    if (count == wanted) return parse_cells(parser, parser->at + COUNT_BYTES);
    return sg_parse_stumble(parser, SG_PARSE_COLUMNS, -1,
                            count < wanted ? "has too few columns" : "has too many columns", rest);
}

static bool at_trailer(const struct sg_parser *parser) {
    return parser->end - parser->at >= COUNT_BYTES &&
           memcmp(parser->at, sg_binary_trailer, SG_BINARY_TRAILER_BYTES) == 0;
}

bool sg_parse_rows_binary(struct sg_parser *parser) {
    struct sg_batch *batch = parser->batch;
    for (; parser->at < parser->end && batch->rows < batch->capacity; batch->rows++) {
        if (!parser->over && at_trailer(parser)) {
            parser->over = true;
            parser->at += SG_BINARY_TRAILER_BYTES;
            if (parser->at == parser->end) break;
        }
        if (!parse_row(parser)) return false;
    }
    return true;
}
