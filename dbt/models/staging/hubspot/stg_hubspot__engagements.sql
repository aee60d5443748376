select
    id as engagement_id,
    engagement ->> 'type' as engagement_type,
    associations -> 'companyIds' ->> 0 as company_id,
    associations -> 'contactIds' ->> 0 as contact_id,
    associations -> 'dealIds' ->> 0 as deal_id,
    engagement ->> 'ownerId' as owner_id,
    (metadata ->> 'durationMilliseconds')::numeric / 1000 as duration_s,
    createdat as created_at,
    updatedat as updated_at
from {{ source('raw', 'hubspot_engagements') }}
