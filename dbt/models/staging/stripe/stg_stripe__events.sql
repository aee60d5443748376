select
    id as event_id,
    type as event_type,
    data -> 'object' ->> 'id' as object_id,
    data -> 'object' ->> 'object' as object_type,
    request ->> 'id' as request_id,
    created as created_at
from {{ source('raw', 'stripe_events') }}
