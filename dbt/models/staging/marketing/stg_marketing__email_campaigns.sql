select
    id as campaign_id,
    'iterable' as platform,
    name as campaign_name,
    status,
    campaign_type,
    start_at::date as started_on,
    ended_at::date as ends_on,
    send_size,
    labels,
    created_at_source as created_at,
    updated_at_source as updated_at
from {{ source('raw', 'iterable_campaigns') }}
