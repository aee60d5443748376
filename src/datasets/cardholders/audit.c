/* The checks of a customers row and the running statistics. Ids are at most eight digits, so a bitmap over
 * all of them proves uniqueness exactly, in any order. */
#include "datasets/cardholders/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/cardholders/cardholders.h"

enum { ID_DIGITS = 8, ID_COUNT = 100000000, HUNDREDTHS = 10000 };

const char *const ch_audit_columns[CH_AUDIT_COLUMNS] = {
    "customer_id", "email", "state", "card_type", "credit_limit", "customer_segment", "decline_type"};

static const char *const titles[CH_CHECK_COUNT] = {
    [CH_CHECK_COLUMNS] = "every row has the columns of the header",
    [CH_CHECK_REQUIRED] = "required fields are not empty",
    [CH_CHECK_ID_FORMAT] = "customer_id is CUST and 8 digits",
    [CH_CHECK_ID_SEQUENCE] = "customer_id runs from CUST00000001",
    [CH_CHECK_ID_UNIQUE] = "customer_id is unique",
    [CH_CHECK_SEGMENT] = "customer_segment is one of the five",
    [CH_CHECK_EMAIL] = "email is name@domain.com",
    [CH_CHECK_LIMIT_RANGE] = "credit_limit is 5,000 to 50,000",
    [CH_CHECK_LIMIT_STEP] = "credit_limit is a multiple of 1,000",
    [CH_CHECK_DECLINE] = "decline_type fits the segment",
};

const char *ch_audit_title(enum ch_audit_check check) {
    return titles[check];
}

enum sg_code ch_audit_open(struct ch_audit *audit, struct sg_error *err) {
    memset(audit, 0, sizeof *audit);
    audit->id_expected = 1;
    audit->seen = calloc(1, ID_COUNT / 8);
    return audit->seen ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for the ids of customers");
}

void ch_audit_close(struct ch_audit *audit) {
    free(audit->seen);
    audit->seen = NULL;
}

/* The row at hand. */
struct row {
    struct ch_audit *audit;
    uint64_t line;
    const struct ch_audit_text *values;
    bool faulty;
};

/* Up to `most` bytes of a value in whole characters, control characters as dots. */
static const char *cut(struct ch_audit_text value, size_t most, char *out) {
    size_t n = value.size;
    if (n > most)
        for (n = most; n && ((unsigned char)value.text[n] & 0xC0) == 0x80;)
            n--;
    for (size_t i = 0; i < n; i++)
        out[i] = (unsigned char)value.text[i] < ' ' || value.text[i] == 0x7F ? '.' : value.text[i];
    out[n] = '\0';
    return out;
}

static const char *shown(struct ch_audit_text value, char out[64]) {
    return cut(value, 60, out);
}

static void fault(struct row *row, enum ch_audit_check check, const char *format, const char *a,
                  const char *b) {
    struct ch_audit_result *result = &row->audit->results[check];
    row->faulty = true;
    if (result->faults++ >= CH_AUDIT_SAMPLES) return;
    struct ch_audit_finding *finding = &result->samples[result->faults - 1];
    finding->row = row->audit->rows;
    finding->line = row->line;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(finding->text, sizeof finding->text, format, a, b);
#pragma GCC diagnostic pop
}

static bool is(struct ch_audit_text value, const char *text) {
    return value.size == strlen(text) && memcmp(value.text, text, value.size) == 0;
}

static void check_required(struct row *row) {
    static const uint8_t required[] = {CH_AUDIT_ID, CH_AUDIT_EMAIL, CH_AUDIT_STATE, CH_AUDIT_CARD,
                                       CH_AUDIT_LIMIT};
    for (size_t i = 0; i < sizeof required; i++) {
        if (row->values[required[i]].size) continue;
        fault(row, CH_CHECK_REQUIRED, "%s is empty%s", ch_audit_columns[required[i]], "");
        return;
    }
}

/* The number of a well-formed id, -1 for others. */
static int64_t id_number(struct ch_audit_text id) {
    int64_t number = 0;
    if (id.size != 4 + ID_DIGITS || memcmp(id.text, "CUST", 4) != 0) return -1;
    for (size_t i = 4; i < id.size; i++) {
        if (id.text[i] < '0' || id.text[i] > '9') return -1;
        number = number * 10 + (id.text[i] - '0');
    }
    return number;
}

