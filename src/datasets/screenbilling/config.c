/* stripe_prices.json, current_run.json and sub_snapshots.json. Keys and identifiers are plain ASCII without
 * anything JSON would escape; lines are short enough for a fixed buffer. */
#include "datasets/screenbilling/config.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"

const char *const sb_config_paths[SB_CONFIG_COUNT] = {"config/stripe_prices.json", "config/current_run.json",
                                                      "config/sub_snapshots.json"};

struct text {
    sg_write_fn *write;
    void *context;
    struct sg_error *err;
};

__attribute__((format(printf, 2, 3))) static enum sg_code put(const struct text *out, const char *format,
                                                              ...) {
    char line[768];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof line)
        return sg_fail(out->err, SG_INTERNAL, "screenbilling: a line of JSON is too long");
    return out->write(out->context, line, (size_t)length, out->err);
}

enum sg_code sb_config_prices(const struct sb_ids *ids, sg_write_fn *write, void *context,
                              struct sg_error *err) {
    struct text out = {write, context, err};
    char id[SB_ID_BYTES];
    SG_TRY(put(&out, "{\n  \"price_ids\": {\n"));
    for (int plan = 0; plan < SB_PLAN_COUNT; plan++) {
        ids->id(ids->context, SB_PRICES, (uint64_t)plan, id);
        SG_TRY(
            put(&out, "    \"%s\": \"%s\"%s\n", sb_plans[plan].key, id, plan + 1 < SB_PLAN_COUNT ? "," : ""));
    }
    SG_TRY(put(&out, "  },\n  \"price_to_plan\": {\n"));
    for (int plan = 0; plan < SB_PLAN_COUNT; plan++) {
        ids->id(ids->context, SB_PRICES, (uint64_t)plan, id);
        SG_TRY(put(&out, "    \"%s\": \"%s\"%s\n", id, sb_plans[plan].name,
                   plan + 1 < SB_PLAN_COUNT ? "," : ""));
    }
    return put(&out, "  }\n}\n");
}

static enum sg_code put_ids(const struct text *out, const struct sb_ids *ids, enum sb_table table,
                            uint64_t count) {
    char id[SB_ID_BYTES];
    for (uint64_t i = 0; i < count; i++) {
        ids->id(ids->context, table, i, id);
        SG_TRY(put(out, "    \"%s\"%s\n", id, i + 1 < count ? "," : ""));
    }
    return SG_OK;
}

enum sg_code sb_config_run(const struct sg_world *world, const struct sb_ids *ids, sg_write_fn *write,
                           void *context, struct sg_error *err) {
    struct text out = {write, context, err};
    int32_t day = sg_day_of(ids->run_at);
    struct sg_civil date = sg_civil_from_day(day);
    int second = (int)(ids->run_at - (int64_t)day * SG_DAY_S);
    SG_TRY(put(&out, "{\n  \"run_timestamp\": \"%04d-%02d-%02dT%02d:%02d:%02d+00:00\",\n", date.year,
               date.month, date.day, second / 3600, second / 60 % 60, second % 60));
    SG_TRY(put(&out, "  \"customer_ids\": [\n"));
    SG_TRY(put_ids(&out, ids, SB_CUSTOMERS, world->customers));
    SG_TRY(put(&out, "  ],\n  \"clock_ids\": [\n"));
    SG_TRY(put_ids(&out, ids, SB_TEST_CLOCKS, world->clocks));
    return put(&out, "  ]\n}\n");
}

static enum sg_code put_snapshot(const struct text *out, const struct sg_world *world,
                                 const struct sb_ids *ids, const struct sb_life *life, int month) {
    const struct sb_state *state = &life->months[month];
    char customer[SB_ID_BYTES], subscription[SB_ID_BYTES], price[SB_ID_BYTES];
    ids->id(ids->context, SB_CUSTOMERS, life->number, customer);
    ids->id(ids->context, SB_SUBSCRIPTIONS, life->number, subscription);
    ids->id(ids->context, SB_PRICES, state->plan, price);
    return put(out,
               "%s\n  {\"month\": \"%s\", \"customer_id\": \"%s\", \"subscription_id\": \"%s\", "
               "\"plan\": \"%s\", \"price_id\": \"%s\", \"price_amount\": %" PRId32 ", \"screens\": %" PRId32
               ", \"mrr_cents\": %" PRId64 ", \"status\": \"%s\"}",
               month || life->number ? "," : "", world->month_text[month], customer, subscription,
               sb_plans[state->plan].key, price, sb_plans[state->plan].cents, state->screens, sb_mrr(state),
               sb_enum_status.labels[state->status]);
}

enum sg_code sb_config_snapshots(const struct sg_world *world, const struct sb_ids *ids, sg_write_fn *write,
                                 void *context, struct sg_error *err) {
    struct text out = {write, context, err};
    SG_TRY(put(&out, "["));
    for (int month = 0; month < SB_MONTHS; month++)
        for (uint64_t number = 0; number < world->customers; number++) {
            struct sb_life life;
            sb_life_get(world, number, &life);
            if (month < life.end) SG_TRY(put_snapshot(&out, world, ids, &life, month));
        }
    return put(&out, "\n]\n");
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

static enum sg_code write_prices(const struct sg_world *world, sg_write_fn *write, void *context,
                                 struct sg_error *err) {
    struct sb_ids ids = table_ids(world);
    return sb_config_prices(&ids, write, context, err);
}

static enum sg_code write_run(const struct sg_world *world, sg_write_fn *write, void *context,
                              struct sg_error *err) {
    struct sb_ids ids = table_ids(world);
    return sb_config_run(world, &ids, write, context, err);
}

static enum sg_code write_snapshots(const struct sg_world *world, sg_write_fn *write, void *context,
                                    struct sg_error *err) {
    struct sb_ids ids = table_ids(world);
    return sb_config_snapshots(world, &ids, write, context, err);
}

const struct sg_document sb_documents[SB_CONFIG_COUNT] = {
    {"config/stripe_prices.json", write_prices},
    {"config/current_run.json", write_run},
    {"config/sub_snapshots.json", write_snapshots},
};
