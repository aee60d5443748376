/* transactions: what each customer did with the card in the eighteen months up to as_of, in order of time.
 *
 * A customer's rows are made at once, month by month: the gaps between them are exponential and stretched
 * over the month's days, the tickets of approved rows are scaled so that they sum to the month's budget to
 * the cent. One Philox block a row: word 0 the gap, word 1 category, merchant and channel, word 2 the ticket,
 * word 3 the status.
 */
#include <string.h>

#include "base/calendar.h"
#include "datasets/cardholders/cardholders.h"

enum { ID, CUSTOMER_ID, DATE, AMOUNT, MERCHANT, CATEGORY, CHANNEL, STATUS, COLUMNS };
enum { DECLINED_PER_MILLION = 30000, APPROVED = 0, DECLINED = 1 };

static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "transaction_id",
            .type = SG_TOKEN,
            .token = &ch_transaction_token,
            .origin = {0, 0, "key"},
            .note = "TXN and the number in eleven digits, dense from 1 by customer, then time."},
    [CUSTOMER_ID] = {.name = "customer_id",
                     .type = SG_TOKEN,
                     .token = &ch_customer_token,
                     .origin = {0, 0, "cumulative rounding of the customer's pace x days x strength"},
                     .note = "Card holder."},
    [DATE] = {.name = "transaction_date",
              .type = SG_TIMESTAMP,
              .origin = {CH_STREAM_ROW, 0,
                         "exponential gaps stretched over the account month by weekday, season and hour"},
              .note = "Date and time on the merchant's clock, written as if UTC; rises within a customer."},
    [AMOUNT] =
        {.name = "transaction_amount",
         .type = SG_DECIMAL,
         .precision = 10,
         .scale = 2,
         .origin = {CH_STREAM_ROW, 2,
                    "log-normal ticket of the category, scaled so that approved ones sum to the month's "
                    "budget"},
         .note = "Amount in dollars."},
    [MERCHANT] = {.name = "merchant_name",
                  .type = SG_ENUM,
                  .labels = &ch_merchant_labels,
                  .origin = {CH_STREAM_ROW, 1,
                             "three favourites of the customer, else by popularity; bits 16-24"},
                  .note = "Merchant."},
    [CATEGORY] = {.name = "merchant_category",
                  .type = SG_ENUM,
                  .labels = &ch_category_labels,
                  .origin = {CH_STREAM_ROW, 1, "the segment's mix bent by the customer's taste; high 7 bits"},
                  .note = "Category of the merchant."},
    [CHANNEL] = {.name = "channel",
                 .type = SG_ENUM,
                 .labels = &ch_channel_labels,
                 .origin = {CH_STREAM_ROW, 1, "shares of category and customer's age; bits 10-15"},
                 .note = "Where the card was used."},
    [STATUS] = {.name = "status",
                .type = SG_ENUM,
                .labels = &ch_status_labels,
                .origin = {CH_STREAM_ROW, 3, "declined 3 %"},
                .note = "Outcome; only approved amounts were spent."},
};

static const struct sg_foreign_key foreign_keys[] = {
    {"customer_id", "customers", "customer_id", SG_NO_ACTION},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "transaction_ids_dense", .a = "transaction_id"},
    {.kind = SG_RULE_RANGE,
     .name = "transaction_amount_positive",
     .a = "transaction_amount",
     .low = 1,
     .high = 9999999999},
    {.kind = SG_RULE_PARENT_GE,
     .name = "transaction_not_before_account",
     .a = "transaction_date",
     .b = "account_open_date",
     .via = "customer_id"},
    {.kind = SG_RULE_WINDOW,
     .name = "transaction_within_18_months",
     .a = "transaction_date",
     .b = "months",
     .high = CH_MONTHS},
    {.kind = SG_RULE_NEXT_GE,
     .name = "transactions_in_order",
     .a = "transaction_date",
     .b = "transaction_date",
     .via = "customer_id"},
    {.kind = SG_RULE_PAST, .name = "transaction_in_past", .a = "transaction_date"},
};

static const struct sg_index indexes[] = {
    {.name = "transactions_customer_time", .columns = "customer_id, transaction_date", .brin = true},
};

/* Typical ticket of a category, relative. */
static const uint16_t ticket_base[CH_CATEGORY_COUNT] = {
    [CH_TRAVEL] = 140,       [CH_DINING] = 42,  [CH_HOTELS] = 160, [CH_AIRLINES] = 210,  [CH_RETAIL] = 62,
    [CH_ENTERTAINMENT] = 36, [CH_GROCERY] = 50, [CH_GAS] = 38,     [CH_HEALTHCARE] = 84, [CH_UTILITIES] = 92};

/* Quantiles of log-normal tickets with mean near 256, at 0, 1/32 .. 1: deviation of the logarithm 0.55, or
 * 0.22 where prices are regular. */
