/* Deals of a company, and when its contacts appear and become leads. */
#include "base/calendar.h"
#include "datasets/barsaas/crm.h"
#include "datasets/barsaas/growth.h"

const char *const bs_stage_names[BS_STAGE_COUNT] = {
    "appointmentscheduled",
    "qualifiedtobuy",
    "presentationscheduled",
    "decisionmakerboughtin",
    "contractsent",
    "closedwon",
    "closedlost",
};

static const uint8_t stage_days[BS_STAGES_OPEN] = {7, 10, 12, 10, 7};

static struct sg_source deal_source(const struct sg_world *world) {
    return sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_DEALS);
}

static int64_t clamp(int64_t value, int64_t low, int64_t high) {
    if (value > high) value = high;
    return value < low ? low : value;
}

/* part / 2^32 of a span of seconds. */
static int64_t part_of(int64_t span, uint32_t part) {
    return span > 0 ? (int64_t)((unsigned __int128)(uint64_t)span * part >> 32) : 0;
}

uint8_t bs_deal_reached(const struct sg_world *world, uint64_t row, enum bs_outcome outcome) {
    static const uint32_t lost[BS_STAGES_OPEN] = {28, 30, 21, 12, 9},
                          open[BS_STAGES_OPEN] = {30, 26, 20, 14, 10};
    if (outcome == BS_DEAL_WON) return BS_STAGE_CONTRACT;
    struct sg_source source = deal_source(world);
    uint32_t word = sg_draw(&source, row, 1, 0).w[0];
    return (uint8_t)sg_pick(word, outcome == BS_DEAL_LOST ? lost : open, BS_STAGES_OPEN, 100);
}

uint64_t bs_deal_weight(const struct sg_world *world, uint64_t row, enum bs_outcome outcome) {
    static const uint8_t effort[BS_STAGES_OPEN] = {5, 9, 13, 17, 20};
    struct sg_source source = deal_source(world);
    uint64_t luck = 24 + ((uint64_t)sg_exponential(sg_draw(&source, row, 1, 0).w[1]) >> 11);
    return effort[bs_deal_reached(world, row, outcome)] * luck + (outcome == BS_DEAL_WON ? 5 * luck : 0);
}

/* Length of each stage in seconds, longer for large companies; returns their sum up to `reached`. */
static int64_t stage_lengths(const struct bs_company *company, uint64_t row, const struct sg_source *source,
                             uint8_t reached, int64_t *lengths) {
    struct sg_block b = sg_draw(source, row, 2, 0);
    uint32_t words[BS_STAGES_OPEN] = {b.w[0], b.w[1], b.w[2], b.w[3], b.w[0] * 2654435761u};
    int64_t sum = 0;
    for (int s = 0; s <= reached; s++) {
        int64_t factor_q16 = 16384 + (int64_t)sg_exponential(words[s]) * (100 + company->employees / 3) / 100;
        lengths[s] = (int64_t)stage_days[s] * SG_DAY_S * factor_q16 >> 16;
        sum += lengths[s];
    }
    return sum;
}

/* Start of the deal when it takes `*length` seconds, which shrinks to what the company's time allows. */
static int64_t start_of(const struct sg_world *world, const struct bs_company *company,
                        enum bs_outcome outcome, uint32_t word, int64_t *length) {
    int64_t end = outcome == BS_DEAL_WON ? bs_first_paid(&company->account) : company->end;
    if (end > world->as_of - 1) end = world->as_of - 1;
    int64_t room = end - company->created;
    if (*length > room) *length = room;
    if (outcome == BS_DEAL_LOST) return company->created + part_of(room - *length, word);
    return end - *length;
}

static void set_instants(const struct sg_world *world, const struct bs_company *company,
                         enum bs_outcome outcome, const struct sg_block *b, struct bs_deal *deal) {
    struct sg_source source = deal_source(world);
    int64_t lengths[BS_STAGES_OPEN], sum = stage_lengths(company, deal->row, &source, deal->reached, lengths);
    int64_t length = sum;
    if (outcome == BS_DEAL_OPEN) length -= part_of(lengths[deal->reached], b->w[3]);
    int64_t start = start_of(world, company, outcome, b->w[2], &length);
    int64_t last = start + length, at = 0, floor = company->created;
    if (outcome == BS_DEAL_LOST)
        last = clamp(bs_office_time(last), start, company->end - (company->end == world->as_of));
    deal->end = last;
    for (int s = 0; s <= deal->reached; s++) {
        int64_t raw = start + (int64_t)((__int128)length * at / (sum ? sum : 1));
        deal->entered[s] = clamp(bs_office_time(raw), floor, last);
        floor = deal->entered[s];
        at += lengths[s];
    }
    int64_t expected =
        world->as_of +
        (1 + (int64_t)sg_below(b->w[3], 30) + 12 * (BS_STAGE_CONTRACT - deal->reached)) * SG_DAY_S;
    deal->close_day = sg_day_of(outcome == BS_DEAL_OPEN ? expected : deal->end);
}

