select
    id as charge_id,
    customer as customer_id,
    invoice as invoice_id,
    payment_intent as payment_intent_id,
    metadata ->> 'account_id' as account_id,
    status,
    amount as charged_cents,
    amount_refunded as refunded_cents,
    currency,
    payment_method_details ->> 'type' as payment_method_type,
    payment_method_details -> 'card' ->> 'brand' as card_brand,
    outcome ->> 'risk_level' as risk_level,
    (outcome ->> 'risk_score')::integer as risk_score,
    failure_code,
    created as created_at
from {{ source('raw', 'stripe_charges') }}