static void check_id(struct row *row) {
    struct ch_audit *audit = row->audit;
    char text[64], wanted[32];
    uint64_t expected = audit->id_expected++;
    struct ch_audit_text id = row->values[CH_AUDIT_ID];
    if (id.size == 0) return;
    int64_t number = id_number(id);
    if (number < 0) {
        fault(row, CH_CHECK_ID_FORMAT, "customer_id '%s' is not CUST and 8 digits%s", shown(id, text), "");
        return;
    }
    if ((uint64_t)number != expected) {
        snprintf(wanted, sizeof wanted, "CUST%08llu", (unsigned long long)expected);
        fault(row, CH_CHECK_ID_SEQUENCE, "customer_id '%s' where %s follows", shown(id, text), wanted);
        audit->id_expected = (uint64_t)number + 1;
    }
    uint8_t bit = (uint8_t)(1 << (number & 7));
    if (audit->seen[number >> 3] & bit)
        fault(row, CH_CHECK_ID_UNIQUE, "customer_id '%s' occurred before%s", shown(id, text), "");
    else
        audit->unique_ids++;
    audit->seen[number >> 3] |= bit;
}

/* name@domain.tld: one @, no spaces, labels between the dots of the domain. */
static bool email_fine(struct ch_audit_text email) {
    const char *at = memchr(email.text, '@', email.size);
    if (!at || at == email.text) return false;
    const char *end = email.text + email.size;
    if (memchr(at + 1, '@', (size_t)(end - at - 1))) return false;
    for (const char *c = email.text; c < end; c++)
        if ((unsigned char)*c <= ' ' || *c == ',') return false;
    bool dot = false;
    for (const char *c = at + 1; c < end; c++) {
        if (*c != '.') continue;
        if (c == at + 1 || c + 1 == end || c[1] == '.') return false;
        dot = true;
    }
    return dot;
}

static void check_email(struct row *row) {
    char text[64];
    struct ch_audit_text email = row->values[CH_AUDIT_EMAIL];
    if (email.size && !email_fine(email))
        fault(row, CH_CHECK_EMAIL, "email '%s' is not name@domain.com%s", shown(email, text), "");
}

/* Whole dollars; what other tools write as 25000.0 counts. */
static bool whole_number(struct ch_audit_text value, int64_t *number) {
    size_t i = value.size && value.text[0] == '-', digits = 0;
    *number = 0;
    for (; i < value.size && value.text[i] >= '0' && value.text[i] <= '9' && digits < 15; i++, digits++)
        *number = *number * 10 + (value.text[i] - '0');
    if (digits == 0) return false;
    if (i < value.size && value.text[i] == '.')
        for (i++; i < value.size && value.text[i] == '0';)
            i++;
    if (value.text[0] == '-') *number = -*number;
    return i == value.size;
}

static void check_limit(struct row *row) {
    struct ch_audit *audit = row->audit;
    struct ch_audit_text value = row->values[CH_AUDIT_LIMIT];
    char text[64];
    int64_t dollars;
    if (value.size == 0) return;
    if (!whole_number(value, &dollars)) {
        fault(row, CH_CHECK_LIMIT_RANGE, "credit_limit '%s' is not a whole number%s", shown(value, text), "");
        return;
    }
    if (!audit->limit_rows || dollars < audit->limit_min) audit->limit_min = dollars;
    if (!audit->limit_rows || dollars > audit->limit_max) audit->limit_max = dollars;
    audit->limit_rows++;
    audit->limit_sum += dollars;
    if (dollars < CH_LIMIT_MIN || dollars > CH_LIMIT_MAX)
        fault(row, CH_CHECK_LIMIT_RANGE, "credit_limit %s is not within 5,000 to 50,000%s",
              shown(value, text), "");
    if (dollars % CH_LIMIT_STEP)
        fault(row, CH_CHECK_LIMIT_STEP, "credit_limit %s is not a multiple of 1,000%s", shown(value, text),
              "");
}

