/* stripe_events: what happened to each Stripe object, account by account in order of time.
 *
 * An account's events are those that must be told, merged with updates that fill up to the exact total: these
 * are shared out over accounts by the days they lived and spread over that life. The largest Stripe table, so
 * its text is built by hand. */
#include "base/calendar.h"
#include "datasets/barsaas/billing.h"

enum { C_ID, C_ACCOUNT, C_TYPE, C_CREATED, C_DATA, C_REQUEST, C_IDEMPOTENCY, C_API_VERSION, C_COUNT };

enum { CUSTOMER_UPDATE_PER_MILLION = 250000, WORK_BEGINS_S = 14 * SG_HOUR_S, WORK_S = 9 * SG_HOUR_S };

static const struct sg_token request_token = {
    .prefix = "req_", .lead = "", .infix = "", .infix_after = 11, .length = 15};

static const struct sg_enum api_versions = {"api_version", (const char *const[]){"2020-08-27"}, 1};

enum object { CUSTOMER, SUBSCRIPTION, INVOICE, INTENT, CHARGE, OBJECT_COUNT };

static const struct object_info {
    const char *tail; /* what follows the id in the payload */
    const struct sg_token *token;
    uint16_t table;
} objects[OBJECT_COUNT] = {
    [CUSTOMER] = {"\",\"object\":\"customer\"}}", &bs_token_customer, BS_STRIPE_CUSTOMERS},
    [SUBSCRIPTION] = {"\",\"object\":\"subscription\"}}", &bs_token_subscription, BS_STRIPE_SUBSCRIPTIONS},
    [INVOICE] = {"\",\"object\":\"invoice\"}}", &bs_token_invoice, BS_STRIPE_INVOICES},
    [INTENT] = {"\",\"object\":\"payment_intent\"}}", &bs_token_intent, BS_STRIPE_PAYMENT_INTENTS},
    [CHARGE] = {"\",\"object\":\"charge\"}}", &bs_token_charge, BS_STRIPE_CHARGES},
};

/* By event type: the object it names, and whether an API request caused it (else Stripe's own schedule). */
static const struct type_info {
    uint8_t object;
    bool requested;
} types[BS_EVENT_TYPE_COUNT] = {
    [BS_EVENT_CUSTOMER_CREATED] = {CUSTOMER, true},
    [BS_EVENT_CUSTOMER_UPDATED] = {CUSTOMER, true},
    [BS_EVENT_SUBSCRIPTION_CREATED] = {SUBSCRIPTION, true},
    [BS_EVENT_SUBSCRIPTION_UPDATED] = {SUBSCRIPTION, true},
    [BS_EVENT_TRIAL_WILL_END] = {SUBSCRIPTION, false},
    [BS_EVENT_SUBSCRIPTION_DELETED] = {SUBSCRIPTION, true},
    [BS_EVENT_INVOICE_CREATED] = {INVOICE, false},
    [BS_EVENT_INVOICE_FINALIZED] = {INVOICE, false},
    [BS_EVENT_INVOICE_PAYMENT_FAILED] = {INVOICE, false},
    [BS_EVENT_INVOICE_PAID] = {INVOICE, false},
    [BS_EVENT_INVOICE_UNCOLLECTIBLE] = {INVOICE, true},
    [BS_EVENT_INVOICE_VOIDED] = {INVOICE, true},
    [BS_EVENT_INTENT_CREATED] = {INTENT, false},
    [BS_EVENT_INTENT_PAYMENT_FAILED] = {INTENT, false},
    [BS_EVENT_INTENT_SUCCEEDED] = {INTENT, false},
    [BS_EVENT_INTENT_CANCELED] = {INTENT, true},
    [BS_EVENT_CHARGE_SUCCEEDED] = {CHARGE, false},
};

