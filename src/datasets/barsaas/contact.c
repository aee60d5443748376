/* The people behind contacts: users of the account first, then others with an address of their own or of
 * their office. */
#include <ctype.h>
#include <string.h>

#include "datasets/barsaas/crm.h"
#include "reference/reference.h"

/* Jobs of contacts that are not users, with the mailbox of the office. */
enum { JOBS = 8, MAILBOX_PERCENT = 28, LOCAL_BYTES = 64 };
static const struct {
    const char *title, *mailbox;
} jobs[JOBS] = {
    {"Owner", "owner"},
    {"General Manager", "gm"},
    {"Bar Manager", "bar"},
    {"Beverage Director", "beverage"},
    {"Operations Manager", "operations"},
    {"Purchasing Manager", "purchasing"},
    {"Controller", "accounting"},
    {"Marketing Manager", "marketing"},
};
static const char *const user_titles[BS_ROLE_COUNT] = {"Owner", "Bar Manager", "Bartender"};

static struct sg_block identity(const struct sg_world *world, const struct bs_company *company, uint32_t k) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_CONTACTS);
    return sg_draw(&source, company->contact_first + k, 2, 0);
}

static char *letters(char *out, const char *text, size_t most) {
    for (; *text && most; text++)
        if (isalpha((unsigned char)*text)) {
            *out++ = (char)tolower((unsigned char)*text);
            most--;
        }
    return out;
}

/* Wanted local part of the address of a contact that is no user, before others are looked at. */
static size_t wanted_local(const struct sg_block *b, char out[LOCAL_BYTES]) {
    char *at;
    if (sg_below(b->w[2], 100) < MAILBOX_PERCENT) {
        at = letters(out, jobs[sg_below(b->w[3], JOBS)].mailbox, 20);
    } else {
        at = letters(out, sg_first_name(b->w[0]), 20);
        *at++ = '.';
        at = letters(at, sg_last_name(b->w[1]), 30);
    }
    *at = '\0';
    return (size_t)(at - out);
}

static bool is_user(const struct bs_company *company, uint32_t k) {
    return company->customer && k < company->account.user_count;
}

/* Whether a user or an earlier contact of the company has the local part already. */
static bool taken(const struct sg_world *world, const struct bs_company *company, uint32_t k,
                  const char *local, size_t length) {
    char other[BS_EMAIL_BYTES];
    for (uint32_t u = 0; company->customer && u < company->account.user_count; u++) {
        bs_user_email(world, &company->account, company->account.user_first + u, other);
        if (memcmp(other, local, length) == 0 && other[length] == '@') return true;
    }
    for (uint32_t j = 0; j < k; j++) {
        struct sg_block b = identity(world, company, j);
        if (!is_user(company, j) && wanted_local(&b, other) == length && memcmp(other, local, length) == 0)
            return true;
    }
    return false;
}

static void fill_user(const struct sg_world *world, const struct bs_company *company, uint32_t k,
                      struct bs_person *person) {
    struct bs_user user;
    char name[BS_NAME_BYTES];
    bs_user_get(world, &company->account, k, &user);
    bs_user_name(world, user.number, name);
    char *space = strchr(name, ' ');
    if (space) *space = '\0';
    strcpy(person->first, name);
    strcpy(person->last, space ? space + 1 : "");
    bs_user_email(world, &company->account, user.number, person->email);
    person->title = user_titles[user.role];
}

void bs_contact_person(const struct sg_world *world, const struct bs_company *company, uint32_t k,
                       struct bs_person *person) {
    person->user = is_user(company, k);
    if (person->user) {
        fill_user(world, company, k, person);
        return;
    }
    struct sg_block b = identity(world, company, k);
    char local[LOCAL_BYTES], domain[BS_DOMAIN_BYTES];
    size_t length = wanted_local(&b, local);
    strcpy(person->first, sg_first_name(b.w[0]));
    strcpy(person->last, sg_last_name(b.w[1]));
    person->title = jobs[sg_below(b.w[3], JOBS)].title;
    memcpy(person->email, local, length);
    char *at = person->email + length;
    if (taken(world, company, k, local, length)) {
        *at++ = '+';
        if (k >= 10) *at++ = (char)('0' + k / 10 % 10);
        *at++ = (char)('0' + k % 10);
    }
    *at++ = '@';
    size_t domain_length = bs_company_domain(world, company->number, domain);
    memcpy(at, domain, domain_length + 1);
}

int32_t bs_lead_score(const struct sg_world *world, const struct bs_company *company, uint32_t k) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_CONTACTS);
    uint32_t word = sg_draw(&source, company->contact_first + k, 1, 0).w[2];
    if (k < company->mqls)
        return (int32_t)sg_scaled(7100 + 300 * company->customer, 1100, sg_normal(word), 5000, 9900);
    return (int32_t)sg_scaled(900, is_user(company, k) ? 1800 : 1000, sg_exponential(word), 100, 4990);
}

const char *bs_lifecycle_stage(const struct bs_company *company) {
    if (company->customer) return "customer";
    if (company->open) return "opportunity";
    if (company->mqls) return company->lost ? "salesqualifiedlead" : "marketingqualifiedlead";
    return company->number % 3 ? "lead" : "subscriber";
}
