select
    usage_id,
    user_id,
    customer_id as account_id,
    feature_name,
    usage_count,
    "timestamp" as used_at
from {{ source('raw', 'app_database_feature_usage') }}
