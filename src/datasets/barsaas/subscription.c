/* Subscription rows of an account: their times by the account's fate, their plan and items by its size, and
 * how many of their periods have an invoice. */
#include "datasets/barsaas/core.h"

#include "base/calendar.h"

enum { TRIAL_SHORT_DAYS = 14, TRIAL_LONG_DAYS = 30, ANNUAL_PER_MILLION = 150000, MONTHS_MAX = 64 };
enum { INVOICES_KEPT, INVOICES_LONGER, INVOICE_FIELDS };

/* MRR bands of the tiers, in cents. */
static const int64_t band_low[BS_TIER_COUNT] = {29900, 99900, 299900};
static const int64_t band_high[BS_TIER_COUNT] = {99900, 299900, 999900};

static int64_t months_after(int64_t start, int32_t months) {
    int32_t day = sg_day_of(start);
    return (int64_t)sg_add_months(day, months) * SG_DAY_S + (start - (int64_t)day * SG_DAY_S);
}

/* Number of k >= 0 with the instant k x step months after start before end; start < end. */
static uint16_t periods_begun(int64_t start, int64_t end, int32_t step) {
    struct sg_civil a = sg_civil_from_day(sg_day_of(start)), b = sg_civil_from_day(sg_day_of(end));
    int32_t months = (b.year - a.year) * 12 + b.month - a.month;
    int32_t k = months / step;
    return (uint16_t)(months_after(start, k * step) < end ? k + 1 : k);
}

/* The first period boundary at or after `about` inside (after, before), else the last one, else `about`. */
static int64_t boundary(int64_t start, int64_t about, int32_t step, int64_t after, int64_t before) {
    int32_t k = periods_begun(start, about, step);
    if (k < 1) k = 1;
    int64_t at = months_after(start, k * step);
    if (at >= before && k > 1) at = months_after(start, (k - 1) * step);
    return at > after && at < before ? at : about;
}

/* 14 or 30 days. Near the anniversary that ends the cohort the choice is made so that trials of the main
 * group end days before it and those of the zone's customers after it: who pays at an anniversary is then
 * known from the group. Current trials get the length that has not ended yet. */
static int64_t trial_seconds(const struct bs_core *core, const struct bs_fate *fate, int64_t created,
                             uint32_t word) {
    int64_t before_anniversary = core->anniversary[fate->cohort + 1] - created;
    bool lengthy = word % 5 < 2;
    if (fate->kind == BS_KIND_TRIAL)
        lengthy |= before_anniversary > (TRIAL_SHORT_DAYS - 1) * (int64_t)SG_DAY_S;
    else if (fate->zone)
        lengthy = true;
    else if (before_anniversary <= (TRIAL_LONG_DAYS + 6) * (int64_t)SG_DAY_S)
        lengthy = false;
    return (lengthy ? TRIAL_LONG_DAYS : TRIAL_SHORT_DAYS) * (int64_t)SG_DAY_S;
}

/* Splits the paid life [start, about) by a plan change, at a billing date when it has one. */
static int64_t change_instant(int64_t start, int64_t about, uint32_t word) {
    int32_t months = periods_begun(start, about, 1) - 1;
    if (months < 2) return start + (about - start) / 2;
    return months_after(start, sg_between(word, 1, months - 1));
}

static void push_row(struct bs_subscription_times *out, enum bs_subscription_status status, int64_t start,
                     int64_t end) {
    out->status[out->count] = (uint8_t)status;
    out->start[out->count] = start;
    out->end[out->count] = end;
    out->count++;
}

/* The paid rows from `start` on: at most one plan change, then running on or lost in its year. */
static void push_paid(const struct sg_world *world, const struct bs_fate *fate, int64_t start, bool changed,
                      const struct sg_block *life, const struct sg_block *change,
                      struct bs_subscription_times *out) {
    const int64_t *anniversary = world->core->anniversary;
    bool lost = fate->lost_year >= 0;
    bool annual = !changed && sg_chance(life->w[1], world->core->annual_per_million);
    int64_t after = 0, before = world->as_of, about = world->as_of;
    if (lost) {
        after = anniversary[fate->lost_year + 1];
        before = anniversary[fate->lost_year + 2];
        int64_t room = before - after - 2 * SG_DAY_S;
        about = after + SG_DAY_S + (int64_t)((uint64_t)room * life->w[0] >> 32);
    }
    if (changed) {
        int64_t at = change_instant(start, about, change->w[2]);
        push_row(out, BS_SUB_SUPERSEDED, start, at);
        start = at;
    }
    int64_t end = lost ? boundary(start, about, annual ? 12 : 1, after, before) : world->as_of;
    out->annual[out->count] = annual;
    push_row(out, lost ? BS_SUB_CHURNED : BS_SUB_ACTIVE, start, end);
}

