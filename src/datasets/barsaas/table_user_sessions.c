/* user_sessions: every visit of a user to the application, by account, user and time. */
#include "base/calendar.h"
#include "datasets/barsaas/sessions.h"
#include "datasets/barsaas/tables.h"

enum column {
    ID,
    SESSION_START,
    SESSION_END,
    USER_ID,
    ACCOUNT_ID,
    DURATION,
    PAGE_VIEWS,
    FEATURE_EVENTS,
    ACTIONS_TAKEN,
    DEVICE_TYPE,
    BROWSER,
    IP_ADDRESS,
    COLUMN_COUNT
};

enum { IP_BYTES_MAX = 15 };

static const char *const devices[BS_SESSION_DEVICES] = {"desktop", "mobile", "tablet"};
static const struct sg_enum device_enum = {"device_type", devices, BS_SESSION_DEVICES};
static const char *const browsers[BS_BROWSERS] = {"Chrome", "Safari", "Edge", "Firefox", "Samsung Internet"};
static const struct sg_enum browser_enum = {"browser", browsers, BS_BROWSERS};

static const struct sg_column columns[COLUMN_COUNT] = {
    [ID] = {.name = "id",
            .type = SG_I64,
            .origin = {0, 0, "key"},
            .note = "Dense key from 1, by account, user and time."},
    [SESSION_START] =
        {.name = "session_start",
         .type = SG_TIMESTAMP,
         .origin = {BS_STREAM_VISIT, 0,
                    "Poisson process of the role's days and hours in local time; the last one is the "
                    "user's last log-in"},
         .note = "First instant of the session."},
    [SESSION_END] = {.name = "session_end",
                     .type = SG_TIMESTAMP,
                     .origin = {0, 0, "start + duration"},
                     .note = "Last instant; a user's sessions do not overlap."},
    [USER_ID] = {.name = "user_id",
                 .type = SG_I32,
                 .origin = {0, 0, "activity x lifetime, cumulative rounding"},
                 .note = "The user."},
    [ACCOUNT_ID] = {.name = "account_id",
                    .type = SG_I32,
                    .origin = {0, 0, "the user's"},
                    .note = "The user's account."},
    [DURATION] = {.name = "duration_seconds",
                  .type = SG_I16,
                  .origin = {BS_STREAM_VISIT, 2,
                             "pages x role's dwell x (0.35 + 0.65 x exponential), cut at the next session"},
                  .note = "Length in seconds."},
    [PAGE_VIEWS] = {.name = "page_views",
                    .type = SG_I16,
                    .origin = {BS_STREAM_VISIT, 1,
                               "1 + share by exponential weights with a long tail, exact total"},
                    .note = "Rows of page_views in this session."},
    [FEATURE_EVENTS] = {.name = "feature_events",
                        .type = SG_I16,
                        .origin = {BS_STREAM_WORK, 0, "share by pages x exponential, exact total"},
                        .note = "Rows of feature_usage in this session."},
    [ACTIONS_TAKEN] = {.name = "actions_taken",
                       .type = SG_I32,
                       .origin = {BS_STREAM_WORK, 1,
                                  "feature events + page changes + uniform up to twice the pages"},
                       .note = "Clicks and other actions."},
    [DEVICE_TYPE] = {.name = "device_type",
                     .type = SG_ENUM,
                     .labels = &device_enum,
                     .origin = {BS_STREAM_VISIT, 3, "84 % the user's usual device, else by role"},
                     .note = "Kind of device."},
    [BROWSER] = {.name = "browser",
                 .type = SG_ENUM,
                 .labels = &browser_enum,
                 .origin = {BS_STREAM_HABIT, 1, "fixed per user and device, by market share"},
                 .note = "Browser."},
    [IP_ADDRESS] = {.name = "ip_address",
                    .type = SG_TEXT,
                    .length_max = IP_BYTES_MAX,
                    .origin = {BS_STREAM_WORK, 2,
                               "network of the bar's city; phones roam in a carrier's network there"},
                    .note = "Made-up IPv4 address whose first half tells the city."},
};

static const struct sg_foreign_key foreign_keys[] = {
    {"user_id", "users", "id", SG_CASCADE},
    {"account_id", "accounts", "id", SG_CASCADE},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "session_ids_dense", .a = "id"},
    {.kind = SG_RULE_LE, .name = "session_ends_after_start", .a = "session_start", .b = "session_end"},
    {.kind = SG_RULE_NEXT_GE,
     .name = "sessions_of_user_without_overlap",
     .a = "session_start",
     .b = "session_end",
     .via = "user_id"},
    {.kind = SG_RULE_PAST, .name = "session_in_past", .a = "session_end"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "session_not_before_user",
     .a = "session_start",
     .b = "created_at",
     .via = "user_id"},
    {.kind = SG_RULE_PARENT_LE,
     .name = "session_not_after_last_login",
     .a = "session_start",
     .b = "last_login_at",
     .via = "user_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "session_account_is_users",
     .a = "account_id",
     .b = "account_id",
     .via = "user_id"},
    {.kind = SG_RULE_RANGE,
     .name = "session_duration_range",
     .a = "duration_seconds",
     .low = 0,
     .high = BS_SESSION_MAX_S},
    {.kind = SG_RULE_RANGE, .name = "session_has_pages", .a = "page_views", .low = 1, .high = INT16_MAX},
    {.kind = SG_RULE_LE,
     .name = "session_actions_include_features",
     .a = "feature_events",
     .b = "actions_taken"},
};

