/* Who a user is: persona, number of transactions, sign-up, balances, subscriptions. Users 1 to 3 are given;
 * for the others each persona has a range for everything, and its transactions come to its mean exactly:
 * users of a persona are paired, and what one has more the other has less. */
#include "datasets/spendsense/spendsense.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "reference/reference.h"

static const char *const roles[] = {"consumer", "operator"};
const struct sg_enum ss_role_labels = {"role", roles, 2};
static const char *const account_types[] = {"checking", "savings", "high_yield_savings", "credit_card"};
const struct sg_enum ss_account_type_labels = {"account_type", account_types, 4};

#define SERVICE(name_, cents_) {name_, cents_},
const struct ss_service ss_services[] = {SS_SERVICES(SERVICE, SERVICE)};
_Static_assert(sizeof ss_services / sizeof *ss_services == SS_SERVICE_COUNT, "every service is counted");

struct demo {
    const char *name, *email;
    enum ss_persona persona;
    uint32_t transactions;
    enum ss_account_type savings_type;
    int64_t balance[SS_ACCOUNTS_OF_USER], card_limit, interest, transfer;
    uint32_t service_count;
    uint8_t services[SS_SERVICES_MAX];
};

static const struct demo demos[SS_DEMO_USERS] = {
    {"Hannah Martinez",
     "hannah@demo.com",
     SS_HIGH_UTILIZATION,
     200,
     SS_TYPE_SAVINGS,
     {85000, 120000, 340000},
     500000,
     8700,
     0,
     4,
     {0, 1, 2, 3}},
    {"Sam Patel",
     "sam@demo.com",
     SS_SUBSCRIPTIONS,
     180,
     SS_TYPE_SAVINGS,
     {240000, 500000, 80000},
     800000,
     0,
     0,
     8,
     {0, 4, 5, 1, 6, 7, 8, 9}},
    {"Sarah Chen",
     "sarah@demo.com",
     SS_SAVINGS_BUILDER,
     150,
     SS_TYPE_HIGH_YIELD,
     {320000, 850000, 40000},
     300000,
     0,
     50000,
     0,
     {0}},
};

/* A persona's ranges, both ends included. Money in whole dollars, but for transfers in fifties. */
struct range {
    int32_t low, high;
};
struct profile {
    uint32_t transactions; /* mean */
    struct range checking, savings, limit, utilization_percent, transfer_fifties, services;
    uint32_t high_yield_percent;
    bool interest;
};

static const struct profile profiles[SS_PERSONA_COUNT] = {
    [SS_HIGH_UTILIZATION] = {200, {150, 1800}, {50, 2500}, {2000, 12000}, {50, 94}, {0, 0}, {2, 4}, 5, true},
    [SS_SUBSCRIPTIONS] = {180, {900, 4500}, {800, 9000}, {3000, 15000}, {3, 28}, {0, 0}, {5, 8}, 20, false},
    [SS_SAVINGS_BUILDER] =
        {150, {1500, 6000}, {4000, 40000}, {2000, 15000}, {2, 25}, {4, 20}, {0, 1}, 60, false},
    [SS_GENERAL] = {165, {700, 5000}, {500, 8000}, {2000, 12000}, {4, 29}, {0, 0}, {0, 2}, 15, false},
};

enum { PAIR_DEVIATION = 9, PAIR_DIFFERENCE_MAX = 24 };
enum { MONTHLY_RATE_LOW = 190, MONTHLY_RATE_HIGH = 250 }; /* interest, per ten thousand */

/* Persona of a generated user, and the user's place among those of the persona. */
static enum ss_persona persona_of(const struct sg_world *world, uint64_t number, uint64_t *place) {
    uint64_t at = sg_permute(&world->personas, number - SS_DEMO_USERS);
    int persona = 0;
    while (at >= world->persona_users[persona])
        at -= world->persona_users[persona++];
    *place = at;
    return (enum ss_persona)persona;
}

