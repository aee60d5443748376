/* Merchants: the services people subscribe to under their own names, and shops whose invented names are a
 * head word and a tail word. A user's shops of a category are a series without repetition through all names:
 * the first ones are the favourites. */
#include "datasets/spendsense/spendsense.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"

extern const char sg_data_spendsense_merchants[];
extern const size_t sg_data_spendsense_merchants_size;

enum { LISTS = 1 + SS_EVERYDAY_COUNT, SERIES_STEP = 389 /* prime, no factor of any number of names */ };
static const char *const list_names[LISTS] = {"head",         "food",      "shopping", "bills",
                                              "subscription", "transport", "fun"};

/* Counts or, with lists, stores the words of "list<TAB>word" lines. */
static bool walk(char *text, uint32_t counts[LISTS], const char **lists[LISTS]) {
    memset(counts, 0, LISTS * sizeof *counts);
    for (char *line = text; *line;) {
        char *word = line + strlen(line) + 1;
        int list = 0;
        while (list < LISTS && strcmp(list_names[list], line) != 0)
            list++;
        if (list == LISTS) return false;
        if (lists) lists[list][counts[list]] = word;
        counts[list]++;
        line = word + strlen(word) + 1;
    }
    return true;
}

enum sg_code ss_words_open(struct ss_words *words, struct sg_error *err) {
    size_t size = sg_data_spendsense_merchants_size;
    uint32_t counts[LISTS];
    words->text = calloc(1, size + 2);
    if (!words->text) return sg_fail(err, SG_SYSTEM, "no memory for names of merchants");
    memcpy(words->text, sg_data_spendsense_merchants, size);
    for (size_t i = 0; i < size; i++)
        if (words->text[i] == '\t' || words->text[i] == '\n') words->text[i] = '\0';
    if (!walk(words->text, counts, NULL))
        return sg_fail(err, SG_INTERNAL, "merchants.tsv has an unknown list");
    const char **lists[LISTS];
    for (int i = 0; i < LISTS; i++) {
        lists[i] = calloc(counts[i] + 1, sizeof *lists[i]);
        *(i ? &words->tails[i - 1] : &words->heads) = lists[i];
        if (!lists[i]) return sg_fail(err, SG_SYSTEM, "no memory for names of merchants");
    }
    walk(words->text, counts, lists);
    words->head_count = counts[0];
    for (int i = 0; i < SS_EVERYDAY_COUNT; i++) {
        words->tail_count[i] = counts[i + 1];
        uint32_t names = counts[0] * counts[i + 1];
        if (names < SS_ENTRIES_MAX || names % SERIES_STEP == 0)
            return sg_fail(err, SG_INTERNAL, "merchants.tsv gives %u names of list %s", names,
                           list_names[i + 1]);
    }
    return SG_OK;
}

void ss_words_close(struct ss_words *words) {
    free(words->heads);
    for (int i = 0; i < SS_EVERYDAY_COUNT; i++)
        free(words->tails[i]);
    free(words->text);
    *words = (struct ss_words){0};
}

static size_t join(char *out, const char *first, const char *second) {
    size_t a = strlen(first), b = strlen(second);
    memcpy(out, first, a);
    out[a] = ' ';
    memcpy(out + a + 1, second, b);
    return a + 1 + b;
}

static size_t shop_name(const struct sg_world *world, const struct ss_user *user,
                        const struct ss_entry *entry, char *out) {
    const struct ss_words *words = &world->words;
    int category = entry->category;
    struct sg_block w =
        sg_draw(&world->sources[SS_TRANSACTIONS], user->number, SS_STREAM_SHOPS, (uint32_t)category);
    uint32_t tails = words->tail_count[category], names = words->head_count * tails;
    uint32_t name = (sg_below(w.w[0], names) + (uint32_t)entry->shop * SERIES_STEP) % names;
    return join(out, words->heads[name / tails], words->tails[category][name % tails]);
}

/* A bank's words for a transfer: account and date, so no two months read alike. */
static size_t transfer_name(const struct sg_world *world, const struct ss_user *user,
                            const struct ss_entry *entry, char *out) {
    bool to_savings = entry->account == SS_CHECKING;
    char last4[5];
    struct sg_civil date = sg_civil_from_day(world->day_first + entry->day);
    ss_last4(world, user->number * SS_ACCOUNTS_OF_USER + (to_savings ? SS_SAVINGS : SS_CHECKING), last4);
    return (size_t)snprintf(out, SS_MERCHANT_BYTES, "Online transfer %s ...%s %02d/%02d",
                            to_savings ? "to SAV" : "from CHK", last4, (int)date.month, (int)date.day);
}

size_t ss_merchant(const struct sg_world *world, const struct ss_user *user, const struct ss_entry *entry,
                   char *out) {
    if (entry->category == SS_TRANSFER) return transfer_name(world, user, entry, out);
    if (entry->category != SS_INTEREST && !entry->service) return shop_name(world, user, entry, out);
    const char *name = entry->service ? ss_services[entry->service - 1].name : SS_INTEREST_NAME;
    size_t length = strlen(name);
    memcpy(out, name, length);
    return length;
}
