select
    id as subscription_id,
    customer as customer_id,
    metadata ->> 'account_id' as account_id,
    status,
    start_date as started_at,
    ended_at,
    canceled_at,
    cancel_at_period_end,
    current_period_start,
    current_period_end,
    trial_start,
    trial_end,
    trial_start is not null as is_trial,
    latest_invoice as latest_invoice_id,
    created as created_at
from {{ source('raw', 'stripe_subscriptions') }}
