-- The credit of the touches of a lead sums to exactly 1.
select lead_id, sum(credit) as credit
from {{ ref('stg_marketing__touchpoints') }}
group by lead_id
having sum(credit) <> 1
