/* Conversations with the assistant: a customer's pairs of question and answer, cut into sessions. */
#include "base/calendar.h"
#include "datasets/homeservices/homeservices.h"
#include "datasets/homeservices/text.h"

enum { PAIR_S = 80, HESITATION_S = 40, RESPONSE_LOW_MS = 350, RESPONSE_HIGH_MS = 5200, FLAGGED_PERCENT = 5 };
enum { VARIANTS = 3 };

static const uint32_t length_shares[HS_SESSION_PAIRS_MAX] = {18, 30, 24, 15, 8, 5};
static const uint32_t channel_shares[3] = {40, 38, 22};
static const uint32_t intent_shares[HS_INTENTS] = {
    [HS_INTENT_COMPLAINT] = 12, [HS_INTENT_REFUND] = 8,   [HS_INTENT_CANCELLATION] = 9,
    [HS_INTENT_BOOKING] = 28,   [HS_INTENT_PRICING] = 14, [HS_INTENT_RESCHEDULE] = 9,
    [HS_INTENT_STATUS] = 13,    [HS_INTENT_GENERAL] = 7,
};

/* % stands for the trade. */
static const char *const openings[HS_INTENTS][VARIANTS] = {
    [HS_INTENT_COMPLAINT] = {"I am not happy with the % service I got.",
                             "The % work was left unfinished and nobody picks up the phone.",
                             "Your % person came two hours late and was rude."},
    [HS_INTENT_REFUND] = {"I was charged twice for %. Please refund the extra amount.",
                          "When will I get my money back for the cancelled % booking?",
                          "I want a refund for %, the problem is back after one day."},
    [HS_INTENT_CANCELLATION] = {"Please cancel my % booking.",
                                "I need to cancel tomorrow's % visit, we are travelling.",
                                "How do I cancel % without paying a fee?"},
    [HS_INTENT_BOOKING] = {"I want to book % for this weekend.", "Can someone come for % tomorrow morning?",
                           "Book % for my flat please."},
    [HS_INTENT_PRICING] = {"What does % cost for a 2 BHK?", "Is there any offer on % this month?",
                           "Are spare parts included in the % price?"},
    [HS_INTENT_RESCHEDULE] = {"Can I move my % appointment to the evening?",
                              "Please shift the % visit to Saturday.",
                              "I will be late, can the % slot be an hour later?"},
    [HS_INTENT_STATUS] = {"Where is the % professional? The slot has started.", "Is my % booking confirmed?",
                          "Who is coming for % today?"},
    [HS_INTENT_GENERAL] = {"Do you offer % in my area?", "Are your % professionals verified?",
                           "How long does % take usually?"},
};

static const char *const follow_ups[2 * VARIANTS] = {
    "Yes, please go ahead.",
    "Can you check again? It is about %.",
    "What about the charges?",
    "Okay, thank you.",
    "Please send me the details on WhatsApp.",
    "It is for the same address as before.",
};

static const char *const replies[HS_INTENTS][VARIANTS] = {
    [HS_INTENT_COMPLAINT] = {"I am sorry about your % experience. I have raised a complaint with our team.",
                             "Thank you for telling us. A supervisor for % will call you today.",
                             "I understand. May I have two photos of the % work for the report?"},
    [HS_INTENT_REFUND] = {"Your refund for % is being processed and takes 5 to 7 working days.",
                          "I have asked the billing team to check the % payment.",
                          "I can see the % payment. A refund request is now open."},
    [HS_INTENT_CANCELLATION] = {"Your % booking can be cancelled free of charge until 3 hours before.",
                                "I have noted the cancellation of %. You will get a confirmation shortly.",
                                "Before I cancel %, would you like to reschedule instead?"},
    [HS_INTENT_BOOKING] = {"Sure. These slots are free for %: 10:00, 12:30 and 16:00.",
                           "I can book % for you. Which address should I use?",
                           "Done. A verified % professional will be assigned."},
    [HS_INTENT_PRICING] = {"Prices for % depend on the size; the rate card is in the app.",
                           "There is an offer on % when you pay by UPI.",
                           "Labour is included in the % price, spare parts are extra."},
    [HS_INTENT_RESCHEDULE] = {"Your % visit has been moved. Is there anything else?",
                              "The next free slots for % are tomorrow 09:30 and 14:00.",
                              "I have asked the % professional for a later time."},
    [HS_INTENT_STATUS] = {"Your % professional is on the way.", "Your % booking is confirmed.",
                          "You can see name and photo of the % professional in the app."},
    [HS_INTENT_GENERAL] = {"Yes, % is available at your PIN code.",
                           "All % professionals are verified and trained.",
                           "% takes between one and three hours usually."},
};

