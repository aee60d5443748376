-- Paying accounts at the start of each of the last five years up to the as-of day, and those lost in it. A failed trial is
-- not churn.
with payers as (
    select account_id, min(started_on) as paying_from, max(ended_on) filter (where status = 'churned') as lost_on
    from {{ ref('int_subscription_periods') }}
    where is_paying
    group by account_id
),

years as (
    select
        back as years_back,
        ({{ as_of() }} - make_interval(years => back))::date as year_from,
        ({{ as_of() }} - make_interval(years => back - 1))::date as year_to
    from generate_series(1, 5) back
)

select
    years_back,
    year_from,
    year_to,
    count(account_id) as accounts_start,
    count(account_id) filter (where lost_on < year_to) as accounts_lost,
    round(count(account_id) filter (where lost_on < year_to) / nullif(count(account_id), 0)::numeric, 4) as churn_rate
from years
left join payers on paying_from < year_from and (lost_on is null or lost_on >= year_from)
group by years_back, year_from, year_to
