/* Table declarations: the one description of a table that every walker reads.
 *
 * DDL, encoders, shard readers, verification, catalog and documentation all receive these structures by
 * pointer and know nothing else about a table. Declarations are plain data: the five datasets compile theirs
 * in, one read from a file could take the same place.
 */
#ifndef SG_MODEL_TABLE_H
#define SG_MODEL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Logical type of a column. In a batch each is stored as given here; text form is PostgreSQL's. */
enum sg_type {
    SG_BOOL,      /* uint8_t 0/1            text t / f                          boolean */
    SG_I16,       /* int16_t                decimal digits                      smallint */
    SG_I32,       /* int32_t                                                    integer */
    SG_I64,       /* int64_t                                                    bigint */
    SG_DECIMAL,   /* int64_t, value x 10^scale, text always shows scale digits  numeric(precision,scale) */
    SG_DATE,      /* int32_t, day number    YYYY-MM-DD                          date */
    SG_TIMESTAMP, /* int64_t, seconds since 1970 UTC  YYYY-MM-DD HH:MM:SS+00    timestamptz(0) */
    SG_ENUM,      /* uint16_t code into labels; text is the label               text or varchar with CHECK */
    SG_TOKEN,     /* uint64_t key; text by the column's sg_token                text */
    SG_TEXT,      /* struct sg_text         UTF-8, no NUL                       varchar(length_max) or text */
    SG_UUID       /* two uint64_t, high half first; text 8-4-4-4-12 lower hex   uuid */
};

/* Labels of an SG_ENUM column; code k means labels[k]. */
struct sg_enum {
    const char *name;
    const char *const *labels;
    uint16_t count;
};

/* Identifier with the shape of another system's: prefix, then a fixed number of digits.
 *
 * The body is `lead` (constant characters, may be ""), then the 64-bit key as 11 base-62 digits in ASCII
 * order (0-9 A-Z a-z, most significant first), with the constant `infix` inserted after the first infix_after
 * digits when it is not "". With `decimal_digits` set the key is shown in decimal instead, padded with zeros
 * to that many digits: "CUST00000042"; larger keys are a bug. Equal width and ASCII-ordered digits make text
 * order equal key order. */
enum { SG_TOKEN_DIGITS = 11, SG_TOKEN_DECIMALS_MAX = 18 };
struct sg_token {
    const char *prefix; /* "cus_" */
    const char *lead;   /* "1" */
    const char *infix;  /* "LkdIwHu7ix" */
    uint8_t infix_after;
    uint8_t length;         /* of the whole text */
    uint8_t decimal_digits; /* 0 = base 62, else 1..SG_TOKEN_DECIMALS_MAX */
};

/* Pure. Digits of the body. */
static inline size_t sg_token_digits(const struct sg_token *token) {
    return token->decimal_digits ? token->decimal_digits : SG_TOKEN_DIGITS;
}

/* How a cell came to be, for people: `explain` and the catalog print it. */
struct sg_origin {
    uint8_t stream;           /* counter stream of the table the cell draws from; 0 = draws nothing */
    uint8_t word;             /* which of the four 32-bit words of the block, 0..3 */
    const char *distribution; /* "normal, mean and deviation of the product", "key", "parent's", ... */
};

struct sg_column {
    const char *name;
    enum sg_type type;
    bool nullable;
    uint8_t precision, scale;     /* SG_DECIMAL */
    uint16_t length_max;          /* SG_TEXT, SG_ENUM: characters of a varchar; 0 = text */
    const struct sg_enum *labels; /* SG_ENUM */
    const struct sg_token *token; /* SG_TOKEN */
    bool json;                    /* SG_TEXT that holds a JSON document */
    bool sql_json;                /* SG_TEXT with json set: SQL type json instead of text */
    const char *default_sql;      /* what the database fills in for the application's rows, NULL = nothing */
    struct sg_origin origin;
    const char *note; /* one sentence for the catalog: meaning and unit */
};

enum sg_on_delete { SG_NO_ACTION, SG_CASCADE, SG_SET_NULL, SG_RESTRICT };

struct sg_foreign_key {
    const char *column;
    const char *parent;        /* table name in the same dataset */
    const char *parent_column; /* its key column */
    enum sg_on_delete on_delete;
};

/* A property of the written rows that verification proves, offline and in SQL, without the generator.
 * a, b, parent columns are column names; NULL operands make a row pass, as in SQL. */