void bs_subscription_times(const struct sg_world *world, uint64_t number, const struct bs_fate *fate,
                           int64_t created, bool changed, struct bs_subscription_times *out) {
    const struct bs_core *core = world->core;
    struct sg_block life = sg_draw(&core->accounts, number, BS_STREAM_LIFE, 0);
    struct sg_block change = {{0, 0, 0, 0}};
    if (changed) change = sg_draw(&core->accounts, number, BS_STREAM_CHANGE, 0);
    *out = (struct bs_subscription_times){.count = 0};
    int64_t trial_end = created + trial_seconds(core, fate, created, life.w[2]);
    switch ((enum bs_kind)fate->kind) {
    case BS_KIND_TRIAL:
        push_row(out, BS_SUB_TRIAL, created, world->as_of);
        break;
    case BS_KIND_PENDING:
        push_row(out, BS_SUB_PENDING, created, world->as_of);
        break;
    case BS_KIND_FAILED:
        push_row(out, BS_SUB_EXPIRED, created, trial_end);
        break;
    case BS_KIND_CONVERTED:
        push_row(out, BS_SUB_CONVERTED, created, trial_end);
        push_paid(world, fate, trial_end, changed, &life, &change, out);
        break;
    default:
        push_paid(world, fate, created, changed, &life, &change, out);
    }
    static const bool pays[BS_SUB_STATUS_COUNT] = {
        [BS_SUB_ACTIVE] = true, [BS_SUB_SUPERSEDED] = true, [BS_SUB_CHURNED] = true};
    for (unsigned s = 0; s < out->count; s++)
        if (pays[out->status[s]])
            out->periods[s] = periods_begun(out->start[s], out->end[s], out->annual[s] ? 12 : 1);
}

void bs_subscription_hint(const struct sg_world *world, uint64_t number, struct bs_hint *hint) {
    const struct bs_fate *fate = &hint->counts.fate;
    hint->created = bs_created_of(world, number, fate->cohort);
    bs_subscription_times(world, number, fate, hint->created, hint->counts.changed, &hint->times);
}

/* sg_count_fn: invoices up to the level, and rows with more periods than that. */
static void count_invoices(const void *context, uint64_t number, uint64_t *counts) {
    const struct sg_world *world = context;
    uint64_t level = world->core->invoice_level;
    const struct bs_hint *hint = bs_hint_of(world->core, number);
    struct bs_hint own;
    if (!hint) {
        bs_count_unit(world, number, &own.counts);
        bs_subscription_hint(world, number, &own);
        hint = &own;
    }
    counts[INVOICES_KEPT] = counts[INVOICES_LONGER] = 0;
    for (unsigned s = 0; s < hint->times.count; s++) {
        uint16_t periods = hint->times.periods[s];
        counts[INVOICES_KEPT] += periods > level ? level : periods;
        counts[INVOICES_LONGER] += periods > level;
    }
}

/* Hands the leftover invoices, one each, to the first rows in order that have more periods than the level. */
static enum sg_code cut_invoices(struct sg_world *world, uint64_t leftover, struct sg_error *err) {
    struct bs_core *core = world->core;
    core->invoice_leftover = leftover;
    SG_TRY(sg_prefix_open_together(&core->invoices, world->team, world->accounts, INVOICE_FIELDS,
                                   bs_block_units(world->accounts), count_invoices, world, err));
    if (sg_prefix_total(&core->invoices, INVOICES_LONGER) > leftover) {
        uint64_t before[INVOICE_FIELDS];
        core->invoice_more_end = sg_prefix_find(&core->invoices, INVOICES_LONGER, leftover, before);
        core->invoice_more_rest = leftover - before[INVOICES_LONGER];
    } else {
        core->invoice_more_end = world->accounts;
    }
    return SG_OK;
}

