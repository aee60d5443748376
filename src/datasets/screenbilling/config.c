/* stripe_prices.json, current_run.json and sub_snapshots.json. Keys and identifiers are plain ASCII without
 * anything JSON would escape. Snapshots are nearly all of it, so their lines are put together from texts that
 * are made once a customer and once a price. */
#include "datasets/screenbilling/config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"

/* Text for one section, collected until it is worth a call. */
struct text {
    const struct sg_sections *out;
    int section;
    size_t used;
    char bytes[1024];
};

static enum sg_code flush(struct text *text, struct sg_error *err) {
    size_t used = text->used;
    text->used = 0;
    return used ? text->out->write(text->out->contexts[text->section], text->bytes, used, err) : SG_OK;
}

static enum sg_code put_bytes(struct text *text, const char *bytes, size_t size, struct sg_error *err) {
    if (sizeof text->bytes - text->used < size) SG_TRY(flush(text, err));
    if (size > sizeof text->bytes)
        return sg_fail(err, SG_INTERNAL, "screenbilling: a piece of JSON is too long");
    memcpy(text->bytes + text->used, bytes, size);
    text->used += size;
    return SG_OK;
}

static enum sg_code put(struct text *text, const char *string, struct sg_error *err) {
    return put_bytes(text, string, strlen(string), err);
}

static enum sg_code put_number(struct text *text, int64_t number, struct sg_error *err) {
    char digits[24];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    return put_bytes(text, digits + at, sizeof digits - at, err);
}

/* Those of a call that adds to sections 0 .. SG_SECTIONS_MAX - 1. */
static bool open_text(struct text *text, const struct sg_sections *out, int section) {
    text->out = out;
    text->section = section;
    text->used = 0;
    return out->contexts[section] != NULL;
}

static enum sg_code put_prices(struct text *text, const struct sb_ids *ids, bool by_plan,
                               struct sg_error *err) {
    char id[SB_ID_BYTES], line[256];
    for (int plan = 0; plan < SB_PLAN_COUNT; plan++) {
        ids->id(ids->context, SB_PRICES, (uint64_t)plan, id);
        snprintf(line, sizeof line, "    \"%s\": \"%s\"%s\n", by_plan ? sb_plans[plan].key : id,
                 by_plan ? id : sb_plans[plan].name, plan + 1 < SB_PLAN_COUNT ? "," : "");
        SG_TRY(put(text, line, err));
    }
    return SG_OK;
}

/* One section, all of it from the first customer. */
static enum sg_code add_prices(const struct sg_world *world, const struct sb_ids *ids, uint64_t first,
                               uint64_t end, const struct sg_sections *out, struct sg_error *err) {
    struct text text;
    (void)world, (void)end;
    if (first || !open_text(&text, out, 0)) return SG_OK;
    SG_TRY(put(&text, "{\n  \"price_ids\": {\n", err));
    SG_TRY(put_prices(&text, ids, true, err));
    SG_TRY(put(&text, "  },\n  \"price_to_plan\": {\n", err));
    SG_TRY(put_prices(&text, ids, false, err));
    SG_TRY(put(&text, "  }\n}\n", err));
    return flush(&text, err);
}

static enum sg_code put_id(struct text *text, const struct sb_ids *ids, enum sb_table table, uint64_t number,
                           bool last, struct sg_error *err) {
    char id[SB_ID_BYTES];
    ids->id(ids->context, table, number, id);
    SG_TRY(put(text, "    \"", err));
    SG_TRY(put(text, id, err));
    return put(text, last ? "\"\n" : "\",\n", err);
}

static enum sg_code put_run_head(struct text *text, const struct sb_ids *ids, struct sg_error *err) {
    char head[128];
    int32_t day = sg_day_of(ids->run_at);
    struct sg_civil date = sg_civil_from_day(day);
    int second = (int)(ids->run_at - (int64_t)day * SG_DAY_S);
    snprintf(head, sizeof head,
             "{\n  \"run_timestamp\": \"%04d-%02d-%02dT%02d:%02d:%02d+00:00\",\n  \"customer_ids\": [\n",
             date.year, date.month, date.day, second / 3600, second / 60 % 60, second % 60);
    return put(text, head, err);
}

