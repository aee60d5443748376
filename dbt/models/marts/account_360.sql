-- One row an account: who they are, what they pay, what they use, how they are served.
with current_subscription as (
    select distinct on (account_id) account_id, plan_name, billing_cycle, status as subscription_status, mrr, ended_on
    from {{ ref('int_subscription_periods') }}
    order by account_id, started_on desc
),

locations as (
    select account_id, count(*) as locations from {{ ref('stg_app__locations') }} group by 1
),

users as (
    select account_id, count(*) as users, count(*) filter (where last_login_at >= {{ as_of() }} - 30) as users_30_days
    from {{ ref('stg_app__users') }} group by 1
),

devices as (
    select
        account_id,
        count(*) as devices,
        count(*) filter (where is_online) as devices_online
    from {{ ref('stg_app__devices') }} group by 1
),

uptime as (
    select account_id, sum(events) as taps, round(1 - sum(silent_s) / sum(observed_s)::numeric, 4) as uptime
    from {{ ref('fct_device_uptime') }} group by 1
),

sessions as (
    select account_id, count(*) as sessions, max(started_at) as last_session_at
    from {{ ref('stg_app__user_sessions') }} group by 1
),

billing as (
    select
        c.account_id,
        sum(i.due_cents) as invoiced_cents,
        sum(i.paid_cents) as paid_cents,
        coalesce(sum(i.remaining_cents) filter (where i.status = 'open'), 0) as outstanding_cents
    from {{ ref('stg_stripe__invoices') }} i
    join {{ ref('stg_stripe__customers') }} c using (customer_id)
    group by 1
)

select
    a.account_id,
    a.account_name,
    a.industry,
    a.status,
    a.status <> 'churned' as is_active,
    a.created_at,
    s.plan_name,
    s.billing_cycle,
    s.subscription_status,
    s.mrr,
    s.ended_on as lost_on,
    a.employee_count,
    coalesce(l.locations, 0) as locations,
    coalesce(u.users, 0) as users,
    coalesce(u.users_30_days, 0) as users_30_days,
    coalesce(d.devices, 0) as devices,
    coalesce(d.devices_online, 0) as devices_online,
    coalesce(t.taps, 0) as taps_365_days,
    t.uptime,
    coalesce(e.sessions, 0) as sessions,
    e.last_session_at,
    coalesce(b.invoiced_cents, 0) as invoiced_cents,
    coalesce(b.paid_cents, 0) as paid_cents,
    coalesce(b.outstanding_cents, 0) as outstanding_cents
from {{ ref('stg_app__accounts') }} a
left join current_subscription s using (account_id)
left join locations l using (account_id)
left join users u using (account_id)
left join devices d using (account_id)
left join uptime t using (account_id)
left join sessions e using (account_id)
left join billing b using (account_id)