static const char *const type_labels[BS_EVENT_TYPE_COUNT] = {
    [BS_EVENT_CUSTOMER_CREATED] = "customer.created",
    [BS_EVENT_CUSTOMER_UPDATED] = "customer.updated",
    [BS_EVENT_SUBSCRIPTION_CREATED] = "customer.subscription.created",
    [BS_EVENT_SUBSCRIPTION_UPDATED] = "customer.subscription.updated",
    [BS_EVENT_TRIAL_WILL_END] = "customer.subscription.trial_will_end",
    [BS_EVENT_SUBSCRIPTION_DELETED] = "customer.subscription.deleted",
    [BS_EVENT_INVOICE_CREATED] = "invoice.created",
    [BS_EVENT_INVOICE_FINALIZED] = "invoice.finalized",
    [BS_EVENT_INVOICE_PAYMENT_FAILED] = "invoice.payment_failed",
    [BS_EVENT_INVOICE_PAID] = "invoice.paid",
    [BS_EVENT_INVOICE_UNCOLLECTIBLE] = "invoice.marked_uncollectible",
    [BS_EVENT_INVOICE_VOIDED] = "invoice.voided",
    [BS_EVENT_INTENT_CREATED] = "payment_intent.created",
    [BS_EVENT_INTENT_PAYMENT_FAILED] = "payment_intent.payment_failed",
    [BS_EVENT_INTENT_SUCCEEDED] = "payment_intent.succeeded",
    [BS_EVENT_INTENT_CANCELED] = "payment_intent.canceled",
    [BS_EVENT_CHARGE_SUCCEEDED] = "charge.succeeded",
};
static const struct sg_enum event_types = {"stripe_event_type", type_labels, BS_EVENT_TYPE_COUNT};

/* clang-format off */
static const struct sg_column columns[C_COUNT] = {
    [C_ID] = {.name = "id", .type = SG_TOKEN, .token = &bs_token_event, .origin = {0, 0, "key"}, .note = "Stripe event id"},
    [C_ACCOUNT] = {.name = "account_id", .type = SG_I32, .origin = {0, 0, "account by account"}, .note = "The account it belongs to"},
    [C_TYPE] = {.name = "type", .type = SG_ENUM, .labels = &event_types, .origin = {0, 0, "the account's history; the rest 75 % customer.subscription.updated, 25 % customer.updated"}, .note = "What happened"},
    [C_CREATED] = {.name = "created", .type = SG_TIMESTAMP, .origin = {0, 0, "when it happened; updates are spread over the account's life in working hours"}, .note = "When it happened, ascending within the account"},
    [C_DATA] = {.name = "data", .type = SG_TEXT, .json = true, .origin = {0, 0, "id of the object"}, .note = "JSON payload naming the object"},
    [C_REQUEST] = {.name = "request_id", .type = SG_TOKEN, .token = &request_token, .nullable = true, .origin = {BS_STREAM_EVENT_REQUEST, 0, "words 0 and 1, uniform"}, .note = "API request that caused it; NULL when Stripe acted on schedule"},
    [C_IDEMPOTENCY] = {.name = "idempotency_key", .type = SG_UUID, .nullable = true, .origin = {BS_STREAM_EVENT_KEY, 0, "all words, version 4"}, .note = "Idempotency key of the request"},
    [C_API_VERSION] = {.name = "api_version", .type = SG_ENUM, .labels = &api_versions, .origin = {0, 0, "constant"}, .note = "Stripe API version of the payload"},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"account_id", "accounts", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_PARENT_GE,
     .name = "event_not_before_account",
     .a = "created",
     .b = "created_at",
     .via = "account_id"},
    {.kind = SG_RULE_NEXT_GE,
     .name = "events_of_account_in_order",
     .a = "created",
     .b = "created",
     .via = "account_id"},
    {.kind = SG_RULE_PAST, .name = "event_in_the_past", .a = "created"},
};

static const struct sg_index indexes[] = {
    {.name = "stripe_events_account_id", .columns = "account_id"},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    struct bs_billing_sums sums = bs_billing_before(world, unit);
    return bs_events_before(world, &sums);
}

/* What fills one account: `count` updates spread over its life. */
struct filling {
    const struct sg_world *world;
    const struct bs_ledger *ledger;
    struct sg_source source;
    uint64_t count, next;
};

/* Moves an instant into the working hours of its day (14:00 to 23:00 UTC), keeping order. */
static int64_t at_work(int64_t at) {
    int64_t day = (int64_t)sg_day_of(at) * SG_DAY_S;
    return day + WORK_BEGINS_S + (at - day) * WORK_S / SG_DAY_S;
}

