/* The CRM plan: who has the won deals, and the sums of weights from which every count follows. */
#include "datasets/barsaas/crm.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "datasets/barsaas/growth.h"
#include "datasets/barsaas/survey.h"
#include "reference/reference.h"

enum { PERMUTATION_WON = BS_HUBSPOT_DEALS * 256, OPEN_PERCENT = 15, WON_PERCENT = 25, OWNERS_MIN = 50 };

/* What the survey adds up, in its order; the others need these sums. */
enum { WEIGHTS = 4 };
static const uint8_t weighed[WEIGHTS] = {BS_SUM_CONTACTS, BS_SUM_LOST, BS_SUM_OPEN, BS_SUM_TICKETS};

int64_t bs_first_paid(const struct bs_account *account) {
    for (int i = 0; i < account->sub_count; i++)
        if (!account->subs[i].trial && account->subs[i].status != BS_SUB_PENDING)
            return account->subs[i].start;
    return INT64_MAX;
}

/* Accounts in the order in which they get won deals: shuffled, but larger tiers come sooner. Distinct. */
static uint64_t won_key(const struct sg_world *world, const struct bs_account *account) {
    static const uint8_t delay[BS_TIER_COUNT] = {3, 2, 1};
    return sg_permute(&world->crm->won_order, account->number) * delay[account->tier] * 4 + account->tier;
}

static bool may_win(const struct sg_world *world, const struct bs_account *account) {
    return !account->failed_trial && bs_first_paid(account) < world->as_of;
}

static uint32_t down_share(const struct bs_account *account, const struct bs_device *devices) {
    if (account->lost || account->device_count == 0) return 0;
    uint32_t down = 0;
    for (unsigned k = 0; k < account->device_count; k++)
        down += devices[k].status != BS_ONLINE;
    return down * 65536 / account->device_count;
}

/* Companies come into the CRM one to five months before they become accounts. */
static int64_t customer_created(const struct sg_world *world, const struct bs_account *account,
                                uint32_t word) {
    int64_t lead_days = 12 + ((int64_t)sg_exponential(word) * 34 >> 16);
    int64_t created = account->created - (lead_days < 140 ? lead_days : 140) * SG_DAY_S -
                      sg_below(word * 747796405u, SG_DAY_S);
    int64_t first = bs_history_start(world);
    if (created < first)
        created = first +
                  (int64_t)((uint64_t)(account->created > first ? account->created - first : 0) * word >> 33);
    return created < account->created ? created : account->created;
}

static void fill_prospect(const struct sg_world *world, struct bs_company *c, const struct sg_block *b) {
    c->industry = bs_company_industry(world, c->number);
    c->employees = (uint32_t)sg_scaled(5, 42, sg_exponential(b->w[1]), 5, 500);
    c->city = (uint16_t)sg_city_pick(b->w[3]);
    c->month_cents = 25000 + (int64_t)c->employees * 2000;
    if (c->month_cents > 999900) c->month_cents = 999900;
    c->created = bs_office_time(bs_growth_instant(world, b->w[0]));
    if (c->created > world->as_of - SG_DAY_S) c->created = world->as_of - SG_DAY_S;
    if (c->created < bs_history_start(world)) c->created = bs_history_start(world);
    c->end = world->as_of;
}

/* All that does not depend on other companies, of one whose account is known. */
static void fill_customer(const struct sg_world *world, struct bs_company *c, const struct bs_device *devices,
                          const struct sg_block *b) {
    c->industry = c->account.industry;
    c->employees = c->account.employees;
    c->city = c->account.locations[0].city;
    c->month_cents = c->account.mrr_cents;
    c->created = customer_created(world, &c->account, b->w[0]);
    c->end = c->account.end;
    c->down_q16 = down_share(&c->account, devices);
}

static struct sg_block identity_of(const struct sg_world *world, uint64_t number) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_COMPANIES);
    return sg_draw(&source, number, 1, 0);
}

/* The same of any company. */
static void fill_company(const struct sg_world *world, uint64_t number, struct bs_company *c) {
    struct sg_block b = identity_of(world, number);
    c->number = number;
    c->customer = number < world->accounts;
    c->down_q16 = 0;
    if (!c->customer) {
        fill_prospect(world, c, &b);
        return;
    }
    struct bs_device devices[BS_LOCATIONS_MAX * BS_DEVICES_MAX];
    bs_account_get(world, number, &c->account);
    for (unsigned k = 0; k < c->account.device_count; k++)
        bs_device_get(world, &c->account, k, &devices[k]);
    fill_customer(world, c, devices, &b);
}

