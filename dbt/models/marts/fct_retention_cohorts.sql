-- Accounts by the month of their first payment, and how many of them, with how much MRR, still pay k months later.
with payers as (
    select
        account_id,
        date_trunc('month', min(started_on))::date as cohort_month,
        max(ended_on) filter (where status = 'churned') as lost_on
    from {{ ref('int_subscription_periods') }}
    where is_paying
    group by account_id
),

observed as (
    select
        payers.account_id,
        payers.cohort_month,
        k as months_since,
        -- the last day of the month, the as-of day for the month that still runs
        least((payers.cohort_month + make_interval(months => k + 1))::date - 1, {{ as_of() }}) as seen_on,
        payers.lost_on
    from payers
    cross join lateral generate_series(
        0, ((extract(year from {{ as_of() }}) - extract(year from payers.cohort_month)) * 12
            + extract(month from {{ as_of() }}) - extract(month from payers.cohort_month))::integer) k
),

seen as (
    select
        observed.*,
        lost_on is null or lost_on > seen_on as is_retained,
        (select p.mrr from {{ ref('int_subscription_periods') }} p
         where p.account_id = observed.account_id and p.is_paying and p.started_on <= observed.seen_on
         order by p.started_on desc limit 1) as mrr
    from observed
)

select
    cohort_month || '+' || months_since as cohort_id,
    cohort_month,
    months_since,
    count(*) as accounts,
    count(*) filter (where is_retained) as accounts_retained,
    round(count(*) filter (where is_retained) / count(*)::numeric, 4) as retention,
    coalesce(sum(mrr) filter (where is_retained), 0) as mrr_retained
from seen
group by cohort_month, months_since