/* A year of the company's revenue when won; others ask for about that, or for less when they add to it. */
static int64_t amount(const struct bs_company *company, enum bs_outcome outcome, bool existing,
                      uint32_t word) {
    int64_t year_cents = company->month_cents * 12;
    if (outcome == BS_DEAL_WON) return year_cents;
    int64_t percent = existing ? sg_between(word, 10, 45) : sg_between(word, 70, 140);
    return (year_cents * percent / 100 + 9999) / 10000 * 10000;
}

static uint32_t contact_at(const struct sg_world *world, const struct bs_company *company, int64_t instant,
                           uint32_t word) {
    uint32_t k = sg_below(word, company->contacts);
    return bs_contact_created(world, company, k) <= instant ? k : 0;
}

void bs_deal_get(const struct sg_world *world, const struct bs_company *company, uint32_t k,
                 uint64_t *engagement_weight, struct bs_deal *deal) {
    enum bs_outcome outcome = k < company->lost                  ? BS_DEAL_LOST
                              : k < company->lost + company->won ? BS_DEAL_WON
                                                                 : BS_DEAL_OPEN;
    struct sg_source source = deal_source(world);
    deal->row = company->deal_first + k;
    struct sg_block b = sg_draw(&source, deal->row, 1, 0), who = sg_draw(&source, deal->row, 3, 0);
    deal->reached = bs_deal_reached(world, deal->row, outcome);
    deal->stage = outcome == BS_DEAL_WON    ? BS_STAGE_WON
                  : outcome == BS_DEAL_LOST ? BS_STAGE_LOST
                                            : deal->reached;
    set_instants(world, company, outcome, &b, deal);
    deal->existing =
        company->customer && deal->entered[0] > company->account.created && outcome != BS_DEAL_WON;
    deal->amount_cents = amount(company, outcome, deal->existing, who.w[0]);
    deal->contact = contact_at(world, company, deal->entered[0], who.w[1]);
    deal->owner = bs_owner_at(world, deal->entered[0], false, who.w[2]);
    uint64_t engagements = world->sizes.rows[BS_HUBSPOT_ENGAGEMENTS],
             total = world->crm->totals[BS_SUM_ENGAGEMENTS];
    deal->engagement_first = sg_share(engagements, *engagement_weight, total);
    *engagement_weight += bs_deal_weight(world, deal->row, outcome);
    deal->engagements = (uint32_t)(sg_share(engagements, *engagement_weight, total) - deal->engagement_first);
}

/* Leads come before the account does; users when they get their log-in; others any time. */
int64_t bs_contact_created(const struct sg_world *world, const struct bs_company *company, uint32_t k) {
    if (k == 0) return company->created;
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_CONTACTS);
    uint32_t word = sg_draw(&source, company->contact_first + k, 1, 0).w[0];
    int64_t end = company->end - (company->end == world->as_of);
    if (k < company->mqls && company->customer) end = company->account.created;
    if (k >= company->mqls && company->customer && k < company->account.user_count) {
        struct bs_user user;
        bs_user_get(world, &company->account, k, &user);
        return clamp(user.created, company->created, end);
    }
    return company->created + part_of(end - company->created, word);
}

int64_t bs_mql_date(const struct sg_world *world, const struct bs_company *company, uint32_t k) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_CONTACTS);
    uint32_t word = sg_draw(&source, company->contact_first + k, 1, 0).w[1];
    int64_t created = bs_contact_created(world, company, k);
    int64_t end = company->customer ? company->account.created : world->as_of - 1;
    int64_t wait = (int64_t)sg_exponential(word) * (9 * SG_DAY_S) >> 16;
    if (wait > end - created) wait = part_of(end - created, word);
    return created + wait;
}