/* Customers, then the clocks on which they are. */
enum { RUN_CUSTOMERS, RUN_CLOCKS, RUN_SECTIONS };

static enum sg_code add_run_customers(const struct sg_world *world, const struct sb_ids *ids, uint64_t first,
                                      uint64_t end, struct text *text, struct sg_error *err) {
    if (first == 0) SG_TRY(put_run_head(text, ids, err));
    for (uint64_t i = first; i < end; i++)
        SG_TRY(put_id(text, ids, SB_CUSTOMERS, i, i + 1 == world->customers, err));
    if (end == world->customers) SG_TRY(put(text, "  ],\n  \"clock_ids\": [\n", err));
    return flush(text, err);
}

static enum sg_code add_run_clocks(const struct sg_world *world, const struct sb_ids *ids, uint64_t first,
                                   uint64_t end, struct text *text, struct sg_error *err) {
    uint64_t clock = (first + SB_CLOCK_CUSTOMERS - 1) / SB_CLOCK_CUSTOMERS;
    for (; clock * SB_CLOCK_CUSTOMERS < end; clock++)
        SG_TRY(put_id(text, ids, SB_TEST_CLOCKS, clock, clock + 1 == world->clocks, err));
    if (end == world->customers) SG_TRY(put(text, "  ]\n}\n", err));
    return flush(text, err);
}

static enum sg_code add_run(const struct sg_world *world, const struct sb_ids *ids, uint64_t first,
                            uint64_t end, const struct sg_sections *out, struct sg_error *err) {
    struct text text;
    if (open_text(&text, out, RUN_CUSTOMERS)) SG_TRY(add_run_customers(world, ids, first, end, &text, err));
    if (open_text(&text, out, RUN_CLOCKS)) SG_TRY(add_run_clocks(world, ids, first, end, &text, err));
    return SG_OK;
}

/* A section a month, and one for the end of the list. */
enum { SNAPSHOT_END = SB_MONTHS, SNAPSHOT_SECTIONS };

/* What the lines of a plan have in common. */
enum { PLAN_TEXT_BYTES = 256 };

static void make_plan_texts(const struct sb_ids *ids, char texts[SB_PLAN_COUNT][PLAN_TEXT_BYTES]) {
    for (int plan = 0; plan < SB_PLAN_COUNT; plan++) {
        char price[SB_ID_BYTES];
        ids->id(ids->context, SB_PRICES, (uint64_t)plan, price);
        snprintf(texts[plan], PLAN_TEXT_BYTES,
                 "\"plan\": \"%s\", \"price_id\": \"%s\", \"price_amount\": %" PRId32 ", \"screens\": ",
                 sb_plans[plan].key, price, sb_plans[plan].cents);
    }
}

static enum sg_code put_snapshot(struct text *text, const struct sg_world *world, const struct sb_life *life,
                                 int month, const char *who, const char texts[SB_PLAN_COUNT][PLAN_TEXT_BYTES],
                                 struct sg_error *err) {
    const struct sb_state *state = &life->months[month];
    SG_TRY(put(text, month || life->number ? ",\n  {\"month\": \"" : "[\n  {\"month\": \"", err));
    SG_TRY(put(text, world->month_text[month], err));
    SG_TRY(put(text, who, err));
    SG_TRY(put(text, texts[state->plan], err));
    SG_TRY(put_number(text, state->screens, err));
    SG_TRY(put(text, ", \"mrr_cents\": ", err));
    SG_TRY(put_number(text, sb_mrr(state), err));
    SG_TRY(put(text, ", \"status\": \"", err));
    SG_TRY(put(text, sb_enum_status.labels[state->status], err));
    return put(text, "\"}", err);
}

