-- Subscription rows of an account one after the other, with the day each truly ended: the raw layer shows an end only for
-- lost accounts, the next row tells it for the others. Trials are Stripe's.
{{ config(materialized='ephemeral') }}

select
    s.subscription_id,
    s.account_id,
    s.plan_name,
    s.billing_cycle,
    s.status,
    s.mrr,
    s.started_on,
    coalesce(s.ended_on, lead(s.started_on) over (partition by s.account_id order by s.started_on)) as ended_on,
    not p.is_trial and s.status in ('active', 'superseded', 'churned') as is_paying
from {{ ref('stg_app__subscriptions') }} s
join {{ ref('stg_stripe__subscriptions') }} p using (subscription_id)
