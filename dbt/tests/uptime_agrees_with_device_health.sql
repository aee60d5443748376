-- For accounts that live, uptime recomputed here from tap events is the data set's own, week by week.
select u.device_id, u.week_start, u.uptime, h.uptime as uptime_of_health, u.events, h.event_count
from {{ ref('fct_device_uptime') }} u
join {{ ref('account_360') }} a using (account_id)
join {{ source('barsaas', 'device_health') }} h on h.device_id = u.device_id::integer and h.week_start = u.week_start
where a.is_active and (u.uptime <> h.uptime or u.events <> h.event_count)