static enum sg_code add_life(const struct sg_world *world, const struct sb_ids *ids, uint64_t number,
                             struct text texts[SB_MONTHS],
                             const char plan_texts[SB_PLAN_COUNT][PLAN_TEXT_BYTES], struct sg_error *err) {
    struct sb_life life;
    char customer[SB_ID_BYTES], subscription[SB_ID_BYTES], who[256];
    sb_life_get(world, number, &life);
    ids->id(ids->context, SB_CUSTOMERS, number, customer);
    ids->id(ids->context, SB_SUBSCRIPTIONS, number, subscription);
    snprintf(who, sizeof who, "\", \"customer_id\": \"%s\", \"subscription_id\": \"%s\", ", customer,
             subscription);
    for (int month = 0; month < life.end; month++)
        if (texts[month].out->contexts[month])
            SG_TRY(put_snapshot(&texts[month], world, &life, month, who, plan_texts, err));
    return SG_OK;
}

static enum sg_code add_snapshots(const struct sg_world *world, const struct sb_ids *ids, uint64_t first,
                                  uint64_t end, const struct sg_sections *out, struct sg_error *err) {
    struct text texts[SNAPSHOT_SECTIONS];
    char plan_texts[SB_PLAN_COUNT][PLAN_TEXT_BYTES];
    make_plan_texts(ids, plan_texts);
    for (int s = 0; s < SNAPSHOT_SECTIONS; s++)
        open_text(&texts[s], out, s);
    for (uint64_t number = first; number < end; number++)
        SG_TRY(add_life(world, ids, number, texts, plan_texts, err));
    if (end == world->customers && out->contexts[SNAPSHOT_END])
        SG_TRY(put(&texts[SNAPSHOT_END], "\n]\n", err));
    for (int s = 0; s < SNAPSHOT_SECTIONS; s++)
        SG_TRY(flush(&texts[s], err));
    return SG_OK;
}

enum sg_code sb_config_write(int file, const struct sg_world *world, const struct sb_ids *ids, uint64_t first,
                             uint64_t end, const struct sg_sections *out, struct sg_error *err) {
    static enum sg_code (*const files[SB_CONFIG_COUNT])(const struct sg_world *, const struct sb_ids *,
                                                        uint64_t, uint64_t, const struct sg_sections *,
                                                        struct sg_error *) = {
        [SB_CONFIG_PRICES] = add_prices,
        [SB_CONFIG_RUN] = add_run,
        [SB_CONFIG_SNAPSHOTS] = add_snapshots,
    };
    return files[file](world, ids, first, end, out, err);
}

/* Offline, identifiers are those of the tables. */
static void table_id(const void *context, enum sb_table table, uint64_t number, char out[SB_ID_BYTES]) {
    const struct sg_token *token = table == SB_PRICES        ? &sb_token_price
                                   : table == SB_TEST_CLOCKS ? &sb_token_clock
                                   : table == SB_CUSTOMERS   ? &sb_token_customer
                                                             : &sb_token_subscription;
    sg_token_format(token, sb_token_key(context, table, number), out);
    out[token->length] = '\0';
}

/* The same run has the same timestamp: its as-of instant. */
static struct sb_ids table_ids(const struct sg_world *world) {
    return (struct sb_ids){world, table_id, world->as_of};
}

#define OFFLINE(name_, file_)                                                                                \
    static enum sg_code name_(const struct sg_world *world, uint64_t first, uint64_t end,                    \
                              const struct sg_sections *out, struct sg_error *err) {                         \
        struct sb_ids ids = table_ids(world);                                                                \
        return sb_config_write(file_, world, &ids, first, end, out, err);                                    \
    }
OFFLINE(write_prices, SB_CONFIG_PRICES)
OFFLINE(write_run, SB_CONFIG_RUN)
OFFLINE(write_snapshots, SB_CONFIG_SNAPSHOTS)

const struct sg_document sb_documents[SB_CONFIG_COUNT] = {
    [SB_CONFIG_PRICES] = {"config/stripe_prices.json", 1, write_prices},
    [SB_CONFIG_RUN] = {"config/current_run.json", RUN_SECTIONS, write_run},
    [SB_CONFIG_SNAPSHOTS] = {"config/sub_snapshots.json", SNAPSHOT_SECTIONS, write_snapshots},
};