/* Tickets follow size, time and trouble with devices. */
static uint64_t ticket_weight(const struct bs_company *c, uint32_t word) {
    if (!c->customer) return 0;
    uint64_t days = (uint64_t)(c->account.end - c->account.created) / SG_DAY_S + 10;
    uint64_t size = 4 + c->account.user_count + 2u * c->account.device_count;
    uint64_t trouble = 65536 + 4 * (uint64_t)c->down_q16;
    uint64_t luck = 24576 + (uint64_t)sg_exponential(word) / 2;
    return ((days * size * trouble >> 16) * luck >> 12) + 1;
}

static void weights_of(const struct sg_world *world, const struct bs_company *c, uint64_t *weights) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_COMPANIES);
    struct sg_block b = sg_draw(&source, c->number, 2, 0);
    uint64_t days = (uint64_t)(c->end - c->created) / SG_DAY_S;
    if (days > 400) days = 400;
    bool dealing = !c->customer || !c->account.lost;
    uint64_t eager = c->customer ? 1 : 3;
    weights[BS_SUM_CONTACTS] =
        c->customer ? 2u * c->account.user_count + sg_below(b.w[0], 5) : 2 + sg_below(b.w[0], 7);
    weights[BS_SUM_LOST] = (16 + ((uint64_t)sg_exponential(b.w[1]) >> 10)) * (days + 10) * (eager + 1);
    weights[BS_SUM_OPEN] = dealing ? (16 + ((uint64_t)sg_exponential(b.w[2]) >> 10)) * eager : 0;
    weights[BS_SUM_TICKETS] = ticket_weight(c, b.w[3]);
}

static uint64_t between(uint64_t total, const uint64_t *sums, const uint64_t *weights, const uint64_t *totals,
                        enum bs_crm_sum field, uint64_t *first) {
    *first = sg_share(total, sums[field], totals[field]);
    return sg_share(total, sums[field] + weights[field], totals[field]) - *first;
}

static uint64_t mqls_before_contacts(const struct sg_world *world, uint64_t contacts) {
    return sg_share(world->sizes.rows[BS_MARKETING_QUALIFIED_LEADS], contacts,
                    world->sizes.rows[BS_HUBSPOT_CONTACTS]);
}

/* Rows of children before a company, from the sums before it. */
static uint64_t contacts_at(const struct sg_world *world, uint64_t company, const uint64_t *sums) {
    uint64_t beyond_first = world->sizes.rows[BS_HUBSPOT_CONTACTS] - world->sizes.companies;
    return company + sg_share(beyond_first, sums[BS_SUM_CONTACTS], world->crm->totals[BS_SUM_CONTACTS]);
}

static uint64_t deals_at(const struct sg_world *world, const uint64_t *sums) {
    const struct bs_crm *crm = world->crm;
    return sg_share(crm->deals_lost, sums[BS_SUM_LOST], crm->totals[BS_SUM_LOST]) +
           sg_share(crm->deals_open, sums[BS_SUM_OPEN], crm->totals[BS_SUM_OPEN]) + sums[BS_SUM_WON];
}

static void count_children(const struct sg_world *world, const uint64_t *sums, const uint64_t *weights,
                           struct bs_company *c) {
    const struct bs_crm *crm = world->crm;
    uint64_t after[BS_SUM_COUNT], first;
    for (int f = 0; f < BS_SUM_COUNT; f++)
        after[f] = sums[f] + weights[f];
    c->contact_first = contacts_at(world, c->number, sums);
    c->contacts = (uint32_t)(contacts_at(world, c->number + 1, after) - c->contact_first);
    c->mql_first = mqls_before_contacts(world, c->contact_first);
    c->mqls = (uint32_t)(mqls_before_contacts(world, c->contact_first + c->contacts) - c->mql_first);
    c->lost = (uint32_t)between(crm->deals_lost, sums, weights, crm->totals, BS_SUM_LOST, &first);
    c->open = (uint32_t)between(crm->deals_open, sums, weights, crm->totals, BS_SUM_OPEN, &first);
    c->won = (uint32_t)weights[BS_SUM_WON];
    c->deal_first = deals_at(world, sums);
    c->tickets = (uint32_t)between(world->sizes.rows[BS_HUBSPOT_TICKETS], sums, weights, crm->totals,
                                   BS_SUM_TICKETS, &c->ticket_first);
    c->engagement_weight_first = sums[BS_SUM_ENGAGEMENTS];
}