enum sg_rule_kind {
    SG_RULE_LE,          /* a <= b in each row; labels compare by their order in the list of both */
    SG_RULE_LT,          /* a <  b in each row */
    SG_RULE_RANGE,       /* low <= a <= high, in stored units (scaled integers, day numbers, seconds) */
    SG_RULE_PARENT_EQ,   /* a = parent's b through foreign key column `via` */
    SG_RULE_PARENT_GE,   /* a >= parent's b through `via` */
    SG_RULE_PARENT_LE,   /* a <= parent's b through `via` */
    SG_RULE_COUNT_EQ,    /* number of rows here per `via` = parent's b; parents without rows have b = 0 */
    SG_RULE_SUM_EQ,      /* sum of a here per `via` = parent's b; parents without rows have b = 0 */
    SG_RULE_PAST,        /* a is not after the run's as-of instant */
    SG_RULE_UNIQUE,      /* a holds no value twice (NULLs aside) */
    SG_RULE_CONSECUTIVE, /* a rises by exactly 1 from row to row, starting at 1: a dense key */
    SG_RULE_LINEAR,   /* low <= b <= high, b a sum of columns of one scale: "100 tax - 9 net", stored units:
                         days and seconds of dates and instants */
    SG_RULE_IN,       /* a's label is among b: "PAID|REFUNDED"; booleans: "true" */
    SG_RULE_NULL,     /* a is NULL */
    SG_RULE_NOT_NULL, /* a is not NULL */
    /* Rows of one `via` follow each other in key order; for NEXT and FIRST it may be any column: */
    SG_RULE_NEXT_EQ,   /* a = b of the row before with the same `via`, and neither is NULL: a chain */
    SG_RULE_NEXT_GE,   /* a >= b of the row before with the same `via` */
    SG_RULE_LAST_EQ,   /* a of the last row of each `via` = parent's b, NULL being equal to NULL */
    SG_RULE_FUTURE,    /* a is not before the run's as-of instant */
    SG_RULE_PARENT_IS, /* the label of the parent's b, through `via`, is among `is`; a is not used */
    SG_RULE_PRODUCT,   /* a = the product of two columns b, "price * quantity"; the scales add up to a's */
    SG_RULE_MULTIPLE,  /* a is a multiple of `low`, in stored units */
    SG_RULE_WINDOW,    /* a lies from the as-of date less `high` to it less `low`, in b: "days" or "months";
                          "month starts": months less from the first of the as-of date's month */
    SG_RULE_NEXT_NE,   /* a is not b of the row before with the same `via` */
    SG_RULE_FIRST_IN,  /* the label of a in the first row of each `via` is among b */
    SG_RULE_TOGETHER,  /* a is NULL exactly where b is */
    SG_RULE_PERCENT,   /* a = `times` percent of the sum b ("subtotal - discount", of a's scale), halves to
                          even */
    SG_RULE_SHAPE      /* the text a has the shape b (model/shape.h) */
};

struct sg_rule {
    enum sg_rule_kind kind;
    const char *name; /* stable, shown in results: "tap_not_before_installation" */
    const char *a, *b;
    const char *via;   /* foreign key column of this table */
    const char *times; /* PARENT_EQ: the parent's b is taken times this column of the row; NULL = times 1.
                          PERCENT: column of the rate */
    int64_t low, high;
    /* LE, LT, RANGE, PAST, FUTURE, LINEAR, IN, NULL, NOT_NULL, PRODUCT, MULTIPLE, WINDOW, TOGETHER, PERCENT,
     * SHAPE: only rows whose enum or boolean column `when` shows one of the labels `is`, as in
     * "CONFIRMED|COMPLETED"; all rows when `when` is NULL. */
    const char *when, *is;
    bool scattered; /* COUNT_EQ, SUM_EQ: a parent's rows here do not follow each other, and b is never NULL */
};

/* A plain index to build after the load. */
struct sg_index {
    const char *name;
    const char *columns; /* comma-separated SQL column list */
    bool unique;
    bool brin;
};

enum { SG_KEY_COLUMNS_MAX = 3 };

/* A list and its length in a declaration: SG_ARRAY(rules, rule_count, rules). */
#define SG_ARRAY(field_, count_, array_) .field_ = array_, .count_ = sizeof array_ / sizeof *array_

/* Declaration of a table.
 *
 * Rows are generated in ascending primary-key order; the key (compared column by column) strictly ascends
 * through all shards of the table, which is how uniqueness is proven in constant memory. `domain` indexes the
 * dataset's domains: the table's rows belong to units of that key space and are ordered by unit. */
struct sg_table {
    const char *name;
    uint16_t domain;
    const struct sg_column *columns;
    uint16_t column_count;
    const char *key[SG_KEY_COLUMNS_MAX]; /* primary key column names, NULL-terminated if shorter */
    const struct sg_foreign_key *foreign_keys;
    uint16_t foreign_key_count;
    const struct sg_rule *rules;
    uint16_t rule_count;
    const struct sg_index *indexes;
    uint16_t index_count;
    bool key_unordered; /* the key does not ascend (foreign UUIDs); uniqueness is proven by hashing */
    /* One row a root entity, keyed by one SG_UUID column. The keys of the run's first key_count rows come
     * from outside, in any order; the others ascend. Needs a SG_RULE_UNIQUE on the key. */
    bool key_external;
    bool of_anomalies;       /* part of runs with anomalies alone */
    uint16_t row_text_bytes; /* typical bytes of a row as COPY text; decides the number of shards */
    uint32_t text_bytes_max; /* most bytes all SG_TEXT columns of one row can take; sizes the batch pool */
    const char *note;        /* one sentence for the catalog */
};

/* Pure. Index of a column by name, -1 when the table has none. */
int sg_column_index(const struct sg_table *table, const char *name);

/* Pure. Is the rule about rows beside each other in one `via`, whatever column that is? */
static inline bool sg_rule_on_neighbours(enum sg_rule_kind kind) {
    return kind == SG_RULE_NEXT_EQ || kind == SG_RULE_NEXT_GE || kind == SG_RULE_NEXT_NE ||
           kind == SG_RULE_FIRST_IN;
}

/* Pure. Is the rule about the order of the rows of one `via`? */
static inline bool sg_rule_on_order(enum sg_rule_kind kind) {
    return sg_rule_on_neighbours(kind) || kind == SG_RULE_LAST_EQ;
}

/* Pure. Number of key columns. */
int sg_key_count(const struct sg_table *table);

/* Pure. Bytes of one element of a type in a batch vector. */
size_t sg_type_bytes(enum sg_type type);

/* Pure. Writes the text of a token (length token->length, no terminator) to out. */
void sg_token_format(const struct sg_token *token, uint64_t key, char *out);

/* Pure. SQL type name of a column, for DDL and catalog, into out (at most 64 bytes). */
void sg_column_sql_type(const struct sg_column *column, char out[64]);

#endif