uint64_t bs_invoices_before(const struct sg_world *world, uint64_t number) {
    uint64_t before[INVOICE_FIELDS], leftover = world->core->invoice_leftover;
    sg_prefix_before(&world->core->invoices, number, before);
    uint64_t more = before[INVOICES_LONGER] < leftover ? before[INVOICES_LONGER] : leftover;
    return before[INVOICES_KEPT] + more;
}

void bs_invoices_forget(struct sg_world *world) {
    bs_hints_close(world);
    sg_prefix_close(&world->core->invoices);
}

/* sg_add_fn: rows by their number of paid periods; completes hints */
static void add_periods(const void *context, uint64_t first, uint64_t end, uint64_t *rows_with) {
    const struct sg_world *world = context;
    for (uint64_t i = first; i < end; i++) {
        struct bs_hint *hint = bs_hint_of(world->core, i), own;
        if (!hint) {
            bs_count_unit(world, i, &own.counts);
            hint = &own;
        }
        bs_subscription_hint(world, i, hint);
        for (unsigned s = 0; s < hint->times.count; s++)
            rows_with[hint->times.periods[s]]++;
    }
}

/* Counts rows by their number of paid periods; *periods are those of all. */
static enum sg_code count_periods(const struct sg_world *world, uint64_t rows_with[MONTHS_MAX + 1],
                                  uint64_t *periods, struct sg_error *err) {
    SG_TRY(sg_sweep_total(world->team, world->accounts, bs_block_units(world->accounts), MONTHS_MAX + 1,
                          add_periods, world, rows_with, err));
    *periods = 0;
    for (uint64_t n = 0; n <= MONTHS_MAX; n++)
        *periods += n * rows_with[n];
    return SG_OK;
}

enum sg_code bs_invoices_open(struct sg_world *world, struct sg_error *err) {
    struct bs_core *core = world->core;
    uint64_t *rows = world->sizes.rows, rows_with[MONTHS_MAX + 1], periods;
    uint64_t paid = rows[BS_STRIPE_CHARGES], all = rows[BS_STRIPE_INVOICES];
    core->annual_per_million = ANNUAL_PER_MILLION;
    SG_TRY(count_periods(world, rows_with, &periods, err));
    if (periods < all) {
        core->annual_per_million = 0;
        SG_TRY(count_periods(world, rows_with, &periods, err));
    }
    core->hints_complete = true;
    core->invoice_level = MONTHS_MAX;
    if (periods <= all) {
        rows[BS_STRIPE_INVOICES] = rows[BS_STRIPE_PAYMENT_INTENTS] = periods;
        rows[BS_STRIPE_CHARGES] = all ? sg_muldiv_round(periods, paid, all) : 0;
        return cut_invoices(world, 0, err);
    }
    uint64_t longer = 0, covered = 0, level = 0;
    for (uint64_t n = 1; n <= MONTHS_MAX; n++)
        longer += rows_with[n];
    while (covered + longer <= all) {
        covered += longer;
        longer -= rows_with[++level];
    }
    core->invoice_level = level;
    return cut_invoices(world, all - covered, err);
}

/* The account's place inside its band, blurred; in cents a month. */
static int64_t wanted_mrr(uint8_t tier, uint32_t in_tier_q16, uint32_t word) {
    uint64_t curve = (uint64_t)in_tier_q16 * (65536 + in_tier_q16) >> 17;
    int64_t mean = band_low[tier] + ((band_high[tier] - band_low[tier]) * (int64_t)curve >> 16);
    return mean * sg_between(word, 940, 1060) / 1000;
}

static int64_t monthly_cents(uint8_t price, bool annual) {
    int64_t cents = bs_price_cents((enum bs_price)price);
    return annual ? cents / 12 : cents;
}

static void push_item(struct bs_subscription *sub, unsigned price, unsigned quantity) {
    struct bs_item *item = &sub->items[sub->item_count++];
    item->price = (uint8_t)(price + sub->annual);
    item->quantity = (uint16_t)quantity;
    sub->mrr_cents += monthly_cents(item->price, sub->annual) * quantity;
    sub->period_cents += bs_price_cents((enum bs_price)item->price) * quantity;
}

