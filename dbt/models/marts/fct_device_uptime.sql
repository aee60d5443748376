-- Uptime of every device and ISO week of the last 365 days: the share of the week that does not lie more than 24 hours after
-- the event before (the week's own edges included). A device is observed from its installation to the end of the day on which
-- its account is lost: the raw layer tells no hour of it.
with lives as (
    select
        d.device_id,
        d.account_id,
        d.model,
        d.status,
        greatest(d.installed_at, {{ as_of() }} - interval '365 days') as observed_from,
        least(coalesce(s.ended_on + 1, {{ as_of() }}), {{ as_of() }})::timestamp as observed_to
    from {{ ref('stg_app__devices') }} d
    left join (select account_id, max(ended_on) as ended_on
               from {{ ref('stg_app__subscriptions') }}
               where ended_on is not null group by account_id) s using (account_id)
),

weeks as (
    select
        lives.*,
        week::date as week_start,
        greatest(week, observed_from) as week_from,
        least(week + interval '7 days', observed_to) as week_to
    from lives
    cross join lateral generate_series(date_trunc('week', observed_from), observed_to - interval '1 second', interval '7 days') week
    where observed_from < observed_to
),

events as (
    select
        device_id,
        date_trunc('week', tapped_at)::date as week_start,
        tapped_at,
        event_type,
        lag(tapped_at) over of_week as tapped_before,
        row_number() over (partition by device_id, date_trunc('week', tapped_at) order by tapped_at desc) = 1 as is_last
    from {{ ref('stg_app__tap_events') }}
    window of_week as (partition by device_id, date_trunc('week', tapped_at) order by tapped_at)
),

silences as (
    select
        weeks.device_id,
        weeks.week_start,
        count(events.tapped_at) as events,
        count(events.tapped_at) filter (where events.event_type = 'error') as errors,
        case
            when count(events.tapped_at) = 0
                then greatest(extract(epoch from min(weeks.week_to) - min(weeks.week_from)) - 86400, 0)
            else coalesce(sum(greatest(extract(epoch from events.tapped_at
                                               - coalesce(events.tapped_before, weeks.week_from)) - 86400, 0)), 0)
                + greatest(extract(epoch from min(weeks.week_to) - max(events.tapped_at)) - 86400, 0)
        end as silent_s
    from weeks
    left join events on events.device_id = weeks.device_id and events.week_start = weeks.week_start
    group by weeks.device_id, weeks.week_start
)

select
    weeks.device_id || '-' || weeks.week_start as device_week_id,
    weeks.device_id,
    weeks.account_id,
    weeks.model,
    weeks.status,
    weeks.week_start,
    silences.events,
    silences.errors,
    extract(epoch from weeks.week_to - weeks.week_from)::integer as observed_s,
    least(silences.silent_s, extract(epoch from weeks.week_to - weeks.week_from))::integer as silent_s,
    round(1 - least(silences.silent_s, extract(epoch from weeks.week_to - weeks.week_from))
              / extract(epoch from weeks.week_to - weeks.week_from), 4) as uptime
from weeks
join silences on silences.device_id = weeks.device_id and silences.week_start = weeks.week_start
