select
    id as touchpoint_id,
    mql_id as lead_id,
    touchpoint_date as touched_at,
    channel,
    medium,
    source,
    content,
    campaign_id,
    attribution_weight as credit,
    touchpoint_position as position
from {{ source('raw', 'attribution_touchpoints') }}
