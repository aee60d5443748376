select
    id as customer_id,
    metadata ->> 'account_id' as account_id,
    email,
    name as customer_name,
    currency,
    delinquent as is_delinquent,
    invoice_prefix,
    created as created_at
from {{ source('raw', 'stripe_customers') }}