static uint64_t engagement_weight(const struct sg_world *world, uint64_t deal_first, uint32_t lost,
                                  uint32_t won, uint32_t open) {
    uint64_t sum = 0;
    for (uint32_t k = 0; k < lost + won + open; k++)
        sum += bs_deal_weight(world, deal_first + k,
                              k < lost         ? BS_DEAL_LOST
                              : k < lost + won ? BS_DEAL_WON
                                               : BS_DEAL_OPEN);
    return sum;
}

void bs_company_next(struct bs_company_walk *walk, struct bs_company *c) {
    const struct sg_world *world = walk->world;
    uint64_t weights[BS_SUM_COUNT] = {0};
    fill_company(world, walk->next, c);
    weights_of(world, c, weights);
    weights[BS_SUM_WON] =
        c->customer && may_win(world, &c->account) && won_key(world, &c->account) < world->crm->won_key_end;
    count_children(world, walk->sums, weights, c);
    weights[BS_SUM_ENGAGEMENTS] = engagement_weight(world, c->deal_first, c->lost, c->won, c->open);
    for (int f = 0; f < BS_SUM_COUNT; f++)
        walk->sums[f] += weights[f];
    walk->next++;
}

/* The sums before the block of a company, as far as they are known. */
static void sums_at(const struct sg_world *world, uint64_t company, uint64_t *sums) {
    const struct bs_crm *crm = world->crm;
    uint64_t block = company / world->survey.block_units;
    for (int f = 0; f < WEIGHTS; f++)
        sums[weighed[f]] = bs_survey_at(&world->survey, company)[BS_AT_CRM + f];
    sums[BS_SUM_WON] = crm->won ? crm->won[block] : 0;
    sums[BS_SUM_ENGAGEMENTS] = crm->engagements ? crm->engagements[block] : 0;
}

void bs_company_walk_to(struct bs_company_walk *walk, const struct sg_world *world, uint64_t company) {
    walk->world = world;
    walk->next = company / world->survey.block_units * world->survey.block_units;
    sums_at(world, walk->next, walk->sums);
    struct bs_company skipped;
    while (walk->next < company)
        bs_company_next(walk, &skipped);
}

/* The sums before a company; the total needs no walk. */
static void sums_before(const struct sg_world *world, uint64_t company, uint64_t *sums) {
    if (company == world->sizes.companies) {
        memcpy(sums, world->crm->totals, sizeof world->crm->totals);
        return;
    }
    struct bs_company_walk walk;
    bs_company_walk_to(&walk, world, company);
    memcpy(sums, walk.sums, sizeof walk.sums);
}

uint64_t bs_contacts_before(const struct sg_world *world, uint64_t company) {
    uint64_t sums[BS_SUM_COUNT];
    sums_before(world, company, sums);
    return contacts_at(world, company, sums);
}

uint64_t bs_mqls_before(const struct sg_world *world, uint64_t company) {
    return mqls_before_contacts(world, bs_contacts_before(world, company));
}

uint64_t bs_deals_before(const struct sg_world *world, uint64_t company) {
    uint64_t sums[BS_SUM_COUNT];
    sums_before(world, company, sums);
    return deals_at(world, sums);
}

uint64_t bs_engagements_before(const struct sg_world *world, uint64_t company) {
    uint64_t sums[BS_SUM_COUNT];
    sums_before(world, company, sums);
    return sg_share(world->sizes.rows[BS_HUBSPOT_ENGAGEMENTS], sums[BS_SUM_ENGAGEMENTS],
                    world->crm->totals[BS_SUM_ENGAGEMENTS]);
}

uint64_t bs_tickets_before(const struct sg_world *world, uint64_t company) {
    uint64_t sums[BS_SUM_COUNT];
    sums_before(world, company, sums);
    return sg_share(world->sizes.rows[BS_HUBSPOT_TICKETS], sums[BS_SUM_TICKETS],
                    world->crm->totals[BS_SUM_TICKETS]);
}