static uint32_t transactions_of(const struct sg_world *world, enum ss_persona persona, uint64_t place) {
    uint32_t mean = profiles[persona].transactions;
    if (place % 2 == 0 && place + 1 == world->persona_users[persona]) return mean;
    struct sg_block w =
        sg_draw(&world->sources[SS_TRANSACTIONS], place / 2, SS_STREAM_COUNT, (uint32_t)persona);
    int64_t difference =
        sg_scaled(0, PAIR_DEVIATION, sg_normal(w.w[0]), -PAIR_DIFFERENCE_MAX, PAIR_DIFFERENCE_MAX);
    return (uint32_t)((int64_t)mean + (place % 2 ? -difference : difference));
}

uint32_t ss_user_transactions(const struct sg_world *world, uint64_t number) {
    uint64_t place;
    if (number < SS_DEMO_USERS) return demos[number].transactions;
    enum ss_persona persona = persona_of(world, number, &place);
    return transactions_of(world, persona, place);
}

/* Subscriptions without repetition: the first of a shuffle. */
static void choose_services(const struct sg_world *world, struct ss_user *user, struct range range) {
    uint8_t all[SS_SERVICE_COUNT];
    const struct sg_source *source = &world->sources[SS_PROFILES];
    struct sg_block w = sg_draw(source, user->number, SS_STREAM_SERVICES, 0);
    for (unsigned i = 0; i < SS_SERVICE_COUNT; i++)
        all[i] = (uint8_t)i;
    user->service_count = (uint32_t)sg_between(w.w[0], range.low, range.high);
    for (uint32_t i = 0; i < user->service_count; i++) {
        uint32_t word = sg_draw(source, user->number, SS_STREAM_SERVICES, 1 + i / 4).w[i % 4];
        uint32_t other = i + sg_below(word, SS_SERVICE_COUNT - i);
        user->services[i] = all[other];
        all[other] = all[i];
    }
}

/* Cents within a range of dollars, more often in its lower half. */
static int64_t money(uint32_t word, struct range dollars) {
    uint64_t square = (uint64_t)word * word >> 32;
    uint64_t mixed = (square + word) / 2;
    return dollars.low * 100 + (int64_t)((uint64_t)(dollars.high - dollars.low) * 100 * mixed >> 32);
}

static void generate_finances(const struct sg_world *world, struct ss_user *user) {
    const struct profile *profile = &profiles[user->persona];
    const struct sg_source *source = &world->sources[SS_ACCOUNTS];
    struct sg_block w = sg_draw(source, user->number, SS_STREAM_PERSON, 0);
    struct sg_block more = sg_draw(source, user->number, SS_STREAM_PERSON, 1);
    user->balance[SS_CHECKING] = money(w.w[0], profile->checking);
    user->balance[SS_SAVINGS] = money(w.w[1], profile->savings);
    user->card_limit = money(w.w[2], profile->limit) / SS_LIMIT_STEP * SS_LIMIT_STEP;
    struct range percent = profile->utilization_percent;
    user->balance[SS_CARD] =
        user->card_limit * percent.low / 100 +
        (int64_t)sg_below64(w.w[3], more.w[0],
                            (uint64_t)(user->card_limit * (percent.high - percent.low) / 100));
    user->savings_type =
        sg_below(more.w[1], 100) < profile->high_yield_percent ? SS_TYPE_HIGH_YIELD : SS_TYPE_SAVINGS;
    if (profile->interest)
        user->interest =
            user->balance[SS_CARD] * sg_between(more.w[2], MONTHLY_RATE_LOW, MONTHLY_RATE_HIGH) / 10000;
    struct range fifties = profile->transfer_fifties;
    user->transfer = (int64_t)sg_between(more.w[3], fifties.low, fifties.high) * SS_TRANSFER_STEP;
    choose_services(world, user, profile->services);
}

