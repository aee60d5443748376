select
    id as invoice_id,
    number as invoice_number,
    customer as customer_id,
    subscription as subscription_id,
    payment_intent as payment_intent_id,
    status,
    billing_reason,
    amount_due as due_cents,
    amount_paid as paid_cents,
    amount_remaining as remaining_cents,
    currency,
    attempt_count,
    period_start,
    period_end,
    due_date as due_at,
    created as created_at
from {{ source('raw', 'stripe_invoices') }}
