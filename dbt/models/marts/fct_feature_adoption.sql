-- Who uses which feature in which month, of the accounts that used the application at all, and how many ever did.
with monthly as (
    select
        feature_name,
        date_trunc('month', used_at)::date as month,
        count(*) as events,
        sum(usage_count) as uses,
        count(distinct user_id) as users,
        count(distinct account_id) as accounts
    from {{ ref('stg_app__feature_usage') }}
    group by 1, 2
),

active as (
    select date_trunc('month', started_at)::date as month, count(distinct account_id) as accounts
    from {{ ref('stg_app__user_sessions') }}
    group by 1
),

firsts as (
    select feature_name, account_id, date_trunc('month', min(used_at))::date as month
    from {{ ref('stg_app__feature_usage') }}
    group by 1, 2
),

adopters as (
    select feature_name, month, count(*) as accounts from firsts group by 1, 2
)

select
    monthly.feature_name || '-' || monthly.month as adoption_id,
    monthly.feature_name,
    monthly.month,
    monthly.events,
    monthly.uses,
    monthly.users,
    monthly.accounts,
    active.accounts as active_accounts,
    round(monthly.accounts / active.accounts::numeric, 4) as adoption,
    coalesce(adopters.accounts, 0) as accounts_adopting,
    sum(coalesce(adopters.accounts, 0)) over (partition by monthly.feature_name order by monthly.month) as accounts_ever
from monthly
join active using (month)
left join adopters using (feature_name, month)