static void take_demo(struct ss_user *user) {
    const struct demo *demo = &demos[user->number];
    user->persona = demo->persona;
    user->transactions = demo->transactions;
    user->savings_type = demo->savings_type;
    memcpy(user->balance, demo->balance, sizeof user->balance);
    user->card_limit = demo->card_limit;
    user->interest = demo->interest;
    user->transfer = demo->transfer;
    user->service_count = demo->service_count;
    memcpy(user->services, demo->services, sizeof user->services);
}

/* Sign-up, accounts linked in the weeks after it, the profile's last change: all but the last before the
 * window. */
static void set_instants(const struct sg_world *world, struct ss_user *user) {
    struct sg_block w = sg_draw(&world->sources[SS_PROFILES], user->number, SS_STREAM_PERSON, 0);
    int64_t latest = world->as_of - (int64_t)SS_SIGNED_UP_DAYS_MIN * SG_DAY_S;
    user->created =
        latest - (int64_t)sg_below(w.w[0], (SS_SIGNED_UP_DAYS_MAX - SS_SIGNED_UP_DAYS_MIN) * SG_DAY_S);
    user->updated = user->created + (int64_t)sg_below64(w.w[1], 0, (uint64_t)(world->as_of - user->created));
    uint32_t within = SS_LINKED_WITHIN_DAYS * SG_DAY_S;
    for (int i = 0; i < SS_ACCOUNTS_OF_USER; i++) {
        uint32_t word = i == 0 ? w.w[2] : i == 1 ? w.w[3] : w.w[2] ^ w.w[3];
        user->opened[i] =
            user->created + 60 + (int64_t)sg_below((uint32_t)((uint64_t)word * word >> 32), within);
    }
}

void ss_user_get(const struct sg_world *world, uint64_t number, struct ss_user *user) {
    *user = (struct ss_user){.number = number};
    if (number < SS_DEMO_USERS) {
        take_demo(user);
    } else {
        uint64_t place;
        user->persona = persona_of(world, number, &place);
        user->transactions = transactions_of(world, user->persona, place);
        generate_finances(world, user);
    }
    set_instants(world, user);
}

/* Lower-case letters of a name. */
static size_t add_letters(char *out, size_t used, const char *name) {
    for (; *name && used < SS_EMAIL_BYTES - 40; name++)
        if (isalpha((unsigned char)*name)) out[used++] = (char)tolower((unsigned char)*name);
    return used;
}

static struct sg_block draw_name(const struct sg_source *profiles, uint64_t number) {
    return sg_draw(profiles, number, SS_STREAM_PERSON, 1);
}

static size_t email_of(const struct sg_source *profiles, uint64_t number, char *out) {
    static const char *const hosts[] = {"example.com", "example.net", "example.org"};
    if (number < SS_DEMO_USERS) return (size_t)snprintf(out, SS_EMAIL_BYTES, "%s", demos[number].email);
    struct sg_block w = draw_name(profiles, number);
    size_t used = add_letters(out, 0, sg_first_name(w.w[0]));
    out[used++] = '.';
    used = add_letters(out, used, sg_last_name(w.w[1]));
    used += (size_t)snprintf(out + used, SS_EMAIL_BYTES - used, "%llu@%s", (unsigned long long)number + 1,
                             hosts[sg_below(w.w[2], 3)]);
    return used;
}

size_t ss_user_email(const struct sg_world *world, uint64_t number, char *out) {
    return email_of(&world->sources[SS_PROFILES], number, out);
}

void ss_person(const struct sg_run *run, uint64_t number, struct sg_person *person) {
    struct sg_source profiles = sg_source(run->seed, SS_DATASET_ID, SS_PROFILES);
    struct sg_block w = draw_name(&profiles, number);
    email_of(&profiles, number, person->email);
    if (number < SS_DEMO_USERS)
        snprintf(person->name, sizeof person->name, "%s", demos[number].name);
    else
        snprintf(person->name, sizeof person->name, "%s %s", sg_first_name(w.w[0]), sg_last_name(w.w[1]));
}
