select
    date as visited_on,
    sessions,
    users,
    new_users,
    page_views,
    bounce_rate,
    avg_session_duration as average_duration_s,
    goal_completions,
    goal_conversion_rate
from {{ source('raw', 'google_analytics_sessions') }}
