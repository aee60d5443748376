/* Names and addresses that several tables must agree on: companies, their domains, people, e-mails.
 *
 * A company's words are a reversible function of its number, so domains cannot repeat and nothing is stored:
 * a permutation of all combinations gives an index, its digits to the mixed base (first word, second word,
 * place word) choose the words and what is left becomes a number in the domain. Place words differ between
 * industries, and no two combinations run together to the same letters (a test checks it). */
#include "datasets/barsaas/core.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reference/reference.h"

extern const char sg_data_barsaas_company_words[];
extern const size_t sg_data_barsaas_company_words_size;

enum { LISTS = 2 + BS_INDUSTRY_COUNT };
static const char *const list_names[LISTS] = {"first", "second", "restaurant", "bar", "hotel", "other"};

static int list_of(const char *name) {
    for (int i = 0; i < LISTS - 1; i++)
        if (strcmp(list_names[i], name) == 0) return i;
    return LISTS - 1;
}

/* Ends every "list<TAB>word" line of text in place and counts the words of each list. */
static void split_words(char *text, uint32_t counts[LISTS]) {
    for (char *line = text; *line;) {
        char *tab = strchr(line, '\t'), *end = strchr(line, '\n');
        *tab = *end = 0;
        counts[list_of(line)]++;
        line = end + 1;
    }
}

static void store_words(const char *text, const char **lists[LISTS]) {
    uint32_t stored[LISTS] = {0};
    for (const char *line = text; *line;) {
        const char *word = line + strlen(line) + 1;
        int list = list_of(line);
        lists[list][stored[list]++] = word;
        line = word + strlen(word) + 1;
    }
}

enum sg_code bs_names_open(struct sg_world *world, struct sg_error *err) {
    struct bs_words *words = &world->core->words;
    uint32_t counts[LISTS] = {0};
    words->text = malloc(sg_data_barsaas_company_words_size + 2);
    if (!words->text) return sg_fail(err, SG_SYSTEM, "no memory for company names");
    memcpy(words->text, sg_data_barsaas_company_words, sg_data_barsaas_company_words_size);
    memset(words->text + sg_data_barsaas_company_words_size, 0, 2);
    split_words(words->text, counts);
    const char **lists[LISTS];
    for (int i = 0; i < LISTS; i++) {
        lists[i] = sg_alloc_array(counts[i], sizeof *lists[i]);
        if (i < 2)
            *(i ? &words->second : &words->first) = lists[i];
        else
            words->place[i - 2] = lists[i];
        if (!lists[i]) return sg_fail(err, SG_SYSTEM, "no memory for company names");
    }
    store_words(words->text, lists);
    words->first_count = counts[0];
    words->second_count = counts[1];
    words->place_count = counts[2];
    uint64_t combinations = (uint64_t)counts[0] * counts[1] * counts[2];
    uint64_t rounds = world->sizes.companies / combinations + 1;
    world->core->names = sg_permutation(combinations * rounds, world->run.seed, BS_DATASET_ID, BS_PERM_NAMES);
    return SG_OK;
}

void bs_names_close(struct sg_world *world) {
    struct bs_words *words = &world->core->words;
    free(words->text);
    free(words->first);
    free(words->second);
    for (int i = 0; i < BS_INDUSTRY_COUNT; i++)
        free(words->place[i]);
    memset(words, 0, sizeof *words);
}

uint8_t bs_company_industry(const struct sg_world *world, uint64_t number) {
    const struct bs_core *core = world->core;
    if (number < world->accounts)
        return (uint8_t)sg_quota_class(sg_permute(&core->industry, number), core->industries,
                                       BS_INDUSTRY_COUNT);
    static const uint32_t shares[BS_INDUSTRY_COUNT] = {40, 30, 20, 10};
    return (uint8_t)sg_pick(sg_draw(&core->accounts, number, BS_STREAM_BRAND, 0).w[3], shares,
                            BS_INDUSTRY_COUNT, 100);
}

struct brand {
    const char *first, *second, *place;
    uint64_t again; /* 0 for the first company with these words */
    uint32_t style, tld;
};