static const struct sg_index indexes[] = {
    {.name = "user_sessions_user", .columns = "user_id"},
    {.name = "user_sessions_start", .columns = "session_start", .brin = true},
};

/* First octets of networks of US access providers, and of mobile carriers. */
static const uint8_t fixed_networks[] = {24,  47,  50,  63,  64,  65,  66,  67,  68,  69, 70,
                                         71,  72,  73,  74,  75,  76,  96,  97,  98,  99, 104,
                                         108, 173, 184, 199, 204, 206, 207, 209, 216, 12};
static const uint8_t carrier_networks[] = {166, 174, 107, 208};

static char *put_octet(char *out, uint32_t value) {
    if (value >= 100) *out++ = (char)('0' + value / 100);
    if (value >= 10) *out++ = (char)('0' + value / 10 % 10);
    *out++ = (char)('0' + value % 10);
    return out;
}

/* Writes the address of a session: the bar's line, or a phone on a carrier's network in the same city. */
static size_t put_address(const struct bs_account *account, const struct bs_session *s, uint32_t word,
                          char *out) {
    const struct bs_location *home = &account->locations[s->user % account->location_count];
    if (home->created > s->start) home = &account->locations[0];
    uint32_t city = home->city,
             host = s->device == BS_MOBILE
                        ? word
                        : sg_mix32((uint32_t)account->number * 5 + s->user % account->location_count);
    uint32_t network = s->device == BS_MOBILE ? carrier_networks[city % sizeof carrier_networks]
                                              : fixed_networks[city % sizeof fixed_networks];
    char *end = put_octet(out, network);
    *end++ = '.';
    end = put_octet(end, (city * 37 + city / sizeof fixed_networks) & 255);
    *end++ = '.';
    end = put_octet(end, host >> 24);
    *end++ = '.';
    end = put_octet(end, 1 + ((host >> 8 & 0xFFFF) * 254 >> 16));
    return (size_t)(end - out);
}

static void fill_row(struct sg_emitter *e, const struct bs_walk *walk, uint64_t j) {
    const struct bs_session *s = &walk->sessions[j];
    uint32_t extra = sg_below(bs_walk_word(walk, 1, j), 2 * s->pages + 1);
    SG_CELL(e, int64_t, ID) = (int64_t)(walk->session_first + j) + 1;
    SG_CELL(e, int64_t, SESSION_START) = s->start;
    SG_CELL(e, int64_t, SESSION_END) = s->start + s->duration;
    SG_CELL(e, int32_t, USER_ID) = (int32_t)(walk->account.user_first + s->user) + 1;
    SG_CELL(e, int32_t, ACCOUNT_ID) = (int32_t)walk->account.number + 1;
    SG_CELL(e, int16_t, DURATION) = (int16_t)s->duration;
    SG_CELL(e, int16_t, PAGE_VIEWS) = (int16_t)s->pages;
    SG_CELL(e, int16_t, FEATURE_EVENTS) = (int16_t)s->features;
    SG_CELL(e, int32_t, ACTIONS_TAKEN) = (int32_t)(s->features + s->pages - 1 + extra);
    SG_CELL(e, uint16_t, DEVICE_TYPE) = s->device;
    SG_CELL(e, uint16_t, BROWSER) = s->browser;
    char address[IP_BYTES_MAX + 1];
    sg_set_text(e, IP_ADDRESS, address, put_address(&walk->account, s, bs_walk_word(walk, 2, j), address));
}

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return bs_usage_rows_before(world, unit).sessions;
}

static enum sg_code fill_account(const struct bs_walk *walk, struct sg_emitter *e, struct sg_error *err) {
    for (uint64_t j = 0; j < walk->session_count; j++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        fill_row(e, walk, j);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    return bs_walk_accounts(world, unit_first, unit_end, fill_account, e, err);
}

const struct bs_table_logic bs_table_user_sessions = {
    .declaration = {.name = "user_sessions",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = COLUMN_COUNT,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 112,
                    .text_bytes_max = IP_BYTES_MAX,
                    .note = "Sessions of users in the application; every user has at least one."},
    .rows_before = rows_before,
    .generate = generate,
};