static void divide_deals(struct sg_world *world, uint64_t eligible) {
    struct bs_crm *crm = world->crm;
    uint64_t deals = world->sizes.rows[BS_HUBSPOT_DEALS];
    crm->deals_open = crm->totals[BS_SUM_OPEN] ? sg_muldiv_round(deals, OPEN_PERCENT, 100) : 0;
    uint64_t closed = deals - crm->deals_open;
    crm->deals_won = sg_muldiv_round(closed, WON_PERCENT, 100);
    if (crm->deals_won > eligible) crm->deals_won = eligible;
    crm->deals_lost = closed - crm->deals_won;
}

/* What planning needs of a company more than once. */
struct bs_company_note {
    uint32_t key;        /* won_key, or NO_KEY where no deal can be won */
    uint32_t lost, open; /* weights */
};

/* Notes kept at most, 25 MB; of more companies they are made again when needed. */
enum { NOTES_MAX = 1 << 21 };
static const uint32_t NO_KEY = UINT32_MAX;

static struct bs_company_note note(const struct sg_world *world, const struct bs_company *c,
                                   const uint64_t *weights) {
    bool may = c->customer && may_win(world, &c->account);
    return (struct bs_company_note){.key = may ? (uint32_t)won_key(world, &c->account) : NO_KEY,
                                    .lost = (uint32_t)weights[BS_SUM_LOST],
                                    .open = (uint32_t)weights[BS_SUM_OPEN]};
}

static struct bs_company_note note_of(const struct sg_world *world, uint64_t number) {
    const struct bs_crm *crm = world->crm;
    if (number >= crm->notes_first && number < crm->notes_end) return crm->notes[number - crm->notes_first];
    struct bs_company c;
    uint64_t weights[BS_SUM_COUNT];
    fill_company(world, number, &c);
    weights_of(world, &c, weights);
    return note(world, &c, weights);
}

void bs_survey_crm(const struct sg_world *world, const struct bs_surveyed *company, uint64_t *sums) {
    struct bs_crm *crm = world->crm;
    struct bs_company c = {.number = company->number, .customer = company->customer};
    struct sg_block b = identity_of(world, company->number);
    uint64_t weights[BS_SUM_COUNT];
    if (c.customer) {
        c.account = company->account;
        fill_customer(world, &c, company->devices, &b);
    } else {
        fill_prospect(world, &c, &b);
    }
    weights_of(world, &c, weights);
    for (int f = 0; f < WEIGHTS; f++)
        sums[BS_AT_CRM + f] += weights[weighed[f]];
    struct bs_company_note one = note(world, &c, weights);
    sums[BS_AT_WINNERS] += one.key != NO_KEY;
    if (c.number >= crm->notes_first && c.number < crm->notes_end)
        crm->notes[c.number - crm->notes_first] = one;
}

/* One round of finding a key: how many have each value of the DIGIT_BITS bits above `shift`, of those whose
 * bits above are `head`. */
enum { DIGIT_BITS = 11, KEY_BITS = 3 * DIGIT_BITS, DIGITS = 1 << DIGIT_BITS };
struct key_round {
    const struct sg_world *world;
    uint64_t head;
    unsigned shift;
};

/* sg_add_fn */
static void add_keys(const void *context, uint64_t first, uint64_t end, uint64_t *counts) {
    const struct key_round *round = context;
    for (uint64_t n = first; n < end; n++) {
        uint64_t key = note_of(round->world, n).key;
        if (key != NO_KEY && key >> (round->shift + DIGIT_BITS) == round->head)
            counts[key >> round->shift & (DIGITS - 1)]++;
    }
}

/* Finds the key below which exactly `wanted` accounts lie that may win, digit by digit. */
static enum sg_code choose_winners(struct sg_world *world, uint64_t wanted, struct sg_error *err) {
    if (wanted == 0) return SG_OK;
    struct key_round round = {.world = world, .shift = KEY_BITS};
    while (round.shift > 0) {
        uint64_t counts[DIGITS], digit = 0;
        round.shift -= DIGIT_BITS;
        SG_TRY(sg_sweep_total(world->company_team, world->sizes.companies, world->survey.block_units, DIGITS,
                              add_keys, &round, counts, err));
        while (digit + 1 < DIGITS && counts[digit] < wanted)
            wanted -= counts[digit++];
        round.head = round.head << DIGIT_BITS | digit;
    }
    world->crm->won_key_end = round.head + 1;
    return SG_OK;
}

/* sg_add_fn */
static void add_won(const void *context, uint64_t first, uint64_t end, uint64_t *won) {
    const struct sg_world *world = context;
    for (uint64_t n = first; n < end; n++) {
        uint32_t key = note_of(world, n).key;
        *won += key != NO_KEY && key < world->crm->won_key_end;
    }
}

