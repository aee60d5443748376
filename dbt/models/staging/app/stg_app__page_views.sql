select
    page_view_id,
    session_id,
    user_id,
    customer_id as account_id,
    page_url,
    page_title,
    "timestamp" as viewed_at,
    time_on_page_seconds as time_on_page_s,
    referrer_url
from {{ source('raw', 'app_database_page_views') }}