/* The update number `next`: a point of its own slice of the account's life, in working hours. */
static struct bs_telling update(const struct filling *filling) {
    const struct bs_account *account = &filling->ledger->account;
    struct sg_block draw =
        sg_draw(&filling->source, account->number, BS_STREAM_CUSTOMER_UPDATES, (uint32_t)filling->next);
    uint64_t life = (uint64_t)(filling->ledger->horizon - account->created);
    unsigned __int128 at = ((unsigned __int128)filling->next << 32 | draw.w[0]) * life;
    int64_t instant = at_work(account->created + (int64_t)((at >> 32) / filling->count));
    if (instant < account->created) instant = account->created;
    if (instant > filling->ledger->horizon) instant = filling->ledger->horizon;
    struct bs_telling one = {instant, account->number, BS_EVENT_CUSTOMER_UPDATED};
    int s = account->sub_count - 1;
    while (s >= 0 && account->subs[s].start > one.at)
        s--;
    if (s >= 0 && !sg_chance(draw.w[1], CUSTOMER_UPDATE_PER_MILLION)) {
        one.row = account->sub_first + (uint64_t)s;
        one.type = BS_EVENT_SUBSCRIPTION_UPDATED;
    }
    return one;
}

static void set_data(const struct sg_world *world, struct sg_emitter *e, const struct bs_telling *telling) {
    static const char head[] = "{\"object\":{\"id\":\"";
    const struct object_info *object = &objects[types[telling->type].object];
    char text[96];
    memcpy(text, head, sizeof head - 1);
    char *end = bs_put_token(text + sizeof head - 1, object->token,
                             bs_token_key(world, (enum bs_table)object->table, telling->row));
    end = bs_put(end, object->tail);
    sg_set_text(e, C_DATA, text, (size_t)(end - text));
}

static void set_request(struct sg_emitter *e, const struct sg_source *source, uint64_t row, bool requested) {
    if (!requested) {
        sg_set_null(e, C_REQUEST);
        sg_set_null(e, C_IDEMPOTENCY);
        return;
    }
    struct sg_block request = sg_draw(source, row, BS_STREAM_EVENT_REQUEST, 0);
    struct sg_block key = sg_draw(source, row, BS_STREAM_EVENT_KEY, 0);
    uint64_t high = (uint64_t)key.w[0] << 32 | key.w[1], low = (uint64_t)key.w[2] << 32 | key.w[3];
    sg_set_token(e, C_REQUEST, (uint64_t)request.w[0] << 32 | request.w[1]);
    sg_set_uuid(e, C_IDEMPOTENCY, (high & ~(uint64_t)0xF000) | 0x4000,
                (low & ~((uint64_t)3 << 62)) | (uint64_t)1 << 63);
}

static void fill(const struct sg_world *world, uint64_t account, uint64_t row, const struct sg_source *source,
                 const struct bs_telling *telling, struct sg_emitter *e) {
    sg_set_token(e, C_ID, bs_token_key(world, BS_STRIPE_EVENTS, row));
    sg_set_i32(e, C_ACCOUNT, (int32_t)(account + 1));
    sg_set_enum(e, C_TYPE, telling->type);
    sg_set_i64(e, C_CREATED, telling->at);
    set_data(world, e, telling);
    set_request(e, source, row, types[telling->type].requested);
    sg_set_enum(e, C_API_VERSION, 0);
}

/* Merges told events and updates by time; told ones go first at the same instant. */
static enum sg_code account_rows(const struct sg_world *world, const struct bs_ledger *ledger,
                                 struct sg_emitter *e, struct sg_error *err) {
    struct bs_telling timeline[BS_TIMELINE_MAX];
    struct bs_billing_sums after = bs_ledger_after(world, ledger);
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_STRIPE_EVENTS);
    uint32_t told = bs_timeline(world, ledger, timeline), t = 0;
    uint64_t row = bs_events_before(world, &ledger->before), end = bs_events_before(world, &after);
    struct filling filling = {world, ledger, sg_source(world->run.seed, BS_DATASET_ID, BS_STRIPE_CUSTOMERS),
                              end - row - told, 0};
    struct bs_telling filler = filling.count ? update(&filling) : (struct bs_telling){0};
    for (; row < end; row++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        if (t < told && (filling.next == filling.count || timeline[t].at <= filler.at)) {
            fill(world, ledger->account.number, row, &source, &timeline[t++], e);
        } else {
            fill(world, ledger->account.number, row, &source, &filler, e);
            if (++filling.next < filling.count) filler = update(&filling);
        }
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return bs_each_ledger(world, unit_first, unit_end, account_rows, e, err);
}

const struct bs_table_logic bs_table_stripe_events = {
    .declaration = {.name = "stripe_events",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = C_COUNT,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 164,
                    .text_bytes_max = 96,
                    .note = "Stripe events: what happened to each object, by account in order of time"},
    .rows_before = rows_before,
    .generate = generate,
};
