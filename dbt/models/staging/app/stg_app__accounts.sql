select
    id as account_id,
    name as account_name,
    email as billing_email,
    industry,
    status,
    location_count,
    employee_count,
    annual_revenue,
    website,
    created_at,
    updated_at
from {{ source('raw', 'app_database_accounts') }}
