select
    id as subscription_item_id,
    subscription as subscription_id,
    price ->> 'id' as price_id,
    quantity,
    (price ->> 'unit_amount')::integer as unit_cents,
    quantity * (price ->> 'unit_amount')::integer as period_cents,
    price -> 'recurring' ->> 'interval' as billing_interval,
    created as created_at
from {{ source('raw', 'stripe_subscription_items') }}
