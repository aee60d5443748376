-- Deals with their outcome; the win rate is won over won and lost.
select
    deal_id,
    company_id,
    contact_id,
    owner_id,
    deal_type,
    stage,
    case stage when 'closedwon' then 'won' when 'closedlost' then 'lost' else 'open' end as outcome,
    amount,
    amount * stage_probability as amount_expected,
    created_at,
    coalesce(closedwon_at, closedlost_at) as closed_at,
    round((extract(epoch from coalesce(closedwon_at, closedlost_at) - created_at) / 86400)::numeric, 1) as days_to_close
from {{ ref('stg_hubspot__deals') }}
