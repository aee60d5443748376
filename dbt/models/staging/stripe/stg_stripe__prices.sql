select
    id as price_id,
    nickname,
    unit_amount as unit_cents,
    currency,
    recurring_interval as billing_interval,
    active as is_active,
    created as created_at
from {{ source('raw', 'stripe_prices') }}
