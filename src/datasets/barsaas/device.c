/* A device of an account: where it stands, since when, and how it is now. */
#include "datasets/barsaas/core.h"

#include "base/calendar.h"

enum {
    EXPANSION_PERCENT = 22,
    ROLLOUT_DAYS = 60,
    HEARTBEAT_S = 300,
    MAINTENANCE_DAYS = 5,
    OPENS = 7,
    HOURS = 10
};

/* Most devices come within weeks of their location, the others while it lives. */
static int64_t installed_at(const struct bs_account *account, const struct bs_location *location,
                            const struct sg_block *w) {
    int64_t life = account->end - location->created;
    int64_t rollout = (int64_t)ROLLOUT_DAYS * SG_DAY_S;
    bool expansion = sg_below(w->w[1], 100) < EXPANSION_PERCENT;
    int64_t room = expansion || life / 2 < rollout ? life / 2 : rollout;
    if (expansion) return location->created + (int64_t)((uint64_t)(life * 9 / 10) * w->w[0] >> 32);
    uint64_t part = (uint64_t)w->w[0] * w->w[0] >> 32;
    return location->created + (int64_t)((uint64_t)room * part >> 32);
}

/* Six hours to four months back, evenly on a logarithmic scale; integer octaves with linear steps inside. */
static int64_t outage_s(uint32_t word) {
    uint64_t scaled = (uint64_t)word * 9 >> 16; /* Q16.16 in [0, 9) */
    uint64_t octave = scaled >> 16, part = scaled & 0xFFFF;
    return (int64_t)(6 * SG_HOUR_S * ((65536 + part) << octave) >> 16);
}

/* Volume: size of the account, and the device's own place at the bar (0.4 .. 2.5 times, log-uniform). */
static uint32_t volume(const struct bs_account *account, uint32_t word) {
    uint64_t own = ((uint64_t)word * 5 >> 17) + 26214; /* 0.4 + up to 2.5, linear */
    own = own * own >> 16;
    uint64_t size = 32768 + account->size_q16;
    uint64_t value = own * size >> 17;
    return value ? (uint32_t)value : 1;
}

void bs_device_get(const struct sg_world *world, const struct bs_account *account, unsigned k,
                   struct bs_device *device) {
    const struct bs_core *core = world->core;
    unsigned at = 0, left = k;
    while (left >= account->locations[at].devices)
        left -= account->locations[at++].devices;
    device->number = account->device_first + k;
    device->location = (uint8_t)at;
    struct sg_block w = sg_draw(&core->devices, device->number, BS_STREAM_STATE, 0);
    const struct bs_location *location = &account->locations[at];
    device->installed = bs_office_hours(location->zone, installed_at(account, location, &w), OPENS, HOURS,
                                        true, location->created, account->end - 1);
    device->end = account->end;
    device->offline_since = account->end;
    device->last_seen = account->end;
    device->volume_q16 = volume(account, w.w[3]);
    device->active = !account->lost;
    device->status = BS_OFFLINE;
    if (account->lost) return;
    uint64_t slot = sg_permute(&core->status, account->living_device_first + k);
    device->status = (uint8_t)sg_quota_class(slot, core->statuses, BS_DEVICE_STATUS_COUNT);
    int64_t age = device->end - device->installed, silent = (int64_t)sg_below(w.w[2], HEARTBEAT_S);
    if (device->status == BS_OFFLINE) silent = outage_s(w.w[2]);
    if (device->status == BS_MAINTENANCE) silent = sg_below(w.w[2], MAINTENANCE_DAYS * SG_DAY_S);
    if (silent > age) silent = age / 2;
    device->last_seen = device->end - silent;
    if (device->status != BS_ONLINE) device->offline_since = device->last_seen;
}