static struct brand brand_of(const struct sg_world *world, uint64_t number) {
    const struct bs_words *words = &world->core->words;
    uint64_t x = sg_permute(&world->core->names, number);
    struct sg_block w = sg_draw(&world->core->accounts, number, BS_STREAM_BRAND, 0);
    struct brand brand = {.style = sg_below(w.w[0], 100), .tld = sg_below(w.w[1], 100)};
    brand.first = words->first[x % words->first_count];
    x /= words->first_count;
    brand.second = words->second[x % words->second_count];
    x /= words->second_count;
    brand.place = words->place[bs_company_industry(world, number)][x % words->place_count];
    brand.again = x / words->place_count;
    return brand;
}

size_t bs_company_name(const struct sg_world *world, uint64_t number, char out[BS_NAME_BYTES]) {
    static const char *const styles[4] = {"%s %s %s", "The %s %s %s", "%s & %s %s", "%s %s %s Co."};
    struct brand b = brand_of(world, number);
    unsigned style = b.style < 62 ? 0 : b.style < 82 ? 1 : b.style < 94 ? 2 : 3;
    return (size_t)snprintf(out, BS_NAME_BYTES, styles[style], b.first, b.second, b.place);
}

/* Appends the letters of text in lower case. */
static char *slug(char *out, const char *text) {
    for (; *text; text++)
        if (isalpha((unsigned char)*text)) *out++ = (char)tolower((unsigned char)*text);
    return out;
}

static char *append(char *out, const char *text) {
    size_t n = strlen(text);
    memcpy(out, text, n);
    return out + n;
}

static char *append_number(char *out, uint64_t value) {
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    return append(out, digits);
}

size_t bs_company_domain(const struct sg_world *world, uint64_t number, char out[BS_DOMAIN_BYTES]) {
    struct brand b = brand_of(world, number);
    char *at = slug(slug(slug(out, b.first), b.second), b.place);
    if (b.again) at = append_number(at, b.again + 1);
    at = append(at, b.tld < 84 ? ".com" : b.tld < 91 ? ".net" : b.tld < 96 ? ".co" : ".us");
    *at = 0;
    return (size_t)(at - out);
}

static void person_of(const struct sg_world *world, uint64_t user, const char **first, const char **last) {
    struct sg_block w = sg_draw(&world->core->users, user, BS_STREAM_NAME, 0);
    *first = sg_first_name(w.w[0]);
    *last = sg_last_name(w.w[1]);
}

size_t bs_user_name(const struct sg_world *world, uint64_t user, char out[BS_NAME_BYTES]) {
    const char *first, *last;
    person_of(world, user, &first, &last);
    char *at = append(out, first);
    *at++ = ' ';
    at = append(at, last);
    *at = 0;
    return (size_t)(at - out);
}

enum { LOCAL_BYTES = 64 };

/* The part before the @ by the company's pattern: first.last, flast, first or last.first. */
static void local_part(const struct sg_world *world, uint64_t user, unsigned pattern, char out[LOCAL_BYTES]) {
    const char *first, *last;
    person_of(world, user, &first, &last);
    char initial[2] = {*first, 0};
    char *at = out;
    if (pattern < 60) {
        at = slug(at, first);
        *at++ = '.';
        at = slug(at, last);
    } else if (pattern < 82) {
        at = slug(slug(at, initial), last);
    } else if (pattern < 92) {
        at = slug(at, first);
    } else {
        at = slug(at, last);
        *at++ = '.';
        at = slug(at, first);
    }
    *at = 0;
}

size_t bs_user_email(const struct sg_world *world, const struct bs_account *account, uint64_t user,
                     char out[BS_EMAIL_BYTES]) {
    char domain[BS_DOMAIN_BYTES], mine[LOCAL_BYTES], other[LOCAL_BYTES];
    uint32_t word = sg_draw(&world->core->accounts, account->number, BS_STREAM_BRAND, 0).w[2];
    unsigned pattern = sg_below(word, 100), same = 0;
    local_part(world, user, pattern, mine);
    for (uint64_t colleague = account->user_first; colleague < user; colleague++) {
        local_part(world, colleague, pattern, other);
        same += strcmp(mine, other) == 0;
    }
    char *at = append(out, mine);
    if (same) at = append_number(at, same + 1);
    *at++ = '@';
    bs_company_domain(world, account->number, domain);
    at = append(at, domain);
    *at = 0;
    return (size_t)(at - out);
}
