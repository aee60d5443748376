select
    id as subscription_id,
    customer_id as account_id,
    plan_name,
    status,
    billing_cycle,
    monthly_amount as mrr,
    monthly_price as cycle_price,
    start_date as started_on,
    end_date as ended_on,
    current_term_start as term_started_on,
    created_at,
    updated_at
from {{ source('raw', 'app_database_subscriptions') }}