/* sg_add_fn */
static void add_engagements(const void *context, uint64_t first, uint64_t end, uint64_t *weight) {
    const struct sg_world *world = context;
    const struct bs_crm *crm = world->crm;
    uint64_t sums[BS_SUM_COUNT], ignored;
    sums_at(world, first, sums);
    for (uint64_t n = first; n < end; n++) {
        struct bs_company_note one = note_of(world, n);
        uint64_t weights[BS_SUM_COUNT] = {[BS_SUM_LOST] = one.lost, [BS_SUM_OPEN] = one.open};
        uint32_t won = one.key != NO_KEY && one.key < crm->won_key_end;
        *weight += engagement_weight(
            world, deals_at(world, sums),
            (uint32_t)between(crm->deals_lost, sums, weights, crm->totals, BS_SUM_LOST, &ignored), won,
            (uint32_t)between(crm->deals_open, sums, weights, crm->totals, BS_SUM_OPEN, &ignored));
        sums[BS_SUM_LOST] += one.lost;
        sums[BS_SUM_OPEN] += one.open;
        sums[BS_SUM_WON] += won;
    }
}

/* Sums over companies that need those of the survey; *total is that of all. */
static enum sg_code sum_companies(struct sg_world *world, sg_add_fn *add, uint64_t **sums, uint64_t *total,
                                  struct sg_error *err) {
    uint64_t companies = world->sizes.companies, block_units = world->survey.block_units;
    SG_TRY(sg_sweep_blocks(world->company_team, companies, (uint32_t)block_units, 1, add, world, sums, err));
    *total = (*sums)[sg_sweep_rows(companies, (uint32_t)block_units) - 1];
    return SG_OK;
}

static enum sg_code settle_crm(struct sg_world *world, struct sg_error *err) {
    struct bs_crm *crm = world->crm;
    const uint64_t *survey = bs_survey_total(world);
    for (int f = 0; f < WEIGHTS; f++)
        crm->totals[weighed[f]] = survey[BS_AT_CRM + f];
    divide_deals(world, survey[BS_AT_WINNERS]);
    SG_TRY(choose_winners(world, crm->deals_won, err));
    SG_TRY(sum_companies(world, add_won, &crm->won, &crm->totals[BS_SUM_WON], err));
    if (crm->totals[BS_SUM_WON] != crm->deals_won)
        return sg_fail(err, SG_INTERNAL, "%zu won deals planned, %zu placed", (size_t)crm->deals_won,
                       (size_t)crm->totals[BS_SUM_WON]);
    SG_TRY(sum_companies(world, add_engagements, &crm->engagements, &crm->totals[BS_SUM_ENGAGEMENTS], err));
    free(crm->notes);
    crm->notes = NULL;
    crm->notes_end = crm->notes_first;
    return SG_OK;
}

/* Takes notes of the companies that this process surveys. */
static enum sg_code prepare_crm(struct sg_world *world, struct sg_error *err) {
    struct bs_crm *crm = world->crm = calloc(1, sizeof *world->crm);
    if (!crm) return sg_fail(err, SG_SYSTEM, "no memory for the CRM plan");
    crm->won_order = sg_permutation(world->accounts, world->run.seed, BS_DATASET_ID, PERMUTATION_WON);
    uint64_t companies = world->sizes.companies;
    sg_team_share(world->company_team, companies, bs_block_units(companies), &crm->notes_first,
                  &crm->notes_end);
    if (crm->notes_end - crm->notes_first > NOTES_MAX) crm->notes_end = crm->notes_first;
    crm->notes = sg_alloc_array(crm->notes_end - crm->notes_first, sizeof *crm->notes);
    return crm->notes ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for the CRM plan");
}

static enum sg_code crm_open(struct sg_world *world, struct sg_error *err) {
    uint64_t owners = world->sizes.companies / 100;
    world->sizes.rows[BS_HUBSPOT_OWNERS] = owners > OWNERS_MIN ? owners : OWNERS_MIN;
    return bs_owners_open(world, err);
}

static void crm_close(struct sg_world *world) {
    if (!world->crm) return;
    free(world->crm->won);
    free(world->crm->engagements);
    free(world->crm->notes);
    free(world->crm->owners);
    free(world->crm);
    world->crm = NULL;
}

const struct bs_part bs_crm_part = {"crm", prepare_crm, settle_crm, crm_open, crm_close};