enum { SHAPE_BITS = 5 };
static const uint16_t shapes[2][(1 << SHAPE_BITS) + 1] = {
    {51,  79,  94,  106, 117, 126, 135, 143, 152, 160, 168, 176, 184, 193, 201, 210, 220,
     229, 240, 250, 262, 274, 287, 302, 318, 337, 358, 383, 414, 453, 511, 612, 945},
    {139, 166, 178, 187, 194, 200, 206, 211, 215, 220, 224, 229, 233, 237, 241, 246, 250,
     254, 259, 263, 268, 273, 278, 284, 290, 296, 304, 312, 322, 334, 350, 376, 448},
};
static const uint8_t shape_of[CH_CATEGORY_COUNT] = {[CH_GAS] = 1, [CH_UTILITIES] = 1};

/* The rows of one customer. */
struct life {
    const struct sg_world *world;
    uint32_t word[4][CH_CUSTOMER_ROWS_MAX];
    int64_t date[CH_CUSTOMER_ROWS_MAX], amount[CH_CUSTOMER_ROWS_MAX];
    uint16_t merchant[CH_CUSTOMER_ROWS_MAX], category[CH_CUSTOMER_ROWS_MAX], channel[CH_CUSTOMER_ROWS_MAX],
        status[CH_CUSTOMER_ROWS_MAX];
};

static void fill_purposes(struct life *life, const struct ch_habits *habits, size_t rows) {
    const struct sg_world *world = life->world;
    const uint8_t(*channels)[64] = world->channels[habits->profile];
    const uint32_t declined = (uint32_t)(((uint64_t)DECLINED_PER_MILLION << 32) / 1000000);
    for (size_t i = 0; i < rows; i++) {
        uint32_t word = life->word[1][i];
        uint32_t category = habits->category[word >> (32 - CH_MIX_BITS)];
        uint32_t merchant = habits->merchant[category][word >> 22 & 7];
        if (merchant == CH_EXPLORES) merchant = world->popular[word >> 16 & 63];
        life->category[i] = (uint16_t)category;
        life->merchant[i] = (uint16_t)(category * CH_MERCHANTS_EACH + merchant);
        life->channel[i] = channels[category][word >> 10 & 63];
        life->status[i] = life->word[3][i] < declined;
    }
}

/* Places the month's rows on its days: a chain of gaps is uniform in business, days and hours bend it. */
static void fill_dates(struct life *life, const struct ch_month *month, size_t first) {
    const struct ch_calendar *calendar = &life->world->calendar;
    int64_t *date = life->date + first;
    uint64_t total = 0;
    for (uint32_t i = 0; i < month->count; i++)
        date[i] = (int64_t)(total += 1 + (uint32_t)sg_exponential(life->word[0][first + i]));
    total += 1 + (uint32_t)sg_exponential(month->last_gap);
    uint32_t day = (uint32_t)(month->first - calendar->window_first), base = calendar->before[day];
    uint64_t span = calendar->before[month->end - calendar->window_first] - base;
    uint64_t stretch_q32 = (span << 32) / total;
    for (uint32_t i = 0; i < month->count; i++) {
        uint32_t at = base + (uint32_t)((uint64_t)date[i] * stretch_q32 >> 32);
        while (at >= calendar->before[day + 1])
            day++;
        uint32_t share = (uint32_t)((at - calendar->before[day]) * calendar->inverse_q40[day] >> 8);
        date[i] = (int64_t)(calendar->window_first + (int32_t)day) * SG_DAY_S +
                  sg_quantile(calendar->hours[calendar->weekend[day]], share);
    }
}

static uint32_t ticket(uint32_t category, uint32_t word) {
    const uint16_t *shape = shapes[shape_of[category]] + (word >> (32 - SHAPE_BITS));
    uint32_t part = word >> (16 - SHAPE_BITS) & 0xFFFF;
    return ticket_base[category] * (shape[0] + ((shape[1] - shape[0]) * part >> 16));
}

/* Approved amounts sum to the budget: each is a cent and its cumulatively rounded share of the rest. Declined
 * ones would have been of the same kind. */
static void fill_amounts(struct life *life, const struct ch_month *month, size_t first) {
    int64_t *amount = life->amount + first;
    const uint16_t *status = life->status + first;
    uint64_t total = 0, approved = 0;
    for (uint32_t i = 0; i < month->count; i++) {
        amount[i] = ticket(life->category[first + i], life->word[2][first + i]);
        total += status[i] == APPROVED ? (uint64_t)amount[i] : 0;
        approved += status[i] == APPROVED;
    }
    uint64_t rest = (uint64_t)month->budget_cents - approved, before = 0, given = 0, seen = 0;
    uint64_t scale_q24 = (rest << 24) / total;
    for (uint32_t i = 0; i < month->count; i++) {
        if (status[i] == DECLINED) {
            amount[i] = 1 + (int64_t)((uint64_t)amount[i] * scale_q24 >> 24);
            continue;
        }
        before += (uint64_t)amount[i];
        uint64_t until = ++seen == approved ? rest : before * scale_q24 >> 24;
        amount[i] = 1 + (int64_t)(until - given);
        given = until;
    }
}

