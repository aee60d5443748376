/* Cell rules of every type: text into batch elements, label lookups, unescaping into the pool. */
#include "io/parse_cells.h"

#include <stdlib.h>

#include "base/checked.h"
#include "io/parse_rows.h"

size_t sg_utf8_characters(const char *text, size_t size) {
    const unsigned char *at = (const unsigned char *)text, *end = at + size;
    size_t characters = 0;
    while (at < end) {
        for (uint64_t w; end - at >= 8; at += 8, characters += 8) {
            memcpy(&w, at, 8);
            if ((w | (w - 0x0101010101010101u)) & 0x8080808080808080u) break; /* a zero or high byte */
        }
        if (at == end) break;
        unsigned lead = *at, more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        if (lead == 0 || (lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || (size_t)(end - at) <= more)
            return SIZE_MAX;
        /* The second byte excludes overlong forms, surrogates and what lies beyond U+10FFFF. */
        unsigned least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        unsigned most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (more && (at[1] < least || at[1] > most)) return SIZE_MAX;
        for (unsigned i = 2; i <= more; i++)
            if (at[i] < 0x80 || at[i] > 0xBF) return SIZE_MAX;
        at += 1 + more;
        characters++;
    }
    return characters;
}

static enum sg_parse_fault_kind kind_of(bool good) {
    return good ? SG_PARSE_FINE : SG_PARSE_VALUE;
}

static enum sg_parse_fault_kind store_bool(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    ((uint8_t *)rule->data)[row] = *cell.text == 't';
    return kind_of(cell.size == 1 && (*cell.text == 't' || *cell.text == 'f'));
}

static enum sg_parse_fault_kind store_i16(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    int64_t value = 0;
    bool good = sg_parse_i64(cell.text, cell.size, &value);
    ((int16_t *)rule->data)[row] = (int16_t)value;
    return kind_of(good && value == (int16_t)value);
}

static enum sg_parse_fault_kind store_i32(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    int64_t value = 0;
    bool good = sg_parse_i64(cell.text, cell.size, &value);
    ((int32_t *)rule->data)[row] = (int32_t)value;
    return kind_of(good && value == (int32_t)value);
}

static enum sg_parse_fault_kind store_i64(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    return kind_of(sg_parse_i64(cell.text, cell.size, (int64_t *)rule->data + row));
}

static enum sg_parse_fault_kind store_decimal(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    return kind_of(sg_parse_decimal(cell.text, cell.size, rule->column->precision, rule->column->scale,
                                    (int64_t *)rule->data + row));
}

static enum sg_parse_fault_kind store_date(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    return kind_of(cell.size == SG_DATE_BYTES &&
                   sg_parse_day(cell.text, &rule->day, (int32_t *)rule->data + row));
}

static enum sg_parse_fault_kind store_timestamp(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    return kind_of(sg_parse_timestamp(cell.text, cell.size, &rule->day, (int64_t *)rule->data + row));
}

static enum sg_parse_fault_kind store_uuid(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    return kind_of(sg_parse_uuid(cell.text, cell.size, (uint64_t *)rule->data + 2 * row));
}

enum sg_parse_fault_kind sg_store_token(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    const struct sg_token *token = rule->column->token;
    size_t head = rule->token_head + token->infix_after, rest = sg_token_digits(token) - token->infix_after;
    uint64_t *key = (uint64_t *)rule->data + row;
    if (cell.size != token->length) return SG_PARSE_VALUE;
    if (token->decimal_digits && token->infix_after == 0)
        return kind_of(memcmp(cell.text, rule->token, rule->token_head) == 0 &&
                       sg_parse_digits(cell.text + rule->token_head, token->decimal_digits, key));
    size_t infix = token->length - head - rest;
    char digits[SG_TOKEN_DECIMALS_MAX];
    memcpy(digits, cell.text + rule->token_head, token->infix_after);
    memcpy(digits + token->infix_after, cell.text + token->length - rest, rest);
    return kind_of(memcmp(cell.text, rule->token, rule->token_head) == 0 &&
                   memcmp(cell.text + head, rule->token + head, infix) == 0 &&
                   (token->decimal_digits ? sg_parse_digits(digits, token->decimal_digits, key)
                                          : sg_parse_base62(digits, key)));
}

bool sg_parse_token(const struct sg_token *token, const char *text, size_t size, uint64_t *key) {
    char digits[SG_TOKEN_DECIMALS_MAX], again[UINT8_MAX + 1];
    size_t head = strlen(token->prefix) + strlen(token->lead), rest = sg_token_digits(token);
    size_t infix = strlen(token->infix), before = infix ? token->infix_after : 0;
    if (size != token->length || head + infix + rest != size) return false;
    memcpy(digits, text + head, before);
    memcpy(digits + before, text + head + before + infix, rest - before);
    bool good = token->decimal_digits ? sg_parse_digits(digits, rest, key) : sg_parse_base62(digits, key);
    if (!good) return false;
    sg_token_format(token, *key, again);
    return memcmp(again, text, size) == 0;
}

/* The first eight bytes of a text, zero padded. */
static inline uint64_t head_of(struct sg_cell cell) {
    uint64_t head = 0;
    memcpy(&head, cell.text, cell.size < 8 ? cell.size : 8);
    return head;
}

enum sg_parse_fault_kind sg_store_label(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    uint64_t head = head_of(cell);
    size_t mask = ((size_t)1 << rule->slot_bits) - 1;
    for (size_t at = sg_label_slot_of(head, cell.size, rule->slot_bits);; at = (at + 1) & mask) {
        const struct sg_label_slot *slot = &rule->slots[at];
        if (slot->code_plus_one == 0) return SG_PARSE_VALUE;
        if (slot->head != head || slot->size != cell.size) continue;
        const char *label = rule->labels.bytes + rule->label_offsets[slot->code_plus_one - 1];
        if (cell.size > 8 && memcmp(label, cell.text, cell.size) != 0) continue;
        ((uint16_t *)rule->data)[row] = (uint16_t)(slot->code_plus_one - 1);
        return SG_PARSE_FINE;
    }
}

/* What a letter after a backslash stands for, 0 = nothing. */
static const char unescaped[256] = {
    ['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t', ['v'] = '\v', ['\\'] = '\\'};

char *sg_unescape_copy(char *out, struct sg_cell cell) {
    const char *at = cell.text, *end = at + cell.size;
    while (at < end) {
        for (uint64_t w; end - at >= 8; at += 8, out += 8) {
            memcpy(&w, at, 8);
            if (!sg_copy_plain8(w)) break;
            memcpy(out, &w, 8);
        }
        if (at == end) break;
        char c = *at++;
        if (c == '\\') {
            c = at < end ? unescaped[(unsigned char)*at++] : '\0';
            if (!c) return NULL;
        } else if (sg_copy_escape[(unsigned char)c]) {
            return NULL;
        }
        *out++ = c;
    }
    return out;
}

/* Takes quotes off a CSV field; NULL when a quote stands where none may, or quotes where none are needed. */
static char *unquote_csv(char *out, struct sg_cell cell) {
    if (cell.size == 0 || *cell.text != '"') {
        if (sg_csv_quotes(cell.text, cell.size)) return NULL;
        memcpy(out, cell.text, cell.size);
        return out + cell.size;
    }
    if (cell.size < 2 || cell.text[cell.size - 1] != '"') return NULL;
    const char *const start = out, *at = cell.text + 1, *end = cell.text + cell.size - 1;
    while (at < end) {
        if (*at == '"' && (++at == end || *at != '"')) return NULL;
        *out++ = *at++;
    }
    return sg_csv_quotes(start, (size_t)(out - start)) ? out : NULL;
}

/* Takes over what was written to the pool. */
static enum sg_parse_fault_kind keep_text(struct sg_cell_rule *rule, const char *start, const char *end,
                                          size_t row) {
    struct sg_batch *batch = rule->batch;
    size_t size = (size_t)(end - start), characters = sg_utf8_characters(start, size);
    if (characters == SIZE_MAX) return SG_PARSE_VALUE;
    if (rule->column->length_max && characters > rule->column->length_max) return SG_PARSE_LENGTH;
    ((struct sg_text *)rule->data)[row] = (struct sg_text){(uint32_t)batch->pool_used, (uint32_t)size};
    batch->pool_used += size;
    return SG_PARSE_FINE;
}

/* The caller has seen to it that the pool has room for the raw cell. */
static enum sg_parse_fault_kind store_text(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    struct sg_batch *batch = rule->batch;
    char *start = batch->pool + batch->pool_used;
    char *end = rule->rows == SG_ROWS_CSV ? unquote_csv(start, cell) : sg_unescape_copy(start, cell);
    if (!end) return SG_PARSE_VALUE;
    return keep_text(rule, start, end, row);
}

enum sg_parse_fault_kind sg_store_plain_text(struct sg_cell_rule *rule, struct sg_cell cell, size_t row) {
    char *start = rule->batch->pool + rule->batch->pool_used;
    memcpy(start, cell.text, cell.size);
    return keep_text(rule, start, start + cell.size, row);
}

static const struct sg_cell_type text_types[] = {
    [SG_BOOL] = {store_bool, "is not t or f"},
    [SG_I16] = {store_i16, "is not a smallint"},
    [SG_I32] = {store_i32, "is not an integer in range"},
    [SG_I64] = {store_i64, "is not a bigint"},
    [SG_DECIMAL] = {store_decimal, "is not a number of the declared precision and scale"},
    [SG_DATE] = {store_date, "is not a date"},
    [SG_TIMESTAMP] = {store_timestamp, "is not a timestamp"},
    [SG_ENUM] = {sg_store_label, "is not one of the labels"},
    [SG_TOKEN] = {sg_store_token, "does not have the identifier's shape"},
    [SG_TEXT] = {store_text, "is not well-formed text"},
    [SG_UUID] = {store_uuid, "is not a uuid"},
};

/* A label as the format writes it; gives its end. */
static char *render(enum sg_row_kind rows, char *out, const char *label, size_t size) {
    if (rows == SG_ROWS_COPY) return sg_put_copy_text(out, label, size);
    if (rows == SG_ROWS_CSV) return sg_put_csv_text(out, label, size);
    memcpy(out, label, size);
    return out + size;
}

/* Renders a label and enters it. */
static enum sg_code add_label(struct sg_cell_rule *rule, unsigned code, struct sg_error *err) {
    const char *label = rule->column->labels->labels[code];
    size_t size = strlen(label);
    SG_TRY(sg_buffer_reserve(&rule->labels, 2 * size + 2, err));
    char *start = rule->labels.bytes + rule->labels.used;
    struct sg_cell cell = {start, (size_t)(render(rule->rows, start, label, size) - start)};
    rule->label_offsets[code] = (uint32_t)rule->labels.used;
    rule->labels.used += cell.size;
    size_t at = sg_label_slot_of(head_of(cell), cell.size, rule->slot_bits);
    while (rule->slots[at].code_plus_one)
        at = (at + 1) & (((size_t)1 << rule->slot_bits) - 1);
    rule->slots[at] = (struct sg_label_slot){head_of(cell), (uint32_t)cell.size, code + 1};
    return SG_OK;
}

static enum sg_code open_labels(struct sg_cell_rule *rule, struct sg_error *err) {
    unsigned count = rule->column->labels->count;
    for (rule->slot_bits = 1; (1u << rule->slot_bits) < 2 * count + 1;)
        rule->slot_bits++;
    rule->slots = sg_alloc_array((size_t)1 << rule->slot_bits, sizeof *rule->slots);
    rule->label_offsets = sg_alloc_array(count, sizeof *rule->label_offsets);
    if (!rule->slots || !rule->label_offsets) return sg_fail(err, SG_SYSTEM, "no memory for labels");
    for (unsigned code = 0; code < count; code++)
        SG_TRY(add_label(rule, code, err));
    return SG_OK;
}

enum sg_code sg_cell_rule_open(struct sg_cell_rule *rule, struct sg_batch *batch, int index,
                               enum sg_row_kind rows, struct sg_error *err) {
    const struct sg_column *column = &batch->table->columns[index];
    memset(rule, 0, sizeof *rule);
    rule->column = column;
    rule->batch = batch;
    rule->data = batch->vectors[index].data;
    rule->null = batch->vectors[index].null;
    rule->rows = rows;
    const struct sg_cell_type *type = &(rows == SG_ROWS_BINARY ? sg_binary_types : text_types)[column->type];
    rule->store = type->store;
    rule->what = type->what;
    if (column->type == SG_DECIMAL && column->scale > SG_SCALE_MAX)
        return sg_fail(err, SG_INTERNAL, "%s.%s: scale %u is above %d", batch->table->name, column->name,
                       column->scale, SG_SCALE_MAX);
    if (column->type == SG_TOKEN) {
        sg_token_format(column->token, 0, rule->token);
        rule->token_head = strlen(column->token->prefix) + strlen(column->token->lead);
    }
    return column->type == SG_ENUM ? open_labels(rule, err) : SG_OK;
}

void sg_cell_rule_close(struct sg_cell_rule *rule) {
    free(rule->slots);
    free(rule->label_offsets);
    sg_buffer_free(&rule->labels);
}
