-- The MRR bridge: what a month began with, what came and went, what it ended with; accounts likewise.
with movements as (
    select
        month,
        coalesce(sum(mrr_change) filter (where movement = 'new'), 0) as mrr_new,
        coalesce(sum(mrr_change) filter (where movement = 'expansion'), 0) as mrr_expansion,
        coalesce(sum(mrr_change) filter (where movement = 'contraction'), 0) as mrr_contraction,
        coalesce(sum(mrr_change) filter (where movement = 'churn'), 0) as mrr_churn,
        count(*) filter (where movement = 'new') as accounts_new,
        count(*) filter (where movement = 'churn') as accounts_lost
    from {{ ref('fct_mrr_movements') }}
    group by month
),

months as (
    select m.month::date as month
    from generate_series((select min(month) from movements), date_trunc('month', {{ as_of() }}), interval '1 month') m (month)
),

running as (
    select
        months.month,
        coalesce(mrr_new, 0) as mrr_new,
        coalesce(mrr_expansion, 0) as mrr_expansion,
        coalesce(mrr_contraction, 0) as mrr_contraction,
        coalesce(mrr_churn, 0) as mrr_churn,
        coalesce(accounts_new, 0) as accounts_new,
        coalesce(accounts_lost, 0) as accounts_lost,
        sum(coalesce(mrr_new + mrr_expansion + mrr_contraction + mrr_churn, 0)) over up_to_here as mrr_end,
        sum(coalesce(accounts_new - accounts_lost, 0)) over up_to_here as accounts_end
    from months
    left join movements on movements.month = months.month
    window up_to_here as (order by months.month)
)

select
    month,
    mrr_end - mrr_new - mrr_expansion - mrr_contraction - mrr_churn as mrr_start,
    mrr_new,
    mrr_expansion,
    mrr_contraction,
    mrr_churn,
    mrr_end,
    accounts_end - accounts_new + accounts_lost as accounts_start,
    accounts_new,
    accounts_lost,
    accounts_end,
    round(accounts_lost / nullif(accounts_end - accounts_new + accounts_lost, 0), 4) as account_churn_rate,
    round(-(mrr_contraction + mrr_churn)
          / nullif(mrr_end - mrr_new - mrr_expansion - mrr_contraction - mrr_churn, 0), 4) as mrr_churn_rate
from running