void hs_conversations_open(struct sg_world *world) {
    uint64_t rows = world->rows[HS_CONVERSATIONS];
    world->pairs = rows / 2;
    world->flagged = sg_muldiv_round(rows, FLAGGED_PERCENT, 100);
    if (world->flagged > world->pairs) world->flagged = world->pairs;
    world->flag_mix = sg_permutation(world->pairs, world->run.seed, HS_DATASET_ID, HS_PERM_FLAG);
}

static struct sg_block draw(const struct sg_world *world, uint64_t row, uint32_t stream) {
    return sg_draw(&world->sources[HS_CONVERSATIONS], row, stream, 0);
}

void hs_session_get(const struct sg_world *world, const struct hs_customer *customer, uint64_t at,
                    struct hs_session *session) {
    uint64_t pairs = customer->count[HS_AT_TALK];
    uint64_t pair = customer->first[HS_AT_TALK] + at;
    struct sg_block w = draw(world, 2 * pair, HS_STREAM_SESSION);
    uint32_t length = 1 + sg_pick(w.w[0], length_shares, HS_SESSION_PAIRS_MAX, 100);
    *session = (struct hs_session){.pair = pair, .pairs = length};
    if (session->pairs > pairs - at) session->pairs = (unsigned)(pairs - at);
    session->intent = (uint8_t)sg_pick(w.w[1], intent_shares, HS_INTENTS, 100);
    session->channel = (uint8_t)sg_pick(w.w[2], channel_shares, 3, 100);
    session->category = (uint8_t)sg_below(w.w[3], HS_CATEGORY_COUNT);
    int32_t first = sg_day_of(customer->created) + 1;
    uint64_t awake = (uint64_t)(world->run.as_of_day - first) * HS_DAY_AWAKE_S;
    /* Sessions begin in the first nine tenths of their pair's share of time, so that none meets the next. */
    uint64_t within = (uint64_t)(w.w[2] & 0xFFFF) * 9 / 10;
    session->start = hs_awake_instant(first, (int64_t)sg_muldiv(awake, at << 16 | within, pairs << 16));
}

bool hs_session_before(const struct sg_world *world, const struct hs_customer *customer, int64_t instant,
                       struct hs_session *session) {
    struct hs_session next;
    bool found = false;
    for (uint64_t at = 0; at < customer->count[HS_AT_TALK]; at += next.pairs) {
        hs_session_get(world, customer, at, &next);
        if (next.start > instant) break;
        *session = next;
        found = true;
    }
    return found;
}

void hs_pair_times(const struct sg_world *world, const struct hs_session *session, unsigned j, int64_t *asked,
                   int64_t *answered, int32_t *response_ms) {
    struct sg_block w = draw(world, 2 * (session->pair + j), HS_STREAM_TIMES);
    *asked = session->start + (int64_t)j * PAIR_S + sg_below(w.w[0], HESITATION_S);
    *response_ms = sg_between(w.w[1], RESPONSE_LOW_MS, RESPONSE_HIGH_MS);
    *answered = *asked + 1 + *response_ms / 1000;
}

size_t hs_session_id(const struct sg_world *world, uint64_t pair, char out[HS_SESSION_TEXT_BYTES]) {
    static const char digits[] = "0123456789abcdef";
    struct sg_block w = draw(world, 2 * pair, HS_STREAM_ID);
    char *at = hs_append(out, "sess_");
    for (int i = 0; i < 32; i++)
        *at++ = digits[w.w[i / 8] >> (i % 8 * 4) & 15];
    return (size_t)(at - out);
}

static const char *trade(const struct sg_world *world, const struct hs_session *session) {
    return world->reference->categories[session->category].name;
}

size_t hs_question(const struct sg_world *world, const struct hs_session *session, unsigned j,
                   char out[HS_MESSAGE_BYTES]) {
    uint32_t word = draw(world, 2 * (session->pair + j), HS_STREAM_MESSAGE).w[0];
    const char *form =
        j ? follow_ups[sg_below(word, 2 * VARIANTS)] : openings[session->intent][sg_below(word, VARIANTS)];
    return (size_t)(hs_append_filled(out, form, trade(world, session)) - out);
}

size_t hs_answer(const struct sg_world *world, const struct hs_session *session, unsigned j,
                 char out[HS_MESSAGE_BYTES]) {
    uint32_t word = draw(world, 2 * (session->pair + j) + 1, HS_STREAM_MESSAGE).w[0];
    const char *form = replies[session->intent][(sg_below(word, VARIANTS) + j) % VARIANTS];
    return (size_t)(hs_append_filled(out, form, trade(world, session)) - out);
}
