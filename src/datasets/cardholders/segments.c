/* The five segments as data, and the labels of what customers have and do. */
#include "datasets/cardholders/cardholders.h"

const struct ch_segment_info ch_segments[CH_SEGMENT_COUNT] =
    {
        [CH_TRAVELER] = {.share = 15,
                         .spend_low = 200000,
                         .spend_high = 800000,
                         .margin_low = 180,
                         .margin_high = 140,
                         .noise = 80,
                         .pace = 160,
                         .age_mean = 47,
                         .age_deviation = 10,
                         .limit_mean = 39000,
                         .limit_deviation = 5500,
                         .mix = {[CH_TRAVEL] = 40, [CH_DINING] = 24, [CH_HOTELS] = 18, [CH_AIRLINES] = 18}},
        [CH_STABLE] = {.share = 40,
                       .spend_low = 80000,
                       .spend_high = 250000,
                       .margin_low = 150,
                       .margin_high = 120,
                       .noise = 50,
                       .pace = 150,
                       .age_mean = 46,
                       .age_deviation = 13,
                       .limit_mean = 28400,
                       .limit_deviation = 6000,
                       .mix = {[CH_RETAIL] = 22,
                               [CH_DINING] = 17,
                               [CH_ENTERTAINMENT] = 9,
                               [CH_GROCERY] = 22,
                               [CH_GAS] = 12,
                               [CH_TRAVEL] = 4,
                               [CH_HEALTHCARE] = 6,
                               [CH_UTILITIES] = 8}},
        [CH_BUDGET] = {.share = 25,
                       .spend_low = 20000,
                       .spend_high = 80000,
                       .margin_low = 180,
                       .margin_high = 140,
                       .noise = 60,
                       .pace = 220,
                       .age_mean = 45,
                       .age_deviation = 15,
                       .limit_mean = 21500,
                       .limit_deviation = 5500,
                       .mix = {[CH_GROCERY] = 53, [CH_GAS] = 29, [CH_UTILITIES] = 18}},
        [CH_DECLINING] = {.share = 10,
                          .spend_low = 50000,
                          .spend_high = 200000,
                          .margin_low = 160,
                          .margin_high = 120,
                          .noise = 30,
                          .pace = 140,
                          .age_mean = 49,
                          .age_deviation = 13,
                          .limit_mean = 26500,
                          .limit_deviation = 6000,
                          .mix = {[CH_RETAIL] = 23,
                                  [CH_DINING] = 17,
                                  [CH_ENTERTAINMENT] = 10,
                                  [CH_GROCERY] = 21,
                                  [CH_GAS] = 12,
                                  [CH_TRAVEL] = 5,
                                  [CH_HEALTHCARE] = 6,
                                  [CH_UTILITIES] = 6}},
        [CH_NEW] = {.share = 10,
                    .spend_low = 30000,
                    .spend_high = 120000,
                    .margin_low = 300,
                    .margin_high = 80,
                    .noise = 30,
                    .pace = 130,
                    .age_mean = 32,
                    .age_deviation = 8,
                    .limit_mean = 20500,
                    .limit_deviation = 5500,
                    .mix = {[CH_RETAIL] = 26,
                            [CH_DINING] = 21,
                            [CH_ENTERTAINMENT] = 14,
                            [CH_GROCERY] = 16,
                            [CH_GAS] = 9,
                            [CH_TRAVEL] = 5,
                            [CH_HEALTHCARE] = 4,
                            [CH_UTILITIES] = 5}},
};

static const char *const segment_names[] = {"High-Value Travelers", "Stable Mid-Spenders", "Budget-Conscious",
                                            "Declining", "New & Growing"};
static const char *const declines[] = {"gradual", "sudden"};
static const char *const categories[] = {"Travel",        "Dining",  "Hotels", "Airlines",   "Retail",
                                         "Entertainment", "Grocery", "Gas",    "Healthcare", "Utilities"};
static const char *const channels[] = {"Online", "In-Store", "Mobile"};
static const char *const statuses[] = {"approved", "declined"};
static const char *const employments[] = {"Employed", "Self-Employed", "Unemployed", "Retired", "Student"};
static const char *const cards[] = {"Standard", "Premium"};

#define CH_LABELS(symbol, name_, labels_)                                                                    \
    const struct sg_enum symbol = {name_, labels_, sizeof labels_ / sizeof *labels_}

CH_LABELS(ch_segment_labels, "customer_segment", segment_names);
CH_LABELS(ch_decline_labels, "decline_type", declines);
CH_LABELS(ch_category_labels, "merchant_category", categories);
CH_LABELS(ch_channel_labels, "channel", channels);
CH_LABELS(ch_status_labels, "status", statuses);
CH_LABELS(ch_employment_labels, "employment_status", employments);
CH_LABELS(ch_card_labels, "card_type", cards);

const struct sg_token ch_customer_token = {"CUST", "", "", 0, 12, 8};
const struct sg_token ch_transaction_token = {"TXN", "", "", 0, 14, 11};
