-- Every change of monthly recurring revenue: their sum up to a day is the MRR of that day. Trials pay nothing.
with paying as (
    select
        *,
        lag(mrr) over (partition by account_id order by started_on) as mrr_before
    from {{ ref('int_subscription_periods') }}
    where is_paying
),

movements as (
    select
        account_id, subscription_id, plan_name, started_on as moved_on,
        case when mrr_before is null then 'new' when mrr > mrr_before then 'expansion' else 'contraction' end as movement,
        mrr - coalesce(mrr_before, 0) as mrr_change
    from paying
    where mrr is distinct from mrr_before

    union all

    select account_id, subscription_id, plan_name, ended_on, 'churn', -mrr
    from paying
    where status = 'churned'
)

select
    subscription_id || '-' || movement as movement_id,
    account_id,
    subscription_id,
    plan_name,
    movement,
    moved_on,
    date_trunc('month', moved_on)::date as month,
    mrr_change
from movements
