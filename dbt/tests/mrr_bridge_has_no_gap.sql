-- Each month begins with the MRR and the accounts that the month before ended with.
select *
from (select month, mrr_start, lag(mrr_end, 1, 0::numeric) over (order by month) as mrr_before,
             accounts_start, lag(accounts_end, 1, 0::numeric) over (order by month) as accounts_before
      from {{ ref('fct_mrr_monthly') }}) bridge
where mrr_start <> mrr_before or accounts_start <> accounts_before
