select
    id as payment_intent_id,
    customer as customer_id,
    invoice as invoice_id,
    metadata ->> 'account_id' as account_id,
    status,
    amount as intended_cents,
    amount_received as received_cents,
    last_payment_error ->> 'code' as last_error_code,
    canceled_at,
    created as created_at
from {{ source('raw', 'stripe_payment_intents') }}