/* A month without any approved row would hold no spending at all. */
static void approve_one(struct life *life, const struct ch_month *month, size_t first) {
    const uint16_t *status = life->status + first;
    for (uint32_t i = 0; i < month->count; i++)
        if (status[i] == APPROVED) return;
    if (month->count) life->status[first] = APPROVED;
}

static enum sg_code live(struct life *life, uint64_t number, uint64_t row, size_t rows,
                         struct sg_error *err) {
    const struct sg_world *world = life->world;
    struct ch_customer customer;
    struct ch_habits habits;
    struct ch_month months[CH_MONTHS];
    if (rows > CH_CUSTOMER_ROWS_MAX)
        return sg_fail(err, SG_INTERNAL, "customer %llu has %zu transactions, more than %d",
                       (unsigned long long)number + 1, rows, CH_CUSTOMER_ROWS_MAX);
    ch_customer_get(world, number, &customer);
    ch_habits_get(world, &customer, &habits);
    world->kernels->philox(&world->rows, row, CH_STREAM_ROW, 0, rows, life->word[0], life->word[1],
                           life->word[2], life->word[3]);
    fill_purposes(life, &habits, rows);
    unsigned count = ch_months_plan(world, &customer, rows, months);
    size_t first = 0;
    for (unsigned k = 0; k < count; k++) {
        if (!months[k].count) continue;
        approve_one(life, &months[k], first);
        fill_dates(life, &months[k], first);
        fill_amounts(life, &months[k], first);
        first += months[k].count;
    }
    return SG_OK;
}

#define CH_AT(batch_, ctype_, column_) ((ctype_ *)(batch_)->vectors[column_].data + (batch_)->rows)

/* Hands the rows of a life to the batch, as many at a time as fit. */
static enum sg_code emit(const struct life *life, uint64_t number, uint64_t row, size_t rows,
                         struct sg_emitter *e, struct sg_error *err) {
    const struct sg_kernels *kernels = life->world->kernels;
    struct sg_batch *batch = &e->batch;
    size_t room;
    for (size_t done = 0; done < rows; done += room) {
        SG_TRY(sg_emitter_room(e, &room, err));
        if (room > rows - done) room = rows - done;
        kernels->iota64((int64_t)(row + done + 1), room, CH_AT(batch, int64_t, ID));
        uint64_t *customer = CH_AT(batch, uint64_t, CUSTOMER_ID);
        for (size_t i = 0; i < room; i++)
            customer[i] = number + 1;
        memcpy(CH_AT(batch, int64_t, DATE), life->date + done, room * sizeof *life->date);
        memcpy(CH_AT(batch, int64_t, AMOUNT), life->amount + done, room * sizeof *life->amount);
        memcpy(CH_AT(batch, uint16_t, MERCHANT), life->merchant + done, room * sizeof *life->merchant);
        memcpy(CH_AT(batch, uint16_t, CATEGORY), life->category + done, room * sizeof *life->category);
        memcpy(CH_AT(batch, uint16_t, CHANNEL), life->channel + done, room * sizeof *life->channel);
        memcpy(CH_AT(batch, uint16_t, STATUS), life->status + done, room * sizeof *life->status);
        sg_emitter_advance(e, room);
    }
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct life life;
    life.world = world;
    uint64_t weight_total = sg_prefix_total(&world->weights, 0), weight;
    sg_prefix_before(&world->weights, unit_first, &weight);
    uint64_t row = sg_share(world->transactions, weight, weight_total);
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        struct ch_customer customer;
        ch_customer_get(world, unit, &customer);
        weight += customer.weight;
        uint64_t end = sg_share(world->transactions, weight, weight_total);
        SG_TRY(live(&life, unit, row, (size_t)(end - row), err));
        SG_TRY(emit(&life, unit, row, (size_t)(end - row), e, err));
        row = end;
    }
    return SG_OK;
}

const struct ch_table_logic ch_table_transactions = {
    .declaration = {.name = "transactions",
                    .domain = CH_CUSTOMER,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"transaction_id"},
                    .foreign_keys = foreign_keys,
                    .foreign_key_count = 1,
                    SG_ARRAY(rules, rule_count, rules),
                    .indexes = indexes,
                    .index_count = 1,
                    .row_text_bytes = 98,
                    .note = "Card transactions of the last eighteen months."},
    .rows_before = ch_rows_before,
    .generate = generate,
};
