/* The row logic of every homeservices table, one symbol each; homeservices.c lists them. */
#ifndef SG_HOMESERVICES_TABLES_H
#define SG_HOMESERVICES_TABLES_H

#include "datasets/homeservices/homeservices.h"

extern const struct hs_table_logic hs_table_users;
extern const struct hs_table_logic hs_table_categories;
extern const struct hs_table_logic hs_table_subcategories;
extern const struct hs_table_logic hs_table_rate_cards;
extern const struct hs_table_logic hs_table_addresses;
extern const struct hs_table_logic hs_table_providers;
extern const struct hs_table_logic hs_table_bookings;
extern const struct hs_table_logic hs_table_booking_items;
extern const struct hs_table_logic hs_table_conversations;
extern const struct hs_table_logic hs_table_priority_queue;
extern const struct hs_table_logic hs_table_complaints;
extern const struct hs_table_logic hs_table_complaint_updates;

/* The declared model: statistics.c. */
enum { HS_STATISTIC_COUNT = 83 };
extern const struct sg_statistic hs_statistics[HS_STATISTIC_COUNT];

/* Sums known beforehand: totals.c. */
enum { HS_TOTAL_COUNT = 27 };
extern const struct sg_statistic hs_totals[HS_TOTAL_COUNT];
/* Pure. add_totals of struct sg_dataset. */
void hs_add_totals(const struct sg_world *world, uint16_t domain, uint64_t first, uint64_t end,
                   int64_t *sums);
extern const char *const hs_notes[];
extern const struct sg_dataset hs_dataset;

/* Rules of rows, in one line each; `when_` NULL means all rows. */
#define HS_SUM(name_, a_, sum_, low_, high_, when_, is_)                                                     \
    {                                                                                                        \
        .kind = SG_RULE_LINEAR, .name = name_, .a = a_, .b = sum_, .low = low_, .high = high_,               \
        .when = when_, .is = is_                                                                             \
    }
#define HS_WITHIN(name_, a_, low_, high_, when_, is_)                                                        \
    { .kind = SG_RULE_RANGE, .name = name_, .a = a_, .low = low_, .high = high_, .when = when_, .is = is_ }
#define HS_AMONG(name_, a_, labels_, when_, is_)                                                             \
    { .kind = SG_RULE_IN, .name = name_, .a = a_, .b = labels_, .when = when_, .is = is_ }
#define HS_NULL(name_, a_, when_, is_)                                                                       \
    { .kind = SG_RULE_NULL, .name = name_, .a = a_, .when = when_, .is = is_ }
#define HS_NOT_NULL(name_, a_, when_, is_)                                                                   \
    { .kind = SG_RULE_NOT_NULL, .name = name_, .a = a_, .when = when_, .is = is_ }

#define HS_TOGETHER(name_, a_, b_)                                                                           \
    { .kind = SG_RULE_TOGETHER, .name = name_, .a = a_, .b = b_ }
#define HS_SHAPE(name_, a_, shape_)                                                                          \
    { .kind = SG_RULE_SHAPE, .name = name_, .a = a_, .b = shape_ }
/* The same in all rows of one `via_`, which follow each other. */
#define HS_SAME(name_, a_, via_)                                                                             \
    { .kind = SG_RULE_NEXT_EQ, .name = name_, .a = a_, .b = a_, .via = via_ }

#define HS_MOBILE_SHAPE  "\\+91[6-9][0-9]{9}"
#define HS_PIN_SHAPE     "[1-8][0-9]{5}"
#define HS_EMAIL_SHAPE   "[a-z]+\\.[a-z]+[0-9]{1,3}@"
#define HS_SESSION_SHAPE "sess_[0-9a-f]{32}"

/* Rows of a table that follow customers, one call of `fill` per row. */
typedef void hs_fill_fn(const struct sg_world *world, const struct hs_customer *customer, unsigned k,
                        struct sg_emitter *emitter);

/* Runs `fill` for the rows k = 0.. of a field of every customer in [first, end). */
enum sg_code hs_generate_rows(const struct sg_world *world, uint64_t first, uint64_t end, enum hs_field field,
                              hs_fill_fn *fill, struct sg_emitter *emitter, struct sg_error *err);

#endif
