/* The sales side of barsaas, recomputed from a company's number: its contacts, deals, engagements and
 * tickets.
 *
 * Companies 0 .. accounts - 1 are the accounts, the rest are prospects. Counts of children come from
 * cumulative rounding of weights; the sums of weights are kept once per block of the survey, so a walk starts
 * at a block and steps from company to company. Everything is pure; the plan is read-only.
 */
#ifndef SG_BARSAAS_CRM_H
#define SG_BARSAAS_CRM_H

#include "datasets/barsaas/barsaas.h"

enum { BS_SOFTWARE_PORTAL = 8412275 };

/* Sums over companies: weights, but won deals are counted. */
enum bs_crm_sum {
    BS_SUM_CONTACTS,
    BS_SUM_LOST,
    BS_SUM_OPEN,
    BS_SUM_WON,
    BS_SUM_ENGAGEMENTS,
    BS_SUM_TICKETS,
    BS_SUM_COUNT
};

/* Stages in HubSpot's order; a deal enters the first five one after the other. */
enum bs_deal_stage {
    BS_STAGE_APPOINTMENT,
    BS_STAGE_QUALIFIED,
    BS_STAGE_PRESENTATION,
    BS_STAGE_DECISION,
    BS_STAGE_CONTRACT,
    BS_STAGE_WON,
    BS_STAGE_LOST,
    BS_STAGE_COUNT,
    BS_STAGES_OPEN = BS_STAGE_WON
};
extern const char *const bs_stage_names[BS_STAGE_COUNT];

/* One of our people who sell or support. */
struct bs_owner {
    int64_t created;
    int64_t left; /* INT64_MAX while employed */
    bool support;
};

struct bs_crm {
    uint64_t totals[BS_SUM_COUNT];
    uint64_t *won, *engagements;   /* sums before each block; the survey has the others */
    struct bs_company_note *notes; /* while opening: of companies notes_first + 0, 1, ... */
    uint64_t notes_first, notes_end;
    uint64_t deals_won, deals_lost, deals_open; /* exact totals; won / (won + lost) = 1/4, rounded half up */
    uint64_t won_key_end;                       /* accounts whose key is below have the won deals */
    struct sg_permutation won_order;
    uint32_t owner_count;
    struct bs_owner *owners;
};

struct bs_company {
    uint64_t number;
    bool customer; /* has an account: the next field is filled */
    struct bs_account account;
    uint8_t industry;
    uint32_t employees;
    uint16_t city;
    int64_t month_cents;     /* monthly revenue it brings, or would */
    int64_t created, end;    /* in the CRM; end of dealings: the account's end, or as_of */
    uint32_t down_q16;       /* share of its devices that are offline or under maintenance, living accounts */
    uint32_t contacts, mqls; /* the first `mqls` contacts are leads */
    uint32_t lost, open, won; /* deals in this order; won is 0 or 1 */
    uint32_t tickets;
    uint64_t contact_first, mql_first, deal_first, ticket_first; /* 0-based rows */
    uint64_t engagement_weight_first;
};

/* Steps through companies; holds the sums before `next`. */
struct bs_company_walk {
    const struct sg_world *world;
    uint64_t next;
    uint64_t sums[BS_SUM_COUNT];
};

/* Starts a walk at a company, with the sums of all before it. */
void bs_company_walk_to(struct bs_company_walk *walk, const struct sg_world *world, uint64_t company);
/* Fills the company at walk->next and steps over it. */
void bs_company_next(struct bs_company_walk *walk, struct bs_company *company);

/* Rows before a company. */
uint64_t bs_contacts_before(const struct sg_world *world, uint64_t company);
uint64_t bs_mqls_before(const struct sg_world *world, uint64_t company);
uint64_t bs_deals_before(const struct sg_world *world, uint64_t company);
uint64_t bs_engagements_before(const struct sg_world *world, uint64_t company);
uint64_t bs_tickets_before(const struct sg_world *world, uint64_t company);

/* When the k-th contact of a company is created: not before the company, not after its end. */
int64_t bs_contact_created(const struct sg_world *world, const struct bs_company *company, uint32_t k);
/* When contact k < company->mqls becomes a marketing qualified lead: not before its creation, and for
 * customers not after the account's creation. */
int64_t bs_mql_date(const struct sg_world *world, const struct bs_company *company, uint32_t k);

struct bs_deal {
    uint64_t row;
    uint8_t stage;                   /* enum bs_deal_stage */
    uint8_t reached;                 /* last of the first five stages that was entered */
    bool existing;                   /* sold to an account that exists */
    int64_t entered[BS_STAGES_OPEN]; /* instants, ascending, [0] is its creation; up to `reached` */
    int64_t end;                     /* closing, or the last instant before as_of */
    int32_t close_day;               /* closing day; expected one while open */
    int64_t amount_cents;
    uint32_t contact; /* index in the company */
    uint32_t owner;
    uint64_t engagement_first;
    uint32_t engagements;
};
/* The deals of a company in row order; `deals` has room for bs_deal_count of them. */
static inline uint32_t bs_deal_count(const struct bs_company *company) {
    return company->lost + company->won + company->open;
}
/* The k-th deal; *engagement_weight is the sum of weights before it and is moved past it: start with
 * company->engagement_weight_first. */
void bs_deal_get(const struct sg_world *world, const struct bs_company *company, uint32_t k,
                 uint64_t *engagement_weight, struct bs_deal *deal);

/* An owner of the right kind employed at an instant; the same word gives the same person while they stay. */
uint32_t bs_owner_at(const struct sg_world *world, int64_t instant, bool support, uint32_t word);

/* First instant after which an account pays, INT64_MAX when it never did. */
int64_t bs_first_paid(const struct bs_account *account);

enum bs_outcome { BS_DEAL_LOST, BS_DEAL_WON, BS_DEAL_OPEN };
/* Last of the first five stages that the deal in a row entered. */
uint8_t bs_deal_reached(const struct sg_world *world, uint64_t row, enum bs_outcome outcome);
/* Weight of the engagements of the deal in a row. */
uint64_t bs_deal_weight(const struct sg_world *world, uint64_t row, enum bs_outcome outcome);

/* contact.c: who the k-th contact of a company is. The first contacts of a customer are its users. */
struct bs_person {
    bool user;
    char first[BS_NAME_BYTES], last[BS_NAME_BYTES];
    char email[BS_EMAIL_BYTES]; /* unique over all contacts */
    const char *title;
};
void bs_contact_person(const struct sg_world *world, const struct bs_company *company, uint32_t k,
                       struct bs_person *person);
/* Lead score in hundredths, 100 .. 9900; 5000 and more for leads. */
int32_t bs_lead_score(const struct sg_world *world, const struct bs_company *company, uint32_t k);
/* HubSpot's life-cycle stage of a company. */
const char *bs_lifecycle_stage(const struct bs_company *company);

/* owners.c */
enum sg_code bs_owners_open(struct sg_world *world, struct sg_error *err);

#endif