static void check_segment(struct row *row) {
    struct ch_audit_text segment = row->values[CH_AUDIT_SEGMENT], decline = row->values[CH_AUDIT_DECLINE];
    char text[64], other[64];
    int s = 0;
    while (s < CH_SEGMENT_COUNT && !is(segment, ch_segment_labels.labels[s]))
        s++;
    if (s == CH_SEGMENT_COUNT)
        fault(row, CH_CHECK_SEGMENT, "customer_segment '%s' is not one of the five%s", shown(segment, text),
              "");
    bool named = is(decline, "gradual") || is(decline, "sudden");
    if (decline.size && !named)
        fault(row, CH_CHECK_DECLINE, "decline_type '%s' is neither gradual nor sudden%s",
              shown(decline, text), "");
    else if (decline.size && s != CH_DECLINING)
        fault(row, CH_CHECK_DECLINE, "decline_type '%s' in segment '%s'", shown(decline, text),
              shown(segment, other));
    else if (!decline.size && s == CH_DECLINING)
        fault(row, CH_CHECK_DECLINE, "a Declining customer without decline_type%s%s", "", "");
}

static void count_value(struct ch_audit_value values[CH_AUDIT_VALUES], struct ch_audit_text value) {
    char text[CH_AUDIT_VALUE_BYTES];
    cut(value, CH_AUDIT_VALUE_BYTES - 1, text);
    int i = 0;
    while (i < CH_AUDIT_VALUES - 1 && values[i].count && strcmp(values[i].text, text) != 0)
        i++;
    snprintf(values[i].text, sizeof values[i].text, "%s", i < CH_AUDIT_VALUES - 1 ? text : "(others)");
    values[i].count++;
}

/* A value of nothing but blanks is none. */
static struct ch_audit_text without_blanks(struct ch_audit_text value) {
    size_t blanks = 0;
    while (blanks < value.size && (value.text[blanks] == ' ' || value.text[blanks] == '\t'))
        blanks++;
    if (blanks == value.size) value.size = 0;
    return value;
}

void ch_audit_row(struct ch_audit *audit, uint64_t line, const struct ch_audit_text *given) {
    struct ch_audit_text values[CH_AUDIT_COLUMNS];
    struct row row = {.audit = audit, .line = line, .values = values};
    audit->rows++;
    for (int c = 0; given && c < CH_AUDIT_COLUMNS; c++)
        values[c] = without_blanks(given[c]);
    if (!given) {
        audit->id_expected++;
        fault(&row, CH_CHECK_COLUMNS, "the row has another number of fields than the header%s%s", "", "");
    } else {
        check_required(&row);
        check_id(&row);
        check_segment(&row);
        check_email(&row);
        check_limit(&row);
        count_value(audit->segments, values[CH_AUDIT_SEGMENT]);
        count_value(audit->cards, values[CH_AUDIT_CARD]);
    }
    audit->faulty_rows += row.faulty;
}

/* Most frequent first, then by name. */
static bool stands_before(const struct ch_audit_value *a, const struct ch_audit_value *b) {
    return a->count != b->count ? a->count > b->count : strcmp(a->text, b->text) < 0;
}

static void sort_values(struct ch_audit_value values[CH_AUDIT_VALUES]) {
    for (int i = 1; i < CH_AUDIT_VALUES; i++)
        for (int k = i; k > 0 && stands_before(&values[k], &values[k - 1]); k--) {
            struct ch_audit_value other = values[k];
            values[k] = values[k - 1];
            values[k - 1] = other;
        }
}

void ch_audit_end(struct ch_audit *audit) {
    sort_values(audit->segments);
    sort_values(audit->cards);
}

int ch_audit_failed(const struct ch_audit *audit, uint64_t *faults) {
    int failed = 0;
    *faults = 0;
    for (int c = 0; c < CH_CHECK_COUNT; c++) {
        failed += audit->results[c].faults != 0;
        *faults += audit->results[c].faults;
    }
    return failed;
}

bool ch_audit_share(const struct ch_audit *audit, int segment, const char **name, uint32_t *target,
                    uint32_t *found) {
    if (segment >= CH_SEGMENT_COUNT) return false;
    *name = ch_segment_labels.labels[segment];
    *target = ch_segments[segment].share * 100u;
    *found = 0;
    for (int i = 0; i < CH_AUDIT_VALUES; i++)
        if (audit->segments[i].count && strcmp(audit->segments[i].text, *name) == 0)
            *found = (uint32_t)sg_muldiv_round(audit->segments[i].count, HUNDREDTHS, audit->rows);
    return true;
}
