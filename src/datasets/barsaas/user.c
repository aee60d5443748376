/* A user of an account: role by quota, hired with the account or while it lives, some gone again. */
#include "datasets/barsaas/core.h"

#include "base/calendar.h"

enum { LEAVER_PERCENT = 9, EARLY_PERCENT = 55, EARLY_DAYS = 30, IDLE_DAYS_MAX = 60 };
enum { HIRE_OPENS = 8, HIRE_HOURS = 11, LOGIN_OPENS = 7, LOGIN_HOURS = 16 };

static uint8_t role_of(const struct sg_world *world, const struct bs_account *account, unsigned k) {
    const struct bs_core *core = world->core;
    if (k < account->admin_count) return BS_ADMIN;
    uint64_t at = sg_permute(&core->role, account->member_first + k - account->admin_count);
    return at < core->roles[BS_MANAGER] ? BS_MANAGER : BS_STAFF;
}

static int64_t joined(const struct bs_account *account, unsigned k, const struct sg_block *w) {
    int64_t life = account->end - account->created;
    if (k == 0) return account->created + (int64_t)sg_below(w->w[0], SG_HOUR_S);
    int64_t early = (int64_t)EARLY_DAYS * SG_DAY_S;
    int64_t room = life * 9 / 10;
    if (sg_below(w->w[1], 100) < EARLY_PERCENT && room > early) room = early;
    int64_t at = account->created + (int64_t)((uint64_t)room * w->w[0] >> 32);
    return bs_office_hours(account->locations[0].zone, at, HIRE_OPENS, HIRE_HOURS, true, account->created,
                           account->end - 1);
}

/* Log-in rhythm: role x engagement x person, 65536 = an engaged manager. */
static uint32_t rhythm(const struct bs_account *account, uint8_t role, uint32_t word) {
    static const uint32_t by_role[BS_ROLE_COUNT] = {86000, 65536, 20000};
    uint64_t engaged = 16384 + (uint64_t)account->engagement_q16 * 5 / 4;
    uint64_t person = 32768 + (word >> 16);
    return (uint32_t)((by_role[role] * engaged >> 16) * person >> 16) + 1;
}

/* Time since the last login when activity ends: the rarer the log-ins, the longer. */
static int64_t idle(const struct bs_user *user, uint32_t word) {
    uint64_t mean = (uint64_t)SG_DAY_S * 65536 / user->activity_q16;
    uint64_t seconds = mean * (uint64_t)sg_exponential(word) >> 16;
    uint64_t most = (uint64_t)IDLE_DAYS_MAX * SG_DAY_S, life = (uint64_t)(user->end - user->created);
    if (seconds > most) seconds = most;
    return (int64_t)(seconds < life ? seconds : life / 2);
}

void bs_user_get(const struct sg_world *world, const struct bs_account *account, unsigned k,
                 struct bs_user *user) {
    const struct bs_core *core = world->core;
    user->number = account->user_first + k;
    struct sg_block w = sg_draw(&core->users, user->number, BS_STREAM_PERSON, 0);
    struct sg_block login = sg_draw(&core->users, user->number, BS_STREAM_LOGIN, 0);
    user->role = role_of(world, account, k);
    user->created = joined(account, k, &w);
    user->end = account->end;
    bool left = k > 0 && sg_below(login.w[0], 100) < LEAVER_PERCENT;
    if (left) {
        uint64_t life = (uint64_t)(account->end - user->created);
        user->end = user->created + (int64_t)(life / 5 + ((life * 3 / 5) * (uint64_t)login.w[1] >> 32));
    }
    user->active = !left && !account->lost;
    user->activity_q16 = rhythm(account, user->role, login.w[2]);
    user->last_login = bs_office_hours(account->locations[0].zone, user->end - idle(user, login.w[3]),
                                       LOGIN_OPENS, LOGIN_HOURS, false, user->created, user->end);
}
