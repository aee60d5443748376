select
    id as user_id,
    customer_id as account_id,
    first_name,
    last_name,
    email,
    role,
    is_active,
    last_login_at,
    created_at,
    updated_at
from {{ source('raw', 'app_database_users') }}
