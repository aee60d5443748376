/* The data-quality validation of a customers file, row by row, whoever made it: every check of the seed and
 * its statistics. Pure apart from memory (13 MB, whatever the size of the file).
 */
#ifndef SG_CARDHOLDERS_AUDIT_H
#define SG_CARDHOLDERS_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* Columns that the checks read; the others of a file are not looked at. */
enum ch_audit_column {
    CH_AUDIT_ID,
    CH_AUDIT_EMAIL,
    CH_AUDIT_STATE,
    CH_AUDIT_CARD,
    CH_AUDIT_LIMIT,
    CH_AUDIT_SEGMENT,
    CH_AUDIT_DECLINE,
    CH_AUDIT_COLUMNS
};
extern const char *const ch_audit_columns[CH_AUDIT_COLUMNS];

enum ch_audit_check {
    CH_CHECK_COLUMNS,  /* as many fields as the header */
    CH_CHECK_REQUIRED, /* the required fields are not empty */
    CH_CHECK_ID_FORMAT,
    CH_CHECK_ID_SEQUENCE,
    CH_CHECK_ID_UNIQUE,
    CH_CHECK_SEGMENT, /* one of the five */
    CH_CHECK_EMAIL,
    CH_CHECK_LIMIT_RANGE,
    CH_CHECK_LIMIT_STEP,
    CH_CHECK_DECLINE,
    CH_CHECK_COUNT
};

/* A row that failed a check. */
enum { CH_AUDIT_SAMPLES = 10, CH_AUDIT_TEXT_BYTES = 200, CH_AUDIT_VALUES = 16, CH_AUDIT_VALUE_BYTES = 40 };
struct ch_audit_finding {
    uint64_t row, line; /* data row and line of the file, from 1 */
    char text[CH_AUDIT_TEXT_BYTES];
};

struct ch_audit_result {
    uint64_t faults;                                   /* rows */
    struct ch_audit_finding samples[CH_AUDIT_SAMPLES]; /* the first ones */
};

/* How often a value occurs; the last slot takes all values beyond the others. */
struct ch_audit_value {
    char text[CH_AUDIT_VALUE_BYTES];
    uint64_t count;
};

struct ch_audit {
    uint64_t rows, faulty_rows, unique_ids;
    struct ch_audit_result results[CH_CHECK_COUNT];
    struct ch_audit_value segments[CH_AUDIT_VALUES],
        cards[CH_AUDIT_VALUES]; /* most frequent first once ended */
    uint64_t limit_rows;        /* rows whose credit limit is a number */
    int64_t limit_min, limit_max;
    __int128 limit_sum;
    uint64_t id_expected;
    uint8_t *seen; /* one bit for each of the 10^8 ids */
};

struct ch_audit_text {
    const char *text;
    size_t size;
};

/* Free with ch_audit_close even after failure. */
enum sg_code ch_audit_open(struct ch_audit *audit, struct sg_error *err);
void ch_audit_close(struct ch_audit *audit);

/* Judges a row; values, UTF-8, by enum ch_audit_column, NULL for a row with a wrong number of fields. */
void ch_audit_row(struct ch_audit *audit, uint64_t line, const struct ch_audit_text *given);

/* Sorts the statistics. */
void ch_audit_end(struct ch_audit *audit);

/* Pure. What a check demands, for people. */
const char *ch_audit_title(enum ch_audit_check check);

/* Pure. Checks with faults, and faults over all checks. */
int ch_audit_failed(const struct ch_audit *audit, uint64_t *faults);

/* Pure. Share of a target segment and of the file, in hundredths of a percent; false behind the last. */
bool ch_audit_share(const struct ch_audit *audit, int segment, const char **name, uint32_t *target,
                    uint32_t *found);
/* A share further than this from its target deserves a warning, in hundredths of a percent. */
enum { CH_AUDIT_TOLERANCE = 500 };

#endif
