select
    session_id,
    user_id,
    customer_id as account_id,
    start_time as started_at,
    end_time as ended_at,
    duration_seconds as duration_s,
    page_views,
    actions_taken,
    device_type,
    browser
from {{ source('raw', 'app_database_user_sessions') }}