/* Add-ons 0 analytics (one), 1 point-of-sale link (per location), 2 sensor monitoring (per device). */
static void push_addons(struct bs_subscription *sub, const struct bs_account *account, unsigned count,
                        uint32_t word) {
    static const uint8_t sets[BS_ITEMS_MAX][3] = {{0, 0, 0}, {1, 2, 4}, {3, 5, 6}, {7, 7, 7}};
    const unsigned quantity[3] = {1, account->location_count, account->device_count};
    unsigned set = sets[count][sg_below(word, 3)];
    for (unsigned a = 0; a < 3; a++)
        if (set >> a & 1) push_item(sub, BS_PRICE_ADDON_FIRST + 2 * a, quantity[a]);
}

/* The plan's quantity makes up what add-ons leave of the wanted MRR, inside the tier's band. */
static void fill_items(const struct sg_world *world, uint64_t row, int64_t wanted,
                       const struct bs_account *account, struct bs_subscription *sub) {
    const struct bs_core *core = world->core;
    size_t addons = sg_quota_class(sg_permute(&core->addons, row), core->addon_rows, BS_ITEMS_MAX);
    uint32_t word = sg_draw(&core->subscriptions, row, BS_STREAM_ITEMS, 0).w[0];
    struct bs_subscription extra = {.annual = sub->annual};
    push_addons(&extra, account, (unsigned)addons, word);
    unsigned price = BS_PRICE_BASIC_MONTH + 2u * sub->tier;
    int64_t unit = monthly_cents((uint8_t)(price + sub->annual), sub->annual);
    int64_t least = (band_low[sub->tier] - extra.mrr_cents + unit - 1) / unit;
    int64_t most = (band_high[sub->tier] - extra.mrr_cents) / unit;
    int64_t quantity = (wanted - extra.mrr_cents + unit / 2) / unit;
    quantity = quantity < least ? least : quantity > most ? most : quantity;
    push_item(sub, price, (unsigned)(quantity < 1 ? 1 : quantity));
    push_addons(sub, account, (unsigned)addons, word);
}

static uint16_t invoices_of(const struct bs_core *core, uint64_t number, uint16_t periods, uint64_t *longer) {
    if (periods <= core->invoice_level) return periods;
    bool more = number < core->invoice_more_end ||
                (number == core->invoice_more_end && *longer < core->invoice_more_rest);
    ++*longer;
    return (uint16_t)(core->invoice_level + more);
}

/* The plan before a change: one tier below, seldom above; above for the lowest tier. */
static uint8_t earlier_tier(uint8_t tier, uint32_t word) {
    if (tier == BS_BASIC) return BS_PRO;
    if (tier == BS_PRO && sg_chance(word, 150000)) return BS_ENTERPRISE;
    return (uint8_t)(tier - 1);
}

void bs_subscriptions_fill(const struct sg_world *world, const struct bs_subscription_times *times,
                           uint32_t in_tier_q16, struct bs_account *account) {
    const struct bs_core *core = world->core;
    struct sg_block profile = sg_draw(&core->accounts, account->number, BS_STREAM_PROFILE, 0);
    uint32_t turn = sg_draw(&core->accounts, account->number, BS_STREAM_CHANGE, 0).w[1];
    uint64_t longer = 0;
    uint8_t tier = account->tier;
    /* Downwards, because the tier of a row follows from the row after it. */
    for (unsigned s = times->count; s-- > 0;) {
        struct bs_subscription *sub = &account->subs[s];
        uint32_t place = in_tier_q16;
        if (times->status[s] == BS_SUB_SUPERSEDED) {
            uint8_t earlier = earlier_tier(tier, turn);
            place = earlier < tier ? 32768 + in_tier_q16 / 2 : in_tier_q16 / 2;
            tier = earlier;
        } else if (tier != account->tier) {
            place = tier < account->tier ? 16384 + in_tier_q16 / 2 : in_tier_q16 / 2;
        }
        *sub = (struct bs_subscription){.tier = tier,
                                        .status = times->status[s],
                                        .annual = times->annual[s],
                                        .start = times->start[s],
                                        .end = times->end[s],
                                        .periods_paid = times->periods[s]};
        sub->trial =
            sub->status == BS_SUB_TRIAL || sub->status == BS_SUB_CONVERTED || sub->status == BS_SUB_EXPIRED;
        fill_items(world, account->sub_first + s, wanted_mrr(tier, place, profile.w[1]), account, sub);
    }
    for (unsigned s = 0; s < times->count; s++)
        account->subs[s].invoices =
            invoices_of(core, account->number, account->subs[s].periods_paid, &longer);
}
